//! Trust roots: the shipped tables against what they were made from, and the import of root lists.

use std::path::PathBuf;

use bonafide::base::oid::Oid;
use bonafide::base::time::rfc3339;
use bonafide::verify::profile::Profile;
use bonafide::verify::store::ctl::{Date, TrustList};
use bonafide::verify::store::import::{self, ImportError, Removals};
use bonafide::verify::store::{Source, TrustStore};

const CODE_SIGNING: &str = "1.3.6.1.5.5.7.3.3";
const TIME_STAMPING: &str = "1.3.6.1.5.5.7.3.8";

fn shipped(name: &str) -> Vec<u8> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("trust-roots")
        .join(name);
    read(&path)
}

fn read(path: &PathBuf) -> Vec<u8> {
    std::fs::read(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

fn root_list() -> TrustList {
    import::verified(&shipped("windows/authroot.stl"), &TrustStore::bundled()).unwrap()
}

/// A store of the first `count` of the shipped roots, as an older import would have left it.
fn older(sequence: &str, without: usize) -> TrustStore {
    let index = String::from_utf8(shipped("windows/roots.tsv")).unwrap();
    let rows = index.lines().filter(|l| !l.starts_with('#')).count() - 1;
    let index: Vec<String> = index
        .lines()
        .enumerate()
        .filter(|(n, l)| l.starts_with('#') || *n < 7 + rows - without)
        .map(|(_, l)| {
            if l.starts_with("# sequence") {
                format!("# sequence: {sequence}")
            } else if l.starts_with("# rows") {
                format!("# rows: {}", rows - without)
            } else {
                l.to_owned()
            }
        })
        .collect();
    TrustStore::load(Source::Imported {
        index: index.join("\n"),
        certificates: shipped("windows/roots.der"),
    })
    .unwrap()
}

#[test]
fn the_shipped_root_list_is_signed_by_microsoft_and_says_what_was_measured() {
    let list = root_list();
    let has = |usages: &Option<Vec<Oid>>, usage: &str| {
        usages
            .as_ref()
            .is_some_and(|u| u.contains(&Oid::parse(usage).unwrap()))
    };
    let count = |f: &dyn Fn(&bonafide::verify::store::ctl::Properties) -> bool| {
        list.subjects.iter().filter(|s| f(&s.properties)).count()
    };
    assert_eq!(
        list.sequence.as_ref().unwrap().to_string(),
        "369069254185348696597"
    );
    assert_eq!(rfc3339(list.this_update), "2026-10-23T23:18:35Z");
    assert_eq!(list.next_update, None);
    assert_eq!(list.subjects.len(), 555);
    assert_eq!(count(&|p| p.usages.is_some()), 549);
    assert_eq!(count(&|p| has(&p.usages, CODE_SIGNING)), 304);
    assert_eq!(count(&|p| has(&p.usages, TIME_STAMPING)), 326);
    assert_eq!(count(&|p| p.not_before.at().is_some()), 296);
    assert_eq!(count(&|p| p.not_before_usages.is_some()), 166);
    assert_eq!(count(&|p| has(&p.not_before_usages, CODE_SIGNING)), 111);
    assert_eq!(count(&|p| p.disallowed.at().is_some()), 205);
    assert_eq!(count(&|p| p.disallowed_usages.is_some()), 27);
    assert_eq!(count(&|p| p.chain_policies.is_some()), 8);
    assert_eq!(
        count(&|p| p.not_before == Date::Cleared || p.disallowed == Date::Cleared),
        8
    );
    assert!(list.subjects.iter().all(|s| s.properties.sha256.is_some()));
}

#[test]
fn no_changed_byte_of_the_list_passes() {
    let list = shipped("windows/authroot.stl");
    let store = TrustStore::bundled();
    // Every part of the file: wrapper, content, certificates, signed attributes, signature.
    let step = 997;
    for at in (0..list.len())
        .step_by(step)
        .chain([list.len() - 1, list.len() - 300])
    {
        let mut changed = list.clone();
        changed[at] ^= 1;
        if let Ok(read) = import::verified(&changed, &store) {
            // The certificates beside the signer's own path are not signed by the list; nothing else may differ.
            assert_eq!(read, root_list(), "byte {at}");
        }
    }
    for length in [0, 1, 100, list.len() - 1] {
        assert!(import::verified(&list[..length], &store).is_err());
    }
    let mut longer = list;
    longer.push(0);
    assert!(matches!(
        import::verified(&longer, &store),
        Err(ImportError::Malformed(_))
    ));
}

#[test]
fn the_shipped_index_is_what_the_importer_makes_of_the_shipped_list() {
    let list = shipped("windows/authroot.stl");
    let der = shipped("windows/roots.der");
    let built = import::build(&list, &root_list(), &certificates(&der)).unwrap();
    assert_eq!(built.missing, []);
    assert_eq!(built.certificates, der);
    if std::env::var_os("SNAPSHOTS").is_some_and(|mode| mode == "overwrite") {
        let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("trust-roots/windows/roots.tsv");
        std::fs::write(path, &built.index).unwrap();
    }
    let index = String::from_utf8(shipped("windows/roots.tsv")).unwrap();
    for (ours, theirs) in built.index.lines().zip(index.lines()) {
        assert_eq!(ours, theirs);
    }
    assert_eq!(built.index, index);
}

/// Certificates one after the other.
fn certificates(der: &[u8]) -> Vec<Vec<u8>> {
    let mut reader = bonafide::base::der::Reader::der(der);
    let mut found = Vec::new();
    while !reader.is_empty() {
        found.push(reader.any().unwrap().raw.to_vec());
    }
    found
}

#[test]
fn a_list_that_is_not_newer_is_refused() {
    let list = shipped("windows/authroot.stl");
    let refused = import::import(&list, &[], &TrustStore::bundled(), Removals::Accept);
    assert!(
        matches!(refused, Err(ImportError::NotNewer { .. })),
        "{refused:?}"
    );
    let later = older("369069254185348696598", 0);
    let refused = import::import(&list, &[], &later, Removals::Accept);
    assert!(matches!(refused, Err(ImportError::NotNewer { .. })));
}

#[test]
fn an_import_says_what_it_adds_and_reproduces_the_shipped_files() {
    let list = shipped("windows/authroot.stl");
    let all = certificates(&shipped("windows/roots.der"));
    let current = older("369069254185348696596", 5);
    let plan = import::import(&list, &all, &current, Removals::Refuse).unwrap();
    assert_eq!(
        (plan.added.len(), plan.removed.len(), plan.changed.len()),
        (5, 0, 0)
    );
    assert_eq!(plan.missing, []);
    for (name, bytes) in &plan.files {
        assert!(*bytes == shipped(&format!("windows/{name}")), "{name}");
    }
    assert!(plan.text().contains("5 added, 0 removed"));
    // Without the new certificates the five are named as missing, and are not trusted.
    let plan = import::import(&list, &[], &current, Removals::Refuse).unwrap();
    assert_eq!((plan.added.len(), plan.missing.len()), (0, 5));
    assert!(plan.text().contains("\n? "));
}

#[test]
fn roots_never_disappear_silently() {
    let list = shipped("windows/authroot.stl");
    // A store in force that holds one root more than the list: a certificate of another table takes the place.
    let index = String::from_utf8(shipped("windows/roots.tsv")).unwrap();
    let extra = String::from_utf8(shipped("windows/intermediates.tsv")).unwrap();
    let row: Vec<&str> = extra.lines().last().unwrap().split('\t').collect();
    let mut der = shipped("windows/roots.der");
    let start = der.len();
    let (offset, length): (usize, usize) = (row[3].parse().unwrap(), row[4].parse().unwrap());
    der.extend_from_slice(&shipped("windows/intermediates.der")[offset..offset + length]);
    let line = format!(
        "{}\t{}\t{}\t{start}\t{length}\tdropped root\t-\t-\t-\t-\t-\t-\t-",
        row[0], row[1], row[2]
    );
    let mut head: Vec<String> = index.lines().take(6).map(str::to_owned).collect();
    let mut rows: Vec<String> = index.lines().skip(7).map(str::to_owned).collect();
    rows.push(line);
    rows.sort();
    for fact in &mut head {
        if fact.starts_with("# sequence") {
            *fact = "# sequence: 1".to_owned();
        } else if fact.starts_with("# rows") {
            *fact = format!("# rows: {}", rows.len());
        } else if fact.starts_with("# certificates-sha256") {
            use sha2::Digest as _;
            *fact = format!(
                "# certificates-sha256: {}",
                bonafide::model::digest::hex(&sha2::Sha256::digest(&der))
            );
        }
    }
    let columns = index.lines().nth(6).unwrap();
    let text = format!("{}\n{columns}\n{}\n", head.join("\n"), rows.join("\n"));
    let current = TrustStore::load(Source::Imported {
        index: text,
        certificates: der,
    })
    .unwrap();
    match import::import(&list, &[], &current, Removals::Refuse) {
        Err(ImportError::Shrinks(names)) => {
            assert_eq!(names.len(), 1);
            assert_eq!(names[0].name, "dropped root");
        }
        other => panic!("{other:?}"),
    }
    let plan = import::import(&list, &[], &current, Removals::Accept).unwrap();
    assert_eq!(plan.removed.len(), 1);
    assert!(plan.text().contains("dropped root"));
}

#[test]
fn the_secure_boot_lists_have_the_measured_counts() {
    let dbx = String::from_utf8(shipped("uefi/dbx.tsv")).unwrap();
    let rows = |architecture: &str| {
        dbx.lines()
            .filter(|l| l.split('\t').nth(1) == Some(architecture))
            .count()
    };
    assert_eq!(
        ["x64", "ia32", "aarch64", "arm"].map(rows),
        [443, 94, 26, 110]
    );
    assert_eq!(dbx.lines().filter(|l| l.starts_with("# svn")).count(), 3);
    let store = TrustStore::bundled();
    let info = &store.bundles(Profile::Uefi)[0];
    assert_eq!(info.count, 673);
    let certificates = String::from_utf8(shipped("uefi/certificates.tsv")).unwrap();
    let with = |list: &str| {
        certificates
            .lines()
            .filter(|l| {
                l.split('\t')
                    .nth(6)
                    .is_some_and(|c| c.split(',').any(|x| x == list))
            })
            .count()
    };
    assert_eq!(["db", "dbx", "kek", "pk"].map(with), [5, 1, 2, 1]);
}

#[test]
fn dbx_is_the_publishers_list() {
    let json = "windows/trust/PreSignedObjects/DBX/dbx_info_msft_latest.json";
    let Some(json) = crate::support::corpus(json) else {
        return;
    };
    let store = TrustStore::bundled();
    let list: serde_json::Value = serde_json::from_slice(&read(&json)).unwrap();
    let mut seen = 0;
    for (_, images) in list["images"].as_object().unwrap() {
        for image in images.as_array().unwrap() {
            let hash = image["authenticodeHash"].as_str().unwrap();
            let bytes: Vec<u8> = (0..64)
                .step_by(2)
                .map(|i| u8::from_str_radix(&hash[i..i + 2], 16).unwrap())
                .collect();
            let found = store.forbidden_image(&bytes.try_into().unwrap());
            assert!(found.is_some(), "{hash}");
            seen += 1;
        }
    }
    assert_eq!(seen, 673);
    assert_eq!(store.forbidden_image(&[0; 32]), None);
}
