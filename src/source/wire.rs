//! The wire that subjects come over: the network, or a bundle that an earlier run recorded.
//!
//! What the user names is fetched without `--online`: naming it is asking for it.

use std::sync::{Arc, Mutex, PoisonError};

use reqwest::Url;

use super::clock;
use super::file::FileBlob;
use super::http::{self, Access, Deadline, Document, Download, Error};
use super::record::{Answer, Bundle, MAX_RECORDED, Question};
use crate::base::blob::ReadAt;
use crate::base::time::Time;

/// Where subjects and the documents about them come from.
#[derive(Debug)]
pub struct Wire {
    replay: Option<Arc<Bundle>>,
    /// Hosts that may have addresses that are not public, wherever they are named.
    allowed: Vec<String>,
    /// What came, where the user wants it recorded.
    recorded: Option<Mutex<Recorded>>,
}

#[derive(Debug, Default)]
struct Recorded {
    bundle: Bundle,
    /// Addresses whose answers were too large to keep.
    left_out: Vec<String>,
}

impl Wire {
    /// Over the network; what comes is kept where `record` says so. The user vouches for the `allowed` hosts: they may have addresses
    /// that are not public.
    pub fn network(record: bool, allowed: &[String]) -> Self {
        Self {
            replay: None,
            allowed: allowed.to_vec(),
            recorded: record.then(Mutex::default),
        }
    }

    /// From a bundle alone.
    pub fn replay(bundle: Arc<Bundle>) -> Self {
        Self {
            replay: Some(bundle),
            allowed: Vec::new(),
            recorded: None,
        }
    }

    /// It asks the network.
    pub fn is_live(&self) -> bool {
        self.replay.is_none()
    }

    /// A document of at most `limit` bytes.
    ///
    /// # Errors
    /// No good answer, or over a limit.
    pub fn document(
        &self,
        access: &Access,
        url: &Url,
        accept: &str,
        limit: u64,
        deadline: &Deadline<'_>,
    ) -> Result<Document, Error> {
        if let Some(bundle) = &self.replay {
            let answer = recorded(bundle, url)?;
            return Ok(Document {
                body: answer.body.clone(),
                hops: answer.hops.clone(),
            });
        }
        let at = clock::now();
        let result = http::get(&self.widened(access), url, accept, limit, deadline);
        match &result {
            Ok(document) => self.keep(url, at, 200, document.body.clone(), document.hops.clone()),
            Err(error) => self.keep_error(url, at, error),
        }
        result
    }

    /// A file of at most `limit` bytes; `progress` is told how far it is and how long it will be.
    ///
    /// # Errors
    /// No good answer, or over a limit.
    pub fn file(
        &self,
        access: &Access,
        url: &Url,
        limit: u64,
        deadline: &Deadline<'_>,
        progress: &dyn Fn(u64, Option<u64>),
    ) -> Result<Download, Error> {
        if let Some(bundle) = &self.replay {
            let answer = recorded(bundle, url)?;
            let file =
                FileBlob::spool(&mut answer.body.as_slice(), limit).map_err(|error| match error
                    .kind()
                {
                    std::io::ErrorKind::FileTooLarge => Error::Size(limit),
                    _ => Error::Unreachable(error.to_string()),
                })?;
            return Ok(Download {
                file,
                hops: answer.hops.clone(),
            });
        }
        let at = clock::now();
        let result = http::download(&self.widened(access), url, limit, deadline, progress);
        match &result {
            Ok(download) if self.recorded.is_some() => self.keep_file(url, at, download),
            Ok(_) => {}
            Err(error) => self.keep_error(url, at, error),
        }
        result
    }

    fn widened(&self, access: &Access) -> Access {
        let mut access = access.clone();
        access.hosts.extend_from_slice(&self.allowed);
        access
    }

    /// An answer can be had: over the network, or because it was recorded.
    pub fn holds(&self, url: &Url) -> bool {
        match &self.replay {
            Some(bundle) => bundle.get(&question(url)).is_some(),
            None => true,
        }
    }

    /// When a recorded answer was asked for, or now.
    pub fn asked_at(&self, url: &Url) -> Option<Time> {
        match &self.replay {
            Some(bundle) => bundle.get(&question(url)).map(|a| a.at),
            None => Some(clock::now()),
        }
    }

    /// The answer to a question of another kind than HTTP, which `live` asks; recorded and replayed like the others.
    ///
    /// # Errors
    /// No answer.
    pub fn other(
        &self,
        url: &Url,
        live: impl FnOnce() -> Result<Vec<u8>, Error>,
    ) -> Result<(Time, Vec<u8>), Error> {
        if let Some(bundle) = &self.replay {
            let answer = recorded(bundle, url)?;
            return Ok((answer.at, answer.body.clone()));
        }
        let at = clock::now();
        let result = live();
        match &result {
            Ok(body) => self.keep(url, at, 200, body.clone(), Vec::new()),
            Err(error) => self.keep_error(url, at, error),
        }
        result.map(|body| (at, body))
    }

    fn keep_file(&self, url: &Url, at: Time, download: &Download) {
        let size = usize::try_from(download.file.size()).unwrap_or(usize::MAX);
        if size > self.room() {
            self.leave_out(url);
            return;
        }
        match download.file.read_range(0..download.file.size()) {
            Ok(body) => self.keep(url, at, 200, body, download.hops.clone()),
            Err(_) => self.leave_out(url),
        }
    }

    fn keep_error(&self, url: &Url, at: Time, error: &Error) {
        let status = match error {
            Error::Status(status) => *status,
            Error::Unreachable(_) | Error::Size(_) | Error::Time(_) => 0,
        };
        let answer = Answer {
            at,
            status,
            body: Vec::new(),
            error: (status == 0).then(|| error.to_string()),
            hops: Vec::new(),
        };
        self.insert(url, answer);
    }

    fn keep(&self, url: &Url, at: Time, status: u16, body: Vec<u8>, hops: Vec<String>) {
        if self.recorded.is_none() {
            return;
        }
        if body.len() > self.room() {
            self.leave_out(url);
            return;
        }
        let answer = Answer {
            at,
            status,
            body,
            error: None,
            hops,
        };
        self.insert(url, answer);
    }

    fn insert(&self, url: &Url, answer: Answer) {
        if let Some(recorded) = &self.recorded {
            let mut recorded = recorded.lock().unwrap_or_else(PoisonError::into_inner);
            recorded.bundle.insert(question(url), answer);
        }
    }

    fn room(&self) -> usize {
        self.recorded.as_ref().map_or(0, |recorded| {
            let recorded = recorded.lock().unwrap_or_else(PoisonError::into_inner);
            MAX_RECORDED.saturating_sub(recorded.bundle.bytes())
        })
    }

    fn leave_out(&self, url: &Url) {
        if let Some(recorded) = &self.recorded {
            let mut recorded = recorded.lock().unwrap_or_else(PoisonError::into_inner);
            recorded.left_out.push(question(url).url);
        }
    }

    /// Adds what was recorded to `bundle`, and names what was too large for it.
    pub fn record_into(&self, bundle: &mut Bundle) -> Vec<String> {
        let Some(recorded) = &self.recorded else {
            return Vec::new();
        };
        let recorded = recorded.lock().unwrap_or_else(PoisonError::into_inner);
        bundle.extend(&recorded.bundle);
        recorded.left_out.clone()
    }
}

/// Without credentials: what is recorded is shown around.
fn question(url: &Url) -> Question {
    Question {
        url: http::without_credentials(url).to_string(),
        sent: Vec::new(),
    }
}

fn recorded<'b>(bundle: &'b Bundle, url: &Url) -> Result<&'b Answer, Error> {
    let answer = bundle
        .get(&question(url))
        .ok_or_else(|| Error::Unreachable("the bundle holds no answer of it".into()))?;
    match (answer.status, &answer.error) {
        (200, None) => Ok(answer),
        (0, error) => Err(Error::Unreachable(error.clone().unwrap_or_default())),
        (status, _) => Err(Error::Status(status)),
    }
}
