//! What updater configuration gives reason to look at.

use crate::model::finding::{Definition, Dimension, Severity};

/// All of them.
pub static ALL: &[&Definition] = &[&UPDATE_FEED_OVER_HTTP, &UPDATER_ACCEPTS_UNSIGNED];

/// Updates are looked for without TLS.
pub static UPDATE_FEED_OVER_HTTP: Definition = Definition {
    id: "update-feed-over-http",
    dimension: Dimension::Channel,
    severity: Severity::Medium,
    title: "Updates are looked for without TLS",
    references: &["RFC 9110, section 4.2.1"],
};

/// An updater installs what no signature was checked of.
pub static UPDATER_ACCEPTS_UNSIGNED: Definition = Definition {
    id: "updater-accepts-unsigned",
    dimension: Dimension::Channel,
    severity: Severity::High,
    title: "An updater installs what no signature was checked of",
    references: &[],
};
