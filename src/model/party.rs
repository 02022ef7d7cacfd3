//! Parties: whom the report is about. A party is an identity as evidence states it, not yet a vendor.

use std::collections::BTreeSet;
use std::fmt;

use super::certificate::CertificateId;
use super::claim::Claim;
use super::evidence::Evidence;
use time::Date;

/// Names a party inside a report: derived from what identifies it, so that the same party of two signatures is one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PartyId(pub String);

impl fmt::Display for PartyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The part a party plays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Signed the file.
    Signer,
    /// Signed a nested or further signature.
    CoSigner,
    /// Named by a signature that does not verify; a claim, not an identity.
    ClaimedSigner,
    /// Operates the issuing authority or the root.
    CertificateAuthority,
    /// Operates the timestamp authority.
    TimestampAuthority,
    /// Named by programName or version information as the maker, behind another's signature.
    DeclaredVendor,
}

impl Role {
    /// The word used in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Signer => "signer",
            Self::CoSigner => "co_signer",
            Self::ClaimedSigner => "claimed_signer",
            Self::CertificateAuthority => "certificate_authority",
            Self::TimestampAuthority => "timestamp_authority",
            Self::DeclaredVendor => "declared_vendor",
        }
    }
}

/// How far the certificate authority verified the subject.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Validation {
    /// Extended validation.
    Extended,
    /// Organisation validated.
    Organization,
    /// A natural person.
    Individual,
    /// The platform vendor's own authority, which states no CA/B validation.
    Platform,
    /// Nothing in the certificate says.
    Unknown,
}

impl Validation {
    /// The word used in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Extended => "extended",
            Self::Organization => "organization",
            Self::Individual => "individual",
            Self::Platform => "platform",
            Self::Unknown => "unknown",
        }
    }
}

/// A number or code that identifies a legal entity.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Identifier {
    /// `lei`, `registration-number`, `vat`, `psd`, `gov`, `inn`, `ogrn`, `apple-team-id`, `spki-sha256`, `microsoft-publisher-id` ….
    pub scheme: String,
    /// ISO country, with `+state` where the register is a state's.
    pub jurisdiction: Option<String>,
    /// The value, normalised.
    pub value: String,
    /// What it rests on.
    pub evidence: Evidence,
}

/// A party.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Party {
    /// Its handle.
    pub id: PartyId,
    /// Its name as evidence gives it; hostile text.
    pub name: String,
    /// Other names of the same evidence: legal name behind a DBA, CN beside O.
    pub names: Vec<String>,
    /// The parts it plays.
    pub roles: BTreeSet<Role>,
    /// The certificate it is known by.
    pub certificate: Option<CertificateId>,
    /// How far its identity was verified.
    pub validation: Validation,
    /// Which rule says so: `policy OID 2.23.140.1.3`.
    pub validation_rule: String,
    /// Country codes its own evidence gives (subject C, jurisdictionC, operator table), for matching by name and country.
    pub countries: BTreeSet<String>,
    /// Identifiers.
    pub identifiers: Vec<Identifier>,
    /// Link to the vendor registry.
    pub vendor: Option<VendorLink>,
    /// Claims of jurisdiction.
    pub claims: Vec<Claim>,
    /// Instruments that reach it.
    pub matches: Vec<Match>,
}

/// How surely two names or records are one entity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tier {
    /// Could be; a person must look.
    Review,
    /// Possible affiliate.
    Group,
    /// The same entity.
    Same,
}

impl Tier {
    /// The word used in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Review => "review",
            Self::Group => "group",
            Self::Same => "same",
        }
    }
}

/// A party recognised as an entity of the vendor registry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VendorLink {
    /// Vendor file: `kaspersky`.
    pub slug: String,
    /// Entity key in it: `ao`.
    pub entity: String,
    /// The registry's name of the entity.
    pub entity_name: String,
    /// How surely.
    pub tier: Tier,
    /// Which rule fired.
    pub rule: String,
    /// What was compared, in normal form: (party's, registry's).
    pub compared: (String, String),
    /// Every fact it rests on is cited; an uncited one is shown as a lead and never decides.
    pub verified: bool,
    /// What it rests on.
    pub evidence: Vec<Evidence>,
}

/// How an instrument reaches a party.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AppliesVia {
    /// Named.
    Direct,
    /// By its affiliate rule over these ownership facts, one sentence a step.
    Affiliate(Vec<String>),
    /// Recognised, but the instrument does not reach it.
    None,
}

impl AppliesVia {
    /// The word used in reports and policies.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Direct => "direct",
            Self::Affiliate(_) => "affiliate",
            Self::None => "none",
        }
    }
}

/// One step of ownership or control on the way from a party to a named entity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnershipStep {
    /// The entity that is owned or controlled: `kaspersky/us`, or `lei/LEI` where only the LEI system knows it.
    pub subject: String,
    /// The owner or controller.
    pub interested_party: String,
    /// `share`, `votes`, `control`, `accounting-consolidation` or `group`.
    pub interest: &'static str,
    /// Percent in hundredths, where it is stated.
    pub percent: Option<u16>,
    /// `direct`, `indirect` or `unknown`.
    pub held: &'static str,
    /// `cited`, `unverified` or `disputed`.
    pub standing: &'static str,
    /// Holds from.
    pub from: Option<Date>,
    /// Holds until, exclusive.
    pub until: Option<Date>,
    /// The statement itself.
    pub text: String,
}

/// Whether an instrument is in force at the judgement time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum InForce {
    /// In force.
    Yes,
    /// Not yet, or no longer; why.
    No(String),
    /// Cannot be said; why.
    Unknown(String),
}

impl InForce {
    /// The word used in reports and policies.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::No(_) => "no",
            Self::Unknown(_) => "unknown",
        }
    }
}

/// One instrument that reaches, or might reach, a party.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Match {
    /// Instrument id: `US-ICTS-KASPERSKY`.
    pub instrument: String,
    /// Its title.
    pub title: String,
    /// The entry that matched, in the instrument's words.
    pub entry: String,
    /// How surely party and entry are one.
    pub tier: Tier,
    /// Which rule fired.
    pub rule: String,
    /// Normal forms compared: (party's, entry's).
    pub compared: (String, String),
    /// How the instrument reaches the party.
    pub applies_via: AppliesVia,
    /// The steps of an affiliate rule in full, as many as `applies_via` has sentences; empty otherwise.
    pub path: Vec<OwnershipStep>,
    /// Whether it is in force.
    pub in_force: InForce,
    /// `prohibition`, `procurement`, `export-licence`, `blocking`, `equipment-authorisation`, `designation`, `warning`.
    pub effect: String,
    /// What it is about, in one sentence.
    pub subject_matter: String,
    /// The phase in force, where the instrument has phases.
    pub phase: Option<String>,
    /// Effective from.
    pub effective_from: Option<Date>,
    /// All facts it rests on are cited and verified; an unverified one is shown but never decisive.
    pub decisive: bool,
    /// What it rests on.
    pub evidence: Vec<Evidence>,
}
