//! Folding: the same words whatever the case, script variant, accent or punctuation.

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

use super::romanise::romanise;

/// Folds `text` to lower-case words joined by single spaces.
///
/// Order matters: compatibility composition first, so that `й` is one letter when it is romanised; diacritics last, so that
/// romanisation has seen them. Apostrophes and dots join (`s.r.o.` is `sro`), everything else that is no letter or digit separates.
pub fn fold(text: &str) -> String {
    if text.is_ascii() {
        // Normalisation and romanisation leave these letters as they are.
        return separate(
            text.bytes().map(|b| char::from(b.to_ascii_lowercase())),
            text.len(),
        );
    }
    let mut spelled = String::with_capacity(text.len());
    for c in text.nfkc().flat_map(char::to_lowercase) {
        match romanise(c) {
            Some(latin) => spelled.push_str(latin),
            // A letter with a mark that the table does not list is romanised by what it is made of.
            None => {
                for part in std::iter::once(c).nfkd().flat_map(char::to_lowercase) {
                    match romanise(part) {
                        Some(latin) => spelled.push_str(latin),
                        None => spelled.push(part),
                    }
                }
            }
        }
    }
    let letters = spelled.nfkd().filter(|c| !is_combining_mark(*c));
    // NFKD splits Hangul syllables into letters; compose what is left so that one name has one form.
    separate(letters, spelled.len()).nfc().collect()
}

/// Words with single spaces between them, of letters in lower case.
fn separate(letters: impl Iterator<Item = char>, size: usize) -> String {
    let mut out = String::with_capacity(size);
    let mut gap = false;
    for c in letters {
        if joins(c) {
            continue;
        }
        if c == '&' {
            if !out.is_empty() {
                out.push(' ');
            }
            out.push_str("and");
            gap = true;
        } else if c.is_alphanumeric() {
            if gap && !out.is_empty() {
                out.push(' ');
            }
            gap = false;
            out.push(c);
        } else {
            gap = true;
        }
    }
    out
}

/// Punctuation that stands inside a word.
fn joins(c: char) -> bool {
    matches!(
        c,
        '.' | '\''
            | '\u{2018}'
            | '\u{2019}'
            | '\u{02bc}'
            | '\u{02b9}'
            | '`'
            | '\u{00b4}'
            | '\u{2032}'
    ) || crate::base::text::is_invisible(c)
}
