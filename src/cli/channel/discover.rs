//! `channel discover`: which channels a product or a package is configured with, and what its client is told to trust.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::anyhow;

use crate::base::blob::ReadAt;
use crate::base::budget::{Budget, Limits};
use crate::base::text::shown;
use crate::channel;
use crate::cli::Failure;
use crate::cli::args::ChannelDiscoverArgs;
use crate::cli::exit::Exit;
use crate::cli::output::{complain, print};
use crate::model::updater::UpdaterConfig;
use crate::pipeline::{self, Options};
use crate::report::json::Updater;
use crate::source::clock::Stopwatch;
use crate::source::file::{FileBlob, Spooled};
use crate::source::walk::{self, Entry};

pub(super) fn run(args: &ChannelDiscoverArgs) -> Result<Exit, Failure> {
    let mut found: Vec<UpdaterConfig> = Vec::new();
    for path in &args.subjects {
        if path.is_dir() {
            for entry in walk::files(path) {
                match entry {
                    Entry::File(file) => found.extend(of_file(&file)?),
                    Entry::Skipped(_) => {}
                    Entry::Unreadable(path, error) => {
                        complain(&format!("{}: {error}", path.display()));
                    }
                }
            }
        } else {
            found.extend(of_file(path)?);
        }
    }
    if args.json {
        let rows: Vec<Updater> = found.iter().map(Into::into).collect();
        let text = serde_json::to_string_pretty(&rows).map_err(Failure::usage)?;
        print(&format!("{text}\n"))?;
    } else {
        for config in &found {
            print(&page(config))?;
        }
    }
    if found.is_empty() {
        complain("no updater's configuration was found; that is no proof that there is none");
        return Ok(Exit::Unavailable);
    }
    Ok(Exit::Done)
}

/// The configurations of updaters in one file and in all that is inside it.
pub(super) fn of_file(path: &Path) -> Result<Vec<UpdaterConfig>, Failure> {
    let blob: Arc<dyn ReadAt> = Arc::new(FileBlob::open(path).map_err(|e| Failure {
        exit: Exit::Input,
        error: anyhow!("{}: {e}", path.display()),
    })?);
    let clock = Stopwatch::start();
    let budget = Budget::start(Limits::default(), &clock);
    let options = Options {
        budget: &budget,
        spool: &Spooled,
        catalogs: false,
    };
    // A client's folder decides what a file is: the whole path is asked about.
    let full: PathBuf = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let examined = pipeline::examine(&full.to_string_lossy(), &blob, &options);
    Ok(examined.updaters())
}

fn page(config: &UpdaterConfig) -> String {
    let mut out = format!("{} in {}\n", config.kind.name(), shown(&config.source));
    for feed in &config.feeds {
        out.push_str(&format!("  feed    {}\n", shown(&feed.url)));
    }
    for anchor in &config.anchors {
        out.push_str(&format!(
            "  trusts  {} {}\n",
            anchor.what,
            shown(&anchor.value)
        ));
    }
    for switch in &config.switches {
        out.push_str(&format!(
            "  switch  {}: {}\n",
            shown(&switch.name),
            shown(&switch.value)
        ));
    }
    for dialect in channel::ALL {
        for request in dialect.configured(&config.source, config.excerpt.as_bytes()) {
            out.push_str(&format!(
                "  check   bonafide channel check --kind {} \"{}\"\n",
                dialect.card().kind,
                shown(&request.target)
            ));
        }
    }
    out
}
