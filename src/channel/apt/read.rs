//! From what was collected to the model: release file, indexes, files, and every digest between them compared.

use std::collections::BTreeMap;

use super::collect::{
    Index, Place, arrived, bare, came, detached, indexes, scan_of, selected, wants_none,
};
use super::packages::{Package, Scan};
use super::reading::{Form, Reading};
use super::release::{Dated, Release};
use super::source::Source;
use crate::base::time::Time;
use crate::channel::body::digests;
use crate::channel::openpgp::{self, Keys};
use crate::channel::{Error, Request, address};
use crate::model::channel::{
    Anomaly, AnomalyKind, Artifact, Binding, Channel, CheckStatus, Document, Fact, Fetch,
    FetchOutcome, How, Node, Outcome, Release as Offer, Role, Signature, SignatureStatus,
};
use crate::model::collection::{Collected, Collection};
use crate::model::digest::{DigestAlgorithm, hex};
use crate::model::extract::Gap;
use crate::model::finding::Severity;
use crate::verify::digest::hash;

/// Fields that identify a suite.
const IDENTITY: [&str; 4] = ["origin", "label", "suite", "codename"];

pub(super) fn read(request: &Request, have: &Collection, at: Time) -> Result<Channel, Error> {
    let source = Source::of(request)?;
    let mut keys = Keys::read(&request.anchors)?;
    let reading = Reading::of(&source, have, &keys, at)?;
    let mut channel = Channel {
        kind: "apt",
        origins: vec![source.root.clone()],
        fetches: have.all.iter().map(|c| c.fetch.clone()).collect(),
        gaps: have.gaps.clone(),
        switches: source
            .switches
            .iter()
            .chain(&request.switches)
            .cloned()
            .collect(),
        ..Channel::default()
    };
    let mut document = release_document(&reading, &source, have);
    document.anomalies.append(&mut keys.anomalies);
    let holds = |s: &Signature| matches!(s.status, SignatureStatus::Verified(_));
    let signed = document.signatures.iter().any(holds);
    Keys::note(&mut keys.anchors, &document.signatures);
    channel.anchors = keys.anchors;
    channel.documents.push(document);
    if reading.form == Form::Detached {
        channel.documents.push(signature_document(&source, have));
    }
    let empty = Release::default();
    let release = reading.release.as_ref().unwrap_or(&empty);
    channel.name = name(release, &source);
    let mut reader = Reader {
        request,
        source: &source,
        have,
        release,
        channel,
        scans: Vec::new(),
    };
    for index in indexes(&source, release) {
        reader.index(&index);
    }
    reader.files();
    let mut channel = reader.channel;
    channel
        .facts
        .extend(facts(&reading, &source, release, signed));
    stated(&mut channel, release);
    Ok(channel)
}

fn name(release: &Release, source: &Source) -> String {
    let origin = release.get("origin").or(release.get("label"));
    let suite = source.suite.as_deref().or(release.get("suite"));
    match (origin, suite) {
        (Some(origin), Some(suite)) => format!("{origin} {suite}"),
        (None, Some(one)) | (Some(one), None) => one.to_owned(),
        (None, None) => source.root.clone(),
    }
}

fn span(at: usize, len: usize) -> std::ops::Range<u64> {
    let start = u64::try_from(at).unwrap_or(u64::MAX);
    start..start.saturating_add(u64::try_from(len).unwrap_or(u64::MAX))
}

fn sha256(bytes: &[u8]) -> Vec<u8> {
    hash(DigestAlgorithm::Sha256, bytes).unwrap_or_default()
}

fn release_document(reading: &Reading, source: &Source, have: &Collection) -> Document {
    let mut document = Document {
        role: Role::Index,
        format: reading.name(),
        name: reading.name().to_owned(),
        url: reading.url.clone(),
        fetch: have.index(&reading.url),
        sha256: sha256(&reading.bytes),
        size: u64::try_from(reading.bytes.len()).unwrap_or(u64::MAX),
        ..Document::default()
    };
    match &reading.checked {
        Ok(checked) => {
            let signed = checked.body.as_ref().map(|b| span(b.start, b.len()));
            for outcome in &checked.signatures {
                let mut signature = openpgp::signature(outcome, signed.clone());
                if !source.signed_by.is_empty()
                    && matches!(signature.status, SignatureStatus::Verified(_))
                    && !openpgp::is_allowed(outcome, &source.signed_by)
                {
                    signature.status = SignatureStatus::KeyUnusable(
                        "not one of the keys that Signed-By allows".to_owned(),
                    );
                }
                document.signatures.push(signature);
            }
            // Anomalies of a detached signature are in another file and have no place in this one.
            let anomalies = checked.anomalies.iter().map(openpgp::anomaly);
            document
                .anomalies
                .extend(anomalies.map(|a| match reading.form {
                    Form::Inline => a,
                    Form::Detached | Form::Unsigned => Anomaly {
                        what: format!("Release.gpg: {}", a.what),
                        span: None,
                        ..a
                    },
                }));
        }
        Err(why) if reading.form != Form::Unsigned => document.anomalies.push(Anomaly {
            kind: AnomalyKind::Malformed,
            what: why.clone(),
            span: None,
        }),
        Err(_) => {}
    }
    match &reading.release {
        Ok(release) => {
            document.anomalies.extend(release.anomalies.iter().cloned());
            document.issued = release.dated("date").time();
            document.expires = release.dated("valid-until").time();
            for field in IDENTITY {
                if let Some(value) = release.get(field) {
                    document.identity.insert(field, value.to_owned());
                }
            }
            for (field, what) in [("date", "Date"), ("valid-until", "Valid-Until")] {
                if release.dated(field) == Dated::Garbage {
                    document.anomalies.push(Anomaly {
                        kind: AnomalyKind::Irregular,
                        what: format!("{what} is no date"),
                        span: None,
                    });
                }
            }
        }
        Err(malformed) => document.anomalies.push(Anomaly {
            kind: AnomalyKind::Malformed,
            what: malformed.why.to_owned(),
            span: Some(span(malformed.offset, 1)),
        }),
    }
    document
}

fn signature_document(source: &Source, have: &Collection) -> Document {
    let url = detached(source);
    let fetch = have.get(&url).map(|c| &c.fetch);
    Document {
        role: Role::Signature,
        format: "Release.gpg",
        name: "Release.gpg".to_owned(),
        fetch: have.index(&url),
        size: fetch.map_or(0, |f| f.size),
        sha256: fetch.map(|f| f.sha256.clone()).unwrap_or_default(),
        url,
        ..Document::default()
    }
}

struct Reader<'a> {
    request: &'a Request,
    source: &'a Source,
    have: &'a Collection,
    release: &'a Release,
    channel: Channel,
    /// Each index that could be read, with its document.
    scans: Vec<(usize, Scan)>,
}

impl Reader<'_> {
    fn bind(&mut self, from: Node, to: Node, how: How, outcome: Outcome) {
        self.channel.bindings.push(Binding {
            from,
            to,
            how,
            outcome,
            span: None,
        });
    }

    fn index(&mut self, index: &Index) {
        let Some((place, found)) = arrived(index, self.have) else {
            self.missing(index);
            return;
        };
        let node = self.document(place, &found.fetch);
        let release = Node::Document(0);
        let stated = [(place.algorithm, place.digest.clone())];
        let outcome = compared(found, Some(place.size), &stated);
        self.bind(
            release,
            Node::Document(node),
            How::Digest(place.algorithm),
            outcome,
        );
        let plain = self.release.entry(bare(&place.path));
        let algorithms: Vec<DigestAlgorithm> = plain.iter().map(|(a, _)| *a).collect();
        match scan_of(self.release, place, found, self.request, &algorithms) {
            Ok(scan) => {
                // What comes out is named by the release file, too, where it lists the plain form.
                if let Some((algorithm, entry)) = plain
                    && bare(&place.path) != place.path
                {
                    let agrees = scan.size == entry.size
                        && scan.digests.iter().all(|(_, d)| *d == entry.digest);
                    if !agrees {
                        let why = format!("what comes out is not the {algorithm} stated");
                        let how = How::Digest(algorithm);
                        self.bind(release, Node::Document(node), how, Outcome::Fails(why));
                    }
                }
                if scan.dropped > 0 {
                    self.gap(
                        format!("{} packages in {}", scan.dropped, place.path),
                        "a name, a version or a path of more than 4096 bytes",
                    );
                }
                let twice = scan.kept().filter(|p| p.ambiguous);
                let twice: Vec<Anomaly> = twice.map(two_digests).collect();
                if let Some(document) = self.channel.documents.get_mut(node) {
                    document.anomalies.extend(twice);
                }
                self.scans.push((node, scan));
            }
            Err(why) => {
                if let Some(document) = self.channel.documents.get_mut(node) {
                    document.anomalies.push(Anomaly {
                        kind: AnomalyKind::Malformed,
                        what: why,
                        span: None,
                    });
                }
            }
        }
    }

    fn missing(&mut self, index: &Index) {
        let tried = index.places.iter().filter_map(|p| self.have.get(&p.url));
        let why = match tried.map(|c| &c.fetch.outcome).next_back() {
            Some(FetchOutcome::Status(status)) => format!("the server answers {status}"),
            Some(FetchOutcome::Failed(why)) => why.clone(),
            Some(FetchOutcome::Whole | FetchOutcome::NotAsked) | None => "not asked for".to_owned(),
        };
        self.gap(index.path.clone(), &why);
        let Some(place) = index.places.last() else {
            return;
        };
        let node = self.document(place, &Fetch::default());
        let how = How::Digest(place.algorithm);
        self.bind(
            Node::Document(0),
            Node::Document(node),
            how,
            Outcome::Open(why),
        );
    }

    fn gap(&mut self, what: String, why: &str) {
        self.channel.gaps.push(Gap {
            what,
            why: why.to_owned(),
        });
    }

    fn document(&mut self, place: &Place, fetch: &Fetch) -> usize {
        self.channel.documents.push(Document {
            role: Role::Manifest,
            format: "Packages",
            name: place.path.clone(),
            url: place.url.clone(),
            fetch: self.have.index(&place.url),
            size: fetch.size,
            sha256: fetch.sha256.clone(),
            ..Document::default()
        });
        self.channel.documents.len().saturating_sub(1)
    }

    /// The files that were asked about, and what names them.
    fn files(&mut self) {
        let scans = std::mem::take(&mut self.scans);
        let chosen = selected(self.request, scans.iter().map(|(_, s)| s));
        for package in &chosen {
            let is_here = |s: &Scan| s.kept().any(|p| std::ptr::eq(p, *package));
            let document = scans.iter().find(|(_, s)| is_here(s)).map(|(d, _)| *d);
            self.file(package, document);
        }
        let count: u64 = scans.iter().map(|(_, s)| s.count).sum();
        self.channel
            .stated
            .push(("packages".to_owned(), count.to_string()));
        let asked = self.request.products.len();
        if asked > chosen.len() && !wants_none(self.request) {
            let missing = asked.saturating_sub(chosen.len());
            self.gap(
                format!("{missing} of the packages that were asked for"),
                "no index that was seen lists them",
            );
            self.channel.facts.push(fact(
                "A3",
                CheckStatus::Unknown,
                format!("{missing} packages asked for are listed by no index seen"),
            ));
        }
        if self.request.products.is_empty() && !chosen.is_empty() && count > 1 {
            let why = "only the smallest was taken, as a sample; name packages for more";
            self.gap(format!("{} packages", count.saturating_sub(1)), why);
        }
    }

    fn file(&mut self, package: &Package, document: Option<usize>) {
        let url = address::below(&self.source.root, &package.filename);
        let found = url.as_ref().and_then(|u| self.have.get(u));
        let artifact = self.channel.artifacts.len();
        self.channel.artifacts.push(Artifact {
            name: address::file_name(&package.filename).to_owned(),
            urls: url.iter().cloned().collect(),
            size: package.size,
            digests: package
                .digests
                .iter()
                .map(|(a, d)| (a.name(), hex(d)))
                .collect::<BTreeMap<_, _>>(),
            fetch: url.as_ref().and_then(|u| self.have.index(u)),
            ..Artifact::default()
        });
        self.channel.releases.push(Offer {
            product: package.name.clone(),
            version: package.version.clone(),
            platforms: vec![package.architecture.clone()],
            artifacts: vec![artifact],
            document,
            ..Offer::default()
        });
        let Some(document) = document.map(Node::Document) else {
            return;
        };
        let how = match package.digests.first() {
            Some((algorithm, _)) => How::Digest(*algorithm),
            None => How::Size,
        };
        let outcome = match (&url, found) {
            (None, _) => Outcome::Fails("its path leads out of the repository".to_owned()),
            // Which of them counts is the client's secret.
            (Some(_), _) if package.ambiguous => {
                Outcome::Open("two digests of one algorithm are stated".to_owned())
            }
            (_, None) => Outcome::Open("not asked for".to_owned()),
            (_, Some(found)) => match &found.fetch.outcome {
                FetchOutcome::Whole => compared(found, package.size, &package.digests),
                FetchOutcome::Status(status) => {
                    Outcome::Open(format!("the server answers {status}"))
                }
                FetchOutcome::Failed(why) => Outcome::Open(why.clone()),
                FetchOutcome::NotAsked => Outcome::Open("not asked for".to_owned()),
            },
        };
        self.bind(document, Node::Artifact(artifact), how, outcome);
    }
}

fn two_digests(package: &Package) -> Anomaly {
    Anomaly {
        kind: AnomalyKind::Ambiguous,
        what: format!("two digests of one algorithm for {}", package.name),
        span: None,
    }
}

/// Size and every stated digest against what came.
fn compared(
    found: &Collected,
    size: Option<u64>,
    stated: &[(DigestAlgorithm, Vec<u8>)],
) -> Outcome {
    let Some(body) = &found.body else {
        return Outcome::Open("its bytes are not at hand".to_owned());
    };
    if let Some(size) = size.filter(|s| *s != body.size()) {
        return Outcome::Fails(format!("{} bytes came, {size} are stated", body.size()));
    }
    let mut algorithms: Vec<DigestAlgorithm> = stated.iter().map(|(a, _)| *a).collect();
    algorithms.sort_unstable();
    algorithms.dedup();
    let computed = match digests(body.as_ref(), &algorithms) {
        Ok(computed) => computed,
        Err(why) => return Outcome::Open(why),
    };
    for (algorithm, digest) in stated {
        match computed.iter().find(|(a, _)| a == algorithm) {
            Some((_, is)) if is == digest => {}
            Some(_) => return Outcome::Fails(format!("{algorithm} differs from what is stated")),
            None => return Outcome::Open(format!("{algorithm} is not computed")),
        }
    }
    Outcome::Holds
}

fn fact(check: &'static str, status: CheckStatus, evidence: impl Into<String>) -> Fact {
    Fact {
        check,
        status,
        evidence: evidence.into(),
        severity: None,
    }
}

/// What only this kind can say; `signed` where a signature over the release file holds.
fn facts(reading: &Reading, source: &Source, release: &Release, signed: bool) -> Vec<Fact> {
    // What nobody signed may say anything: it can fail a check and pass none.
    let passed = |check, evidence: String| match signed {
        true => fact(check, CheckStatus::Pass, evidence),
        false => fact(check, CheckStatus::Unknown, "no signature holds"),
    };
    let mut facts = Vec::new();
    let is_read = reading.release.is_ok();
    let is_security = ["suite", "codename", "label"]
        .iter()
        .filter_map(|f| release.get(f))
        .any(|v| v.to_ascii_lowercase().contains("security"));
    if is_read && is_security && release.dated("valid-until").time().is_none() {
        facts.push(Fact {
            severity: Some(Severity::High),
            ..fact(
                "F2",
                CheckStatus::Fail,
                "a suite of security updates can be served for ever: no Valid-Until in it",
            )
        });
    }
    if let (Some(asked), true) = (&source.suite, is_read) {
        let asked = asked.trim_end_matches('/');
        let named: Vec<&str> = ["suite", "codename"]
            .iter()
            .filter_map(|f| release.get(f))
            .collect();
        // `stable/updates` of old security archives calls itself `stable`.
        let same = named
            .iter()
            .any(|n| *n == asked || asked.split('/').any(|p| p == *n));
        facts.push(if named.is_empty() {
            fact(
                "F7",
                CheckStatus::Unknown,
                "it names neither suite nor codename",
            )
        } else if same {
            passed("F7", format!("it calls itself {}", named.join(", ")))
        } else {
            let said = format!(
                "{asked} was asked for and it calls itself {}",
                named.join(", ")
            );
            fact("F7", CheckStatus::Fail, said)
        });
    }
    if is_read {
        facts.push(if release.by_hash() {
            fact("C2", CheckStatus::Pass, "Acquire-By-Hash: yes")
        } else {
            fact("C2", CheckStatus::Fail, "no Acquire-By-Hash")
        });
        facts.push(if names_strongly(source, release) {
            let said = "one release file names every index by digest";
            passed("C3", said.to_owned())
        } else {
            fact(
                "C3",
                CheckStatus::Fail,
                "the release file names not every index by a strong digest",
            )
        });
    }
    if let Ok(checked) = &reading.checked {
        let weak = openpgp::key_weaknesses(&checked.signatures);
        if !weak.is_empty() {
            facts.push(fact("A6", CheckStatus::Fail, weak.join(", ")));
        }
    }
    let none = CheckStatus::NotApplicable;
    facts.push(fact(
        "A7",
        none,
        "packages of this kind are bound by the index, not by a signer",
    ));
    facts.push(fact(
        "K1",
        none,
        "apt has no root role: one signature of the keyring suffices",
    ));
    facts
}

/// What the suite says beside.
fn stated(channel: &mut Channel, release: &Release) {
    for field in ["version", "changelogs", "snapshots", "signed-by"] {
        if let Some(value) = release.get(field) {
            channel.stated.push((field.to_owned(), value.to_owned()));
        }
    }
    let weak: Vec<&str> = release
        .tables
        .keys()
        .filter(|a| a.is_weak())
        .map(|a| a.name())
        .collect();
    if !weak.is_empty() {
        channel
            .stated
            .push(("weak tables listed".to_owned(), weak.join(", ")));
    }
}

/// There are indexes, and each is named by a digest that the client takes for strong enough.
pub(super) fn names_strongly(source: &Source, release: &Release) -> bool {
    let all = indexes(source, release);
    let weak = |i: &Index| i.places.iter().any(|p| p.algorithm.is_weak());
    !all.is_empty() && !all.iter().any(weak)
}

/// Every index that is listed came.
pub(super) fn all_came(source: &Source, release: &Release, have: &Collection) -> bool {
    let all = indexes(source, release);
    all.iter()
        .all(|i| i.places.iter().any(|p| came(have, &p.url)))
}
