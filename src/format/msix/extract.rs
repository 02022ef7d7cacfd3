//! From the parts of a package to its signature, and everything about it that a reader should know.

use std::collections::BTreeSet;

use crate::base::blob::ReadAt;
use crate::base::budget::Budget;
use crate::base::xml::Document;
use crate::format::Error;
use crate::format::listing::Conventions;
use crate::format::look::bytes;
use crate::format::msix::block_map::{self, BlockMap};
use crate::format::msix::findings::{
    BLOCK_MAP_MALFORMED, PACKAGE_MANIFEST_MALFORMED, PACKAGE_PART_MISSING,
};
use crate::format::msix::parts::{
    BLOCK_MAP, BUNDLE_MANIFEST, CONTENT_TYPES, MANIFEST, MAX_XML, Parts, SIGNATURE,
};
use crate::format::msix::{BUNDLE, PACKAGE, blocks, bundle, manifest, signature};
use crate::format::zip;
use crate::format::zip::unsigned_record::unlike_others;
use crate::model::extract::{ContentRule, Extract, Home, Signing};
use crate::model::finding::{Finding, Status};

pub(super) fn extract(blob: &dyn ReadAt, budget: &Budget<'_>) -> Result<Extract, Error> {
    let parts = Parts::read(blob, budget)?;
    let kind = Kind::of(&parts);
    let mut out = Extract {
        format: "msix",
        description: kind.describe().into(),
        home: Some(Home::Windows),
        signing: Signing::Expected,
        ..Extract::default()
    };
    let mut faults = missing(&parts, kind);
    faults.extend(zip::around(blob, &parts.layout).into_iter().map(failing));
    let manifest = read_manifest(&parts, kind, budget, &mut out, &mut faults)?;
    let mut packages = BTreeSet::new();
    if let Some(manifest) = manifest.filter(|_| kind == Kind::Bundle) {
        let (inside, difference) = bundle::check(&parts, &manifest);
        packages = inside;
        faults.extend(difference);
    }
    let map = read_block_map(&parts, budget, &mut faults)?;
    if let Some(map) = &map {
        faults.extend(blocks::check(&parts, map, &packages, budget)?);
    }
    let conventions = Conventions {
        posix: false,
        duplicates: Status::Fail,
    };
    for finding in zip::listed(blob, &parts.layout, conventions, budget) {
        match finding.status {
            Status::Fail => faults.push(finding),
            Status::Pass | Status::Unknown | Status::Review => out.findings.push(finding),
        }
    }
    if let Some(record) = parts.named(SIGNATURE) {
        out.findings
            .extend(unlike_others(blob, &parts.layout, record));
    }
    match signature::read(&parts, kind.rule(), budget)? {
        Some(mut signature) => {
            signature.digest_algorithm = map.map(|map| map.algorithm);
            signature.faults.extend(faults);
            out.signatures.push(signature);
        }
        None => out.findings.extend(faults),
    }
    Ok(out)
}

/// What a package is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Package,
    Bundle,
}

impl Kind {
    /// By the manifest that it has; a bundle without one by the packages in it.
    fn of(parts: &Parts<'_>) -> Self {
        let has = |name| parts.named(name).is_some();
        let holds_packages = || {
            let mut names = parts.layout.entries.iter().map(|e| &e.name);
            names.any(|n| n.ends_with(".appx") || n.ends_with(".msix"))
        };
        if has(BUNDLE_MANIFEST) || (!has(MANIFEST) && holds_packages()) {
            Self::Bundle
        } else {
            Self::Package
        }
    }

    fn describe(self) -> &'static str {
        match self {
            Self::Package => "Windows app package",
            Self::Bundle => "Windows app bundle",
        }
    }

    fn rule(self) -> &'static ContentRule {
        match self {
            Self::Package => &PACKAGE,
            Self::Bundle => &BUNDLE,
        }
    }

    /// Where its manifest is, and the element it consists of.
    fn manifest(self) -> (&'static str, &'static str) {
        match self {
            Self::Package => (MANIFEST, "Package"),
            Self::Bundle => (BUNDLE_MANIFEST, "Bundle"),
        }
    }
}

/// Nothing may stand before, between or behind the records of a package.
fn failing(finding: Finding) -> Finding {
    Finding {
        status: Status::Fail,
        ..finding
    }
}

fn missing(parts: &Parts<'_>, kind: Kind) -> Vec<Finding> {
    [kind.manifest().0, BLOCK_MAP, CONTENT_TYPES]
        .into_iter()
        .filter(|name| parts.named(name).is_none())
        .map(|name| {
            let message = format!("there is no {name}");
            Finding::new(&PACKAGE_PART_MISSING, Status::Fail, message)
        })
        .collect()
}

fn read_manifest(
    parts: &Parts<'_>,
    kind: Kind,
    budget: &Budget<'_>,
    out: &mut Extract,
    faults: &mut Vec<Finding>,
) -> Result<Option<Document>, Error> {
    let (name, root) = kind.manifest();
    let Some(record) = parts.named(name) else {
        return Ok(None);
    };
    let content = parts.content(record, MAX_XML, budget)?;
    match manifest::parse(&content, root) {
        Ok(document) => {
            let span = record.local.as_ref().map_or(0..0, |l| l.data.clone());
            out.claimed = manifest::claims(&document, &span);
            Ok(Some(document))
        }
        Err(why) => {
            let message = format!("{name}: {why}");
            faults.push(
                Finding::new(&PACKAGE_MANIFEST_MALFORMED, Status::Fail, message)
                    .with(bytes(&record.central)),
            );
            Ok(None)
        }
    }
}

fn read_block_map(
    parts: &Parts<'_>,
    budget: &Budget<'_>,
    faults: &mut Vec<Finding>,
) -> Result<Option<BlockMap>, Error> {
    let Some(record) = parts.named(BLOCK_MAP) else {
        return Ok(None);
    };
    let content = parts.content(record, MAX_XML, budget)?;
    match block_map::parse(&content) {
        Ok(map) => Ok(Some(map)),
        Err(why) => {
            faults.push(
                Finding::new(&BLOCK_MAP_MALFORMED, Status::Fail, why).with(bytes(&record.central)),
            );
            Ok(None)
        }
    }
}
