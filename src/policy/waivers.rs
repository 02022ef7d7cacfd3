//! Waivers, applied after evaluation, so that a waived reason stays visible with the waiver that covers it.

use time::Date;

use crate::model::verdict::{Decision, Reason, Waiver};

/// Reasons that say "not good" or "not known" about the signature itself. A waiver for every file alike would turn any
/// forgery into an allow, so these take one instance at a time. Ids that end in `-unknown` are among them.
const ONE_BY_ONE: [&str; 10] = [
    "signature-missing",
    "signature-invalid",
    "one-signature-invalid",
    "signature-unverifiable",
    "certificate-revoked",
    "signer-distrusted",
    "signer-not-trusted",
    "subject-malformed",
    "subject-not-examined",
    "nothing-checked",
];

/// A reason with the instances that a waiver may name it by: its own, and that of the finding it rests on.
pub(super) struct Covered {
    /// The reason.
    pub reason: Reason,
    /// Instance of the finding it rests on.
    pub finding: Option<String>,
}

/// Marks what is waived at `today`; what would be waived but may not be adds a reason of its own.
pub(super) fn apply(reasons: Vec<Covered>, waivers: &[Waiver], today: Date) -> Vec<Reason> {
    let mut out = Vec::new();
    let mut refused = Vec::new();
    for Covered {
        mut reason,
        finding,
    } in reasons
    {
        let names = |waiver: &&Waiver| {
            waiver.finding == reason.id
                && waiver.instance.as_ref().is_none_or(|instance| {
                    *instance == reason.instance || Some(instance) == finding.as_ref()
                })
        };
        let mut of_this: Vec<&Waiver> = waivers.iter().filter(names).collect();
        // The one that lasts longest speaks.
        of_this.sort_by_key(|w| (w.instance.is_none(), std::cmp::Reverse(w.until)));
        for waiver in of_this {
            if waiver.until < today {
                refused.push(refusal("waiver-expired", &reason, waiver, |until| {
                    format!("the waiver for it ended on {until}")
                }));
            } else if waiver.instance.is_none() && one_by_one(&reason.id) {
                refused.push(refusal("waiver-needs-instance", &reason, waiver, |_| {
                    "the waiver for it covers every file; it must name one instance".into()
                }));
            } else {
                reason.waiver = Some(waiver.clone());
                break;
            }
        }
        if reason.waiver.is_some() {
            refused.retain(|r: &Reason| r.instance != refused_instance(&reason));
        }
        out.push(reason);
    }
    refused.sort_by(|a, b| (&a.id, &a.instance).cmp(&(&b.id, &b.instance)));
    refused.dedup();
    out.extend(refused);
    out
}

fn one_by_one(id: &str) -> bool {
    ONE_BY_ONE.contains(&id) || id.ends_with("-unknown")
}

fn refused_instance(reason: &Reason) -> String {
    format!("waiver/{}", reason.instance)
}

fn refusal(id: &str, reason: &Reason, waiver: &Waiver, why: impl Fn(Date) -> String) -> Reason {
    Reason {
        id: id.into(),
        decision: Decision::Review,
        message: format!("{}: {} ({})", reason.id, why(waiver.until), waiver.reason),
        instance: refused_instance(reason),
        evidence: Vec::new(),
        party: reason.party.clone(),
        rule: "waivers".into(),
        waiver: None,
    }
}
