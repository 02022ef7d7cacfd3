//! What was found, what was not looked at, and what the judgement rests on.

use std::io;

use super::page::{Page, Tone, WIDTH, fit, pad, width, wrap};
use super::words::{handles, mark};
use crate::base::text::shown;
use crate::base::time::parse_rfc3339;
use crate::report::json::words::Status;
use crate::report::json::{Finding, Report};

/// Findings listed unless more is asked for; hostile files raise hundreds.
const LISTED: usize = 12;
const ID: usize = 30;

pub(super) fn write(report: &Report, verbosity: u8, page: &mut Page<'_>) -> io::Result<()> {
    page.blank()?;
    page.toned_row("Findings", (Tone::Plain, ""), &counts(&report.findings))?;
    let listed: Vec<&Finding> = report
        .findings
        .iter()
        .filter(|f| verbosity > 0 || f.status != Status::Pass)
        .collect();
    let limit = if verbosity > 0 { usize::MAX } else { LISTED };
    for finding in listed.iter().take(limit) {
        one(report, finding, page)?;
    }
    let more = listed.len().saturating_sub(limit);
    if more > 0 {
        page.line(&[(Tone::Plain, &format!("      and {more} more: -v"))])?;
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

fn one(report: &Report, finding: &Finding, page: &mut Page<'_>) -> io::Result<()> {
    let (tone, mark) = mark(finding.status);
    let lead = pad(&format!(" {}", shown(&finding.id)), ID);
    let mut text = shown(&finding.message);
    if let Some(signature) = &finding.signature
        && report.subjects.iter().any(|s| s.signatures.len() > 1)
    {
        text = format!("signature {}: {text}", shown(signature));
    }
    if report.subjects.len() > 1 {
        text = format!("{}: {text}", shown(&finding.subject));
    }
    if waived(report, finding) {
        text = format!("waived: {text}");
    }
    text.push_str(&handles(&finding.evidence));
    let indent = ID.saturating_add(5);
    let mut lines = wrap(&text, WIDTH.saturating_sub(indent)).into_iter();
    if width(&lead) > ID {
        page.line(&[
            (Tone::Plain, "    "),
            (tone, mark),
            (Tone::Plain, &fit(&lead, 74)),
        ])?;
    } else {
        let first = lines.next().unwrap_or_default();
        page.line(&[
            (Tone::Plain, "    "),
            (tone, mark),
            (Tone::Plain, &lead),
            (Tone::Plain, &first),
        ])?;
    }
    let margin = " ".repeat(indent);
    lines.try_for_each(|line| page.line(&[(Tone::Plain, &margin), (Tone::Plain, &line)]))
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
