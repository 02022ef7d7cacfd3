//! Analyses made by hand, one a shape that a report takes. The names are invented.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use bonafide::base::oid::Oid;
use bonafide::base::time::{Time, parse_date, parse_rfc3339};
use bonafide::model::analysis::{Analysis, ErrorKind, Subject, SubjectError};
use bonafide::model::certificate::{
    Certificate, CertificateId, Extensions, Name, NameAttribute, SharedCertificate,
};
use bonafide::model::claim::{Aspect, Claim, Jurisdiction, Strength};
use bonafide::model::cms::{AlgorithmIdentifier, Opus};
use bonafide::model::digest::DigestAlgorithm;
use bonafide::model::evidence::{Evidence, Source};
use bonafide::model::extract::{Claimed, Gap, Signing};
use bonafide::model::finding::{Definition, Dimension, Finding, Severity, Status};
use bonafide::model::party::{
    AppliesVia, Identifier, InForce, Match, Party, PartyId, Role, Tier, Validation, VendorLink,
};
use bonafide::model::signature::{
    Integrity, PageHashVerdict, Position, Revocation, RevocationStatus, Signature, SignatureId,
    TimeBasis, Timestamp, TimestampKind, Trust, TrustStatus,
};
use bonafide::model::verdict::{Decision, PolicyIdentity, Reason, Verdict, Waiver};
use bonafide::report::json::{DataSet, Report, Run, Tool, from_analysis};

static DIGEST_MATCHES: Definition = Definition {
    id: "sample-digest-matches",
    dimension: Dimension::Integrity,
    severity: Severity::Info,
    title: "The file is what was signed",
    references: &["Authenticode_PE.docx"],
};
static DATA_AFTER_TABLE: Definition = Definition {
    id: "sample-data-after-table",
    dimension: Dimension::Integrity,
    severity: Severity::High,
    title: "Data follows the certificate table",
    references: &["CVE-2013-3900"],
};
static NAMED: Definition = Definition {
    id: "sample-named-by-instrument",
    dimension: Dimension::Instruments,
    severity: Severity::High,
    title: "An instrument in force reaches the signer",
    references: &[],
};
static NOT_NAMED: Definition = Definition {
    id: "sample-no-instrument-match",
    dimension: Dimension::Instruments,
    severity: Severity::Info,
    title: "No instrument held names the signer",
    references: &[],
};
static NOT_SIGNED: Definition = Definition {
    id: "sample-not-signed",
    dimension: Dimension::Integrity,
    severity: Severity::Medium,
    title: "The file carries no signature",
    references: &[],
};

pub(super) fn time(text: &str) -> Time {
    parse_rfc3339(text).unwrap()
}

fn name(fields: &[(&str, &str)]) -> Name {
    let mut attributes = Vec::new();
    for (rdn, (oid, value)) in fields.iter().enumerate() {
        attributes.push(NameAttribute {
            oid: Oid::parse(oid).unwrap(),
            rdn,
            string_tag: 0x0c,
            value: (*value).to_owned(),
            faults: bonafide::base::text::faults(value),
        });
    }
    Name {
        raw: format!("{fields:?}").into_bytes(),
        attributes,
    }
}

fn certificate(number: u8, organisation: &str, common: &str, country: &str) -> SharedCertificate {
    Arc::new(Certificate {
        id: CertificateId([number; 32]),
        sha1: [number; 20],
        der: Vec::new(),
        version: 2,
        serial: vec![0x0a, number],
        subject: name(&[
            ("2.5.4.6", country),
            ("2.5.4.10", organisation),
            ("2.5.4.3", common),
        ]),
        issuer: name(&[("2.5.4.6", "US"), ("2.5.4.3", "Example Code Signing CA")]),
        not_before: time("2023-01-01"),
        not_after: time("2026-01-01"),
        spki: Vec::new(),
        spki_sha256: [number.wrapping_add(1); 32],
        tbs: 0..0,
        signature_algorithm: AlgorithmIdentifier {
            oid: Oid::parse("1.2.840.113549.1.1.11").unwrap(),
            parameters: None,
        },
        algorithms_agree: true,
        signature: Vec::new(),
        extensions: Extensions {
            extended_key_usage: Some(vec![Oid::parse("1.3.6.1.5.5.7.3.3").unwrap()]),
            ..Extensions::default()
        },
        oddities: Vec::new(),
    })
}

fn trust(status: TrustStatus, chain: &[&SharedCertificate]) -> Trust {
    Trust {
        status,
        programme: "windows".into(),
        root: chain.last().map(|c| c.id),
        reason: "a path to an anchor of the programme holds".into(),
        faults: Vec::new(),
        chain: chain.iter().map(|c| Arc::clone(c)).collect(),
        paths_tried: 1,
    }
}

fn party(id: &str, name: &str, role: Role, certificate: &SharedCertificate) -> Party {
    Party {
        id: PartyId(id.into()),
        name: name.into(),
        names: vec![name.into()],
        roles: BTreeSet::from([role]),
        certificate: Some(certificate.id),
        validation: Validation::Organization,
        validation_rule: "policy OID 2.23.140.1.4.1".into(),
        countries: BTreeSet::new(),
        identifiers: Vec::new(),
        vendor: None,
        claims: Vec::new(),
        matches: Vec::new(),
    }
}

fn claim(
    party: &Party,
    aspect: Aspect,
    country: &str,
    basis: &str,
    strength: Strength,
    evidence: Evidence,
) -> Claim {
    Claim {
        party: party.id.clone(),
        aspect,
        jurisdiction: Jurisdiction::country(country),
        basis: basis.into(),
        strength,
        source: "certificate".into(),
        as_of: None,
        valid_from: None,
        valid_to: None,
        evidence: vec![evidence],
    }
}

fn subject(path: &str, digest: u8) -> Subject {
    Subject {
        id: "1".into(),
        parent: None,
        path: path.into(),
        size: 4_213_760,
        digests: BTreeMap::from([
            (DigestAlgorithm::Sha1, vec![digest; 20]),
            (DigestAlgorithm::Sha256, vec![digest; 32]),
        ]),
        format: "pe",
        description: "PE32+ executable, x86-64".into(),
        profile: "windows",
        signing: Signing::Expected,
        members: None,
        signatures: Vec::new(),
        signers: BTreeMap::new(),
        claimed: Vec::new(),
        findings: Vec::new(),
        gaps: Vec::new(),
        endpoints: Vec::new(),
        updaters: Vec::new(),
        error: None,
        origin: None,
    }
}

/// A signed file; `organisation` in `country` signs it.
pub(super) fn signed(path: &str, organisation: &str, country: &str) -> Analysis {
    let leaf = certificate(0x11, organisation, organisation, country);
    let issuer = certificate(0x22, "Example Trust Inc", "Example Code Signing CA", "US");
    let root = certificate(0x33, "Example Trust Inc", "Example Root", "US");
    let stamp = certificate(0x44, "Example Time Ltd", "Example Timestamp 2023", "GB");

    let mut signer = party("P-signer", organisation, Role::Signer, &leaf);
    signer.countries.insert(country.into());
    signer.identifiers.push(Identifier {
        scheme: "registration-number".into(),
        jurisdiction: Some(country.into()),
        value: "1027700000008".into(),
        evidence: Evidence::certificate(
            Source::Signed,
            leaf.id,
            "subject.serialNumber",
            "1027700000008",
        ),
    });
    signer.claims.push(claim(
        &signer,
        Aspect::PlaceOfBusiness,
        country,
        "certificate subject, C",
        Strength::Medium,
        Evidence::certificate(Source::Signed, leaf.id, "subject.C", country),
    ));
    let mut authority = party(
        "P-ca",
        "Example Trust Inc",
        Role::CertificateAuthority,
        &issuer,
    );
    authority.claims.push(claim(
        &authority,
        Aspect::PkiOperator,
        "US",
        "table of operators",
        Strength::High,
        Evidence::entry("operators", "example-trust"),
    ));
    let mut stamper = party(
        "P-tsa",
        "Example Time Ltd",
        Role::TimestampAuthority,
        &stamp,
    );
    stamper.claims.push(claim(
        &stamper,
        Aspect::TsaOperator,
        "GB",
        "table of operators",
        Strength::High,
        Evidence::entry("operators", "example-time"),
    ));

    let at = time("2024-05-14T09:31:07Z");
    let id = SignatureId("1".into());
    let mut subject = subject(path, 0x9f);
    subject.signatures.push(Signature {
        id: id.clone(),
        scheme: "authenticode",
        position: Position::Primary,
        span: 4_200_000..4_213_760,
        integrity: Integrity::Valid,
        digest_algorithm: Some(DigestAlgorithm::Sha256),
        signed_digest: vec![0xab; 32],
        computed_digest: vec![0xab; 32],
        signer: Some(Arc::clone(&leaf)),
        trust: trust(TrustStatus::Trusted, &[&leaf, &issuer, &root]),
        time_basis: TimeBasis {
            at,
            attested: true,
            why: "a verified RFC 3161 timestamp".into(),
        },
        claimed_time: None,
        timestamps: vec![Timestamp {
            kind: TimestampKind::Rfc3161,
            at: Some(at),
            integrity: Integrity::Valid,
            trust: trust(TrustStatus::Trusted, &[&stamp, &root]),
            usable: true,
            reason: "binds to the signature, and its chain is trusted".into(),
            signer: Some(Arc::clone(&stamp)),
            span: 4_210_000..4_213_000,
        }],
        revocation: Revocation {
            status: RevocationStatus::NotChecked,
            reason: "offline".into(),
            revoked_at: None,
        },
        opus: Some(Opus {
            program_name: Some("Example Suite".into()),
            url: Some("https://www.example.com/".into()),
        }),
        page_hashes: Some(PageHashVerdict {
            algorithm: DigestAlgorithm::Sha256,
            pages: 12,
            mismatches: Vec::new(),
            malformed: None,
        }),
        findings: vec![
            Finding::new(&DIGEST_MATCHES, Status::Pass, "the SHA-256 digest matches")
                .with(Evidence::bytes(Source::Signed, 4_200_000, 13_760)),
        ],
    });
    subject.signers.insert(id, signer.id.clone());
    subject.claimed.push(Claimed {
        key: "CompanyName".into(),
        value: organisation.into(),
        span: 100..140,
    });
    let parties = [signer, authority, stamper];
    Analysis {
        subjects: vec![subject],
        certificates: [leaf, issuer, root, stamp]
            .into_iter()
            .map(|c| (c.id, c))
            .collect(),
        parties: parties.into_iter().map(|p| (p.id.clone(), p)).collect(),
        hosts: BTreeMap::new(),
    }
}

/// Signed well, named by nothing.
pub(super) fn good() -> Analysis {
    let mut analysis = signed("tools/viewer.exe", "Example Software GmbH", "DE");
    let signer = PartyId("P-signer".into());
    analysis.subjects[0]
        .findings
        .push(Finding::new(&NOT_NAMED, Status::Pass, "no match in 12 instruments").party(&signer));
    analysis
}

/// Signed well by a party that an instrument reaches by affiliation.
pub(super) fn listed() -> Analysis {
    let mut analysis = signed("setup.exe", "АО «Пример» / AO Primer", "RU");
    let id = PartyId("P-signer".into());
    let entry = Evidence::entry("instruments/us-example", "affiliates").cited("00 FR 00000");
    let signer = analysis.parties.get_mut(&id).unwrap();
    signer.vendor = Some(VendorLink {
        slug: "primer".into(),
        entity: "ao".into(),
        entity_name: "AO Primer".into(),
        tier: Tier::Same,
        rule: "identifier".into(),
        compared: ("ogrn:1027700000008".into(), "ogrn:1027700000008".into()),
        verified: true,
        evidence: vec![Evidence::entry("vendors/primer", "ao").cited("00 FR 00000")],
    });
    signer.matches.push(Match {
        instrument: "US-EXAMPLE-PROHIBITION".into(),
        title: "Final determination: the example case".into(),
        entry: "Primer Group and its affiliates".into(),
        tier: Tier::Same,
        rule: "identifier".into(),
        compared: ("ogrn:1027700000008".into(), "ogrn:1027700000008".into()),
        applies_via: AppliesVia::Affiliate(vec!["AO Primer is owned by Primer Group".into()]),
        path: Vec::new(),
        in_force: InForce::Yes,
        effect: "prohibition".into(),
        subject_matter: "software of the named group".into(),
        phase: Some("phase 2".into()),
        effective_from: parse_date("2024-09-29"),
        decisive: true,
        evidence: vec![entry.clone()],
    });
    signer.matches.push(Match {
        instrument: "US-EXAMPLE-LIST".into(),
        title: "A list".into(),
        entry: "Primer".into(),
        tier: Tier::Review,
        rule: "name".into(),
        compared: ("primer".into(), "primer".into()),
        applies_via: AppliesVia::Direct,
        path: Vec::new(),
        in_force: InForce::No("ends 2023-01-01".into()),
        effect: "export-licence".into(),
        subject_matter: "exports to the named parties".into(),
        phase: None,
        effective_from: None,
        decisive: false,
        evidence: vec![Evidence::entry("instruments/us-example-list", "primer")],
    });
    let subject = &mut analysis.subjects[0];
    subject.findings.push(
        Finding::new(
            &NAMED,
            Status::Review,
            "US-EXAMPLE-PROHIBITION reaches AO Primer by affiliation",
        )
        .party(&id)
        .with(entry),
    );
    subject.findings.push(
        Finding::new(
            &DATA_AFTER_TABLE,
            Status::Review,
            "64 bytes follow the certificate table",
        )
        .with(Evidence::bytes(Source::Embedded, 4_213_696, 64)),
    );
    subject.gaps.push(Gap {
        what: "installer payload".into(),
        why: "members are not opened yet".into(),
    });
    analysis
}

/// No signature at all.
pub(super) fn unsigned() -> Analysis {
    let mut subject = subject("C:\\drop\\unsigned.exe", 0x55);
    subject.findings.push(Finding::new(
        &NOT_SIGNED,
        Status::Fail,
        "the certificate table is empty",
    ));
    Analysis {
        subjects: vec![subject],
        certificates: BTreeMap::new(),
        parties: BTreeMap::new(),
        hosts: BTreeMap::new(),
    }
}

/// Claims to be a PE and is none.
pub(super) fn malformed() -> Analysis {
    let mut subject = subject("broken.exe", 0x66);
    subject.description = String::new();
    subject.error = Some(SubjectError {
        kind: ErrorKind::Malformed,
        reason: "certificate-table-out-of-bounds".into(),
        message: "the certificate table ends after the file, at offset 312".into(),
    });
    Analysis {
        subjects: vec![subject],
        certificates: BTreeMap::new(),
        parties: BTreeMap::new(),
        hosts: BTreeMap::new(),
    }
}

pub(super) fn tool() -> Tool {
    Tool {
        name: "bonafide".into(),
        version: "0.0.0".into(),
        data: vec![
            DataSet {
                id: "instruments".into(),
                as_of: "2026-11-20".into(),
                sha256: "aa".repeat(32),
            },
            DataSet {
                id: "trust-roots/windows".into(),
                as_of: "2026-11-01".into(),
                sha256: "bb".repeat(32),
            },
        ],
    }
}

pub(super) fn run() -> Run {
    Run {
        at: "2026-11-24T00:00:00Z".into(),
        offline: true,
        profile: "auto".into(),
        policy: Some("sample".into()),
        trust_roots: Vec::new(),
        lists: Vec::new(),
        limits: BTreeMap::from([("max_size".into(), 1 << 32)]),
    }
}

pub(super) fn verdict(decision: Decision, reasons: Vec<Reason>) -> Verdict {
    Verdict {
        decision,
        policy: PolicyIdentity {
            id: "sample".into(),
            version: "3".into(),
            sha256: "cc".repeat(32),
        },
        reasons,
    }
}

pub(super) fn reason(id: &str, decision: Decision, message: &str) -> Reason {
    Reason {
        id: id.into(),
        decision,
        message: message.into(),
        instance: format!("{:0>64}", id.len()),
        evidence: Vec::new(),
        party: Some("P-signer".into()),
        rule: "data.bonafide.deny".into(),
        waiver: None,
    }
}

pub(super) fn waiver(id: &str) -> Waiver {
    Waiver {
        finding: id.into(),
        instance: None,
        until: parse_date("2026-12-31").unwrap(),
        reason: "replaced in the next release".into(),
        by: Some("security@example.com".into()),
    }
}

pub(super) fn facts(analysis: &Analysis) -> Report {
    from_analysis(analysis, &tool(), &run())
}

/// Every shape with its name.
pub(super) fn all() -> Vec<(&'static str, Report)> {
    let mut prohibited = reason(
        "sample-prohibition-in-force",
        Decision::Deny,
        "US-EXAMPLE-PROHIBITION is in force and reaches AO Primer by affiliation",
    );
    prohibited.evidence = vec!["E4".into(), "E999".into()];
    let mut waived = reason(
        "sample-waived",
        Decision::Review,
        "64 bytes follow the table",
    );
    waived.waiver = Some(waiver("sample-waived"));
    let missing = reason(
        "sample-signature-missing",
        Decision::Deny,
        "the policy asks for a signature",
    );
    vec![
        (
            "good",
            facts(&good()).with_verdict(&verdict(Decision::Allow, Vec::new())),
        ),
        (
            "listed",
            facts(&listed()).with_verdict(&verdict(Decision::Deny, vec![prohibited, waived])),
        ),
        (
            "unsigned",
            facts(&unsigned()).with_verdict(&verdict(Decision::Deny, vec![missing])),
        ),
        ("malformed", facts(&malformed())),
        ("inspected", facts(&good())),
    ]
}
