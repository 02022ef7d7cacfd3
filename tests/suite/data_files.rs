//! The data files themselves, apart from the code that reads them: every fact is cited or marked, and `data lint` says so.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use toml::{Table, Value};

const FOLDERS: [&str; 3] = ["vendors", "instruments", "operators"];

fn files(folder: &str) -> Vec<PathBuf> {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("data")
        .join(folder);
    let mut files: Vec<PathBuf> = fs::read_dir(dir)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|e| e == "toml"))
        .collect();
    files.sort();
    files
}

fn read(path: &Path) -> Table {
    fs::read_to_string(path).unwrap().parse().unwrap()
}

/// Every table of a file that says whether it is verified.
fn facts<'t>(table: &'t Table, found: &mut Vec<&'t Table>) {
    if table.contains_key("verified") {
        found.push(table);
    }
    for value in table.values() {
        match value {
            Value::Table(inner) => facts(inner, found),
            Value::Array(items) => {
                for inner in items.iter().filter_map(Value::as_table) {
                    facts(inner, found);
                }
            }
            _ => {}
        }
    }
}

fn handles(table: &Table) -> Vec<&str> {
    let sources = table.get("sources").and_then(Value::as_array);
    sources
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect()
}

#[test]
fn every_fact_in_the_data_is_cited_or_marked() {
    for folder in FOLDERS {
        let mut count = 0;
        for path in files(folder) {
            let file = read(&path);
            let known: Vec<&str> = file
                .get("source")
                .and_then(Value::as_array)
                .into_iter()
                .flatten()
                .filter_map(|s| s.get("id")?.as_str())
                .collect();
            let mut found = Vec::new();
            facts(&file, &mut found);
            assert!(!found.is_empty(), "{}", path.display());
            for fact in found {
                count += 1;
                let verified = fact.get("verified").and_then(Value::as_bool).unwrap();
                // The facts of an operator rest on all sources of its file; an alias on those of its entity.
                let cited = if folder == "operators" {
                    known.clone()
                } else {
                    handles(fact)
                };
                assert!(
                    !verified || !cited.is_empty(),
                    "{}: {fact:?}",
                    path.display()
                );
                for handle in cited {
                    assert!(
                        known.contains(&handle),
                        "{}: no source {handle}",
                        path.display()
                    );
                }
            }
        }
        assert!(count > 20, "{folder}: {count}");
    }
}

fn lint(paths: &[&Path]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_bonafide"))
        .args(["data", "lint"])
        .args(paths)
        .env_clear()
        .output()
        .unwrap()
}

#[test]
fn lint_passes_what_is_compiled_in_and_what_lies_in_the_tree() {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("data");
    for paths in [
        vec![],
        vec![data.join("vendors")],
        vec![data.join("operators"), data.join("instruments")],
        vec![data.join("vendors/eset.toml")],
    ] {
        let paths: Vec<&Path> = paths.iter().map(PathBuf::as_path).collect();
        let out = lint(&paths);
        let said = String::from_utf8_lossy(&out.stderr);
        assert_eq!(out.status.code(), Some(0), "{said}");
        assert!(String::from_utf8_lossy(&out.stdout).contains("keep the rules"));
    }
}

#[test]
fn lint_names_file_line_entry_and_rule_and_exits_with_2() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("acme.toml");
    let good = "id = \"acme\"\nas_of = \"2026-11-25\"\nreview_by = \"2027-05-25\"\n\n[[entity]]\nkey = \"no\"\n\
                name = \"Acme Oppfunnet AS\"\njurisdiction = \"NO\"\nverified = false\n";
    fs::write(&file, good).unwrap();
    assert_eq!(lint(&[&file]).status.code(), Some(0));
    for (from, to, expected) in [
        (
            "\"NO\"",
            "\"UK\"",
            "acme.toml:5: entity no: `UK` is no country code [country]",
        ),
        (
            "2027-05-25",
            "2026-11-25",
            "acme.toml: review_by is not after as_of [dates]",
        ),
        (
            "verified = false",
            "verified = true",
            "acme.toml:5: entity no: verified without a source [citation]",
        ),
        ("key = ", "kye = ", "acme.toml:6:"),
        ("id = \"acme\"", "id = \"other\"", "[file-name]"),
        (
            "Acme Oppfunnet AS\"\njurisdiction = \"NO\"",
            "ESET, spol. s r.o.\"\njurisdiction = \"SK\"",
            "is also a name of an entity of eset [name]",
        ),
    ] {
        fs::write(&file, good.replace(from, to)).unwrap();
        let out = lint(&[&file]);
        let said = String::from_utf8_lossy(&out.stderr).into_owned();
        assert_eq!(out.status.code(), Some(2), "{said}");
        assert!(said.contains(expected), "{expected}\n{said}");
    }
    let operators = dir.path().join("operators");
    fs::create_dir(&operators).unwrap();
    let operator = operators.join("acme.toml");
    fs::write(
        &operator,
        "id = \"acme\"\nname = \"Acme\"\ncountry = \"no\"\nverified = false\n",
    )
    .unwrap();
    let out = lint(&[&operators]);
    assert_eq!(out.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&out.stderr).contains("`no` is no country code"));
    assert_eq!(
        lint(&[&dir.path().join("nowhere.toml")]).status.code(),
        Some(2)
    );
}
