//! The index of one list version: entries in file order, and tables of hashes sorted for look-up by a few reads.
//!
//! Nothing is held but the header. A row is a 64-bit hash and an entry's number; a hash that collides gives one candidate more.

use std::collections::BTreeSet;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use rayon::iter::{IntoParallelRefIterator, ParallelIterator};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::base::blob::ReadAt;
use crate::base::time::parse_date;
use crate::identity::identifiers::normal_number;
use crate::model::list::{ListEntry, ListedKind, ListedName, ListedNumber, NameKind};
use crate::screening::matching::keys_of_kind;
use crate::source::file::FileBlob;
use crate::source::output::Pending;

/// Begins every index; the last two octets are the schema, raised with each change of rows, keys or entries.
const MAGIC: &[u8; 8] = b"bflist03";
/// Octets of the header: magic, entries, then start and rows of each table.
const HEADER: usize = 104;
/// Octets of a row: hash, entry.
const ROW: usize = 12;
/// The same, as sizes in the file are.
const ROW_SIZE: u64 = 12;
/// Rows beside the expected one that are read at once, apart from what the number of rows asks for: of so many even hashes the one wanted is
/// within twice the root of their number in all but one of ten thousand cases.
const REACH: u64 = 32;
/// Largest entry read back.
const MAX_ENTRY: u64 = 4 << 20;
/// Entries read at once where all of them are.
const BATCH: u64 = 4096;
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
    /// By blocking key of names.
    Names,
    /// Numbers of natural persons, kept apart because they are asked for by name only.
    PersonNumbers,
    /// Names of natural persons.
    PersonNames,
}

/// Builds an index while entries come.
pub(super) struct Builder {
    out: BufWriter<Pending>,
    offset: u64,
    offsets: Vec<u64>,
    ids: Vec<(u64, u32)>,
    numbers: Vec<(u64, u32)>,
    names: Vec<(u64, u32)>,
    person_numbers: Vec<(u64, u32)>,
    person_names: Vec<(u64, u32)>,
    persons: u64,
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
            person_numbers: Vec::new(),
            person_names: Vec::new(),
            persons: 0,
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
        let (numbers, names) = if entry.kind == ListedKind::Person {
            self.persons = self.persons.saturating_add(1);
            (&mut self.person_numbers, &mut self.person_names)
        } else {
            (&mut self.numbers, &mut self.names)
        };
        for listed in &entry.numbers {
            let value = normal_number(&listed.value);
            numbers.push((hash(&[&listed.scheme, &value]), number));
        }
        let keys = |name: &ListedName| keys_of_kind(&name.text, entry.kind);
        let all: BTreeSet<String> = entry.names.iter().flat_map(keys).collect();
        names.extend(all.iter().map(|key| (hash(&[key]), number)));
        if names.len() > MAX_ROWS || numbers.len() > MAX_ROWS {
            return Err(too_many());
        }
        Ok(())
    }

    /// Writes the tables and puts the file in place; how many entries it has, and how many of them are natural persons.
    pub(super) fn finish(mut self) -> io::Result<(u64, u64)> {
        let persons = self.persons;
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
        for table in [
            &mut self.ids,
            &mut self.numbers,
            &mut self.names,
            &mut self.person_numbers,
            &mut self.person_names,
        ] {
            table.sort_unstable();
            table.dedup();
            header.extend(at.to_be_bytes());
            let rows = u64::try_from(table.len()).unwrap_or(u64::MAX);
            header.extend(rows.to_be_bytes());
            for (hash, entry) in table.iter() {
                self.out.write_all(&hash.to_be_bytes())?;
                self.out.write_all(&entry.to_be_bytes())?;
            }
            at = at.saturating_add(rows.saturating_mul(ROW_SIZE));
        }
        header.resize(HEADER, 0);
        let mut file = self.out.into_inner().map_err(|e| e.into_error())?;
        file.rewrite_start(&header)?;
        file.commit()?;
        Ok((entries, persons))
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

fn hash_of(row: &[u8; ROW]) -> u64 {
    let [a, b, c, d, e, f, g, h, ..] = *row;
    u64::from_be_bytes([a, b, c, d, e, f, g, h])
}

/// An index that is open.
#[derive(Debug)]
pub(super) struct Index {
    blob: FileBlob,
    entries: u64,
    offsets: u64,
    tables: [(u64, u64); 5],
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
        let index = Self {
            entries: word(1),
            offsets: word(2),
            tables: [
                (word(3), word(4)),
                (word(5), word(6)),
                (word(7), word(8)),
                (word(9), word(10)),
                (word(11), word(12)),
            ],
            blob,
        };
        // Nothing is read or held for sizes that the file does not have.
        let places = index.entries.checked_add(1).map(|n| (index.offsets, n, 8));
        let tables = index
            .tables
            .iter()
            .map(|(start, n)| Some((*start, *n, ROW_SIZE)));
        let fits = std::iter::once(places).chain(tables).all(|table| {
            let end = table.and_then(|(start, n, each)| start.checked_add(n.checked_mul(each)?));
            end.is_some_and(|end| end <= index.blob.size())
        });
        if fits {
            Ok(Some(index))
        } else {
            Err(io::Error::new(
                io::ErrorKind::InvalidData,
                "the index is torn",
            ))
        }
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
        let at = start.saturating_add(row.saturating_mul(ROW_SIZE));
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

    /// Every entry in order, some thousand at a time.
    pub(super) fn walk(&self, each: &mut dyn FnMut(Vec<ListEntry>)) -> io::Result<()> {
        let bad = || io::Error::new(io::ErrorKind::InvalidData, "the index is torn");
        let mut from = self.word(self.offsets)?;
        let mut number = 0u64;
        while number < self.entries {
            let batch = self.entries.saturating_sub(number).min(BATCH);
            let mut ends = vec![0; usize::try_from(batch.saturating_mul(8)).map_err(|_| bad())?];
            let next = number.saturating_add(1).saturating_mul(8);
            self.blob
                .read_exact_at(self.offsets.saturating_add(next), &mut ends)?;
            let ends: Vec<u64> = ends
                .chunks_exact(8)
                .filter_map(|bytes| bytes.try_into().ok().map(u64::from_be_bytes))
                .collect();
            let to = ends.last().copied().ok_or_else(bad)?;
            let size = to.checked_sub(from).ok_or_else(bad)?;
            if to > self.blob.size() || size > batch.saturating_mul(MAX_ENTRY) {
                return Err(bad());
            }
            let mut text = vec![0; usize::try_from(size).map_err(|_| bad())?];
            self.blob.read_exact_at(from, &mut text)?;
            let mut places = Vec::with_capacity(ends.len());
            let mut at = from;
            for end in ends {
                let place = |offset: u64| usize::try_from(offset.checked_sub(from)?).ok();
                places.push((place(at).ok_or_else(bad)?, place(end).ok_or_else(bad)?));
                at = end;
            }
            let entries: io::Result<Vec<ListEntry>> = places
                .par_iter()
                .map(|(start, end)| {
                    let bytes = text.get(*start..*end).ok_or_else(bad)?;
                    Ok(serde_json::from_slice::<Stored>(bytes)?.into())
                })
                .collect();
            each(entries?);
            from = to;
            number = number.saturating_add(batch);
        }
        Ok(())
    }

    /// The first row whose hash is not below `wanted`, read where it is to be expected: hashes are spread evenly. `None` where it is not there.
    fn near(&self, start: u64, rows: u64, wanted: u64) -> io::Result<Option<u64>> {
        let place = u128::from(wanted).saturating_mul(u128::from(rows)) >> 64;
        let place = u64::try_from(place).unwrap_or(rows);
        let reach = rows.isqrt().saturating_mul(2).saturating_add(REACH);
        let (first, end) = (
            place.saturating_sub(reach),
            place.saturating_add(reach).min(rows),
        );
        let size = end.saturating_sub(first).saturating_mul(ROW_SIZE);
        let mut bytes = vec![0; usize::try_from(size).unwrap_or(0)];
        let at = start.saturating_add(first.saturating_mul(ROW_SIZE));
        self.blob.read_exact_at(at, &mut bytes)?;
        let (block, _) = bytes.as_chunks::<ROW>();
        let below = block.partition_point(|row| hash_of(row) < wanted);
        let before = first == 0 || below > 0;
        let after = end == rows || below < block.len();
        let row = first.saturating_add(u64::try_from(below).unwrap_or(u64::MAX));
        Ok((before && after).then_some(row))
    }

    /// The same by halving, wherever it is.
    fn halved(&self, start: u64, rows: u64, wanted: u64) -> io::Result<u64> {
        let (mut low, mut high) = (0u64, rows);
        while low < high {
            let middle = low.saturating_add(high.saturating_sub(low) / 2);
            if self.row(start, middle)?.0 < wanted {
                low = middle.saturating_add(1);
            } else {
                high = middle;
            }
        }
        Ok(low)
    }

    /// Numbers of the entries under what `parts` hash to, in order.
    pub(super) fn find(&self, table: Table, parts: &[&str]) -> io::Result<Vec<u32>> {
        let [ids, numbers, names, person_numbers, person_names] = self.tables;
        let (start, rows) = match table {
            Table::Ids => ids,
            Table::Numbers => numbers,
            Table::Names => names,
            Table::PersonNumbers => person_numbers,
            Table::PersonNames => person_names,
        };
        let wanted = hash(parts);
        let mut low = match self.near(start, rows, wanted)? {
            Some(row) => row,
            None => self.halved(start, rows, wanted)?,
        };
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
