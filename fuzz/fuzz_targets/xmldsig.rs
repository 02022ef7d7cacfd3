//! Any bytes as a document with an XML signature, and as a ClickOnce manifest: an answer without a panic, and never a valid one.
#![no_main]

use std::sync::LazyLock;

use bonafide::base::budget::{Budget, Limits, Stopped};
use bonafide::format::Format;
use bonafide::format::clickonce::ClickOnce;
use bonafide::model::signature::Integrity;
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
    for signature in judge(&open(&extract.signatures), &context) {
        // No key signs what a fuzzer writes.
        assert_ne!(signature.integrity, Integrity::Valid);
    }
});
