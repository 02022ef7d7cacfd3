//! `hosts{}`: whom the files name, and every address that names each.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::handle::{ClaimId, EvidenceId, HostId};
use super::infrastructure::{Address, Dns, Domain, Registration, Tls};
use super::register::Register;
use super::subject::Span;
use super::words::{AddressForm, EndpointKind, HostForm, Noise, StringEncoding};
use crate::format::endpoints::unicode;
use crate::model::analysis::Analysis;
use crate::model::endpoint::{Endpoint as ModelEndpoint, Host as ModelHost};
use crate::model::evidence::{Evidence as ModelEvidence, Source};
use crate::model::infrastructure::HostFacts;

/// Places kept of an address that may matter; a tree may name it in each of thousands of members.
const MAX_PLACES: usize = 16;
/// Places kept of noise.
const MAX_NOISE_PLACES: usize = 1;

/// A host that files name. That they do does not show that the product ever contacts it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Host {
    /// The name in lower-case ASCII, the address, or the pattern that is filled in at run time: text from outside.
    pub name: String,
    /// What the name stands for where it is an internationalised one: text from outside.
    pub unicode: Option<String>,
    /// What `name` is.
    pub form: HostForm,
    /// What its addresses seem to be for, without those that are noise.
    pub kinds: Vec<EndpointKind>,
    /// Subjects that name it.
    pub subjects: Vec<String>,
    /// The addresses, those that matter most first.
    pub endpoints: Vec<Endpoint>,
    /// What its name is made of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub domain: Option<Domain>,
    /// Network addresses, each with every source's answer.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub addresses: Vec<Address>,
    /// What the domain name system answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dns: Option<Dns>,
    /// The certificates that it showed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tls: Option<Tls>,
    /// Registrations of its name and networks.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub registrations: Vec<Registration>,
    /// Claims of jurisdiction about it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub claims: Vec<ClaimId>,
}

/// One address of a host.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Endpoint {
    /// As a file writes it: text from outside.
    pub address: String,
    /// How it is written.
    pub form: AddressForm,
    /// The port, where one is stated.
    pub port: Option<u16>,
    /// What it seems to be for, by its words alone.
    pub kind: EndpointKind,
    /// Why it is most likely never contacted as a service of the product.
    pub noise: Option<Noise>,
    /// A user's name stands before the host.
    pub userinfo: bool,
    /// Parts are filled in at run time.
    pub template: bool,
    /// Where it stands: in each subject the first place.
    pub places: Vec<Place>,
    /// Subjects beyond those in `places` that name it too.
    pub more_places: u64,
    /// Its places as evidence; none for noise.
    pub evidence: Vec<EvidenceId>,
}

/// Where an address stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Place {
    /// The subject whose file `location` counts in.
    pub subject: String,
    /// The bytes.
    pub location: Span,
    /// How the characters are stored there.
    pub encoding: StringEncoding,
    /// How often it stands in that file.
    pub occurrences: u32,
}

/// The hosts, and the hosts that each subject names, by the subject's place in the analysis.
pub(super) fn hosts(
    analysis: &Analysis,
    register: &mut Register,
) -> (BTreeMap<HostId, Host>, Vec<Vec<HostId>>) {
    let mut ids: BTreeMap<&ModelHost, HostId> = BTreeMap::new();
    let mut hosts: BTreeMap<HostId, Host> = BTreeMap::new();
    let mut known: BTreeMap<(HostId, &str), usize> = BTreeMap::new();
    let mut named = Vec::with_capacity(analysis.subjects.len());
    for subject in &analysis.subjects {
        let mut own = BTreeSet::new();
        for endpoint in &subject.endpoints {
            let next = u32::try_from(ids.len())
                .unwrap_or(u32::MAX)
                .saturating_add(1);
            let id = *ids.entry(&endpoint.host).or_insert(HostId(next));
            let host = hosts.entry(id).or_insert_with(|| Host::new(&endpoint.host));
            if own.insert(id) {
                host.subjects.push(subject.id.clone());
            }
            let index = *known.entry((id, &endpoint.key)).or_insert_with(|| {
                host.endpoints.push(Endpoint::new(endpoint));
                host.endpoints.len().saturating_sub(1)
            });
            if let Some(entry) = host.endpoints.get_mut(index) {
                entry.place(&subject.id, endpoint, register);
            }
        }
        named.push(own.into_iter().collect::<Vec<_>>());
    }
    for (model, facts) in &analysis.hosts {
        let next = u32::try_from(ids.len())
            .unwrap_or(u32::MAX)
            .saturating_add(1);
        let id = *ids.entry(model).or_insert(HostId(next));
        let host = hosts.entry(id).or_insert_with(|| Host::new(model));
        // Asked for by itself, it is what the subject is.
        if host.subjects.is_empty()
            && let (Some(top), Some(own)) = (analysis.subjects.first(), named.first_mut())
        {
            host.subjects.push(top.id.clone());
            own.push(id);
        }
        host.know(id, facts, register);
    }
    for host in hosts.values_mut() {
        host.endpoints
            .sort_by_key(|e| (e.noise, e.kind, e.address.clone()));
        let kinds: BTreeSet<EndpointKind> = host
            .endpoints
            .iter()
            .filter(|e| e.noise.is_none())
            .map(|e| e.kind)
            .collect();
        host.kinds = kinds.into_iter().collect();
    }
    (hosts, named)
}

impl Host {
    fn new(host: &ModelHost) -> Self {
        let (form, shown) = match host {
            ModelHost::Name(name) => (HostForm::Name, unicode(name)),
            ModelHost::Ip(_) => (HostForm::Address, None),
            ModelHost::Template(_) => (HostForm::Template, None),
        };
        Self {
            name: host.to_string(),
            unicode: shown,
            form,
            kinds: Vec::new(),
            subjects: Vec::new(),
            endpoints: Vec::new(),
            domain: None,
            addresses: Vec::new(),
            dns: None,
            tls: None,
            registrations: Vec::new(),
            claims: Vec::new(),
        }
    }
}

impl Host {
    fn know(&mut self, id: HostId, facts: &HostFacts, register: &mut Register) {
        self.domain = facts.domain.as_ref().map(Into::into);
        self.addresses = facts.addresses.iter().map(Into::into).collect();
        self.dns = facts.dns.as_ref().map(Into::into);
        self.tls = facts.tls.as_ref().map(Into::into);
        self.registrations = facts.registrations.iter().map(Into::into).collect();
        self.claims = register.host_claims(id, &facts.claims);
    }
}

impl Endpoint {
    fn new(endpoint: &ModelEndpoint) -> Self {
        Self {
            address: endpoint.text.clone(),
            form: endpoint.form.into(),
            port: endpoint.port,
            kind: endpoint.kind.into(),
            noise: endpoint.noise.map(Into::into),
            userinfo: endpoint.userinfo,
            template: endpoint.template,
            places: Vec::new(),
            more_places: 0,
            evidence: Vec::new(),
        }
    }

    fn place(&mut self, subject: &str, endpoint: &ModelEndpoint, register: &mut Register) {
        // Noise in one file and named plainly in another: plainly.
        if endpoint.noise.is_none() {
            self.noise = None;
        }
        let limit = if self.noise.is_some() {
            MAX_NOISE_PLACES
        } else {
            MAX_PLACES
        };
        if self.places.len() >= limit {
            self.more_places = self.more_places.saturating_add(1);
            return;
        }
        let location = Span::from(&endpoint.span);
        if endpoint.noise.is_none() {
            let evidence = ModelEvidence::bytes(Source::Embedded, location.offset, location.length)
                .excerpt(endpoint.text.clone());
            for handle in register.cite(Some(subject), &[evidence]) {
                if !self.evidence.contains(&handle) {
                    self.evidence.push(handle);
                }
            }
        }
        self.places.push(Place {
            subject: subject.to_owned(),
            location,
            encoding: endpoint.encoding.into(),
            occurrences: endpoint.occurrences,
        });
    }
}
