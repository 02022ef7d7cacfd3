//! Update channels: what a client is told to trust, what that signs, what this names, and whether the bytes at the end are those.
//!
//! `collect → read → path → score`: the shell collects ([`Dialect::wants`] says what to ask for next), everything here is pure: what
//! was collected, the anchors, the judgement time in, a [`Judged`] channel out. A dialect reads its documents into the one model
//! of `model::channel`; the authenticity path ([`path`]) and the scorecard ([`score`]) are the same for every kind.
//!
//! That a channel is well made does not say that what it serves is harmless, nor that the vendor's own machines are sound.
//!
//! # How to add a kind
//!
//! 1. `src/channel/<kind>.rs`, or a folder with `mod.rs` and the names `collect.rs`, `read.rs`, `client.rs`, `findings.rs`, `tests.rs`:
//!    a [`Dialect`]. Put everything that a signature covers, and only that, into `claims` and `signed_span`; give each signature its
//!    own outcome; make a `Binding` for everything that names something else, also where it fails or could not be compared.
//!    Answer the checks that only your kind can answer with `Channel::facts`; say "does not apply" there, too.
//! 2. Its `mod` line and its entry in [`ALL`], side by side below.
//! 3. Findings of its own only for what no check of the scorecard stands for: `findings.rs` beside it, named in `findings::ALL`.
//! 4. A fixture folder `fixtures/channel/<kind>/`, a fuzz target for its parser, a mutation test.
//!
//! What a dialect reads is hostile: every loop and allocation that the documents control has a named limit, and what is over it
//! is an anomaly, a gap or an error, never left out in silence.

pub mod address;
pub mod apt;
pub mod body;
pub mod check;
pub mod compare;
pub mod findings;
pub mod openpgp;
pub mod order;
pub mod path;
pub mod score;

use std::cmp::Ordering;
use std::collections::BTreeMap;

use crate::base::time::Time;
use crate::channel::check::Scene;
use crate::channel::path::Paths;
use crate::channel::score::Scored;
use crate::model::channel::{Channel, ClientSwitch, ClientVerdict, Provenance};
use crate::model::collection::{Collection, Want};
use crate::model::finding::Finding;

/// Every kind, in the order they are asked whether an address is theirs.
pub static ALL: &[&dyn Dialect] = &[&apt::Apt];

/// One kind of channel.
pub trait Dialect: Sync {
    /// What it is.
    fn card(&self) -> Card;

    /// Whether `hint` looks like a channel of this kind, by its address and, of a copy on disk, by the files in it.
    fn sniff(&self, hint: &Hint<'_>) -> bool;

    /// What to ask for next, given what was collected; nothing more where it is enough. Asked again after each round, until it
    /// wants nothing that was not asked for.
    fn wants(&self, request: &Request, have: &Collection) -> Vec<Want>;

    /// Reads and verifies what was collected.
    ///
    /// # Errors
    /// Where not even the first document can be read as this kind.
    fn read(&self, request: &Request, have: &Collection, at: Time) -> Result<Channel, Error>;

    /// What the channel's own client would do with it, given what it has from earlier.
    fn client_rules(&self, case: &Case<'_>) -> ClientVerdict;

    /// The channels that a file configures, by its own name and bytes: the configuration of the kind's client. One that cannot be
    /// checked is among them all the same.
    ///
    /// # Errors
    /// Where some of a file of this name cannot be read.
    fn configured(&self, _name: &str, _bytes: &[u8]) -> Result<Vec<Request>, Error> {
        Ok(Vec::new())
    }

    /// Files and folders by which the kind's client would check what is asked about, where the user names no anchor.
    fn client_anchors(&self, _request: &Request) -> Vec<String> {
        Vec::new()
    }

    /// Which of two versions is newer; none where that cannot be told.
    fn order(&self, left: &str, right: &str) -> Option<Ordering> {
        order::dotted(left, right)
    }
}

/// What a client is faced with.
#[derive(Debug, Clone, Copy)]
pub struct Case<'a> {
    /// What was asked about.
    pub request: &'a Request,
    /// What came.
    pub have: &'a Collection,
    /// The same, read.
    pub channel: &'a Channel,
    /// What the client has from earlier.
    pub before: Option<&'a Channel>,
    /// The judgement time.
    pub at: Time,
}

/// What a kind of channel is.
#[derive(Debug, Clone, Copy)]
pub struct Card {
    /// Id: `apt`. Stable, kebab-case.
    pub kind: &'static str,
    /// Its name.
    pub name: &'static str,
    /// What a user names it by: `URL SUITE [COMPONENT...], or the address of a suite`.
    pub target: &'static str,
    /// Specifications.
    pub specifications: &'static [&'static str],
    /// What bounds it.
    pub limits: &'static [(&'static str, u64)],
}

/// By what a channel is recognised.
#[derive(Debug, Clone, Copy)]
pub struct Hint<'a> {
    /// What the user named; `file:///` for a copy on disk.
    pub target: &'a str,
    /// Files of a copy on disk below its root, with `/` between parts; none for what is fetched.
    pub files: &'a [String],
}

/// What is asked about.
#[derive(Debug, Clone, Default)]
pub struct Request {
    /// What the user named, by the rules of the kind's card; `file:///…` names a place below the root of a copy on disk.
    pub target: String,
    /// Anchors at hand, as files.
    pub anchors: Vec<GivenAnchor>,
    /// Settings of the client.
    pub switches: Vec<ClientSwitch>,
    /// Products or packages of which the artifacts are wanted; none for the documents alone, or for what the kind takes by itself.
    pub products: Vec<String>,
    /// Further settings of the kind: `architecture`, `version`, `channel`.
    pub options: BTreeMap<String, String>,
    /// Files of a copy on disk below its root, with `/` between parts; none for what is fetched.
    pub files: Vec<String>,
}

/// A trust anchor as a file: a keyring, a certificate, a root document.
#[derive(Debug, Clone)]
pub struct GivenAnchor {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// From where it is known.
    pub provenance: Provenance,
}

/// Why nothing can be said of a channel.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// What the user named is not how channels of this kind are named.
    #[error("`{0}` names no channel of this kind")]
    Target(String),
    /// The first document did not come.
    #[error("{what} did not come: {why}")]
    Missing {
        /// What.
        what: String,
        /// Why.
        why: String,
    },
    /// The first document cannot be read.
    #[error("{what}, offset {offset}: {why}")]
    Malformed {
        /// What.
        what: String,
        /// Where.
        offset: u64,
        /// What is wrong.
        why: String,
    },
    /// An anchor cannot be read.
    #[error("anchor {0}: {1}")]
    Anchor(String, String),
}

/// A channel with all that is said of it.
#[derive(Debug, Clone)]
pub struct Judged {
    /// As collected and verified.
    pub channel: Channel,
    /// Its authenticity paths.
    pub paths: Paths,
    /// Its scorecard.
    pub card: Vec<Scored>,
    /// What its own client would do.
    pub client: ClientVerdict,
    /// What of all this is worth a finding.
    pub findings: Vec<Finding>,
}

/// The dialect of this kind.
pub fn find(kind: &str) -> Option<&'static dyn Dialect> {
    ALL.iter().copied().find(|d| d.card().kind == kind)
}

/// The first dialect that takes `hint` for its own.
pub fn sniff(hint: &Hint<'_>) -> Option<&'static dyn Dialect> {
    ALL.iter().copied().find(|d| d.sniff(hint))
}

/// Judges what was collected. Pure: the same collection, request and time give the same answer.
///
/// # Errors
/// As [`Dialect::read`].
pub fn judge(
    dialect: &dyn Dialect,
    request: &Request,
    have: &Collection,
    before: Option<&Channel>,
    at: Time,
) -> Result<Judged, Error> {
    let channel = dialect.read(request, have, at)?;
    let client = dialect.client_rules(&Case {
        request,
        have,
        channel: &channel,
        before,
        at,
    });
    Ok(judged(dialect, channel, client, before, at))
}

/// The paths, the scorecard and the findings of a channel that was read.
pub fn judged(
    dialect: &dyn Dialect,
    channel: Channel,
    client: ClientVerdict,
    before: Option<&Channel>,
    at: Time,
) -> Judged {
    let paths = path::of(&channel);
    let card = score::card(&Scene {
        channel: &channel,
        paths: &paths,
        at,
        before,
        order: &|left, right| dialect.order(left, right),
    });
    let mut findings = score::findings(&card);
    findings.extend(score::beside(&channel));
    findings.extend(score::whole(&channel, &paths, &client));
    findings.extend(channel.findings.iter().cloned());
    Judged {
        channel,
        paths,
        card,
        client,
        findings,
    }
}
