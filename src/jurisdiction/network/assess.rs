//! A host and every answer about it into claims and findings.

use std::collections::BTreeSet;
use std::net::IpAddr;

use time::Date;

use super::{HOLDERS, NetworkTables, Networks, ROUTES, domain, findings, is_iso_country, tls};
use crate::base::special_address::is_special;
use crate::base::time::Time;
use crate::jurisdiction::Operators;
use crate::model::claim::{Aspect, Claim, Jurisdiction, Strength};
use crate::model::endpoint::Host;
use crate::model::evidence::{Evidence, Locator, Source};
use crate::model::extract::Gap;
use crate::model::finding::{Finding, Status};
use crate::model::infrastructure::{
    Contact, Dns, GeoAnswer, GeoKind, HostAddress, HostFacts, Registration, RegistrationKind, Tls,
};
use crate::model::party::PartyId;
use crate::verify::path::Anchors;

/// Addresses of one host that are looked up; more than a few are rare.
pub(super) const MAX_ADDRESSES: usize = 16;

/// What was asked of the network about one host, live or recorded.
#[derive(Debug, Clone, Default)]
pub struct Lookups {
    /// Names, where they were asked for.
    pub dns: Option<Dns>,
    /// Certificates, where they were asked for.
    pub tls: Option<Tls>,
    /// Registrations.
    pub registrations: Vec<Registration>,
    /// Questions without an answer, with the reason.
    pub failures: Vec<Gap>,
}

/// What an assessment rests on.
#[derive(Clone, Copy)]
pub struct Asked<'a> {
    /// Sources of networks.
    pub networks: &'a Networks,
    /// Operators of authorities.
    pub operators: &'a Operators,
    /// Public roots.
    pub anchors: &'a dyn Anchors,
    /// The judgement time.
    pub now: Time,
    /// Answers of the network; `None` offline.
    pub lookups: Option<&'a Lookups>,
}

impl std::fmt::Debug for Asked<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Asked")
            .field("now", &self.now)
            .field("lookups", &self.lookups)
            .finish_non_exhaustive()
    }
}

impl Asked<'_> {
    pub(super) fn lookup_date(&self) -> Option<Date> {
        self.lookups
            .and_then(|l| l.tls.as_ref())
            .and_then(|t| t.at)
            .map(Time::date)
    }
}

/// Claims and findings as they come together.
pub(super) struct Draft {
    party: PartyId,
    pub(super) claims: Vec<Claim>,
    pub(super) findings: Vec<Finding>,
}

impl Draft {
    #[expect(
        clippy::too_many_arguments,
        reason = "a claim has as many parts, and each caller names them"
    )]
    pub(super) fn claim(
        &mut self,
        aspect: Aspect,
        jurisdiction: Jurisdiction,
        basis: String,
        strength: Strength,
        source: String,
        as_of: Option<Date>,
        evidence: Vec<Evidence>,
    ) {
        self.claims.push(Claim {
            party: self.party.clone(),
            aspect,
            jurisdiction,
            basis,
            strength,
            source,
            as_of,
            valid_from: None,
            valid_to: None,
            evidence,
        });
    }
}

/// The handle that claims about a host carry in place of a party's.
pub(crate) fn handle(host: &Host) -> PartyId {
    PartyId(format!("host:{host}"))
}

/// Everything that can be said of a host.
pub fn assess(host: &Host, asked: &Asked<'_>) -> HostFacts {
    let mut facts = HostFacts::default();
    let mut draft = Draft {
        party: handle(host),
        claims: Vec::new(),
        findings: Vec::new(),
    };
    if let Some(lookups) = asked.lookups {
        facts.dns.clone_from(&lookups.dns);
        facts.tls.clone_from(&lookups.tls);
        facts.registrations.clone_from(&lookups.registrations);
        facts.gaps.clone_from(&lookups.failures);
        if !lookups.failures.is_empty() {
            let whats: Vec<&str> = lookups.failures.iter().map(|g| g.what.as_str()).collect();
            draft.findings.push(Finding::new(
                &findings::HOST_LOOKUP_INCOMPLETE,
                Status::Unknown,
                format!("of {host}: {}", whats.join(", ")),
            ));
        }
    }
    let mut addresses = match host {
        Host::Ip(ip) => vec![*ip],
        Host::Name(name) => {
            facts.domain = domain::parts(name);
            registry(
                name,
                facts.domain.as_ref().map(|d| d.tld.as_str()),
                &mut draft,
            );
            facts.dns.as_ref().map(Dns::addresses).unwrap_or_default()
        }
        Host::Template(_) => Vec::new(),
    };
    if addresses.len() > MAX_ADDRESSES {
        facts.gaps.push(Gap {
            what: format!("addresses of {host} beyond {MAX_ADDRESSES}"),
            why: format!("{} in all", addresses.len()),
        });
        addresses.truncate(MAX_ADDRESSES);
    }
    for ip in addresses {
        let address = address(
            host,
            ip,
            asked,
            &facts.registrations,
            &mut draft,
            &mut facts.gaps,
        );
        facts.addresses.push(address);
    }
    for registration in &facts.registrations {
        registrar(registration, &mut draft);
    }
    if let Some(shown) = &facts.tls {
        tls::judge(host, shown, asked, &mut draft);
    }
    facts.claims = draft.claims;
    facts.findings = draft.findings;
    facts
}

/// Whose registry the name stands in. That says nothing of its holder.
fn registry(name: &str, tld: Option<&str>, draft: &mut Draft) {
    let Some(tld) = tld else { return };
    if let Some(known) = NetworkTables::bundled().tld(tld) {
        draft.claim(
            Aspect::DomainRegistry,
            Jurisdiction::country(known.country.as_str()),
            format!("registry of .{tld}: {}", known.operator),
            if known.verified {
                Strength::Medium
            } else {
                Strength::Low
            },
            "registries of top-level domains".into(),
            None,
            vec![known.evidence()],
        );
        return;
    }
    let code = tld.to_ascii_uppercase();
    if is_iso_country(&code) {
        draft.claim(
            Aspect::DomainRegistry,
            Jurisdiction::country(code),
            format!("country domain .{tld} (RFC 1591 section 2)"),
            Strength::Medium,
            "ISO 3166-1".into(),
            None,
            vec![Evidence::entry("network/tlds", tld).excerpt(name)],
        );
    }
}

fn address(
    host: &Host,
    ip: IpAddr,
    asked: &Asked<'_>,
    registrations: &[Registration],
    draft: &mut Draft,
    gaps: &mut Vec<Gap>,
) -> HostAddress {
    let mut found = HostAddress {
        ip,
        answers: Vec::new(),
        operator: None,
        special: is_special(ip),
    };
    if found.special {
        // A literal in a file is what its author wrote; a public name that leads inside is worth a look.
        let status = match host {
            Host::Name(_) => Status::Review,
            Host::Ip(_) | Host::Template(_) => Status::Pass,
        };
        draft.findings.push(
            Finding::new(
                &findings::HOST_ADDRESS_SPECIAL,
                status,
                format!("{host}: {ip} is of a special purpose, and no registry's"),
            )
            .with(Evidence::entry("network/special", ip.to_string())),
        );
        return found;
    }
    let (answers, broken) = asked.networks.lookup(ip);
    gaps.extend(broken.into_iter().map(|why| Gap {
        what: format!("a source of networks about {ip}"),
        why,
    }));
    let announced = answers.iter().find_map(|a| {
        let asn = a.asn?;
        NetworkTables::bundled().by_asn(asn).map(|o| (o, asn, a))
    });
    if let Some((operator, asn, answer)) = announced {
        found.operator = Some(operator.recognised(asn));
        draft.claim(
            Aspect::HostingOperator,
            Jurisdiction::country(operator.country.as_str()),
            format!("{ip} is announced by {} (AS{asn})", operator.name),
            if operator.verified {
                Strength::Medium
            } else {
                Strength::Low
            },
            "operators of networks".into(),
            answer.as_of,
            vec![evidence(answer), operator.evidence()],
        );
    }
    found.answers = answers;
    networks(&found, asked, registrations, draft);
    found
}

/// One answer, as something a claim rests on.
fn evidence(answer: &GeoAnswer) -> Evidence {
    let data = match answer.source.as_str() {
        HOLDERS => "network/holders".to_owned(),
        ROUTES => "network/routes".to_owned(),
        other => other.to_owned(),
    };
    let said = match (&answer.country, answer.asn, &answer.organization) {
        (Some(country), _, _) => country.clone(),
        (None, Some(asn), Some(name)) => format!("AS{asn} {name}"),
        (None, Some(asn), None) => format!("AS{asn}"),
        (None, None, _) => answer.unusable.clone().unwrap_or_default(),
    };
    let mut evidence = Evidence::entry(data, answer.range.as_str()).excerpt(said);
    evidence.citation.clone_from(&answer.licence);
    if answer.source != HOLDERS && answer.source != ROUTES {
        evidence.source = Source::User;
    }
    evidence
}

/// Holder and location claims of one address, and whether they contradict each other.
fn networks(
    address: &HostAddress,
    asked: &Asked<'_>,
    registrations: &[Registration],
    draft: &mut Draft,
) {
    let ip = address.ip;
    let anycast = address.is_anycast();
    let from = draft.claims.len();
    let mut said: Vec<String> = Vec::new();
    for answer in &address.answers {
        let Some(country) = &answer.country else {
            continue;
        };
        let (aspect, basis, words) = match answer.kind {
            GeoKind::Holder => (
                Aspect::NetworkHolder,
                format!("{ip} in {}, registered to (RIR)", answer.range),
                format!("registered to (RIR): {country}"),
            ),
            // What is announced from many places is in none of them.
            GeoKind::Location if anycast => continue,
            GeoKind::Location => (
                Aspect::NetworkLocation,
                format!("{ip} in {}, geolocated by {}", answer.range, answer.source),
                format!("geolocated by {}: {country}", answer.source),
            ),
            GeoKind::Route => (
                Aspect::NetworkHolder,
                format!("{ip} in {}, country of its announcement", answer.range),
                format!("announced from (by {}): {country}", answer.source),
            ),
        };
        said.push(words);
        draft.claim(
            aspect,
            Jurisdiction::country(country.as_str()),
            basis,
            Strength::Medium,
            answer.source.clone(),
            answer.as_of,
            vec![evidence(answer)],
        );
    }
    for registration in registrations.iter().filter(|r| covers(r, ip)) {
        let country = registration.country.as_deref().map(str::to_ascii_uppercase);
        let Some(country) = country.filter(|c| is_iso_country(c)) else {
            continue;
        };
        said.push(format!("registered to (RDAP): {country}"));
        draft.claim(
            Aspect::NetworkHolder,
            Jurisdiction::country(country.as_str()),
            format!("{ip}: country of the network's registration"),
            Strength::Medium,
            format!("RDAP, {}", registration.url),
            registration.at.map(Time::date),
            vec![answered(registration, &country)],
        );
    }
    let claims = draft.claims.get_mut(from..).unwrap_or_default();
    let countries: BTreeSet<&str> = claims
        .iter()
        .map(|c| c.jurisdiction.country.as_str())
        .collect();
    let rests: Vec<Evidence> = claims
        .iter()
        .flat_map(|c| c.evidence.iter().cloned())
        .collect();
    let conflict = countries.len() > 1;
    if conflict {
        for claim in claims.iter_mut() {
            claim.strength = Strength::Low;
        }
    }
    let finding = if conflict {
        Finding::new(
            &findings::NETWORK_SOURCES_DISAGREE,
            Status::Review,
            format!("{ip}: {}; no answer is preferred", said.join(" · ")),
        )
    } else if address.answers.is_empty() && rests.is_empty() {
        let message = format!("{ip}: no source at hand knows it");
        Finding::new(&findings::NETWORK_UNKNOWN, Status::Unknown, message)
    } else {
        let count = address.answers.len();
        let sources = if count == 1 {
            "one source answers"
        } else {
            "no source contradicts another"
        };
        let said = if said.is_empty() {
            "none names a country".to_owned()
        } else {
            said.join(" · ")
        };
        let message = format!("{ip}: {sources}; {said}");
        Finding::new(&findings::NETWORK_SOURCES_AGREE, Status::Pass, message)
    };
    draft
        .findings
        .push(rests.into_iter().fold(finding, Finding::with));
    if anycast {
        draft.findings.push(Finding::new(
            &findings::NETWORK_ANYCAST,
            Status::Pass,
            match &address.operator {
                Some(operator) => format!(
                    "{ip} is announced from many places by {} ({}): it has no location",
                    operator.name, operator.country
                ),
                None => format!("{ip} is announced from many places: it has no location"),
            },
        ));
    }
    stale(address, asked, draft);
}

fn stale(address: &HostAddress, asked: &Asked<'_>, draft: &mut Draft) {
    let today = asked.now.date();
    let old = address
        .answers
        .iter()
        .filter(|a| asked.networks.is_stale(a, today));
    let words: Vec<String> = old
        .map(|a| match a.as_of {
            Some(date) => format!("{} of {date}", a.source),
            None => format!("{} of an unknown date", a.source),
        })
        .collect();
    if !words.is_empty() {
        let message = format!("{}: {}", address.ip, words.join(", "));
        let finding = Finding::new(&findings::NETWORK_DATA_STALE, Status::Unknown, message);
        draft.findings.push(finding);
    }
}

/// A network's registration that was asked for this very address, or holds it.
fn covers(registration: &Registration, ip: IpAddr) -> bool {
    if registration.kind != RegistrationKind::Network {
        return false;
    }
    let ends = registration
        .range
        .as_deref()
        .and_then(|r| r.split_once('-'));
    let ends = ends.and_then(|(a, b)| Some((a.parse::<IpAddr>().ok()?, b.parse::<IpAddr>().ok()?)));
    ends.is_some_and(|(first, last)| first <= ip && ip <= last && first.is_ipv4() == ip.is_ipv4())
}

fn answered(registration: &Registration, excerpt: &str) -> Evidence {
    Evidence {
        source: Source::Network,
        locator: Locator::Url(registration.url.clone()),
        excerpt: Some(excerpt.to_owned()),
        citation: None,
        observed_at: registration.at,
    }
}

/// The registrar of a domain, where its card says in which country it is.
fn registrar(registration: &Registration, draft: &mut Draft) {
    let is_registrar = |c: &&Contact| c.roles.iter().any(|r| r == "registrar");
    if registration.kind != RegistrationKind::Domain {
        return;
    }
    for contact in registration.entities.iter().filter(is_registrar) {
        let name = contact.organization.as_deref().or(contact.name.as_deref());
        let country = contact.country.as_deref().map(str::to_ascii_uppercase);
        let Some(country) = country.filter(|c| is_iso_country(c)) else {
            continue;
        };
        draft.claim(
            Aspect::Registrar,
            Jurisdiction::country(country.as_str()),
            format!("registrar by RDAP: {}", name.unwrap_or("without a name")),
            Strength::Medium,
            format!("RDAP, {}", registration.url),
            registration.at.map(Time::date),
            vec![answered(registration, &country)],
        );
    }
}
