//! What one path search may cost. Certificates are attacker-supplied, and a search over same-named issuers grows exponentially
//! (RUSTSEC-2023-0053, CVE-2024-28835); what is spent is counted the same whether an answer was cached or not, so that a
//! verdict does not depend on what was judged before.

use std::collections::HashSet;

use crate::model::certificate::CertificateId;

/// Signatures computed. The longest real path has four; cross-certificates of one name multiply that by less than ten.
const MAX_SIGNATURES: usize = 100;

/// Steps of the search. Signatures already known cost nothing, so a hundred certificates of one name and key would
/// otherwise be tried in every order.
const MAX_STEPS: usize = 1000;

/// Complete paths examined. Each costs a pass over its names, its constraints and the revocation lists at hand; cross-certified
/// programmes offer fewer than ten.
const MAX_PATHS: usize = 64;

/// Issuers tried for one name. Microsoft runs about a dozen keys under one name.
pub(super) const MAX_CANDIDATES: usize = 64;

/// Names read and compared with constraints in one search; constrained certificates in use need a few hundred.
pub(super) const MAX_NAME_COMPARISONS: usize = 250_000;

/// The account of one search.
#[derive(Debug)]
pub(super) struct Budget {
    steps: usize,
    paths: usize,
    /// Names read and compared so far, against [`MAX_NAME_COMPARISONS`].
    pub(super) comparisons: usize,
    signatures: HashSet<([u8; 32], CertificateId)>,
    exceeded: bool,
}

impl Budget {
    pub(super) fn new() -> Self {
        Self {
            steps: 0,
            paths: 0,
            comparisons: 0,
            signatures: HashSet::new(),
            exceeded: false,
        }
    }

    /// Whether one more step may be taken.
    pub(super) fn step(&mut self) -> bool {
        self.steps = self.steps.saturating_add(1);
        self.exceeded |= self.steps > MAX_STEPS;
        !self.exceeded
    }

    /// Whether one more complete path may be examined.
    pub(super) fn path(&mut self) -> bool {
        self.paths = self.paths.saturating_add(1);
        self.exceeded |= self.paths > MAX_PATHS;
        self.paths <= MAX_PATHS
    }

    /// Whether this signature may be computed; asking again for the same one is free.
    pub(super) fn signature(&mut self, issuer_key: [u8; 32], certificate: CertificateId) -> bool {
        let pair = (issuer_key, certificate);
        if self.signatures.contains(&pair) {
            return true;
        }
        if self.signatures.len() >= MAX_SIGNATURES {
            self.exceeded = true;
            return false;
        }
        self.signatures.insert(pair)
    }

    /// A limit was reached: what was not tried stays unknown.
    pub(super) fn exceed(&mut self) {
        self.exceeded = true;
    }

    pub(super) fn exceeded(&self) -> bool {
        self.exceeded
    }
}
