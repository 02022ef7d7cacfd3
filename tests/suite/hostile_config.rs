//! Configuration that two readers would read differently, or that costs more than it is: rows of the hostile-misc suite.

use bonafide::format::Error;
use bonafide::format::config::{json, plist, yaml};
use bonafide::format::updater;
use bonafide::model::updater::UpdaterKind;

use crate::support::{bytes, corpus, table};

/// What the reader of a row's kind says; for the row about a version, what asking for an integer gives.
fn verdict(name: &str, file: &[u8]) -> &'static str {
    let read = if name.ends_with(".json") {
        json::read(file)
    } else if name.ends_with(".plist") {
        plist::read(file)
    } else {
        yaml::read(file)
    };
    match read {
        Ok(root) if name == "json-float-version.json" => {
            match root.get("version").and_then(|v| v.integer()) {
                Some(_) => "OK",
                None => "MALFORMED",
            }
        }
        Ok(_) => "OK",
        Err(Error::Malformed { .. }) => "MALFORMED",
        Err(Error::Limit(_)) => "LIMIT",
        Err(_) => "UNREADABLE",
    }
}

#[test]
fn every_row_about_configuration_ends_as_the_suite_expects() {
    let Some(suite) = corpus("reliability/hostile-misc") else {
        return;
    };
    let mut seen = 0;
    for row in table(&suite.join("MANIFEST.tsv")) {
        let name = &row["file"];
        if !["json-", "yaml-", "bplist-"]
            .iter()
            .any(|k| name.starts_with(k))
        {
            continue;
        }
        seen += 1;
        let file = bytes(&suite.join(name));
        assert_eq!(verdict(name, &file), row["expected"], "{name}");
        if row["findings"] == "duplicate-key" {
            let error = if name.ends_with(".json") {
                json::read(&file)
            } else {
                yaml::read(&file)
            };
            assert_eq!(error.unwrap_err().reason(), "duplicate-key", "{name}");
        }
    }
    assert!(seen >= 10, "{seen} rows");
}

#[test]
fn a_country_named_no_and_a_version_stay_strings() {
    let Some(suite) = corpus("reliability/hostile-misc") else {
        return;
    };
    let root = yaml::read(&bytes(&suite.join("yaml-norway.yml"))).unwrap();
    assert_eq!(root.get("country").and_then(|n| n.text()), Some("NO"));
    assert_eq!(root.get("version").and_then(|n| n.text()), Some("1.10"));
}

#[test]
fn what_updaters_own_projects_ship_is_recognised() {
    let Some(channels) = corpus("channels") else {
        return;
    };
    let gup = channels.join("gup4win+wingup/src/ConfigFiles/gup.xml");
    let config = updater::read("updater/gup.xml", &bytes(&gup))
        .unwrap()
        .unwrap();
    assert_eq!(config.kind, UpdaterKind::WinGup);
    assert_eq!(config.feeds.len(), 1, "{config:?}");
    assert!(config.feeds[0].url.starts_with("https://"));

    for folder in [
        "Squirrel+Squirrel.Windows/test/Squirrel.Tests/fixtures",
        "velopack+velopack/test/fixtures",
    ] {
        for name in ["RELEASES-OnePointOh", "RELEASES-OnePointOne"] {
            let list = bytes(&channels.join(folder).join(name));
            let config = updater::read("packages/RELEASES", &list).unwrap().unwrap();
            assert_eq!(config.kind, UpdaterKind::Squirrel);
            assert!(config.feeds.is_empty(), "file names, no addresses");
        }
    }
}
