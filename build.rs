//! Lists the data files that are compiled in, so that adding one is adding a file and nothing else.

use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs, io};

/// Static, directory, extension, what the list holds.
const TABLES: [(&str, &str, &str, &str); 7] = [
    (
        "VENDORS",
        "data/vendors",
        "toml",
        "The vendor registry, one vendor a file.",
    ),
    (
        "INSTRUMENTS",
        "data/instruments",
        "toml",
        "Legal instruments, one a file.",
    ),
    (
        "LISTS",
        "data/lists",
        "toml",
        "Restricted-party lists: where each is published, one a file.",
    ),
    (
        "OPERATORS",
        "data/operators",
        "toml",
        "Operators of certificate and timestamp authorities, one a file.",
    ),
    (
        "FINDING_DOCS",
        "docs/findings",
        "md",
        "The long text of every finding, named by its id.",
    ),
    (
        "NETWORK",
        "data/network",
        "toml",
        "Operators of networks and registries of top-level domains.",
    ),
    ("POLICIES", "policies", "rego", "Built-in policies."),
];

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=build.rs");
    let root = env::var("CARGO_MANIFEST_DIR").map_err(io::Error::other)?;
    let out = env::var("OUT_DIR").map_err(io::Error::other)?;
    let mut code = String::new();
    for (name, directory, extension, doc) in TABLES {
        println!("cargo::rerun-if-changed={directory}");
        let mut files = names(&Path::new(&root).join(directory), extension)?;
        files.sort();
        let _ = writeln!(code, "/// {doc}\npub static {name}: &[(&str, &str)] = &[");
        for stem in files {
            let _ = writeln!(
                code,
                "    ({stem:?}, include_str!(concat!(env!(\"CARGO_MANIFEST_DIR\"), {:?}))),",
                format!("/{directory}/{stem}.{extension}")
            );
        }
        let _ = writeln!(code, "];");
    }
    fs::write(Path::new(&out).join("embedded.rs"), code)
}

/// File stems of one directory; a directory that is not there yet is an empty list.
fn names(directory: &Path, extension: &str) -> io::Result<Vec<String>> {
    let entries = match fs::read_dir(directory) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let mut stems = Vec::new();
    for entry in entries {
        let path = entry?.path();
        let stem = path.file_stem().and_then(|s| s.to_str());
        if let (Some(stem), Some(found)) = (stem, path.extension())
            && found == extension
            && stem != "README"
        {
            stems.push(stem.to_owned());
        }
    }
    Ok(stems)
}
