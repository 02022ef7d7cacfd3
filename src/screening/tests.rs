//! The first questions that screening must answer, on the shipped data and on ownership facts of the test.

use std::collections::BTreeSet;

use time::Date;

use super::ownership::{NoOwnership, Ownership};
use super::{DEFAULT_MAX_AGE_DAYS, Instruments, about_data, about_party, evaluate};
use crate::base::data::INSTRUMENTS;
use crate::base::time::{Time, parse_date, parse_rfc3339};
use crate::model::claim::{Aspect, Claim, Jurisdiction, Strength};
use crate::model::evidence::Evidence;
use crate::model::finding::Status;
use crate::model::party::{
    AppliesVia, Identifier, InForce, Match, Party, PartyId, Tier, Validation, VendorLink,
};
use crate::vendor::Directness;
use crate::vendor::ownership::{EntityRef, Interest, Relation, Standing};

fn instruments() -> Instruments {
    Instruments::parse(INSTRUMENTS.iter().copied()).unwrap()
}

fn at(text: &str) -> Time {
    parse_rfc3339(text).unwrap()
}

fn party(name: &str, country: &str) -> Party {
    Party {
        id: PartyId(name.into()),
        name: name.into(),
        names: Vec::new(),
        roles: BTreeSet::new(),
        certificate: None,
        validation: Validation::Unknown,
        validation_rule: String::new(),
        countries: [country]
            .into_iter()
            .filter(|c| !c.is_empty())
            .map(String::from)
            .collect(),
        identifiers: Vec::new(),
        vendor: None,
        claims: Vec::new(),
        matches: Vec::new(),
    }
}

fn linked(name: &str, country: &str, entity: &str) -> Party {
    let (slug, key) = entity.split_once('/').unwrap();
    Party {
        vendor: Some(VendorLink {
            slug: slug.into(),
            entity: key.into(),
            entity_name: name.into(),
            tier: Tier::Same,
            rule: "test".into(),
            compared: (name.into(), name.into()),
            verified: true,
            evidence: vec![Evidence::entry(format!("vendors/{slug}"), key)],
        }),
        ..party(name, country)
    }
}

/// Relations of a test: (owned, owner, interest, standing).
struct Facts(Vec<(&'static str, &'static str, Interest, Standing)>);

impl Ownership for Facts {
    fn relations(&self, entity: &EntityRef, _: Date) -> Vec<Relation> {
        self.0
            .iter()
            .filter(|(subject, owner, ..)| {
                *subject == entity.to_string() || *owner == entity.to_string()
            })
            .map(|(subject, owner, interest, standing)| Relation {
                subject: entity_ref(subject),
                interested_party: entity_ref(owner),
                interest: *interest,
                held: Directness::Direct,
                from: None,
                until: None,
                standing: standing.clone(),
                text: format!("{subject} is held by {owner}"),
                evidence: vec![Evidence::entry("vendors/test", *subject)],
            })
            .collect()
    }
}

fn entity_ref(text: &str) -> EntityRef {
    let (slug, key) = text.split_once('/').unwrap();
    EntityRef {
        slug: slug.into(),
        key: key.into(),
    }
}

fn kaspersky() -> Facts {
    Facts(vec![
        (
            "kaspersky/us",
            "kaspersky/ao",
            Interest::Control,
            Standing::Cited,
        ),
        (
            "kaspersky/ch",
            "kaspersky/ao",
            Interest::Control,
            Standing::Cited,
        ),
        (
            "kaspersky/ao",
            "kaspersky/uk",
            Interest::Share(None),
            Standing::Unverified,
        ),
    ])
}

fn screen(party: &Party, ownership: &dyn Ownership, when: &str) -> Vec<Match> {
    evaluate(party, &instruments(), ownership, at(when))
}

fn of<'m>(matches: &'m [Match], instrument: &str) -> Vec<&'m Match> {
    matches
        .iter()
        .filter(|m| m.instrument == instrument)
        .collect()
}

fn via(found: &Match) -> (&'static str, &'static str, bool) {
    (
        found.applies_via.name(),
        found.in_force.name(),
        found.decisive,
    )
}

#[test]
fn the_shipped_instruments_are_valid_and_every_one_says_how_it_was_read() {
    let all = instruments();
    assert!(all.len() >= 12, "{}", all.len());
    for instrument in all.iter() {
        assert!(!instrument.citations.is_empty(), "{}", instrument.id);
    }
}

#[test]
fn the_russian_parent_is_named_by_the_entity_list_and_the_fcc_and_reached_by_the_determination() {
    let ao = linked("AO Kaspersky Lab", "RU", "kaspersky/ao");
    let matches = screen(&ao, &kaspersky(), "2024-10-01");
    assert_eq!(of(&matches, "US-BIS-EL").len(), 1, "{matches:#?}");
    assert_eq!(via(of(&matches, "US-BIS-EL")[0]), ("direct", "yes", true));
    let fcc = of(&matches, "US-FCC-COVERED");
    assert_eq!(
        fcc.len(),
        1,
        "the row of 2024 reaches successors only: {fcc:#?}"
    );
    assert_eq!(via(fcc[0]), ("direct", "yes", true));
    assert_eq!(fcc[0].effective_from, parse_date("2022-03-25"));
    let icts = of(&matches, "US-ICTS-KASPERSKY");
    assert_eq!(via(icts[0]), ("affiliate", "yes", true));
    assert!(matches!(&icts[0].applies_via, AppliesVia::Affiliate(steps) if steps.len() == 1));
    assert!(
        of(&matches, "US-OFAC-SDN").is_empty(),
        "its executives are listed, it is not"
    );
    for federal in ["US-NDAA2018-1634", "US-DHS-BOD-17-01"] {
        assert_eq!(
            via(of(&matches, federal)[0]),
            ("direct", "yes", true),
            "{federal}"
        );
    }
}

#[test]
fn the_us_company_is_named_by_the_determination_and_its_own_fcc_row_but_not_by_the_entity_list() {
    let us = linked("Kaspersky Lab, Inc.", "US", "kaspersky/us");
    let matches = screen(&us, &kaspersky(), "2024-10-01");
    assert_eq!(
        via(of(&matches, "US-ICTS-KASPERSKY")[0]),
        ("direct", "yes", true)
    );
    let fcc = of(&matches, "US-FCC-COVERED");
    assert!(fcc.iter().any(
        |m| m.applies_via == AppliesVia::Direct && m.effective_from == parse_date("2024-07-23")
    ));
    assert!(fcc.iter().any(|m| via(m) == ("affiliate", "yes", true)));
    assert!(
        of(&matches, "US-BIS-EL").is_empty(),
        "not named, and no affiliate rule then"
    );
    assert_eq!(
        via(of(&matches, "US-NDAA2018-1634")[0]),
        ("affiliate", "yes", true)
    );
}

#[test]
fn the_swiss_company_is_reached_by_affiliation_and_the_entity_list_depends_on_the_day() {
    let ch = linked("Kaspersky Lab Switzerland GmbH", "CH", "kaspersky/ch");
    let matches = screen(&ch, &kaspersky(), "2024-10-01");
    let icts = of(&matches, "US-ICTS-KASPERSKY")[0];
    assert_eq!(via(icts), ("affiliate", "yes", true));
    assert!(
        matches!(&icts.applies_via, AppliesVia::Affiliate(steps) if steps.len() == 2),
        "{icts:#?}"
    );
    assert_eq!(
        via(of(&matches, "US-FCC-COVERED")[0]),
        ("affiliate", "yes", true)
    );
    assert!(of(&matches, "US-BIS-EL").is_empty());

    let entity_list = |facts: &Facts, when: &str| {
        let matches = screen(&ch, facts, when);
        of(&matches, "US-BIS-EL").first().map(|m| via(m))
    };
    let whole = Facts(vec![(
        "kaspersky/ch",
        "kaspersky/ao",
        Interest::Share(Some(10_000)),
        Standing::Cited,
    )]);
    assert_eq!(
        entity_list(&whole, "2025-10-15"),
        Some(("affiliate", "yes", true))
    );
    assert_eq!(
        entity_list(&kaspersky(), "2025-10-15"),
        Some(("affiliate", "unknown", true)),
        "control without a share leaves a percentage rule unknown"
    );
    assert_eq!(
        entity_list(&whole, "2026-05-01"),
        Some(("affiliate", "no", true))
    );
    assert_eq!(
        entity_list(&whole, "2026-11-24"),
        Some(("affiliate", "unknown", true))
    );
    let part = Facts(vec![(
        "kaspersky/ch",
        "kaspersky/ao",
        Interest::Share(Some(4_900)),
        Standing::Cited,
    )]);
    assert_eq!(entity_list(&part, "2025-10-15"), None);
}

#[test]
fn shares_of_several_listed_owners_are_added_up() {
    let ch = linked("Kaspersky Lab Switzerland GmbH", "CH", "kaspersky/ch");
    let facts = Facts(vec![
        (
            "kaspersky/ch",
            "kaspersky/ao",
            Interest::Share(Some(3_000)),
            Standing::Cited,
        ),
        (
            "kaspersky/ch",
            "kaspersky/uk",
            Interest::Share(Some(2_000)),
            Standing::Cited,
        ),
    ]);
    let matches = screen(&ch, &facts, "2025-10-15");
    assert_eq!(
        via(of(&matches, "US-BIS-EL")[0]),
        ("affiliate", "yes", true)
    );
}

#[test]
fn an_inn_names_positive_technologies_whatever_the_spelling() {
    let mut po = party("Позитивные технологии", "RU");
    po.identifiers.push(Identifier {
        scheme: "inn".into(),
        jurisdiction: Some("RU".into()),
        value: "7718668887".into(),
        evidence: Evidence::entry("test", "inn"),
    });
    let matches = screen(&po, &NoOwnership, "2026-11-24");
    let sdn = of(&matches, "US-OFAC-SDN");
    assert_eq!(via(sdn[0]), ("direct", "yes", true));
    assert!(
        sdn[0]
            .evidence
            .iter()
            .any(|e| e.citation.as_deref().is_some_and(|c| c.contains("OFAC")))
    );
    let mut other_register = po.clone();
    other_register.identifiers[0].jurisdiction = Some("KZ".into());
    assert!(screen(&other_register, &NoOwnership, "2026-11-24").is_empty());

    let linked = linked("AO Pozitiv Teknolodzhiz", "RU", "positive-technologies/ao");
    let listed = screen(&linked, &NoOwnership, "2021-08-01");
    assert_eq!(of(&listed, "US-BIS-EL").len(), 1);
    assert!(of(&screen(&linked, &NoOwnership, "2021-07-18"), "US-BIS-EL").is_empty());
}

#[test]
fn eset_is_not_listed_and_a_part_of_a_name_is_no_name() {
    for (name, country) in [
        ("ESET, spol. s r.o.", "SK"),
        ("Teleset ltd.", "RU"),
        ("Lab Kasper GmbH", "DE"),
        ("ZTR Corporation", "US"),
        ("Nebius Group N.V.", "NL"),
    ] {
        assert!(
            screen(&party(name, country), &kaspersky(), "2026-11-24").is_empty(),
            "{name}"
        );
    }
}

#[test]
fn an_equal_name_without_a_country_or_with_another_is_not_the_same() {
    for (country, tier) in [("", Tier::Review), ("DE", Tier::Group)] {
        let matches = screen(
            &party("AO \"Kaspersky Lab\"", country),
            &NoOwnership,
            "2024-10-01",
        );
        let found = of(&matches, "US-BIS-EL");
        assert_eq!(
            (found[0].tier, found[0].decisive),
            (tier, false),
            "{country}"
        );
    }
    let same = screen(
        &party("AO \"Kaspersky Lab\"", "RU"),
        &NoOwnership,
        "2024-10-01",
    );
    assert_eq!(of(&same, "US-BIS-EL")[0].tier, Tier::Same);
}

#[test]
fn a_disputed_affiliation_is_shown_with_both_sides_and_never_decides() {
    let facts = Facts(vec![(
        "tp-link/us",
        "tp-link/cn",
        Interest::Group,
        Standing::Disputed("the vendor says unaffiliated; DoD names the Chinese company".into()),
    )]);
    let us = linked("TP-Link Systems Inc.", "US", "tp-link/us");
    let matches = screen(&us, &facts, "2026-11-24");
    let found = of(&matches, "US-DOD-1260H")[0];
    assert_eq!((found.tier, found.decisive), (Tier::Group, false));
    assert!(
        matches!(&found.applies_via, AppliesVia::Affiliate(steps) if steps[0].contains("unaffiliated"))
    );

    let cn = linked("TP-Link Technologies Co., Ltd.", "CN", "tp-link/cn");
    assert!(of(&screen(&cn, &facts, "2026-06-07"), "US-DOD-1260H").is_empty());
    let listed = screen(&cn, &facts, "2026-06-08");
    assert_eq!(via(of(&listed, "US-DOD-1260H")[0]), ("direct", "yes", true));
}

#[test]
fn the_day_decides_between_nothing_issued_and_in_force() {
    let ao = linked("AO Kaspersky Lab", "RU", "kaspersky/ao");
    let before = screen(&ao, &kaspersky(), "2024-06-01");
    assert!(of(&before, "US-BIS-EL").is_empty());
    assert!(of(&before, "US-ICTS-KASPERSKY").is_empty());
    let issued = screen(&ao, &kaspersky(), "2024-07-01");
    assert_eq!(via(of(&issued, "US-BIS-EL")[0]), ("direct", "yes", true));
    let icts = of(&issued, "US-ICTS-KASPERSKY")[0];
    assert_eq!(
        icts.in_force,
        InForce::No("issued on 2024-06-20, takes effect on 2024-07-20".into())
    );
    let phase = |when: &str| {
        of(&screen(&ao, &kaspersky(), when), "US-ICTS-KASPERSKY")[0]
            .phase
            .clone()
            .unwrap()
    };
    assert!(phase("2024-09-28").starts_with("since 2024-07-20"));
    assert!(phase("2024-09-29").starts_with("since 2024-09-29"));
}

#[test]
fn section_1634_and_889_have_a_date_of_issue_and_a_date_of_effect() {
    let ao = linked("AO Kaspersky Lab", "RU", "kaspersky/ao");
    let force = |party: &Party, when: &str, id: &str| {
        of(&screen(party, &NoOwnership, when), id)
            .first()
            .map(|m| via(m))
    };
    assert_eq!(force(&ao, "2017-12-11", "US-NDAA2018-1634"), None);
    assert_eq!(
        force(&ao, "2018-09-30", "US-NDAA2018-1634"),
        Some(("direct", "no", true))
    );
    assert_eq!(
        force(&ao, "2018-10-01", "US-NDAA2018-1634"),
        Some(("direct", "yes", true))
    );
    let zte = party("ZTE Corporation", "CN");
    assert_eq!(
        force(&zte, "2019-08-12", "US-NDAA2019-889"),
        Some(("direct", "no", true))
    );
    assert_eq!(
        force(&zte, "2026-11-24", "US-NDAA2019-889"),
        Some(("direct", "yes", true))
    );
    let smic = party("SMIC", "CN");
    assert_eq!(
        force(&smic, "2026-11-24", "US-NDAA2023-5949"),
        Some(("direct", "no", true))
    );
}

#[test]
fn tencent_is_a_designation_until_the_procurement_prohibition_takes_effect() {
    let ky = linked("Tencent Holdings Limited", "KY", "tencent/ky");
    let found = |when: &str| {
        let matches = screen(&ky, &NoOwnership, when);
        of(&matches, "US-DOD-1260H")
            .first()
            .map(|m| (m.effect.clone(), m.in_force.name()))
    };
    assert_eq!(found("2025-01-06"), None);
    assert_eq!(found("2025-01-07"), Some(("designation".into(), "yes")));
    assert_eq!(found("2026-11-24"), Some(("procurement".into(), "yes")));

    let sz = linked(
        "Tencent Technology (Shenzhen) Company Limited",
        "CN",
        "tencent/sz",
    );
    let facts = Facts(vec![(
        "tencent/sz",
        "tencent/ky",
        Interest::Control,
        Standing::Cited,
    )]);
    let matches = screen(&sz, &facts, "2026-11-24");
    assert_eq!(
        via(of(&matches, "US-DOD-1260H")[0]),
        ("affiliate", "yes", true)
    );
    assert!(
        screen(&sz, &facts, "2026-06-29").is_empty(),
        "section 805 begins on 2026-06-30"
    );
}

#[test]
fn an_edition_that_adds_keeps_earlier_names_and_a_partial_one_proves_no_absence() {
    let huawei = linked("Huawei Technologies Co., Ltd.", "CN", "huawei/cn");
    let found = |when: &str| {
        let matches = screen(&huawei, &NoOwnership, when);
        of(&matches, "US-DOD-1260H")
            .first()
            .map(|m| m.in_force.name())
    };
    assert_eq!(found("2022-11-01"), Some("yes"));
    assert_eq!(found("2024-03-01"), Some("unknown"));
    assert_eq!(found("2025-03-01"), Some("yes"));
}

#[test]
fn what_is_only_known_from_memory_never_decides() {
    let huawei = linked("Huawei Technologies Co., Ltd.", "CN", "huawei/cn");
    let matches = screen(&huawei, &NoOwnership, "2026-11-24");
    let entity_list = of(&matches, "US-BIS-EL")[0];
    assert!(!entity_list.decisive);
    let unverified = Facts(vec![(
        "kaspersky/ch",
        "kaspersky/us",
        Interest::Control,
        Standing::Unverified,
    )]);
    let ch = linked("Kaspersky Lab Switzerland GmbH", "CH", "kaspersky/ch");
    let matches = screen(&ch, &unverified, "2026-11-24");
    let icts = of(&matches, "US-ICTS-KASPERSKY")[0];
    assert_eq!((icts.tier, icts.decisive), (Tier::Group, false));
}

#[test]
fn owners_of_one_joint_venture_are_not_affiliates_of_each_other() {
    let facts = Facts(vec![
        (
            "joint/venture",
            "kaspersky/us",
            Interest::Share(Some(5_000)),
            Standing::Cited,
        ),
        (
            "joint/venture",
            "other/owner",
            Interest::Share(Some(5_000)),
            Standing::Cited,
        ),
    ]);
    let other = linked("Other Owner Ltd", "GB", "other/owner");
    assert!(of(&screen(&other, &facts, "2026-11-24"), "US-ICTS-KASPERSKY").is_empty());
    let venture = linked("Venture Ltd", "GB", "joint/venture");
    assert_eq!(
        of(&screen(&venture, &facts, "2026-11-24"), "US-ICTS-KASPERSKY").len(),
        1
    );
}

#[test]
fn a_cycle_of_owners_ends() {
    let facts = Facts(vec![
        ("a/a", "a/b", Interest::Share(None), Standing::Cited),
        ("a/b", "a/a", Interest::Share(None), Standing::Cited),
        (
            "a/b",
            "kaspersky/ao",
            Interest::Share(None),
            Standing::Cited,
        ),
    ]);
    let a = linked("A", "GB", "a/a");
    let matches = screen(&a, &facts, "2025-10-15");
    assert_eq!(
        via(of(&matches, "US-BIS-EL")[0]),
        ("affiliate", "unknown", true)
    );
}

#[test]
fn no_data_is_unknown_and_never_a_pass() {
    let none = Instruments::default();
    let eset = party("ESET, spol. s r.o.", "SK");
    let findings = about_party(
        &eset,
        &none,
        &super::lists::NoLists,
        at("2026-11-24"),
        DEFAULT_MAX_AGE_DAYS,
    );
    assert_eq!(findings.len(), 1);
    assert_eq!(findings[0].definition.id, "screening-clear");
    assert_eq!(findings[0].status, Status::Unknown);
    assert!(about_data(&none, at("2026-11-24"), DEFAULT_MAX_AGE_DAYS).is_some());
}

#[test]
fn a_negative_answer_is_dated_is_no_clearance_and_grows_stale() {
    let eset = party("ESET, spol. s r.o.", "SK");
    let fresh = about_party(
        &eset,
        &instruments(),
        &super::lists::NoLists,
        at("2026-11-24"),
        DEFAULT_MAX_AGE_DAYS,
    );
    assert_eq!(fresh[0].status, Status::Pass);
    assert!(
        fresh[0].message.contains("this is not a clearance"),
        "{}",
        fresh[0].message
    );
    assert!(about_data(&instruments(), at("2026-11-24"), DEFAULT_MAX_AGE_DAYS).is_none());
    let late = about_party(
        &eset,
        &instruments(),
        &super::lists::NoLists,
        at("2028-01-01"),
        DEFAULT_MAX_AGE_DAYS,
    );
    assert_eq!(late[0].status, Status::Unknown);
    let stale = about_data(&instruments(), at("2028-01-01"), DEFAULT_MAX_AGE_DAYS).unwrap();
    assert_eq!(stale.definition.id, "screening-data-stale");
    let nameless = about_party(
        &party("", ""),
        &instruments(),
        &super::lists::NoLists,
        at("2026-11-24"),
        180,
    );
    assert_eq!(nameless[0].status, Status::Unknown);
}

#[test]
fn findings_tell_named_reached_and_not_in_force_apart() {
    let mut ch = linked("Kaspersky Lab Switzerland GmbH", "CH", "kaspersky/ch");
    ch.matches = screen(&ch, &kaspersky(), "2026-05-01");
    let findings = about_party(
        &ch,
        &instruments(),
        &super::lists::NoLists,
        at("2026-05-01"),
        DEFAULT_MAX_AGE_DAYS,
    );
    let ids: BTreeSet<&str> = findings.iter().map(|f| f.definition.id).collect();
    assert_eq!(
        ids,
        BTreeSet::from(["instrument-not-in-force", "reached-by-affiliate-rule"])
    );
    let mut ao = linked("AO Kaspersky Lab", "RU", "kaspersky/ao");
    ao.matches = screen(&ao, &kaspersky(), "2026-05-01");
    let findings = about_party(
        &ao,
        &instruments(),
        &super::lists::NoLists,
        at("2026-05-01"),
        DEFAULT_MAX_AGE_DAYS,
    );
    let named = findings
        .iter()
        .find(|f| f.definition.id == "named-by-instrument")
        .unwrap();
    assert_eq!(named.parties, [ao.id.clone()]);
    assert!(named.evidence.iter().any(|e| e.citation.is_some()));
}

#[test]
fn a_country_of_concern_names_the_aspect_of_the_claim() {
    let mut company = party("OOO Example", "RU");
    company.claims.push(Claim {
        party: company.id.clone(),
        aspect: Aspect::PlaceOfBusiness,
        jurisdiction: Jurisdiction::country("RU"),
        basis: "subject C".into(),
        strength: Strength::High,
        source: "certificate".into(),
        as_of: None,
        valid_from: None,
        valid_to: None,
        evidence: Vec::new(),
    });
    let ids = |when: &str| {
        about_party(
            &company,
            &instruments(),
            &super::lists::NoLists,
            at(when),
            DEFAULT_MAX_AGE_DAYS,
        )
        .into_iter()
        .filter(|f| f.definition.id == "country-of-concern")
        .collect::<Vec<_>>()
    };
    let found = ids("2026-11-24");
    assert!(
        found[0].message.contains("place_of_business RU"),
        "{}",
        found[0].message
    );
    assert!(ids("2020-01-01").is_empty(), "no set then");
    let sets = instruments().country_sets(at("2022-01-01").date());
    assert!(
        !sets["US-15CFR791-4"].contains("MO"),
        "Macau joined in 2024"
    );
    assert!(
        !sets["US-15CFR791-4"].contains("VE"),
        "a person is named, not a country"
    );
}

#[test]
fn a_fact_without_a_source_that_was_read_cannot_call_itself_verified() {
    let good = INSTRUMENTS
        .iter()
        .find(|(name, _)| *name == "ua-nsdc")
        .unwrap()
        .1;
    let parse = |text: &str| {
        Instruments::parse([("ua-nsdc", text)])
            .map(|_| ())
            .map_err(|e| e.to_string())
    };
    assert_eq!(parse(good), Ok(()));
    let unread = good.replace("checked = \"secondary\"", "checked = \"none\"");
    assert!(
        parse(&unread)
            .unwrap_err()
            .contains("none of its sources was read")
    );
    let unknown = good.replace("sources = [\"lexology\"]", "sources = [\"hearsay\"]");
    assert!(
        parse(&unknown)
            .unwrap_err()
            .contains("no source \"hearsay\"")
    );
    let typo = good.replace("jurisdiction =", "jurisdicton =");
    assert!(parse(&typo).unwrap_err().contains("line"), "names the line");
    assert!(
        Instruments::parse([("other", good)]).is_err(),
        "the id names the file"
    );
}

#[test]
fn a_category_of_products_names_nobody() {
    let dji = linked("Shenzhen DJI Technology Co., Ltd.", "CN", "dji/cn");
    let mut screened = dji.clone();
    screened.matches = screen(&dji, &NoOwnership, "2026-11-24");
    let category = of(&screened.matches, "US-FCC-COVERED")[0];
    assert_eq!(via(category), ("none", "yes", false));
    let findings = about_party(
        &screened,
        &instruments(),
        &super::lists::NoLists,
        at("2026-11-24"),
        DEFAULT_MAX_AGE_DAYS,
    );
    let lead = findings
        .iter()
        .find(|f| f.message.contains("US-FCC-COVERED"))
        .unwrap();
    assert_eq!(lead.status, Status::Unknown);
    assert!(lead.message.contains("may cover"), "{}", lead.message);
}

#[test]
fn an_affiliate_rule_leaves_out_the_countries_that_it_says() {
    let us = linked("Kaspersky Lab, Inc.", "US", "kaspersky/us");
    let whole = Facts(vec![(
        "kaspersky/us",
        "kaspersky/ao",
        Interest::Share(Some(10_000)),
        Standing::Cited,
    )]);
    let matches = screen(&us, &whole, "2025-10-15");
    assert!(
        of(&matches, "US-BIS-EL").is_empty(),
        "the Affiliates Rule is about foreign entities"
    );
}

#[test]
fn a_group_name_is_affiliation_and_no_evidence_of_control() {
    let facts = Facts(vec![
        (
            "kaspersky/us",
            "kaspersky/ao",
            Interest::Control,
            Standing::Cited,
        ),
        (
            "kaspersky/ch",
            "kaspersky/ao",
            Interest::Group,
            Standing::Cited,
        ),
    ]);
    let ch = linked("Kaspersky Lab Switzerland GmbH", "CH", "kaspersky/ch");
    let matches = screen(&ch, &facts, "2026-11-24");
    assert_eq!(
        via(of(&matches, "US-ICTS-KASPERSKY")[0]),
        ("affiliate", "yes", true)
    );
    assert_eq!(
        via(of(&matches, "US-NDAA2018-1634")[0]),
        ("affiliate", "unknown", true)
    );
}

#[test]
fn a_list_whose_rows_differ_by_regime_is_a_designation() {
    let all = instruments();
    for id in ["UK-SANCTIONS", "UN-SC", "CH-SECO"] {
        assert_eq!(all.get(id).unwrap().effect.name(), "designation", "{id}");
    }
}

/// Lists that are there and hold nobody.
struct Empty(Vec<super::lists::Installed>);

impl super::lists::Listed for Empty {
    fn lists(&self) -> &[super::lists::Installed] {
        &self.0
    }

    fn broken(&self) -> &[(String, String)] {
        &[]
    }

    fn by_number(&self, _: &str, _: &str) -> super::lists::Answer {
        super::lists::Answer::default()
    }

    fn by_keys(&self, _: &[String]) -> super::lists::Answer {
        super::lists::Answer::default()
    }
}

#[test]
fn a_list_of_a_later_day_gives_no_negative_answer_and_none_says_anything_of_owners() {
    let lists = Empty(vec![super::lists::Installed {
        id: "eu-fsf".into(),
        instrument: "EU-FSF".into(),
        title: "t".into(),
        as_of: parse_date("2026-11-24").unwrap(),
        sha256: "00".into(),
        entries: 1,
        fresh_days: 7,
    }]);
    let eset = party("ESET, spol. s r.o.", "SK");
    let clear = |when: &str| {
        let all = instruments();
        let found = about_party(&eset, &all, &lists, at(when), DEFAULT_MAX_AGE_DAYS);
        (found[0].status, found[0].message.clone())
    };
    assert_eq!(clear("2026-11-24").0, Status::Pass);
    let message = clear("2026-11-24").1;
    assert!(message.contains("owners were not held"), "{message}");
    let (status, message) = clear("2026-11-23");
    assert_eq!(status, Status::Unknown);
    assert!(message.contains("after the judgement time"), "{message}");
}
