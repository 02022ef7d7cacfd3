//! Claims that the signer's own certificate makes.

use crate::identity::identifiers::REGISTRATION_NUMBER;
use crate::identity::is_country_code;
use crate::identity::subject::{self, distinct, first};
use crate::model::certificate::Certificate;
use crate::model::claim::{Aspect, Claim, Jurisdiction, Strength};
use crate::model::evidence::{Evidence, Locator, Source};
use crate::model::party::{Party, Validation};

/// Incorporation (EV fields, register numbers) and place of business (C, ST).
pub(super) fn claims(party: &Party, certificate: &Certificate, source: Source) -> Vec<Claim> {
    let mut claims = Vec::new();
    incorporation(party, certificate, source, &mut claims);
    place(party, certificate, source, &mut claims);
    claims
}

/// Code Signing BR section 7.1.4.2.4: jurisdictionCountryName, with state or locality only where the register is theirs.
fn incorporation(
    party: &Party,
    certificate: &Certificate,
    source: Source,
    claims: &mut Vec<Claim>,
) {
    let name = &certificate.subject;
    let state = first(name, &subject::JURISDICTION_STATE);
    for country in distinct(name, &subject::JURISDICTION_COUNTRY) {
        let mut evidence = vec![subject::evidence(
            certificate,
            source,
            &subject::JURISDICTION_COUNTRY,
            country,
        )];
        evidence.extend(
            state.map(|s| subject::evidence(certificate, source, &subject::JURISDICTION_STATE, s)),
        );
        let (basis, strength) = match party.validation {
            Validation::Extended => ("EV certificate, jurisdictionCountryName", Strength::High),
            Validation::Organization
            | Validation::Individual
            | Validation::Platform
            | Validation::Unknown => (
                "jurisdictionCountryName of a certificate that is not EV",
                Strength::Medium,
            ),
        };
        claims.push(claim(
            party,
            certificate,
            Aspect::Incorporation,
            Jurisdiction {
                country: country.to_ascii_uppercase(),
                subdivision: state.map(str::to_owned),
            },
            basis,
            vouched(strength, source),
            evidence,
        ));
    }
    for id in party
        .identifiers
        .iter()
        .filter(|i| i.scheme == REGISTRATION_NUMBER)
    {
        let from_org_id = matches!(&id.evidence.locator,
            Locator::CertificateField { certificate: of, field }
                if *of == certificate.id && (field == "subject.organizationIdentifier" || field.starts_with("extensions.")));
        let Some(register) = id.jurisdiction.as_deref().filter(|_| from_org_id) else {
            continue;
        };
        let (country, part) = match register.split_once('+') {
            Some((country, part)) => (country, Some(part)),
            None => (register, None),
        };
        claims.push(claim(
            party,
            certificate,
            Aspect::Incorporation,
            Jurisdiction {
                country: country.to_owned(),
                subdivision: part.map(|p| format!("{country}-{p}")),
            },
            "organizationIdentifier, register number (NTR)",
            vouched(Strength::High, source),
            vec![id.evidence.clone()],
        ));
    }
}

/// Code Signing BR section 7.1.4.2.3: C, ST and L are where the subject does business.
fn place(party: &Party, certificate: &Certificate, source: Source, claims: &mut Vec<Claim>) {
    let name = &certificate.subject;
    let state = first(name, &subject::STATE);
    let countries = distinct(name, &subject::COUNTRY);
    for country in &countries {
        let code = country.to_ascii_uppercase();
        let mut evidence = vec![subject::evidence(
            certificate,
            source,
            &subject::COUNTRY,
            country,
        )];
        for (kind, value) in [
            (&subject::STATE, state),
            (&subject::LOCALITY, first(name, &subject::LOCALITY)),
        ] {
            evidence.extend(value.map(|v| subject::evidence(certificate, source, kind, v)));
        }
        let strength = match party.validation {
            _ if !is_country_code(&code) => Strength::Low,
            Validation::Extended | Validation::Organization | Validation::Individual => {
                Strength::High
            }
            Validation::Platform | Validation::Unknown => Strength::Medium,
        };
        claims.push(claim(
            party,
            certificate,
            Aspect::PlaceOfBusiness,
            Jurisdiction {
                country: code,
                // A state belongs to a country only where there is one country.
                subdivision: state.filter(|_| countries.len() == 1).map(str::to_owned),
            },
            "certificate subject, countryName",
            vouched(strength, source),
            evidence,
        ));
    }
}

/// What nobody vouched for is weak, whatever the fields.
fn vouched(strength: Strength, source: Source) -> Strength {
    match source {
        Source::Signed => strength,
        Source::Embedded | Source::Network | Source::Bundled | Source::User | Source::Derived => {
            Strength::Low
        }
    }
}

fn claim(
    party: &Party,
    certificate: &Certificate,
    aspect: Aspect,
    jurisdiction: Jurisdiction,
    basis: &str,
    strength: Strength,
    evidence: Vec<Evidence>,
) -> Claim {
    let issuer = first(&certificate.issuer, &subject::COMMON_NAME)
        .or_else(|| first(&certificate.issuer, &subject::ORGANIZATION))
        .unwrap_or("an unnamed issuer");
    Claim {
        party: party.id.clone(),
        aspect,
        jurisdiction,
        basis: basis.to_owned(),
        strength,
        source: format!("certificate issued by {issuer}"),
        as_of: Some(certificate.not_before.date()),
        valid_from: Some(certificate.not_before.date()),
        valid_to: Some(certificate.not_after.date()),
        evidence,
    }
}
