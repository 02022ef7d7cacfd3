//! Blocking keys: what two names must have in common to be compared at all.
//!
//! A look-up by key stands in for walking a list. A pair that shares no key is not compared, so keys are wider than rules: every
//! distinctive word, its first and last letters, its consonants, and the whole name without spaces. Parts of words are kept with the length of
//! the word, and looked up with every length that a rule lets it differ by: a beginning alone would be that of half a list.

use std::collections::BTreeSet;

use super::resemble::edits_of_word;
use super::words::{Word, is_distinctive};
use super::{NormalName, variants};

/// Most keys of one text; real names have under twenty, and the store keeps a row for each.
const MAX_KEYS: usize = 48;
/// Most keys that one text is looked up by; real names have under a hundred.
const MAX_WANTED: usize = 192;
/// Shortest word that is a key.
const MIN_WORD: usize = 3;
/// Shortest word that has keys by parts of it; shorter ones may not differ.
const MIN_PARTS: usize = 5;
/// Letters of such a part.
const PART: usize = 4;

/// The blocking keys that an entry called `text` is kept under, in a fixed order.
pub fn keys(text: &str) -> Vec<String> {
    let names = variants(text);
    collect(names.iter().map(|v| &v.name), false, MAX_KEYS)
}

/// The keys that a party called `text` is looked up by.
pub fn wanted(text: &str) -> Vec<String> {
    let names = variants(text);
    collect(names.iter().map(|v| &v.name), true, MAX_WANTED)
}

/// The blocking keys that an entry of this name is kept under.
pub fn keys_of(name: &NormalName) -> Vec<String> {
    collect(std::iter::once(name), false, MAX_KEYS)
}

/// The keys that a party of this name is looked up by.
pub fn wanted_of(name: &NormalName) -> Vec<String> {
    collect(std::iter::once(name), true, MAX_WANTED)
}

fn collect<'n>(
    names: impl Iterator<Item = &'n NormalName>,
    around: bool,
    most: usize,
) -> Vec<String> {
    let mut keys = BTreeSet::new();
    for name in names {
        of_name(name, around, &mut keys);
    }
    // Where there are too many the whole name and whole words say most, and are kept before parts of words.
    let mut keys: Vec<String> = keys.into_iter().collect();
    keys.sort_by_key(|key| class(key));
    keys.truncate(most);
    keys
}

fn class(key: &str) -> u8 {
    match key.chars().next() {
        Some('=') => 0,
        Some('w') => 1,
        _ => 2,
    }
}

fn of_name(name: &NormalName, around: bool, keys: &mut BTreeSet<String>) {
    keys.insert(format!("={}", name.joined));
    if name.reads_as != name.joined {
        keys.insert(format!("={}", name.reads_as));
    }
    for Word { text, .. } in name.content.iter().filter(|word| word.is_distinctive) {
        if text.chars().count() >= MIN_WORD {
            keys.insert(format!("w{text}"));
            parts(text, around, keys);
        }
    }
    // Spaces may be elsewhere. Names that begin or end with a word of the language would all share that key.
    let ends = (name.words.first(), name.words.last());
    if let (Some(first), Some(last)) = ends
        && is_distinctive(first)
        && is_distinctive(last)
    {
        parts(&name.joined, around, keys);
    }
}

/// The beginning and the end of a word under its length; `around` it too, as far as a rule lets two words differ.
fn parts(word: &str, around: bool, keys: &mut BTreeSet<String>) {
    let length = word.chars().count();
    if length < MIN_PARTS {
        return;
    }
    let head: String = word.chars().take(PART).collect();
    let tail: String = word.chars().skip(length.saturating_sub(PART)).collect();
    let mut keep = |length: usize| {
        keys.insert(format!("h{length} {head}"));
        keys.insert(format!("t{length} {tail}"));
    };
    if !around {
        keep(length);
        return;
    }
    for other in length.saturating_sub(2)..=length.saturating_add(2) {
        if other >= MIN_PARTS && length.abs_diff(other) <= edits_of_word(length.max(other)) {
            keep(other);
        }
    }
}
