//! Extended headers: `LENGTH key=value\n`, over and over (POSIX.1-2017, pax, extended header).

use crate::format::Error;
use crate::format::tar::findings::BAD_PAX_HEADER;

/// Names and access lists stay far below this; extended attributes of macOS reach some hundred kilobytes.
pub(super) const MAX_HEADER: u64 = 1 << 20;

/// What an extended header says that matters here.
#[derive(Debug, Clone, Default)]
pub(super) struct Overrides {
    pub(super) path: Option<Vec<u8>>,
    pub(super) link: Option<Vec<u8>>,
    pub(super) size: Option<u64>,
    pub(super) sparse: bool,
}

impl Overrides {
    /// Adds what `records`, which stand at `offset`, say.
    pub(super) fn read(&mut self, records: &[u8], offset: u64) -> Result<(), Error> {
        let bad = |message: &str| Error::malformed(&BAD_PAX_HEADER, offset, message);
        let mut rest = records;
        while !rest.is_empty() {
            let (key, value, after) =
                record(rest).ok_or_else(|| bad("a record of an extended header breaks off"))?;
            match key {
                b"path" => self.path = Some(value.to_vec()),
                b"linkpath" => self.link = Some(value.to_vec()),
                b"size" => {
                    let size = std::str::from_utf8(value)
                        .ok()
                        .filter(|v| v.bytes().all(|b| b.is_ascii_digit()));
                    let size = size.and_then(|v| v.parse().ok());
                    self.size =
                        Some(size.ok_or_else(|| bad("a size in an extended header is no number"))?);
                }
                b"GNU.sparse.name" => {
                    self.sparse = true;
                    self.path = Some(value.to_vec());
                }
                key if key.starts_with(b"GNU.sparse.") => self.sparse = true,
                _ => {}
            }
            rest = after;
        }
        Ok(())
    }
}

/// Key, value and what follows the first record.
fn record(records: &[u8]) -> Option<(&[u8], &[u8], &[u8])> {
    let space = records.iter().position(|b| *b == b' ')?;
    let digits = std::str::from_utf8(records.get(..space)?).ok()?;
    if !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let (record, after) = records.split_at_checked(digits.parse().ok()?)?;
    let pair = record.get(space.checked_add(1)?..)?.strip_suffix(b"\n")?;
    let equals = pair.iter().position(|b| *b == b'=')?;
    let (key, value) = pair.split_at_checked(equals)?;
    Some((key, value.get(1..)?, after))
}
