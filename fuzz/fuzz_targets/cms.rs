//! Any bytes as CMS, and whatever it carries as Authenticode content, attributes and timestamp tokens.
#![no_main]

use bonafide::envelope::cms::{self, signer, spc, tst};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Ok(signed) = cms::read(data) else {
        return;
    };
    assert!(signed.encoded_len <= data.len());
    let _ = spc::indirect_data(&signed.content, signed.content_offset);
    let _ = tst::read(&signed.content, signed.content_offset);
    for info in &signed.signers {
        let signed_attributes = info.signed_attributes.iter().flat_map(|a| &a.attributes);
        for value in signed_attributes
            .chain(&info.unsigned_attributes)
            .flat_map(|a| &a.values)
        {
            let _ = spc::opus(&value.bytes);
            let _ = spc::statement_type(&value.bytes);
            let _ = signer::read(&value.bytes);
            let _ = cms::read(&value.bytes);
        }
    }
});
