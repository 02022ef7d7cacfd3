//! What an address seems to be for, by the words of its host and path, and what is noise. Nothing here decides a verdict: it
//! orders what a reader sees.

use crate::model::endpoint::{EndpointKind, Host, Noise};

use super::host;

/// Words that are services, as a whole label or word with trailing digits cut.
const UPDATE: &[&str] = &[
    "upd",
    "patch",
    "patches",
    "hotfix",
    "releases",
    "appupdate",
    "squirrel",
    "omaha",
    "sparkle",
];
const DOWNLOAD: &[&str] = &[
    "download",
    "downloads",
    "dl",
    "dnl",
    "cdn",
    "mirror",
    "mirrors",
    "repo",
    "repos",
    "files",
    "dist",
    "packages",
    "installer",
    "installers",
    "setup",
    "artifacts",
    "binaries",
];
const API: &[&str] = &[
    "api",
    "apis",
    "rest",
    "graphql",
    "rpc",
    "oauth",
    "oauth2",
    "auth",
    "login",
    "sso",
    "license",
    "licensing",
    "activation",
    "activate",
    "gateway",
    "webservice",
    "webservices",
    "service",
    "services",
    "svc",
    "webapi",
    "ws",
];
const PATH_API: &[&str] = &[
    "api", "apis", "rest", "graphql", "rpc", "oauth", "oauth2", "webapi", "activate",
];
const TELEMETRY: &[&str] = &[
    "telemetry",
    "metrics",
    "stats",
    "statistics",
    "analytics",
    "tracking",
    "sentry",
    "crash",
    "crashes",
    "crashreport",
    "crashreports",
    "crashpad",
    "events",
    "beacon",
    "collect",
    "collector",
    "diagnostics",
    "insights",
    "ingest",
    "usage",
];
/// Endings of what is installed.
const INSTALLED: &[&str] = &[
    ".exe",
    ".msi",
    ".msix",
    ".msixbundle",
    ".appx",
    ".appxbundle",
    ".dmg",
    ".pkg",
    ".zip",
    ".7z",
    ".cab",
    ".deb",
    ".rpm",
    ".tar.gz",
    ".tgz",
    ".tar.xz",
    ".apk",
    ".nupkg",
    ".whl",
    ".vsix",
    ".jar",
    ".crx",
    ".xpi",
    ".appimage",
    ".iso",
];
/// Endings of feeds.
const FEEDS: &[&str] = &[
    "appcast.xml",
    "latest.yml",
    "latest-mac.yml",
    "latest-linux.yml",
    ".appinstaller",
    ".application",
    "/releases",
    "update.xml",
    "updates.xml",
    "version.json",
    "version.txt",
    "version.xml",
    "releases.json",
    ".sucatalog",
];

/// What one label of a host is for.
pub(super) fn label(text: &str) -> Option<EndpointKind> {
    text.split(['-', '_'])
        .find_map(|word| service(word.trim_end_matches(|c: char| c.is_ascii_digit())))
}

fn service(word: &str) -> Option<EndpointKind> {
    if word.contains("update")
        || word.contains("upgrade")
        || word.contains("appcast")
        || UPDATE.contains(&word)
    {
        Some(EndpointKind::Update)
    } else if DOWNLOAD.contains(&word) {
        Some(EndpointKind::Download)
    } else if TELEMETRY.contains(&word) {
        Some(EndpointKind::Telemetry)
    } else if API.contains(&word) {
        Some(EndpointKind::Api)
    } else {
        None
    }
}

/// Words of a path are looser than those of a host: `/service` and `/license` are pages of every shop.
fn path_word(word: &str) -> Option<EndpointKind> {
    service(word).filter(|kind| *kind != EndpointKind::Api || PATH_API.contains(&word))
}

/// What an address is for. The path speaks before the host where it names a feed or a file; pages of manuals do neither.
pub(super) fn kind(scheme: Option<&str>, host: &Host, path: &str) -> EndpointKind {
    let lower = path.to_ascii_lowercase();
    let place = lower.split(['?', '#']).next().unwrap_or_default();
    if FEEDS.iter().any(|end| place.ends_with(end)) {
        return EndpointKind::Update;
    }
    let page = [".htm", ".html", ".php", ".aspx", ".md", ".pdf"]
        .iter()
        .any(|e| place.ends_with(e));
    let words = || {
        place
            .split(|c: char| !c.is_ascii_alphanumeric())
            .filter(|w| !w.is_empty())
    };
    let host_text = host.to_string();
    let mut labels: Vec<&str> = match host {
        Host::Name(name) => name.split('.').collect(),
        Host::Template(_) => host_text.split('.').collect(),
        Host::Ip(_) => Vec::new(),
    };
    // The registered name is a brand, not a service.
    labels.truncate(labels.len().saturating_sub(2));
    let by_host = labels.iter().filter_map(|l| label(l)).min();
    let by_path = words()
        .filter_map(|w| path_word(w.trim_end_matches(|c: char| c.is_ascii_digit())))
        .min();
    if INSTALLED.iter().any(|end| place.ends_with(end)) {
        return [by_host, Some(EndpointKind::Download)]
            .into_iter()
            .flatten()
            .min()
            .unwrap_or(EndpointKind::Download);
    }
    match (by_host, by_path) {
        (Some(kind), None) => kind,
        (Some(a), Some(b)) => a.min(b),
        (None, Some(kind)) if !page || kind == EndpointKind::Update => kind,
        (None, _) => {
            let socket = matches!(
                scheme,
                Some("ws" | "wss" | "mqtt" | "mqtts" | "amqp" | "amqps")
            );
            let versioned = place.split('/').any(|part| {
                part.strip_prefix('v')
                    .is_some_and(|n| n.len() == 1 && n.bytes().all(|b| b.is_ascii_digit()))
            });
            if socket || versioned {
                EndpointKind::Api
            } else if page
                || labels.first() == Some(&"www")
                || (place.len() <= 1 && labels.is_empty())
            {
                EndpointKind::Web
            } else {
                EndpointKind::Unknown
            }
        }
    }
}

/// Hosts, or the names they end in, whose addresses are names of schemas more than places.
const SCHEMA_HOSTS: &[&str] = &[
    "www.w3.org",
    "w3.org",
    "xmlsoap.org",
    "openxmlformats.org",
    "ns.adobe.com",
    "purl.org",
    "json-schema.org",
    "xml.org",
    "relaxng.org",
    "docbook.org",
    "freedesktop.org/standards",
    "ogp.me",
    "xmlns.com",
    "exslt.org",
    "topografix.com",
    "khronos.org/collada",
    "opengis.net",
    "sodipodi.sourceforge.net",
    "inkscape.org/namespaces",
    "cipa.jp",
    "iptc.org",
    "wpf.net",
    "xrml.org",
    "tempuri.org",
];
const LICENCE_HOSTS: &[&str] = &[
    "creativecommons.org",
    "opensource.org",
    "spdx.org",
    "choosealicense.com",
    "boost.org",
    "unlicense.org",
];
const DOCUMENTATION_HOSTS: &[&str] = &[
    "ietf.org",
    "rfc-editor.org",
    "unicode.org",
    "stackoverflow.com",
    "wikipedia.org",
    "readthedocs.io",
    "docs.rs",
    "iso.org",
    "iana.org",
    "crbug.com",
    "bugs.chromium.org",
    "json.org",
    "ecma-international.org",
    "whatwg.org",
    "mozilla.org/docs",
    "tc39.es",
    "tc39.github.io",
    "w3c.github.io",
    "wicg.github.io",
    "heycam.github.io",
    "esdiscuss.org",
    "react.dev",
    "reactjs.org",
    "opengroup.org",
    "cs.chromium.org",
    "chromium-review.googlesource.com",
];
const DOCUMENTATION_LABELS: &[&str] = &[
    "docs",
    "doc",
    "learn",
    "developer",
    "developers",
    "help",
    "support",
    "wiki",
    "bugs",
    "bugzilla",
    "issues",
    "manual",
    "msdn",
    "kb",
    "forum",
    "forums",
    "community",
    "blog",
    "blogs",
    "tools",
    "datatracker",
];
const CERTIFICATE_LABELS: &[&str] = &[
    "ocsp",
    "crl",
    "crls",
    "cacerts",
    "cacert",
    "aia",
    "pki",
    "cps",
    "certs",
    "ca",
    "cert",
    "secure",
    "timestamp",
    "tsa",
];

/// Why an address is most likely never contacted as a service of the product.
pub(super) fn noise(
    scheme: Option<&str>,
    host: &Host,
    path: &str,
    der: Option<u8>,
) -> Option<Noise> {
    if let Some(noise) = host::reserved(host) {
        return Some(noise);
    }
    let lower = path.to_ascii_lowercase();
    let place = lower.split(['?', '#']).next().unwrap_or_default();
    let name = match host {
        Host::Name(name) => name.as_str(),
        Host::Ip(_) | Host::Template(_) => "",
    };
    if is_certificate_service(scheme, name, place, der) {
        Some(Noise::CertificateService)
    } else if is_schema(name, place) {
        Some(Noise::Schema)
    } else if is_licence(name, place) {
        Some(Noise::Licence)
    } else if is_documentation(name, place) {
        Some(Noise::Documentation)
    } else {
        None
    }
}

/// GeneralName and IA5String are what certificates write theirs in; the other DER strings may be a signer's own page.
fn is_certificate_service(scheme: Option<&str>, name: &str, place: &str, der: Option<u8>) -> bool {
    let ends = |ends: &[&str]| ends.iter().any(|e| place.ends_with(e));
    let first = name.split('.').next().unwrap_or_default();
    let first = first.split('-').next().unwrap_or_default();
    let first = first.trim_end_matches(|c: char| c.is_ascii_digit());
    matches!(der, Some(0x86 | 0x16))
        || matches!(scheme, Some("ldap" | "ldaps"))
        || ends(&[
            ".crl",
            ".crt",
            ".cer",
            ".p7c",
            ".p7b",
            "/cps",
            "/cps0",
            "/rpa",
            "/repository",
            "/repository/",
            "/pki",
            "/ocsp",
        ])
        || matches!(
            first,
            "ocsp" | "crl" | "crls" | "cacerts" | "cacert" | "aia" | "timestamp" | "tsa"
        )
        || (CERTIFICATE_LABELS.contains(&first)
            && (place.len() <= 1 || place.contains("crl") || place.contains("cert")))
}

fn is_schema(name: &str, place: &str) -> bool {
    name.starts_with("schemas.")
        || name.starts_with("schema.")
        || name.starts_with("xmlns.")
        || is_listed(SCHEMA_HOSTS, name, place)
        || place.starts_with("/dtds/")
        || place.starts_with("/schemas/")
        || place.starts_with("/schema/")
        || place.contains("/xmlns")
        || place.contains("/namespace")
        || place.starts_with("/ns/")
        || [".xsd", ".dtd", ".rng", "schema.json"]
            .iter()
            .any(|e| place.ends_with(e))
}

fn is_licence(name: &str, place: &str) -> bool {
    let file = place.rsplit('/').next().unwrap_or_default();
    is_listed(LICENCE_HOSTS, name, place)
        || place.starts_with("/licenses")
        || place.starts_with("/licences")
        || place.contains("/legal/")
        || file.starts_with("license")
        || file.starts_with("licence")
        || ["eula", "copying", "gpl", "lgpl", "mpl"]
            .iter()
            .any(|w| file.starts_with(w))
        || (name.ends_with("gnu.org") && place.contains("licenses"))
}

fn is_documentation(name: &str, place: &str) -> bool {
    let first = name.split('.').next().unwrap_or_default();
    let forge = matches!(
        name,
        "github.com" | "gitlab.com" | "bitbucket.org" | "codeberg.org" | "sourceforge.net"
    );
    let published = place.contains("/releases")
        || place.contains("/download")
        || INSTALLED.iter().any(|e| place.ends_with(e));
    DOCUMENTATION_LABELS.contains(&first)
        || is_listed(DOCUMENTATION_HOSTS, name, place)
        || (forge && !published)
        || [
            "/docs/",
            "/doc/",
            "/wiki/",
            "/manual/",
            "/issues/",
            "/library/",
            "/rfc",
            "/reference/",
            "/blog/",
            "/spec/",
        ]
        .iter()
        .any(|p| place.contains(p))
}

/// One of `list` is the host's name or what it ends in; an entry with a path needs that too.
fn is_listed(list: &[&str], name: &str, place: &str) -> bool {
    list.iter().any(|entry| {
        let (host, path) = match entry.find('/') {
            Some(at) => entry.split_at(at),
            None => (*entry, ""),
        };
        place.starts_with(path)
            && name
                .strip_suffix(host)
                .is_some_and(|before| before.is_empty() || before.ends_with('.'))
    })
}

#[cfg(test)]
mod tests {
    use super::{kind, noise};
    use crate::model::endpoint::EndpointKind::{Api, Download, Telemetry, Unknown, Update, Web};
    use crate::model::endpoint::{Host, Noise};

    fn split(url: &str) -> (Host, String) {
        let rest = url.split_once("://").unwrap().1;
        let at = rest.find('/').unwrap_or(rest.len());
        (Host::Name(rest[..at].into()), rest[at..].into())
    }

    #[test]
    fn words_of_host_and_path_say_what_for() {
        for (url, expected) in [
            ("https://updates.vendor.com/", Update),
            ("http://dnl-01.geo.vendor.com/", Download),
            ("https://vendor.com/autoupdate/check?v=1", Update),
            ("https://vendor.com/appcast.xml", Update),
            ("https://vendor.com/setup.exe", Download),
            ("https://vendor.com/v1/devices", Api),
            ("https://o1.ingest.vendor.com/7", Telemetry),
            ("https://www.vendor.com/", Web),
            ("https://vendor.com/", Web),
            ("https://slts.vendor.com/", Unknown),
            ("https://vendor.com/buy", Unknown),
            ("https://updatevendor.com/page", Unknown),
        ] {
            let (host, path) = split(url);
            assert_eq!(kind(Some("https"), &host, &path), expected, "{url}");
        }
    }

    #[test]
    fn noise_is_told_apart_by_its_kind() {
        for (url, expected) in [
            ("http://www.w3.org/2001/XMLSchema", Some(Noise::Schema)),
            ("http://schemas.vendor.com/x", Some(Noise::Schema)),
            ("http://ocsp.vendor.com", Some(Noise::CertificateService)),
            (
                "http://crl3.vendor.com/a.crl",
                Some(Noise::CertificateService),
            ),
            (
                "http://vendor.com/x/root.crt",
                Some(Noise::CertificateService),
            ),
            (
                "http://www.apache.org/licenses/LICENSE-2.0",
                Some(Noise::Licence),
            ),
            ("https://docs.vendor.com/", Some(Noise::Documentation)),
            (
                "https://vendor.com/blog/2018/update.html",
                Some(Noise::Documentation),
            ),
            (
                "https://github.com/a/b/issues/1",
                Some(Noise::Documentation),
            ),
            ("https://github.com/a/b/releases/latest", None),
            ("https://updates.vendor.com/", None),
            ("https://notw3.org/", None),
            ("https://example.com/", Some(Noise::Example)),
        ] {
            let (host, path) = split(url);
            assert_eq!(noise(Some("https"), &host, &path, None), expected, "{url}");
        }
        let (host, path) = split("http://www.vendor.com/x");
        assert_eq!(
            noise(Some("http"), &host, &path, Some(0x86)),
            Some(Noise::CertificateService)
        );
        assert_eq!(
            noise(Some("http"), &host, &path, Some(0x80)),
            None,
            "a signer's own page"
        );
    }
}
