//! Where a URL starts and ends in a run of characters, by RFC 3986, and what of it only stands beside it.

use super::host::{self, is_template};
use crate::model::endpoint::Host;

/// Longest address kept; longer ones carry data, not a place.
pub(super) const MAX_URL: usize = 2048;
/// Longest authority: a name of 253, a port, and a user's name.
const MAX_AUTHORITY: usize = 400;
/// Bytes before the colon that are looked at: the longest scheme, and tag and length of a DER string.
pub(super) const MAX_LEAD: usize = 12;

/// Schemes that name a host to talk to, longest first where one ends in another, with their own port (RFC 7595 registry).
const SCHEMES: &[(&str, u16)] = &[
    ("https", 443),
    ("http", 80),
    ("sftp", 22),
    ("ftps", 990),
    ("ftp", 21),
    ("wss", 443),
    ("ws", 80),
    ("mqtts", 8883),
    ("mqtt", 1883),
    ("amqps", 5671),
    ("amqp", 5672),
    ("rsync", 873),
    ("ldaps", 636),
    ("ldap", 389),
];

/// A URL in a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found {
    /// Index of its first character in the run.
    pub(super) start: usize,
    /// Index after its last one.
    pub(super) end: usize,
    pub(super) scheme: &'static str,
    pub(super) host: Host,
    pub(super) port: Option<u16>,
    pub(super) userinfo: bool,
    pub(super) text: String,
    pub(super) key: String,
    /// What follows the authority.
    pub(super) path: String,
    /// Tag of the DER string that it stands in.
    pub(super) der: Option<u8>,
}

/// The URL whose `://` starts at `colon`.
pub(super) fn around(run: &[u8], colon: usize) -> Option<Found> {
    let lead = run.get(..colon)?;
    let (scheme, own_port) = scheme_before(lead)?;
    let start = colon.checked_sub(scheme.len())?;
    let body = colon.checked_add(3)?;
    let der = der_string(run, start);
    let end = match der {
        Some((_, end)) => end,
        None => next_url(run, body, extent(run, start, body)),
    };
    let raw = std::str::from_utf8(run.get(body..end)?).ok()?;
    let raw = if der.is_some() { raw } else { trimmed(raw) };
    // A template in the host may hold characters that end an authority elsewhere.
    let authority_len = raw.find(['/', '?', '#']).unwrap_or(raw.len());
    let (authority, rest) = raw.split_at_checked(authority_len)?;
    if authority.is_empty() || authority.len() > MAX_AUTHORITY {
        return None;
    }
    let (userinfo, place) = match authority.rsplit_once('@') {
        Some((user, place)) if !user.is_empty() => (true, place),
        _ => (false, authority),
    };
    let (name, port) = split_port(place)?;
    let parsed = host::after_scheme(name)?;
    let whole = parsed.len == name.len() || name.trim_end_matches('.').len() == parsed.len;
    let before_host = authority.len().checked_sub(place.len())?;
    let (path, used) = if whole {
        (rest, raw.len())
    } else {
        // The host was cut, so what follows belongs to something else.
        ("", before_host.checked_add(parsed.len)?)
    };
    let port = if whole { port } else { None };
    let end = body.checked_add(used)?;
    let text = String::from_utf8_lossy(run.get(start..end)?).into_owned();
    let path = path.replace("&amp;", "&");
    let key = key(scheme, &parsed.host, port.filter(|p| *p != own_port), &path);
    Some(Found {
        start,
        end,
        scheme,
        host: parsed.host,
        port,
        userinfo,
        text,
        key,
        path,
        der: der.map(|(tag, _)| tag),
    })
}

fn key(scheme: &str, host: &Host, port: Option<u16>, path: &str) -> String {
    let port = port.map_or_else(String::new, |p| format!(":{p}"));
    let host = match host {
        Host::Ip(std::net::IpAddr::V6(ip)) => format!("[{ip}]"),
        other => other.to_string(),
    };
    let path = if path.is_empty() { "/" } else { path };
    format!("{scheme}://{host}{port}{path}")
}

/// Where the characters that a URL may have end.
fn extent(run: &[u8], start: usize, body: usize) -> usize {
    let limit = start.saturating_add(MAX_URL).min(run.len());
    let mut in_authority = true;
    let mut end = body;
    let window = run.get(body..limit).unwrap_or_default();
    let mut braces = 0usize;
    for (i, byte) in window.iter().enumerate() {
        match byte {
            b'/' | b'?' | b'#' => in_authority = false,
            b'{' => braces = braces.saturating_add(1),
            b'}' => match braces.checked_sub(1) {
                Some(fewer) => braces = fewer,
                None => break,
            },
            b if b.is_ascii_alphanumeric() || b"-._~:[]@!$&()*+,;=%".contains(b) => {}
            // U-labels; what is no letter is refused with the host.
            0x80.. if in_authority => {}
            _ => break,
        }
        end = body.saturating_add(i).saturating_add(1);
    }
    // Bytes above ASCII are a name's only as far as they are UTF-8.
    match std::str::from_utf8(run.get(body..end).unwrap_or_default()) {
        Ok(_) => end,
        Err(error) => body.saturating_add(error.valid_up_to()),
    }
}

/// Where the next URL starts inside `body..end`, if its scheme follows without a separator that may stand inside a URL.
fn next_url(run: &[u8], body: usize, end: usize) -> usize {
    let window = run.get(body..end).unwrap_or_default();
    let Some(at) = memchr::memmem::find(window, b"://") else {
        return end;
    };
    let lead = window.get(..at).unwrap_or_default();
    let Some((scheme, _)) = scheme_before(lead) else {
        return end;
    };
    let next = at.saturating_sub(scheme.len());
    let before = next.checked_sub(1).and_then(|i| window.get(i));
    match before {
        Some(b'/' | b'=' | b'?' | b'#' | b':' | b'&' | b'@') => end,
        _ => body.saturating_add(next),
    }
}

/// The DER string that holds the URL, by the tag and length before it: it tells where the URL ends, which its characters do not.
/// Tags: uniformResourceIdentifier of GeneralName, IA5String, UTF8String, PrintableString, and the two of SpcLink.
fn der_string(run: &[u8], start: usize) -> Option<(u8, usize)> {
    const TAGS: [u8; 5] = [0x86, 0x16, 0x0c, 0x13, 0x80];
    let length = *start.checked_sub(1).and_then(|i| run.get(i))?;
    let before = *start.checked_sub(2).and_then(|i| run.get(i))?;
    let tag = if before == 0x81 && length >= 0x80 {
        *start.checked_sub(3).and_then(|i| run.get(i))?
    } else if length < 0x80 {
        before
    } else {
        return None;
    };
    let end = start.checked_add(usize::from(length))?;
    let inside = run.get(start..end)?;
    let is_text = inside.iter().all(|b| (b' '..=b'~').contains(b));
    // Signers type spaces, too.
    let used = inside
        .iter()
        .position(|b| *b == b' ')
        .unwrap_or(inside.len());
    (TAGS.contains(&tag) && is_text && used > 10).then_some((tag, start.saturating_add(used)))
}

/// Without the punctuation of the sentence or the code that a URL stands in.
fn trimmed(raw: &str) -> &str {
    let mut text = raw;
    loop {
        let open = |close: char| match close {
            ')' => Some('('),
            ']' => Some('['),
            '}' => Some('{'),
            _ => None,
        };
        let Some(last) = text.chars().next_back() else {
            return text;
        };
        let loose = match last {
            '.' | ',' | ';' | ':' | '!' | '*' | '(' | '[' | '{' | '$' | '&' | '='
                if !text.ends_with("}}") =>
            {
                // `?version=` and `&id=` are how a client's query starts.
                last != '=' || !text.contains('?')
            }
            _ => open(last).is_some_and(|o| text.matches(o).count() < text.matches(last).count()),
        };
        if !loose {
            return text;
        }
        text = text.strip_suffix(last).unwrap_or_default();
    }
}

/// Name and port; `None` where what follows the colon is neither a port nor filled in at run time.
fn split_port(place: &str) -> Option<(&str, Option<u16>)> {
    let after = place.rfind(']').unwrap_or(0);
    let Some(colon) = place
        .get(after..)?
        .rfind(':')
        .map(|i| i.saturating_add(after))
    else {
        return Some((place, None));
    };
    let (name, port) = place.split_at_checked(colon)?;
    let digits = port.get(1..)?;
    if is_template(digits) || digits.is_empty() {
        return Some((name, None));
    }
    match digits.parse::<u16>() {
        Ok(port) if port != 0 => Some((name, Some(port))),
        _ => None,
    }
}

/// The scheme that `lead` ends in. Only the two of the web may follow a letter: in a binary the string before ends without a gap.
fn scheme_before(lead: &[u8]) -> Option<(&'static str, u16)> {
    let (scheme, port) = SCHEMES
        .iter()
        .find(|(name, _)| ends_with_ignoring_case(lead, name.as_bytes()))?;
    let before = lead.len().checked_sub(scheme.len())?.checked_sub(1);
    let joined = before
        .and_then(|i| lead.get(i))
        .is_some_and(u8::is_ascii_alphanumeric);
    (!joined || scheme.starts_with("http")).then_some((*scheme, *port))
}

fn ends_with_ignoring_case(text: &[u8], suffix: &[u8]) -> bool {
    text.len()
        .checked_sub(suffix.len())
        .and_then(|at| text.get(at..))
        .is_some_and(|end| end.eq_ignore_ascii_case(suffix))
}

#[cfg(test)]
mod tests {
    use super::{Found, around};

    fn find(text: &[u8]) -> Option<Found> {
        around(text, memchr::memmem::find(text, b"://")?)
    }

    fn text(bytes: &[u8]) -> String {
        find(bytes).map(|f| f.text).unwrap_or_default()
    }

    #[test]
    fn a_url_ends_where_what_it_stands_in_goes_on() {
        for (around, url) in [
            (
                "see (https://vendor.com/a_(b)).",
                "https://vendor.com/a_(b)",
            ),
            ("\"https://vendor.com/a\",", "https://vendor.com/a"),
            ("<a>https://vendor.com</a>", "https://vendor.com"),
            ("XHTTPS://Vendor.com:8443/x\0y", "HTTPS://Vendor.com:8443/x"),
            (
                "https://vendor.com/ahttps://other.com",
                "https://vendor.com/a",
            ),
            (
                "https://r.com/?u=https://other.com",
                "https://r.com/?u=https://other.com",
            ),
            (
                "https://vendor.com/up?version=",
                "https://vendor.com/up?version=",
            ),
            ("https://vendor.comC", "https://vendor.com"),
            (
                "https://v.com/{{target}}/{{arch}}",
                "https://v.com/{{target}}/{{arch}}",
            ),
            ("`https://${host}/v1`", "https://${host}/v1"),
            ("https://u:p@vendor.com/", "https://u:p@vendor.com/"),
            ("file:///etc/passwd", ""),
            ("http://", ""),
            ("http:///x", ""),
            ("https://[^/]+", ""),
            ("https://vendor.com:99999/", ""),
            ("http://server/share", ""),
        ] {
            assert_eq!(text(around.as_bytes()), url, "{around}");
        }
    }

    #[test]
    fn the_length_before_a_der_string_ends_it() {
        let mut der = vec![0x86, 22];
        der.extend_from_slice(b"http://crl.v.com/a.crl0C0\x81");
        let found = find(&der).unwrap();
        assert_eq!(
            (found.text.as_str(), found.der),
            ("http://crl.v.com/a.crl", Some(0x86))
        );
    }

    #[test]
    fn a_space_that_a_signer_typed_is_no_part_of_the_url() {
        let found = find(b"\x80\x20https://www.vendor.com/json/a/b 0\r\x06").unwrap();
        assert_eq!(
            (found.text.as_str(), found.der),
            ("https://www.vendor.com/json/a/b", Some(0x80))
        );
    }

    #[test]
    fn one_place_has_one_key() {
        let key = |t: &str| find(t.as_bytes()).unwrap().key;
        assert_eq!(key("HTTP://Vendor.COM:80"), key("http://vendor.com/"));
        assert_eq!(
            key("http://v.com/?a=1&amp;b=2"),
            key("http://v.com/?a=1&b=2")
        );
        assert_ne!(key("http://v.com/A"), key("http://v.com/a"));
        assert_ne!(key("http://v.com/"), key("https://v.com/"));
        assert!(find(b"https://good.com@evil.com/").unwrap().userinfo);
    }
}
