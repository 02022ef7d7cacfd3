//! From an analysis to a report, and from a policy's verdict into it.

use super::certificate::Certificate;
use super::document::{Policy, Report, Run, SCHEMA_VERSION, Tool, Verdict, Waived};
use super::finding::{Finding, dimensions, of_subject, party_order, sort};
use super::handle::EvidenceId;
use super::host::hosts;
use super::party::Party;
use super::register::Register;
use super::subject::Subject;
use super::words::{Dimension, ReportStatus, Severity, Status};
use crate::model::analysis::Analysis;
use crate::model::verdict::{Decision, Reason, Verdict as ModelVerdict};
use crate::report::catalogue;

/// The facts, without a verdict.
pub fn from_analysis(analysis: &Analysis, tool: &Tool, run: &Run) -> Report {
    let only = match analysis.subjects.as_slice() {
        [one] => Some(one.id.as_str()),
        _ => None,
    };
    let mut register = Register::new(only);
    let parties = party_order(analysis)
        .into_iter()
        .map(|p| (p.id.to_string(), Party::new(p, &mut register)))
        .collect();
    let mut findings = Vec::new();
    for subject in &analysis.subjects {
        of_subject(subject, &mut register, &mut findings);
    }
    sort(&mut findings);
    let (hosts, named) = hosts(analysis, &mut register);
    about_hosts(&mut findings, &register);
    let subjects: Vec<Subject> = analysis
        .subjects
        .iter()
        .zip(named)
        .map(|(s, named)| Subject::new(s, named, analysis, &findings))
        .collect();
    Report {
        schema_version: SCHEMA_VERSION.to_owned(),
        tool: tool.clone(),
        run: run.clone(),
        status: status(&subjects),
        error: subjects.first().and_then(|s| s.error.clone()),
        subjects,
        certificates: analysis
            .certificates
            .iter()
            .map(|(id, c)| (id.to_string(), Certificate::from(c.as_ref())))
            .collect(),
        parties,
        hosts,
        claims: register.claims,
        evidence: register.evidence,
        channel: None,
        dimensions: dimensions(&findings),
        findings,
        verdict: None,
    }
}

/// Findings of infrastructure name the claims about hosts that rest on the same evidence.
fn about_hosts(findings: &mut [Finding], register: &Register) {
    for finding in findings {
        if finding.dimension != Some(Dimension::Infrastructure) {
            continue;
        }
        let claims = register.claims.iter().filter(|(_, c)| {
            c.host.is_some() && c.evidence.iter().any(|e| finding.evidence.contains(e))
        });
        finding.claims.extend(claims.map(|(id, _)| *id));
    }
}

fn status(subjects: &[Subject]) -> ReportStatus {
    match subjects.split_first() {
        None => ReportStatus::Error,
        Some((top, _)) if top.error.is_some() => ReportStatus::Error,
        Some((top, members))
            if std::iter::once(top)
                .chain(members)
                .any(|s| s.error.is_some() || s.members.is_some_and(|m| m.unexamined > 0)) =>
        {
            ReportStatus::Partial
        }
        Some(_) => ReportStatus::Complete,
    }
}

impl Report {
    /// The same report with what a policy made of it: each of its reasons is a finding that names its rule.
    #[must_use]
    pub fn with_verdict(mut self, verdict: &ModelVerdict) -> Self {
        let subject = self.top().map(|s| s.id.clone()).unwrap_or_default();
        let mut reasons = Vec::new();
        let mut waived = Vec::new();
        for reason in &verdict.reasons {
            match &reason.waiver {
                None => reasons.push(reason.instance.clone()),
                Some(waiver) => waived.push(Waived {
                    instance: reason.instance.clone(),
                    until: waiver.until.to_string(),
                    reason: waiver.reason.clone(),
                    by: waiver.by.clone(),
                }),
            }
            match self
                .findings
                .iter_mut()
                .find(|f| f.instance == reason.instance)
            {
                Some(known) => known.rule = Some(reason.rule.clone()),
                None => {
                    let finding = self.policy_finding(reason, &subject);
                    self.findings.push(finding);
                }
            }
        }
        sort(&mut self.findings);
        self.verdict = Some(Verdict {
            result: verdict.decision.into(),
            policy: Policy {
                id: verdict.policy.id.clone(),
                version: verdict.policy.version.clone(),
                sha256: verdict.policy.sha256.clone(),
            },
            reasons,
            waived,
        });
        self
    }

    /// Handles that the rule invented are dropped: every handle of a report resolves inside it.
    fn policy_finding(&self, reason: &Reason, subject: &str) -> Finding {
        let evidence: Vec<EvidenceId> = reason
            .evidence
            .iter()
            .filter_map(|e| EvidenceId::parse(e))
            .filter(|e| self.evidence.contains_key(e))
            .collect();
        let parties: Vec<String> = reason
            .party
            .iter()
            .filter(|p| self.parties.contains_key(*p))
            .cloned()
            .collect();
        let claims = self
            .claims
            .iter()
            .filter(|(_, c)| {
                c.party.as_ref().is_some_and(|p| parties.contains(p))
                    && c.evidence.iter().any(|e| evidence.contains(e))
            })
            .map(|(id, _)| *id)
            .collect();
        let definition = catalogue::find(&reason.id);
        let (status, severity) = match reason.decision {
            Decision::Deny => (Status::Fail, Severity::High),
            Decision::Review => (Status::Review, Severity::Medium),
            Decision::Allow => (Status::Pass, Severity::Info),
        };
        Finding {
            id: reason.id.clone(),
            instance: reason.instance.clone(),
            status,
            severity: definition.map_or(severity, |d| d.severity.into()),
            dimension: definition.map(|d| d.dimension.into()),
            title: definition.map_or_else(|| reason.id.clone(), |d| d.title.to_owned()),
            message: reason.message.clone(),
            subject: subject.to_owned(),
            signature: None,
            parties,
            claims,
            evidence,
            references: definition.map_or_else(Vec::new, |d| {
                d.references.iter().map(|r| (*r).to_owned()).collect()
            }),
            rule: Some(reason.rule.clone()),
        }
    }
}
