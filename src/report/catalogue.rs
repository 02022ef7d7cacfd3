//! Every finding that any room can raise.

use crate::base::data::FINDING_DOCS;
use crate::channel::findings as channel;
use crate::envelope::findings as envelope;
use crate::format::findings as format;
use crate::identity::findings as identity;
use crate::jurisdiction::findings as jurisdiction;
use crate::jurisdiction::network::findings as network;
use crate::model::finding::Definition;
use crate::policy::findings as policy;
use crate::report::diff;
use crate::report::text::page::{WIDTH, wrap};
use crate::screening::findings as screening;
use crate::vendor::findings as vendor;
use crate::verify::findings as verify;

/// All definitions, each with its room, in the order that data flows.
pub fn all() -> impl Iterator<Item = (&'static str, &'static Definition)> {
    rooms()
        .into_iter()
        .flat_map(|(room, all)| all.iter().map(move |d| (room, *d)))
}

type Room = (&'static str, &'static [&'static Definition]);

fn rooms() -> Vec<Room> {
    let formats = format::ALL.iter().map(|all| ("format", *all));
    let others = [
        ("envelope", envelope::ALL),
        ("verify", verify::ALL),
        ("identity", identity::ALL),
        ("jurisdiction", jurisdiction::ALL),
        ("jurisdiction", network::ALL),
        ("vendor", vendor::ALL),
        ("screening", screening::ALL),
        ("policy", policy::ALL),
        ("report", diff::ALL),
    ];
    let channels = channel::ALL.iter().map(|all| ("channel", *all));
    formats.chain(others).chain(channels).collect()
}

/// The definition of this id.
pub fn find(id: &str) -> Option<&'static Definition> {
    all().map(|(_, d)| d).find(|d| d.id == id)
}

/// What `bonafide explain` prints: the long text of a finding, with its place and its references.
pub fn explain(id: &str) -> Option<String> {
    let definition = find(id);
    let document = crate::base::data::find(FINDING_DOCS, id);
    if definition.is_none() && document.is_none() {
        return None;
    }
    let mut text = match (document, definition) {
        (Some(document), _) => plain(document),
        (None, Some(definition)) => format!("{id}\n\n{}.\n", definition.title),
        (None, None) => return None,
    };
    if let Some(definition) = definition {
        text.push_str(&format!(
            "\nDimension {}, severity {}.\n",
            definition.dimension.name(),
            definition.severity.name()
        ));
        for reference in definition.references {
            flush(&mut format!("See {reference}"), &mut text);
        }
    }
    Some(text)
}

/// Markdown of the documents for a terminal: no heading marks, paragraphs wrapped anew.
fn plain(document: &str) -> String {
    let mut out = String::new();
    let mut paragraph = String::new();
    for line in document.lines() {
        let starts_anew = line.is_empty() || line.starts_with(['#', '-', '|', ' ']);
        if starts_anew {
            flush(&mut paragraph, &mut out);
        }
        match line.strip_prefix('#') {
            Some(heading) => {
                out.push_str(heading.trim_start_matches(['#', ' ']));
                out.push('\n');
            }
            None if line.is_empty() => out.push('\n'),
            None => {
                paragraph.push_str(line);
                paragraph.push(' ');
            }
        }
    }
    flush(&mut paragraph, &mut out);
    out
}

fn flush(paragraph: &mut String, out: &mut String) {
    if !paragraph.is_empty() {
        for line in wrap(paragraph, WIDTH) {
            out.push_str(&line);
            out.push('\n');
        }
        paragraph.clear();
    }
}

/// Ids that look like `id`, nearest first, for "did you mean".
pub fn similar(id: &str) -> Vec<&'static str> {
    let mut near: Vec<(usize, &'static str)> = all()
        .map(|(_, d)| (shared_words(id, d.id), d.id))
        .filter(|(shared, _)| *shared > 0)
        .collect();
    near.sort_by_key(|(shared, id)| (std::cmp::Reverse(*shared), *id));
    near.into_iter().map(|(_, id)| id).take(5).collect()
}

fn shared_words(a: &str, b: &str) -> usize {
    a.split(['-', '_', ' '])
        .filter(|word| word.len() > 2 && b.split('-').any(|other| other == *word))
        .count()
}

#[cfg(test)]
mod tests {
    use super::{WIDTH, all, explain, find};
    use std::collections::BTreeSet;

    #[test]
    fn an_id_belongs_to_one_definition_only() {
        let mut seen = BTreeSet::new();
        for (room, definition) in all() {
            assert!(
                seen.insert(definition.id),
                "{} again in {room}",
                definition.id
            );
            assert_eq!(find(definition.id), Some(definition));
        }
    }

    #[test]
    fn every_finding_can_be_explained_and_an_unknown_one_cannot() {
        for (_, definition) in all() {
            let text = explain(definition.id).unwrap();
            assert!(text.contains(definition.severity.name()), "{text}");
            assert!(!text.lines().any(|l| l.starts_with('#')), "{text}");
            assert!(!text.lines().any(|l| l.chars().count() > WIDTH), "{text}");
        }
        assert_eq!(explain("no-such-finding"), None);
    }
}
