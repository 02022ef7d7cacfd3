//! The search for a path, and what is made of the best one.
//!
//! All paths are tried, not the first followed: authorities run several keys under one name and cross-sign one another, so that
//! a path that fails says little while another is open. Edges are followed only where the issuer's key verifies the
//! certificate; everything else is judged on complete paths, so that the report can say what is wrong with the best of them.

use std::sync::Arc;

use super::budget::{Budget, MAX_CANDIDATES};
use super::candidates::{self, Candidates, KeyMatch};
use super::check::{self, Examined, Question, examine, title};
use super::fault::{self, Defect, Fault};
use super::rules::{RevocationRule, Rules};
use super::strength::Basis;
use super::{Anchor, Judged, Purpose, Query, names, notes, time};
use crate::base::time::rfc3339;
use crate::model::certificate::{Certificate, SharedCertificate};
use crate::model::signature::{Revocation, RevocationStatus, Trust, TrustStatus};
use crate::verify::crypto::{self, Answer};
use crate::verify::profile::Profile;
use crate::verify::revocation::{self, Scope};

/// Certificates of one path, whatever they call themselves: the search recurses once for each.
const MAX_LENGTH: usize = 20;

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

fn revocation_not_checked(why: &str) -> Revocation {
    Revocation {
        status: RevocationStatus::NotChecked,
        reason: why.to_owned(),
        revoked_at: None,
    }
}

/// How far a path got, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Reach {
    /// To an anchor.
    Anchor,
    /// To a key that is never computed with.
    ExplicitCurve,
    /// To an issuer whose key does not verify it, though the certificate means that key or any of that name.
    WrongSignature,
    /// To a limit.
    Limit,
    /// To a certificate whose issuer is not at hand.
    Nowhere,
}

/// One path that was tried to its end.
struct Attempt {
    reach: Reach,
    path: Vec<SharedCertificate>,
    anchor: Option<Anchor>,
    defects: Vec<Defect>,
    examined: Examined,
    revocation: Option<Revocation>,
}

impl Attempt {
    fn status(&self) -> TrustStatus {
        fault::fold(&self.defects)
    }

    /// Smaller is better.
    fn rank(&self) -> (Reach, u8, usize, Option<Fault>, std::cmp::Reverse<usize>) {
        (
            self.reach,
            fault::gravity(self.status()),
            self.defects.len(),
            self.defects.iter().map(|d| d.fault).min(),
            // Of two dead ends the longer one says more.
            std::cmp::Reverse(self.path.len()),
        )
    }
}

struct Search<'q> {
    query: &'q Query<'q>,
    question: Question<'q>,
    candidates: Candidates<'q>,
    budget: Budget,
    best: Option<Attempt>,
    tried: usize,
    /// The timestamp is later than the judgement time.
    future: bool,
}

/// What is between a certificate and a possible issuer.
enum Edge {
    Holds,
    /// Followed, with this against it.
    Doubtful(Defect),
    /// Not followed.
    Broken,
    /// Not followed: a key that is never computed with.
    ExplicitCurve,
    /// Not tried.
    Spent,
}

impl<'q> Search<'q> {
    /// Tries every issuer of the path's last certificate. True once a path is trusted.
    fn extend(&mut self, path: &mut Vec<SharedCertificate>, doubts: &mut Vec<Defect>) -> bool {
        let Some(last) = path.last().map(Arc::clone) else {
            return false;
        };
        if !self.budget.step() {
            return false;
        }
        if let Some(anchor) = self.query.anchors.get(&last.id)
            && self.complete(path, doubts, anchor)
        {
            return true;
        }
        let mut led_on = false;
        for anchor in self.anchors(&last) {
            if anchor.certificate.id == last.id {
                led_on = true;
                continue;
            }
            let trusted = self.follow(path, doubts, &anchor.certificate, &mut led_on, |s, p, d| {
                s.complete(p, d, anchor.clone())
            });
            if trusted {
                return true;
            }
        }
        for issuer in self.issuers(&last, path) {
            if !self.may_grow(path) {
                self.dead_end(path, Fault::PathTooLong);
                led_on = true;
                break;
            }
            let trusted = self.follow(path, doubts, &issuer, &mut led_on, Self::extend);
            if trusted {
                return true;
            }
        }
        if !led_on {
            let fault = if path.len() == 1 && names::same(&last.subject, &last.issuer) {
                Fault::SelfSigned
            } else {
                Fault::NoPath
            };
            self.dead_end(path, fault);
        }
        false
    }

    /// Goes on with `issuer` where its key verifies the path's last certificate.
    fn follow(
        &mut self,
        path: &mut Vec<SharedCertificate>,
        doubts: &mut Vec<Defect>,
        issuer: &SharedCertificate,
        led_on: &mut bool,
        on: impl FnOnce(&mut Self, &mut Vec<SharedCertificate>, &mut Vec<Defect>) -> bool,
    ) -> bool {
        let Some(last) = path.last().map(Arc::clone) else {
            return false;
        };
        let edge = self.edge(&last, issuer);
        path.push(Arc::clone(issuer));
        let trusted = match edge {
            Edge::Holds => {
                *led_on = true;
                on(self, path, doubts)
            }
            Edge::Doubtful(doubt) => {
                *led_on = true;
                doubts.push(doubt);
                let trusted = on(self, path, doubts);
                doubts.pop();
                trusted
            }
            Edge::Broken => {
                if candidates::key_match(&last, issuer) != KeyMatch::No {
                    *led_on = true;
                    let detail = format!(
                        "{} does not carry the signature of {}",
                        title(&last),
                        title(issuer)
                    );
                    self.stopped(
                        path,
                        Reach::WrongSignature,
                        Defect::new(Fault::BadSignature, detail),
                    );
                }
                false
            }
            Edge::ExplicitCurve => {
                *led_on = true;
                let detail = format!(
                    "{} spells out its curve instead of naming it, as forgeries of CVE-2020-0601 do",
                    title(issuer)
                );
                self.stopped(
                    path,
                    Reach::ExplicitCurve,
                    Defect::new(Fault::ExplicitEcParameters, detail),
                );
                false
            }
            Edge::Spent => {
                *led_on = true;
                false
            }
        };
        path.pop();
        trusted
    }

    fn edge(&mut self, certificate: &Certificate, issuer: &Certificate) -> Edge {
        if crypto::key(&issuer.spki).is_ok_and(|key| key.explicit_parameters) {
            return Edge::ExplicitCurve;
        }
        if !self.budget.signature(issuer.spki_sha256, certificate.id) {
            return Edge::Spent;
        }
        match self.query.cache.certificate(issuer, certificate) {
            Answer::Valid => Edge::Holds,
            // Which of the two algorithms it meant is not ours to guess.
            Answer::Invalid if !certificate.algorithms_agree => {
                Edge::Doubtful(check::algorithms_differ(certificate))
            }
            Answer::Invalid => Edge::Broken,
            Answer::Unsupported(what) => Edge::Doubtful(Defect::new(
                Fault::UnsupportedAlgorithm,
                format!(
                    "the signature of {} on {} uses {what}, which is not computed with",
                    title(issuer),
                    title(certificate)
                ),
            )),
        }
    }

    /// Anchors that could have issued `certificate`, the likelier first.
    fn anchors(&mut self, certificate: &Certificate) -> Vec<Anchor> {
        let mut anchors: Vec<Anchor> = self
            .query
            .anchors
            .issued_by(&certificate.issuer)
            .into_iter()
            .filter(|a| names::same(&a.certificate.subject, &certificate.issuer))
            .collect();
        anchors.sort_by_cached_key(|a| {
            (
                candidates::key_match(certificate, &a.certificate),
                std::cmp::Reverse(a.certificate.not_after),
                a.certificate.id,
                a.programme,
            )
        });
        self.cut(&mut anchors);
        anchors
    }

    /// Issuing certificates that could have issued `certificate` and are not on the path already, under this or another
    /// encoding of the same name and key.
    fn issuers(
        &mut self,
        certificate: &Certificate,
        path: &[SharedCertificate],
    ) -> Vec<SharedCertificate> {
        let mut issuers = self.candidates.issued_by(&certificate.issuer);
        let known: std::collections::HashSet<_> = issuers.iter().map(|c| c.id).collect();
        issuers.extend(
            self.query
                .issuers
                .issued_by(&certificate.issuer)
                .into_iter()
                .filter(|c| !known.contains(&c.id))
                .filter(|c| names::same(&c.subject, &certificate.issuer)),
        );
        issuers.retain(|issuer| {
            // A root that is an anchor has been tried as one, and nothing is above it.
            let is_root = issuer.is_self_issued() && self.query.anchors.get(&issuer.id).is_some();
            !is_root
                && !path.iter().any(|p| {
                    p.id == issuer.id || (p.spki == issuer.spki && p.subject == issuer.subject)
                })
        });
        candidates::rank(&mut issuers, certificate, self.question.basis.at);
        self.cut(&mut issuers);
        issuers
    }

    fn cut<T>(&mut self, list: &mut Vec<T>) {
        if list.len() > MAX_CANDIDATES {
            list.truncate(MAX_CANDIDATES);
            self.budget.exceed();
        }
    }

    fn may_grow(&self, path: &[SharedCertificate]) -> bool {
        let intermediates = path.iter().skip(1).filter(|c| !c.is_self_issued()).count();
        intermediates < self.question.rules.max_intermediates && path.len() < MAX_LENGTH
    }

    /// A path that reached an anchor. True where it is trusted.
    fn complete(
        &mut self,
        path: &mut Vec<SharedCertificate>,
        doubts: &mut Vec<Defect>,
        anchor: Anchor,
    ) -> bool {
        let intermediates = path
            .iter()
            .skip(1)
            .rev()
            .skip(1)
            .filter(|c| !c.is_self_issued())
            .count();
        let mut examined = examine(path, &self.question);
        let mut defects = doubts.clone();
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
            path: path.clone(),
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

    fn dead_end(&mut self, path: &[SharedCertificate], fault: Fault) {
        let Some(last) = path.last() else {
            return;
        };
        let (reach, defect) = match fault {
            Fault::PathTooLong => (
                Reach::Limit,
                too_long(self.question.rules.max_intermediates),
            ),
            Fault::SelfSigned => (
                Reach::Nowhere,
                Defect::new(
                    fault,
                    format!("{} is self-signed and no anchor", title(last)),
                ),
            ),
            _ if names::same(&last.subject, &last.issuer) => (
                Reach::Nowhere,
                Defect::new(
                    fault,
                    format!("the path ends in {}, which is no anchor", title(last)),
                ),
            ),
            _ => (
                Reach::Nowhere,
                Defect::new(
                    fault,
                    format!("the issuer of {} is not at hand", title(last)),
                ),
            ),
        };
        self.stopped(path, reach, defect);
    }

    /// A path that ended before an anchor.
    fn stopped(&mut self, path: &[SharedCertificate], reach: Reach, defect: Defect) {
        self.record(Attempt {
            reach,
            path: path.to_vec(),
            anchor: None,
            defects: vec![defect],
            examined: Examined::default(),
            revocation: None,
        });
    }

    fn record(&mut self, attempt: Attempt) {
        self.tried = self.tried.saturating_add(1);
        if self
            .best
            .as_ref()
            .is_none_or(|best| attempt.rank() < best.rank())
        {
            self.best = Some(attempt);
        }
    }

    fn finish(mut self) -> Judged {
        if self.best.is_none() {
            self.dead_end(&[Arc::clone(self.query.leaf)], Fault::NoPath);
        }
        let Some(mut best) = self.best.take() else {
            return not_asked(self.query);
        };
        // What was not tried might have been trusted, so a search that was cut short says so beside what it found.
        if self.budget.exceeded() && best.status() != TrustStatus::Trusted {
            best.defects.push(Defect::new(
                Fault::BudgetExceeded,
                "too many certificates could be issuers: the search was cut short",
            ));
            best.defects.sort_by_key(|d| d.fault);
        }
        let mut findings = best.examined.notes.clone();
        findings.extend(notes::about(
            &best.path,
            best.anchor.as_ref(),
            self.question.basis,
            self.query.now,
        ));
        let status = best.status();
        let reason = match (&best.anchor, status) {
            (Some(anchor), TrustStatus::Trusted) => format!(
                "the chain ends in {}, an anchor of the programme {}",
                title(&anchor.certificate),
                anchor.programme
            ),
            _ => sentence(&best.defects),
        };
        let mut faults: Vec<&'static str> = Vec::new();
        for defect in &best.defects {
            if !faults.contains(&defect.fault.id()) {
                faults.push(defect.fault.id());
            }
        }
        Judged {
            trust: Trust {
                status,
                programme: programme(best.anchor.as_ref(), self.query.profile),
                root: best.anchor.as_ref().map(|a| a.certificate.id),
                reason,
                faults,
                chain: best.path,
                paths_tried: self.tried,
            },
            revocation: best
                .revocation
                .unwrap_or_else(|| revocation_not_checked("no path to an anchor")),
            findings,
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

fn too_long(limit: usize) -> Defect {
    Defect::new(
        Fault::PathTooLong,
        format!("the path has more than {limit} issuing certificates"),
    )
}

fn programme(anchor: Option<&Anchor>, profile: Profile) -> String {
    let asked = match profile {
        Profile::Windows | Profile::WindowsStrict => "windows",
        Profile::Uefi => "uefi",
        Profile::Kernel => "kernel",
        Profile::IntegrityOnly => "",
    };
    anchor.map_or(asked, |a| a.programme).to_owned()
}

fn sentence(defects: &[Defect]) -> String {
    let details: Vec<&str> = defects.iter().map(|d| d.detail.as_str()).collect();
    details.join("; ")
}
