//! What was found, what was not looked at, and what the judgement rests on.

use std::io;

use super::page::{Page, Tone, WIDTH, fit, width, wrap};
use super::words::{handles, mark, shown};
use crate::base::time::parse_rfc3339;
use crate::report::json::words::Status;
use crate::report::json::{Finding, Report};

/// Findings listed unless more is asked for; hostile files raise hundreds.
const LISTED: usize = 12;
/// Lines of one finding, about, unless more is asked for.
const LINES: usize = 3;
/// Where the text of a finding starts.
const INDENT: usize = 6;

pub(super) fn write(report: &Report, verbosity: u8, page: &mut Page<'_>) -> io::Result<()> {
    page.blank()?;
    page.row("Findings", &counts(&report.findings))?;
    let decides = |f: &Finding| f.status == Status::Fail || is_reason(report, f);
    let (listed, others): (Vec<&Finding>, Vec<&Finding>) = report
        .findings
        .iter()
        .partition(|f| verbosity > 0 || decides(f));
    let limit = if verbosity > 0 { usize::MAX } else { LISTED };
    for finding in listed.iter().take(limit) {
        one(report, finding, verbosity, page)?;
    }
    let rest: Vec<&Finding> = listed.into_iter().skip(limit).chain(others).collect();
    for status in [Status::Fail, Status::Review, Status::Unknown] {
        let ids = tally(rest.iter().copied().filter(|f| f.status == status));
        if !ids.is_empty() {
            let (tone, mark) = mark(status);
            let text = format!("{}: {}", status.name(), ids.join(", "));
            marked((tone, mark), &text, page)?;
        }
    }
    Ok(())
}

fn counts(findings: &[Finding]) -> String {
    if findings.is_empty() {
        return "none: nothing was checked".to_owned();
    }
    let count = |s: Status| findings.iter().filter(|f| f.status == s).count();
    format!(
        "{} fail, {} review, {} unknown, {} pass",
        count(Status::Fail),
        count(Status::Review),
        count(Status::Unknown),
        count(Status::Pass)
    )
}

/// Ids in the order met, each once with how often.
fn tally<'f>(findings: impl Iterator<Item = &'f Finding>) -> Vec<String> {
    let mut counts: Vec<(&str, usize)> = Vec::new();
    for finding in findings {
        match counts.iter_mut().find(|(id, _)| *id == finding.id) {
            Some((_, count)) => *count = count.saturating_add(1),
            None => counts.push((&finding.id, 1)),
        }
    }
    counts
        .into_iter()
        .map(|(id, count)| match count {
            1 => shown(id),
            _ => format!("{} ×{count}", shown(id)),
        })
        .collect()
}

fn one(report: &Report, finding: &Finding, verbosity: u8, page: &mut Page<'_>) -> io::Result<()> {
    let mut text = format!("{}: ", shown(&finding.id));
    if report.subjects.len() > 1 {
        text.push_str(&format!("subject {}, ", shown(&finding.subject)));
    }
    if let Some(signature) = &finding.signature
        && report.subjects.iter().any(|s| s.signatures.len() > 1)
    {
        text.push_str(&format!("signature {}, ", shown(signature)));
    }
    if waived(report, finding) {
        text.push_str("waived, ");
    }
    text.push_str(&shown(&finding.message));
    let handles = handles(&finding.evidence, verbosity);
    if verbosity == 0 {
        // Lines break at words, so that a few columns of each stay empty.
        let room = LINES.saturating_mul(WIDTH.saturating_sub(INDENT.saturating_add(4)));
        text = fit(&text, room.saturating_sub(width(&handles)));
    }
    text.push_str(&handles);
    marked(mark(finding.status), &text, page)
}

/// A mark and its text under itself.
fn marked((tone, mark): (Tone, &str), text: &str, page: &mut Page<'_>) -> io::Result<()> {
    let mut lead = (tone, mark);
    for line in wrap(text, WIDTH.saturating_sub(INDENT)) {
        page.line(&[
            (Tone::Plain, "    "),
            lead,
            (Tone::Plain, " "),
            (Tone::Plain, &line),
        ])?;
        lead = (Tone::Plain, " ");
    }
    Ok(())
}

fn is_reason(report: &Report, finding: &Finding) -> bool {
    report
        .verdict
        .iter()
        .any(|v| v.reasons.contains(&finding.instance))
        || waived(report, finding)
}

fn waived(report: &Report, finding: &Finding) -> bool {
    report
        .verdict
        .iter()
        .any(|v| v.waived.iter().any(|w| w.instance == finding.instance))
}

/// Gaps, and the dimensions that no check belongs to. Never empty silence: nothing here is a pass.
pub(super) fn not_checked(report: &Report, page: &mut Page<'_>) -> io::Result<()> {
    let gaps = report
        .subjects
        .iter()
        .flat_map(|s| &s.gaps)
        .map(|g| format!("{}: {}", shown(&g.what), shown(&g.why)));
    let unexamined: Vec<&str> = report
        .dimensions
        .iter()
        .filter(|(_, d)| d.reason.is_some())
        .map(|(d, _)| d.name())
        .collect();
    let unexamined = (!unexamined.is_empty())
        .then(|| format!("dimensions without a check: {}", unexamined.join(", ")));
    let mut label = "Not checked";
    for text in gaps.chain(unexamined) {
        page.row(label, &text)?;
        label = "";
    }
    Ok(())
}

/// The data sets with their age at the judgement time.
pub(super) fn data(report: &Report, page: &mut Page<'_>) -> io::Result<()> {
    if report.tool.data.is_empty() {
        page.row("Data", "none was consulted")?;
    } else {
        let sets: Vec<String> = report
            .tool
            .data
            .iter()
            .map(|d| format!("{} {}", shown(&d.id), dated(&d.as_of, &report.run.at)))
            .collect();
        page.row("Data", &sets.join("; "))?;
    }
    page.row("Judged at", &super::signature::instant(&report.run.at))
}

fn dated(as_of: &str, at: &str) -> String {
    if as_of.is_empty() {
        return "undated".to_owned();
    }
    format!("{}{}", super::signature::day(as_of), age(as_of, at))
}

fn age(as_of: &str, at: &str) -> String {
    let (Some(as_of), Some(at)) = (parse_rfc3339(as_of), parse_rfc3339(at)) else {
        return String::new();
    };
    match at
        .date()
        .to_julian_day()
        .checked_sub(as_of.date().to_julian_day())
    {
        Some(1) => " (1 day old)".to_owned(),
        Some(days) if days >= 0 => format!(" ({days} days old)"),
        Some(_) | None => " (newer than the judgement time)".to_owned(),
    }
}
