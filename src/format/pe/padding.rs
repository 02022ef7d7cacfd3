//! Data that no signature covers, beside the ones that are there: what follows the PKCS #7 in its slot (CVE-2013-3900), and
//! what follows the certificate table.

use crate::format::pe::extract::bytes;
use crate::format::pe::findings::{POLYGLOT, UNAUTHENTICATED_DATA_IN_WINCERT};
use crate::model::extract::{RawSignature, Span};
use crate::model::finding::{Finding, Status};

/// Zeros that round an entry up to eight bytes are padding; EnableCertPaddingCheck takes no more.
const MAX_PADDING: usize = 7;
/// How much of the data is looked at: a file of another format shows itself at its start.
pub(super) const LOOK: u64 = 64 << 10;

/// What is wrong with the padding of a certificate table slot whose PKCS #7 is `encoded_len` bytes long: nothing where it is
/// at most seven zeros.
pub fn unauthenticated(signature: &RawSignature, encoded_len: usize) -> Vec<Finding> {
    let rest = signature.bytes.get(encoded_len..).unwrap_or_default();
    if rest.len() <= MAX_PADDING && rest.iter().all(|b| *b == 0) {
        return Vec::new();
    }
    let start = u64::try_from(encoded_len).map_or(signature.span.end, |len| {
        signature.span.start.saturating_add(len)
    });
    let span = start..signature.span.end;
    let look = Look::at(rest);
    let message = format!(
        "{} bytes at offset {start} follow the signature inside its slot: {}",
        rest.len(),
        look.description
    );
    let finding =
        Finding::new(&UNAUTHENTICATED_DATA_IN_WINCERT, Status::Review, message).with(bytes(&span));
    [finding].into_iter().chain(look.polyglot(&span)).collect()
}

/// What a piece of data looks like.
pub(super) struct Look {
    /// `HTML application, 4.9 bits of entropy a byte`.
    pub(super) description: String,
    mark: Option<(&'static Mark, usize)>,
}

impl Look {
    /// Looks at the first [`LOOK`] bytes.
    pub(super) fn at(data: &[u8]) -> Self {
        let data = usize::try_from(LOOK)
            .ok()
            .and_then(|n| data.get(..n))
            .unwrap_or(data);
        let mark = MARKS
            .iter()
            .find_map(|mark| mark.position(data).map(|at| (mark, at)));
        let kind = match mark {
            Some((mark, _)) => mark.what,
            None if data.iter().all(|b| *b == 0) => "zeros",
            None => "no known kind",
        };
        Self {
            description: format!("{kind}, {:.1} bits of entropy a byte", entropy(data)),
            mark,
        }
    }

    /// A finding where the data, which stands at `span`, can be opened as a file of its own although it follows an executable.
    pub(super) fn polyglot(&self, span: &Span) -> Option<Finding> {
        let (mark, at) = self.mark.filter(|(mark, _)| mark.polyglot)?;
        let start = span.start.saturating_add(u64::try_from(at).ok()?);
        let message = format!("unsigned data at offset {start} is {}", mark.what);
        Some(Finding::new(&POLYGLOT, Status::Review, message).with(bytes(&(start..span.end))))
    }
}

/// The mark of a file format.
struct Mark {
    bytes: &'static [u8],
    what: &'static str,
    /// Only at the very start of the data, because the mark is too short to mean something elsewhere.
    at_start: bool,
    /// Programs for the format accept a file that does not begin with it.
    polyglot: bool,
}

const fn anywhere(bytes: &'static [u8], what: &'static str) -> Mark {
    Mark {
        bytes,
        what,
        at_start: false,
        polyglot: true,
    }
}

const fn at_start(bytes: &'static [u8], what: &'static str) -> Mark {
    Mark {
        bytes,
        what,
        at_start: true,
        polyglot: false,
    }
}

/// The telling ones first. Letters are compared without case.
static MARKS: &[Mark] = &[
    anywhere(b"<hta:application", "an HTML application"),
    anywhere(b"PK\x03\x04", "a ZIP or JAR archive"),
    anywhere(b"%PDF-", "a PDF document"),
    anywhere(b"Rar!\x1a\x07", "a RAR archive"),
    anywhere(b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    Mark {
        bytes: b"<script",
        what: "script markup",
        at_start: false,
        polyglot: false,
    },
    at_start(b"MZ", "a Windows executable"),
    at_start(b"\x7fELF", "an ELF executable"),
    at_start(b"\x1f\x8b", "gzip data"),
    at_start(b"#!", "a script"),
    at_start(b"<?xml", "XML"),
    at_start(b"{", "JSON"),
];

impl Mark {
    fn position(&self, data: &[u8]) -> Option<usize> {
        let mut windows = data.windows(self.bytes.len());
        if self.at_start {
            return windows.next().filter(|w| *w == self.bytes).map(|_| 0);
        }
        windows.position(|w| w.eq_ignore_ascii_case(self.bytes))
    }
}

/// Shannon entropy in bits a byte: near 8 for compressed or encrypted data, 4 to 5 for text.
fn entropy(data: &[u8]) -> f64 {
    let mut counts = [0u32; 256];
    for byte in data {
        if let Some(count) = counts.get_mut(usize::from(*byte)) {
            *count = count.saturating_add(1);
        }
    }
    let total: f64 = counts.iter().copied().map(f64::from).sum();
    let bits: f64 = counts
        .iter()
        .filter(|count| **count > 0)
        .map(|count| f64::from(*count) / total)
        .map(|p| p * p.recip().log2())
        .sum();
    // An empty sum is negative zero, which prints a sign.
    bits + 0.0
}

#[cfg(test)]
mod tests {
    use super::{Look, entropy, unauthenticated};
    use crate::format::pe::IMAGE;
    use crate::model::extract::{Coverage, RawSignature};
    use crate::model::signature::Position;

    fn ids(slot: &[u8], encoded_len: usize) -> Vec<&'static str> {
        let signature = RawSignature::cms(
            &IMAGE,
            Position::Primary,
            1000..1000 + slot.len() as u64,
            slot.to_vec(),
            Coverage::default(),
        );
        unauthenticated(&signature, encoded_len)
            .iter()
            .map(|f| f.definition.id)
            .collect()
    }

    #[test]
    fn seven_zeros_are_padding_and_anything_else_is_flagged() {
        assert!(ids(b"CMS", 3).is_empty());
        assert!(ids(b"CMS\0\0\0\0\0\0\0", 3).is_empty());
        assert_eq!(
            ids(b"CMS\0\0\0\0\0\0\0\0", 3),
            ["unauthenticated-data-in-wincert"]
        );
        assert_eq!(ids(b"CMS\x01", 3), ["unauthenticated-data-in-wincert"]);
        assert_eq!(
            ids(b"CMS <HTML><HTA:Application id=x>", 3),
            ["unauthenticated-data-in-wincert", "polyglot"]
        );
    }

    #[test]
    fn a_short_mark_counts_only_at_the_start() {
        assert!(
            Look::at(b"MZ\x90")
                .description
                .starts_with("a Windows executable")
        );
        assert!(
            Look::at(b" MZ\x90")
                .description
                .starts_with("no known kind")
        );
        assert!(Look::at(b"\0\0").description.starts_with("zeros, 0.0 bits"));
    }

    #[test]
    fn entropy_runs_from_nothing_to_eight_bits() {
        let every: Vec<u8> = (0..=255).collect();
        assert!((entropy(&every) - 8.0).abs() < 1e-9);
        assert!(entropy(b"aaaa").abs() < 1e-9);
        assert!(entropy(b"").abs() < 1e-9);
    }
}
