//! A channel: the path first, with its weakest edge; then what its client does, the scorecard group by group, documents and
//! signatures.

use std::io;

use super::page::{Page, Tone};
use super::words::shown;
use crate::report::json::{Channel, ChannelSignature, Check, Report};

/// Names in the order of the groups.
const GROUPS: [&str; 7] = [
    "transport",
    "authenticity",
    "freshness",
    "keys",
    "consistency",
    "transparency",
    "ownership",
];

pub(super) fn write(report: &Report, verbosity: u8, page: &mut Page<'_>) -> io::Result<()> {
    let Some(channel) = &report.channel else {
        return Ok(());
    };
    path(channel, verbosity, page)?;
    client(channel, page)?;
    page.blank()?;
    for group in GROUPS {
        let checks: Vec<&Check> = channel.checks.iter().filter(|c| c.group == group).collect();
        scorecard(group, &checks, verbosity, page)?;
    }
    page.blank()?;
    documents(channel, page)?;
    for switch in &channel.switches {
        let text = format!("{}: {} ({})", switch.name, switch.value, switch.place);
        page.row("Client set to", &shown(&text))?;
    }
    if verbosity > 0 {
        for fetch in &channel.fetches {
            let hops: Vec<String> = fetch.hops.iter().map(|h| shown(&h.url)).collect();
            let way = if hops.len() > 1 {
                hops.join(" → ")
            } else {
                shown(&fetch.url)
            };
            let why = fetch.reason.as_deref().map(|w| format!(" {}", shown(w)));
            let text = format!("{} {way}{}", fetch.outcome, why.unwrap_or_default());
            page.row("Fetched", &text)?;
        }
    }
    Ok(())
}

fn tone(strength: &str) -> Tone {
    match strength {
        "strong" => Tone::Good,
        "legacy" | "unknown" => Tone::Look,
        _ => Tone::Bad,
    }
}

fn path(channel: &Channel, verbosity: u8, page: &mut Page<'_>) -> io::Result<()> {
    let path = &channel.path;
    let line = match &path.line {
        Some(line) => shown(line),
        None => "no way leads from an anchor or an address to what is offered".to_owned(),
    };
    page.toned_row("Path", (tone(&path.strength), &path.strength), &line)?;
    if let Some(weakest) = path.weakest.as_ref().filter(|_| path.strength != "strong") {
        page.row("Weakest edge", &shown(weakest))?;
    }
    if verbosity > 0 && path.targets.len() > 1 {
        for target in &path.targets {
            let word = target.strength.as_str();
            page.toned_row("", (tone(word), word), &shown(&target.name))?;
        }
    }
    if path.cut {
        page.row(
            "",
            "more ways than are followed: the best one may be missing",
        )?;
    }
    Ok(())
}

fn client(channel: &Channel, page: &mut Page<'_>) -> io::Result<()> {
    let client = &channel.client;
    let (tone, word) = match client.decision.as_str() {
        "accepts" => (Tone::Plain, "accepts"),
        "keeps_old" => (Tone::Look, "keeps old"),
        "rejects" => (Tone::Bad, "rejects"),
        _ => (Tone::Look, "unknown"),
    };
    let reasons: Vec<String> = client.reasons.iter().map(|r| shown(r)).collect();
    page.toned_row("Its client", (tone, word), &reasons.join("; "))?;
    for artifact in &client.artifacts {
        if artifact.decision != "accepts" {
            let text = format!(
                "{} {}: {}",
                artifact.decision,
                shown(&artifact.artifact),
                shown(&artifact.reason)
            );
            page.row("", &text)?;
        }
    }
    Ok(())
}

fn scorecard(group: &str, checks: &[&Check], verbosity: u8, page: &mut Page<'_>) -> io::Result<()> {
    let of =
        |status: &str| -> Vec<&&Check> { checks.iter().filter(|c| c.status == status).collect() };
    let ids = |checks: &[&&Check]| -> String {
        let ids: Vec<&str> = checks.iter().map(|c| c.id.as_str()).collect();
        ids.join(" ")
    };
    let (failed, passed, unknown) = (of("fail"), of("pass"), of("unknown"));
    let mut parts = Vec::new();
    for (word, found) in [("fail", &failed), ("pass", &passed), ("unknown", &unknown)] {
        if !found.is_empty() {
            parts.push(format!("{word} {}", ids(found)));
        }
    }
    page.row(&capital(group), &parts.join(" · "))?;
    for check in &failed {
        let text = format!(
            "{} {} ({}): {}",
            check.id,
            check.title,
            check.severity,
            shown(&check.evidence)
        );
        let tone = match check.severity.as_str() {
            "critical" | "high" => Tone::Bad,
            _ => Tone::Look,
        };
        page.toned_row("", (tone, "fail"), &text)?;
        if verbosity > 0 {
            page.toned_row("", (Tone::Plain, "fix"), &check.fix)?;
        }
    }
    if verbosity > 0 {
        for check in passed.iter().chain(&unknown) {
            let text = format!("{} {}: {}", check.id, check.title, shown(&check.evidence));
            page.toned_row("", (Tone::Faint, &check.status), &text)?;
        }
    }
    Ok(())
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    match letters.next() {
        Some(first) => format!("{}{}", first.to_ascii_uppercase(), letters.as_str()),
        None => String::new(),
    }
}

fn documents(channel: &Channel, page: &mut Page<'_>) -> io::Result<()> {
    for document in &channel.documents {
        let mut parts = vec![shown(&document.name)];
        if let Some(version) = &document.version {
            parts.push(format!("version {}", shown(version)));
        }
        for (word, date) in [("of", &document.issued), ("until", &document.expires)] {
            if let Some(date) = date {
                parts.push(format!("{word} {}", super::signature::day(date)));
            }
        }
        let identity: Vec<String> = document
            .identity
            .iter()
            .map(|(k, v)| format!("{k} {}", shown(v)))
            .collect();
        parts.extend(identity);
        page.row("Document", &parts.join(", "))?;
        for signature in &document.signatures {
            one_signature(signature, page)?;
        }
    }
    for artifact in &channel.artifacts {
        let state = if artifact.fetched {
            ""
        } else {
            ", not fetched"
        };
        page.row("Artifact", &format!("{}{state}", shown(&artifact.name)))?;
        for signature in &artifact.signatures {
            one_signature(signature, page)?;
        }
    }
    Ok(())
}

fn one_signature(signature: &ChannelSignature, page: &mut Page<'_>) -> io::Result<()> {
    let tone = match signature.status.as_str() {
        "verified" => Tone::Good,
        "no-key" | "unsupported" | "unchecked" => Tone::Look,
        _ => Tone::Bad,
    };
    let digest = signature.digest.as_deref().map(|d| format!("/{d}"));
    let mut text = format!(
        "{}{} by {}",
        shown(&signature.algorithm),
        digest.unwrap_or_default(),
        shown(&signature.key)
    );
    if let Some(owner) = &signature.owner {
        text.push_str(&format!(" ({})", shown(owner)));
    }
    if let Some(why) = &signature.reason {
        text.push_str(&format!(": {}", shown(why)));
    }
    page.toned_row("  Signature", (tone, &signature.status), &text)
}
