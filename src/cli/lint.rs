//! `data lint`: the rules of `data/`, over the compiled-in files or over those of a contributor.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, anyhow};

use crate::base::data::{INSTRUMENTS, OPERATORS, VENDORS};
use crate::cli::Failure;
use crate::cli::args::LintArgs;
use crate::cli::exit::Exit;
use crate::cli::output::{complain, print};
use crate::jurisdiction::Operators;
use crate::screening::Instruments;
use crate::source::{file, walk};
use crate::vendor::{Registry, Vendor, lint};

/// Largest data file; the largest that ships has a fiftieth of it.
const MAX_FILE: u64 = 4 << 20;

/// Stem and text of a file.
type Named = (String, String);

/// The files to check, by the room whose rules they keep.
#[derive(Default)]
struct Files {
    vendors: Vec<Named>,
    operators: Vec<Named>,
    instruments: Vec<Named>,
}

pub(super) fn run(args: &LintArgs) -> Result<Exit, Failure> {
    let (files, shipped) = if args.paths.is_empty() {
        (Files::shipped(), BTreeMap::new())
    } else {
        (Files::given(&args.paths)?, beside()?)
    };
    let checked = files.len();
    if checked == 0 {
        return Err(Failure::usage(anyhow!("no .toml file to check")));
    }
    let problems = files.problems(shipped);
    for problem in &problems {
        complain(problem);
    }
    if problems.is_empty() {
        print(&format!("{checked} files keep the rules\n"))?;
        Ok(Exit::Done)
    } else {
        Ok(Exit::Usage)
    }
}

/// The compiled-in vendors, which relations may lead to.
fn beside() -> Result<BTreeMap<String, Vendor>, Failure> {
    let registry = Registry::bundled().map_err(|e| Failure::usage(anyhow!("{e}")))?;
    Ok(registry.iter().map(|v| (v.id.clone(), v.clone())).collect())
}

impl Files {
    fn shipped() -> Self {
        let owned = |table: &[(&str, &str)]| {
            let own = |(stem, text): &(&str, &str)| ((*stem).to_owned(), (*text).to_owned());
            table.iter().map(own).collect()
        };
        Self {
            vendors: owned(VENDORS),
            operators: owned(OPERATORS),
            instruments: owned(INSTRUMENTS),
        }
    }

    /// A directory named `operators` or `instruments` holds those; any other file is a vendor's.
    fn given(paths: &[PathBuf]) -> Result<Self, Failure> {
        let mut files = Self::default();
        for path in paths {
            if path.is_dir() {
                for entry in walk::files(path) {
                    match entry {
                        walk::Entry::File(found) if is_data(&found) => files.add(&found)?,
                        walk::Entry::File(_) | walk::Entry::Skipped(_) => {}
                        walk::Entry::Unreadable(found, error) => {
                            return Err(Failure::usage(anyhow!("{}: {error}", found.display())));
                        }
                    }
                }
            } else {
                files.add(path)?;
            }
        }
        Ok(files)
    }

    fn add(&mut self, path: &Path) -> Result<(), Failure> {
        let text = file::read_text(path, MAX_FILE)
            .with_context(|| path.display().to_string())
            .map_err(Failure::usage)?;
        let stem = path.file_stem().map(|s| s.to_string_lossy().into_owned());
        let named = (stem.unwrap_or_default(), text);
        let folder = path
            .parent()
            .and_then(Path::file_name)
            .unwrap_or_default()
            .to_string_lossy();
        match folder.as_ref() {
            "operators" => self.operators.push(named),
            "instruments" => self.instruments.push(named),
            _ => self.vendors.push(named),
        }
        Ok(())
    }

    fn len(&self) -> usize {
        [&self.vendors, &self.operators, &self.instruments]
            .iter()
            .fold(0, |sum, files| sum.saturating_add(files.len()))
    }

    fn problems(&self, mut beside: BTreeMap<String, Vendor>) -> Vec<String> {
        beside.retain(|slug, _| !self.vendors.iter().any(|(stem, _)| stem == slug));
        let (_, broken) = lint::files(borrowed(&self.vendors), &beside);
        let mut problems: Vec<String> = broken.iter().map(ToString::to_string).collect();
        // These rooms stop at the first broken rule of a file.
        for (stem, text) in borrowed(&self.operators) {
            problems.extend(
                Operators::read(&[(stem, text)])
                    .err()
                    .map(|e| e.to_string()),
            );
        }
        for (stem, text) in borrowed(&self.instruments) {
            problems.extend(
                Instruments::parse([(stem, text)])
                    .err()
                    .map(|e| e.to_string()),
            );
        }
        if problems.is_empty() && self.operators.len() > 1 {
            let all: Vec<(&str, &str)> = borrowed(&self.operators).collect();
            problems.extend(Operators::read(&all).err().map(|e| e.to_string()));
        }
        problems
    }
}

fn is_data(path: &Path) -> bool {
    path.extension().is_some_and(|e| e == "toml")
}

fn borrowed(files: &[Named]) -> impl Iterator<Item = (&str, &str)> {
    files
        .iter()
        .map(|(stem, text)| (stem.as_str(), text.as_str()))
}
