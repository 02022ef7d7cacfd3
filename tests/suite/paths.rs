//! Path building and revocation against peers' suites: codesign-limbo, x509-limbo with BetterTLS, NIST PKITS.

use std::collections::BTreeMap;
use std::io::BufReader;
use std::sync::{Arc, OnceLock};

use bonafide::base::time::{Time, parse_rfc3339};
use bonafide::model::certificate::SharedCertificate;
use bonafide::model::signature::TrustStatus;
use bonafide::verify::certificate;
use bonafide::verify::path::{
    Judged, Purpose, RevocationRule, Rules, Usage, time_basis, unrelated,
};
use bonafide::verify::profile::Profile;
use serde::Deserialize;

use crate::support::anchors::{self, Question, unpack};
use crate::support::corpus;
use crate::support::divergence::compare;

fn time(text: &str) -> Time {
    parse_rfc3339(text).unwrap()
}

fn file<T: for<'d> Deserialize<'d>>(path: &std::path::Path) -> T {
    serde_json::from_reader(BufReader::new(std::fs::File::open(path).unwrap())).unwrap()
}

// ---- codesign-limbo ------------------------------------------------------------------------------------------------

#[derive(Deserialize)]
struct CodesignSuite {
    testcases: Vec<CodesignCase>,
}

#[derive(Deserialize)]
struct CodesignCase {
    id: String,
    trusted_certs: Vec<String>,
    untrusted_intermediates: Vec<String>,
    peer_certificate: String,
    required_eku: String,
    validation_time: String,
    trusted_signing_time: Option<String>,
    crls: Vec<String>,
    profile: String,
    expected: String,
    expected_reason: String,
    expected_findings: Vec<String>,
}

/// Verdict, first fault and findings in one line each, as the suite has them and as they come out.
fn codesign(case: &CodesignCase) -> (String, String) {
    let mut findings = case.expected_findings.clone();
    findings.sort();
    let reasons: Vec<&str> = case.expected_reason.split('|').collect();
    let expected = format!("{} {} {findings:?}", case.expected, case.expected_reason);

    let leaf = anchors::certificate(&case.peer_certificate).unwrap();
    let now = time(&case.validation_time);
    let attested = case.trusted_signing_time.as_deref().map(time);
    let (basis, against) = time_basis(&leaf, attested, now);
    let question = Question {
        leaf,
        supplied: certificates(&case.untrusted_intermediates),
        anchors: certificates(&case.trusted_certs),
        purpose: match case.required_eku.as_str() {
            "codeSigning" => Purpose::CodeSigning,
            "timeStamping" => Purpose::TimeStamping,
            other => panic!("unknown usage {other}"),
        },
        at: basis.at,
        attested: basis.attested,
        now,
        crls: case.crls.iter().map(|pem| anchors::der(pem)).collect(),
    };
    let rules = Rules {
        revocation: RevocationRule::RefuseUnusable,
        ..Rules::of(match case.profile.as_str() {
            "strict" => Profile::WindowsStrict,
            "default" | "anchor-validity-ignored" => Profile::Windows,
            other => panic!("unknown profile {other}"),
        })
    };
    let judged = question.judge(&rules);
    let mut found: Vec<String> = judged
        .findings
        .iter()
        .map(|f| f.definition.id.to_owned())
        .collect();
    if !unrelated(&question.supplied, &judged.trust.chain).is_empty() {
        found.push("unrelated-certs-present".to_owned());
    }
    found.sort();
    found.dedup();
    let (verdict, fault) = match (against, judged.trust.status) {
        (Some(fault), _) => ("INVALID", fault),
        (None, TrustStatus::Trusted) => ("VALID", ""),
        (None, TrustStatus::Unknown) => ("INDETERMINATE", judged.trust.faults[0]),
        (None, _) => ("INVALID", judged.trust.faults[0]),
    };
    // The suite names several reasons where any will do, and no findings on refused paths but those it is about.
    let fault = if reasons.contains(&fault) {
        case.expected_reason.as_str()
    } else {
        fault
    };
    (expected, format!("{verdict} {fault} {found:?}"))
}

fn certificates(pems: &[String]) -> Vec<SharedCertificate> {
    pems.iter()
        .filter_map(|pem| anchors::certificate(pem).ok())
        .collect()
}

#[test]
fn codesign_limbo_gets_every_verdict_reason_and_finding() {
    let Some(path) = corpus("reliability/codesign-limbo/codesign-limbo.json") else {
        return;
    };
    let suite: CodesignSuite = file(&path);
    assert!(suite.testcases.len() >= 78, "the suite shrank");
    let cases: Vec<_> = suite
        .testcases
        .iter()
        .map(|case| {
            let (expected, actual) = codesign(case);
            (case.id.clone(), expected, actual)
        })
        .collect();
    compare(
        "codesign-limbo.json",
        include_str!("data/codesign-limbo.json"),
        &cases,
    );
}

// ---- x509-limbo ----------------------------------------------------------------------------------------------------

#[derive(Deserialize)]
struct LimboSuite {
    testcases: Vec<LimboCase>,
}

#[derive(Deserialize)]
struct LimboCase {
    id: String,
    validation_kind: String,
    trusted_certs: Vec<String>,
    untrusted_intermediates: Vec<String>,
    peer_certificate: String,
    validation_time: Option<String>,
    expected_result: String,
    expected_peer_name: Option<PeerName>,
    max_chain_depth: Option<usize>,
    crls: Vec<String>,
}

#[derive(Deserialize)]
struct PeerName {
    kind: String,
    value: String,
}

/// The judgement time of cases that name none; certificates of this copy of the suite were made the day before.
const LIMBO_NOW: &str = "2026-11-24T00:00:00Z";

const SERVER_AUTH: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 3, 1];
const CLIENT_AUTH: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 3, 2];

/// The cases by class, `None` where the suite is not at hand.
fn limbo() -> Option<&'static BTreeMap<String, Vec<LimboCase>>> {
    static SUITE: OnceLock<Option<BTreeMap<String, Vec<LimboCase>>>> = OnceLock::new();
    SUITE
        .get_or_init(|| {
            let archive = corpus("reliability/x509-limbo.tar.zst")?;
            let classes = corpus("reliability/x509-limbo-classes.tsv")?;
            let directory = tempfile::tempdir().unwrap();
            if !unpack(&archive, directory.path()) {
                return None;
            }
            let classes = support_text(&classes);
            let class_of: BTreeMap<&str, &str> = classes
                .lines()
                .skip(1)
                .filter_map(|line| {
                    let mut columns = line.split('\t');
                    Some((columns.next()?, columns.next()?))
                })
                .collect();
            let suite: LimboSuite = file(&directory.path().join("limbo.json"));
            let mut by_class: BTreeMap<String, Vec<LimboCase>> = BTreeMap::new();
            for case in suite.testcases {
                if let Some(class) = class_of.get(case.id.as_str()) {
                    by_class.entry((*class).to_owned()).or_default().push(case);
                }
            }
            Some(by_class)
        })
        .as_ref()
}

fn support_text(path: &std::path::Path) -> String {
    std::fs::read_to_string(path).unwrap()
}

/// RFC 5280 and no more, with the TLS usage that the case asks for.
fn tls_rules(case: &LimboCase, strict: bool) -> Rules {
    let windows = Rules::of(Profile::Windows);
    Rules {
        usage: Usage::WherePresent(match case.validation_kind.as_str() {
            "SERVER" => SERVER_AUTH,
            "CLIENT" => CLIENT_AUTH,
            other => panic!("unknown kind {other}"),
        }),
        anchor_validity: strict,
        conformance: strict,
        revocation: RevocationRule::RefuseUnusable,
        max_intermediates: case.max_chain_depth.unwrap_or(windows.max_intermediates),
        ..windows
    }
}

/// SUCCESS or FAILURE; a certificate that cannot be read fails.
fn limbo_verdict(case: &LimboCase, strict: bool) -> &'static str {
    let Ok(leaf) = anchors::certificate(&case.peer_certificate) else {
        return "FAILURE";
    };
    let now = time(case.validation_time.as_deref().unwrap_or(LIMBO_NOW));
    let question = Question {
        supplied: certificates(&case.untrusted_intermediates),
        anchors: certificates(&case.trusted_certs),
        purpose: Purpose::Any,
        at: now,
        attested: false,
        now,
        crls: case.crls.iter().map(|pem| anchors::der(pem)).collect(),
        leaf,
    };
    let named = case
        .expected_peer_name
        .as_ref()
        .is_none_or(|name| carries(&question.leaf, name));
    let judged = question.judge(&tls_rules(case, strict));
    if named && judged.trust.status == TrustStatus::Trusted {
        "SUCCESS"
    } else {
        "FAILURE"
    }
}

/// Host names are no business of code signing, but some of the suite's cases fail for the name alone (RFC 9525).
fn carries(leaf: &SharedCertificate, name: &PeerName) -> bool {
    use x509_parser::extensions::{GeneralName, SubjectAlternativeName};
    use x509_parser::prelude::FromDer as _;
    let Some(value) = &leaf.extensions.subject_alt_name else {
        return false;
    };
    let Ok((_, names)) = SubjectAlternativeName::from_der(value) else {
        return false;
    };
    names
        .general_names
        .iter()
        .any(|n| match (n, name.kind.as_str()) {
            (GeneralName::DNSName(pattern), "DNS") => {
                let (pattern, host) = (
                    pattern.to_ascii_lowercase(),
                    name.value.to_ascii_lowercase(),
                );
                pattern == host
                    || pattern.strip_prefix("*.").is_some_and(|rest| {
                        host.split_once('.')
                            .is_some_and(|(_, parent)| parent == rest)
                    })
            }
            (GeneralName::IPAddress(bytes), "IP") => match name.value.parse() {
                Ok(std::net::IpAddr::V4(ip)) => ip.octets() == **bytes,
                Ok(std::net::IpAddr::V6(ip)) => ip.octets() == **bytes,
                Err(_) => false,
            },
            (GeneralName::RFC822Name(address), "RFC822") => *address == name.value,
            _ => false,
        })
}

fn run_limbo<'c>(
    cases: impl Iterator<Item = &'c LimboCase>,
    strict: bool,
) -> Vec<(String, String, String)> {
    cases
        .map(|case| {
            (
                case.id.clone(),
                case.expected_result.clone(),
                limbo_verdict(case, strict).to_owned(),
            )
        })
        .collect()
}

#[test]
fn x509_limbo_chain_core_by_the_letter() {
    let Some(suite) = limbo() else { return };
    let cases = run_limbo(suite["chain-core"].iter(), true);
    let agreed = compare(
        "x509-limbo-strict.json",
        include_str!("data/x509-limbo-strict.json"),
        &cases,
    );
    assert!(agreed >= 118 && cases.len() == 121, "{agreed}");
}

#[test]
fn x509_limbo_chain_core_in_the_field_rejects_nothing_good() {
    let Some(suite) = limbo() else { return };
    let cases = run_limbo(suite["chain-core"].iter(), false);
    let false_rejects: Vec<_> = cases
        .iter()
        .filter(|(_, expected, actual)| expected == "SUCCESS" && actual == "FAILURE")
        .collect();
    assert!(false_rejects.is_empty(), "{false_rejects:?}");
    compare(
        "x509-limbo-field.json",
        include_str!("data/x509-limbo-field.json"),
        &cases,
    );
}

#[test]
fn x509_limbo_crl() {
    let Some(suite) = limbo() else { return };
    let cases = run_limbo(suite["crl"].iter(), true);
    compare(
        "x509-limbo-crl.json",
        include_str!("data/x509-limbo-crl.json"),
        &cases,
    );
}

#[test]
fn bettertls_path_building() {
    let Some(suite) = limbo() else { return };
    let cases = run_limbo(suite["bt-pathbuilding"].iter(), false);
    compare(
        "bettertls-pathbuilding.json",
        include_str!("data/bettertls-pathbuilding.json"),
        &cases,
    );
}

/// A tenth of the cases, spread over all; all of them where `BONAFIDE_FULL` is set.
#[test]
fn bettertls_name_constraints() {
    let Some(suite) = limbo() else { return };
    let step = if std::env::var_os("BONAFIDE_FULL").is_some() {
        1
    } else {
        10
    };
    let cases = run_limbo(suite["bt-nameconstraints"].iter().step_by(step), false);
    compare(
        "bettertls-nameconstraints.json",
        include_str!("data/bettertls-nameconstraints.json"),
        &cases,
    );
}

// ---- NIST PKITS ----------------------------------------------------------------------------------------------------

#[derive(Deserialize)]
struct PkitsCase {
    id: String,
    trust_anchor: String,
    chain_root_to_leaf: Vec<String>,
    crls: Vec<String>,
    should_validate: bool,
}

/// Within the validity of the suite's certificates and lists (2010 to 2030).
const PKITS_NOW: &str = "2026-11-24T00:00:00Z";

/// Sections 4.1 to 4.7: signatures, validity, name chaining, basic revocation, self-issued certificates, basic constraints,
/// key usage. Later sections are about policies and CRL scopes.
#[test]
fn pkits_sections_1_to_7() {
    let Some(archive) = corpus("reliability/pkits.tar.zst") else {
        return;
    };
    let directory = tempfile::tempdir().unwrap();
    if !unpack(&archive, directory.path()) {
        return;
    }
    let root = directory.path().join("pkits");
    let read = |folder: &str, name: &str, extension: &str| {
        let path = root.join(folder).join(format!("{name}.{extension}"));
        bytes(&path)
    };
    let suite: Vec<PkitsCase> = file(&root.join("pkits.json"));
    let rules = Rules {
        usage: Usage::Ignored,
        leaf_key_usage: false,
        revocation: RevocationRule::Require,
        ..Rules::of(Profile::Windows)
    };
    let mut cases = Vec::new();
    for case in &suite {
        let section = case.id.trim_start_matches("pkits::4.");
        if !section.starts_with(['1', '2', '3', '4', '5', '6', '7'])
            || section.split('.').next().is_some_and(|s| s.len() != 1)
        {
            continue;
        }
        let load = |name: &String| certificate::read(&read("certs", name, "crt")).map(Arc::new);
        let chain: Result<Vec<_>, _> = case.chain_root_to_leaf.iter().map(load).collect();
        let actual = match chain {
            Err(_) => "invalid",
            Ok(mut chain) => {
                let leaf = chain.pop().unwrap();
                let now = time(PKITS_NOW);
                let judged: Judged = Question {
                    leaf,
                    supplied: chain,
                    anchors: vec![load(&case.trust_anchor).unwrap()],
                    purpose: Purpose::Any,
                    at: now,
                    attested: false,
                    now,
                    crls: case.crls.iter().map(|n| read("crls", n, "crl")).collect(),
                }
                .judge(&rules);
                match judged.trust.status {
                    TrustStatus::Trusted => "valid",
                    _ => "invalid",
                }
            }
        };
        let expected = if case.should_validate {
            "valid"
        } else {
            "invalid"
        };
        cases.push((case.id.clone(), expected.to_owned(), actual.to_owned()));
    }
    assert_eq!(cases.len(), 75, "sections 4.1 to 4.7 have 75 cases");
    compare("pkits.json", include_str!("data/pkits.json"), &cases);
}

fn bytes(path: &std::path::Path) -> Vec<u8> {
    std::fs::read(path).unwrap()
}

// ---- certificates of the field -------------------------------------------------------------------------------------

/// Roots as Microsoft lists them hold every oddity of thirty years.
#[test]
fn every_root_of_the_windows_programme_reads() {
    let Some(path) = corpus("windows/trust/cacert.pem") else {
        return;
    };
    let file = BufReader::new(std::fs::File::open(path).unwrap());
    let mut read = 0;
    let mut wrong = Vec::new();
    for block in x509_parser::pem::Pem::iter_from_reader(file) {
        match certificate::read(&block.unwrap().contents) {
            Ok(_) => read += 1,
            Err(error) => wrong.push(error.to_string()),
        }
    }
    println!("windows roots: {read} read");
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(read >= 500, "{read}");
}
