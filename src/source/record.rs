//! Evidence bundles: every network answer a run rested on, so that the run can be repeated without the network.
//!
//! A bundle is one JSON file. Each answer carries the address asked, the body sent (for OCSP), when it was asked, the
//! status and the body received with its SHA-256; a body that does not match its digest is refused on replay.

use std::collections::BTreeMap;
use std::path::Path;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::base::time::{self, Time};
use crate::model::digest::hex;

/// Largest bundle read; a scan of thousands of files shares a few dozen CRLs.
const MAX_BUNDLE: u64 = 512 << 20;

/// Bytes of answers kept in one run, so that what is recorded can be replayed.
pub const MAX_RECORDED: usize = 200 << 20;

/// What went wrong with a bundle.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Cannot be read or written.
    #[error("{0}")]
    Io(#[from] std::io::Error),
    /// Not a bundle.
    #[error("not an evidence bundle: {0}")]
    Form(#[from] serde_json::Error),
    /// A body was changed after it was recorded.
    #[error("the answer of {0} does not match its recorded digest")]
    Digest(String),
}

/// One recorded answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// When it was asked.
    pub at: Time,
    /// HTTP status, or 0 where no answer came.
    pub status: u16,
    /// The body.
    pub body: Vec<u8>,
    /// Why no answer came.
    pub error: Option<String>,
    /// Addresses that it was redirected to, in order.
    pub hops: Vec<String>,
}

/// A question: address and what was sent.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Question {
    /// The address.
    pub url: String,
    /// Body of a POST; empty for a GET.
    pub sent: Vec<u8>,
}

/// Answers by question.
#[derive(Debug, Clone, Default)]
pub struct Bundle {
    answers: BTreeMap<Question, Answer>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    bundle_version: String,
    answers: Vec<Entry>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    url: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    sent_hex: String,
    at: String,
    status: u16,
    sha256: String,
    body_hex: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    error: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    hops: Vec<String>,
}

impl Bundle {
    /// The answer to `question`, if it was recorded.
    pub fn get(&self, question: &Question) -> Option<&Answer> {
        self.answers.get(question)
    }

    /// Records an answer.
    pub fn insert(&mut self, question: Question, answer: Answer) {
        self.answers.insert(question, answer);
    }

    /// Takes over all answers of another.
    pub fn extend(&mut self, other: &Self) {
        let answers = other.answers.iter().map(|(q, a)| (q.clone(), a.clone()));
        self.answers.extend(answers);
    }

    /// How many answers it holds.
    pub fn len(&self) -> usize {
        self.answers.len()
    }

    /// Bytes of all answers.
    pub fn bytes(&self) -> usize {
        self.answers.values().map(|answer| answer.body.len()).sum()
    }

    /// It holds none.
    pub fn is_empty(&self) -> bool {
        self.answers.is_empty()
    }

    /// Reads a bundle and checks every digest.
    ///
    /// # Errors
    /// Unreadable, malformed, or changed.
    pub fn read(path: &Path) -> Result<Self, Error> {
        Self::parse(&super::file::read(path, MAX_BUNDLE)?)
    }

    /// As [`Bundle::read`], from bytes.
    ///
    /// # Errors
    /// Malformed or changed.
    pub fn parse(bytes: &[u8]) -> Result<Self, Error> {
        let file: File = serde_json::from_slice(bytes)?;
        let mut bundle = Self::default();
        for entry in file.answers {
            let changed = || Error::Digest(entry.url.clone());
            let body = unhex(&entry.body_hex).ok_or_else(changed)?;
            if sha256_hex(&body) != entry.sha256 {
                return Err(changed());
            }
            let at = time::parse_rfc3339(&entry.at).ok_or_else(changed)?;
            let sent = unhex(&entry.sent_hex).ok_or_else(changed)?;
            let answer = Answer {
                at,
                status: entry.status,
                body,
                error: entry.error.clone(),
                hops: entry.hops.clone(),
            };
            bundle.insert(
                Question {
                    url: entry.url,
                    sent,
                },
                answer,
            );
        }
        Ok(bundle)
    }

    /// The bundle as a file, in a fixed order.
    ///
    /// # Errors
    /// Never in practice; what the serialiser says.
    pub fn to_bytes(&self) -> Result<Vec<u8>, Error> {
        let answers = self
            .answers
            .iter()
            .map(|(q, a)| Entry {
                url: q.url.clone(),
                sent_hex: hex(&q.sent),
                at: time::rfc3339(a.at),
                status: a.status,
                sha256: sha256_hex(&a.body),
                body_hex: hex(&a.body),
                error: a.error.clone(),
                hops: a.hops.clone(),
            })
            .collect();
        let mut bytes = serde_json::to_vec_pretty(&File {
            bundle_version: "1".into(),
            answers,
        })?;
        bytes.push(b'\n');
        Ok(bytes)
    }
}

fn sha256_hex(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    if !rest.is_empty() {
        return None;
    }
    pairs
        .iter()
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{Answer, Bundle, Question};

    fn sample() -> Bundle {
        let mut bundle = Bundle::default();
        let at = crate::base::time::parse_rfc3339("2026-01-02T03:04:05Z").unwrap();
        let answer = |body: &[u8]| Answer {
            at,
            status: 200,
            body: body.to_vec(),
            error: None,
            hops: Vec::new(),
        };
        bundle.insert(
            Question {
                url: "http://crl.example/a.crl".into(),
                sent: vec![],
            },
            answer(b"crl"),
        );
        bundle.insert(
            Question {
                url: "http://ocsp.example/".into(),
                sent: vec![0x30, 0],
            },
            answer(b"ocsp"),
        );
        bundle
    }

    #[test]
    fn what_was_recorded_replays_byte_for_byte() {
        let bytes = sample().to_bytes().unwrap();
        let back = Bundle::parse(&bytes).unwrap();
        assert_eq!(back.to_bytes().unwrap(), bytes);
        assert_eq!(
            back.get(&Question {
                url: "http://ocsp.example/".into(),
                sent: vec![0x30, 0]
            })
            .unwrap()
            .body,
            b"ocsp"
        );
    }

    #[test]
    fn a_changed_body_is_refused() {
        let text = String::from_utf8(sample().to_bytes().unwrap())
            .unwrap()
            .replace("63726c", "63726d");
        assert!(Bundle::parse(text.as_bytes()).is_err());
    }
}
