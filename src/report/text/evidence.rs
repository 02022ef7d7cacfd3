//! All evidence, for `-vv`: each handle with how to find it again.

use std::collections::BTreeMap;
use std::io;

use super::head::short;
use super::page::{Page, Tone, WIDTH, pad, wrap};
use super::words::shown;
use crate::report::json::handle::EvidenceId;
use crate::report::json::{Evidence, Locator};

const HANDLE: usize = 10;

pub(super) fn write(
    evidence: &BTreeMap<EvidenceId, Evidence>,
    page: &mut Page<'_>,
) -> io::Result<()> {
    page.blank()?;
    page.line(&[(Tone::Strong, "  Evidence")])?;
    if evidence.is_empty() {
        return page.block(4, "none");
    }
    for (handle, evidence) in evidence {
        let lead = pad(&format!("    {handle}"), HANDLE);
        let margin = " ".repeat(HANDLE);
        for (i, line) in wrap(&text(evidence), WIDTH.saturating_sub(HANDLE))
            .iter()
            .enumerate()
        {
            let start = if i == 0 { &lead } else { &margin };
            page.line(&[(Tone::Plain, start), (Tone::Plain, line)])?;
        }
    }
    Ok(())
}

fn text(evidence: &Evidence) -> String {
    let mut text = match &evidence.locator {
        Locator::Bytes { offset, length } => {
            let of = evidence
                .subject
                .as_ref()
                .map_or_else(String::new, |s| format!(" of subject {}", shown(s)));
            format!("bytes {offset}+{length}{of}")
        }
        Locator::CertificateField { certificate, field } => {
            format!("certificate {} {}", short(certificate), shown(field))
        }
        Locator::DataEntry { data, entry } => format!("{} {}", shown(data), shown(entry)),
        Locator::Url { url } => shown(url),
    };
    text.push_str(&format!(" [{}]", evidence.source.name()));
    if let Some(excerpt) = &evidence.excerpt {
        text.push_str(&format!(": \"{}\"", shown(excerpt)));
    }
    if let Some(citation) = &evidence.citation {
        text.push_str(&format!(" ({})", shown(citation)));
    }
    if let Some(at) = &evidence.observed_at {
        text.push_str(&format!(", {}", shown(at)));
    }
    text
}
