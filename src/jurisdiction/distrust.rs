//! Authorities behind a signature that a root programme has ceased to trust, at the judgement time or before.
//!
//! It is history, with its day and its scope, and no verdict: most of these decisions are about TLS server certificates, and whether
//! a chain is trusted for code is what the chain's own programme says.

use std::collections::BTreeSet;

use time::Date;

use super::Assessed;
use super::findings::AUTHORITY_DISTRUSTED_BEFORE;
use super::operators::{Operator, Operators};
use crate::identity::subject;
use crate::model::certificate::Certificate;
use crate::model::evidence::{Evidence, Source};
use crate::model::finding::{Finding, Status};
use crate::model::party::Party;
use crate::model::signature::{Integrity, Signature};

/// An authority of the chain: its operator, the name it was known by, and where that stands.
type Concerned<'o> = (&'o Operator, String, Evidence);

/// Adds a finding for every such decision about an authority above the signer or above a timestamp that holds.
pub(super) fn history(
    party: &Party,
    signature: &Signature,
    operators: &Operators,
    now: Date,
    assessed: &mut Assessed,
) {
    if matches!(signature.integrity, Integrity::Invalid(_)) {
        return;
    }
    let mut concerned: Vec<(&str, Concerned<'_>)> = Vec::new();
    if let Some(leaf) = &signature.signer {
        let above = signature.trust.chain.iter().skip(1).map(|c| &**c);
        let found = authorities(leaf, above, operators);
        concerned.extend(found.into_iter().map(|c| ("signer", c)));
    }
    for stamp in &signature.timestamps {
        let holds = matches!(stamp.integrity, Integrity::Valid);
        if let Some(leaf) = stamp.signer.as_ref().filter(|_| holds) {
            let above = stamp.trust.chain.iter().skip(1).map(|c| &**c);
            let found = authorities(leaf, above, operators);
            concerned.extend(found.into_iter().map(|c| ("timestamp", c)));
        }
    }
    let mut said = BTreeSet::new();
    for (part, (operator, name, evidence)) in concerned {
        for distrust in &operator.distrusts {
            let past = distrust.since().is_some_and(|from| from <= now);
            let first = said.insert((part, &operator.id, &distrust.by, &distrust.from));
            if !past || !distrust.concerns(&name) || !first {
                continue;
            }
            let (status, lead) = if distrust.verified {
                (Status::Review, "")
            } else {
                (
                    Status::Unknown,
                    "; not verified, a lead that decides nothing",
                )
            };
            let message = format!(
                "authority {name} above the {part}: {}, {}, since {}: {}{lead}",
                distrust.by, distrust.scope, distrust.from, distrust.text
            );
            let mut finding = Finding::new(&AUTHORITY_DISTRUSTED_BEFORE, status, message)
                .about(&signature.id)
                .party(&party.id)
                .with(evidence.clone());
            finding
                .evidence
                .extend(operator.distrust_evidence(distrust));
            assessed.findings.push(finding);
        }
    }
}

/// The operators of the certificates above `leaf`; of its issuer's name where none is at hand.
fn authorities<'c, 'o>(
    leaf: &Certificate,
    above: impl Iterator<Item = &'c Certificate>,
    operators: &'o Operators,
) -> Vec<Concerned<'o>> {
    let mut found = Vec::new();
    let mut any = false;
    for certificate in above {
        any = true;
        let name = subject::first(&certificate.subject, &subject::ORGANIZATION).unwrap_or_default();
        let operator = operators
            .by_certificate(&certificate.id)
            .or_else(|| operators.by_organization(name));
        let evidence = Evidence::certificate(
            Source::Embedded,
            certificate.id,
            "subject.O",
            name.to_owned(),
        );
        found.extend(operator.map(|o| (o, name.to_owned(), evidence)));
    }
    if !any && !leaf.is_self_issued() {
        let name = subject::first(&leaf.issuer, &subject::ORGANIZATION).unwrap_or_default();
        let evidence =
            Evidence::certificate(Source::Embedded, leaf.id, "issuer.O", name.to_owned());
        let operator = operators.by_organization(name);
        found.extend(operator.map(|o| (o, name.to_owned(), evidence)));
    }
    found
}
