//! The house's rules that prose cannot hold: one-way imports, no orphan files, documents in step with the code.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// The rooms from left to right. A room may import those before it; `base` and `model` are everybody's floor.
const FLOW: [&str; 15] = [
    "base",
    "model",
    "source",
    "format",
    "envelope",
    "verify",
    "identity",
    "channel",
    "jurisdiction",
    "vendor",
    "screening",
    "policy",
    "report",
    "pipeline",
    "cli",
];

/// `source` stands left of all because everything comes from it, but only these may hold its files and clock in their hands.
const MAY_TOUCH_SOURCE: [&str; 2] = ["source", "cli"];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn sources() -> Vec<PathBuf> {
    let mut stack = vec![root().join("src")];
    let mut files = Vec::new();
    while let Some(dir) = stack.pop() {
        for entry in std::fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                stack.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") {
                files.push(path);
            }
        }
    }
    files.sort();
    files
}

fn text(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

fn room(path: &Path) -> Option<String> {
    let inside = path.strip_prefix(root().join("src")).unwrap();
    let first = inside
        .components()
        .next()
        .unwrap()
        .as_os_str()
        .to_string_lossy();
    let name = first.trim_end_matches(".rs");
    (name != "lib" && name != "main").then(|| name.to_owned())
}

/// Every `crate::x` of a file's own code; comments and the module's tests may look anywhere.
fn imports(code: &str) -> Vec<(usize, String)> {
    let code = code.split("\n#[cfg(test)]\nmod tests").next().unwrap();
    let mut found = Vec::new();
    for (number, line) in code.lines().enumerate() {
        let line = line.split("//").next().unwrap();
        for part in line.split("crate::").skip(1) {
            let name: String = part
                .chars()
                .take_while(|c| c.is_ascii_alphanumeric() || *c == '_')
                .collect();
            found.push((number + 1, name));
        }
    }
    found
}

#[test]
fn imports_point_one_way() {
    let place = |name: &str| FLOW.iter().position(|r| *r == name);
    let mut edges = 0;
    let mut wrong = Vec::new();
    for path in sources() {
        let Some(from) = room(&path) else { continue };
        if path.file_name().is_some_and(|n| n == "tests.rs") {
            continue;
        }
        let here = place(&from)
            .unwrap_or_else(|| panic!("{}: a room that FLOW does not name", path.display()));
        for (line, to) in imports(&text(&path)) {
            let at = format!("{}:{line}", path.strip_prefix(root()).unwrap().display());
            let Some(there) = place(&to) else {
                wrong.push(format!(
                    "{at}: crate::{to} is no room; write one `use crate::room::…;` each"
                ));
                continue;
            };
            edges += usize::from(from != to);
            if there > here {
                wrong.push(format!("{at}: {from} may not import {to}"));
            }
            if to == "source" && !MAY_TOUCH_SOURCE.contains(&from.as_str()) {
                wrong.push(format!("{at}: only the shell holds files and clocks"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(
        edges > 50,
        "only {edges} imports between rooms seen: this test has gone blind"
    );
}

#[test]
fn no_file_is_orphaned() {
    let mut orphans = Vec::new();
    for path in sources() {
        let stem = path.file_stem().unwrap().to_string_lossy().into_owned();
        let dir = path.parent().unwrap();
        let (name, parents) = if stem == "mod" {
            let name = dir.file_name().unwrap().to_string_lossy().into_owned();
            let up = dir.parent().unwrap();
            (
                name,
                vec![
                    up.join("mod.rs"),
                    up.join("lib.rs"),
                    up.with_extension("rs"),
                ],
            )
        } else if dir == root().join("src") {
            if matches!(stem.as_str(), "lib" | "main") {
                continue;
            }
            (stem, vec![dir.join("lib.rs")])
        } else {
            (stem, vec![dir.join("mod.rs"), dir.with_extension("rs")])
        };
        let declared = parents.iter().filter(|p| p.is_file()).any(|p| {
            text(p).lines().any(|l| {
                let l = l.trim();
                let visible = l.strip_prefix("pub(").and_then(|l| l.split_once(") "));
                let l = visible.map_or(l, |(_, l)| l).trim_start_matches("pub ");
                l == format!("mod {name};")
            })
        });
        if !declared {
            orphans.push(path.display().to_string());
        }
    }
    assert!(orphans.is_empty(), "no `mod` line names: {orphans:?}");
}

#[test]
fn every_suite_file_is_named_in_the_runner() {
    let main = text(&root().join("tests/suite/main.rs"));
    for entry in std::fs::read_dir(root().join("tests/suite")).unwrap() {
        let path = entry.unwrap().path();
        let stem = path.file_stem().unwrap().to_string_lossy().into_owned();
        if path.extension().is_some_and(|e| e == "rs") && stem != "main" {
            assert!(
                main.contains(&format!("mod {stem};")),
                "{} is forgotten",
                path.display()
            );
        }
    }
}

#[test]
fn every_finding_has_one_definition_one_document_and_is_raised() {
    let definitions: Vec<_> = bonafide::report::catalogue::all().map(|(_, d)| d).collect();
    assert!(
        definitions.len() > 40,
        "only {} definitions seen",
        definitions.len()
    );
    let ids: BTreeSet<&str> = definitions.iter().map(|d| d.id).collect();
    assert_eq!(ids.len(), definitions.len(), "an id is defined twice");

    let documents: BTreeSet<String> = std::fs::read_dir(root().join("docs/findings"))
        .unwrap()
        .map(|e| e.unwrap().path())
        .filter(|p| p.extension().is_some_and(|e| e == "md"))
        .map(|p| p.file_stem().unwrap().to_string_lossy().into_owned())
        .collect();
    let missing: Vec<_> = ids.iter().filter(|id| !documents.contains(**id)).collect();
    let stale: Vec<_> = documents
        .iter()
        .filter(|d| !ids.contains(d.as_str()))
        .collect();
    assert!(
        missing.is_empty() && stale.is_empty(),
        "findings without a document: {missing:?}; documents without a finding: {stale:?}"
    );
    for id in &documents {
        let document = text(&root().join("docs/findings").join(format!("{id}.md")));
        for heading in [
            format!("# {id}"),
            "## What it means".into(),
            "## What it rests on".into(),
            "## What to do".into(),
        ] {
            assert!(
                document.lines().any(|l| l == heading),
                "docs/findings/{id}.md lacks `{heading}`"
            );
        }
    }

    let mut statics: BTreeMap<String, String> = BTreeMap::new();
    let mut code = String::new();
    for path in sources() {
        let text = text(&path);
        if path
            .components()
            .any(|c| c.as_os_str().to_string_lossy().trim_end_matches(".rs") == "findings")
        {
            let mut name = None;
            for line in text.lines() {
                if let Some(rest) = line.trim().strip_prefix("pub static ") {
                    name = rest.split(':').next().map(str::to_owned);
                }
                if let (Some(n), Some(id)) = (&name, line.trim().strip_prefix("id: \"")) {
                    statics.insert(n.clone(), id.trim_end_matches("\",").to_owned());
                }
            }
        } else {
            code.push_str(&text);
        }
    }
    // Policies raise by id, in Rego and in what applies their waivers.
    for entry in std::fs::read_dir(root().join("policies")).unwrap() {
        let path = entry.unwrap().path();
        if !path.to_string_lossy().ends_with("_test.rego") {
            code.push_str(&text(&path));
        }
    }
    let raised =
        |name: &str, id: &str| mentions(&code, name) || code.contains(&format!("\"{id}\""));
    let silent: Vec<_> = statics
        .iter()
        .filter(|(name, id)| !raised(name, id))
        .map(|(_, id)| id)
        .collect();
    assert!(
        silent.is_empty(),
        "findings that nothing raises: {silent:?}"
    );
}

fn mentions(code: &str, name: &str) -> bool {
    let word = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric() || c == '_');
    code.match_indices(name).any(|(at, _)| {
        !word(code[..at].chars().next_back()) && !word(code[at + name.len()..].chars().next())
    })
}

#[test]
fn the_repository_names_no_package_registry_and_no_path_of_a_machine() {
    let hosts = [
        ["npm", "js.com"],
        ["npm", "js.org"],
        ["py", "pi.org"],
        ["python", "hosted.org"],
        ["crates", ".io"],
        ["debian", ".org"],
    ];
    let mut stack = vec![root().to_path_buf()];
    let mut seen = 0;
    let mut wrong = Vec::new();
    while let Some(dir) = stack.pop() {
        for entry in std::fs::read_dir(&dir).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if path.is_dir() {
                if !matches!(name.as_str(), ".git" | "target" | "corpus" | "artifacts") {
                    stack.push(path);
                }
                continue;
            }
            // Cargo writes the index address into lock files itself; a work tree's `.git` is a file with a path.
            if name == "Cargo.lock" || name == ".git" {
                continue;
            }
            let Ok(text) = String::from_utf8(std::fs::read(&path).unwrap()) else {
                continue;
            };
            seen += 1;
            for host in &hosts {
                if text.contains(&host.concat()) {
                    wrong.push(format!("{}: {}", path.display(), host.concat()));
                }
            }
            for place in [["/wo", "rk/"], ["/ro", "ot/"]] {
                let place = place.concat();
                if text.match_indices(&place).any(|(at, _)| {
                    !text[..at].ends_with(|c: char| c.is_alphanumeric() || "._-/}".contains(c))
                }) {
                    wrong.push(format!("{}: {place}", path.display()));
                }
            }
        }
    }
    assert!(seen > 50, "only {seen} files seen");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
