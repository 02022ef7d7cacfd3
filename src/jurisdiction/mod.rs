//! Claims of jurisdiction from certificates: where the signer is incorporated and does business, and whose authorities
//! vouched for it and for the time.
//!
//! Every answer is kept with its basis; none overrides another. Where claims of one aspect contradict each other, all lose
//! their strength and the contradiction is a finding. A certificate's C is a place of business, never a seat.

mod authority;
mod certificate;
mod distrust;
pub mod findings;
pub mod network;
mod operators;
mod review;
#[cfg(test)]
mod tests;

pub use operators::{Distrust, Error, Operator, Operators};
pub use review::review;

use time::Date;

use crate::model::finding::Finding;
use crate::model::party::Party;
use crate::model::signature::Signature;

/// What a signature's certificates say beside the signer's own claims.
#[derive(Debug, Clone, Default)]
pub struct Assessed {
    /// Operators of the authorities behind the signature.
    pub authorities: Vec<Party>,
    /// What was noticed.
    pub findings: Vec<Finding>,
}

/// Adds to `party`, the signer of `signature`, every claim that the signature's certificates support.
pub fn assess(
    party: &mut Party,
    signature: &Signature,
    operators: &Operators,
    now: Date,
) -> Assessed {
    if let Some(certificate) = &signature.signer {
        let (_, source) = crate::identity::standing(signature);
        let claims = certificate::claims(party, certificate, source);
        party.claims.extend(claims);
    }
    let mut assessed = Assessed::default();
    authority::issuer(party, signature, operators, &mut assessed);
    authority::timestamps(party, signature, operators, &mut assessed);
    distrust::history(party, signature, operators, now, &mut assessed);
    assessed
}
