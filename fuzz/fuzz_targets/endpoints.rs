//! Any bytes as a file that names addresses: an answer without a panic, and only places that lie in the file.
#![no_main]

use bonafide::base::blob::ReadAt;
use bonafide::base::budget::{self, Budget, Stopped};
use bonafide::format::endpoints::{Known, Limits, scan, unicode};
use bonafide::format::updater::embedded;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let data = data.to_vec();
    let budget = Budget::start(budget::Limits::default(), &Stopped);
    let out = scan(&data, &Known::default(), &Limits::default(), &budget);
    for endpoint in &out.found {
        assert!(endpoint.span.start < endpoint.span.end && endpoint.span.end <= data.size());
        assert!(endpoint.occurrences > 0);
        unicode(&endpoint.host.to_string());
    }
    for mark in &out.marks {
        assert!(mark.span.end <= data.size());
    }
    embedded("a", &out);
});
