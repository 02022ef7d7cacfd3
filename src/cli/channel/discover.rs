//! `channel discover`: which channels a product or a package is configured with, and what its client is told to trust.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::anyhow;

use crate::base::blob::ReadAt;
use crate::base::budget::{Budget, Limits};
use crate::base::text::shown;
use crate::channel::{self, Dialect, Request};
use crate::cli::Failure;
use crate::cli::args::ChannelDiscoverArgs;
use crate::cli::exit::Exit;
use crate::cli::output::{complain, print};
use crate::model::updater::UpdaterConfig;
use crate::pipeline::{self, Options};
use crate::report::json::{Updater, write};
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
        let mut text = Vec::new();
        write::pretty(&rows, &mut text)?;
        print(&format!("{}\n", String::from_utf8_lossy(&text)))?;
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
        match requests(*dialect, config) {
            Ok(all) => out.extend(all.iter().filter_map(|r| command(*dialect, &r.target))),
            Err(error) => out.push_str(&format!("  check   {}\n", shown(&error.to_string()))),
        }
    }
    out
}

/// The channels of a kind that a configuration inside a product names.
pub(super) fn requests(
    dialect: &dyn Dialect,
    config: &UpdaterConfig,
) -> Result<Vec<Request>, channel::Error> {
    let of_kind = config.kind.name() == dialect.card().kind;
    if of_kind && !config.feeds.is_empty() && !config.is_whole() {
        return Err(channel::Error::Malformed {
            what: config.source.clone(),
            offset: u64::try_from(config.excerpt.len()).unwrap_or(u64::MAX),
            why: "no more of it was kept; take the file out and name it".to_owned(),
        });
    }
    dialect.configured(&config.source, config.excerpt.as_bytes())
}

/// The line that checks `target`; none where a shell or a terminal could take it for something else.
fn command(dialect: &dyn Dialect, target: &str) -> Option<String> {
    let plain = !target.contains('\'') && shown(target) == target;
    let kind = dialect.card().kind;
    plain.then(|| format!("  check   bonafide channel check --kind {kind} '{target}'\n"))
}

#[cfg(test)]
mod tests {
    use super::command;
    use crate::channel;

    #[test]
    fn a_suggested_line_holds_nothing_that_a_shell_expands() {
        let apt = channel::find("apt").unwrap();
        let line = command(apt, "deb https://h.example/$(id) s").unwrap();
        assert!(
            line.ends_with("'deb https://h.example/$(id) s'\n"),
            "{line}"
        );
        for hostile in [
            "https://h.example/';id;' s",
            "https://h.example/\u{1b}[2J s",
            "a\\b",
        ] {
            assert_eq!(command(apt, hostile), None, "{hostile}");
        }
    }
}
