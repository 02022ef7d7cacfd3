//! A fetch that is kept whole: every hop with the address that answered, the headers that say something, the body with its digest.

use std::io::{Seek, SeekFrom, Write};
use std::sync::Arc;

use reqwest::Url;
use reqwest::header::{HeaderMap, LOCATION};
use sha2::{Digest, Sha256};
use tempfile::{SpooledData, SpooledTempFile};

use super::{
    Access, Deadline, Error, MAX_REDIRECTS, is_redirect, pump, text, without_credentials, words,
};
use crate::base::blob::ReadAt;
use crate::model::channel::Hop;
use crate::source::file::FileBlob;

/// Bytes of a body held in memory.
const IN_MEMORY: usize = 2 << 20;
/// Longest value of a header kept.
const MAX_HEADER: usize = 1024;

/// Headers that say how an answer is served; others change from answer to answer, or are secrets.
const KEPT: [&str; 12] = [
    "age",
    "cache-control",
    "content-length",
    "content-type",
    "date",
    "etag",
    "last-modified",
    "server",
    "strict-transport-security",
    "via",
    "x-cache",
    "x-served-by",
];

/// A body with its SHA-256.
type Body = (Arc<dyn ReadAt>, Vec<u8>);

/// What came of a fetch.
pub struct Traced {
    /// Every answer, the last one first named by its own address; a redirect that was not followed stands there with status 0.
    pub hops: Vec<Hop>,
    /// Headers of the last answer.
    pub headers: Vec<(String, String)>,
    /// The body, or why there is none.
    pub body: Result<Body, Error>,
    /// It was not fetched because it may not be: another attempt brings nothing.
    pub refused: bool,
}

impl std::fmt::Debug for Traced {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Traced")
            .field("hops", &self.hops)
            .finish_non_exhaustive()
    }
}

/// Fetches `url`, of at most `limit` bytes; `private` allows any host to have an address that is not public.
pub fn trace(
    access: &Access,
    url: &Url,
    private: bool,
    limit: u64,
    deadline: &Deadline<'_>,
) -> Traced {
    let mut traced = Traced {
        hops: Vec::new(),
        headers: Vec::new(),
        body: Err(Error::Unreachable("never asked".into())),
        refused: false,
    };
    traced.body = traced.follow(access, url, private, limit, deadline);
    traced
}

impl Traced {
    fn follow(
        &mut self,
        access: &Access,
        url: &Url,
        private: bool,
        limit: u64,
        deadline: &Deadline<'_>,
    ) -> Result<Body, Error> {
        let mut url = without_credentials(url);
        for _ in 0..=MAX_REDIRECTS {
            deadline.check()?;
            let mut access = access.clone();
            access
                .hosts
                .extend(url.host_str().filter(|_| private).map(str::to_owned));
            let client = access.client(&url).inspect_err(|_| self.refused = true)?;
            let request = client.get(url.clone());
            let response = request.send().map_err(|e| Error::Unreachable(words(&e)))?;
            let status = response.status();
            self.hops.push(Hop {
                url: url.to_string(),
                status: status.as_u16(),
                ip: response.remote_addr().map(|a| a.ip()),
            });
            if !is_redirect(status) {
                self.headers = kept(response.headers());
                if status.as_u16() != 200 {
                    return Err(Error::Status(status.as_u16()));
                }
                return body(response, limit, deadline);
            }
            let next = text(response.headers(), LOCATION).and_then(|t| url.join(&t).ok());
            let Some(next) = next else {
                return Err(Error::Unreachable("redirect without a location".into()));
            };
            let next = without_credentials(&next);
            if url.scheme() == "https" && next.scheme() != "https" {
                self.hops.push(Hop {
                    url: next.to_string(),
                    status: 0,
                    ip: None,
                });
                self.refused = true;
                let why = "redirect from https to another scheme".into();
                return Err(Error::Unreachable(why));
            }
            url = next;
        }
        self.refused = true;
        Err(Error::Unreachable(format!(
            "more than {MAX_REDIRECTS} redirects"
        )))
    }
}

fn kept(headers: &HeaderMap) -> Vec<(String, String)> {
    let kept = KEPT.iter().filter_map(|name| {
        let mut value = headers.get(*name)?.to_str().ok()?.to_owned();
        if value.len() > MAX_HEADER {
            value.truncate(MAX_HEADER);
        }
        Some(((*name).to_owned(), value))
    });
    kept.collect()
}

fn body(
    response: reqwest::blocking::Response,
    limit: u64,
    deadline: &Deadline<'_>,
) -> Result<Body, Error> {
    let io = |e: std::io::Error| Error::Unreachable(format!("temporary file: {e}"));
    let stated = response.content_length();
    if stated.is_some_and(|s| s > limit) {
        return Err(Error::Size(limit));
    }
    let mut hash = Sha256::new();
    let mut spool = SpooledTempFile::new(IN_MEMORY);
    let mut size = 0u64;
    pump(response, limit, deadline, &mut |bytes| {
        hash.update(bytes);
        size = size.saturating_add(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
        spool.write_all(bytes).map_err(io)
    })?;
    if stated.is_some_and(|s| s != size) {
        return Err(Error::Unreachable("the answer broke off".into()));
    }
    spool.flush().map_err(io)?;
    spool.seek(SeekFrom::Start(0)).map_err(io)?;
    let held: Arc<dyn ReadAt> = match spool.into_inner() {
        SpooledData::InMemory(bytes) => Arc::new(bytes.into_inner()),
        SpooledData::OnDisk(file) => Arc::new(FileBlob::of(file).map_err(io)?),
    };
    Ok((held, hash.finalize().to_vec()))
}
