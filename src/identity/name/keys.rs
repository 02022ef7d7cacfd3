//! Blocking keys: what two names must have in common to be compared at all.
//!
//! A look-up by key stands in for walking a list. A pair that shares no key is not compared, so keys are wider than rules: every
//! distinctive word, its first and last letters, its consonants, and the whole name without spaces.

use std::collections::BTreeSet;

use super::words::{Word, is_distinctive};
use super::{NormalName, variants};

/// Most keys of one text; real names have under twenty, and the store keeps a row for each.
const MAX_KEYS: usize = 48;
/// Shortest word that is a key.
const MIN_WORD: usize = 3;
/// Shortest word that has keys by parts of it; shorter ones may not differ.
const MIN_PARTS: usize = 6;
/// Letters of such a part.
const PART: usize = 4;

/// The blocking keys of every name that `text` gives, in a fixed order.
pub fn keys(text: &str) -> Vec<String> {
    let mut keys = BTreeSet::new();
    for variant in variants(text) {
        of_name(&variant.name, &mut keys);
    }
    keys.into_iter().take(MAX_KEYS).collect()
}

/// The blocking keys of one name.
pub fn keys_of(name: &NormalName) -> Vec<String> {
    let mut keys = BTreeSet::new();
    of_name(name, &mut keys);
    keys.into_iter().take(MAX_KEYS).collect()
}

fn of_name(name: &NormalName, keys: &mut BTreeSet<String>) {
    keys.insert(format!("={}", name.joined));
    if name.reads_as != name.joined {
        keys.insert(format!("={}", name.reads_as));
    }
    for Word { text, .. } in name.content.iter().filter(|word| word.is_distinctive) {
        if text.chars().count() >= MIN_WORD {
            keys.insert(format!("w{text}"));
            parts(text, keys);
        }
    }
    // Spaces may be elsewhere. Names that begin or end with a word of the language would all share that key.
    let ends = (name.words.first(), name.words.last());
    if let (Some(first), Some(last)) = ends
        && is_distinctive(first)
        && is_distinctive(last)
    {
        parts(&name.joined, keys);
    }
}

fn parts(word: &str, keys: &mut BTreeSet<String>) {
    let length = word.chars().count();
    if length < MIN_PARTS {
        return;
    }
    let head: String = word.chars().take(PART).collect();
    let tail: String = word.chars().skip(length.saturating_sub(PART)).collect();
    keys.insert(format!("h{head}"));
    keys.insert(format!("t{tail}"));
}
