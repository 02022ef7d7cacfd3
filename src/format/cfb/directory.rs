//! The directory ([MS-CFB] section 2.6): entries of 128 bytes, siblings in a binary tree each.

use crate::base::blob::ReadAt;
use crate::base::budget::Budget;
use crate::format::cfb::findings::{COMPOUND_FILE_DIRECTORY, DIRECTORY_LOOP};
use crate::format::cfb::header::Header;
use crate::format::cfb::sectors::{Sectors, limit, outside};
use crate::format::cfb::{Kind, Node, Odd, u16_at, u32_at, u64_at};
use crate::format::error::Error;
use crate::model::extract::Span;

/// Bytes of an entry.
pub(super) const ENTRY: u64 = 128;
/// Entries in one directory; installers with a thousand files of their own stay below 5,000.
pub(super) const MAX_ENTRIES: u64 = 1 << 16;
/// Storages inside each other; documents in documents reach six.
pub(super) const MAX_DEPTH: u64 = 16;
/// No entry.
const NONE: u32 = 0xffff_ffff;

/// One entry as it stands in the file.
#[derive(Debug)]
struct Entry {
    offset: u64,
    bytes: Vec<u8>,
}

/// An entry of the tree with where its stream starts.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) node: Node,
    pub(super) start: u32,
}

impl Entry {
    fn long(&self, at: usize) -> u32 {
        u32_at(&self.bytes, at).unwrap_or_default()
    }

    fn span(&self) -> Span {
        self.offset..self.offset.saturating_add(ENTRY)
    }

    fn is_zero(&self, at: std::ops::Range<usize>) -> bool {
        let field = self.bytes.get(at).unwrap_or_default();
        field.iter().all(|b| *b == 0)
    }

    fn kind(&self) -> Option<Kind> {
        match self.bytes.get(66)? {
            1 => Some(Kind::Storage),
            2 => Some(Kind::Stream),
            5 => Some(Kind::Root),
            _ => None,
        }
    }

    fn malformed(&self, message: String) -> Error {
        Error::malformed(&COMPOUND_FILE_DIRECTORY, self.offset, message)
    }

    fn name(&self) -> Result<Vec<u16>, Error> {
        let len = usize::from(u16_at(&self.bytes, 64).unwrap_or_default());
        let units: Vec<u16> = self
            .bytes
            .get(..len)
            .filter(|_| (2..=64).contains(&len) && len.is_multiple_of(2))
            .map(|name| {
                let (units, _) = name.as_chunks::<2>();
                units.iter().map(|unit| u16::from_le_bytes(*unit)).collect()
            })
            .unwrap_or_default();
        match units.split_last() {
            Some((0, name)) if !name.contains(&0) => Ok(name.to_vec()),
            _ => Err(self.malformed(format!("an entry has a name of {len} bytes that is none"))),
        }
    }

    fn read(
        &self,
        parent: usize,
        depth: u64,
        version: u16,
        odd: &mut Vec<Odd>,
    ) -> Result<Found, Error> {
        let kind = self
            .kind()
            .ok_or_else(|| self.malformed("an entry of the tree is of no known kind".into()))?;
        let name = self.name()?;
        let mut size = u64_at(&self.bytes, 120).unwrap_or_default();
        if version == 3 {
            // "Parsers SHOULD ignore the most significant 32 bits" (section 2.6.1).
            size &= u64::from(u32::MAX);
        }
        self.note(kind, &name, version, odd);
        let field = |at: usize| {
            let field = self.bytes.get(at..).and_then(|rest| rest.first_chunk());
            field.copied().unwrap_or_default()
        };
        Ok(Found {
            start: self.long(116),
            node: Node {
                entry: self.offset,
                name,
                kind,
                clsid: self
                    .bytes
                    .get(80..)
                    .and_then(|rest| rest.first_chunk())
                    .copied()
                    .unwrap_or_default(),
                state: self.long(96),
                created: field(100),
                modified: field(108),
                size: if kind == Kind::Storage { 0 } else { size },
                spans: Vec::new(),
                parent,
                depth,
                children: Vec::new(),
            },
        })
    }

    /// Fields that locate nothing and have one right value for this kind of entry.
    fn note(&self, kind: Kind, name: &[u16], version: u16, odd: &mut Vec<Odd>) {
        let mut check = |right: bool, what: &'static str| {
            if !right {
                odd.push(Odd {
                    span: self.span(),
                    what,
                });
            }
        };
        let used = name.len().saturating_add(1).saturating_mul(2);
        check(self.is_zero(used..64), "an entry has bytes behind its name");
        check(
            self.bytes.get(67).is_some_and(|colour| *colour <= 1),
            "an entry has no colour",
        );
        check(
            version == 4 || self.is_zero(124..128),
            "a length in a file of version 3 has more than 32 bits",
        );
        match kind {
            Kind::Stream => {
                check(self.is_zero(80..96), "a stream has a class");
                check(self.is_zero(96..100), "a stream has state bits");
                check(self.is_zero(100..116), "a stream has times");
                check(self.long(76) == NONE, "a stream has children");
            }
            Kind::Storage => check(self.is_zero(116..128), "a storage has a length"),
            Kind::Root => {
                let right = "Root Entry".encode_utf16().eq(name.iter().copied());
                check(right, "the root has another name");
                check(self.is_zero(100..108), "the root has a creation time");
                check(
                    self.long(68) == NONE && self.long(72) == NONE,
                    "the root has siblings",
                );
            }
        }
    }
}

/// Reads the tree: the root first, every storage before what is in it, siblings in the order in which signatures walk them.
/// Entries that are in no tree and hold data go to `slack`.
pub(super) fn read(
    blob: &dyn ReadAt,
    header: &Header,
    sectors: &mut Sectors,
    budget: &Budget<'_>,
    odd: &mut Vec<Odd>,
    slack: &mut Vec<Span>,
) -> Result<Vec<Found>, Error> {
    let chain = sectors.chain(header.first_directory, 48)?;
    let per_sector = sectors.sector().checked_div(ENTRY).unwrap_or_default();
    let count = u64::try_from(chain.len()).map_or(u64::MAX, |n| n.saturating_mul(per_sector));
    if count > MAX_ENTRIES {
        return Err(limit("directory entries", MAX_ENTRIES).into());
    }
    if header.version == 4 && u32::try_from(chain.len()) != Ok(header.directory_sectors) {
        odd.push(Odd {
            span: 40..44,
            what: "the header counts other directory sectors than there are",
        });
    }
    let mut entries = Vec::new();
    for sector in chain {
        budget.check_time()?;
        let start = sectors.at(sector).start;
        let bytes = sectors.whole(blob, sector)?;
        let (chunks, _) = bytes.as_chunks::<128>();
        entries.extend((0u64..).zip(chunks).map(|(n, chunk)| Entry {
            offset: start.saturating_add(n.saturating_mul(ENTRY)),
            bytes: chunk.to_vec(),
        }));
    }
    let mut tree = Tree {
        seen: vec![false; entries.len()],
        entries: &entries,
        version: header.version,
    };
    let found = tree.walk(odd)?;
    let seen = tree.seen;
    for (entry, seen) in entries.iter().zip(seen) {
        if !seen && !is_blank(entry) {
            slack.push(entry.span());
        }
    }
    Ok(found)
}

/// Unused, and without what was there before it: the three references may be zero or none.
fn is_blank(entry: &Entry) -> bool {
    let references = [68, 72, 76].map(|at| entry.long(at));
    entry.is_zero(0..68)
        && entry.is_zero(80..128)
        && references.iter().all(|r| *r == 0 || *r == NONE)
}

struct Tree<'e> {
    entries: &'e [Entry],
    seen: Vec<bool>,
    version: u16,
}

impl Tree<'_> {
    fn walk(&mut self, odd: &mut Vec<Odd>) -> Result<Vec<Found>, Error> {
        let root = self.enter(0, 48)?;
        if root.kind() != Some(Kind::Root) {
            return Err(root.malformed("the first entry of the directory is no root".into()));
        }
        let mut found = vec![root.read(0, 0, self.version, odd)?];
        // Storages whose children are still to be read: place in `found`, first child, where that is named.
        let mut open = vec![(0usize, root.long(76), root.offset)];
        while let Some((parent, child, named)) = open.pop() {
            let depth = found.get(parent).map_or(0, |f| f.node.depth);
            let children = self.siblings(child, named, odd)?;
            if !children.is_empty() && depth >= MAX_DEPTH {
                return Err(limit("storages inside each other", MAX_DEPTH).into());
            }
            for entry in children {
                let read = entry.read(parent, depth.saturating_add(1), self.version, odd)?;
                let place = found.len();
                match read.node.kind {
                    Kind::Root => {
                        return Err(entry.malformed("a second root stands in the tree".into()));
                    }
                    Kind::Storage => open.push((place, entry.long(76), entry.offset)),
                    Kind::Stream => {}
                }
                found.push(read);
                if let Some(parent) = found.get_mut(parent) {
                    parent.node.children.push(place);
                }
            }
        }
        Ok(found)
    }
}

impl<'e> Tree<'e> {
    /// All siblings in the tree under `top`, by name.
    fn siblings(
        &mut self,
        top: u32,
        named: u64,
        odd: &mut Vec<Odd>,
    ) -> Result<Vec<&'e Entry>, Error> {
        let mut siblings: Vec<(Vec<u8>, &'e Entry)> = Vec::new();
        let mut in_order: Vec<Vec<u16>> = Vec::new();
        // In-order, to see whether a search by name would find each: (entry, its left side was done).
        let mut stack = vec![(top, named, false)];
        while let Some((index, named, done)) = stack.pop() {
            if index == NONE {
                continue;
            }
            if done {
                let entry = self.get(index, named)?;
                let name = entry.name()?;
                let key = name.iter().flat_map(|unit| unit.to_le_bytes()).collect();
                siblings.push((key, entry));
                in_order.push(name);
                stack.push((entry.long(72), entry.offset, false));
            } else {
                let entry = self.enter(index, named)?;
                stack.push((index, named, true));
                stack.push((entry.long(68), entry.offset, false));
            }
        }
        let sorted = in_order
            .windows(2)
            .all(|pair| matches!(pair, [a, b] if order(a) < order(b)));
        if !sorted {
            odd.push(Odd {
                span: named..named.saturating_add(ENTRY),
                what: "siblings do not stand in the order of their names, and a search misses some",
            });
        }
        siblings.sort_by(|(a, _), (b, _)| a.cmp(b));
        for pair in siblings.windows(2) {
            if let [(a, _), (b, entry)] = pair
                && a == b
            {
                return Err(entry.malformed("two entries of one storage have one name".into()));
            }
        }
        Ok(siblings.into_iter().map(|(_, entry)| entry).collect())
    }

    fn get(&self, index: u32, named: u64) -> Result<&'e Entry, Error> {
        let place = usize::try_from(index).ok();
        place
            .and_then(|at| self.entries.get(at))
            .ok_or_else(|| outside(named, format!("the directory has no entry {index}")))
    }

    /// The entry, which is reached for the first time.
    fn enter(&mut self, index: u32, named: u64) -> Result<&'e Entry, Error> {
        let entry = self.get(index, named)?;
        let place = usize::try_from(index).ok();
        match place.and_then(|at| self.seen.get_mut(at)) {
            Some(seen) if !*seen => {
                *seen = true;
                Ok(entry)
            }
            _ => Err(Error::malformed(
                &DIRECTORY_LOOP,
                named,
                format!("entry {index} of the directory is referred to twice"),
            )),
        }
    }
}

/// How names are ordered in the tree: by length, then by upper-case letters (section 2.6.4).
fn order(name: &[u16]) -> (usize, Vec<u16>) {
    let upper = |unit: &u16| {
        let mut upper = char::from_u32(u32::from(*unit))
            .into_iter()
            .flat_map(char::to_uppercase);
        match (upper.next(), upper.next()) {
            (Some(one), None) => u16::try_from(u32::from(one)).unwrap_or(*unit),
            _ => *unit,
        }
    };
    (name.len(), name.iter().map(upper).collect())
}
