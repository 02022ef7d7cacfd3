//! ClickOnce manifests and VSIX packages signed by the test authority: what holds, and every way in which an attacker would have
//! it seem to.

use std::sync::LazyLock;

use bonafide::base::xml::canonical::{Method, Subset};
use bonafide::base::xml::parse;
use bonafide::model::digest::DigestAlgorithm;
use bonafide::model::signature::{Integrity, TrustStatus};
use bonafide::verify::path::Cache;
use bonafide::verify::profile::Profile;
use bonafide::verify::revocation::RevocationEvidence;

use crate::fixtures::JUDGED_AT;
use crate::support::judge::{Outcome, judge};
use crate::support::keys::Key;
use crate::support::pki::{Identity, PKI, STAMPED, Template, name};
use crate::support::vsix::Vsix;
use crate::support::xmldsig::{DSIG, Manifest};
use crate::support::zip;

static SIGNER: LazyLock<Identity> = LazyLock::new(|| {
    Template::leaf(0x71, name(&[("C", "SK"), ("O", "Example")]))
        .issue(Key::load("signer-rsa2048"), Some(&PKI.ca))
});
static ECDSA: LazyLock<Identity> = LazyLock::new(|| {
    Template::leaf(0x73, name(&[("C", "SK"), ("O", "Example")]))
        .issue(Key::load("signer-p256"), Some(&PKI.ca))
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

/// The first signature's reasons, of a package.
fn package_reasons(vsix: &Vsix<'_>) -> Vec<&'static str> {
    let outcome = judged(&vsix.build());
    assert_eq!(outcome.error, None);
    match &outcome.signatures[0].integrity {
        Integrity::Invalid(reasons) => reasons.clone(),
        other => panic!("{other:?}: {:?}", outcome.notes()),
    }
}

#[test]
fn a_signed_package_holds_stored_or_deflated_with_rsa_or_ecdsa_certificates_inside_or_beside() {
    for (signer, deflate, certificate_part) in [
        (&*SIGNER, true, false),
        (&*SIGNER, false, true),
        (&*ECDSA, true, true),
    ] {
        let vsix = Vsix {
            deflate,
            certificate_part,
            ..Vsix::by(signer)
        };
        let outcome = judged(&vsix.build());
        assert!(outcome.accepted(), "{:?}", outcome.notes());
        let signature = &outcome.signatures[0];
        assert_eq!(signature.scheme, "opc");
        assert_eq!(signature.signer.as_ref().unwrap().der, signer.certificate);
        assert!(signature.timestamps[0].usable, "{:?}", signature.timestamps);
        assert_eq!(signature.claimed_time, Some(STAMPED));
        let ids: Vec<&str> = outcome.notes().iter().map(|n| n.0).collect();
        assert!(!ids.contains(&"unsigned-parts"), "{:?}", outcome.notes());
    }
}

#[test]
fn a_part_that_is_not_signed_is_said_and_code_is_refused() {
    let text = Vsix {
        added: vec![("note.txt", b"x".to_vec())],
        ..Vsix::by(&SIGNER)
    };
    let outcome = judged(&text.build());
    assert!(outcome.accepted());
    assert!(
        outcome
            .notes()
            .iter()
            .any(|n| n.0 == "unsigned-parts" && n.2.contains("/note.txt"))
    );
    for (name, content) in [("evil.dll", &b"x"[..]), ("note.txt", b"MZ code by content")] {
        let code = Vsix {
            added: vec![(name, content.to_vec())],
            ..Vsix::by(&SIGNER)
        };
        assert_eq!(package_reasons(&code), ["unsigned-parts"], "{name}");
    }
    // A relationship makes no code part of the signature.
    let hidden = Vsix {
        added: vec![(
            "package/services/digital-signature/certificate/c.cer",
            b"MZ".to_vec(),
        )],
        ..Vsix::by(&SIGNER)
    };
    assert_eq!(package_reasons(&hidden), ["unsigned-parts"]);
}

#[test]
fn a_changed_missing_or_doubled_part_breaks_the_signature() {
    let swap = |name: &'static str, content: Option<&[u8]>| {
        let good = Vsix::by(&SIGNER);
        let mut members = unzipped(&good);
        let at = members.iter().position(|m| m.0 == name).unwrap();
        match content {
            Some(content) => members[at].1 = content.to_vec(),
            None => drop(members.remove(at)),
        }
        judged(&zip::archive(&members, true))
    };
    for (name, content, reason) in [
        ("Example.dll", Some(&b"MZ another"[..]), "digest-mismatch"),
        ("read me.txt", Some(b"hullo"), "digest-mismatch"),
        ("read me.txt", None, "part-missing"),
        (
            "[Content_Types].xml",
            Some(
                b"<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"/>",
            ),
            "part-content-type",
        ),
    ] {
        let outcome = swap(name, content);
        let Integrity::Invalid(reasons) = &outcome.signatures[0].integrity else {
            panic!("{name}: {:?}", outcome.notes());
        };
        assert!(reasons.contains(&reason), "{name}: {reasons:?}");
    }
    let doubled = Vsix {
        added: vec![("EXAMPLE.DLL", b"MZ other".to_vec())],
        ..Vsix::by(&SIGNER)
    };
    assert!(package_reasons(&doubled).contains(&"ambiguous-part-name"));
}

#[test]
fn a_signed_relationship_that_is_changed_breaks_the_signature() {
    let mut members = unzipped(&Vsix::by(&SIGNER));
    let rels = members.iter_mut().find(|m| m.0 == "_rels/.rels").unwrap();
    let text = String::from_utf8(rels.1.clone()).unwrap();
    rels.1 = text
        .replace("Target=\"/extension.vsixmanifest\"", "Target=\"/other\"")
        .into_bytes();
    let outcome = judged(&zip::archive(&members, true));
    assert!(
        matches!(&outcome.signatures[0].integrity, Integrity::Invalid(r) if r == &["digest-mismatch"])
    );
}

#[test]
fn a_list_of_parts_that_no_reference_covers_is_none() {
    let vsix = Vsix {
        change: |s| s.replace("Id=\"idPackageObject\"", "Id=\"idOther\""),
        ..Vsix::by(&SIGNER)
    };
    let reasons = package_reasons(&vsix);
    assert!(reasons.contains(&"xml-reference-unresolved"), "{reasons:?}");
    assert!(reasons.contains(&"xml-not-over-document"), "{reasons:?}");
    // A second object of that Id, with a list of the attacker's.
    let vsix = Vsix {
        change: |s| {
            s.replace(
                "<KeyInfo>",
                "<Object Id=\"idPackageObject\"><Manifest/></Object><KeyInfo>",
            )
        },
        ..Vsix::by(&SIGNER)
    };
    assert!(package_reasons(&vsix).contains(&"xml-reference-unresolved"));
}

fn unzipped(vsix: &Vsix<'_>) -> Vec<(String, Vec<u8>)> {
    let stored = Vsix {
        deflate: false,
        signed: vsix.signed.clone(),
        added: vsix.added.clone(),
        ..*vsix
    }
    .build();
    zip::stored(&stored)
}

/// A bit of every octet of a signed manifest is flipped. What still holds is the same document by canonical XML, or stands where
/// nothing can sign it; nothing else that a reader of the manifest would see differs.
#[test]
fn no_flipped_bit_changes_what_a_reader_sees_and_still_holds() {
    let manifest = Manifest {
        stamped: false,
        ..Manifest::by(&SIGNER)
    };
    let good = manifest.signed();
    let seen = |text: &[u8]| -> Option<Vec<u8>> {
        let document = parse(text).ok()?;
        let without = document
            .children(document.root())
            .find(|e| document.is(*e, DSIG, "Signature"));
        let subset = Subset {
            element: None,
            without,
        };
        document.canonical_octets(subset, &Method::INCLUSIVE).ok()
    };
    let original = seen(good.as_bytes()).unwrap();
    let mut held = 0;
    for at in 0..good.len() {
        let mut mutant = good.clone().into_bytes();
        mutant[at] ^= 1 << (at % 8);
        let outcome = judged(&mutant);
        if !outcome.accepted() {
            continue;
        }
        held += 1;
        assert_eq!(seen(&mutant).as_ref(), Some(&original), "offset {at}");
        let signer = outcome.signatures[0].signer.as_ref().unwrap();
        assert_eq!(signer.der, SIGNER.certificate, "offset {at}");
    }
    println!("{} flips, {held} hold", good.len());
    assert!(held * 100 < good.len(), "{held} of {} hold", good.len());
}

/// A bit of every other octet of every member of a signed extension is flipped, with the checksum set right again. What still holds has
/// every signed part as it was, and the same signer: OPC signs neither its own relationships nor the list of content types, and what
/// they say of signed parts is compared.
#[test]
fn no_flipped_bit_of_an_extension_changes_a_signed_part_and_still_holds() {
    let vsix = Vsix {
        deflate: false,
        ..Vsix::by(&SIGNER)
    };
    let members = zip::stored(&vsix.build());
    let (mut flips, mut held) = (0, std::collections::BTreeMap::<&str, usize>::new());
    for (which, (name, content)) in members.iter().enumerate() {
        for at in (which % 2..content.len()).step_by(2) {
            let mut mutant = members.clone();
            mutant[which].1[at] ^= 1 << (at % 8);
            flips += 1;
            let outcome = judged(&zip::archive(&mutant, false));
            if !outcome.accepted() {
                continue;
            }
            *held.entry(name).or_default() += 1;
            assert!(
                vsix.signed.iter().all(|(signed, ..)| signed != name),
                "{name}, offset {at}"
            );
            let signer = outcome.signatures[0].signer.as_ref().unwrap();
            assert_eq!(signer.der, SIGNER.certificate, "{name}, offset {at}");
        }
    }
    println!("{flips} flips, none holds in a signed part; elsewhere {held:?}");
}
