//! Streams as members. Those in one piece stand in the file as they are; those in several are put together.

use std::io::{self, Read};

use crate::base::blob::ReadAt;
use crate::base::budget::Budget;
use crate::format::cfb::{Compound, Kind, Node, package};
use crate::format::error::Error;
use crate::format::inside::{self, Content, Entry, Inside, Out};
use crate::model::extract::Span;

/// The streams of a compound file.
#[derive(Debug)]
pub(in crate::format) struct Streams {
    entries: Vec<Entry>,
    /// Streams in several pieces: their place among the entries, and the pieces.
    scattered: Vec<(usize, Vec<Span>)>,
}

pub(super) fn open(
    blob: &dyn ReadAt,
    budget: &Budget<'_>,
) -> Result<Option<Box<dyn Inside>>, Error> {
    let compound = Compound::read(blob, budget)?;
    let streams = streams(blob, &compound, budget, |node| Some(node.text()))?;
    Ok(Some(Box::new(streams)))
}

/// Lists the streams, each entry by the name that `name` gives it; a stream without one is left out.
pub(in crate::format) fn streams(
    blob: &dyn ReadAt,
    compound: &Compound,
    budget: &Budget<'_>,
    name: impl Fn(&Node) -> Option<String>,
) -> Result<Streams, Error> {
    let mut out = Streams {
        entries: Vec::new(),
        scattered: Vec::new(),
    };
    // Parents stand before their children.
    let mut paths: Vec<String> = Vec::new();
    for node in &compound.nodes {
        let own = name(node);
        let mut path = String::new();
        if node.kind != Kind::Root {
            let above = paths.get(node.parent).map_or("", String::as_str);
            let shown = own.clone().unwrap_or_else(|| node.text());
            path = match above {
                "" => shown,
                above => format!("{above}/{shown}"),
            };
        }
        if node.kind == Kind::Stream && own.is_some() {
            budget.spend_members(1)?;
            out.push(path.clone(), node.size, &node.spans);
            if let Some(packed) = package::file(blob, compound, node)? {
                budget.spend_members(1)?;
                let path = format!("{path}/{}", packed.name);
                out.push(path, packed.size, &packed.spans);
            }
        }
        // Of a stream nothing else is below.
        paths.push(if node.kind == Kind::Stream {
            String::new()
        } else {
            path
        });
    }
    Ok(out)
}

impl Streams {
    fn push(&mut self, path: String, size: u64, spans: &[Span]) {
        let content = match spans {
            [] => Content::Stored(0..0),
            [one] => Content::Stored(one.clone()),
            several => {
                self.scattered.push((self.entries.len(), several.to_vec()));
                Content::Coded
            }
        };
        self.entries.push(Entry {
            path,
            size: Some(size),
            kind: inside::Kind::File,
            content,
        });
    }
}

impl Inside for Streams {
    fn entries(&self) -> &[Entry] {
        &self.entries
    }

    fn blocks(&self) -> usize {
        self.scattered.len()
    }

    fn decode(
        &self,
        blob: &dyn ReadAt,
        block: usize,
        budget: &Budget<'_>,
        out: &mut dyn Out,
    ) -> Result<(), Error> {
        let Some((index, spans)) = self.scattered.get(block) else {
            return Ok(());
        };
        if !out.wants(*index) {
            return Ok(());
        }
        let mut pieces = Pieces {
            blob,
            spans,
            done: 0,
            budget,
            failed: None,
        };
        let taken = out.member(*index, &mut pieces);
        pieces.failed.map_or(taken, Err)
    }
}

/// Reads pieces of a file in a row.
struct Pieces<'p> {
    blob: &'p dyn ReadAt,
    spans: &'p [Span],
    /// Bytes already read of the first span.
    done: u64,
    budget: &'p Budget<'p>,
    /// Why reading stopped, which `io::Error` cannot carry.
    failed: Option<Error>,
}

impl Read for Pieces<'_> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        while let [span, rest @ ..] = self.spans {
            let start = span.start.saturating_add(self.done);
            let left = usize::try_from(span.end.saturating_sub(start)).unwrap_or(usize::MAX);
            let len = left.min(buf.len());
            if left == 0 {
                self.spans = rest;
                self.done = 0;
                continue;
            }
            let Some(buf) = buf.get_mut(..len) else {
                return Ok(0);
            };
            let count = u64::try_from(len).unwrap_or(u64::MAX);
            if let Err(error) = self.budget.spend_decoded(count) {
                self.failed = Some(error.into());
                return Err(io::Error::other(error));
            }
            if let Err(error) = self.blob.read_exact_at(start, buf) {
                let message = error.to_string();
                self.failed = Some(Error::Read {
                    offset: start,
                    message,
                });
                return Err(error);
            }
            self.done = self.done.saturating_add(count);
            return Ok(len);
        }
        Ok(0)
    }
}
