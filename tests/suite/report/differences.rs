//! What `diff` says of two reports.

use bonafide::model::analysis::Analysis;
use bonafide::report::diff::Difference;
use bonafide::report::json::Report;
use bonafide::report::json::words::Status;

use super::sample;

fn version(organisation: &str, country: &str, product: &str, digest: &str, key: &str) -> Report {
    let analysis: Analysis = sample::signed("setup.exe", organisation, country);
    let mut report = sample::facts(&analysis);
    let top = &mut report.subjects[0];
    top.digests.insert("sha256".into(), digest.into());
    top.claimed.retain(|c| c.key != "ProductName");
    if let Some(mut claimed) = top.claimed.first().cloned() {
        claimed.key = "ProductName".into();
        claimed.value = product.into();
        top.claimed.push(claimed);
    }
    for party in report.parties.values_mut() {
        party.vendor = None;
        party.identifiers.clear();
        if party.name == organisation {
            party.identifiers.insert(
                "spki-sha256".into(),
                vec![bonafide::report::json::Identifier {
                    value: key.into(),
                    jurisdiction: None,
                    evidence: Vec::new(),
                }],
            );
        }
    }
    report
}

fn status(a: &Report, b: &Report) -> Option<Status> {
    let difference = Difference::new(a, b);
    assert!(difference.findings.len() <= 1);
    difference.findings.first().map(|f| {
        assert_eq!(f.id, "publisher-changed");
        f.status
    })
}

#[test]
fn another_organisation_country_and_product_break_the_publishers_continuity() {
    let old = version("Nordlicht Labor GmbH", "DE", "Nordlicht Schutz", "01", "aa");
    let other = version("Palmetto Software Inc.", "US", "Palmetto Guard", "02", "bb");
    assert_eq!(status(&old, &other), Some(Status::Fail));
    let difference = Difference::new(&old, &other);
    assert!(difference.is_broken() && !difference.is_same());
    let signer = difference
        .changes
        .iter()
        .find(|c| c.aspect == "signer")
        .unwrap();
    assert_eq!(signer.removed, ["Nordlicht Labor GmbH"]);
    assert_eq!(signer.added, ["Palmetto Software Inc."]);
}

#[test]
fn a_company_that_is_sold_or_renamed_is_for_a_person_to_look_at() {
    let old = version("Nordlicht Labor GmbH", "DE", "Nordlicht Schutz", "01", "aa");
    for new in [
        version(
            "Polarstern Systeme GmbH",
            "DE",
            "Nordlicht Schutz",
            "02",
            "bb",
        ),
        version(
            "Palmetto Software Inc.",
            "US",
            "Nordlicht Schutz",
            "02",
            "bb",
        ),
        version("Nordlicht Labor Inc.", "US", "Nordlicht Schutz", "02", "bb"),
    ] {
        assert_eq!(status(&old, &new), Some(Status::Review));
    }
}

#[test]
fn one_company_under_two_spellings_or_one_key_is_one_publisher() {
    let old = version("Nordlicht Labor GmbH", "DE", "Nordlicht Schutz", "01", "aa");
    for new in [
        version("NORDLICHT LABOR GMBH", "DE", "Nordlicht Schutz", "02", "bb"),
        version("Anders GmbH", "AT", "Anders", "02", "aa"),
    ] {
        assert_eq!(status(&old, &new), None);
    }
}

#[test]
fn a_name_that_no_trusted_signature_vouches_for_is_no_publisher() {
    let old = version("Nordlicht Labor GmbH", "DE", "Nordlicht Schutz", "01", "aa");
    let mut new = version("Nordlicht Labor GmbH", "DE", "Nordlicht Schutz", "02", "aa");
    for signature in &mut new.subjects[0].signatures {
        signature.trust.status = bonafide::report::json::words::TrustStatus::Untrusted;
    }
    assert_eq!(status(&old, &new), Some(Status::Unknown));
    let unsigned = sample::facts(&sample::unsigned());
    assert_eq!(status(&old, &unsigned), Some(Status::Unknown));
    assert!(!Difference::new(&old, &unsigned).is_same());
}

#[test]
fn a_report_does_not_differ_from_itself_and_the_answer_is_the_same_each_time() {
    for report in [
        sample::facts(&sample::good()),
        sample::facts(&sample::listed()),
        sample::facts(&sample::unsigned()),
    ] {
        assert!(Difference::new(&report, &report).is_same());
    }
    let (a, b) = (
        sample::facts(&sample::good()),
        sample::facts(&sample::listed()),
    );
    let written = |difference: Difference| {
        let mut out = Vec::new();
        difference.text(&mut out).unwrap();
        (out, serde_json::to_string(&difference).unwrap())
    };
    let once = written(Difference::new(&a, &b));
    assert_eq!(once, written(Difference::new(&a, &b)));
    assert!(once.1.contains("\"lists\""), "{}", once.1);
}
