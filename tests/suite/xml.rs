//! Hostile XML documents of the reliability suite: each is refused for what is wrong with it, at once.

use std::time::{Duration, Instant};

use bonafide::base::xml::{Fault, parse};

use super::support::{bytes, corpus};

#[test]
fn hostile_documents_are_refused_for_what_is_wrong_with_them() {
    let Some(suite) = corpus("reliability/hostile-misc") else {
        return;
    };
    for (name, expected) in [
        ("xml-billion-laughs.xml", Fault::Dtd),
        ("xml-deep-100k.xml", Fault::Depth),
        ("xml-attrs-200k.xml", Fault::Attributes),
        ("xml-utf7.xml", Fault::Encoding),
        ("appcast-dup-attr.xml", Fault::DuplicateAttribute),
    ] {
        let document = bytes(&suite.join(name));
        let started = Instant::now();
        assert_eq!(parse(&document).unwrap_err().fault, expected, "{name}");
        assert!(started.elapsed() < Duration::from_secs(2), "{name}");
    }
    assert!(parse(&bytes(&suite.join("appcast-ok.xml"))).is_ok());
}
