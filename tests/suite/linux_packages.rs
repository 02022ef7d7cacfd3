//! Debian and rpm packages of the suites: each is listed, and named as other readers name its files.

use std::collections::BTreeSet;
use std::io::Read;
use std::path::Path;
use std::process::Command;

use bonafide::base::budget::{Budget, Limits, Stopped};
use bonafide::format::deb::Deb;
use bonafide::format::rpm::Rpm;
use bonafide::format::{Error, Format, Inside, Kind, Out};

use crate::support::{bytes, corpus, table};

fn budget() -> Budget<'static> {
    Budget::start(Limits::default(), &Stopped)
}

/// Reads every member to its end.
#[derive(Default)]
struct All(BTreeSet<usize>);

impl Out for All {
    fn wants(&self, _: usize) -> bool {
        true
    }

    fn member(&mut self, index: usize, content: &mut dyn Read) -> Result<(), Error> {
        // What reading fails with, the decoder itself returns.
        let _ = std::io::copy(content, &mut std::io::sink());
        self.0.insert(index);
        Ok(())
    }
}

#[test]
fn hostile_debian_packages_have_their_answers() {
    let Some(suite) = corpus("reliability/hostile-misc") else {
        return;
    };
    let mut rows = 0;
    for row in table(&suite.join("MANIFEST.tsv")) {
        let name = &row["file"];
        if !name.ends_with(".deb") {
            continue;
        }
        rows += 1;
        match Deb.extract(&bytes(&suite.join(name)), &budget()) {
            Err(error) => assert_eq!(row["expected"], "MALFORMED", "{name}: {error}"),
            Ok(out) => {
                assert_eq!(row["expected"], "OK", "{name}");
                let ids: Vec<&str> = out.findings.iter().map(|f| f.definition.id).collect();
                let wanted: Vec<&str> = row["findings"]
                    .split(',')
                    .filter(|f| !f.is_empty())
                    .collect();
                assert_eq!(ids, wanted, "{name}");
            }
        }
    }
    assert!(rows >= 4, "{rows} rows");
}

fn packages() -> Vec<(String, Vec<u8>)> {
    let Some(suite) = corpus("platforms") else {
        return Vec::new();
    };
    table(&suite.join("MANIFEST.tsv"))
        .into_iter()
        .filter(|row| row["format"] == "rpm")
        .map(|row| (row["path"].clone(), bytes(&suite.join(&row["path"]))))
        .collect()
}

/// Packages of rpm's own tests that rpm itself refuses: a tag without a type, sizes or payload changed, no payload.
const BROKEN: &[(&str, &str)] = &[
    ("rpm/derived/hello-2.0-1.x86_64-zero-4750x4.rpm", "list"),
    ("rpm/derived/hello-2.0-1.x86_64-zero-5555x6.rpm", "payload"),
    ("rpm/derived/hello-2.0-1.x86_64-zero-7777x6.rpm", "payload"),
    (
        "rpm/tests/data/RPMS/hello-2.0-1.x86_64-corrupted.rpm",
        "payload",
    ),
];

#[test]
fn every_package_of_the_rpm_suites_lists_and_decodes() {
    let packages = packages();
    if packages.is_empty() {
        return;
    }
    assert!(packages.len() >= 60, "{} packages", packages.len());
    let (mut files, mut wrong) = (0, Vec::new());
    for (name, package) in packages {
        let broken = BROKEN
            .iter()
            .find(|(path, _)| *path == name)
            .map(|(_, what)| *what);
        let inside = match Rpm
            .extract(&package, &budget())
            .and_then(|_| Rpm.open(&package, &budget()))
        {
            Ok(inside) => inside.expect("a container"),
            Err(error) => {
                if broken != Some("list") {
                    wrong.push(format!("{name}: {error}"));
                }
                continue;
            }
        };
        let mut all = All::default();
        let decoded = (0..inside.blocks())
            .try_for_each(|block| inside.decode(&package, block, &budget(), &mut all));
        match (decoded, broken) {
            (Ok(()), None) => {
                let wanted = inside
                    .entries()
                    .iter()
                    .filter(|e| e.kind == Kind::File)
                    .count();
                if all.0.len() != wanted {
                    wrong.push(format!(
                        "{name}: {} of {wanted} files came out",
                        all.0.len()
                    ));
                }
                files += wanted;
            }
            (Err(_), Some("payload")) => {}
            (decoded, broken) => wrong.push(format!("{name}: {decoded:?}, expected {broken:?}")),
        }
    }
    println!("{files} files came out");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn ours(inside: &dyn Inside) -> BTreeSet<String> {
    inside.entries().iter().map(|e| e.path.clone()).collect()
}

/// What libarchive lists; `None` where its tool is not installed or does not read the package.
fn theirs(path: &Path) -> Option<BTreeSet<String>> {
    let answer = Command::new("bsdtar").arg("-tf").arg(path).output().ok()?;
    let text = String::from_utf8(answer.stdout).ok()?;
    let name = |line: &str| {
        line.trim_start_matches("./")
            .trim_end_matches('/')
            .to_owned()
    };
    answer
        .status
        .success()
        .then(|| text.lines().map(name).collect())
}

#[test]
fn files_have_the_names_that_libarchive_gives_them() {
    let Some(suite) = corpus("platforms") else {
        return;
    };
    let mut compared = 0;
    for (name, package) in packages() {
        if BROKEN.iter().any(|(path, _)| *path == name) {
            continue;
        }
        let Ok(Some(inside)) = Rpm.open(&package, &budget()) else {
            continue;
        };
        // libarchive does not know records without names.
        let Some(theirs) = theirs(&suite.join(&name)) else {
            continue;
        };
        compared += 1;
        assert_eq!(ours(&*inside), theirs, "{name}");
    }
    println!("{compared} packages compared");
}
