//! The signature of a package, and everything about its entry that a client would refuse.

use crate::base::blob::ReadAt;
use crate::base::budget::Budget;
use crate::format::Error;
use crate::format::listing::Conventions;
use crate::format::listing::findings::DUPLICATE_ENTRY;
use crate::format::look::bytes;
use crate::format::nuget::findings::SIGNATURE_ENTRY_FORM;
use crate::format::nuget::{CARD, PACKAGE, SIGNATURE, claims, coverage};
use crate::format::zip::findings::{PREPENDED_DATA, TRAILING_DATA};
use crate::format::zip::records::{Layout, Record};
use crate::format::zip::unsigned_record::unlike_others;
use crate::format::zip::{listed, read_entry};
use crate::model::extract::{Extract, RawSignature, Signing, Span};
use crate::model::finding::{Definition, Finding, Status};
use crate::model::signature::Position;

/// Largest signature read: with two chains, two timestamps and revocation lists real ones have some tens of kilobytes.
pub(super) const MAX_SIGNATURE: u64 = 1 << 20;
/// Bit 11: the name is UTF-8, which clients do not take for the signature's.
const UTF_8: u16 = 1 << 11;

pub(super) fn extract(blob: &dyn ReadAt, budget: &Budget<'_>) -> Result<Extract, Error> {
    let layout = Layout::strict(blob, budget)?;
    let conventions = Conventions {
        posix: false,
        duplicates: Status::Fail,
    };
    let mut out = Extract {
        format: CARD.id,
        description: format!("NuGet package, {} entries", layout.entries.len()),
        signing: Signing::Optional,
        findings: listed(blob, &layout, conventions, budget),
        ..Extract::default()
    };
    if let Some((entry, twice)) = layout.named(SIGNATURE) {
        let coverage = coverage::without(blob, &layout, entry)?;
        let local = entry.local.as_ref();
        let span = local.map_or_else(|| entry.central.clone(), |local| local.data.clone());
        let bytes = read_entry(blob, entry, MAX_SIGNATURE, budget)?;
        out.findings.extend(unlike_others(blob, &layout, entry));
        out.signatures.push(RawSignature {
            faults: faults(&layout, entry, twice, blob.size()),
            ..RawSignature::cms(&PACKAGE, Position::Primary, span, bytes, coverage)
        });
    }
    claims::read(blob, &layout, budget, &mut out);
    Ok(out)
}

fn faults(layout: &Layout, entry: &Record, twice: bool, size: u64) -> Vec<Finding> {
    let fail = |definition: &'static Definition, message: &str, span: &Span| {
        Finding::new(definition, Status::Fail, message).with(bytes(span))
    };
    let form = |message: &str| fail(&SIGNATURE_ENTRY_FORM, message, &entry.central);
    let mut faults = Vec::new();
    if twice {
        let message = "there are two entries for a signature";
        faults.push(fail(&DUPLICATE_ENTRY, message, &entry.central));
    }
    if entry.method != 0 {
        faults.push(form("the signature's entry is compressed"));
    }
    if entry.flags & UTF_8 != 0 {
        faults.push(form("the name of the signature's entry is marked as UTF-8"));
    }
    if layout.end.zip64.is_some() {
        faults.push(form(
            "the package is a ZIP64 archive, which clients do not take",
        ));
    }
    let before = 0..layout.start();
    if !before.is_empty() {
        faults.push(fail(
            &PREPENDED_DATA,
            "data stand before the package",
            &before,
        ));
    }
    let after = layout.end.span.end..size;
    if !after.is_empty() {
        faults.push(fail(
            &TRAILING_DATA,
            "data follow the end of the package",
            &after,
        ));
    }
    faults
}
