//! The catalog inside an app package that lists its executables, against the package around it: both by one signer.

use crate::model::finding::{Finding, Status};
use crate::model::signature::{Integrity, Signature};
use crate::verify::findings::file::CODE_INTEGRITY_SIGNER_DIFFERS;

/// Raised where the catalog's signature does not hold or is by another certificate than the package's.
pub fn differs(package: &[Signature], catalog: &[Signature]) -> Option<Finding> {
    let package = package.first()?;
    let why = match catalog {
        [] => "carries no signature",
        [signature] if signature.integrity != Integrity::Valid => {
            "carries a signature that does not hold"
        }
        [signature] => match (&signature.signer, &package.signer) {
            (Some(catalog), Some(package)) if catalog.id == package.id => return None,
            (Some(_), Some(_)) => "is signed with another certificate than the package",
            (None, _) | (_, None) => "or the package names a certificate that is not there",
        },
        [_, _, ..] => "carries more than one signature",
    };
    let message = format!("the code integrity catalog {why}");
    Some(Finding::new(&CODE_INTEGRITY_SIGNER_DIFFERS, Status::Review, message).about(&package.id))
}
