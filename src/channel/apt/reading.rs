//! The release file as it came, with what became of its signatures.

use super::collect::{MAX_RELEASE, MAX_SIGNATURE, detached, inline, plain};
use super::deb822::Malformed;
use super::release::Release;
use super::source::Source;
use crate::base::time::Time;
use crate::channel::Error;
use crate::channel::openpgp::Keys;
use crate::model::channel::FetchOutcome;
use crate::model::collection::Collection;
use crate::verify::openpgp::{Checked, check_clearsigned, check_detached};

/// How the release file is signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// `InRelease`, with its signature around it.
    Inline,
    /// `Release` with `Release.gpg`.
    Detached,
    /// `Release` alone.
    Unsigned,
}

/// The release file and its signatures.
#[derive(Debug)]
pub(super) struct Reading {
    pub(super) form: Form,
    pub(super) url: String,
    pub(super) bytes: Vec<u8>,
    /// What became of the signatures; an error where there is no message or none that can be read.
    pub(super) checked: Result<Checked, String>,
    /// What the signed text says; of a file without a signature, what it says.
    pub(super) release: Result<Release, Malformed>,
}

impl Reading {
    pub(super) fn of(
        source: &Source,
        have: &Collection,
        keys: &Keys,
        at: Time,
    ) -> Result<Self, Error> {
        let nothing = |why: &'static str| Malformed { offset: 0, why };
        if let Some(bytes) = have.bytes(&inline(source), MAX_RELEASE) {
            let checked = check_clearsigned(&bytes, &keys.keyring, at).map_err(|e| e.to_string());
            let release = match &checked {
                Ok(checked) => match (&checked.text, &checked.body) {
                    (Some(text), Some(body)) => Release::read(text, body.start),
                    (None, _) | (_, None) => Err(nothing("no signed text")),
                },
                Err(_) => Err(nothing("no clearsigned message")),
            };
            return Ok(Self {
                form: Form::Inline,
                url: inline(source),
                bytes,
                checked,
                release,
            });
        }
        absent(have, &inline(source), "InRelease")?;
        let url = plain(source);
        let Some(bytes) = have.bytes(&url, MAX_RELEASE) else {
            let why = unanswered(have, &url);
            return Err(Error::Missing {
                what: "the release file".to_owned(),
                why,
            });
        };
        let release = Release::read(&bytes, 0);
        let (form, checked) = match have.bytes(&detached(source), MAX_SIGNATURE) {
            Some(signature) => (
                Form::Detached,
                check_detached(&bytes, &signature, &keys.keyring, at).map_err(|e| e.to_string()),
            ),
            None => {
                absent(have, &detached(source), "Release.gpg")?;
                (Form::Unsigned, Err("no signature".to_owned()))
            }
        };
        Ok(Self {
            form,
            url,
            bytes,
            checked,
            release,
        })
    }

    /// The name of the file.
    pub(super) fn name(&self) -> &'static str {
        match self.form {
            Form::Inline => "InRelease",
            Form::Detached | Form::Unsigned => "Release",
        }
    }
}

/// The server says that there is none. Where it says nothing, a signature may be kept back, and nothing follows from that it is missing.
fn absent(have: &Collection, url: &str, what: &str) -> Result<(), Error> {
    match have.get(url).map(|c| &c.fetch.outcome) {
        Some(FetchOutcome::Status(400..=499)) => Ok(()),
        Some(
            FetchOutcome::Status(_)
            | FetchOutcome::Failed(_)
            | FetchOutcome::Whole
            | FetchOutcome::NotAsked,
        )
        | None => Err(Error::Missing {
            what: what.to_owned(),
            why: unanswered(have, url),
        }),
    }
}

/// Why there are no bytes of what stands at `url`.
fn unanswered(have: &Collection, url: &str) -> String {
    match have.get(url).map(|c| &c.fetch.outcome) {
        Some(FetchOutcome::Failed(why)) => why.clone(),
        Some(FetchOutcome::Status(status)) => format!("the server answers {status}"),
        Some(FetchOutcome::Whole) => "over the limit of size".to_owned(),
        Some(FetchOutcome::NotAsked) | None => "not asked for".to_owned(),
    }
}
