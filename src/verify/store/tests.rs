use std::borrow::Cow;

use super::ctl::{Date, Properties, Subject, TrustList};
use super::disallowed::Disallowed;
use super::sequence::Sequence;
use super::table::{Entry, Table, write};
use super::uefi::Verdict;
use super::{Source, StoreError, TrustStore, kernel, legacy, user, windows};
use crate::base::oid::Oid;
use crate::base::time::{Time, parse_rfc3339};
use crate::model::certificate::SharedCertificate;
use crate::model::digest::DigestAlgorithm;
use crate::model::signature::{Trust, TrustStatus};
use crate::verify::digest::hash;
use crate::verify::path::{Anchor, Anchors, Issuers, Purpose};
use crate::verify::profile::Profile;

const CODE: &str = "1.3.6.1.5.5.7.3.3";
const TIME: &str = "1.3.6.1.5.5.7.3.8";

fn at(text: &str) -> Time {
    parse_rfc3339(text).unwrap()
}

fn date(text: &str) -> Date {
    Date::At(at(text))
}

fn oids(dotted: &[&str]) -> Option<Vec<Oid>> {
    Some(dotted.iter().map(|o| Oid::parse(o).unwrap()).collect())
}

/// Judged for code signing: the fault, or nothing.
fn fault(root: &Properties, issued: &str, judged: &str) -> Option<&'static str> {
    windows::admit(root, at(issued), Purpose::CodeSigning, at(judged), true)
        .err()
        .map(|r| r.fault)
}

#[test]
fn a_usage_the_list_leaves_out_is_refused_whatever_the_timestamp() {
    let root = Properties {
        usages: oids(&[TIME]),
        ..Properties::default()
    };
    assert_eq!(
        fault(&root, "2010-01-01", "2010-02-01"),
        Some("root-not-for-code-signing")
    );
    let stamped = windows::admit(
        &root,
        at("2010-01-01"),
        Purpose::TimeStamping,
        at("2010-02-01"),
        true,
    );
    assert_eq!(stamped, Ok(()));
    let none = Properties {
        usages: Some(Vec::new()),
        ..Properties::default()
    };
    assert!(
        fault(&none, "2010-01-01", "2010-02-01").is_some(),
        "an empty list allows nothing"
    );
    assert_eq!(
        fault(&Properties::default(), "2010-01-01", "2010-02-01"),
        None
    );
}

#[test]
fn not_before_compares_the_leafs_issue_date_and_not_the_time_it_is_judged_at() {
    let root = Properties {
        not_before: date("2020-06-01"),
        ..Properties::default()
    };
    assert_eq!(fault(&root, "2020-05-31T23:59:59Z", "2026-01-01"), None);
    assert_eq!(
        fault(&root, "2020-06-01", "2020-06-01"),
        Some("root-not-before")
    );
}

#[test]
fn not_before_for_listed_usages_leaves_the_others_alone() {
    let root = |usages| Properties {
        not_before: date("2020-06-01"),
        not_before_usages: oids(usages),
        ..Properties::default()
    };
    assert_eq!(fault(&root(&[TIME]), "2024-01-01", "2024-02-01"), None);
    assert_eq!(
        fault(&root(&[CODE, TIME]), "2024-01-01", "2024-02-01"),
        Some("root-not-before")
    );
    assert_eq!(fault(&root(&[CODE]), "2019-01-01", "2024-02-01"), None);
}

#[test]
fn usages_without_a_date_are_refused_always() {
    let not_before = Properties {
        not_before_usages: oids(&[CODE]),
        ..Properties::default()
    };
    assert_eq!(
        fault(&not_before, "1999-01-01", "1999-02-01"),
        Some("root-not-before")
    );
    let disallowed = Properties {
        disallowed_usages: oids(&[CODE]),
        ..Properties::default()
    };
    assert_eq!(
        fault(&disallowed, "1999-01-01", "1999-02-01"),
        Some("root-disallowed")
    );
}

#[test]
fn disallowed_spares_what_was_timestamped_before_its_date() {
    let root = Properties {
        disallowed: date("2023-02-01"),
        ..Properties::default()
    };
    assert_eq!(fault(&root, "2022-01-01", "2023-01-31T23:59:59Z"), None);
    assert_eq!(
        fault(&root, "2022-01-01", "2023-02-01"),
        Some("root-disallowed")
    );
    let refusal = windows::admit(
        &root,
        at("2022-01-01"),
        Purpose::CodeSigning,
        at("2026-01-01"),
        false,
    );
    let refusal = refusal.unwrap_err();
    assert_eq!(refusal.status, TrustStatus::Distrusted);
    assert!(
        refusal.reason.contains("2023-02-01") && refusal.reason.contains("for want of a timestamp")
    );
    let scoped = Properties {
        disallowed_usages: oids(&[TIME]),
        ..root
    };
    assert_eq!(fault(&scoped, "2022-01-01", "2026-01-01"), None);
}

#[test]
fn a_date_that_was_taken_back_limits_nothing() {
    let root = Properties {
        not_before: Date::Cleared,
        disallowed: Date::Cleared,
        ..Properties::default()
    };
    assert_eq!(fault(&root, "2026-01-01", "2026-02-01"), None);
}

#[test]
fn properties_survive_the_index() {
    let properties = Properties {
        usages: Some(Vec::new()),
        name: "a\tb\nc".to_owned(),
        disallowed: Date::Cleared,
        not_before: date("2020-06-01"),
        not_before_usages: oids(&[CODE, TIME]),
        ev_policies: oids(&["2.23.140.1.3"]).unwrap(),
        ..Properties::default()
    };
    let entry = Entry {
        der: vec![1, 2, 3],
        sha1: [0; 20],
        subject: vec![4],
        name: properties.name.clone(),
        more: windows::columns(&properties),
    };
    let (text, der) = write(&[], &windows::COLUMNS, vec![entry]);
    let table = Table::open(Cow::Owned(text), Cow::Owned(der), &windows::COLUMNS).unwrap();
    let read = windows::properties(&table, 0).unwrap();
    assert_eq!(read.name, "a b c");
    assert_eq!(
        Properties {
            name: properties.name.clone(),
            sha256: None,
            ..read
        },
        properties
    );
}

#[test]
fn a_broken_index_is_an_error_and_never_a_smaller_store() {
    let entry = |byte| Entry {
        der: vec![byte],
        sha1: [0; 20],
        subject: vec![byte],
        name: String::new(),
        more: vec!["-".to_owned()],
    };
    let (text, der) = write(&[], &["expires"], vec![entry(1), entry(2)]);
    let open = |text: &str, der: &[u8]| {
        Table::open(
            Cow::Owned(text.to_owned()),
            Cow::Owned(der.to_vec()),
            &["expires"],
        )
    };
    assert_eq!(open(&text, &der).unwrap().len(), 2);
    let lines: Vec<&str> = text.lines().collect();
    let swapped = format!(
        "{}\n{}\n{}\n{}",
        lines[..3].join("\n"),
        lines[4],
        lines[3],
        ""
    );
    for (text, der) in [
        (text.clone(), der[..1].to_vec()),
        (text.replace("expires", "ends"), der.clone()),
        (swapped, der.clone()),
        (text[..text.len() - 90].to_owned(), der.clone()),
        (format!("{text}{}\n", lines[4]), der.clone()),
    ] {
        assert!(open(&text, &der).is_err(), "{text}");
    }
}

#[test]
fn a_certificate_that_is_not_the_indexed_one_is_not_found() {
    let store = TrustStore::bundled();
    let legacy = store.legacy();
    let mut der: Vec<u8> = (0..legacy.len())
        .flat_map(|r| legacy.der(r).unwrap().to_vec())
        .collect();
    let flipped = der.len() - 1;
    der[flipped] ^= 1;
    let text = include_str!(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/trust-roots/windows/legacy.tsv"
    ));
    let torn = Table::open(Cow::Borrowed(text), Cow::Owned(der), &legacy::COLUMNS).unwrap();
    assert_eq!(torn.check(), Err(StoreError::Mismatch));
    let last = torn.len() - 1;
    assert!(torn.certificate(last).is_none());
    assert!(torn.certificate(0).is_some());
}

#[test]
fn every_table_compiled_in_opens_and_holds_what_its_index_says() {
    let store = TrustStore::bundled();
    let lists = store.uefi();
    for (table, count) in [
        (store.windows(), 555),
        (store.legacy(), 12),
        (store.intermediates(), 47),
        (store.cross(), 30),
        (&lists.certificates, 8),
    ] {
        assert_eq!(table.len(), count);
        table.check().unwrap();
        for row in 0..table.len() {
            let certificate = table.certificate(row).unwrap();
            assert!(table.with_subject(&certificate.subject).any(|r| r == row));
            assert_eq!(table.find(&certificate.id), Some(row));
        }
    }
    for row in 0..555 {
        assert!(
            windows::properties(store.windows(), row).is_some(),
            "row {row}"
        );
    }
}

#[test]
fn an_imported_bundle_that_is_torn_is_refused() {
    let text = include_str!(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/trust-roots/windows/roots.tsv"
    ));
    let der = include_bytes!(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/trust-roots/windows/roots.der"
    ));
    let load = |index: &str, certificates: &[u8]| {
        TrustStore::load(Source::Imported {
            index: index.to_owned(),
            certificates: certificates.to_vec(),
        })
    };
    let good = load(text, der).unwrap();
    assert!(good.bundle().unwrap().imported);
    assert_eq!(good.bundle().unwrap().count, 555);
    assert!(load(text, &der[..der.len() - 1]).is_err());
    let mut flipped = der.to_vec();
    flipped[1000] ^= 1;
    assert_eq!(load(text, &flipped).unwrap_err(), StoreError::Mismatch);
    assert!(load(&text.replace("# sequence", "# number"), der).is_err());
    let cut = text.trim_end().rsplit_once('\n').unwrap().0;
    assert_eq!(load(cut, der).unwrap_err(), StoreError::Mismatch);
    assert!(load("", &[]).is_err(), "an empty bundle is no bundle");
}

#[test]
fn the_sequence_is_a_number_of_any_size() {
    let parse = |t| Sequence::parse(t).unwrap();
    assert_eq!(
        parse("369069254185348696597").to_string(),
        "369069254185348696597"
    );
    assert!(parse("369069254185348696597") > parse("369069254185348696596"));
    assert!(parse("100000000000000000000") > parse("99999999999999999999"));
    assert!(parse("0") < parse("1"));
    assert_eq!(parse("000").to_string(), "0");
    assert!(
        Sequence::parse("").is_none()
            && Sequence::parse("-1").is_none()
            && Sequence::parse("1a").is_none()
    );
}

#[test]
fn a_bundle_is_stale_after_ninety_days() {
    let info = TrustStore::bundled().bundle().unwrap();
    assert_eq!(info.stale_days(at("2027-01-21")), None);
    assert_eq!(
        info.stale_days(at("2027-01-22")),
        None,
        "89 whole days and some hours"
    );
    assert_eq!(info.stale_days(at("2027-02-01")), Some(100));
    assert_eq!(info.stale_days(at("2020-01-01")), None);
}

#[test]
fn user_anchors_have_a_programme_of_their_own_and_stand_in_every_profile() {
    let store = TrustStore::bundled();
    let der = store.uefi().certificates.der(0).unwrap().to_vec();
    let mine = user::read(&der).unwrap();
    let id = mine[0].id;
    let subject = mine[0].subject.clone();
    let store = TrustStore::bundled()
        .with_user(mine.clone())
        .with_user(mine);
    assert_eq!(store.user_anchors(), 1);
    for profile in Profile::ALL {
        let anchors = store.anchors(profile);
        let anchor = anchors.get(&id).unwrap();
        assert_eq!(anchor.programme, "user");
        assert!(
            anchors
                .issued_by(&subject)
                .iter()
                .any(|a| a.programme == "user")
        );
    }
    assert!(
        TrustStore::bundled()
            .anchors(Profile::Windows)
            .get(&id)
            .is_none()
    );
}

#[test]
fn files_of_anchors_read_as_pem_and_der_and_nothing_else() {
    let der = include_bytes!(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/trust-roots/windows/roots.der"
    ));
    assert_eq!(user::read(&der[..916]).unwrap().len(), 1);
    assert!(user::read(&der[..917]).is_err());
    for bad in [
        &b""[..],
        b"not a certificate",
        b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
        b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
    ] {
        assert!(user::read(bad).is_err());
    }
}

#[test]
fn a_cross_certificate_carries_only_drivers_of_its_time() {
    let store = TrustStore::bundled();
    let cross = store.cross();
    let row = (0..cross.len())
        .find(|r| cross.name(*r) == "DigiCert Assured ID Root CA")
        .unwrap();
    let certificate = cross.certificate(row).unwrap();
    let leaf = |issued| {
        let mut leaf = (*certificate).clone();
        leaf.not_before = at(issued);
        leaf
    };
    let judge = |issued, judged| {
        kernel::admit_cross(&certificate, &leaf(issued), at(judged)).map_err(|r| r.fault)
    };
    assert_eq!(judge("2015-07-28", "2016-01-01"), Ok(()));
    assert_eq!(
        judge("2015-07-29", "2016-01-01"),
        Err("kernel-cross-signed-too-late")
    );
    assert_eq!(
        judge("2015-01-01", "2021-04-16"),
        Err("cross-certificate-expired")
    );
}

#[test]
fn issuing_authorities_are_found_by_subject() {
    let store = TrustStore::bundled();
    let table = store.intermediates();
    let one = table.certificate(0).unwrap();
    assert!(
        Issuers::issued_by(&store, &one.subject)
            .iter()
            .any(|c| c.id == one.id)
    );
    let mut other = one.subject.clone();
    other.raw.push(0);
    assert!(Issuers::issued_by(&store, &other).is_empty());
}

/// A trust verdict with this chain.
fn trust(status: TrustStatus, chain: Vec<SharedCertificate>) -> Trust {
    Trust {
        status,
        programme: "uefi".to_owned(),
        root: chain.last().map(|c| c.id),
        reason: "as the test says".to_owned(),
        faults: Vec::new(),
        chain,
        paths_tried: 1,
    }
}

/// A certificate of Microsoft's Secure Boot lists.
fn secure_boot(store: &TrustStore, name: &str) -> SharedCertificate {
    let table = &store.uefi().certificates;
    let row = (0..table.len()).find(|r| table.name(*r) == name).unwrap();
    table.certificate(row).unwrap()
}

#[test]
fn an_image_starts_only_if_a_signature_reaches_db_and_nothing_is_in_dbx() {
    let store = TrustStore::bundled();
    let good = secure_boot(&store, "Microsoft UEFI CA 2023");
    let revoked = secure_boot(&store, "Microsoft Windows Production PCA 2011");
    let kek = secure_boot(&store, "Microsoft Corporation KEK CA 2011");
    let trusted =
        |c: &SharedCertificate| trust(TrustStatus::Trusted, vec![SharedCertificate::clone(c)]);
    let judge = |signatures: &[&Trust]| store.uefi_verdict(&[7; 32], signatures);

    assert_eq!(
        judge(&[&trusted(&good)]),
        Verdict::Allowed { root: good.id }
    );
    assert!(
        matches!(judge(&[]), Verdict::NotTrusted(_)),
        "no signature is no permission"
    );
    assert!(
        matches!(judge(&[&trusted(&kek)]), Verdict::NotTrusted(_)),
        "KEK signs lists, not images"
    );
    for order in [[&good, &revoked], [&revoked, &good]] {
        let signatures = order.map(trusted);
        let verdict = judge(&[&signatures[0], &signatures[1]]);
        assert!(
            matches!(verdict, Verdict::Forbidden(_)),
            "one revoked signature forbids the image"
        );
        assert!(verdict.finding().is_some());
    }
    let unknown = trust(TrustStatus::Unknown, Vec::new());
    assert!(matches!(judge(&[&unknown]), Verdict::Unknown(_)));
    let untrusted = trust(
        TrustStatus::Untrusted,
        vec![SharedCertificate::clone(&good)],
    );
    assert!(matches!(judge(&[&untrusted]), Verdict::NotTrusted(_)));

    let listed = "80b4d96931bf0d02fd91a61e19d14f1da452e66db2408ca8604d411f92659f0a";
    let listed = super::table::unhex(listed).unwrap();
    let verdict = store.uefi_verdict(&listed, &[&trusted(&good)]);
    assert!(matches!(verdict, Verdict::Forbidden(_)));
    assert_eq!(store.forbidden_image(&listed).unwrap().architecture, "x64");
}

#[test]
fn the_rules_of_each_programme_answer_for_its_own_anchors() {
    let store = TrustStore::bundled();
    let revoked = secure_boot(&store, "Microsoft Windows Production PCA 2011");
    let uefi = store.anchors(Profile::Uefi);
    assert!(uefi.disallowed(&revoked).is_some());
    assert!(
        store
            .anchors(Profile::Windows)
            .disallowed(&revoked)
            .is_none()
    );
    let db = uefi.get(&revoked.id).unwrap();
    assert_eq!(db.programme, "uefi");
    // An anchor of one programme has no standing in another.
    let foreign = Anchor {
        programme: "windows",
        ..db
    };
    let refusal = uefi.admits(
        &foreign,
        &revoked,
        Purpose::CodeSigning,
        at("2026-01-01"),
        false,
    );
    assert_eq!(refusal.unwrap_err().fault, "root-not-listed");
}

#[test]
fn cross_certificates_are_recognised_among_those_that_came_with_a_signature() {
    let store = TrustStore::bundled();
    let cross = store.cross().certificate(0).unwrap();
    let other = store.intermediates().certificate(0).unwrap();
    let notes = store.notes(&[other, cross]);
    assert_eq!(notes.len(), 1);
    assert_eq!(notes[0].definition.id, "kernel-cross-signed");
}

#[test]
fn the_disallowed_list_matches_certificates_signed_parts_and_keys() {
    let store = TrustStore::bundled();
    let one = store.intermediates().certificate(0).unwrap();
    let other = store.intermediates().certificate(1).unwrap();
    let list = |algorithm: &str, identifier: Vec<u8>| {
        Disallowed::new(&TrustList {
            usage: Vec::new(),
            identifier: None,
            sequence: None,
            this_update: at("2026-01-01"),
            next_update: None,
            subject_algorithm: Oid::parse(algorithm).unwrap(),
            subjects: vec![Subject {
                identifier,
                properties: Properties::default(),
            }],
            extensions: Vec::new(),
        })
    };
    let signed = hash(DigestAlgorithm::Sha256, one.tbs()).unwrap();
    for disallowed in [
        list("1.3.14.3.2.26", one.sha1.to_vec()),
        list("2.16.840.1.101.3.4.2.1", one.id.0.to_vec()),
        list("1.3.6.1.4.1.311.10.11.15", signed),
    ] {
        assert!(disallowed.check(&one).is_some());
        assert!(disallowed.check(&other).is_none());
        assert!(disallowed.is_present());
    }
    assert!(!store.disallowed_list().is_present());
    let empty = list("1.3.14.3.2.26", vec![0; 20]);
    let with = TrustStore::bundled().with_disallowed(empty);
    assert!(with.anchors(Profile::Windows).disallowed(&one).is_none());
}

#[test]
fn the_kernel_takes_microsofts_own_roots_and_the_pinned_cross_certificates_only() {
    let store = TrustStore::bundled();
    let kernel = store.anchors(Profile::Kernel);
    let windows = store.windows();
    let taken = (0..windows.len())
        .filter(|row| kernel.get(&windows.id(*row).unwrap()).unwrap().programme == "kernel")
        .map(|row| windows.name(row))
        .collect::<std::collections::BTreeSet<_>>();
    let expected = [
        "Microsoft Root Authority",
        "Microsoft Root Certificate Authority",
        "Microsoft Root Certificate Authority 2010",
        "Microsoft Root Certificate Authority 2011",
    ];
    assert_eq!(taken, expected.into_iter().collect());
    let cross = store.cross().certificate(0).unwrap();
    assert_eq!(kernel.get(&cross.id).unwrap().programme, "kernel");
    // An ordinary root vouches for timestamps under this policy, and for nothing else.
    let row = (0..windows.len())
        .find(|r| windows.name(*r) == "DigiCert Trusted Root G4")
        .unwrap();
    let ordinary = kernel.get(&windows.id(row).unwrap()).unwrap();
    let judge = |purpose| {
        kernel.admits(
            &ordinary,
            &ordinary.certificate,
            purpose,
            at("2024-01-01"),
            true,
        )
    };
    assert_eq!(judge(Purpose::TimeStamping), Ok(()));
    assert_eq!(
        judge(Purpose::CodeSigning).unwrap_err().fault,
        "root-not-listed"
    );
    assert!(store.anchors(Profile::Windows).get(&cross.id).is_none());
}

#[test]
fn a_withdrawn_root_that_windows_keeps_answers_by_its_own_reason() {
    let store = TrustStore::bundled();
    let legacy = store.legacy();
    let row = (0..legacy.len())
        .find(|r| legacy.name(*r) == "Microsoft Root Certificate Authority")
        .unwrap();
    let root = legacy.certificate(row).unwrap();
    let windows = store.anchors(Profile::Windows);
    let anchors = windows.issued_by(&root.subject);
    let programmes: Vec<_> = anchors.iter().map(|a| a.programme).collect();
    assert_eq!(programmes, ["windows", "windows-legacy"]);
    let leaf = |issued| {
        let mut leaf = (*root).clone();
        leaf.not_before = at(issued);
        leaf
    };
    let fault = |anchor: &Anchor, issued| {
        let judged = windows.admits(
            anchor,
            &leaf(issued),
            Purpose::CodeSigning,
            at("2018-02-01"),
            true,
        );
        judged.err().map(|r| r.fault)
    };
    assert_eq!(fault(&anchors[0], "2017-08-11"), Some("root-not-before"));
    assert_eq!(fault(&anchors[1], "2017-08-11"), None);
    assert_eq!(
        fault(&anchors[1], "2021-05-10"),
        Some("root-not-before"),
        "past its own end"
    );
    // On record only: no anchor.
    let row = (0..legacy.len())
        .find(|r| legacy.more(*r, 0) == Some("named"))
        .unwrap();
    assert!(windows.get(&legacy.id(row).unwrap()).is_none());
}
