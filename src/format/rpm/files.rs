//! The files that the header lists. The payload is held to this list, and records of large packages name no file themselves.

use std::collections::BTreeMap;

use crate::base::budget::{Budget, Exceeded};
use crate::format::Error;
use crate::format::Kind;
use crate::format::cpio::kind;
use crate::format::rpm::findings::RPM_MALFORMED;
use crate::format::rpm::header::Header;

/// Bytes of all names together, so that one long directory name under every file costs no more; packages of a hundred thousand
/// files need a third.
pub(super) const MAX_NAMES: usize = 32 << 20;
/// Longest path; PATH_MAX of Linux.
const MAX_PATH: usize = 4096;

const OLD_FILE_NAMES: u32 = 1027;
const SIZES: u32 = 1028;
const MODES: u32 = 1030;
const FLAGS: u32 = 1037;
const DEVICES: u32 = 1095;
const INODES: u32 = 1096;
const DIRECTORY_INDEXES: u32 = 1116;
const BASE_NAMES: u32 = 1117;
const DIRECTORY_NAMES: u32 = 1118;
const LONG_SIZES: u32 = 5008;

/// RPMFILE_GHOST: listed, not in the payload.
const GHOST: u64 = 1 << 6;

/// One file of the header's list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct File {
    /// Path without a leading slash, as it stands there.
    pub(super) name: Vec<u8>,
    /// What it is; of several names of one file only the last is a file.
    pub(super) kind: Kind,
    /// Whether the payload has it.
    pub(super) present: bool,
    /// Size of its content.
    pub(super) size: u64,
    /// Bytes that its record in the payload has.
    pub(super) in_payload: u64,
}

pub(super) fn files(header: &Header, budget: &Budget<'_>) -> Result<Vec<File>, Error> {
    let names = names(header, budget)?;
    let sizes = match header.has(LONG_SIZES) {
        true => header.numbers(LONG_SIZES),
        false => header.numbers(SIZES),
    };
    let modes = header.numbers(MODES);
    if sizes.len() < names.len() || modes.len() < names.len() {
        let message = "the header lists more files than sizes or modes";
        return Err(Error::malformed(&RPM_MALFORMED, header.span.start, message));
    }
    let flags = header.numbers(FLAGS);
    let last = last_names(header, &modes);
    let mut files = Vec::new();
    for (nth, name) in names.into_iter().enumerate() {
        let of = |values: &[u64]| values.get(nth).copied().unwrap_or_default();
        let mode = u32::try_from(of(&modes)).unwrap_or_default();
        let is_other_name = last.get(nth).is_some_and(|last| *last != nth);
        let stated = kind(mode);
        let kind = match stated {
            Kind::File if is_other_name => Kind::Special,
            kind => kind,
        };
        let size = of(&sizes);
        files.push(File {
            name,
            kind,
            present: of(&flags) & GHOST == 0,
            size,
            in_payload: match (stated, kind) {
                (Kind::File, Kind::File) => size,
                // The target of a symbolic link.
                (Kind::Special, _) if mode & 0o170_000 == 0o120_000 => size,
                (Kind::File | Kind::Directory | Kind::Special, _) => 0,
            },
        });
    }
    Ok(files)
}

fn names(header: &Header, budget: &Budget<'_>) -> Result<Vec<Vec<u8>>, Error> {
    let bad = |message: &str| Error::malformed(&RPM_MALFORMED, header.span.start, message);
    let directories: Vec<&[u8]> = header.strings(DIRECTORY_NAMES).collect();
    let indexes = header.numbers(DIRECTORY_INDEXES);
    let count = header
        .strings(BASE_NAMES)
        .chain(header.strings(OLD_FILE_NAMES))
        .count();
    budget.spend_members(u64::try_from(count).unwrap_or(u64::MAX))?;
    let mut names = Vec::new();
    let mut total = 0usize;
    let mut add = |directory: &[u8], base: &[u8]| {
        let directory = directory.strip_prefix(b"/").unwrap_or(directory);
        let len = directory.len().saturating_add(base.len());
        total = total.saturating_add(len);
        if len == 0 || len > MAX_PATH {
            return Err(bad("a path is empty or too long"));
        }
        if total > MAX_NAMES {
            let what = "bytes of file names";
            let limit = MAX_NAMES;
            return Err(Exceeded::Count { what, limit }.into());
        }
        names.push([directory, base].concat());
        Ok(())
    };
    for (nth, base) in header.strings(BASE_NAMES).enumerate() {
        let directory = indexes
            .get(nth)
            .and_then(|index| directories.get(usize::try_from(*index).ok()?))
            .ok_or_else(|| bad("a file is in no directory"))?;
        add(directory, base)?;
    }
    if !header.has(BASE_NAMES) {
        for name in header.strings(OLD_FILE_NAMES) {
            add(name, b"")?;
        }
    }
    Ok(names)
}

/// For each file the last of its names: only its record brings the content. Names are of one file where device and inode agree.
fn last_names(header: &Header, modes: &[u64]) -> Vec<usize> {
    let inodes = header.numbers(INODES);
    let devices = header.numbers(DEVICES);
    let mut last: BTreeMap<(u64, u64), usize> = BTreeMap::new();
    let regular = |nth: usize| {
        let mode = modes.get(nth).copied().unwrap_or_default();
        kind(u32::try_from(mode).unwrap_or_default()) == Kind::File
    };
    let key = |nth: usize| Some((*devices.get(nth)?, *inodes.get(nth)?));
    for nth in (0..inodes.len()).filter(|nth| regular(*nth)) {
        if let Some(key) = key(nth) {
            last.insert(key, nth);
        }
    }
    (0..inodes.len())
        .map(|nth| {
            let found = key(nth).and_then(|key| last.get(&key).copied());
            found.unwrap_or(nth)
        })
        .collect()
}
