//! Registration data answers (RFC 9083), as far as they say who answers for a name or a network, and where to ask (RFC 9224).
//!
//! The text is a server's: every list has a limit, and what is not as the specification gives it is left out, not guessed.

use serde_json::Value;

use crate::model::infrastructure::{Contact, Registration, RegistrationKind};

/// Largest answer read; real ones have under 100 kB.
pub const MAX_ANSWER: u64 = 1 << 20;
/// Largest bootstrap file; that of domains has about 60 kB.
pub const MAX_BOOTSTRAP: u64 = 1 << 20;
/// Contacts kept, with those inside them.
const MAX_CONTACTS: usize = 32;
/// Words and events kept of each kind.
const MAX_ITEMS: usize = 16;
/// Characters kept of one text.
const MAX_TEXT: usize = 300;

/// Why an answer says nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Not JSON.
    #[error("no JSON: {0}")]
    Json(String),
    /// JSON of another kind.
    #[error("objectClassName is {0}, not {1}")]
    Class(String, &'static str),
    /// An error object of the server (RFC 9083 section 6).
    #[error("the server answers {0}")]
    Server(String),
}

/// Reads an answer about an object of `kind`.
///
/// # Errors
/// Not such an answer.
pub fn read(kind: RegistrationKind, url: &str, bytes: &[u8]) -> Result<Registration, Error> {
    let value: Value = serde_json::from_slice(bytes).map_err(|e| Error::Json(e.to_string()))?;
    let wanted = match kind {
        RegistrationKind::Domain => "domain",
        RegistrationKind::Network => "ip network",
        RegistrationKind::AutonomousSystem => "autnum",
    };
    match text(&value, "objectClassName") {
        Some(class) if class == wanted => {}
        Some(class) => return Err(Error::Class(class, wanted)),
        None if value.get("errorCode").is_some() => {
            let code = value.get("errorCode").and_then(Value::as_u64);
            return Err(Error::Server(code.unwrap_or_default().to_string()));
        }
        None => return Err(Error::Class("missing".into(), wanted)),
    }
    let range = match (text(&value, "startAddress"), text(&value, "endAddress")) {
        (Some(first), Some(last)) => Some(format!("{first}-{last}")),
        _ => None,
    };
    let mut entities = Vec::new();
    contacts(&value, 1, &mut entities);
    Ok(Registration {
        kind,
        url: url.to_owned(),
        at: None,
        handle: text(&value, "handle"),
        name: text(&value, "ldhName").or_else(|| text(&value, "name")),
        range,
        country: text(&value, "country"),
        status: words(&value, "status"),
        entities,
        events: events(&value),
        port43: text(&value, "port43"),
    })
}

/// Contacts, and one level of those inside them: a registrar's abuse desk is of interest, its desk's desk is not.
fn contacts(object: &Value, levels: u8, out: &mut Vec<Contact>) {
    for entity in items(object, "entities") {
        if out.len() >= MAX_CONTACTS {
            return;
        }
        let card = card(entity);
        out.push(Contact {
            handle: text(entity, "handle"),
            roles: words(entity, "roles"),
            name: card.name,
            organization: card.organization,
            country: card.country,
            iana_id: items(entity, "publicIds")
                .find(|id| text(id, "type").is_some_and(|t| t.contains("IANA")))
                .and_then(|id| text(id, "identifier")),
        });
        if levels > 0 {
            contacts(entity, levels.saturating_sub(1), out);
        }
    }
}

#[derive(Default)]
struct Card {
    name: Option<String>,
    organization: Option<String>,
    country: Option<String>,
}

/// jCard (RFC 7095): `["vcard", [[name, parameters, type, value], …]]`.
fn card(entity: &Value) -> Card {
    let mut card = Card::default();
    let properties = entity.pointer("/vcardArray/1").and_then(Value::as_array);
    for property in properties
        .into_iter()
        .flatten()
        .take(MAX_ITEMS.saturating_mul(4))
    {
        let field = |i: usize| property.get(i);
        let name = field(0).and_then(Value::as_str).unwrap_or_default();
        let value = field(3);
        match name {
            "fn" => card.name = value.and_then(Value::as_str).and_then(short),
            "org" => {
                // A name, or a name with its units.
                let first = value.and_then(|v| v.as_str().or_else(|| v.get(0)?.as_str()));
                card.organization = first.and_then(short);
            }
            "adr" => {
                // RFC 8605 section 3.1 gives the code; before it, the last component is a name.
                let code = field(1).and_then(|p| p.get("cc")).and_then(Value::as_str);
                let last = value.and_then(|v| v.get(6)).and_then(Value::as_str);
                let country = code.filter(|c| !c.is_empty()).or(last);
                card.country = country.and_then(short);
            }
            _ => {}
        }
    }
    card
}

fn events(object: &Value) -> Vec<(String, String)> {
    items(object, "events")
        .filter_map(|e| Some((text(e, "eventAction")?, text(e, "eventDate")?)))
        .collect()
}

fn items<'v>(object: &'v Value, key: &str) -> impl Iterator<Item = &'v Value> + use<'v> {
    let list = object.get(key).and_then(Value::as_array);
    list.into_iter().flatten().take(MAX_ITEMS)
}

fn words(object: &Value, key: &str) -> Vec<String> {
    items(object, key)
        .filter_map(|w| w.as_str().and_then(short))
        .collect()
}

fn text(object: &Value, key: &str) -> Option<String> {
    object.get(key)?.as_str().and_then(short)
}

fn short(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.chars().take(MAX_TEXT).collect())
}

/// The server of a bootstrap file that answers for a key: a top-level domain, or an address.
///
/// # Errors
/// Not a bootstrap file.
pub fn server(bootstrap: &[u8], key: &str) -> Result<Option<String>, Error> {
    let value: Value = serde_json::from_slice(bootstrap).map_err(|e| Error::Json(e.to_string()))?;
    let Some(services) = value.get("services").and_then(Value::as_array) else {
        return Err(Error::Class("missing".into(), "bootstrap services"));
    };
    let address: Option<std::net::IpAddr> = key.parse().ok();
    let mut best: Option<(u32, &Value)> = None;
    for service in services {
        let keys = service.get(0).and_then(Value::as_array);
        for entry in keys.into_iter().flatten().filter_map(Value::as_str) {
            let length = match address {
                Some(ip) => prefix_length(entry, ip),
                None => entry.eq_ignore_ascii_case(key).then_some(0),
            };
            // RFC 9224 section 5.1: the longest match.
            if let Some(length) = length.filter(|l| best.is_none_or(|(known, _)| *l > known)) {
                best = Some((length, service));
            }
        }
    }
    let urls = best.and_then(|(_, s)| s.get(1)).and_then(Value::as_array);
    let urls: Vec<&str> = urls
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    // Section 4: https is to be preferred; nothing else is asked here.
    Ok(urls
        .into_iter()
        .find(|u| u.starts_with("https://"))
        .map(str::to_owned))
}

fn prefix_length(prefix: &str, ip: std::net::IpAddr) -> Option<u32> {
    let (base, length) = prefix.split_once('/')?;
    let length: u32 = length.parse().ok()?;
    let (base, wanted, width): (u128, u128, u32) = match (base.parse().ok()?, ip) {
        (std::net::IpAddr::V4(a), std::net::IpAddr::V4(b)) => {
            (u32::from(a).into(), u32::from(b).into(), 32)
        }
        (std::net::IpAddr::V6(a), std::net::IpAddr::V6(b)) => (u128::from(a), u128::from(b), 128),
        _ => return None,
    };
    let rest = width.checked_sub(length)?;
    let shift = |n: u128| n.checked_shr(rest).unwrap_or(0);
    (shift(base) == shift(wanted)).then_some(length)
}

#[cfg(test)]
mod tests {
    use super::{Error, read, server};
    use crate::model::infrastructure::RegistrationKind;

    const NETWORK: &str = r#"{"objectClassName":"ip network","handle":"77.74.176.0 - 77.74.183.255",
"startAddress":"77.74.176.0","endAddress":"77.74.183.255","name":"KL-NET","country":"CH","status":["active"],
"events":[{"eventAction":"registration","eventDate":"2007-01-25T00:00:00Z"}],"port43":"whois.example",
"entities":[{"handle":"ORG-1","roles":["registrant"],"vcardArray":["vcard",[["version",{},"text","4.0"],
["fn",{},"text","Example GmbH"],["org",{},"text",["Example GmbH","Networks"]],
["adr",{"cc":"CH"},"text",["","","","Zurich","","8000","Switzerland"]]]],
"entities":[{"roles":["abuse"],"vcardArray":["vcard",[["fn",{},"text","Abuse desk"]]],
"entities":[{"roles":["technical"]}]}],"publicIds":[{"type":"IANA Registrar ID","identifier":"292"}]}]}"#;

    #[test]
    fn who_answers_for_a_network_is_read() {
        let found = read(
            RegistrationKind::Network,
            "https://rdap.example/ip/77.74.181.1",
            NETWORK.as_bytes(),
        );
        let found = found.unwrap();
        assert_eq!(found.country.as_deref(), Some("CH"));
        assert_eq!(found.range.as_deref(), Some("77.74.176.0-77.74.183.255"));
        assert_eq!(
            found.entities.len(),
            2,
            "one level of contacts inside contacts"
        );
        let first = &found.entities[0];
        assert_eq!(first.organization.as_deref(), Some("Example GmbH"));
        assert_eq!(first.country.as_deref(), Some("CH"));
        assert_eq!(first.iana_id.as_deref(), Some("292"));
        assert_eq!(
            found.events,
            [("registration".into(), "2007-01-25T00:00:00Z".into())]
        );
    }

    #[test]
    fn an_answer_of_another_kind_is_refused() {
        let url = "https://rdap.example/";
        assert!(matches!(
            read(RegistrationKind::Domain, url, NETWORK.as_bytes()),
            Err(Error::Class(..))
        ));
        assert!(matches!(
            read(RegistrationKind::Domain, url, br#"{"errorCode":404}"#),
            Err(Error::Server(code)) if code == "404"
        ));
        assert!(matches!(
            read(RegistrationKind::Domain, url, b"<html>"),
            Err(Error::Json(_))
        ));
    }

    #[test]
    fn lists_without_end_are_cut_and_nesting_is_refused() {
        let one = r#"{"roles":["x"]}"#;
        let many = vec![one; 5000].join(",");
        let json = format!(r#"{{"objectClassName":"domain","entities":[{many}]}}"#);
        let found = read(RegistrationKind::Domain, "u", json.as_bytes()).unwrap();
        assert_eq!(found.entities.len(), 16);
        let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
        assert!(read(RegistrationKind::Domain, "u", deep.as_bytes()).is_err());
    }

    #[test]
    fn no_mutation_of_an_answer_panics() {
        for at in 0..NETWORK.len() {
            for byte in [0u8, b'"', b'[', b'{', 0xff] {
                let mut bytes = NETWORK.as_bytes().to_vec();
                bytes[at] = byte;
                let _ = read(RegistrationKind::Network, "u", &bytes);
                let _ = server(&bytes, "com");
            }
            let _ = read(RegistrationKind::Network, "u", &NETWORK.as_bytes()[..at]);
        }
    }

    #[test]
    fn the_longest_prefix_and_an_https_server_are_taken() {
        let file = br#"{"services":[[["77.0.0.0/8"],["https://wide.example/"]],
[["77.74.0.0/16"],["http://plain.example/","https://narrow.example/"]],[["com","net"],["https://com.example/"]],
[["ru"],["http://only-plain.example/"]],[["2001::/16"],["https://six.example/"]]]}"#;
        for (key, answer) in [
            ("77.74.181.1", Some("https://narrow.example/")),
            ("77.1.1.1", Some("https://wide.example/")),
            ("2001:67c::1", Some("https://six.example/")),
            ("COM", Some("https://com.example/")),
            ("ru", None),
            ("8.8.8.8", None),
        ] {
            assert_eq!(server(file, key).unwrap().as_deref(), answer, "{key}");
        }
        assert!(server(b"[]", "com").is_err());
    }
}
