//! PKCS #9 countersignatures (RFC 2985 section 5.3.6): a bare SignerInfo over the parent's signature octets, its certificate in
//! the parent's set.

use crate::base::oid::Oid;
use crate::envelope::cms::{self, tst};
use crate::model::cms::{AttributeValue, SignerIdentifier, SignerInfo};
use crate::model::finding::Status;
use crate::model::signature::{SignatureId, TimestampKind};
use crate::verify::findings::signature as f;
use crate::verify::signer::notes::Notes;
use crate::verify::signer::{self, Expected, attribute};
use crate::verify::timestamp::{Scene, Token, unreadable};

/// id-data (RFC 5652 section 4).
const DATA: &str = "1.2.840.113549.1.7.1";

pub(super) fn read(value: &AttributeValue, scene: &Scene<'_>) -> Token {
    let id = SignatureId(String::new());
    let offset = u64::try_from(value.offset).unwrap_or(u64::MAX);
    let mut notes = Notes::new(&id, scene.base.saturating_add(offset));
    let signer = match cms::signer::read(&value.bytes) {
        Ok((signer, ber)) => {
            oddities(&signer, ber, &mut notes);
            signer
        }
        Err(error) => {
            let message = format!("the countersignature cannot be read: {error}");
            notes.fail(&f::MALFORMED_SIGNATURE, message, 0..value.bytes.len());
            return unreadable(TimestampKind::Authenticode, notes);
        }
    };
    // Countersignatures that say id-ct-TSTInfo instead of id-data are on valid files.
    let content_types: Vec<Oid> = [DATA, tst::TST_INFO]
        .iter()
        .filter_map(|dotted| Oid::parse(dotted))
        .collect();
    let checked = signer::check(
        &signer,
        Expected {
            content: &scene.parent.signature,
            content_types: &content_types,
            bare_digest: true,
        },
        scene.pool,
        &mut notes,
    );
    let at = signer
        .signed_attributes
        .as_ref()
        .and_then(attribute::signing_time);
    if at.is_none() {
        notes.fail(
            &f::MISSING_SIGNING_TIME,
            "the countersignature states no time",
            signer.span.clone(),
        );
    }
    Token {
        kind: if checked.bare_digest {
            TimestampKind::LegacyBareDigest
        } else {
            TimestampKind::Authenticode
        },
        at,
        integrity: notes.integrity(),
        digest: checked.digest,
        signer: checked.signer,
        supplied: scene.pool.certificates.clone(),
        crls: Vec::new(),
        findings: notes.into_findings(),
    }
}

fn oddities(signer: &SignerInfo, ber: bool, notes: &mut Notes<'_>) {
    if ber {
        notes.note(
            &f::BER_ENCODING,
            Status::Review,
            "the countersignature is BER, not DER",
            signer.span.clone(),
        );
    }
    let right = match signer.identifier {
        SignerIdentifier::IssuerSerial { .. } => 1,
        SignerIdentifier::SubjectKeyId(_) => 3,
    };
    if signer.version != right {
        notes.note(
            &f::UNUSUAL_VERSION,
            Status::Review,
            format!(
                "the countersignature has SignerInfo version {}",
                signer.version
            ),
            signer.span.clone(),
        );
    }
    for attribute in &signer.unsigned_attributes {
        notes.note(
            &f::UNAUTHENTICATED_BLOB,
            Status::Review,
            format!(
                "the countersignature has unsigned attribute {}",
                attribute.oid
            ),
            attribute.span.clone(),
        );
    }
}
