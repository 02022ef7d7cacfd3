//! Figures of the name matcher on labelled pairs; floors, not goals. The pairs are never named in the code under test.

use std::collections::{BTreeMap, BTreeSet};

use bonafide::identity::name::Common;
use bonafide::model::party::Tier;
use bonafide::screening::matching::{Comparison, Subject, Target, compare};

use crate::support::corpus;

fn rows(file: &str) -> Option<Vec<BTreeMap<String, String>>> {
    let path = corpus("jurisdiction")?.join("names").join(file);
    let mut reader = csv::Reader::from_path(path).unwrap();
    Some(reader.deserialize().map(Result::unwrap).collect())
}

fn compared(a: (&str, &str), b: (&str, &str)) -> Option<Comparison> {
    let set = |country: &str| -> BTreeSet<String> {
        Some(country.to_owned())
            .filter(|c| !c.is_empty())
            .into_iter()
            .collect()
    };
    let side =
        |(name, country): (&str, &str)| Subject::new(std::iter::once(name), &set(country), &[]);
    let target = side(b);
    let target = Target {
        names: target.names,
        countries: target.countries,
        numbers: target.numbers,
        is_person: false,
    };
    compare(&side(a), &target, &Common::default())
}

#[derive(Default, Debug)]
struct Counts {
    positive: usize,
    negative: usize,
    same_right: usize,
    same_wrong: usize,
    any_right: usize,
    any_wrong: usize,
}

impl Counts {
    fn add(&mut self, is_match: bool, tier: Option<Tier>) {
        let same = usize::from(tier == Some(Tier::Same));
        let any = usize::from(tier.is_some());
        if is_match {
            self.positive += 1;
            self.same_right += same;
            self.any_right += any;
        } else {
            self.negative += 1;
            self.same_wrong += same;
            self.any_wrong += any;
        }
    }

    fn figures(&self) -> (f64, f64, f64, f64, f64) {
        let ratio = |a: usize, b: usize| if b == 0 { 0.0 } else { a as f64 / b as f64 };
        let precision = ratio(self.any_right, self.any_right + self.any_wrong);
        let recall = ratio(self.any_right, self.positive);
        (
            ratio(self.same_right, self.same_right + self.same_wrong),
            ratio(self.same_right, self.positive),
            precision,
            recall,
            2.0 * precision * recall / (precision + recall),
        )
    }
}

/// The pairs come without countries; both sides are given one and the same, so that names alone are judged.
#[test]
fn organisation_names_are_matched_as_people_labelled_them() {
    let Some(rows) = rows("labelled-pairs.csv") else {
        return;
    };
    let verbose = std::env::var_os("BONAFIDE_SHOW_PAIRS").is_some();
    let mut all = Counts::default();
    let mut halves = [Counts::default(), Counts::default()];
    let organisations = rows
        .iter()
        .filter(|row| !matches!(row["schema"].as_str(), "Person" | "Vessel"));
    for (index, row) in organisations.enumerate() {
        let is_match = row["is_match"] == "true";
        let found = compared((&row["name1"], "ZZ"), (&row["name2"], "ZZ"));
        let tier = found.as_ref().map(|c| c.tier);
        all.add(is_match, tier);
        halves[index % 2].add(is_match, tier);
        if verbose
            && (is_match != tier.is_some()
                || (!is_match && tier == Some(Tier::Same))
                || (is_match && tier != Some(Tier::Same)))
        {
            println!(
                "{is_match} {tier:?} | {} | {} | {found:?}",
                row["name1"], row["name2"]
            );
        }
    }
    for (name, counts) in [("even", &halves[0]), ("odd", &halves[1]), ("all", &all)] {
        let (ps, rs, p, r, f1) = counts.figures();
        println!(
            "{name}: same P {ps:.3} R {rs:.3}; any tier P {p:.3} R {r:.3} F1 {f1:.3}; {counts:?}"
        );
    }
    let (same_precision, same_recall, _, _, f1) = all.figures();
    assert!(same_precision >= 0.97, "{same_precision}");
    assert!(same_recall >= 0.55, "{same_recall}");
    assert!(f1 >= 0.89, "{f1}");
}

#[test]
fn no_pair_of_two_vendors_is_called_the_same() {
    let Some(rows) = rows("vendor-pairs.csv") else {
        return;
    };
    let mut table: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for row in &rows {
        let found = compared(
            (&row["query"], &row["query_country"]),
            (&row["list_entry"], &row["list_country"]),
        );
        let tier = found.as_ref().map_or("none", |c| c.tier.name());
        *table.entry((row["expected"].as_str(), tier)).or_default() += 1;
        if row["expected"] != tier {
            println!(
                "{} expected {}, found {tier}: {} | {}",
                row["id"], row["expected"], row["query"], row["list_entry"]
            );
        }
        if row["expected"] != "same" {
            assert_ne!(tier, "same", "{}: {found:?}", row["id"]);
        }
    }
    for ((expected, found), count) in &table {
        println!("expected {expected:<6} found {found:<6} {count}");
    }
    let same = table.iter().filter(|((e, _), _)| *e == "same");
    let (hit, all) = same.fold((0, 0), |(hit, all), ((_, found), n)| {
        (hit + if *found == "same" { *n } else { 0 }, all + n)
    });
    // 22 of 29 before, on the whole set.
    assert!(hit * 29 >= all * 22, "{hit} of {all}");
}
