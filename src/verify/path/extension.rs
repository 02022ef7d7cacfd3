//! Identifiers that path rules name, as DER contents octets.

pub(super) const COMMON_NAME: &[u8] = &[0x55, 4, 3];
pub(super) const ORGANIZATION: &[u8] = &[0x55, 4, 10];
/// 1.2.840.113549.1.9.1
pub(super) const EMAIL_ADDRESS: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9, 1];

pub(super) const ANY_USAGE: &[u8] = &[0x55, 0x1d, 37, 0];
/// id-kp is 1.3.6.1.5.5.7.3.
pub(super) const CODE_SIGNING: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 3, 3];
pub(super) const TIME_STAMPING: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 3, 8];
/// 1.3.6.1.4.1.311.10.3.9, szOID_ROOT_LIST_SIGNER.
pub(super) const TRUST_LIST_SIGNING: &[u8] = &[0x2b, 6, 1, 4, 1, 0x82, 0x37, 10, 3, 9];

pub(super) const SUBJECT_KEY_ID: &[u8] = &[0x55, 0x1d, 14];
pub(super) const BASIC_CONSTRAINTS: &[u8] = &[0x55, 0x1d, 19];
pub(super) const NAME_CONSTRAINTS: &[u8] = &[0x55, 0x1d, 30];
pub(super) const AUTHORITY_KEY_ID: &[u8] = &[0x55, 0x1d, 35];
pub(super) const POLICY_CONSTRAINTS: &[u8] = &[0x55, 0x1d, 36];
pub(super) const AUTHORITY_INFO_ACCESS: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 1, 1];

/// policyMappings, policyConstraints, inhibitAnyPolicy: known, but no policy is asked for.
pub(super) const POLICY: &[&[u8]] = &[&[0x55, 0x1d, 33], POLICY_CONSTRAINTS, &[0x55, 0x1d, 54]];

/// Extensions whose criticality stops nothing. Those of RFC 5280 section 4.2.
pub(super) const UNDERSTOOD: &[&[u8]] = &[
    SUBJECT_KEY_ID,
    &[0x55, 0x1d, 15], // keyUsage
    &[0x55, 0x1d, 17], // subjectAltName
    &[0x55, 0x1d, 18], // issuerAltName
    BASIC_CONSTRAINTS,
    NAME_CONSTRAINTS,
    &[0x55, 0x1d, 31], // cRLDistributionPoints
    &[0x55, 0x1d, 32], // certificatePolicies
    &[0x55, 0x1d, 33], // policyMappings
    AUTHORITY_KEY_ID,
    POLICY_CONSTRAINTS,
    &[0x55, 0x1d, 37], // extKeyUsage
    &[0x55, 0x1d, 46], // freshestCRL
    &[0x55, 0x1d, 54], // inhibitAnyPolicy
    AUTHORITY_INFO_ACCESS,
];
