//! Timestamps on a signature: RFC 3161 tokens and PKCS #9 countersignatures. Each is judged on its own, by its own chain, at its
//! own time; a broken one is not the same as none.
//!
//! What a usable timestamp proves: the authority saw the signature's octets no later than the time it states. It does not prove
//! that the signer's certificate was good then; that is what the time is used for afterwards.

pub(crate) mod ess;
mod legacy;
pub(crate) mod rfc3161;
#[cfg(test)]
mod tests;

use crate::base::oid::Oid;
use crate::base::time::{Time, rfc3339};
use crate::model::certificate::SharedCertificate;
use crate::model::cms::{Attribute, AttributeValue, SignedData};
use crate::model::digest::DigestAlgorithm;
use crate::model::extract::{ContentRule, Span};
use crate::model::finding::{Definition, Finding, Status};
use crate::model::signature::{
    Integrity, SignatureId, Timestamp, TimestampKind, Trust, TrustStatus,
};
use crate::verify::authenticode::trust::{evidence, untried};
use crate::verify::authenticode::{Context, certificates, strength};
use crate::verify::findings::path::EXPIRED_NOW_BUT_TIMESTAMPED;
use crate::verify::findings::signature as f;
use crate::verify::path::{self, Cache, Purpose, Query};
use crate::verify::profile::Profile;
use crate::verify::signer::algorithm::is;
use crate::verify::signer::notes::Notes;
use crate::verify::signer::pool::Pool;

/// Attribute of an RFC 3161 token (Microsoft).
pub(crate) const RFC3161_TOKEN: &str = "1.3.6.1.4.1.311.3.3.1";
/// countersignature (RFC 2985 section 5.3.6).
pub(crate) const COUNTERSIGNATURE: &str = "1.2.840.113549.1.9.6";
/// signatureTimeStampToken of CAdES (RFC 5126 section 6.1.1).
const CADES_TOKEN: &str = "1.2.840.113549.1.9.16.2.14";

type Carriers = &'static [(&'static str, Carrier)];
/// Unsigned attributes that hold timestamps.
static CARRIERS: Carriers = &[
    (RFC3161_TOKEN, Carrier::Token),
    (COUNTERSIGNATURE, Carrier::Countersignature),
];
/// Schemes whose verifiers look elsewhere: what they do not look at attests nothing to them.
static OTHER_CARRIERS: &[(&str, Carriers)] = &[("nuget", &[(CADES_TOKEN, Carrier::Token)])];

/// How an unsigned attribute of a signature under `rule` carries a timestamp, if it does.
pub(crate) fn carrier(rule: &ContentRule, oid: &Oid) -> Option<Carrier> {
    let other = OTHER_CARRIERS.iter().find(|(s, _)| *s == rule.scheme);
    let carriers = other.map_or(CARRIERS, |(_, carriers)| *carriers);
    let (_, carrier) = carriers.iter().find(|(dotted, _)| is(oid, dotted))?;
    Some(*carrier)
}

/// Timestamps examined on one signature; two is the most seen.
const MAX_TIMESTAMPS: usize = 8;

/// The signature that timestamps stand on.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scene<'a> {
    /// Its octets, which timestamps are over.
    pub(crate) signature: &'a [u8],
    /// The certificates that came with it.
    pub(crate) pool: &'a Pool,
    /// The signer's certificate.
    pub(crate) leaf: Option<&'a SharedCertificate>,
    /// Certificates already read.
    pub(crate) cache: &'a Cache,
    /// Where its envelope starts in the file.
    pub(crate) base: u64,
}

/// One token, its own integrity settled.
struct Token {
    kind: TimestampKind,
    at: Option<Time>,
    integrity: Integrity,
    digest: Option<DigestAlgorithm>,
    signer: Option<SharedCertificate>,
    supplied: Vec<SharedCertificate>,
    /// `supplied` came with the token, not with the signature.
    own_set: bool,
    crls: Vec<Vec<u8>>,
    findings: Vec<Finding>,
}

/// How a signature carries a timestamp.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Carrier {
    /// An RFC 3161 token.
    Token,
    /// A PKCS #9 countersignature: a bare SignerInfo.
    Countersignature,
    /// SignedData of any of the two kinds that XML signatures carry: an RFC 3161 token, or one whose content is the
    /// signature's octets.
    SignedData,
}

/// Judges every timestamp in the unsigned attributes of a signature, in the order they stand.
pub(crate) fn evaluate(
    scene: &Scene<'_>,
    rule: &ContentRule,
    attributes: &[Attribute],
    context: &Context<'_>,
    notes: &mut Notes<'_>,
) -> Vec<Timestamp> {
    let values = attributes.iter().flat_map(|attribute| {
        carrier(rule, &attribute.oid)
            .into_iter()
            .flat_map(|carrier| attribute.values.iter().map(move |value| (carrier, value)))
    });
    evaluate_values(scene, values, context, notes)
}

/// Judges timestamps, in order.
pub(crate) fn evaluate_values<'v>(
    scene: &Scene<'_>,
    values: impl IntoIterator<Item = (Carrier, &'v AttributeValue)>,
    context: &Context<'_>,
    notes: &mut Notes<'_>,
) -> Vec<Timestamp> {
    let mut timestamps = Vec::new();
    for (carrier, value) in values {
        if timestamps.len() >= MAX_TIMESTAMPS {
            notes.note(
                &f::TIMESTAMP_INVALID,
                Status::Unknown,
                format!("more than {MAX_TIMESTAMPS} timestamps; the rest was not examined"),
                value.offset..value.offset.saturating_add(value.bytes.len()),
            );
            return timestamps;
        }
        let token = match carrier {
            Carrier::Token => rfc3161::read(value, scene),
            Carrier::Countersignature => legacy::read(value, scene),
            Carrier::SignedData => {
                legacy::read_token(value, scene).unwrap_or_else(|| rfc3161::read(value, scene))
            }
        };
        timestamps.push(judge(token, value, scene, context, notes));
    }
    timestamps
}

fn judge(
    mut token: Token,
    value: &AttributeValue,
    scene: &Scene<'_>,
    context: &Context<'_>,
    notes: &mut Notes<'_>,
) -> Timestamp {
    let place = value.offset..value.offset.saturating_add(value.bytes.len());
    for finding in &token.findings {
        if finding.status != Status::Fail {
            notes.push(finding.clone());
        }
    }
    if token.kind == TimestampKind::LegacyBareDigest {
        notes.note(
            &f::LEGACY_BARE_DIGEST,
            Status::Review,
            "the countersignature's RSA block holds the digest without its algorithm",
            place.clone(),
        );
    }
    if token.digest == Some(DigestAlgorithm::Sha1) {
        notes.note(
            &f::WEAK_HASH_SHA1,
            Status::Review,
            "the timestamp is made with SHA-1",
            place.clone(),
        );
    }
    let trust = trust(&token, context, notes);
    if token.own_set {
        account_for_set(&mut token, &trust, value, scene, context, notes);
    }
    let problem = problem(&token, &trust, scene, context);
    if let Some(problem) = &problem {
        notes.note(
            problem.definition,
            problem.status,
            problem.message.clone(),
            place,
        );
    }
    let usable = problem.is_none() && trust.status == TrustStatus::Trusted;
    Timestamp {
        kind: token.kind,
        at: token.at,
        integrity: token.integrity,
        usable,
        reason: match problem {
            Some(problem) => problem.message,
            None if usable => {
                "it holds, its chain is trusted, and its time is in the certificate's validity"
                    .into()
            }
            None => trust.reason.clone(),
        },
        trust,
        signer: token.signer,
        span: span(scene.base, value),
    }
}

/// The authority's own chain at the time it states. That time is what its signature attests, so an authority whose certificate
/// has ended since is still good.
fn trust(token: &Token, context: &Context<'_>, notes: &mut Notes<'_>) -> Trust {
    let (Some(signer), Some(at)) = (&token.signer, token.at) else {
        return untried("the authority's certificate or its time is not known");
    };
    if token.integrity != Integrity::Valid {
        return Trust {
            chain: vec![SharedCertificate::clone(signer)],
            ..untried("the timestamp itself does not hold")
        };
    }
    let revocation = evidence(context.revocation, &token.crls);
    let judged = path::judge(&Query {
        leaf: signer,
        supplied: &token.supplied,
        issuers: context.issuers,
        anchors: context.anchors,
        purpose: Purpose::TimeStamping,
        at,
        attested: true,
        now: context.now,
        profile: context.profile,
        revocation: &revocation,
        cache: context.cache,
    });
    for mut finding in judged.findings {
        // An authority is judged at the time it states, so this is the rule for it and says nothing.
        if finding.definition.id == EXPIRED_NOW_BUT_TIMESTAMPED.id {
            continue;
        }
        finding.message = format!("timestamp authority: {}", finding.message);
        notes.push(finding);
    }
    judged.trust
}

/// Certificates of the token's own set that its path did not use: a damaged one means that the token was changed.
fn account_for_set(
    token: &mut Token,
    trust: &Trust,
    value: &AttributeValue,
    scene: &Scene<'_>,
    context: &Context<'_>,
    notes: &mut Notes<'_>,
) {
    if token.integrity != Integrity::Valid {
        return;
    }
    let id = SignatureId(String::new());
    let start = span(scene.base, value).start;
    let mut own = Notes::new(&id, start);
    own.proven();
    let pool = Pool {
        certificates: token.supplied.clone(),
    };
    let used = certificates::chain(trust, token.signer.as_ref()).collect();
    certificates::check(&pool, 0..value.bytes.len(), &used, context, &mut own);
    token.integrity = own.integrity();
    for mut finding in own.into_findings() {
        finding.message = format!("timestamp token: {}", finding.message);
        if finding.status != Status::Fail {
            notes.push(finding.clone());
        }
        token.findings.push(finding);
    }
}

struct Problem {
    definition: &'static Definition,
    status: Status,
    message: String,
}

/// Why a timestamp does not help, the first that applies.
fn problem(
    token: &Token,
    trust: &Trust,
    scene: &Scene<'_>,
    context: &Context<'_>,
) -> Option<Problem> {
    let problem = |definition, status, message: String| {
        Some(Problem {
            definition,
            status,
            message,
        })
    };
    match &token.integrity {
        Integrity::Valid => {}
        Integrity::Invalid(reasons) => {
            let messages: Vec<&str> = token
                .findings
                .iter()
                .filter(|f| f.status == Status::Fail)
                .map(|f| f.message.as_str())
                .collect();
            return problem(
                &f::TIMESTAMP_INVALID,
                Status::Fail,
                format!(
                    "the timestamp does not hold ({}): {}",
                    reasons.join(", "),
                    messages.join("; ")
                ),
            );
        }
        Integrity::Unverifiable(what) => {
            return problem(
                &f::TIMESTAMP_INVALID,
                Status::Unknown,
                format!("the timestamp cannot be verified: {what}"),
            );
        }
    }
    let at = token.at?;
    let stated = rfc3339(at);
    if at > context.now {
        return problem(
            &f::TIMESTAMP_IN_FUTURE,
            Status::Review,
            format!("the timestamp states {stated}, after the judgement time"),
        );
    }
    match trust.status {
        TrustStatus::Trusted | TrustStatus::NotChecked => {}
        // Secure Boot knows no timestamps: its database holds no timestamp authority.
        _ if context.profile == Profile::Uefi => {}
        TrustStatus::Untrusted
        | TrustStatus::Expired
        | TrustStatus::Revoked
        | TrustStatus::Distrusted
        | TrustStatus::Unknown => {
            return problem(
                &f::TIMESTAMP_UNTRUSTED,
                Status::Review,
                format!("the timestamp of {stated} is not trusted: {}", trust.reason),
            );
        }
    }
    // An authority of that time would have to forge against itself; after it, anybody could.
    if token.digest == Some(DigestAlgorithm::Md5) && !strength::is_historic(at) {
        return problem(
            &f::TIMESTAMP_INVALID,
            Status::Fail,
            format!("the timestamp of {stated} is made with MD5, which was withdrawn by then"),
        );
    }
    let leaf = scene.leaf?;
    if at < leaf.not_before {
        return problem(
            &f::TIMESTAMP_BEFORE_NOTBEFORE,
            Status::Review,
            format!("the timestamp states {stated}, before the signer's certificate begins"),
        );
    }
    if at > leaf.not_after {
        return problem(
            &f::TIMESTAMP_AFTER_NOTAFTER,
            Status::Review,
            format!("the timestamp states {stated}, after the signer's certificate ended"),
        );
    }
    None
}

fn span(base: u64, value: &AttributeValue) -> Span {
    let number = |n: usize| u64::try_from(n).unwrap_or(u64::MAX);
    let start = base.saturating_add(number(value.offset));
    start..start.saturating_add(number(value.bytes.len()))
}

/// A token that cannot be read.
fn unreadable(kind: TimestampKind, notes: Notes<'_>) -> Token {
    Token {
        kind,
        at: None,
        integrity: notes.integrity(),
        digest: None,
        signer: None,
        supplied: Vec::new(),
        own_set: false,
        crls: Vec::new(),
        findings: notes.into_findings(),
    }
}

/// What a token's own wrapper shows.
fn wrapper_notes(signed: &SignedData, notes: &mut Notes<'_>) {
    let all = 0..signed.encoded_len;
    if signed.ber {
        notes.note(
            &f::BER_ENCODING,
            Status::Review,
            "the timestamp token is BER, not DER",
            all.clone(),
        );
    }
    if signed.other_certificates > 0 {
        notes.note(
            &f::OTHER_CERTIFICATES_PRESENT,
            Status::Pass,
            format!(
                "{} attribute certificates in the timestamp token were not examined",
                signed.other_certificates
            ),
            all,
        );
    }
}
