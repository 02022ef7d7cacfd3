//! Any bytes as the documents of a registry of each kind, replayed and never asked: an answer without a panic, and file names
//! that are one component of a path.
#![no_main]

use std::collections::BTreeMap;
use std::sync::Arc;

use bonafide::base::budget::Stopped;
use bonafide::base::time::parse_rfc3339;
use bonafide::source::client::Environment;
use bonafide::source::locator::Locator;
use bonafide::source::record::{Answer, Bundle, Question};
use bonafide::source::registry::{Choice, files};
use bonafide::source::wire::Wire;
use libfuzzer_sys::fuzz_target;

const PLACES: [(&str, &str, &str); 4] = [
    ("pypi:ab", "http://h.example", "http://h.example/ab/"),
    ("npm:ab", "http://h.example", "http://h.example/ab"),
    ("crates:ab", "http://h.example", "http://h.example/2/ab"),
    (
        "deb:ab",
        "http://h.example s main",
        "http://h.example/dists/s/InRelease",
    ),
];

fuzz_target!(|data: &[u8]| {
    let Some((kind, rest)) = data.split_first() else {
        return;
    };
    // A zero divides the release file from the list below it.
    let cut = rest.iter().position(|b| *b == 0).unwrap_or(rest.len());
    let (first, second) = rest.split_at(cut);
    let (locator, registry, url) = PLACES[usize::from(*kind) % PLACES.len()];
    let mut bundle = Bundle::default();
    let mut add = |url: &str, body: &[u8]| {
        let answer = Answer {
            at: parse_rfc3339("2026-01-01").expect("a date"),
            status: 200,
            body: body.to_vec(),
            error: None,
            hops: Vec::new(),
        };
        let question = Question {
            url: url.into(),
            sent: Vec::new(),
        };
        bundle.insert(question, answer);
    };
    add(url, first);
    add(
        "http://h.example/config.json",
        br#"{"dl":"http://h.example/dl"}"#,
    );
    for form in ["Packages", "Packages.gz", "Packages.xz"] {
        add(
            &format!("http://h.example/dists/s/main/binary-amd64/{form}"),
            second.get(1..).unwrap_or_default(),
        );
    }
    let wire = Wire::replay(Arc::new(bundle));
    let env = Environment {
        vars: BTreeMap::new(),
        cwd: "/".into(),
        etc: "/".into(),
    };
    let choice = Choice {
        registry: Some(registry),
        file: None,
    };
    let locator = Locator::parse(locator)
        .expect("a locator")
        .expect("a good one");
    for file in files(&locator, choice, &env, &wire, &Stopped).unwrap_or_default() {
        assert!(!file.name.is_empty() && !file.name.contains(['/', '\\']));
        assert!(matches!(file.url.scheme(), "http" | "https") || file.access.named.len() == 1);
    }
});
