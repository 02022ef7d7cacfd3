//! How it updates itself, and whom it names: updates first, noise counted only.

use std::io;

use super::page::{Page, Tone};
use super::words::{handles, shown};
use crate::report::json::words::{EndpointKind, UpdaterEffect};
use crate::report::json::{Endpoint, Report, Updater};

/// Addresses shown unless more is asked for.
const SHOWN: usize = 6;

pub(super) fn write(report: &Report, verbosity: u8, page: &mut Page<'_>) -> io::Result<()> {
    updaters(report, verbosity, page)?;
    let mut named: Vec<&Endpoint> = Vec::new();
    let mut noise = 0usize;
    for endpoint in report.hosts.values().flat_map(|h| &h.endpoints) {
        if endpoint.noise.is_some() {
            noise = noise.saturating_add(1);
        } else {
            named.push(endpoint);
        }
    }
    if named.is_empty() && noise == 0 {
        return Ok(());
    }
    named.sort_by(|a, b| (a.kind, &a.address).cmp(&(b.kind, &b.address)));
    let limit = if verbosity > 0 { usize::MAX } else { SHOWN };
    let mut label = "Names";
    for endpoint in named.iter().take(limit) {
        let text = format!(
            "{}{}",
            shown(&endpoint.address),
            handles(&endpoint.evidence, verbosity)
        );
        page.toned_row(label, (tone(endpoint.kind), endpoint.kind.name()), &text)?;
        label = "";
    }
    let more = named.len().saturating_sub(limit);
    let mut rest = Vec::new();
    if more > 0 {
        rest.push(format!("{more} more"));
    }
    if noise > 0 {
        rest.push(format!(
            "{noise} of schemas, certificates, manuals and the like"
        ));
    }
    if !rest.is_empty() {
        let lead = if named.is_empty() { "" } else { "and " };
        page.row(label, &format!("{lead}{}", rest.join(", ")))?;
    }
    Ok(())
}

fn updaters(report: &Report, verbosity: u8, page: &mut Page<'_>) -> io::Result<()> {
    let all: Vec<&Updater> = report.subjects.iter().flat_map(|s| &s.updater).collect();
    let limit = if verbosity > 0 { usize::MAX } else { SHOWN };
    let mut label = "Updates by";
    for updater in all.iter().take(limit) {
        let feeds: Vec<String> = updater
            .feeds
            .iter()
            .take(limit)
            .map(|f| shown(&f.url))
            .collect();
        let mut text = if feeds.is_empty() {
            "names no feed".to_owned()
        } else {
            format!("from {}", feeds.join(", "))
        };
        let mut trusts: Vec<&str> = updater.anchors.iter().map(|a| a.what.as_str()).collect();
        trusts.dedup();
        if !trusts.is_empty() {
            let words: Vec<String> = trusts.into_iter().map(shown).collect();
            text.push_str(&format!("; trusts {}", words.join(", ")));
        }
        for switch in updater
            .switches
            .iter()
            .filter(|s| s.effect != UpdaterEffect::Stricter)
        {
            text.push_str(&format!(
                "; {} ({}: {})",
                switch.effect.name(),
                shown(&switch.name),
                shown(&switch.value)
            ));
        }
        page.toned_row(label, (Tone::Strong, updater.kind.name()), &text)?;
        label = "";
    }
    let more = all.len().saturating_sub(limit);
    if more > 0 {
        page.row(label, &format!("and {more} more"))?;
    }
    Ok(())
}

fn tone(kind: EndpointKind) -> Tone {
    match kind {
        EndpointKind::Update => Tone::Strong,
        EndpointKind::Download
        | EndpointKind::Api
        | EndpointKind::Telemetry
        | EndpointKind::Unknown
        | EndpointKind::Web => Tone::Plain,
    }
}
