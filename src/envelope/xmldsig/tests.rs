use super::read;
use crate::envelope::Error;
use crate::model::xmldsig::{KeyValue, SignedXml, Target, Transform};

const DSIG: &str = "http://www.w3.org/2000/09/xmldsig#";

/// A document with a signature of these references and this KeyInfo.
fn document(references: &str, key_info: &str) -> String {
    format!(
        "<a><b Id='one'/><c ID='two'/><d id='two'/><Signature xmlns='{DSIG}'><SignedInfo>\
         <CanonicalizationMethod Algorithm='http://www.w3.org/2001/10/xml-exc-c14n#'/><SignatureMethod Algorithm='urn:m'/>\
         {references}</SignedInfo><SignatureValue> AQ ==\n</SignatureValue><KeyInfo>{key_info}</KeyInfo></Signature></a>"
    )
}

fn reference(uri: &str, transforms: &str) -> String {
    format!(
        "<Reference {uri}><Transforms>{transforms}</Transforms><DigestMethod Algorithm='urn:d'/><DigestValue>Ag==</DigestValue></Reference>"
    )
}

fn opened(text: &str) -> SignedXml {
    read(text.as_bytes()).unwrap()
}

#[test]
fn a_reference_resolves_to_one_thing_or_to_nothing() {
    for (uri, expected) in [
        ("URI=''", Some("a")),
        ("URI='#one'", Some("b")),
        ("URI='#two'", None),
        ("URI='#none'", None),
        ("URI='#'", None),
        ("URI='file.dll'", None),
        ("URI='#xpointer(/)'", None),
        ("", None),
    ] {
        let signed = opened(&document(&reference(uri, ""), ""));
        let target = match signed.signature.references[0].target {
            Target::Document => Some(signed.document.root()),
            Target::Element(node) => Some(node),
            Target::Nothing(_) => None,
            Target::Part { .. } => panic!("{uri}"),
        };
        let name = target
            .and_then(|t| signed.document.name(t))
            .map(|n| n.local().to_owned());
        assert_eq!(name.as_deref(), expected, "{uri}");
    }
}

#[test]
fn only_transforms_of_the_list_are_read_as_what_they_do() {
    let known = [
        "http://www.w3.org/2000/09/xmldsig#enveloped-signature",
        "http://www.w3.org/2001/10/xml-exc-c14n#",
        "http://www.w3.org/TR/2001/REC-xml-c14n-20010315",
        "http://schemas.openxmlformats.org/package/2006/RelationshipTransform",
    ];
    let list: String = known
        .iter()
        .map(|a| format!("<Transform Algorithm='{a}'/>"))
        .collect();
    let signed = opened(&document(&reference("URI=''", &list), ""));
    let transforms = &signed.signature.references[0].transforms;
    assert!(
        !transforms
            .iter()
            .any(|t| matches!(t, Transform::Refused(_))),
        "{transforms:?}"
    );
    for unknown in [
        "http://www.w3.org/TR/1999/REC-xpath-19991116",
        "",
        "HTTP://www.w3.org/2001/10/xml-exc-c14n#",
    ] {
        let list = format!("<Transform Algorithm='{unknown}'/>");
        let signed = opened(&document(&reference("URI=''", &list), ""));
        let transforms = &signed.signature.references[0].transforms;
        assert_eq!(transforms[..], [Transform::Refused(unknown.into())]);
    }
    // Whatever it is named: what stands in Transforms is applied or refused, never passed over.
    let signed = opened(&document(&reference("URI=''", "<x xmlns='urn:x'/>"), ""));
    assert_eq!(signed.signature.references[0].transforms.len(), 1);
}

#[test]
fn key_and_certificates_are_read_and_what_is_not_read_is_kept_in_view() {
    let rsa = "<KeyValue><RSAKeyValue><Modulus>AAEC</Modulus><Exponent>AQAB</Exponent></RSAKeyValue></KeyValue>";
    let signature = opened(&document("", &format!("{rsa}<X509Data><X509Certificate>AQI=</X509Certificate><X509CRL>AA==</X509CRL></X509Data><Extra/>"))).signature;
    let KeyValue::Rsa { modulus, exponent } = signature.key.unwrap() else {
        panic!("an RSA key");
    };
    assert_eq!((modulus, exponent), (vec![1, 2], vec![1, 0, 1]));
    assert_eq!(signature.certificates, [[1, 2]]);
    assert_eq!(signature.value, [1]);
    assert_eq!(signature.unread.len(), 2);
    let other = opened(&document(
        "",
        "<KeyValue><ECKeyValue xmlns='urn:e'/></KeyValue>",
    ))
    .signature;
    assert_eq!(other.key, Some(KeyValue::Other("ECKeyValue".into())));
}

#[test]
fn a_signature_counts_only_in_its_place_and_others_are_counted() {
    let good = document("", "");
    assert!(opened(&good).elsewhere.is_empty());
    let own = &good[good.find("<Signature").unwrap()..good.len() - "</a>".len()];
    let deeper = format!("<z>{good}</z>");
    assert!(matches!(
        read(deeper.as_bytes()),
        Err(Error::Content { .. })
    ));
    let twice = good.replace("</a>", &format!("{own}</a>"));
    assert_eq!(opened(&twice).elsewhere.len(), 1);
    let root = opened(own);
    assert_eq!(root.signature.node, root.document.root());
}

#[test]
fn a_part_that_is_missing_doubled_or_no_base64_is_an_error() {
    let good = document(&reference("URI=''", ""), "");
    for (from, to) in [
        ("<SignatureMethod Algorithm='urn:m'/>", ""),
        (
            "<SignatureMethod Algorithm='urn:m'/>",
            "<SignatureMethod Algorithm='urn:m'/><SignatureMethod Algorithm='urn:n'/>",
        ),
        ("<DigestMethod Algorithm='urn:d'/>", ""),
        ("Ag==", "A!=="),
        (" AQ ==\n", "*"),
        ("<KeyInfo></KeyInfo>", "<KeyInfo/><KeyInfo/>"),
        (
            "<SignatureValue>",
            "<SignatureValue>AA==</SignatureValue><SignatureValue>",
        ),
    ] {
        let bad = good.replace(from, to);
        assert_ne!(bad, good);
        assert!(
            matches!(read(bad.as_bytes()), Err(Error::Content { .. })),
            "{from} -> {to}"
        );
    }
}

#[test]
fn lists_end_at_their_limits() {
    let many = reference("URI=''", "").repeat(9);
    assert!(matches!(
        read(document(&many, "").as_bytes()),
        Err(Error::Limit {
            what: "references",
            limit: 8,
            ..
        })
    ));
    let transforms = "<Transform Algorithm='urn:x'/>".repeat(5);
    let one = reference("URI=''", &transforms);
    assert!(matches!(
        read(document(&one, "").as_bytes()),
        Err(Error::Limit {
            what: "transforms",
            ..
        })
    ));
    let certificates = format!("<X509Data>{}</X509Data>", "<X509Certificate/>".repeat(1025));
    assert!(matches!(
        read(document("", &certificates).as_bytes()),
        Err(Error::Limit {
            what: "certificates",
            ..
        })
    ));
}

#[test]
fn every_cut_has_an_answer() {
    let good = document(
        &reference("URI='#one'", ""),
        "<X509Data><X509Certificate>AQI=</X509Certificate></X509Data>",
    );
    for at in 0..good.len() {
        assert!(
            read(good.as_bytes().get(..at).unwrap()).is_err(),
            "cut at {at}"
        );
    }
}
