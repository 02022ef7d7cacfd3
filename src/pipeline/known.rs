//! What was found out about parties already. Thousands of files share a few signers and authorities.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use crate::model::finding::Finding;
use crate::model::party::{Party, PartyId};

/// Parties kept, some tens of KiB each. When full all are dropped: the next files fill it with what they need.
const MAX_PARTIES: usize = 256;

/// A party as a file's evidence gives it, and what registry, instruments and lists made of it.
#[derive(Debug, Clone)]
struct Entry {
    given: Party,
    enriched: Party,
    findings: Vec<Finding>,
}

/// Answers about parties under one context, shared by threads, bounded. It changes what a verdict costs, never what it is: an
/// answer is used only where the party given is the same in every field.
#[derive(Debug, Default)]
pub struct Known(Mutex<HashMap<PartyId, Entry>>);

impl Known {
    /// `party` as `find` enriches it, and what `find` finds; asked once for equal parties.
    pub(super) fn about(
        &self,
        party: &mut Party,
        find: impl FnOnce(&mut Party) -> Vec<Finding>,
    ) -> Vec<Finding> {
        let known = self
            .lock()
            .get(&party.id)
            .filter(|entry| entry.given == *party)
            .map(|entry| (entry.enriched.clone(), entry.findings.clone()));
        if let Some((enriched, findings)) = known {
            *party = enriched;
            return findings;
        }
        let given = party.clone();
        let findings = find(party);
        let mut entries = self.lock();
        if entries.len() >= MAX_PARTIES {
            entries.clear();
        }
        entries.insert(
            given.id.clone(),
            Entry {
                given,
                enriched: party.clone(),
                findings: findings.clone(),
            },
        );
        findings
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<PartyId, Entry>> {
        // A panic elsewhere leaves whole entries behind: each is inserted in one step.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{Known, MAX_PARTIES};
    use crate::model::party::{Party, PartyId, Role, Validation};

    fn party(id: &str, country: &str) -> Party {
        Party {
            id: PartyId(id.into()),
            name: "Example".into(),
            names: Vec::new(),
            roles: BTreeSet::from([Role::Signer]),
            certificate: None,
            validation: Validation::Unknown,
            validation_rule: String::new(),
            countries: BTreeSet::from([country.to_owned()]),
            identifiers: Vec::new(),
            vendor: None,
            claims: Vec::new(),
            matches: Vec::new(),
        }
    }

    #[test]
    fn only_a_party_equal_in_every_field_gets_the_answer_of_another() {
        let known = Known::default();
        let mut asked = 0;
        for (country, name, times) in [("AA", "first", 1), ("AA", "first", 1), ("BB", "third", 2)] {
            let mut one = party("p", country);
            known.about(&mut one, |p| {
                asked += 1;
                p.names.push(name.into());
                Vec::new()
            });
            assert_eq!(
                (one.names, asked),
                (vec![name.to_owned()], times),
                "{country}"
            );
        }
    }

    #[test]
    fn what_is_kept_is_bounded() {
        let known = Known::default();
        for n in 0..=MAX_PARTIES {
            known.about(&mut party(&n.to_string(), "AA"), |_| Vec::new());
        }
        assert_eq!(known.lock().len(), 1);
    }
}
