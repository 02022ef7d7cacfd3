//! Countersignatures (RFC 5652 section 11.4) that are signatures of their own: by somebody who took the signed thing in, not by a
//! timestamp authority. Each is a bare SignerInfo over the octets of the signature it stands on, its certificates in that
//! signature's set.

use crate::base::oid::Oid;
use crate::envelope::Error;
use crate::envelope::cms::{nuget, signer};
use crate::model::certificate::SharedCertificate;
use crate::model::cms::{SignedData, SignerInfo};
use crate::model::extract::ContentRule;
use crate::verify::authenticode::content;
use crate::verify::signer::algorithm::is;
use crate::verify::signer::pool::Pool;
use crate::verify::timestamp::COUNTERSIGNATURE;

/// Schemes whose countersignatures are signatures. Everywhere else they are timestamps.
static SCHEMES: &[&str] = &["nuget"];

/// Whether an unsigned attribute of a signature under `rule` holds such.
pub(super) fn holds(rule: &ContentRule, oid: &Oid) -> bool {
    SCHEMES.contains(&rule.scheme) && is(oid, COUNTERSIGNATURE)
}

/// The countersignature in `value`, in the form of a signature over the octets of `on`.
pub(super) fn read(value: &[u8], on: &SignerInfo, set: &SignedData) -> Result<SignedData, Error> {
    let (info, ber) = signer::read(value)?;
    let mut signed = SignedData {
        encoded_len: value.len(),
        ber,
        version: 1,
        digest_algorithms: vec![info.digest_algorithm.clone()],
        content_type: Oid::parse(nuget::DATA).ok_or(Error::Unknown)?,
        content: on.signature.clone(),
        content_tag: 0,
        content_offset: 0,
        detached: true,
        certificates: set.certificates.clone(),
        other_certificates: 0,
        crls: set.crls.clone(),
        other_revocation: 0,
        signers: vec![info],
    };
    signed.version = content::version(&signed);
    Ok(signed)
}

/// Certificates that the countersignatures on `on` name: they stand in its set and have their part there.
pub(super) fn certificates(
    rule: &ContentRule,
    on: Option<&SignerInfo>,
    pool: &Pool,
) -> Vec<SharedCertificate> {
    let attributes = on.map_or(&[][..], |signer| &signer.unsigned_attributes);
    attributes
        .iter()
        .filter(|attribute| holds(rule, &attribute.oid))
        .flat_map(|attribute| &attribute.values)
        .filter_map(|value| signer::read(&value.bytes).ok())
        .flat_map(|(info, _)| pool.named(&info.identifier))
        .collect()
}
