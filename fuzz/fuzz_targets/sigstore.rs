//! Any bytes as a bundle, an attestation, a trusted root, a DSSE envelope and a checkpoint.
#![no_main]

use bonafide::base::time::Time;
use bonafide::envelope::dsse::{Envelope, Statement};
use bonafide::envelope::sigstore::{Checkpoint, TrustedRoot};
use bonafide::verify::sigstore::{Artifact, Status, Trust, check, check_attestation, public_good};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let _ = TrustedRoot::read(data);
    let _ = Statement::read(data);
    if let Ok(envelope) = Envelope::read(data) {
        assert!(envelope.signed_bytes().len() > envelope.payload.len());
    }
    if let Ok(note) = std::str::from_utf8(data) {
        let _ = Checkpoint::read(note);
    }
    let Ok(root) = public_good() else { return };
    let trust = Trust {
        root: &root,
        keys: &[],
        at: Time::UNIX_EPOCH + std::time::Duration::from_secs(1_800_000_000),
    };
    for checked in [
        check(data, Artifact::Bytes(b"artifact"), &trust),
        check_attestation(data, Artifact::Bytes(b"artifact"), &trust),
    ]
    .into_iter()
    .flatten()
    {
        assert_eq!(
            checked.faults.is_empty(),
            checked.status == Status::Verified
        );
    }
});
