//! `Release` and `InRelease`: what a suite holds, by digest.

use std::collections::BTreeMap;

use crate::model::digest::DigestAlgorithm;
use crate::source::deb822::{self, Paragraph};
use crate::source::digest::unhex;

/// Lines of one table; the largest suites have some thousands.
const MAX_ENTRIES: usize = 200_000;

/// Tables by strength.
const TABLES: [(&str, &str, DigestAlgorithm); 4] = [
    ("SHA512", "SHA512", DigestAlgorithm::Sha512),
    ("SHA256", "SHA256", DigestAlgorithm::Sha256),
    ("SHA1", "SHA1", DigestAlgorithm::Sha1),
    ("MD5Sum", "MD5Sum", DigestAlgorithm::Md5),
];

/// Fields that a report shows.
const SHOWN: [&str; 8] = [
    "Origin",
    "Label",
    "Suite",
    "Codename",
    "Version",
    "Date",
    "Valid-Until",
    "Signed-By",
];

/// Forms of `Packages`, smallest first.
const FORMS: [&str; 3] = ["Packages.xz", "Packages.gz", "Packages"];

/// A release file, read.
#[derive(Debug)]
pub(super) struct Release {
    fields: Vec<(&'static str, String)>,
    /// Digests may be used as addresses.
    pub(super) by_hash: bool,
    algorithm: DigestAlgorithm,
    folder: &'static str,
    entries: BTreeMap<String, Vec<u8>>,
}

/// Where a `Packages` file is, and its digest.
#[derive(Debug)]
pub(super) struct Index {
    pub(super) path: String,
    pub(super) by_hash: Option<String>,
    pub(super) algorithm: DigestAlgorithm,
    pub(super) digest: Vec<u8>,
}

impl Release {
    /// Reads a file; `clear` where it carries its signature around it.
    pub(super) fn read(bytes: &[u8], clear: bool) -> Result<Self, String> {
        let text = std::str::from_utf8(bytes).map_err(|_| "not UTF-8 text")?;
        let text = if clear {
            message(text)?
        } else {
            text.to_owned()
        };
        let mut paragraphs = deb822::paragraphs(&text);
        let paragraph = paragraphs.next().ok_or("empty")?;
        if paragraphs.next().is_some() {
            return Err("more than one paragraph".into());
        }
        let table = TABLES.iter().find(|(key, ..)| paragraph.get(key).is_some());
        let (key, folder, algorithm) = *table.ok_or("no table of digests")?;
        let shown = SHOWN
            .iter()
            .filter_map(|key| Some((*key, paragraph.get(key)?.to_owned())));
        Ok(Self {
            fields: shown.collect(),
            by_hash: paragraph
                .get("Acquire-By-Hash")
                .is_some_and(|v| v.eq_ignore_ascii_case("yes")),
            algorithm,
            folder,
            entries: entries(&paragraph, key)?,
        })
    }

    /// The forms of `Packages` in `folder`, smallest first.
    pub(super) fn indexes(&self, folder: &str) -> Vec<Index> {
        let forms = FORMS.iter().filter_map(|form| {
            let path = format!("{folder}{form}");
            let digest = self.entries.get(&path)?.clone();
            let hash = crate::model::digest::hex(&digest);
            Some(Index {
                by_hash: Some(format!("{folder}by-hash/{}/{hash}", self.folder)),
                path,
                algorithm: self.algorithm,
                digest,
            })
        });
        forms.collect()
    }

    /// What a report shows of it.
    pub(super) fn stated(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.fields
            .iter()
            .map(|(key, value)| (*key, value.as_str()))
    }
}

fn entries(paragraph: &Paragraph<'_>, table: &str) -> Result<BTreeMap<String, Vec<u8>>, String> {
    let mut entries = BTreeMap::new();
    for line in paragraph.get(table).unwrap_or_default().lines() {
        let mut words = line.split_whitespace();
        let (Some(digest), Some(_), Some(path)) = (words.next(), words.next(), words.next()) else {
            continue;
        };
        let Some(digest) = unhex(digest) else {
            continue;
        };
        if entries.len() >= MAX_ENTRIES {
            return Err("more files than any suite has".into());
        }
        // Two digests for one path would leave the choice to whoever wrote the second.
        if entries
            .insert(path.to_owned(), digest.clone())
            .is_some_and(|before| before != digest)
        {
            return Err(format!("two digests for {path}"));
        }
    }
    Ok(entries)
}

const BEGIN: &str = "-----BEGIN PGP SIGNED MESSAGE-----";
const SIGNATURE: &str = "-----BEGIN PGP SIGNATURE-----";
const END: &str = "-----END PGP SIGNATURE-----";

/// The text inside a clear-signed message (RFC 9580 section 7). Anything outside it is signed by nobody and refused.
fn message(text: &str) -> Result<String, String> {
    let mut lines = text.lines();
    if lines.next().map(str::trim_end) != Some(BEGIN) {
        return Err("no clear-signed message at its start".into());
    }
    for line in lines.by_ref() {
        if line.trim().is_empty() {
            break;
        }
        if !line.starts_with("Hash:") {
            return Err("an armor header other than Hash".into());
        }
    }
    let mut message = String::new();
    let mut signed = false;
    for line in lines.by_ref() {
        if line.trim_end() == SIGNATURE {
            signed = true;
            break;
        }
        // Lines of the message that start with a hyphen are escaped; no field does.
        if line.starts_with('-') {
            return Err("a line of the message starts with a hyphen".into());
        }
        message.push_str(line);
        message.push('\n');
    }
    if !signed || !lines.by_ref().any(|line| line.trim_end() == END) {
        return Err("the signature is not whole".into());
    }
    if lines.any(|line| !line.trim().is_empty()) {
        return Err("text after the signature".into());
    }
    Ok(message)
}

#[cfg(test)]
mod tests {
    use super::Release;
    use crate::model::digest::DigestAlgorithm;

    fn signed(body: &str) -> String {
        format!(
            "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\n{body}-----BEGIN PGP SIGNATURE-----\n\nAA\n-----END PGP SIGNATURE-----\n"
        )
    }

    fn body() -> String {
        format!(
            "Suite: s\nDate: Sat, 01 Jan 2026 00:00:00 UTC\nAcquire-By-Hash: yes\nMD5Sum:\n {} 1 main/binary-amd64/Packages\nSHA256:\n {} 1 main/binary-amd64/Packages.xz\n {} 1 main/binary-amd64/Packages\n",
            "00".repeat(16),
            "ab".repeat(32),
            "cd".repeat(32)
        )
    }

    #[test]
    fn the_strongest_table_and_the_smallest_form_are_taken() {
        let release = Release::read(signed(&body()).as_bytes(), true).unwrap();
        let index = release.indexes("main/binary-amd64/").remove(0);
        assert_eq!(index.algorithm, DigestAlgorithm::Sha256);
        assert_eq!(index.path, "main/binary-amd64/Packages.xz");
        assert_eq!(
            index.by_hash.unwrap(),
            format!("main/binary-amd64/by-hash/SHA256/{}", "ab".repeat(32))
        );
        assert!(release.indexes("contrib/binary-amd64/").is_empty());
        assert!(
            release
                .stated()
                .any(|(k, v)| k == "Date" && v.contains("2026"))
        );
        assert!(Release::read(body().as_bytes(), false).is_ok());
    }

    #[test]
    fn text_outside_the_signed_message_is_refused() {
        let good = signed(&body());
        for (wrong, why) in [
            (format!("Suite: x\n{good}"), "at its start"),
            (format!("{good}Suite: x\n"), "after"),
            (format!("{good}{good}"), "after"),
            (
                good.replace("Hash: SHA256", "Hash: SHA256\nSuite: evil"),
                "armor header",
            ),
            (good.replace("-----END PGP SIGNATURE-----", ""), "whole"),
            (good.replace("-----BEGIN PGP SIGNATURE-----", ""), "hyphen"),
            (signed(&format!("{}\nSuite: two\n", body())), "paragraph"),
            (signed("Suite: s\n"), "no table"),
            (signed(""), "empty"),
            (
                signed(&format!(
                    "{} {} 1 main/binary-amd64/Packages\n",
                    body(),
                    "ee".repeat(32)
                )),
                "two digests",
            ),
        ] {
            let error = Release::read(wrong.as_bytes(), true).unwrap_err();
            assert!(error.contains(why), "{error} / {why}");
        }
    }

    #[test]
    fn cut_and_flipped_files_end_without_a_fault() {
        let good = signed(&body()).into_bytes();
        for cut in 0..good.len() {
            let _ = Release::read(&good[..cut], true);
        }
        for at in 0..good.len() {
            let mut bad = good.clone();
            bad[at] ^= 0x20;
            let _ = Release::read(&bad, true);
        }
    }
}
