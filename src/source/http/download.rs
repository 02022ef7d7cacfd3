//! A file into a private temporary one, taken up again where an answer breaks off (RFC 9110 section 14).

use std::fs::File;
use std::io::{Seek, SeekFrom, Write};
use std::time::Duration;

use reqwest::header::{CONTENT_LENGTH, CONTENT_RANGE, ETAG, LAST_MODIFIED};
use reqwest::{StatusCode, Url};

use super::{Access, Carried, Deadline, Error, Resume, open, pump, text};
use crate::source::file::FileBlob;

/// How often a file is asked for before its server is given up.
const ATTEMPTS: usize = 5;
/// After this long the average must reach [`LEAST_RATE`]: a server that drips holds a run for as long as its deadline.
const PATIENCE: Duration = Duration::from_secs(60);
/// Bytes a second.
const LEAST_RATE: u64 = 1 << 10;

/// A file that came whole.
#[derive(Debug)]
pub struct Download {
    /// Its bytes. The temporary file has no name and ends with this handle.
    pub file: FileBlob,
    /// Addresses that the answer was redirected to, in order.
    pub hops: Vec<String>,
}

/// Fetches `url`, of at most `limit` bytes; `progress` is told how far it is and how long it will be.
///
/// # Errors
/// No answer, an answer that says no or breaks off too often, or over a limit.
pub fn download(
    access: &Access,
    url: &Url,
    limit: u64,
    deadline: &Deadline<'_>,
    progress: &dyn Fn(u64, Option<u64>),
) -> Result<Download, Error> {
    let mut part = Part::new()?;
    let mut last = Error::Unreachable("never asked".into());
    for _ in 0..ATTEMPTS {
        deadline.check()?;
        match part.fill(access, url, limit, deadline, progress) {
            Ok(hops) => {
                part.file.flush().map_err(io)?;
                let file = FileBlob::of(part.file).map_err(io)?;
                return Ok(Download { file, hops });
            }
            // What the next attempt may bring.
            Err(error @ Error::Unreachable(_)) if part.got_answer => last = error,
            Err(error) => return Err(error),
        }
    }
    Err(last)
}

/// What a server names a version of a file by.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Validators {
    /// Entity tag, weak ones too.
    pub etag: Option<String>,
    /// Last modification, in the server's words.
    pub last_modified: Option<String>,
}

/// As [`download`], where the file is no longer the one that `known` names (RFC 9110 section 13); `None` where it is.
///
/// # Errors
/// As [`download`].
pub fn download_if_changed(
    access: &Access,
    url: &Url,
    known: Option<&Validators>,
    limit: u64,
    deadline: &Deadline<'_>,
) -> Result<Option<(File, Validators)>, Error> {
    let mut part = Part::new()?;
    part.known = known.cloned();
    let mut last = Error::Unreachable("never asked".into());
    for _ in 0..ATTEMPTS {
        deadline.check()?;
        match part.fill(access, url, limit, deadline, &|_, _| {}) {
            Ok(_) => {
                part.file.flush().map_err(io)?;
                part.file.seek(SeekFrom::Start(0)).map_err(io)?;
                return Ok(Some((part.file, part.validators)));
            }
            Err(Error::Status(304)) if part.known.is_some() => return Ok(None),
            Err(error @ Error::Unreachable(_)) if part.got_answer => last = error,
            Err(error) => return Err(error),
        }
    }
    Err(last)
}

fn io(error: std::io::Error) -> Error {
    Error::Unreachable(format!("temporary file: {error}"))
}

/// What came so far.
struct Part {
    file: File,
    done: u64,
    /// By which the server tells whether the file is still the same.
    validator: Option<String>,
    /// A first answer came: a server that never answered is not asked again.
    got_answer: bool,
    /// What is at hand already, asked about until a new file begins to come.
    known: Option<Validators>,
    /// Of what came.
    validators: Validators,
}

impl Part {
    fn new() -> Result<Self, Error> {
        Ok(Self {
            file: tempfile::tempfile().map_err(io)?,
            done: 0,
            validator: None,
            got_answer: false,
            known: None,
            validators: Validators::default(),
        })
    }

    fn restart(&mut self) -> Result<(), Error> {
        self.done = 0;
        self.file.set_len(0).map_err(io)?;
        self.file.seek(SeekFrom::Start(0)).map_err(io)?;
        Ok(())
    }

    fn fill(
        &mut self,
        access: &Access,
        url: &Url,
        limit: u64,
        deadline: &Deadline<'_>,
        progress: &dyn Fn(u64, Option<u64>),
    ) -> Result<Vec<String>, Error> {
        let resume = self.validator.clone().filter(|_| self.done > 0);
        let resume = resume.map(|validator| Resume {
            from: self.done,
            validator,
        });
        let carried = Carried {
            accept: Some("*/*"),
            resume: resume.as_ref(),
            unless: self.known.as_ref().filter(|_| !self.got_answer),
            ..Carried::default()
        };
        let opened = open(access, url, carried)?;
        let headers = opened.response.headers();
        let status = opened.response.status();
        match status {
            StatusCode::OK => self.restart()?,
            StatusCode::PARTIAL_CONTENT if resume.is_some() => {
                let range = text(headers, CONTENT_RANGE);
                if range.as_deref().and_then(range_start) != Some(self.done) {
                    self.validator = None;
                    return Err(Error::Unreachable(
                        "a part was asked for and another came".into(),
                    ));
                }
            }
            // The rest that was asked for is not there: the file is another one now.
            StatusCode::RANGE_NOT_SATISFIABLE if resume.is_some() => {
                self.validator = None;
                return Err(Error::Unreachable(
                    "the file changed while it was fetched".into(),
                ));
            }
            other => return Err(Error::Status(other.as_u16())),
        }
        self.got_answer = true;
        // A weak validator does not promise the same bytes.
        self.validators = Validators {
            etag: text(headers, ETAG),
            last_modified: text(headers, LAST_MODIFIED),
        };
        let etag = text(headers, ETAG).filter(|tag| tag.starts_with('"'));
        self.validator = etag.or_else(|| text(headers, LAST_MODIFIED));
        let length = text(headers, CONTENT_LENGTH).and_then(|l| l.parse::<u64>().ok());
        let total = length.map(|l| self.done.saturating_add(l));
        if total.is_some_and(|t| t > limit) {
            return Err(Error::Size(limit));
        }
        let hops = opened.hops;
        let room = limit.saturating_sub(self.done);
        pump(opened.response, room, deadline, &mut |bytes| {
            self.file.write_all(bytes).map_err(io)?;
            self.done = self
                .done
                .saturating_add(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
            progress(self.done, total);
            let spent = deadline.spent();
            if spent > PATIENCE && self.done < LEAST_RATE.saturating_mul(spent.as_secs()) {
                return Err(Error::Time(spent));
            }
            Ok(())
        })
        .map_err(|error| match error {
            Error::Size(_) => Error::Size(limit),
            other => other,
        })?;
        if total.is_some_and(|t| t != self.done) {
            return Err(Error::Unreachable("the answer broke off".into()));
        }
        Ok(hops)
    }
}

/// The first byte of `bytes A-B/N`.
fn range_start(value: &str) -> Option<u64> {
    let (first, _) = value.strip_prefix("bytes ")?.split_once('-')?;
    first.parse().ok()
}
