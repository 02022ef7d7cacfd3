//! Text from outside: decoding of ASN.1 strings, and the one sanitiser that stands between a file's strings and a terminal.

use std::fmt::Write as _;

use super::der::tag;

/// Longest string shown; real legal names and paths are far shorter, and hostile ones fill a screen.
pub const MAX_SHOWN: usize = 512;

/// What was wrong with a string, or is hostile about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TextFault {
    /// Octets that the declared string type does not allow; replaced by U+FFFD.
    BadEncoding,
    /// C0, C1 or DEL, line and paragraph separators.
    Control,
    /// A NUL inside the string.
    Nul,
    /// Bidirectional controls, which reorder what is seen.
    Bidi,
    /// Zero-width, tag or otherwise invisible characters.
    Invisible,
    /// `<`, `>` or `&`-entities: markup where a name belongs.
    Markup,
    /// Starts like a spreadsheet formula.
    Formula,
    /// Longer than [`MAX_SHOWN`] characters.
    TooLong,
}

/// Decodes a DirectoryString or other ASN.1 string by its tag (X.520, RFC 5280 appendix A). Never fails the whole: bad
/// octets become U+FFFD and are reported.
pub fn decode(string_tag: u8, contents: &[u8]) -> (String, Option<TextFault>) {
    let (text, good) = match string_tag {
        tag::BMP_STRING => utf16_be(contents),
        tag::UNIVERSAL_STRING => utf32_be(contents),
        // T.61 in certificates is in practice Latin-1 (RFC 5280 leaves it undefined; OpenSSL and Windows read it so),
        // save for the issuers that put UTF-8 in it.
        tag::T61_STRING => match std::str::from_utf8(contents) {
            Ok(text) => (text.to_owned(), true),
            Err(_) => (contents.iter().map(|b| char::from(*b)).collect(), true),
        },
        _ => match String::from_utf8_lossy(contents) {
            std::borrow::Cow::Borrowed(text) => (text.to_owned(), true),
            std::borrow::Cow::Owned(text) => (text, false),
        },
    };
    (
        text,
        if good {
            None
        } else {
            Some(TextFault::BadEncoding)
        },
    )
}

/// A byte of Windows-1252 (WHATWG Encoding, section 9.1). The five bytes that the code page leaves undefined stand for themselves,
/// as Windows' own decoder has it.
pub fn windows_1252(byte: u8) -> char {
    const FROM_80: [char; 32] = [
        '\u{20ac}', '\u{81}', '\u{201a}', '\u{192}', '\u{201e}', '\u{2026}', '\u{2020}',
        '\u{2021}', '\u{2c6}', '\u{2030}', '\u{160}', '\u{2039}', '\u{152}', '\u{8d}', '\u{17d}',
        '\u{8f}', '\u{90}', '\u{2018}', '\u{2019}', '\u{201c}', '\u{201d}', '\u{2022}', '\u{2013}',
        '\u{2014}', '\u{2dc}', '\u{2122}', '\u{161}', '\u{203a}', '\u{153}', '\u{9d}', '\u{17e}',
        '\u{178}',
    ];
    byte.checked_sub(0x80)
        .and_then(|at| FROM_80.get(usize::from(at)))
        .copied()
        .unwrap_or(char::from(byte))
}

fn utf16_be(contents: &[u8]) -> (String, bool) {
    let (pairs, rest) = contents.as_chunks::<2>();
    let mut good = rest.is_empty();
    let text = char::decode_utf16(pairs.iter().map(|p| u16::from_be_bytes(*p)))
        .map(|c| {
            c.unwrap_or_else(|_| {
                good = false;
                char::REPLACEMENT_CHARACTER
            })
        })
        .collect();
    (text, good)
}

fn utf32_be(contents: &[u8]) -> (String, bool) {
    let (words, rest) = contents.as_chunks::<4>();
    let mut good = rest.is_empty();
    let text = words
        .iter()
        .map(|w| {
            char::from_u32(u32::from_be_bytes(*w)).unwrap_or_else(|| {
                good = false;
                char::REPLACEMENT_CHARACTER
            })
        })
        .collect();
    (text, good)
}

/// Everything hostile about `text`, each fault once, in a fixed order.
pub fn faults(text: &str) -> Vec<TextFault> {
    let mut found = std::collections::BTreeSet::new();
    for c in text.chars() {
        if c == '\0' {
            found.insert(TextFault::Nul);
        }
        if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') {
            found.insert(TextFault::Control);
        }
        if is_bidi_control(c) {
            found.insert(TextFault::Bidi);
        }
        if is_invisible(c) {
            found.insert(TextFault::Invisible);
        }
        if matches!(c, '<' | '>') {
            found.insert(TextFault::Markup);
        }
    }
    if text.starts_with(['=', '+', '-', '@']) {
        found.insert(TextFault::Formula);
    }
    if text.chars().nth(MAX_SHOWN).is_some() {
        found.insert(TextFault::TooLong);
    }
    found.into_iter().collect()
}

/// Bidirectional formatting characters (Unicode TR 36 section 2.5).
pub fn is_bidi_control(c: char) -> bool {
    matches!(c, '\u{061c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Characters with no ink that are neither spaces nor bidi controls.
pub fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{00ad}' | '\u{034f}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180e}'
        | '\u{200b}'..='\u{200d}' | '\u{2060}'..='\u{2065}' | '\u{206a}'..='\u{206f}' | '\u{3164}'
        | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

/// Must never reach a terminal, a log or a report as it is.
pub fn is_unsafe(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') || is_bidi_control(c) || is_invisible(c)
}

/// `text` made safe for a terminal line: unsafe characters as `\u{…}`, backslash doubled, cut at [`MAX_SHOWN`] characters with a mark.
pub fn shown(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for (i, c) in text.chars().enumerate() {
        if i == MAX_SHOWN {
            out.push_str("[cut]");
            break;
        }
        if c == '\\' {
            out.push_str("\\\\");
        } else if is_unsafe(c) {
            let _ = write!(out, "\\u{{{:x}}}", u32::from(c));
        } else {
            out.push(c);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{TextFault, decode, faults, shown};
    use crate::base::der::tag;

    #[test]
    fn nothing_that_moves_a_cursor_or_reorders_text_survives() {
        let hostile = "a\x1b[2J\r\n\u{202e}b\u{200b}\u{2066}\u{e0041}\u{9b}\0c\\u{41}";
        let safe = shown(hostile);
        assert!(!safe.chars().any(super::is_unsafe), "{safe}");
        assert!(
            safe.ends_with("c\\\\u{41}"),
            "an escape typed by the file is told apart from ours: {safe}"
        );
        assert_eq!(
            faults(hostile),
            [
                TextFault::Control,
                TextFault::Nul,
                TextFault::Bidi,
                TextFault::Invisible
            ]
        );
        assert!(shown(&"x".repeat(10_000)).len() < 600);
    }

    #[test]
    fn every_string_type_decodes_and_bad_octets_are_said() {
        assert_eq!(
            decode(tag::BMP_STRING, &[0x53, 0x4e, 0x4e, 0x3a]),
            ("\u{534e}\u{4e3a}".into(), None)
        );
        assert_eq!(
            decode(tag::BMP_STRING, &[0x00, 0x41, 0x42]).1,
            Some(TextFault::BadEncoding)
        );
        assert_eq!(decode(tag::UNIVERSAL_STRING, &[0, 0, 4, 0x10]).0, "А");
        assert_eq!(decode(tag::T61_STRING, &[0xc5, b'x']).0, "Åx");
        assert_eq!(
            decode(tag::UTF8_STRING, &[0xff, b'x']),
            ("\u{fffd}x".into(), Some(TextFault::BadEncoding))
        );
    }
}
