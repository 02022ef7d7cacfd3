//! NuGet packages: the peers' own, and generated ones with one property each.

use bonafide::model::digest::DigestAlgorithm;
use bonafide::model::signature::{Integrity, Position, Signature, TimestampKind};
use bonafide::verify::digest::hash;

use crate::support::cms::{
    CONTENT_TYPE, MESSAGE_DIGEST, SIGNING_CERTIFICATE_V2, SIGNING_TIME, Signing, attribute,
    signed_data, timestamp,
};
use crate::support::der;
use crate::support::pki::{Identity, PKI, STAMPED};
use crate::support::signed::{Bench, Judged};
use crate::support::xmldsig::base64;
use crate::support::{bytes, corpus};

const DATA: &str = "1.2.840.113549.1.7.1";
const COMMITMENT: &str = "1.2.840.113549.1.9.16.2.16";
const ORIGIN: &str = "1.2.840.113549.1.9.16.6.1";
const RECEIPT: &str = "1.2.840.113549.1.9.16.6.2";
const SERVICE_INDEX: &str = "1.3.6.1.4.1.311.84.2.1.1.1";
const CADES_TOKEN: &str = "1.2.840.113549.1.9.16.2.14";
const COUNTERSIGNATURE: &str = "1.2.840.113549.1.9.6";
const RESOURCES: &str = "platforms/nuget/test/TestUtilities/Microsoft.Internal.NuGet.Testing.SignedPackages/compiler/resources";

/// The peers' packages: their signatures hold or not, whoever issued the certificates.
#[test]
fn every_package_of_the_peer_comes_to_what_its_list_says() {
    let Some(suite) = corpus(RESOURCES) else {
        return;
    };
    let bench = Bench::at("2026-06-01T00:00:00Z");
    let deflated = "SignatureFileWithDeflateCompressionMethodAndDefaultCompressionLevel.zip";
    for (name, expected) in [
        ("SignedPackage.1.0.0.nupkg", "VALID"),
        ("TestPackage.AuthorSigned.1.0.0.nupkg", "VALID"),
        ("Test.Reposigned.1.0.0.nupkg", "VALID"),
        ("Test.RepoCountersigned.1.0.0.nupkg", "VALID"),
        ("SignatureFileEntry.zip", "REJECT"),
        (deflated, "REJECT"),
        ("SignatureFileWithFakeContent.zip", "REJECT"),
        ("SignatureFileWithUppercaseFileName.zip", "UNSIGNED"),
    ] {
        let judged = bench.judge_named(name, &bytes(&suite.join(name)));
        let actual = match &judged {
            Err(_) => "REJECT",
            Ok(judged) if judged.signatures.is_empty() => "UNSIGNED",
            Ok(judged) if judged.signatures.iter().all(holds) => "VALID",
            Ok(_) => "REJECT",
        };
        assert_eq!(actual, expected, "{name}: {}", shown(judged));
    }
}

#[test]
fn author_and_repository_are_told_apart_in_the_peers_packages() {
    let Some(suite) = corpus(RESOURCES) else {
        return;
    };
    let bench = Bench::at("2026-06-01T00:00:00Z");
    let judge = |name: &str| bench.judge_named(name, &bytes(&suite.join(name))).unwrap();
    let author = judge("TestPackage.AuthorSigned.1.0.0.nupkg");
    assert!(
        author.ids().contains("signature-commitment"),
        "{}",
        author.shown()
    );
    assert_eq!(
        author.signatures[0].timestamps[0].kind,
        TimestampKind::Rfc3161
    );
    assert_eq!(
        author.signatures[0].timestamps[0].integrity,
        Integrity::Valid
    );
    let repository = judge("Test.Reposigned.1.0.0.nupkg");
    let finding = repository
        .findings()
        .find(|f| f.definition.id == "repository-signature");
    assert!(finding.unwrap().message.contains("v3ServiceIndex.test"));
    let claimed = |key: &str| {
        author
            .extract
            .claimed
            .iter()
            .find(|c| c.key == key)
            .map(|c| &*c.value)
    };
    assert_eq!(
        (claimed("id"), claimed("version")),
        (Some("TestPackage.AuthorSigned"), Some("1.0.0"))
    );
}

fn holds(signature: &Signature) -> bool {
    signature.integrity == Integrity::Valid
}

fn shown(judged: Result<Judged, bonafide::format::Error>) -> String {
    judged.map_or_else(|e| e.to_string(), |j| j.shown())
}

/// A stored entry.
struct Entry<'a>(&'a str, &'a [u8]);

fn zip(entries: &[Entry<'_>]) -> Vec<u8> {
    let (mut out, mut directory) = (Vec::new(), Vec::new());
    for Entry(name, data) in entries {
        let mut crc = flate2::Crc::new();
        crc.update(data);
        let mut fields = vec![0; 8];
        fields.extend(
            [crc.sum(), data.len() as u32, data.len() as u32]
                .map(u32::to_le_bytes)
                .concat(),
        );
        fields.extend((name.len() as u16).to_le_bytes());
        fields.extend([0; 2]);
        directory.extend(b"PK\x01\x02\x14\0\x14\0");
        directory.extend(&fields);
        directory.extend([0; 10]);
        directory.extend((out.len() as u32).to_le_bytes());
        directory.extend(name.as_bytes());
        out.extend(b"PK\x03\x04\x14\0");
        out.extend(&fields);
        out.extend(name.as_bytes());
        out.extend(*data);
    }
    let (at, count) = (out.len() as u32, entries.len() as u16);
    out.extend(&directory);
    out.extend(b"PK\x05\x06\0\0\0\0");
    out.extend([count, count].map(u16::to_le_bytes).concat());
    out.extend([directory.len() as u32, at].map(u32::to_le_bytes).concat());
    out.extend([0; 2]);
    out
}

const NUSPEC: &[u8] = b"<package><metadata><id>Example</id><version>1.0.0</version><authors>Example Ltd</authors></metadata></package>";

fn package(signature: Option<&[u8]>) -> Vec<u8> {
    let mut entries = vec![
        Entry("Example.nuspec", NUSPEC),
        Entry("lib/a.txt", b"words"),
    ];
    // In the middle, so that an offset behind it has to be lowered.
    entries.extend(signature.map(|s| Entry(".signature.p7s", s)));
    if signature.is_some() {
        entries.swap(1, 2);
    }
    zip(&entries)
}

/// What is said under a signature.
#[derive(Clone, Copy)]
struct Said<'a> {
    commitment: &'a str,
    certificate: &'a [u8],
}

fn attributes(content: Option<&[u8]>, over: &[u8], said: Said<'_>) -> Vec<Vec<u8>> {
    let sha256 = |bytes: &[u8]| hash(DigestAlgorithm::Sha256, bytes).unwrap();
    let bound = der::sequence(&[der::octets(&sha256(said.certificate))]);
    let mut all = vec![
        attribute(SIGNING_TIME, &[der::time(STAMPED)]),
        attribute(MESSAGE_DIGEST, &[der::octets(&sha256(over))]),
        attribute(COMMITMENT, &[der::sequence(&[der::oid(said.commitment)])]),
        attribute(
            SIGNING_CERTIFICATE_V2,
            &[der::sequence(&[der::sequence(&[bound])])],
        ),
    ];
    all.extend(content.map(|_| attribute(CONTENT_TYPE, &[der::oid(DATA)])));
    if said.commitment == RECEIPT {
        all.push(attribute(
            SERVICE_INDEX,
            &[der::tlv(0x16, b"https://repository.example/index.json")],
        ));
    }
    all
}

/// The octets of the signature in a SignerInfo that has no unsigned attributes.
fn octets_of(info: &[u8]) -> Vec<u8> {
    bonafide::envelope::cms::signer::read(info)
        .unwrap()
        .0
        .signature
}

/// A package signed by `signer`, which says `said`; `unsigned` makes the unsigned attributes from the signature's octets.
fn signed(signer: &Identity, said: Said<'_>, unsigned: impl Fn(&[u8]) -> Vec<Vec<u8>>) -> Vec<u8> {
    let covered = zip(&[
        Entry("Example.nuspec", NUSPEC),
        Entry("lib/a.txt", b"words"),
    ]);
    let digest = hash(DigestAlgorithm::Sha256, &covered).unwrap();
    let content = format!(
        "Version:1\n\n2.16.840.1.101.3.4.2.1-Hash:{}\n\n",
        base64(&digest)
    );
    let signed = attributes(Some(b""), content.as_bytes(), said);
    let mut signing = Signing::by(signer);
    let bare = signing.signer_info(&signed);
    signing.unsigned = unsigned(&octets_of(&bare));
    let info = signing.signer_info(&signed);
    assert_eq!(bare == info, signing.unsigned.is_empty());
    package(Some(&signed_data(
        1,
        DigestAlgorithm::Sha256,
        DATA,
        &der::octets(content.as_bytes()),
        &signing.certificates,
        &[info],
    )))
}

fn author(signer: &Identity) -> Said<'_> {
    Said {
        commitment: ORIGIN,
        certificate: &signer.certificate,
    }
}

fn judge(file: &[u8]) -> Judged {
    let root = crate::support::root().join("fixtures/pki/root.pem");
    let bench = Bench::at("2026-06-01T00:00:00Z").with_roots(&root);
    bench.judge_named("a.nupkg", file).unwrap()
}

#[test]
fn an_author_signed_package_holds_and_says_what_it_is() {
    let leaf = &PKI.leaf;
    let judged = judge(&signed(leaf, author(leaf), |_| Vec::new()));
    assert!(judged.is_valid(), "{}", judged.shown());
    assert_eq!(judged.signatures[0].scheme, "nuget");
    assert_eq!(
        judged.ids().into_iter().collect::<Vec<_>>(),
        ["signature-commitment"]
    );
    let claims: Vec<_> = judged
        .extract
        .claimed
        .iter()
        .map(|c| (&*c.key, &*c.value))
        .collect();
    assert_eq!(
        claims,
        [
            ("id", "Example"),
            ("version", "1.0.0"),
            ("authors", "Example Ltd")
        ]
    );
}

#[test]
fn a_changed_package_and_data_around_it_are_invalid() {
    let leaf = &PKI.leaf;
    let good = signed(leaf, author(leaf), |_| Vec::new());
    let changed = {
        let mut file = good.clone();
        let at = file.windows(5).position(|w| w == b"words").unwrap();
        file[at] = b'W';
        file
    };
    assert!(judge(&changed).reasons().contains("digest-mismatch"));
    let appended = [&good[..], b"more"].concat();
    assert!(judge(&appended).reasons().contains("trailing-data"));
    let twice = zip(&[Entry(".signature.p7s", b"1"), Entry(".signature.p7s", b"2")]);
    assert!(judge(&twice).reasons().contains("duplicate-entry"));
}

#[test]
fn the_signature_is_bound_to_its_certificate() {
    let leaf = &PKI.leaf;
    let other = Said {
        commitment: ORIGIN,
        certificate: &PKI.ca.certificate,
    };
    let judged = judge(&signed(leaf, other, |_| Vec::new()));
    assert!(
        judged.reasons().contains("signing-certificate-mismatch"),
        "{}",
        judged.shown()
    );
}

#[test]
fn a_repository_is_not_taken_for_the_maker() {
    let leaf = &PKI.leaf;
    let said = Said {
        commitment: RECEIPT,
        certificate: &leaf.certificate,
    };
    let judged = judge(&signed(leaf, said, |_| Vec::new()));
    assert!(judged.is_valid(), "{}", judged.shown());
    let finding = judged
        .findings()
        .find(|f| f.definition.id == "repository-signature")
        .unwrap();
    assert!(
        finding
            .message
            .contains("https://repository.example/index.json")
    );
}

/// A repository's countersignature on these octets.
fn countersigned(octets: &[u8]) -> Vec<Vec<u8>> {
    let leaf = &PKI.leaf;
    let said = Said {
        commitment: RECEIPT,
        certificate: &leaf.certificate,
    };
    let info = Signing::by(leaf).signer_info(&attributes(None, octets, said));
    vec![attribute(COUNTERSIGNATURE, &[info])]
}

#[test]
fn a_repositorys_countersignature_is_a_signature_of_its_own_and_no_timestamp() {
    let leaf = &PKI.leaf;
    let judged = judge(&signed(leaf, author(leaf), countersigned));
    assert!(judged.is_valid(), "{}", judged.shown());
    let [first, second] = &judged.signatures[..] else {
        panic!("{}", judged.shown())
    };
    assert!(first.timestamps.is_empty());
    assert_eq!(
        (second.position.clone(), &*second.id.0),
        (Position::Nested(1), "1.1")
    );
    let ids: Vec<_> = second.findings.iter().map(|f| f.definition.id).collect();
    assert_eq!(ids, ["countersignature", "repository-signature"]);
    let forged = judge(&signed(leaf, author(leaf), |_| {
        countersigned(b"another signature")
    }));
    assert!(holds(&forged.signatures[0]) && !holds(&forged.signatures[1]));
    let both = Said {
        commitment: RECEIPT,
        certificate: &leaf.certificate,
    };
    let both = judge(&signed(leaf, both, countersigned));
    assert!(
        both.reasons().contains("two-repository-signatures"),
        "{}",
        both.shown()
    );
}

#[test]
fn only_the_attribute_that_clients_read_attests_the_time() {
    let leaf = &PKI.leaf;
    let stamped = |oid: &'static str| {
        judge(&signed(leaf, author(leaf), move |octets| {
            vec![attribute(oid, &[timestamp(&PKI.tsa, octets, STAMPED)])]
        }))
    };
    let good = stamped(CADES_TOKEN);
    assert_eq!(
        good.signatures[0].timestamps[0].at,
        Some(STAMPED),
        "{}",
        good.shown()
    );
    let ignored = stamped("1.3.6.1.4.1.311.3.3.1");
    assert!(ignored.signatures[0].timestamps.is_empty());
    assert!(
        ignored.ids().contains("unauthenticated-blob"),
        "{}",
        ignored.shown()
    );
}

/// A bit of every octet outside the CMS, and one of every eighth octet inside it.
#[test]
fn a_flipped_bit_of_a_package_passes_only_in_the_signatures_own_records_and_never_in_silence() {
    let leaf = &PKI.leaf;
    let good = signed(leaf, author(leaf), |_| Vec::new());
    let judged = judge(&good);
    assert!(judged.is_valid(), "{}", judged.shown());
    let span = judged.signatures[0].span.clone();
    let inside = usize::try_from(span.start).unwrap()..usize::try_from(span.end).unwrap();
    let root = crate::support::root().join("fixtures/pki/root.pem");
    let bench = Bench::at("2026-06-01T00:00:00Z").with_roots(&root);
    let (mut flips, mut held) = (0, 0);
    for at in (0..good.len()).filter(|at| !inside.contains(at) || at % 8 == 0) {
        let mut mutant = good.clone();
        mutant[at] ^= 1 << (at / 8 % 8);
        flips += 1;
        let Ok(judged) = bench.judge_named("a.nupkg", &mutant) else {
            continue;
        };
        if !judged.signatures.is_empty() && judged.is_valid() {
            held += 1;
            assert!(
                judged.ids().contains("signature-record-unlike-others"),
                "offset {at:#x}: {}",
                judged.shown()
            );
        }
    }
    println!("{held} of {flips} hold, each with a finding");
    assert!(held > 0, "the records of the signature are not covered");
}
