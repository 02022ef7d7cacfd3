//! Many files: one line each, then the counts.

use std::collections::BTreeSet;
use std::io;

use super::head::word;
use super::page::{Page, Tone, fit, fit_end, pad};
use super::words::{shown, stands_behind};
use crate::report::Summary;
use crate::report::json::{Party, Report};

const PATH: usize = 41;
const SIGNER: usize = 24;
const COUNTRIES: usize = 7;

pub(super) fn line(report: &Report, page: &mut Page<'_>) -> io::Result<()> {
    let (tone, word) = word(report);
    let path = report.top().map_or_else(String::new, |s| shown(&s.path));
    let path = pad(&fit_end(&path, PATH.saturating_sub(1)), PATH);
    let (who, countries) = match &report.error {
        Some(error) => (
            format!("{}: {}", error.kind.name(), shown(&error.reason)),
            String::new(),
        ),
        None => (who(report), countries(report)),
    };
    let who = pad(&fit(&who, SIGNER.saturating_sub(1)), SIGNER);
    page.line(&[
        (tone, &pad(word, 8)),
        (Tone::Plain, &path),
        (Tone::Plain, &who),
        (Tone::Plain, &fit(&countries, COUNTRIES)),
    ])
}

fn signers(report: &Report) -> impl Iterator<Item = &Party> {
    report.parties.values().filter(|p| stands_behind(p))
}

fn who(report: &Report) -> String {
    let signed = report.subjects.iter().any(|s| !s.signatures.is_empty());
    let names: Vec<String> = signers(report).map(|p| shown(&p.name)).collect();
    match (names.is_empty(), signed) {
        (false, _) => names.join(" + "),
        (true, true) => "signer unknown".to_owned(),
        (true, false) => "not signed".to_owned(),
    }
}

/// Every country that any claim about them gives: a list, never a choice.
fn countries(report: &Report) -> String {
    let codes: BTreeSet<String> = signers(report)
        .flat_map(|p| &p.claims)
        .filter_map(|id| report.claims.get(id))
        .map(|c| shown(&c.jurisdiction))
        .collect();
    codes.into_iter().collect::<Vec<_>>().join(" ")
}

pub(super) fn counts(summary: &Summary, page: &mut Page<'_>) -> io::Result<()> {
    page.blank()?;
    if summary.interrupted {
        page.line(&[(Tone::Bad, "Interrupted: not every subject was reached.")])?;
    }
    if summary.subjects == 0 {
        return page.line(&[(Tone::Bad, "Nothing was examined.")]);
    }
    let named = [
        (summary.deny, "deny"),
        (summary.review, "review"),
        (summary.allow, "allow"),
        (summary.facts, "without a verdict"),
        (summary.errors, "not examined"),
        (summary.passed_over, "passed over"),
    ];
    let parts: Vec<String> = named
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, word)| format!("{count} {word}"))
        .collect();
    let files = if summary.subjects == 1 {
        "file"
    } else {
        "files"
    };
    page.line(&[(
        Tone::Strong,
        &format!("{} {files}: {}", summary.subjects, parts.join(", ")),
    )])
}
