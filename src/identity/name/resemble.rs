//! When two names that are not equal may still be of one house or one company: shared distinctive words, look-alike letters, a few edits.
//!
//! Nothing here says `same`. The rules are general and have no table of pairs: what a name adds to another is allowed on one side only,
//! because two names that each add a word are two parts of a house at best, and a list that names one does not name the other.

use std::collections::HashSet;

use super::NormalName;
use super::compare::{Comparison, Judged, Named, judge, shown};
use super::words::{Word, is_generic, is_number, is_place};
use crate::model::party::Tier;

/// Words that so many names of the list at hand have that sharing one says nothing.
#[derive(Debug, Clone, Default)]
pub struct Common(HashSet<String>);

/// A word is common where more than one name in this many has it, and at least [`COMMON_AT_LEAST`].
const COMMON_ONE_IN: usize = 500;
/// Names of one house repeat its word on a list: below this count a word is not common, however short the list.
const COMMON_AT_LEAST: usize = 60;

impl Common {
    /// From how many names each word has, of `names` in all.
    pub fn new<'a>(counts: impl Iterator<Item = (&'a str, usize)>, names: usize) -> Self {
        let limit = names
            .checked_div(COMMON_ONE_IN)
            .unwrap_or(0)
            .max(COMMON_AT_LEAST);
        Self(
            counts
                .filter(|(_, count)| *count > limit)
                .map(|(word, _)| word.to_owned())
                .collect(),
        )
    }

    /// Whether `word` is common.
    pub fn has(&self, word: &str) -> bool {
        self.0.contains(word)
    }
}

/// Compares by every rule: equal names first, then resemblance. `None` where nothing speaks for one house.
pub fn resemble(a: Named<'_>, b: Named<'_>, common: &Common) -> Option<Comparison> {
    shown(a, b, judge_all(a, b, common))
}

fn judge_all(a: Named<'_>, b: Named<'_>, common: &Common) -> Judged {
    if let Some(equal) = judge(a, b) {
        return Some(equal);
    }
    let (tier, rule) = reads_alike(a.name, b.name)
        .or_else(|| shares_words(a.name, b.name, common))
        .or_else(|| few_edits(a.name, b.name))?;
    if a.name.is_disguised != b.name.is_disguised {
        return Some((Tier::Review, rule));
    }
    Some((tier, rule))
}

/// Shortest text that look-alike letters are judged on.
const MIN_READ: usize = 4;

fn reads_alike(a: &NormalName, b: &NormalName) -> Judged {
    (a.reads_as == b.reads_as && a.reads_as.chars().count() >= MIN_READ)
        .then_some((Tier::Review, "same name by look-alike letters"))
}

/// Shortest word that two names may share.
const MIN_SHARED: usize = 4;
/// Shortest name that a longer one may have as a word, and then only a person can say.
const MIN_ALIAS: usize = 3;

fn shares_words(a: &NormalName, b: &NormalName, common: &Common) -> Judged {
    let (of_a, of_b) = (a.content.as_slice(), b.content.as_slice());
    let (more_a, more_b) = (added(of_a, of_b), added(of_b, of_a));
    if more_a && more_b {
        return None;
    }
    let telling = |word: &Word| word.is_distinctive && !common.has(&word.text);
    if a.numbers != b.numbers {
        // `Fund V` and `Fund VI` are two of a series; a number on one side only is another name.
        let series = a.numbers.len() == b.numbers.len() && of_a == of_b && of_a.iter().any(telling);
        return series.then_some((Tier::Review, "same name, other number of a series"));
    }
    let shared = of_a
        .iter()
        .filter(|word| of_b.contains(word))
        .any(|word| telling(word) && word.text.chars().count() >= MIN_SHARED);
    if shared {
        let rule = if more_a || more_b {
            "one name's distinctive words are all in the other"
        } else {
            "same distinctive words"
        };
        return Some((Tier::Group, rule));
    }
    if !more_a && !more_b && of_a.len().min(of_b.len()) > 1 && same_words(of_a, of_b) {
        return Some((Tier::Review, "same words in another order"));
    }
    let alias = |short: &[Word], long: &[Word]| {
        let [only] = short else {
            return false;
        };
        only.text.chars().count() >= MIN_ALIAS && telling(only) && long.contains(only)
    };
    (alias(of_a, of_b) || alias(of_b, of_a))
        .then_some((Tier::Review, "a short name that is a word of the other"))
}

/// Has a word that the other has not and that is more than a sign of structure.
fn added(ours: &[Word], theirs: &[Word]) -> bool {
    ours.iter()
        .any(|word| !word.is_structural && !theirs.contains(word))
}

fn same_words(a: &[Word], b: &[Word]) -> bool {
    a.iter().all(|word| b.contains(word)) && b.iter().all(|word| a.contains(word))
}

/// Shortest core that may differ by one letter.
const ONE_EDIT: usize = 6;
/// Shortest core or word that may differ by two.
const TWO_EDITS: usize = 10;
/// Shortest word inside a name that may differ by a letter: three letters are an acronym, and another one is another.
const MIN_EDITED: usize = 4;

/// Letters that may differ in a core of `length`.
fn budget(length: usize) -> usize {
    match length {
        0..ONE_EDIT => 0,
        ONE_EDIT..TWO_EDITS => 1,
        _ => 2,
    }
}

/// Letters that may differ in one word, of which the longer spelling has `length`.
pub(super) fn edits_of_word(length: usize) -> usize {
    if length < TWO_EDITS { 1 } else { 2 }
}

fn few_edits(a: &NormalName, b: &NormalName) -> Judged {
    if a.numbers != b.numbers {
        return None;
    }
    let budget = budget(a.length.max(b.length));
    if budget == 0
        || a.length.abs_diff(b.length) > budget
        || !a.letters.may_differ_by(b.letters, budget)
    {
        return None;
    }
    let found = Some((Tier::Review, "a few letters differ"));
    if a.words.len() != b.words.len() {
        // Other spaces and a letter: only the whole can be compared.
        return (a.length.min(b.length) >= TWO_EDITS
            && strsim::levenshtein(&a.joined, &b.joined) < budget)
            .then_some(found)
            .flatten();
    }
    let mut edits = 0usize;
    for (ours, theirs) in a.words.iter().zip(&b.words) {
        if ours == theirs {
            continue;
        }
        let (length, other) = (ours.chars().count(), theirs.chars().count());
        let longer = length.max(other);
        if length.abs_diff(other) > budget {
            return None;
        }
        let known = |word: &str| is_place(word) || is_generic(word);
        // Two words of the language are no slip of the pen: Iran and Iraq, trade and trading. Three letters are an acronym, unless one
        // of the two is a word.
        let acronym = longer < MIN_EDITED && !known(ours) && !known(theirs);
        if acronym || (known(ours) && known(theirs)) {
            return None;
        }
        let distance = strsim::levenshtein(ours, theirs);
        if distance > edits_of_word(longer) {
            return None;
        }
        edits = edits.saturating_add(distance);
    }
    if edits <= budget && !a.words.iter().all(|w| is_number(w)) {
        found
    } else {
        None
    }
}
