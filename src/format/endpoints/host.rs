//! Host names: RFC 1123 section 2.1 with the underscore that the field uses, address literals, A-labels and U-labels.
//!
//! Whether a name exists is not asked. The last label tells a host from a file name or the junk that follows a string in a
//! binary, so it is looked at most closely.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use unicode_normalization::UnicodeNormalization;

use super::punycode;
use crate::model::endpoint::{Host, Noise};

/// RFC 1035 section 2.3.4.
const MAX_NAME: usize = 253;
const MAX_LABEL: usize = 63;

/// Sorted: top-level domains of three letters and more that software names in practice. A name under another one counts where a scheme
/// stands before it.
const GENERIC: &[&str] = &[
    "academy",
    "aero",
    "agency",
    "app",
    "apple",
    "arpa",
    "art",
    "asia",
    "bank",
    "berlin",
    "biz",
    "blog",
    "bot",
    "build",
    "business",
    "camera",
    "capital",
    "care",
    "career",
    "careers",
    "cash",
    "casino",
    "cat",
    "center",
    "chat",
    "city",
    "claims",
    "cleaning",
    "click",
    "clinic",
    "cloud",
    "club",
    "coach",
    "codes",
    "coffee",
    "college",
    "com",
    "comcast",
    "commbank",
    "community",
    "company",
    "compare",
    "computer",
    "comsec",
    "consulting",
    "contact",
    "contractors",
    "cooking",
    "coop",
    "country",
    "coupons",
    "credit",
    "cruises",
    "dance",
    "data",
    "date",
    "dating",
    "deals",
    "delivery",
    "dental",
    "design",
    "dev",
    "digital",
    "direct",
    "directory",
    "discount",
    "doctor",
    "dog",
    "domains",
    "download",
    "earth",
    "edu",
    "education",
    "email",
    "energy",
    "engineering",
    "equipment",
    "estate",
    "events",
    "exchange",
    "expert",
    "express",
    "fail",
    "faith",
    "family",
    "fan",
    "fashion",
    "film",
    "finance",
    "fit",
    "fitness",
    "flights",
    "florist",
    "football",
    "forsale",
    "foundation",
    "fun",
    "fyi",
    "gallery",
    "game",
    "games",
    "garden",
    "gift",
    "gifts",
    "glass",
    "global",
    "gold",
    "golf",
    "goog",
    "google",
    "gov",
    "graphics",
    "green",
    "gripe",
    "group",
    "guide",
    "guru",
    "health",
    "healthcare",
    "help",
    "host",
    "hosting",
    "house",
    "icu",
    "immo",
    "immobilien",
    "industries",
    "info",
    "ink",
    "institute",
    "insure",
    "int",
    "international",
    "ist",
    "jobs",
    "land",
    "lease",
    "legal",
    "lgbt",
    "life",
    "limited",
    "link",
    "live",
    "loans",
    "lol",
    "london",
    "lotto",
    "love",
    "ltd",
    "ltda",
    "maison",
    "management",
    "market",
    "marketing",
    "media",
    "men",
    "microsoft",
    "mil",
    "mobi",
    "moe",
    "money",
    "monster",
    "mortgage",
    "moscow",
    "movie",
    "museum",
    "name",
    "net",
    "netbank",
    "netflix",
    "network",
    "new",
    "news",
    "ngo",
    "one",
    "ong",
    "online",
    "orange",
    "org",
    "organic",
    "page",
    "partners",
    "parts",
    "party",
    "photo",
    "photography",
    "photos",
    "pics",
    "pictures",
    "pink",
    "pizza",
    "place",
    "plumbing",
    "plus",
    "poker",
    "porn",
    "post",
    "press",
    "pro",
    "productions",
    "promo",
    "properties",
    "property",
    "pub",
    "recipes",
    "red",
    "rehab",
    "ren",
    "rent",
    "rentals",
    "repair",
    "report",
    "republican",
    "rest",
    "restaurant",
    "review",
    "reviews",
    "rip",
    "rocks",
    "rodeo",
    "run",
    "sale",
    "school",
    "science",
    "security",
    "services",
    "shop",
    "show",
    "singles",
    "site",
    "soccer",
    "social",
    "software",
    "solar",
    "solutions",
    "space",
    "store",
    "stream",
    "studio",
    "style",
    "sucks",
    "supplies",
    "supply",
    "support",
    "surf",
    "surgery",
    "systems",
    "tax",
    "taxi",
    "team",
    "tech",
    "technology",
    "tel",
    "tennis",
    "theater",
    "tienda",
    "tips",
    "tires",
    "today",
    "tokyo",
    "tools",
    "top",
    "tours",
    "town",
    "toys",
    "trade",
    "training",
    "travel",
    "tube",
    "university",
    "vacations",
    "ventures",
    "vet",
    "viajes",
    "video",
    "villas",
    "vip",
    "vision",
    "vote",
    "voyage",
    "wang",
    "watch",
    "website",
    "wed",
    "wedding",
    "wiki",
    "win",
    "wine",
    "work",
    "works",
    "world",
    "wtf",
    "xin",
    "xyz",
    "zone",
];

/// Sorted: country codes in use as top-level domains (ISO 3166-1 alpha-2, with `uk`, `eu`, `su` and `ac`).
const COUNTRIES: &[&str] = &[
    "ac", "ad", "ae", "af", "ag", "ai", "al", "am", "ao", "aq", "ar", "as", "at", "au", "aw", "ax",
    "az", "ba", "bb", "bd", "be", "bf", "bg", "bh", "bi", "bj", "bm", "bn", "bo", "br", "bs", "bt",
    "bw", "by", "bz", "ca", "cc", "cd", "cf", "cg", "ch", "ci", "ck", "cl", "cm", "cn", "co", "cr",
    "cu", "cv", "cw", "cx", "cy", "cz", "de", "dj", "dk", "dm", "do", "dz", "ec", "ee", "eg", "er",
    "es", "et", "eu", "fi", "fj", "fk", "fm", "fo", "fr", "ga", "gd", "ge", "gf", "gg", "gh", "gi",
    "gl", "gm", "gn", "gp", "gq", "gr", "gs", "gt", "gu", "gw", "gy", "hk", "hm", "hn", "hr", "ht",
    "hu", "id", "ie", "il", "im", "in", "io", "iq", "ir", "is", "it", "je", "jm", "jo", "jp", "ke",
    "kg", "kh", "ki", "km", "kn", "kp", "kr", "kw", "ky", "kz", "la", "lb", "lc", "li", "lk", "lr",
    "ls", "lt", "lu", "lv", "ly", "ma", "mc", "md", "me", "mg", "mh", "mk", "ml", "mm", "mn", "mo",
    "mp", "mq", "mr", "ms", "mt", "mu", "mv", "mw", "mx", "my", "mz", "na", "nc", "ne", "nf", "ng",
    "ni", "nl", "no", "np", "nr", "nu", "nz", "om", "pa", "pe", "pf", "pg", "ph", "pk", "pl", "pm",
    "pn", "pr", "ps", "pt", "pw", "py", "qa", "re", "ro", "rs", "ru", "rw", "sa", "sb", "sc", "sd",
    "se", "sg", "sh", "si", "sk", "sl", "sm", "sn", "so", "sr", "ss", "st", "su", "sv", "sx", "sy",
    "sz", "tc", "td", "tf", "tg", "th", "tj", "tk", "tl", "tm", "tn", "to", "tr", "tt", "tv", "tw",
    "tz", "ua", "ug", "uk", "us", "uy", "uz", "va", "vc", "ve", "vg", "vi", "vn", "vu", "wf", "ws",
    "ye", "yt", "za", "zm", "zw",
];

/// Country codes that are file name endings and words of source code, so that only a scheme or a setting makes them hosts.
const LIKE_FILES: &[&str] = &[
    "py", "sh", "md", "so", "rs", "pl", "ps", "cc", "in", "is", "do", "to", "la", "ai", "id", "as",
    "me", "no", "ms", "st", "vi", "tv", "td", "mm", "ml", "mo", "am", "va", "ac", "bz", "gz", "cs",
    "hm",
];

/// A host as text became it.
pub(super) struct Parsed {
    pub(super) host: Host,
    /// Bytes of the text that belong to it.
    pub(super) len: usize,
}

/// Reads a host after a scheme. What follows a complete name without belonging to it is cut, which `len` says.
pub(super) fn after_scheme(text: &str) -> Option<Parsed> {
    if let Some(inside) = text.strip_prefix('[') {
        let (literal, _) = inside.split_once(']')?;
        let ip: Ipv6Addr = literal.parse().ok()?;
        return Some(Parsed {
            host: Host::Ip(IpAddr::V6(ip)),
            len: literal.len().saturating_add(2),
        });
    }
    if is_template(text) {
        return template(text);
    }
    if let Ok(ip) = text.parse::<Ipv4Addr>() {
        return Some(Parsed {
            host: Host::Ip(IpAddr::V4(ip)),
            len: text.len(),
        });
    }
    let len = cut(text.trim_end_matches('.'));
    let kept = text.get(..len)?;
    let name = name(kept)?;
    if !is_place(&name) {
        return None;
    }
    Some(Parsed {
        host: Host::Name(name),
        len,
    })
}

/// A name with a domain, or the machine's own; `www` and one more label are words of a dictionary.
fn is_place(name: &str) -> bool {
    match name.split_once('.') {
        None => name == "localhost",
        Some(("www", rest)) => rest.contains('.'),
        Some(_) => true,
    }
}

/// Reads a host that stands alone: only lower-case names under a known top-level domain.
pub(super) fn alone(text: &str, setting: bool) -> Option<Host> {
    if text.len() > MAX_NAME || text.bytes().any(|b| b.is_ascii_uppercase() || b == b'_') {
        return None;
    }
    let top = text.rsplit('.').next()?;
    if !is_known(top) || (!setting && LIKE_FILES.contains(&top)) {
        return None;
    }
    name(text).map(Host::Name)
}

/// A name in lower-case ASCII, with U-labels written as A-labels.
fn name(text: &str) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    for label in text.split('.') {
        if !out.is_empty() {
            out.push('.');
        }
        if label.is_ascii() {
            if !is_label(label) {
                return None;
            }
            out.push_str(&label.to_ascii_lowercase());
        } else {
            let folded: String = label.nfc().flat_map(char::to_lowercase).collect();
            if !folded.chars().all(|c| c.is_alphanumeric() || c == '-') {
                return None;
            }
            out.push_str("xn--");
            out.push_str(&punycode::encode(&folded)?);
        }
    }
    let top = out.rsplit('.').next()?;
    let lettered = top.starts_with("xn--") || top.bytes().all(|b| b.is_ascii_alphabetic());
    (lettered && top.len() >= 2 && out.len() <= MAX_NAME).then_some(out)
}

fn is_label(label: &str) -> bool {
    !label.is_empty()
        && label.len() <= MAX_LABEL
        && !label.starts_with('-')
        && !label.ends_with('-')
        && label
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
}

/// Bytes of `text` that are a host: in a binary the next string may follow without a gap, and a length or type byte of DER
/// reads as a letter.
fn cut(text: &str) -> usize {
    let start = text.rfind('.').map_or(0, |at| at.saturating_add(1));
    let top = text.get(start..).unwrap_or_default();
    let whole = text.len();
    if start == 0 || top.starts_with("xn--") || is_known(&top.to_ascii_lowercase()) {
        return whole;
    }
    if !top.is_ascii()
        && top.chars().all(char::is_alphabetic)
        && !top.starts_with(|c: char| c.is_ascii())
    {
        return whole;
    }
    // The oldest domains, with the word that follows: no other domain starts like them that the list does not have.
    if let Some(old) = ["com", "org", "net"]
        .iter()
        .find(|old| top.starts_with(**old))
    {
        return start.saturating_add(old.len());
    }
    let lower = top.bytes().take_while(u8::is_ascii_lowercase).count();
    if lower >= 2 && lower < top.len() && top.get(..lower).is_some_and(is_known) {
        return start.saturating_add(lower);
    }
    whole
}

fn is_known(top: &str) -> bool {
    match top.len() {
        2 => COUNTRIES.binary_search(&top).is_ok(),
        _ => GENERIC.binary_search(&top).is_ok(),
    }
}

/// Some of `text` is filled in at run time.
pub(super) fn is_template(text: &str) -> bool {
    text.contains(['{', '$'])
        || text
            .split('%')
            .skip(1)
            .any(|rest| !starts_with_octet(rest.as_bytes()))
}

/// Two hexadecimal digits stand first, as after the `%` of an encoded octet (RFC 3986 section 2.1).
fn starts_with_octet(rest: &[u8]) -> bool {
    rest.first_chunk::<2>()
        .is_some_and(|pair| pair.iter().all(u8::is_ascii_hexdigit))
}

fn template(text: &str) -> Option<Parsed> {
    let count = |c: char| text.matches(c).count();
    let fits = text.len() <= MAX_NAME
        && count('{') == count('}')
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"-_.%{}$!@#:()".contains(&b));
    fits.then(|| Parsed {
        host: Host::Template(text.to_owned()),
        len: text.len(),
    })
}

/// The Unicode form of a name, where it differs.
pub fn unicode(name: &str) -> Option<String> {
    let mut differs = false;
    let labels: Vec<String> = name
        .split('.')
        .map(
            |label| match label.strip_prefix("xn--").and_then(punycode::decode) {
                Some(shown) => {
                    differs = true;
                    shown
                }
                None => label.to_owned(),
            },
        )
        .collect();
    differs.then(|| labels.join("."))
}

/// Whether a host is reserved, local or private, so that no public service answers there.
pub(super) fn reserved(host: &Host) -> Option<Noise> {
    match host {
        Host::Template(_) => None,
        Host::Ip(IpAddr::V4(ip)) => {
            if ip.is_documentation() {
                Some(Noise::Example)
            } else if ip.is_loopback()
                || ip.is_private()
                || ip.is_link_local()
                || ip.is_unspecified()
            {
                Some(Noise::Local)
            } else {
                None
            }
        }
        Host::Ip(IpAddr::V6(ip)) => {
            let first = ip.segments().first().copied().unwrap_or_default();
            // RFC 3849; RFC 4193 and RFC 4291 section 2.5.6.
            if ip.segments().starts_with(&[0x2001, 0xdb8]) {
                Some(Noise::Example)
            } else if ip.is_loopback()
                || ip.is_unspecified()
                || first & 0xfe00 == 0xfc00
                || first & 0xffc0 == 0xfe80
            {
                Some(Noise::Local)
            } else {
                None
            }
        }
        Host::Name(name) => reserved_name(name),
    }
}

fn reserved_name(name: &str) -> Option<Noise> {
    let mut labels = name.rsplit('.');
    let top = labels.next().unwrap_or_default();
    let second = labels.next().unwrap_or_default();
    match top {
        "example" | "test" | "invalid" => Some(Noise::Example),
        "localhost" | "local" | "internal" | "lan" | "localdomain" => Some(Noise::Local),
        "com" | "net" | "org" if second == "example" => Some(Noise::Example),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{COUNTRIES, GENERIC, after_scheme, alone, is_template, reserved, unicode};
    use crate::model::endpoint::{Host, Noise};

    fn read(text: &str) -> Option<(String, usize)> {
        after_scheme(text).map(|p| (p.host.to_string(), p.len))
    }

    #[test]
    fn what_follows_a_name_is_cut_and_what_is_no_name_refused() {
        for (text, host) in [
            ("Update.Vendor.com", "update.vendor.com"),
            ("ocsp.vendor.com0C", "ocsp.vendor.com"),
            ("vendor.ruH", "vendor.ru"),
            ("vendor.orgfailed", "vendor.org"),
            ("vendor.community", "vendor.community"),
            ("www.years", ""),
            ("${name.includes", ""),
            ("vendor.com.", "vendor.com"),
            ("10.0.0.1", "10.0.0.1"),
            ("[2001:db8::1]", "2001:db8::1"),
            ("localhost", "localhost"),
            ("пример.рф", "xn--e1afmkfd.xn--p1ai"),
            ("a.corp-intern", ""),
            ("server", ""),
            ("-a.com", ""),
            ("a..com", ""),
            ("1.2.3.4.5", ""),
            ("[::1", ""),
            ("", ""),
        ] {
            assert_eq!(read(text).map(|r| r.0).unwrap_or_default(), host, "{text}");
        }
        assert_eq!(read("ocsp.vendor.com0C").unwrap().1, 15);
    }

    #[test]
    fn the_lists_are_sorted_for_the_search() {
        assert!(GENERIC.is_sorted() && COUNTRIES.is_sorted());
    }

    #[test]
    fn a_template_stays_one_and_an_encoded_octet_is_none() {
        assert!(matches!(
            after_scheme("%s").unwrap().host,
            Host::Template(_)
        ));
        assert!(matches!(
            after_scheme("s{0}.upd.vendor.com").unwrap().host,
            Host::Template(_)
        ));
        assert!(is_template("/a/%1$s"));
        assert!(!is_template("/a%20b"));
    }

    #[test]
    fn alone_a_file_name_is_no_host_unless_a_setting_says_so() {
        assert!(alone("update.vendor.com", false).is_some());
        for file in [
            "update.vendor.py",
            "lib.update.so",
            "Update.vendor.com",
            "a_b.vendor.com",
        ] {
            assert!(alone(file, false).is_none(), "{file}");
        }
        assert!(alone("update.vendor.rs", true).is_some());
    }

    #[test]
    fn reserved_hosts_are_told_apart() {
        let of = |text: &str| reserved(&after_scheme(text).unwrap().host);
        assert_eq!(of("www.example.com"), Some(Noise::Example));
        assert_eq!(of("192.0.2.7"), Some(Noise::Example));
        assert_eq!(of("127.0.0.1"), Some(Noise::Local));
        assert_eq!(of("[fe80::1]"), Some(Noise::Local));
        assert_eq!(of("myexample.com"), None);
        assert_eq!(of("77.74.181.1"), None);
    }

    #[test]
    fn an_a_label_is_shown_as_what_it_stands_for() {
        assert_eq!(
            unicode("xn--e1afmkfd.xn--p1ai").as_deref(),
            Some("пример.рф")
        );
        assert_eq!(unicode("vendor.com"), None);
    }
}
