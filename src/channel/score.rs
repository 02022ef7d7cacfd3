//! The scorecard: every check with its answer, group by group. No letter and no number: an aggregate hides which group failed.

use crate::channel::check::{self, Check, Said, Scene};
use crate::channel::findings::{
    CHANNEL_AUTHENTICATED, CHANNEL_CLIENT_REFUSES, CHANNEL_SIGNATURE_NOT_VERIFIED,
};
use crate::channel::path::{self, Paths};
use crate::model::channel::{
    Channel, CheckStatus, ClientDecision, ClientVerdict, Signature, SignatureStatus, Strength,
};
use crate::model::evidence::{Evidence, Source};
use crate::model::finding::{Finding, Severity, Status};

/// One row of the scorecard.
#[derive(Debug, Clone)]
pub struct Scored {
    /// The check.
    pub check: &'static Check,
    /// What it came to.
    pub status: CheckStatus,
    /// On what it rests, or why it is unknown; may quote hostile text.
    pub evidence: String,
    /// How bad it is here.
    pub severity: Severity,
}

/// Checks without which nothing is known of a channel's authenticity: where they are unknown, that is a finding.
const ESSENTIAL: [&str; 4] = ["A1", "A2", "A3", "C1"];

/// Asks every check.
pub fn card(scene: &Scene<'_>) -> Vec<Scored> {
    check::all().map(|check| answer(check, scene)).collect()
}

fn answer(check: &'static Check, scene: &Scene<'_>) -> Scored {
    let fact = scene.channel.facts.iter().find(|f| f.check == check.id);
    let said = match (fact, check.ask) {
        (Some(fact), ask) => {
            let of_dialect = Said {
                status: fact.status,
                evidence: fact.evidence.clone(),
                severity: fact.severity,
            };
            // What a dialect leaves open hides no failure that is seen all the same.
            let general = ask.filter(|_| fact.status == CheckStatus::Unknown);
            let failed = general.map(|ask| ask(scene));
            failed
                .filter(|s| s.status == CheckStatus::Fail)
                .unwrap_or(of_dialect)
        }
        (None, Some(ask)) => ask(scene),
        (None, None) => Said::unknown("not looked at in channels of this kind"),
    };
    Scored {
        check,
        status: said.status,
        evidence: said.evidence,
        severity: said.severity.unwrap_or(check.severity),
    }
}

/// What of a scorecard is worth a finding: what fails, and what is essential and not known.
pub fn findings(card: &[Scored]) -> Vec<Finding> {
    card.iter().filter_map(finding).collect()
}

/// What the path and the client's rules come to: good where a sure path leads to everything and the client takes it, bad where the
/// client would refuse.
pub fn whole(channel: &Channel, paths: &Paths, client: &ClientVerdict) -> Option<Finding> {
    let (definition, status, message) = match (client.decision, paths.strength) {
        (ClientDecision::Rejects, _) => (
            &CHANNEL_CLIENT_REFUSES,
            Status::Fail,
            client.reasons.join("; "),
        ),
        (ClientDecision::Accepts, Strength::Strong) => {
            let best = paths.worst().and_then(|t| t.best.as_ref());
            let line = best.map(|way| path::line(channel, way));
            (
                &CHANNEL_AUTHENTICATED,
                Status::Pass,
                line.unwrap_or_default(),
            )
        }
        (ClientDecision::Unknown | ClientDecision::KeepsOld, Strength::Strong)
        | (
            ClientDecision::Accepts | ClientDecision::Unknown | ClientDecision::KeepsOld,
            Strength::None
            | Strength::TransportOnly
            | Strength::Broken
            | Strength::Legacy
            | Strength::Unknown,
        ) => return None,
    };
    Some(Finding::new(definition, status, message))
}

/// Signatures that do not hold beside enough that do: one result a signature, and none hides another.
pub fn beside(channel: &Channel) -> Vec<Finding> {
    let mut out = Vec::new();
    for document in &channel.documents {
        let holds = |s: &&Signature| matches!(s.status, SignatureStatus::Verified(_));
        if !document.signatures.iter().any(|s| holds(&s)) {
            continue;
        }
        for signature in document.signatures.iter().filter(|s| !holds(s)) {
            let why = signature.status.reason().unwrap_or_default();
            let message = format!(
                "{}: the signature by {} is {}{}{why}",
                document.name,
                signature.key.id,
                signature.status.name(),
                if why.is_empty() { "" } else { ": " },
            );
            let status = match signature.status {
                SignatureStatus::Invalid(_) | SignatureStatus::Revoked(_) => Status::Fail,
                SignatureStatus::Verified(_)
                | SignatureStatus::NoKey
                | SignatureStatus::Weak(_)
                | SignatureStatus::Expired(_)
                | SignatureStatus::KeyUnusable(_) => Status::Review,
                SignatureStatus::Unsupported(_) | SignatureStatus::Unchecked(_) => Status::Unknown,
            };
            out.push(Finding::new(
                &CHANNEL_SIGNATURE_NOT_VERIFIED,
                status,
                message,
            ));
        }
    }
    out
}

fn finding(scored: &Scored) -> Option<Finding> {
    let definition = scored.check.finding?;
    let status = match (scored.status, scored.severity) {
        (CheckStatus::Fail, Severity::Critical | Severity::High) => Status::Fail,
        (CheckStatus::Fail, Severity::Medium | Severity::Low | Severity::Info) => Status::Review,
        (CheckStatus::Unknown, _) if ESSENTIAL.contains(&scored.check.id) => Status::Unknown,
        (CheckStatus::Unknown | CheckStatus::Pass | CheckStatus::NotApplicable, _) => return None,
    };
    let message = format!("{} ({})", scored.evidence, scored.check.id);
    let evidence = Evidence::entry("channel", scored.check.id).excerpt(scored.evidence.clone());
    Some(Finding::new(definition, status, message).with(Evidence {
        source: Source::Derived,
        ..evidence
    }))
}

#[cfg(test)]
mod tests {
    use super::{card, findings};
    use crate::base::time::parse_rfc3339;
    use crate::channel::check::{self, Scene};
    use crate::channel::path;
    use crate::model::channel::{Channel, CheckStatus, Fact};
    use std::collections::BTreeSet;

    fn scored(channel: &Channel) -> Vec<super::Scored> {
        let paths = path::of(channel);
        card(&Scene {
            channel,
            paths: &paths,
            at: parse_rfc3339("2026-11-25").unwrap(),
            before: None,
            order: &|_, _| None,
        })
    }

    #[test]
    fn of_an_empty_channel_nothing_passes() {
        let card = scored(&Channel::default());
        assert!(card.len() > 40);
        assert!(card.iter().all(|s| s.status != CheckStatus::Pass));
        assert!(card.iter().all(|s| !s.evidence.is_empty()));
        let ids: BTreeSet<&str> = findings(&card).iter().map(|f| f.definition.id).collect();
        assert!(ids.contains("metadata-unsigned"), "{ids:?}");
        assert!(ids.contains("artifact-not-bound"), "{ids:?}");
    }

    #[test]
    fn what_a_dialect_says_goes_before_the_general_answer() {
        let channel = Channel {
            facts: vec![Fact {
                check: "F2",
                status: CheckStatus::NotApplicable,
                evidence: "answers to a nonce".to_owned(),
                severity: None,
            }],
            ..Channel::default()
        };
        let card = scored(&channel);
        let f2 = card.iter().find(|s| s.check.id == "F2").unwrap();
        assert_eq!(f2.status, CheckStatus::NotApplicable);
    }

    #[test]
    fn what_a_dialect_leaves_open_hides_no_failure() {
        let open = |check| Fact {
            check,
            status: CheckStatus::Unknown,
            evidence: "not every package was seen".to_owned(),
            severity: None,
        };
        let mut channel = Channel {
            facts: vec![open("A3"), open("C1")],
            ..Channel::default()
        };
        channel.artifacts.push(Default::default());
        let card = scored(&channel);
        let of = |id| card.iter().find(|s| s.check.id == id).unwrap();
        assert_eq!(of("A3").status, CheckStatus::Fail);
        assert_eq!(of("C1").evidence, "not every package was seen");
    }

    #[test]
    fn every_check_has_its_own_id_and_says_what_would_fix_it() {
        let ids: BTreeSet<&str> = check::all().map(|c| c.id).collect();
        assert_eq!(ids.len(), check::all().count());
        assert!(check::all().all(|c| !c.fix.is_empty() && !c.title.is_empty()));
        assert!(check::find("A1").is_some());
        assert!(check::find("Z1").is_none());
    }
}
