//! What a zip shows of itself.

use crate::base::blob::ReadAt;
use crate::base::budget::Budget;
use crate::format::Error;
use crate::format::listing::findings::ENCRYPTED_ENTRY;
use crate::format::listing::{self, Conventions, Listed, Sort, quoted};
use crate::format::look::bytes;
use crate::format::zip::describe::Package;
use crate::format::zip::findings::AMBIGUOUS_ENTRY_NAME;
use crate::format::zip::records::{Layout, Record, is_signing_block};
use crate::format::zip::{extents, members};
use crate::model::extract::{Extract, Gap};
use crate::model::finding::{Finding, Status};

pub(super) fn extract(blob: &dyn ReadAt, budget: &Budget<'_>) -> Result<Extract, Error> {
    let layout = Layout::read(blob, budget)?;
    layout.faultless()?;
    let package = Package::of(&layout);
    Ok(Extract {
        format: "zip",
        description: package.describe(layout.entries.len()),
        findings: findings(blob, &layout, package, budget),
        gaps: gaps(blob, &layout),
        ..Extract::default()
    })
}

/// Everything about the list of members that a reader should know.
fn findings(
    blob: &dyn ReadAt,
    layout: &Layout,
    package: Package,
    budget: &Budget<'_>,
) -> Vec<Finding> {
    let mut found = extents::check(blob, layout);
    let duplicates = if package.is_signed_by_entry() {
        Status::Fail
    } else {
        Status::Review
    };
    found.extend(listed(
        blob,
        layout,
        Conventions {
            posix: false,
            duplicates,
        },
        budget,
    ));
    found.extend(encrypted(layout));
    found.extend(named_twice(layout));
    found
}

/// What the names and kinds of the entries give away, for every format that is a zip.
pub(in crate::format) fn listed(
    blob: &dyn ReadAt,
    layout: &Layout,
    conventions: Conventions,
    budget: &Budget<'_>,
) -> Vec<Finding> {
    let targets: Vec<Option<String>> = layout
        .entries
        .iter()
        .map(|entry| members::link_target(blob, entry, budget))
        .collect();
    let entries: Vec<Listed<'_>> = layout
        .entries
        .iter()
        .zip(&targets)
        .map(|(entry, target)| Listed {
            path: &entry.name,
            kind: sort(entry, target.as_deref()),
            at: (entry.central.start, entry.central.end),
        })
        .collect();
    listing::check(&entries, conventions)
}

fn sort<'a>(entry: &Record, target: Option<&'a str>) -> Sort<'a> {
    match members::unix_type(entry) {
        Some(members::UnixType::Link) => Sort::Symlink(target),
        Some(members::UnixType::Device) => Sort::Device,
        Some(members::UnixType::Other) | None if members::is_directory(entry) => Sort::Directory,
        Some(members::UnixType::Other) | None => Sort::File,
    }
}

fn encrypted(layout: &Layout) -> Option<Finding> {
    let mut all = layout.entries.iter().filter(|e| e.is_encrypted());
    let first = all.next()?;
    let count = all.count().saturating_add(1);
    let message = format!(
        "{count} of {} entries are encrypted, such as {}",
        layout.entries.len(),
        quoted(&first.name)
    );
    Some(Finding::new(&ENCRYPTED_ENTRY, Status::Review, message).with(bytes(&first.central)))
}

fn named_twice(layout: &Layout) -> Option<Finding> {
    let entry = layout.entries.iter().find(|e| e.other_name.is_some())?;
    let message = format!(
        "{} has the other name {} in an extra field",
        quoted(&entry.name),
        quoted(entry.other_name.as_deref().unwrap_or_default())
    );
    Some(Finding::new(&AMBIGUOUS_ENTRY_NAME, Status::Review, message).with(bytes(&entry.central)))
}

/// Signatures of other schemes: seen, and not examined.
fn gaps(blob: &dyn ReadAt, layout: &Layout) -> Vec<Gap> {
    let mut gaps = Vec::new();
    let jar = layout.entries.iter().find(|e| is_jar_signature(&e.name));
    gaps.extend(jar.map(|entry| Gap {
        what: format!("JAR signature {}", entry.name),
        why: "signatures of Java archives are not examined".to_owned(),
    }));
    let opc = layout
        .entries
        .iter()
        .find_map(|e| Some((e, opc_scheme(&e.name)?)));
    gaps.extend(opc.map(|(entry, scheme)| {
        Gap {
            what: format!("{scheme} {}", entry.name),
            why: "XML signatures of packages other than Visual Studio extensions are not examined"
                .to_owned(),
        }
    }));
    let before = layout.directory.start.saturating_sub(16)..layout.directory.start;
    if is_signing_block(blob, &before) {
        gaps.push(Gap {
            what: "APK signing block".to_owned(),
            why: "signatures of Android packages are not examined".to_owned(),
        });
    }
    gaps
}

/// What a signature by the Open Packaging Conventions is called.
pub(in crate::format) const OPC_SIGNATURE: &str = "OPC digital signature";

/// The scheme of an XML signature in a package, by where writers put it.
fn opc_scheme(name: &str) -> Option<&'static str> {
    let folder = name.rsplit_once('/')?.0.to_ascii_lowercase();
    match folder.as_str() {
        "_xmlsignatures" => Some("Office document signature"),
        "package/services/digital-signature/xml-signature" => Some(OPC_SIGNATURE),
        _ => None,
    }
}

/// JAR file specification, signed JAR file: the block file beside a signature file.
fn is_jar_signature(name: &str) -> bool {
    let Some(file) = name
        .to_ascii_uppercase()
        .strip_prefix("META-INF/")
        .map(str::to_owned)
    else {
        return false;
    };
    !file.contains('/')
        && [".SF", ".RSA", ".DSA", ".EC"]
            .iter()
            .any(|end| file.ends_with(end))
}
