//! The header: two Chromium pickles, of which the second holds a JSON object of directories and files.

use super::findings::ASAR_HEADER_MALFORMED;
use crate::base::blob::ReadAt;
use crate::format::config::{Node, json};
use crate::format::{Content, Entry, Error, Kind};

/// Bytes before the JSON: size of the first pickle, of the second with its length, of its payload, of the string.
const FIXED: u64 = 16;
/// Largest header: applications of 100,000 files have some 15 MB.
pub(super) const MAX_HEADER: u64 = 32 << 20;
/// Longest path: what file systems take.
const MAX_PATH: usize = 4096;

pub(super) struct Header {
    root: Node,
    /// Where the first file may stand.
    base: u64,
}

pub(super) fn read(blob: &dyn ReadAt) -> Result<Header, Error> {
    let mut fixed = [0u8; 16];
    blob.read_exact_at(0, &mut fixed)
        .map_err(|_| malformed(0, "shorter than its header"))?;
    let (fields, _) = fixed.as_chunks::<4>();
    let field = |i: usize| {
        fields
            .get(i)
            .map(|f| u64::from(u32::from_le_bytes(*f)))
            .unwrap_or_default()
    };
    let (pickle, length) = (field(1), field(3));
    let base = pickle.saturating_add(8);
    let end = FIXED.saturating_add(length);
    if field(0) != 4 || end > base || base > blob.size() {
        return Err(malformed(
            0,
            "the sizes in the header do not fit each other or the file",
        ));
    }
    if length > MAX_HEADER {
        return Err(malformed(
            12,
            format!("a header of more than {MAX_HEADER} bytes"),
        ));
    }
    let bytes = blob.read_range(FIXED..end).map_err(Error::read(FIXED))?;
    let root = json::read(&bytes).map_err(|error| match error {
        Error::Malformed {
            offset, message, ..
        } => malformed(FIXED.saturating_add(offset), message),
        other => other,
    })?;
    Ok(Header { root, base })
}

/// A directory's entries have a name and are directories if they have files of their own.
fn files_of(node: &Node) -> Option<&[(String, Node)]> {
    node.get("files").map(Node::entries)
}

impl Header {
    /// How many files and links there are.
    pub(super) fn files(&self) -> u64 {
        let mut count = 0u64;
        let mut stack = vec![&self.root];
        while let Some(node) = stack.pop() {
            match files_of(node) {
                Some(entries) => stack.extend(entries.iter().map(|(_, n)| n)),
                None => count = count.saturating_add(1),
            }
        }
        count
    }

    /// Every file in the header's order.
    pub(super) fn entries(&self, size: u64) -> Result<Vec<Entry>, Error> {
        let mut out = Vec::new();
        let mut stack = vec![(String::new(), &self.root)];
        while let Some((path, node)) = stack.pop() {
            if let Some(entries) = files_of(node) {
                for (name, child) in entries.iter().rev() {
                    if path.len().saturating_add(name.len()) > MAX_PATH {
                        return Err(malformed(
                            FIXED.saturating_add(child.span.start),
                            format!("a path of more than {MAX_PATH} bytes"),
                        ));
                    }
                    let separator = if path.is_empty() { "" } else { "/" };
                    stack.push((format!("{path}{separator}{name}"), child));
                }
            } else {
                out.push(self.entry(path, node, size));
            }
        }
        Ok(out)
    }

    fn entry(&self, path: String, node: &Node, archive: u64) -> Entry {
        let size = node
            .get("size")
            .and_then(Node::integer)
            .and_then(|s| u64::try_from(s).ok());
        let is_link = node.get("link").is_some();
        let unpacked = node.get("unpacked").is_some_and(Node::is_true);
        let offset = node
            .get("offset")
            .and_then(Node::words)
            .and_then(|o| o.parse::<u64>().ok())
            .and_then(|o| self.base.checked_add(o));
        let span = offset
            .zip(size)
            .and_then(|(start, size)| Some(start..start.checked_add(size)?));
        let content = match span {
            _ if unpacked => Content::Unreadable(
                "beside the archive, in a folder of its name with .unpacked".into(),
            ),
            Some(span) if span.end <= archive => Content::Stored(span),
            Some(_) => Content::Unreadable("stated to lie outside the archive".into()),
            None => Content::Unreadable("no place or size is stated".into()),
        };
        Entry {
            path,
            size,
            kind: if is_link { Kind::Special } else { Kind::File },
            content,
        }
    }
}

fn malformed(offset: u64, message: impl Into<String>) -> Error {
    Error::malformed(&ASAR_HEADER_MALFORMED, offset, message)
}
