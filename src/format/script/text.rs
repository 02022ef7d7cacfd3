//! A script as text: its encoding, and its characters as the UTF-16 that is hashed.

use crate::base::text::windows_1252;

/// Encodings that scripts are read in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Encoding {
    Utf8,
    Windows1252,
    Utf16Le,
    Utf16Be,
}

impl Encoding {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF-8",
            Self::Windows1252 => "Windows-1252",
            Self::Utf16Le => "UTF-16, little-endian",
            Self::Utf16Be => "UTF-16, big-endian",
        }
    }
}

/// A script, cut into code units.
#[derive(Debug)]
pub(super) struct Text {
    /// One a byte, or one a pair of them.
    pub(super) units: Vec<u16>,
    /// What the byte order mark says.
    pub(super) marked: Option<Encoding>,
    /// Bytes of the byte order mark.
    mark_len: usize,
    /// A half of a code unit is left at the end.
    pub(super) odd: bool,
}

impl Text {
    pub(super) fn new(bytes: &[u8]) -> Self {
        let (marked, rest) = match bytes {
            [0xef, 0xbb, 0xbf, rest @ ..] => (Some(Encoding::Utf8), rest),
            [0xff, 0xfe, rest @ ..] => (Some(Encoding::Utf16Le), rest),
            [0xfe, 0xff, rest @ ..] => (Some(Encoding::Utf16Be), rest),
            rest => (None, rest),
        };
        let (pairs, half) = rest.as_chunks::<2>();
        let (units, odd) = match marked {
            Some(Encoding::Utf16Le) => (
                pairs.iter().map(|p| u16::from_le_bytes(*p)).collect(),
                !half.is_empty(),
            ),
            Some(Encoding::Utf16Be) => (
                pairs.iter().map(|p| u16::from_be_bytes(*p)).collect(),
                !half.is_empty(),
            ),
            Some(Encoding::Utf8 | Encoding::Windows1252) | None => {
                (rest.iter().map(|b| u16::from(*b)).collect(), false)
            }
        };
        Self {
            units,
            marked,
            mark_len: bytes.len().saturating_sub(rest.len()),
            odd,
        }
    }

    /// Where a code unit stands in the file.
    pub(super) fn offset(&self, unit: usize) -> u64 {
        let width = match self.marked {
            Some(Encoding::Utf16Le | Encoding::Utf16Be) => 2,
            Some(Encoding::Utf8 | Encoding::Windows1252) | None => 1,
        };
        let offset = unit.saturating_mul(width).saturating_add(self.mark_len);
        u64::try_from(offset).unwrap_or(u64::MAX)
    }
}

/// UTF-16 of code units in an encoding; `None` where they are not in it, as two texts must never come to the same.
pub(super) fn utf16(units: &[u16], encoding: Encoding) -> Option<Vec<u16>> {
    let bytes = || units.iter().map(|u| u8::try_from(*u).ok());
    match encoding {
        Encoding::Utf16Le | Encoding::Utf16Be => Some(units.to_vec()),
        Encoding::Utf8 => {
            let bytes: Vec<u8> = bytes().collect::<Option<_>>()?;
            Some(std::str::from_utf8(&bytes).ok()?.encode_utf16().collect())
        }
        // Every character of the code page is one unit.
        Encoding::Windows1252 => bytes()
            .map(|byte| u16::try_from(u32::from(windows_1252(byte?))).ok())
            .collect(),
    }
}

/// Lone line feeds turned back into the pairs they were before a conversion.
pub(super) fn with_crlf(units: &[u16]) -> Vec<u16> {
    const CR: u16 = 13;
    const LF: u16 = 10;
    let mut out = Vec::with_capacity(units.len());
    for unit in units {
        if *unit == LF && out.last() != Some(&CR) {
            out.push(CR);
        }
        out.push(*unit);
    }
    out
}
