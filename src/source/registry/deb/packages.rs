//! `Packages`: a paragraph a package.

use std::io::Read;

use crate::base::codec::xz;
use crate::model::digest::DigestAlgorithm;
use crate::source::deb822;
use crate::source::digest::unhex;

/// Largest decoded file; the largest suites have about 60 MB.
const MAX_DECODED: u64 = 512 << 20;

/// Largest dictionary: that of `xz -9`.
const MAX_DICTIONARY: u32 = 64 << 20;

/// Digests that a paragraph may state.
const FIELDS: [(&str, DigestAlgorithm); 4] = [
    ("SHA512", DigestAlgorithm::Sha512),
    ("SHA256", DigestAlgorithm::Sha256),
    ("SHA1", DigestAlgorithm::Sha1),
    ("MD5sum", DigestAlgorithm::Md5),
];

/// A package as a paragraph states it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) version: String,
    pub(super) filename: String,
    pub(super) size: Option<u64>,
    pub(super) digests: Vec<(DigestAlgorithm, Vec<u8>)>,
}

/// The text behind the file's ending.
pub(super) fn decode(bytes: &[u8], path: &str) -> Result<String, String> {
    if path.ends_with(".xz") {
        text(xz::Streams::new(bytes, MAX_DICTIONARY))
    } else if path.ends_with(".gz") {
        text(flate2::read::MultiGzDecoder::new(bytes))
    } else {
        text(bytes)
    }
}

fn text(from: impl Read) -> Result<String, String> {
    let mut out = Vec::new();
    let mut bounded = from.take(MAX_DECODED.saturating_add(1));
    #[expect(clippy::disallowed_methods, reason = "bounded by take")]
    bounded.read_to_end(&mut out).map_err(|e| e.to_string())?;
    if u64::try_from(out.len()).unwrap_or(u64::MAX) > MAX_DECODED {
        return Err(format!("decodes to more than {MAX_DECODED} bytes"));
    }
    String::from_utf8(out).map_err(|_| "not UTF-8 text".into())
}

/// Every paragraph about `name` for `architecture` or for all.
pub(super) fn find(text: &str, name: &str, architecture: &str) -> Vec<Found> {
    deb822::paragraphs(text)
        .filter(|p| p.get("Package") == Some(name))
        .filter(|p| {
            p.get("Architecture")
                .is_none_or(|a| a == architecture || a == "all")
        })
        .filter_map(|p| {
            let digests = FIELDS
                .iter()
                .filter_map(|(key, algorithm)| Some((*algorithm, unhex(p.get(key)?)?)));
            Some(Found {
                version: p.get("Version")?.to_owned(),
                filename: p.get("Filename")?.trim_start_matches("./").to_owned(),
                size: p.get("Size").and_then(|s| s.parse().ok()),
                digests: digests.collect(),
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{decode, find};

    #[test]
    fn every_version_for_this_architecture_is_found() {
        let text = "Package: ab\nVersion: 1\nArchitecture: amd64\nFilename: ./pool/ab_1.deb\nSize: 3\nSHA256: 00ff\n\nPackage: abc\nVersion: 9\nFilename: x\n\nPackage: ab\nVersion: 2\nArchitecture: all\nFilename: pool/ab_2.deb\n\nPackage: ab\nVersion: 3\nArchitecture: arm64\nFilename: pool/ab_3.deb\n";
        let found = find(text, "ab", "amd64");
        assert_eq!(found.len(), 2);
        assert_eq!(
            (
                found[0].filename.as_str(),
                found[0].size,
                found[0].digests.len()
            ),
            ("pool/ab_1.deb", Some(3), 1)
        );
        assert_eq!(found[1].version, "2");
    }

    #[test]
    fn broken_compression_is_an_error() {
        assert!(decode(b"nothing", "Packages.xz").is_err());
        assert!(decode(b"nothing", "Packages.gz").is_err());
        assert_eq!(decode(b"text", "Packages").unwrap(), "text");
    }
}
