//! The report room from outside: golden files, the published schema, hostile strings, generated documents.

mod differences;
mod dossier;
mod sample;

use bonafide::base::text::is_unsafe;
use bonafide::cli::exit::Exit;
use bonafide::model::claim::Aspect;
use bonafide::model::party::PartyId;
use bonafide::model::verdict::Decision;
use bonafide::report::json::words::{Dimension, ReportStatus, Status};
use bonafide::report::json::{Report, schema};
use bonafide::report::{ALL, Renderer, Style, Summary, documents, find};

use crate::support::golden;

fn render(renderer: &dyn Renderer, report: &Report, style: Style) -> String {
    let mut out = Vec::new();
    renderer.render(report, &mut out, &style).unwrap();
    String::from_utf8(out).unwrap()
}

fn text(report: &Report, verbosity: u8) -> String {
    let style = Style {
        verbosity,
        ..Style::default()
    };
    render(find("text").unwrap(), report, style)
}

fn many(id: &str, reports: &[(&str, Report)]) -> String {
    let style = Style {
        several: true,
        ..Style::default()
    };
    let mut out = Vec::new();
    let mut summary = Summary::default();
    let renderer = find(id).unwrap();
    for (_, report) in reports {
        renderer.render(report, &mut out, &style).unwrap();
        summary.add(report);
    }
    renderer.finish(&summary, &mut out, &style).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn text_and_json_of_every_shape_are_as_recorded() {
    for (name, report) in sample::all() {
        golden::check(
            &format!("tests/suite/data/report/{name}.txt"),
            &text(&report, 0),
        );
        let json = render(find("json").unwrap(), &report, Style::default());
        golden::check(&format!("tests/suite/data/report/{name}.json"), &json);
    }
    let (_, listed) = sample::all()
        .into_iter()
        .find(|(n, _)| *n == "listed")
        .unwrap();
    golden::check("tests/suite/data/report/listed-vv.txt", &text(&listed, 2));
    golden::check(
        "tests/suite/data/report/several.txt",
        &many("text", &sample::all()),
    );
}

#[test]
fn the_published_schema_is_the_one_the_types_have() {
    golden::check("schema/report-1.0.json", &schema::generate().unwrap());
}

#[test]
fn every_report_fits_the_published_schema_and_reads_back_the_same() {
    let schema = serde_json::from_str(schema::PUBLISHED).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    for (name, report) in sample::all() {
        let json = render(find("json").unwrap(), &report, Style::default());
        let value = serde_json::from_str(&json).unwrap();
        let errors: Vec<String> = validator
            .iter_errors(&value)
            .map(|e| format!("{}: {e}", e.instance_path()))
            .collect();
        assert_eq!(errors, [""; 0], "{name}");
        assert_eq!(
            serde_json::from_str::<Report>(&json).unwrap(),
            report,
            "{name}"
        );
    }
    assert!(
        !validator.is_valid(&serde_json::json!({"schema_version": "1.0"})),
        "the schema asks for something"
    );
}

#[test]
fn the_same_analysis_gives_the_same_bytes() {
    for ((name, a), (_, b)) in sample::all().into_iter().zip(sample::all()) {
        for renderer in ALL {
            let style = Style::default();
            assert_eq!(
                render(*renderer, &a, style),
                render(*renderer, &b, style),
                "{name}"
            );
        }
    }
}

#[test]
fn colour_changes_nothing_but_colour() {
    for (name, report) in sample::all() {
        for verbosity in 0..3 {
            let plain = text(&report, verbosity);
            let style = Style {
                verbosity,
                colour: true,
                ..Style::default()
            };
            let coloured = render(find("text").unwrap(), &report, style);
            assert_ne!(plain, coloured, "{name}");
            assert_eq!(
                plain,
                anstream::adapter::strip_str(&coloured).to_string(),
                "{name}"
            );
        }
    }
}

#[test]
fn no_line_is_wider_than_eighty_columns() {
    for (name, report) in sample::all().into_iter().chain(hostile()) {
        for verbosity in 0..3 {
            for line in text(&report, verbosity).lines() {
                let width = unicode_width::UnicodeWidthStr::width(line);
                assert!(width <= 80, "{name} -{verbosity}: {width}: {line}");
            }
        }
    }
}

const HOSTILE: &[&str] = &[
    "\u{1b}]8;;http://x\u{7}AO\u{1b}[2J\r\nVERDICT ALLOW",
    "gpj.\u{202e}exe\u{2066}\u{200b}\u{feff}\u{e0041}",
    "=cmd|' /C calc'!A0",
    "</script><img src=x onerror=alert(1)>&amp;|`*_[x](y)",
    "nul\0nul\u{9b}31m\u{85}\u{2028}\u{2029}",
    "Foo, O=Microsoft Corporation",
    "\\u{202e} typed",
];

/// The listed shape with a hostile string everywhere that a file's author can write.
fn hostile() -> Vec<(&'static str, Report)> {
    let long = "長".repeat(700);
    let strings = HOSTILE.iter().copied().chain([long.as_str()]);
    let mut reports = Vec::new();
    for text in strings {
        let mut analysis = sample::signed(text, text, text);
        let signer = analysis
            .parties
            .get_mut(&PartyId("P-signer".into()))
            .unwrap();
        signer.names.push(text.into());
        let subject = &mut analysis.subjects[0];
        subject.description = text.into();
        subject.claimed[0].key = text.into();
        subject.signatures[0].revocation.reason = text.into();
        subject.signatures[0].trust.reason = text.into();
        subject.signatures[0].opus.as_mut().unwrap().program_name = Some(text.into());
        subject.signatures[0].findings[0].message = text.into();
        subject.gaps.push(bonafide::model::extract::Gap {
            what: text.into(),
            why: text.into(),
        });
        let reason = sample::reason(text, Decision::Review, text);
        let verdict = sample::verdict(Decision::Review, vec![reason]);
        reports.push(("hostile", sample::facts(&analysis).with_verdict(&verdict)));
    }
    reports
}

#[test]
fn hostile_strings_never_reach_an_output_raw_and_survive_json() {
    for (_, report) in hostile() {
        for renderer in ALL {
            for verbosity in 0..3 {
                for several in [false, true] {
                    let style = Style {
                        verbosity,
                        several,
                        ..Style::default()
                    };
                    let out = render(*renderer, &report, style);
                    let bad = out.chars().find(|c| *c != '\n' && is_unsafe(*c));
                    assert_eq!(bad, None, "{}: {out}", renderer.id());
                    assert!(
                        !out.lines().any(|l| l.starts_with("VERDICT")),
                        "a line of the file's own"
                    );
                }
            }
        }
        let json = render(find("json").unwrap(), &report, Style::default());
        let back: Report = serde_json::from_str(&json).unwrap();
        assert_eq!(back, report);
    }
}

#[test]
fn a_comma_in_a_name_does_not_make_a_second_organisation() {
    let report = sample::facts(&sample::signed("x", "Foo, O=Microsoft Corporation", "US"));
    let json = render(find("json").unwrap(), &report, Style::default());
    assert!(
        json.contains("O=Foo\\\\, O=Microsoft Corporation"),
        "{json}"
    );
}

#[test]
fn nothing_checked_is_unknown_and_never_a_pass() {
    let report = sample::facts(&sample::malformed());
    assert_eq!(report.status, ReportStatus::Error);
    for dimension in report.dimensions.values() {
        assert_eq!(dimension.status, Status::Unknown);
    }
    let page = text(&report, 0);
    assert!(page.starts_with("ERROR"), "{page}");
    assert!(page.contains("nothing was checked"), "{page}");
    assert!(
        !page.contains("not a clearance"),
        "no list was asked: {page}"
    );
}

#[test]
fn a_policy_changes_no_fact() {
    let facts = sample::facts(&sample::listed());
    let reason = sample::reason("sample-other", Decision::Deny, "denied");
    let judged = facts
        .clone()
        .with_verdict(&sample::verdict(Decision::Deny, vec![reason]));
    assert_eq!(judged.dimensions, facts.dimensions);
    let mut without = judged.clone();
    without.findings.retain(|f| f.rule.is_none());
    without.verdict = None;
    assert_eq!(without, facts);
}

#[test]
fn every_handle_resolves_inside_the_report() {
    for (name, report) in sample::all() {
        let evidence = report
            .findings
            .iter()
            .flat_map(|f| &f.evidence)
            .chain(report.claims.values().flat_map(|c| &c.evidence))
            .chain(
                report
                    .parties
                    .values()
                    .flat_map(|p| p.matches.iter().flat_map(|m| &m.evidence)),
            );
        for handle in evidence {
            assert!(report.evidence.contains_key(handle), "{name}: {handle}");
        }
        for claim in report.parties.values().flat_map(|p| &p.claims) {
            assert!(report.claims.contains_key(claim), "{name}: {claim}");
        }
        let verdict = report.verdict.iter();
        for instance in
            verdict.flat_map(|v| v.reasons.iter().chain(v.waived.iter().map(|w| &w.instance)))
        {
            assert!(
                report.findings.iter().any(|f| &f.instance == instance),
                "{name}"
            );
        }
        for signature in report.subjects.iter().flat_map(|s| &s.signatures) {
            assert!(
                signature
                    .signer
                    .iter()
                    .all(|p| report.parties.contains_key(p)),
                "{name}"
            );
            assert!(
                signature
                    .chain
                    .iter()
                    .all(|c| report.certificates.contains_key(c)),
                "{name}"
            );
        }
    }
}

#[test]
fn an_instance_is_stable_against_wording_and_moves_with_the_facts() {
    let instance = |edit: fn(&mut bonafide::model::finding::Finding)| {
        let mut analysis = sample::good();
        edit(&mut analysis.subjects[0].findings[0]);
        let report = sample::facts(&analysis);
        let found = report
            .findings
            .iter()
            .find(|f| f.id == "sample-no-instrument-match");
        found.unwrap().instance.clone()
    };
    let original = instance(|_| {});
    assert_eq!(original, instance(|f| f.message = "other words".into()));
    assert_ne!(original, instance(|f| f.parties.clear()));
    assert_ne!(
        original,
        instance(|f| f.status = bonafide::model::finding::Status::Fail)
    );
}

#[test]
fn two_findings_with_the_same_facts_have_two_instances() {
    let mut analysis = sample::good();
    let mut twin = analysis.subjects[0].findings[0].clone();
    twin.message = "said differently".into();
    let exact = analysis.subjects[0].findings[0].clone();
    analysis.subjects[0].findings.extend([twin, exact]);
    let report = sample::facts(&analysis);
    let found: Vec<&str> = report
        .findings
        .iter()
        .filter(|f| f.id == "sample-no-instrument-match")
        .map(|f| f.instance.as_str())
        .collect();
    assert_eq!(found.len(), 2, "the exact copy is one finding");
    assert_ne!(found[0], found[1]);
}

#[test]
fn claims_that_disagree_stay_apart() {
    let mut analysis = sample::good();
    let signer = analysis
        .parties
        .get_mut(&PartyId("P-signer".into()))
        .unwrap();
    let mut other = signer.claims[0].clone();
    other.jurisdiction.country = "KY".into();
    signer.claims.push(other);
    let report = sample::facts(&analysis);
    let places: Vec<&str> = report
        .claims
        .values()
        .filter(|c| c.aspect == Aspect::PlaceOfBusiness.into())
        .map(|c| c.jurisdiction.as_str())
        .collect();
    assert_eq!(places, ["DE", "KY"]);
    let page = text(&report, 0);
    assert_eq!(page.matches("Place of business").count(), 2, "{page}");
}

#[test]
fn the_shortest_page_still_names_every_finding_that_is_no_pass() {
    for (name, report) in sample::all() {
        let page = text(&report, 0);
        for finding in report.findings.iter().filter(|f| f.status != Status::Pass) {
            assert!(page.contains(&finding.id), "{name}: {}", finding.id);
        }
    }
}

#[test]
fn json_lines_end_with_a_summary_that_counts_every_line() {
    let out = many("jsonl", &sample::all());
    let records: Vec<serde_json::Value> = out
        .lines()
        .map(|l| serde_json::from_str(l).unwrap())
        .collect();
    let (last, reports) = records.split_last().unwrap();
    assert_eq!(last["type"], "summary");
    assert_eq!(last["subjects"], reports.len());
    assert_eq!(reports.iter().filter(|r| r["type"] == "error").count(), 1);
    assert!(reports.iter().all(|r| r["schema_version"] == "1.0"));
    assert_eq!(
        many("jsonl", &[]).lines().count(),
        1,
        "also when there was nothing"
    );
}

#[test]
fn a_run_over_nothing_says_so() {
    assert_eq!(many("text", &[]), "\nNothing was examined.\n");
}

#[test]
fn the_value_that_a_policy_sees_is_the_printed_document() {
    let (_, report) = sample::all().swap_remove(1);
    let printed = render(find("json").unwrap(), &report, Style::default());
    assert_eq!(
        serde_json::to_value(report.only(None)).unwrap(),
        serde_json::from_str::<serde_json::Value>(&printed).unwrap()
    );
    assert_eq!(
        report.dimensions[&Dimension::Channel].reason.as_deref(),
        Some("not-examined")
    );
}

#[test]
fn the_generated_documents_are_in_step() {
    golden::check("docs/findings.md", &documents::findings());
    golden::check("docs/support.md", &documents::support());
    let registry = bonafide::vendor::Registry::bundled().unwrap();
    golden::check("docs/data.md", &documents::data(registry));
    let codes = Exit::ALL.iter().map(|e| (e.code(), e.meaning()));
    golden::check("docs/exit-codes.md", &documents::exit_codes(codes));
}
