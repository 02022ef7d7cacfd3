//! What is asked about one host under `--online`, or found in a recording: names, certificates, registrations.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use reqwest::Url;

use crate::base::special_address::is_special;
use crate::base::time::Time;
use crate::jurisdiction::network::{Lookups, parts, rdap};
use crate::model::endpoint::Host;
use crate::model::extract::Gap;
use crate::model::infrastructure::{Dns, DnsRecord, RegistrationKind, Tls};
use crate::source::ask::{Kind, Record, Recorded, Resolver, Shown, System, chain};
use crate::source::clock::Stopwatch;
use crate::source::http::{Access, Deadline, Schemes};
use crate::source::wire::Wire;
use crate::verify::certificate;

/// Where the registries' bootstrap files are (RFC 9224 section 8).
const BOOTSTRAP: &str = "https://data.iana.org/rdap/";
/// Addresses of one host whose registration is asked for.
const MAX_REGISTRATIONS: usize = 2;
/// Addresses of one host that a connection is tried to.
const MAX_PEERS: usize = 2;
/// Names that a CAA record is looked for at, from the host upwards (RFC 8659 section 3).
const MAX_CLIMB: usize = 5;
/// Port of https.
const HTTPS: u16 = 443;

/// Whoever asks.
pub(super) struct Inquirer<'a> {
    wire: &'a Wire,
    resolver: Option<System>,
    asks: Asks,
    timeout: Duration,
}

/// What is asked beside names.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asks {
    /// Certificates.
    pub(super) tls: bool,
    /// Registrations.
    pub(super) rdap: bool,
    /// Certificates at addresses that are not public, too.
    pub(super) private: bool,
}

impl Default for Asks {
    fn default() -> Self {
        Self {
            tls: true,
            rdap: true,
            private: false,
        }
    }
}

/// The state of one host's questions.
struct Asking<'a> {
    inquirer: &'a Inquirer<'a>,
    deadline: Deadline<'a>,
    found: Lookups,
    /// Something was answered or refused, so that the host counts as asked about.
    any: bool,
}

impl<'a> Inquirer<'a> {
    /// Over the network, by the system's resolver or the one at `server`; on replay nobody is asked.
    pub(super) fn open(
        wire: &'a Wire,
        server: Option<SocketAddr>,
        asks: Asks,
        timeout: Duration,
    ) -> Result<Self, String> {
        let resolver = wire.is_live().then(|| System::open(server)).transpose()?;
        Ok(Self {
            wire,
            resolver,
            asks,
            timeout,
        })
    }

    /// Everything about one host; `None` where a recording has nothing of it.
    pub(super) fn host(&self, host: &Host, port: Option<u16>) -> Option<Lookups> {
        let clock = Stopwatch::start();
        let mut asking = Asking {
            inquirer: self,
            deadline: Deadline::start(self.timeout, &clock),
            found: Lookups::default(),
            any: false,
        };
        let (name, addresses) = match host {
            Host::Name(name) => {
                asking.names(name);
                let dns = asking.found.dns.as_ref();
                (name.clone(), dns.map(Dns::addresses).unwrap_or_default())
            }
            Host::Ip(ip) => (ip.to_string(), vec![*ip]),
            Host::Template(_) => return None,
        };
        if self.asks.tls {
            asking.certificates(&name, port.unwrap_or(HTTPS), &addresses);
        }
        if !self.asks.rdap {
            return asking.any.then_some(asking.found);
        }
        if let Host::Name(name) = host {
            asking.domain(name);
        }
        let public = addresses.iter().filter(|ip| !is_special(**ip));
        for ip in public.take(MAX_REGISTRATIONS) {
            asking.network(*ip);
        }
        asking.any.then_some(asking.found)
    }
}

impl Asking<'_> {
    fn fail(&mut self, what: String, why: String) {
        self.found.failures.push(Gap { what, why });
    }

    fn names(&mut self, name: &str) {
        let inquirer = self.inquirer;
        let live: Option<&dyn Resolver> = match &inquirer.resolver {
            Some(system) => Some(system),
            None => None,
        };
        let recorded = Recorded {
            wire: inquirer.wire,
            live,
        };
        if !recorded.holds(name, Kind::A) && !recorded.holds(name, Kind::Aaaa) {
            return;
        }
        self.any = true;
        let mut dns = Dns {
            resolver: inquirer
                .resolver
                .as_ref()
                .map_or_else(|| "a recording".to_owned(), Resolver::name),
            ..Dns::default()
        };
        let ask = |name: &str, kind: Kind, dns: &mut Dns| -> bool {
            match recorded.ask(name, kind) {
                Ok((at, records)) => {
                    dns.at = dns.at.or(Some(at));
                    let wanted = records.iter().any(|r| r.kind == kind.name());
                    keep(records, dns);
                    wanted
                }
                Err(why) => {
                    dns.failures
                        .push(format!("{} of {name}: {why}", kind.name()));
                    false
                }
            }
        };
        ask(name, Kind::A, &mut dns);
        ask(name, Kind::Aaaa, &mut dns);
        let registrable = parts(name).and_then(|p| p.registrable);
        if let Some(domain) = &registrable {
            ask(domain, Kind::Ns, &mut dns);
        }
        let mut at = Some(name);
        for _ in 0..MAX_CLIMB {
            let Some(here) = at else { break };
            if ask(here, Kind::Caa, &mut dns) || registrable.as_deref() == Some(here) {
                break;
            }
            at = here.split_once('.').map(|(_, up)| up);
        }
        let failures: Vec<Gap> = dns
            .failures
            .iter()
            .map(|why| Gap {
                what: "names".to_owned(),
                why: why.clone(),
            })
            .collect();
        self.found.failures.extend(failures);
        self.found.dns = Some(dns);
    }

    /// The first address that shows certificates.
    fn certificates(&mut self, name: &str, port: u16, addresses: &[IpAddr]) {
        let inquirer = self.inquirer;
        let mut failed = None;
        for ip in addresses.iter().take(MAX_PEERS) {
            let peer = SocketAddr::new(*ip, port);
            let Ok(url) = Url::parse(&format!("tls://{name}/?at={peer}")) else {
                continue;
            };
            if !inquirer.wire.holds(&url) {
                continue;
            }
            self.any = true;
            let live = || {
                let shown = chain(*ip, port, name, inquirer.asks.private, &self.deadline)?;
                serde_json::to_vec(&shown)
                    .map_err(|e| crate::source::http::Error::Unreachable(e.to_string()))
            };
            match inquirer.wire.other(&url, live) {
                Ok((at, body)) => match serde_json::from_slice::<Shown>(&body) {
                    Ok(shown) => {
                        self.found.tls = Some(read(&shown, at));
                        return;
                    }
                    Err(error) => failed = Some((peer, format!("recorded answer: {error}"))),
                },
                Err(error) => failed = Some((peer, error.to_string())),
            }
        }
        if let Some((peer, why)) = failed {
            self.fail(format!("certificates at {peer}"), why);
        }
    }

    fn domain(&mut self, name: &str) {
        let Some(parts) = parts(name) else { return };
        let Some(domain) = parts.registrable else {
            return;
        };
        self.registration(
            RegistrationKind::Domain,
            "dns.json",
            &parts.tld,
            &format!("domain/{domain}"),
        );
    }

    fn network(&mut self, ip: IpAddr) {
        let file = if ip.is_ipv4() {
            "ipv4.json"
        } else {
            "ipv6.json"
        };
        let key = ip.to_string();
        self.registration(RegistrationKind::Network, file, &key, &format!("ip/{ip}"));
    }

    /// Finds the registry by the bootstrap file, and asks it.
    fn registration(&mut self, kind: RegistrationKind, file: &str, key: &str, path: &str) {
        let Ok(bootstrap) = Url::parse(BOOTSTRAP).and_then(|base| base.join(file)) else {
            return;
        };
        if !self.inquirer.wire.holds(&bootstrap) {
            return;
        }
        self.any = true;
        if let Err(why) = self.ask_registry(kind, &bootstrap, key, path) {
            self.fail(format!("registration of {path}"), why);
        }
    }

    fn ask_registry(
        &mut self,
        kind: RegistrationKind,
        bootstrap: &Url,
        key: &str,
        path: &str,
    ) -> Result<(), String> {
        let (_, body) = self.document(bootstrap, "application/json", rdap::MAX_BOOTSTRAP)?;
        let server = rdap::server(&body, key).map_err(|e| e.to_string())?;
        let server = server.ok_or("no registry says that it answers for it")?;
        let base = Url::parse(&server).map_err(|e| e.to_string())?;
        let url = base.join(path).map_err(|e| e.to_string())?;
        let (at, body) = self.document(&url, "application/rdap+json", rdap::MAX_ANSWER)?;
        let mut found = rdap::read(kind, url.as_str(), &body).map_err(|e| e.to_string())?;
        found.at = at;
        self.found.registrations.push(found);
        Ok(())
    }

    fn document(
        &self,
        url: &Url,
        accept: &str,
        limit: u64,
    ) -> Result<(Option<Time>, Vec<u8>), String> {
        let access = Access::public(Schemes::Both);
        let wire = self.inquirer.wire;
        let document = wire
            .document(&access, url, accept, limit, &self.deadline)
            .map_err(|e| e.to_string())?;
        Ok((wire.asked_at(url), document.body))
    }
}

/// Adds records that are not known yet: the aliases on the way come with every kind.
fn keep(records: Vec<Record>, dns: &mut Dns) {
    for record in records {
        let record = DnsRecord {
            name: record.name,
            kind: record.kind,
            value: record.value,
        };
        if !dns.records.contains(&record) {
            dns.records.push(record);
        }
    }
}

fn read(shown: &Shown, at: Time) -> Tls {
    let mut tls = Tls {
        at: Some(at),
        peer: shown.peer.clone(),
        protocol: shown.protocol.clone(),
        chain: Vec::new(),
        unreadable: 0,
    };
    for text in &shown.chain {
        let der = unhex(text).and_then(|der| certificate::read(&der).ok());
        match der {
            Some(certificate) => tls.chain.push(certificate.into()),
            None => tls.unreadable = tls.unreadable.saturating_add(1),
        }
    }
    tls
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    if !rest.is_empty() {
        return None;
    }
    pairs
        .iter()
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok())
        .collect()
}
