//! JSON Lines: one record a subject, and a summary as the last line, which proves that nothing is missing.

use std::io;

use schemars::JsonSchema;
use serde::Serialize;

use super::json::words::ReportStatus;
use super::json::{Report, write};
use super::{Renderer, Style, Summary};

/// One line.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(tag = "type", rename_all = "lowercase")]
pub enum Record<'a> {
    /// A subject that was examined: a report.
    Report(&'a Report),
    /// A subject that could not be examined: a report whose `error` says why.
    Error(&'a Report),
    /// The last line.
    Summary(&'a Summary),
}

/// The renderer.
#[derive(Debug)]
pub struct JsonLines;

impl Renderer for JsonLines {
    fn id(&self) -> &'static str {
        "jsonl"
    }

    fn about(&self) -> &'static str {
        "one record a line, a summary last"
    }

    fn render(&self, report: &Report, out: &mut dyn io::Write, _: &Style) -> io::Result<()> {
        line(
            &match report.status {
                ReportStatus::Error => Record::Error(report),
                ReportStatus::Complete | ReportStatus::Partial => Record::Report(report),
            },
            out,
        )
    }

    fn finish(&self, summary: &Summary, out: &mut dyn io::Write, _: &Style) -> io::Result<()> {
        line(&Record::Summary(summary), out)
    }
}

fn line(record: &Record<'_>, out: &mut dyn io::Write) -> io::Result<()> {
    write::compact(record, out)?;
    out.write_all(b"\n")
}
