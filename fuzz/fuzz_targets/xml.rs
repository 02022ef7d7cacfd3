//! Any bytes as XML: an answer without a panic, nodes that stand inside the input, and canonical forms that read back to themselves.
#![no_main]

use bonafide::base::xml::canonical::{Method, Subset};
use bonafide::base::xml::parse;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Ok(document) = parse(data) else {
        return;
    };
    let len = u64::try_from(data.len()).expect("a length");
    for element in document.elements(document.root()) {
        let span = document.span(element);
        assert!(span.start < span.end && span.end <= len);
    }
    let whole = Subset {
        element: None,
        without: None,
    };
    for method in [Method::INCLUSIVE, Method::EXCLUSIVE] {
        let Ok(form) = document.canonical_octets(whole, &method) else {
            continue;
        };
        // A short document can have a form over the limit of reading.
        let Ok(again) = parse(&form) else {
            assert!(form.len() > data.len());
            continue;
        };
        assert_eq!(again.canonical_octets(whole, &method).as_ref(), Ok(&form));
    }
});
