//! The peers' Windows suites.

/// Digests and page hashes, against peers' published ones and against what real signers signed.
mod digests {
    use std::collections::{BTreeMap, BTreeSet};
    use std::path::{Path, PathBuf};

    use bonafide::base::budget::{Budget, Limits, Stopped};
    use bonafide::envelope::cms::spc::indirect_data;
    use bonafide::envelope::{self, Opened};
    use bonafide::format::pe::Pe;
    use bonafide::format::{Format as _, Sniff};
    use bonafide::model::cms::SpcIndirectData;
    use bonafide::model::digest::{DigestAlgorithm, hex};
    use bonafide::model::extract::{Extract, RawSignature};
    use bonafide::verify::image::{Request, Scan, scan};
    use serde_json::Value;

    use crate::support::{bytes, corpus, table};

    const ALGORITHMS: [DigestAlgorithm; 4] = [
        DigestAlgorithm::Md5,
        DigestAlgorithm::Sha1,
        DigestAlgorithm::Sha256,
        DigestAlgorithm::Sha512,
    ];

    fn budget() -> Budget<'static> {
        Budget::start(Limits::default(), &Stopped)
    }

    /// `None` for what is no image, such as signify's text that begins with MZ.
    fn extract(file: &Vec<u8>) -> Option<Extract> {
        if !Pe.detect(&Sniff::of(file)) {
            return None;
        }
        match Pe.extract(file, &budget()) {
            Err(error) if error.reason() == "not-pe" => None,
            out => Some(out.unwrap()),
        }
    }

    /// Digests of the file and of what its first signature covers.
    fn digests(file: &Vec<u8>) -> Option<(Scan, Vec<(DigestAlgorithm, String)>)> {
        let out = extract(file)?;
        let covered =
            ALGORITHMS.map(|algorithm| (out.signatures[0].covers.first().unwrap(), algorithm));
        let request = Request {
            flat: &ALGORITHMS,
            covered: &covered,
            ..Request::default()
        };
        let scan = scan(file, &request, &budget()).unwrap();
        let covered = ALGORITHMS
            .into_iter()
            .zip(scan.covered.iter().flatten().map(|d| hex(d)))
            .collect();
        Some((scan, covered))
    }

    fn expected(digests: &Value) -> BTreeMap<String, String> {
        serde_json::from_value(digests.clone()).unwrap()
    }

    #[test]
    fn signifys_published_digests_are_reproduced() {
        let Some(suite) = corpus("windows/signify") else {
            return;
        };
        let listed: BTreeMap<String, Value> =
            serde_json::from_slice(&bytes(&suite.join("fingerprint_results.json"))).unwrap();
        let mut compared = 0;
        for (name, digest) in listed {
            let path = suite.join(&name);
            if !path.exists() {
                continue;
            }
            let Some((scan, covered)) = digests(&bytes(&path)) else {
                continue;
            };
            for (algorithm, wanted) in expected(&digest["generic"]) {
                let flat = scan.flat.iter().find(|(a, _)| a.name() == algorithm);
                assert_eq!(
                    flat.map(|(_, d)| hex(d)),
                    Some(wanted),
                    "{name} {algorithm}"
                );
            }
            for (algorithm, wanted) in expected(&digest["authentihash"]) {
                let ours = covered.iter().find(|(a, _)| a.name() == algorithm);
                assert_eq!(ours.map(|(_, d)| d), Some(&wanted), "{name} {algorithm}");
                compared += 1;
            }
        }
        assert!(compared >= 30, "{compared}");
    }

    #[test]
    fn digests_in_the_suites_list_are_reproduced() {
        let Some(suite) = corpus("windows") else {
            return;
        };
        let mut compared = 0;
        for row in table(&suite.join("MANIFEST.tsv")) {
            let Some((_, listed)) = row["peer_expected"].split_once("authentihash ") else {
                continue;
            };
            let (_, covered) = digests(&bytes(&suite.join(&row["path"]))).unwrap();
            for (algorithm, wanted) in listed.split(' ').filter_map(|one| one.split_once('=')) {
                let ours = covered.iter().find(|(a, _)| a.name() == algorithm);
                assert_eq!(
                    ours.map(|(_, d)| d.as_str()),
                    Some(wanted),
                    "{}",
                    row["path"]
                );
                compared += 1;
            }
        }
        assert_eq!(compared, 7);
    }

    fn content(signature: &RawSignature) -> SpcIndirectData {
        let Ok(Opened::Cms(cms)) = envelope::open(signature.envelope, &signature.bytes) else {
            panic!("a CMS signature");
        };
        indirect_data(&cms.content, cms.content_offset).unwrap()
    }

    fn images(suite: &Path) -> Vec<PathBuf> {
        [
            "signify",
            "uthenticode/32",
            "uthenticode/64",
            "uthenticode",
            "generated/out",
        ]
        .iter()
        .flat_map(|folder| std::fs::read_dir(suite.join(folder)).unwrap())
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_file())
        .collect()
    }

    /// Not the files whose structure is broken; those are rows of other tests.
    fn readable(path: &Path) -> bool {
        !["exe-dir-huge.exe", "exe-wincert-len4.exe"]
            .iter()
            .any(|name| path.ends_with(name))
    }

    #[test]
    fn what_signers_signed_is_what_is_computed_save_where_the_file_was_changed() {
        let Some(suite) = corpus("windows") else {
            return;
        };
        let mut signatures = 0;
        let mut changed = BTreeSet::new();
        for path in images(&suite).into_iter().filter(|p| readable(p)) {
            let file = bytes(&path);
            for signature in extract(&file).into_iter().flat_map(|out| out.signatures) {
                let signed = content(&signature);
                let algorithm = ALGORITHMS
                    .into_iter()
                    .chain([DigestAlgorithm::Sha384])
                    .find(|a| a.output_len() == signed.digest.len())
                    .unwrap();
                let request = Request {
                    covered: &[(signature.covers.first().unwrap(), algorithm)],
                    ..Request::default()
                };
                let scan = scan(&file, &request, &budget()).unwrap();
                signatures += 1;
                if scan.covered != [Some(signed.digest)] {
                    changed.insert(path.file_name().unwrap().to_owned());
                }
            }
        }
        assert!(signatures >= 45, "{signatures}");
        assert_eq!(
            changed
                .iter()
                .map(|n| n.to_str().unwrap())
                .collect::<Vec<_>>(),
            ["exe-appended.exe", "exe-tampered.exe"]
        );
    }

    #[test]
    fn page_hashes_of_every_image_that_has_them_hold() {
        let Some(suite) = corpus("windows") else {
            return;
        };
        let mut seen = BTreeSet::new();
        for path in images(&suite).into_iter().filter(|p| readable(p)) {
            let file = bytes(&path);
            for signature in extract(&file).into_iter().flat_map(|out| out.signatures) {
                let Some(hashes) = content(&signature).page_hashes else {
                    continue;
                };
                let request = Request {
                    pages: &[(signature.covers.first().unwrap().pages.as_ref(), &hashes)],
                    ..Request::default()
                };
                let verdict = scan(&file, &request, &budget()).unwrap().pages.remove(0);
                assert!(
                    verdict.pages > 2 && verdict.mismatches.is_empty(),
                    "{path:?} {verdict:?}"
                );
                assert_eq!(verdict.malformed, None, "{path:?}");
                seen.insert(path.file_name().unwrap().to_owned());
            }
        }
        assert!(seen.len() >= 3, "{seen:?}");
    }
}

/// Verdicts on signed images, against what peers expect of them.
mod signatures {
    use std::path::PathBuf;

    use bonafide::base::time::rfc3339;
    use bonafide::model::signature::{Integrity, TimestampKind, TrustStatus};
    use bonafide::verify::profile::Profile;
    use bonafide::verify::revocation::RevocationEvidence;

    use crate::support::divergence::compare;
    use crate::support::signed::{Bench, Judged, base64, is_valid};
    use crate::support::{bytes, corpus};

    /// Later than the suites were made.
    const NOW: &str = "2026-11-25T00:00:00Z";

    /// Suite's word for a fault, and ours.
    const FAULTS: &[(&str, &[&str])] = &[
        ("expired", &["expired", "expired-lifetime-signing"]),
        ("eku", &["eku-missing-codesigning"]),
        ("keyusage", &["leaf-ku"]),
        ("basicConstraints", &["not-a-ca"]),
        ("digest", &["digest-mismatch"]),
    ];

    struct Generated {
        folder: PathBuf,
        bench: Bench,
    }

    fn generated() -> Option<Generated> {
        let folder = corpus("windows/generated")?;
        let bench = Bench::at(NOW).with_roots(&folder.join("pki/root.crt"));
        Some(Generated { folder, bench })
    }

    impl Generated {
        fn judge(&self, file: &str) -> Judged {
            self.try_judge(file).expect("a signed image")
        }

        fn try_judge(&self, file: &str) -> Option<Judged> {
            let path = self.folder.join("out").join(file);
            self.bench.judge(&bytes(&path)).ok()
        }
    }

    /// `valid`, or `invalid:` and the suite's word for why.
    fn outcome(judged: &Judged) -> String {
        if judged.is_valid() {
            return "valid".into();
        }
        let reasons = judged.reasons();
        let words: Vec<&str> = FAULTS
            .iter()
            .filter(|(_, ours)| ours.iter().any(|id| reasons.contains(id)))
            .map(|(word, _)| *word)
            .collect();
        match &words[..] {
            [] => format!("invalid:{reasons:?}"),
            words => format!("invalid:{}", words.join("+")),
        }
    }

    #[test]
    fn generated_images_have_their_verdicts() {
        let Some(suite) = generated() else { return };
        let list = String::from_utf8(bytes(&suite.folder.join("expected.tsv"))).unwrap();
        let mut cases = Vec::new();
        for line in list.lines() {
            let mut columns = line.split('\t');
            let (file, expected) = (columns.next().unwrap(), columns.next().unwrap());
            let plain = expected.split([';', ',', '(']).next().unwrap();
            // Revocation and the rows that name no plain verdict have tests of their own.
            let is_plain = plain == "valid" || plain.starts_with("invalid:");
            if !file.ends_with(".exe") || !is_plain || plain.contains("revoked") {
                continue;
            }
            let judged = suite.judge(file);
            cases.push((file.to_owned(), plain.to_owned(), outcome(&judged)));
            if let Some(weak) = expected.strip_prefix("valid,weak:") {
                assert!(
                    judged.ids().contains(format!("weak-hash-{weak}").as_str()),
                    "{file}"
                );
            }
        }
        assert!(cases.len() >= 20, "{} rows", cases.len());
        compare(
            "windows-generated.json",
            include_str!("data/windows-generated.json"),
            &cases,
        );
    }

    #[test]
    fn generated_images_with_a_flaw_show_it() {
        let Some(suite) = generated() else { return };
        let blob = suite.judge("exe-blob.exe");
        assert!(blob.is_valid() && blob.ids().contains("unauthenticated-blob"));

        let appended = suite.judge("exe-appended.exe");
        assert!(appended.reasons().contains("data-after-certificate-table"));
        assert!(appended.reasons().contains("digest-mismatch"));

        let broken = suite.judge("exe-sigbitflip.exe");
        let signature = &broken.signatures[0];
        assert_eq!(signature.integrity, Integrity::Valid);
        assert!(broken.ids().contains("timestamp-invalid"));
        assert!(!signature.timestamps[0].usable && !signature.time_basis.attested);

        let two = suite.judge("exe-two-wincert.exe");
        assert_eq!(two.counted().filter(|s| is_valid(s)).count(), 2);
        assert!(two.ids().contains("multiple-certificate-entries"));

        let stripped = suite.judge("exe-stripped-dir.exe");
        assert_eq!(stripped.counted().count(), 0);
        assert!(stripped.ids().contains("orphaned-signature"));
        assert!(stripped.signatures[0].signer.is_some());

        for malformed in ["exe-dir-huge.exe", "exe-wincert-len4.exe"] {
            assert!(suite.try_judge(malformed).is_none(), "{malformed}");
        }
    }

    #[test]
    fn stuffed_padding_is_shown_always_and_refused_under_the_strict_rules() {
        let Some(mut suite) = generated() else { return };
        let lenient = suite.judge("exe-padstuff.exe");
        assert!(lenient.is_valid(), "{}", lenient.shown());
        assert!(lenient.ids().contains("unauthenticated-data-in-wincert"));
        suite.bench.profile = Profile::WindowsStrict;
        let strict = suite.judge("exe-padstuff.exe");
        assert!(strict.reasons().contains("unauthenticated-data-in-wincert"));
        assert!(suite.judge("exe-ts.exe").is_valid());
    }

    #[test]
    fn integrity_alone_says_nothing_of_trust() {
        let Some(mut suite) = generated() else { return };
        suite.bench.profile = Profile::IntegrityOnly;
        let judged = suite.judge("exe-ts.exe");
        let signature = &judged.signatures[0];
        assert_eq!(signature.integrity, Integrity::Valid);
        assert_eq!(signature.trust.status, TrustStatus::NotChecked);
        assert!(!signature.timestamps[0].usable);
    }

    #[test]
    fn a_revoked_signer_is_revoked_where_the_list_is_at_hand_and_good_where_it_is_not() {
        let Some(mut suite) = generated() else { return };
        assert!(suite.judge("exe-revoked.exe").is_valid());
        let pem = String::from_utf8(bytes(&suite.folder.join("pki/inter.crl"))).unwrap();
        let body: String = pem.lines().filter(|l| !l.starts_with('-')).collect();
        suite.bench.revocation = RevocationEvidence {
            crls: vec![base64(&body)],
            ..RevocationEvidence::default()
        };
        let revoked = suite.judge("exe-revoked.exe");
        assert_eq!(revoked.signatures[0].trust.status, TrustStatus::Revoked);
        assert!(suite.judge("exe-ok.exe").is_valid());
    }

    #[test]
    fn two_signers_of_one_image_are_both_named() {
        let Some(suite) = generated() else { return };
        let judged = suite.judge("exe-dual-foreign.exe");
        let ids: Vec<_> = judged
            .counted()
            .filter_map(|s| s.signer.as_ref())
            .map(|c| c.id)
            .collect();
        assert_eq!(ids.len(), 2);
        assert_ne!(ids[0], ids[1]);
    }

    fn signify(file: &str) -> Option<Vec<u8>> {
        Some(bytes(&corpus("windows/signify")?.join(file)))
    }

    /// (image, judged at, verdict).
    const SIGNIFY: &[(&str, &str, bool)] = &[
        (
            "0d8c2bcb575378f6a88d17b5f6ce70e794a264cdc8556c8e812f0b5f9c709198",
            NOW,
            true,
        ),
        // Valid only with signify's strict validation off: no codeSigning, no digitalSignature.
        ("17ad1735a13898c978cc6bbe6b2056cb8471329b", NOW, false),
        ("3a7de393a36ca8911cd0842a9a25b058", NOW, true),
        ("7z1900-x64_signed.exe", NOW, false),
        ("DXCore.dll", NOW, true),
        ("SoftwareUpdate.exe", NOW, true),
        ("___2A6E.tmp", NOW, false),
        ("jameslth", NOW, false),
        ("jameslth", "2021-01-01T00:00:00Z", true),
        ("pciide.sys", NOW, true),
        ("sigcheck.exe", NOW, true),
        ("spotify_sample.exe", NOW, true),
        ("whois.exe", NOW, true),
    ];

    #[test]
    fn signifys_images_have_their_verdicts() {
        for (file, now, valid) in SIGNIFY {
            let Some(image) = signify(file) else { return };
            let judged = Bench::at(now).judge(&image).unwrap();
            assert_eq!(
                judged.is_valid(),
                *valid,
                "{file} at {now}\n{}",
                judged.shown()
            );
        }
    }

    #[test]
    fn a_lifetime_signing_certificate_ends_with_its_time() {
        let Some(image) = signify("kdbazis.dll") else {
            return;
        };
        let root = corpus("windows/signify").unwrap().join("kdbazis.dll.crt");
        let verdict = |now| {
            let judged = Bench::at(now).with_roots(&root).judge(&image).unwrap();
            (judged.is_valid(), judged.shown())
        };
        let (valid, shown) = verdict("2024-01-01T00:00:00Z");
        assert!(valid, "{shown}");
        let (valid, shown) = verdict("2060-01-01T00:00:00Z");
        assert!(!valid, "{shown}");
    }

    #[test]
    fn a_changed_byte_breaks_the_digest_and_nothing_else() {
        let Some(mut image) = signify("pciide.sys") else {
            return;
        };
        image[1024] = 3;
        let judged = Bench::at(NOW).judge(&image).unwrap();
        assert_eq!(
            judged.signatures[0].integrity,
            Integrity::Invalid(vec!["digest-mismatch"])
        );
        assert_eq!(judged.signatures[0].trust.status, TrustStatus::Trusted);
    }

    #[test]
    fn each_of_two_signatures_stands_or_falls_alone() {
        let Some(image) = signify("sigcheck.exe") else {
            return;
        };
        let bench = Bench::at(NOW);
        let whole = bench.judge(&image).unwrap();
        let at = |nth: usize| {
            let digest = &whole.signatures[nth].signed_digest;
            image
                .windows(digest.len())
                .position(|w| w == digest)
                .unwrap()
        };
        for (patched, expected) in [
            (vec![0], [false, true]),
            (vec![1], [true, false]),
            (vec![0, 1], [false, false]),
        ] {
            let mut image = image.clone();
            for nth in patched {
                image[at(nth)] = 0;
            }
            let judged = bench.judge(&image).unwrap();
            let valid: Vec<bool> = judged.counted().map(is_valid).collect();
            assert_eq!(valid, expected, "{}", judged.shown());
        }
    }

    #[test]
    fn a_timestamp_keeps_its_fraction_of_a_second() {
        let Some(image) = signify("whois.exe") else {
            return;
        };
        let judged = Bench::at(NOW).judge(&image).unwrap();
        let stamp = &judged.signatures[0].timestamps[0];
        assert_eq!(stamp.kind, TimestampKind::Rfc3161);
        assert_eq!(rfc3339(stamp.at.unwrap()), "2019-12-11T08:40:17.75Z");
    }

    #[test]
    fn uthenticodes_self_signed_images_hold_under_their_own_pins() {
        let Some(suite) = corpus("windows/uthenticode") else {
            return;
        };
        for (file, count) in [
            ("32/pegoat-authenticode.exe", 1),
            ("64/pegoat-authenticode.exe", 1),
            ("32/pegoat-authenticode-nested.exe", 2),
            ("64/pegoat-authenticode-nested.exe", 2),
            ("32/pegoat-authenticode_duplicated.exe", 2),
        ] {
            let image = bytes(&suite.join(file));
            let unpinned = Bench::at(NOW).judge(&image).unwrap();
            assert!(
                unpinned.counted().all(|s| s.integrity == Integrity::Valid),
                "{file}"
            );
            assert!(!unpinned.counted().any(is_valid), "{file}");
            let signers: Vec<_> = unpinned
                .counted()
                .filter_map(|s| s.signer.clone())
                .collect();
            assert_eq!(signers.len(), count, "{file}");
            let within = signers.iter().map(|c| c.not_before).max().unwrap();
            let mut pinned = Bench::at(&rfc3339(within));
            pinned.store = pinned.store.with_user(signers);
            let judged = pinned.judge(&image).unwrap();
            assert!(judged.is_valid(), "{file}\n{}", judged.shown());
        }
    }

    #[test]
    fn uthenticodes_forgeries_are_refused() {
        let Some(suite) = corpus("windows/uthenticode") else {
            return;
        };
        let judge = |file| Bench::at(NOW).judge(&bytes(&suite.join(file))).unwrap();
        let tls = judge("A_SSLippery_Slope.exe");
        assert!(
            tls.reasons().contains("eku-missing-codesigning"),
            "{}",
            tls.shown()
        );
        let inside = judge("YourPhone.exe");
        assert!(
            inside.reasons().contains("signature-inside-image"),
            "{}",
            inside.shown()
        );
        assert!(!inside.is_valid() && !tls.is_valid());
        assert_eq!(judge("32/pegoat.exe").signatures.len(), 0);
    }
}
