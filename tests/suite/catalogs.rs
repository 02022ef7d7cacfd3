//! Security catalogs: files signed by one, and by none.

use bonafide::base::budget::{Budget, Limits, Stopped};
use bonafide::format::{Sniff, detect};
use bonafide::model::digest::{DigestAlgorithm, hex};
use bonafide::model::extract::Extract;
use bonafide::model::signature::{Integrity, Position, Signature, TrustStatus};
use bonafide::verify::catalog::{self, By, Catalog, FileDigests, Subject};
use bonafide::verify::digest::hash;
use bonafide::verify::image::{Request, scan};

use crate::support::cms::{Signing, indirect_data};
use crate::support::der;
use crate::support::pe::{Image, attach, win_certificate};
use crate::support::pki::PKI;
use crate::support::signed::Bench;
use crate::support::{bytes, corpus};

const LIST: &str = "1.3.6.1.4.1.311.10.1";
const V1: &str = "1.3.6.1.4.1.311.12.1.2";
const V2: &str = "1.3.6.1.4.1.311.12.1.3";
const FILE: &str = "1.3.6.1.4.1.311.2.1.25";
const NOW: &str = "2026-01-01T00:00:00Z";

/// What a catalog needs of a file.
fn digests(name: &str, file: &[u8]) -> FileDigests {
    let file = file.to_vec();
    let budget = Budget::start(Limits::default(), &Stopped);
    let sniff = Sniff {
        name,
        ..Sniff::of(&file)
    };
    let extract = detect(&sniff).map_or_else(Extract::default, |format| {
        format.extract(&file, &budget).unwrap()
    });
    let covered: Vec<_> = catalog::covered(&extract).collect();
    let request = Request {
        flat: &catalog::ALGORITHMS,
        covered: &covered,
        ..Request::default()
    };
    let scan = scan(&file, &request, &budget).unwrap();
    FileDigests::new(&extract, &scan.flat, &scan.covered)
}

fn read(cat: &[u8]) -> Option<Catalog> {
    let cat = cat.to_vec();
    let budget = Budget::start(Limits::default(), &Stopped);
    let format = detect(&Sniff::of(&cat)).unwrap();
    assert_eq!(format.card().id, "cat");
    let extract = format.extract(&cat, &budget).unwrap();
    catalog::read(&extract.signatures[0])
}

fn name_value(name: &str, value: &str) -> Vec<u8> {
    let value: Vec<u8> = format!("{value}\0")
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    attribute(
        "1.3.6.1.4.1.311.12.2.1",
        &der::sequence(&[
            der::tlv(0x1e, &der::bmp_contents(name)),
            der::integer(0x1001_0001),
            der::octets(&value),
        ]),
    )
}

fn attribute(kind: &str, value: &[u8]) -> Vec<u8> {
    der::sequence(&[der::oid(kind), der::set(&[value.to_vec()])])
}

fn member(tag: &[u8], attributes: &[Vec<u8>]) -> Vec<u8> {
    der::sequence(&[der::octets(tag), der::set(attributes)])
}

/// Listed by all its bytes.
fn flat(algorithm: DigestAlgorithm, file: &[u8]) -> Vec<u8> {
    let digest = hash(algorithm, file).unwrap();
    let content = der::sequence(&[
        der::sequence(&[der::oid(FILE), der::explicit(2, &der::implicit(0, &[]))]),
        der::sequence(&[
            crate::support::keys::digest_identifier(algorithm),
            der::octets(&digest),
        ]),
    ]);
    let text = hex(&digest).to_uppercase();
    let tag: Vec<u8> = format!("{text}\0")
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    member(
        &tag,
        &[
            attribute("1.3.6.1.4.1.311.2.1.4", &content),
            name_value("File", "some.inf"),
            name_value("OSAttr", "2:10.0"),
        ],
    )
}

/// An image with this digest.
fn image(digest: &[u8]) -> Vec<u8> {
    let content = indirect_data(DigestAlgorithm::Sha256, digest, None);
    member(digest, &[attribute("1.3.6.1.4.1.311.2.1.4", &content)])
}

/// By its tag alone.
fn bare(digest: &[u8]) -> Vec<u8> {
    member(
        digest,
        &[attribute("1.3.6.1.4.1.311.12.2.3", &der::implicit(0, &[]))],
    )
}

fn list(version: &str, usage: &str, members: &[Vec<u8>]) -> Vec<u8> {
    der::sequence(&[
        der::sequence(&[der::oid(usage)]),
        der::octets(&[7; 16]),
        der::time(crate::support::pki::STAMPED),
        der::sequence(&[der::oid(version), der::null()]),
        der::sequence(members),
    ])
}

fn signed(version: &str, members: &[Vec<u8>]) -> Vec<u8> {
    let list = list(version, "1.3.6.1.4.1.311.12.1.1", members);
    Signing::by(&PKI.leaf).stamped().over(LIST, &list)
}

fn bench() -> Bench {
    Bench::at(NOW).with_roots(&crate::support::root().join("fixtures/pki/root.pem"))
}

#[test]
fn a_file_is_found_by_the_digest_of_its_kind() {
    let text = b"[Version]\r\n";
    let strong = signed(V1, &[flat(DigestAlgorithm::Sha256, text)]);
    let weak = signed(V1, &[flat(DigestAlgorithm::Sha1, text)]);
    for cat in [&strong, &weak] {
        let catalog = read(cat).unwrap();
        let found = catalog.find(&digests("some.inf", text)).unwrap();
        assert_eq!((found.by, found.member.subject), (By::Flat, Subject::File));
        assert_eq!(found.member.name(), Some("some.inf"));
        assert_eq!(found.member.attribute("OSAttr"), Some("2:10.0"));
        assert!(
            catalog
                .find(&digests("some.inf", b"[version]\r\n"))
                .is_none()
        );
    }
    let both = read(&signed(
        V1,
        &[
            flat(DigestAlgorithm::Sha1, text),
            flat(DigestAlgorithm::Sha256, text),
        ],
    ));
    let both = both.unwrap();
    let found = both.find(&digests("some.inf", text)).unwrap();
    assert_eq!(found.member.algorithm, DigestAlgorithm::Sha256);
}

#[test]
fn an_image_is_found_by_its_image_digest_whether_it_is_signed_or_not() {
    let plain = Image::default().build();
    let digest = crate::support::pe::digest(&plain, DigestAlgorithm::Sha256);
    let own = Signing::by(&PKI.leaf).authenticode(&digest);
    let with_own = attach(&plain, &[win_certificate(&own)]);
    for cat in [signed(V2, &[image(&digest)]), signed(V2, &[bare(&digest)])] {
        let catalog = read(&cat).unwrap();
        for file in [&plain, &with_own] {
            let found = catalog.find(&digests("a.dll", file)).unwrap();
            assert_eq!(found.by, By::Image);
        }
    }
    // A digest of one kind says nothing of the other.
    let all_bytes = hash(DigestAlgorithm::Sha256, &plain).unwrap();
    let wrong_kind = read(&signed(V2, &[image(&all_bytes)])).unwrap();
    assert!(wrong_kind.find(&digests("a.dll", &plain)).is_none());
    let whole = read(&signed(V1, &[flat(DigestAlgorithm::Sha256, &plain)])).unwrap();
    let found = whole.find(&digests("a.dll", &plain)).unwrap();
    assert_eq!(found.by, By::WholeImage);
}

#[test]
fn an_image_of_odd_length_is_found_with_and_without_padding_and_said() {
    let mut odd = Image::default().build();
    odd.extend(b"tail!");
    let unpadded = crate::support::pe::digest(&odd, DigestAlgorithm::Sha256);
    let mut even = odd.clone();
    even.resize(odd.len().next_multiple_of(8), 0);
    let padded = crate::support::pe::digest(&even, DigestAlgorithm::Sha256);
    assert_ne!(unpadded, padded);
    for (digest, by) in [(unpadded, By::Image), (padded, By::PaddedImage)] {
        let catalog = read(&signed(V2, &[image(&digest)])).unwrap();
        let found = catalog.find(&digests("a.dll", &odd)).unwrap();
        assert_eq!(found.by, by);
        let ids: Vec<&str> = catalog::applied(2, "a.cat", &judged(&signed(V2, &[])), &found)[0]
            .findings
            .iter()
            .map(|f| f.definition.id)
            .collect();
        assert_eq!(
            ids.contains(&"catalog-digest-padded"),
            by == By::PaddedImage
        );
    }
}

fn judged(cat: &[u8]) -> Vec<Signature> {
    bench().judge_named("a.cat", cat).unwrap().signatures
}

#[test]
fn what_the_catalogs_signature_is_worth_is_what_the_file_gets() {
    let text = b"text";
    let mut cat = signed(V1, &[flat(DigestAlgorithm::Sha256, text)]);
    let files = digests("t.txt", text);
    let good = judged(&cat);
    assert_eq!(good[0].integrity, Integrity::Valid);
    assert_eq!(good[0].trust.status, TrustStatus::Trusted);
    let catalog = read(&cat).unwrap();
    let found = catalog.find(&files).unwrap();
    let applied = catalog::applied(3, "a.cat", &good, &found);
    assert_eq!(applied.len(), 1);
    assert_eq!(applied[0].id.0, "3");
    assert_eq!(applied[0].position, Position::Catalog("a.cat".into()));
    assert_eq!(applied[0].integrity, Integrity::Valid);
    assert_eq!(
        applied[0].signed_digest,
        hash(DigestAlgorithm::Sha256, text).unwrap()
    );
    assert_eq!(applied[0].digest_algorithm, Some(DigestAlgorithm::Sha256));

    // The name of the member, which only the catalog's signature covers.
    let at = cat.windows(2).position(|w| w == b"s\0").unwrap();
    cat[at] = b't';
    let bad = judged(&cat);
    let catalog = read(&cat).unwrap();
    let found = catalog.find(&files).unwrap();
    let applied = catalog::applied(1, "a.cat", &bad, &found);
    assert!(matches!(applied[0].integrity, Integrity::Invalid(_)));
}

#[test]
fn a_catalog_is_never_looked_up_in_another() {
    let inner = signed(V1, &[flat(DigestAlgorithm::Sha256, b"x")]);
    let outer = read(&signed(V1, &[flat(DigestAlgorithm::Sha256, &inner)])).unwrap();
    assert!(outer.find(&digests("inner.cat", &inner)).is_none());
}

#[test]
fn lists_for_another_use_are_no_catalogs_and_broken_ones_vouch_for_nothing() {
    let member = flat(DigestAlgorithm::Sha256, b"x");
    let signing = Signing::by(&PKI.leaf);
    let roots = signing.over(
        LIST,
        &list(V1, "1.3.6.1.4.1.311.10.3.9", std::slice::from_ref(&member)),
    );
    assert_eq!(read(&roots), None);
    let twice = der::sequence(&[der::octets(&[1; 20]), der::set(&[]), der::null()]);
    let broken = signed(V1, &[member, twice]);
    assert_eq!(read(&broken), None);
    assert!(
        matches!(&judged(&broken)[0].integrity, Integrity::Invalid(why) if why == &["malformed-signature"])
    );
    let empty = read(&signed(V1, &[])).unwrap();
    assert!(empty.find(&digests("x", b"x")).is_none());
    assert!(empty.find(&FileDigests::default()).is_none());
}

#[test]
fn the_report_of_a_catalog_says_what_it_lists() {
    let members: Vec<Vec<u8>> = (0..9u8)
        .map(|n| flat(DigestAlgorithm::Sha256, &[n]))
        .collect();
    let signatures = judged(&signed(V1, &members));
    let listed = signatures[0]
        .findings
        .iter()
        .find(|f| f.definition.id == "catalog-members");
    let message = &listed.unwrap().message;
    assert_eq!(
        message,
        "the catalog lists 9 files: some.inf, some.inf, some.inf, some.inf, some.inf …"
    );
}

#[test]
fn no_bit_of_a_catalog_is_free_where_its_signature_reaches() {
    let cat = signed(V1, &[flat(DigestAlgorithm::Sha256, b"x")]);
    let cms = bonafide::envelope::cms::read(&cat).unwrap();
    let free = &cms.signers[0].unsigned_attributes[0].span;
    let known: Vec<&str> = bench()
        .judge_named("a.cat", &cat)
        .unwrap()
        .ids()
        .into_iter()
        .collect();
    let bench = bench();
    let mut accepted = 0;
    for at in (0..cat.len()).filter(|at| !free.contains(at)) {
        let mut mutant = cat.clone();
        mutant[at] ^= 1 << (at % 8);
        let held = mutant.clone();
        if detect(&Sniff::of(&held)).is_none() {
            continue;
        }
        let judged = bench.judge_named("a.cat", &mutant).unwrap();
        if judged.is_valid() {
            let new = judged.ids().into_iter().any(|id| !known.contains(&id));
            assert!(new, "accepted in silence at {at}");
            accepted += 1;
        }
    }
    assert!(accepted < 8, "{accepted}");
}

mod suite {
    use super::*;

    /// signify's catalogs and files.
    fn with(name: &str, file: &[u8], cat: &str) -> Option<Signature> {
        let folder = corpus("windows/signify").unwrap();
        let cat = bytes(&folder.join(cat));
        let catalog = read(&cat).expect("a catalog");
        let found = catalog.find(&digests(name, file))?;
        let judged = Bench::at("2026-11-25T00:00:00Z").judge_named("a.cat", &cat);
        let signatures = judged.unwrap().signatures;
        catalog::applied(1, "a.cat", &signatures, &found)
            .into_iter()
            .next()
    }

    const DXCORE: &str = "115fe8649854ad531fb7ecd1318fbee6b33c9cbd78f02ed582092a96d5eb5899.cat";

    #[test]
    fn signifys_files_are_signed_by_their_catalogs_and_by_no_other() {
        let Some(folder) = corpus("windows/signify") else {
            return;
        };
        let inf = bytes(&folder.join("amdacpbtscoext.inf"));
        let signed = with("amdacpbtscoext.inf", &inf, "oem89.cat").expect("listed");
        assert_eq!(signed.integrity, Integrity::Valid);
        assert_eq!(
            signed.trust.status,
            TrustStatus::Trusted,
            "{}",
            signed.trust.reason
        );
        assert!(with("amdacpbtscoext.inf", &inf, DXCORE).is_none());
        let mut changed = inf;
        changed[1024] = 3;
        assert!(with("amdacpbtscoext.inf", &changed, "oem89.cat").is_none());

        let dll = bytes(&folder.join("DXCore.dll"));
        let signed = with("DXCore.dll", &dll, DXCORE).expect("listed");
        assert_eq!(signed.integrity, Integrity::Valid);
        assert_eq!(
            signed.trust.status,
            TrustStatus::Trusted,
            "{}",
            signed.trust.reason
        );
        assert_eq!(signed.digest_algorithm, Some(DigestAlgorithm::Sha256));
        assert!(with("DXCore.dll", &dll, "oem89.cat").is_none());
    }

    #[test]
    fn signifys_catalogs_have_their_members_and_verdicts() {
        let Some(folder) = corpus("windows/signify") else {
            return;
        };
        let bench = Bench::at("2026-11-25T00:00:00Z");
        for (name, members, valid) in [
            ("oem89.cat", 1, true),
            (DXCORE, 20, true),
            ("catfiletest.cat", 1, false),
        ] {
            let cat = bytes(&folder.join(name));
            let catalog = read(&cat).unwrap();
            assert_eq!(
                (catalog.members.len(), catalog.unread),
                (members, 0),
                "{name}"
            );
            let judged = bench.judge_named(name, &cat).unwrap();
            assert_eq!(judged.is_valid(), valid, "{name}: {}", judged.shown());
        }
        let mut changed = bytes(&folder.join("oem89.cat"));
        changed[1024] = 3;
        assert!(!bench.judge_named("oem89.cat", &changed).unwrap().is_valid());
    }
}
