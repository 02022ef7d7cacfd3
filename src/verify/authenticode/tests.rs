use std::sync::LazyLock;

use super::{Context, judge, open};
use crate::base::time::parse_rfc3339;
use crate::envelope::cms::spc::{INDIRECT_DATA, PE_IMAGE_DATA};
use crate::format::pe::IMAGE;
use crate::model::extract::{Coverage, RawSignature};
use crate::model::finding::Finding;
use crate::model::signature::{Integrity, Position, Signature, TrustStatus};
use crate::verify::image::Scan;
use crate::verify::path::Cache;
use crate::verify::profile::Profile;
use crate::verify::revocation::RevocationEvidence;
use crate::verify::signer::forge::{
    DATA, Holder, SHA1, SHA256, Signed, Signer, algorithm, attribute, message_digest, octets, oid,
    seq, tlv, with_null,
};
use crate::verify::store::TrustStore;

static HOLDER: LazyLock<Holder> = LazyLock::new(|| Holder::new("Example", 7));
static OTHER: LazyLock<Holder> = LazyLock::new(|| Holder::new("Other", 8));
static STORE: LazyLock<TrustStore> = LazyLock::new(TrustStore::bundled);

const FILE_DIGEST: [u8; 32] = [0x55; 32];

/// Octets of SpcIndirectDataContent over a file digest.
fn content(data_type: &str, digest_algorithm: &str, digest: &[u8]) -> Vec<u8> {
    [
        seq(&[oid(data_type), seq(&[])]),
        seq(&[with_null(digest_algorithm), octets(digest)]),
    ]
    .concat()
}

fn good_content() -> Vec<u8> {
    content(PE_IMAGE_DATA, SHA256, &FILE_DIGEST)
}

fn signer() -> Signer<'static> {
    Signer::new(&HOLDER, INDIRECT_DATA, &good_content())
}

fn signed(signer: Signer<'_>) -> Signed {
    Signed {
        version: 1,
        digest_algorithms: vec![signer.digest_algorithm.clone()],
        content_type: INDIRECT_DATA.into(),
        content: seq(&[good_content()]),
        certificates: vec![HOLDER.certificate.clone()],
        signers: vec![signer.encode()],
    }
}

fn raw(bytes: Vec<u8>) -> RawSignature {
    let span = 0x400..u64::try_from(bytes.len().saturating_add(0x400)).unwrap();
    RawSignature::cms(&IMAGE, Position::Primary, span, bytes, Coverage::default())
}

fn judged_under(profile: Profile, raw: &[RawSignature], digest: Option<Vec<u8>>) -> Vec<Signature> {
    let opened = open(raw);
    let scan = Scan {
        covered: opened.covered().iter().map(|_| digest.clone()).collect(),
        ..Scan::default()
    };
    let anchors = STORE.anchors(profile);
    judge(
        &opened,
        &scan,
        &Context {
            now: parse_rfc3339("2026-06-01").unwrap(),
            profile,
            anchors: &anchors,
            issuers: &*STORE,
            revocation: &RevocationEvidence::default(),
            cache: &Cache::default(),
        },
    )
}

fn judged(bytes: Vec<u8>) -> Signature {
    judged_under(
        Profile::IntegrityOnly,
        &[raw(bytes)],
        Some(FILE_DIGEST.to_vec()),
    )
    .remove(0)
}

fn has(signature: &Signature, id: &str) -> bool {
    let is = |f: &Finding| f.definition.id == id;
    signature.findings.iter().any(is)
}

#[track_caller]
fn refused(signed: &Signed, reason: &str) {
    let signature = judged(signed.encode());
    match &signature.integrity {
        Integrity::Invalid(reasons) => assert!(reasons.contains(&reason), "{reasons:?}"),
        other => panic!("{other:?}"),
    }
    assert!(has(&signature, reason));
}

#[test]
fn a_signature_with_everything_right_is_valid_and_raises_nothing() {
    let signature = judged(signed(signer()).encode());
    assert_eq!(
        signature.integrity,
        Integrity::Valid,
        "{:?}",
        signature.findings
    );
    assert_eq!(signature.findings, []);
    assert_eq!(signature.trust.status, TrustStatus::NotChecked);
    assert_eq!(signature.signer.unwrap().der, HOLDER.certificate);
    assert_eq!(
        (signature.id.0.as_str(), signature.span.start),
        ("1", 0x400)
    );
}

#[test]
fn a_file_digest_that_differs_or_is_missing_never_gives_valid() {
    let bytes = || vec![raw(signed(signer()).encode())];
    let judge = |digest| judged_under(Profile::IntegrityOnly, &bytes(), digest).remove(0);
    let tampered = judge(Some(vec![0; 32]));
    assert_eq!(
        tampered.integrity,
        Integrity::Invalid(vec!["digest-mismatch"])
    );
    assert!(matches!(judge(None).integrity, Integrity::Unverifiable(_)));
    // No answers at all.
    let raw = bytes();
    let opened = open(&raw);
    let anchors = STORE.anchors(Profile::IntegrityOnly);
    let context = Context {
        now: parse_rfc3339("2026-06-01").unwrap(),
        profile: Profile::IntegrityOnly,
        anchors: &anchors,
        issuers: &*STORE,
        revocation: &RevocationEvidence::default(),
        cache: &Cache::default(),
    };
    let unanswered = judge_all(&opened, &context);
    assert!(matches!(
        unanswered[0].integrity,
        Integrity::Unverifiable(_)
    ));
}

fn judge_all(opened: &super::Opened<'_>, context: &Context<'_>) -> Vec<Signature> {
    judge(opened, &Scan::default(), context)
}

#[test]
fn no_signatures_give_no_verdicts() {
    assert!(judged_under(Profile::IntegrityOnly, &[], None).is_empty());
}

#[test]
fn zero_and_two_signerinfos_are_invalid_though_each_is_good() {
    let none = Signed {
        signers: Vec::new(),
        ..signed(signer())
    };
    refused(&none, "no-signerinfos");
    let mut two = signed(signer());
    two.signers.push(signer().encode());
    refused(&two, "multiple-signerinfos");
    let mut one_bad = signed(signer());
    let mut bad = signer();
    bad.signature = Some(vec![0x30, 6, 2, 1, 1, 2, 1, 1]);
    one_bad.signers.push(bad.encode());
    refused(&one_bad, "bad-signature");
}

#[test]
fn signed_attributes_must_be_there_once_and_right() {
    let with = |change: fn(&mut Vec<Vec<u8>>)| {
        let mut signer = signer();
        change(signer.attributes.as_mut().unwrap());
        signed(signer)
    };
    refused(&with(|a| a.truncate(1)), "missing-message-digest");
    refused(&with(|a| drop(a.remove(0))), "missing-content-type");
    refused(
        &with(|a| a[1] = message_digest(b"other")),
        "messagedigest-mismatch",
    );
    refused(
        &with(|a| a[0] = attribute("1.2.840.113549.1.9.3", &[oid(DATA)])),
        "content-type-mismatch",
    );
    refused(
        &with(|a| a.push(message_digest(&good_content()))),
        "duplicate-signed-attribute",
    );
    refused(
        &with(|a| a[0] = attribute("1.2.840.113549.1.9.3", &[oid(INDIRECT_DATA), oid(DATA)])),
        "duplicate-signed-attribute",
    );
    let mut none = signer();
    none.attributes = None;
    refused(&signed(none), "missing-signed-attributes");
}

#[test]
fn unsorted_signed_attributes_are_hashed_as_they_stand() {
    let mut signer = signer();
    signer.sorted = false;
    let attributes = signer.attributes.as_mut().unwrap();
    attributes.sort();
    attributes.reverse();
    let signature = judged(signed(signer).encode());
    assert_eq!(signature.integrity, Integrity::Valid);
    assert!(has(&signature, "signed-attributes-not-der"));
}

#[test]
fn content_of_another_kind_is_refused() {
    let mut data = signed(signer());
    data.content_type = DATA.into();
    refused(&data, "content-type-mismatch");

    let cabinet = content("1.3.6.1.4.1.311.2.1.25", SHA256, &FILE_DIGEST);
    let mut moved = signed(Signer::new(&HOLDER, INDIRECT_DATA, &cabinet));
    moved.content = seq(&[cabinet]);
    refused(&moved, "content-type-mismatch");

    let odd = content("1.3.6.1.4.1.311.2.1.21", SHA256, &FILE_DIGEST);
    let mut noted = signed(Signer::new(&HOLDER, INDIRECT_DATA, &odd));
    noted.content = seq(&[odd]);
    let signature = judged(noted.encode());
    assert_eq!(signature.integrity, Integrity::Valid);
    assert!(has(&signature, "unusual-data-type"));
}

#[test]
fn digest_algorithms_that_disagree_are_refused() {
    let mut outer = signed(signer());
    outer.digest_algorithms = vec![with_null(SHA1)];
    refused(&outer, "inconsistent-digest-algorithms");
    let mut several = signed(signer());
    several.digest_algorithms = vec![with_null(SHA256), with_null(SHA1)];
    refused(&several, "inconsistent-digest-algorithms");
    let weak = content(PE_IMAGE_DATA, SHA1, &[0x55; 20]);
    let mut inner = signed(Signer::new(&HOLDER, INDIRECT_DATA, &weak));
    inner.content = seq(&[weak]);
    refused(&inner, "inconsistent-digest-algorithms");
    let short = content(PE_IMAGE_DATA, SHA256, &FILE_DIGEST[..16]);
    let mut cut = signed(Signer::new(&HOLDER, INDIRECT_DATA, &short));
    cut.content = seq(&[short]);
    refused(&cut, "digest-length-wrong");
}

#[test]
fn labels_that_contradict_key_digest_or_grammar_are_refused() {
    let labelled = |label: Vec<u8>| {
        let mut signer = signer();
        signer.signature_algorithm = label;
        signed(signer)
    };
    let rsa = "1.2.840.113549.1.1.11";
    refused(&labelled(with_null(rsa)), "sigalg-key-mismatch");
    let ecdsa_sha512 = "1.2.840.10045.4.3.4";
    refused(&labelled(algorithm(ecdsa_sha512)), "sigalg-digest-mismatch");
    let garbage = seq(&[oid("1.2.840.10045.4.3.2"), octets(b"garbage")]);
    refused(&labelled(garbage), "bad-algorithm-parameters");

    let mut signer = signer();
    signer.digest_algorithm = seq(&[oid(SHA256), octets(b"garbage")]);
    refused(&signed(signer), "bad-algorithm-parameters");
}

#[test]
fn an_unknown_digest_is_unverifiable_and_named() {
    let mut gost = signer();
    gost.digest_algorithm = with_null("1.2.643.7.1.1.2.2");
    let signature = judged(signed(gost).encode());
    match signature.integrity {
        Integrity::Unverifiable(what) => assert!(what.contains("Streebog-256"), "{what}"),
        // The outer algorithms disagree too, which is a fault of its own.
        Integrity::Invalid(reasons) => {
            assert_eq!(reasons, ["inconsistent-digest-algorithms"]);
            assert!(
                signature
                    .findings
                    .iter()
                    .any(|f| f.message.contains("Streebog-256"))
            );
        }
        Integrity::Valid => panic!("valid"),
    }
}

#[test]
fn version_fields_have_one_right_value() {
    for version in [0, 3, 5] {
        let mut outer = signed(signer());
        outer.version = version;
        refused(&outer, "unusual-version");
        let mut inner = signer();
        inner.version = version;
        refused(&signed(inner), "unusual-version");
    }
}

#[test]
fn the_signer_is_whose_key_verifies_among_equal_names() {
    let twin = Holder::new("Example", 7);
    let mut twins = signed(signer());
    twins.certificates.insert(0, twin.certificate.clone());
    let signature = judged(twins.encode());
    assert_eq!(signature.integrity, Integrity::Valid);
    assert_eq!(signature.signer.unwrap().der, HOLDER.certificate);
}

#[test]
fn a_signer_that_is_not_in_the_set_is_missing() {
    let mut missing = signed(signer());
    missing.certificates = vec![OTHER.certificate.clone()];
    refused(&missing, "signer-certificate-missing");
    let mut shouted = signer();
    shouted.issuer = crate::verify::signer::forge::name("EXAMPLE");
    refused(&signed(shouted), "signer-certificate-missing");
    let mut retyped = signer();
    let cn = seq(&[
        oid("2.5.4.3"),
        tlv(crate::base::der::tag::PRINTABLE_STRING, b"Example"),
    ]);
    retyped.issuer = seq(&[crate::verify::signer::forge::set(&[cn])]);
    assert_eq!(judged(signed(retyped).encode()).integrity, Integrity::Valid);
}

#[test]
fn a_certificate_that_cannot_be_read_is_a_fault_wherever_it_stands() {
    let mut damaged = signed(signer());
    damaged.certificates.push(seq(&[octets(b"no certificate")]));
    refused(&damaged, "damaged-certificate");
}

#[test]
fn unsigned_attributes_are_named_with_their_size() {
    let mut signer = signer();
    signer.unsigned = vec![attribute("1.3.6.1.4.1.42921.1.2.1", &[octets(&[0; 100])])];
    let signature = judged(signed(signer).encode());
    assert_eq!(signature.integrity, Integrity::Valid);
    let blob = &signature.findings[0];
    assert_eq!(blob.definition.id, "unauthenticated-blob");
    assert!(blob.message.contains("102 bytes"), "{}", blob.message);
}

#[test]
fn a_certificate_beside_the_path_is_named_and_a_damaged_one_is_a_fault() {
    let judged = |certificate: Vec<u8>| {
        let mut stuffed = signed(signer());
        stuffed.certificates.push(certificate);
        let file = [raw(stuffed.encode())];
        judged_under(Profile::Windows, &file, Some(FILE_DIGEST.to_vec())).remove(0)
    };
    let decoy = judged(OTHER.certificate.clone());
    assert_eq!(decoy.integrity, Integrity::Valid);
    assert!(has(&decoy, "unrelated-certs-present"));
    assert_eq!(decoy.signer.unwrap().der, HOLDER.certificate);

    let mut damaged = OTHER.certificate.clone();
    // Inside notBefore: still a certificate, no longer the one that was signed.
    let at = damaged
        .windows(13)
        .position(|w| w == b"200101000000Z")
        .unwrap();
    damaged[at] ^= 1;
    assert_eq!(
        judged(damaged).integrity,
        Integrity::Invalid(vec!["damaged-certificate"])
    );
}

/// A signature with `inner` nested in it.
fn nesting(inner: &[Vec<u8>]) -> Vec<u8> {
    let mut outer = signer();
    outer.unsigned = vec![attribute(open::NESTED, inner)];
    signed(outer).encode()
}

#[test]
fn a_bad_nested_signature_is_bad_and_leaves_its_parent_alone() {
    let mut bad = signer();
    bad.signature = Some(vec![0x30, 6, 2, 1, 1, 2, 1, 1]);
    let file = [raw(nesting(&[
        signed(bad).encode(),
        signed(signer()).encode(),
    ]))];
    let all = judged_under(Profile::IntegrityOnly, &file, Some(FILE_DIGEST.to_vec()));
    let ids: Vec<&str> = all.iter().map(|s| s.id.0.as_str()).collect();
    assert_eq!(ids, ["1", "1.1", "1.2"]);
    assert_eq!(all[0].integrity, Integrity::Valid);
    assert_eq!(all[1].integrity, Integrity::Invalid(vec!["bad-signature"]));
    assert_eq!(all[2].integrity, Integrity::Valid);
    assert!(has(&all[0], "nested-signature"));
    assert!(has(&all[2], "nested-signature-surplus"));
    assert_eq!(all[1].position, Position::Nested(1));
    let start = usize::try_from(all[1].span.start - 0x400).unwrap();
    assert_eq!(file[0].bytes[start], 0x30);
}

#[test]
fn nesting_over_the_limit_makes_the_last_one_examined_invalid() {
    let mut bytes = signed(signer()).encode();
    for _ in 0..6 {
        bytes = nesting(&[bytes]);
    }
    let all = judged_under(
        Profile::IntegrityOnly,
        &[raw(bytes)],
        Some(FILE_DIGEST.to_vec()),
    );
    assert_eq!(all.len(), 5);
    let last = all.last().unwrap();
    assert_eq!(last.id.0, "1.1.1.1.1");
    assert_eq!(last.integrity, Integrity::Invalid(vec!["nested-too-deep"]));
}

#[test]
fn more_signatures_than_the_limit_are_never_dropped_in_silence() {
    let inner = signed(signer()).encode();
    let file: Vec<RawSignature> = (0..4)
        .map(|_| raw(nesting(&vec![inner.clone(); 30])))
        .collect();
    let all = judged_under(Profile::IntegrityOnly, &file, Some(FILE_DIGEST.to_vec()));
    assert!(all.len() <= 64 + file.len());
    assert!(all.iter().any(|s| has(s, "nested-too-deep")));
    assert!(all.iter().any(|s| s.id.0 == "4"));
}

#[test]
fn two_top_level_signatures_are_each_judged() {
    let mut bad = signer();
    bad.signature = Some(vec![0x30, 6, 2, 1, 1, 2, 1, 1]);
    let file = [raw(signed(signer()).encode()), raw(signed(bad).encode())];
    let all = judged_under(Profile::IntegrityOnly, &file, Some(FILE_DIGEST.to_vec()));
    assert_eq!(all[0].integrity, Integrity::Valid);
    assert_eq!(all[1].id.0, "2");
    assert_eq!(all[1].integrity, Integrity::Invalid(vec!["bad-signature"]));
}

#[test]
fn padding_is_noted_and_refused_only_under_the_strict_rules() {
    let mut bytes = signed(signer()).encode();
    bytes.extend(b"payload");
    let digest = || Some(FILE_DIGEST.to_vec());
    let plain = &judged_under(Profile::Windows, &[raw(bytes.clone())], digest())[0];
    assert_eq!(plain.integrity, Integrity::Valid);
    assert!(has(plain, "unauthenticated-data-in-wincert"));
    let strict = &judged_under(Profile::WindowsStrict, &[raw(bytes)], digest())[0];
    assert_eq!(
        strict.integrity,
        Integrity::Invalid(vec!["unauthenticated-data-in-wincert"])
    );
}

#[test]
fn bytes_that_are_no_signature_are_malformed_and_not_unsigned() {
    let signature = judged(vec![0x30, 0x03, 1, 2, 3]);
    assert_eq!(
        signature.integrity,
        Integrity::Invalid(vec!["malformed-signature"])
    );
    assert_eq!(signature.trust.status, TrustStatus::Unknown);
}

#[test]
fn no_bit_of_a_signature_is_free_except_in_unsigned_attributes() {
    let mut signer = signer();
    signer.unsigned = vec![attribute("1.3.6.1.4.1.42921.1.2.1", &[octets(&[0; 20])])];
    let bytes = signed(signer).encode();
    let opened = crate::envelope::cms::read(&bytes).unwrap();
    let free = opened.signers[0].unsigned_attributes[0].span.clone();
    // The certificate vouches for itself only under a path; here its key alone is bound.
    let certificate = bytes
        .windows(HOLDER.certificate.len())
        .position(|w| w == HOLDER.certificate)
        .unwrap();
    let bound = certificate..certificate + HOLDER.certificate.len();
    for at in (0..bytes.len()).filter(|at| !bound.contains(at)) {
        for bit in 0..8 {
            let mut flipped = bytes.clone();
            flipped[at] ^= 1 << bit;
            let signature = judged(flipped);
            let accepted = signature.integrity == Integrity::Valid;
            assert!(!accepted || free.contains(&at), "bit {bit} of byte {at}");
            assert!(
                !accepted || !signature.findings.is_empty(),
                "bit {bit} of byte {at}"
            );
        }
    }
}
