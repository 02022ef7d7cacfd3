//! Any bytes as a certificate and as a distinguished name: whatever is read can be shown on a terminal.
#![no_main]

use bonafide::base::der::Reader;
use bonafide::base::text::{is_unsafe, shown};
use bonafide::verify::certificate;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let certificate = certificate::read(data).ok();
    let name = Reader::der(data)
        .any()
        .ok()
        .and_then(|tlv| certificate::read_name(&tlv).ok());
    let names = certificate
        .iter()
        .flat_map(|c| [&c.subject, &c.issuer])
        .chain(&name);
    for attribute in names.flat_map(|name| &name.attributes) {
        assert!(!shown(&attribute.value).chars().any(is_unsafe));
    }
});
