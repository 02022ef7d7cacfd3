//! Words of company names: one spelling each, and what a word can say. The table is `data/name-words/`.
//!
//! Three kinds of words never make two names one house: generic ones (what a company does), structural ones (that it is a group), and
//! places. Numbers must agree wherever letters may differ.

use std::collections::HashMap;
use std::sync::LazyLock;

/// Most words of a name that are looked at; a name of 1,024 characters of one letter each is no name.
pub(super) const MAX_WORDS: usize = 64;

/// The words of a folded core: articles left out, numbers as digits, one spelling for what is spelt in several ways.
pub(super) fn canonical(core: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    // The value of tens that a unit may follow: `forty 4`, `twenty first`.
    let mut tens: Option<u32> = None;
    for word in core.split(' ').filter(|w| !w.is_empty()).take(MAX_WORDS) {
        let known = known(word);
        if known.is_article {
            continue;
        }
        let number = figures(word).or(known.number);
        if let (Some(base), Some(unit @ 1..=9)) = (tens, number)
            && let Some(last) = out.last_mut()
        {
            *last = base.saturating_add(unit).to_string();
            tens = None;
            continue;
        }
        tens = number.filter(|n| (20..100).contains(n) && n % 10 == 0 && !is_digits(word));
        match number {
            Some(value) if !is_digits(word) => out.push(value.to_string()),
            _ => match known.spelling {
                Some(to) => out.extend(to.split(' ').map(str::to_owned)),
                None => out.push(american(word)),
            },
        }
    }
    out
}

/// A word that is no number and does not just tie words together, and what it can say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// In the singular where it is a generic one.
    pub text: String,
    /// Says by itself which house a name is of.
    pub is_distinctive: bool,
    /// Says that a company is part of a group, whatever it does.
    pub is_structural: bool,
}

/// The words that carry meaning, and the numbers in order.
pub(super) fn content(words: &[String]) -> (Vec<Word>, Vec<String>) {
    let (mut numbers, rest): (Vec<String>, Vec<String>) =
        words.iter().cloned().partition(|word| is_number(word));
    numbers.sort_unstable();
    let content = rest
        .iter()
        .map(|word| singular(word))
        .filter(|word| !matches!(*word, "and" | "of" | "for" | "de"))
        .map(|word| Word {
            is_distinctive: is_distinctive(word),
            is_structural: is_structural(word),
            text: word.to_owned(),
        })
        .collect();
    (content, numbers)
}

/// `-isation` and `-ization`, `-ise` is left alone: too many names end so.
fn american(word: &str) -> String {
    match word.find("isation") {
        Some(at) if at > 2 => word.replacen("isation", "ization", 1),
        _ => word.to_owned(),
    }
}

fn is_digits(word: &str) -> bool {
    word.bytes().all(|b| b.is_ascii_digit())
}

/// Small numbers in figures, and ordinals of them.
fn figures(word: &str) -> Option<u32> {
    if !word.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let stem = ["st", "nd", "rd", "th"]
        .iter()
        .find_map(|end| word.strip_suffix(end))
        .unwrap_or(word);
    // `007` keeps its zeros: it is a designation.
    stem.parse()
        .ok()
        .filter(|_| is_digits(stem) && stem.len() < 5 && !stem.starts_with('0'))
}

/// Has a digit, or is a Roman numeral of a series.
pub(super) fn is_number(word: &str) -> bool {
    word.bytes().any(|b| b.is_ascii_digit()) || known(word).is_roman
}

/// What a company does, or that it is one.
pub(super) fn is_generic(word: &str) -> bool {
    let it = known(word);
    it.is_structural || it.is_generic || known(singular(word)).is_generic
}

/// That a company is part of a group, whatever it does.
pub(super) fn is_structural(word: &str) -> bool {
    known(word).is_structural
}

/// A country, nationality, province or city.
pub(super) fn is_place(word: &str) -> bool {
    known(word).is_place
}

/// Every word is a place, or what stands in parentheses beside places.
pub(super) fn is_place_phrase(folded: &str) -> bool {
    folded.split(' ').all(|word| {
        is_place(word)
            || matches!(
                word,
                "international" | "pvt" | "private" | "pty" | "hong" | "kong"
            )
    })
}

/// Says by itself which house a name is of.
pub(super) fn is_distinctive(word: &str) -> bool {
    !is_generic(word) && !is_place(word) && !is_number(word)
}

/// Plural and singular of what a company does are one word; nothing else is stemmed.
pub(super) fn singular(word: &str) -> &str {
    match word {
        "technologies" => "technology",
        "industries" => "industry",
        "laboratories" | "labs" | "laboratory" => "lab",
        "securities" => "security",
        _ => word
            .strip_suffix('s')
            .filter(|stem| stem.len() > 3 && known(stem).is_generic)
            .unwrap_or(word),
    }
}

/// What the table says of a word.
#[derive(Debug, Clone, Copy, Default)]
struct Known {
    is_article: bool,
    is_roman: bool,
    number: Option<u32>,
    spelling: Option<&'static str>,
    is_structural: bool,
    is_generic: bool,
    is_place: bool,
}

fn known(word: &str) -> Known {
    TABLE.get(word).copied().unwrap_or_default()
}

static WORDS: &str = include_str!(concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/data/name-words/words.tsv"
));

static TABLE: LazyLock<HashMap<&'static str, Known>> = LazyLock::new(|| {
    let mut table: HashMap<&'static str, Known> = HashMap::new();
    for (kind, word, value) in rows() {
        let known = table.entry(word).or_default();
        match kind {
            "article" => known.is_article = true,
            "roman" => known.is_roman = true,
            "number" => known.number = value.parse().ok(),
            "spelling" => known.spelling = Some(value),
            "structural" => known.is_structural = true,
            "generic" => known.is_generic = true,
            "place" => known.is_place = true,
            _ => {}
        }
    }
    table
});

/// Rows of the table: kind, word, value.
fn rows() -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
    WORDS.lines().filter_map(|line| {
        let mut cells = line.split('\t');
        Some((
            cells.next()?,
            cells.next()?,
            cells.next().unwrap_or_default(),
        ))
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::rows;
    use crate::identity::name::fold;

    #[test]
    fn every_row_of_the_table_is_of_a_known_kind_folded_and_there_once() {
        let mut seen = BTreeSet::new();
        for (kind, word, value) in rows() {
            let has_value = match kind {
                "number" => value.parse::<u32>().is_ok(),
                "spelling" => !value.is_empty() && value == fold(value) && value != word,
                "article" | "roman" | "structural" | "generic" | "place" => value.is_empty(),
                other => panic!("kind {other:?}"),
            };
            assert!(
                has_value && word == fold(word) && !word.contains(' '),
                "{kind} {word} {value}"
            );
            assert!(seen.insert((kind, word)), "{kind} {word} stands twice");
        }
        assert!(seen.len() > 500);
    }
}
