//! Claims of jurisdiction. Many answers that may disagree, each with its basis; nothing here ever collapses them.

use std::fmt;

use super::evidence::Evidence;
use super::party::PartyId;
use time::Date;

/// What a claim is about. The words are fixed: reports and policies name them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Aspect {
    /// The law the entity exists under.
    Incorporation,
    /// Where it says its office is.
    PlaceOfBusiness,
    /// Who owns it.
    Owner,
    /// Who controls it.
    Controller,
    /// Operator of the issuing certificate authority.
    PkiOperator,
    /// Operator of the timestamp authority.
    TsaOperator,
    /// Holder of a network by the regional registry.
    NetworkHolder,
    /// Location by a geolocation source.
    NetworkLocation,
    /// Operator of a domain registry.
    DomainRegistry,
    /// Registrar of a domain.
    Registrar,
    /// Legal home of the hosting operator.
    HostingOperator,
    /// Named by an instrument of this jurisdiction.
    Listing,
    /// The vendor's own statement.
    VendorStatement,
}

impl Aspect {
    /// The word used in reports and policies.
    pub fn name(self) -> &'static str {
        match self {
            Self::Incorporation => "incorporation",
            Self::PlaceOfBusiness => "place_of_business",
            Self::Owner => "owner",
            Self::Controller => "controller",
            Self::PkiOperator => "pki_operator",
            Self::TsaOperator => "tsa_operator",
            Self::NetworkHolder => "network_holder",
            Self::NetworkLocation => "network_location",
            Self::DomainRegistry => "domain_registry",
            Self::Registrar => "registrar",
            Self::HostingOperator => "hosting_operator",
            Self::Listing => "listing",
            Self::VendorStatement => "vendor_statement",
        }
    }
}

/// How sure a claim is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Strength {
    /// Inferred, disputed, or from a weak source.
    Low,
    /// Stated by the party or a third party without verification.
    Medium,
    /// Verified by a register, a law, or a CA bound to verify it.
    High,
}

impl Strength {
    /// The word used in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }
}

/// ISO 3166-1 alpha-2 with an optional subdivision, or no known country.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Jurisdiction {
    /// Two capital letters; `XX` where the source says that no code exists.
    pub country: String,
    /// State or province as the source writes it: `Delaware`, or an ISO 3166-2 code.
    pub subdivision: Option<String>,
}

impl Jurisdiction {
    /// A country without a subdivision.
    pub fn country(code: impl Into<String>) -> Self {
        Self {
            country: code.into(),
            subdivision: None,
        }
    }
}

impl fmt::Display for Jurisdiction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.subdivision {
            Some(part) => write!(f, "{} ({part})", self.country),
            None => f.write_str(&self.country),
        }
    }
}

/// One claim about one party.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// Whom it is about: a party, or a host as `host:NAME`.
    pub party: PartyId,
    /// What it is about.
    pub aspect: Aspect,
    /// The answer.
    pub jurisdiction: Jurisdiction,
    /// The rule or field that gives it: `EV certificate, jurisdictionCountryName`.
    pub basis: String,
    /// How sure.
    pub strength: Strength,
    /// The data set or document, with its date.
    pub source: String,
    /// As of when the source holds.
    pub as_of: Option<Date>,
    /// Holds from.
    pub valid_from: Option<Date>,
    /// Holds until, exclusive.
    pub valid_to: Option<Date>,
    /// What it rests on.
    pub evidence: Vec<Evidence>,
}
