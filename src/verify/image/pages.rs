//! Page hashes: a digest of the header page and of every page of raw data, which the kernel checks as it maps them.
//!
//! No public specification; the rules are what signtool writes. The table is `{u32 file offset, digest}` for each page in the
//! order of the section table, and a last entry with the offset where the last section ends and a digest of zeros.

use crate::model::cms::PageHashes;
use crate::model::digest::DigestAlgorithm;
use crate::model::extract::{PageLayout, Piece, Span};
use crate::model::signature::PageHashVerdict;
use crate::verify::digest::Hasher;
use crate::verify::image::coverage::{Covered, ascend, pad};
use crate::verify::image::{Chunk, Error};

/// SpcPeImagePageHashes, version 1 (SHA-1) and version 2 (SHA-256).
const VERSION_1: &str = "1.3.6.1.4.1.311.2.3.1";
const VERSION_2: &str = "1.3.6.1.4.1.311.2.3.2";
/// Mismatches kept; where there are more, it is another file.
const MAX_MISMATCHES: usize = 16;

/// Pages compared with their table while the file passes.
#[derive(Debug)]
pub(super) struct Pages<'a> {
    algorithm: DigestAlgorithm,
    /// The comparison, or why there can be none.
    state: Result<Comparison<'a>, &'static str>,
}

impl<'a> Pages<'a> {
    pub(super) fn new(
        layout: Option<&'a PageLayout>,
        hashes: &'a PageHashes,
        size: u64,
    ) -> Result<Self, Error> {
        let known = |dotted| hashes.kind.is(dotted);
        let algorithm = if known(VERSION_1) {
            DigestAlgorithm::Sha1
        } else {
            DigestAlgorithm::Sha256
        };
        let state = if !known(VERSION_1) && !known(VERSION_2) {
            Err("the kind of page hashes is unknown")
        } else {
            match (layout, Hasher::new(algorithm)) {
                (Some(layout), Some(fresh)) => Ok(Comparison::new(
                    layout,
                    &hashes.table,
                    algorithm,
                    fresh,
                    size,
                )?),
                (None, _) | (_, None) => Err("the image cannot be cut into pages"),
            }
        };
        Ok(Self { algorithm, state })
    }

    pub(super) fn take(&mut self, chunk: Chunk<'_>) {
        if let Ok(comparison) = &mut self.state {
            comparison.take(chunk);
        }
    }

    pub(super) fn finish(self) -> PageHashVerdict {
        let (pages, mismatches, malformed) = match self.state {
            Ok(comparison) => comparison.finish(),
            Err(why) => (0, Vec::new(), Some(why.to_owned())),
        };
        PageHashVerdict {
            algorithm: self.algorithm,
            pages,
            mismatches,
            malformed,
        }
    }
}

#[derive(Debug)]
struct Comparison<'a> {
    table: Table<'a>,
    page_size: u64,
    header: Covered<'a>,
    /// Raw data by file offset, each with the number of its first page.
    sections: Vec<(Span, usize)>,
    /// Index of the first section that is not yet passed.
    next: usize,
    page: Option<Page>,
    fresh: Hasher,
    pages: usize,
    /// Where the last section of the section table ends.
    end: u64,
}

/// The page being hashed.
#[derive(Debug)]
struct Page {
    number: usize,
    offset: u64,
    missing: u64,
    hasher: Hasher,
}

impl<'a> Comparison<'a> {
    fn new(
        layout: &'a PageLayout,
        table: &'a [u8],
        algorithm: DigestAlgorithm,
        fresh: Hasher,
        size: u64,
    ) -> Result<Self, Error> {
        let page_size = u64::from(layout.page_size.max(1));
        // The header page comes first.
        let mut pages = 1usize;
        let mut sections = Vec::new();
        for raw in &layout.sections {
            sections.push((raw.clone(), pages));
            let count = raw.end.saturating_sub(raw.start).div_ceil(page_size);
            pages = pages.saturating_add(usize::try_from(count).unwrap_or(usize::MAX));
        }
        sections.sort_by_key(|(raw, _)| raw.start);
        let raws = sections.iter().map(|(raw, _)| Piece::Span(raw.clone()));
        if !ascend(&raws.collect::<Vec<_>>(), size) || !ascend(&layout.header, size) {
            return Err(Error::Coverage);
        }
        let spans = layout.header.iter().filter_map(|piece| match piece {
            Piece::Span(span) => Some(span.end),
            Piece::Bytes(_) | Piece::Zeros(_) => None,
        });
        let headers_end = spans.max().unwrap_or_default();
        Ok(Self {
            table: Table::new(table, algorithm),
            page_size,
            header: Covered::new(&layout.header, algorithm),
            sections,
            next: 0,
            page: None,
            fresh,
            pages,
            end: layout.sections.last().map_or(headers_end, |raw| raw.end),
        })
    }

    fn take(&mut self, chunk: Chunk<'_>) {
        self.header.take(chunk);
        while let Some((section, first)) = self.sections.get(self.next).cloned() {
            let at = chunk.offset.max(section.start);
            self.hash(chunk.within(&section), at, &section, first);
            if section.end > chunk.end() {
                return;
            }
            self.close();
            self.next = self.next.saturating_add(1);
        }
    }

    /// Hashes `data`, which stands at `at` in `section`, page by page.
    fn hash(&mut self, data: &[u8], at: u64, section: &Span, first: usize) {
        let (mut data, mut at) = (data, at);
        while !data.is_empty() {
            let before = at.saturating_sub(section.start).checked_div(self.page_size);
            let page = self.page.get_or_insert_with(|| Page {
                number: usize::try_from(before.unwrap_or(0))
                    .map_or(usize::MAX, |before| first.saturating_add(before)),
                offset: at,
                missing: self.page_size,
                hasher: self.fresh.clone(),
            });
            let room = usize::try_from(page.missing).unwrap_or(usize::MAX);
            let (now, rest) = data.split_at(room.min(data.len()));
            page.hasher.update(now);
            let taken = u64::try_from(now.len()).unwrap_or(u64::MAX);
            page.missing = page.missing.saturating_sub(taken);
            at = at.saturating_add(taken);
            data = rest;
            if page.missing == 0 {
                self.close();
            }
        }
    }

    /// Fills the page up with zeros and compares it.
    fn close(&mut self) {
        if let Some(mut page) = self.page.take() {
            pad(&mut page.hasher, page.missing);
            self.table
                .compare(page.number, page.offset, &page.hasher.finish());
        }
    }

    fn finish(mut self) -> (usize, Vec<u64>, Option<String>) {
        if let Some(digest) = self.header.finish() {
            self.table.compare(0, 0, &digest);
        }
        let malformed = self.table.malformed(self.pages, self.end);
        self.table.mismatches.sort_unstable();
        (self.pages, self.table.mismatches, malformed)
    }
}

#[derive(Debug)]
struct Table<'a> {
    bytes: &'a [u8],
    digest_len: usize,
    mismatches: Vec<u64>,
}

impl<'a> Table<'a> {
    fn new(bytes: &'a [u8], algorithm: DigestAlgorithm) -> Self {
        Self {
            bytes,
            digest_len: algorithm.output_len(),
            mismatches: Vec::new(),
        }
    }

    fn entry_len(&self) -> usize {
        self.digest_len.saturating_add(4)
    }

    /// Entry `number`: offset and digest.
    fn entry(&self, number: usize) -> Option<(u64, &'a [u8])> {
        let entry = self.bytes.get(number.checked_mul(self.entry_len())?..)?;
        let (offset, rest) = entry.split_first_chunk::<4>()?;
        let digest = rest.get(..self.digest_len)?;
        Some((u64::from(u32::from_le_bytes(*offset)), digest))
    }

    fn compare(&mut self, number: usize, offset: u64, digest: &[u8]) {
        let same = self.entry(number) == Some((offset, digest));
        if !same && self.mismatches.len() < MAX_MISMATCHES {
            self.mismatches.push(offset);
        }
    }

    /// What is wrong with the table as a whole, where the image has `pages` pages and its last section ends at `end`.
    fn malformed(&self, pages: usize, end: u64) -> Option<String> {
        let wanted = pages.saturating_add(1);
        if self.bytes.len() != wanted.saturating_mul(self.entry_len()) {
            return Some(format!(
                "the table has {} bytes where {wanted} entries have {}",
                self.bytes.len(),
                wanted.saturating_mul(self.entry_len())
            ));
        }
        match self.entry(pages) {
            Some((offset, digest)) if offset == end && digest.iter().all(|b| *b == 0) => None,
            _ => Some(format!(
                "the table does not end with offset {end} and a digest of zeros"
            )),
        }
    }
}
