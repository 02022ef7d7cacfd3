//! `findings[]` and `dimensions{}`.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::handle::{ClaimId, EvidenceId};
use super::instance::instance;
use super::register::Register;
use super::words::{Dimension, Severity, Status};
use crate::model::analysis::{Analysis, Subject};
use crate::model::finding::Finding as ModelFinding;

/// What a check found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Finding {
    /// Kebab-case, stable: `bonafide explain` knows it.
    pub id: String,
    /// This finding on this subject, stable across runs: waivers name it.
    pub instance: String,
    /// What the check came to.
    pub status: Status,
    /// How bad it is where it holds.
    pub severity: Severity,
    /// Which question it belongs to; null for a rule of a user's own policy.
    pub dimension: Option<Dimension>,
    /// The same for every finding of this id.
    pub title: String,
    /// What was found here: may quote text from outside.
    pub message: String,
    /// The subject it is about.
    pub subject: String,
    /// The signature of that subject it is about.
    pub signature: Option<String>,
    /// The parties it is about.
    pub parties: Vec<String>,
    /// The claims of those parties that rest on the same evidence.
    pub claims: Vec<ClaimId>,
    /// What it rests on.
    pub evidence: Vec<EvidenceId>,
    /// Specifications, advisories, laws.
    pub references: Vec<String>,
    /// The policy's rule, where a policy and not a check found it: `data.bonafide.deny`.
    pub rule: Option<String>,
}

/// A dimension's answer: the worst of its findings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DimensionStatus {
    /// The worst status of its findings.
    pub status: Status,
    /// `not-examined` where no check belongs to it.
    pub reason: Option<String>,
}

/// Findings of one subject in the order they were made, before they are sorted.
pub(super) fn of_subject(subject: &Subject, register: &mut Register, out: &mut Vec<Finding>) {
    let own = subject.findings.iter().map(|f| (None, f));
    let signatures = subject
        .signatures
        .iter()
        .flat_map(|s| s.findings.iter().map(move |f| (Some(&s.id), f)));
    // By instance, since a file may raise thousands.
    let mut made: BTreeMap<String, Vec<ModelFinding>> = BTreeMap::new();
    for (signature, finding) in signatures.chain(own) {
        let mut finding = finding.clone();
        finding.signature = finding.signature.or_else(|| signature.cloned());
        let name = instance(subject, &finding, 0);
        let same = made.entry(name.clone()).or_default();
        // A stage may put the same finding on the signature and on the subject.
        if same.contains(&finding) {
            continue;
        }
        let ordinal = u32::try_from(same.len()).unwrap_or(u32::MAX);
        let name = match ordinal {
            0 => name,
            again => instance(subject, &finding, again),
        };
        out.push(Finding::new(subject, &finding, name, register));
        same.push(finding);
    }
}

impl Finding {
    fn new(
        subject: &Subject,
        finding: &ModelFinding,
        instance: String,
        register: &mut Register,
    ) -> Self {
        let evidence = register.cite(Some(&subject.id), &finding.evidence);
        let parties: Vec<String> = finding.parties.iter().map(ToString::to_string).collect();
        let claims = register
            .claims
            .iter()
            .filter(|(_, c)| {
                c.party.as_ref().is_some_and(|p| parties.contains(p))
                    && c.evidence.iter().any(|e| evidence.contains(e))
            })
            .map(|(id, _)| *id)
            .collect();
        Self {
            id: finding.definition.id.to_owned(),
            instance,
            status: finding.status.into(),
            severity: finding.definition.severity.into(),
            dimension: Some(finding.definition.dimension.into()),
            title: finding.definition.title.to_owned(),
            message: finding.message.clone(),
            subject: subject.id.clone(),
            signature: finding.signature.as_ref().map(ToString::to_string),
            parties,
            claims,
            evidence,
            references: finding
                .definition
                .references
                .iter()
                .map(|r| (*r).to_owned())
                .collect(),
            rule: None,
        }
    }
}

/// Worst first; equal ones keep the order they were made in.
pub(super) fn sort(findings: &mut [Finding]) {
    findings.sort_by_key(|f| std::cmp::Reverse((f.status, f.severity)));
}

/// Every dimension's answer.
pub(super) fn dimensions(findings: &[Finding]) -> BTreeMap<Dimension, DimensionStatus> {
    Dimension::ALL
        .iter()
        .map(|d| {
            let worst = findings
                .iter()
                .filter(|f| f.dimension == Some(*d))
                .map(|f| f.status)
                .max();
            let answer = match worst {
                Some(status) => DimensionStatus {
                    status,
                    reason: None,
                },
                None => DimensionStatus {
                    status: Status::Unknown,
                    reason: Some("not-examined".to_owned()),
                },
            };
            (*d, answer)
        })
        .collect()
}

/// Parties that the analysis names in `role_order`: signers first, so that their evidence has the low numbers.
pub(super) fn party_order(analysis: &Analysis) -> Vec<&crate::model::party::Party> {
    let signers: BTreeSet<_> = analysis
        .subjects
        .iter()
        .flat_map(|s| s.signers.values())
        .collect();
    let mut parties: Vec<_> = analysis.parties.values().collect();
    parties.sort_by_key(|p| {
        (
            !signers.contains(&p.id),
            p.roles.first().copied(),
            p.id.clone(),
        )
    });
    parties
}

#[cfg(test)]
mod tests {
    use super::{Status, dimensions};

    #[test]
    fn a_dimension_without_findings_is_unknown_and_says_so() {
        let all = dimensions(&[]);
        assert_eq!(all.len(), 8);
        for answer in all.values() {
            assert_eq!(answer.status, Status::Unknown);
            assert_eq!(answer.reason.as_deref(), Some("not-examined"));
        }
    }
}
