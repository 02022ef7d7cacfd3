//! Names of natural persons: the words of a full name in any order. They identify nobody, so that agreement is for a person to look at.

use std::collections::BTreeSet;

use super::NormalName;

/// Most words of a person's name that are looked at; pairs of them are keys.
const MAX_WORDS: usize = 8;
/// Words that a shorter name must have: one given name or one family name is anybody's.
const MIN_WORDS: usize = 2;
/// Shortest word; initials say nothing.
const MIN_WORD: usize = 2;

fn words(name: &NormalName) -> BTreeSet<&str> {
    name.folded
        .split(' ')
        .filter(|word| word.chars().count() >= MIN_WORD)
        .take(MAX_WORDS)
        .collect()
}

/// What two persons' names must share to be compared: a pair of words.
pub fn person_keys(name: &NormalName) -> Vec<String> {
    let words: Vec<&str> = words(name).into_iter().collect();
    let pair = |(at, first): (usize, &&str)| -> Vec<String> {
        let rest = words.iter().skip(at.saturating_add(1));
        rest.map(|second| format!("p{first} {second}")).collect()
    };
    words.iter().enumerate().flat_map(pair).collect()
}

/// Every word of the one is in the other, whatever the order: `LAST, First` and `First Middle Last`.
pub fn may_be_one_person(a: &NormalName, b: &NormalName) -> bool {
    let (a, b) = (words(a), words(b));
    a.len().min(b.len()) >= MIN_WORDS && (a.is_subset(&b) || b.is_subset(&a))
}

#[cfg(test)]
mod tests {
    use super::{may_be_one_person, person_keys};
    use crate::identity::name::normalise;

    #[test]
    fn order_and_a_middle_name_do_not_matter_and_one_word_is_not_enough() {
        let one = |a: &str, b: &str| {
            let (a, b) = (normalise(a), normalise(b));
            let keys = person_keys(&a);
            let found = may_be_one_person(&a, &b);
            let shared = person_keys(&b).iter().any(|key| keys.contains(key));
            assert!(shared || !found, "a match without a key");
            found
        };
        assert!(one("EXEMPLOV, Ivan Petrovich", "Ivan Exemplov"));
        assert!(one("Екземплов Иван", "EKZEMPLOV, Ivan"));
        assert!(!one("Ivan", "EXEMPLOV, Ivan"));
        assert!(!one("Ivan Petrov", "EXEMPLOV, Ivan Petrovich"));
        assert!(!one("I. P.", "P. I."));
    }
}
