//! A channel over the network: every hop recorded, none followed from https to another scheme.

use std::sync::Arc;
use std::time::Duration;

use reqwest::Url;

use super::Asker;
use crate::base::blob::ReadAt;
use crate::model::channel::{Fetch, FetchOutcome};
use crate::model::collection::{Collected, Want};
use crate::source::clock::{self, Stopwatch};
use crate::source::http::{self, Access, Deadline, Error, Schemes, Site};

/// How often one thing is asked for before its server is given up.
const ATTEMPTS: usize = 3;

/// The network, and what may be reached of it.
#[derive(Debug)]
pub struct Net {
    access: Access,
    /// Every host may have an address that is not public.
    private: bool,
    vantage: Option<String>,
}

impl Net {
    /// Public sites, and the one that the user named; with `private` all others, too. `vantage` is said with each answer.
    pub fn new(named: &str, hosts: &[String], private: bool, vantage: Option<String>) -> Self {
        let site = Url::parse(named).ok().and_then(|u| Site::of(&u));
        let mut access = Access::public(Schemes::Both);
        access.named.extend(site);
        access.hosts.extend_from_slice(hosts);
        Self {
            access,
            private,
            vantage,
        }
    }
}

impl Asker for Net {
    fn ask(&self, want: &Want, limit: u64, time: Duration) -> Collected {
        let mut fetch = Fetch {
            url: want.url.clone(),
            vantage: self.vantage.clone(),
            at: Some(clock::now()),
            ..Fetch::default()
        };
        let mut body: Option<Arc<dyn ReadAt>> = None;
        let url = match Url::parse(&want.url) {
            Ok(url) if matches!(url.scheme(), "http" | "https") => url,
            Ok(_) | Err(_) => {
                fetch.outcome = FetchOutcome::Failed("no address that is fetched".to_owned());
                return Collected {
                    fetch,
                    body,
                    artifact: want.artifact,
                };
            }
        };
        // One limit of time for all attempts.
        let watch = Stopwatch::start();
        let deadline = Deadline::start(time, &watch);
        for _ in 0..ATTEMPTS {
            let traced = http::trace(&self.access, &url, self.private, limit, &deadline);
            fetch.hops = traced.hops;
            fetch.headers = traced.headers;
            match traced.body {
                Ok((held, digest)) => {
                    fetch.size = held.size();
                    fetch.sha256 = digest;
                    fetch.outcome = FetchOutcome::Whole;
                    body = Some(held);
                    break;
                }
                Err(Error::Status(status)) => {
                    fetch.outcome = FetchOutcome::Status(status);
                    break;
                }
                Err(error @ (Error::Size(_) | Error::Time(_))) => {
                    fetch.outcome = FetchOutcome::Failed(error.to_string());
                    break;
                }
                // What the next attempt may bring, save where nobody answered at all.
                Err(error @ Error::Unreachable(_)) => {
                    fetch.outcome = FetchOutcome::Failed(error.to_string());
                    if fetch.hops.is_empty() || traced.refused {
                        break;
                    }
                }
            }
        }
        Collected {
            fetch,
            body,
            artifact: want.artifact,
        }
    }
}
