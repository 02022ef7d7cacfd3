use crate::base::budget::{Budget, Limits, Stopped};
use crate::format::clickonce::ClickOnce;
use crate::format::{Error, Format, Sniff, detect};
use crate::model::extract::{Extract, Signing};

const MANIFEST: &str = "<?xml version='1.0' encoding='utf-8'?>\n<!-- licence -->\n\
    <m:assembly xmlns:m='urn:schemas-microsoft-com:asm.v1' xmlns='urn:schemas-microsoft-com:asm.v2' xmlns:d='http://www.w3.org/2000/09/xmldsig#'>\
    <assemblyIdentity xmlns='urn:schemas-microsoft-com:asm.v1' name='App' version='1.2' />\
    <description m:publisher='Example' m:product='App &amp; Co' />\
    <deployment><deploymentProvider codebase='https://updates.example/App.application'/></deployment>\
    <file name='a.dll'><hash><d:DigestMethod Algorithm='http://www.w3.org/2000/09/xmldsig#sha1'/><d:DigestValue>AQI=</d:DigestValue></hash></file>\
    <file name='b.dll'/></m:assembly>";

fn extract(text: &str) -> Result<Extract, Error> {
    let budget = Budget::start(Limits::default(), &Stopped);
    ClickOnce.extract(&text.as_bytes().to_vec(), &budget)
}

#[test]
fn the_document_element_decides_and_comments_before_it_do_not() {
    let of = |bytes: Vec<u8>| detect(&Sniff::of(&bytes)).map(|f| f.card().id);
    assert_eq!(of(MANIFEST.into()), Some("clickonce"));
    let wide: Vec<u8> = std::iter::once(0xfeff)
        .chain(MANIFEST.encode_utf16())
        .flat_map(u16::to_le_bytes)
        .collect();
    assert_eq!(of(wide), Some("clickonce"));
    let long = MANIFEST.replace("licence", &"x".repeat(4000));
    assert_eq!(of(long.into()), Some("clickonce"));
    for other in [
        "<assembly/>",
        "<assembly xmlns='urn:x'/>",
        "<x xmlns='urn:schemas-microsoft-com:asm.v1'/>",
        "assembly urn:schemas-microsoft-com:asm.v1",
        "<html><assembly xmlns='urn:schemas-microsoft-com:asm.v1'/></html>",
    ] {
        assert_ne!(of(other.into()), Some("clickonce"), "{other}");
    }
}

#[test]
fn what_a_manifest_claims_is_given_by_stable_keys() {
    let extract = extract(MANIFEST).unwrap();
    let claims: Vec<(&str, &str)> = extract
        .claimed
        .iter()
        .map(|c| (&*c.key, &*c.value))
        .collect();
    assert_eq!(
        claims,
        [
            ("assemblyIdentity.name", "App"),
            ("assemblyIdentity.version", "1.2"),
            ("publisher", "Example"),
            ("product", "App & Co"),
            (
                "deploymentProvider",
                "https://updates.example/App.application"
            ),
            ("file", "a.dll sha1:0102"),
            ("file", "b.dll"),
        ]
    );
    for claim in &extract.claimed {
        assert!(
            MANIFEST
                .get(usize::try_from(claim.span.start).unwrap()..)
                .unwrap()
                .starts_with('<')
        );
    }
    assert!(extract.gaps.is_empty());
}

#[test]
fn a_deployment_manifest_is_expected_to_be_signed_and_a_side_by_side_one_is_not() {
    let deployment = extract(MANIFEST).unwrap();
    assert_eq!(
        (deployment.signing, deployment.signatures.len()),
        (Signing::Expected, 0)
    );
    let plain = extract(
        "<assembly xmlns='urn:schemas-microsoft-com:asm.v1'><file name='a.dll'/></assembly>",
    )
    .unwrap();
    assert_eq!((plain.signing, plain.signatures.len()), (Signing::None, 0));
    let signed = MANIFEST.replace("</m:assembly>", "<d:Signature/></m:assembly>");
    let signatures = extract(&signed).unwrap().signatures;
    assert_eq!(signatures.len(), 1);
    assert_eq!(signatures[0].bytes, signed.as_bytes());
}

#[test]
fn files_over_the_limit_are_a_gap() {
    let files: String = (0..600).map(|i| format!("<file name='{i}'/>")).collect();
    let extract = extract(&MANIFEST.replace("<file name='b.dll'/>", &files)).unwrap();
    assert_eq!(
        extract.claimed.iter().filter(|c| c.key == "file").count(),
        512
    );
    assert!(
        extract.gaps[0].what.starts_with("89 further files"),
        "{:?}",
        extract.gaps
    );
}

#[test]
fn what_is_no_xml_is_malformed_by_name() {
    let reason = |text: &str| extract(text).unwrap_err().reason();
    assert_eq!(reason("<!DOCTYPE a><a/>"), "dtd-forbidden");
    assert_eq!(reason("<a b='1' b='2'/>"), "duplicate-attribute");
    assert_eq!(
        reason("<?xml version='1.0' encoding='utf-7'?><a/>"),
        "unsupported-encoding"
    );
    assert_eq!(reason("<a>"), "malformed-xml");
    assert_eq!(reason(&"<a>".repeat(1000)), "over-limit");
}

#[test]
fn no_cut_and_no_changed_octet_ends_in_a_panic() {
    let mut read = 0;
    for at in 0..MANIFEST.len() {
        let cut = MANIFEST.get(..at).unwrap();
        assert!(extract(cut).is_err(), "cut at {at}");
        for change in [0x01, 0x20, 0x80] {
            let mut bytes = MANIFEST.as_bytes().to_vec();
            bytes[at] ^= change;
            let budget = Budget::start(Limits::default(), &Stopped);
            read += usize::from(ClickOnce.extract(&bytes, &budget).is_ok());
        }
    }
    assert!(read > 0, "no changed manifest could be read");
}
