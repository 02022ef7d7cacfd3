//! A bundle, all of it: certificate, times, logs, content.

use crate::base::time::Time;
use crate::envelope::sigstore::{Bundle, Error, Material, TrustedRoot, Verifier, Version};
use crate::model::certificate::Certificate;
use crate::model::digest::{DigestAlgorithm, Digests};
use crate::verify::certificate as x509;
use crate::verify::crypto::Answer;
use crate::verify::digest;
use crate::verify::sigstore::certificate::{
    Chain, Purpose, issued, leaf_problem, links_problem, validity_problem,
};
use crate::verify::sigstore::identity::Identity;
use crate::verify::sigstore::outcome::{Checked, Fault, FaultKind, SignedAt, Status};
use crate::verify::sigstore::{content, log, sct, timestamp};

/// The document of the public-good instance that this build carries, as its ORIGIN.toml says.
const PUBLIC_GOOD: &[u8] = include_bytes!(concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/trust-roots/sigstore/trusted_root.json"
));

/// Authorities and logs of Sigstore's public-good instance, as this build knows them.
///
/// # Errors
/// Never for the document that is compiled in; a test reads it.
pub fn public_good() -> Result<TrustedRoot, Error> {
    TrustedRoot::read(PUBLIC_GOOD)
}

/// What a bundle is to be over.
#[derive(Debug, Clone, Copy)]
pub enum Artifact<'a> {
    /// The artifact itself.
    Bytes(&'a [u8]),
    /// Its digests, where it is too large to be in memory.
    Digests(&'a Digests),
}

/// A key that is known otherwise than by a certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// The name that bundles have for it. Its SHA-256 digest in base64 always names it, too.
    pub hint: Option<String>,
    /// subjectPublicKeyInfo.
    pub spki: Vec<u8>,
    /// From when and until when signatures of it count; open where absent.
    pub valid: (Option<Time>, Option<Time>),
}

/// Whom to believe.
#[derive(Debug, Clone, Copy)]
pub struct Trust<'a> {
    /// Authorities and logs.
    pub root: &'a TrustedRoot,
    /// Keys that are known otherwise.
    pub keys: &'a [Key],
    /// The judgement time: nothing is signed later.
    pub at: Time,
}

/// Checks a bundle over `artifact`.
///
/// # Errors
/// Where `json` is no bundle of a version that is read.
pub fn check(json: &[u8], artifact: Artifact<'_>, trust: &Trust<'_>) -> Result<Checked, Error> {
    Ok(judge(&Bundle::read(json)?, artifact, trust))
}

/// Checks an attestation of a Python package index (PEP 740) over `artifact`. What its subject is called is the caller's to compare.
///
/// # Errors
/// Where `json` is no attestation of a version that is read.
pub fn check_attestation(
    json: &[u8],
    artifact: Artifact<'_>,
    trust: &Trust<'_>,
) -> Result<Checked, Error> {
    Ok(judge(&Bundle::read_attestation(json)?, artifact, trust))
}

fn judge(bundle: &Bundle, artifact: Artifact<'_>, trust: &Trust<'_>) -> Checked {
    let mut faults = Vec::new();
    let signer = signer(bundle, trust, &mut faults);
    let (entries, signed_at) = attested(bundle, trust, &mut faults);
    content::check_key_ids(&bundle.content, &bundle.material, &mut faults);
    if let Some(signer) = &signer {
        judge_times(signer, &signed_at, trust, &mut faults);
        judge_logs(bundle, signer, &signed_at, trust, &mut faults);
        for entry in &bundle.entries {
            content::check_entry(
                entry,
                &bundle.content,
                &artifact,
                &signer.verifier(),
                &mut faults,
            );
        }
    }
    let statement = signer
        .as_ref()
        .and_then(|signer| content::check(&bundle.content, &artifact, signer.spki(), &mut faults));
    let worst = faults.iter().map(|f| f.kind.status()).max();
    Checked {
        // A bundle whose signature nobody checked is never verified, whatever else is not against it.
        status: match (worst, &signer) {
            (Some(worst), _) => worst,
            (None, Some(_)) => Status::Verified,
            (None, None) => Status::Failed,
        },
        faults,
        identity: match &signer {
            Some(Signer::Certificate { leaf, .. }) => Some(Identity::read(leaf)),
            Some(Signer::Key(_)) | None => None,
        },
        key_hint: match &bundle.material {
            Material::KeyHint(hint) => Some(hint.clone()),
            Material::Certificates(_) => None,
        },
        signed_at,
        entries,
        statement,
    }
}

enum Signer<'t> {
    Certificate {
        leaf: Box<Certificate>,
        /// Where an authority issued it.
        chain: Option<Chain<'t>>,
    },
    Key(&'t Key),
}

impl Signer<'_> {
    fn spki(&self) -> &[u8] {
        match self {
            Self::Certificate { leaf, .. } => &leaf.spki,
            Self::Key(key) => &key.spki,
        }
    }

    /// As log entries record it.
    fn verifier(&self) -> Verifier {
        match self {
            Self::Certificate { leaf, .. } => Verifier::Certificate(leaf.der.clone()),
            Self::Key(key) => Verifier::PublicKey(key.spki.clone()),
        }
    }
}

fn signer<'t>(bundle: &Bundle, trust: &Trust<'t>, faults: &mut Vec<Fault>) -> Option<Signer<'t>> {
    let mut fault = |kind, message: String| faults.push(Fault { kind, message });
    match &bundle.material {
        Material::KeyHint(hint) => {
            let key = trust.keys.iter().find(|key| is_named(key, hint));
            if key.is_none() {
                fault(
                    FaultKind::NoKey,
                    "the key that the bundle names is not known".into(),
                );
            }
            key.map(Signer::Key)
        }
        Material::Certificates(certificates) => {
            let mut read = Vec::new();
            for der in certificates {
                match x509::read(der) {
                    Ok(certificate) => read.push(certificate),
                    Err(error) => {
                        fault(FaultKind::Certificate, error.to_string());
                        return None;
                    }
                }
            }
            let mut read = read.into_iter();
            let leaf = read.next()?;
            // Early bundles of registries have it. It is never used, here or there.
            if bundle.version > Version::V0_1 && read.any(|c| c.is_self_issued()) {
                fault(
                    FaultKind::RootInChain,
                    "the bundle brings a root certificate along".into(),
                );
            }
            if let Some(message) = leaf_problem(&leaf, Purpose::Code) {
                fault(FaultKind::Certificate, message);
            }
            let chain = chain(&leaf, trust.root, faults);
            Some(Signer::Certificate {
                leaf: Box::new(leaf),
                chain,
            })
        }
    }
}

/// The name, or the digest of the key in base64.
fn is_named(key: &Key, hint: &str) -> bool {
    let named = key.hint.as_deref().is_some_and(|known| known == hint);
    let digest = digest::hash(DigestAlgorithm::Sha256, &key.spki);
    named || (digest.is_some() && crate::base::base64::decode(hint) == digest)
}

/// The authority that issued `leaf`, with every link to its root and the certificate logs' word checked.
fn chain<'t>(
    leaf: &Certificate,
    root: &'t TrustedRoot,
    faults: &mut Vec<Fault>,
) -> Option<Chain<'t>> {
    let chains = root.certificate_authorities.iter().filter_map(Chain::read);
    let mut unsupported = None;
    for chain in chains {
        let Some(issuer) = chain.certificates.first() else {
            continue;
        };
        match issued(issuer, leaf) {
            Answer::Invalid => continue,
            Answer::Unsupported(what) => {
                unsupported = Some(what);
                continue;
            }
            Answer::Valid => {}
        }
        if let Some(message) = links_problem(leaf, &chain.certificates) {
            faults.push(Fault {
                kind: FaultKind::Certificate,
                message,
            });
        }
        faults.extend(sct::check(leaf, issuer, &root.certificate_logs));
        return Some(chain);
    }
    faults.push(match unsupported {
        Some(what) => Fault {
            kind: FaultKind::Unsupported,
            message: format!("the certificate's signature is not computed: {what}"),
        },
        None => Fault {
            kind: FaultKind::UntrustedCertificate,
            message: "no authority of the trusted root issued the certificate".into(),
        },
    });
    None
}

/// What logs and clocks say.
fn attested(
    bundle: &Bundle,
    trust: &Trust<'_>,
    faults: &mut Vec<Fault>,
) -> (Vec<crate::verify::sigstore::LoggedEntry>, Vec<SignedAt>) {
    let mut entries = Vec::new();
    let mut signed_at = Vec::new();
    if bundle.entries.is_empty() {
        faults.push(Fault {
            kind: FaultKind::NoEntry,
            message: "the bundle has no log entry".into(),
        });
    }
    for entry in &bundle.entries {
        let logged = log::check(entry, bundle, &trust.root.logs, faults);
        if let Some(at) = logged.integrated {
            signed_at.push(SignedAt::Log(at, logged.log.clone()));
        }
        entries.push(logged);
    }
    let signature = content::signature(&bundle.content).unwrap_or_default();
    for response in &bundle.timestamps {
        match timestamp::check(response, signature, trust.root) {
            Ok(at) => signed_at.push(at),
            Err(fault) => faults.push(fault),
        }
    }
    (entries, signed_at)
}

/// Every time must be inside every validity: one that is not is not outweighed by one that is.
fn judge_times(
    signer: &Signer<'_>,
    signed_at: &[SignedAt],
    trust: &Trust<'_>,
    faults: &mut Vec<Fault>,
) {
    let mut fault = |kind, message: String| faults.push(Fault { kind, message });
    for at in signed_at.iter().map(SignedAt::time) {
        if at > trust.at {
            fault(
                FaultKind::OutsideValidity,
                "signed after the judgement time".into(),
            );
        }
        match signer {
            Signer::Certificate {
                leaf,
                chain: Some(chain),
            } => {
                let issuers = &chain.certificates;
                if let Some(message) = validity_problem(leaf, issuers, chain.authority, at) {
                    fault(FaultKind::OutsideValidity, message);
                }
            }
            Signer::Certificate { chain: None, .. } => {}
            Signer::Key(key) => {
                let (from, until) = key.valid;
                if from.is_some_and(|from| at < from) || until.is_some_and(|until| at > until) {
                    fault(
                        FaultKind::OutsideValidity,
                        "signed outside the time for which the key counts".into(),
                    );
                }
            }
        }
    }
    let needs_time = match signer {
        Signer::Certificate { .. } => true,
        Signer::Key(key) => key.valid != (None, None),
    };
    if needs_time && signed_at.is_empty() {
        fault(
            FaultKind::NoTime,
            "nobody vouches for a time of signing".into(),
        );
    }
}

/// A log that promised nothing says no time of its own: its key must count at every time that others vouch for, and at the judgement
/// time where a key by itself needs nobody to.
fn judge_logs(
    bundle: &Bundle,
    signer: &Signer<'_>,
    signed_at: &[SignedAt],
    trust: &Trust<'_>,
    faults: &mut Vec<Fault>,
) {
    let mut times: Vec<Time> = signed_at.iter().map(SignedAt::time).collect();
    if times.is_empty() && matches!(signer, Signer::Key(_)) {
        times.push(trust.at);
    }
    for entry in bundle.entries.iter().filter(|e| e.promise.is_none()) {
        let log = log::of(entry, &trust.root.logs);
        if log.is_some_and(|log| times.iter().any(|at| !log.valid.contains(*at))) {
            faults.push(Fault {
                kind: FaultKind::OutsideValidity,
                message: "signed outside the time for which the log of the entry counts".into(),
            });
        }
    }
}
