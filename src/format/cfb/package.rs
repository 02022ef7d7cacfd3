//! Files inside an OLE package, the stream `\x01Ole10Native`: a name, where the file came from, and its bytes.
//!
//! The layout is not in a public specification and read here as Office writes it; a stream of another form lists nothing more
//! than itself.

use std::ops::Range;

use crate::base::blob::ReadAt;
use crate::format::cfb::{Compound, Node, u32_at};
use crate::format::error::Error;
use crate::model::extract::Span;

const STREAM: &str = "\u{1}Ole10Native";
/// Bytes that are read: the size, two short fields and three names, each at most as long as a path of Windows.
const HEAD: u64 = 4096;
/// MAX_PATH.
const MAX_NAME: usize = 260;

/// A file in a stream.
pub(super) struct Packed {
    pub(super) name: String,
    pub(super) size: u64,
    pub(super) spans: Vec<Span>,
}

/// The file in this stream, where it is one that holds a file.
pub(super) fn file(
    blob: &dyn ReadAt,
    compound: &Compound,
    node: &Node,
) -> Result<Option<Packed>, Error> {
    if !node.is_named(STREAM) {
        return Ok(None);
    }
    let head = Node {
        spans: part(&node.spans, 0..node.size.min(HEAD)),
        size: node.size.min(HEAD),
        ..node.clone()
    };
    let Some(bytes) = compound.bytes(blob, &head, HEAD)? else {
        return Ok(None);
    };
    let found = read(&bytes).filter(|(_, at)| at.end <= node.size);
    Ok(found.map(|(name, at)| Packed {
        name,
        size: at.end.saturating_sub(at.start),
        spans: part(&node.spans, at),
    }))
}

/// Name and place of the file.
fn read(bytes: &[u8]) -> Option<(String, Range<u64>)> {
    // Size of the rest, two bytes that are 2 for a file.
    let mut at = 6usize;
    if bytes.get(4..6)? != [2, 0] {
        return None;
    }
    let mut text = || {
        let rest = bytes.get(at..)?;
        let len = rest.iter().take(MAX_NAME).position(|b| *b == 0)?;
        at = at.checked_add(len)?.checked_add(1)?;
        rest.get(..len)
    };
    let name = String::from_utf8_lossy(text()?).into_owned();
    let _source = text()?;
    // Two more short fields, then the length of a third name.
    let len = usize::try_from(u32_at(bytes, at.checked_add(4)?)?).ok()?;
    let size = at.checked_add(8)?.checked_add(len)?;
    let start = u64::try_from(size.checked_add(4)?).ok()?;
    let end = start.checked_add(u64::from(u32_at(bytes, size)?))?;
    (!name.is_empty()).then_some((name, start..end))
}

/// The part of a stream that stands in these pieces.
fn part(spans: &[Span], part: Range<u64>) -> Vec<Span> {
    let mut before = 0u64;
    let mut found = Vec::new();
    for span in spans {
        let len = span.end.saturating_sub(span.start);
        let from = part.start.saturating_sub(before).min(len);
        let to = part.end.saturating_sub(before).min(len);
        if from < to {
            found.push(span.start.saturating_add(from)..span.start.saturating_add(to));
        }
        before = before.saturating_add(len);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::{part, read};

    #[test]
    fn a_part_of_a_stream_crosses_its_pieces() {
        let spans = [10..14, 30..40];
        assert_eq!(part(&spans, 2..6), [12..14, 30..32]);
        assert_eq!(part(&spans, 4..5), [30..31]);
        assert!(part(&spans, 14..20).is_empty());
    }

    #[test]
    fn a_file_is_found_by_its_name_and_place_and_nothing_is_guessed() {
        let mut stream = vec![0, 0, 0, 0, 2, 0];
        stream.extend(b"setup.exe\0C:\\setup.exe\0\0\0\x03\0\x04\0\0\0tmp\0\x02\0\0\0MZ");
        let (name, at) = read(&stream).unwrap();
        assert_eq!((name.as_str(), at.end - at.start), ("setup.exe", 2));
        assert_eq!(&stream[at.start as usize..], b"MZ");
        for len in 0..stream.len() - 6 {
            assert!(read(&stream[..len]).is_none());
        }
        stream[4] = 0;
        assert!(read(&stream).is_none());
    }
}
