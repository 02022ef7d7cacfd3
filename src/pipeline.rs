//! Every stage, in order: `extract → open → scan → judge → identify → claims → vendor → screening → report → policy`.
//!
//! [`examine()`] is the one stage that reads the file, and all that is inside it, once. [`judge`] is pure and may run again when
//! more evidence has come in, such as revocation answers for the chains that the first run found.

mod addresses;
mod catalogs;
mod channel;
mod examine;
mod hosts;
mod known;
mod members;
mod packages;
mod who;

use std::collections::BTreeMap;

use rayon::iter::{IntoParallelRefIterator, ParallelIterator};

use crate::base::data;
use crate::base::time::{Time, rfc3339};
use crate::jurisdiction::Operators;
use crate::jurisdiction::network;
use crate::model::analysis::{Analysis, Subject};
use crate::model::certificate::SharedCertificate;
use crate::model::extract::{Home, Signing};
use crate::model::signature::Signature;
use crate::policy::{self, Policy};
use crate::report::json::{DataSet, Report, Run, Tool, from_analysis};
use crate::screening::lists::Listed;
use crate::screening::{self, Instruments};
use crate::vendor::Registry;
use crate::vendor::gleif::LegalEntities;
use crate::verify::authenticode;
use crate::verify::file;
use crate::verify::image;
use crate::verify::origin;
use crate::verify::path::{Cache, Issuers};
use crate::verify::profile::Profile;
use crate::verify::revocation::RevocationEvidence;
use crate::verify::store::TrustStore;
use crate::verify::xmldsig;

use catalogs::Catalogs;
pub use channel::{Offered, channel, channel_report};
use examine::Node;
pub use examine::{Examined, Options, examine};
pub use hosts::{Infrastructure, host, worth_asking};
pub use known::Known;

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
    /// What was found out about parties already, under this time and these data.
    pub known: &'a Known,
    /// Operators of authorities.
    pub operators: &'a Operators,
    /// The vendor registry.
    pub vendors: &'a Registry,
    /// Legal instruments.
    pub instruments: &'a Instruments,
    /// Restricted-party lists that are installed.
    pub listed: &'a dyn Listed,
    /// Records of the LEI system that are installed.
    pub legal_entities: &'a dyn LegalEntities,
    /// Catalogs that may sign a file of any kind, as examined.
    pub catalogs: &'a [Examined],
    /// Sources of networks and answers about hosts; without them nothing is said of hosts.
    pub infrastructure: Option<Infrastructure<'a>>,
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

/// Judges what was read. Pure: the same file, context and time give the same analysis.
pub fn judge(examined: &Examined, context: &Context<'_>) -> Analysis {
    let nodes = examined.nodes();
    let signatures = each(nodes, |node| signatures(node, context));
    let mut catalogs = Catalogs::default();
    for given in context.catalogs {
        let judged = each(given.nodes(), |node| self::signatures(node, context));
        catalogs.give(given, &judged);
    }
    catalogs.meet(nodes, &signatures);
    let signed: Vec<(&Node, Vec<Signature>)> = nodes.iter().zip(signatures).collect();
    let judged = each(&signed, |(node, signatures)| {
        (*node, subject(node, signatures.clone(), &catalogs, context))
    });
    let mut subjects = members::assemble(judged);
    packages::check(&mut subjects);
    let parties = who::who(&mut subjects, context);
    let hosts = hosts::named(&mut subjects, context);
    screening::divergences(&mut subjects, &parties, &hosts);
    if let Some(top) = subjects.first_mut() {
        let bundles = context.store.bundles(profile(None, context));
        top.findings
            .extend(bundles.iter().filter_map(|b| b.finding(context.now)));
        if let Some(origin) = examined.origin() {
            top.findings.extend(origin::findings(origin));
            top.gaps.extend(origin.gaps.iter().cloned());
            top.origin = Some(origin.clone());
        }
    }
    let mut certificates = hosts::shown(&hosts);
    certificates.extend(subjects.iter().flat_map(|s| shown(&s.signatures)));
    Analysis {
        subjects,
        certificates,
        parties,
        hosts,
    }
}

/// Whose rules judge a file of this home.
fn profile(home: Option<Home>, context: &Context<'_>) -> Profile {
    context.profile.unwrap_or(match home {
        Some(Home::Uefi) => Profile::Uefi,
        Some(Home::Windows | Home::Kernel) | None => Profile::Windows,
    })
}

/// `judge` of each; in parallel where there are several.
fn each<T: Sync, R: Send>(all: &[T], judge: impl Fn(&T) -> R + Send + Sync) -> Vec<R> {
    match all {
        [one] => vec![judge(one)],
        many => many.par_iter().map(judge).collect(),
    }
}

/// Is it true: every signature of one file or member, judged by itself.
fn signatures(node: &Node, context: &Context<'_>) -> Vec<Signature> {
    let Ok(contents) = &node.state else {
        return Vec::new();
    };
    let profile = profile(contents.extract.home, context);
    let raw = &contents.extract.signatures;
    let anchors = context.store.anchors(profile);
    let rules = authenticode::Context {
        now: context.now,
        profile,
        anchors: &anchors,
        issuers: context.issuers,
        revocation: context.revocation,
        cache: context.cache,
    };
    let mut signatures = authenticode::judge(&authenticode::open(raw), &contents.scan, &rules);
    signatures.extend(xmldsig::judge(&xmldsig::open(raw), &rules));
    signatures
}

/// What the signatures say of one file or member.
fn subject(
    node: &Node,
    mut signatures: Vec<Signature>,
    catalogs: &Catalogs,
    context: &Context<'_>,
) -> Subject {
    let mut subject = Subject {
        id: String::new(),
        parent: None,
        path: node.path.clone(),
        size: node.size,
        digests: BTreeMap::new(),
        format: "unknown",
        description: String::new(),
        profile: profile(None, context).name(),
        signing: Signing::None,
        members: None,
        signatures: Vec::new(),
        signers: BTreeMap::new(),
        claimed: Vec::new(),
        findings: Vec::new(),
        gaps: Vec::new(),
        endpoints: Vec::new(),
        updaters: Vec::new(),
        error: None,
        origin: None,
    };
    let contents = match &node.state {
        Ok(contents) => contents,
        Err(error) => {
            subject.error = Some(error.clone());
            return subject;
        }
    };
    let extract = &contents.extract;
    let profile = profile(extract.home, context);
    subject.format = extract.format;
    subject.description.clone_from(&extract.description);
    subject.profile = profile.name();
    subject.signing = extract.signing;
    subject.members = contents.members;
    subject.digests = contents.scan.flat.clone();
    subject.claimed.clone_from(&extract.claimed);
    subject.gaps.clone_from(&extract.gaps);
    subject.findings.extend(extract.findings.iter().cloned());
    if let (Some(stated), Some(computed)) = (&extract.checksum, contents.scan.checksum) {
        subject
            .findings
            .extend(image::checksum_mismatch(stated, computed));
    }
    signatures.extend(catalogs.of(&node.place, contents, &signatures));
    subject.findings.extend(file::findings(
        extract,
        node.is_top(),
        &mut signatures,
        contents.image_sha256.as_deref(),
        profile,
        context.store,
    ));
    for signature in &mut signatures {
        subject.findings.append(&mut signature.findings);
    }
    subject.signatures = signatures;
    let addresses = &contents.addresses;
    subject.endpoints.clone_from(&addresses.endpoints.found);
    subject
        .gaps
        .extend(addresses.endpoints.gaps.iter().cloned());
    subject.updaters.clone_from(&addresses.updaters);
    subject.findings.extend(addresses.findings.iter().cloned());
    subject
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
    decided(from_analysis(analysis, tool, run), policy, now)
}

/// The facts with what a policy makes of them.
fn decided(facts: Report, policy: Option<&Policy>, now: Time) -> Result<Report, policy::Error> {
    let Some(policy) = policy else {
        return Ok(facts);
    };
    let verdict = policy.evaluate(&facts.only(policy.reads()), now.date())?;
    Ok(facts.with_verdict(&verdict))
}

/// As of when the packed tables of networks hold.
fn network_date() -> Option<String> {
    let dates = network::shipped().into_iter().map(|(_, as_of, _)| as_of);
    dates.filter(|d| !d.is_empty()).min()
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
    let vendors = context.vendors.as_of().map(|d| d.to_string());
    for (id, table, as_of) in [
        ("instruments", data::INSTRUMENTS, instruments),
        ("network", data::NETWORK, network_date()),
        ("operators", data::OPERATORS, None),
        ("vendors", data::VENDORS, vendors),
    ] {
        sets.push(DataSet {
            id: id.into(),
            as_of: as_of.unwrap_or_default(),
            sha256: data::sha256(table),
        });
    }
    sets.extend(context.listed.lists().iter().map(|list| DataSet {
        id: format!("lists/{}", list.id),
        as_of: list.as_of.to_string(),
        sha256: list.sha256.clone(),
    }));
    sets.extend(context.legal_entities.sets().iter().map(|set| DataSet {
        id: format!("gleif/{}", set.set.id()),
        as_of: set.as_of.to_string(),
        sha256: set.sha256.clone(),
    }));
    sets
}
