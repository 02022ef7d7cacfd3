use std::collections::{BTreeMap, BTreeSet};

use super::{Seats, of_two_countries, owners};
use crate::model::analysis::Subject;
use crate::model::claim::{Aspect, Claim, Jurisdiction, Strength};
use crate::model::endpoint::{Encoding, Endpoint, EndpointKind, Form, Host};
use crate::model::evidence::Evidence;
use crate::model::extract::Signing;
use crate::model::infrastructure::HostFacts;
use crate::model::party::{Party, PartyId, Role, Validation};

fn party(name: &str, claims: &[(Aspect, &str, Strength)]) -> Party {
    let id = PartyId(name.to_owned());
    Party {
        id: id.clone(),
        name: name.to_owned(),
        names: Vec::new(),
        roles: BTreeSet::from([Role::Signer]),
        certificate: None,
        validation: Validation::Unknown,
        validation_rule: String::new(),
        countries: BTreeSet::new(),
        identifiers: Vec::new(),
        vendor: None,
        claims: claims
            .iter()
            .map(|(aspect, country, strength)| Claim {
                party: id.clone(),
                aspect: *aspect,
                jurisdiction: Jurisdiction::country(*country),
                basis: "a test".into(),
                strength: *strength,
                source: "a test".into(),
                as_of: None,
                valid_from: None,
                valid_to: None,
                evidence: vec![Evidence::entry("test", *country)],
            })
            .collect(),
        matches: Vec::new(),
    }
}

fn updating_from(host: &Host) -> Subject {
    Subject {
        id: "1".into(),
        parent: None,
        path: "a.exe".into(),
        size: 0,
        digests: BTreeMap::new(),
        format: "pe",
        description: String::new(),
        profile: "windows",
        signing: Signing::Expected,
        members: None,
        signatures: Vec::new(),
        signers: BTreeMap::new(),
        claimed: Vec::new(),
        endpoints: vec![Endpoint {
            text: host.to_string(),
            key: host.to_string(),
            form: Form::Host,
            host: host.clone(),
            port: None,
            userinfo: false,
            template: false,
            span: 0..1,
            encoding: Encoding::Utf8,
            kind: EndpointKind::Update,
            noise: None,
            occurrences: 1,
        }],
        updaters: Vec::new(),
        findings: Vec::new(),
        gaps: Vec::new(),
        error: None,
        origin: None,
    }
}

#[test]
fn an_owner_elsewhere_is_said_and_one_at_home_is_not() {
    use Aspect::{Controller, Incorporation, Owner, PlaceOfBusiness};
    use Strength::{Low, Medium};
    let abroad = party("A", &[(Incorporation, "CH", Medium), (Owner, "RU", Medium)]);
    let found = owners(&abroad).unwrap();
    assert_eq!(found.message, "A: seat CH, owner or controller RU");
    assert_eq!(found.evidence.len(), 2);
    for silent in [
        party(
            "home",
            &[(Incorporation, "CH", Medium), (Owner, "CH", Medium)],
        ),
        party(
            "one of two",
            &[
                (Incorporation, "CH", Medium),
                (Owner, "CH", Medium),
                (Controller, "RU", Medium),
            ],
        ),
        party("weak", &[(Incorporation, "CH", Medium), (Owner, "RU", Low)]),
        party("no owner known", &[(Incorporation, "CH", Medium)]),
        party("no seat known", &[(Owner, "RU", Medium)]),
        party("nothing known", &[]),
    ] {
        assert!(owners(&silent).is_none(), "{}", silent.name);
    }
    // The seat is what is incorporated; a place of business counts where nothing better is known.
    let place = party(
        "B",
        &[(PlaceOfBusiness, "CH", Medium), (Owner, "RU", Medium)],
    );
    assert!(owners(&place).is_some());
    let both = party(
        "C",
        &[
            (PlaceOfBusiness, "RU", Medium),
            (Incorporation, "CH", Medium),
            (Owner, "RU", Medium),
        ],
    );
    assert!(owners(&both).is_some());
}

#[test]
fn signers_of_one_country_and_signers_without_a_seat_are_no_divergence() {
    let at = |name, country| {
        party(
            name,
            &[(Aspect::PlaceOfBusiness, country, Strength::Medium)],
        )
    };
    let (us, de, open) = (at("U", "US"), at("D", "DE"), party("?", &[]));
    let found = of_two_countries(&[&us, &de]).unwrap();
    assert_eq!(found.message, "signed by U (US) and by D (DE)");
    assert!(of_two_countries(&[&us, &at("V", "US")]).is_none());
    assert!(of_two_countries(&[&us, &open]).is_none());
    assert!(of_two_countries(&[&us]).is_none() && of_two_countries(&[]).is_none());
}

#[test]
fn nothing_known_parts_from_nothing() {
    let empty = Seats::default();
    let claims = party("A", &[(Aspect::Incorporation, "CH", Strength::Medium)]).claims;
    let known = Seats::of(&claims, &[Aspect::Incorporation]);
    assert!(!empty.parts_from(&known) && !known.parts_from(&empty) && !empty.parts_from(&empty));
}

#[test]
fn updates_from_networks_elsewhere_are_said_and_those_of_one_country_are_not() {
    let host = Host::Name("updates.example".into());
    let facts = |country: &str, aspect| HostFacts {
        claims: party("host", &[(aspect, country, Strength::Medium)]).claims,
        ..HostFacts::default()
    };
    let signer = party("A", &[(Aspect::Incorporation, "CH", Strength::Medium)]);
    let subject = updating_from(&host);
    let said = |facts| {
        let hosts = BTreeMap::from([(host.clone(), facts)]);
        super::updates(&subject, &[&signer], &hosts)
    };
    let found = said(facts("RU", Aspect::NetworkHolder)).unwrap();
    assert_eq!(
        found.message,
        "signer in CH, updates or downloads under RU: updates.example"
    );
    assert!(said(facts("CH", Aspect::HostingOperator)).is_none());
    // A registry of names says little, a location is disputed, and nothing is nothing.
    assert!(said(facts("US", Aspect::DomainRegistry)).is_none());
    assert!(said(facts("RU", Aspect::NetworkLocation)).is_none());
    assert!(said(HostFacts::default()).is_none());
}
