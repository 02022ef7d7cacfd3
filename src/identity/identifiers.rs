//! Numbers and codes that identify a legal entity more surely than its name.

use std::collections::BTreeSet;

use super::extension::{
    self, APPLE_DEVELOPER_ID, CABF_ORGANIZATION_IDENTIFIER, microsoft_publisher,
};
use super::findings;
use super::lei;
use super::organization_identifier::OrganizationIdentifier;
use super::subject::{self, distinct, first};
use crate::model::certificate::Certificate;
use crate::model::digest::hex;
use crate::model::evidence::{Evidence, Source};
use crate::model::finding::{Finding, Status};
use crate::model::party::Identifier;

/// Scheme of company register numbers.
pub const REGISTRATION_NUMBER: &str = "registration-number";
/// Scheme of Legal Entity Identifiers.
pub const LEI: &str = "lei";
/// Scheme of Apple team ids.
pub const APPLE_TEAM_ID: &str = "apple-team-id";
/// Scheme of Azure Artifact Signing subscribers.
pub const MICROSOFT_PUBLISHER_ID: &str = "microsoft-publisher-id";
/// Scheme of key pins.
pub const SPKI_SHA256: &str = "spki-sha256";
/// Scheme of certificate pins.
pub const CERTIFICATE_SHA256: &str = "certificate-sha256";

/// A number as registers are asked for it: upper case, letters and digits only.
pub fn normal_number(number: &str) -> String {
    number
        .chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_uppercase)
        .collect()
}

/// Reads every identifier, and what is wrong with them.
pub(super) fn read(certificate: &Certificate, source: Source) -> (Vec<Identifier>, Vec<Finding>) {
    let mut ids = Vec::new();
    let mut found = Vec::new();
    registration(certificate, source, &mut ids);
    organization_identifiers(certificate, source, &mut ids, &mut found);
    lei_extension(certificate, source, &mut ids, &mut found);
    platform_ids(certificate, source, &mut ids);
    for (scheme, value, field) in [
        (SPKI_SHA256, certificate.spki_sha256, "spki"),
        (CERTIFICATE_SHA256, certificate.id.0, "certificate"),
    ] {
        ids.push(Identifier {
            scheme: scheme.into(),
            jurisdiction: None,
            value: hex(&value),
            evidence: Evidence::certificate(source, certificate.id, field, hex(&value)),
        });
    }
    let mut seen = BTreeSet::new();
    ids.retain(|i| seen.insert((i.scheme.clone(), i.jurisdiction.clone(), i.value.clone())));
    (ids, found)
}

/// serialNumber beside jurisdictionCountryName is the registration number (Code Signing BR section 7.1.4.2.4), or the date of
/// incorporation, or a text for government bodies; the last two identify nobody. Never keyed on the number alone.
fn registration(certificate: &Certificate, source: Source, ids: &mut Vec<Identifier>) {
    let name = &certificate.subject;
    let countries = distinct(name, &subject::JURISDICTION_COUNTRY);
    let (&[country], Some(number)) = (countries.as_slice(), first(name, &subject::SERIAL_NUMBER))
    else {
        return;
    };
    let government = first(name, &subject::BUSINESS_CATEGORY)
        .is_some_and(|c| c.eq_ignore_ascii_case("government entity"));
    if government || !number.bytes().any(|b| b.is_ascii_digit()) || is_date(number) {
        return;
    }
    let state = first(name, &subject::JURISDICTION_STATE);
    let country = country.to_ascii_uppercase();
    let evidence = subject::evidence(certificate, source, &subject::SERIAL_NUMBER, number);
    push_register_number(ids, &country, state, number, evidence);
}

/// A register number, and where the register's numbers have a name of their own that lists use, that scheme as well.
fn push_register_number(
    ids: &mut Vec<Identifier>,
    country: &str,
    state: Option<&str>,
    number: &str,
    evidence: Evidence,
) {
    let value = normal_number(number);
    // ОГРН has thirteen digits, fifteen for sole traders.
    if country == "RU"
        && matches!(value.len(), 13 | 15)
        && value.bytes().all(|b| b.is_ascii_digit())
    {
        ids.push(Identifier {
            scheme: "ogrn".into(),
            jurisdiction: Some("RU".into()),
            value: value.clone(),
            evidence: evidence.clone(),
        });
    }
    ids.push(Identifier {
        scheme: REGISTRATION_NUMBER.into(),
        jurisdiction: Some(match state {
            Some(state) => format!("{country}+{state}"),
            None => country.to_owned(),
        }),
        value,
        evidence,
    });
}

/// `2001-05-17`, `17/05/2001`, `May 17, 2001`.
fn is_date(text: &str) -> bool {
    const MONTHS: &[&str] = &[
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    ];
    let parts: Vec<&str> = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|p| !p.is_empty())
        .collect();
    let month = |p: &str| {
        let p = p.to_ascii_lowercase();
        MONTHS.iter().any(|m| p.starts_with(m))
    };
    let digits = |p: &str| p.bytes().all(|b| b.is_ascii_digit());
    parts.len() == 3
        && parts.iter().filter(|p| p.len() == 4 && digits(p)).count() == 1
        && parts
            .iter()
            .all(|p| (digits(p) && (p.len() <= 2 || p.len() == 4)) || month(p))
}

fn organization_identifiers(
    certificate: &Certificate,
    source: Source,
    ids: &mut Vec<Identifier>,
    found: &mut Vec<Finding>,
) {
    let extension = extension::value(certificate, CABF_ORGANIZATION_IDENTIFIER)
        .map(OrganizationIdentifier::from_extension);
    let extension_evidence =
        || Evidence::certificate(source, certificate.id, "extensions.2.23.140.3.1", "");
    if extension == Some(None) {
        found.push(
            Finding::new(
                &findings::ORG_ID_MALFORMED,
                Status::Review,
                "the cabfOrganizationIdentifier extension cannot be read",
            )
            .with(extension_evidence()),
        );
    }
    let mut read_one = false;
    for text in distinct(&certificate.subject, &subject::ORGANIZATION_IDENTIFIER) {
        let evidence =
            subject::evidence(certificate, source, &subject::ORGANIZATION_IDENTIFIER, text);
        let Some(id) = OrganizationIdentifier::parse(text) else {
            found.push(
                Finding::new(
                    &findings::ORG_ID_MALFORMED,
                    Status::Review,
                    format!("organizationIdentifier `{text}` has no scheme, country and reference"),
                )
                .with(evidence),
            );
            continue;
        };
        read_one = true;
        if let Some(Some(other)) = &extension
            && *other != id
        {
            found.push(
                Finding::new(
                    &findings::ORG_ID_MISMATCH,
                    Status::Review,
                    format!(
                        "organizationIdentifier `{text}` and the extension ({} {}{} {}) disagree",
                        other.scheme,
                        other.country,
                        other
                            .subdivision
                            .as_deref()
                            .map(|s| format!("+{s}"))
                            .unwrap_or_default(),
                        other.reference
                    ),
                )
                .with(evidence.clone())
                .with(extension_evidence()),
            );
        }
        country_agrees(certificate, source, &id, &evidence, found);
        push_organization_identifier(id, evidence, ids, found);
    }
    if !read_one && let Some(Some(id)) = extension {
        push_organization_identifier(id, extension_evidence(), ids, found);
    }
}

/// If C is present, the scheme's country equals it, except for LEI and INT (S/MIME BR appendix A).
fn country_agrees(
    certificate: &Certificate,
    source: Source,
    id: &OrganizationIdentifier,
    evidence: &Evidence,
    found: &mut Vec<Finding>,
) {
    if matches!(id.scheme.as_str(), "LEI" | "INT") {
        return;
    }
    let (Some(scheme), Some(country)) = (
        id.iso_country(),
        first(&certificate.subject, &subject::COUNTRY),
    ) else {
        return;
    };
    if !scheme.eq_ignore_ascii_case(country) {
        found.push(
            Finding::new(
                &findings::ORG_ID_MISMATCH,
                Status::Review,
                format!(
                    "organizationIdentifier is of {scheme}, the subject's country is {country}"
                ),
            )
            .with(evidence.clone())
            .with(subject::evidence(
                certificate,
                source,
                &subject::COUNTRY,
                country,
            )),
        );
    }
}

fn push_organization_identifier(
    id: OrganizationIdentifier,
    evidence: Evidence,
    ids: &mut Vec<Identifier>,
    found: &mut Vec<Finding>,
) {
    match id.scheme.as_str() {
        "NTR" => {
            // EUID inside NTR: country, register, dot, number (Directive (EU) 2017/1132 article 16); the number is the register's.
            let country = id.iso_country().unwrap_or(&id.country).to_owned();
            push_register_number(
                ids,
                &country,
                id.subdivision.as_deref(),
                &id.reference,
                evidence,
            );
        }
        "LEI" => push_lei(&id.reference, evidence, ids, found),
        scheme => ids.push(Identifier {
            scheme: scheme.to_ascii_lowercase(),
            jurisdiction: Some(match &id.subdivision {
                Some(part) => format!("{}+{part}", id.country),
                None => id.country.clone(),
            }),
            value: normal_number(&id.reference),
            evidence,
        }),
    }
}

fn lei_extension(
    certificate: &Certificate,
    source: Source,
    ids: &mut Vec<Identifier>,
    found: &mut Vec<Finding>,
) {
    let Some(value) = extension::value(certificate, extension::LEI) else {
        return;
    };
    let code = lei::from_extension(value).unwrap_or_default();
    let evidence = Evidence::certificate(
        source,
        certificate.id,
        "extensions.1.3.6.1.4.1.52266.1",
        code.as_str(),
    );
    if let Some(other) = ids.iter().find(|i| i.scheme == LEI && i.value != code) {
        found.push(
            Finding::new(
                &findings::LEI_CONFLICT,
                Status::Review,
                format!(
                    "organizationIdentifier gives LEI {}, the extension {code}",
                    other.value
                ),
            )
            .with(other.evidence.clone())
            .with(evidence.clone()),
        );
    }
    push_lei(&code, evidence, ids, found);
}

/// An LEI that fails its check digits identifies nobody: it is a finding, not an identifier.
fn push_lei(code: &str, evidence: Evidence, ids: &mut Vec<Identifier>, found: &mut Vec<Finding>) {
    let code = code.to_ascii_uppercase();
    if !lei::is_valid(&code) {
        found.push(
            Finding::new(
                &findings::LEI_INVALID,
                Status::Review,
                format!(
                    "`{code}` is no Legal Entity Identifier: its form or check digits are wrong"
                ),
            )
            .with(evidence),
        );
    } else if !ids.iter().any(|i| i.scheme == LEI && i.value == code) {
        ids.push(Identifier {
            scheme: LEI.into(),
            jurisdiction: None,
            value: code,
            evidence,
        });
    }
}

fn platform_ids(certificate: &Certificate, source: Source, ids: &mut Vec<Identifier>) {
    let name = &certificate.subject;
    if extension::value(certificate, APPLE_DEVELOPER_ID).is_some()
        && let Some(team) = first(name, &subject::ORGANIZATIONAL_UNIT)
        && team.len() == 10
        && team
            .bytes()
            .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
        && first(name, &subject::COMMON_NAME).is_some_and(|cn| cn.ends_with(&format!("({team})")))
    {
        ids.push(Identifier {
            scheme: APPLE_TEAM_ID.into(),
            jurisdiction: None,
            value: team.to_owned(),
            evidence: subject::evidence(certificate, source, &subject::ORGANIZATIONAL_UNIT, team),
        });
    }
    if let Some(oid) = microsoft_publisher(certificate) {
        ids.push(Identifier {
            scheme: MICROSOFT_PUBLISHER_ID.into(),
            jurisdiction: None,
            value: oid.to_string(),
            evidence: Evidence::certificate(
                source,
                certificate.id,
                "extensions.2.5.29.37",
                oid.to_string(),
            ),
        });
    }
}

#[cfg(test)]
mod tests {
    use super::{is_date, normal_number};

    #[test]
    fn dates_of_incorporation_are_no_registration_numbers() {
        for date in ["2001-05-17", "17/05/2001", "May 17, 2001", "17.5.2001"] {
            assert!(is_date(date), "{date}");
        }
        for number in [
            "4227913",
            "2637805-2",
            "HRB 140833",
            "91510107MA7E8Y2876",
            "04249748",
            "12-34-5678901",
        ] {
            assert!(!is_date(number), "{number}");
        }
    }

    #[test]
    fn numbers_keep_their_leading_zeros() {
        assert_eq!(normal_number("04249748"), "04249748");
        assert_eq!(normal_number("hrb 140833"), "HRB140833");
        assert_eq!(normal_number("2637805-2"), "26378052");
    }
}
