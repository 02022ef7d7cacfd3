//! The report itself.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::ser::SerializeMap as _;
use serde::{Deserialize, Serialize, Serializer};

use super::certificate::Certificate;
use super::channel::Channel;
use super::evidence::{Claim, Evidence};
use super::finding::{DimensionStatus, Finding};
use super::handle::{ClaimId, EvidenceId, HostId};
use super::host::Host;
use super::party::Party;
use super::subject::{Subject, SubjectError};
use super::words::{Decision, Dimension, ReportStatus};

/// Version of the schema. Additions raise the minor number; anything else would raise the major one.
pub const SCHEMA_VERSION: &str = "1.0";

/// Everything known of one top-level subject, and the verdict on it. Self-contained: every handle resolves inside it.
///
/// Strings marked as text from outside are as hostile as their author; every writer of this product escapes them.
/// Readers ignore fields and words they do not know: minor versions add some.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Report {
    /// `1.0`.
    pub schema_version: String,
    /// What wrote it.
    pub tool: Tool,
    /// How it was run.
    pub run: Run,
    /// How far it got: `partial` where a member could not be examined, `error` where the subject itself could not.
    pub status: ReportStatus,
    /// Why the subject could not be examined.
    pub error: Option<SubjectError>,
    /// The subject and its members, parents first.
    pub subjects: Vec<Subject>,
    /// Certificates by SHA-256.
    pub certificates: BTreeMap<String, Certificate>,
    /// Parties by handle.
    pub parties: BTreeMap<String, Party>,
    /// Hosts by handle.
    pub hosts: BTreeMap<HostId, Host>,
    /// Claims of jurisdiction by handle. They may disagree; nothing here settles them.
    pub claims: BTreeMap<ClaimId, Claim>,
    /// Evidence by handle.
    pub evidence: BTreeMap<EvidenceId, Evidence>,
    /// The update channel; null where none was examined.
    pub channel: Option<Channel>,
    /// What the checks found, and with a verdict what the policy's rules found; worst first.
    pub findings: Vec<Finding>,
    /// The independent questions, each with the worst status of the checks that belong to it. No policy changes them.
    pub dimensions: BTreeMap<Dimension, DimensionStatus>,
    /// What the policy says; null where none was asked.
    pub verdict: Option<Verdict>,
}

/// What wrote a report.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Tool {
    /// `bonafide`.
    pub name: String,
    /// Its version.
    pub version: String,
    /// The data it judged by.
    pub data: Vec<DataSet>,
}

/// A data set that the judgement rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DataSet {
    /// `trust-roots/windows`, `vendors`, `instruments`, `operators`.
    pub id: String,
    /// As of when it holds.
    pub as_of: String,
    /// SHA-256 over its bytes, hexadecimal.
    pub sha256: String,
}

/// How a report was made.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Run {
    /// The judgement time.
    pub at: String,
    /// Nothing was fetched.
    pub offline: bool,
    /// The policy of verification that was asked for: `auto`, `windows` ….
    pub profile: String,
    /// The policy that was asked for; null for facts alone.
    pub policy: Option<String>,
    /// SHA-256 of anchors that the user added.
    pub trust_roots: Vec<String>,
    /// Instruments whose restricted-party list is installed and can be read; earlier reports do not say.
    #[serde(default)]
    pub lists: Vec<String>,
    /// Limits that applied, by name.
    pub limits: BTreeMap<String, u64>,
}

/// What a policy says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Verdict {
    /// What to do with the subject.
    pub result: Decision,
    /// Which policy spoke.
    pub policy: Policy,
    /// Instances of the findings that decided, worst first.
    pub reasons: Vec<String>,
    /// Reasons that an exception covers.
    pub waived: Vec<Waived>,
}

/// Which policy spoke.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Policy {
    /// Its name, or its file.
    pub id: String,
    /// Its own version.
    pub version: String,
    /// SHA-256 over its text and settings, hexadecimal.
    pub sha256: String,
}

/// A reason covered by an exception that somebody answers for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Waived {
    /// Instance of the finding.
    pub instance: String,
    /// Last day the exception holds.
    pub until: String,
    /// Why.
    pub reason: String,
    /// Who answers for it.
    pub by: Option<String>,
}

impl Report {
    /// The subject the user named. A report always has one; the option is for one read back from elsewhere.
    pub fn top(&self) -> Option<&Subject> {
        self.subjects.first()
    }

    /// What a policy is asked about: of this report the top-level members called `keys`, or all. A rule reads no verdict. It spares writing out the
    /// certificates and evidence that no rule reads.
    pub fn only<'r>(&'r self, keys: Option<&'r BTreeSet<String>>) -> Only<'r> {
        Only { report: self, keys }
    }
}

/// Some top-level members of a report.
#[derive(Debug, Clone, Copy)]
pub struct Only<'r> {
    report: &'r Report,
    keys: Option<&'r BTreeSet<String>>,
}

impl Serialize for Only<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Some(keys) = self.keys else {
            return self.report.serialize(serializer);
        };
        // Every member by name, so that a new one cannot be forgotten.
        let Report {
            schema_version,
            tool,
            run,
            status,
            error,
            subjects,
            certificates,
            parties,
            hosts,
            claims,
            evidence,
            channel,
            findings,
            dimensions,
            verdict: _,
        } = self.report;
        let mut out = serializer.serialize_map(None)?;
        for key in keys {
            match key.as_str() {
                "schema_version" => out.serialize_entry(key, schema_version)?,
                "tool" => out.serialize_entry(key, tool)?,
                "run" => out.serialize_entry(key, run)?,
                "status" => out.serialize_entry(key, status)?,
                "error" => out.serialize_entry(key, error)?,
                "subjects" => out.serialize_entry(key, subjects)?,
                "certificates" => out.serialize_entry(key, certificates)?,
                "parties" => out.serialize_entry(key, parties)?,
                "hosts" => out.serialize_entry(key, hosts)?,
                "claims" => out.serialize_entry(key, claims)?,
                "evidence" => out.serialize_entry(key, evidence)?,
                "channel" => out.serialize_entry(key, channel)?,
                "findings" => out.serialize_entry(key, findings)?,
                "dimensions" => out.serialize_entry(key, dimensions)?,
                _ => {}
            }
        }
        out.end()
    }
}
