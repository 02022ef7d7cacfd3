//! Links: an entry that is written through a link made by an earlier one ends up wherever that link points.

use std::collections::HashSet;

use crate::format::listing::{Examples, Listed, Sort};
use crate::model::finding::{Definition, Finding, Status};

/// Links of one kind: all of them, and those that do harm.
#[derive(Debug, Default)]
pub(super) struct Links {
    all: Examples,
    escaping: Examples,
}

impl Links {
    /// Links that stay inside are told of and no more: most packages of other systems than Windows have some.
    pub(super) fn finding(self, definition: &'static Definition, kind: &str) -> Option<Finding> {
        if self.escaping.count > 0 {
            let what = format!("that is a {kind} link out of the container or written through");
            return self.escaping.finding(definition, Status::Review, &what);
        }
        self.all.finding(
            definition,
            Status::Pass,
            &format!("that is a {kind} link, none of them out of the container"),
        )
    }
}

pub(super) fn check(entries: &[Listed<'_>]) -> (Links, Links) {
    let mut symbolic = Links::default();
    let mut hard = Links::default();
    let through = written_through(entries);
    for entry in entries {
        match entry.kind {
            Sort::Symlink(target) => {
                symbolic.all.push(entry, "");
                match target {
                    Some(target) if leaves(entry.path, target) => {
                        symbolic.escaping.push(entry, "points out of the container");
                    }
                    Some(_) if through.contains(entry.path) => {
                        symbolic
                            .escaping
                            .push(entry, "another entry is written through it");
                    }
                    Some(_) => {}
                    None => symbolic
                        .escaping
                        .push(entry, "its target could not be read"),
                }
            }
            Sort::Hardlink(target) => {
                hard.all.push(entry, "");
                if leaves("", target) {
                    hard.escaping.push(entry, "points out of the container");
                }
            }
            Sort::File | Sort::Directory | Sort::Device => {}
        }
    }
    (symbolic, hard)
}

/// Paths of symbolic links that another entry has as a parent.
fn written_through<'a>(entries: &[Listed<'a>]) -> HashSet<&'a str> {
    let links: HashSet<&str> = entries
        .iter()
        .filter(|entry| matches!(entry.kind, Sort::Symlink(_)))
        .map(|entry| entry.path)
        .collect();
    if links.is_empty() {
        return links;
    }
    entries
        .iter()
        .flat_map(|entry| {
            entry
                .path
                .match_indices('/')
                .filter_map(|(at, _)| entry.path.get(..at))
        })
        .filter_map(|parent| links.get(parent).copied())
        .collect()
}

/// Whether a link at `path` to `target` leaves the folder that the container is unpacked into.
fn leaves(path: &str, target: &str) -> bool {
    if target.starts_with('/') || target.contains(['\\', '\0']) {
        return true;
    }
    let parents = path.split('/').filter(|part| !matches!(*part, "" | "."));
    let mut depth = parents.count().saturating_sub(1);
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." => match depth.checked_sub(1) {
                Some(up) => depth = up,
                None => return true,
            },
            _ => depth = depth.saturating_add(1),
        }
    }
    false
}
