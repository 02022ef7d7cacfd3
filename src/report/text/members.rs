//! What is inside a container: counts and signers first, then a line a member.

use std::collections::BTreeMap;
use std::io;

use super::page::{Page, Tone, WIDTH, fit, fit_end, pad};
use super::signature::state;
use super::words::{countries, shown};
use crate::report::Style;
use crate::report::json::words::{Signing, Status};
use crate::report::json::{Report, Subject};

/// Members listed unless more is asked for; packages hold thousands.
const LISTED: usize = 16;
/// Signers and unsigned members named in the summary unless more is asked for.
const NAMED: usize = 6;
/// Columns of a path in the list.
const PATH: usize = 46;

pub(super) fn write(report: &Report, style: &Style, page: &mut Page<'_>) -> io::Result<()> {
    let Some((top, members)) = report.subjects.split_first() else {
        return Ok(());
    };
    if top.members.is_none() && members.is_empty() {
        return Ok(());
    }
    page.blank()?;
    page.row("Inside", &counts(report))?;
    signers(report, members, style, page)?;
    unsigned(top, members, style, page)?;
    list(report, top, members, style, page)
}

/// All levels together: a package in an archive has members of its own.
fn counts(report: &Report) -> String {
    let containers = report.subjects.iter().filter_map(|s| s.members);
    let (mut listed, mut examined, mut other, mut unexamined) = (0u64, 0u64, 0u64, 0u64);
    for members in containers {
        listed = listed.saturating_add(members.listed);
        examined = examined.saturating_add(members.examined);
        other = other.saturating_add(members.other);
        unexamined = unexamined.saturating_add(members.unexamined);
    }
    let mut text = format!(
        "{listed} files: {examined} of a known format examined, {other} of none that is signed or holds files"
    );
    if unexamined > 0 {
        text.push_str(&format!(", {unexamined} not examined"));
    }
    text
}

/// Signers by how many members each signed, with their countries and what the signatures are worth.
fn signers(
    report: &Report,
    members: &[Subject],
    style: &Style,
    page: &mut Page<'_>,
) -> io::Result<()> {
    let mut by_signer: BTreeMap<(&str, &'static str), (Tone, usize)> = BTreeMap::new();
    for signature in members.iter().flat_map(|m| &m.signatures) {
        let (tone, word) = state(signature);
        let signer = signature.signer.as_deref().unwrap_or_default();
        let count = by_signer.entry((signer, word)).or_insert((tone, 0));
        count.1 = count.1.saturating_add(1);
    }
    let mut rows: Vec<_> = by_signer.into_iter().collect();
    rows.sort_by(|a, b| b.1.1.cmp(&a.1.1).then(a.0.cmp(&b.0)));
    let limit = limit(style, NAMED);
    let mut label = "Signed by";
    for ((signer, word), (tone, count)) in rows.iter().take(limit) {
        let party = report.parties.get(*signer);
        let name = party.map_or_else(
            || "nobody that is named".to_owned(),
            |p| format!("{}, {}", shown(&p.name), countries(p)),
        );
        let name = name.trim_end_matches([',', ' ']);
        page.toned_row(label, (*tone, word), &format!("×{count}  {name}"))?;
        label = "";
    }
    more(rows.len(), limit, "signers", page)
}

fn is_unsigned(member: &Subject) -> bool {
    member.signing == Signing::Expected && member.signatures.is_empty() && member.error.is_none()
}

fn unsigned(
    top: &Subject,
    members: &[Subject],
    style: &Style,
    page: &mut Page<'_>,
) -> io::Result<()> {
    let unsigned: Vec<&Subject> = members.iter().filter(|m| is_unsigned(m)).collect();
    if unsigned.is_empty() {
        return Ok(());
    }
    let limit = limit(style, NAMED);
    let mut names: Vec<String> = unsigned
        .iter()
        .take(limit)
        .map(|m| shown(inside(top, m)))
        .collect();
    let left = unsigned.len().saturating_sub(names.len());
    if left > 0 {
        names.push(format!("and {left} more"));
    }
    let text = format!("×{}  {}", unsigned.len(), names.join(", "));
    page.toned_row("Unsigned", (Tone::Look, "executable"), &text)
}

fn limit(style: &Style, usual: usize) -> usize {
    if style.verbosity > 0 {
        usize::MAX
    } else {
        usual
    }
}

fn more(all: usize, limit: usize, what: &str, page: &mut Page<'_>) -> io::Result<()> {
    match all.saturating_sub(limit) {
        0 => Ok(()),
        left => page.row("", &format!("and {left} more {what}; -v shows them")),
    }
}

/// The path below the top-level subject.
fn inside<'m>(top: &Subject, member: &'m Subject) -> &'m str {
    member
        .path
        .strip_prefix(&top.path)
        .and_then(|p| p.strip_prefix("!/"))
        .unwrap_or(&member.path)
}

/// A line a member; where there are too many, those with something wrong come first.
fn list(
    report: &Report,
    top: &Subject,
    members: &[Subject],
    style: &Style,
    page: &mut Page<'_>,
) -> io::Result<()> {
    let worst = worst(report);
    let wrong = |m: &Subject| worst.get(m.id.as_str()).copied().unwrap_or(Status::Pass);
    let depth = |m: &Subject| m.id.matches('.').count();
    let mut listed: Vec<&Subject> = members
        .iter()
        .filter(|m| style.depth.is_none_or(|max| depth(m) <= max))
        .filter(|m| !style.only_findings || wrong(m) > Status::Unknown || m.error.is_some())
        .collect();
    let limit = limit(style, LISTED);
    let all = listed.len();
    if all > limit {
        // A stable sort: of equal ones the container's order stays.
        listed.sort_by_key(|m| std::cmp::Reverse((m.error.is_some(), wrong(m))));
        listed.truncate(limit);
        listed.sort_by_key(|m| members.iter().position(|other| other.id == m.id));
    }
    for member in listed {
        line(report, top, member, page)?;
    }
    more(all, limit, "members", page)
}

/// The worst status of the findings on each subject. Unknown counts for nothing here: revocation is unknown on all of them.
fn worst(report: &Report) -> BTreeMap<&str, Status> {
    let mut worst = BTreeMap::new();
    for finding in &report.findings {
        let entry = worst
            .entry(finding.subject.as_str())
            .or_insert(finding.status);
        *entry = (*entry).max(finding.status);
    }
    worst
}

fn line(report: &Report, top: &Subject, member: &Subject, page: &mut Page<'_>) -> io::Result<()> {
    let (tone, word) = match (&member.error, member.signatures.first()) {
        (Some(error), _) => (Tone::Bad, error.kind.name()),
        (None, Some(first)) => state(first),
        (None, None) if is_unsigned(member) => (Tone::Look, "not signed"),
        (None, None) => (Tone::Faint, "-"),
    };
    let path = pad(&fit_end(&shown(inside(top, member)), PATH), PATH);
    let signers: Vec<String> = member
        .signatures
        .iter()
        .filter_map(|s| report.parties.get(s.signer.as_ref()?))
        .map(|p| shown(&p.name))
        .collect();
    let about = match (&member.members, signers.is_empty()) {
        (Some(members), true) => format!("{} files", members.listed),
        (_, _) => signers.join(" + "),
    };
    page.line(&[
        (Tone::Plain, "    "),
        (Tone::Plain, &path),
        (Tone::Plain, " "),
        (tone, &pad(word, 13)),
        (
            Tone::Plain,
            &fit(&about, WIDTH.saturating_sub(PATH.saturating_add(18))),
        ),
    ])
}
