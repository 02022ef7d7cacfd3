//! The system's resolver, or one that the user names.

use std::net::SocketAddr;
use std::time::Duration;

use hickory_resolver::TokioResolver;
use hickory_resolver::config::{ConnectionConfig, NameServerConfig, ResolveHosts, ResolverConfig};
use hickory_resolver::net::runtime::TokioRuntimeProvider;
use hickory_resolver::proto::rr::RecordType;

use super::{Kind, MAX_RECORDS, Record, Resolver};

/// One try may take this long.
const TIMEOUT: Duration = Duration::from_secs(4);
/// Tries for each question.
const ATTEMPTS: usize = 2;
/// One question may take this long with all tries and servers.
const QUESTION: Duration = Duration::from_secs(12);

/// A resolver over the network.
pub struct System {
    runtime: tokio::runtime::Runtime,
    resolver: TokioResolver,
    name: String,
}

impl std::fmt::Debug for System {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("System")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

impl System {
    /// Opens the one at `server`, else the system's own.
    ///
    /// # Errors
    /// The system names none, or the runtime does not start.
    pub fn open(server: Option<SocketAddr>) -> Result<Self, String> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_io()
            .enable_time()
            .build()
            .map_err(|e| e.to_string())?;
        let mut builder = match server {
            None => TokioResolver::builder_tokio().map_err(|e| e.to_string())?,
            Some(address) => {
                let mut connections = vec![ConnectionConfig::udp(), ConnectionConfig::tcp()];
                for connection in &mut connections {
                    connection.port = address.port();
                }
                let server = NameServerConfig::new(address.ip(), true, connections);
                let config = ResolverConfig::from_parts(None, Vec::new(), vec![server]);
                TokioResolver::builder_with_config(config, TokioRuntimeProvider::default())
            }
        };
        let options = builder.options_mut();
        options.timeout = TIMEOUT;
        options.attempts = ATTEMPTS;
        // What this machine's files say of a name is no answer of the domain name system.
        options.use_hosts_file = ResolveHosts::Never;
        options.preserve_intermediates = true;
        let _guard = runtime.enter();
        let resolver = builder.build().map_err(|e| e.to_string())?;
        drop(_guard);
        Ok(Self {
            runtime,
            resolver,
            name: server.map_or_else(|| "the system's".to_owned(), |s| s.to_string()),
        })
    }
}

impl Resolver for System {
    fn name(&self) -> String {
        self.name.clone()
    }

    fn ask(&self, name: &str, kind: Kind) -> Result<Vec<Record>, String> {
        let kind = match kind {
            Kind::A => RecordType::A,
            Kind::Aaaa => RecordType::AAAA,
            Kind::Ns => RecordType::NS,
            Kind::Caa => RecordType::CAA,
        };
        // The last dot: no search domain of this machine is tried.
        let lookup = self.resolver.lookup(format!("{name}."), kind);
        let answer = self
            .runtime
            .block_on(async { tokio::time::timeout(QUESTION, lookup).await });
        let answer = answer.map_err(|_| format!("no answer in {} s", QUESTION.as_secs()))?;
        match answer {
            Ok(lookup) => Ok(lookup
                .answers()
                .iter()
                .take(MAX_RECORDS)
                .map(|record| Record {
                    name: record.name.to_string().trim_end_matches('.').to_owned(),
                    kind: record.record_type().to_string(),
                    value: record.data.to_string().trim_end_matches('.').to_owned(),
                })
                .collect()),
            Err(error) if error.is_nx_domain() => Err("no such name (NXDOMAIN)".to_owned()),
            Err(error) if error.is_no_records_found() => Ok(Vec::new()),
            Err(error) => Err(error.to_string()),
        }
    }
}
