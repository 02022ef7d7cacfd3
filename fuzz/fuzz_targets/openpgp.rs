//! Any bytes as a keyring, a clearsigned message and detached signatures over themselves.
#![no_main]

use bonafide::base::time::Time;
use bonafide::verify::openpgp::{Keyring, SignatureStatus, check_clearsigned, check_detached};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let at = Time::UNIX_EPOCH + std::time::Duration::from_secs(1_700_000_000);
    // The first octet cuts the rest into a keyring and what is signed.
    let Some((cut, rest)) = data.split_first() else {
        return;
    };
    let (ring, message) = rest.split_at(rest.len() * usize::from(*cut) / 256);
    let keyring = Keyring::read(ring).unwrap_or_default();
    for certificate in 0..keyring.certificates().len() {
        let _ = keyring.state(certificate, at);
    }
    for checked in [
        check_clearsigned(message, &keyring, at),
        check_detached(ring, message, &keyring, at),
    ]
    .into_iter()
    .flatten()
    {
        assert!(!checked.signatures.is_empty());
        for signature in &checked.signatures {
            let good = signature.status == SignatureStatus::Good;
            assert!(!good || (signature.holds == Some(true) && signature.reasons.is_empty()));
        }
    }
});
