//! Sources that a machine or a package configures: `*.list` a line each, `*.sources` a paragraph each (sources.list(5)).

use std::collections::BTreeMap;

use super::deb822::{Field, first_paragraph};
use super::source::split_options;
use crate::channel::{Error, GivenAnchor, Request};
use crate::format::updater::yes_or_no;
use crate::model::channel::Provenance;

/// Sources of one file; real ones have under ten.
const MAX_SOURCES: usize = 256;

/// The sources in a file of this name; none where it is no file of sources.
pub(super) fn sources(name: &str, bytes: &[u8]) -> Result<Vec<Request>, Error> {
    let text = String::from_utf8_lossy(bytes);
    let mut found = Found {
        name,
        all: Vec::new(),
    };
    if name.ends_with(".sources") {
        found.paragraphs(&text)?;
    } else if name.ends_with(".list") {
        let mut at = 0usize;
        for raw in text.split_inclusive('\n') {
            found.line(raw, at)?;
            at = at.saturating_add(raw.len());
        }
    }
    Ok(found.all)
}

struct Found<'n> {
    name: &'n str,
    all: Vec<Request>,
}

impl Found<'_> {
    fn malformed(&self, at: usize, why: &str) -> Error {
        Error::Malformed {
            what: self.name.to_owned(),
            offset: u64::try_from(at).unwrap_or(u64::MAX),
            why: why.to_owned(),
        }
    }

    fn push(&mut self, request: Request, at: usize) -> Result<(), Error> {
        if self.all.len() >= MAX_SOURCES {
            return Err(self.malformed(at, "more than 256 sources"));
        }
        self.all.push(request);
        Ok(())
    }

    /// `deb [options] uri suite component…`, one for each architecture. What is no such line is a source, too, and cannot be checked.
    fn line(&mut self, line: &str, at: usize) -> Result<(), Error> {
        let line = line.split('#').next().unwrap_or_default().trim();
        let kind = line.split(['[', ' ', '\t']).next().unwrap_or_default();
        if matches!(kind, "" | "deb-src") {
            return Ok(());
        }
        let (options, rest) = split_options(line);
        let is_arch = |o: &&str| o.starts_with("arch=") && o.contains(',');
        let several = options.split_ascii_whitespace().find(is_arch);
        let targets: Vec<String> = match several {
            None => vec![line.to_owned()],
            Some(option) => listed(option.trim_start_matches("arch="))
                .map(|arch| {
                    let one = options.replace(option, &format!("arch={arch}"));
                    format!("deb [{one}] {}", rest.trim())
                })
                .collect(),
        };
        for target in targets {
            let request = Request {
                target,
                ..Request::default()
            };
            self.push(request, at)?;
        }
        Ok(())
    }

    fn paragraphs(&mut self, text: &str) -> Result<(), Error> {
        let mut start = 0usize;
        while let Some(rest) = text.get(start..) {
            let (fields, second) = first_paragraph(rest)
                .map_err(|e| self.malformed(start.saturating_add(e.offset), e.why))?;
            self.paragraph(&fields, start)?;
            match second {
                Some(at) if at > 0 => start = start.saturating_add(at),
                Some(_) | None => break,
            }
        }
        Ok(())
    }

    fn paragraph(&mut self, fields: &[Field<'_>], at: usize) -> Result<(), Error> {
        let get = |key: &str| {
            let field = fields.iter().rfind(|f| f.name.eq_ignore_ascii_case(key));
            field.map(|f| f.value).unwrap_or_default()
        };
        if fields.is_empty() || yes_or_no(get("Enabled")) == Some(false) {
            return Ok(());
        }
        for needed in ["Types", "URIs", "Suites"] {
            if get(needed).is_empty() {
                return Err(self.malformed(at, &format!("a source without {needed}")));
            }
        }
        if !get("Types").split_ascii_whitespace().any(|t| t == "deb") {
            return Ok(());
        }
        let components: Vec<&str> = get("Components").split_ascii_whitespace().collect();
        let mut options: Vec<String> = listed(get("Architectures"))
            .map(|arch| format!("[arch={arch}] "))
            .collect();
        if options.is_empty() {
            options.push(String::new());
        }
        for uri in get("URIs").split_ascii_whitespace() {
            for suite in get("Suites").split_ascii_whitespace() {
                for option in &options {
                    let uri = format!("{option}{uri}");
                    let request = request(self.name, &uri, suite, &components, &get);
                    self.push(request, at)?;
                }
            }
        }
        Ok(())
    }
}

/// Architectures stand in a list with commas in the one form, and with spaces in the other.
fn listed(value: &str) -> impl Iterator<Item = &str> {
    let all = value.split(|c: char| c == ',' || c.is_whitespace());
    all.filter(|w| !w.is_empty())
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
        .split(|c: char| c == ',' || c.is_whitespace())
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
        let found = sources("/etc/apt/sources.list", list.as_bytes()).unwrap();
        // What cannot be checked is a source as well.
        assert_eq!(found.len(), 2);
        assert_eq!(found[1].target, "deb cdrom:[x]/ x main");
        assert_eq!(anchors(&found[0]), ["/k.gpg"]);

        let deb822 = "Types: deb deb-src\nURIs: https://two.example\nSuites: s s-updates\nComponents: main contrib\nSigned-By: /a.gpg\nTrusted: yes\n\nTypes: deb\nURIs: https://off.example\nSuites: s\nEnabled: no\n\nTypes: deb\nURIs: https://key.example/\nSuites: ./\nSigned-By:\n -----BEGIN PGP PUBLIC KEY BLOCK-----\n .\n AAAA\n -----END PGP PUBLIC KEY BLOCK-----\n";
        let found = sources("x.sources", deb822.as_bytes()).unwrap();
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
        assert_eq!(sources("notes.txt", list.as_bytes()).unwrap().len(), 0);
    }
    #[test]
    fn each_architecture_is_a_channel_of_its_own() {
        let targets = |name: &str, text: &str| -> Vec<String> {
            let found = sources(name, text.as_bytes()).unwrap();
            found.into_iter().map(|r| r.target).collect()
        };
        assert_eq!(
            targets(
                "x.list",
                "deb [trusted=no arch=arm64,i386] https://h.example s main\n"
            ),
            [
                "deb [trusted=no arch=arm64] https://h.example s main",
                "deb [trusted=no arch=i386] https://h.example s main",
            ]
        );
        let text = "Types: deb\nURIs: https://h.example\nSuites: s\nArchitectures: arm64 i386\n";
        assert_eq!(
            targets("x.sources", text),
            [
                "[arch=arm64] https://h.example s",
                "[arch=i386] https://h.example s"
            ]
        );
    }

    #[test]
    fn what_cannot_be_read_or_is_too_much_is_an_error_and_not_left_out() {
        let good = "Types: deb\nURIs: https://h.example\nSuites: s\n";
        for bad in [
            "no field\n",
            "Types: deb\nSuites: s\n",
            "URIs: https://h.example\n",
        ] {
            assert!(sources("x.sources", format!("{good}\n{bad}").as_bytes()).is_err());
        }
        let line = "deb https://h.example s main\n";
        assert!(sources("x.list", line.repeat(256).as_bytes()).is_ok());
        assert!(sources("x.list", line.repeat(257).as_bytes()).is_err());
    }
}
