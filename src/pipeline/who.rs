//! Who stands behind it: parties, their claims, what the registry knows, which instruments reach them.

use std::collections::BTreeMap;

use crate::identity;
use crate::jurisdiction;
use crate::model::analysis::Subject;
use crate::model::finding::Finding;
use crate::model::party::{Party, PartyId};
use crate::pipeline::Context;
use crate::screening;
use crate::vendor;
use crate::vendor::gleif::owners::Owners;

/// Every party of every subject. What is found about a party itself is said once, on the first subject that it stands behind;
/// the report's tables lead from the party to the others.
pub(super) fn who(subjects: &mut [Subject], context: &Context<'_>) -> BTreeMap<PartyId, Party> {
    let mut parties: BTreeMap<PartyId, Party> = BTreeMap::new();
    let mut first: BTreeMap<PartyId, usize> = BTreeMap::new();
    for (index, subject) in subjects.iter_mut().enumerate() {
        for party in signers(subject, context) {
            first.entry(party.id.clone()).or_insert(index);
            identity::merge(&mut parties, party);
        }
    }
    for (id, party) in &mut parties {
        let mut findings = context.known.about(party, |party| about(party, context));
        let subject = first.get(id).and_then(|index| subjects.get_mut(*index));
        if let Some(subject) = subject {
            subject.findings.append(&mut findings);
        }
    }
    for subject in subjects.iter_mut() {
        vendor::settle_declared(&parties, &mut subject.findings);
    }
    if let Some(top) = subjects.first_mut().filter(|top| top.error.is_none()) {
        top.findings.extend(screening::about_data(
            context.instruments,
            context.now,
            context.max_list_age_days,
        ));
        top.findings
            .extend(screening::about_lists(context.listed, context.now));
    }
    parties
}

/// What the registry, its own claims, instruments and lists say of a party.
fn about(party: &mut Party, context: &Context<'_>) -> Vec<Finding> {
    let day = context.now.date();
    let mut findings = vendor::enrich(party, context.vendors, day);
    findings.append(&mut vendor::gleif::enrich_by_lei(
        party,
        context.vendors,
        context.legal_entities,
        day,
    ));
    findings.append(&mut jurisdiction::review(party));
    let owners = Owners::new(context.vendors, context.legal_entities).of_party(party);
    let screening::Evaluation { matches, gaps } =
        screening::follow(party, context.instruments, &owners, context.now);
    party.matches = matches;
    findings.extend(screening::about_chain(party, &gaps));
    let mut unscreened = screening::screen(party, context.listed, context.instruments, context.now);
    let mut screened = screening::about_party(
        party,
        context.instruments,
        context.listed,
        context.now,
        context.max_list_age_days,
    );
    // Where a list gave no answer there is no negative one.
    if !unscreened.is_empty() {
        screened.retain(|f| f.definition.id != screening::findings::SCREENING_CLEAR.id);
    }
    findings.append(&mut screened);
    findings.append(&mut unscreened);
    findings
}

/// The parties behind one subject's signatures, with the findings about how they are named there.
fn signers(subject: &mut Subject, context: &Context<'_>) -> Vec<Party> {
    let mut parties = Vec::new();
    let mut findings: Vec<Finding> = Vec::new();
    for signature in &subject.signatures {
        let Some(mut identified) = identity::identify(signature) else {
            continue;
        };
        findings.append(&mut identified.findings);
        let mut signer = identified.party;
        let mut assessed = jurisdiction::assess(
            &mut signer,
            signature,
            context.operators,
            context.now.date(),
        );
        findings.append(&mut assessed.findings);
        let signing = identity::declared::Signing {
            signature: &signature.id,
            signer: &signer,
            opus: signature.opus.as_ref(),
            source: identity::standing(signature).1,
        };
        findings.extend(identity::publisher::mismatch(signature, &subject.claimed));
        for (maker, finding) in identity::declared::declared(signing, &subject.claimed) {
            parties.push(maker);
            findings.push(finding);
        }
        subject
            .signers
            .insert(signature.id.clone(), signer.id.clone());
        parties.extend(assessed.authorities.into_iter().chain([signer]));
    }
    subject.findings.append(&mut findings);
    parties
}
