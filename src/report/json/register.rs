//! Gives out the handles. Equal pieces of evidence share one; numbers follow the order in which the report is read.

use std::collections::BTreeMap;

use super::evidence::{Claim, Evidence};
use super::handle::{ClaimId, EvidenceId, HostId};
use crate::model::claim::Claim as ModelClaim;
use crate::model::evidence::{Evidence as ModelEvidence, Locator};
use crate::model::party::Party;

/// Evidence and claims collected so far.
#[derive(Debug, Default)]
pub(super) struct Register {
    seen: BTreeMap<(Option<String>, ModelEvidence), EvidenceId>,
    only_subject: Option<String>,
    pub(super) evidence: BTreeMap<EvidenceId, Evidence>,
    pub(super) claims: BTreeMap<ClaimId, Claim>,
}

impl Register {
    /// `only_subject` is the one that byte offsets without a subject count in, where there is but one.
    pub(super) fn new(only_subject: Option<&str>) -> Self {
        Self {
            only_subject: only_subject.map(str::to_owned),
            ..Self::default()
        }
    }

    /// Handles of `evidence`, found in `subject`.
    pub(super) fn cite(
        &mut self,
        subject: Option<&str>,
        evidence: &[ModelEvidence],
    ) -> Vec<EvidenceId> {
        let mut handles = Vec::with_capacity(evidence.len());
        for piece in evidence {
            let handle = self.handle(subject, piece);
            if !handles.contains(&handle) {
                handles.push(handle);
            }
        }
        handles
    }

    fn handle(&mut self, subject: Option<&str>, piece: &ModelEvidence) -> EvidenceId {
        // Only bytes belong to one file; a certificate field or a data entry is the same whoever cites it.
        let subject = match piece.locator {
            Locator::Bytes { .. } => subject.or(self.only_subject.as_deref()).map(str::to_owned),
            Locator::CertificateField { .. } | Locator::Entry { .. } | Locator::Url(_) => None,
        };
        let key = (subject, piece.clone());
        if let Some(handle) = self.seen.get(&key) {
            return *handle;
        }
        let handle = EvidenceId(next(self.evidence.len()));
        self.evidence
            .insert(handle, Evidence::new(piece, key.0.as_deref()));
        self.seen.insert(key, handle);
        handle
    }

    /// Handles of the claims about `party`.
    pub(super) fn claims(&mut self, party: &Party) -> Vec<ClaimId> {
        party
            .claims
            .iter()
            .map(|claim| {
                let evidence = self.cite(None, &claim.evidence);
                let handle = ClaimId(next(self.claims.len()));
                self.claims.insert(handle, Claim::new(claim, evidence));
                handle
            })
            .collect()
    }
}

impl Register {
    /// Handles of the claims about a host.
    pub(super) fn host_claims(&mut self, host: HostId, claims: &[ModelClaim]) -> Vec<ClaimId> {
        claims
            .iter()
            .map(|claim| {
                let evidence = self.cite(None, &claim.evidence);
                let handle = ClaimId(next(self.claims.len()));
                let claim = Claim {
                    party: None,
                    host: Some(host),
                    ..Claim::new(claim, evidence)
                };
                self.claims.insert(handle, claim);
                handle
            })
            .collect()
    }
}

fn next(len: usize) -> u32 {
    u32::try_from(len).unwrap_or(u32::MAX).saturating_add(1)
}

#[cfg(test)]
mod tests {
    use super::Register;
    use crate::model::evidence::{Evidence, Source};
    use crate::report::json::handle::EvidenceId;

    #[test]
    fn equal_pieces_share_a_handle_but_bytes_of_two_files_do_not() {
        let bytes = Evidence::bytes(Source::Embedded, 0, 4);
        let entry = Evidence::entry("vendors/example", "gmbh");
        let mut register = Register::new(None);
        let first = register.cite(Some("1"), &[bytes.clone(), entry.clone(), bytes.clone()]);
        let second = register.cite(Some("1.1"), &[bytes, entry]);
        assert_eq!(first, [EvidenceId(1), EvidenceId(2)]);
        assert_eq!(second, [EvidenceId(3), EvidenceId(2)]);
    }
}
