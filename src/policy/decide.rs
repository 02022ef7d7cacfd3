//! The fold from reasons to a decision. Allow is earned: nothing checked is never allow.

use crate::model::verdict::{Decision, Reason};

/// Deny if a reason that nobody waived denies; else review if one asks for it, or if nothing passed; else allow.
pub(super) fn decide(reasons: &[Reason], something_passed: bool) -> Decision {
    let mut decision = if something_passed {
        Decision::Allow
    } else {
        Decision::Review
    };
    for reason in reasons.iter().filter(|r| r.waiver.is_none()) {
        decision = decision.max(reason.decision);
    }
    decision
}
