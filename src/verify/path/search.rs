//! The search itself: depth first, likelier issuers first, each edge a signature that holds.

use std::cmp::Reverse;
use std::collections::HashSet;
use std::sync::Arc;

use super::attempt::{Attempt, Reach};
use super::budget::{Budget, MAX_CANDIDATES};
use super::candidates::{self, Candidates, KeyMatch};
use super::check::{self, Examined, Question, title};
use super::fault::{Defect, Fault};
use super::{Anchor, Query, names};
use crate::model::certificate::{Certificate, SharedCertificate};
use crate::verify::crypto::{self, Answer};

/// Certificates of one path, whatever they call themselves: the search recurses once for each.
const MAX_LENGTH: usize = 20;

pub(super) struct Search<'q> {
    pub(super) query: &'q Query<'q>,
    pub(super) question: Question<'q>,
    pub(super) candidates: Candidates<'q>,
    pub(super) budget: Budget,
    pub(super) best: Option<Attempt>,
    pub(super) tried: usize,
    /// The timestamp is later than the judgement time.
    pub(super) future: bool,
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
    pub(super) fn extend(
        &mut self,
        path: &mut Vec<SharedCertificate>,
        doubts: &mut Vec<Defect>,
    ) -> bool {
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
                Reverse(a.certificate.not_after),
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
        let known: HashSet<_> = issuers.iter().map(|c| c.id).collect();
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

    pub(super) fn dead_end(&mut self, path: &[SharedCertificate], fault: Fault) {
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

    pub(super) fn record(&mut self, attempt: Attempt) {
        self.tried = self.tried.saturating_add(1);
        if self
            .best
            .as_ref()
            .is_none_or(|best| attempt.rank() < best.rank())
        {
            self.best = Some(attempt);
        }
    }
}

pub(super) fn too_long(limit: usize) -> Defect {
    Defect::new(
        Fault::PathTooLong,
        format!("the path has more than {limit} issuing certificates"),
    )
}
