//! Evidence beside the file: CRLs and OCSP answers that the user gave, that a bundle holds, or that the network answers.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Context as _;

use crate::cli::Failure;
use crate::cli::args::RunArgs;
#[cfg(feature = "net")]
use crate::cli::output::complain;
use crate::cli::setup::read_der;
use crate::model::analysis::Analysis;
use crate::model::certificate::{Certificate, Name, SharedCertificate};
use crate::model::signature::Trust;
use crate::source::fetch::Answers;
use crate::source::output;
use crate::source::record::{Bundle, Question};
#[cfg(feature = "net")]
use crate::source::wire::Wire;
use crate::verify::certificate;
use crate::verify::path::Issuers;
use crate::verify::revocation::{RevocationEvidence, ocsp_request};

/// Where evidence comes from in this run.
pub(super) struct Desk {
    given: RevocationEvidence,
    answers: Mutex<Answers>,
    silent: bool,
    /// What subjects themselves come over.
    #[cfg(feature = "net")]
    pub(super) wire: Wire,
}

/// What was gathered for one file.
pub(super) struct Gathered {
    pub(super) revocation: RevocationEvidence,
    issuers: Vec<SharedCertificate>,
}

impl Desk {
    /// Opens what the arguments name.
    pub(super) fn open(args: &RunArgs) -> Result<Self, Failure> {
        let mut given = RevocationEvidence::default();
        for path in &args.revocation {
            given
                .add(&read_der(path)?)
                .with_context(|| path.display().to_string())
                .map_err(Failure::usage)?;
        }
        let replay = args
            .replay
            .as_deref()
            .map(read_bundle)
            .transpose()?
            .map(Arc::new);
        #[cfg(feature = "net")]
        let wire = match &replay {
            Some(bundle) => Wire::replay(Arc::clone(bundle)),
            None => Wire::network(args.record.is_some(), &args.allow_host),
        };
        let answers = match (replay, args.online) {
            (Some(bundle), _) => Answers::Replay(bundle),
            (None, true) => Answers::Online(Bundle::default()),
            (None, false) => Answers::Offline,
        };
        Ok(Self {
            given,
            silent: matches!(answers, Answers::Offline),
            answers: Mutex::new(answers),
            #[cfg(feature = "net")]
            wire,
        })
    }

    /// Nothing is asked: neither the network nor a recording.
    #[cfg(feature = "net")]
    pub(super) fn is_silent(&self) -> bool {
        self.silent
    }

    /// What the user gave by file.
    pub(super) fn given(&self) -> &RevocationEvidence {
        &self.given
    }

    /// Asks for revocation of every chain of `analysis` and for issuers that are missing, beside what was asked before;
    /// `None` where there is nothing new to ask or nothing was learnt.
    pub(super) fn gather(&self, analysis: &Analysis, asked: &mut Asked) -> Option<Gathered> {
        if self.silent {
            return None;
        }
        let before = asked.0.len();
        let new = questions(analysis);
        let room = MAX_QUESTIONS.saturating_sub(before);
        asked.0.extend(new.into_iter().take(room));
        if asked.0.len() == before {
            return None;
        }
        let (gathered, learnt) = self.answered(asked);
        learnt.then_some(gathered)
    }

    /// Everything that was asked so far, once more.
    #[cfg(feature = "net")]
    pub(super) fn gathered(&self, asked: &Asked) -> Gathered {
        self.answered(asked).0
    }

    /// The answers to what was asked, and whether there was any.
    fn answered(&self, asked: &Asked) -> (Gathered, bool) {
        let mut gathered = Gathered {
            revocation: self.given.clone(),
            issuers: Vec::new(),
        };
        let mut learnt = false;
        let mut answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        for question in &asked.0 {
            let answer = answers.ask(&question.question).filter(|a| a.status == 200);
            let Some(answer) = answer else { continue };
            learnt = true;
            match question.about {
                About::Crl => gathered.revocation.crls.push(answer.body),
                About::Ocsp => gathered.revocation.ocsp.push(answer.body),
                About::Issuer => {
                    if let Ok(issuer) = certificate::read(&answer.body) {
                        gathered.issuers.push(issuer.into());
                    }
                }
            }
        }
        (gathered, learnt)
    }

    /// Writes what was asked, where the user wants it.
    pub(super) fn record(&self, args: &RunArgs) -> Result<(), Failure> {
        let Some(path) = &args.record else {
            return Ok(());
        };
        let answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        #[cfg_attr(
            not(feature = "net"),
            expect(unused_mut, reason = "subjects add to it")
        )]
        let mut bundle = answers.bundle().cloned().unwrap_or_default();
        #[cfg(feature = "net")]
        for url in self.wire.record_into(&mut bundle) {
            complain(&format!(
                "{url} is too large to be recorded; it cannot be replayed"
            ));
        }
        let bytes = bundle.to_bytes().map_err(Failure::usage)?;
        output::write(path, &bytes)?;
        Ok(())
    }
}

impl Gathered {
    /// The fetched issuers in front of the bundled ones.
    pub(super) fn issuers<'a>(&'a self, bundled: &'a dyn Issuers) -> WithFetched<'a> {
        WithFetched {
            fetched: &self.issuers,
            bundled,
        }
    }
}

/// Issuers that were fetched, then those at hand.
pub(super) struct WithFetched<'a> {
    fetched: &'a [SharedCertificate],
    bundled: &'a dyn Issuers,
}

impl Issuers for WithFetched<'_> {
    fn issued_by(&self, issuer: &Name) -> Vec<SharedCertificate> {
        let fetched = self
            .fetched
            .iter()
            .filter(|c| c.subject.raw == issuer.raw)
            .cloned();
        fetched.chain(self.bundled.issued_by(issuer)).collect()
    }
}

fn read_bundle(path: &Path) -> Result<Bundle, Failure> {
    Bundle::read(path)
        .with_context(|| path.display().to_string())
        .map_err(Failure::usage)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum About {
    Crl,
    Ocsp,
    Issuer,
}

/// Questions asked for one file; real chains give under ten.
const MAX_QUESTIONS: usize = 48;

/// What was asked for one file so far.
#[derive(Debug, Default)]
pub(super) struct Asked(BTreeSet<Wanted>);

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Wanted {
    about: About,
    question: Question,
}

/// What the chains of an analysis give to ask, each question once.
fn questions(analysis: &Analysis) -> BTreeSet<Wanted> {
    let mut asked = BTreeSet::new();
    for signature in analysis.subjects.iter().flat_map(|s| &s.signatures) {
        for trust in
            std::iter::once(&signature.trust).chain(signature.timestamps.iter().map(|t| &t.trust))
        {
            about_chain(trust, &mut asked);
        }
    }
    asked
}

fn about_chain(trust: &Trust, asked: &mut BTreeSet<Wanted>) {
    let mut add = |about, url: &str, sent: Vec<u8>| {
        asked.insert(Wanted {
            about,
            question: Question {
                url: url.to_owned(),
                sent,
            },
        });
    };
    for pair in trust.chain.windows(2) {
        let [subject, issuer] = pair else { continue };
        for url in web(&subject.extensions.crl_urls) {
            add(About::Crl, url, Vec::new());
        }
        for url in web(&subject.extensions.ocsp_urls) {
            if let Some(request) = ocsp_request(subject, issuer) {
                add(About::Ocsp, url, request);
            }
        }
    }
    let top = trust
        .chain
        .last()
        .filter(|c| trust.root.is_none() && !Certificate::is_self_issued(c));
    for url in top.iter().flat_map(|c| web(&c.extensions.issuer_urls)) {
        add(About::Issuer, url, Vec::new());
    }
}

/// Directory addresses (ldap) occur beside web addresses and are not asked.
fn web(urls: &[String]) -> impl Iterator<Item = &str> {
    urls.iter()
        .map(String::as_str)
        .filter(|u| u.starts_with("http://"))
}
