//! Updaters built into an executable, known by words of theirs that stand in it. That the words are there does not show that the
//! code is ever run.

use crate::model::endpoint::{EndpointKind, Endpoints, Form};
use crate::model::updater::{Anchor, Feed, Mark, UpdaterConfig, UpdaterKind};

/// What Tauri fills in of an endpoint's address.
const TAURI_VARIABLES: [&str; 4] = [
    "{{target}}",
    "{{arch}}",
    "{{current_version}}",
    "{{bundle_type}}",
];

/// The updaters whose words stand among what a scan of the executable `path` came upon.
pub fn embedded(path: &str, scanned: &Endpoints) -> Vec<UpdaterConfig> {
    [
        UpdaterKind::Tauri,
        UpdaterKind::WinSparkle,
        UpdaterKind::Omaha,
    ]
    .into_iter()
    .filter_map(|kind| {
        let marks: Vec<&Mark> = scanned.marks.iter().filter(|m| m.kind == kind).collect();
        (!marks.is_empty()).then(|| UpdaterConfig {
            kind,
            source: path.to_owned(),
            feeds: feeds(kind, scanned),
            anchors: marks
                .iter()
                .map(|m| Anchor {
                    what: m.what,
                    value: m.value.clone(),
                    span: m.span.clone(),
                })
                .collect(),
            switches: Vec::new(),
            excerpt: String::new(),
        })
    })
    .collect()
}

/// Only addresses that are the updater's by their own form; any other may be anybody's.
fn feeds(kind: UpdaterKind, scanned: &Endpoints) -> Vec<Feed> {
    let is_own = |text: &str| {
        let tauri =
            TAURI_VARIABLES.iter().any(|v| text.contains(v)) || text.ends_with("/latest.json");
        (kind == UpdaterKind::Tauri && tauri)
            || (kind == UpdaterKind::WinSparkle && text.ends_with("appcast.xml"))
    };
    scanned
        .found
        .iter()
        .filter(|e| e.form == Form::Url && e.noise.is_none() && e.kind <= EndpointKind::Unknown)
        .filter(|e| is_own(&e.text))
        .map(|e| Feed {
            url: e.text.clone(),
            derived: false,
            span: e.span.clone(),
        })
        .collect()
}
