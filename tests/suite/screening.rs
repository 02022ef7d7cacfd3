//! The shipped vendor registry and the shipped instruments, asked together.

use std::collections::BTreeSet;

use bonafide::base::time::{Time, parse_rfc3339};
use bonafide::model::finding::Status;
use bonafide::model::party::{AppliesVia, Match, Party, PartyId, Tier, Validation};
use bonafide::screening::{DEFAULT_MAX_AGE_DAYS, Instruments, about_party, evaluate};
use bonafide::vendor::{Registry, enrich};

fn at(text: &str) -> Time {
    parse_rfc3339(text).unwrap()
}

/// A party as a certificate names it, recognised and screened.
fn screened(name: &str, country: &str, when: &str) -> Party {
    let registry = Registry::bundled().unwrap();
    let mut party = Party {
        id: PartyId(name.into()),
        name: name.into(),
        names: Vec::new(),
        roles: BTreeSet::new(),
        certificate: None,
        validation: Validation::Organization,
        validation_rule: "test".into(),
        countries: BTreeSet::from([country.to_owned()]),
        identifiers: Vec::new(),
        vendor: None,
        claims: Vec::new(),
        matches: Vec::new(),
    };
    enrich(&mut party, registry, at(when).date());
    party.matches = evaluate(&party, &Instruments::builtin().unwrap(), registry, at(when));
    party
}

fn of<'p>(party: &'p Party, instrument: &str) -> Vec<&'p Match> {
    party
        .matches
        .iter()
        .filter(|m| m.instrument == instrument)
        .collect()
}

/// (via, in force, decisive) of the only match with an instrument.
fn only(party: &Party, instrument: &str) -> (&'static str, &'static str, bool) {
    let found = of(party, instrument);
    assert_eq!(found.len(), 1, "{instrument}: {found:#?}");
    (
        found[0].applies_via.name(),
        found[0].in_force.name(),
        found[0].decisive,
    )
}

#[test]
fn every_entity_that_an_instrument_names_is_in_the_registry() {
    let registry = Registry::bundled().unwrap();
    let mut linked = 0;
    for instrument in Instruments::builtin().unwrap().iter() {
        for entry in &instrument.entries {
            let Some((slug, key)) = entry.entity.as_deref().and_then(|e| e.split_once('/')) else {
                continue;
            };
            linked += 1;
            assert!(
                registry.entity(slug, key).is_some(),
                "{}: {} names {slug}/{key}",
                instrument.id,
                entry.id
            );
        }
    }
    assert!(linked > 40, "{linked}");
}

#[test]
fn the_russian_parent() {
    let ao = screened("AO Kaspersky Lab", "RU", "2026-11-24");
    assert_eq!(only(&ao, "US-BIS-EL"), ("direct", "yes", true));
    assert_eq!(only(&ao, "US-FCC-COVERED"), ("direct", "yes", true));
    assert_eq!(only(&ao, "US-ICTS-KASPERSKY"), ("affiliate", "yes", true));
    assert_eq!(only(&ao, "US-NDAA2018-1634"), ("direct", "yes", true));
    assert!(of(&ao, "US-OFAC-SDN").is_empty());
}

#[test]
fn the_russian_parent_before_and_after_the_second_phase() {
    let phase = |when: &str| {
        let ao = screened("JSC Kaspersky Lab", "RU", when);
        of(&ao, "US-ICTS-KASPERSKY")[0].phase.clone().unwrap()
    };
    assert_ne!(phase("2024-09-28"), phase("2024-09-29"));
    let before = screened("AO Kaspersky Lab", "RU", "2024-06-01");
    assert!(of(&before, "US-ICTS-KASPERSKY").is_empty());
    assert!(of(&before, "US-BIS-EL").is_empty());
}

#[test]
fn the_us_company() {
    let us = screened("Kaspersky Lab, Inc.", "US", "2026-05-01");
    assert_eq!(only(&us, "US-ICTS-KASPERSKY"), ("direct", "yes", true));
    assert!(
        of(&us, "US-FCC-COVERED")
            .iter()
            .any(|m| m.applies_via == AppliesVia::Direct)
    );
    assert!(
        of(&us, "US-BIS-EL")
            .iter()
            .all(|m| m.applies_via != AppliesVia::Direct),
        "not by name"
    );
}

#[test]
fn the_swiss_company_is_reached_by_printed_facts() {
    let ch = screened("Kaspersky Lab Switzerland GmbH", "CH", "2024-10-01");
    assert_eq!(only(&ch, "US-ICTS-KASPERSKY"), ("affiliate", "yes", true));
    let AppliesVia::Affiliate(steps) = &of(&ch, "US-ICTS-KASPERSKY")[0].applies_via else {
        panic!("{ch:#?}");
    };
    assert!(steps.len() >= 2, "{steps:#?}");
    assert_eq!(of(&ch, "US-FCC-COVERED")[0].applies_via.name(), "affiliate");
    assert!(of(&ch, "US-BIS-EL").is_empty(), "no affiliate rule in 2024");
    let force = |when: &str| {
        let ch = screened("Kaspersky Lab Switzerland GmbH", "CH", when);
        of(&ch, "US-BIS-EL").first().map(|m| m.in_force.name())
    };
    assert_eq!(
        force("2025-10-15"),
        Some("unknown"),
        "no share is evidenced"
    );
    assert_eq!(force("2026-05-01"), Some("no"), "suspended");
    assert_eq!(
        force("2026-11-24"),
        Some("unknown"),
        "resumption not confirmed"
    );
}

#[test]
fn eset_matches_nothing_and_that_is_no_clearance() {
    let eset = screened("ESET, spol. s r.o.", "SK", "2026-11-24");
    assert!(eset.matches.is_empty(), "{:#?}", eset.matches);
    let findings = about_party(
        &eset,
        &Instruments::builtin().unwrap(),
        &bonafide::screening::lists::NoLists,
        at("2026-11-24"),
        DEFAULT_MAX_AGE_DAYS,
    );
    let clear = findings
        .iter()
        .find(|f| f.definition.id == "screening-clear")
        .unwrap();
    assert_eq!(clear.status, Status::Pass);
    assert!(clear.message.contains("this is not a clearance"));
    for other in [
        ("Microsoft Corporation", "US"),
        ("Oracle Corporation", "US"),
        ("Nebius Group N.V.", "NL"),
    ] {
        let party = screened(other.0, other.1, "2026-11-24");
        assert!(party.matches.is_empty(), "{other:?}: {:#?}", party.matches);
    }
}

#[test]
fn tp_link_systems_is_a_possible_affiliate_with_both_sides_and_never_the_same() {
    let us = screened("TP-Link Systems Inc.", "US", "2026-11-24");
    let found = of(&us, "US-DOD-1260H");
    assert_eq!(found.len(), 1, "{found:#?}");
    assert_eq!((found[0].tier, found[0].decisive), (Tier::Group, false));
    assert!(
        matches!(&found[0].applies_via, AppliesVia::Affiliate(s) if s.iter().any(|s| s.contains("unaffiliated")))
    );
    let cn = screened("TP-Link Technologies Co., Ltd.", "CN", "2026-11-24");
    assert_eq!(only(&cn, "US-DOD-1260H"), ("direct", "yes", true));
}

#[test]
fn tencent_is_listed_and_its_operating_company_is_a_lead_until_somebody_cites_the_owner() {
    let ky = screened("Tencent Holdings Limited", "CN", "2026-11-24");
    assert_eq!(
        of(&ky, "US-DOD-1260H")[0].tier,
        Tier::Same,
        "{:#?}",
        ky.matches
    );
    let sz = screened(
        "Tencent Technology (Shenzhen) Company Limited",
        "CN",
        "2026-11-24",
    );
    let found = of(&sz, "US-DOD-1260H");
    assert_eq!(found.len(), 1, "{:#?}", sz);
    assert_eq!(found[0].applies_via.name(), "affiliate");
    assert!(!found[0].decisive);
}

#[test]
fn positive_technologies_is_named_twice_by_the_entity_list_and_by_the_sdn_list() {
    let po = screened("AO Pozitiv Teknolodzhiz", "RU", "2026-11-24");
    assert_eq!(of(&po, "US-BIS-EL").len(), 2);
    assert_eq!(only(&po, "US-OFAC-SDN"), ("direct", "yes", true));
}

#[test]
fn section_889_names_are_the_statutes_own() {
    for (name, country) in [
        ("Huawei Technologies Co., Ltd.", "CN"),
        ("ZTE Corporation", "CN"),
        ("Hytera Communications Corporation Limited", "CN"),
        ("Hangzhou Hikvision Digital Technology Co., Ltd.", "CN"),
        ("Zhejiang Dahua Technology Co., Ltd.", "CN"),
    ] {
        let party = screened(name, country, "2026-11-24");
        assert_eq!(
            of(&party, "US-NDAA2019-889").len(),
            1,
            "{name}: {:#?}",
            party.vendor
        );
    }
}
