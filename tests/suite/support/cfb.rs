//! Makes compound files ([MS-CFB]): small, regular and of either version, so that hostile variants are one field away.

const FREE: u32 = 0xffff_ffff;
const END: u32 = 0xffff_fffe;
const FAT: u32 = 0xffff_fffd;
const MINI: usize = 64;
const CUTOFF: usize = 4096;

/// A storage or stream to be made.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub(crate) name: Vec<u16>,
    pub(crate) clsid: [u8; 16],
    pub(crate) state: u32,
    /// Creation and modification, FILETIME.
    pub(crate) times: [u64; 2],
    pub(crate) content: Content,
}

/// What an entry holds.
#[derive(Debug, Clone)]
pub(crate) enum Content {
    Stream(Vec<u8>),
    Storage(Vec<Entry>),
}

pub(crate) fn stream(name: &str, bytes: &[u8]) -> Entry {
    Entry {
        name: name.encode_utf16().collect(),
        clsid: [0; 16],
        state: 0,
        times: [0; 2],
        content: Content::Stream(bytes.to_vec()),
    }
}

pub(crate) fn storage(name: &str, clsid: [u8; 16], entries: Vec<Entry>) -> Entry {
    Entry {
        clsid,
        content: Content::Storage(entries),
        ..stream(name, &[])
    }
}

pub(crate) fn root(clsid: [u8; 16], entries: Vec<Entry>) -> Entry {
    storage("Root Entry", clsid, entries)
}

/// A built file, with where its parts stand.
#[derive(Debug)]
pub(crate) struct Built {
    pub(crate) bytes: Vec<u8>,
    /// Offset of each directory entry, in the order of the directory.
    pub(crate) entries: Vec<usize>,
    /// Offset and length of each piece of a stream, by the stream's name.
    pub(crate) streams: Vec<(Vec<u16>, usize, usize)>,
    pub(crate) mini_fat: usize,
    pub(crate) directory: usize,
}

struct Record<'e> {
    entry: &'e Entry,
    left: u32,
    right: u32,
    child: u32,
    start: u32,
}

/// Builds the file: the table, the directory, the mini stream's table, the mini stream, then each long stream.
pub(crate) fn build(root: &Entry, version: u16) -> Built {
    let sector: usize = if version == 4 { 4096 } else { 512 };
    let mut records = vec![Record {
        entry: root,
        left: FREE,
        right: FREE,
        child: FREE,
        start: END,
    }];
    let mut open = vec![0];
    while let Some(parent) = open.pop() {
        let Content::Storage(entries) = &records[parent].entry.content else {
            continue;
        };
        let mut sorted: Vec<&Entry> = entries.iter().collect();
        sorted.sort_by_key(|e| (e.name.len(), upper(&e.name)));
        let first = records.len();
        for entry in &sorted {
            open.push(records.len());
            records.push(Record {
                entry,
                left: FREE,
                right: FREE,
                child: FREE,
                start: END,
            });
        }
        records[parent].child = balance(&mut records, first, first + sorted.len());
    }

    // Long streams get sectors of their own, short ones of the mini stream.
    let mut mini = Vec::new();
    let mut mini_next: Vec<u32> = Vec::new();
    let mut long = Vec::new();
    let mut short = Vec::new();
    for (place, record) in records.iter_mut().enumerate() {
        let Content::Stream(bytes) = &record.entry.content else {
            continue;
        };
        if bytes.is_empty() {
            continue;
        }
        if bytes.len() >= CUTOFF {
            long.push((place, bytes));
            continue;
        }
        record.start = u32::try_from(mini_next.len()).unwrap();
        short.push((place, mini.len(), bytes.len()));
        let count = bytes.len().div_ceil(MINI);
        for n in 1..count {
            mini_next.push(record.start + u32::try_from(n).unwrap());
        }
        mini_next.push(END);
        mini.extend_from_slice(bytes);
        mini.resize(mini.len().next_multiple_of(MINI), 0);
    }
    let directory_len = (records.len() * 128).div_ceil(sector);
    let mini_fat_len = (mini_next.len() * 4).div_ceil(sector);
    let mini_len = mini.len().div_ceil(sector);
    let long_len: usize = long
        .iter()
        .map(|(_, bytes)| bytes.len().div_ceil(sector))
        .sum();
    let body = directory_len + mini_fat_len + mini_len + long_len;
    let mut fat_len = 1;
    while (fat_len + body) * 4 > fat_len * sector {
        fat_len += 1;
    }
    assert!(fat_len <= 109, "the header lists all sectors of the table");

    let mut next: Vec<u32> = vec![FAT; fat_len];
    let mut chain = |count: usize| {
        let first = next.len();
        for n in 1..count {
            next.push(u32::try_from(first + n).unwrap());
        }
        if count == 0 {
            return END;
        }
        next.push(END);
        u32::try_from(first).unwrap()
    };
    let directory = chain(directory_len);
    let mini_fat = chain(mini_fat_len);
    records[0].start = chain(mini_len);
    for (place, bytes) in &long {
        records[*place].start = chain(bytes.len().div_ceil(sector));
    }
    next.resize(fat_len * sector / 4, FREE);
    mini_next.resize(mini_fat_len * sector / 4, FREE);

    let mut out = header(
        version,
        fat_len,
        directory_len,
        directory,
        mini_fat,
        mini_fat_len,
    );
    out.resize(sector, 0);
    let offset = |start: u32| (usize::try_from(start).unwrap() + 1) * sector;
    for word in &next {
        out.extend(word.to_le_bytes());
    }
    let entries: Vec<usize> = (0..records.len()).map(|n| out.len() + n * 128).collect();
    for (place, record) in records.iter().enumerate() {
        out.extend(record.bytes(if place == 0 { mini.len() } else { 0 }));
    }
    while out.len() < (1 + fat_len + directory_len) * sector {
        out.extend([0; 68]);
        out.extend([0xff; 12]);
        out.extend([0; 48]);
    }
    for word in &mini_next {
        out.extend(word.to_le_bytes());
    }
    let mini_at = out.len();
    out.extend(&mini);
    let mut streams: Vec<_> = short
        .iter()
        .map(|(place, at, len)| (records[*place].entry.name.clone(), mini_at + at, *len))
        .collect();
    for (place, bytes) in &long {
        out.resize(out.len().next_multiple_of(sector), 0);
        assert_eq!(out.len(), offset(records[*place].start));
        streams.push((records[*place].entry.name.clone(), out.len(), bytes.len()));
        out.extend(*bytes);
    }
    out.resize(out.len().next_multiple_of(sector), 0);
    Built {
        bytes: out,
        entries,
        streams,
        mini_fat: offset(mini_fat.min(END - 1)),
        directory: offset(directory),
    }
}

fn header(
    version: u16,
    fat_len: usize,
    directory_len: usize,
    directory: u32,
    mini_fat: u32,
    mini_fat_len: usize,
) -> Vec<u8> {
    let mut out = vec![0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];
    out.extend([0; 16]);
    let shift = if version == 4 { 12 } else { 9 };
    for word in [0x3e, version, 0xfffe, shift, 6, 0, 0, 0] {
        out.extend(word.to_le_bytes());
    }
    let count = |n: usize| u32::try_from(n).unwrap();
    let directory_sectors = if version == 4 {
        count(directory_len)
    } else {
        0
    };
    for word in [
        directory_sectors,
        count(fat_len),
        directory,
        0,
        4096,
        mini_fat,
        count(mini_fat_len),
        END,
        0,
    ] {
        out.extend(word.to_le_bytes());
    }
    for n in 0..109 {
        let word = if n < fat_len { count(n) } else { FREE };
        out.extend(word.to_le_bytes());
    }
    out
}

impl Record<'_> {
    fn bytes(&self, mini_len: usize) -> Vec<u8> {
        let mut out: Vec<u8> = self
            .entry
            .name
            .iter()
            .flat_map(|u| u.to_le_bytes())
            .collect();
        let name_len = u16::try_from(out.len() + 2).unwrap();
        assert!(name_len <= 64, "a name has at most 31 characters");
        out.resize(64, 0);
        out.extend(name_len.to_le_bytes());
        let (kind, len) = match &self.entry.content {
            Content::Stream(bytes) => (2, bytes.len()),
            Content::Storage(_) => (1, 0),
        };
        let is_root = self.entry.name == "Root Entry".encode_utf16().collect::<Vec<_>>();
        let (kind, len) = if is_root { (5, mini_len) } else { (kind, len) };
        out.extend([kind, 1]);
        for word in [self.left, self.right, self.child] {
            out.extend(word.to_le_bytes());
        }
        out.extend(self.entry.clsid);
        out.extend(self.entry.state.to_le_bytes());
        for time in self.entry.times {
            out.extend(time.to_le_bytes());
        }
        let start = if kind == 1 { 0 } else { self.start };
        out.extend(start.to_le_bytes());
        out.extend(u64::try_from(len).unwrap().to_le_bytes());
        out
    }
}

/// Makes a tree of the sorted records in this range and gives its top.
fn balance(records: &mut [Record<'_>], from: usize, to: usize) -> u32 {
    if from == to {
        return FREE;
    }
    let top = usize::midpoint(from, to);
    records[top].left = balance(records, from, top);
    records[top].right = balance(records, top + 1, to);
    u32::try_from(top).unwrap()
}

fn upper(name: &[u16]) -> Vec<u16> {
    name.iter()
        .map(|u| u8::try_from(*u).map_or(*u, |b| u16::from(b.to_ascii_uppercase())))
        .collect()
}
