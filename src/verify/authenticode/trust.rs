//! By which time the chain is judged, and what the path builder says of it.

use std::borrow::Cow;

use crate::base::time::{Time, rfc3339};
use crate::model::certificate::{Certificate, SharedCertificate};
use crate::model::finding::Status;
use crate::model::signature::{
    Revocation, RevocationStatus, TimeBasis, Timestamp, Trust, TrustStatus,
};
use crate::verify::authenticode::Context;
use crate::verify::findings::signature as f;
use crate::verify::path::{self, Purpose, Query};
use crate::verify::revocation::RevocationEvidence;
use crate::verify::signer::notes::{Notes, Place};
use crate::verify::signer::pool::Pool;

/// Two timestamps of one signature further apart than this are worth a look.
const FAR_APART: time::Duration = time::Duration::days(30);

/// What the chain is judged with.
pub(crate) struct Case<'a> {
    pub(crate) leaf: Option<&'a SharedCertificate>,
    pub(crate) pool: &'a Pool,
    /// CRLs that came with the signature.
    pub(crate) crls: &'a [Vec<u8>],
    pub(crate) timestamps: &'a [Timestamp],
    pub(crate) claimed_time: Option<Time>,
    /// Where the signature stands in its envelope.
    pub(crate) place: Place,
}

/// Trust, revocation and the time they hold for.
pub(crate) struct Verdict {
    pub(crate) trust: Trust,
    pub(crate) revocation: Revocation,
    pub(crate) basis: TimeBasis,
}

/// Judges the signer's chain.
pub(crate) fn judge(case: &Case<'_>, context: &Context<'_>, notes: &mut Notes<'_>) -> Verdict {
    let all = case.place.clone();
    let Some(leaf) = case.leaf else {
        return unknown(context, "the signer's certificate is not known");
    };
    let basis = time_basis(leaf, case.timestamps, context, all.clone(), notes);
    let revocation = evidence(context.revocation, case.crls);
    let judged = path::judge(&Query {
        leaf,
        supplied: &case.pool.certificates,
        issuers: context.issuers,
        anchors: context.anchors,
        purpose: Purpose::CodeSigning,
        at: basis.at,
        attested: basis.attested,
        now: context.now,
        profile: context.profile,
        revocation: &revocation,
        cache: context.cache,
    });
    for finding in judged.findings {
        notes.push(finding);
    }
    if judged.trust.status == TrustStatus::Expired
        && !basis.attested
        && let Some(claimed) = case.claimed_time
        && within(leaf, claimed)
    {
        notes.note(
            &f::CLAIMED_SIGNING_TIME_UNTRUSTED,
            Status::Review,
            format!(
                "the signer states that it signed at {}, which would be in time; nothing attests it",
                rfc3339(claimed)
            ),
            all,
        );
    }
    Verdict {
        trust: judged.trust,
        revocation: judged.revocation,
        basis,
    }
}

/// The earliest usable timestamp: the signature is known to have existed since then. Without one, and for lifetime signing,
/// the judgement time.
fn time_basis(
    leaf: &Certificate,
    timestamps: &[Timestamp],
    context: &Context<'_>,
    place: std::ops::Range<usize>,
    notes: &mut Notes<'_>,
) -> TimeBasis {
    let usable: Vec<Time> = timestamps
        .iter()
        .filter(|t| t.usable)
        .filter_map(|t| t.at)
        .collect();
    let now = |why: &str| TimeBasis {
        at: context.now,
        attested: false,
        why: why.into(),
    };
    let Some(earliest) = usable.iter().min().copied() else {
        return now(if timestamps.is_empty() {
            "there is no timestamp"
        } else {
            "no timestamp can be used"
        });
    };
    if let Some(latest) = usable.iter().max().copied()
        && earliest
            .checked_add(FAR_APART)
            .is_some_and(|bound| latest > bound)
    {
        notes.note(
            &f::TIMESTAMPS_DISAGREE,
            Status::Review,
            format!(
                "timestamps of one signature range from {} to {}",
                rfc3339(earliest),
                rfc3339(latest)
            ),
            place.clone(),
        );
    }
    if path::is_lifetime_signing(leaf) {
        notes.note(
            &f::LIFETIME_SIGNING,
            Status::Pass,
            "the certificate is for lifetime signing: its signatures end with it, timestamp or not",
            place,
        );
        return now("a lifetime-signing certificate is judged by the present");
    }
    TimeBasis {
        at: earliest,
        attested: true,
        why: "attested by a verified timestamp".into(),
    }
}

/// `at` is in the certificate's validity.
pub(crate) fn within(certificate: &Certificate, at: Time) -> bool {
    certificate.not_before <= at && at <= certificate.not_after
}

/// What is at hand with CRLs that came with a signature or token.
pub(crate) fn evidence<'e>(
    at_hand: &'e RevocationEvidence,
    crls: &[Vec<u8>],
) -> Cow<'e, RevocationEvidence> {
    if crls.is_empty() {
        return Cow::Borrowed(at_hand);
    }
    let mut all = at_hand.clone();
    all.crls.extend(crls.iter().cloned());
    Cow::Owned(all)
}

/// Nothing can be said.
pub(crate) fn unknown(context: &Context<'_>, why: &str) -> Verdict {
    Verdict {
        trust: untried(why),
        revocation: Revocation {
            status: RevocationStatus::NotChecked,
            reason: why.into(),
            revoked_at: None,
        },
        basis: TimeBasis {
            at: context.now,
            attested: false,
            why: why.into(),
        },
    }
}

/// No chain could be tried.
pub(crate) fn untried(why: &str) -> Trust {
    Trust {
        status: TrustStatus::Unknown,
        programme: String::new(),
        root: None,
        reason: why.into(),
        faults: Vec::new(),
        chain: Vec::new(),
        paths_tried: 0,
    }
}

#[cfg(test)]
mod tests {
    use super::{time_basis, untried};
    use crate::base::oid::Oid;
    use crate::base::time::{Time, parse_rfc3339};
    use crate::model::certificate::Certificate;
    use crate::model::signature::{Integrity, SignatureId, TimeBasis, Timestamp, TimestampKind};
    use crate::verify::authenticode::Context;
    use crate::verify::certificate;
    use crate::verify::path::Cache;
    use crate::verify::profile::Profile;
    use crate::verify::revocation::RevocationEvidence;
    use crate::verify::signer::forge::Holder;
    use crate::verify::signer::notes::Notes;
    use crate::verify::store::TrustStore;

    fn at(text: &str) -> Time {
        parse_rfc3339(text).unwrap()
    }

    fn stamp(time: &str, usable: bool) -> Timestamp {
        Timestamp {
            kind: TimestampKind::Rfc3161,
            at: Some(at(time)),
            integrity: Integrity::Valid,
            trust: untried(""),
            usable,
            reason: String::new(),
            signer: None,
            span: 0..0,
        }
    }

    fn leaf() -> Certificate {
        certificate::read(&Holder::new("Example", 1).certificate).unwrap()
    }

    fn basis(leaf: &Certificate, stamps: &[Timestamp]) -> (TimeBasis, Vec<&'static str>) {
        let store = TrustStore::bundled();
        let anchors = store.anchors(Profile::Windows);
        let context = Context {
            now: at("2026-06-01"),
            profile: Profile::Windows,
            anchors: &anchors,
            issuers: &store,
            revocation: &RevocationEvidence::default(),
            cache: &Cache::default(),
        };
        let id = SignatureId("1".into());
        let mut notes = Notes::new(&id, 0);
        let basis = time_basis(leaf, stamps, &context, 0..0, &mut notes);
        let findings = notes.into_findings();
        (basis, findings.iter().map(|f| f.definition.id).collect())
    }

    #[test]
    fn the_earliest_usable_timestamp_counts_and_an_unusable_one_never() {
        let (none, _) = basis(&leaf(), &[]);
        assert_eq!((none.at, none.attested), (at("2026-06-01"), false));
        let (broken, _) = basis(&leaf(), &[stamp("2021-01-01", false)]);
        assert_eq!((broken.at, broken.attested), (at("2026-06-01"), false));
        let stamps = [
            stamp("2020-01-01", false),
            stamp("2023-01-10", true),
            stamp("2023-01-01", true),
        ];
        let (good, findings) = basis(&leaf(), &stamps);
        assert_eq!((good.at, good.attested), (at("2023-01-01"), true));
        assert!(findings.is_empty());
    }

    #[test]
    fn timestamps_far_apart_are_said() {
        let stamps = [stamp("2021-01-01", true), stamp("2023-01-01", true)];
        let (_, findings) = basis(&leaf(), &stamps);
        assert_eq!(findings, ["timestamps-disagree"]);
    }

    #[test]
    fn a_timestamp_does_not_extend_a_lifetime_signing_certificate() {
        let mut leaf = leaf();
        leaf.extensions.extended_key_usage = Oid::parse("1.3.6.1.4.1.311.10.3.13").map(|o| vec![o]);
        let (judged, findings) = basis(&leaf, &[stamp("2021-01-01", true)]);
        assert_eq!((judged.at, judged.attested), (at("2026-06-01"), false));
        assert_eq!(findings, ["lifetime-signing"]);
    }
}
