use crate::format::vsix::Vsix;
use crate::format::{Format, Sniff};

#[test]
fn an_archive_without_the_manifest_of_an_extension_is_none() {
    for bytes in [&b"PK\x03\x04"[..], b"PK\x05\x06", b"", b"MZ"] {
        assert!(!Vsix.detect(&Sniff::of(&bytes.to_vec())));
    }
}
