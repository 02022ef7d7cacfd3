//! Channels on disk: collected and judged in the way that the command line does it.

use std::path::Path;

use bonafide::base::time::{Time, parse_rfc3339};
use bonafide::channel::{self, GivenAnchor, Judged, Request};
use bonafide::model::channel::{Channel, Provenance};
use bonafide::model::collection::Collection;
use bonafide::source::clock::Stopwatch;
use bonafide::source::collect::{Copy, Limits, listed, run};

/// A request for a copy on disk with one keyring.
pub(crate) fn request(root: &Path, keyring: &Path) -> Request {
    Request {
        target: "file:///".to_owned(),
        anchors: vec![GivenAnchor {
            bytes: super::bytes(keyring),
            provenance: Provenance::UserSupplied("keyring".to_owned()),
        }],
        files: listed(root),
        ..Request::default()
    }
}

/// Everything that the dialect wants of the copy at `root`.
pub(crate) fn collected(kind: &str, root: &Path, request: &Request) -> Collection {
    let dialect = channel::find(kind).unwrap();
    let copy = Copy::open(root).unwrap();
    let clock = Stopwatch::start();
    run(
        &copy,
        &mut |have| dialect.wants(request, have),
        &Limits::default(),
        &clock,
        Collection::default(),
        &mut |_| Ok(()),
    )
    .unwrap()
}

/// The copy at `root`, judged.
pub(crate) fn judged(
    kind: &str,
    root: &Path,
    request: &Request,
    before: Option<&Channel>,
    at: Time,
) -> Judged {
    let have = collected(kind, root, request);
    channel::judge(channel::find(kind).unwrap(), request, &have, before, at).unwrap()
}

/// The ids of the checks that fail.
pub(crate) fn failed(judged: &Judged) -> Vec<&'static str> {
    let failed = judged
        .card
        .iter()
        .filter(|s| s.status == bonafide::model::channel::CheckStatus::Fail);
    failed.map(|s| s.check.id).collect()
}

pub(crate) fn time(text: &str) -> Time {
    parse_rfc3339(text).unwrap()
}
