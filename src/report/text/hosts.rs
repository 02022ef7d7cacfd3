//! What is known of hosts: every source's answer about an address on one line, and whose certificate and registration it is.

use std::io;

use super::jurisdiction;
use super::page::{Page, Tone};
use super::words::shown;
use crate::report::json::{Address, Certificate, Contact, Dns, Host, Registration, Report};

/// Values of one kind shown unless more is asked for.
const SHOWN: usize = 6;

/// Every host of which more is known than its name; the claims of each where it is what was asked, or under `-v`.
pub(super) fn write(
    report: &Report,
    asked: bool,
    verbosity: u8,
    page: &mut Page<'_>,
) -> io::Result<()> {
    let all = asked || verbosity > 0;
    for host in report.hosts.values() {
        let known = !host.addresses.is_empty() || host.dns.is_some() || host.tls.is_some();
        if !known && !all {
            continue;
        }
        if !known && host.claims.is_empty() && !asked {
            continue;
        }
        page.row("Host", &title(host))?;
        if let Some(dns) = &host.dns {
            names(dns, page)?;
        }
        let limit = if verbosity > 0 { usize::MAX } else { SHOWN };
        for address in host.addresses.iter().take(limit) {
            page.row("  Address", &line(address))?;
        }
        if let Some(tls) = &host.tls {
            let leaf = tls.chain.first().and_then(|id| report.certificates.get(id));
            let words = leaf.map_or_else(|| "unreadable".to_owned(), certificate);
            let text = format!("{words}; {} at {}", shown(&tls.protocol), shown(&tls.peer));
            page.row("  Certificate", &text)?;
        }
        for registration in &host.registrations {
            page.row("  Registration", &registered(registration))?;
        }
        if all && !host.claims.is_empty() {
            jurisdiction::claims_of(report, &host.claims, verbosity, page)?;
        }
    }
    Ok(())
}

fn title(host: &Host) -> String {
    let mut text = shown(&host.name);
    if let Some(unicode) = &host.unicode {
        text.push_str(&format!(" ({})", shown(unicode)));
    }
    if let Some(domain) = &host.domain {
        let registered = domain.registrable.as_deref().unwrap_or("nothing");
        text.push_str(&format!(
            "; {} is registered under .{}",
            shown(registered),
            shown(&domain.suffix)
        ));
    }
    text
}

fn names(dns: &Dns, page: &mut Page<'_>) -> io::Result<()> {
    for (kind, label) in [
        ("CNAME", "  Alias of"),
        ("NS", "  Name servers"),
        ("CAA", "  CAA"),
    ] {
        let of_kind = dns.records.iter().filter(|r| r.kind == kind);
        let values: Vec<String> = of_kind.map(|r| shown(&r.value)).collect();
        if !values.is_empty() {
            let more = values.len().saturating_sub(SHOWN);
            let mut text = values
                .into_iter()
                .take(SHOWN)
                .collect::<Vec<_>>()
                .join(", ");
            if more > 0 {
                text.push_str(&format!(" and {more} more"));
            }
            page.row(label, &text)?;
        }
    }
    for failure in dns.failures.iter().take(SHOWN) {
        page.toned_row("  Not answered", (Tone::Look, "?"), &shown(failure))?;
    }
    Ok(())
}

/// `77.74.181.1 · registered to (RIR): CH · geolocated by X (2026-06): RU · operator: … (AS200107)`.
fn line(address: &Address) -> String {
    let mut parts = vec![shown(&address.ip)];
    if address.special {
        parts.push("of a special purpose".to_owned());
    }
    for answer in &address.answers {
        let country = match (&answer.country, &answer.unusable) {
            (Some(country), _) => shown(country),
            (None, Some(word)) => format!("unknown ({})", shown(word)),
            (None, None) => "unknown".to_owned(),
        };
        let month = answer.as_of.as_deref().and_then(|d| d.get(..7));
        let month = month.map_or_else(|| "undated".to_owned(), shown);
        match answer.kind.as_str() {
            "holder" => parts.push(format!("registered to (RIR): {country} ({month})")),
            "location" if address.anycast => {}
            "location" => parts.push(format!(
                "geolocated by {} ({month}): {country}",
                shown(&answer.source)
            )),
            _ => {
                if let (Some(asn), None) = (answer.asn, &address.operator) {
                    let name = answer.organization.as_deref().unwrap_or("without a name");
                    parts.push(format!("announced by: {} (AS{asn})", shown(name)));
                }
            }
        }
    }
    if address.anycast {
        parts.push("announced from many places, no location".to_owned());
    }
    if let Some(operator) = &address.operator {
        parts.push(format!(
            "operator: {} (AS{}), {}",
            shown(&operator.name),
            operator.asn,
            shown(&operator.country)
        ));
    }
    parts.join(" · ")
}

fn certificate(leaf: &Certificate) -> String {
    format!(
        "{}, issued by {}",
        shown(&leaf.subject),
        shown(&leaf.issuer)
    )
}

fn registered(registration: &Registration) -> String {
    let mut parts = vec![shown(&registration.kind)];
    for text in [
        &registration.name,
        &registration.range,
        &registration.country,
    ] {
        parts.extend(text.as_deref().map(shown));
    }
    for entity in &registration.entities {
        if let Some(name) = named(entity) {
            let roles: Vec<String> = entity.roles.iter().map(|r| shown(r)).collect();
            let country = entity
                .country
                .as_deref()
                .map_or_else(String::new, |c| format!(", {}", shown(c)));
            parts.push(format!("{}: {name}{country}", roles.join("/")));
        }
    }
    parts.join(" · ")
}

fn named(contact: &Contact) -> Option<String> {
    let said = ["registrant", "registrar", "holder"];
    if !contact.roles.iter().any(|r| said.contains(&r.as_str())) {
        return None;
    }
    let name = contact
        .organization
        .as_deref()
        .or(contact.name.as_deref())?;
    Some(shown(name))
}
