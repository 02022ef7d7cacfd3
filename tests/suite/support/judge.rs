//! Judges a file in memory by the stages up to `verify`, with the test root as the only anchor.

use std::sync::{Arc, LazyLock};

use bonafide::base::blob::ReadAt;
use bonafide::base::budget::{Budget, Limits, Stopped};
use bonafide::base::time::Time;
use bonafide::format::{self, HEAD_LEN};
use bonafide::model::finding::Finding;
use bonafide::model::signature::{Integrity, Signature, TrustStatus};
use bonafide::verify::authenticode::{self, Context};
use bonafide::verify::certificate;
use bonafide::verify::image::{self, Request};
use bonafide::verify::path::Cache;
use bonafide::verify::profile::Profile;
use bonafide::verify::revocation::RevocationEvidence;
use bonafide::verify::store::TrustStore;

use super::pki::PKI;

/// The bundled stores with the test root beside them.
pub(crate) static STORE: LazyLock<TrustStore> = LazyLock::new(|| {
    let root = certificate::read(&PKI.root.certificate).expect("the test root");
    TrustStore::bundled().with_user([Arc::new(root)])
});

/// A finding as text to compare by: id, status, message.
pub(crate) type Note<'o> = (&'static str, &'static str, &'o str);

/// What came of a file.
#[derive(Debug, Clone, Default)]
pub(crate) struct Outcome {
    /// Why it could not be judged at all.
    pub(crate) error: Option<String>,
    pub(crate) signatures: Vec<Signature>,
    /// Findings of the file and of all signatures.
    pub(crate) findings: Vec<Finding>,
}

impl Outcome {
    /// There is a signature, and each one holds and carries trust.
    pub(crate) fn accepted(&self) -> bool {
        self.error.is_none()
            && !self.signatures.is_empty()
            && self
                .signatures
                .iter()
                .all(|s| s.integrity == Integrity::Valid && s.trust.status == TrustStatus::Trusted)
    }

    /// Every finding, once.
    pub(crate) fn notes(&self) -> Vec<Note<'_>> {
        let mut notes: Vec<_> = self
            .findings
            .iter()
            .map(|f| (f.definition.id, f.status.name(), f.message.as_str()))
            .collect();
        notes.sort_unstable();
        notes.dedup();
        notes
    }
}

/// Judges `file` at `now`; answers about certificates go to `cache`, and CRLs come from `revocation`.
pub(crate) fn judge(
    file: &[u8],
    now: Time,
    profile: Profile,
    revocation: &RevocationEvidence,
    cache: &Cache,
) -> Outcome {
    let failed = |error: String| Outcome {
        error: Some(error),
        ..Outcome::default()
    };
    let clock = Stopped;
    let budget = Budget::start(Limits::default(), &clock);
    let head = file.get(..HEAD_LEN).unwrap_or(file);
    let Some(format) = format::detect(head) else {
        return failed("of no known format".into());
    };
    let blob: &dyn ReadAt = &file.to_vec();
    let extract = match format.extract(blob, &budget) {
        Ok(extract) => extract,
        Err(error) => return failed(error.to_string()),
    };
    let opened = authenticode::open(&extract.signatures);
    let request = Request {
        flat: &[],
        covered: &opened.covered(),
        pages: &opened.pages(),
        checksum: extract.checksum.as_ref(),
    };
    let scan = match image::scan(blob, &request, &budget) {
        Ok(scan) => scan,
        Err(error) => return failed(error.to_string()),
    };
    let anchors = STORE.anchors(profile);
    let signatures = authenticode::judge(
        &opened,
        &scan,
        &Context {
            now,
            profile,
            format: extract.format,
            anchors: &anchors,
            issuers: &*STORE,
            revocation,
            cache,
        },
    );
    let mut findings = extract.findings.clone();
    if let (Some(stated), Some(computed)) = (&extract.checksum, scan.checksum) {
        findings.extend(image::checksum_mismatch(stated, computed));
    }
    findings.extend(signatures.iter().flat_map(|s| s.findings.clone()));
    Outcome {
        error: None,
        signatures,
        findings,
    }
}
