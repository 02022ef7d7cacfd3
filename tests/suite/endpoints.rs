//! From a file to the report: whom it names, and how it updates itself.

use std::sync::Arc;

use bonafide::base::blob::{InMemory, ReadAt};
use bonafide::base::budget::{Budget, Limits, Stopped};
use bonafide::base::time::Time;
use bonafide::jurisdiction::Operators;
use bonafide::pipeline::{self, Context, Known, Options};
use bonafide::report::json::words::{EndpointKind, Noise, UpdaterKind};
use bonafide::report::json::{Report, Run, Tool};
use bonafide::report::{Style, text};
use bonafide::screening::Instruments;
use bonafide::vendor::Registry;
use bonafide::verify::path::Cache;
use bonafide::verify::revocation::RevocationEvidence;

use crate::support::judge::STORE;

/// An archive of Electron that holds these files.
fn asar(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut entries = Vec::new();
    let mut offset = 0;
    for (name, content) in files {
        entries.push(format!(
            r#""{name}":{{"size":{},"offset":"{offset}"}}"#,
            content.len()
        ));
        offset += content.len();
    }
    let json = format!(r#"{{"files":{{{}}}}}"#, entries.join(","));
    let padded = json.len().next_multiple_of(4);
    let mut out = Vec::new();
    for field in [4, padded + 8, padded + 4, json.len()] {
        out.extend_from_slice(&u32::try_from(field).unwrap().to_le_bytes());
    }
    out.extend_from_slice(json.as_bytes());
    out.resize(16 + padded, 0);
    for (_, content) in files {
        out.extend_from_slice(content);
    }
    out
}

fn report(file: Vec<u8>) -> Report {
    let budget = Budget::start(Limits::default(), &Stopped);
    let options = Options {
        budget: &budget,
        spool: &InMemory,
        catalogs: false,
    };
    let blob: Arc<dyn ReadAt> = Arc::new(file);
    let examined = pipeline::examine("app.asar", &blob, &options);
    let (operators, vendors, instruments) = (
        Operators::default(),
        Registry::default(),
        Instruments::default(),
    );
    let context = Context {
        now: Time::UNIX_EPOCH,
        profile: None,
        store: &STORE,
        issuers: &*STORE,
        revocation: &RevocationEvidence::default(),
        cache: &Cache::default(),
        known: &Known::default(),
        operators: &operators,
        vendors: &vendors,
        instruments: &instruments,
        listed: &bonafide::screening::lists::NoLists,
        catalogs: &[],
        infrastructure: None,
        max_list_age_days: i64::MAX,
        legal_entities: &bonafide::vendor::gleif::NoLegalEntities,
    };
    let analysis = pipeline::judge(&examined, &context);
    pipeline::report(
        &analysis,
        &Tool::default(),
        &Run::default(),
        None,
        context.now,
    )
    .unwrap()
}

const FEED: &[u8] = b"provider: generic\nurl: http://update.vendor.com/app\n";
const SCRIPT: &[u8] = b"fetch('https://api.vendor.com/v1'); // https://www.w3.org/2000/svg\n\
    const feed = 'https://update.vendor.com/latest.yml';\n";

#[test]
fn a_members_updater_and_addresses_reach_the_report_with_their_places() {
    let report = report(asar(&[
        ("app-update.yml", FEED),
        ("main.js", SCRIPT),
        ("readme.txt", b"https://nobody.vendor.com/update"),
    ]));
    let updaters: Vec<_> = report.subjects.iter().flat_map(|s| &s.updater).collect();
    let [updater] = updaters[..] else {
        panic!("{updaters:?}");
    };
    assert_eq!(updater.kind, UpdaterKind::Electron);
    assert_eq!(updater.feeds[0].url, "http://update.vendor.com/app");

    let names: Vec<&str> = report.hosts.values().map(|h| h.name.as_str()).collect();
    assert_eq!(names, ["update.vendor.com", "api.vendor.com", "www.w3.org"]);
    let update = report.hosts.values().next().unwrap();
    assert_eq!(update.kinds, [EndpointKind::Update]);
    assert_eq!(
        update.subjects.len(),
        2,
        "named by the configuration and by the script"
    );
    for endpoint in &update.endpoints {
        let place = &endpoint.places[0];
        let subject = report
            .subjects
            .iter()
            .find(|s| s.id == place.subject)
            .unwrap();
        let file = if subject.path.ends_with("main.js") {
            SCRIPT
        } else {
            FEED
        };
        let start = usize::try_from(place.location.offset).unwrap();
        let end = start + usize::try_from(place.location.length).unwrap();
        assert_eq!(&file[start..end], endpoint.address.as_bytes());
        assert!(report.evidence.contains_key(&endpoint.evidence[0]));
    }
    let schema = report
        .hosts
        .values()
        .find(|h| h.name == "www.w3.org")
        .unwrap();
    assert_eq!(schema.endpoints[0].noise, Some(Noise::Schema));
    assert!(schema.kinds.is_empty() && schema.endpoints[0].evidence.is_empty());

    let ids: Vec<&str> = report.findings.iter().map(|f| f.id.as_str()).collect();
    for id in ["update-feed-over-http", "updater-accepts-unsigned"] {
        assert!(ids.contains(&id), "{id} in {ids:?}");
    }
}

#[test]
fn configuration_that_cannot_be_read_is_a_gap_and_a_finding() {
    let report = report(asar(&[("app-update.yml", b"url: a\nurl: b\n")]));
    assert!(report.findings.iter().any(|f| f.id == "duplicate-key"));
    assert!(
        report
            .subjects
            .iter()
            .any(|s| s.gaps.iter().any(|g| g.what.contains("app-update.yml")))
    );
    assert!(report.subjects.iter().all(|s| s.updater.is_empty()));
}

#[test]
fn the_page_shows_updates_first_and_only_counts_noise() {
    let report = report(asar(&[("app-update.yml", FEED), ("main.js", SCRIPT)]));
    let mut out = Vec::new();
    let renderer: &dyn bonafide::report::Renderer = &text::Text;
    renderer
        .render(&report, &mut out, &Style::default())
        .unwrap();
    let page = String::from_utf8(out).unwrap();
    let at = |part: &str| {
        page.find(part)
            .unwrap_or_else(|| panic!("{part} in\n{page}"))
    };
    assert!(at("Updates by") < at("Names"));
    assert!(at("https://update.vendor.com/latest.yml") < at("https://api.vendor.com/v1"));
    assert!(!page.contains("www.w3.org"), "{page}");
    at("1 of schemas");
}
