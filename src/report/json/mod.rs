//! The report as JSON. This room owns the published schema (`schema/report-1.0.json`): model types never serialise.
//!
//! [`from_analysis`] makes the facts, [`Report::only`] is what a policy is asked about, [`Report::with_verdict`] adds
//! what it said. Same analysis, same run, same bytes: maps are sorted, times are RFC 3339 in UTC, and no clock is read.
//!
//! The text is safe on a terminal: see [`mod@write`].

mod certificate;
mod channel;
mod document;
pub mod dossier;
mod evidence;
mod facts;
mod finding;
pub mod handle;
mod host;
mod infrastructure;
mod instance;
mod key;
mod name;
mod origin;
mod party;
mod register;
pub mod schema;
mod subject;
mod updater;
pub mod words;
pub mod write;

use std::io;

pub use certificate::{Certificate, NameField, Validity};
pub use channel::{
    Anchor, Anomaly, Artifact, Binding, Channel, ChannelSignature, Check, Client, ClientArtifact,
    ClientSwitch, Document, Fetch, Hop, Mirror, Path, Release, Route, RouteEdge, Target,
};
pub use document::{DataSet, Policy, Report, Run, SCHEMA_VERSION, Tool, Verdict, Waived};
pub use evidence::{Claim, Evidence, Locator};
pub use facts::from_analysis;
pub use finding::{DimensionStatus, Finding};
pub use host::{Endpoint, Host, Place};
pub use infrastructure::{
    Address, Contact, Dns, DnsRecord, Domain, Event, NetworkAnswer, Operator, Registration, Tls,
};
pub use key::Key;
pub use origin::{Edge, Origin, Registry, Stated};
pub use party::{Compared, Identifier, Match, OwnershipStep, Party, Vendor, screened};
pub use subject::{
    Claimed, Gap, Opus, PageHashes, Revocation, Signature, SigningTime, Span, Subject,
    SubjectError, TimeBasis, Timestamp, Trust,
};
pub use updater::{Feed, Switch, UpdateAnchor, Updater};

use crate::report::{Renderer, Style, Summary};

/// One indented document for one subject; one document a line for several.
#[derive(Debug)]
pub struct Json;

impl Renderer for Json {
    fn id(&self) -> &'static str {
        "json"
    }

    fn about(&self) -> &'static str {
        "one document; with several subjects, one a line"
    }

    fn render(&self, report: &Report, out: &mut dyn io::Write, style: &Style) -> io::Result<()> {
        if style.several {
            write::compact(report, out)?;
        } else {
            write::pretty(report, out)?;
        }
        out.write_all(b"\n")
    }

    fn finish(&self, _: &Summary, _: &mut dyn io::Write, _: &Style) -> io::Result<()> {
        Ok(())
    }
}
