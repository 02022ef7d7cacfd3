//! `Packages`: a paragraph a package. Streamed: the largest suites list 60,000 in 50 MB, and only what was asked for is kept.

use std::collections::BTreeMap;
use std::io::{BufReader, Read};

use super::deb822::{Paragraph, Paragraphs};
use crate::base::blob::ReadAt;
use crate::base::debian_version::Version;
use crate::channel::body::{decoded, unhex};
use crate::model::digest::DigestAlgorithm;
use crate::verify::digest::Hasher;

/// Largest decoded index where the release file states no size; the largest suites have about 60 MB.
pub(super) const MAX_DECODED: u64 = 512 << 20;
/// Bytes of a name, a version or a path; no file system takes a longer path.
const MAX_WORD: usize = 4096;

/// Digests that a paragraph may state, strongest first.
const FIELDS: [(&[u8], DigestAlgorithm); 4] = [
    (b"SHA512", DigestAlgorithm::Sha512),
    (b"SHA256", DigestAlgorithm::Sha256),
    (b"SHA1", DigestAlgorithm::Sha1),
    (b"MD5sum", DigestAlgorithm::Md5),
];

/// A package as a paragraph states it; hostile text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Package {
    pub(super) name: String,
    pub(super) version: String,
    pub(super) architecture: String,
    pub(super) filename: String,
    pub(super) size: Option<u64>,
    /// Strongest first, one an algorithm.
    pub(super) digests: Vec<(DigestAlgorithm, Vec<u8>)>,
    /// Two digests of one algorithm are stated, and they differ.
    pub(super) ambiguous: bool,
}

/// What an index holds.
#[derive(Debug, Default)]
pub(super) struct Scan {
    /// Packages in it.
    pub(super) count: u64,
    /// By product as it was asked for: its newest version, or the one that is named behind `=`.
    found: BTreeMap<String, Package>,
    /// The smallest file in it, for a sample.
    pub(super) smallest: Option<Package>,
    /// Length of what comes out of its coding, and its digests.
    pub(super) size: u64,
    pub(super) digests: Vec<(DigestAlgorithm, Vec<u8>)>,
    /// Packages left out: a name, a version or a path of theirs is longer than any can be.
    pub(super) dropped: u64,
}

/// Reads an index whose coding is that of `name`; at most `limit` bytes may come out.
pub(super) fn scan(
    name: &str,
    body: &dyn ReadAt,
    limit: u64,
    products: &[String],
    algorithms: &[DigestAlgorithm],
) -> Result<Scan, String> {
    let mut tee = Tee {
        inner: decoded(name, body, limit)?,
        size: 0,
        hashers: algorithms
            .iter()
            .filter_map(|a| Some((*a, Hasher::new(*a)?)))
            .collect(),
    };
    let mut scan = Scan::default();
    let mut least: Option<(u64, Vec<u8>)> = None;
    {
        let mut paragraphs = Paragraphs::new(BufReader::with_capacity(64 << 10, &mut tee));
        while let Some(paragraph) = paragraphs.next()? {
            scan.paragraph(paragraph, products, &mut least);
        }
    }
    scan.size = tee.size;
    scan.digests = tee
        .hashers
        .into_iter()
        .map(|(a, h)| (a, h.finish()))
        .collect();
    Ok(scan)
}

impl Scan {
    fn paragraph(
        &mut self,
        paragraph: Paragraph<'_>,
        products: &[String],
        least: &mut Option<(u64, Vec<u8>)>,
    ) {
        let mut name: &[u8] = b"";
        let mut size = None;
        for (field, value) in paragraph.fields() {
            if field.eq_ignore_ascii_case(b"Package") {
                name = value;
            } else if field.eq_ignore_ascii_case(b"Size") {
                size = std::str::from_utf8(value).ok().and_then(|v| v.parse().ok());
            }
        }
        if name.is_empty() {
            return;
        }
        self.count = self.count.saturating_add(1);
        if name.len() > MAX_WORD {
            self.dropped = self.dropped.saturating_add(1);
            return;
        }
        let mut wanted = products.iter().filter(|p| split(p).0.as_bytes() == name);
        let key = || (size.unwrap_or(u64::MAX), name.to_vec());
        let is_least = products.is_empty() && least.as_ref().is_none_or(|l| key() < *l);
        let Some(first) = wanted.next() else {
            if is_least {
                match package(paragraph) {
                    Some(package) => {
                        self.smallest = Some(package);
                        *least = Some(key());
                    }
                    None => self.dropped = self.dropped.saturating_add(1),
                }
            }
            return;
        };
        let Some(package) = package(paragraph) else {
            self.dropped = self.dropped.saturating_add(1);
            return;
        };
        for product in std::iter::once(first).chain(wanted) {
            self.keep(product, &package);
        }
    }

    fn keep(&mut self, product: &str, package: &Package) {
        let (_, version) = split(product);
        if version.is_some_and(|v| v != package.version) {
            return;
        }
        let is_older = self
            .found
            .get(product)
            .is_some_and(|kept| Version::parse(&package.version) < Version::parse(&kept.version));
        if !is_older {
            self.found.insert(product.to_owned(), package.clone());
        }
    }

    /// What was kept.
    pub(super) fn kept(&self) -> impl Iterator<Item = &Package> {
        self.found.values().chain(&self.smallest)
    }

    /// The newest version of a product, or the one that it names behind `=`.
    pub(super) fn newest(&self, product: &str) -> Option<&Package> {
        self.found.get(product)
    }
}

/// A product as it is asked for: its name, and the version behind `=`.
fn split(product: &str) -> (&str, Option<&str>) {
    match product.split_once('=') {
        Some((name, version)) => (name, Some(version)),
        None => (product, None),
    }
}

/// None where a word of it is longer than any can be.
fn package(paragraph: Paragraph<'_>) -> Option<Package> {
    let mut package = Package::default();
    let mut digests: Vec<(usize, DigestAlgorithm, Vec<u8>)> = Vec::new();
    for (field, value) in paragraph.fields() {
        let text = || String::from_utf8_lossy(value).into_owned();
        if field.eq_ignore_ascii_case(b"Package") {
            package.name = text();
        } else if field.eq_ignore_ascii_case(b"Version") {
            package.version = text();
        } else if field.eq_ignore_ascii_case(b"Architecture") {
            package.architecture = text();
        } else if field.eq_ignore_ascii_case(b"Filename") {
            package.filename = text();
        } else if field.eq_ignore_ascii_case(b"Size") {
            package.size = text().parse().ok();
        } else if let Some(at) = FIELDS
            .iter()
            .position(|(f, _)| field.eq_ignore_ascii_case(f))
            && let Some((_, algorithm)) = FIELDS.get(at)
            && let Some(digest) = unhex(&text()).filter(|d| d.len() == algorithm.output_len())
        {
            match digests.iter().find(|(known, _, _)| *known == at) {
                Some((_, _, known)) => package.ambiguous |= *known != digest,
                None => digests.push((at, *algorithm, digest)),
            }
        }
    }
    digests.sort();
    package.digests = digests.into_iter().map(|(_, a, d)| (a, d)).collect();
    let words = [
        &package.name,
        &package.version,
        &package.architecture,
        &package.filename,
    ];
    words.iter().all(|w| w.len() <= MAX_WORD).then_some(package)
}

/// Hashes what is read.
struct Tee<R> {
    inner: R,
    size: u64,
    hashers: Vec<(DigestAlgorithm, Hasher)>,
}

impl<R: Read> Read for Tee<R> {
    fn read(&mut self, buf: &mut [u8]) -> std::io::Result<usize> {
        let read = self.inner.read(buf)?;
        let bytes = buf.get(..read).unwrap_or_default();
        for (_, hasher) in &mut self.hashers {
            hasher.update(bytes);
        }
        let count = u64::try_from(read).unwrap_or(u64::MAX);
        self.size = self.size.saturating_add(count);
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::scan;
    use crate::model::digest::DigestAlgorithm;

    const TEXT: &str = "Package: ab\nVersion: 1.9\nArchitecture: amd64\nFilename: pool/ab_1.deb\nSize: 30\nSHA256: 00ff\nMD5sum: 00112233445566778899aabbccddeeff\n\nPackage: abc\nVersion: 9\nFilename: x\nSize: 2\n\nPackage: ab\nVersion: 1.10\nFilename: pool/ab_2.deb\n";

    #[test]
    fn the_newest_of_what_was_asked_for_or_the_smallest_of_all() {
        let body = TEXT.as_bytes().to_vec();
        let asked = ["ab".to_owned()];
        let found = scan("Packages", &body, 1000, &asked, &[DigestAlgorithm::Sha256]).unwrap();
        assert_eq!(
            (found.count, found.kept().count(), found.size),
            (3, 1, TEXT.len() as u64)
        );
        assert_eq!(found.newest("ab").unwrap().version, "1.10");
        let asked = ["ab=1.9".to_owned(), "ab=2".to_owned()];
        let found = scan("Packages", &body, 1000, &asked, &[]).unwrap();
        let old = found.newest("ab=1.9").unwrap();
        // What is no digest of its algorithm is none.
        assert_eq!(old.digests.len(), 1);
        assert_eq!(found.newest("ab=2"), None);
        assert!(found.smallest.is_none());
        let sample = scan("Packages", &body, 1000, &[], &[]).unwrap();
        assert_eq!(sample.smallest.unwrap().name, "abc");
    }

    #[test]
    fn a_digest_counts_once_and_two_that_differ_are_ambiguous() {
        let one = format!("SHA256: {}\n", "ab".repeat(32));
        let other = format!("SHA256: {}\n", "cd".repeat(32));
        let of = |fields: &str| {
            let body = format!("Package: a\n{fields}").into_bytes();
            let found = scan("Packages", &body, 1 << 24, &["a".into()], &[]).unwrap();
            found.newest("a").unwrap().clone()
        };
        let same = of(&one.repeat(20_000));
        assert_eq!((same.digests.len(), same.ambiguous), (1, false));
        let differ = of(&format!("{one}{other}"));
        assert_eq!((differ.digests.len(), differ.ambiguous), (1, true));
    }

    #[test]
    fn packages_with_endless_words_are_left_out_and_counted() {
        let long = "x".repeat(super::MAX_WORD + 1);
        let body =
            format!("Package: a\nVersion: {long}\n\nPackage: {long}\n\nPackage: a\nVersion: 1\n")
                .into_bytes();
        for asked in [vec![], vec!["a".to_owned()]] {
            let found = scan("Packages", &body, 1 << 20, &asked, &[]).unwrap();
            assert_eq!((found.count, found.dropped), (3, 2));
            assert_eq!(found.kept().next().unwrap().version, "1");
        }
    }

    #[test]
    fn more_than_stated_is_an_error() {
        let body = TEXT.as_bytes().to_vec();
        assert!(scan("Packages", &body, 20, &[], &[]).is_err());
    }

    #[test]
    fn cut_and_flipped_indexes_end_without_a_fault() {
        let good = TEXT.as_bytes();
        for cut in 0..good.len() {
            let _ = scan("Packages", &good[..cut].to_vec(), 1000, &["ab".into()], &[]);
        }
        for at in 0..good.len() {
            let mut bad = good.to_vec();
            bad[at] ^= 0x20;
            let _ = scan("Packages", &bad, 1000, &[], &[]);
        }
    }
}
