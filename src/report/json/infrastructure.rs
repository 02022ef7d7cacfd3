//! What hosts are known by: addresses with every source's answer, names, certificates, registrations.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::base::time::rfc3339;
use crate::model::infrastructure::{
    Contact as ModelContact, Dns as ModelDns, DomainParts, GeoAnswer, HostAddress,
    Registration as ModelRegistration, Tls as ModelTls,
};

/// What a name is made of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Domain {
    /// Top-level domain.
    pub tld: String,
    /// The suffix that names are registered under.
    pub suffix: String,
    /// The name that somebody registered.
    pub registrable: Option<String>,
}

/// One address of a host.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Address {
    /// The address.
    pub ip: String,
    /// Of this machine, its networks or another special purpose: no source is asked.
    pub special: bool,
    /// Announced from many places: it has no location.
    pub anycast: bool,
    /// The operator that announces it, where the table knows it.
    pub operator: Option<Operator>,
    /// Every source's answer. They may disagree; nothing here settles them.
    pub answers: Vec<NetworkAnswer>,
}

/// An operator of networks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Operator {
    /// Id in the table.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its own legal home, not where its machines stand.
    pub country: String,
    /// Autonomous system that it was recognised by.
    pub asn: u32,
}

/// One source's answer about one address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct NetworkAnswer {
    /// `holder`: registered to (RIR), no place. `location`: geolocated. `route`: announced.
    pub kind: String,
    /// The source.
    pub source: String,
    /// The range it speaks of.
    pub range: String,
    /// ISO 3166-1 code; null where the source has none.
    pub country: Option<String>,
    /// What the source says in place of a country: text from outside.
    pub unusable: Option<String>,
    /// Autonomous system.
    pub asn: Option<u32>,
    /// Organisation: text from outside.
    pub organization: Option<String>,
    /// The source says that it is announced from many places.
    pub anycast: bool,
    /// As of when the source holds.
    pub as_of: Option<String>,
    /// Licence or notice.
    pub licence: Option<String>,
}

/// What the domain name system answered. All text is from outside.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Dns {
    /// When it was asked.
    pub at: Option<String>,
    /// Which resolver was asked.
    pub resolver: String,
    /// The records.
    pub records: Vec<DnsRecord>,
    /// Questions without an answer.
    pub failures: Vec<String>,
}

/// One record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DnsRecord {
    /// Owner name.
    pub name: String,
    /// `A`, `AAAA`, `CNAME`, `NS`, `CAA`.
    pub kind: String,
    /// Its value in presentation form.
    pub value: String,
}

/// The certificates that a server showed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Tls {
    /// When it was asked.
    pub at: Option<String>,
    /// Address and port that were connected to.
    pub peer: String,
    /// Protocol version.
    pub protocol: String,
    /// SHA-256 of the certificates as sent, the server's own first.
    pub chain: Vec<String>,
    /// Certificates that could not be read.
    pub unreadable: u64,
}

/// One registration (RDAP). All text is from outside.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Registration {
    /// `domain`, `network` or `autonomous_system`.
    pub kind: String,
    /// Where it was asked.
    pub url: String,
    /// When.
    pub at: Option<String>,
    /// Handle.
    pub handle: Option<String>,
    /// Name.
    pub name: Option<String>,
    /// First and last address of a network.
    pub range: Option<String>,
    /// Country.
    pub country: Option<String>,
    /// Status words.
    pub status: Vec<String>,
    /// Contacts.
    pub entities: Vec<Contact>,
    /// What happened when.
    pub events: Vec<Event>,
}

/// Something that happened to a registration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Event {
    /// `registration`, `expiration` ….
    pub action: String,
    /// When, as written.
    pub date: String,
}

/// Somebody that a registration names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Contact {
    /// Handle.
    pub handle: Option<String>,
    /// `registrant`, `registrar`, `abuse` ….
    pub roles: Vec<String>,
    /// Full name.
    pub name: Option<String>,
    /// Organisation.
    pub organization: Option<String>,
    /// Country of its address, as written.
    pub country: Option<String>,
    /// Registrar's number at IANA.
    pub iana_id: Option<String>,
}

impl From<&DomainParts> for Domain {
    fn from(parts: &DomainParts) -> Self {
        Self {
            tld: parts.tld.clone(),
            suffix: parts.suffix.clone(),
            registrable: parts.registrable.clone(),
        }
    }
}

impl From<&HostAddress> for Address {
    fn from(address: &HostAddress) -> Self {
        Self {
            ip: address.ip.to_string(),
            special: address.special,
            anycast: address.is_anycast(),
            operator: address.operator.as_ref().map(|o| Operator {
                id: o.id.clone(),
                name: o.name.clone(),
                country: o.country.clone(),
                asn: o.asn,
            }),
            answers: address.answers.iter().map(Into::into).collect(),
        }
    }
}

impl From<&GeoAnswer> for NetworkAnswer {
    fn from(answer: &GeoAnswer) -> Self {
        Self {
            kind: answer.kind.name().to_owned(),
            source: answer.source.clone(),
            range: answer.range.clone(),
            country: answer.country.clone(),
            unusable: answer.unusable.clone(),
            asn: answer.asn,
            organization: answer.organization.clone(),
            anycast: answer.anycast,
            as_of: answer.as_of.map(|d| d.to_string()),
            licence: answer.licence.clone(),
        }
    }
}

impl From<&ModelDns> for Dns {
    fn from(dns: &ModelDns) -> Self {
        Self {
            at: dns.at.map(rfc3339),
            resolver: dns.resolver.clone(),
            records: dns
                .records
                .iter()
                .map(|r| DnsRecord {
                    name: r.name.clone(),
                    kind: r.kind.clone(),
                    value: r.value.clone(),
                })
                .collect(),
            failures: dns.failures.clone(),
        }
    }
}

impl From<&ModelTls> for Tls {
    fn from(tls: &ModelTls) -> Self {
        Self {
            at: tls.at.map(rfc3339),
            peer: tls.peer.clone(),
            protocol: tls.protocol.clone(),
            chain: tls.chain.iter().map(|c| c.id.to_string()).collect(),
            unreadable: u64::try_from(tls.unreadable).unwrap_or(u64::MAX),
        }
    }
}

impl From<&ModelRegistration> for Registration {
    fn from(found: &ModelRegistration) -> Self {
        Self {
            kind: found.kind.name().to_owned(),
            url: found.url.clone(),
            at: found.at.map(rfc3339),
            handle: found.handle.clone(),
            name: found.name.clone(),
            range: found.range.clone(),
            country: found.country.clone(),
            status: found.status.clone(),
            entities: found.entities.iter().map(Into::into).collect(),
            events: found
                .events
                .iter()
                .map(|(action, date)| Event {
                    action: action.clone(),
                    date: date.clone(),
                })
                .collect(),
        }
    }
}

impl From<&ModelContact> for Contact {
    fn from(contact: &ModelContact) -> Self {
        Self {
            handle: contact.handle.clone(),
            roles: contact.roles.clone(),
            name: contact.name.clone(),
            organization: contact.organization.clone(),
            country: contact.country.clone(),
            iana_id: contact.iana_id.clone(),
        }
    }
}
