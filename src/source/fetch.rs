//! Network answers under `--online`: CRLs, OCSP answers and issuing certificates that a certificate under examination names.
//!
//! The addresses come from certificates that an attacker may have written, so they are treated as hostile: plain http and
//! https only, public addresses only (checked after resolution and pinned, so that a second lookup cannot differ), a few
//! redirects each checked anew, no proxy, no cookies, no credentials, bounded size and time.

use std::sync::Arc;

use super::clock;
#[cfg(feature = "net")]
use super::http::{self, Access, Deadline, Schemes};
use super::record::{Answer, Bundle, MAX_RECORDED, Question};

/// Largest body kept; the largest CRL of a code-signing authority seen is about 3 MB.
#[cfg(feature = "net")]
const MAX_BODY: u64 = 16 << 20;
/// One address may take this long altogether.
#[cfg(feature = "net")]
const TIMEOUT: std::time::Duration = std::time::Duration::from_secs(15);
/// Questions asked in one run; a scan of thousands of files shares a few dozen.
const MAX_QUESTIONS: usize = 1000;

/// Where answers come from.
#[derive(Debug)]
pub enum Answers {
    /// Nowhere: the default.
    Offline,
    /// From a bundle that an earlier run recorded.
    Replay(Arc<Bundle>),
    /// From the network; what comes is recorded.
    Online(Bundle),
}

impl Answers {
    /// Answers one question; `None` offline or where the bundle has no such answer.
    pub fn ask(&mut self, question: &Question) -> Option<Answer> {
        match self {
            Self::Offline => None,
            Self::Replay(bundle) => bundle.get(question).cloned(),
            Self::Online(bundle) => {
                if let Some(known) = bundle.get(question) {
                    return Some(known.clone());
                }
                if bundle.len() >= MAX_QUESTIONS || bundle.bytes() >= MAX_RECORDED {
                    return None;
                }
                let at = clock::now();
                let answer = match get(question) {
                    Ok((status, body)) => Answer {
                        at,
                        status,
                        body,
                        error: None,
                        hops: Vec::new(),
                    },
                    Err(error) => Answer {
                        at,
                        status: 0,
                        body: Vec::new(),
                        error: Some(error),
                        hops: Vec::new(),
                    },
                };
                bundle.insert(question.clone(), answer.clone());
                Some(answer)
            }
        }
    }

    /// What was asked so far, for `--record`.
    pub fn bundle(&self) -> Option<&Bundle> {
        match self {
            Self::Offline => None,
            Self::Replay(bundle) => Some(bundle),
            Self::Online(bundle) => Some(bundle),
        }
    }
}

#[cfg(not(feature = "net"))]
fn get(_: &Question) -> Result<(u16, Vec<u8>), String> {
    Err("built without network support".into())
}

#[cfg(feature = "net")]
fn get(question: &Question) -> Result<(u16, Vec<u8>), String> {
    let access = Access::public(Schemes::HttpOnly);
    let clock = clock::Stopwatch::start();
    let deadline = Deadline::start(TIMEOUT, &clock);
    http::ask(&access, &question.url, &question.sent, MAX_BODY, &deadline)
        .map_err(|e| e.to_string())
}

#[cfg(test)]
mod tests {
    use super::Answers;
    use crate::source::record::{Bundle, Question};

    #[cfg(feature = "net")]
    #[test]
    fn an_address_of_this_machine_is_refused_however_it_is_written() {
        let mut answers = Answers::Online(Bundle::default());
        for host in [
            "127.0.0.1",
            "localhost",
            "2130706433",
            "0x7f.1",
            "127.1",
            "[::1]",
            "[::ffff:127.0.0.1]",
        ] {
            let question = Question {
                url: format!("http://{host}:9/x.crl"),
                sent: vec![],
            };
            let answer = answers.ask(&question).unwrap();
            assert!(
                answer
                    .error
                    .as_deref()
                    .is_some_and(|e| e.contains("not a public address")),
                "{host}: {answer:?}"
            );
        }
        let file = Question {
            url: "file:///etc/hostname".into(),
            sent: vec![],
        };
        assert!(answers.ask(&file).unwrap().error.is_some());
    }

    #[test]
    fn a_replay_never_asks_the_network() {
        let question = Question {
            url: "http://crl.example/".into(),
            sent: vec![],
        };
        assert_eq!(
            Answers::Replay(Bundle::default().into()).ask(&question),
            None
        );
        assert_eq!(Answers::Offline.ask(&question), None);
    }
}
