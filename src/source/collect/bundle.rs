//! An evidence bundle of a channel: a plain directory with `channel.json`, which names every answer by digest, and `bodies/`.
//!
//! The list is written anew after each answer and says `partial` until nothing more was wanted: a collection that was broken off can
//! be taken up again and is never taken for a whole one. Reading checks every digest; nothing in the list names a path.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::copy::held;
use crate::base::blob::ReadAt;
use crate::base::time::{parse_rfc3339, rfc3339};
use crate::model::channel::{Fetch, FetchOutcome, Hop};
use crate::model::collection::{Collected, Collection};
use crate::model::digest::hex;
use crate::model::extract::Gap;
use crate::source::file::{self, FileBlob};
use crate::source::output;

/// Largest list; 512 answers with their hops and headers take under 1 MB.
const MAX_LIST: u64 = 64 << 20;
/// Bytes copied at once.
const CHUNK: u64 = 1 << 20;
/// Name of the list.
pub const LIST: &str = "channel.json";
const BODIES: &str = "bodies";
const FORM: &str = "bonafide-channel/1";

/// What went wrong with a bundle.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Cannot be read or written.
    #[error("{0}")]
    Io(#[from] io::Error),
    /// Not a bundle.
    #[error("{LIST}: {0}")]
    Form(String),
    /// A body is not the one that was recorded.
    #[error("the answer of {0} does not match its recorded digest")]
    Digest(String),
    /// Broken off.
    #[error("the collection was broken off; collect it again into the same directory")]
    Partial,
    /// There is one already.
    #[error("the directory holds a whole collection, or one of something else")]
    Taken,
}

/// What a bundle is about.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Head {
    /// Kind of channel.
    pub kind: String,
    /// What the user named, without credentials.
    pub target: String,
    /// Products asked for.
    pub products: Vec<String>,
    /// Settings.
    pub options: BTreeMap<String, String>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct List {
    form: String,
    state: State,
    kind: String,
    target: String,
    products: Vec<String>,
    options: BTreeMap<String, String>,
    answers: Vec<Answer>,
    gaps: Vec<(String, String)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum State {
    Partial,
    Whole,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Answer {
    url: String,
    outcome: Word,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    at: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    vantage: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    hops: Vec<HopRow>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    headers: Vec<(String, String)>,
    size: u64,
    sha256: String,
    artifact: bool,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Word {
    Whole,
    Status(u16),
    Failed(String),
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct HopRow {
    url: String,
    status: u16,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    ip: Option<std::net::IpAddr>,
}

/// A bundle in the making.
#[derive(Debug)]
pub struct Writer {
    dir: PathBuf,
    list: List,
}

impl Writer {
    /// Begins a bundle in `dir`, or takes up one that was broken off: then with what came, save what failed.
    ///
    /// # Errors
    /// What the operating system says; a directory that holds something else.
    pub fn open(dir: &Path, head: &Head) -> Result<(Self, Collection), Error> {
        std::fs::create_dir_all(dir.join(BODIES))?;
        let mut have = Collection::default();
        if dir.join(LIST).is_file() {
            let (found, list) = load(dir)?;
            if list.state == State::Whole || head_of(&list) != *head {
                return Err(Error::Taken);
            }
            have = found;
            let failed = |c: &Collected| matches!(c.fetch.outcome, FetchOutcome::Failed(_));
            have.all.retain(|c| !failed(c));
            have.gaps.clear();
        }
        let list = List {
            form: FORM.to_owned(),
            state: State::Partial,
            kind: head.kind.clone(),
            target: head.target.clone(),
            products: head.products.clone(),
            options: head.options.clone(),
            answers: have.all.iter().map(answer).collect(),
            gaps: Vec::new(),
        };
        let writer = Self {
            dir: dir.to_owned(),
            list,
        };
        writer.write()?;
        Ok((writer, have))
    }

    /// Keeps one answer.
    ///
    /// # Errors
    /// What the operating system says.
    pub fn keep(&mut self, found: &Collected) -> io::Result<()> {
        if let Some(body) = &found.body {
            let path = self.dir.join(BODIES).join(hex(&found.fetch.sha256));
            if !path.is_file() {
                write_body(&path, body.as_ref())?;
            }
        }
        self.list.answers.push(answer(found));
        self.write()
    }

    /// Nothing more is wanted: from here on it is whole. With gaps it is whole, too, and says them.
    ///
    /// # Errors
    /// What the operating system says.
    pub fn finish(mut self, have: &Collection) -> io::Result<()> {
        self.list.state = State::Whole;
        self.list.gaps = have
            .gaps
            .iter()
            .map(|g| (g.what.clone(), g.why.clone()))
            .collect();
        self.write()
    }

    fn write(&self) -> io::Result<()> {
        let mut bytes = serde_json::to_vec_pretty(&self.list).map_err(io::Error::other)?;
        bytes.push(b'\n');
        output::write(&self.dir.join(LIST), &bytes)
    }
}

fn write_body(path: &Path, body: &dyn ReadAt) -> io::Result<()> {
    use std::io::Write as _;
    let mut pending = output::Pending::create(path)?;
    let mut at = 0u64;
    while at < body.size() {
        let end = at.saturating_add(CHUNK).min(body.size());
        pending.write_all(&body.read_range(at..end)?)?;
        at = end;
    }
    pending.commit()
}

fn answer(found: &Collected) -> Answer {
    let fetch = &found.fetch;
    Answer {
        url: fetch.url.clone(),
        outcome: match &fetch.outcome {
            FetchOutcome::Whole => Word::Whole,
            FetchOutcome::Status(status) => Word::Status(*status),
            FetchOutcome::Failed(why) => Word::Failed(why.clone()),
            FetchOutcome::NotAsked => Word::Failed("not asked".to_owned()),
        },
        at: fetch.at.map(rfc3339),
        vantage: fetch.vantage.clone(),
        hops: fetch
            .hops
            .iter()
            .map(|h| HopRow {
                url: h.url.clone(),
                status: h.status,
                ip: h.ip,
            })
            .collect(),
        headers: fetch.headers.clone(),
        size: fetch.size,
        sha256: hex(&fetch.sha256),
        artifact: found.artifact,
    }
}

fn head_of(list: &List) -> Head {
    Head {
        kind: list.kind.clone(),
        target: list.target.clone(),
        products: list.products.clone(),
        options: list.options.clone(),
    }
}

/// Whether `dir` is a bundle, whole or not.
pub fn is_bundle(dir: &Path) -> bool {
    dir.join(LIST).is_file()
}

/// Reads a whole bundle and checks every digest.
///
/// # Errors
/// Unreadable, changed, or broken off.
pub fn read(dir: &Path) -> Result<(Head, Collection), Error> {
    let (have, list) = load(dir)?;
    match list.state {
        State::Whole => Ok((head_of(&list), have)),
        State::Partial => Err(Error::Partial),
    }
}

fn load(dir: &Path) -> Result<(Collection, List), Error> {
    let bytes = file::read(&dir.join(LIST), MAX_LIST)?;
    let list: List = serde_json::from_slice(&bytes).map_err(|e| Error::Form(e.to_string()))?;
    if list.form != FORM {
        return Err(Error::Form(format!("not of the form {FORM}")));
    }
    let mut have = Collection {
        all: Vec::new(),
        gaps: list
            .gaps
            .iter()
            .map(|(what, why)| Gap {
                what: what.clone(),
                why: why.clone(),
            })
            .collect(),
    };
    for row in &list.answers {
        have.all.push(collected(dir, row)?);
    }
    Ok((have, list))
}

fn collected(dir: &Path, row: &Answer) -> Result<Collected, Error> {
    let changed = || Error::Digest(row.url.clone());
    let outcome = match &row.outcome {
        Word::Whole => FetchOutcome::Whole,
        Word::Status(status) => FetchOutcome::Status(*status),
        Word::Failed(why) => FetchOutcome::Failed(why.clone()),
    };
    let mut body = None;
    let mut sha256 = Vec::new();
    if outcome == FetchOutcome::Whole {
        let is_name = row.sha256.len() == 64 && row.sha256.bytes().all(|b| b.is_ascii_hexdigit());
        if !is_name {
            return Err(changed());
        }
        let blob = FileBlob::open(&dir.join(BODIES).join(&row.sha256))?;
        let (held, digest) = held(blob)?;
        if hex(&digest) != row.sha256 || held.size() != row.size {
            return Err(changed());
        }
        sha256 = digest;
        body = Some(held);
    }
    let at = match &row.at {
        Some(text) => Some(parse_rfc3339(text).ok_or_else(changed)?),
        None => None,
    };
    Ok(Collected {
        fetch: Fetch {
            url: row.url.clone(),
            hops: row
                .hops
                .iter()
                .map(|h| Hop {
                    url: h.url.clone(),
                    status: h.status,
                    ip: h.ip,
                })
                .collect(),
            outcome,
            headers: row.headers.clone(),
            size: row.size,
            sha256,
            at,
            vantage: row.vantage.clone(),
        },
        body,
        artifact: row.artifact,
    })
}

#[cfg(test)]
mod tests {
    use super::{BODIES, Error, Head, LIST, Writer, read};
    use crate::model::channel::{Fetch, FetchOutcome, Hop};
    use crate::model::collection::Collected;
    use sha2::{Digest, Sha256};
    use std::sync::Arc;

    fn answer(url: &str, body: &[u8]) -> Collected {
        Collected {
            fetch: Fetch {
                url: url.to_owned(),
                hops: vec![Hop {
                    url: url.to_owned(),
                    status: 200,
                    ip: "192.0.2.1".parse().ok(),
                }],
                outcome: FetchOutcome::Whole,
                headers: vec![("etag".to_owned(), "x".to_owned())],
                size: body.len() as u64,
                sha256: Sha256::digest(body).to_vec(),
                at: crate::base::time::parse_rfc3339("2026-01-02T03:04:05Z"),
                vantage: None,
            },
            body: Some(Arc::new(body.to_vec())),
            artifact: false,
        }
    }

    fn head() -> Head {
        Head {
            kind: "apt".to_owned(),
            target: "https://h.example/".to_owned(),
            ..Head::default()
        }
    }

    #[test]
    fn what_was_kept_reads_back_and_a_half_one_is_never_whole() {
        let dir = tempfile::tempdir().unwrap();
        let (mut writer, have) = Writer::open(dir.path(), &head()).unwrap();
        assert!(have.all.is_empty());
        let first = answer("https://h.example/a", b"aa");
        writer.keep(&first).unwrap();
        let mut failed = answer("https://h.example/b", b"");
        failed.fetch.outcome = FetchOutcome::Failed("broke off".to_owned());
        failed.body = None;
        writer.keep(&failed).unwrap();
        drop(writer);
        assert!(matches!(read(dir.path()), Err(Error::Partial)));

        let (writer, have) = Writer::open(dir.path(), &head()).unwrap();
        assert_eq!(have.all.len(), 1, "what failed is asked for again");
        assert_eq!(have.all[0].fetch, first.fetch);
        writer.finish(&have).unwrap();
        let (found, back) = read(dir.path()).unwrap();
        assert_eq!(found, head());
        assert_eq!(back.bytes("https://h.example/a", 10).unwrap(), b"aa");
        assert!(matches!(
            Writer::open(dir.path(), &head()),
            Err(Error::Taken)
        ));
    }

    #[test]
    fn a_changed_body_or_list_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let (mut writer, have) = Writer::open(dir.path(), &head()).unwrap();
        writer.keep(&answer("https://h.example/a", b"aa")).unwrap();
        writer.finish(&have).unwrap();
        let list = dir.path().join(LIST);
        let good = crate::source::file::read_text(&list, 1 << 20).unwrap();
        let digest = crate::model::digest::hex(&Sha256::digest(b"aa"));
        std::fs::write(&list, good.replace(&digest, "../../../../etc/passwd")).unwrap();
        assert!(matches!(read(dir.path()), Err(Error::Digest(_))));
        std::fs::write(&list, good.replace("bonafide-channel/1", "x")).unwrap();
        assert!(matches!(read(dir.path()), Err(Error::Form(_))));
        std::fs::write(&list, &good).unwrap();
        std::fs::write(dir.path().join(BODIES).join(&digest), b"ab").unwrap();
        assert!(matches!(read(dir.path()), Err(Error::Digest(_))));
    }
}
