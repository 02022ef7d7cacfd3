//! The search for a path, and what is made of the best one.
//!
//! All paths are tried, not the first followed: authorities run several keys under one name and cross-sign one another, so that
//! a path that fails says little while another is open. Edges are followed only where the issuer's key verifies the
//! certificate; everything else is judged on complete paths, so that the report can say what is wrong with the best of them.

use std::sync::Arc;

use super::attempt::{Attempt, Reach};
use super::budget::Budget;
use super::candidates::Candidates;
use super::check::{Examined, Question, examine, title};
use super::fault::{Defect, Fault};
use super::rules::{RevocationRule, Rules};
use super::search::{Search, too_long};
use super::strength::Basis;
use super::{Anchor, Judged, Purpose, Query, notes, time};
use crate::base::time::rfc3339;
use crate::model::certificate::SharedCertificate;
use crate::model::signature::{Revocation, RevocationStatus, Trust, TrustStatus};
use crate::verify::profile::Profile;
use crate::verify::revocation::{self, Scope};

/// Judges the leaf's chain by its profile's rules.
pub fn judge(query: &Query<'_>) -> Judged {
    if query.profile == Profile::IntegrityOnly {
        return not_asked(query);
    }
    judge_under(query, &Rules::of(query.profile))
}

/// Judges the leaf's chain by the given rules.
pub fn judge_under(query: &Query<'_>, rules: &Rules) -> Judged {
    let lifetime = query.purpose == Purpose::CodeSigning && time::is_lifetime_signing(query.leaf);
    let future = query.attested && query.at > query.now;
    let basis = if lifetime || future {
        Basis {
            at: query.now,
            attested: false,
        }
    } else {
        Basis {
            at: query.at,
            attested: query.attested,
        }
    };
    let mut search = Search {
        query,
        question: Question {
            purpose: query.purpose,
            rules,
            basis,
            lifetime,
        },
        candidates: Candidates::new(query.supplied),
        budget: Budget::new(),
        best: None,
        tried: 0,
        future,
    };
    search.extend(&mut vec![Arc::clone(query.leaf)], &mut Vec::new());
    search.finish()
}

fn not_asked(query: &Query<'_>) -> Judged {
    Judged {
        trust: Trust {
            status: TrustStatus::NotChecked,
            programme: String::new(),
            root: None,
            reason: "only integrity was asked for".to_owned(),
            faults: Vec::new(),
            chain: vec![Arc::clone(query.leaf)],
            paths_tried: 0,
        },
        revocation: revocation_not_checked("only integrity was asked for"),
        findings: notes::name_findings(query.leaf),
    }
}

pub(super) fn revocation_not_checked(why: &str) -> Revocation {
    Revocation {
        status: RevocationStatus::NotChecked,
        reason: why.to_owned(),
        revoked_at: None,
    }
}

impl Search<'_> {
    /// A path that reached an anchor. True where it is trusted.
    pub(super) fn complete(
        &mut self,
        path: &[SharedCertificate],
        doubts: &[Defect],
        anchor: Anchor,
    ) -> bool {
        if !self.budget.path() {
            return false;
        }
        let intermediates = path
            .iter()
            .skip(1)
            .rev()
            .skip(1)
            .filter(|c| !c.is_self_issued())
            .count();
        let mut examined = examine(path, &self.question, &mut self.budget.comparisons);
        let mut defects = doubts.to_vec();
        defects.append(&mut examined.defects);
        if intermediates > self.question.rules.max_intermediates {
            defects.push(too_long(self.question.rules.max_intermediates));
        }
        if self.future {
            defects.push(Defect::new(
                Fault::TimestampInFuture,
                format!(
                    "the timestamp of {} is later than the judgement time",
                    rfc3339(self.query.at)
                ),
            ));
        }
        for certificate in path.iter() {
            if let Some(why) = self.query.anchors.disallowed(certificate) {
                let detail = format!("{} is disallowed: {why}", title(certificate));
                defects.push(Defect::new(Fault::Disallowed, detail));
            }
        }
        let basis = self.question.basis;
        if let Err(refusal) = self.query.anchors.admits(
            &anchor,
            self.query.leaf,
            self.query.purpose,
            basis.at,
            basis.attested,
        ) {
            defects.push(Defect::refused(refusal));
        }
        let revocation = self.revocation(path, &mut defects, &mut examined);
        defects.sort_by_key(|d| d.fault);
        defects.dedup();
        let attempt = Attempt {
            reach: Reach::Anchor,
            path: path.to_vec(),
            anchor: Some(anchor),
            defects,
            examined,
            revocation: Some(revocation),
        };
        let trusted = attempt.status() == TrustStatus::Trusted;
        self.record(attempt);
        trusted
    }

    /// Revocation of everything below the anchor.
    fn revocation(
        &mut self,
        path: &[SharedCertificate],
        defects: &mut Vec<Defect>,
        examined: &mut Examined,
    ) -> Revocation {
        let rules = self.question.rules;
        let checked = revocation::check(&Scope {
            path,
            supplied: self.query.supplied,
            evidence: self.query.revocation,
            at: self.question.basis.at,
            attested: self.question.basis.attested,
            now: self.query.now,
            conformance: rules.conformance,
            compromise_defeats_timestamps: rules.compromise_defeats_timestamps,
            cache: self.query.cache,
        });
        let fault = match checked.revocation.status {
            RevocationStatus::Revoked => Some(Fault::Revoked),
            RevocationStatus::Good => None,
            RevocationStatus::Unknown | RevocationStatus::NotChecked => match rules.revocation {
                RevocationRule::Report => None,
                RevocationRule::RefuseUnusable => checked.unusable.map(unusable),
                RevocationRule::Require => {
                    Some(checked.unusable.map_or(Fault::RevocationUnknown, unusable))
                }
            },
        };
        if let Some(fault) = fault {
            defects.push(Defect::new(fault, checked.revocation.reason.clone()));
        }
        examined.notes.extend(checked.findings);
        checked.revocation
    }

    fn finish(mut self) -> Judged {
        if self.best.is_none() {
            self.dead_end(&[Arc::clone(self.query.leaf)], Fault::NoPath);
        }
        match self.best.take() {
            Some(mut best) => {
                if self.budget.exceeded() {
                    best.cut_short();
                }
                best.conclude(self.query, self.question.basis, self.tried)
            }
            None => not_asked(self.query),
        }
    }
}

fn unusable(unusable: revocation::Unusable) -> Fault {
    match unusable {
        revocation::Unusable::BadSignature => Fault::CrlBadSignature,
        revocation::Unusable::Stale => Fault::CrlStale,
        revocation::Unusable::Other => Fault::RevocationUnknown,
    }
}
