//! What the user named: an address, a copy on disk, a bundle, or the configuration of a client.

use std::path::{Path, PathBuf};

use anyhow::anyhow;

use super::{anchors, of_bundle, unavailable};
use crate::channel::{self, Dialect, Hint, Request};
use crate::cli::Failure;
use crate::cli::args::ChannelAsk;
use crate::cli::exit::Exit;
use crate::model::collection::Collection;
use crate::source::collect::bundle;
use crate::source::collect::{Asker, Copy, listed};
use crate::source::file;

/// Largest configuration file of a client.
const MAX_CONFIGURATION: u64 = 1 << 20;

/// One channel to be looked at.
pub(super) struct Target {
    /// As the user named it.
    pub(super) named: String,
    pub(super) dialect: &'static dyn Dialect,
    pub(super) request: Request,
    pub(super) place: Place,
}

/// Where its answers come from.
pub(super) enum Place {
    /// The network.
    Net,
    /// A copy on disk.
    Copy(PathBuf),
    /// A bundle that was read.
    Recorded(Collection),
}

impl Target {
    /// Who answers.
    pub(super) fn asker(&self, ask: &ChannelAsk) -> Result<Box<dyn Asker>, Failure> {
        match &self.place {
            Place::Copy(root) => Ok(Box::new(Copy::open(root)?)),
            Place::Net | Place::Recorded(_) => net(&self.request.target, ask),
        }
    }
}

#[cfg(feature = "net")]
fn net(target: &str, ask: &ChannelAsk) -> Result<Box<dyn Asker>, Failure> {
    let url = target
        .split_ascii_whitespace()
        .find(|w| w.contains("://"))
        .unwrap_or_default();
    Ok(Box::new(crate::source::collect::Net::new(
        url,
        &ask.allow_host,
        ask.allow_private,
        ask.vantage.clone(),
    )))
}

#[cfg(not(feature = "net"))]
fn net(_: &str, _: &ChannelAsk) -> Result<Box<dyn Asker>, Failure> {
    Err(unavailable(anyhow!("built without network support")))
}

/// The channels that `named` names.
pub(super) fn open(named: &str, ask: &ChannelAsk) -> Result<Vec<Target>, Failure> {
    let path = Path::new(named);
    if path.is_dir() && bundle::is_bundle(path) {
        return recorded(named, path, ask).map(|t| vec![t]);
    }
    if path.is_dir() {
        let mut request = asked(ask);
        request.target = "file:///".to_owned();
        request.files = listed(path);
        let place = Place::Copy(path.to_owned());
        return finished(named, request, place, ask).map(|t| vec![t]);
    }
    if path.is_file() {
        return configured(named, path, ask);
    }
    let mut request = asked(ask);
    request.target = named.to_owned();
    finished(named, request, Place::Net, ask).map(|t| vec![t])
}

/// The one channel that `named` names.
pub(super) fn one(named: &str, ask: &ChannelAsk) -> Result<Target, Failure> {
    let mut targets = open(named, ask)?;
    match (targets.pop(), targets.pop()) {
        (Some(target), None) => Ok(target),
        (None, _) => Err(Failure::usage(anyhow!("{named}: no channel"))),
        (Some(_), Some(_)) => Err(Failure::usage(anyhow!(
            "{named} names several channels; name one of them by its own line"
        ))),
    }
}

/// A copy that was collected names its places by its own root; which files there were is seen from the answers.
pub(super) fn files_of(have: &Collection) -> Vec<String> {
    let urls = have.all.iter().map(|c| c.fetch.url.as_str());
    urls.filter_map(|u| u.strip_prefix("file:///"))
        .map(str::to_owned)
        .collect()
}

fn asked(ask: &ChannelAsk) -> Request {
    Request {
        products: ask.products.clone(),
        options: ask.settings.iter().cloned().collect(),
        ..Request::default()
    }
}

fn recorded(named: &str, path: &Path, ask: &ChannelAsk) -> Result<Target, Failure> {
    let (head, have) = bundle::read(path).map_err(of_bundle)?;
    let dialect = channel::find(&head.kind)
        .ok_or_else(|| Failure::usage(anyhow!("{named}: no kind of channel `{}`", head.kind)))?;
    let mut request = Request {
        target: head.target,
        products: head.products,
        options: head.options,
        ..Request::default()
    };
    request.files = files_of(&have);
    request.options.extend(ask.settings.iter().cloned());
    request.anchors = anchors::of(dialect, &mut request, ask)?;
    Ok(Target {
        named: named.to_owned(),
        dialect,
        request,
        place: Place::Recorded(have),
    })
}

fn finished(
    named: &str,
    mut request: Request,
    place: Place,
    ask: &ChannelAsk,
) -> Result<Target, Failure> {
    let kinds = || -> String {
        let kinds: Vec<&str> = channel::ALL.iter().map(|d| d.card().kind).collect();
        kinds.join(", ")
    };
    let dialect = match &ask.kind {
        Some(kind) => channel::find(kind)
            .ok_or_else(|| anyhow!("no kind of channel `{kind}`; there are {}", kinds())),
        None => channel::sniff(&Hint {
            target: &request.target,
            files: &request.files,
        })
        .ok_or_else(|| {
            anyhow!(
                "{named}: of no kind that is known; --kind is one of {}",
                kinds()
            )
        }),
    };
    let dialect = dialect.map_err(Failure::usage)?;
    request.anchors = anchors::of(dialect, &mut request, ask)?;
    Ok(Target {
        named: named.to_owned(),
        dialect,
        request,
        place,
    })
}

/// The channels that a file configures: by its own name as a client's configuration, or by what is found inside it.
fn configured(named: &str, path: &Path, ask: &ChannelAsk) -> Result<Vec<Target>, Failure> {
    let full = std::fs::canonicalize(path)?;
    let wrong = |error: channel::Error| Failure {
        exit: Exit::Input,
        error: anyhow!("{named}: {error}"),
    };
    let mut requests = Vec::new();
    if let Ok(bytes) = file::read(path, MAX_CONFIGURATION) {
        for dialect in channel::ALL {
            let found = dialect.configured(&full.to_string_lossy(), &bytes);
            requests.extend(found.map_err(wrong)?.into_iter().map(|r| (*dialect, r)));
        }
    }
    if requests.is_empty() {
        for config in super::discover::of_file(path)? {
            for dialect in channel::ALL {
                let found = super::discover::requests(*dialect, &config).map_err(wrong)?;
                requests.extend(found.into_iter().map(|r| (*dialect, r)));
            }
        }
    }
    requests.retain(|(d, _)| ask.kind.as_deref().is_none_or(|k| k == d.card().kind));
    if requests.is_empty() {
        return Err(unavailable(anyhow!(
            "{named}: nothing in it configures a channel that can be checked"
        )));
    }
    requests
        .into_iter()
        .map(|(dialect, mut request)| {
            request.products.extend(ask.products.iter().cloned());
            request.options.extend(ask.settings.iter().cloned());
            request.anchors = anchors::of(dialect, &mut request, ask)?;
            Ok(Target {
                named: format!("{named}: {}", request.target),
                dialect,
                request,
                place: Place::Net,
            })
        })
        .collect()
}
