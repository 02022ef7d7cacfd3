//! Names of organisations in a normal form, and when two of them are the same name.
//!
//! Folding (NFKC, case, own Cyrillic and Greek romanisation, diacritics, punctuation) is followed by peeling of legal forms
//! at both ends; what remains is the core. [`compare()`] knows equal cores only; [`resemble()`] looks further, for shared distinctive
//! words and a few changed letters, and never says `same`. The original text is kept, and every comparison prints both normal forms.
//!
//! It does not prove that two companies of one name are one company: that needs a country or an identifier.

mod compare;
mod fold;
mod forms;
mod keys;
mod person;
mod resemble;
mod romanise;
mod skeleton;
#[cfg(test)]
mod tests;
mod variants;
mod words;

pub use compare::{Comparison, Named, compare};
pub use fold::fold;
pub use keys::{keys, keys_of, wanted, wanted_of};
pub use person::{may_be_one_person, person_keys};
pub use resemble::{Common, resemble};
pub use skeleton::look_alike;
pub use variants::{Variant, variants};
pub use words::Word;

use std::collections::BTreeSet;

pub use forms::FormClass;

/// Longest name that is normalised, in characters: X.520 ub-organization-name is 64, real ones reach 200.
const MAX_CHARS: usize = 1024;

/// A name in normal form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NormalName {
    /// As it was given, in its own script; hostile text.
    pub original: String,
    /// Folded words, legal forms included, joined by single spaces.
    pub folded: String,
    /// Folded words without legal forms; what is compared.
    pub core: String,
    /// Kinds of legal form that were peeled off.
    pub forms: BTreeSet<FormClass>,
    /// Words of the core in one spelling: numbers as digits, British and American spellings as one, no articles.
    pub words: Vec<String>,
    /// The words without the spaces between them.
    pub joined: String,
    /// Characters of `joined`.
    pub length: usize,
    /// Which letters `joined` has.
    pub letters: Letters,
    /// The words that carry meaning.
    pub content: Vec<Word>,
    /// The numbers, in order.
    pub numbers: Vec<String>,
    /// What the name reads as where letters of other scripts or digits pass for Latin ones; equal to `joined` in honest names.
    pub reads_as: String,
    /// A word mixes letters of two scripts that look alike. Such a name is nobody's; it can only pass for one.
    pub is_disguised: bool,
}

impl NormalName {
    /// The core says too little to identify anybody: empty, very short, or one or two generic words. Three of them together are as
    /// good as a word of their own: `International Labour Organization`.
    pub fn is_weak(&self) -> bool {
        self.core.chars().filter(|c| c.is_alphanumeric()).count() < 3
            || (self.words.len() < 3
                && self
                    .words
                    .iter()
                    .all(|word| words::is_generic(word) || words::is_number(word)))
    }

    /// At least one legal form was written.
    pub fn has_form(&self) -> bool {
        !self.forms.is_empty()
    }
}

/// The normal form of `name`.
pub fn normalise(name: &str) -> NormalName {
    let bounded: String = name.chars().take(MAX_CHARS).collect();
    let folded = fold(&bounded);
    let (core, forms) = forms::peel(&folded);
    let words = words::canonical(&core);
    let joined = words.concat();
    let (content, numbers) = words::content(&words);
    let reads_as = skeleton::reads_as(&bounded, &words);
    NormalName {
        original: name.to_owned(),
        folded,
        core,
        forms,
        length: joined.chars().count(),
        letters: Letters::of(&joined),
        words,
        joined,
        content,
        numbers,
        reads_as,
        is_disguised: skeleton::is_disguised(&bounded),
    }
}

/// Which letters a text has, one bit each: texts that differ in few letters differ in few bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Letters(u64);

impl Letters {
    fn of(text: &str) -> Self {
        Self(text.chars().fold(0, |set, c| set | Self::bit(c)))
    }

    /// Latin letters and digits have a bit each, all else shares the rest.
    fn bit(c: char) -> u64 {
        let place = match c {
            'a'..='z' => u32::from(c).saturating_sub(u32::from('a')),
            '0'..='9' => u32::from(c)
                .saturating_sub(u32::from('0'))
                .saturating_add(26),
            other => (u32::from(other) % 28).saturating_add(36),
        };
        1u64.checked_shl(place).unwrap_or_default()
    }

    /// At most so many letters may have been added, left out or changed: each change is one letter less and one more.
    pub fn may_differ_by(self, other: Self, edits: usize) -> bool {
        let differing = usize::try_from((self.0 ^ other.0).count_ones()).unwrap_or(usize::MAX);
        differing <= edits.saturating_mul(2)
    }
}

/// What a parenthesis at the end of an organisation name means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Parenthesis {
    /// `DBA (Legal Name)` (CA/B Forum Code Signing BR section 7.1.4.2.4): the legal name.
    LegalName {
        /// The trade name before it.
        trade: String,
        /// The legal name inside.
        legal: String,
    },
    /// `Legal Name (Short)`, as lists write it.
    ShortName {
        /// The legal name before it.
        legal: String,
        /// The short name inside.
        short: String,
    },
}

/// Reads a parenthesis at the end of `name`; one that holds a place says nothing.
pub fn parenthesis(name: &str) -> Option<Parenthesis> {
    let body = name.trim().strip_suffix(')')?;
    let (before, inside) = body.rsplit_once('(')?;
    let (before, inside) = (before.trim(), inside.trim());
    if before.is_empty() || inside.is_empty() || words::is_place_phrase(&fold(inside)) {
        return None;
    }
    // `(Pvt) Ltd` and `(LLC)` are how a form is written; forms are peeled off whatever stands before them.
    if normalise(&format!("x {inside}")).core == "x" {
        return None;
    }
    if normalise(before).has_form() && !normalise(inside).has_form() {
        return Some(Parenthesis::ShortName {
            legal: before.to_owned(),
            short: inside.to_owned(),
        });
    }
    Some(Parenthesis::LegalName {
        trade: before.to_owned(),
        legal: inside.to_owned(),
    })
}

/// The names by which `name` may be compared: itself without a trailing parenthesis, and the legal name inside one.
pub fn legal_names(name: &str) -> Vec<NormalName> {
    match parenthesis(name) {
        Some(Parenthesis::LegalName { legal, .. } | Parenthesis::ShortName { legal, .. }) => {
            vec![normalise(&legal), normalise(name)]
        }
        None => vec![normalise(name)],
    }
}
