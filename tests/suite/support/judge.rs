//! Judges a file in memory through the public pipeline, with the test root beside the bundled anchors.

use std::sync::{Arc, LazyLock};

use bonafide::base::blob::{InMemory, ReadAt};
use bonafide::base::budget::{Budget, Limits, Stopped};
use bonafide::base::time::Time;
use bonafide::jurisdiction::Operators;
use bonafide::model::finding::Finding;
use bonafide::model::signature::{Integrity, Signature, TrustStatus};
use bonafide::pipeline::{self, Context, Known, Options};
use bonafide::screening::Instruments;
use bonafide::vendor::Registry;
use bonafide::verify::certificate;
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
    let clock = Stopped;
    let budget = Budget::start(Limits::default(), &clock);
    let options = Options {
        budget: &budget,
        spool: &InMemory,
        catalogs: false,
    };
    let blob: Arc<dyn ReadAt> = Arc::new(file.to_vec());
    let examined = pipeline::examine("artifact", &blob, &options);
    // Vendors and instruments say nothing of a signature: none are at hand.
    let (operators, vendors, instruments) = (
        Operators::default(),
        Registry::default(),
        Instruments::default(),
    );
    let analysis = pipeline::judge(
        &examined,
        &Context {
            now,
            profile: Some(profile),
            store: &STORE,
            issuers: &*STORE,
            revocation,
            cache,
            known: &Known::default(),
            operators: &operators,
            vendors: &vendors,
            instruments: &instruments,
            listed: &bonafide::screening::lists::NoLists,
            catalogs: &[],
            infrastructure: None,
            max_list_age_days: i64::MAX,
            legal_entities: &bonafide::vendor::gleif::NoLegalEntities,
        },
    );
    let subject = analysis.subjects.into_iter().next().expect("one subject");
    Outcome {
        error: subject.error.map(|e| e.message),
        signatures: subject.signatures,
        findings: subject.findings,
    }
}
