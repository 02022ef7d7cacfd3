//! The strings of a database: `_StringPool` has the length of each and how often it is used, `_StringData` the strings in a row.

use crate::base::blob::ReadAt;
use crate::format::cfb::{Compound, Node, u16_at};
use crate::format::error::Error;
use crate::format::msi::{codepage, names};
use crate::model::extract::Span;

/// Bytes of the pool: a million strings, ten times what the largest packages have.
const MAX_POOL: u64 = 4 << 20;
/// Bytes of all strings together.
const MAX_DATA: u64 = 32 << 20;

/// The strings.
#[derive(Debug)]
pub(super) struct Pool<'c> {
    page: u16,
    /// Bytes of a reference to a string.
    pub(super) reference: usize,
    /// Where in the data each string stands; the first one is number 1.
    strings: Vec<std::ops::Range<usize>>,
    data: Vec<u8>,
    stream: &'c Node,
}

/// The stream of a table.
pub(super) fn table<'c>(compound: &'c Compound, name: &str) -> Option<&'c Node> {
    let mut children = compound.children(0).map(|(_, node)| node);
    children.find(|node| names::decode(&node.name) == (name.to_owned(), true))
}

impl<'c> Pool<'c> {
    /// `None` where the database has none, or a larger one than is read.
    pub(super) fn read(blob: &dyn ReadAt, compound: &'c Compound) -> Result<Option<Self>, Error> {
        let (Some(pool), Some(stream)) = (
            table(compound, "_StringPool"),
            table(compound, "_StringData"),
        ) else {
            return Ok(None);
        };
        let (Some(pool), Some(data)) = (
            compound.bytes(blob, pool, MAX_POOL)?,
            compound.bytes(blob, stream, MAX_DATA)?,
        ) else {
            return Ok(None);
        };
        let flags = u16_at(&pool, 2).unwrap_or_default();
        Ok(Some(Self {
            page: u16_at(&pool, 0).unwrap_or_default(),
            reference: if flags & 0x8000 == 0 { 2 } else { 3 },
            strings: strings(&pool),
            data,
            stream,
        }))
    }

    /// The string of this number and where it stands in the file.
    pub(super) fn get(&self, number: u32) -> Option<(String, Span)> {
        let place = usize::try_from(number.checked_sub(1)?).ok()?;
        let range = self.strings.get(place)?.clone();
        let bytes = self.data.get(range.clone())?;
        Some((codepage::decode(bytes, self.page), span(self.stream, range)))
    }
}

/// Where each string stands in the data.
fn strings(pool: &[u8]) -> Vec<std::ops::Range<usize>> {
    let (entries, _) = pool.as_chunks::<4>();
    let mut strings = Vec::new();
    let mut at = 0usize;
    // The high half of the length of a long string, whose entry has none and whose uses are counted there.
    let mut long = false;
    for entry in entries.iter().skip(1) {
        let [a, b, c, d] = *entry;
        let (len, uses) = (u16::from_le_bytes([a, b]), u16::from_le_bytes([c, d]));
        let len = if long {
            long = false;
            u32::from_le_bytes(*entry)
        } else if len == 0 && uses != 0 {
            long = true;
            continue;
        } else {
            u32::from(len)
        };
        let end = at.saturating_add(usize::try_from(len).unwrap_or(usize::MAX));
        strings.push(at..end);
        at = end;
    }
    strings
}

/// Where a part of a stream stands in the file; one that is in several pieces is shown by its first.
pub(in crate::format) fn span(node: &Node, part: std::ops::Range<usize>) -> Span {
    let number = |n: usize| u64::try_from(n).unwrap_or(u64::MAX);
    let mut left = number(part.start);
    for span in &node.spans {
        let len = span.end.saturating_sub(span.start);
        if left < len {
            let start = span.start.saturating_add(left);
            return start..start.saturating_add(number(part.len())).min(span.end);
        }
        left = left.saturating_sub(len);
    }
    node.entry..node.entry
}

#[cfg(test)]
mod tests {
    use super::strings;

    #[test]
    fn a_long_string_takes_two_entries_and_an_empty_one_keeps_its_number() {
        let pool = [
            [0xe4, 4, 0, 0],
            [3, 0, 1, 0],
            [0, 0, 0, 0],
            [0, 0, 1, 0],
            [1, 0, 1, 0],
            [2, 0, 1, 0],
        ];
        assert_eq!(
            strings(pool.as_flattened()),
            [0..3, 3..3, 3..65540, 65540..65542]
        );
    }
}
