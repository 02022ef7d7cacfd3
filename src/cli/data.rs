//! `data`: how old the data are, and newer root lists.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::{Context as _, anyhow};

use crate::base::data as embedded;
use crate::base::time::Time;
use crate::cli::Failure;
use crate::cli::args::{DataArgs, DataVerb, ImportArgs};
use crate::cli::exit::Exit;
use crate::cli::output::print;
use crate::cli::setup::{CURRENT, IMPORTED, Setup, read_anchors, read_der, trust_store};
use crate::cli::{lint, network};
use crate::policy::Settings;
use crate::source::{data_dir, output, walk};
use crate::verify::profile::Profile;
use crate::verify::store::import::{Removals, import};

pub(super) fn run(args: &DataArgs) -> Result<Exit, Failure> {
    match &args.verb {
        DataVerb::Status { at } => status(*at),
        DataVerb::Import(args) => import_roots(args),
        DataVerb::Lint(args) => lint::run(args),
        DataVerb::BuildNetwork(args) => network::build(args),
    }
}

fn status(at: Option<Time>) -> Result<Exit, Failure> {
    let setup = Setup::load(at, &[], Settings::default())?;
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
    print(&text)?;
    Ok(Exit::Done)
}

fn import_roots(args: &ImportArgs) -> Result<Exit, Failure> {
    let list = read_der(&args.list)?;
    let mut certificates = Vec::new();
    for path in &args.certificates {
        for file in files(path) {
            certificates.extend(read_anchors(&file)?.into_iter().map(|c| c.der.clone()));
        }
    }
    let current = trust_store()?;
    let removals = if args.accept_shrink {
        Removals::Accept
    } else {
        Removals::Refuse
    };
    let plan = import(&list, &certificates, &current, removals)
        .with_context(|| args.list.display().to_string())
        .map_err(|error| Failure {
            exit: Exit::Input,
            error,
        })?;
    print(&plan.text())?;
    if args.dry_run {
        return Ok(Exit::Done);
    }
    let dir = data_dir::path()
        .ok_or_else(|| Failure::usage(anyhow!("no home directory; set BONAFIDE_DATA")))?
        .join(IMPORTED);
    let folder = dir.join(&plan.sequence);
    std::fs::create_dir_all(&folder)?;
    for (name, bytes) in &plan.files {
        output::write(&folder.join(name), bytes)?;
    }
    output::write(&dir.join(CURRENT), plan.sequence.as_bytes())?;
    Ok(Exit::Done)
}

fn files(path: &Path) -> Vec<std::path::PathBuf> {
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
