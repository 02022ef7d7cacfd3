//! The verdict of a policy over the facts.

use time::Date;

/// What to do with the subject.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Decision {
    /// Earned: something was checked, and nothing speaks against it.
    Allow,
    /// Nothing violated, but a person must look, or evidence is missing.
    Review,
    /// The policy is violated.
    Deny,
}

impl Decision {
    /// The word used in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Allow => "allow",
            Self::Review => "review",
            Self::Deny => "deny",
        }
    }
}

/// One reason a policy gave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// The rule's id: `prohibition-in-force`, `signature-missing`.
    pub id: String,
    /// `Deny` or `Review`.
    pub decision: Decision,
    /// In one sentence.
    pub message: String,
    /// Stable across runs: SHA-256 over (id, subject digest, key facts), hex; waivers name it.
    pub instance: String,
    /// Evidence handles of the report that the rule named.
    pub evidence: Vec<String>,
    /// Party the rule named.
    pub party: Option<String>,
    /// Which rule of the policy: `data.bonafide.deny_listed`.
    pub rule: String,
    /// Waived, by this.
    pub waiver: Option<Waiver>,
}

/// An exception that somebody answers for, until a date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiver {
    /// Reason id it covers.
    pub finding: String,
    /// One instance only, where given.
    pub instance: Option<String>,
    /// Last day it holds.
    pub until: Date,
    /// Why.
    pub reason: String,
    /// Who.
    pub by: Option<String>,
}

/// Which policy spoke.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyIdentity {
    /// `default`, `us-commercial`, or the file's path.
    pub id: String,
    /// Its own version.
    pub version: String,
    /// SHA-256 over its text and its settings, hex.
    pub sha256: String,
}

/// The verdict.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// What to do.
    pub decision: Decision,
    /// Which policy spoke.
    pub policy: PolicyIdentity,
    /// Why, worst first; waived ones included and marked.
    pub reasons: Vec<Reason>,
}
