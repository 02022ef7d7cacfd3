//! Configuration of updaters, recognised inside a product: where it looks for updates, what it trusts, which checks are off.
//!
//! It is what the file says, not what the client does: defaults of a client that the file does not state are not added, save where
//! that a setting is missing is itself the switch. Nothing is fetched.
//!
//! # How to add an updater
//!
//! One file with a `Dialect`, its `mod` line and its entry in `ALL`, and its kind in `model::updater`.

mod app_installer;
mod apt;
mod clickonce;
mod draft;
mod electron;
mod embedded;
mod extension;
pub mod findings;
mod sparkle;
mod squirrel;
mod tauri;
#[cfg(test)]
mod tests;
mod velopack;
mod wingup;
mod yum;

use crate::base::budget::Exceeded;
use crate::format::{Error, config};
use crate::model::evidence::{Evidence, Source};
use crate::model::finding::{Finding, Status};
use crate::model::updater::{Effect, UpdaterConfig};

pub use apt::yes_or_no;
pub use embedded::embedded;

/// Every dialect, in the order they are asked.
static ALL: &[&dyn Dialect] = &[
    &electron::Electron,
    &wingup::WinGup,
    &squirrel::Squirrel,
    &velopack::Velopack,
    &clickonce::ClickOnce,
    &app_installer::AppInstaller,
    &sparkle::Sparkle,
    &tauri::Tauri,
    &apt::Apt,
    &yum::Yum,
    &extension::Extension,
];

/// One updater's configuration files.
trait Dialect: Sync {
    /// Whether a file of this path may be one.
    fn wants(&self, path: &Path<'_>) -> bool;

    /// Reads one; `None` where the file is something else of the same name.
    fn read(&self, path: &Path<'_>, bytes: &[u8]) -> Result<Option<UpdaterConfig>, Error>;
}

/// A path inside a container, or as the user named it, with `/` or `\` between parts.
struct Path<'p> {
    whole: &'p str,
    /// Lower case, with `/` between parts and at the start.
    folded: String,
}

impl<'p> Path<'p> {
    fn new(whole: &'p str) -> Self {
        let mut folded = String::from("/");
        folded.push_str(&whole.replace('\\', "/").to_ascii_lowercase());
        Self { whole, folded }
    }

    fn name(&self) -> &str {
        self.folded.rsplit('/').next().unwrap_or_default()
    }

    fn ends_with(&self, ending: &str) -> bool {
        self.folded.ends_with(ending)
    }

    fn is_in(&self, folder: &str) -> bool {
        self.folded.contains(folder)
    }
}

/// Whether a file of this path may be the configuration of an updater, and so be worth reading.
pub fn wants(path: &str) -> bool {
    let path = Path::new(path);
    ALL.iter().any(|dialect| dialect.wants(&path))
}

/// Reads a file as the configuration of an updater; `None` where it is none.
///
/// # Errors
/// Where the name is an updater's and the content breaks the rules of its syntax, or is over a limit.
pub fn read(path: &str, bytes: &[u8]) -> Result<Option<UpdaterConfig>, Error> {
    let path = Path::new(path);
    for dialect in ALL.iter().filter(|d| d.wants(&path)) {
        if u64::try_from(bytes.len()).unwrap_or(u64::MAX) > config::MAX_FILE {
            return Err(Exceeded::Size(config::MAX_FILE).into());
        }
        if let Some(config) = dialect.read(&path, bytes)? {
            return Ok(Some(config));
        }
    }
    Ok(None)
}

/// What a configuration gives reason to look at.
pub fn findings(config: &UpdaterConfig) -> Vec<Finding> {
    let mut out = Vec::new();
    let plain: Vec<_> = config
        .feeds
        .iter()
        .filter(|f| {
            f.url
                .get(..7)
                .is_some_and(|s| s.eq_ignore_ascii_case("http://"))
        })
        .collect();
    if let Some(first) = plain.first() {
        let more = match plain.len() {
            1 => String::new(),
            n => format!(" and {} more", n.saturating_sub(1)),
        };
        let message = format!(
            "{} looks for updates at {}{more}",
            config.kind.name(),
            first.url
        );
        let finding = Finding::new(&findings::UPDATE_FEED_OVER_HTTP, Status::Review, message);
        out.push(
            plain
                .iter()
                .fold(finding, |f, feed| f.with(evidence(&feed.span, &feed.url))),
        );
    }
    let unsigned: Vec<_> = config
        .switches
        .iter()
        .filter(|s| s.effect == Effect::AcceptsUnsigned)
        .collect();
    if !unsigned.is_empty() {
        let stated: Vec<String> = unsigned
            .iter()
            .map(|s| format!("{}: {}", s.name, s.value))
            .collect();
        let message = format!(
            "{} installs what no signature was checked of ({})",
            config.kind.name(),
            stated.join("; ")
        );
        let finding = Finding::new(&findings::UPDATER_ACCEPTS_UNSIGNED, Status::Review, message);
        out.push(
            unsigned
                .iter()
                .fold(finding, |f, s| f.with(evidence(&s.span, &s.value))),
        );
    }
    out
}

fn evidence(span: &std::ops::Range<u64>, text: &str) -> Evidence {
    Evidence::bytes(
        Source::Embedded,
        span.start,
        span.end.saturating_sub(span.start),
    )
    .excerpt(text)
}
