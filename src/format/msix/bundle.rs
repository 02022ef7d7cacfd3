//! The packages in a bundle against its manifest: stored as they are, listed once, at the offset and of the size listed.

use std::collections::BTreeSet;

use crate::base::blob::ReadAt;
use crate::base::xml::{Document, NodeId};
use crate::format::listing::quoted;
use crate::format::msix::findings::BUNDLE_MISMATCH;
use crate::format::msix::parts::{Parts, decoded};
use crate::model::extract::Span;
use crate::model::finding::{Finding, Status};

/// Endings that packages in a bundle have.
const ENDINGS: [&str; 2] = [".appx", ".msix"];
/// Differences that the finding names; the rest is counted.
const MAX_NAMED: usize = 5;

/// Parts that are packages by their names, and in what they differ from the manifest.
pub(super) fn check(parts: &Parts<'_>, manifest: &Document) -> (BTreeSet<usize>, Option<Finding>) {
    let mut inside: BTreeSet<usize> = BTreeSet::new();
    for (index, entry) in parts.layout.entries.iter().enumerate() {
        if is_package(&decoded(&entry.name)) {
            inside.insert(index);
        }
    }
    let mut differences = Vec::new();
    let mut listed: BTreeSet<usize> = BTreeSet::new();
    let mut applications = 0usize;
    for node in packages(manifest, &mut differences) {
        if manifest.attribute(node, "Type") == Some("application") {
            applications = applications.saturating_add(1);
        }
        let name = manifest.attribute(node, "FileName").unwrap_or_default();
        if !is_package(name) {
            differences.push(format!("{} is no name of a package", quoted(name)));
        }
        // A flat bundle lists packages that lie beside it, and states no offset for them.
        let Some(offset) = manifest.attribute(node, "Offset") else {
            continue;
        };
        match parts.listed(name) {
            None => differences.push(format!("{} is listed and not there", quoted(name))),
            Some((index, record)) => {
                inside.insert(index);
                if !listed.insert(index) {
                    differences.push(format!("{} is listed twice", quoted(name)));
                }
                let data = record.local.as_ref().map(|l| l.data.clone());
                let size = manifest.attribute(node, "Size").unwrap_or_default();
                let what = place(parts.blob, record.method, data, offset, size);
                differences.extend(what.map(|what| format!("{} {what}", quoted(name))));
            }
        }
    }
    for index in inside.difference(&listed) {
        if let Some(entry) = parts.layout.entries.get(*index) {
            differences.push(format!("{} is not listed", quoted(&entry.name)));
        }
    }
    if applications == 0 {
        differences.push("no application package is listed".into());
    }
    (inside, finding(&differences))
}

fn place(
    blob: &dyn ReadAt,
    method: u16,
    data: Option<Span>,
    offset: &str,
    size: &str,
) -> Option<String> {
    let data = data.unwrap_or_default();
    let len = data.end.saturating_sub(data.start);
    if method != 0 {
        return Some("is compressed".into());
    }
    if offset.parse() != Ok(data.start) {
        return Some(format!("stands at {}, {offset} is listed", data.start));
    }
    if size.parse() != Ok(len) {
        return Some(format!("has {len} bytes, {size} are listed"));
    }
    let mut magic = [0; 4];
    let readable = len >= 4 && blob.read_exact_at(data.start, &mut magic).is_ok();
    (!readable || &magic != b"PK\x03\x04").then(|| "is no package".into())
}

/// Elements of the list; anything else of the same vocabulary breaks the schema.
fn packages(manifest: &Document, differences: &mut Vec<String>) -> Vec<NodeId> {
    let root = manifest.root();
    let namespace = manifest.name(root).map(|n| n.namespace().to_owned());
    let namespace = namespace.unwrap_or_default();
    let Some(list) = manifest.only(root, &namespace, "Packages") else {
        differences.push("the manifest lists no packages".into());
        return Vec::new();
    };
    let mut found = Vec::new();
    for child in manifest.children(list) {
        match manifest.name(child) {
            Some(name) if name.local() == "Package" => found.push(child),
            Some(name) if name.namespace() == namespace => {
                differences.push(format!(
                    "{} stands among the packages",
                    quoted(name.local())
                ));
            }
            Some(_) | None => {}
        }
    }
    found
}

fn is_package(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ENDINGS.iter().any(|ending| name.ends_with(ending))
}

fn finding(differences: &[String]) -> Option<Finding> {
    if differences.is_empty() {
        return None;
    }
    let named: Vec<&str> = differences
        .iter()
        .take(MAX_NAMED)
        .map(String::as_str)
        .collect();
    let more = match differences.len().saturating_sub(MAX_NAMED) {
        0 => String::new(),
        more => format!("; {more} more"),
    };
    let message = format!("{}{more}", named.join("; "));
    Some(Finding::new(&BUNDLE_MISMATCH, Status::Fail, message))
}
