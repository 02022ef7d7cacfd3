//! The license inside the signature of a ClickOnce manifest: `KeyInfo/msrel:RelData/r:license`, in which the publisher signs
//! what the manifest's digest is.

use crate::base::xml::{Document, NodeId};
use crate::envelope::Error;
use crate::envelope::xmldsig::{DSIG, offset, signature};
use crate::model::xmldsig::License;

pub(super) const RELDATA: &str = "http://schemas.microsoft.com/windows/rel/2005/reldata";
/// ISO/IEC 21000-5 (MPEG-21 rights expression language).
pub(super) const RIGHTS: &str = "urn:mpeg:mpeg21:2003:01-REL-R-NS";
const AUTHENTICODE: &str = "http://schemas.microsoft.com/windows/pki/2005/Authenticode";

/// The license in the KeyInfo of the signature at `node`.
pub(super) fn read(document: &Document, node: NodeId) -> Result<Option<License>, Error> {
    let mut found = document
        .named(node, DSIG, "KeyInfo")
        .flat_map(|k| document.named(k, RELDATA, "RelData"))
        .flat_map(|d| document.named(d, RIGHTS, "license"));
    let Some(license) = found.next() else {
        return Ok(None);
    };
    let wrong = |expected, node| Error::Content {
        expected,
        offset: offset(document, node),
    };
    if let Some(second) = found.next() {
        return Err(wrong("one license", second));
    }
    let inner = document
        .only(license, RIGHTS, "issuer")
        .and_then(|issuer| document.only(issuer, DSIG, "Signature"))
        .ok_or(wrong("one Signature of the license's issuer", license))?;
    let information = document
        .only(license, RIGHTS, "grant")
        .and_then(|grant| document.only(grant, AUTHENTICODE, "ManifestInformation"));
    Ok(Some(License {
        node: license,
        signature: signature::read(document, inner, license)?,
        hash: information
            .and_then(|i| document.attribute(i, "Hash"))
            .map(str::to_owned),
        identity: information.and_then(|i| {
            let mut identities = document.children(i).filter(|c| {
                document
                    .name(*c)
                    .is_some_and(|n| n.local() == "assemblyIdentity")
            });
            let only = identities.next()?;
            identities.next().is_none().then_some(only)
        }),
    }))
}
