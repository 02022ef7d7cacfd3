//! The two lists that matter: where the data of each file is, and what the files are called.

use std::collections::BTreeMap;

use crate::format::fields::Fields;
use crate::format::overlay::inno::Layout;

/// Times, version, flags and slices of a location without its digest.
const FIXED: usize = 54;

const CALLS: u16 = 1 << 4;
const ENCRYPTED: u16 = 1 << 6;
const COMPRESSED: u16 = 1 << 7;

/// Strings of a file's entry, and the fixed bytes behind them.
const STRINGS: usize = 10;
const ENTRY: usize = 43;
/// Where the number of its location stands among the fixed bytes, behind two ranges of Windows versions.
const LOCATION: usize = 20;
/// Longer names or conditions are in no installer.
const MAX_STRING: usize = 4096;
/// Strings looked at while the list is searched for.
const MAX_STEPS: usize = 4 << 20;

/// Where the data of one file is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Location {
    pub(super) slices: (u32, u32),
    /// Of its chunk, from the start of the data.
    pub(super) chunk: u64,
    pub(super) chunk_len: u64,
    pub(super) offset: u64,
    pub(super) size: u64,
    pub(super) digest: Vec<u8>,
    flags: u16,
}

impl Location {
    pub(super) fn calls(&self) -> bool {
        self.flags & CALLS != 0
    }

    pub(super) fn encrypted(&self) -> bool {
        self.flags & ENCRYPTED != 0
    }

    pub(super) fn compressed(&self) -> bool {
        self.flags & COMPRESSED != 0
    }
}

/// `None` where the list is not made of records of this version.
pub(super) fn locations(bytes: &[u8], layout: Layout) -> Option<Vec<Location>> {
    let len = FIXED
        .checked_add(layout.digest)?
        .checked_add(layout.behind)?;
    if !bytes.len().is_multiple_of(len) {
        return None;
    }
    bytes
        .chunks_exact(len)
        .map(|record| {
            let fields = &mut Fields::new(record);
            let slices = (fields.u32()?, fields.u32()?);
            let chunk = u64::from(fields.u32()?);
            let (offset, size, chunk_len) = (fields.u64()?, fields.u64()?, fields.u64()?);
            let digest = fields.take(layout.digest)?.to_vec();
            fields.take(16)?;
            Some(Location {
                slices,
                chunk,
                chunk_len,
                offset,
                size,
                digest,
                flags: fields.u16()?,
            })
        })
        .collect()
}

/// The destination of each location, by its number; empty where the list was not found.
///
/// The lists before it differ with every version, so it is found by its own shape: entries one behind the other that name
/// every location there is.
pub(super) fn names(headers: &[u8], locations: usize, unicode: bool) -> BTreeMap<usize, String> {
    let mut steps = 0usize;
    for at in 0..headers.len() {
        if steps >= MAX_STEPS {
            break;
        }
        let names = run(headers, at, locations, &mut steps);
        if names.len() == locations {
            let decoded = names
                .into_iter()
                .map(|(at, name)| (at, decode(name, unicode)));
            return decoded.collect();
        }
    }
    BTreeMap::new()
}

/// The names in entries one behind the other from `at`.
fn run<'a>(
    headers: &'a [u8],
    at: usize,
    locations: usize,
    steps: &mut usize,
) -> BTreeMap<usize, &'a [u8]> {
    let mut names = BTreeMap::new();
    let fields = &mut Fields::starting(headers, at);
    while let Some((name, location)) = entry(fields, steps) {
        match usize::try_from(location) {
            Ok(location) if location < locations => {
                names.entry(location).or_insert(name);
            }
            // The uninstaller has no location of its own.
            _ if location == u32::MAX => {}
            _ => break,
        }
    }
    names
}

/// Destination and location of one entry.
fn entry<'a>(fields: &mut Fields<'a>, steps: &mut usize) -> Option<(&'a [u8], u32)> {
    let mut destination: &[u8] = &[];
    for number in 0..STRINGS {
        *steps = steps.saturating_add(1);
        let len = usize::try_from(fields.u32()?).ok()?;
        if len > MAX_STRING || *steps > MAX_STEPS {
            return None;
        }
        let string = fields.take(len)?;
        if number == 1 {
            destination = string;
        }
    }
    let fixed = fields.take(ENTRY)?;
    let location = Fields::starting(fixed, LOCATION).u32()?;
    Some((destination, location))
}

fn decode(name: &[u8], unicode: bool) -> String {
    let text = if unicode {
        let (units, _) = name.as_chunks::<2>();
        let units: Vec<u16> = units.iter().map(|unit| u16::from_le_bytes(*unit)).collect();
        String::from_utf16_lossy(&units)
    } else {
        // The code page is the installer's own.
        name.iter().copied().map(char::from).collect()
    };
    text.replace('\\', "/")
}
