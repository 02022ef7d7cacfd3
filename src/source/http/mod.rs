//! HTTP, guarded: every hop is resolved once, checked and pinned; credentials go only to the site they belong to.
//!
//! Plain http and https, no proxy, no cookies, nothing from `.netrc`, no decompression, at most `MAX_REDIRECTS` redirects, none
//! from https to http. An address that is not public is asked only where the user named that very site or host.

mod download;
mod site;
mod trace;

use crate::base::special_address::is_special;
use std::io::Read;
use std::net::ToSocketAddrs;
use std::sync::{Arc, Once};
use std::time::Duration;

use reqwest::blocking::{Client, Response};
use reqwest::header::{
    ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderMap, IF_MODIFIED_SINCE, IF_NONE_MATCH, IF_RANGE,
    LOCATION, RANGE,
};
use reqwest::{StatusCode, Url};

use crate::base::budget::Clock;

pub use download::{Download, Validators, download, download_if_changed};
pub use site::{Credential, Site, without_credentials};
pub use trace::{Traced, trace};

/// Redirects followed.
const MAX_REDIRECTS: usize = 5;
/// A connection, a header or the next bytes may take this long.
const STALL: Duration = Duration::from_secs(30);
/// How much is read at once.
const CHUNK: usize = 64 << 10;

/// Why an address gave nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// No answer, or none that may be asked for.
    #[error("{0}")]
    Unreachable(String),
    /// An answer that says no.
    #[error("the server answers {0}")]
    Status(u16),
    /// An answer over a limit of size.
    #[error("over the limit of {0} bytes")]
    Size(u64),
    /// An answer over a limit of time.
    #[error("took longer than {} s", .0.as_secs())]
    Time(Duration),
}

/// A time by which an answer has to be whole.
pub struct Deadline<'c> {
    clock: &'c dyn Clock,
    started: Duration,
    limit: Duration,
}

impl std::fmt::Debug for Deadline<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Deadline")
            .field("limit", &self.limit)
            .finish_non_exhaustive()
    }
}

impl<'c> Deadline<'c> {
    /// Starts it now, by `clock`.
    pub fn start(limit: Duration, clock: &'c dyn Clock) -> Self {
        Self {
            clock,
            started: clock.elapsed(),
            limit,
        }
    }

    /// The time is not over.
    ///
    /// # Errors
    /// It is.
    pub fn check(&self) -> Result<(), Error> {
        if self.spent() > self.limit {
            return Err(Error::Time(self.limit));
        }
        Ok(())
    }

    fn spent(&self) -> Duration {
        self.clock.elapsed().saturating_sub(self.started)
    }
}

/// Which schemes may be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Schemes {
    /// Only http: revocation data is signed itself, and RFC 5280 section 8 warns against https for it.
    HttpOnly,
    /// http and https.
    Both,
}

/// What may be reached, and with what.
#[derive(Debug, Clone)]
pub struct Access {
    /// Which schemes.
    pub schemes: Schemes,
    /// Sites that the user named; they may have addresses that are not public.
    pub named: Vec<Site>,
    /// Hosts that the user vouches for, at any port: they may have addresses that are not public, too.
    pub hosts: Vec<String>,
    /// Each goes to its own site and path alone.
    pub credentials: Vec<Credential>,
}

impl Access {
    /// Public sites alone, and nothing to show them.
    pub fn public(schemes: Schemes) -> Self {
        Self {
            schemes,
            named: Vec::new(),
            hosts: Vec::new(),
            credentials: Vec::new(),
        }
    }

    /// A client that can reach the host of `url` and no other, at addresses looked up now.
    pub(super) fn client(&self, url: &Url) -> Result<Client, Error> {
        let unreachable = |why: String| Error::Unreachable(why);
        match (url.scheme(), self.schemes) {
            ("http", _) | ("https", Schemes::Both) => {}
            (other, _) => return Err(unreachable(format!("scheme {other} is not fetched"))),
        }
        let site = Site::of(url).ok_or_else(|| unreachable("no host".into()))?;
        let bare = site.host().trim_start_matches('[').trim_end_matches(']');
        let addresses: Vec<_> = (bare, site.port())
            .to_socket_addrs()
            .map_err(|e| unreachable(format!("{bare}: {e}")))?
            .collect();
        if addresses.is_empty() {
            return Err(unreachable(format!("{bare} has no address")));
        }
        if !self.named.contains(&site)
            && !self.hosts.iter().any(|host| host == site.host())
            && let Some(special) = addresses.iter().find(|a| is_special(a.ip()))
        {
            return Err(unreachable(format!(
                "{} is not a public address",
                special.ip()
            )));
        }
        let mut builder = Client::builder();
        if site.is_plain() {
            // Reading the platform's anchors takes longer than most answers, and nobody needs them here.
            builder = builder.tls_backend_preconfigured(no_tls()?);
        } else {
            provide_tls();
        }
        builder
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .timeout(STALL)
            .user_agent(concat!("bonafide/", env!("CARGO_PKG_VERSION")))
            .resolve_to_addrs(site.host(), &addresses)
            .build()
            .map_err(|e| unreachable(words(&e)))
    }

    fn authorization(&self, url: &Url) -> Option<&str> {
        self.credentials.iter().find_map(|c| c.for_url(url))
    }
}

/// A configuration that trusts nobody.
fn no_tls() -> Result<rustls::ClientConfig, Error> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|e| Error::Unreachable(e.to_string()))?;
    let nobody = rustls::RootCertStore::empty();
    Ok(config.with_root_certificates(nobody).with_no_client_auth())
}

/// The TLS library takes its cryptography from the process; a second call changes nothing.
fn provide_tls() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let _ = rustls::crypto::ring::default_provider().install_default();
    });
}

/// An answer's head, with the way to it.
pub(super) struct Opened {
    response: Response,
    hops: Vec<String>,
}

/// A document, whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// Its bytes.
    pub body: Vec<u8>,
    /// Addresses that the answer was redirected to, in order.
    pub hops: Vec<String>,
}

/// From where on a body is wanted, if it still is the one that this validator names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Resume {
    from: u64,
    validator: String,
}

/// What a request carries beside its address.
#[derive(Debug, Clone, Copy, Default)]
struct Carried<'a> {
    accept: Option<&'a str>,
    resume: Option<&'a Resume>,
    /// What is at hand: the body is wanted only where it is another.
    unless: Option<&'a Validators>,
    /// An OCSP request, which is posted.
    ocsp: &'a [u8],
}

/// Asks for `url` and follows redirects, each checked anew.
fn open(access: &Access, url: &Url, carried: Carried<'_>) -> Result<Opened, Error> {
    let mut url = without_credentials(url);
    let mut hops = Vec::new();
    for _ in 0..=MAX_REDIRECTS {
        let client = access.client(&url)?;
        let mut request = if carried.ocsp.is_empty() {
            client.get(url.clone())
        } else {
            let post = client.post(url.clone()).body(carried.ocsp.to_vec());
            post.header(CONTENT_TYPE, "application/ocsp-request")
        };
        if let Some(accept) = carried.accept {
            request = request.header(ACCEPT, accept);
        }
        if let Some(authorization) = access.authorization(&url) {
            request = request.header(AUTHORIZATION, authorization);
        }
        if let Some(resume) = carried.resume {
            request = request
                .header(RANGE, format!("bytes={}-", resume.from))
                .header(IF_RANGE, &resume.validator);
        }
        if let Some(unless) = carried.unless {
            // The tag is the better of the two (RFC 9110 section 13.2.2).
            request = match (&unless.etag, &unless.last_modified) {
                (Some(etag), _) => request.header(IF_NONE_MATCH, etag),
                (None, Some(date)) => request.header(IF_MODIFIED_SINCE, date),
                (None, None) => request,
            };
        }
        let response = request.send().map_err(|e| Error::Unreachable(words(&e)))?;
        if !is_redirect(response.status()) {
            return Ok(Opened { response, hops });
        }
        let target = text(response.headers(), LOCATION)
            .ok_or_else(|| Error::Unreachable("redirect without a location".into()))?;
        let next = url
            .join(&target)
            .map_err(|e| Error::Unreachable(e.to_string()))?;
        if url.scheme() == "https" && next.scheme() != "https" {
            return Err(Error::Unreachable(
                "redirect from https to another scheme".into(),
            ));
        }
        url = without_credentials(&next);
        hops.push(url.to_string());
    }
    Err(Error::Unreachable(format!(
        "more than {MAX_REDIRECTS} redirects"
    )))
}

/// 304 and the like carry no place to go.
fn is_redirect(status: StatusCode) -> bool {
    matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308)
}

fn text(headers: &HeaderMap, name: reqwest::header::HeaderName) -> Option<String> {
    headers.get(name)?.to_str().ok().map(str::to_owned)
}

/// The cause behind reqwest's outer words, without the address: it may be long and is said elsewhere.
fn words(error: &dyn std::error::Error) -> String {
    let mut deepest = error;
    while let Some(source) = deepest.source() {
        deepest = source;
    }
    let text = deepest.to_string();
    text.split(" (os error")
        .next()
        .unwrap_or_default()
        .to_owned()
}

/// A whole document of at most `limit` bytes.
///
/// # Errors
/// No answer, another status than 200, or over a limit.
pub fn get(
    access: &Access,
    url: &Url,
    accept: &str,
    limit: u64,
    deadline: &Deadline<'_>,
) -> Result<Document, Error> {
    let carried = Carried {
        accept: Some(accept),
        ..Carried::default()
    };
    let opened = open(access, url, carried)?;
    let status = opened.response.status();
    if status != StatusCode::OK {
        return Err(Error::Status(status.as_u16()));
    }
    Ok(Document {
        body: whole(opened.response, limit, deadline)?,
        hops: opened.hops,
    })
}

/// What a certificate's address answers, whatever its status.
///
/// # Errors
/// No answer, or over a limit.
pub fn ask(
    access: &Access,
    url: &str,
    ocsp: &[u8],
    limit: u64,
    deadline: &Deadline<'_>,
) -> Result<(u16, Vec<u8>), Error> {
    let url = Url::parse(url).map_err(|e| Error::Unreachable(e.to_string()))?;
    let carried = Carried {
        ocsp,
        ..Carried::default()
    };
    let opened = open(access, &url, carried)?;
    let status = opened.response.status().as_u16();
    Ok((status, whole(opened.response, limit, deadline)?))
}

/// A body of at most `limit` bytes.
pub(super) fn whole(
    response: Response,
    limit: u64,
    deadline: &Deadline<'_>,
) -> Result<Vec<u8>, Error> {
    let mut body = Vec::new();
    pump(response, limit, deadline, &mut |bytes| {
        body.extend_from_slice(bytes);
        Ok(())
    })?;
    Ok(body)
}

/// Hands on what comes, at most `limit` bytes.
fn pump(
    mut from: impl Read,
    limit: u64,
    deadline: &Deadline<'_>,
    take: &mut dyn FnMut(&[u8]) -> Result<(), Error>,
) -> Result<(), Error> {
    let mut buffer = vec![0; CHUNK];
    let mut taken = 0u64;
    loop {
        deadline.check()?;
        let count = match from.read(&mut buffer) {
            Ok(0) => return Ok(()),
            Ok(count) => count,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
            Err(error) => {
                return Err(Error::Unreachable(format!(
                    "the answer broke off: {}",
                    words(&error)
                )));
            }
        };
        taken = taken.saturating_add(u64::try_from(count).unwrap_or(u64::MAX));
        if taken > limit {
            return Err(Error::Size(limit));
        }
        take(buffer.get(..count).unwrap_or_default())?;
    }
}
