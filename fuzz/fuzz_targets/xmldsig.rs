//! Any bytes as a ClickOnce manifest: an answer without a panic, and one verdict for each signature.
#![no_main]

use std::sync::LazyLock;

use bonafide::base::budget::{Budget, Limits, Stopped};
use bonafide::format::Format;
use bonafide::format::clickonce::ClickOnce;
use bonafide::verify::authenticode::Context;
use bonafide::verify::path::Cache;
use bonafide::verify::profile::Profile;
use bonafide::verify::revocation::RevocationEvidence;
use bonafide::verify::store::TrustStore;
use bonafide::verify::xmldsig::{judge, open};
use libfuzzer_sys::fuzz_target;

static STORE: LazyLock<TrustStore> = LazyLock::new(TrustStore::bundled);

fuzz_target!(|data: &[u8]| {
    let budget = Budget::start(Limits::default(), &Stopped);
    let Ok(extract) = ClickOnce.extract(&data.to_vec(), &budget) else {
        return;
    };
    let anchors = STORE.anchors(Profile::Windows);
    let context = Context {
        now: bonafide::base::time::parse_rfc3339("2026-01-01").expect("a date"),
        profile: Profile::Windows,
        anchors: &anchors,
        issuers: &*STORE,
        revocation: &RevocationEvidence::default(),
        cache: &Cache::default(),
    };
    let judged = judge(&open(&extract.signatures), &context);
    assert_eq!(judged.len(), extract.signatures.len());
});
