//! The shipped tables, sources side by side, and what becomes of their answers.

use std::net::IpAddr;

use super::{
    Asked, GeoSource, HOLDERS, Lookups, Mmdb, Networks, Ranges, assess, prefix_or_range, shipped,
};
use crate::base::time::parse_rfc3339;
use crate::jurisdiction::Operators;
use crate::model::claim::{Aspect, Strength};
use crate::model::endpoint::Host;
use crate::model::finding::Status;
use crate::model::infrastructure::{Dns, DnsRecord, GeoKind, HostFacts};
use crate::verify::profile::Profile;
use crate::verify::store::TrustStore;

/// Of Kaspersky Lab Switzerland GmbH's network: the sources of the field disagree about it.
const DISPUTED: &str = "77.74.181.1";

fn ip(text: &str) -> IpAddr {
    text.parse().unwrap()
}

fn facts_at(at: &str, host: &Host, networks: &Networks, lookups: Option<&Lookups>) -> HostFacts {
    let store = TrustStore::bundled();
    let anchors = store.anchors(Profile::Windows);
    assess(
        host,
        &Asked {
            networks,
            operators: Operators::bundled().unwrap(),
            anchors: &anchors,
            now: parse_rfc3339(at).unwrap(),
            lookups,
        },
    )
}

fn facts(host: &Host, networks: &Networks) -> HostFacts {
    facts_at("2026-07-01T00:00:00Z", host, networks, None)
}

fn ids(facts: &HostFacts) -> Vec<&str> {
    facts.findings.iter().map(|f| f.definition.id).collect()
}

fn countries(facts: &HostFacts, aspect: Aspect) -> Vec<&str> {
    let of_aspect = facts.claims.iter().filter(|c| c.aspect == aspect);
    of_aspect.map(|c| c.jurisdiction.country.as_str()).collect()
}

fn csv(name: &str, text: &str) -> Box<dyn GeoSource> {
    Box::new(Ranges::read(name, None, None, text).unwrap())
}

#[test]
fn the_shipped_tables_open_and_know_whose_a_network_is() {
    let names: Vec<_> = shipped()
        .into_iter()
        .map(|(id, as_of, _)| (id, as_of))
        .collect();
    assert_eq!(
        names,
        [
            ("network/holders", "2026-06-17".to_owned()),
            ("network/routes", "2026-06-17".to_owned())
        ]
    );
    let networks = Networks::default();
    for (address, country) in [
        (DISPUTED, "CH"),
        ("8.8.8.8", "US"),
        ("2001:200::1", "JP"),
        ("1.0.0.1", "AU"),
    ] {
        let (answers, broken) = networks.lookup(ip(address));
        assert!(broken.is_empty());
        let holder = answers.iter().find(|a| a.kind == GeoKind::Holder).unwrap();
        assert_eq!(holder.country.as_deref(), Some(country), "{address}");
        assert_eq!(holder.source, HOLDERS);
        assert!(holder.licence.as_deref().unwrap().contains("CC BY 4.0"));
    }
}

#[test]
fn the_shipped_tables_hold_about_what_the_registries_delegate() {
    for (id, _, bytes) in shipped() {
        let table = super::packed::Packed::open(bytes).unwrap();
        let all = table.all().unwrap();
        assert!(all.len() > 5_000, "{id}: {}", all.len());
        for pair in all.windows(2) {
            let [a, b] = pair else { continue };
            assert!(a.first <= a.last && a.last < b.first, "{id}: {a:?} {b:?}");
        }
    }
}

#[test]
fn a_disputed_network_keeps_every_answer_and_says_that_they_disagree() {
    let whois = csv("whois-feed", "# 2026-06-17\n77.74.176.0/21,RU\n");
    let ipfire = csv("ipfire", "# 2026-06-25\n77.74.180.0,77.74.181.255,RU\n");
    let found = facts(
        &Host::Ip(ip(DISPUTED)),
        &Networks::with(vec![whois, ipfire]),
    );
    assert_eq!(countries(&found, Aspect::NetworkHolder), ["CH"]);
    assert_eq!(countries(&found, Aspect::NetworkLocation), ["RU", "RU"]);
    assert_eq!(countries(&found, Aspect::HostingOperator), ["CH"]);
    let network = found
        .claims
        .iter()
        .filter(|c| c.aspect != Aspect::HostingOperator);
    assert!(network.clone().count() == 3 && network.clone().all(|c| c.strength == Strength::Low));
    let finding = found
        .findings
        .iter()
        .find(|f| f.definition.id == "network-sources-disagree")
        .unwrap();
    assert_eq!(finding.status, Status::Review);
    for part in [
        "registered to (RIR): CH",
        "geolocated by whois-feed: RU",
        "geolocated by ipfire: RU",
    ] {
        assert!(finding.message.contains(part), "{}", finding.message);
    }
    assert_eq!(finding.evidence.len(), 3);
    let operator = found.addresses[0].operator.as_ref().unwrap();
    assert_eq!(
        (operator.asn, operator.name.as_str()),
        (200_107, "Kaspersky Lab Switzerland GmbH")
    );
}

#[test]
fn one_source_alone_contradicts_nobody_and_says_how_many_answered() {
    let found = facts(&Host::Ip(ip("193.0.6.139")), &Networks::default());
    assert_eq!(ids(&found), ["network-sources-agree"]);
    assert!(found.findings[0].message.contains("one source answers"));
    assert_eq!(found.findings[0].status, Status::Pass);
    assert_eq!(found.claims[0].strength, Strength::Medium);
}

#[test]
fn what_is_announced_from_many_places_has_no_location() {
    let geo = csv("geo", "# 2026-06-25\n1.1.1.0/24,BR\n");
    let found = facts(&Host::Ip(ip("1.1.1.1")), &Networks::with(vec![geo]));
    assert!(countries(&found, Aspect::NetworkLocation).is_empty());
    assert_eq!(countries(&found, Aspect::HostingOperator), ["US"]);
    assert!(ids(&found).contains(&"network-anycast"));
    assert!(!ids(&found).contains(&"network-sources-disagree"));
}

#[test]
fn an_address_that_nobody_knows_is_unknown_and_never_a_pass() {
    let found = facts(&Host::Ip(ip("8.8.8.8")), &Networks::only(Vec::new()));
    assert_eq!(ids(&found), ["network-unknown"]);
    assert_eq!(found.findings[0].status, Status::Unknown);
    let unusable = Networks::only(vec![csv("geo", "# 2026-06-25\n8.8.8.0/24,EU\n")]);
    let found = facts(&Host::Ip(ip("8.8.8.8")), &unusable);
    assert!(found.claims.is_empty());
    assert_eq!(
        found.addresses[0].answers[0].unusable.as_deref(),
        Some("EU")
    );
}

#[test]
fn old_answers_say_so() {
    let host = Host::Ip(ip(DISPUTED));
    let fresh = facts_at("2026-12-01T00:00:00Z", &host, &Networks::default(), None);
    assert!(!ids(&fresh).contains(&"network-data-stale"));
    let old = facts_at("2027-01-01T00:00:00Z", &host, &Networks::default(), None);
    assert!(ids(&old).contains(&"network-data-stale"));
    let undated = Networks::only(vec![csv("geo", "77.74.176.0/21,RU\n")]);
    assert!(ids(&facts(&host, &undated)).contains(&"network-data-stale"));
}

#[test]
fn a_special_address_is_asked_of_nobody() {
    let everything = Networks::only(vec![csv("geo", "0.0.0.0/0,US\n")]);
    let found = facts(&Host::Ip(ip("10.0.0.1")), &everything);
    assert!(found.claims.is_empty() && found.addresses[0].answers.is_empty());
    assert_eq!(ids(&found), ["host-address-special"]);
    let lookups = Lookups {
        dns: Some(Dns {
            records: vec![DnsRecord {
                name: "update.example.com".into(),
                kind: "A".into(),
                value: "127.0.0.1".into(),
            }],
            ..Dns::default()
        }),
        ..Lookups::default()
    };
    let host = Host::Name("update.example.com".into());
    let found = facts_at("2026-07-01T00:00:00Z", &host, &everything, Some(&lookups));
    let special = found
        .findings
        .iter()
        .find(|f| f.definition.id == "host-address-special");
    assert_eq!(
        special.unwrap().status,
        Status::Review,
        "a public name that leads inside"
    );
}

#[test]
fn a_name_says_whose_registry_it_stands_in_and_nothing_more() {
    for (name, country) in [
        ("update.example.com", Some("US")),
        ("example.ru", Some("RU")),
        ("example.su", Some("RU")),
        ("example.co.uk", Some("GB")),
        ("example.eu", Some("EU")),
        ("example.ch", Some("CH")),
        ("example.dev", None),
        ("example.local", None),
    ] {
        let found = facts(&Host::Name(name.into()), &Networks::default());
        let said = countries(&found, Aspect::DomainRegistry);
        assert_eq!(said.first().copied(), country, "{name}");
        assert!(found.addresses.is_empty());
    }
}

#[test]
fn ranges_are_written_as_prefixes_where_they_are() {
    for (first, last, text) in [
        ("10.0.0.0", "10.255.255.255", "10.0.0.0/8"),
        ("10.0.0.1", "10.0.0.1", "10.0.0.1/32"),
        ("0.0.0.0", "255.255.255.255", "0.0.0.0/0"),
        ("10.0.0.1", "10.0.0.2", "10.0.0.1-10.0.0.2"),
        ("77.74.168.0", "77.74.183.255", "77.74.168.0-77.74.183.255"),
        (
            "2001:200::",
            "2001:200:ffff:ffff:ffff:ffff:ffff:ffff",
            "2001:200::/32",
        ),
    ] {
        assert_eq!(prefix_or_range(ip(first), ip(last)), text);
    }
}

/// A MaxMind DB of one IPv4 network, written by its specification: one 24-bit node a bit, then the data, then the metadata.
fn mmdb(prefix: [u8; 4], length: u32, country: &str) -> Vec<u8> {
    let text = |t: &str| {
        [
            vec![0x40 | u8::try_from(t.len()).unwrap()],
            t.as_bytes().to_vec(),
        ]
        .concat()
    };
    let map = |pairs: &[Vec<u8>]| {
        let head = 0xe0 | u8::try_from(pairs.len() / 2).unwrap();
        [vec![head], pairs.concat()].concat()
    };
    let node_count = length;
    let mut tree = Vec::new();
    for depth in 0..length {
        let bit = u32::from_be_bytes(prefix) >> (31 - depth) & 1;
        let next = if depth + 1 == length {
            node_count + 16
        } else {
            depth + 1
        };
        let (left, right) = if bit == 0 {
            (next, node_count)
        } else {
            (node_count, next)
        };
        tree.extend_from_slice(&left.to_be_bytes()[1..]);
        tree.extend_from_slice(&right.to_be_bytes()[1..]);
    }
    let data = map(&[text("country"), map(&[text("iso_code"), text(country)])]);
    let number = |kind: u8, value: u32| {
        let bytes: Vec<u8> = value
            .to_be_bytes()
            .into_iter()
            .skip_while(|b| *b == 0)
            .collect();
        [vec![kind << 5 | u8::try_from(bytes.len()).unwrap()], bytes].concat()
    };
    let epoch = 1_782_000_000u32; // 2026-06-21
    let mut big = vec![0x04, 0x02]; // extended type 9, uint64
    big.extend_from_slice(&epoch.to_be_bytes());
    let metadata = map(&[
        text("binary_format_major_version"),
        number(5, 2),
        text("binary_format_minor_version"),
        number(5, 0),
        text("build_epoch"),
        big,
        text("database_type"),
        text("Example-Country"),
        text("description"),
        map(&[]),
        text("ip_version"),
        number(5, 4),
        text("languages"),
        vec![0x00, 0x04], // extended type 11, an empty array
        text("node_count"),
        number(6, node_count),
        text("record_size"),
        number(5, 24),
    ]);
    [
        tree,
        vec![0; 16],
        data,
        b"\xab\xcd\xefMaxMind.com".to_vec(),
        metadata,
    ]
    .concat()
}

#[test]
fn a_database_of_the_users_stands_beside_the_registrys_fact() {
    let bytes = mmdb([77, 74, 176, 0], 21, "RU");
    let source = Mmdb::read("bring-your-own", None, bytes).unwrap();
    let found = facts(
        &Host::Ip(ip(DISPUTED)),
        &Networks::with(vec![Box::new(source)]),
    );
    assert_eq!(countries(&found, Aspect::NetworkHolder), ["CH"]);
    assert_eq!(countries(&found, Aspect::NetworkLocation), ["RU"]);
    assert!(ids(&found).contains(&"network-sources-disagree"));
    let answer = found.addresses[0].answers.last().unwrap();
    assert_eq!(answer.range, "77.74.176.0/21");
    assert_eq!(answer.as_of.unwrap().to_string(), "2026-06-21");
}

#[test]
fn no_flipped_bit_of_a_database_panics() {
    let whole = mmdb([77, 74, 176, 0], 21, "RU");
    for bit in 0..whole.len() * 8 {
        let mut bytes = whole.clone();
        bytes[bit / 8] ^= 1 << (bit % 8);
        if let Ok(source) = Mmdb::read("flipped", None, bytes) {
            let _ = source.lookup(ip(DISPUTED));
            let _ = source.lookup(ip("2001:200::1"));
        }
    }
    for length in 0..whole.len() {
        if let Ok(source) = Mmdb::read("cut", None, whole[..length].to_vec()) {
            let _ = source.lookup(ip(DISPUTED));
        }
    }
}
