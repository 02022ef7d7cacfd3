//! What is known of a vendor, for people: entities, relations, instruments at a date, both sides of a dispute.

use std::collections::BTreeSet;
use std::io;

use super::instruments;
use super::page::{Page, Tone, fit, pad};
use super::words::{handles, role, shown};
use crate::model::party::{Match as ModelMatch, Party as ModelParty};
use crate::report::Style;
use crate::report::json::dossier::{Dossier, Entity, Fact, Relation, Statement};
use crate::report::json::screened;
use crate::vendor::Registry;

/// Writes a dossier; `-v` adds the evidence.
///
/// # Errors
/// What `out` says.
pub fn write(dossier: &Dossier, out: &mut dyn io::Write, style: &Style) -> io::Result<()> {
    let page = &mut Page::new(out, style.colour);
    let head = pad(&shown(&dossier.vendor), 16);
    page.line(&[
        (Tone::Strong, &head),
        (Tone::Plain, &fit(&list(&dossier.brands), 64)),
    ])?;
    let stale = if dossier.stale {
        ", due for review"
    } else {
        ""
    };
    page.row("Known as of", &format!("{}{stale}", shown(&dossier.as_of)))?;
    page.row("Judged at", &super::signature::instant(&dossier.at))?;
    for entity in &dossier.entities {
        page.blank()?;
        of_entity(&dossier.vendor, entity, style.verbosity, page)?;
    }
    let relations = dossier.relations.iter().map(of_relation).collect();
    section("Relations", relations, page)?;
    let facts = |facts: &[Fact]| facts.iter().map(of_fact).collect::<Vec<_>>();
    section("Owners", facts(&dossier.owners), page)?;
    section("Facts", facts(&dossier.facts), page)?;
    section("Owners not named", facts(&dossier.unspecified_owners), page)?;
    let statements = dossier.statements.iter().map(of_statement).collect();
    section("Statements, as made; none is proof", statements, page)?;
    for dispute in &dossier.disputes {
        let title = format!("Disputed: {}", shown(&dispute.question));
        section(&title, facts(&dispute.sides), page)?;
    }
    section(
        "Beware",
        dossier.traps.iter().map(|t| shown(t)).collect(),
        page,
    )?;
    if style.verbosity > 0 {
        super::evidence::write(&dossier.evidence, page)?;
    }
    page.blank()?;
    page.line(&[(
        Tone::Plain,
        "  Not legal advice. What is not listed here is not thereby cleared.",
    )])?;
    if style.verbosity == 0 {
        page.line(&[(
            Tone::Plain,
            "  The evidence with its sources: the same with -v.",
        )])?;
    }
    Ok(())
}

/// Writes what screening makes of one party, before the dossier of the vendor it was recognised as.
///
/// # Errors
/// What `out` says.
pub fn party(
    party: &ModelParty,
    matches: &[ModelMatch],
    out: &mut dyn io::Write,
    style: &Style,
) -> io::Result<()> {
    let page = &mut Page::new(out, style.colour);
    page.row("Party", &shown(&party.name))?;
    let roles: Vec<&str> = party.roles.iter().map(|r| role((*r).into())).collect();
    page.row("Plays", &roles.join(", "))?;
    let mut label = "Identifiers";
    for identifier in &party.identifiers {
        let register = identifier
            .jurisdiction
            .as_deref()
            .map(|j| format!(" ({})", shown(j)));
        let (scheme, value) = (shown(&identifier.scheme), shown(&identifier.value));
        page.row(
            label,
            &format!("{scheme} {value}{}", register.unwrap_or_default()),
        )?;
        label = "";
    }
    match &party.vendor {
        None => page.row(
            "Registry",
            "not recognised; that says nothing of who owns it",
        )?,
        Some(link) => {
            let lead = if link.verified {
                ""
            } else {
                "; a lead, not cited"
            };
            let (slug, entity, rule) = (shown(&link.slug), shown(&link.entity), shown(&link.rule));
            let tier = link.tier.name();
            let name = shown(&link.entity_name);
            page.row(
                "Registry",
                &format!("{name} ({slug}/{entity}; {tier}: {rule}{lead})"),
            )?;
        }
    }
    let (matches, evidence) = screened(matches);
    page.line(&[(Tone::Strong, "  Instruments")])?;
    let mut steps = instruments::Steps::default();
    for found in &matches {
        steps.one(found, style.verbosity, page)?;
    }
    page.line(&[(Tone::Plain, silence(matches.is_empty()))])?;
    if style.verbosity > 0 {
        super::evidence::write(&evidence, page)?;
    }
    page.blank()
}

/// Writes every vendor of the registry, one a line.
///
/// # Errors
/// What `out` says.
pub fn registry(registry: &Registry, out: &mut dyn io::Write, style: &Style) -> io::Result<()> {
    let page = &mut Page::new(out, style.colour);
    for vendor in registry.iter() {
        let countries: BTreeSet<&str> = vendor
            .entities
            .iter()
            .map(|e| e.jurisdiction.as_str())
            .collect();
        let countries = countries.into_iter().collect::<Vec<_>>().join(" ");
        page.line(&[
            (Tone::Strong, &pad(&shown(&vendor.id), 22)),
            (Tone::Plain, &pad(&fit(&shown(&countries), 13), 14)),
            (Tone::Plain, &fit(&list(&vendor.brands), 44)),
        ])?;
    }
    Ok(())
}

fn of_entity(vendor: &str, entity: &Entity, verbosity: u8, page: &mut Page<'_>) -> io::Result<()> {
    let head = format!("  {}", shown(&entity.name));
    page.line(&[(Tone::Strong, &fit(&head, 80))])?;
    let lead = if entity.verified {
        ""
    } else {
        "; not cited, a lead"
    };
    let mut rows = vec![format!(
        "{}/{}, incorporated in {}{lead}{}",
        shown(vendor),
        shown(&entity.key),
        shown(&entity.jurisdiction),
        handles(&entity.evidence, verbosity)
    )];
    rows.extend(
        entity
            .place
            .iter()
            .map(|p| format!("place of business: {}", shown(p))),
    );
    rows.extend(
        entity
            .statute_name
            .iter()
            .map(|n| format!("a law calls it: {}", shown(n))),
    );
    for (what, names) in [("also", &entity.names), ("formerly", &entity.former_names)] {
        if !names.is_empty() {
            rows.push(format!("{what}: {}", list(names)));
        }
    }
    rows.extend(entity.identifiers.iter().map(of_fact));
    let listed = |fact: &Fact| format!("listed at {}", of_fact(fact));
    rows.extend(entity.public_listings.iter().map(listed));
    rows.extend(
        entity
            .pins
            .iter()
            .map(|pin| format!("pin: {}", of_fact(pin))),
    );
    rows.extend(entity.note.iter().map(|n| format!("note: {}", shown(n))));
    rows.iter().try_for_each(|row| page.item(4, row))?;
    let mut steps = instruments::Steps::default();
    for found in &entity.matches {
        steps.one(found, verbosity, page)?;
    }
    page.line(&[(Tone::Plain, silence(entity.matches.is_empty()))])
}

fn silence(none: bool) -> &'static str {
    if none {
        "    - no match in the instruments held; this is not a clearance"
    } else {
        "    - no other match in the instruments held; this is not a clearance"
    }
}

fn of_relation(relation: &Relation) -> String {
    let mut text = format!(
        "{} ← {}",
        shown(&relation.subject),
        shown(&relation.interested_party)
    );
    text.push_str(&format!(", {}", shown(&relation.interest)));
    if let Some(how) = &relation.direct_or_indirect {
        text.push_str(&format!(" ({}, as stated)", shown(how)));
    }
    for (before, part, after) in [
        (" ", &relation.share, " %"),
        (", from ", &relation.from, ""),
        (", until ", &relation.until, ""),
    ] {
        if let Some(part) = part {
            text.push_str(&format!("{before}{}{after}", shown(part)));
        }
    }
    if !relation.holds {
        text.push_str(" (does not hold at this date)");
    }
    if relation.disputed.is_some() {
        text.push_str(" (disputed)");
    }
    format!("{text}: {}", of_fact(&relation.fact))
}

fn of_fact(fact: &Fact) -> String {
    let lead = if fact.verified {
        ""
    } else {
        " (not cited: a lead)"
    };
    format!("{}{lead}{}", shown(&fact.text), handles(&fact.evidence, 1))
}

fn of_statement(statement: &Statement) -> String {
    format!("{}: {}", shown(&statement.topic), of_fact(&statement.fact))
}

fn list(names: &[String]) -> String {
    names
        .iter()
        .map(|n| shown(n))
        .collect::<Vec<_>>()
        .join("; ")
}

fn section(title: &str, rows: Vec<String>, page: &mut Page<'_>) -> io::Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    page.blank()?;
    page.block(2, title)?;
    rows.iter().try_for_each(|row| page.item(4, row))
}
