//! Dossiers over an invented registry.

use bonafide::base::time::parse_rfc3339;
use bonafide::model::party::Match;
use bonafide::report::Style;
use bonafide::report::json::dossier::Dossier;
use bonafide::report::text::dossier;
use bonafide::vendor::{Entity, Registry};

use super::sample;
use crate::support::golden;

const REGISTRY: &str = r#"
id = "primer"
brands = ["Primer", "Primer Antivirus"]
as_of = "2026-11-24"
review_by = "2027-05-24"
traps = ["another company in another country has the same name"]

[[entity]]
key = "ao"
name = "AO Primer"
jurisdiction = "RU"
place = "Moscow"
sources = ["notice"]
verified = true

[[entity.alias]]
name = "АО «Пример»"

[[entity.alias]]
name = "ZAO Primer"
former = true

[[entity.identifier]]
scheme = "RU-OGRN"
value = "1027700000008"
sources = ["notice"]
verified = true

[[entity]]
key = "gmbh"
name = "Primer Switzerland GmbH"
jurisdiction = "CH"
verified = false

[[relation]]
subject = "gmbh"
interested_party = "ao"
interest = "shareholding"
share = "100"
until = "2020-01-01"
text = "AO Primer holds all shares of the Swiss company"
disputed = "who owns the Swiss company?"
sources = ["notice"]
verified = true

[[owner]]
name = "A Person"
country = "RU"
share = "80"
verified = false

[[statement]]
by = "vendor"
topic = "independence"
text = "the Swiss company is independent"
sources = ["site"]
verified = true

[[dispute]]
question = "who owns the Swiss company?"

[dispute.side_a]
by = "vendor"
text = "nobody in the group"
sources = ["site"]

[dispute.side_b]
by = "authority"
text = "AO Primer"
sources = ["notice"]

[[source]]
id = "notice"
title = "00 FR 00000"
grade = "law"
checked = "primary"
retrieved = "2026-11-24"

[[source]]
id = "site"
title = "The vendor's own site"
url = "https://www.example.com/"
grade = "vendor"
checked = "primary"
retrieved = "2026-11-24"
"#;

fn made() -> Dossier {
    let registry = Registry::read(&[("primer", REGISTRY)]).unwrap();
    let vendor = registry.vendor("primer").unwrap();
    let party = sample::listed()
        .parties
        .into_values()
        .find(|p| !p.matches.is_empty());
    let matches = party.unwrap().matches;
    let screened: Vec<(&Entity, Vec<Match>)> = vendor
        .entities
        .iter()
        .map(|e| {
            (
                e,
                if e.key == "ao" {
                    matches.clone()
                } else {
                    Vec::new()
                },
            )
        })
        .collect();
    Dossier::new(vendor, &screened, parse_rfc3339("2026-11-25").unwrap())
}

fn page(verbosity: u8) -> String {
    let mut out = Vec::new();
    let style = Style {
        verbosity,
        ..Style::default()
    };
    dossier::write(&made(), &mut out, &style).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn a_dossier_is_as_recorded_and_at_most_eighty_columns_wide() {
    golden::check("tests/suite/data/report/dossier.txt", &page(0));
    for verbosity in 0..2 {
        for line in page(verbosity).lines() {
            assert!(unicode_width::UnicodeWidthStr::width(line) <= 80, "{line}");
        }
    }
}

#[test]
fn both_sides_of_a_dispute_are_shown_and_leads_are_marked() {
    let page = page(1);
    for said in [
        "vendor: nobody in the group",
        "authority: AO Primer",
        "(disputed)",
        "does not hold at this date",
        "not cited",
        "Not legal advice",
    ] {
        let flat = page.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(flat.contains(said), "{said}: {page}");
    }
}

#[test]
fn a_dossier_reads_back_the_same_and_every_handle_resolves() {
    let dossier = made();
    let json = serde_json::to_string(&dossier).unwrap();
    assert_eq!(serde_json::from_str::<Dossier>(&json).unwrap(), dossier);
    let relations = dossier.relations.iter().flat_map(|r| &r.fact.evidence);
    let entities = dossier.entities.iter().flat_map(|e| &e.evidence);
    for handle in relations.chain(entities) {
        assert!(dossier.evidence.contains_key(handle), "{handle}");
    }
}
