//! Compound files and Windows Installer packages: the reader, signatures and what they leave open, members.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;
use std::sync::Arc;

use bonafide::base::budget::{Budget, Limits, Stopped};
use bonafide::format::cfb::Cfb;
use bonafide::format::msi::Msi;
use bonafide::format::{self, Content, Error, Format, Inside, Out, Sniff};
use bonafide::model::digest::DigestAlgorithm;
use bonafide::model::extract::Extract;
use bonafide::model::signature::{Integrity, TrustStatus};
use bonafide::verify::certificate;
use bonafide::verify::path::Cache;
use bonafide::verify::profile::Profile;
use bonafide::verify::revocation::RevocationEvidence;

use crate::fixtures::{JUDGED_AT, leaf};
use crate::support::cfb::{self, Built, Entry, build, storage, stream};
use crate::support::cms::{INDIRECT_DATA, Signing};
use crate::support::der;
use crate::support::divergence::compare;
use crate::support::judge::{Outcome, judge};
use crate::support::keys::digest_identifier;
use crate::support::msi::{self, METADATA, SIGNATURE, metadata, package, sign};
use crate::support::pki::PKI;
use crate::support::signed::{Bench, Judged};
use crate::support::{bytes, corpus, table};

const SHA256: DigestAlgorithm = DigestAlgorithm::Sha256;
const SIGNER: &[(&str, &str)] = &[
    ("C", "DE"),
    ("L", "Berlin"),
    ("O", "Example Software GmbH"),
    ("CN", "Example Software GmbH"),
];

fn budget() -> Budget<'static> {
    Budget::start(Limits::default(), &Stopped)
}

fn extract(file: &[u8]) -> Result<Extract, Error> {
    let file = file.to_vec();
    format::detect(&Sniff::of(&file))
        .expect("a compound file")
        .extract(&file, &budget())
}

fn ids(out: &Extract) -> BTreeSet<&'static str> {
    out.findings.iter().map(|f| f.definition.id).collect()
}

fn judged(file: &[u8]) -> Outcome {
    judge(
        file,
        JUDGED_AT,
        Profile::Windows,
        &RevocationEvidence::default(),
        &Cache::default(),
    )
}

fn has(outcome: &Outcome, id: &str) -> bool {
    outcome.findings.iter().any(|f| f.definition.id == id)
}

fn example() -> Entry {
    package(
        &[("Binary.helper", b"MZ helper"), ("disk1.cab", b"MSCF")],
        &[
            ("ProductName", "Example"),
            ("Manufacturer", "Example Software GmbH"),
            ("ProductVersion", "1.2.3"),
            ("SecretToken", "not shown"),
        ],
        &["#disk1.cab", "disk2.cab"],
    )
}

fn signed(package: &Entry, with_metadata: bool) -> Entry {
    let signer = leaf(60, SIGNER);
    let metadata = with_metadata.then(|| metadata(package, SHA256));
    sign(package, &Signing::by(&signer), metadata)
}

#[test]
fn every_row_of_the_hostile_compound_files_has_its_answer() {
    let Some(suite) = corpus("reliability/hostile-misc") else {
        return;
    };
    let mut cases = Vec::new();
    for row in table(&suite.join("MANIFEST.tsv")) {
        let name = &row["file"];
        if !name.ends_with(".cfb") {
            continue;
        }
        let (answer, reason) = match extract(&bytes(&suite.join(name))) {
            Ok(out) => {
                assert!(ids(&out).is_empty(), "{name}");
                ("OK", "")
            }
            Err(error) => ("MALFORMED", error.reason()),
        };
        assert_eq!(answer, row["expected"], "{name}");
        // What the suite calls findings is the reason of a file that cannot be read.
        if let Some(wanted) = row.get("findings").filter(|wanted| !wanted.is_empty()) {
            cases.push((name.clone(), wanted.clone(), reason.to_owned()));
        }
    }
    assert_eq!(cases.len(), 3);
    compare(
        "hostile-compound.json",
        include_str!("data/hostile-compound.json"),
        &cases,
    );
}

#[test]
fn a_package_signed_with_and_without_its_metadata_digest_is_valid_in_both_versions() {
    for version in [3, 4] {
        for with_metadata in [true, false] {
            let file = build(&signed(&example(), with_metadata), version).bytes;
            let outcome = judged(&file);
            assert!(outcome.accepted(), "{version} {with_metadata} {outcome:#?}");
            assert_eq!(has(&outcome, "msi-names-unprotected"), !with_metadata);
            for id in [
                "msi-metadata-hash-mismatch",
                "compound-file-irregular",
                "unsigned-slack",
                "data-after-container",
            ] {
                assert!(!has(&outcome, id), "{id}");
            }
        }
    }
}

#[test]
fn a_renamed_stream_breaks_the_metadata_digest_and_not_the_signature() {
    let rename = |mut package: Entry| {
        let cfb::Content::Storage(entries) = &mut package.content else {
            panic!("a storage");
        };
        let name = msi::encode("Binary.helper");
        let entry = entries.iter_mut().find(|e| e.name == name).unwrap();
        // The order of the names stays.
        entry.name = msi::encode("Binary.helpes");
        package
    };
    let outcome = judged(&build(&rename(signed(&example(), true)), 3).bytes);
    assert!(outcome.accepted(), "{outcome:#?}");
    assert!(has(&outcome, "msi-metadata-hash-mismatch"));
    let outcome = judged(&build(&rename(signed(&example(), false)), 3).bytes);
    assert!(outcome.accepted() && has(&outcome, "msi-names-unprotected"));
}

#[test]
fn a_false_metadata_digest_that_was_signed_is_valid_and_shown() {
    let signer = leaf(60, SIGNER);
    let package = example();
    for false_digest in [vec![0; 32], vec![0; 7]] {
        let file = build(
            &sign(&package, &Signing::by(&signer), Some(false_digest)),
            3,
        )
        .bytes;
        let outcome = judged(&file);
        assert!(outcome.accepted(), "{outcome:#?}");
        assert!(has(&outcome, "msi-metadata-hash-mismatch"));
    }
    let mut changed = signed(&package, true);
    let cfb::Content::Storage(entries) = &mut changed.content else {
        panic!("a storage");
    };
    let name: Vec<u16> = METADATA.encode_utf16().collect();
    let entry = entries.iter_mut().find(|e| e.name == name).unwrap();
    entry.content = cfb::Content::Stream(vec![0; 32]);
    assert!(!judged(&build(&changed, 3).bytes).accepted());
}

#[test]
fn a_signature_stream_below_the_root_is_content() {
    let mut package = example();
    let cfb::Content::Storage(entries) = &mut package.content else {
        panic!("a storage");
    };
    let hidden = stream(SIGNATURE, b"hidden");
    entries.push(storage("below", [7; 16], vec![hidden]));
    let whole = signed(&package, true);
    assert!(judged(&build(&whole, 3).bytes).accepted());
    let mut file = build(&whole, 3).bytes;
    let at = file.windows(6).position(|w| w == b"hidden").unwrap();
    file[at] ^= 1;
    assert!(!judged(&file).accepted());
}

#[test]
fn a_signature_by_another_package_is_none_of_an_installer() {
    let package = example();
    let signer = leaf(60, SIGNER);
    let mut covered = sign(&package, &Signing::by(&signer), None);
    let mut other = msi::SIP;
    other[0] ^= 1;
    // The digest is right; who made it is not.
    let file = build(&covered, 3).bytes;
    let digest = judged(&file).signatures[0].computed_digest.clone();
    let foreign =
        Signing::by(&signer).over(INDIRECT_DATA, &msi::indirect_data(SHA256, &digest, &other));
    let name: Vec<u16> = SIGNATURE.encode_utf16().collect();
    let cfb::Content::Storage(entries) = &mut covered.content else {
        panic!("a storage");
    };
    entries.retain(|e| e.name != name);
    entries.push(stream(SIGNATURE, &foreign));
    let outcome = judged(&build(&covered, 3).bytes);
    assert_eq!(
        outcome.signatures[0].integrity,
        Integrity::Invalid(vec!["content-type-mismatch"])
    );
}

#[test]
fn what_is_appended_or_left_between_streams_is_shown_and_leaves_the_signature() {
    let whole = build(&signed(&example(), true), 3).bytes;
    let mut jar = whole.clone();
    jar.extend(b"PK\x03\x04 an archive behind the package");
    let outcome = judged(&jar);
    assert!(outcome.accepted(), "{outcome:#?}");
    assert!(has(&outcome, "data-after-container") && has(&outcome, "polyglot"));

    let mut zeros = whole.clone();
    zeros.extend([0; 4096]);
    assert!(!has(&judged(&zeros), "data-after-container"));

    let mut slack = whole;
    let at = slack.len() - 1;
    slack[at] = 1;
    let outcome = judged(&slack);
    assert!(outcome.accepted() && has(&outcome, "unsigned-slack"));
}

#[test]
fn a_package_whose_signature_was_removed_says_so() {
    let mut package = signed(&example(), true);
    let cfb::Content::Storage(entries) = &mut package.content else {
        panic!("a storage");
    };
    let name: Vec<u16> = SIGNATURE.encode_utf16().collect();
    entries.retain(|e| e.name != name);
    let outcome = judged(&build(&package, 3).bytes);
    assert!(outcome.signatures.is_empty());
    assert!(has(&outcome, "msi-signature-removed") && has(&outcome, "signature-missing"));
}

#[test]
fn a_package_tells_its_product_and_names_the_cabinets_beside_it() {
    let file = build(&example(), 3).bytes;
    let out = extract(&file).unwrap();
    assert_eq!(out.description, "Windows Installer installation package");
    let claims: Vec<(&str, &str)> = out
        .claimed
        .iter()
        .map(|c| (c.key.as_str(), c.value.as_str()))
        .collect();
    assert_eq!(
        claims,
        [
            ("Subject", "Example 1.0"),
            ("Author", "Example Software GmbH"),
            ("ProductName", "Example"),
            ("Manufacturer", "Example Software GmbH"),
            ("ProductVersion", "1.2.3"),
        ]
    );
    for claim in &out.claimed {
        let span =
            usize::try_from(claim.span.start).unwrap()..usize::try_from(claim.span.end).unwrap();
        assert_eq!(&file[span], claim.value.as_bytes());
    }
    let gaps: Vec<&str> = out.gaps.iter().map(|g| g.what.as_str()).collect();
    assert_eq!(gaps, ["cabinet disk2.cab"]);
}

/// Every member, with its bytes.
fn members(format: &dyn Format, file: &[u8]) -> BTreeMap<String, Vec<u8>> {
    struct Take(BTreeMap<usize, Vec<u8>>);
    impl Out for Take {
        fn wants(&self, _: usize) -> bool {
            true
        }

        fn member(&mut self, index: usize, content: &mut dyn Read) -> Result<(), Error> {
            let mut out = Vec::new();
            std::io::copy(content, &mut out).unwrap();
            self.0.insert(index, out);
            Ok(())
        }
    }
    let blob = file.to_vec();
    let inside: Box<dyn Inside> = format.open(&blob, &budget()).unwrap().unwrap();
    let mut take = Take(BTreeMap::new());
    for block in 0..inside.blocks() {
        inside.decode(&blob, block, &budget(), &mut take).unwrap();
    }
    let content = |(index, entry): (usize, &format::Entry)| {
        let bytes = match &entry.content {
            Content::Stored(span) => file
                [usize::try_from(span.start).unwrap()..usize::try_from(span.end).unwrap()]
                .to_vec(),
            Content::Coded => take.0[&index].clone(),
            Content::Unreadable(why) => panic!("{why}"),
        };
        assert_eq!(entry.size, Some(bytes.len() as u64));
        (entry.path.clone(), bytes)
    };
    inside.entries().iter().enumerate().map(content).collect()
}

#[test]
fn members_of_a_package_are_its_files_and_not_its_tables() {
    let file = build(&signed(&example(), true), 3).bytes;
    let found = members(&Msi, &file);
    let names: Vec<&str> = found.keys().map(String::as_str).collect();
    assert_eq!(names, ["Binary.helper", "disk1.cab"]);
    assert_eq!(found["Binary.helper"], b"MZ helper");
}

#[test]
fn members_of_other_compound_files_are_all_streams_by_their_paths() {
    let long = vec![7; 5000];
    let mut packed = vec![0, 0, 0, 0, 2, 0];
    packed.extend(b"setup.exe\0C:\\setup.exe\0\0\0\x03\0\x04\0\0\0tmp\0\x03\0\0\0MZ!");
    let root = cfb::root(
        [1; 16],
        vec![
            stream("WordDocument", &long),
            storage(
                "ObjectPool",
                [2; 16],
                vec![stream("\u{1}Ole10Native", &packed), stream("empty", b"")],
            ),
        ],
    );
    for version in [3, 4] {
        let file = build(&root, version).bytes;
        assert_eq!(format::detect(&Sniff::of(&file)).unwrap().card().id, "cfb");
        let found = members(&Cfb, &file);
        assert_eq!(found["WordDocument"], long);
        assert_eq!(found["ObjectPool/\u{1}Ole10Native"], packed);
        assert_eq!(found["ObjectPool/\u{1}Ole10Native/setup.exe"], b"MZ!");
        assert_eq!(found["ObjectPool/empty"], b"");
        assert_eq!(found.len(), 4);
    }
}

#[test]
fn a_stream_in_several_pieces_is_hashed_and_comes_out_in_its_order() {
    let long: Vec<u8> = (0..2000u32).flat_map(u32::to_le_bytes).collect();
    let package = package(&[("Binary.big", &long)], &[], &[]);
    let built = build(&signed(&package, true), 3);
    let mut file = built.bytes.clone();
    let (_, at, len) = built
        .streams
        .iter()
        .find(|(name, _, _)| *name == msi::encode("Binary.big"))
        .unwrap();
    // Exchanges the third and the fourth sector of the stream and their places in the chain.
    let first = at / 512 - 1;
    let fat = 512;
    let word = |n: usize| fat + n * 4;
    for (from, to) in [
        (first + 1, first + 3),
        (first + 3, first + 2),
        (first + 2, first + 4),
    ] {
        file[word(from)..word(from) + 4].copy_from_slice(&u32::try_from(to).unwrap().to_le_bytes());
    }
    let (a, b) = (at + 2 * 512, at + 3 * 512);
    let third = file[a..b].to_vec();
    file.copy_within(b..b + 512, a);
    file[b..b + 512].copy_from_slice(&third);
    assert!(*len == 8000 && judged(&file).accepted());
    assert_eq!(members(&Msi, &file)["Binary.big"], long);
}

/// Bits that nothing signs and that carry nothing: why no finding is made of them.
fn hole(built: &Built, at: usize, bit: u8) -> Option<&'static str> {
    const FIRST_DIFAT: usize = 68;
    let name: Vec<u8> = SIGNATURE
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    for (place, entry) in built.entries.iter().enumerate() {
        let is_signature = built.bytes[*entry..].starts_with(&name);
        match at.checked_sub(*entry) {
            Some(67) if bit == 0 => {
                return Some("colour of a tree's node: red and black are both right");
            }
            Some(108..116) if place == 0 => return Some("when the root was changed last"),
            Some(120..128) if place == 0 => {
                return Some("how far behind the last short stream the mini stream goes");
            }
            Some(120) if is_signature => return Some("up to seven zeros behind the signature"),
            _ => {}
        }
    }
    if at == FIRST_DIFAT && bit == 0 {
        return Some("no list of further sectors: free or the end of nothing");
    }
    let table = built.mini_fat..built.mini_fat + 512;
    (table.contains(&at) && bit == 0 && at.is_multiple_of(4))
        .then_some("a spare entry of the mini stream's table: free or the end of nothing")
}

/// What came of flips: how many there were, why mutants were accepted, and those accepted in silence.
#[derive(Debug, Default)]
struct Flips {
    count: usize,
    accepted: BTreeMap<&'static str, usize>,
    wrong: Vec<(usize, u8)>,
}

/// Flips every second octet from `first` on, bit by bit, below `end`.
fn flip(built: &Built, first: usize, end: usize, with_metadata: bool) -> Flips {
    let root = certificate::read(&PKI.root.certificate).unwrap();
    let mut bench = Bench::at("2026-01-01T00:00:00Z");
    bench.store = bench.store.with_user([Arc::new(root)]);
    let notes = |judged: &Judged| -> BTreeSet<(&'static str, String)> {
        let all = judged.findings();
        all.map(|f| (f.definition.id, f.message.clone())).collect()
    };
    let whole = bench.judge_named("a.msi", &built.bytes).unwrap();
    assert!(whole.is_valid(), "{}", whole.shown());
    let known = notes(&whole);
    let signature: Vec<u16> = SIGNATURE.encode_utf16().collect();
    let covered = |at: usize| {
        built
            .streams
            .iter()
            .any(|(name, from, len)| *name != signature && (*from..from + len).contains(&at))
    };
    let mut flips = Flips::default();
    for at in (first..end).step_by(2) {
        for bit in 0..8 {
            let mut mutant = built.bytes.clone();
            mutant[at] ^= 1 << bit;
            flips.count += 1;
            // Without its mark it is no compound file to anybody.
            if !mutant.starts_with(&built.bytes[..8]) {
                continue;
            }
            let judged = bench.judge_named("a.msi", &mutant).ok();
            let Some(judged) = judged.filter(Judged::is_valid) else {
                continue;
            };
            let new = notes(&judged).difference(&known).next().map(|(id, _)| *id);
            let reason = match new {
                None if !with_metadata && in_names(built, at) => Some("msi-names-unprotected"),
                None => hole(built, at, bit),
                new => new,
            };
            match reason.filter(|_| !covered(at)) {
                Some(reason) => *flips.accepted.entry(reason).or_default() += 1,
                None => flips.wrong.push((at, bit)),
            }
        }
    }
    flips
}

#[test]
fn a_flipped_bit_passes_only_where_no_signature_reaches_and_never_in_silence() {
    // What the streams say of themselves does not depend on the metadata digest: their bits are tried once.
    for with_metadata in [true, false] {
        let built = build(&signed(&example(), with_metadata), 3);
        let end = if with_metadata {
            built.bytes.len()
        } else {
            built.mini_fat + 512
        };
        let (one, two) = std::thread::scope(|scope| {
            let other = scope.spawn(|| flip(&built, 1, end, with_metadata));
            (flip(&built, 0, end, with_metadata), other.join().unwrap())
        });
        println!("{:?} {:?}", one.accepted, two.accepted);
        assert_eq!(one.count + two.count, end * 8, "every bit was tried");
        let wrong = [one.wrong, two.wrong].concat();
        assert!(wrong.is_empty(), "{with_metadata}: {wrong:?}");
        assert!(one.accepted.contains_key("compound-file-irregular"));
        if with_metadata {
            assert!(one.accepted.contains_key("msi-metadata-hash-mismatch"));
        }
    }
}

/// Names, lengths, state bits and times, which the metadata digest would cover.
fn in_names(built: &Built, at: usize) -> bool {
    built.entries.iter().any(|entry| {
        at.checked_sub(*entry)
            .is_some_and(|field| matches!(field, 0..66 | 96..116 | 120..124))
    })
}

#[test]
fn any_cut_and_any_spoilt_word_gives_an_answer() {
    let built = build(&signed(&example(), true), 3);
    for len in 0..built.bytes.len() {
        let cut = built.bytes[..len].to_vec();
        let _ = Msi.extract(&cut, &budget());
        let _ = Cfb.open(&cut, &budget());
    }
    let mut malformed = 0;
    let tables = (24..80)
        .chain(512..1024)
        .chain(built.directory..built.mini_fat + 512);
    for at in tables.filter(|at| at.is_multiple_of(4)) {
        for value in [0u32, 1, 3, 0x7fff_ffff, 0xffff_fffe, 0xffff_ffff] {
            let mut spoilt = built.bytes.clone();
            spoilt[at..at + 4].copy_from_slice(&value.to_le_bytes());
            malformed += usize::from(Msi.extract(&spoilt, &budget()).is_err());
            let _ = Cfb.open(&spoilt, &budget());
        }
    }
    assert!(malformed > 500, "{malformed}");
}

#[test]
fn peers_packages_have_their_verdicts() {
    let Some(suite) = corpus("windows") else {
        return;
    };
    let putty = bytes(&suite.join("signify/putty.msi"));
    let judged = Bench::at("2026-11-25T00:00:00Z")
        .judge_named("a.msi", &putty)
        .unwrap();
    assert!(judged.is_valid(), "{}", judged.shown());
    assert_eq!(judged.counted().count(), 2);
    assert!(judged.ids().contains("msi-names-unprotected"));
    assert_eq!(members(&Msi, &putty).len(), 10);

    let folder = suite.join("generated");
    let bench = Bench::at("2026-11-25T00:00:00Z").with_roots(&folder.join("pki/root.crt"));
    for (file, valid, reason) in [
        ("msi-ok.msi", true, ""),
        ("msi-ts.msi", true, ""),
        ("msi-expired-ts.msi", true, ""),
        ("msi-expired.msi", false, "expired"),
        ("msi-tampered.msi", false, "digest-mismatch"),
    ] {
        let judged = bench
            .judge_named(file, &bytes(&folder.join("out").join(file)))
            .unwrap();
        assert_eq!(judged.is_valid(), valid, "{file} {}", judged.shown());
        assert!(valid || judged.reasons().contains(reason), "{file}");
    }
    assert_eq!(
        extract(&bytes(&folder.join("in/u.msi")))
            .unwrap()
            .signatures
            .len(),
        0
    );
}

#[test]
fn a_tampered_package_keeps_its_trust_and_loses_its_integrity() {
    let mut file = build(&signed(&example(), true), 3).bytes;
    let at = file.windows(9).position(|w| w == b"MZ helper").unwrap();
    file[at] ^= 1;
    let outcome = judged(&file);
    assert_eq!(
        outcome.signatures[0].integrity,
        Integrity::Invalid(vec!["digest-mismatch"])
    );
    assert_eq!(outcome.signatures[0].trust.status, TrustStatus::Trusted);
}

/// A document of parts, none of them compressed.
fn document(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let (mut out, mut central) = (Vec::new(), Vec::new());
    for (name, bytes) in parts {
        let mut crc = flate2::Crc::new();
        crc.update(bytes);
        let len = u32::try_from(bytes.len()).unwrap();
        let mut fields = vec![20, 0, 0, 0, 0, 0, 0, 0, 0x21, 0];
        for word in [crc.sum(), len, len] {
            fields.extend(word.to_le_bytes());
        }
        fields.extend(u16::try_from(name.len()).unwrap().to_le_bytes());
        fields.extend([0, 0]);
        let offset = u32::try_from(out.len()).unwrap();
        out.extend(b"PK\x03\x04");
        out.extend(&fields);
        out.extend(name.as_bytes());
        out.extend(*bytes);
        central.extend(b"PK\x01\x02\x14\0");
        central.extend(&fields);
        central.extend([0; 10]);
        central.extend(offset.to_le_bytes());
        central.extend(name.as_bytes());
    }
    let at = u32::try_from(out.len()).unwrap();
    let count = u16::try_from(parts.len()).unwrap();
    out.extend(&central);
    out.extend(b"PK\x05\x06\0\0\0\0");
    out.extend(count.to_le_bytes());
    out.extend(count.to_le_bytes());
    out.extend(u32::try_from(central.len()).unwrap().to_le_bytes());
    out.extend(at.to_le_bytes());
    out.extend([0, 0]);
    out
}

/// A signature over a VBA project of this type, as it is stored.
fn over_macros(data_type: &str) -> Vec<u8> {
    let content = der::sequence(&[
        der::sequence(&[der::oid(data_type), der::octets(&[0; 24])]),
        der::sequence(&[digest_identifier(SHA256), der::octets(&[7; 32])]),
    ]);
    let signature = Signing::by(&leaf(61, SIGNER)).over(INDIRECT_DATA, &content);
    let len = u32::try_from(signature.len()).unwrap();
    let mut out = (len + 36).to_le_bytes().to_vec();
    for word in [8, len, 0x2c, 0, 0, 0, 0, 0, 0, 0] {
        out.extend(word.to_le_bytes());
    }
    out.extend(signature);
    out
}

const LEGACY: &str = "1.3.6.1.4.1.311.2.1.29";
const AGILE: &str = "1.3.6.1.4.1.311.2.1.31";

#[test]
fn macros_show_their_signer_and_are_never_valid() {
    let legacy = over_macros(LEGACY);
    let agile = over_macros(AGILE);
    let parts = [
        ("[Content_Types].xml", &b"<Types/>"[..]),
        ("xl/vbaProject.bin", b"macros"),
        ("xl/vbaProjectSignature.bin", &legacy),
        ("xl/vbaProjectSignatureAgile.bin", &agile),
    ];
    for (parts, legacy_only) in [(&parts[..3], true), (&parts[..], false)] {
        let file = document(parts);
        assert_eq!(
            format::detect(&Sniff::of(&file)).unwrap().card().id,
            "office"
        );
        let outcome = judged(&file);
        assert_eq!(outcome.error, None);
        assert_eq!(outcome.signatures.len(), parts.len() - 2);
        for signature in &outcome.signatures {
            assert!(
                matches!(&signature.integrity, Integrity::Unverifiable(what) if what.contains("VBA")),
                "{:?}",
                signature.integrity
            );
            assert_eq!(signature.trust.status, TrustStatus::Trusted);
            assert!(signature.signer.is_some());
        }
        assert_eq!(has(&outcome, "vba-legacy-signature-only"), legacy_only);
        assert_eq!(extract(&file).unwrap().gaps.len(), parts.len() - 2);
    }
    let broken = document(&[parts[0], parts[1], ("xl/vbaProjectSignature.bin", b"none")]);
    let out = extract(&broken).unwrap();
    assert!(out.signatures.is_empty() && out.gaps.len() == 1);
}

#[test]
fn a_binary_workbook_shows_the_signer_of_its_macros() {
    let blob = over_macros(LEGACY);
    let mut set = vec![0xfe, 0xff, 0, 0, 0, 0, 2, 0];
    set.extend([0; 16]);
    set.extend(1u32.to_le_bytes());
    set.extend([0x5a; 16]);
    let len = u32::try_from(blob.len()).unwrap();
    for word in [48, 24 + len, 1, 0x18, 16, 0x41, len] {
        set.extend(word.to_le_bytes());
    }
    set.extend(&blob);
    let root = cfb::root(
        [3; 16],
        vec![
            stream("Workbook", b"book"),
            stream("\u{5}DocumentSummaryInformation", &set),
        ],
    );
    let outcome = judged(&build(&root, 3).bytes);
    assert!(matches!(
        outcome.signatures[0].integrity,
        Integrity::Unverifiable(_)
    ));
    assert_eq!(outcome.signatures[0].trust.status, TrustStatus::Trusted);
    assert!(has(&outcome, "vba-legacy-signature-only"));

    let root = cfb::root(
        [3; 16],
        vec![
            stream("WordDocument", b"text"),
            storage("Macros", [0; 16], Vec::new()),
        ],
    );
    assert_eq!(extract(&build(&root, 3).bytes).unwrap().gaps.len(), 1);
}
