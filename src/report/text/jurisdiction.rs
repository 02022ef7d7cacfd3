//! Claims of jurisdiction, one line each: they may disagree, and nothing here settles them.

use std::io;

use super::page::{Page, Tone, WIDTH, fit, pad, width, wrap};
use super::words::{aspect, handles, role, shown, stands_behind};
use crate::report::json::handle::{ClaimId, EvidenceId};
use crate::report::json::words::Aspect;
use crate::report::json::{Claim, Party, Report};

const LABEL: usize = 25;
const WHERE: usize = 6;
const SURE: usize = 7;

pub(super) fn write(report: &Report, verbosity: u8, page: &mut Page<'_>) -> io::Result<()> {
    let parties: Vec<&Party> = parties(report)
        .into_iter()
        .filter(|p| claims(report, p, verbosity).next().is_some())
        .collect();
    page.blank()?;
    if parties.is_empty() {
        return page.toned_row(
            "Jurisdiction",
            (Tone::Look, "unknown"),
            "no claim rests on anything in the file",
        );
    }
    let head = [
        pad("  Jurisdiction", LABEL),
        pad("Where", WHERE),
        pad("Sure", SURE),
        "Rests on".to_owned(),
    ];
    page.line(&[(Tone::Strong, &head.concat())])?;
    let behind = parties.iter().filter(|p| stands_behind(p)).count();
    for party in parties {
        if verbosity > 0 || (behind > 1 && stands_behind(party)) {
            let roles: Vec<&str> = party.roles.iter().map(|r| role(*r)).collect();
            let head = format!("  {} ({})", shown(&party.name), roles.join(", "));
            page.line(&[(Tone::Plain, &fit(&head, WIDTH))])?;
        }
        for row in rows(claims(report, party, verbosity), verbosity) {
            line(&row, verbosity, page)?;
        }
    }
    Ok(())
}

/// The claims of these handles, one line each.
pub(super) fn claims_of(
    report: &Report,
    claims: &[ClaimId],
    verbosity: u8,
    page: &mut Page<'_>,
) -> io::Result<()> {
    let claims = claims.iter().filter_map(|id| report.claims.get(id));
    for row in rows(claims, verbosity) {
        line(&row, verbosity, page)?;
    }
    Ok(())
}

/// Those that stand behind the file first, each group by handle.
fn parties(report: &Report) -> Vec<&Party> {
    let mut parties: Vec<&Party> = report.parties.values().collect();
    parties.sort_by_key(|p| (!stands_behind(p), p.roles.first().copied(), p.name.clone()));
    parties
}

/// Of an authority only who operates it, unless more is asked for: where it is incorporated says little about the file.
fn claims<'r>(
    report: &'r Report,
    party: &'r Party,
    verbosity: u8,
) -> impl Iterator<Item = &'r Claim> {
    let all = verbosity > 0 || stands_behind(party);
    party
        .claims
        .iter()
        .filter_map(|id| report.claims.get(id))
        .filter(move |c| all || matches!(c.aspect, Aspect::PkiOperator | Aspect::TsaOperator))
}

/// One line: a claim, with the evidence of those that say the very same.
struct Row<'r> {
    claim: &'r Claim,
    evidence: Vec<EvidenceId>,
}

/// Claims that agree in everything but their evidence share a line, unless more is asked for; those that differ never do.
fn rows<'r>(claims: impl Iterator<Item = &'r Claim>, verbosity: u8) -> Vec<Row<'r>> {
    let mut rows: Vec<Row<'r>> = Vec::new();
    for claim in claims {
        let same = rows.iter_mut().find(|r| {
            verbosity == 0
                && r.claim.aspect == claim.aspect
                && r.claim.jurisdiction == claim.jurisdiction
                && r.claim.subdivision == claim.subdivision
                && r.claim.strength == claim.strength
                && r.claim.basis == claim.basis
        });
        match same {
            None => rows.push(Row {
                claim,
                evidence: claim.evidence.clone(),
            }),
            Some(row) => {
                for handle in &claim.evidence {
                    if !row.evidence.contains(handle) {
                        row.evidence.push(*handle);
                    }
                }
            }
        }
    }
    rows
}

fn line(row: &Row<'_>, verbosity: u8, page: &mut Page<'_>) -> io::Result<()> {
    let claim = row.claim;
    let start = [
        pad(&format!("   {}", aspect(claim.aspect)), LABEL),
        pad(
            &fit(&shown(&claim.jurisdiction), WHERE.saturating_sub(1)),
            WHERE,
        ),
        pad(claim.strength.name(), SURE),
    ]
    .concat();
    let handles = handles(&row.evidence, verbosity);
    let room = WIDTH.saturating_sub(width(&start));
    let mut lines = wrap(&shown(&claim.basis), room);
    // The handles stand at the right edge of the last line, or of one of their own.
    let fits = |l: &String| width(l).saturating_add(width(&handles)) <= room;
    if !lines.last().is_some_and(fits) {
        lines.push(String::new());
    }
    if let Some(last) = lines.last_mut() {
        let handles = fit(&handles, room);
        let used = width(last).saturating_add(width(&handles));
        last.push_str(&" ".repeat(room.saturating_sub(used)));
        last.push_str(&handles);
    }
    let margin = " ".repeat(width(&start));
    for (i, line) in lines.iter().enumerate() {
        let lead = if i == 0 { &start } else { &margin };
        page.line(&[(Tone::Plain, lead), (Tone::Plain, line)])?;
    }
    if verbosity > 0 {
        page.block(6, &details(claim))?;
    }
    Ok(())
}

/// The subdivision, and the source with its dates.
fn details(claim: &Claim) -> String {
    let subdivision = claim.subdivision.as_deref().map(shown);
    let mut parts: Vec<String> = subdivision.into_iter().collect();
    let mut source = format!("source: {}", shown(&claim.source));
    for (word, day) in [
        ("as of", &claim.as_of),
        ("from", &claim.valid_from),
        ("until", &claim.valid_to),
    ] {
        if let Some(day) = day {
            source.push_str(&format!(", {word} {}", shown(day)));
        }
    }
    parts.push(source);
    parts.join("; ")
}
