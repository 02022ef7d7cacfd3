//! App packages and bundles: the suite of Microsoft's packaging tools, packages that were signed for the tests, and packages made
//! here, one step away from a good one.

/// The peers' suite: what its names and its own test script expect of each file.
mod corpus_msix {
    use std::collections::BTreeSet;
    use std::path::PathBuf;

    use bonafide::format::Error;
    use bonafide::identity::publisher;
    use bonafide::model::finding::Status;
    use bonafide::model::signature::{Integrity, TrustStatus};

    use crate::support::divergence::compare;
    use crate::support::signed::{Bench, Judged};
    use crate::support::{bytes, corpus, table};

    /// Within the validity of everything that the suites' own authorities issued.
    const NOW: &str = "2026-06-01T00:00:00Z";

    /// What the answers of Windows and of the suite's script mean here, by the first that fits the file's name or its row. The
    /// script's answers under FULL are not taken where the name has one: it often says that the certificate is not trusted
    /// before it comes to the real fault.
    const ANSWERS: &[(&str, &str)] = &[
        ("TRUST_E_BAD_DIGEST", "digest"),
        ("CERT_E_CHAINING", "untrusted"),
        ("SignatureNotLastPart-ERROR_BAD_FORMAT", "place"),
        (
            "SignedMismatchedPublisherName-ERROR_BAD_FORMAT",
            "publisher",
        ),
        ("OPC_E_ZIP_CORRUPTED_ARCHIVE", "malformed"),
        ("APPX_E_MISSING_REQUIRED_FILE", "unsigned"),
        // One fault each, named by the file.
        ("BlockMap/No_blockmap", "parts"),
        ("BlockMap/Bad_Namespace", "xml"),
        ("BlockMap/", "block map"),
        ("InvalidSignature", "place"),
        // What the script expects without looking at the signature.
        ("=>S_OK", "sound"),
        ("MSIX::Error::BlockMapSemanticError", "block map"),
        ("MSIX::Error::MissingAppxBlockMapXML", "parts"),
        ("MSIX::Error::MissingAppxManifestXML", "parts"),
        ("ManifestViolatesSchema", "bundle"),
        ("ContainsNoPayload", "bundle"),
        ("MSIX::Error::XmlError", "xml"),
        ("MSIX::Error::AppxManifestSemanticError", "bundle"),
        ("PayloadPackageIsEmpty", "bundle"),
        ("PayloadPackageIsNotAppxPackage", "bundle"),
        ("MSIX::Error::FileSeek", "malformed"),
        // No answer in the script: what the name says is wrong with the bundle, and the signed packages as they are.
        ("bundles/Manifest", "bundle"),
        ("bundles/PayloadPackageNotListedInManifest", "bundle"),
        ("bundles/Contains", "bundle"),
        ("flat/", "sound"),
        ("CentennialCoffee", "sound"),
    ];

    /// The answer in one word: the first class of fault that the file shows, in the order in which Windows would meet them.
    fn answer(judged: &Result<Judged, Error>) -> String {
        let judged = match judged {
            Ok(judged) => judged,
            Err(_) => return "malformed".into(),
        };
        let failing: BTreeSet<&str> = judged
            .findings()
            .filter(|f| f.status == Status::Fail)
            .map(|f| f.definition.id)
            .collect();
        for (id, word) in [
            ("package-part-missing", "parts"),
            ("block-map-malformed", "xml"),
            ("package-signature-not-last", "place"),
            ("bundle-mismatch", "bundle"),
            ("block-map-mismatch", "block map"),
            ("digest-mismatch", "digest"),
        ] {
            if failing.contains(id) {
                return word.into();
            }
        }
        let Some(signature) = judged.signatures.first() else {
            return "unsigned".into();
        };
        if publisher::mismatch(signature, &judged.extract.claimed).is_some() {
            return "publisher".into();
        }
        match (&signature.integrity, signature.trust.status) {
            (Integrity::Valid, TrustStatus::Trusted) => "valid".into(),
            (Integrity::Valid, _) => "untrusted".into(),
            (Integrity::Invalid(reasons), _) => format!("invalid:{}", reasons.join("+")),
            (Integrity::Unverifiable(what), _) => format!("unverifiable:{what}"),
        }
    }

    fn suite() -> Option<(PathBuf, Bench)> {
        let suite = corpus("windows")?;
        let bench = Bench::at(NOW).with_roots(&suite.join("generated/pki/root.crt"));
        Some((suite, bench))
    }

    /// Judged by content alone: packages travel under other names.
    fn judge(bench: &Bench, file: &[u8]) -> Result<Judged, Error> {
        use bonafide::format::{Format, Sniff, detect, zip};
        let held = file.to_vec();
        if detect(&Sniff::of(&held)).is_none() {
            let budget = bonafide::base::budget::Budget::start(
                bonafide::base::budget::Limits::default(),
                &bonafide::base::budget::Stopped,
            );
            return Err(zip::Zip.extract(&held, &budget).expect_err("no zip"));
        }
        bench.judge_named("", file)
    }

    #[test]
    fn every_package_of_the_suite_has_the_answer_that_its_name_or_row_names() {
        let Some((suite, bench)) = suite() else {
            return;
        };
        let mut cases = Vec::new();
        for row in table(&suite.join("MANIFEST.tsv")) {
            let path = &row["path"];
            if !path.starts_with("msix-packaging/") || path.ends_with(".cer") {
                continue;
            }
            let judged = judge(&bench, &bytes(&suite.join(path)));
            let ours = answer(&judged);
            let script = &row["peer_expected"];
            let (_, word) = ANSWERS
                .iter()
                .find(|(mark, _)| path.contains(mark) || script.contains(mark))
                .unwrap_or_else(|| panic!("{path} has no answer"));
            // Of a sound package the script says nothing of the signature.
            let sound = ["unsigned", "untrusted", "valid", "publisher"].contains(&ours.as_str())
                || ours.starts_with("invalid:expired");
            let ours = if *word == "sound" && sound {
                "sound".to_owned()
            } else {
                ours
            };
            cases.push((path.clone(), (*word).to_owned(), ours));
        }
        assert!(cases.len() >= 69, "{} files", cases.len());
        compare(
            "msix-packaging.json",
            include_str!("data/msix-packaging.json"),
            &cases,
        );
    }

    #[test]
    fn packages_signed_by_another_tool_hold() {
        let Some((suite, bench)) = suite() else {
            return;
        };
        for (name, expected) in [
            ("msix-ok.msix", "valid"),
            ("msix-ts.msix", "valid"),
            ("msix-expired-ts.msix", "valid"),
            ("msix-expired.msix", "untrusted"),
        ] {
            let file = bytes(&suite.join("generated/out").join(name));
            let judged = judge(&bench, &file);
            let shown = judged.as_ref().map(Judged::shown);
            // Their publisher is another one than the signer.
            let signature = &judged.as_ref().unwrap().signatures[0];
            let ours = match (&signature.integrity, signature.trust.status) {
                (Integrity::Valid, TrustStatus::Trusted) => "valid",
                (Integrity::Valid, _) => "untrusted",
                _ => "invalid",
            };
            assert_eq!(ours, expected, "{name}: {shown:?}");
        }
    }
}

/// Packages made here.
mod made {
    use std::collections::BTreeSet;

    use bonafide::model::digest::DigestAlgorithm;
    use bonafide::model::signature::Integrity;
    use bonafide::verify::path::Cache;
    use bonafide::verify::profile::Profile;
    use bonafide::verify::revocation::RevocationEvidence;

    use crate::fixtures::JUDGED_AT;
    use crate::support::cms::Signing;
    use crate::support::judge::{Outcome, judge};
    use crate::support::msix::{
        BUNDLE, CATALOG, PACKAGE, PUBLISHER, Part, Zip, bundle, finish, parts, sign, signature,
    };
    use crate::support::pki::PKI;

    fn judged(file: &[u8]) -> Outcome {
        let (revocation, cache) = (RevocationEvidence::default(), Cache::default());
        judge(file, JUDGED_AT, Profile::Windows, &revocation, &cache)
    }

    fn reasons(outcome: &Outcome) -> BTreeSet<&'static str> {
        assert_eq!(outcome.error, None);
        match &outcome.signatures[0].integrity {
            Integrity::Invalid(reasons) => reasons.iter().copied().collect(),
            Integrity::Valid => BTreeSet::new(),
            Integrity::Unverifiable(what) => panic!("{what}"),
        }
    }

    fn ids(outcome: &Outcome) -> BTreeSet<&'static str> {
        outcome.findings.iter().map(|f| f.definition.id).collect()
    }

    fn signing() -> Signing<'static> {
        Signing::by(&PKI.leaf)
    }

    fn files() -> Vec<Part> {
        vec![
            Part::new("a.txt", "hello", false),
            Part::new("b/c.bin", vec![7; 200_000], true),
        ]
    }

    fn good() -> Vec<Part> {
        parts(PUBLISHER, files())
    }

    #[test]
    fn a_package_and_a_bundle_of_it_hold() {
        let package = sign(&good(), &PACKAGE, &signing());
        let outcome = judged(&package);
        assert!(outcome.accepted(), "{outcome:#?}");
        let bundle = sign(&bundle(&[("x86.msix", package)]), &BUNDLE, &signing());
        let outcome = judged(&bundle);
        assert!(outcome.accepted(), "{outcome:#?}");
        assert!(!ids(&outcome).contains("bundle-mismatch"));
    }

    #[test]
    fn a_signature_over_a_package_does_not_hold_for_a_bundle() {
        let outcome = judged(&sign(&good(), &BUNDLE, &signing()));
        assert_eq!(reasons(&outcome), ["content-type-mismatch"].into());
    }

    #[test]
    fn the_digest_is_the_one_that_the_block_map_names() {
        let other = Signing {
            digest: DigestAlgorithm::Sha384,
            ..signing()
        };
        let outcome = judged(&sign(&good(), &PACKAGE, &other));
        assert!(reasons(&outcome).contains("inconsistent-digest-algorithms"));
    }

    #[test]
    fn another_publisher_than_the_signer_fails() {
        let outcome = judged(&sign(&parts("CN=Somebody", files()), &PACKAGE, &signing()));
        assert!(ids(&outcome).contains("publisher-mismatch"));
        assert!(!ids(&judged(&sign(&good(), &PACKAGE, &signing()))).contains("publisher-mismatch"));
    }

    #[test]
    fn a_block_map_that_differs_from_the_parts_fails_though_it_is_signed() {
        let variants: [fn(&mut Vec<Part>); 6] = [
            |all| all[0].content = b"hallo".to_vec(),
            |all| all[0].content = b"hello!".to_vec(),
            |all| all.insert(0, Part::new("more.txt", "x", false)),
            |all| {
                all.remove(0);
            },
            |all| all.swap(0, 1),
            |all| all[1].content[150_000] = 8,
        ];
        for (nth, change) in variants.into_iter().enumerate() {
            let mut all = good();
            change(&mut all);
            let outcome = judged(&sign(&all, &PACKAGE, &signing()));
            assert_eq!(reasons(&outcome), ["block-map-mismatch"].into(), "{nth}");
            // The same unsigned.
            let unsigned = judged(&Zip::of(&all).bytes());
            assert!(ids(&unsigned).contains("block-map-mismatch"), "{nth}");
        }
    }

    #[test]
    fn a_part_after_the_signature_fails_whatever_the_digests() {
        let all = good();
        let mut zip = Zip::of(&all);
        let signature = signature(&zip, &all, &PACKAGE, &signing());
        zip.add(&Part::new("AppxSignature.p7x", signature, true));
        zip.add(&Part::new("late.txt", "x", false));
        let reasons = reasons(&judged(&zip.bytes()));
        assert!(
            reasons.contains("package-signature-not-last"),
            "{reasons:?}"
        );
    }

    #[test]
    fn a_code_integrity_catalog_is_hashed_exactly_where_it_is_there() {
        let with = |content: &str| {
            let mut all = files();
            all.push(Part::new(CATALOG, content, true));
            parts(PUBLISHER, all)
        };
        let all = with("catalog");
        assert!(reasons(&judged(&sign(&all, &PACKAGE, &signing()))).is_empty());
        // Hashed and absent, then present and not hashed.
        let signed_over = |parts: &[Part], stated: &[Part]| {
            let mut zip = Zip::of(parts);
            let signature = signature(&zip, stated, &PACKAGE, &signing());
            zip.add(&Part::new("AppxSignature.p7x", signature, true));
            zip.bytes()
        };
        let without = good();
        for (parts, stated) in [(&without, &all), (&all, &without)] {
            let reasons = reasons(&judged(&signed_over(parts, stated)));
            assert!(reasons.contains("digest-mismatch"), "{reasons:?}");
        }
    }

    #[test]
    fn a_package_without_its_parts_or_with_something_around_it_fails() {
        for missing in [
            "AppxManifest.xml",
            "AppxBlockMap.xml",
            "[Content_Types].xml",
        ] {
            let mut all = good();
            all.retain(|p| p.name != missing);
            let outcome = judged(&sign(&all, &PACKAGE, &signing()));
            assert!(!outcome.accepted(), "{missing}");
            assert!(ids(&outcome).contains("package-part-missing"), "{missing}");
        }
        let mut followed = sign(&good(), &PACKAGE, &signing());
        followed.extend_from_slice(b"more");
        assert!(!judged(&followed).accepted());
    }

    #[test]
    fn a_bundle_holds_what_it_lists_and_where() {
        let package = sign(&good(), &PACKAGE, &signing());
        let packages = [("x86.msix", package.clone()), ("x64.msix", package)];
        let replaced = |from: &str, to: &str| {
            let mut all = bundle(&packages);
            let manifest = all
                .iter_mut()
                .find(|p| p.name.contains("BundleManifest"))
                .unwrap();
            let text = String::from_utf8(manifest.content.clone()).unwrap();
            assert!(text.contains(from));
            manifest.content = text.replacen(from, to, 1).into_bytes();
            let manifest = manifest.clone();
            all.retain(|p| p.name.ends_with(".msix"));
            let map = crate::support::msix::block_map(std::slice::from_ref(&manifest));
            all.push(manifest);
            all.push(Part::new("AppxBlockMap.xml", map, true));
            all.push(Part::new("[Content_Types].xml", "<Types/>", true));
            judged(&sign(&all, &BUNDLE, &signing()))
        };
        assert!(reasons(&replaced("x86.msix", "x86.msix")).is_empty());
        for (from, to) in [
            ("Offset=\"38\"", "Offset=\"39\""),
            ("Size=\"", "Size=\"1"),
            ("FileName=\"x64.msix\"", "FileName=\"x86.msix\""),
            ("FileName=\"x64.msix\"", "FileName=\"arm.msix\""),
            (
                "Type=\"application\" FileName=\"x86",
                "Type=\"application\" FileName=\"x87",
            ),
        ] {
            let reasons = reasons(&replaced(from, to));
            assert_eq!(reasons, ["bundle-mismatch"].into(), "{from} {to}");
        }
    }

    #[test]
    fn hostile_xml_and_names_give_an_answer() {
        let mut all = files();
        all.push(Part::new(
            "AppxManifest.xml",
            "<!DOCTYPE x [<!ENTITY a \"b\">]><Package/>",
            true,
        ));
        let outcome = judged(&sign(&finish(all), &PACKAGE, &signing()));
        assert!(reasons(&outcome).contains("package-manifest-malformed"));
        let twice = parts(
            PUBLISHER,
            vec![
                Part::new("a.txt", "x", false),
                Part::new("a.txt", "x", false),
            ],
        );
        assert!(!judged(&sign(&twice, &PACKAGE, &signing())).accepted());
    }

    #[test]
    fn a_flipped_bit_passes_only_in_the_signatures_own_records_and_never_in_silence() {
        let all = parts(PUBLISHER, vec![Part::new("a.txt", "hello", false)]);
        let mut zip = Zip::of(&all);
        let content = signature(&zip, &all, &PACKAGE, &signing());
        let from = zip.locals.len();
        zip.add(&Part::new("AppxSignature.p7x", content, false));
        let data = from + 30 + "AppxSignature.p7x".len()..zip.locals.len();
        let file = zip.bytes();
        assert!(judged(&file).accepted());
        let cache = Cache::default();
        let revocation = RevocationEvidence::default();
        let wrong: Vec<(usize, u8)> = std::thread::scope(|scope| {
            let flip = |first: usize| {
                let (file, data) = (&file, &data);
                let (cache, revocation) = (&cache, &revocation);
                scope.spawn(move || {
                    let mut wrong = Vec::new();
                    for at in (first..file.len()).step_by(2) {
                        // Every bit of the CMS is flipped in the campaign over an image; one an octet tells that it is in force.
                        let bits = if data.contains(&at) {
                            at % 8..at % 8 + 1
                        } else {
                            0..8
                        };
                        for bit in bits {
                            let mut mutant = file.clone();
                            mutant[at] ^= 1 << bit;
                            if data.contains(&at) {
                                // Its CRC-32 is no protection: whoever changes the one changes the other.
                                set_crc(&mut mutant, data);
                            }
                            let outcome =
                                judge(&mutant, JUDGED_AT, Profile::Windows, revocation, cache);
                            if outcome.accepted()
                                && !ids(&outcome).contains("signature-record-unlike-others")
                            {
                                wrong.push((at, u8::try_from(bit).unwrap()));
                            }
                        }
                    }
                    wrong
                })
            };
            let workers = [flip(0), flip(1)];
            workers
                .into_iter()
                .flat_map(|w| w.join().unwrap())
                .collect()
        });
        assert!(wrong.is_empty(), "{wrong:x?}");
    }

    fn set_crc(file: &mut [u8], data: &std::ops::Range<usize>) {
        let mut crc = flate2::Crc::new();
        crc.update(&file[data.clone()]);
        let crc = crc.sum().to_le_bytes();
        let name = "AppxSignature.p7x";
        let local = data.start - name.len() - 30;
        file[local + 14..local + 18].copy_from_slice(&crc);
        let central = file
            .windows(name.len())
            .rposition(|w| w == name.as_bytes())
            .unwrap()
            - 46;
        file[central + 16..central + 20].copy_from_slice(&crc);
    }
}
