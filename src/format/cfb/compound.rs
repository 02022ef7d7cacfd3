//! A compound file, read: its tree, and where in the file each stream stands.

use crate::base::blob::ReadAt;
use crate::base::budget::Budget;
use crate::format::cfb::Odd;
use crate::format::cfb::directory::{self, Found};
use crate::format::cfb::findings::{SECTOR_CHAIN_LOOP, SECTOR_IN_TWO_CHAINS};
use crate::format::cfb::header::{CUTOFF, Header};
use crate::format::cfb::sectors::{END, FREE, Left, Sectors, join, limit, outside, words};
use crate::format::error::Error;
use crate::model::extract::Span;

/// Bytes of a sector of the mini stream.
const MINI: u64 = 64;
/// Sectors of the mini stream: each entry of the directory can have 64 of them below the cutoff.
const MAX_MINI: u64 = directory::MAX_ENTRIES * 64;
/// Pieces of all streams together; writers lay streams out in one piece or a few.
pub(super) const MAX_PIECES: u64 = 1 << 20;

/// What an entry of the directory is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::format) enum Kind {
    Root,
    Storage,
    Stream,
}

/// An entry of the directory.
#[derive(Debug, Clone)]
pub(in crate::format) struct Node {
    /// Where it stands in the file.
    pub(in crate::format) entry: u64,
    pub(in crate::format) name: Vec<u16>,
    pub(in crate::format) kind: Kind,
    pub(in crate::format) clsid: [u8; 16],
    pub(in crate::format) state: u32,
    /// FILETIMEs as stored.
    pub(in crate::format) created: [u8; 8],
    pub(in crate::format) modified: [u8; 8],
    /// Bytes of the stream.
    pub(in crate::format) size: u64,
    /// Where its bytes stand in the file, in their order.
    pub(in crate::format) spans: Vec<Span>,
    pub(in crate::format) parent: usize,
    /// The root has 0.
    pub(in crate::format) depth: u64,
    /// By the octets of their names in UTF-16LE, as signatures walk them.
    pub(in crate::format) children: Vec<usize>,
}

impl Node {
    /// Where its class stands in the file.
    pub(in crate::format) fn clsid_span(&self) -> Span {
        self.entry.saturating_add(80)..self.entry.saturating_add(96)
    }

    /// Its name, for people.
    pub(in crate::format) fn text(&self) -> String {
        String::from_utf16_lossy(&self.name)
    }

    pub(in crate::format) fn is_named(&self, name: &str) -> bool {
        name.encode_utf16().eq(self.name.iter().copied())
    }
}

/// A compound file.
#[derive(Debug)]
pub(in crate::format) struct Compound {
    /// Parents before their children; the root is the first.
    pub(in crate::format) nodes: Vec<Node>,
    /// What belongs to no stream and to no structure, where it stands inside.
    pub(super) slack: Vec<Span>,
    /// … and behind the last sector that belongs to anything.
    pub(super) behind: Span,
    pub(super) odd: Vec<Odd>,
}

impl Compound {
    /// Reads the structures; of the streams only where they are.
    pub(in crate::format) fn read(blob: &dyn ReadAt, budget: &Budget<'_>) -> Result<Self, Error> {
        let mut odd = Vec::new();
        let mut slack = Vec::new();
        let header = Header::read(blob, &mut odd)?;
        let mut sectors = Sectors::read(blob, &header, budget, &mut odd)?;
        let mut found = directory::read(blob, &header, &mut sectors, budget, &mut odd, &mut slack)?;
        let mut mini = Mini::read(blob, &header, &mut sectors, found.first(), budget, &mut odd)?;
        let mut pieces = 0u64;
        for found in &mut found {
            budget.check_time()?;
            if found.node.kind != Kind::Stream {
                continue;
            }
            found.node.spans = stream(found, &mut sectors, &mut mini, &mut slack)?;
            pieces =
                pieces.saturating_add(u64::try_from(found.node.spans.len()).unwrap_or(u64::MAX));
            if pieces > MAX_PIECES {
                return Err(limit("pieces of streams", MAX_PIECES).into());
            }
        }
        mini.left(&mut slack, &mut odd);
        let Left { between, behind } = sectors.left(&mut odd);
        slack.extend(between);
        slack.retain(|span| !span.is_empty());
        slack.sort_by_key(|span| span.start);
        Ok(Self {
            nodes: found.into_iter().map(|found| found.node).collect(),
            slack,
            behind,
            odd,
        })
    }

    pub(in crate::format) fn root(&self) -> Option<&Node> {
        self.nodes.first()
    }

    /// What stands directly in the storage at `place`.
    pub(in crate::format) fn children(&self, place: usize) -> impl Iterator<Item = (usize, &Node)> {
        let children = self.nodes.get(place).map(|node| &node.children[..]);
        let children = children.unwrap_or_default().iter();
        children.filter_map(|at| Some((*at, self.nodes.get(*at)?)))
    }

    /// The entry of this name directly in the storage at `place`.
    pub(in crate::format) fn find(&self, place: usize, name: &str) -> Option<(usize, &Node)> {
        self.children(place).find(|(_, node)| node.is_named(name))
    }

    /// The bytes of a stream of at most `most`; `None` where it is longer.
    pub(in crate::format) fn bytes(
        &self,
        blob: &dyn ReadAt,
        node: &Node,
        most: u64,
    ) -> Result<Option<Vec<u8>>, Error> {
        if node.size > most {
            return Ok(None);
        }
        let mut bytes = Vec::new();
        for span in &node.spans {
            let read = blob.read_range(span.clone());
            bytes.append(&mut read.map_err(Error::read(span.start))?);
        }
        Ok(Some(bytes))
    }
}

/// Where a stream stands. What its last sector has behind its end goes to `slack`.
fn stream(
    found: &Found,
    sectors: &mut Sectors,
    mini: &mut Mini,
    slack: &mut Vec<Span>,
) -> Result<Vec<Span>, Error> {
    let (size, named) = (found.node.size, found.node.entry.saturating_add(116));
    let all = if size == 0 {
        // Writers put 0 or the end of a chain there: there is none to follow.
        Vec::new()
    } else if size < u64::from(CUTOFF) {
        mini.chain(found.start, size, named)?
    } else {
        let mut all = Vec::new();
        for sector in sectors.chain(found.start, named)? {
            join(&mut all, sectors.at(sector));
        }
        pieces(&all)?;
        all
    };
    cut(all, size, slack).map_err(|there| {
        let message = format!("a stream has {size} bytes, and its sectors hold {there}");
        outside(named, message)
    })
}

fn pieces(spans: &[Span]) -> Result<(), Error> {
    match u64::try_from(spans.len()) {
        Ok(count) if count <= MAX_PIECES => Ok(()),
        _ => Err(limit("pieces of streams", MAX_PIECES).into()),
    }
}

/// The first `size` bytes of `spans`; the rest goes to `slack`. Fails with how many bytes there are where these are fewer.
fn cut(spans: Vec<Span>, size: u64, slack: &mut Vec<Span>) -> Result<Vec<Span>, u64> {
    let mut left = size;
    let mut used = Vec::new();
    for span in spans {
        let len = span.end.saturating_sub(span.start).min(left);
        let end = span.start.saturating_add(len);
        if len > 0 {
            used.push(span.start..end);
        }
        if end < span.end {
            slack.push(end..span.end);
        }
        left = left.saturating_sub(len);
    }
    if left > 0 {
        return Err(size.saturating_sub(left));
    }
    Ok(used)
}

/// The mini stream: sectors of 64 bytes for short streams, with a table of their own (sections 2.4 and 2.6.3).
#[derive(Debug)]
struct Mini {
    /// Where the mini stream stands.
    spans: Vec<Span>,
    /// How many bytes of it each span has before it.
    before: Vec<u64>,
    /// Bytes that stand in its sectors.
    len: u64,
    next: Vec<u32>,
    taken: Vec<bool>,
    /// Where its table starts.
    table: Span,
}

impl Mini {
    fn read(
        blob: &dyn ReadAt,
        header: &Header,
        sectors: &mut Sectors,
        root: Option<&Found>,
        budget: &Budget<'_>,
        odd: &mut Vec<Odd>,
    ) -> Result<Self, Error> {
        let mut mini = Self {
            spans: Vec::new(),
            before: Vec::new(),
            len: 0,
            next: Vec::new(),
            taken: Vec::new(),
            table: 60..64,
        };
        if let Some(root) = root.filter(|root| root.node.size > 0) {
            let named = root.node.entry.saturating_add(116);
            let chain = sectors.chain(root.start, named)?;
            for sector in chain {
                join(&mut mini.spans, sectors.at(sector));
            }
            pieces(&mini.spans)?;
            for span in &mini.spans {
                mini.before.push(mini.len);
                mini.len = mini.len.saturating_add(span.end.saturating_sub(span.start));
            }
            if root.node.size > mini.len {
                let message = format!(
                    "the mini stream has {} bytes, and its sectors hold {}",
                    root.node.size, mini.len
                );
                return Err(outside(named, message));
            }
            if !root.node.size.is_multiple_of(MINI) {
                odd.push(Odd {
                    span: named.saturating_add(4)..named.saturating_add(12),
                    what: "the length of the mini stream is no multiple of 64",
                });
            }
            mini.len = root.node.size;
        }
        if mini.len.div_ceil(MINI) > MAX_MINI {
            return Err(limit("sectors of the mini stream", MAX_MINI).into());
        }
        let count = usize::try_from(mini.len.div_ceil(MINI)).unwrap_or_default();
        mini.taken = vec![false; count];
        let table = match header.first_mini_fat {
            END | FREE => Vec::new(),
            first => sectors.chain(first, 60)?,
        };
        if u32::try_from(table.len()) != Ok(header.mini_fat_sectors) {
            odd.push(Odd {
                span: 64..68,
                what: "the header counts other sectors of the mini stream's table than there are",
            });
        }
        let mut beyond = None;
        for sector in table {
            budget.check_time()?;
            let at = sectors.at(sector);
            for entry in words(&sectors.whole(blob, sector)?) {
                if mini.next.len() < count {
                    mini.next.push(entry);
                } else if entry != FREE && entry != END {
                    // Signers close the table with one end of a chain more than there are chains.
                    beyond.get_or_insert(at.clone());
                }
            }
            mini.table = at;
        }
        if let Some(span) = beyond {
            odd.push(Odd {
                span,
                what: "the mini stream's table goes on behind its end",
            });
        }
        Ok(mini)
    }

    /// Where a sector of the mini stream stands.
    fn at(&self, sector: u64) -> Option<Span> {
        let offset = sector.checked_mul(MINI)?;
        let place = self.before.partition_point(|before| *before <= offset);
        let place = place.checked_sub(1)?;
        let (span, before) = (self.spans.get(place)?, self.before.get(place)?);
        let start = span.start.checked_add(offset.checked_sub(*before)?)?;
        let end = start.checked_add(MINI)?.min(span.end);
        (start < end).then_some(start..end)
    }

    fn chain(&mut self, first: u32, size: u64, named: u64) -> Result<Vec<Span>, Error> {
        let mut spans = Vec::new();
        let mut chain = Vec::new();
        let mut next = first;
        while next != END {
            let place = usize::try_from(next).ok();
            let taken = place.and_then(|at| self.taken.get_mut(at));
            let (Some(taken), Some(following)) =
                (taken, place.and_then(|at| self.next.get(at)).copied())
            else {
                let message = format!(
                    "a stream of {size} bytes names mini sector {next}, which is not there"
                );
                return Err(outside(named, message));
            };
            if *taken {
                return Err(twice(chain.contains(&next), next, self.table.start));
            }
            *taken = true;
            chain.push(next);
            if let Some(span) = self.at(u64::from(next)) {
                join(&mut spans, span);
            }
            next = following;
        }
        Ok(spans)
    }

    /// Sectors that no stream has.
    fn left(&self, slack: &mut Vec<Span>, odd: &mut Vec<Odd>) {
        let mut spans = Vec::new();
        let mut lost = false;
        for (sector, taken) in (0u64..).zip(&self.taken) {
            if *taken {
                continue;
            }
            if let Some(span) = self.at(sector) {
                join(&mut spans, span);
            }
            let place = usize::try_from(sector).ok();
            lost |= place.and_then(|at| self.next.get(at)) != Some(&FREE);
        }
        if lost {
            odd.push(Odd {
                span: self.table.clone(),
                what: "mini sectors are marked as used and belong to nothing",
            });
        }
        // What the last sector of the mini stream has behind its end.
        let mut before = self.len.div_ceil(MINI).saturating_mul(MINI);
        for span in &self.spans {
            let len = span.end.saturating_sub(span.start);
            spans.push(span.start.saturating_add(before.min(len))..span.end);
            before = before.saturating_sub(len);
        }
        slack.append(&mut spans);
    }
}

fn twice(own: bool, sector: u32, at: u64) -> Error {
    let definition = if own {
        &SECTOR_CHAIN_LOOP
    } else {
        &SECTOR_IN_TWO_CHAINS
    };
    let message = format!("mini sector {sector} is reached twice");
    Error::malformed(definition, at, message)
}
