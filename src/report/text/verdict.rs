//! The last lines: what the policy said, what was waived, and what to run next.

use std::io;

use super::page::{Page, Tone};
use super::words::shown;
use crate::report::catalogue;
use crate::report::json::words::{Decision, RevocationStatus};
use crate::report::json::{Report, Verdict};

pub(super) fn write(report: &Report, verbosity: u8, page: &mut Page<'_>) -> io::Result<()> {
    page.blank()?;
    let Some(verdict) = &report.verdict else {
        page.row("Verdict", "none asked; bonafide verify gives one")?;
        return page.row("Next", &next(report, None, verbosity));
    };
    let (tone, word) = match verdict.result {
        Decision::Allow => (Tone::Good, "ALLOW"),
        Decision::Review => (Tone::Look, "REVIEW"),
        Decision::Deny => (Tone::Bad, "DENY"),
    };
    page.toned_row("Verdict", (tone, word), &under(verdict))?;
    let reasons = reasons(report, verdict);
    if !reasons.is_empty() {
        page.row("Because of", &reasons.join(", "))?;
    }
    let mut label = "Waived";
    for waived in &verdict.waived {
        let by = waived
            .by
            .as_ref()
            .map_or_else(String::new, |b| format!(", by {}", shown(b)));
        page.row(
            label,
            &format!(
                "{} until {}: {}{by}",
                finding_id(report, &waived.instance),
                shown(&waived.until),
                shown(&waived.reason)
            ),
        )?;
        label = "";
    }
    page.row("Next", &next(report, Some(verdict), verbosity))
}

fn under(verdict: &Verdict) -> String {
    format!(
        "policy {}, version {}; not legal advice",
        shown(&verdict.policy.id),
        shown(&verdict.policy.version)
    )
}

/// Ids of the reasons, each once, in order.
fn reasons(report: &Report, verdict: &Verdict) -> Vec<String> {
    let mut ids: Vec<String> = Vec::new();
    for instance in &verdict.reasons {
        let id = finding_id(report, instance);
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    ids
}

fn finding_id(report: &Report, instance: &str) -> String {
    report
        .findings
        .iter()
        .find(|f| f.instance == instance)
        .map_or_else(|| super::head::short(instance), |f| shown(&f.id))
}

/// The one command that helps most from here.
fn next(report: &Report, verdict: Option<&Verdict>, verbosity: u8) -> String {
    let reasons = verdict.map(|v| reasons(report, v)).unwrap_or_default();
    if let Some(known) = reasons.iter().find(|id| catalogue::explain(id).is_some()) {
        return format!("bonafide explain {known}");
    }
    if let Some(verdict) = verdict.filter(|_| !reasons.is_empty()) {
        return format!("bonafide policy show {}", shown(&verdict.policy.id));
    }
    let unchecked = report.run.offline
        && report
            .subjects
            .iter()
            .flat_map(|s| &s.signatures)
            .any(|s| s.revocation.status == RevocationStatus::NotChecked);
    if unchecked {
        "the same with --online checks revocation".to_owned()
    } else if verbosity == 0 {
        "the same with -v shows the chain and every check".to_owned()
    } else {
        "the same with -f json has everything".to_owned()
    }
}
