//! How far the issuer verified the subject, and which rule says so.
//!
//! Code Signing BR section 7.1.6.4: a subscriber certificate must carry a policy identifier of its authority and only *may*
//! carry the reserved one, so its absence proves nothing and the EV fields count as well.

use super::extension::{
    POLICY_CODE_SIGNING, POLICY_EV_CODE_SIGNING, POLICY_INDIVIDUAL, POLICY_ORGANIZATION, has_policy,
};
use super::name::{NormalName, normalise};
use super::subject::{self, first};
use crate::model::certificate::Certificate;
use crate::model::party::Validation;

/// The answer and the rule that gave it.
pub fn validation(certificate: &Certificate) -> (Validation, String) {
    let (level, rule) = decide(certificate);
    (level, rule.to_owned())
}

fn decide(certificate: &Certificate) -> (Validation, &'static str) {
    let name = &certificate.subject;
    let has = |kind| first(name, kind).is_some();
    if has_policy(certificate, POLICY_EV_CODE_SIGNING) {
        return (Validation::Extended, "policy OID 2.23.140.1.3");
    }
    if has(&subject::JURISDICTION_COUNTRY)
        && has(&subject::BUSINESS_CATEGORY)
        && has(&subject::SERIAL_NUMBER)
    {
        return (
            Validation::Extended,
            "jurisdictionCountryName, businessCategory and serialNumber together (EV Guidelines section 7.1.4.2)",
        );
    }
    if has_policy(certificate, POLICY_INDIVIDUAL) {
        return (Validation::Individual, "policy OID 2.23.140.1.2.3");
    }
    let organization = first(name, &subject::ORGANIZATION);
    let common_name = first(name, &subject::COMMON_NAME);
    let company = organization.is_some_and(|o| normalise(o).has_form());
    if !company && has(&subject::GIVEN_NAME) && has(&subject::SURNAME) {
        return (
            Validation::Individual,
            "givenName and surname in the subject",
        );
    }
    let Some(organization) = organization else {
        return if common_name.is_some_and(|cn| is_like_a_person(&normalise(cn))) {
            (
                Validation::Individual,
                "no organizationName, and the commonName reads like a person (heuristic)",
            )
        } else {
            (Validation::Unknown, "no organizationName in the subject")
        };
    };
    if organization.eq_ignore_ascii_case("open source developer") {
        return (
            Validation::Individual,
            "organizationName is the fixed text `Open Source Developer`",
        );
    }
    let reserved = has_policy(certificate, POLICY_CODE_SIGNING)
        || has_policy(certificate, POLICY_ORGANIZATION);
    if common_name.is_some_and(|cn| cn.eq_ignore_ascii_case(organization))
        && reserved
        && is_like_a_person(&normalise(organization))
    {
        return (
            Validation::Individual,
            "organizationName equals commonName and reads like a person (heuristic; Code Signing BR section 7.1.4.2.3 allows a natural person there)",
        );
    }
    if has_policy(certificate, POLICY_CODE_SIGNING) {
        return (Validation::Organization, "policy OID 2.23.140.1.4.1");
    }
    if has_policy(certificate, POLICY_ORGANIZATION) {
        return (Validation::Organization, "policy OID 2.23.140.1.2.2");
    }
    if is_microsoft(organization)
        && first(&certificate.issuer, &subject::ORGANIZATION).is_some_and(is_microsoft)
    {
        return (
            Validation::Platform,
            "issued by Microsoft to itself, without a CA/B Forum policy",
        );
    }
    (
        Validation::Unknown,
        "no CA/B Forum policy OID and no EV fields in the certificate",
    )
}

fn is_microsoft(organization: &str) -> bool {
    organization == "Microsoft Corporation"
}

/// Words that make a name one of an organisation, whatever else stands in it.
const ORGANIZATION_WORDS: &[&str] = &[
    "academy",
    "agency",
    "association",
    "bank",
    "bureau",
    "center",
    "centre",
    "club",
    "college",
    "community",
    "computing",
    "consulting",
    "council",
    "department",
    "desktop",
    "digital",
    "enterprises",
    "entertainment",
    "foundation",
    "games",
    "group",
    "holding",
    "holdings",
    "industries",
    "institute",
    "international",
    "lab",
    "labs",
    "ministry",
    "network",
    "networks",
    "office",
    "online",
    "organization",
    "project",
    "security",
    "service",
    "services",
    "society",
    "soft",
    "software",
    "solutions",
    "studio",
    "studios",
    "systems",
    "team",
    "tech",
    "technologies",
    "technology",
    "university",
    "ventures",
    "works",
];

/// Two to four words of letters, no legal form, no organisational word. A guess, and reported as one.
fn is_like_a_person(name: &NormalName) -> bool {
    let words: Vec<&str> = name.core.split(' ').filter(|w| !w.is_empty()).collect();
    !name.has_form()
        && (2..=4).contains(&words.len())
        && words.iter().all(|w| {
            w.chars().all(char::is_alphabetic) && !ORGANIZATION_WORDS.contains(w) && *w != "and"
        })
}

#[cfg(test)]
mod tests {
    use super::{is_like_a_person, normalise};

    #[test]
    fn companies_and_projects_are_not_taken_for_people() {
        for name in ["Simon Tatham", "Дмитрий Иванов", "Jean-Luc Cruz"] {
            assert!(is_like_a_person(&normalise(name)), "{name}");
        }
        for name in [
            "Google LLC",
            "K Desktop Environment e.V.",
            "OpenJS Foundation",
            "Rhysida",
            "7-Zip 24",
            "Reactive Extensions for .NET (.NET Foundation)",
            "成都密思听科技有限公司",
            "",
        ] {
            assert!(!is_like_a_person(&normalise(name)), "{name}");
        }
    }
}
