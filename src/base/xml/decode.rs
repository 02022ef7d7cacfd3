//! From the octets of a document to its characters (XML 1.0 section 4.3.3 and appendix F), and back to offsets.

use std::borrow::Cow;

use super::{Error, Fault, name};

/// A document's characters, and how they count in the input.
pub(super) struct Decoded<'a> {
    pub(super) text: Cow<'a, str>,
    unit: Unit,
    /// Octets of the byte order mark.
    start: u64,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Unit {
    Utf8,
    Utf16,
}

/// Decodes; what the XML declaration names must agree.
pub(super) fn decode(bytes: &[u8]) -> Result<Decoded<'_>, Error> {
    let decoded = match bytes {
        [0xef, 0xbb, 0xbf, rest @ ..] => utf8(rest, 3)?,
        [0xff, 0xfe, rest @ ..] => utf16(rest, 2, u16::from_le_bytes)?,
        [0xfe, 0xff, rest @ ..] => utf16(rest, 2, u16::from_be_bytes)?,
        // Without a mark, by the first characters of the declaration, as signers of the 2000s wrote it.
        [b'<', 0, b'?', 0, ..] => utf16(bytes, 0, u16::from_le_bytes)?,
        [0, b'<', 0, b'?', ..] => utf16(bytes, 0, u16::from_be_bytes)?,
        _ => utf8(bytes, 0)?,
    };
    if decoded.text.starts_with('\u{feff}') {
        return Err(wrong(0));
    }
    let Some(declared) = declared(&decoded.text) else {
        return Ok(decoded);
    };
    let fits = match decoded.unit {
        Unit::Utf8 => ["utf-8", "us-ascii"]
            .iter()
            .any(|n| declared.eq_ignore_ascii_case(n)),
        Unit::Utf16 => ["utf-16", "utf-16le", "utf-16be"]
            .iter()
            .any(|n| declared.eq_ignore_ascii_case(n)),
    };
    if fits { Ok(decoded) } else { Err(wrong(0)) }
}

fn wrong(offset: usize) -> Error {
    Error {
        fault: Fault::Encoding,
        offset: u64::try_from(offset).unwrap_or(u64::MAX),
    }
}

fn utf8(bytes: &[u8], start: u64) -> Result<Decoded<'_>, Error> {
    let text = std::str::from_utf8(bytes).map_err(|e| wrong(e.valid_up_to()))?;
    Ok(Decoded {
        text: Cow::Borrowed(text),
        unit: Unit::Utf8,
        start,
    })
}

fn utf16(bytes: &[u8], start: u64, unit: fn([u8; 2]) -> u16) -> Result<Decoded<'_>, Error> {
    let (pairs, rest) = bytes.as_chunks::<2>();
    let text: Result<String, _> = char::decode_utf16(pairs.iter().map(|p| unit(*p))).collect();
    match text {
        Ok(text) if rest.is_empty() => Ok(Decoded {
            text: Cow::Owned(text),
            unit: Unit::Utf16,
            start,
        }),
        _ => Err(wrong(0)),
    }
}

/// The encoding that the XML declaration names.
fn declared(text: &str) -> Option<&str> {
    let declaration = text.strip_prefix("<?xml")?.split_once("?>")?.0;
    let value = declaration.split_once("encoding")?.1;
    let value = value.trim_start_matches(name::is_space).strip_prefix('=')?;
    let value = value.trim_start_matches(name::is_space);
    let quote = value.chars().next()?;
    value.get(1..)?.split(quote).next()
}

/// Turns positions in the characters into offsets of the input; positions must not descend, so that counting is linear.
pub(super) struct Offsets<'t> {
    text: &'t str,
    unit: Unit,
    position: usize,
    offset: u64,
}

impl<'t> Offsets<'t> {
    pub(super) fn new(decoded: &'t Decoded<'_>) -> Self {
        Self {
            text: &decoded.text,
            unit: decoded.unit,
            position: 0,
            offset: decoded.start,
        }
    }

    pub(super) fn at(&mut self, position: usize) -> u64 {
        let passed = self.text.get(self.position..position).unwrap_or_default();
        let octets = match self.unit {
            Unit::Utf8 => passed.len(),
            Unit::Utf16 => passed
                .chars()
                .map(char::len_utf16)
                .sum::<usize>()
                .saturating_mul(2),
        };
        self.offset = self
            .offset
            .saturating_add(u64::try_from(octets).unwrap_or(u64::MAX));
        self.position = self.position.max(position);
        self.offset
    }
}
