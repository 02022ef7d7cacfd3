//! Documents made from the code, so that they cannot drift from it: a test compares each with its file.

use std::fmt::Write as _;

use super::catalogue;
use crate::format;

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

/// A table cell: no line breaks, no bars.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ")
}
