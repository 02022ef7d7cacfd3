//! Addresses inside a channel: enough of RFC 3986 to follow what a document names, on http, https and copies on disk.
//!
//! A place below the root of a copy on disk is `file:///…`; nothing above its root can be named.

/// Longest address made.
const MAX_ADDRESS: usize = 8192;

/// Schemes that are followed.
const SCHEMES: [&str; 3] = ["https", "http", "file"];

/// Scheme, authority and the rest of an address that is followed.
pub fn parts(address: &str) -> Option<(&'static str, &str, &str)> {
    let (scheme, rest) = address.split_once("://")?;
    let scheme = SCHEMES
        .into_iter()
        .find(|known| known.eq_ignore_ascii_case(scheme))?;
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at_checked(end)?;
    if (scheme == "file") != authority.is_empty() || address.len() > MAX_ADDRESS {
        return None;
    }
    Some((scheme, authority, path))
}

/// The host of an address, without user and port, in lower case; none of a copy on disk.
pub fn host(address: &str) -> Option<String> {
    let (_, authority, _) = parts(address)?;
    let place = authority.rsplit_once('@').map_or(authority, |(_, p)| p);
    let host = match place.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|b| b.is_ascii_digit()) => host,
        _ => place,
    };
    let host = host.trim_end_matches('.').to_ascii_lowercase();
    (!host.is_empty()).then_some(host)
}

/// The last part of an address, for people.
pub fn file_name(address: &str) -> &str {
    let path = address.split(['?', '#']).next().unwrap_or_default();
    path.trim_end_matches('/')
        .rsplit('/')
        .next()
        .unwrap_or_default()
}

/// `path` below `root`, which ends in a slash. A path that climbs, names a host or asks a question is refused: a document must
/// not lead a client out of its repository.
pub fn below(root: &str, path: &str) -> Option<String> {
    let path = path.strip_prefix("./").unwrap_or(path);
    let climbs = path.starts_with('/')
        || path.split('/').any(|part| part == "..")
        || path.contains(['?', '#', '\\'])
        || path.chars().any(char::is_control);
    let joined = format!("{root}{path}");
    (!climbs && !path.is_empty() && root.ends_with('/') && joined.len() <= MAX_ADDRESS)
        .then_some(joined)
}

/// What `reference` names in a document that stands at `base` (RFC 3986 section 5.2); only schemes that are followed.
pub fn resolve(base: &str, reference: &str) -> Option<String> {
    let reference = reference.trim();
    if reference.is_empty() || reference.chars().any(char::is_control) {
        return None;
    }
    if reference.contains("://") && !reference.starts_with(['/', '?', '#', '.']) {
        let (scheme, authority, path) = parts(reference)?;
        return Some(format!("{scheme}://{authority}{path}"));
    }
    let (scheme, authority, base_path) = parts(base)?;
    if let Some(rest) = reference.strip_prefix("//") {
        return parts(&format!("{scheme}://{rest}")).map(|(s, a, p)| format!("{s}://{a}{p}"));
    }
    let first = reference.split(['/', '?', '#']).next().unwrap_or_default();
    // `data:` and `javascript:` name no place; a name with a colon in its first part is one of these.
    if first.contains(':') {
        return None;
    }
    let base_path = base_path.split(['?', '#']).next().unwrap_or_default();
    let (path, tail) = match reference.find(['?', '#']) {
        Some(at) => reference.split_at_checked(at)?,
        None => (reference, ""),
    };
    let whole = if path.starts_with('/') {
        path.to_owned()
    } else if path.is_empty() {
        base_path.to_owned()
    } else {
        let folder = base_path.rfind('/').and_then(|at| base_path.get(..=at));
        format!("{}{path}", folder.unwrap_or("/"))
    };
    let address = format!("{scheme}://{authority}{}{tail}", without_dots(&whole));
    (address.len() <= MAX_ADDRESS).then_some(address)
}

/// RFC 3986 section 5.2.4.
fn without_dots(path: &str) -> String {
    let mut kept: Vec<&str> = Vec::new();
    let mut parts = path.split('/').skip(1).peekable();
    while let Some(part) = parts.next() {
        let last = parts.peek().is_none();
        match part {
            "." | ".." => {
                if part == ".." {
                    kept.pop();
                }
                if last {
                    kept.push("");
                }
            }
            other => kept.push(other),
        }
    }
    format!("/{}", kept.join("/"))
}

#[cfg(test)]
mod tests {
    use super::{below, file_name, host, parts, resolve};

    #[test]
    fn references_resolve_as_the_specification_has_it() {
        let base = "https://h.example/a/b/feed.xml?x=1";
        for (reference, expected) in [
            ("c.zip", Some("https://h.example/a/b/c.zip")),
            ("./c.zip", Some("https://h.example/a/b/c.zip")),
            ("../c.zip?y#z", Some("https://h.example/a/c.zip?y#z")),
            ("../../../../c", Some("https://h.example/c")),
            ("/c", Some("https://h.example/c")),
            ("?q", Some("https://h.example/a/b/feed.xml?q")),
            ("//o.example/c", Some("https://o.example/c")),
            ("HTTP://o.example/c", Some("http://o.example/c")),
            ("https://o.example", Some("https://o.example")),
            ("..", Some("https://h.example/a/")),
            ("javascript:alert(1)", None),
            ("ftp://o.example/c", None),
            ("", None),
            ("a\nb", None),
        ] {
            assert_eq!(resolve(base, reference).as_deref(), expected, "{reference}");
        }
        assert_eq!(
            resolve("file:///a/b", "../../../c").as_deref(),
            Some("file:///c")
        );
        assert_eq!(resolve("file:///a/b", "file://host/c"), None);
    }

    #[test]
    fn a_path_stays_below_its_root() {
        let root = "http://h.example/debian/";
        assert_eq!(
            below(root, "./pool/a_1%3a2.deb").as_deref(),
            Some("http://h.example/debian/pool/a_1%3a2.deb")
        );
        for wrong in [
            "../x",
            "a/../../x",
            "/x",
            "a?b",
            "a#b",
            "a\\..\\b",
            "",
            "a\0",
        ] {
            assert_eq!(below(root, wrong), None, "{wrong}");
        }
    }

    #[test]
    fn an_address_has_a_host_and_a_last_part() {
        assert_eq!(
            host("https://u:p@H.Example:8443/x").as_deref(),
            Some("h.example")
        );
        assert_eq!(
            host("http://[2001:db8::1]:80/").as_deref(),
            Some("[2001:db8::1]")
        );
        assert_eq!(host("file:///x"), None);
        assert_eq!(parts("https:///x"), None);
        assert_eq!(file_name("https://h.example/a/b.zip?x/y"), "b.zip");
    }
}
