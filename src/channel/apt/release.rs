//! `Release`: what a suite says of itself, and its tables of digests (Debian wiki, "DebianRepository/Format").
//!
//! Read as the client reads it: of a field that stands twice the last one counts, of an entry that stands twice in a table the
//! first, and what follows the first paragraph is not looked at. Each of these is an anomaly.

use std::collections::BTreeMap;

use super::date;
use super::deb822::{Malformed, first_paragraph};
use crate::base::time::Time;
use crate::channel::body::unhex;
use crate::model::channel::{Anomaly, AnomalyKind};
use crate::model::digest::DigestAlgorithm;

/// Lines of all tables; the largest suites have some ten thousand.
const MAX_ENTRIES: usize = 400_000;
/// Anomalies kept of one file; the rest is counted.
const MAX_ANOMALIES: usize = 32;

/// The tables, strongest first.
pub(super) const TABLES: [(&str, DigestAlgorithm); 4] = [
    ("sha512", DigestAlgorithm::Sha512),
    ("sha256", DigestAlgorithm::Sha256),
    ("sha1", DigestAlgorithm::Sha1),
    ("md5sum", DigestAlgorithm::Md5),
];

/// Forms of an index, those that the client prefers first.
pub(super) const FORMS: [&str; 4] = [".xz", ".gz", ".bz2", ""];

/// An entry of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) digest: Vec<u8>,
    pub(super) size: u64,
}

/// A release file, read.
#[derive(Debug, Clone, Default)]
pub(super) struct Release {
    /// By name in lower case.
    fields: BTreeMap<String, String>,
    pub(super) tables: BTreeMap<DigestAlgorithm, BTreeMap<String, Entry>>,
    pub(super) anomalies: Vec<Anomaly>,
    /// Anomalies that found no room.
    beyond: u64,
}

/// A date field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Dated {
    /// Not there.
    Missing,
    /// There, and no date.
    Garbage,
    /// A date.
    At(Time),
}

impl Dated {
    pub(super) fn time(self) -> Option<Time> {
        match self {
            Self::At(time) => Some(time),
            Self::Missing | Self::Garbage => None,
        }
    }
}

impl Release {
    /// Reads the text that a signature covers, or all of an unsigned file; `start` is where it begins in its file.
    pub(super) fn read(text: &[u8], start: usize) -> Result<Self, Malformed> {
        let text = std::str::from_utf8(text).map_err(|e| Malformed {
            offset: start.saturating_add(e.valid_up_to()),
            why: "not UTF-8 text",
        })?;
        let (fields, second) = first_paragraph(text).map_err(|e| Malformed {
            offset: start.saturating_add(e.offset),
            why: e.why,
        })?;
        let mut release = Self::default();
        let mut entries = 0usize;
        for field in &fields {
            let name = field.name.to_ascii_lowercase();
            let at = start.saturating_add(field.offset);
            if let Some((_, algorithm)) = TABLES.iter().find(|(t, _)| *t == name) {
                let table = release.table(field.value, *algorithm, at, &mut entries)?;
                if release.tables.insert(*algorithm, table).is_some() {
                    release.note(AnomalyKind::Ambiguous, format!("{} twice", field.name), at);
                }
                continue;
            }
            if release
                .fields
                .insert(name, field.value.to_owned())
                .is_some()
            {
                release.note(AnomalyKind::Ambiguous, format!("{} twice", field.name), at);
            }
        }
        if let Some(second) = second {
            let at = start.saturating_add(second);
            release.note(AnomalyKind::Ambiguous, "a second paragraph".to_owned(), at);
        }
        if release.beyond > 0 {
            release.anomalies.push(Anomaly {
                kind: AnomalyKind::Irregular,
                what: format!("{} further anomalies", release.beyond),
                span: None,
            });
        }
        Ok(release)
    }

    fn note(&mut self, kind: AnomalyKind, what: String, at: usize) {
        if self.anomalies.len() < MAX_ANOMALIES {
            let at = u64::try_from(at).unwrap_or(u64::MAX);
            self.anomalies.push(Anomaly {
                kind,
                what,
                span: Some(at..at.saturating_add(1)),
            });
        } else {
            self.beyond = self.beyond.saturating_add(1);
        }
    }

    /// Lines of `DIGEST SIZE PATH`.
    fn table(
        &mut self,
        value: &str,
        algorithm: DigestAlgorithm,
        at: usize,
        entries: &mut usize,
    ) -> Result<BTreeMap<String, Entry>, Malformed> {
        let mut table: BTreeMap<String, Entry> = BTreeMap::new();
        for line in value.lines().map(str::trim).filter(|l| !l.is_empty()) {
            *entries = entries.saturating_add(1);
            if *entries > MAX_ENTRIES {
                return Err(Malformed {
                    offset: at,
                    why: "more than 400000 entries in tables",
                });
            }
            let mut words = line.split_ascii_whitespace();
            let digest = words.next().and_then(unhex);
            let digest = digest.filter(|d| d.len() == algorithm.output_len());
            let size = words.next().and_then(|s| s.parse().ok());
            let (Some(digest), Some(size), Some(path), None) =
                (digest, size, words.next(), words.next())
            else {
                let what = format!("a line of {algorithm} that is no entry: {line}");
                self.note(AnomalyKind::Irregular, what, at);
                continue;
            };
            if path.starts_with('/') || path.split('/').any(|p| p == "..") {
                let what = format!("{path} leads out of the suite");
                self.note(AnomalyKind::Irregular, what, at);
            }
            let entry = Entry { digest, size };
            match table.get(path) {
                None => {
                    table.insert(path.to_owned(), entry);
                }
                Some(first) if *first == entry => {
                    self.note(
                        AnomalyKind::Irregular,
                        format!("{path} twice in {algorithm}"),
                        at,
                    );
                }
                Some(_) => {
                    let what = format!("{path} with two digests in {algorithm}");
                    self.note(AnomalyKind::Ambiguous, what, at);
                }
            }
        }
        Ok(table)
    }

    /// A field by its name in lower case.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.fields.get(name).map(String::as_str)
    }

    pub(super) fn dated(&self, name: &str) -> Dated {
        match self.get(name) {
            None => Dated::Missing,
            Some(text) => date::read(text).map_or(Dated::Garbage, Dated::At),
        }
    }

    /// Digests may be asked for as addresses.
    pub(super) fn by_hash(&self) -> bool {
        self.get("acquire-by-hash")
            .is_some_and(|v| v.eq_ignore_ascii_case("yes"))
    }

    /// The strongest entry of a path.
    pub(super) fn entry(&self, path: &str) -> Option<(DigestAlgorithm, &Entry)> {
        TABLES.iter().find_map(|(_, algorithm)| {
            let entry = self.tables.get(algorithm)?.get(path)?;
            Some((*algorithm, entry))
        })
    }

    /// There is a table that the client takes for strong enough, with something in it.
    pub(super) fn has_strong_table(&self) -> bool {
        self.tables
            .iter()
            .any(|(algorithm, table)| !algorithm.is_weak() && !table.is_empty())
    }

    /// Components that it names.
    pub(super) fn components(&self) -> Vec<&str> {
        self.get("components")
            .unwrap_or_default()
            .split_ascii_whitespace()
            .collect()
    }
}

/// Keys that a `Signed-By` allows: its words save paths, with or without `!` behind them. A word that is no fingerprint fits no key
/// and restricts all the same. A key that stands there whole gives none.
pub(super) fn fingerprints(value: &str) -> Vec<String> {
    if value.contains("BEGIN PGP") {
        return Vec::new();
    }
    value
        .split(|c: char| c == ',' || c.is_whitespace())
        .filter(|w| !w.is_empty() && !w.starts_with('/'))
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{Dated, Release, fingerprints};
    use crate::model::channel::AnomalyKind;
    use crate::model::digest::DigestAlgorithm;

    fn body() -> String {
        format!(
            "Suite: s\nDate: Sat, 03 Jan 2026 00:00:00 UTC\nAcquire-By-Hash: yes\nMD5Sum:\n {} 1 main/binary-amd64/Packages\nSHA256:\n {} 1 main/binary-amd64/Packages.xz\n {} 1 main/binary-amd64/Packages\n",
            "00".repeat(16),
            "ab".repeat(32),
            "cd".repeat(32)
        )
    }

    #[test]
    fn the_strongest_table_is_taken() {
        let release = Release::read(body().as_bytes(), 0).unwrap();
        assert_eq!(
            release.entry("main/binary-amd64/Packages").unwrap().0,
            DigestAlgorithm::Sha256
        );
        assert!(release.by_hash() && release.has_strong_table());
        assert!(release.anomalies.is_empty());
        assert!(matches!(release.dated("date"), Dated::At(_)));
        assert_eq!(release.dated("valid-until"), Dated::Missing);
    }

    #[test]
    fn what_stands_twice_is_read_as_the_client_does_and_said() {
        let first = format!(" {} 1 main/binary-amd64/Packages\n", "cd".repeat(32));
        let twice = format!("{first} {} 9 main/binary-amd64/Packages\n", "ee".repeat(32));
        let text = format!(
            "Suite: first\n{}\nOrigin: second\n",
            body().replace(&first, &twice)
        );
        let release = Release::read(text.as_bytes(), 0).unwrap();
        assert_eq!(release.get("suite"), Some("s"));
        assert_eq!(release.get("origin"), None);
        let entry = release.entry("main/binary-amd64/Packages").unwrap().1;
        assert_eq!(entry.digest, [0xcd; 32]);
        let kinds: Vec<_> = release.anomalies.iter().map(|a| a.kind).collect();
        assert_eq!(kinds, [AnomalyKind::Ambiguous; 3]);
    }

    #[test]
    fn anomalies_over_the_limit_are_counted() {
        let text = format!("{}MD5Sum:\n{}", "Suite: s\n".repeat(30), " x\n".repeat(10));
        let release = Release::read(text.as_bytes(), 0).unwrap();
        let last = release.anomalies.last().unwrap();
        assert_eq!(last.what, "7 further anomalies");
    }

    #[test]
    fn fingerprints_are_told_from_paths() {
        let print = "DE66AECA9151AFA1877EC31DE8525D47528144E2";
        assert_eq!(
            fingerprints(&format!("{print}!, {print}")),
            [format!("{print}!"), print.to_owned()]
        );
        assert!(fingerprints("/usr/share/keyrings/x.gpg").is_empty());
        assert_eq!(fingerprints("528144E2"), ["528144E2"]);
    }

    #[test]
    fn cut_and_flipped_files_end_without_a_fault() {
        let good = body().into_bytes();
        for cut in 0..good.len() {
            let _ = Release::read(&good[..cut], 0);
        }
        for at in 0..good.len() {
            for bit in [0x01, 0x20, 0x80] {
                let mut bad = good.clone();
                bad[at] ^= bit;
                let _ = Release::read(&bad, 0);
            }
        }
    }
}
