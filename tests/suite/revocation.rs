//! CRLs and OCSP answers made here, one property each, through the path builder.

use std::sync::Arc;

use bonafide::base::time::Time;
use bonafide::model::digest::DigestAlgorithm;
use bonafide::model::signature::{RevocationStatus, TrustStatus};
use bonafide::verify::certificate;
use bonafide::verify::digest::hash;
use bonafide::verify::path::{self, Cache, Judged, Purpose, Query, Rules};
use bonafide::verify::profile::Profile;
use bonafide::verify::revocation::RevocationEvidence;
use time::macros::datetime;

use crate::support::anchors::{self, Nobody, Pinned, Question};
use crate::support::keys::{Key, digest_identifier};
use crate::support::pki::{self, Identity, PKI, Template};
use crate::support::{bytes, corpus, der};

const NOW: Time = datetime!(2026-06-01 00:00 UTC);
const SIGNED: Time = datetime!(2025-01-01 00:00 UTC);
const BEFORE: Time = datetime!(2024-06-01 00:00 UTC);
const AFTER: Time = datetime!(2025-06-01 00:00 UTC);

fn leaf() -> Identity {
    Template::leaf(0x71, pki::name(&[("C", "SK"), ("O", "Signer")]))
        .issue(Key::load("signer-rsa2048"), Some(&PKI.ca))
}

/// Judges `leaf` as timestamped at [`SIGNED`], or at [`NOW`].
fn judge(
    leaf: &Identity,
    attested: bool,
    profile: Profile,
    evidence: RevocationEvidence,
) -> Judged {
    let read = |der: &[u8]| Arc::new(certificate::read(der).unwrap());
    path::judge_under(
        &Query {
            leaf: &read(&leaf.certificate),
            supplied: &[read(&PKI.ca.certificate)],
            issuers: &Nobody,
            anchors: &Pinned(vec![read(&PKI.root.certificate)]),
            purpose: Purpose::CodeSigning,
            at: if attested { SIGNED } else { NOW },
            attested,
            now: NOW,
            profile,
            revocation: &evidence,
            cache: &Cache::default(),
        },
        &Rules::of(profile),
    )
}

fn crls(crls: Vec<Vec<u8>>) -> RevocationEvidence {
    RevocationEvidence {
        crls,
        ocsp: Vec::new(),
    }
}

fn ocsp(ocsp: Vec<Vec<u8>>) -> RevocationEvidence {
    RevocationEvidence {
        crls: Vec::new(),
        ocsp,
    }
}

fn ids(judged: &Judged) -> Vec<&str> {
    judged.findings.iter().map(|f| f.definition.id).collect()
}

/// A list of the issuing CA, in date at [`NOW`].
fn crl(revoked: &[(&[u8], Time)]) -> Vec<u8> {
    pki::crl(
        &PKI.ca,
        datetime!(2026-05-01 00:00 UTC),
        datetime!(2026-07-01 00:00 UTC),
        revoked,
    )
}

#[test]
fn without_evidence_nothing_was_checked() {
    let judged = judge(
        &leaf(),
        false,
        Profile::Windows,
        RevocationEvidence::default(),
    );
    assert_eq!(judged.trust.status, TrustStatus::Trusted);
    assert_eq!(judged.revocation.status, RevocationStatus::NotChecked);
}

#[test]
fn good_is_said_only_when_every_certificate_has_an_answer() {
    let leaf = leaf();
    let one = judge(&leaf, false, Profile::Windows, crls(vec![crl(&[])]));
    assert_eq!(
        one.revocation.status,
        RevocationStatus::Unknown,
        "the CA has no answer"
    );
    let root = pki::crl(
        &PKI.root,
        datetime!(2026-05-01 00:00 UTC),
        datetime!(2026-07-01 00:00 UTC),
        &[],
    );
    let both = judge(&leaf, false, Profile::Windows, crls(vec![crl(&[]), root]));
    assert_eq!(both.revocation.status, RevocationStatus::Good);
}

#[test]
fn the_date_of_revocation_decides_for_a_timestamped_signature() {
    let leaf = leaf();
    let serial = leaf.serial.clone();
    let revoked = |at| crls(vec![crl(&[(&serial, at)])]);
    let status = |attested, profile, at| judge(&leaf, attested, profile, revoked(at));

    let now = status(false, Profile::Windows, AFTER);
    assert_eq!(now.trust.status, TrustStatus::Revoked);
    assert_eq!(now.trust.faults, ["revoked"]);
    let earlier = status(true, Profile::Windows, BEFORE);
    assert_eq!(earlier.trust.status, TrustStatus::Revoked);
    let same = status(true, Profile::Windows, SIGNED);
    assert_eq!(same.trust.status, TrustStatus::Revoked);

    // The lists made here give keyCompromise as the reason.
    let later = status(true, Profile::Windows, AFTER);
    assert_eq!(later.trust.status, TrustStatus::Trusted);
    assert!(ids(&later).contains(&"revoked-after-signing"));
    assert!(ids(&later).contains(&"key-compromise"));
    assert_eq!(later.revocation.revoked_at, Some(AFTER));
    let strict = status(true, Profile::WindowsStrict, AFTER);
    assert_eq!(strict.trust.status, TrustStatus::Revoked);
}

#[test]
fn a_stale_or_foreign_list_is_never_good_and_a_stale_one_still_revokes() {
    let leaf = leaf();
    let stale = |revoked: &[(&[u8], Time)]| {
        pki::crl(
            &PKI.ca,
            datetime!(2025-05-01 00:00 UTC),
            datetime!(2025-07-01 00:00 UTC),
            revoked,
        )
    };
    let judged = judge(&leaf, false, Profile::Windows, crls(vec![stale(&[])]));
    assert_eq!(judged.revocation.status, RevocationStatus::Unknown);
    assert_eq!(
        judged.trust.status,
        TrustStatus::Trusted,
        "offline by default"
    );
    let judged = judge(
        &leaf,
        false,
        Profile::Windows,
        crls(vec![stale(&[(&leaf.serial, BEFORE)])]),
    );
    assert_eq!(judged.revocation.status, RevocationStatus::Revoked);

    let impostor = Identity {
        key: Key::load("tsa-rsa2048"),
        certificate: PKI.ca.certificate.clone(),
        name: PKI.ca.name.clone(),
        serial: PKI.ca.serial.clone(),
    };
    let forged = pki::crl(
        &impostor,
        datetime!(2026-05-01 00:00 UTC),
        datetime!(2026-07-01 00:00 UTC),
        &[(&leaf.serial, BEFORE)],
    );
    let judged = judge(&leaf, false, Profile::Windows, crls(vec![forged]));
    assert_eq!(judged.revocation.status, RevocationStatus::Unknown);
    assert_eq!(
        judged.trust.status,
        TrustStatus::Trusted,
        "a forged list revokes nothing"
    );
}

#[test]
fn bytes_that_are_no_list_are_unknown_not_good() {
    let whole = crl(&[]);
    for cut in (0..whole.len()).step_by(7) {
        let judged = judge(
            &leaf(),
            false,
            Profile::Windows,
            crls(vec![whole[..cut].to_vec()]),
        );
        assert_eq!(
            judged.revocation.status,
            RevocationStatus::Unknown,
            "cut at {cut}"
        );
    }
}

// ---- OCSP ----------------------------------------------------------------------------------------------------------

/// certStatus.
enum Status {
    Good,
    Revoked(Time),
}

/// An OCSP answer about `subject` by `signer`, with `certificates` enclosed.
fn answer(
    subject: &Identity,
    issuer: &Identity,
    status: &Status,
    signer: &Identity,
    certificates: &[Vec<u8>],
    this_update: Time,
) -> Vec<u8> {
    let sha1 = |bytes: &[u8]| der::octets(&hash(DigestAlgorithm::Sha1, bytes).unwrap());
    let spki = bonafide::base::der::Reader::der(&issuer.key.spki)
        .any()
        .unwrap();
    let mut fields = spki.reader();
    fields.any().unwrap();
    let key = fields.any().unwrap().bit_string().unwrap();
    let certificate_id = der::sequence(&[
        digest_identifier(DigestAlgorithm::Sha1),
        sha1(&issuer.name),
        sha1(key),
        der::unsigned(&subject.serial),
    ]);
    let status = match status {
        Status::Good => der::tlv(0x80, &[]),
        Status::Revoked(at) => der::explicit(1, &der::generalized_time(*at)),
    };
    let single = der::sequence(&[
        certificate_id,
        status,
        der::generalized_time(this_update),
        der::explicit(
            0,
            &der::generalized_time(this_update + time::Duration::days(7)),
        ),
    ]);
    let data = der::sequence(&[
        der::explicit(1, &signer.name),
        der::generalized_time(this_update),
        der::sequence(&[single]),
    ]);
    let signature = signer.key.sign(DigestAlgorithm::Sha256, &data);
    let mut basic = vec![
        data,
        signer.key.signature_algorithm(DigestAlgorithm::Sha256),
        der::bits(&signature),
    ];
    if !certificates.is_empty() {
        basic.push(der::explicit(0, &der::sequence(certificates)));
    }
    let bytes = der::sequence(&[
        der::oid("1.3.6.1.5.5.7.48.1.1"),
        der::octets(&der::sequence(&basic)),
    ]);
    der::sequence(&[der::tlv(0x0a, &[0]), der::explicit(0, &bytes)])
}

const FRESH: Time = datetime!(2026-05-30 00:00 UTC);

fn responder(usage: &str) -> Identity {
    Template {
        extensions: vec![
            pki::key_usage(&[0]),
            pki::extended_key_usage(&[usage], false),
        ],
        ..Template::leaf(0x72, pki::name(&[("CN", "responder")]))
    }
    .issue(Key::load("tsa-rsa2048"), Some(&PKI.ca))
}

#[test]
fn the_issuer_or_its_responder_may_answer_and_nobody_else() {
    let leaf = leaf();
    let revoked = Status::Revoked(BEFORE);
    let ask = |answer| judge(&leaf, false, Profile::Windows, ocsp(vec![answer]));

    let by_issuer = answer(&leaf, &PKI.ca, &revoked, &PKI.ca, &[], FRESH);
    assert_eq!(ask(by_issuer).revocation.status, RevocationStatus::Revoked);

    let delegate = responder("1.3.6.1.5.5.7.3.9");
    let enclosed = [delegate.certificate.clone()];
    let by_delegate = answer(&leaf, &PKI.ca, &revoked, &delegate, &enclosed, FRESH);
    assert_eq!(
        ask(by_delegate).revocation.status,
        RevocationStatus::Revoked
    );

    let other = responder(pki::CODE_SIGNING);
    let enclosed = [other.certificate.clone()];
    let by_other = answer(&leaf, &PKI.ca, &revoked, &other, &enclosed, FRESH);
    let judged = ask(by_other);
    assert_eq!(judged.revocation.status, RevocationStatus::Unknown);
    assert_eq!(judged.trust.status, TrustStatus::Trusted);
}

#[test]
fn an_ocsp_answer_counts_while_fresh_and_for_its_certificate_only() {
    let leaf = leaf();
    let status = |evidence| {
        judge(&leaf, false, Profile::Windows, ocsp(evidence))
            .revocation
            .status
    };
    let good = |subject: &Identity, issuer: &Identity, at| {
        answer(subject, issuer, &Status::Good, issuer, &[], at)
    };
    let fresh = good(&leaf, &PKI.ca, FRESH);
    let of_ca = good(&PKI.ca, &PKI.root, FRESH);
    assert_eq!(status(vec![fresh, of_ca]), RevocationStatus::Good);
    let stale = good(&leaf, &PKI.ca, datetime!(2026-01-01 00:00 UTC));
    assert_eq!(status(vec![stale]), RevocationStatus::Unknown);
    let future = good(&leaf, &PKI.ca, datetime!(2026-07-01 00:00 UTC));
    assert_eq!(status(vec![future]), RevocationStatus::Unknown);
    let another = Identity {
        serial: vec![0x11, 0x22],
        ..self::leaf()
    };
    let about_another = good(&another, &PKI.ca, FRESH);
    assert_eq!(status(vec![about_another]), RevocationStatus::NotChecked);
}

#[test]
fn a_list_made_elsewhere_revokes_its_certificate() {
    let Some(pki) = corpus("windows/generated/pki") else {
        return;
    };
    let read = |name: &str| {
        let text = bytes(&pki.join(name));
        let at = text
            .windows(10)
            .position(|w| w == b"-----BEGIN")
            .unwrap_or(0);
        let pem = std::str::from_utf8(&text[at..]).unwrap();
        anchors::der(pem)
    };
    let certificate = |name| Arc::new(certificate::read(&read(name)).unwrap());
    // The list is of 2026-11-24.
    let now = datetime!(2026-12-01 00:00 UTC);
    let question = Question {
        leaf: certificate("revoked.crt"),
        supplied: vec![certificate("inter.crt")],
        anchors: vec![certificate("root.crt")],
        purpose: Purpose::CodeSigning,
        at: now,
        attested: false,
        now,
        crls: vec![read("inter.crl")],
    };
    let judged = question.judge(&Rules::of(Profile::Windows));
    assert_eq!(
        judged.trust.status,
        TrustStatus::Revoked,
        "{}",
        judged.trust.reason
    );
    let unrevoked = Question {
        leaf: certificate("leaf.crt"),
        ..question
    };
    let judged = unrevoked.judge(&Rules::of(Profile::Windows));
    assert_eq!(
        judged.trust.status,
        TrustStatus::Trusted,
        "{}",
        judged.trust.reason
    );
}
