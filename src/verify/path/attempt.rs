//! One path that was tried to its end, and how far that is from trust.

use std::cmp::Reverse;

use super::check::{Examined, title};
use super::fault::{self, Defect, Fault};
use super::judge::revocation_not_checked;
use super::strength::Basis;
use super::{Anchor, Judged, Query, notes};
use crate::model::certificate::SharedCertificate;
use crate::model::signature::{Revocation, Trust, TrustStatus};
use crate::verify::profile::Profile;

/// How far a path got, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Reach {
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
pub(super) struct Attempt {
    pub(super) reach: Reach,
    pub(super) path: Vec<SharedCertificate>,
    pub(super) anchor: Option<Anchor>,
    pub(super) defects: Vec<Defect>,
    pub(super) examined: Examined,
    pub(super) revocation: Option<Revocation>,
}

impl Attempt {
    pub(super) fn status(&self) -> TrustStatus {
        fault::fold(&self.defects)
    }

    /// Smaller is better.
    pub(super) fn rank(&self) -> (Reach, u8, usize, Option<Fault>, Reverse<usize>) {
        (
            self.reach,
            fault::gravity(self.status()),
            self.defects.len(),
            self.defects.iter().map(|d| d.fault).min(),
            // Of two dead ends the longer one says more.
            Reverse(self.path.len()),
        )
    }

    /// What was not tried might have been trusted, so a search that was cut short says so beside what it found.
    pub(super) fn cut_short(&mut self) {
        if self.status() != TrustStatus::Trusted {
            self.defects.push(Defect::new(
                Fault::BudgetExceeded,
                "too many certificates could be issuers: the search was cut short",
            ));
            self.defects.sort_by_key(|d| d.fault);
        }
    }

    /// The answer that this path gives.
    pub(super) fn conclude(self, query: &Query<'_>, basis: Basis, tried: usize) -> Judged {
        let status = self.status();
        let reason = match (&self.anchor, status) {
            (Some(anchor), TrustStatus::Trusted) => format!(
                "the chain ends in {}, an anchor of the programme {}",
                title(&anchor.certificate),
                anchor.programme
            ),
            _ => sentence(&self.defects),
        };
        let mut findings = self.examined.notes;
        findings.extend(notes::about(
            &self.path,
            self.anchor.as_ref(),
            basis,
            query.now,
        ));
        let mut faults: Vec<&'static str> = Vec::new();
        for defect in &self.defects {
            if !faults.contains(&defect.fault.id()) {
                faults.push(defect.fault.id());
            }
        }
        Judged {
            trust: Trust {
                status,
                programme: programme(self.anchor.as_ref(), query.profile),
                root: self.anchor.as_ref().map(|a| a.certificate.id),
                reason,
                faults,
                chain: self.path,
                paths_tried: tried,
            },
            revocation: self
                .revocation
                .unwrap_or_else(|| revocation_not_checked("no path to an anchor")),
            findings,
        }
    }
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
