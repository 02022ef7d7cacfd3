//! Every stage, in order: `extract → open → scan → judge → identify → claims → vendor → screening → report → policy`.
//!
//! [`examine`] is the one stage that reads the file, once. [`judge`] is pure and may run again when more evidence has come
//! in, such as revocation answers for the chains that the first run found.

use std::collections::BTreeMap;

use crate::base::blob::ReadAt;
use crate::base::budget::Budget;
use crate::base::data;
use crate::base::time::{Time, rfc3339};
use crate::format::{self, Sniff};
use crate::identity;
use crate::jurisdiction::{self, Operators};
use crate::model::analysis::{Analysis, ErrorKind, Subject, SubjectError};
use crate::model::certificate::SharedCertificate;
use crate::model::digest::DigestAlgorithm;
use crate::model::extract::{Extract, Home};
use crate::model::finding::Finding;
use crate::model::party::{Party, PartyId};
use crate::model::signature::Signature;
use crate::policy::{self, Policy};
use crate::report::json::{DataSet, Report, Run, Tool, from_analysis};
use crate::screening::{self, Instruments};
use crate::vendor::{self, Registry};
use crate::verify::authenticode;
use crate::verify::file;
use crate::verify::image::{self, Request, Scan};
use crate::verify::path::{Cache, Issuers};
use crate::verify::profile::Profile;
use crate::verify::revocation::RevocationEvidence;
use crate::verify::store::TrustStore;

/// Everything that a judgement rests on beside the file.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// The judgement time.
    pub now: Time,
    /// Whose rules; `None` takes those of the file's own platform.
    pub profile: Option<Profile>,
    /// Trust anchors.
    pub store: &'a TrustStore,
    /// Issuing certificates at hand beside those in the file.
    pub issuers: &'a dyn Issuers,
    /// CRLs and OCSP answers at hand.
    pub revocation: &'a RevocationEvidence,
    /// Signature checks already made.
    pub cache: &'a Cache,
    /// Operators of authorities.
    pub operators: &'a Operators,
    /// The vendor registry.
    pub vendors: &'a Registry,
    /// Legal instruments.
    pub instruments: &'a Instruments,
    /// Age in days beyond which a negative screening answer is unknown.
    pub max_list_age_days: i64,
}

impl std::fmt::Debug for Context<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Context")
            .field("now", &self.now)
            .field("profile", &self.profile)
            .finish_non_exhaustive()
    }
}

/// A file that was read: what it holds, and every digest that a judgement will ask for.
#[derive(Debug, Clone)]
pub struct Examined {
    path: String,
    size: u64,
    state: Result<Contents, SubjectError>,
}

#[derive(Debug, Clone)]
struct Contents {
    extract: Extract,
    scan: Scan,
    /// SHA-256 of what the first signature covers, by which UEFI lists name an image.
    image_sha256: Option<Vec<u8>>,
}

impl Examined {
    /// A subject that could not even be opened.
    pub fn failed(path: impl Into<String>, error: SubjectError) -> Self {
        Self {
            path: path.into(),
            size: 0,
            state: Err(error),
        }
    }

    /// Why it could not be examined.
    pub fn error(&self) -> Option<&SubjectError> {
        self.state.as_ref().err()
    }
}

/// Reads the file once.
pub fn examine(path: &str, blob: &dyn ReadAt, budget: &Budget<'_>) -> Examined {
    Examined {
        path: path.to_owned(),
        size: blob.size(),
        state: contents(path, blob, budget),
    }
}

fn contents(name: &str, blob: &dyn ReadAt, budget: &Budget<'_>) -> Result<Contents, SubjectError> {
    budget.check_size(blob.size()).map_err(|e| SubjectError {
        kind: ErrorKind::Limit,
        reason: "over-limit".into(),
        message: e.to_string(),
    })?;
    let head_len = u64::try_from(format::HEAD_LEN)
        .unwrap_or(u64::MAX)
        .min(blob.size());
    let head = blob.read_range(0..head_len).map_err(|e| SubjectError {
        kind: ErrorKind::Unreadable,
        reason: "io".into(),
        message: e.to_string(),
    })?;
    let sniff = Sniff {
        head: &head,
        name,
        blob,
    };
    let format = format::detect(&sniff).ok_or(SubjectError {
        kind: ErrorKind::Unsupported,
        reason: "unknown-format".into(),
        message: "no format that is examined".into(),
    })?;
    let extract = format
        .extract(blob, budget)
        .map_err(|e| SubjectError::from(&e))?;
    let opened = authenticode::open(&extract.signatures);
    let mut covered = opened.covered();
    let wanted = covered.len();
    // UEFI lists name images by their SHA-256 whatever the signature's own algorithm is, and any image may be judged by them.
    if let Some(first) = extract.signatures.first() {
        covered.extend(
            first
                .covers
                .coverages()
                .next()
                .map(|c| (c, DigestAlgorithm::Sha256)),
        );
    }
    let mut scan = image::scan(
        blob,
        &Request {
            flat: &[DigestAlgorithm::Sha256],
            covered: &covered,
            pages: &opened.pages(),
            checksum: extract.checksum.as_ref(),
        },
        budget,
    )
    .map_err(|e| SubjectError::from(&e))?;
    let image_sha256 = scan.covered.drain(wanted..).next().flatten();
    Ok(Contents {
        extract,
        scan,
        image_sha256,
    })
}

/// Judges what was read. Pure: the same file, context and time give the same analysis.
pub fn judge(examined: &Examined, context: &Context<'_>) -> Analysis {
    let mut subject = Subject {
        id: "1".into(),
        parent: None,
        path: examined.path.clone(),
        size: examined.size,
        digests: BTreeMap::new(),
        format: "unknown",
        description: String::new(),
        profile: context.profile.unwrap_or(Profile::Windows).name(),
        signatures: Vec::new(),
        signers: BTreeMap::new(),
        claimed: Vec::new(),
        findings: Vec::new(),
        gaps: Vec::new(),
        error: None,
    };
    let mut parties = BTreeMap::new();
    match &examined.state {
        Err(error) => subject.error = Some(error.clone()),
        Ok(contents) => {
            verify(contents, context, &mut subject);
            parties = who(&mut subject, context);
        }
    }
    Analysis {
        certificates: shown(&subject.signatures),
        subjects: vec![subject],
        parties,
    }
}

/// Is it true: every signature judged, and what that says of the file.
fn verify(contents: &Contents, context: &Context<'_>, subject: &mut Subject) {
    let extract = &contents.extract;
    let profile = context.profile.unwrap_or(match extract.home {
        Some(Home::Uefi) => Profile::Uefi,
        Some(Home::Windows | Home::Kernel) | None => Profile::Windows,
    });
    let opened = authenticode::open(&extract.signatures);
    let anchors = context.store.anchors(profile);
    let mut signatures = authenticode::judge(
        &opened,
        &contents.scan,
        &authenticode::Context {
            now: context.now,
            profile,
            anchors: &anchors,
            issuers: context.issuers,
            revocation: context.revocation,
            cache: context.cache,
        },
    );
    subject.format = extract.format;
    subject.description.clone_from(&extract.description);
    subject.profile = profile.name();
    subject.digests = contents.scan.flat.clone();
    subject.claimed.clone_from(&extract.claimed);
    subject.gaps.clone_from(&extract.gaps);
    subject.findings.extend(extract.findings.iter().cloned());
    if let (Some(stated), Some(computed)) = (&extract.checksum, contents.scan.checksum) {
        subject
            .findings
            .extend(image::checksum_mismatch(stated, computed));
    }
    let image = contents.image_sha256.as_deref();
    subject.findings.extend(file::findings(
        extract,
        &mut signatures,
        image,
        profile,
        context.store,
    ));
    subject.findings.extend(
        context
            .store
            .bundles(profile)
            .iter()
            .filter_map(|b| b.finding(context.now)),
    );
    for signature in &mut signatures {
        subject.findings.append(&mut signature.findings);
    }
    subject.signatures = signatures;
}

/// Who stands behind it: parties, their claims, what the registry knows, which instruments reach them.
fn who(subject: &mut Subject, context: &Context<'_>) -> BTreeMap<PartyId, Party> {
    let mut parties: BTreeMap<PartyId, Party> = BTreeMap::new();
    let mut findings: Vec<Finding> = Vec::new();
    for signature in &subject.signatures {
        let Some(mut identified) = identity::identify(signature) else {
            continue;
        };
        findings.append(&mut identified.findings);
        let mut signer = identified.party;
        let mut assessed = jurisdiction::assess(&mut signer, signature, context.operators);
        findings.append(&mut assessed.findings);
        let signing = identity::declared::Signing {
            signature: &signature.id,
            signer: &signer,
            opus: signature.opus.as_ref(),
            source: identity::standing(signature).1,
        };
        for (maker, finding) in identity::declared::declared(signing, &subject.claimed) {
            identity::merge(&mut parties, maker);
            findings.push(finding);
        }
        subject
            .signers
            .insert(signature.id.clone(), signer.id.clone());
        for party in assessed.authorities.into_iter().chain([signer]) {
            identity::merge(&mut parties, party);
        }
    }
    for party in parties.values_mut() {
        findings.append(&mut vendor::enrich(
            party,
            context.vendors,
            context.now.date(),
        ));
        findings.append(&mut jurisdiction::review(party));
        party.matches =
            screening::evaluate(party, context.instruments, context.vendors, context.now);
        findings.append(&mut screening::about_party(
            party,
            context.instruments,
            context.now,
            context.max_list_age_days,
        ));
    }
    vendor::settle_declared(&parties, &mut findings);
    findings.extend(screening::about_data(
        context.instruments,
        context.now,
        context.max_list_age_days,
    ));
    subject.findings.append(&mut findings);
    parties
}

/// Every certificate that a signature or timestamp shows.
fn shown(
    signatures: &[Signature],
) -> BTreeMap<crate::model::certificate::CertificateId, SharedCertificate> {
    signatures
        .iter()
        .flat_map(|s| {
            let stamps = s
                .timestamps
                .iter()
                .flat_map(|t| t.trust.chain.iter().chain(&t.signer));
            s.trust.chain.iter().chain(&s.signer).chain(stamps)
        })
        .map(|c| (c.id, SharedCertificate::clone(c)))
        .collect()
}

/// The report of an analysis, with the policy's verdict where one is asked.
///
/// # Errors
/// Where the policy cannot be evaluated.
pub fn report(
    analysis: &Analysis,
    tool: &Tool,
    run: &Run,
    policy: Option<&Policy>,
    now: Time,
) -> Result<Report, policy::Error> {
    let facts = from_analysis(analysis, tool, run);
    let Some(policy) = policy else {
        return Ok(facts);
    };
    let value = facts
        .to_value(policy.reads())
        .map_err(|e| policy::Error::Input(e.to_string()))?;
    let verdict = policy.evaluate(&value, now.date())?;
    Ok(facts.with_verdict(&verdict))
}

/// The data that every report names: which, as of when, and their digest.
pub fn data_sets(context: &Context<'_>) -> Vec<DataSet> {
    let mut sets: Vec<DataSet> = context
        .store
        .bundles(context.profile.unwrap_or(Profile::Windows))
        .into_iter()
        .map(|b| DataSet {
            id: format!("trust-roots/{}", b.id),
            as_of: rfc3339(b.as_of),
            sha256: b.sha256,
        })
        .collect();
    let instruments = context.instruments.as_of().map(|d| d.to_string());
    let vendors = context
        .vendors
        .iter()
        .map(|v| v.as_of)
        .min()
        .map(|d| d.to_string());
    for (id, table, as_of) in [
        ("instruments", data::INSTRUMENTS, instruments),
        ("operators", data::OPERATORS, None),
        ("vendors", data::VENDORS, vendors),
    ] {
        sets.push(DataSet {
            id: id.into(),
            as_of: as_of.unwrap_or_default(),
            sha256: data::sha256(table),
        });
    }
    sets
}
