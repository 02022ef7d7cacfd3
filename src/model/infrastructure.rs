//! What is known of a host: its networks, its names, its certificate, its registrations. Answers of several sources stand side by
//! side; nothing here settles them.

use std::net::IpAddr;

use time::Date;

use super::certificate::SharedCertificate;
use super::claim::Claim;
use super::extract::Gap;
use super::finding::Finding;
use crate::base::time::Time;

/// What a source of networks speaks about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum GeoKind {
    /// To whom a regional registry gave the network. It says nothing of where machines stand.
    Holder,
    /// Where somebody believes machines stand.
    Location,
    /// Which autonomous system announces the network.
    Route,
}

impl GeoKind {
    /// The word used in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Holder => "holder",
            Self::Location => "location",
            Self::Route => "route",
        }
    }
}

/// One source's answer about one address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GeoAnswer {
    /// What it speaks about.
    pub kind: GeoKind,
    /// The source, as reports name it.
    pub source: String,
    /// The range it speaks of: a prefix, or `first-last` where it is none.
    pub range: String,
    /// ISO 3166-1 code; `None` where the source has none or says `EU`, `AP`, `??`, `ZZ`.
    pub country: Option<String>,
    /// The source's own word where that is no country: text from outside.
    pub unusable: Option<String>,
    /// Autonomous system.
    pub asn: Option<u32>,
    /// Organisation, in the source's words: text from outside.
    pub organization: Option<String>,
    /// The source says that the address is announced from many places.
    pub anycast: bool,
    /// As of when the source holds.
    pub as_of: Option<Date>,
    /// Its licence or notice, where it states one.
    pub licence: Option<String>,
}

/// One address of a host with every source's answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostAddress {
    /// The address.
    pub ip: IpAddr,
    /// Every source that knows it.
    pub answers: Vec<GeoAnswer>,
    /// The curated operator that announces it.
    pub operator: Option<HostOperator>,
    /// Of this machine, its networks or another special purpose (RFC 6890): no source is asked.
    pub special: bool,
}

impl HostAddress {
    /// Announced from many places, by a source or by its operator's table: it has no location.
    pub fn is_anycast(&self) -> bool {
        self.operator.as_ref().is_some_and(|o| o.anycast) || self.answers.iter().any(|a| a.anycast)
    }
}

/// A network operator of the curated table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostOperator {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Legal home, ISO 3166-1.
    pub country: String,
    /// The autonomous system that it was recognised by.
    pub asn: u32,
    /// It announces its addresses from many places.
    pub anycast: bool,
}

/// One resource record that matters here (RFC 1035, RFC 8659).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct DnsRecord {
    /// Owner name, without the last dot: text from outside.
    pub name: String,
    /// `A`, `AAAA`, `CNAME`, `NS`, `CAA`.
    pub kind: String,
    /// Value in presentation form: text from outside.
    pub value: String,
}

/// What the domain name system answered.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Dns {
    /// When it was asked.
    pub at: Option<Time>,
    /// The resolver, in words.
    pub resolver: String,
    /// Records, in the order of the questions, aliases in the order of their chain.
    pub records: Vec<DnsRecord>,
    /// Questions that were not answered, with the reason.
    pub failures: Vec<String>,
}

impl Dns {
    /// Addresses, each once.
    pub fn addresses(&self) -> Vec<IpAddr> {
        let mut out: Vec<IpAddr> = Vec::new();
        let found = self
            .records
            .iter()
            .filter(|r| r.kind == "A" || r.kind == "AAAA");
        for ip in found.filter_map(|r| r.value.parse().ok()) {
            if !out.contains(&ip) {
                out.push(ip);
            }
        }
        out
    }

    /// Values of the records of one kind.
    pub fn of<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = &'a DnsRecord> {
        self.records.iter().filter(move |r| r.kind == kind)
    }
}

/// The certificates that a server showed.
#[derive(Debug, Clone)]
pub struct Tls {
    /// When it was asked.
    pub at: Option<Time>,
    /// Address and port that were connected to.
    pub peer: String,
    /// Protocol version: `TLSv1.3`.
    pub protocol: String,
    /// As sent, the server's own first.
    pub chain: Vec<SharedCertificate>,
    /// Certificates that could not be read.
    pub unreadable: usize,
}

/// What a registration is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RegistrationKind {
    /// A domain name.
    Domain,
    /// A network.
    Network,
    /// An autonomous system.
    AutonomousSystem,
}

impl RegistrationKind {
    /// The word used in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Domain => "domain",
            Self::Network => "network",
            Self::AutonomousSystem => "autonomous_system",
        }
    }
}

/// One RDAP object (RFC 9083), as far as it says who answers for it. All strings are text from outside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Registration {
    /// What it is about.
    pub kind: RegistrationKind,
    /// The address it was asked at.
    pub url: String,
    /// When it was asked.
    pub at: Option<Time>,
    /// Handle in the registry.
    pub handle: Option<String>,
    /// Name: a domain's, or a network's own label.
    pub name: Option<String>,
    /// First and last address of a network.
    pub range: Option<String>,
    /// The object's own country.
    pub country: Option<String>,
    /// Status words.
    pub status: Vec<String>,
    /// Contacts with their roles, one level down.
    pub entities: Vec<Contact>,
    /// `(action, date)`.
    pub events: Vec<(String, String)>,
    /// WHOIS server.
    pub port43: Option<String>,
}

/// Somebody that a registration names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contact {
    /// Handle in the registry.
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

/// The parts of a name that registries answer for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DomainParts {
    /// Top-level domain.
    pub tld: String,
    /// Public suffix that is a registry's (ICANN section of the Public Suffix List).
    pub suffix: String,
    /// The name that somebody registered under it.
    pub registrable: Option<String>,
}

/// Everything known of one host.
#[derive(Debug, Clone, Default)]
pub struct HostFacts {
    /// What the name is made of.
    pub domain: Option<DomainParts>,
    /// Addresses: the host itself, or what its name resolved to.
    pub addresses: Vec<HostAddress>,
    /// Answers of the domain name system.
    pub dns: Option<Dns>,
    /// Certificates that it showed.
    pub tls: Option<Tls>,
    /// Registrations of the name and of its networks.
    pub registrations: Vec<Registration>,
    /// Claims, whose party is the host: `host:NAME`.
    pub claims: Vec<Claim>,
    /// What was noticed.
    pub findings: Vec<Finding>,
    /// What was not looked at.
    pub gaps: Vec<Gap>,
}
