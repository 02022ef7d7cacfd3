//! ClickOnce manifests and VSIX packages signed by the test authority: what holds, and every way in which an attacker would have
//! it seem to.

use std::sync::LazyLock;

use bonafide::model::digest::DigestAlgorithm;
use bonafide::model::signature::{Integrity, TrustStatus};
use bonafide::verify::path::Cache;
use bonafide::verify::profile::Profile;
use bonafide::verify::revocation::RevocationEvidence;

use crate::fixtures::JUDGED_AT;
use crate::support::judge::{Outcome, judge};
use crate::support::keys::Key;
use crate::support::pki::{Identity, PKI, STAMPED, Template, name};
use crate::support::xmldsig::{DSIG, Manifest};

static SIGNER: LazyLock<Identity> = LazyLock::new(|| {
    Template::leaf(0x71, name(&[("C", "SK"), ("O", "Example")]))
        .issue(Key::load("signer-rsa2048"), Some(&PKI.ca))
});
static OTHER: LazyLock<Identity> = LazyLock::new(|| {
    Template::leaf(0x72, name(&[("C", "CZ"), ("O", "Other")]))
        .issue(Key::load("tsa-rsa2048"), Some(&PKI.ca))
});

fn judged(file: &[u8]) -> Outcome {
    judge(
        file,
        JUDGED_AT,
        Profile::Windows,
        &RevocationEvidence::default(),
        &Cache::default(),
    )
}

/// Why the one signature does not hold.
fn reasons(file: &str) -> Vec<&'static str> {
    let outcome = judged(file.as_bytes());
    assert_eq!(outcome.error, None);
    let [signature] = &outcome.signatures[..] else {
        panic!("one signature: {:?}", outcome.notes());
    };
    match &signature.integrity {
        Integrity::Invalid(reasons) => reasons.clone(),
        other => panic!("{other:?}: {:?}", outcome.notes()),
    }
}

#[test]
fn a_manifest_signed_in_both_layers_holds_and_names_its_publisher() {
    for digest in [DigestAlgorithm::Sha256, DigestAlgorithm::Sha1] {
        let manifest = Manifest {
            digest,
            ..Manifest::by(&SIGNER)
        };
        let outcome = judged(manifest.signed().as_bytes());
        assert!(outcome.accepted(), "{:?}", outcome.notes());
        let signature = &outcome.signatures[0];
        assert_eq!(signature.scheme, "clickonce");
        assert_eq!(signature.digest_algorithm, Some(digest));
        assert_eq!(signature.signed_digest, signature.computed_digest);
        assert_eq!(signature.signer.as_ref().unwrap().der, SIGNER.certificate);
        assert_eq!(signature.timestamps.len(), 1);
        assert!(signature.timestamps[0].usable);
        assert_eq!(signature.time_basis.at, STAMPED);
    }
}

#[test]
fn a_manifest_without_a_publisher_is_signed_by_a_key_alone() {
    let manifest = Manifest {
        with_license: false,
        ..Manifest::by(&SIGNER)
    };
    let outcome = judged(manifest.signed().as_bytes());
    let signature = &outcome.signatures[0];
    assert_eq!(signature.integrity, Integrity::Valid);
    assert_eq!(signature.trust.status, TrustStatus::Unknown);
    assert!(signature.signer.is_none());
    assert!(outcome.notes().iter().any(|n| n.0 == "signed-by-key-only"));
}

#[test]
fn a_side_by_side_manifest_without_a_signature_is_no_failure() {
    let text = "<assembly xmlns='urn:schemas-microsoft-com:asm.v1' manifestVersion='1.0'><dependency/></assembly>";
    let outcome = judged(text.as_bytes());
    assert_eq!(outcome.error, None);
    assert!(outcome.signatures.is_empty());
}

#[test]
fn a_changed_manifest_does_not_hold() {
    let signed = Manifest::by(&SIGNER).signed();
    let changed = signed.replace("https://updates.example", "https://updates.invalid");
    assert_eq!(
        reasons(&changed),
        ["digest-mismatch", "clickonce-layers-disagree"]
    );
    // Not what is signed: the spelling of the same document.
    let respelled = signed.replace(
        "<deployment install=\"true\">",
        "<deployment\n install='true' >",
    );
    assert!(judged(respelled.as_bytes()).accepted());
}

#[test]
fn a_license_of_another_manifest_is_refused() {
    let manifest = Manifest {
        licensed_hash: Some(vec![7; 32]),
        ..Manifest::by(&SIGNER)
    };
    assert_eq!(reasons(&manifest.signed()), ["clickonce-layers-disagree"]);
    let other = Manifest {
        strong_name: Some(&OTHER),
        ..Manifest::by(&SIGNER)
    };
    assert_eq!(reasons(&other.signed()), ["clickonce-layers-disagree"]);
    let token = Manifest {
        token: Some("0123456789abcdef".into()),
        ..Manifest::by(&SIGNER)
    };
    assert_eq!(reasons(&token.signed()), ["public-key-token-mismatch"]);
}

#[test]
fn a_broken_layer_breaks_the_signature() {
    let signed = Manifest::by(&SIGNER).signed();
    let places: Vec<usize> = signed
        .match_indices("<SignatureValue>")
        .map(|(at, _)| at + 20)
        .collect();
    assert_eq!(places.len(), 2);
    for at in places {
        let mut bytes = signed.clone().into_bytes();
        bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
        let text = String::from_utf8(bytes).unwrap();
        assert!(reasons(&text).contains(&"bad-signature"), "at {at}");
    }
}

#[test]
fn a_broken_timestamp_is_said_and_does_not_count() {
    let signed = Manifest::by(&SIGNER).signed();
    let at = signed.find("<as:Timestamp>").unwrap() + 400;
    let mut bytes = signed.into_bytes();
    bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
    let outcome = judged(&bytes);
    assert!(
        outcome.notes().iter().any(|n| n.0 == "timestamp-invalid"),
        "{:?}",
        outcome.notes()
    );
    assert!(!outcome.signatures[0].time_basis.attested);
}

#[test]
fn a_second_signature_is_refused_wherever_it_stands() {
    let signed = Manifest::by(&SIGNER).signed();
    let start = signed.find("<Signature ").unwrap();
    let end = signed.rfind("</Signature>").unwrap() + "</Signature>".len();
    let own = &signed[start..end];
    // Before, behind and inside of what is signed; whichever is taken, the other is seen.
    let before = format!("{}{own}{}", &signed[..start], &signed[start..]);
    let inside = signed.replace(
        "<deployment install",
        &format!("<x>{own}</x><deployment install"),
    );
    let hidden = signed.replace(
        "</KeyInfo></Signature></asmv1",
        &format!("</KeyInfo><Object>{own}</Object></Signature></asmv1"),
    );
    for (name, text) in [("before", before), ("inside", inside), ("hidden", hidden)] {
        assert_ne!(text, signed, "{name}");
        assert!(
            reasons(&text).contains(&"xml-signature-elsewhere"),
            "{name}"
        );
    }
}

#[test]
fn the_signed_document_moved_into_another_is_not_signed() {
    // The original stands, whole, inside a manifest of the attacker's.
    let signed = Manifest::by(&SIGNER).signed();
    let original = signed.split_once("?>").unwrap().1.trim_start();
    let wrapped = format!(
        "<assembly xmlns=\"urn:schemas-microsoft-com:asm.v1\" manifestVersion=\"1.0\"><assemblyIdentity name=\"evil\" />{original}</assembly>"
    );
    let outcome = judged(wrapped.as_bytes());
    assert!(outcome.signatures.is_empty(), "{:?}", outcome.notes());
    // The signature lifted to the attacker's level.
    let start = original.find("<Signature ").unwrap();
    let end = original.rfind("</Signature>").unwrap() + "</Signature>".len();
    let lifted = wrapped.replace(&original[start..end], "").replace(
        "</asmv1:assembly></assembly>",
        &format!("</asmv1:assembly>{}</assembly>", &original[start..end]),
    );
    let reasons = reasons(&lifted);
    assert!(reasons.contains(&"digest-mismatch"), "{reasons:?}");
}

#[test]
fn a_reference_by_an_id_that_two_elements_have_is_refused() {
    let manifest = Manifest {
        more: "<a Id=\"x\"/><b ID=\"x\"/>",
        ..Manifest::by(&SIGNER)
    };
    let signed = manifest.signed();
    let moved = signed.replacen("<Reference URI=\"\">", "<Reference URI=\"#x\">", 1);
    let reasons = reasons(&moved);
    assert!(reasons.contains(&"xml-reference-unresolved"), "{reasons:?}");
    assert!(reasons.contains(&"xml-not-over-document"), "{reasons:?}");
}

#[test]
fn transforms_that_select_by_program_are_refused() {
    let signed = Manifest::by(&SIGNER).signed();
    for algorithm in [
        "http://www.w3.org/TR/1999/REC-xpath-19991116",
        "http://www.w3.org/TR/1999/REC-xslt-19991116",
        "http://www.w3.org/2002/06/xmldsig-filter2",
        "http://www.w3.org/2000/09/xmldsig#base64",
    ] {
        let changed = signed.replacen(
            "http://www.w3.org/2001/10/xml-exc-c14n#\" /></Transforms>",
            &format!("{algorithm}\" /></Transforms>"),
            1,
        );
        assert_ne!(changed, signed);
        assert!(
            reasons(&changed).contains(&"xml-transform-refused"),
            "{algorithm}"
        );
    }
}

#[test]
fn an_unknown_method_is_unverifiable_and_never_valid() {
    let signed = Manifest::by(&SIGNER).signed();
    let changed = signed.replace(&format!("{DSIG}rsa-sha256"), "urn:example:gost");
    let outcome = judged(changed.as_bytes());
    assert!(
        matches!(&outcome.signatures[0].integrity, Integrity::Unverifiable(what) if what.contains("urn:example:gost")),
        "{:?}",
        outcome.signatures[0].integrity
    );
}

#[test]
fn what_is_put_into_the_signature_unsigned_is_said() {
    let signed = Manifest::by(&SIGNER).signed();
    let stuffed = signed.replacen("<KeyInfo>", "<KeyInfo><Payload>MZ</Payload>", 1);
    let outcome = judged(stuffed.as_bytes());
    assert!(
        outcome
            .notes()
            .iter()
            .any(|n| n.0 == "unauthenticated-blob"),
        "{:?}",
        outcome.notes()
    );
}
