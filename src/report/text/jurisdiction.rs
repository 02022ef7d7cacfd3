//! Claims of jurisdiction, one line each: they may disagree, and nothing here settles them.

use std::io;

use super::page::{Page, Tone, WIDTH, fit, pad, width};
use super::words::{aspect, handles, role, stands_behind};
use crate::base::text::shown;
use crate::report::json::words::Aspect;
use crate::report::json::{Claim, Party, Report};

const LABEL: usize = 27;
const WHERE: usize = 7;
const SURE: usize = 10;

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
        pad("How sure", SURE),
        "Rests on".to_owned(),
    ];
    page.line(&[(Tone::Strong, &head.concat())])?;
    let behind = parties.iter().filter(|p| stands_behind(p)).count();
    for party in parties {
        if verbosity > 0 || (behind > 1 && stands_behind(party)) {
            let roles: Vec<&str> = party.roles.iter().map(|r| role(*r)).collect();
            let head = format!("   {} ({})", shown(&party.name), roles.join(", "));
            page.line(&[(Tone::Plain, &fit(&head, WIDTH))])?;
        }
        for claim in claims(report, party, verbosity) {
            line(claim, verbosity, page)?;
        }
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

fn line(claim: &Claim, verbosity: u8, page: &mut Page<'_>) -> io::Result<()> {
    let start = [
        pad(&format!("    {}", aspect(claim.aspect)), LABEL),
        pad(
            &fit(&shown(&claim.jurisdiction), WHERE.saturating_sub(1)),
            WHERE,
        ),
        pad(claim.strength.name(), SURE),
    ]
    .concat();
    let handles = handles(&claim.evidence);
    let basis = shown(&claim.basis);
    let room = WIDTH.saturating_sub(width(&start));
    let handles = fit(&handles, room);
    let cut = fit(&basis, room.saturating_sub(width(&handles)));
    let fill = " ".repeat(room.saturating_sub(width(&cut).saturating_add(width(&handles))));
    page.line(&[
        (Tone::Plain, &start),
        (Tone::Plain, &cut),
        (Tone::Plain, &fill),
        (Tone::Plain, &handles),
    ])?;
    if verbosity > 0 {
        let whole = (cut != basis).then_some(basis);
        page.block(6, &details(claim, whole))?;
    }
    Ok(())
}

/// What the line had no room for, and the source with its dates.
fn details(claim: &Claim, basis: Option<String>) -> String {
    let subdivision = claim.subdivision.as_deref().map(shown);
    let mut parts: Vec<String> = subdivision.into_iter().chain(basis).collect();
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
