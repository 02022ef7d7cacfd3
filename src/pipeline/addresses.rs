//! Whom a file names, and how it says that it updates itself.

use crate::base::budget::Budget;
use crate::format::config;
use crate::format::endpoints;
use crate::format::updater;
use crate::format::{Error, Sniff};
use crate::model::endpoint::{Endpoint, EndpointKind, Endpoints};
use crate::model::evidence::{Evidence, Source};
use crate::model::extract::{Gap, Span};
use crate::model::finding::{Finding, Status};
use crate::model::updater::UpdaterConfig;

/// What one file says of where it goes.
#[derive(Debug, Clone, Default)]
pub(super) struct Addresses {
    pub(super) endpoints: Endpoints,
    pub(super) updaters: Vec<UpdaterConfig>,
    pub(super) findings: Vec<Finding>,
}

impl Addresses {
    /// A file of no format is worth examining for these alone.
    pub(super) fn is_about_updates(&self) -> bool {
        !self.updaters.is_empty()
            || !self.findings.is_empty()
            || names_updates(&self.endpoints.found)
    }
}

/// One of the addresses is of updates, and no noise.
pub(super) fn names_updates(found: &[Endpoint]) -> bool {
    found
        .iter()
        .any(|e| e.noise.is_none() && e.kind == EndpointKind::Update)
}

/// Scans what is executed or configures, and reads what is named like the configuration of an updater.
pub(super) fn read(sniff: &Sniff<'_>, signatures: &[Span], budget: &Budget<'_>) -> Addresses {
    let mut out = Addresses::default();
    if endpoints::wanted(sniff) {
        let known = endpoints::Known { signatures };
        out.endpoints = endpoints::scan(sniff.blob, &known, &endpoints::Limits::default(), budget);
        out.updaters = updater::embedded(sniff.name, &out.endpoints);
    }
    if updater::wants(sniff.name) {
        match configuration(sniff) {
            Ok(None) => {}
            Ok(Some(config)) => out.updaters.push(config),
            Err(error) => out.refused(sniff.name, &error),
        }
    }
    out.findings
        .extend(out.updaters.iter().flat_map(updater::findings));
    out
}

fn configuration(sniff: &Sniff<'_>) -> Result<Option<UpdaterConfig>, Error> {
    // One byte more than is read, so that the reader itself says what is too large.
    let end = sniff.blob.size().min(config::MAX_FILE.saturating_add(1));
    let bytes = sniff.blob.read_range(0..end).map_err(|e| Error::Read {
        offset: 0,
        message: e.to_string(),
    })?;
    updater::read(sniff.name, &bytes)
}

impl Addresses {
    fn refused(&mut self, name: &str, error: &Error) {
        self.endpoints.gaps.push(Gap {
            what: format!("updater configuration {name}"),
            why: error.to_string(),
        });
        if let Error::Malformed {
            definition, offset, ..
        } = error
        {
            self.findings.push(
                Finding::new(definition, Status::Unknown, error.to_string()).with(Evidence::bytes(
                    Source::Embedded,
                    *offset,
                    0,
                )),
            );
        }
    }
}
