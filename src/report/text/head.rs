//! The first line: the verdict and the subject.

use std::io;

use super::page::{Page, Tone, WIDTH, fit_end, pad, width};
use super::words::shown;
use crate::report::json::words::{Decision, ReportStatus};
use crate::report::json::{Report, Subject};

/// The word a report opens with.
pub(super) fn word(report: &Report) -> (Tone, &'static str) {
    if report.status == ReportStatus::Error {
        return (Tone::Bad, "ERROR");
    }
    match report.verdict.as_ref().map(|v| v.result) {
        Some(Decision::Allow) => (Tone::Good, "ALLOW"),
        Some(Decision::Review) => (Tone::Look, "REVIEW"),
        Some(Decision::Deny) => (Tone::Bad, "DENY"),
        None => (Tone::Strong, "FACTS"),
    }
}

/// Verdict, path, kind, size and digest, on one line where they fit.
pub(super) fn write(report: &Report, subject: &Subject, page: &mut Page<'_>) -> io::Result<()> {
    let (tone, word) = word(report);
    let lead = pad(word, 8);
    let path = shown(&subject.path);
    let about = about(subject);
    let used = width(&lead).saturating_add(width(&path));
    let fill = WIDTH.saturating_sub(used.saturating_add(width(&about)));
    if fill >= 2 {
        let gap = " ".repeat(fill);
        return page.line(&[
            (tone, &lead),
            (Tone::Strong, &path),
            (Tone::Plain, &gap),
            (Tone::Plain, &about),
        ]);
    }
    let path = fit_end(&path, WIDTH.saturating_sub(width(&lead)));
    page.line(&[(tone, &lead), (Tone::Strong, &path)])?;
    page.block(8, &about)
}

fn about(subject: &Subject) -> String {
    let kind = if subject.description.is_empty() {
        shown(&subject.format)
    } else {
        shown(&subject.description)
    };
    if matches!(subject.format.as_str(), "host" | "channel") {
        return kind;
    }
    let mut about = format!("{kind}, {}", size(subject.size));
    if let Some(digest) = subject.digests.get("sha256") {
        about.push_str(&format!(", sha256 {}", short(digest)));
    }
    about
}

/// A digest shortened for the eye; the whole one is in the JSON and under `-v`.
pub(super) fn short(digest: &str) -> String {
    let head = digest.get(..8);
    let tail = digest.len().checked_sub(4).and_then(|at| digest.get(at..));
    match (head, tail) {
        (Some(head), Some(tail)) if digest.len() > 16 => format!("{head}…{tail}"),
        _ => shown(digest),
    }
}

/// Bytes in decimal units, one digit after the point below ten.
fn size(bytes: u64) -> String {
    const UNITS: [(u64, &str); 3] = [(1_000_000_000, "GB"), (1_000_000, "MB"), (1_000, "KB")];
    let Some((unit, name)) = UNITS.into_iter().find(|(unit, _)| bytes >= *unit) else {
        return format!("{bytes} bytes");
    };
    let tenths = bytes
        .saturating_mul(10)
        .checked_div(unit)
        .unwrap_or_default();
    let (whole, tenth) = (tenths / 10, tenths % 10);
    if whole < 10 {
        format!("{whole}.{tenth} {name}")
    } else {
        format!("{whole} {name}")
    }
}

#[cfg(test)]
mod tests {
    use super::{short, size};

    #[test]
    fn sizes_and_digests_are_short() {
        assert_eq!(size(999), "999 bytes");
        assert_eq!(size(4_200_000), "4.2 MB");
        assert_eq!(size(396_123), "396 KB");
        assert_eq!(short("9f86d081884c7d659a2feaa0c55ad015"), "9f86d081…d015");
    }
}
