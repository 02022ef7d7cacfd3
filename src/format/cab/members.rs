//! The members of a cabinet: a folder is what is decoded together, so it is one block.

use std::io::{self, Read};

use crate::base::blob::ReadAt;
use crate::base::budget::Budget;
use crate::format::cab::findings::CAB_MEMBERS_OVERLAP;
use crate::format::cab::folder::{Method, Stream};
use crate::format::cab::layout::{self, Header};
use crate::format::error::Error;
use crate::format::{Content, Entry, Inside, Kind, Out};
use crate::model::extract::Span;
use crate::model::finding::{Finding, Status};

/// Values of iFolder for files that reach over the end of a cabinet (MS-CAB section 2.5).
const FROM_PREVIOUS: u16 = 0xfffd;
const TO_NEXT: u16 = 0xfffe;
const FROM_PREVIOUS_TO_NEXT: u16 = 0xffff;

/// A cabinet, opened.
#[derive(Debug)]
pub(super) struct Cabinet {
    entries: Vec<Entry>,
    folders: Vec<Folder>,
    findings: Vec<Finding>,
}

/// What is decoded together.
#[derive(Debug)]
pub(super) struct Folder {
    /// Where its data blocks may stand: no folder reaches into the next one's, so what decoding costs is bounded by the file.
    pub(super) data: Span,
    /// cCFData.
    pub(super) blocks: u16,
    pub(super) method: Result<Method, String>,
    /// Bytes reserved in each data block.
    pub(super) reserve: u8,
    /// Members, ascending.
    parts: Vec<Part>,
}

/// One member in a decoded folder.
#[derive(Debug)]
struct Part {
    start: u64,
    size: u64,
    entry: usize,
}

impl Cabinet {
    pub(super) fn read(blob: &dyn ReadAt, budget: &Budget<'_>) -> Result<Self, Error> {
        let header = Header::read(blob)?;
        budget.spend_members(u64::from(header.files))?;
        let mut folders = folders(&header, &header.read_folders(blob)?);
        let mut entries = Vec::new();
        let mut begun_elsewhere = false;
        for (number, file) in header.read_files(blob)?.into_iter().enumerate() {
            begun_elsewhere |= matches!(file.folder, FROM_PREVIOUS | FROM_PREVIOUS_TO_NEXT);
            let content = place(&file, number, &header, &mut folders);
            entries.push(Entry {
                path: file.path,
                size: Some(u64::from(file.size)),
                kind: Kind::File,
                content,
            });
        }
        if let Some(first) = folders.first_mut().filter(|_| begun_elsewhere) {
            let why = format!("its folder begins in {}", named(header.previous.as_ref()));
            first.give_up(&why, &mut entries);
        }
        let mut findings = Vec::new();
        for folder in &mut folders {
            findings.extend(folder.sort(&mut entries));
        }
        Ok(Self {
            entries,
            folders,
            findings,
        })
    }
}

impl Inside for Cabinet {
    fn entries(&self) -> &[Entry] {
        &self.entries
    }

    fn blocks(&self) -> usize {
        self.folders.len()
    }

    fn decode(
        &self,
        blob: &dyn ReadAt,
        block: usize,
        budget: &Budget<'_>,
        out: &mut dyn Out,
    ) -> Result<(), Error> {
        let Some(folder) = self.folders.get(block) else {
            return Ok(());
        };
        let Ok(method) = &folder.method else {
            return Ok(());
        };
        let mut stream = Stream::new(blob, folder, *method, budget);
        for part in &folder.parts {
            if !out.wants(part.entry) {
                continue;
            }
            stream.skip_to(part.start)?;
            let mut content = Member {
                stream: &mut stream,
                left: part.size,
                fault: None,
            };
            let taken = out.member(part.entry, &mut content);
            match content.fault {
                Some(fault) => return Err(fault),
                None => taken?,
            }
        }
        Ok(())
    }

    fn findings(&self) -> &[Finding] {
        &self.findings
    }
}

/// The content of one member; keeps the reason why it ended early.
struct Member<'s, 'a> {
    stream: &'s mut Stream<'a>,
    left: u64,
    fault: Option<Error>,
}

impl Read for Member<'_, '_> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let wanted = usize::try_from(self.left).map_or(buf.len(), |left| left.min(buf.len()));
        let buf = buf.get_mut(..wanted).unwrap_or_default();
        if buf.is_empty() {
            return Ok(0);
        }
        match self.stream.take(buf) {
            Ok(read) => {
                let read_64 = u64::try_from(read).unwrap_or(u64::MAX);
                self.left = self.left.saturating_sub(read_64);
                Ok(read)
            }
            Err(error) => {
                let message = error.to_string();
                self.fault = Some(error);
                Err(io::Error::new(io::ErrorKind::InvalidData, message))
            }
        }
    }
}

/// Each folder's data ends where the next one's begins.
fn folders(header: &Header, table: &[layout::Folder]) -> Vec<Folder> {
    let mut starts: Vec<u64> = table.iter().map(|folder| folder.start).collect();
    starts.sort_unstable();
    table
        .iter()
        .map(|folder| {
            let next = starts.partition_point(|start| *start <= folder.start);
            let end = starts.get(next).copied().unwrap_or(header.size);
            let shared = starts
                .get(next.saturating_sub(2)..next)
                .is_some_and(|pair| pair == [folder.start; 2]);
            Folder {
                data: folder.start..end.min(header.size),
                blocks: folder.blocks,
                method: if shared && folder.blocks > 0 {
                    Err("its folder shares data with another".into())
                } else {
                    Method::of(folder.method)
                },
                reserve: header.reserve.as_ref().map_or(0, |r| r.data),
                parts: Vec::new(),
            }
        })
        .collect()
}

/// Where the content of a file is, which its folder takes note of.
fn place(file: &layout::File, number: usize, header: &Header, folders: &mut [Folder]) -> Content {
    let neighbour = match file.folder {
        FROM_PREVIOUS => Some(header.previous.as_ref()),
        TO_NEXT | FROM_PREVIOUS_TO_NEXT => Some(header.next.as_ref()),
        _ => None,
    };
    if let Some(neighbour) = neighbour {
        return Content::Unreadable(format!("a part of it is in {}", named(neighbour)));
    }
    let Some(folder) = folders.get_mut(usize::from(file.folder)) else {
        return Content::Unreadable(format!("it is in folder {}, which is missing", file.folder));
    };
    match &folder.method {
        Err(why) => Content::Unreadable(why.clone()),
        Ok(_) => {
            folder.parts.push(Part {
                start: u64::from(file.start),
                size: u64::from(file.size),
                entry: number,
            });
            Content::Coded
        }
    }
}

fn named(cabinet: Option<&String>) -> String {
    cabinet.map_or_else(
        || "another cabinet of the set".to_owned(),
        |name| format!("another cabinet of the set, {name}"),
    )
}

impl Folder {
    fn give_up(&mut self, why: &str, entries: &mut [Entry]) {
        self.method = Err(why.to_owned());
        for part in self.parts.drain(..) {
            unreadable(entries, part.entry, why);
        }
    }

    /// Puts the members in the order they are decoded in. Only the first of those that share data is decoded, or a few bytes would
    /// come out as 65,535 files.
    fn sort(&mut self, entries: &mut [Entry]) -> Option<Finding> {
        self.parts.sort_by_key(|part| (part.start, part.entry));
        let mut reached = 0;
        let mut shared = 0usize;
        self.parts.retain(|part| {
            let overlaps = part.start < reached && part.size > 0;
            if overlaps {
                shared = shared.saturating_add(1);
                unreadable(entries, part.entry, "it shares data with another member");
            } else if part.size > 0 {
                reached = part.start.saturating_add(part.size);
            }
            !overlaps
        });
        // Empty members come out wherever they say they stand.
        for part in self.parts.iter_mut().filter(|part| part.size == 0) {
            part.start = 0;
        }
        self.parts.sort_by_key(|part| (part.start, part.entry));
        if shared == 0 {
            return None;
        }
        let message = format!("{shared} members share data with others and were not examined");
        Some(Finding::new(&CAB_MEMBERS_OVERLAP, Status::Review, message))
    }
}

fn unreadable(entries: &mut [Entry], number: usize, why: &str) {
    if let Some(entry) = entries.get_mut(number) {
        entry.content = Content::Unreadable(why.to_owned());
    }
}
