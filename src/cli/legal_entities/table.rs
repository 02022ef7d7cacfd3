//! One version of one data set: records one after the other, then a table of rows sorted by LEI, looked up by a few reads.
//!
//! A row is an LEI, an offset and a length. Rows are sorted in runs of bounded size that go to temporary files and are merged at the
//! end, so that a file of any length costs the memory of one run.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use crate::base::blob::ReadAt;
use crate::source::file::FileBlob;
use crate::source::output::Pending;

/// Begins every file; the last two octets are the schema, raised with each change of rows or records.
const MAGIC: &[u8; 8] = b"bflei001";
/// Octets of the header: magic, start of the table, rows.
const HEADER: usize = 24;
/// Octets of a row: LEI, offset, length.
const ROW: usize = 32;
/// Rows sorted in memory at once: 16 MiB.
const RUN: usize = 1 << 19;
/// Largest record read back; the reader of the published files stops at less.
const MAX_RECORD: u64 = 1 << 20;
/// Records that one LEI may have. The real files have a handful; more is an attack on the time of a look-up.
const MAX_PER_LEI: usize = 512;

type Row = [u8; ROW];

/// Builds the file while records come.
pub(super) struct Builder {
    out: BufWriter<Pending>,
    folder: PathBuf,
    offset: u64,
    rows: u64,
    run: Vec<Row>,
    spilled: Vec<File>,
}

impl Builder {
    pub(super) fn create(path: &Path) -> io::Result<Self> {
        let mut out = BufWriter::with_capacity(1 << 18, Pending::create(path)?);
        out.write_all(&[0; HEADER])?;
        Ok(Self {
            out,
            folder: path.parent().unwrap_or(Path::new(".")).to_path_buf(),
            offset: u64::try_from(HEADER).unwrap_or(u64::MAX),
            rows: 0,
            run: Vec::new(),
            spilled: Vec::new(),
        })
    }

    pub(super) fn add(&mut self, lei: &str, record: &[u8]) -> io::Result<()> {
        let row = row(lei, self.offset, record.len()).ok_or_else(|| bad("a record out of form"))?;
        self.out.write_all(record)?;
        self.offset = self
            .offset
            .saturating_add(u64::try_from(record.len()).unwrap_or(u64::MAX));
        self.rows = self.rows.saturating_add(1);
        self.run.push(row);
        if self.run.len() >= RUN {
            self.spill()?;
        }
        Ok(())
    }

    fn spill(&mut self) -> io::Result<()> {
        self.run.sort_unstable();
        let mut out = BufWriter::new(tempfile::tempfile_in(&self.folder)?);
        for row in &self.run {
            out.write_all(row)?;
        }
        self.run.clear();
        self.spilled
            .push(out.into_inner().map_err(|e| e.into_error())?);
        Ok(())
    }

    /// Writes the table and puts the file in place; how many records it has.
    pub(super) fn finish(mut self) -> io::Result<u64> {
        self.run.sort_unstable();
        let last = std::mem::take(&mut self.run);
        merge(&mut self.spilled, &last, &mut self.out)?;
        let mut header = MAGIC.to_vec();
        header.extend(self.offset.to_be_bytes());
        header.extend(self.rows.to_be_bytes());
        let mut file = self.out.into_inner().map_err(|e| e.into_error())?;
        file.rewrite_start(&header)?;
        file.commit()?;
        Ok(self.rows)
    }
}

fn bad(why: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, why.to_owned())
}

fn row(lei: &str, offset: u64, length: usize) -> Option<Row> {
    let mut row = [0; ROW];
    let mut bytes = Vec::with_capacity(ROW);
    bytes.extend(lei.as_bytes());
    bytes.extend(offset.to_be_bytes());
    bytes.extend(u32::try_from(length).ok()?.to_be_bytes());
    (bytes.len() == ROW).then(|| row.copy_from_slice(&bytes))?;
    Some(row)
}

/// Writes the rows of all runs in order; the last run is in memory.
fn merge(spilled: &mut [File], last: &[Row], out: &mut impl Write) -> io::Result<()> {
    let mut runs: Vec<BufReader<&mut File>> = Vec::new();
    for file in spilled {
        file.seek(SeekFrom::Start(0))?;
        runs.push(BufReader::with_capacity(1 << 16, file));
    }
    let mut last = last.iter();
    let memory = runs.len();
    let mut heads = BinaryHeap::new();
    for (place, run) in runs.iter_mut().enumerate() {
        heads.extend(next(run)?.map(|row| Reverse((row, place))));
    }
    heads.extend(last.next().map(|row| Reverse((*row, memory))));
    while let Some(Reverse((row, place))) = heads.pop() {
        out.write_all(&row)?;
        let following = match runs.get_mut(place) {
            Some(run) => next(run)?,
            None => last.next().copied(),
        };
        heads.extend(following.map(|row| Reverse((row, place))));
    }
    Ok(())
}

fn next(run: &mut impl Read) -> io::Result<Option<Row>> {
    let mut row = [0; ROW];
    match run.read_exact(&mut row) {
        Ok(()) => Ok(Some(row)),
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(None),
        Err(error) => Err(error),
    }
}

/// A file that is open.
#[derive(Debug)]
pub(super) struct Table {
    blob: FileBlob,
    start: u64,
    rows: u64,
}

impl Table {
    /// Opens it.
    ///
    /// # Errors
    /// It cannot be read, is of another schema, or is not whole.
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        let blob = FileBlob::open(path)?;
        let mut header = [0; HEADER];
        blob.read_exact_at(0, &mut header)?;
        let [magic @ .., _, _, _, _, _, _, _, _, _, _, _, _, _, _, _, _] = &header;
        if magic != MAGIC {
            return Err(bad(
                "made by another version of the program; import the file again",
            ));
        }
        let word = |from: usize| {
            let bytes = header.get(from..from.saturating_add(8));
            bytes
                .and_then(|b| b.try_into().ok())
                .map_or(0, u64::from_be_bytes)
        };
        let (start, rows) = (word(8), word(16));
        let size = u64::try_from(ROW).unwrap_or(u64::MAX);
        if start.checked_add(rows.saturating_mul(size)) != Some(blob.size()) {
            return Err(bad("not whole; import the file again"));
        }
        Ok(Self { blob, start, rows })
    }

    fn row(&self, number: u64) -> io::Result<Row> {
        let mut row = [0; ROW];
        let size = u64::try_from(ROW).unwrap_or(u64::MAX);
        let at = self.start.saturating_add(number.saturating_mul(size));
        self.blob.read_exact_at(at, &mut row)?;
        Ok(row)
    }

    /// The records of an LEI, in the order of the published file.
    pub(super) fn find(&self, lei: &str) -> io::Result<Vec<Vec<u8>>> {
        let Some(wanted) = row(lei, 0, 0) else {
            return Ok(Vec::new());
        };
        let (mut low, mut high) = (0u64, self.rows);
        while low < high {
            let middle = low.saturating_add(high.saturating_sub(low) / 2);
            if self.row(middle)? < wanted {
                low = middle.saturating_add(1);
            } else {
                high = middle;
            }
        }
        let mut found = Vec::new();
        while low < self.rows {
            let row = self.row(low)?;
            let [head @ .., a, b, c, d, e, f, g, h, i, j, k, l] = row;
            if head != lei.as_bytes() {
                break;
            }
            if found.len() >= MAX_PER_LEI {
                return Err(bad("more records of one LEI than are read"));
            }
            let offset = u64::from_be_bytes([a, b, c, d, e, f, g, h]);
            let length = u64::from(u32::from_be_bytes([i, j, k, l]));
            let end = offset.checked_add(length).filter(|end| *end <= self.start);
            if length > MAX_RECORD || end.is_none() {
                return Err(bad("a record that stands outside the file"));
            }
            let mut record = vec![0; usize::try_from(length).map_err(|_| bad("size"))?];
            self.blob.read_exact_at(offset, &mut record)?;
            found.push(record);
            low = low.saturating_add(1);
        }
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use super::{Builder, RUN, Table};

    fn lei(number: u64) -> String {
        // Scattered, so that every run has some of everything.
        format!("{:020}", number.wrapping_mul(7_919) % 1_000_003)
    }

    #[test]
    fn records_of_several_runs_are_found_by_their_lei_alone() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("records.bin");
        let mut builder = Builder::create(&path).unwrap();
        let count = u64::try_from(RUN).unwrap() + 1_000;
        for number in 0..count {
            builder
                .add(&lei(number), number.to_string().as_bytes())
                .unwrap();
        }
        builder.add(&lei(5), b"second").unwrap();
        assert_eq!(builder.finish().unwrap(), count + 1);
        let table = Table::open(&path).unwrap();
        for number in [0, 1, count / 2, count - 1] {
            assert_eq!(
                table.find(&lei(number)).unwrap(),
                [number.to_string().into_bytes()]
            );
        }
        assert_eq!(
            table.find(&lei(5)).unwrap(),
            [b"5".to_vec(), b"second".to_vec()]
        );
        assert!(table.find("99999999999999999999").unwrap().is_empty());
        assert!(table.find("short").unwrap().is_empty());
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_file_that_is_cut_or_of_another_schema_does_not_open() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("records.bin");
        let mut builder = Builder::create(&path).unwrap();
        builder.add(&lei(1), b"record").unwrap();
        builder.finish().unwrap();
        let whole = crate::source::file::read(&path, 1 << 20).unwrap();
        for end in 0..whole.len() {
            std::fs::write(&path, &whole[..end]).unwrap();
            assert!(Table::open(&path).is_err(), "{end}");
        }
        let mut other = whole;
        other[7] = b'9';
        std::fs::write(&path, &other).unwrap();
        assert!(Table::open(&path).is_err());
    }
}
