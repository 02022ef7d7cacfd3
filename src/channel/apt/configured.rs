//! Sources that a machine or a package configures: `*.list` a line each, `*.sources` a paragraph each (sources.list(5)).

use std::collections::BTreeMap;

use super::deb822::first_paragraph;
use crate::channel::{GivenAnchor, Request};
use crate::model::channel::Provenance;

/// Sources of one file; real ones have under ten.
const MAX_SOURCES: usize = 256;

/// The sources in a file of this name; none where it is no file of sources.
pub(super) fn sources(name: &str, bytes: &[u8]) -> Vec<Request> {
    let text = String::from_utf8_lossy(bytes);
    let mut found = if name.ends_with(".sources") {
        paragraphs(name, &text)
    } else if name.ends_with(".list") {
        let lines = text.lines().filter_map(line);
        lines.take(MAX_SOURCES).collect()
    } else {
        Vec::new()
    };
    found.truncate(MAX_SOURCES);
    found
}

/// `deb [options] uri suite component…`
fn line(line: &str) -> Option<Request> {
    let line = line.split('#').next()?.trim();
    let rest = line.strip_prefix("deb")?;
    if !rest.starts_with([' ', '\t']) || !rest.contains("://") {
        return None;
    }
    Some(Request {
        target: line.to_owned(),
        ..Request::default()
    })
}

fn paragraphs(name: &str, text: &str) -> Vec<Request> {
    let mut all = Vec::new();
    let mut rest = text;
    while all.len() < MAX_SOURCES {
        let Ok((fields, second)) = first_paragraph(rest) else {
            break;
        };
        let get = |key: &str| {
            let field = fields.iter().rfind(|f| f.name.eq_ignore_ascii_case(key));
            field.map(|f| f.value).unwrap_or_default()
        };
        let words = |key: &str| get(key).split_ascii_whitespace();
        let off = ["no", "false", "0"].contains(&get("Enabled"));
        if words("Types").any(|t| t == "deb") && !off {
            for uri in words("URIs") {
                for suite in words("Suites") {
                    let components: Vec<&str> = words("Components").collect();
                    all.push(request(name, uri, suite, &components, &get));
                }
            }
        }
        match second.and_then(|at| rest.get(at..)) {
            Some(next) if next.len() < rest.len() => rest = next,
            Some(_) | None => break,
        }
    }
    all
}

fn request<'t>(
    name: &str,
    uri: &str,
    suite: &str,
    components: &[&str],
    get: &dyn Fn(&str) -> &'t str,
) -> Request {
    let mut options = BTreeMap::new();
    let mut anchors = Vec::new();
    let signed_by = get("Signed-By");
    if signed_by.contains("BEGIN PGP") {
        // A key that stands in the file itself: an empty line of it is written as a dot.
        let lines = signed_by.lines().map(str::trim);
        let key: Vec<&str> = lines.map(|l| if l == "." { "" } else { l }).collect();
        anchors.push(GivenAnchor {
            bytes: key.join("\n").into_bytes(),
            provenance: Provenance::UserSupplied(name.to_owned()),
        });
    } else if !signed_by.is_empty() {
        options.insert("signed-by".to_owned(), signed_by.to_owned());
    }
    for key in [
        "trusted",
        "allow-insecure",
        "allow-weak",
        "allow-downgrade-to-insecure",
        "check-valid-until",
        "check-date",
    ] {
        let value = get(key);
        if !value.is_empty() {
            options.insert(key.to_owned(), value.to_owned());
        }
    }
    Request {
        target: format!("{uri} {suite} {}", components.join(" "))
            .trim()
            .to_owned(),
        anchors,
        options,
        ..Request::default()
    }
}

/// Files and folders of keyrings by which apt would check a source: those of its `signed-by`, else those trusted for all.
pub(super) fn anchors(request: &Request) -> Vec<String> {
    let in_line = request
        .target
        .split_once("signed-by=")
        .and_then(|(_, rest)| rest.split([' ', ']']).next());
    let signed_by = in_line.or(request.options.get("signed-by").map(String::as_str));
    let paths: Vec<String> = signed_by
        .unwrap_or_default()
        .split([',', ' '])
        .filter(|w| w.starts_with('/'))
        .map(str::to_owned)
        .collect();
    if !paths.is_empty() {
        return paths;
    }
    ["/etc/apt/trusted.gpg", "/etc/apt/trusted.gpg.d"]
        .map(str::to_owned)
        .to_vec()
}

#[cfg(test)]
mod tests {
    use super::{anchors, sources};

    #[test]
    fn both_forms_give_a_request_a_suite() {
        let list = "# deb http://off.example x main\ndeb [signed-by=/k.gpg] http://one.example/debian sid main # why\ndeb-src http://s.example x main\ndeb cdrom:[x]/ x main\n";
        let found = sources("/etc/apt/sources.list", list.as_bytes());
        assert_eq!(found.len(), 1);
        assert_eq!(anchors(&found[0]), ["/k.gpg"]);

        let deb822 = "Types: deb deb-src\nURIs: https://two.example\nSuites: s s-updates\nComponents: main contrib\nSigned-By: /a.gpg\nTrusted: yes\n\nTypes: deb\nURIs: https://off.example\nSuites: s\nEnabled: no\n\nTypes: deb\nURIs: https://key.example/\nSuites: ./\nSigned-By:\n -----BEGIN PGP PUBLIC KEY BLOCK-----\n .\n AAAA\n -----END PGP PUBLIC KEY BLOCK-----\n";
        let found = sources("x.sources", deb822.as_bytes());
        let targets: Vec<_> = found.iter().map(|r| r.target.as_str()).collect();
        assert_eq!(
            targets,
            [
                "https://two.example s main contrib",
                "https://two.example s-updates main contrib",
                "https://key.example/ ./",
            ]
        );
        assert_eq!(anchors(&found[0]), ["/a.gpg"]);
        assert_eq!(found[0].options["trusted"], "yes");
        let key = String::from_utf8(found[2].anchors[0].bytes.clone()).unwrap();
        assert!(key.contains("-----\n\nAAAA\n"), "{key}");
        assert!(sources("notes.txt", list.as_bytes()).is_empty());
    }
}
