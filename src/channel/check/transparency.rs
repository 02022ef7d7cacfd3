//! X: can others see what is served, and how it was made.

use super::{Check, Group};
use crate::channel::findings as found;
use crate::model::finding::Severity;

pub(super) static ALL: &[Check] = &[
    Check {
        id: "X1",
        group: Group::Transparency,
        title: "in a transparency log, with a proof of inclusion",
        severity: Severity::Medium,
        fix: "log every release, and let clients demand the proof",
        finding: Some(&found::NOT_IN_TRANSPARENCY_LOG),
        ask: None,
    },
    Check {
        id: "X2",
        group: Group::Transparency,
        title: "a provenance of the build whose source is the project's",
        severity: Severity::Medium,
        fix: "publish attestations of the build",
        finding: Some(&found::NO_BUILD_PROVENANCE),
        ask: None,
    },
    Check {
        id: "X3",
        group: Group::Transparency,
        title: "said to be reproducible, and rebuilt by others",
        severity: Severity::Info,
        fix: "make the build reproducible",
        finding: None,
        ask: None,
    },
    Check {
        id: "X4",
        group: Group::Transparency,
        title: "a bill of materials or a statement of vulnerabilities is named",
        severity: Severity::Low,
        fix: "name an SBOM or VEX document in the feed",
        finding: None,
        ask: None,
    },
    Check {
        id: "X5",
        group: Group::Transparency,
        title: "earlier releases stay public",
        severity: Severity::Low,
        fix: "keep an archive of what was served",
        finding: None,
        ask: None,
    },
];
