//! Findings: what a check found, with a stable id, a status and its evidence.
//!
//! Each room declares its own findings as `pub static NAME: Definition` in its `findings.rs` and lists them in `ALL` there;
//! `docs/findings/<id>.md` holds the long text that `bonafide explain` prints. A test holds the two together.

use super::evidence::Evidence;
use super::party::PartyId;
use super::signature::SignatureId;

/// The independent dimensions of a report. None is zeroed by another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Dimension {
    /// Is the file what was signed.
    Integrity,
    /// Who signed it, and does the chain hold.
    Identity,
    /// Under whose law.
    Jurisdiction,
    /// Who owns the signer.
    Ownership,
    /// Which legal instruments name them.
    Instruments,
    /// Which hosts and networks are involved.
    Infrastructure,
    /// What can be seen of how it was made.
    Transparency,
    /// The update channel.
    Channel,
}

impl Dimension {
    /// All of them, in report order.
    pub const ALL: [Self; 8] = [
        Self::Integrity,
        Self::Identity,
        Self::Jurisdiction,
        Self::Ownership,
        Self::Instruments,
        Self::Infrastructure,
        Self::Transparency,
        Self::Channel,
    ];

    /// The word used in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Integrity => "integrity",
            Self::Identity => "identity",
            Self::Jurisdiction => "jurisdiction",
            Self::Ownership => "ownership",
            Self::Instruments => "instruments",
            Self::Infrastructure => "infrastructure",
            Self::Transparency => "transparency",
            Self::Channel => "channel",
        }
    }
}

/// How bad it is where it holds, whatever a policy makes of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// A fact worth seeing.
    Info,
    /// Weakens what the signature proves a little, or is common and benign.
    Low,
    /// A person should look.
    Medium,
    /// The signature does not prove what it seems to.
    High,
    /// An attack or a forgery looks like this.
    Critical,
}

impl Severity {
    /// The word used in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }
}

/// What a check came to. Ordered from best to worst; unknown is never pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// Checked and good.
    Pass,
    /// Not established, with the reason in the message.
    Unknown,
    /// Checked; nothing is violated but a person should know.
    Review,
    /// Checked and bad.
    Fail,
}

impl Status {
    /// The word used in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Unknown => "unknown",
            Self::Review => "review",
            Self::Fail => "fail",
        }
    }
}

/// What is the same about every finding of one id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Definition {
    /// Kebab-case, stable, never reused: scripts and waivers name it.
    pub id: &'static str,
    /// Which question it belongs to.
    pub dimension: Dimension,
    /// How bad it is where it holds.
    pub severity: Severity,
    /// One line, without a full stop.
    pub title: &'static str,
    /// Specifications, CVEs, laws.
    pub references: &'static [&'static str],
}

/// One thing a stage noticed about a subject or one of its signatures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Its definition.
    pub definition: &'static Definition,
    /// What the check came to.
    pub status: Status,
    /// What was found here, in one sentence; may quote hostile text, escaped only where it is printed.
    pub message: String,
    /// The signature it is about, if it is about one.
    pub signature: Option<SignatureId>,
    /// The parties it is about.
    pub parties: Vec<PartyId>,
    /// What it rests on.
    pub evidence: Vec<Evidence>,
}

impl Finding {
    /// A finding about the subject as a whole, without evidence yet.
    pub fn new(
        definition: &'static Definition,
        status: Status,
        message: impl Into<String>,
    ) -> Self {
        Self {
            definition,
            status,
            message: message.into(),
            signature: None,
            parties: Vec::new(),
            evidence: Vec::new(),
        }
    }

    /// The same resting on `evidence` too.
    #[must_use]
    pub fn with(mut self, evidence: Evidence) -> Self {
        self.evidence.push(evidence);
        self
    }

    /// The same, about `signature`.
    #[must_use]
    pub fn about(mut self, signature: &SignatureId) -> Self {
        self.signature = Some(signature.clone());
        self
    }

    /// The same, about `party`.
    #[must_use]
    pub fn party(mut self, party: &PartyId) -> Self {
        self.parties.push(party.clone());
        self
    }
}
