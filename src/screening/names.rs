//! Names of all entries by their core, normalised once, so that screening a party costs a look-up and not a walk.

use std::collections::{BTreeMap, BTreeSet};

use crate::identity::name::{Comparison, Named, NormalName, compare, legal_names};
use crate::model::party::Party;
use crate::screening::instrument::Instrument;

/// Instrument id and entry id.
pub(super) type Place = (String, String);

/// The index.
#[derive(Debug, Clone, Default)]
pub(super) struct Names {
    by_core: BTreeMap<String, Vec<Indexed>>,
}

#[derive(Debug, Clone)]
struct Indexed {
    place: Place,
    name: NormalName,
    countries: BTreeSet<String>,
}

impl Names {
    pub(super) fn new(instruments: &[Instrument]) -> Self {
        let mut by_core: BTreeMap<String, Vec<Indexed>> = BTreeMap::new();
        for instrument in instruments {
            for entry in instrument.entries.iter().filter(|e| !e.category) {
                for name in std::iter::once(&entry.name)
                    .chain(&entry.aliases)
                    .flat_map(|name| legal_names(name))
                {
                    by_core.entry(name.core.clone()).or_default().push(Indexed {
                        place: (instrument.id.clone(), entry.id.clone()),
                        name,
                        countries: entry.countries.iter().cloned().collect(),
                    });
                }
            }
        }
        Self { by_core }
    }

    /// The best comparison of each entry that has a name of the party.
    pub(super) fn compared(&self, party: &Party) -> BTreeMap<Place, Comparison> {
        let mut best: BTreeMap<Place, Comparison> = BTreeMap::new();
        for ours in std::iter::once(&party.name)
            .chain(&party.names)
            .flat_map(|name| legal_names(name))
        {
            for theirs in self.by_core.get(&ours.core).into_iter().flatten() {
                let found = compare(
                    Named {
                        name: &ours,
                        countries: &party.countries,
                    },
                    Named {
                        name: &theirs.name,
                        countries: &theirs.countries,
                    },
                );
                if let Some(found) = found
                    && best
                        .get(&theirs.place)
                        .is_none_or(|best| best.tier < found.tier)
                {
                    best.insert(theirs.place.clone(), found);
                }
            }
        }
        best
    }
}
