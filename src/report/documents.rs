//! Documents made from the code, so that they cannot drift from it: a test compares each with its file.

use std::fmt::Write as _;

use super::catalogue;
use crate::format;
use crate::vendor::{Checked, FactKind, Grade, Registry, Tally};

/// Said at the head of each.
const GENERATED: &str = "<!-- Made from the code; BONAFIDE_BLESS=1 cargo test rewrites it. -->";

/// `docs/findings.md`: every finding, by room and id.
pub fn findings() -> String {
    let mut out = format!(
        "# Findings\n\n{GENERATED}\n\nEach has a page in `findings/`, which `bonafide explain ID` prints. Ids are stable and never reused.\n"
    );
    let mut current = "";
    let mut rows: Vec<_> = catalogue::all().collect();
    // The rooms stand in the order that data flows; a stable sort keeps it.
    let order: Vec<&str> = rows.iter().map(|(room, _)| *room).collect();
    rows.sort_by_key(|(room, d)| (order.iter().position(|r| r == room), d.id));
    for (room, definition) in rows {
        if room != current {
            let _ = write!(
                out,
                "\n## {room}\n\n| id | dimension | severity | what |\n|---|---|---|---|\n"
            );
            current = room;
        }
        let id = definition.id;
        let _ = writeln!(
            out,
            "| [{id}](findings/{id}.md) | {} | {} | {} |",
            definition.dimension.name(),
            definition.severity.name(),
            cell(definition.title)
        );
    }
    out
}

/// `docs/exit-codes.md`, from the codes and what they mean.
pub fn exit_codes<'c>(codes: impl IntoIterator<Item = (u8, &'c str)>) -> String {
    let mut out = format!("# Exit codes\n\n{GENERATED}\n\n| code | meaning |\n|---|---|\n");
    for (code, meaning) in codes {
        let _ = writeln!(out, "| {code} | {} |", cell(meaning));
    }
    out
}

/// `docs/support.md`: what is examined, from the cards of the formats.
pub fn support() -> String {
    let mut out = format!(
        "# What is examined\n\n{GENERATED}\n\n| format | file names | signatures | also |\n|---|---|---|---|\n"
    );
    for format in format::ALL {
        let card = format.card();
        let _ = writeln!(
            out,
            "| {} (`{}`) | {} | {} | {} |",
            cell(card.name),
            card.id,
            cell(&card.extensions.join(" ")),
            cell(&card.signatures.join("; ")),
            cell(&card.features.join("; "))
        );
    }
    out.push_str("\n## Specifications and limits\n\nA file over a limit is malformed or has a gap; nothing stops in silence.\n");
    for format in format::ALL {
        let card = format.card();
        let _ = write!(out, "\n### {}\n\n", card.name);
        for specification in card.specifications {
            let _ = writeln!(out, "- {specification}");
        }
        if !card.limits.is_empty() {
            out.push_str("\n| limit | at most |\n|---|---|\n");
        }
        for (what, most) in card.limits {
            let _ = writeln!(out, "| {} | {most} |", cell(what));
        }
    }
    out
}

/// `docs/data.md`: what the registry of vendors holds and what it rests on.
pub fn data(registry: &Registry) -> String {
    let vendors = registry.iter().count();
    let entities: Vec<_> = registry.iter().flat_map(|v| &v.entities).collect();
    let mut countries: Vec<&str> = entities.iter().map(|e| e.jurisdiction.as_str()).collect();
    countries.sort_unstable();
    countries.dedup();
    let mut out = format!(
        "# Data\n\n{GENERATED}\n\nThe vendor registry (`data/vendors/`) holds {vendors} vendors with {} legal entities of {} countries and territories: {}.\n\n\
         Each fact counts once, by the best grade among its sources. What nobody cites is marked in its file, shown as a lead \
         and decides nothing. Grades are explained in `data/vendors/README.md`; `bonafide data lint` checks every file.\n",
        entities.len(),
        countries.len(),
        countries.join(" "),
    );
    let tally = Tally::of(registry.iter());
    out.push_str("\n## Facts by kind and grade of source\n\n| fact |");
    for grade in Grade::ALL {
        let _ = write!(out, " {} |", grade.name());
    }
    out.push_str(" uncited, marked | all |\n|---|");
    out.push_str(&"---|".repeat(Grade::ALL.len().saturating_add(2)));
    let mut row = |name: &str, wanted: &dyn Fn(FactKind) -> bool| {
        let _ = write!(out, "\n| {name} |");
        for grade in Grade::ALL {
            let n = tally.count(|kind, basis| wanted(kind) && basis.is_some_and(|b| b.0 == grade));
            let _ = write!(out, " {n} |");
        }
        let uncited = tally.count(|kind, basis| wanted(kind) && basis.is_none());
        let all = tally.count(|kind, _| wanted(kind));
        let _ = write!(out, " {uncited} | {all} |");
    };
    for kind in tally.kinds() {
        row(kind.name(), &|k| k == kind);
    }
    row("**all**", &|_| true);
    out.push_str("\n\n## How the sources were read\n\n| grade | the document itself | a transcription or report |\n|---|---|---|\n");
    for grade in Grade::ALL {
        let by = |checked| tally.count(|_, basis| basis == Some((grade, checked)));
        let (primary, secondary) = (by(Checked::Primary), by(Checked::Secondary));
        let _ = writeln!(out, "| {} | {primary} | {secondary} |", grade.name());
    }
    out
}

/// A table cell: no line breaks, no bars.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ")
}
