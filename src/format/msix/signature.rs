//! The signature part.

use crate::base::budget::Budget;
use crate::format::Error;
use crate::format::look::bytes;
use crate::format::msix::coverage::{covers, start};
use crate::format::msix::findings::{PACKAGE_SIGNATURE_MALFORMED, PACKAGE_SIGNATURE_NOT_LAST};
use crate::format::msix::parts::{MAX_SIGNATURE, Parts, SIGNATURE};
use crate::model::extract::{ContentRule, Coverage, RawSignature};
use crate::model::finding::{Finding, Status};
use crate::model::signature::Position;

/// Stands before the CMS.
const MAGIC: &[u8] = b"PKCX";

/// The signature, where the package has one, with what is wrong about its place.
pub(super) fn read(
    parts: &Parts<'_>,
    rule: &'static ContentRule,
    budget: &Budget<'_>,
) -> Result<Option<RawSignature>, Error> {
    let Some(record) = parts.named(SIGNATURE) else {
        return Ok(None);
    };
    let content = parts.content(record, MAX_SIGNATURE, budget)?;
    let mut span = record
        .local
        .as_ref()
        .map_or(record.central.clone(), |local| local.data.clone());
    let mut faults = Vec::new();
    let cms = match content.strip_prefix(MAGIC) {
        Some(cms) => cms.to_vec(),
        None => {
            let message = "AppxSignature.p7x does not begin with PKCX";
            faults.push(
                Finding::new(&PACKAGE_SIGNATURE_MALFORMED, Status::Fail, message)
                    .with(bytes(&span)),
            );
            content
        }
    };
    if record.method == 0 {
        span.start = span.start.saturating_add(4).min(span.end);
    }
    let own = start(record);
    let later = |local: u64| local > own;
    let follower = parts
        .layout
        .entries
        .iter()
        .find(|e| e.local.as_ref().is_some_and(|l| later(l.header.start)));
    if let Some(follower) = follower {
        let message = format!("{} follows the signature", follower.name);
        faults.push(
            Finding::new(&PACKAGE_SIGNATURE_NOT_LAST, Status::Fail, message)
                .with(bytes(&follower.central)),
        );
    }
    Ok(Some(RawSignature {
        covers: covers(parts, record, budget)?,
        faults,
        ..RawSignature::cms(rule, Position::Primary, span, cms, Coverage::default())
    }))
}
