//! Signed cabinets, and the peers' rows of cabinets, catalogs and scripts.

use bonafide::model::digest::DigestAlgorithm;
use bonafide::model::signature::{Integrity, TrustStatus};
use bonafide::verify::digest::hash;

use crate::support::cab::{CB_CABINET, MSZIP, Plan};
use crate::support::cms::Signing;
use crate::support::divergence::compare;
use crate::support::pki::PKI;
use crate::support::signed::{Bench, Judged};
use crate::support::{bytes, corpus, der, root, table};

const NOW: &str = "2026-11-25T00:00:00Z";

fn bench() -> Bench {
    Bench::at(NOW).with_roots(&root().join("fixtures/pki/root.pem"))
}

fn judge(file: &[u8]) -> Judged {
    bench().judge_named("a.cab", file).unwrap()
}

/// Signed in the reading that has the cabinet's number, or in the other.
fn signed(plan: &Plan, with_number: bool) -> Vec<u8> {
    let data = der::sequence(&[
        der::oid("1.3.6.1.4.1.311.2.1.25"),
        der::explicit(2, &der::implicit(0, &[])),
    ]);
    let signing = Signing::by(&PKI.leaf).stamped();
    let cms = |digest: &[u8]| signing.indirect(&data, digest);
    let ready = plan.ready(cms(&[0; 32]).len().next_multiple_of(8));
    let parts: &[&[u8]] = if with_number {
        &[&ready[..4], &ready[8..36], &ready[40..42], &ready[60..]]
    } else {
        &[&ready[..4], &ready[8..34], &ready[56..]]
    };
    let cms = cms(&hash(DigestAlgorithm::Sha256, &parts.concat()).unwrap());
    plan.signed(&cms)
}

fn plan() -> Plan {
    Plan::of(MSZIP, &[("a.txt", b"some text, some text")])
}

#[test]
fn both_readings_of_a_cabinet_come_to_the_same_outside_of_sets() {
    for with_number in [true, false] {
        let judged = judge(&signed(&plan(), with_number));
        assert!(judged.is_valid(), "{}", judged.shown());
        assert!(!judged.ids().contains("cab-number-not-signed"));
    }
}

#[test]
fn in_a_set_the_reading_that_matches_is_said() {
    let mut plan = plan();
    plan.number = 1;
    plan.previous = Some("one.cab");
    for with_number in [true, false] {
        let judged = judge(&signed(&plan, with_number));
        assert!(judged.is_valid(), "{}", judged.shown());
        assert_eq!(judged.ids().contains("cab-number-not-signed"), !with_number);
    }
}

#[test]
fn a_flipped_bit_passes_only_where_no_signature_reaches_and_never_in_silence() {
    let file = signed(&plan(), true);
    let size = u32::from_le_bytes(file[CB_CABINET..CB_CABINET + 4].try_into().unwrap());
    let size = usize::try_from(size).unwrap();
    let cms = bonafide::envelope::cms::read(&file[size..]).unwrap();
    let free = &cms.signers[0].unsigned_attributes[0].span;
    let free = size + free.start..size + free.end;
    let bench = bench();
    let whole = judge(&file);
    let known = whole.ids();
    let (mut accepted, mut flips) = (Vec::new(), 0);
    // Without its first four bytes it is no cabinet.
    for at in (4..file.len()).filter(|at| !free.contains(at)) {
        for bit in (0..8).filter(|bit| at < size || *bit == at % 8) {
            let mut mutant = file.clone();
            mutant[at] ^= 1 << bit;
            flips += 1;
            let Ok(judged) = bench.judge_named("a.cab", &mutant) else {
                continue;
            };
            if judged.is_valid() {
                let new = judged.ids().into_iter().any(|id| !known.contains(id));
                assert!(new, "accepted in silence at {at}, bit {bit}");
                accepted.push(at);
            }
        }
    }
    println!(
        "{} of {flips} mutants accepted, each with a finding",
        accepted.len()
    );
    let header_fields = |at: &usize| matches!(at, 4..8 | 36..40 | 42..44 | 52..60);
    let padding = size + cms.encoded_len..file.len();
    assert!(
        accepted
            .iter()
            .all(|at| header_fields(at) || padding.contains(at)),
        "{accepted:?}"
    );
}

/// `valid`, or `invalid:` and the suite's word.
fn outcome(judged: Option<&Judged>) -> String {
    let Some(judged) = judged else {
        return "invalid:malformed".into();
    };
    if judged.is_valid() {
        return "valid".into();
    }
    let reasons = judged.reasons();
    if reasons.contains("digest-mismatch") {
        "invalid:digest".into()
    } else if judged
        .signatures
        .iter()
        .all(|s| s.trust.status == TrustStatus::Expired)
    {
        "invalid:expired".into()
    } else {
        format!("invalid:{reasons:?}")
    }
}

#[test]
fn the_peers_cabinets_catalogs_and_scripts_have_their_verdicts() {
    let Some(suite) = corpus("windows") else {
        return;
    };
    let bench = Bench::at(NOW).with_roots(&suite.join("generated/pki/root.crt"));
    let mut cases = Vec::new();
    for row in table(&suite.join("MANIFEST.tsv")) {
        if !["CAB", "CAT", "PS1", "P7X"].contains(&row["format"].as_str()) {
            continue;
        }
        let path = &row["path"];
        let expected = &row["peer_expected"];
        let judged = bench.judge_named(path, &bytes(&suite.join(path)));
        let judged = judged.as_ref().ok();
        let mut actual = outcome(judged);
        let wanted = match expected.split([' ', ';', '(']).next().unwrap() {
            "parse" => {
                let integrity = judged.map(|j| &j.signatures[0].integrity);
                assert!(matches!(integrity, Some(Integrity::Unverifiable(_))));
                assert!(!judged.unwrap().extract.gaps.is_empty());
                actual = "parse".into();
                "parse"
            }
            "unsigned" | "invalid" => {
                actual = actual.split(':').next().unwrap().into();
                "invalid"
            }
            other => other,
        };
        cases.push((path.clone(), wanted.to_owned(), actual));
    }
    assert!(cases.len() >= 18, "{} rows", cases.len());
    compare(
        "windows-formats.json",
        include_str!("data/windows-formats.json"),
        &cases,
    );
}

#[test]
fn hostile_cabinets_behave_as_their_suite_expects() {
    let Some(suite) = corpus("reliability/hostile-misc") else {
        return;
    };
    let mut rows = 0;
    for row in table(&suite.join("MANIFEST.tsv")) {
        let file = &row["file"];
        if !file.ends_with(".cab") {
            continue;
        }
        rows += 1;
        let judged = bench().judge_named(file, &bytes(&suite.join(file)));
        match row["expected"].as_str() {
            "MALFORMED" => assert!(judged.is_err(), "{file}"),
            "OK" => assert!(
                judged.unwrap().ids().contains("data-after-container"),
                "{file}"
            ),
            other => panic!("{file}: {other}"),
        }
    }
    assert_eq!(rows, 2);
}
