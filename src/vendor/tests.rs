use std::collections::BTreeSet;

use time::Date;
use time::macros::date;

use super::ownership::{EntityRef, Interest, Standing};
use super::{Recognition, Registry, Tally, enrich};
use crate::model::claim::{Aspect, Strength};
use crate::model::evidence::Evidence;
use crate::model::finding::Status;
use crate::model::party::{Identifier, Party, PartyId, Role, Tier, Validation};

const TODAY: Date = date!(2026 - 11 - 24);

fn registry() -> &'static Registry {
    Registry::bundled().unwrap()
}

fn party(name: &str, countries: &[&str]) -> Party {
    Party {
        id: PartyId("p".into()),
        name: name.into(),
        names: Vec::new(),
        roles: BTreeSet::from([Role::Signer]),
        certificate: None,
        validation: Validation::Organization,
        validation_rule: String::new(),
        countries: countries.iter().map(|c| (*c).to_owned()).collect(),
        identifiers: Vec::new(),
        vendor: None,
        claims: Vec::new(),
        matches: Vec::new(),
    }
}

fn recognised(name: &str, countries: &[&str]) -> Option<(String, Tier)> {
    let link = registry()
        .recognise(&party(name, countries), TODAY)
        .link()?;
    Some((format!("{}/{}", link.slug, link.entity), link.tier))
}

fn one(place: &str, tier: Tier) -> Option<(String, Tier)> {
    Some((place.to_owned(), tier))
}

#[test]
fn the_bundled_registry_keeps_its_own_rules() {
    assert!(registry().iter().count() >= 120);
    let countries: BTreeSet<&str> = registry()
        .iter()
        .flat_map(|v| &v.entities)
        .map(|e| e.jurisdiction.as_str())
        .collect();
    assert!(countries.len() >= 25, "{countries:?}");
}

#[test]
fn the_bundled_files_are_held_to_the_rules_that_reading_them_skips() {
    let read = Registry::read(crate::base::data::VENDORS).map_err(|e| e.to_string());
    assert_eq!(
        read.map(|r| r.iter().count()),
        Ok(registry().iter().count())
    );
    assert_eq!(registry().iter().count(), crate::base::data::VENDORS.len());
    assert_eq!(registry().as_of(), registry().iter().map(|v| v.as_of).min());
}

#[test]
fn the_scan_finds_every_file_that_knows_a_name_a_number_or_a_relation() {
    for vendor in registry().iter() {
        for entity in &vendor.entities {
            let aliases = entity.aliases.iter().map(|a| &a.name);
            for name in std::iter::once(&entity.name)
                .chain(aliases)
                .chain(&entity.statute_name)
            {
                let normal = crate::identity::name::normalise(name);
                let found = registry().scan.named(std::slice::from_ref(&normal));
                assert!(found.contains(&vendor.id), "{name}");
            }
            let values = entity.identifiers.iter().map(|i| &i.value);
            for value in values.chain(entity.pins.iter().map(|p| &p.value)) {
                for form in [
                    value.clone(),
                    crate::identity::identifiers::normal_number(value),
                ] {
                    assert!(
                        registry().scan.numbered(&form).any(|f| *f == vendor.id),
                        "{value}"
                    );
                }
            }
        }
        for end in vendor
            .relations
            .iter()
            .flat_map(|r| [&r.subject, &r.interested_party])
        {
            let slug = end
                .split_once('/')
                .map_or(vendor.id.as_str(), |(slug, _)| slug);
            assert!(registry().scan.relating(slug).contains(&vendor.id), "{end}");
        }
    }
    assert_eq!(
        registry()
            .scan
            .named(&[crate::identity::name::normalise("")])
            .len(),
        0
    );
}

#[test]
fn an_entity_is_recognised_by_identical_name_and_country_only() {
    assert_eq!(
        recognised("AO Kaspersky Lab", &["RU"]),
        one("kaspersky/ao", Tier::Same)
    );
    assert_eq!(
        recognised("АО «Лаборатория Касперского»", &["RU"]),
        one("kaspersky/ao", Tier::Same)
    );
    assert_eq!(
        recognised("Kaspersky Labs Ltd", &["GB"]),
        one("kaspersky/uk", Tier::Same)
    );
    assert_eq!(
        recognised("Kaspersky Lab Switzerland GmbH", &["CH"]),
        one("kaspersky/ch", Tier::Same)
    );
    assert_eq!(
        recognised("ESET, spol. s r.o.", &["SK"]),
        one("eset/sk", Tier::Same)
    );
    assert_eq!(
        recognised("Microsoft Corporation", &["US"]),
        one("microsoft/us", Tier::Same)
    );
    assert_eq!(
        recognised("Doctor Web Ltd.", &["RU"]),
        one("drweb/ooo", Tier::Same)
    );
    assert_eq!(
        recognised("Tencent Technology (Shenzhen) Company Limited", &["CN"]),
        one("tencent/shenzhen", Tier::Same)
    );
    assert_eq!(recognised("Teleset ltd.", &["SK"]), None);
    assert_eq!(recognised("Kaspersky Lob AO", &["RU"]), None);
    assert_eq!(recognised("ZTR Corporation", &["CN"]), None);
    assert_eq!(recognised("", &["RU"]), None);
}

#[test]
fn a_missing_or_other_country_is_never_the_same_entity() {
    assert_eq!(
        recognised("ESET, spol. s r.o.", &[]),
        one("eset/sk", Tier::Review)
    );
    assert_eq!(
        recognised("ESET, spol. s r.o.", &["US"]),
        one("eset/sk", Tier::Group)
    );
}

#[test]
fn equally_good_entities_are_not_told_apart_by_guessing() {
    // Kaspersky Lab is the core of the Russian and of the American company.
    assert!(matches!(
        registry().recognise(&party("Kaspersky Lab", &[]), TODAY),
        Recognition::Ambiguous(links) if links.len() == 2
    ));
    assert!(matches!(
        registry().recognise(&party("JetBrains", &[]), TODAY),
        Recognition::Ambiguous(_)
    ));
}

#[test]
fn a_number_counts_only_with_its_register() {
    let with = |jurisdiction: &str, value: &str| {
        let mut party = party("Somebody Else s.r.o.", &["CZ"]);
        party.identifiers.push(Identifier {
            scheme: "registration-number".into(),
            jurisdiction: Some(jurisdiction.into()),
            value: value.into(),
            evidence: Evidence::entry("test", "number"),
        });
        registry()
            .recognise(&party, TODAY)
            .link()
            .map(|l| (l.slug, l.tier, l.verified))
    };
    assert_eq!(
        with("CZ", "26502275"),
        Some(("jetbrains".into(), Tier::Same, true))
    );
    assert_eq!(with("DE", "26502275"), None);
    // The number that another source contradicts is never used.
    assert_eq!(
        with("SK", "31333532"),
        Some(("eset".into(), Tier::Same, true))
    );
    assert_eq!(with("SK", "31333535"), None);
    // A number from memory leads to the entity, and says that it is not cited.
    assert_eq!(
        with("GB", "04249748"),
        Some(("kaspersky".into(), Tier::Same, false))
    );
}

#[test]
fn one_legal_person_keeps_its_former_name_and_another_company_does_not_inherit_it() {
    assert_eq!(
        recognised("Nebius Group N.V.", &["NL"]),
        one("nebius/nl", Tier::Same)
    );
    assert_eq!(
        recognised("Yandex N.V.", &["NL"]),
        one("nebius/nl", Tier::Same)
    );
    assert_eq!(
        recognised("YANDEX LLC", &["RU"]),
        one("yandex/llc", Tier::Same)
    );
}

#[test]
fn what_nobody_cites_makes_no_claim() {
    let mut nvidia = party("NVIDIA Corporation", &["US"]);
    let findings = enrich(&mut nvidia, registry(), TODAY);
    assert_eq!(nvidia.vendor.as_ref().map(|l| l.verified), Some(false));
    assert_eq!(nvidia.claims, []);
    let lead = findings
        .iter()
        .find(|f| f.definition.id == "vendor-entry-unverified")
        .unwrap();
    assert_eq!(lead.status, Status::Unknown);
    assert!(
        lead.message.contains("incorporated in US"),
        "{}",
        lead.message
    );
}

#[test]
fn the_seat_of_a_recognised_entity_is_a_claim_with_its_citation() {
    let mut ao = party("AO Kaspersky Lab", &["RU"]);
    enrich(&mut ao, registry(), TODAY);
    let seat = ao
        .claims
        .iter()
        .find(|c| c.aspect == Aspect::Incorporation)
        .unwrap();
    assert_eq!(
        (seat.jurisdiction.country.as_str(), seat.strength),
        ("RU", Strength::High)
    );
    assert!(seat.evidence.iter().any(|e| {
        e.citation
            .as_ref()
            .is_some_and(|c| c.contains("89 FR 52362"))
    }));
    let controller = ao
        .claims
        .iter()
        .find(|c| c.aspect == Aspect::Controller)
        .unwrap();
    assert_eq!(controller.jurisdiction.country, "GB");
}

#[test]
fn a_name_that_nobody_vouched_for_gets_no_strong_claim() {
    let mut claimed = party("AO Kaspersky Lab", &["RU"]);
    claimed.roles = BTreeSet::from([Role::ClaimedSigner]);
    enrich(&mut claimed, registry(), TODAY);
    assert!(!claimed.claims.is_empty());
    assert!(claimed.claims.iter().all(|c| c.strength == Strength::Low));
}

#[test]
fn the_swiss_company_is_linked_to_the_group_by_cited_facts_of_their_grade() {
    let entity = |key: &str| EntityRef {
        slug: "kaspersky".into(),
        key: key.into(),
    };
    let relations = registry().relations(&entity("ch"), TODAY);
    let [group] = relations.as_slice() else {
        panic!("{relations:?}")
    };
    assert_eq!(
        (&group.interested_party, group.interest),
        (&entity("ao"), Interest::Group)
    );
    assert_eq!(group.standing, Standing::Cited);
    assert!(group.text.ends_with("(vendor, data-set)"), "{}", group.text);
    assert!(group.evidence.iter().all(|e| e.citation.is_some()));
    let us = registry().relations(&entity("us"), TODAY);
    assert!(
        us.iter()
            .any(|r| r.interested_party == entity("ao") && r.interest == Interest::Control)
    );
}

#[test]
fn a_disputed_relation_carries_both_sides() {
    let tp_link = EntityRef {
        slug: "tp-link".into(),
        key: "us".into(),
    };
    let relations = registry().relations(&tp_link, TODAY);
    assert!(matches!(&relations.first().unwrap().standing,
        Standing::Disputed(sides) if sides.contains("unaffiliated") && sides.contains("DoD")));
    let mut us = party("TP-Link Systems Inc.", &["US"]);
    let findings = enrich(&mut us, registry(), TODAY);
    assert!(
        findings
            .iter()
            .any(|f| f.definition.id == "vendor-facts-disputed")
    );
}

#[test]
fn facts_past_their_review_date_are_said_to_be_stale() {
    let mut ao = party("AO Kaspersky Lab", &["RU"]);
    let stale = |findings: Vec<crate::model::finding::Finding>| {
        findings
            .iter()
            .any(|f| f.definition.id == "vendor-facts-stale")
    };
    assert!(!stale(enrich(&mut ao, registry(), TODAY)));
    assert!(stale(enrich(&mut ao, registry(), date!(2028 - 01 - 01))));
}

fn file(body: &str) -> String {
    format!("id = \"x\"\nas_of = \"2026-11-24\"\nreview_by = \"2027-05-24\"\n{body}")
}

fn broken(body: &str) -> String {
    match Registry::read(&[("x", &file(body))]) {
        Ok(_) => String::new(),
        Err(e) => e.to_string(),
    }
}

const ENTITY: &str =
    "[[entity]]\nkey = \"a\"\nname = \"X AS\"\njurisdiction = \"NO\"\nverified = false\n";

#[test]
fn a_file_that_breaks_a_rule_is_refused_with_the_rule() {
    assert_eq!(broken(ENTITY), "");
    for (body, rule) in [
        ("", "missing field `entity`"),
        ("entity = []\n", "no entity"),
        (
            &ENTITY.replace("false", "true"),
            "verified without a source",
        ),
        (&ENTITY.replace("\"NO\"", "\"no\""), "no country code"),
        (&ENTITY.replace("\"NO\"", "false"), "invalid type"),
        (
            &format!("{ENTITY}sources = [\"nowhere\"]\n"),
            "no source `nowhere`",
        ),
        (&format!("{ENTITY}{ENTITY}"), "two entities `a`"),
        (&format!("{ENTITY}surprise = 1\n"), "unknown field"),
        (
            &format!(
                "{ENTITY}[[entity.alias]]\nname = \"Y\"\nfrom = \"2025-01-01\"\nuntil = \"2024-01-01\"\n"
            ),
            "runs backward",
        ),
        (
            &format!(
                "{ENTITY}[[entity.identifier]]\nscheme = \"lei\"\nvalue = \"506700GE1G29325QX364\"\nverified = false\n"
            ),
            "check digits are wrong",
        ),
        (
            &format!(
                "{ENTITY}[[relation]]\nsubject = \"a\"\ninterested_party = \"b\"\ninterest = \"group\"\ntext = \"t\"\nverified = false\n"
            ),
            "`b` is no entity",
        ),
        (
            &format!(
                "{ENTITY}[[relation]]\nsubject = \"a\"\ninterested_party = \"a\"\ninterest = \"group\"\ntext = \"t\"\nverified = false\n"
            ),
            "relation to itself",
        ),
        (
            &format!(
                "{ENTITY}[[owner]]\nname = \"O\"\ncountry = \"US\"\nshare = \"132\"\nverified = false\n"
            ),
            "percentage",
        ),
    ] {
        let message = broken(body);
        assert!(message.contains(rule), "{body}\n{message}");
    }
}

#[test]
fn a_relation_holds_only_inside_its_interval() {
    let body = format!(
        "{ENTITY}[[entity]]\nkey = \"b\"\nname = \"Y AS\"\njurisdiction = \"NO\"\nverified = false\n\
         [[relation]]\nsubject = \"a\"\ninterested_party = \"b\"\ninterest = \"shareholding\"\nshare = \"50.5\"\n\
         from = \"2020-01-01\"\nuntil = \"2021-01-01\"\ntext = \"t\"\nverified = false\n"
    );
    let registry = Registry::read(&[("x", &file(&body))]).unwrap();
    let a = EntityRef {
        slug: "x".into(),
        key: "a".into(),
    };
    let at = |day| registry.relations(&a, day);
    assert_eq!(at(date!(2019 - 12 - 31)).len(), 0);
    assert_eq!(
        at(date!(2020 - 01 - 01)).first().map(|r| r.interest),
        Some(Interest::Share(Some(5_050)))
    );
    assert_eq!(at(date!(2021 - 01 - 01)).len(), 0);
}

#[test]
fn a_seat_that_only_a_data_set_supports_is_inferred_and_weak() {
    let seat = |name: &str, country: &str| {
        let mut party = party(name, &[country]);
        enrich(&mut party, registry(), TODAY);
        let seat = party
            .claims
            .into_iter()
            .find(|c| c.aspect == Aspect::Incorporation)
            .unwrap();
        (seat.strength, seat.basis.contains("inferred"))
    };
    assert_eq!(
        seat("Tencent Technology (Shenzhen) Company Limited", "CN"),
        (Strength::Low, true)
    );
    assert_eq!(
        seat("Microsoft Corporation", "US"),
        (Strength::Medium, false)
    );
}

#[test]
fn a_problem_names_its_file_line_entry_and_rule() {
    let body = format!(
        "{ENTITY}[[entity.identifier]]\nscheme = \"SK-ICO\"\nvalue = \"31333535\"\nverified = false\n"
    );
    assert_eq!(
        broken(&body),
        "vendors/x.toml:9: entity a, SK-ICO 31333535: check digits are wrong [identifier]"
    );
    // What another source contradicts is kept as it was written.
    assert_eq!(
        broken(
            &body
                .replace("verified = false\n[[", "verified = false\n\n[[")
                .replace("31333535\"\n", "31333535\"\nconflicts = true\n")
        ),
        ""
    );
    assert!(broken("[[entity]]\nkey = 1\n").contains("x.toml:5:"));
}

#[test]
fn one_name_in_one_country_is_one_entity() {
    let other = file(ENTITY).replace("id = \"x\"", "id = \"y\"");
    let error = Registry::read(&[("x", &file(ENTITY)), ("y", &other)]).unwrap_err();
    let text = error.to_string();
    assert!(
        text.contains("x.toml:4: entity a: `x` in NO is also a name of an entity of y [name]"),
        "{text}"
    );
    let elsewhere = other.replace("\"NO\"", "\"SE\"");
    assert!(Registry::read(&[("x", &file(ENTITY)), ("y", &elsewhere)]).is_ok());
}

#[test]
fn a_source_that_nothing_rests_on_is_a_broken_rule() {
    let source = "[[source]]\nid = \"s\"\ntitle = \"t\"\ngrade = \"press\"\nchecked = \"primary\"\nretrieved = \"2026-11-24\"\n";
    assert!(broken(&format!("{ENTITY}{source}")).contains("nothing rests on source `s`"));
    let cited = ENTITY.replace("verified = false", "sources = [\"s\"]\nverified = true");
    assert_eq!(broken(&format!("{cited}{source}")), "");
    let url = source.replace("grade", "url = \"ftp://x\"\ngrade");
    assert!(broken(&format!("{cited}{url}")).contains("no web address"));
}

#[test]
fn every_fact_of_the_registry_is_cited_or_marked() {
    let mut facts = 0;
    for vendor in registry().iter() {
        for fact in super::facts::of(vendor) {
            facts += 1;
            let read = fact.sources.iter().all(|s| vendor.citation(s).is_some());
            assert!(
                read && (!fact.sources.is_empty() || !fact.verified),
                "{} {:?}",
                vendor.id,
                fact.place
            );
        }
    }
    let tally = Tally::of(registry().iter());
    assert_eq!(tally.count(|_, _| true), facts);
    let cited = tally.count(|_, basis| basis.is_some());
    assert!(cited * 2 > facts, "{cited} of {facts} facts are cited");
}

#[test]
fn a_name_from_memory_leads_and_says_so() {
    let linked = |name: &str| {
        registry()
            .recognise(&party(name, &["JP"]), TODAY)
            .link()
            .unwrap()
    };
    assert!(linked("Canon Kabushiki Kaisha").verified);
    let memory = linked("キヤノン株式会社");
    assert_eq!(
        (memory.slug.as_str(), memory.tier, memory.verified),
        ("canon", Tier::Same, false)
    );
}

#[test]
fn a_number_of_a_state_register_counts_in_that_state_only() {
    let with = |jurisdiction: &str| {
        let mut party = party("Somebody Else Inc.", &["US"]);
        party.identifiers.push(Identifier {
            scheme: "registration-number".into(),
            jurisdiction: Some(jurisdiction.into()),
            value: "3582691".into(),
            evidence: Evidence::entry("test", "number"),
        });
        registry().recognise(&party, TODAY).link().map(|l| l.slug)
    };
    assert_eq!(with("US+Delaware"), Some("google".into()));
    assert_eq!(with("US+DE"), Some("google".into()));
    assert_eq!(with("US+Nevada"), None);
    assert_eq!(with("US"), None);
}

/// Organisation, country and Apple team of every signer of a public list of really signed files, and the vendor it is.
const SIGNERS: &str = include_str!("signers.tsv");

#[test]
fn every_signer_of_the_public_list_is_recognised() {
    let mut rows = 0;
    for line in SIGNERS.lines().filter(|l| !l.starts_with('#')) {
        let [organization, country, team, vendor] =
            line.split('\t').collect::<Vec<_>>().try_into().unwrap();
        let mut party = party(organization, &[]);
        party
            .countries
            .extend((!country.is_empty()).then(|| country.to_owned()));
        if !team.is_empty() {
            party.identifiers.push(Identifier {
                scheme: "apple-team-id".into(),
                jurisdiction: None,
                value: team.into(),
                evidence: Evidence::entry("test", "team"),
            });
        }
        let link = registry().recognise(&party, TODAY).link();
        let tier = if country.is_empty() {
            Tier::Review
        } else {
            Tier::Same
        };
        assert_eq!(
            link.map(|l| (l.slug, l.tier)),
            Some((vendor.to_owned(), tier)),
            "{line}"
        );
        rows += 1;
    }
    assert!(rows >= 30, "{rows}");
}
