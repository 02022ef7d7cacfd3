//! Any bytes as minisign and signify keys and signatures over themselves.
#![no_main]

use bonafide::envelope::minisign::{PublicKey, read_public_key};
use bonafide::verify::{minisign, signify};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let mut keys: Vec<PublicKey> = read_public_key(data).into_iter().collect();
    keys.push(PublicKey {
        key_id: *b"RWRdiXG6",
        key: [7; 32],
    });
    if let Ok(checked) = minisign::check(data, data, &keys) {
        let good = checked.status == minisign::Status::Good;
        assert!(good || checked.trusted_comment.is_empty());
    }
    let _ = signify::check(data, data, &keys);
    let _ = signify::check_embedded(data, &keys);
});
