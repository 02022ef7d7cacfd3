use std::sync::LazyLock;

use super::{Scene, Token, ess, legacy, rfc3161};
use crate::base::der::tag;
use crate::base::time::rfc3339;
use crate::envelope::cms::signer;
use crate::envelope::cms::tst::TST_INFO;
use crate::model::cms::{AttributeValue, SignerInfo};
use crate::model::digest::DigestAlgorithm;
use crate::model::signature::{Integrity, TimestampKind};
use crate::verify::certificate;
use crate::verify::digest;
use crate::verify::path::Cache;
use crate::verify::signer::forge::{
    DATA, Holder, SHA256, Signed, Signer, algorithm, attribute, int, octets, oid, seq, tlv,
};
use crate::verify::signer::pool::Pool;

static CLIENT: LazyLock<Holder> = LazyLock::new(|| Holder::new("Client", 1));
static AUTHORITY: LazyLock<Holder> = LazyLock::new(|| Holder::new("Authority", 2));

/// The signature that is stamped.
fn parent() -> SignerInfo {
    let encoded = Signer::new(&CLIENT, DATA, b"content").encode();
    signer::read(&encoded).unwrap().0
}

fn pool() -> Pool {
    Pool {
        certificates: [&AUTHORITY.certificate, &CLIENT.certificate]
            .map(|der| certificate::read(der).unwrap().into())
            .into(),
    }
}

fn value(bytes: Vec<u8>) -> AttributeValue {
    AttributeValue { bytes, offset: 0 }
}

fn read(
    reader: fn(&AttributeValue, &Scene<'_>) -> Token,
    parent: &SignerInfo,
    bytes: Vec<u8>,
) -> Token {
    let scene = Scene {
        signature: &parent.signature,
        pool: &pool(),
        leaf: None,
        cache: &Cache::default(),
        base: 0,
    };
    reader(&value(bytes), &scene)
}

fn sha256(bytes: &[u8]) -> Vec<u8> {
    digest::hash(DigestAlgorithm::Sha256, bytes).unwrap()
}

fn tst_info(stamped: &[u8]) -> Vec<u8> {
    seq(&[
        int(1),
        oid("1.2.3"),
        seq(&[algorithm(SHA256), octets(&sha256(stamped))]),
        int(9),
        tlv(tag::GENERALIZED_TIME, b"20240102030405Z"),
    ])
}

fn bound_to(holder: &Holder) -> Vec<u8> {
    let id = seq(&[octets(&sha256(&holder.certificate))]);
    attribute(ess::SIGNING_CERTIFICATE_V2, &[seq(&[seq(&[id])])])
}

fn token_over(info: Vec<u8>, change: impl FnOnce(&mut Signer<'_>, &mut Signed)) -> Vec<u8> {
    let mut signer = Signer::new(&AUTHORITY, TST_INFO, &info);
    signer
        .attributes
        .as_mut()
        .unwrap()
        .push(bound_to(&AUTHORITY));
    let mut signed = Signed {
        version: 3,
        digest_algorithms: vec![signer.digest_algorithm.clone()],
        content_type: TST_INFO.into(),
        content: octets(&info),
        certificates: vec![AUTHORITY.certificate.clone()],
        signers: Vec::new(),
    };
    change(&mut signer, &mut signed);
    signed.signers.push(signer.encode());
    signed.encode()
}

fn token(change: impl FnOnce(&mut Signer<'_>, &mut Signed)) -> Token {
    let parent = parent();
    let bytes = token_over(tst_info(&parent.signature), change);
    read(rfc3161::read, &parent, bytes)
}

#[track_caller]
fn refused(token: &Token, reason: &str) {
    match &token.integrity {
        Integrity::Invalid(reasons) => assert!(reasons.contains(&reason), "{reasons:?}"),
        other => panic!("{other:?}"),
    }
}

fn raises(token: &Token, id: &str) -> bool {
    token.findings.iter().any(|f| f.definition.id == id)
}

#[test]
fn a_token_over_the_signature_octets_holds() {
    let token = token(|_, _| {});
    assert_eq!(token.integrity, Integrity::Valid, "{:?}", token.findings);
    assert_eq!(token.findings, []);
    assert_eq!(token.kind, TimestampKind::Rfc3161);
    assert_eq!(rfc3339(token.at.unwrap()), "2024-01-02T03:04:05Z");
    assert_eq!(token.signer.unwrap().der, AUTHORITY.certificate);
}

#[test]
fn a_token_of_another_signature_does_not_hold() {
    let parent = parent();
    let bytes = token_over(tst_info(b"another signature"), |_, _| {});
    refused(
        &read(rfc3161::read, &parent, bytes),
        "messagedigest-mismatch",
    );
}

#[test]
fn a_token_is_tst_info_by_type_by_attribute_and_by_tag() {
    refused(
        &token(|_, signed| signed.content_type = DATA.into()),
        "content-type-mismatch",
    );
    refused(
        &token(|signer, _| {
            let data = attribute("1.2.840.113549.1.9.3", &[oid(DATA)]);
            signer.attributes.as_mut().unwrap()[0] = data;
        }),
        "content-type-mismatch",
    );
    refused(
        &token(|_, signed| signed.content[0] = tag::UTF8_STRING),
        "content-type-mismatch",
    );
}

#[test]
fn a_token_must_name_the_certificate_that_signed_it() {
    refused(
        &token(|signer, _| {
            let attributes = signer.attributes.as_mut().unwrap();
            *attributes.last_mut().unwrap() = bound_to(&CLIENT);
        }),
        "timestamp-signer-mismatch",
    );
    let unbound = token(|signer, _| drop(signer.attributes.as_mut().unwrap().pop()));
    assert_eq!(unbound.integrity, Integrity::Valid);
    assert!(raises(&unbound, "timestamp-signer-not-bound"));
}

#[test]
fn a_token_with_no_or_two_signers_or_a_bad_signature_does_not_hold() {
    let parent = parent();
    let info = tst_info(&parent.signature);
    let bytes = token_over(info.clone(), |_, signed| {
        signed
            .signers
            .push(Signer::new(&AUTHORITY, TST_INFO, &info).encode());
    });
    refused(&read(rfc3161::read, &parent, bytes), "multiple-signerinfos");
    refused(
        &token(|signer, _| signer.signature = Some(vec![0x30, 6, 2, 1, 1, 2, 1, 1])),
        "bad-signature",
    );
    refused(
        &read(rfc3161::read, &parent, b"no token".to_vec()),
        "malformed-signature",
    );
}

#[test]
fn odd_versions_of_a_token_are_said_and_change_nothing() {
    let odd = token(|signer, signed| {
        signer.version = 0;
        signed.version = 1;
    });
    assert_eq!(odd.integrity, Integrity::Valid);
    assert!(raises(&odd, "unusual-version"));
}

fn countersignature(content_type: &str, over: &[u8], time: Option<&str>) -> Token {
    let parent = parent();
    let stamped = if over.is_empty() {
        &parent.signature
    } else {
        over
    };
    let mut signer = Signer::new(&AUTHORITY, content_type, stamped);
    if let Some(time) = time {
        signer = signer.signing_time(time);
    }
    read(legacy::read, &parent, signer.encode())
}

#[test]
fn a_countersignature_is_over_the_signature_octets_and_states_a_time() {
    let time = Some("240102030405Z");
    for content_type in [DATA, TST_INFO] {
        let good = countersignature(content_type, &[], time);
        assert_eq!(good.integrity, Integrity::Valid, "{:?}", good.findings);
        assert_eq!(rfc3339(good.at.unwrap()), "2024-01-02T03:04:05Z");
        assert_eq!(good.kind, TimestampKind::Authenticode);
    }
    refused(
        &countersignature("1.3.6.1.4.1.311.2.1.4", &[], time),
        "content-type-mismatch",
    );
    refused(
        &countersignature(DATA, b"other", time),
        "messagedigest-mismatch",
    );
    refused(&countersignature(DATA, &[], None), "missing-signing-time");
}
