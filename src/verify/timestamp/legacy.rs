//! PKCS #9 countersignatures (RFC 2985 section 5.3.6): a bare SignerInfo over the parent's signature octets, its certificate in
//! the parent's set.

use crate::base::oid::Oid;
use crate::base::time::Time;
use crate::envelope::cms::{self, tst};
use crate::model::cms::{AttributeValue, SignerIdentifier, SignerInfo};
use crate::model::finding::Status;
use crate::model::signature::{SignatureId, TimestampKind};
use crate::verify::findings::signature as f;
use crate::verify::signer::algorithm::is;
use crate::verify::signer::notes::Notes;
use crate::verify::signer::pool::Pool;
use crate::verify::signer::{self, Expected, attribute};
use crate::verify::timestamp::{Scene, Token, unreadable, wrapper_notes};

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
            content: scene.signature,
            content_types: &content_types,
            content_type_required: true,
            bare_digest: true,
        },
        scene.pool,
        &mut notes,
    );
    let at = stated_time(&signer, &mut notes);
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
        own_set: false,
        crls: Vec::new(),
        findings: notes.into_findings(),
    }
}

/// A token as Microsoft's timestamp protocol answers with it, kept whole: SignedData whose content is the signature's octets,
/// with the time as signingTime. `None` for SignedData of another content.
pub(super) fn read_token(value: &AttributeValue, scene: &Scene<'_>) -> Option<Token> {
    let signed = cms::read(&value.bytes).ok()?;
    if !is(&signed.content_type, DATA) {
        return None;
    }
    let id = SignatureId(String::new());
    let offset = u64::try_from(value.offset).unwrap_or(u64::MAX);
    let mut notes = Notes::new(&id, scene.base.saturating_add(offset));
    let all = 0..signed.encoded_len;
    wrapper_notes(&signed, &mut notes);
    if signed.encoded_len < value.bytes.len() {
        let after = signed.encoded_len..value.bytes.len();
        notes.fail(&f::MALFORMED_SIGNATURE, "octets follow the token", after);
    }
    if signed.content != scene.signature {
        notes.fail(
            &f::MESSAGEDIGEST_MISMATCH,
            "the token's content is not this signature",
            all.clone(),
        );
    }
    let pool = Pool::read(&signed.certificates, all.clone(), scene.cache, &mut notes);
    let [signer] = &signed.signers[..] else {
        let definition = match signed.signers.is_empty() {
            true => &f::NO_SIGNERINFOS,
            false => &f::MULTIPLE_SIGNERINFOS,
        };
        notes.fail(definition, "the token has not one SignerInfo", all);
        return Some(unreadable(TimestampKind::Authenticode, notes));
    };
    let expected = Expected {
        content: &signed.content,
        content_types: std::slice::from_ref(&signed.content_type),
        content_type_required: true,
        bare_digest: false,
    };
    let checked = signer::check(signer, expected, &pool, &mut notes);
    oddities(signer, false, &mut notes);
    let at = stated_time(signer, &mut notes);
    Some(Token {
        kind: TimestampKind::Authenticode,
        at,
        integrity: notes.integrity(),
        digest: checked.digest,
        signer: checked.signer,
        supplied: pool.certificates,
        own_set: true,
        crls: signed.crls,
        findings: notes.into_findings(),
    })
}

fn stated_time(signer: &SignerInfo, notes: &mut Notes<'_>) -> Option<Time> {
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
    at
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
