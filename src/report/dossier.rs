//! What is known of a vendor, as text: entities, relations, instruments at a date, disputes. For `bonafide vendor`.
//!
//! It says what sources say and where; it concludes nothing about anybody, and it is not legal advice.

use std::fmt::Write as _;

use crate::base::text::shown;
use crate::base::time::Time;
use crate::model::party::{AppliesVia, InForce, Match, Party};
use crate::vendor::{Entity, Registry, Vendor};

/// All vendors, one a line.
pub fn list(registry: &Registry) -> String {
    let mut out = String::new();
    for vendor in registry.iter() {
        let countries: std::collections::BTreeSet<&str> = vendor
            .entities
            .iter()
            .map(|e| e.jurisdiction.as_str())
            .collect();
        let countries: Vec<&str> = countries.into_iter().collect();
        let _ = writeln!(
            out,
            "{:<24} {:<12} {}",
            vendor.id,
            countries.join(" "),
            vendor.brands.join(", ")
        );
    }
    out
}

/// One party as evidence gives it, with what it was recognised as.
pub fn party(party: &Party, matches: &[Match]) -> String {
    let mut out = format!("Party {}\n", shown(&party.name));
    for id in &party.identifiers {
        let where_ = id.jurisdiction.as_deref().unwrap_or("-");
        let _ = writeln!(
            out,
            "  {} {} ({})",
            shown(&id.scheme),
            shown(&id.value),
            shown(where_)
        );
    }
    match &party.vendor {
        Some(link) => {
            let _ = writeln!(
                out,
                "  registry: {} ({}/{}), {}: {}",
                shown(&link.entity_name),
                link.slug,
                link.entity,
                link.tier.name(),
                shown(&link.rule)
            );
        }
        None => out.push_str("  registry: not recognised\n"),
    }
    out.push_str(&instruments(matches, "  "));
    out.push('\n');
    out
}

/// Everything the registry holds on one vendor.
pub fn text(vendor: &Vendor, screened: &[(&Entity, Vec<Match>)], at: Time) -> String {
    let mut out = format!("{}  {}\n", vendor.id, vendor.brands.join(", "));
    let stale = if at.date() >= vendor.review_by {
        ", due for review: stale"
    } else {
        ""
    };
    let _ = writeln!(
        out,
        "  as of {}, judged at {}{stale}\n",
        vendor.as_of,
        at.date()
    );
    for (entity, matches) in screened {
        out.push_str(&of_entity(vendor, entity, matches));
    }
    section(
        &mut out,
        "Relations",
        vendor
            .relations
            .iter()
            .map(|r| format!("{} [{}]", r.text, cited(vendor, &r.sources, r.verified))),
    );
    section(
        &mut out,
        "Owners",
        vendor.owners.iter().map(|o| {
            let share = o
                .share
                .as_ref()
                .map(|s| format!(", {s} %"))
                .unwrap_or_default();
            format!(
                "{} ({}){share} [{}]",
                o.name,
                o.country,
                cited(vendor, &o.sources, o.verified)
            )
        }),
    );
    section(
        &mut out,
        "Facts",
        vendor
            .facts
            .iter()
            .map(|f| format!("{} [{}]", f.text, cited(vendor, &f.sources, f.verified))),
    );
    section(
        &mut out,
        "Statements, as made",
        vendor.statements.iter().map(|s| {
            format!(
                "{}: {} [{}]",
                s.by,
                s.text,
                cited(vendor, &s.sources, s.verified)
            )
        }),
    );
    section(
        &mut out,
        "Disputed; both sides",
        vendor.disputes.iter().map(|d| {
            let sides = [&d.side_a, &d.side_b].map(|s| format!("{}: {}", s.by, s.text));
            format!("{} — {}", d.question, sides.join(" / "))
        }),
    );
    section(&mut out, "Beware", vendor.traps.iter().cloned());
    section(
        &mut out,
        "Sources",
        vendor
            .sources
            .iter()
            .map(|s| format!("{}: {}", s.id, s.shown())),
    );
    out.push_str("Not legal advice. No match is not a clearance.\n\n");
    out
}

fn of_entity(vendor: &Vendor, entity: &Entity, matches: &[Match]) -> String {
    let mut out = format!(
        "  {}  {}  incorporated in {} [{}]\n",
        entity.key,
        shown(&entity.name),
        entity.seat(),
        cited(vendor, &entity.sources, entity.verified)
    );
    if let Some(place) = &entity.place {
        let _ = writeln!(out, "    place of business: {}", shown(place));
    }
    for alias in &entity.aliases {
        let _ = writeln!(out, "    also: {}", shown(&alias.name));
    }
    for id in &entity.identifiers {
        let _ = writeln!(
            out,
            "    {} {} [{}]",
            shown(&id.scheme),
            shown(&id.value),
            cited(vendor, &id.sources, id.verified)
        );
    }
    if let Some(note) = &entity.note {
        let _ = writeln!(out, "    note: {}", shown(note));
    }
    out.push_str(&instruments(matches, "    "));
    out.push('\n');
    out
}

fn instruments(matches: &[Match], indent: &str) -> String {
    if matches.is_empty() {
        return format!("{indent}instruments: no match; this is not a clearance\n");
    }
    let mut out = String::new();
    for found in matches {
        let how = match &found.applies_via {
            AppliesVia::Direct => "named".to_owned(),
            AppliesVia::Affiliate(steps) => format!("by affiliation: {}", steps.join("; ")),
            AppliesVia::None => "may be an affiliate".to_owned(),
        };
        let force = match &found.in_force {
            InForce::Yes => "in force".to_owned(),
            InForce::No(why) => format!("not in force: {why}"),
            InForce::Unknown(why) => format!("not known whether in force: {why}"),
        };
        let lead = if found.decisive {
            ""
        } else {
            "; a lead, not decisive"
        };
        let _ = writeln!(
            out,
            "{indent}{} {:?}: {}; {}{lead}",
            found.instrument,
            found.entry,
            shown(&how),
            shown(&force)
        );
    }
    out
}

fn cited(vendor: &Vendor, sources: &[String], verified: bool) -> String {
    let grade = vendor
        .grade(sources)
        .map(|g| g.name())
        .unwrap_or("no source");
    if verified {
        format!("{grade}: {}", sources.join(", "))
    } else {
        "unverified".into()
    }
}

fn section(out: &mut String, title: &str, rows: impl Iterator<Item = String>) {
    let rows: Vec<String> = rows.map(|r| format!("    {}\n", shown(&r))).collect();
    if !rows.is_empty() {
        let _ = writeln!(out, "  {title}\n{}", rows.concat());
    }
}
