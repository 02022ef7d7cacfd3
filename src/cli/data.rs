//! `data`: how old the data are, and newer ones: restricted-party lists and root lists.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, anyhow};

use crate::base::data as embedded;
use crate::base::time::Time;
use crate::cli::Failure;
#[cfg(feature = "net")]
use crate::cli::args::UpdateArgs;
use crate::cli::args::{DataArgs, DataVerb, ImportArgs, KeptArgs};
use crate::cli::exit::Exit;
#[cfg(feature = "net")]
use crate::cli::output::complain;
use crate::cli::output::print;
use crate::cli::setup::{CURRENT, IMPORTED, Setup, read_anchors, read_der, trust_store};
use crate::cli::{legal_entities, lists};
use crate::cli::{lint, network};
use crate::policy::Settings;
use crate::source::{clock, data_dir, output, walk};
use crate::verify::profile::Profile;
use crate::verify::store::import::{Removals, import};

pub(super) fn run(args: &DataArgs) -> Result<Exit, Failure> {
    let dir = || {
        args.data_dir
            .clone()
            .or_else(data_dir::path)
            .ok_or_else(|| Failure::usage(anyhow!("no home directory; set BONAFIDE_DATA")))
    };
    match &args.verb {
        DataVerb::Lint(args) => lint::run(args),
        DataVerb::Status { at } => status(*at, args.data_dir.clone()),
        DataVerb::Import(import) if import.certificates.is_empty() => import_list(import, &dir()?),
        DataVerb::Import(import) => import_roots(import, &dir()?),
        #[cfg(feature = "net")]
        DataVerb::Update(update) => update_lists(update, &dir()?),
        DataVerb::BuildNetwork(args) => network::build(args),
    }
}

fn status(at: Option<Time>, data_dir: Option<PathBuf>) -> Result<Exit, Failure> {
    let kept = KeptArgs {
        data_dir,
        persons: false,
    };
    let setup = Setup::load(at, &[], Settings::default(), &kept)?;
    let mut text = String::new();
    let mut row = |id: &str, as_of: &str, what: &str| {
        let _ = writeln!(text, "{id:<28} {as_of:<12} {what}");
    };
    for profile in [Profile::Windows, Profile::Uefi, Profile::Kernel] {
        for bundle in setup.store.bundles(profile) {
            let origin = if bundle.imported {
                "imported"
            } else {
                "compiled in"
            };
            let age = bundle
                .stale_days(setup.now)
                .map(|d| format!(", {d} days old: stale"))
                .unwrap_or_default();
            row(
                bundle.id,
                &bundle.as_of.date().to_string(),
                &format!("{} entries, {origin}{age}", bundle.count),
            );
        }
    }
    row(
        "disallowed-certificates",
        "-",
        setup.store.disallowed_list().status(),
    );
    let oldest = setup
        .vendors
        .as_of()
        .map(|d| d.to_string())
        .unwrap_or_default();
    row(
        "vendors",
        &oldest,
        &format!("{} vendors (oldest entry)", embedded::VENDORS.len()),
    );
    let oldest = setup
        .instruments
        .as_of()
        .map(|d| d.to_string())
        .unwrap_or_default();
    row(
        "instruments",
        &oldest,
        &format!("{} instruments (oldest entry)", setup.instruments.len()),
    );
    row(
        "operators",
        "-",
        &format!("{} operators of authorities", embedded::OPERATORS.len()),
    );
    let folder = kept.folder();
    text.push_str(&lists::status(folder.as_deref(), setup.now));
    text.push_str(&legal_entities::status(folder.as_deref(), setup.now));
    print(&text)?;
    Ok(Exit::Done)
}

/// Failures of a list are of the input, and leave the old version in use.
fn unusable(error: anyhow::Error) -> Failure {
    Failure {
        exit: Exit::Input,
        error,
    }
}

/// Each file of the LEI system is a data set of its own; a list may have several files.
fn import_list(args: &ImportArgs, dir: &Path) -> Result<Exit, Failure> {
    let mut given = Vec::new();
    if args.id.is_none() {
        for path in &args.files {
            given.extend(legal_entities::given(path).map_err(Failure::usage)?);
        }
    }
    if given.len() == args.files.len() {
        for file in &given {
            let now = clock::now();
            let shrink = args.accept_shrink;
            let told = legal_entities::import(dir, file, now, args.as_of, shrink);
            print(&told.map_err(unusable)?)?;
        }
        return Ok(Exit::Done);
    }
    if let Some(file) = given.first() {
        return Err(Failure::usage(anyhow!(
            "{}: {}; the other files are something else: import them apart",
            file.path.display(),
            file.set.title()
        )));
    }
    let (spec, given, modified) = lists::open(&args.files, args.id.as_deref())?;
    let as_of = args.as_of.or(modified);
    let now = clock::now();
    let outcome =
        lists::install(dir, &spec, given, now, as_of, args.accept_shrink).map_err(unusable)?;
    print(&lists::summary(&spec, &outcome))?;
    Ok(Exit::Done)
}

#[cfg(feature = "net")]
fn update_lists(args: &UpdateArgs, dir: &Path) -> Result<Exit, Failure> {
    let mut urls = std::collections::BTreeMap::new();
    for pair in &args.urls {
        let (id, url) = pair
            .split_once('=')
            .ok_or_else(|| Failure::usage(anyhow!("--url {pair}: not ID=URL")))?;
        urls.insert(id.to_owned(), url.to_owned());
    }
    let mut ids: Vec<String> = args.ids.clone();
    ids.extend(urls.keys().filter(|id| !args.ids.contains(id)).cloned());
    if ids.is_empty() {
        ids = lists::Store::open(Some(dir), false).ids();
    }
    if ids.is_empty() {
        return Err(Failure::usage(anyhow!(
            "no list is installed yet; name one: {}",
            lists::known()
        )));
    }
    let mut exit = Exit::Done;
    for id in &ids {
        let spec = lists::spec(id)?;
        let options = lists::Options {
            url: urls.get(id).map(String::as_str),
            timeout: std::time::Duration::from_secs(args.timeout),
            accept_shrink: args.accept_shrink,
        };
        match lists::update(dir, &spec, &options, clock::now()) {
            Ok(Some(outcome)) => print(&lists::summary(&spec, &outcome))?,
            Ok(None) => print(&format!("{id}: not changed\n"))?,
            // The others are fetched all the same.
            Err(error) => {
                complain(&format!("{error:#}"));
                exit = exit.worst(Exit::Unavailable);
            }
        }
    }
    Ok(exit)
}

fn import_roots(args: &ImportArgs, dir: &Path) -> Result<Exit, Failure> {
    let [path] = args.files.as_slice() else {
        return Err(Failure::usage(anyhow!("one root list at a time")));
    };
    let list = read_der(path)?;
    let mut certificates = Vec::new();
    for path in &args.certificates {
        for file in files(path) {
            certificates.extend(read_anchors(&file)?.into_iter().map(|c| c.der.clone()));
        }
    }
    let current = trust_store(Some(dir))?;
    let removals = if args.accept_shrink {
        Removals::Accept
    } else {
        Removals::Refuse
    };
    let plan = import(&list, &certificates, &current, removals)
        .with_context(|| path.display().to_string())
        .map_err(|error| Failure {
            exit: Exit::Input,
            error,
        })?;
    print(&plan.text())?;
    if args.dry_run {
        return Ok(Exit::Done);
    }
    let dir = dir.join(IMPORTED);
    let folder = dir.join(&plan.sequence);
    std::fs::create_dir_all(&folder)?;
    for (name, bytes) in &plan.files {
        output::write(&folder.join(name), bytes)?;
    }
    output::write(&dir.join(CURRENT), plan.sequence.as_bytes())?;
    Ok(Exit::Done)
}

fn files(path: &Path) -> Vec<PathBuf> {
    if !path.is_dir() {
        return vec![path.to_path_buf()];
    }
    walk::files(path)
        .into_iter()
        .filter_map(|entry| match entry {
            walk::Entry::File(path) => Some(path),
            walk::Entry::Skipped(_) | walk::Entry::Unreadable(..) => None,
        })
        .collect()
}
