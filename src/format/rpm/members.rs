//! Members by the header's list, and the payload held to it.

use crate::base::blob::ReadAt;
use crate::base::budget::Budget;
use crate::format::codec::Coding;
use crate::format::cpio::{Record, fill, names, next, path};
use crate::format::rpm::files::{File, files};
use crate::format::rpm::findings::RPM_PAYLOAD_DIFFERS;
use crate::format::rpm::layout::Layout;
use crate::format::rpm::payload::{Body, Stream, coding};
use crate::format::{Content, Entry, Error, Inside, Kind, Out};
use crate::model::extract::Span;
use crate::model::finding::Finding;

/// Bytes of the payload that tell how it is coded.
const HEAD: u64 = 16;

/// The members, listed.
#[derive(Debug)]
pub(super) struct Members {
    entries: Vec<Entry>,
    files: Vec<File>,
    /// Entry of each file that has one.
    entry_of: Vec<Option<usize>>,
    /// Files by name.
    by_name: Vec<usize>,
    payload: Span,
    coding: Option<Coding>,
    findings: Vec<Finding>,
}

impl Members {
    pub(super) fn list(blob: &dyn ReadAt, budget: &Budget<'_>) -> Result<Self, Error> {
        let layout = Layout::read(blob)?;
        let files = files(&layout.header, budget)?;
        let payload = layout.payload;
        let start = payload.start;
        let head = blob
            .read_range(start..payload.end.min(start.saturating_add(HEAD)))
            .map_err(Error::read(start))?;
        let coding = coding(&head);
        let mut entries = Vec::new();
        let mut entry_of = Vec::new();
        for file in &files {
            entry_of.push(file.present.then_some(entries.len()));
            if file.present {
                entries.push(entry(file, coding));
            }
        }
        let mut by_name: Vec<usize> = (0..files.len()).collect();
        by_name.sort_by(|a, b| name(&files, *a).cmp(name(&files, *b)));
        let findings = names(&entries, &payload);
        Ok(Self {
            entries,
            files,
            entry_of,
            by_name,
            payload,
            coding,
            findings,
        })
    }

    /// The file that a record is of.
    fn file(&self, record: &Record) -> Option<usize> {
        match record {
            Record::Indexed(index) => usize::try_from(*index).ok(),
            Record::Named(header) => {
                let wanted = header.name.strip_prefix(b".").unwrap_or(&header.name);
                let wanted = wanted.strip_prefix(b"/").unwrap_or(&header.name);
                let by = |file: &usize| name(&self.files, *file).cmp(wanted);
                let found = self.by_name.binary_search_by(by).ok()?;
                self.by_name.get(found).copied()
            }
            Record::Trailer => None,
        }
    }
}

fn name(files: &[File], nth: usize) -> &[u8] {
    files
        .get(nth)
        .map(|f| f.name.as_slice())
        .unwrap_or_default()
}

fn entry(file: &File, coding: Option<Coding>) -> Entry {
    Entry {
        path: path(&file.name),
        size: Some(file.size),
        kind: file.kind,
        content: match coding {
            Some(_) => Content::Coded,
            None => Content::Unreadable("payload of an unknown coding".into()),
        },
    }
}

impl Inside for Members {
    fn entries(&self) -> &[Entry] {
        &self.entries
    }

    fn blocks(&self) -> usize {
        usize::from(self.coding.is_some() && !self.entries.is_empty())
    }

    fn findings(&self) -> &[Finding] {
        &self.findings
    }

    fn decode(
        &self,
        blob: &dyn ReadAt,
        _: usize,
        budget: &Budget<'_>,
        out: &mut dyn Out,
    ) -> Result<(), Error> {
        let Some(coding) = self.coding else {
            return Ok(());
        };
        let start = self.payload.start;
        let differs = |message: String| Error::malformed(&RPM_PAYLOAD_DIFFERS, start, message);
        let mut stream = Stream::open(coding, blob, &self.payload, budget)?;
        let mut seen = vec![false; self.files.len()];
        loop {
            let record = next(&mut stream)?;
            if record == Record::Trailer {
                break;
            }
            let nth = self.file(&record);
            let found = nth.and_then(|nth| {
                Some((
                    self.files.get(nth)?,
                    (*self.entry_of.get(nth)?)?,
                    seen.get_mut(nth)?,
                ))
            });
            let Some((file, index, seen)) = found else {
                return Err(differs(
                    "the payload has a file that the header does not list".into(),
                ));
            };
            let size = match &record {
                Record::Named(header) => header.size,
                Record::Indexed(_) | Record::Trailer => file.in_payload,
            };
            if *seen || size != file.in_payload {
                return Err(differs(format!(
                    "the payload has {} twice or with another size than the header lists",
                    path(&file.name)
                )));
            }
            *seen = true;
            let mut body = Body::new(&mut stream, size);
            if file.kind == Kind::File && out.wants(index) {
                let taken = out.member(index, &mut body);
                body.fault()?;
                taken?;
            }
            body.finish()?;
            stream.pass(fill(size))?;
        }
        if !stream.end()? {
            return Err(differs(
                "data follows the last record of the payload".into(),
            ));
        }
        for (file, seen) in self.files.iter().zip(&seen) {
            if file.present && file.kind == Kind::File && !seen {
                return Err(differs(format!(
                    "the header lists {}, which the payload does not have",
                    path(&file.name)
                )));
            }
        }
        Ok(())
    }
}
