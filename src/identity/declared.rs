//! Makers that the file names behind its signer: programName of the signature, CompanyName and copyright of the version
//! information, Manufacturer of an installer. The signer vouches for the bytes, not for these words; a platform vendor signs
//! others' drivers all the time.

use std::collections::{BTreeMap, BTreeSet};

use super::findings;
use super::name::{NormalName, legal_names, normalise};
use super::party::handle;
use crate::model::cms::Opus;
use crate::model::evidence::{Evidence, Locator, Source};
use crate::model::extract::Claimed;
use crate::model::finding::{Finding, Status};
use crate::model::party::{Party, PartyId, Role, Validation};
use crate::model::signature::SignatureId;

/// Who signed, and the words beside the signature.
#[derive(Debug, Clone, Copy)]
pub struct Signing<'a> {
    /// The signature.
    pub signature: &'a SignatureId,
    /// The party behind it.
    pub signer: &'a Party,
    /// What the signer typed in.
    pub opus: Option<&'a Opus>,
    /// What the words are worth: `Signed` where the signature holds.
    pub source: Source,
}

fn declared_id(name: &str) -> PartyId {
    PartyId(format!("declared:{}", handle(name)))
}

/// A party known by a name alone, that nobody vouched for.
pub fn maker(name: &str, role: Role) -> Party {
    Party {
        id: declared_id(name),
        name: name.to_owned(),
        names: Vec::new(),
        roles: BTreeSet::from([role]),
        certificate: None,
        validation: Validation::Unknown,
        validation_rule: "a name; nobody verified it".into(),
        countries: BTreeSet::new(),
        identifiers: Vec::new(),
        vendor: None,
        claims: Vec::new(),
        matches: Vec::new(),
    }
}

/// Makers named by the file that are not its signer, each with a finding.
pub fn declared(signing: Signing<'_>, claimed: &[Claimed]) -> Vec<(Party, Finding)> {
    let mut makers: BTreeMap<PartyId, (Party, Finding)> = BTreeMap::new();
    for statement in statements(signing, claimed) {
        if is_signer(&statement.name, signing.signer) {
            continue;
        }
        let id = declared_id(&statement.name);
        if let Some((_, finding)) = makers.get_mut(&id) {
            finding.evidence.push(statement.evidence);
            continue;
        }
        let mut party = maker(&statement.name, Role::DeclaredVendor);
        party.validation_rule = format!("named in {}; nobody verified it", statement.place);
        let finding = Finding::new(
            &findings::DECLARED_VENDOR_DIFFERS,
            Status::Review,
            format!(
                "{} names `{}`, the signer is `{}`",
                statement.place, statement.name, signing.signer.name
            ),
        )
        .about(signing.signature)
        .party(&signing.signer.id)
        .party(&id)
        .with(statement.evidence);
        makers.insert(id, (party, finding));
    }
    makers.into_values().collect()
}

struct Statement {
    name: String,
    place: &'static str,
    evidence: Evidence,
}

fn statements(signing: Signing<'_>, claimed: &[Claimed]) -> Vec<Statement> {
    let mut found = Vec::new();
    if let Some(name) = signing.opus.and_then(|o| o.program_name.as_deref()) {
        // programName is mostly a product; it is a maker where it has a legal form. Microsoft's hardware programme puts
        // the submitter there, which has one.
        if normalise(name).has_form() {
            found.push(Statement {
                name: name.trim().to_owned(),
                place: "the signature's programName",
                evidence: Evidence {
                    source: signing.source,
                    locator: Locator::Entry {
                        data: format!("signature {}", signing.signature),
                        entry: "SpcSpOpusInfo.programName".into(),
                    },
                    excerpt: Some(name.to_owned()),
                    citation: None,
                    observed_at: None,
                },
            });
        }
    }
    let mut company_named = false;
    for (claim, place) in claimed.iter().filter_map(|c| Some((c, company(&c.key)?))) {
        if normalise(&claim.value).core.is_empty() {
            continue;
        }
        company_named = true;
        found.push(from_claim(claim, claim.value.trim(), place));
    }
    if !company_named {
        for claim in claimed.iter().filter(|c| c.key == "LegalCopyright") {
            if let Some(holder) = copyright_holder(&claim.value) {
                found.push(from_claim(
                    claim,
                    &holder,
                    "LegalCopyright of the version information",
                ));
            }
        }
    }
    found
}

/// Where a key names the company that made the file, and nothing else.
fn company(key: &str) -> Option<&'static str> {
    match key {
        "CompanyName" => Some("CompanyName of the version information"),
        "Manufacturer" => Some("Manufacturer in the installer's Property table"),
        _ => None,
    }
}

fn from_claim(claim: &Claimed, name: &str, place: &'static str) -> Statement {
    Statement {
        name: name.to_owned(),
        place,
        evidence: Evidence::bytes(
            Source::Embedded,
            claim.span.start,
            claim.span.end.saturating_sub(claim.span.start),
        )
        .excerpt(claim.value.as_str()),
    }
}

/// The holder in a copyright line, only where it is a company: people and projects sign under other names all the time.
fn copyright_holder(line: &str) -> Option<String> {
    let cut = line
        .find("All rights")
        .or_else(|| line.find("all rights"))
        .unwrap_or(line.len());
    let words: Vec<&str> = line
        .get(..cut)?
        .split_whitespace()
        .filter(|word| {
            let bare: String = word.chars().filter(|c| c.is_alphanumeric()).collect();
            let year = !bare.is_empty() && bare.chars().all(|c| c.is_ascii_digit());
            let noise = matches!(
                bare.to_ascii_lowercase().as_str(),
                "" | "copyright" | "c" | "by" | "present"
            );
            !year && !noise
        })
        .collect();
    let holder = words.join(" ").trim_end_matches(['.', ',', ' ']).to_owned();
    normalise(&holder).has_form().then_some(holder)
}

/// The maker is the signer by name: one core is the other, or the words that it begins with.
fn is_signer(maker: &str, signer: &Party) -> bool {
    let makers = legal_names(maker);
    std::iter::once(&signer.name)
        .chain(&signer.names)
        .flat_map(|name| legal_names(name))
        .any(|name| makers.iter().any(|maker| names_agree(maker, &name)))
}

fn names_agree(a: &NormalName, b: &NormalName) -> bool {
    if a.core.is_empty() || b.core.is_empty() {
        return false;
    }
    if a.core == b.core {
        return true;
    }
    let (short, long) = if a.core.len() < b.core.len() {
        (a, b)
    } else {
        (b, a)
    };
    // "Tencent" for "Tencent Technology (Shenzhen)", but not "The Open Group" for "Open".
    !short.is_weak()
        && long
            .core
            .strip_prefix(short.core.as_str())
            .is_some_and(|rest| rest.starts_with(' '))
}

#[cfg(test)]
mod tests;
