//! The index of one list version: entries in file order, and tables of hashes sorted for look-up by a few reads.
//!
//! Nothing is held but the header. A row is a 64-bit hash and an entry's number; a hash that collides gives one candidate more.

use std::collections::BTreeSet;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::base::blob::ReadAt;
use crate::base::time::parse_date;
use crate::identity::identifiers::normal_number;
use crate::model::list::{ListEntry, ListedKind, ListedName, ListedNumber, NameKind};
use crate::screening::matching::keys;
use crate::source::file::FileBlob;
use crate::source::output::Pending;

/// Begins every index; the last two octets are the schema, raised with each change of rows, keys or entries.
const MAGIC: &[u8; 8] = b"bflist01";
/// Octets of the header: magic, entries, then start and rows of each table.
const HEADER: usize = 80;
/// Octets of a row: hash, entry.
const ROW: usize = 12;
/// Largest entry read back.
const MAX_ENTRY: u64 = 4 << 20;
/// Rows of one table: two million entries with twenty keys.
const MAX_ROWS: usize = 40_000_000;
/// Entries that one key may give. Of the largest lists no key has a tenth of it; more than that is an attack on the time of a look-up.
const MAX_PER_KEY: usize = 2000;

/// Tables of rows, in the order of the header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Table {
    /// By the list's own id and the digest of its record.
    Ids,
    /// By number.
    Numbers,
    /// By blocking key of names, persons left out.
    Names,
}

/// Builds an index while entries come.
pub(super) struct Builder {
    out: BufWriter<Pending>,
    offset: u64,
    offsets: Vec<u64>,
    ids: Vec<(u64, u32)>,
    numbers: Vec<(u64, u32)>,
    names: Vec<(u64, u32)>,
}

impl Builder {
    pub(super) fn create(path: &Path) -> io::Result<Self> {
        let mut out = BufWriter::new(Pending::create(path)?);
        out.write_all(&[0; HEADER])?;
        Ok(Self {
            out,
            offset: u64::try_from(HEADER).unwrap_or(u64::MAX),
            offsets: Vec::new(),
            ids: Vec::new(),
            numbers: Vec::new(),
            names: Vec::new(),
        })
    }

    pub(super) fn add(&mut self, entry: &ListEntry) -> io::Result<()> {
        let number = u32::try_from(self.offsets.len()).map_err(|_| too_many())?;
        let text = serde_json::to_vec(&Stored::from(entry))?;
        self.out.write_all(&text)?;
        self.offsets.push(self.offset);
        self.offset = self
            .offset
            .saturating_add(u64::try_from(text.len()).unwrap_or(u64::MAX));
        self.ids.push((hash(&[&entry.list, &entry.id]), number));
        if entry.kind != ListedKind::Person {
            for listed in &entry.numbers {
                let value = normal_number(&listed.value);
                self.numbers.push((hash(&[&listed.scheme, &value]), number));
            }
            let all: BTreeSet<String> = entry.names.iter().flat_map(|n| keys(&n.text)).collect();
            self.names
                .extend(all.iter().map(|key| (hash(&[key]), number)));
        }
        if self.names.len() > MAX_ROWS || self.numbers.len() > MAX_ROWS {
            return Err(too_many());
        }
        Ok(())
    }

    /// Writes the tables and puts the file in place; how many entries it has.
    pub(super) fn finish(mut self) -> io::Result<u64> {
        let entries = u64::try_from(self.offsets.len()).unwrap_or(u64::MAX);
        let mut header = MAGIC.to_vec();
        header.extend(entries.to_be_bytes());
        let mut at = self.offset;
        header.extend(at.to_be_bytes());
        for offset in &self.offsets {
            self.out.write_all(&offset.to_be_bytes())?;
        }
        self.out.write_all(&self.offset.to_be_bytes())?;
        at = at.saturating_add(entries.saturating_add(1).saturating_mul(8));
        for table in [&mut self.ids, &mut self.numbers, &mut self.names] {
            table.sort_unstable();
            table.dedup();
            header.extend(at.to_be_bytes());
            let rows = u64::try_from(table.len()).unwrap_or(u64::MAX);
            header.extend(rows.to_be_bytes());
            for (hash, entry) in table.iter() {
                self.out.write_all(&hash.to_be_bytes())?;
                self.out.write_all(&entry.to_be_bytes())?;
            }
            at = at.saturating_add(rows.saturating_mul(u64::try_from(ROW).unwrap_or(u64::MAX)));
        }
        header.resize(HEADER, 0);
        let mut file = self.out.into_inner().map_err(|e| e.into_error())?;
        file.rewrite_start(&header)?;
        file.commit()?;
        Ok(entries)
    }
}

fn too_many() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "too many entries for an index")
}

fn hash(parts: &[&str]) -> u64 {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part.as_bytes());
        hash.update([0]);
    }
    let digest: [u8; 32] = hash.finalize().into();
    let [a, b, c, d, e, f, g, h, ..] = digest;
    u64::from_be_bytes([a, b, c, d, e, f, g, h])
}

/// An index that is open.
#[derive(Debug)]
pub(super) struct Index {
    blob: FileBlob,
    entries: u64,
    offsets: u64,
    tables: [(u64, u64); 3],
}

impl Index {
    /// Opens it; `None` where it is of another schema and has to be made again.
    pub(super) fn open(path: &Path) -> io::Result<Option<Self>> {
        let blob = FileBlob::open(path)?;
        let mut header = [0; HEADER];
        if blob.size() < 8 {
            return Ok(None);
        }
        if blob.read_exact_at(0, &mut header).is_err() || header.get(..8) != Some(MAGIC) {
            return Ok(None);
        }
        let word = |place: usize| {
            let from = place.saturating_mul(8);
            let bytes = header.get(from..from.saturating_add(8));
            bytes
                .and_then(|b| b.try_into().ok())
                .map_or(0, u64::from_be_bytes)
        };
        Ok(Some(Self {
            entries: word(1),
            offsets: word(2),
            tables: [(word(3), word(4)), (word(5), word(6)), (word(7), word(8))],
            blob,
        }))
    }

    pub(super) fn len(&self) -> u64 {
        self.entries
    }

    fn word(&self, at: u64) -> io::Result<u64> {
        let mut bytes = [0; 8];
        self.blob.read_exact_at(at, &mut bytes)?;
        Ok(u64::from_be_bytes(bytes))
    }

    fn row(&self, start: u64, row: u64) -> io::Result<(u64, u32)> {
        let mut bytes = [0; ROW];
        let size = u64::try_from(ROW).unwrap_or(u64::MAX);
        let at = start.saturating_add(row.saturating_mul(size));
        self.blob.read_exact_at(at, &mut bytes)?;
        let [a, b, c, d, e, f, g, h, i, j, k, l] = bytes;
        Ok((
            u64::from_be_bytes([a, b, c, d, e, f, g, h]),
            u32::from_be_bytes([i, j, k, l]),
        ))
    }

    /// The entry of this number.
    pub(super) fn entry(&self, number: u64) -> io::Result<ListEntry> {
        let bad = |why: &str| io::Error::new(io::ErrorKind::InvalidData, why.to_owned());
        if number >= self.entries {
            return Err(bad("an entry that the index does not have"));
        }
        let place = self.offsets.saturating_add(number.saturating_mul(8));
        let (from, to) = (self.word(place)?, self.word(place.saturating_add(8))?);
        let size = to.saturating_sub(from);
        if size > MAX_ENTRY || to > self.blob.size() {
            return Err(bad("an entry that stands outside the index"));
        }
        let mut text = vec![0; usize::try_from(size).map_err(|_| bad("size"))?];
        self.blob.read_exact_at(from, &mut text)?;
        let stored: Stored = serde_json::from_slice(&text)?;
        Ok(stored.into())
    }

    /// Numbers of the entries under what `parts` hash to, in order.
    pub(super) fn find(&self, table: Table, parts: &[&str]) -> io::Result<Vec<u32>> {
        let [ids, numbers, names] = self.tables;
        let (start, rows) = match table {
            Table::Ids => ids,
            Table::Numbers => numbers,
            Table::Names => names,
        };
        let wanted = hash(parts);
        let (mut low, mut high) = (0u64, rows);
        while low < high {
            let middle = low.saturating_add(high.saturating_sub(low) / 2);
            if self.row(start, middle)?.0 < wanted {
                low = middle.saturating_add(1);
            } else {
                high = middle;
            }
        }
        let mut found = Vec::new();
        while low < rows {
            let (hash, entry) = self.row(start, low)?;
            if hash != wanted {
                break;
            }
            if found.len() >= MAX_PER_KEY {
                // An answer that leaves some out would be taken for the whole one.
                return Err(io::Error::other(format!(
                    "more than {MAX_PER_KEY} entries answer to one key"
                )));
            }
            found.push(entry);
            low = low.saturating_add(1);
        }
        Ok(found)
    }
}

/// An entry as the index holds it.
#[derive(Serialize, Deserialize)]
struct Stored {
    list: String,
    id: String,
    kind: u8,
    names: Vec<(String, u8)>,
    countries: Vec<String>,
    numbers: Vec<(String, String, String, Option<String>)>,
    from: Option<String>,
    until: Option<String>,
    programmes: Vec<String>,
    remarks: String,
    citation: String,
    raw_sha256: [u8; 32],
}

impl From<&ListEntry> for Stored {
    fn from(entry: &ListEntry) -> Self {
        Self {
            list: entry.list.clone(),
            id: entry.id.clone(),
            kind: match entry.kind {
                ListedKind::Organization => 0,
                ListedKind::Person => 1,
                ListedKind::Vessel => 2,
                ListedKind::Aircraft => 3,
                ListedKind::Unknown => 4,
            },
            names: entry
                .names
                .iter()
                .map(|n| {
                    let kind = match n.kind {
                        NameKind::Primary => 0,
                        NameKind::Alias => 1,
                        NameKind::Former => 2,
                        NameKind::Weak => 3,
                    };
                    (n.text.clone(), kind)
                })
                .collect(),
            countries: entry.countries.clone(),
            numbers: entry
                .numbers
                .iter()
                .map(|n| {
                    (
                        n.scheme.clone(),
                        n.label.clone(),
                        n.value.clone(),
                        n.country.clone(),
                    )
                })
                .collect(),
            from: entry.from.map(|d| d.to_string()),
            until: entry.until.map(|d| d.to_string()),
            programmes: entry.programmes.clone(),
            remarks: entry.remarks.clone(),
            citation: entry.citation.clone(),
            raw_sha256: entry.raw_sha256,
        }
    }
}

impl From<Stored> for ListEntry {
    fn from(stored: Stored) -> Self {
        let day = |text: Option<String>| text.as_deref().and_then(parse_date);
        Self {
            list: stored.list,
            id: stored.id,
            kind: match stored.kind {
                0 => ListedKind::Organization,
                1 => ListedKind::Person,
                2 => ListedKind::Vessel,
                3 => ListedKind::Aircraft,
                _ => ListedKind::Unknown,
            },
            names: stored
                .names
                .into_iter()
                .map(|(text, kind)| ListedName {
                    text,
                    kind: match kind {
                        0 => NameKind::Primary,
                        1 => NameKind::Alias,
                        2 => NameKind::Former,
                        _ => NameKind::Weak,
                    },
                })
                .collect(),
            countries: stored.countries,
            numbers: stored
                .numbers
                .into_iter()
                .map(|(scheme, label, value, country)| ListedNumber {
                    scheme,
                    label,
                    value,
                    country,
                })
                .collect(),
            from: day(stored.from),
            until: day(stored.until),
            programmes: stored.programmes,
            remarks: stored.remarks,
            citation: stored.citation,
            raw_sha256: stored.raw_sha256,
        }
    }
}
