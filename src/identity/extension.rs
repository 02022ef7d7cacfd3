//! Extensions and policy identifiers that identity reads, by the contents octets of their object identifiers.

use crate::base::oid::Oid;
use crate::model::certificate::Certificate;

/// 2.23.140.1.3: EV code signing (CA/B Forum).
pub(super) const POLICY_EV_CODE_SIGNING: &[u8] = &[0x67, 0x81, 0x0c, 1, 3];
/// 2.23.140.1.4.1: non-EV code signing (CA/B Forum Code Signing BR section 7.1.6.1).
pub(super) const POLICY_CODE_SIGNING: &[u8] = &[0x67, 0x81, 0x0c, 1, 4, 1];
/// 2.23.140.1.2.3: individual validated (CA/B Forum TLS BR section 7.1.6.1), also seen on code-signing certificates.
pub(super) const POLICY_INDIVIDUAL: &[u8] = &[0x67, 0x81, 0x0c, 1, 2, 3];
/// 2.23.140.1.2.2: organisation validated (the same section).
pub(super) const POLICY_ORGANIZATION: &[u8] = &[0x67, 0x81, 0x0c, 1, 2, 2];
/// 2.23.140.3.1: cabfOrganizationIdentifier (EV Guidelines section 9.8.2).
pub(super) const CABF_ORGANIZATION_IDENTIFIER: &[u8] = &[0x67, 0x81, 0x0c, 3, 1];
/// 1.3.6.1.4.1.52266.1: LEI (GLEIF).
pub(super) const LEI: &[u8] = &[0x2b, 6, 1, 4, 1, 0x83, 0x98, 0x2a, 1];
/// 1.2.840.113635.100.6.1.13: Apple Developer ID Application.
pub(super) const APPLE_DEVELOPER_ID: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x63, 0x64, 6, 1, 13];
/// 1.3.6.1.4.1.311.97: Azure Artifact Signing; what follows names the subscriber, save for the arc 1 that names programmes.
pub(super) const MICROSOFT_PUBLISHER_ARC: &[u8] = &[0x2b, 6, 1, 4, 1, 0x82, 0x37, 0x61];

/// The value of an extension.
pub(super) fn value<'c>(certificate: &'c Certificate, der: &[u8]) -> Option<&'c [u8]> {
    certificate
        .extensions
        .all
        .iter()
        .find(|(oid, _, _)| oid.as_der() == der)
        .map(|(_, _, value)| value.as_slice())
}

/// The certificate asserts this policy.
pub(super) fn has_policy(certificate: &Certificate, der: &[u8]) -> bool {
    certificate
        .extensions
        .policies
        .iter()
        .any(|oid| oid.as_der() == der)
}

/// The extended key usage that names an Azure Artifact Signing subscriber.
pub(super) fn microsoft_publisher(certificate: &Certificate) -> Option<&Oid> {
    certificate
        .extensions
        .extended_key_usage
        .as_ref()?
        .iter()
        .find(|oid| {
            oid.as_der()
                .strip_prefix(MICROSOFT_PUBLISHER_ARC)
                .is_some_and(|rest| !matches!(rest, [] | [1, ..]))
        })
}

#[cfg(test)]
mod tests {
    use crate::base::oid::Oid;

    #[test]
    fn identifiers_are_the_registered_ones() {
        for (der, dotted) in [
            (super::POLICY_EV_CODE_SIGNING, "2.23.140.1.3"),
            (super::POLICY_CODE_SIGNING, "2.23.140.1.4.1"),
            (super::POLICY_INDIVIDUAL, "2.23.140.1.2.3"),
            (super::POLICY_ORGANIZATION, "2.23.140.1.2.2"),
            (super::CABF_ORGANIZATION_IDENTIFIER, "2.23.140.3.1"),
            (super::LEI, "1.3.6.1.4.1.52266.1"),
            (super::APPLE_DEVELOPER_ID, "1.2.840.113635.100.6.1.13"),
            (super::MICROSOFT_PUBLISHER_ARC, "1.3.6.1.4.1.311.97"),
        ] {
            assert_eq!(Oid::from_der(der).to_string(), dotted);
        }
    }
}
