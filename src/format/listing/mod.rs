//! What a list of members gives away before one of them is opened: names that leave the folder they are unpacked into, names
//! that stand twice, links and devices. Shared by every container of files.
//!
//! Nothing is ever written under these names; the findings say what would happen to whoever unpacks the container with another
//! program.

pub mod findings;
mod links;
mod names;
#[cfg(test)]
mod tests;

use std::collections::{HashMap, HashSet};

use crate::format::listing::findings::{
    CASE_COLLISION, DEVICE_ENTRY, DUPLICATE_ENTRY, HARDLINK_ENTRY, SYMLINK_ENTRY, UNSAFE_ENTRY_NAME,
};
use crate::format::look::bytes;
use crate::model::extract::Span;
use crate::model::finding::{Definition, Finding, Status};

/// Entries that one finding names and points to; the rest is counted. A reader needs examples, not a hundred thousand lines.
const MAX_NAMED: usize = 5;
/// Characters of a name that a message quotes.
const MAX_QUOTED: usize = 120;

/// One entry as its container lists it.
#[derive(Debug, Clone, Copy)]
pub(in crate::format) struct Listed<'a> {
    /// Its path as decoded, unchanged.
    pub(in crate::format) path: &'a str,
    /// What it is.
    pub(in crate::format) kind: Sort<'a>,
    /// Where the container says so.
    pub(in crate::format) at: (u64, u64),
}

/// What a container says an entry is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::format) enum Sort<'a> {
    File,
    Directory,
    /// With its target, where that could be read.
    Symlink(Option<&'a str>),
    /// With its target.
    Hardlink(&'a str),
    /// A device, a pipe or a socket.
    Device,
}

/// What is usual in a kind of container.
#[derive(Debug, Clone, Copy)]
pub(in crate::format) struct Conventions {
    /// Names are POSIX paths: a backslash, a colon, a device name of Windows and a leading `./` are nothing unusual.
    pub(in crate::format) posix: bool,
    /// What a name that stands twice comes to: [`Status::Fail`] where a signature or a loader is known to read one and run the other.
    pub(in crate::format) duplicates: Status,
}

/// Every finding about these entries, each at most once, with the first few entries named.
pub(in crate::format) fn check(entries: &[Listed<'_>], conventions: Conventions) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut hazard = Examples::default();
    let mut devices = Examples::default();
    for entry in entries {
        if let Some(why) = names::hazard(entry.path, conventions.posix) {
            hazard.push(entry, why);
        }
        if entry.kind == Sort::Device {
            devices.push(entry, "");
        }
    }
    found.extend(hazard.finding(
        &UNSAFE_ENTRY_NAME,
        Status::Review,
        "with a name that is not safe to unpack",
    ));
    duplicates(entries, conventions, &mut found);
    let (symbolic, hard) = links::check(entries);
    found.extend(symbolic.finding(&SYMLINK_ENTRY, "symbolic"));
    found.extend(hard.finding(&HARDLINK_ENTRY, "hard"));
    found.extend(devices.finding(
        &DEVICE_ENTRY,
        Status::Review,
        "that would be made a device or a pipe",
    ));
    found
}

/// Which of two entries of one name counts differs from reader to reader.
fn duplicates(entries: &[Listed<'_>], conventions: Conventions, found: &mut Vec<Finding>) {
    let mut names = HashSet::new();
    let mut folded: HashMap<String, &str> = HashMap::new();
    let mut exact = Examples::default();
    let mut collisions = Examples::default();
    for entry in entries {
        let path = entry.path.strip_prefix("./").unwrap_or(entry.path);
        if !names.insert(path) {
            // A directory that is listed again is the same directory.
            if entry.kind != Sort::Directory {
                exact.push(entry, "");
            }
            continue;
        }
        match folded.entry(path.to_lowercase()) {
            std::collections::hash_map::Entry::Vacant(free) => {
                free.insert(path);
            }
            std::collections::hash_map::Entry::Occupied(_) => collisions.push(entry, ""),
        }
    }
    found.extend(exact.finding(
        &DUPLICATE_ENTRY,
        conventions.duplicates,
        "whose name stood before",
    ));
    if !conventions.posix {
        found.extend(collisions.finding(
            &CASE_COLLISION,
            Status::Review,
            "whose name differs from an earlier one only in case",
        ));
    }
}

/// Entries of one kind: how many, and the first few.
#[derive(Debug, Default)]
struct Examples {
    count: u64,
    named: Vec<(String, Span)>,
}

impl Examples {
    fn push(&mut self, entry: &Listed<'_>, why: &str) {
        self.count = self.count.saturating_add(1);
        if self.named.len() < MAX_NAMED {
            let name = quoted(entry.path);
            let named = if why.is_empty() {
                name
            } else {
                format!("{name} ({why})")
            };
            self.named.push((named, entry.at.0..entry.at.1));
        }
    }

    fn finding(
        self,
        definition: &'static Definition,
        status: Status,
        what: &str,
    ) -> Option<Finding> {
        if self.count == 0 {
            return None;
        }
        let names: Vec<&str> = self.named.iter().map(|(name, _)| name.as_str()).collect();
        let (entries, more) = (
            if self.count == 1 { "entry" } else { "entries" },
            if self.count > u64::try_from(MAX_NAMED).unwrap_or(u64::MAX) {
                ", …"
            } else {
                ""
            },
        );
        let message = format!(
            "{} {entries} {what}: {}{more}",
            self.count,
            names.join(", ")
        );
        Some(self.named.iter().fold(
            Finding::new(definition, status, message),
            |finding, (_, span)| finding.with(bytes(span)),
        ))
    }
}

/// A name in a message: the start of it.
pub(in crate::format) fn quoted(name: &str) -> String {
    let mut short: String = name.chars().take(MAX_QUOTED).collect();
    if short.len() < name.len() {
        short.push('…');
    }
    format!("“{short}”")
}
