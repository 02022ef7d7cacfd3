//! By which time a chain is judged.

use crate::base::time::Time;
use crate::model::certificate::Certificate;
use crate::model::signature::TimeBasis;

/// szOID_KP_LIFETIME_SIGNING, 1.3.6.1.4.1.311.10.3.13.
const LIFETIME_SIGNING: &[u8] = &[0x2b, 6, 1, 4, 1, 0x82, 0x37, 10, 3, 13];

/// The leaf is for lifetime signing: its signatures end with it, timestamp or not.
pub fn is_lifetime_signing(leaf: &Certificate) -> bool {
    leaf.extensions
        .extended_key_usage
        .iter()
        .flatten()
        .any(|usage| usage.as_der() == LIFETIME_SIGNING)
}

/// The time basis of a signature by `leaf` whose verified timestamp, if it has one, is `attested`; and the fault id where the
/// timestamp itself stands against it.
pub fn time_basis(
    leaf: &Certificate,
    attested: Option<Time>,
    now: Time,
) -> (TimeBasis, Option<&'static str>) {
    let judgement = |why: &str| TimeBasis {
        at: now,
        attested: false,
        why: why.to_owned(),
    };
    match attested {
        None => (judgement("there is no usable timestamp"), None),
        Some(at) if at > now => (
            judgement("the timestamp is later than the judgement time"),
            Some(super::fault::Fault::TimestampInFuture.id()),
        ),
        Some(_) if is_lifetime_signing(leaf) => (
            judgement("the certificate is for lifetime signing: a timestamp does not extend it"),
            None,
        ),
        Some(at) => (
            TimeBasis {
                at,
                attested: true,
                why: "a verified timestamp".to_owned(),
            },
            None,
        ),
    }
}

/// `at` is within the validity period, both ends included and fractions of a second cut off (RFC 5280 section 4.1.2.5 counts
/// in whole seconds).
pub(super) fn compare(certificate: &Certificate, at: Time) -> std::cmp::Ordering {
    let at = at.unix_timestamp();
    if at < certificate.not_before.unix_timestamp() {
        std::cmp::Ordering::Less
    } else if at > certificate.not_after.unix_timestamp() {
        std::cmp::Ordering::Greater
    } else {
        std::cmp::Ordering::Equal
    }
}
