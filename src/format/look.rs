//! What data that no signature covers looks like: what follows a container, fills its holes, or stands behind a signature in its
//! slot.

use crate::base::blob::ReadAt;
use crate::format::error::Error;
use crate::format::findings::{DATA_AFTER_CONTAINER, POLYGLOT};
use crate::model::evidence::{Evidence, Source};
use crate::model::extract::Span;
use crate::model::finding::{Finding, Status};

/// How much of the data is looked at: a file of another format shows itself at its start.
pub(super) const LOOK: u64 = 64 << 10;

/// Evidence for a range of the file that no signature vouches for.
pub(super) fn bytes(span: &Span) -> Evidence {
    Evidence::bytes(
        Source::Embedded,
        span.start,
        span.end.saturating_sub(span.start),
    )
}

/// What is to be said of the bytes at `rest`, which stand behind everything that belongs to a container: nothing where there
/// are none.
pub(super) fn after_container(blob: &dyn ReadAt, rest: Span) -> Result<Vec<Finding>, Error> {
    if rest.is_empty() {
        return Ok(Vec::new());
    }
    let look = Look::of(blob, &rest)?;
    let message = format!(
        "{} bytes at offset {} follow everything that belongs to the file: {}",
        rest.end.saturating_sub(rest.start),
        rest.start,
        look.description
    );
    let finding = Finding::new(&DATA_AFTER_CONTAINER, Status::Review, message).with(bytes(&rest));
    Ok([finding].into_iter().chain(look.polyglot(&rest)).collect())
}

/// What a piece of data looks like.
pub(super) struct Look {
    /// `HTML application, 4.9 bits of entropy a byte`.
    pub(super) description: String,
    mark: Option<(&'static Mark, usize)>,
}

impl Look {
    /// Looks at the first [`LOOK`] bytes of `span`.
    pub(super) fn of(blob: &dyn ReadAt, span: &Span) -> Result<Self, Error> {
        let seen = span.start..span.end.min(span.start.saturating_add(LOOK));
        let data = blob.read_range(seen).map_err(Error::read(span.start))?;
        Ok(Self::at(&data))
    }

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

    /// A finding where the data, which stands at `span`, can be opened as a file of its own although it stands in another.
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
    use super::{Look, after_container, entropy};

    #[test]
    fn what_follows_a_container_is_named_and_nothing_is_silent() {
        let file = b"....PK\x03\x04".to_vec();
        let ids = |from| -> Vec<&str> {
            let found = after_container(&file, from..8).unwrap();
            found.iter().map(|f| f.definition.id).collect()
        };
        assert_eq!(ids(4), ["data-after-container", "polyglot"]);
        assert_eq!(ids(6), ["data-after-container"]);
        assert!(ids(8).is_empty());
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
