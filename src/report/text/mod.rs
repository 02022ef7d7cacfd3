//! The report for people: verdict first, at most 80 columns, every claim with the handle of its evidence, and what was not
//! checked said as plainly as what was.
//!
//! One subject gives a page; several give a line each and the counts, pages again under `-v`. `-vv` adds all evidence.

mod channel;
pub mod dossier;
mod endpoints;
mod evidence;
mod findings;
mod head;
mod hosts;
mod instruments;
mod jurisdiction;
mod list;
mod members;
mod origin;
pub(super) mod page;
mod signature;
mod verdict;
mod words;

use std::io;

use self::page::{Page, Tone};
use self::words::shown;
use super::json::{Report, Subject};
use super::{Renderer, Style, Summary};

/// The renderer.
#[derive(Debug)]
pub struct Text;

impl Renderer for Text {
    fn id(&self) -> &'static str {
        "text"
    }

    fn about(&self) -> &'static str {
        "for people"
    }

    fn render(&self, report: &Report, out: &mut dyn io::Write, style: &Style) -> io::Result<()> {
        let mut page = Page::new(out, style.colour);
        let Some(top) = report
            .top()
            .filter(|_| !style.several || style.verbosity > 0)
        else {
            return list::line(report, &mut page);
        };
        whole(report, top, style, &mut page)?;
        if style.several {
            page.blank()?;
        }
        Ok(())
    }

    fn finish(&self, summary: &Summary, out: &mut dyn io::Write, style: &Style) -> io::Result<()> {
        if style.several {
            list::counts(summary, &mut Page::new(out, style.colour))?;
        }
        Ok(())
    }
}

fn whole(report: &Report, top: &Subject, style: &Style, page: &mut Page<'_>) -> io::Result<()> {
    let verbosity = style.verbosity;
    head::write(report, top, page)?;
    page.blank()?;
    if verbosity > 0 {
        for (algorithm, digest) in &top.digests {
            page.row(&words::digest(algorithm), &shown(digest))?;
        }
        page.row("Judged as", &shown(&top.profile))?;
    }
    if let Some(error) = &top.error {
        page.toned_row(
            "Not examined",
            (Tone::Bad, error.kind.name()),
            &format!("{} ({})", shown(&error.message), shown(&error.reason)),
        )?;
    }
    if let Some(from) = &top.origin {
        origin::write(from, verbosity, page)?;
    }
    let is_host = top.format == "host";
    if top.format == "channel" {
        channel::write(report, verbosity, page)?;
        members::write(report, style, page)?;
    } else if !is_host {
        signature::write(report, top, verbosity, page)?;
        if verbosity > 0 {
            claimed(top, page)?;
        }
        members::write(report, style, page)?;
        endpoints::write(report, verbosity, page)?;
    }
    hosts::write(report, is_host, verbosity, page)?;
    if is_host {
        // No party stands behind a host as one does behind a file.
    } else if top.error.is_none() || !report.parties.is_empty() {
        jurisdiction::write(report, verbosity, page)?;
        instruments::write(report, verbosity, page)?;
    }
    findings::write(report, verbosity, page)?;
    page.blank()?;
    findings::not_checked(report, page)?;
    findings::data(report, page)?;
    if verbosity > 1 {
        evidence::write(&report.evidence, page)?;
    }
    if is_host {
        return Ok(());
    }
    verdict::write(report, verbosity, page)
}

/// What the file says of itself, which no signature check vouches for.
fn claimed(top: &Subject, page: &mut Page<'_>) -> io::Result<()> {
    let mut label = "File says";
    for claimed in &top.claimed {
        page.row(
            label,
            &format!("{}: {}", shown(&claimed.key), shown(&claimed.value)),
        )?;
        label = "";
    }
    Ok(())
}
