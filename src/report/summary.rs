//! Counts over a run, which close it and prove that its output is complete.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::json::Report;
use super::json::words::{Decision, ReportStatus};

/// How many reports came to what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Summary {
    /// Top-level subjects.
    pub subjects: u64,
    /// Verdicts of allow.
    pub allow: u64,
    /// Verdicts of review.
    pub review: u64,
    /// Verdicts of deny.
    pub deny: u64,
    /// Examined without asking a policy.
    pub facts: u64,
    /// Not examined, whatever a policy made of that.
    pub errors: u64,
    /// Examined but for some members.
    pub partial: u64,
    /// Met in a directory and not examined: of no known format, or no regular file.
    pub passed_over: u64,
    /// The run ended before every subject was reached.
    pub interrupted: bool,
}

impl Summary {
    /// Counts one report.
    pub fn add(&mut self, report: &Report) {
        bump(&mut self.subjects);
        match report.status {
            ReportStatus::Error => return bump(&mut self.errors),
            ReportStatus::Partial => bump(&mut self.partial),
            ReportStatus::Complete => {}
        }
        bump(match report.verdict.as_ref().map(|v| v.result) {
            Some(Decision::Allow) => &mut self.allow,
            Some(Decision::Review) => &mut self.review,
            Some(Decision::Deny) => &mut self.deny,
            None => &mut self.facts,
        });
    }
}

fn bump(count: &mut u64) {
    *count = count.saturating_add(1);
}
