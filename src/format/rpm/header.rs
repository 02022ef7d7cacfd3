//! A header: an index of tags, and the data that they point into. Both headers of a package have this form.

use std::collections::BTreeMap;

use crate::base::blob::ReadAt;
use crate::base::budget::Exceeded;
use crate::format::Error;
use crate::format::rpm::findings::RPM_MALFORMED;
use crate::model::extract::Span;

/// Tags of one header; rpm's own limit.
pub(super) const MAX_TAGS: usize = 65_535;
/// Bytes of one header's data; rpm allows four times as much, packages of a hundred thousand files need a third.
pub(super) const MAX_DATA: usize = 64 << 20;

const MAGIC: &[u8] = &[0x8e, 0xad, 0xe8, 0x01];
const INTRO_LEN: u64 = 16;
const ENTRY_LEN: u64 = 16;

/// Types of data.
const INT16: u32 = 3;
const INT32: u32 = 4;
const INT64: u32 = 5;
const STRING: u32 = 6;
const STRING_ARRAY: u32 = 8;
const I18N_STRING: u32 = 9;

/// One header, read.
#[derive(Debug)]
pub(super) struct Header {
    /// Where all of it stands.
    pub(super) span: Span,
    tags: BTreeMap<u32, Tag>,
    data: Vec<u8>,
    /// Where `data` stands.
    data_at: u64,
}

#[derive(Debug, Clone, Copy)]
struct Tag {
    kind: u32,
    offset: usize,
    count: usize,
}

impl Header {
    /// Reads the header at `at`.
    pub(super) fn read(blob: &dyn ReadAt, at: u64) -> Result<Self, Error> {
        let bad = |message: &str| Error::malformed(&RPM_MALFORMED, at, message);
        let part = |start: u64, len: u64| {
            let end = start.checked_add(len).filter(|end| *end <= blob.size());
            let end = end.ok_or_else(|| bad("a header reaches past the end of the file"))?;
            blob.read_range(start..end).map_err(Error::read(start))
        };
        let intro = part(at, INTRO_LEN)?;
        if !intro.starts_with(MAGIC) {
            return Err(bad("no header starts here"));
        }
        let (words, _) = intro.as_chunks::<4>();
        let word = |nth: usize| words.get(nth).map_or(0, |w| u32::from_be_bytes(*w));
        let (tags, data_len) = (
            bounded(word(2), "tags of an rpm header", MAX_TAGS)?,
            word(3),
        );
        let data_len = bounded(data_len, "bytes of an rpm header", MAX_DATA)?;
        let index_at = at.saturating_add(INTRO_LEN);
        let index_len = u64::try_from(tags)
            .unwrap_or(u64::MAX)
            .saturating_mul(ENTRY_LEN);
        let index = part(index_at, index_len)?;
        let data_at = index_at.saturating_add(index_len);
        let data = part(data_at, u64::try_from(data_len).unwrap_or(u64::MAX))?;
        let end = data_at.saturating_add(u64::try_from(data_len).unwrap_or(u64::MAX));
        let mut header = Self {
            span: at..end,
            tags: BTreeMap::new(),
            data,
            data_at,
        };
        let (words, _) = index.as_chunks::<4>();
        let (entries, _) = words.as_chunks::<4>();
        for entry in entries {
            let [tag, kind, offset, count] = entry.map(u32::from_be_bytes);
            header.add(tag, kind, offset, count).ok_or_else(|| {
                let message =
                    format!("tag {tag} of a header points outside its data or has no type");
                Error::malformed(&RPM_MALFORMED, at, message)
            })?;
        }
        Ok(header)
    }

    /// Of a tag that stands twice the first counts.
    fn add(&mut self, tag: u32, kind: u32, offset: u32, count: u32) -> Option<()> {
        let width: usize = match kind {
            // CHAR, INT8, BIN, and strings of at least their NUL each
            1 | 2 | 7 | STRING | STRING_ARRAY | I18N_STRING => 1,
            INT16 => 2,
            INT32 => 4,
            INT64 => 8,
            _ => return None,
        };
        let found = Tag {
            kind,
            offset: usize::try_from(offset).ok()?,
            count: usize::try_from(count).ok()?,
        };
        let end = found.count.checked_mul(width)?.checked_add(found.offset)?;
        let aligned = found.offset.is_multiple_of(width);
        if end > self.data.len() || found.count == 0 || !aligned {
            return None;
        }
        self.tags.entry(tag).or_insert(found);
        Some(())
    }

    /// Whether the tag is there.
    pub(super) fn has(&self, tag: u32) -> bool {
        self.tags.contains_key(&tag)
    }

    /// The strings of a tag; those that the data does not hold to their NUL are missing at the end.
    pub(super) fn strings(&self, tag: u32) -> impl Iterator<Item = &[u8]> {
        let found = self.tags.get(&tag).copied();
        let found = found.filter(|t| matches!(t.kind, STRING | STRING_ARRAY | I18N_STRING));
        let count = found.map_or(0, |t| t.count);
        let mut rest = found
            .and_then(|t| self.data.get(t.offset..))
            .unwrap_or_default();
        std::iter::from_fn(move || {
            let end = rest.iter().position(|byte| *byte == 0)?;
            let string = rest.get(..end)?;
            rest = rest.get(end.checked_add(1)?..)?;
            Some(string)
        })
        .take(count)
    }

    /// The first string of a tag, and where it stands.
    pub(super) fn string(&self, tag: u32) -> Option<(String, Span)> {
        let offset = u64::try_from(self.tags.get(&tag)?.offset).ok()?;
        let string = self.strings(tag).next()?;
        let start = self.data_at.checked_add(offset)?;
        let end = start.checked_add(u64::try_from(string.len()).ok()?)?;
        Some((String::from_utf8_lossy(string).into_owned(), start..end))
    }

    /// The numbers of a tag, whatever their width.
    pub(super) fn numbers(&self, tag: u32) -> Vec<u64> {
        let Some(found) = self.tags.get(&tag) else {
            return Vec::new();
        };
        let bytes = |width: usize| {
            let end = found
                .count
                .saturating_mul(width)
                .saturating_add(found.offset);
            self.data.get(found.offset..end).unwrap_or_default()
        };
        match found.kind {
            INT16 => {
                let (words, _) = bytes(2).as_chunks::<2>();
                words
                    .iter()
                    .map(|w| u64::from(u16::from_be_bytes(*w)))
                    .collect()
            }
            INT32 => {
                let (words, _) = bytes(4).as_chunks::<4>();
                words
                    .iter()
                    .map(|w| u64::from(u32::from_be_bytes(*w)))
                    .collect()
            }
            INT64 => {
                let (words, _) = bytes(8).as_chunks::<8>();
                words.iter().map(|w| u64::from_be_bytes(*w)).collect()
            }
            _ => Vec::new(),
        }
    }
}

fn bounded(value: u32, what: &'static str, limit: usize) -> Result<usize, Error> {
    let value = usize::try_from(value).unwrap_or(usize::MAX);
    if value > limit {
        return Err(Exceeded::Count { what, limit }.into());
    }
    Ok(value)
}
