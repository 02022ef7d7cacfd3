//! Many names against many entries: every entry normalised once, indexed by what names must share, in memory.
//!
//! Entries of the vendor registry, of the instruments and of lists stand side by side; a row gets every entry that it is taken for and the
//! best of those that resemble it. Nothing found is no clearance.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use rayon::iter::{IntoParallelRefIterator, ParallelIterator};

use crate::identity::name::{
    Common, Letters, NormalName, Variant, keys_of, person_keys, wanted_of,
};
use crate::model::list::ListEntry;
use crate::model::party::Tier;
use crate::screening::data::Instruments;
use crate::screening::matching::{
    Comparison, Number, Subject, Target, by_number, number_of, of_names,
};
use crate::vendor::{Registry, party_schemes};

/// Where an entry comes from and what it is called there.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Label {
    /// `vendors`, an instrument's id, or a list's.
    pub list: String,
    /// The entry's id in it.
    pub entry: String,
    /// Its first name, as the list writes it.
    pub name: String,
}

/// One entry that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit<'b> {
    /// The entry.
    pub label: &'b Label,
    /// Tier, rule, normal forms.
    pub comparison: Comparison,
}

/// What was found for one row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hits<'b> {
    /// Every entry of tier `same`, then the best others.
    pub shown: Vec<Hit<'b>>,
    /// How many others there are.
    pub more: usize,
}

/// One name of one entry.
#[derive(Debug)]
struct Name {
    entry: u32,
    variant: u32,
    length: usize,
    letters: Letters,
}

/// Names by one key. Long ones of word parts are kept empty: a beginning that so many names share tells nothing.
type Bucket = Vec<u32>;

/// Most names that a key by parts of words may have: `tele`, `inte` and their like would compare everything with everything.
const MAX_PARTS: usize = 1000;

/// The entries, ready to be asked.
#[derive(Debug, Default)]
pub struct Book {
    labels: Vec<Label>,
    targets: Vec<Target>,
    names: Vec<Name>,
    by_key: HashMap<String, Bucket>,
    by_number: HashMap<(String, String), Vec<u32>>,
    common: Common,
    /// A natural person is among the entries.
    persons: bool,
}

impl Book {
    /// Takes every entity of the registry and every named entry of the instruments.
    pub fn add_built_in(&mut self, vendors: &Registry, instruments: &Instruments) {
        for vendor in vendors.iter() {
            for entity in &vendor.entities {
                let names = std::iter::once(entity.name.as_str())
                    .chain(entity.aliases.iter().map(|alias| alias.name.as_str()));
                let countries: BTreeSet<String> = std::iter::once(entity.jurisdiction.clone())
                    .chain(entity.place_country.clone())
                    .collect();
                let subject = Subject::new(names, &countries, &[]);
                let numbers = entity
                    .identifiers
                    .iter()
                    .filter(|id| !id.conflicts)
                    .flat_map(|id| party_schemes(&id.scheme, &id.value))
                    .collect();
                let label = Label {
                    list: "vendors".into(),
                    entry: format!("{}/{}", vendor.id, entity.key),
                    name: entity.name.clone(),
                };
                self.add(label, target(subject, numbers));
            }
        }
        for instrument in instruments.iter() {
            for entry in instrument.entries.iter().filter(|e| !e.category) {
                let names = std::iter::once(&entry.name).chain(&entry.aliases);
                let countries = entry.countries.iter().cloned().collect();
                let subject = Subject::new(names.map(String::as_str), &countries, &[]);
                let numbers = entry
                    .identifiers
                    .iter()
                    .map(|id| number_of(&id.scheme, id.jurisdiction.as_deref(), &id.value))
                    .collect();
                let label = Label {
                    list: instrument.id.clone(),
                    entry: entry.id.clone(),
                    name: entry.name.clone(),
                };
                self.add(label, target(subject, numbers));
            }
        }
    }

    /// Takes entries of a list, which are normalised side by side.
    pub fn add_list(&mut self, entries: &[ListEntry]) {
        let targets: Vec<Target> = entries.par_iter().map(Target::of).collect();
        for (entry, target) in entries.iter().zip(targets) {
            self.add_entry(entry, target);
        }
    }

    /// Takes one entry of a list.
    pub fn add_listed(&mut self, entry: &ListEntry) {
        self.add_entry(entry, Target::of(entry));
    }

    fn add_entry(&mut self, entry: &ListEntry, target: Target) {
        let label = Label {
            list: entry.list.clone(),
            entry: entry.id.clone(),
            name: entry
                .names
                .first()
                .map(|name| name.text.clone())
                .unwrap_or_default(),
        };
        self.add(label, target);
    }

    fn add(&mut self, label: Label, target: Target) {
        let Ok(entry) = u32::try_from(self.targets.len()) else {
            return;
        };
        for (index, variant) in target.names.iter().enumerate() {
            let (Ok(id), Ok(variant_id)) = (u32::try_from(self.names.len()), u32::try_from(index))
            else {
                continue;
            };
            for key in keys_of_target(&target, variant) {
                self.by_key.entry(key).or_default().push(id);
            }
            self.names.push(Name {
                entry,
                variant: variant_id,
                length: variant.name.length,
                letters: variant.name.letters,
            });
        }
        for (scheme, _, value) in &target.numbers {
            self.by_number
                .entry((scheme.clone(), value.clone()))
                .or_default()
                .push(entry);
        }
        self.persons |= target.is_person;
        self.labels.push(label);
        self.targets.push(target);
    }

    /// To be called once when all entries are in: counts words, and drops what is common.
    pub fn close(&mut self) {
        let counts = self
            .by_key
            .iter()
            .filter_map(|(key, names)| Some((key.strip_prefix('w')?, names.len())));
        self.common = Common::new(counts, self.names.len());
        let common = &self.common;
        self.by_key
            .retain(|key, names| match key.split_at_checked(1) {
                Some(("w", word)) => !common.has(word),
                Some(("h" | "t", _)) => names.len() <= MAX_PARTS,
                _ => true,
            });
    }

    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.targets.len()
    }

    /// No entry is in; nothing can be screened.
    pub fn is_empty(&self) -> bool {
        self.targets.is_empty()
    }

    /// The best of all entries for `subject`: by tier, then by the order in which entries were taken in.
    pub fn best(&self, subject: &Subject) -> Option<Hit<'_>> {
        self.hits(subject, 1).shown.into_iter().next()
    }

    /// Every entry that is taken for `subject`, and of those that only resemble it the best ones, `others` at most.
    pub fn hits(&self, subject: &Subject, others: usize) -> Hits<'_> {
        let mut found: Vec<(u32, Comparison)> = self.numbered(subject).into_iter().collect();
        for (entry, comparison) in self.named(subject) {
            if found.iter().all(|(known, _)| *known != entry) {
                found.push((entry, comparison));
            }
        }
        // Entries came in their order, and the sort is stable.
        found.sort_by_key(|(_, comparison)| std::cmp::Reverse(comparison.tier));
        let same = found
            .iter()
            .filter(|(_, comparison)| comparison.tier == Tier::Same)
            .count();
        let shown = same.saturating_add(others);
        let more = found.len().saturating_sub(shown);
        found.truncate(shown);
        let shown = found
            .into_iter()
            .filter_map(|(entry, comparison)| {
                let label = self.labels.get(usize::try_from(entry).ok()?)?;
                Some(Hit { label, comparison })
            })
            .collect();
        Hits { shown, more }
    }

    /// The best comparison of each entry that has a name like one of the subject's, in the order of the entries.
    fn named(&self, subject: &Subject) -> BTreeMap<u32, Comparison> {
        let mut best: BTreeMap<u32, Comparison> = BTreeMap::new();
        let mut candidates: Vec<u32> = Vec::new();
        for ours in &subject.names {
            self.candidates(&ours.name, &mut candidates);
            for id in &candidates {
                let Some(name) = self.name(*id) else { continue };
                let Some((target, theirs)) = self.target(name) else {
                    continue;
                };
                let Some(found) = of_names(subject, ours, target, theirs, &self.common) else {
                    continue;
                };
                let known = best.get(&name.entry).map(|known| known.tier);
                if known.is_none_or(|known| known < found.tier) {
                    best.insert(name.entry, found);
                }
            }
        }
        best
    }

    /// Names that share a key with `ours`, each once.
    fn candidates(&self, ours: &NormalName, candidates: &mut Vec<u32>) {
        candidates.clear();
        let persons = if self.persons {
            person_keys(ours)
        } else {
            Vec::new()
        };
        for key in wanted_of(ours).into_iter().chain(persons) {
            let bucket = self.by_key.get(&key).map_or(&[][..], Vec::as_slice);
            if key.starts_with(['h', 't']) {
                // Parts of words are keys for a few changed letters only.
                let near = |id: &&u32| {
                    self.name(**id).is_some_and(|name| {
                        name.length.abs_diff(ours.length) <= MAX_EDITS
                            && ours.letters.may_differ_by(name.letters, MAX_EDITS)
                    })
                };
                candidates.extend(bucket.iter().filter(near));
            } else {
                candidates.extend(bucket);
            }
        }
        candidates.sort_unstable();
        candidates.dedup();
    }

    /// Entries that carry a number of the subject's.
    fn numbered(&self, subject: &Subject) -> BTreeMap<u32, Comparison> {
        let mut found = BTreeMap::new();
        for (scheme, _, value) in &subject.numbers {
            let key = (scheme.clone(), value.clone());
            for entry in self.by_number.get(&key).into_iter().flatten() {
                let target = usize::try_from(*entry)
                    .ok()
                    .and_then(|e| self.targets.get(e));
                if let Some(comparison) = target.and_then(|target| by_number(subject, target)) {
                    found.insert(*entry, comparison);
                }
            }
        }
        found
    }

    fn name(&self, id: u32) -> Option<&Name> {
        self.names.get(usize::try_from(id).ok()?)
    }

    fn target(&self, name: &Name) -> Option<(&Target, &Variant)> {
        let target = self.targets.get(usize::try_from(name.entry).ok()?)?;
        let variant = target.names.get(usize::try_from(name.variant).ok()?)?;
        Some((target, variant))
    }
}

/// Letters that the edit rule may change at most.
const MAX_EDITS: usize = 2;

fn keys_of_target(target: &Target, variant: &Variant) -> Vec<String> {
    if target.is_person {
        person_keys(&variant.name)
    } else {
        keys_of(&variant.name)
    }
}

fn target(subject: Subject, numbers: Vec<Number>) -> Target {
    Target {
        is_person: false,
        names: subject.names,
        countries: subject.countries,
        numbers,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{Book, Hit};
    use crate::model::list::{ListEntry, ListedKind, ListedName, ListedNumber, NameKind};
    use crate::model::party::Tier;
    use crate::screening::matching::{Subject, number_of};

    fn entry(id: &str, names: &[(&str, NameKind)], country: &str, inn: Option<&str>) -> ListEntry {
        ListEntry {
            list: "test-list".into(),
            id: id.into(),
            kind: ListedKind::Organization,
            names: names
                .iter()
                .map(|(text, kind)| ListedName {
                    text: (*text).into(),
                    kind: *kind,
                })
                .collect(),
            countries: vec![country.to_owned()],
            numbers: inn
                .map(|inn| ListedNumber {
                    scheme: "inn".into(),
                    label: "Tax ID No.".into(),
                    value: inn.into(),
                    country: Some("RU".into()),
                })
                .into_iter()
                .collect(),
            from: None,
            until: None,
            programmes: Vec::new(),
            remarks: String::new(),
            citation: String::new(),
            raw_sha256: [0; 32],
        }
    }

    fn book() -> Book {
        use NameKind::{Primary, Weak};
        let mut book = Book::default();
        for (id, names, country, inn) in [
            (
                "1",
                vec![("AKTSIONERNOE OBSHCHESTVO ZELENAYA LAMPA", Primary)],
                "RU",
                Some("7700 000 001"),
            ),
            (
                "2",
                vec![("Norvex Instruments Co., Ltd. (Norvex)", Primary)],
                "CN",
                None,
            ),
            (
                "3",
                vec![("Quillon Trading LLC", Primary), ("Brisk", Weak)],
                "AE",
                None,
            ),
            (
                "4",
                vec![("AKTSIONERNOE OBSHCHESTVO AXT", Primary)],
                "RU",
                None,
            ),
        ] {
            book.add_listed(&entry(id, &names, country, inn));
        }
        book.close();
        book
    }

    fn asked<'b>(book: &'b Book, name: &str, country: &str) -> Option<Hit<'b>> {
        let countries: BTreeSet<String> = Some(country.to_owned())
            .filter(|c| !c.is_empty())
            .into_iter()
            .collect();
        book.best(&Subject::new(std::iter::once(name), &countries, &[]))
    }

    #[test]
    fn each_tier_is_found_through_the_index() {
        let book = book();
        for (name, country, entry, tier) in [
            ("АО «Зеленая Лампа»", "RU", "1", Tier::Same),
            ("Zelenaya Lampa", "", "1", Tier::Review),
            ("OOO Zelenaya Lampa", "RU", "1", Tier::Group),
            ("Zelenaya Lanpa AO", "RU", "1", Tier::Review),
            ("NORVEX INSTRUMENTS CO LTD", "CN", "2", Tier::Same),
            ("Norvex Inc.", "CN", "2", Tier::Group),
            ("Norvex Optics (Shenzhen) Co., Ltd.", "CN", "2", Tier::Group),
            ("N\u{43e}rvex Instruments", "CN", "2", Tier::Review),
            ("N0rvex Instruments", "CN", "2", Tier::Review),
            ("Brisk Ltd", "AE", "3", Tier::Review),
            ("AXT SpaceWorks Inc.", "US", "4", Tier::Review),
        ] {
            let hit = asked(&book, name, country).unwrap_or_else(|| panic!("{name}: nothing"));
            let found = (hit.label.entry.as_str(), hit.comparison.tier);
            assert_eq!(found, (entry, tier), "{name}: {:?}", hit.comparison);
            assert!(!hit.comparison.rule.is_empty() && !hit.comparison.compared.0.is_empty());
        }
    }

    #[test]
    fn what_only_looks_related_is_not_found() {
        let book = book();
        for name in [
            "Axtron Software s.r.o.",
            "Lamp GmbH",
            "Instruments Inc.",
            "Global Trading LLC",
            "AYT Corporation",
            "",
        ] {
            assert_eq!(asked(&book, name, "RU"), None, "{name}");
        }
    }

    #[test]
    fn a_number_finds_an_entry_whatever_the_spelling() {
        let book = book();
        let mut subject = Subject::new(std::iter::once("Green Beacon"), &BTreeSet::new(), &[]);
        subject.numbers = vec![number_of("inn", Some("RU"), "7700000001")];
        let hit = book.best(&subject).unwrap();
        let found = (hit.label.entry.as_str(), hit.comparison.tier);
        assert_eq!(found, ("1", Tier::Same));
        subject.numbers = vec![number_of("ogrn", Some("RU"), "7700000001")];
        assert_eq!(book.best(&subject), None);
    }

    #[test]
    fn every_entry_that_is_the_same_is_shown_and_of_the_others_the_best_few() {
        let mut book = Book::default();
        for id in 0..4 {
            let id = format!("same-{id}");
            book.add_listed(&entry(
                &id,
                &[("Norvex Instruments", NameKind::Primary)],
                "CN",
                None,
            ));
        }
        for id in 0..6 {
            let name = format!(
                "Norvex Instruments {}",
                ["Alba", "Brix", "Cora", "Dorn", "Elba", "Fard"][id]
            );
            let id = format!("group-{id}");
            book.add_listed(&entry(&id, &[(&name, NameKind::Primary)], "CN", None));
        }
        book.close();
        let countries = BTreeSet::from(["CN".to_owned()]);
        let subject = Subject::new(std::iter::once("Norvex Instruments"), &countries, &[]);
        for (others, shown) in [(0, 4), (2, 6), (99, 10)] {
            let hits = book.hits(&subject, others);
            assert_eq!(
                (hits.shown.len(), hits.more),
                (shown, 10 - shown),
                "{others}"
            );
            assert!(
                hits.shown
                    .iter()
                    .take(4)
                    .all(|h| h.comparison.tier == Tier::Same)
            );
        }
    }

    #[test]
    fn a_book_without_entries_says_so() {
        let mut book = Book::default();
        book.close();
        assert!(book.is_empty());
        assert_eq!(asked(&book, "Norvex", "CN"), None);
    }
}
