//! Names in the form that screening compares for equality.

use unicode_normalization::UnicodeNormalization;

/// `name` after compatibility composition and case folding, without quotes, dots and apostrophes, `&` spelled out, every other
/// punctuation a single space. Legal forms stay: two forms are two entities.
pub(super) fn normal(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for c in name.nfkc().flat_map(char::to_lowercase) {
        match c {
            '.' | '\'' | '’' | '‘' | '`' | '"' | '“' | '”' | '«' | '»' => {}
            '&' => out.push_str(" and "),
            c if c.is_alphanumeric() => out.push(c),
            _ => out.push(' '),
        }
    }
    out.split_whitespace().collect::<Vec<_>>().join(" ")
}
