//! The peers' Windows suites.

/// Digests and page hashes, against peers' published ones and against what real signers signed.
mod digests {
    use std::collections::{BTreeMap, BTreeSet};
    use std::path::{Path, PathBuf};

    use bonafide::base::budget::{Budget, Limits, Stopped};
    use bonafide::envelope::cms::spc::indirect_data;
    use bonafide::envelope::{self, Opened};
    use bonafide::format::Format as _;
    use bonafide::format::pe::Pe;
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
    fn extract(file: &[u8]) -> Option<Extract> {
        if !Pe.detect(file) {
            return None;
        }
        match Pe.extract(&file.to_vec(), &budget()) {
            Err(error) if error.reason() == "not-pe" => None,
            out => Some(out.unwrap()),
        }
    }

    /// Digests of the file and of what its first signature covers.
    fn digests(file: &[u8]) -> Option<(Scan, Vec<(DigestAlgorithm, String)>)> {
        let out = extract(file)?;
        let covered = ALGORITHMS.map(|algorithm| (&out.signatures[0].coverage, algorithm));
        let request = Request {
            flat: &ALGORITHMS,
            covered: &covered,
            ..Request::default()
        };
        let scan = scan(&file.to_vec(), &request, &budget()).unwrap();
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
        let Opened::Cms(cms) = envelope::open(signature.envelope, &signature.bytes).unwrap();
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
                    covered: &[(&signature.coverage, algorithm)],
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
                    pages: &[(signature.coverage.pages.as_ref(), &hashes)],
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
