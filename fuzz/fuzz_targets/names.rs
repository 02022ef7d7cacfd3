//! Two texts as names of organisations and of persons: an answer without a panic, the same from both sides, and never `same` without an equal
//! name, agreeing countries or numbers.
#![no_main]

use std::collections::BTreeSet;

use bonafide::identity::name::{
    Common, Named, fold, keys, may_be_one_person, normalise, person_keys, resemble,
};
use bonafide::model::party::Tier;
use bonafide::screening::matching::{Subject, Target, compare};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|texts: (&str, &str, bool)| {
    let (a, b, country) = texts;
    let (ours, theirs) = (normalise(a), normalise(b));
    assert_eq!(fold(&ours.folded), ours.folded);
    assert!(keys(a).len() <= 48 && person_keys(&ours).len() <= 28);
    let none = BTreeSet::new();
    let one = BTreeSet::from(["ZZ".to_owned()]);
    let countries = if country { &one } else { &none };
    let named = |name| Named { name, countries };
    let there = resemble(named(&ours), named(&theirs), &Common::default());
    let back = resemble(named(&theirs), named(&ours), &Common::default());
    assert_eq!(
        there.as_ref().map(|c| (c.tier, c.rule)),
        back.as_ref().map(|c| (c.tier, c.rule))
    );
    if let Some(found) = &there
        && found.tier == Tier::Same
    {
        assert!(country && !ours.core.is_empty() && !theirs.core.is_empty());
    }
    assert_eq!(
        may_be_one_person(&ours, &theirs),
        may_be_one_person(&theirs, &ours)
    );
    let subject = Subject::new(std::iter::once(a), countries, &[]);
    let other = Subject::new(std::iter::once(b), countries, &[]);
    for is_person in [false, true] {
        let target = Target {
            names: other.names.clone(),
            countries: other.countries.clone(),
            numbers: Vec::new(),
            is_person,
        };
        let found = compare(&subject, &target, &Common::default());
        assert!(!is_person || found.is_none_or(|c| c.tier == Tier::Review));
    }
});
