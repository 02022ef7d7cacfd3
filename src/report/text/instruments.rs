//! Legal instruments that name a party, reach it, or might. Silence of the lists is never called a clearance.

use std::collections::BTreeSet;
use std::io;

use super::page::{Page, Tone, WIDTH, fit, width, wrap};
use super::words::{handles, shown, stands_behind};
use crate::report::json::words::{AppliesVia, Dimension, InForce, Status, Tier};
use crate::report::json::{Match, OwnershipStep, Party, Report};

pub(super) fn write(report: &Report, verbosity: u8, page: &mut Page<'_>) -> io::Result<()> {
    page.blank()?;
    page.line(&[(Tone::Strong, "  Instruments")])?;
    let parties: Vec<&Party> = report
        .parties
        .values()
        .filter(|p| !p.matches.is_empty())
        .collect();
    let mut steps = Steps::default();
    for party in &parties {
        if parties.len() > 1 {
            page.line(&[(
                Tone::Plain,
                &fit(&format!("   {}", shown(&party.name)), WIDTH),
            )])?;
        }
        for found in &party.matches {
            steps.one(found, verbosity, page)?;
        }
    }
    page.line(&[(Tone::Plain, closing(report, parties.is_empty()))])
}

/// The last line says how far silence reaches.
fn closing(report: &Report, none: bool) -> &'static str {
    let screened = report
        .dimensions
        .get(&Dimension::Instruments)
        .filter(|d| d.reason.is_none())
        .map(|d| d.status);
    if !report.parties.values().any(stands_behind) {
        return "    - not screened: nobody is known to stand behind the file";
    }
    match (screened, none) {
        (None, _) => "    - not examined",
        (Some(Status::Unknown), true) => {
            "    - no match, but the data do not carry that far: see the findings"
        }
        (Some(_), true) => "    - no match in the instruments held; this is not a clearance",
        (Some(_), false) => "    - no other match in the instruments held; this is not a clearance",
    }
}

/// `!` reaches the party now and every fact is verified; `?` might; `-` does not.
fn mark(found: &Match) -> (Tone, &'static str) {
    match (found.applies_via, found.in_force) {
        (AppliesVia::None, _) | (_, InForce::No) => (Tone::Faint, "-"),
        (_, InForce::Unknown) => (Tone::Look, "?"),
        (AppliesVia::Direct | AppliesVia::Affiliate, InForce::Yes) => {
            if found.decisive && found.tier != Tier::Review {
                (Tone::Bad, "!")
            } else {
                (Tone::Look, "?")
            }
        }
    }
}

/// Ownership facts printed so far: several instruments reach a party by the same ones.
#[derive(Debug, Default)]
pub(super) struct Steps(BTreeSet<String>);

impl Steps {
    /// One match: its mark, how it reaches the party, and by which steps.
    pub(super) fn one(
        &mut self,
        found: &Match,
        verbosity: u8,
        page: &mut Page<'_>,
    ) -> io::Result<()> {
        let (tone, mark) = mark(found);
        let id = fit(&format!(" {}  ", shown(&found.instrument)), 60);
        let text = format!("{}{}", text(found), handles(&found.evidence, verbosity));
        let used = width(&id).saturating_add(5);
        let mut lines = wrap(&text, WIDTH.saturating_sub(used)).into_iter();
        let first = lines.next().unwrap_or_default();
        page.line(&[
            (Tone::Plain, "    "),
            (tone, mark),
            (Tone::Strong, &id),
            (Tone::Plain, &first),
        ])?;
        let rest = lines.collect::<Vec<_>>().join(" ");
        if !rest.is_empty() {
            page.block(8, &rest)?;
        }
        let reaches = found.applies_via == AppliesVia::Affiliate && found.in_force != InForce::No;
        if reaches || verbosity > 0 {
            for (place, step) in found.steps.iter().enumerate() {
                if self.0.insert(step.clone()) || verbosity > 0 {
                    let how = found.path.get(place).map(how).unwrap_or_default();
                    page.item(8, &format!("→ {}{how}", shown(step)))?;
                }
            }
        }
        if verbosity > 0 {
            details(found).iter().try_for_each(|d| page.item(8, d))?;
        }
        Ok(())
    }
}

/// In which way, how much of it, since when: shares and control are never mixed up.
fn how(step: &OwnershipStep) -> String {
    let mut text = format!(" [{}", shown(&step.interest));
    for (before, part, after) in [
        (" ", &step.share, " %"),
        (", from ", &step.from, ""),
        (", until ", &step.until, ""),
    ] {
        if let Some(part) = part {
            text.push_str(&format!("{before}{}{after}", shown(part)));
        }
    }
    text.push(']');
    text
}

fn details(found: &Match) -> Vec<String> {
    let mut details = vec![
        shown(&found.title),
        format!("about: {}", shown(&found.subject_matter)),
    ];
    details.extend(found.phase.iter().map(|p| format!("phase: {}", shown(p))));
    details.push(format!(
        "entry: {}; {} by {}: \"{}\" = \"{}\"",
        shown(&found.entry),
        found.tier.name(),
        shown(&found.rule),
        shown(&found.compared.party),
        shown(&found.compared.record)
    ));
    details
}

fn text(found: &Match) -> String {
    let via = match (found.applies_via, found.tier) {
        (AppliesVia::None, _) => "recognised, but does not reach it",
        (AppliesVia::Affiliate, Tier::Same | Tier::Group) => "by affiliation",
        (AppliesVia::Affiliate, Tier::Review) => "possibly by affiliation",
        (AppliesVia::Direct, Tier::Same | Tier::Group) => "direct",
        (AppliesVia::Direct, Tier::Review) => "possibly named",
    };
    let mut text = format!("{via}; {}", shown(&found.effect));
    let reason = found
        .in_force_reason
        .as_deref()
        .map(shown)
        .unwrap_or_default();
    match found.in_force {
        InForce::Yes => match &found.effective_from {
            Some(day) => text.push_str(&format!(" since {}", shown(day))),
            None => text.push_str(", in force"),
        },
        InForce::No => text.push_str(&format!(", not in force: {reason}")),
        InForce::Unknown => text.push_str(&format!(", unknown whether in force: {reason}")),
    }
    if !found.decisive {
        text.push_str("; a lead: not every fact is verified");
    }
    text
}
