//! Questions about hosts under `--online`: names, and the certificates that a server shows.
//!
//! Names may come from files that an attacker wrote. The address that was checked is the address that is connected to; private
//! and special ones are refused unless the user says otherwise; answers are bounded in number, size and time, and each can be
//! recorded and replayed.

mod dns;
mod tls;

use reqwest::Url;
use serde::{Deserialize, Serialize};

use super::http::Error;
use super::wire::Wire;
use crate::base::time::Time;

pub use dns::System;
pub use tls::{Shown, chain};

/// Records kept of one answer.
const MAX_RECORDS: usize = 64;

/// One record in presentation form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// Owner name without the last dot.
    pub name: String,
    /// `A`, `CNAME` ….
    pub kind: String,
    /// Value.
    pub value: String,
}

/// Kinds of records that are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// IPv4 addresses.
    A,
    /// IPv6 addresses.
    Aaaa,
    /// Name servers.
    Ns,
    /// Authorities that may issue certificates (RFC 8659).
    Caa,
}

impl Kind {
    /// Its name in questions.
    pub fn name(self) -> &'static str {
        match self {
            Self::A => "A",
            Self::Aaaa => "AAAA",
            Self::Ns => "NS",
            Self::Caa => "CAA",
        }
    }
}

/// Somebody who knows names.
pub trait Resolver: std::fmt::Debug {
    /// In words, for reports.
    fn name(&self) -> String;

    /// The records of a name, with the aliases on the way; none where it has none of this kind.
    ///
    /// # Errors
    /// No answer, or no such name.
    fn ask(&self, name: &str, kind: Kind) -> Result<Vec<Record>, String>;
}

/// A resolver whose answers are kept, or come from what was kept.
#[derive(Debug)]
pub struct Recorded<'a> {
    /// What answers come over.
    pub wire: &'a Wire,
    /// Who answers; nobody on replay.
    pub live: Option<&'a dyn Resolver>,
}

/// How one question is named in a bundle (RFC 4501).
fn question(name: &str, kind: Kind) -> Option<Url> {
    Url::parse(&format!("dns:{name}?type={}", kind.name())).ok()
}

impl Recorded<'_> {
    /// Whether an answer can be had: from the network, or because it was recorded.
    pub fn holds(&self, name: &str, kind: Kind) -> bool {
        question(name, kind).is_some_and(|url| self.wire.holds(&url))
    }

    /// The records with the time that they were asked at.
    ///
    /// # Errors
    /// No answer, or no such name.
    pub fn ask(&self, name: &str, kind: Kind) -> Result<(Time, Vec<Record>), String> {
        let url = question(name, kind).ok_or("no name that can be asked for")?;
        let live = || {
            let resolver = self
                .live
                .ok_or_else(|| Error::Unreachable("offline".into()))?;
            let mut records = resolver.ask(name, kind).map_err(Error::Unreachable)?;
            records.truncate(MAX_RECORDS);
            serde_json::to_vec(&records).map_err(|e| Error::Unreachable(e.to_string()))
        };
        let (at, body) = self.wire.other(&url, live).map_err(|e| e.to_string())?;
        let mut records: Vec<Record> =
            serde_json::from_slice(&body).map_err(|e| format!("recorded answer: {e}"))?;
        records.truncate(MAX_RECORDS);
        Ok((at, records))
    }
}
