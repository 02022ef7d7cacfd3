//! Collecting a channel: what is wanted is asked for, round after round, until nothing more is wanted or a limit is reached.
//!
//! Every answer is kept with its hops, headers and digest, also those that say no. The addresses come from documents that anybody
//! may have written: only http, https and copies on disk, public addresses only save where the user named the site, and bounds on
//! each answer, on all of them, on their number and on time. What a limit keeps from being asked is a gap.

pub mod bundle;
mod copy;
#[cfg(feature = "net")]
mod net;

use std::io;
use std::time::Duration;

use crate::base::budget::Clock;
use crate::model::channel::FetchOutcome;
use crate::model::collection::{Collected, Collection, Want};
use crate::model::extract::Gap;

pub use copy::{Copy, listed};
#[cfg(feature = "net")]
pub use net::Net;

/// Bounds of one collection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Answers.
    pub documents: usize,
    /// Bytes of all answers.
    pub bytes: u64,
    /// For one answer.
    pub one: Duration,
    /// For all of them.
    pub all: Duration,
}

impl Default for Limits {
    /// The largest repositories ask for some thirty documents and 60 MB.
    fn default() -> Self {
        Self {
            documents: 512,
            bytes: 4 << 30,
            one: Duration::from_secs(600),
            all: Duration::from_secs(3600),
        }
    }
}

/// Somebody who answers.
pub trait Asker {
    /// Asks for one thing; at most `limit` bytes, and no longer than `time`.
    fn ask(&self, want: &Want, limit: u64, time: Duration) -> Collected;
}

/// Asks for everything that `next` wants, given what came, beginning with what is at hand; `keep` is told each answer as it comes.
///
/// # Errors
/// What `keep` says; an answer that says no is an answer.
pub fn run(
    asker: &dyn Asker,
    next: &mut dyn FnMut(&Collection) -> Vec<Want>,
    limits: &Limits,
    clock: &dyn Clock,
    mut have: Collection,
    keep: &mut dyn FnMut(&Collected) -> io::Result<()>,
) -> io::Result<Collection> {
    let started = clock.elapsed();
    let mut bytes: u64 = have.all.iter().map(|c| c.fetch.size).sum();
    loop {
        let wants: Vec<Want> = next(&have)
            .into_iter()
            .filter(|w| !have.asked(&w.url))
            .collect();
        if wants.is_empty() {
            return Ok(have);
        }
        for want in wants {
            if have.asked(&want.url) {
                continue;
            }
            let spent = clock.elapsed().saturating_sub(started);
            let left = limits.all.saturating_sub(spent);
            let room = limits.bytes.saturating_sub(bytes);
            let over = if have.all.len() >= limits.documents {
                Some(format!("more than {} answers", limits.documents))
            } else if room == 0 {
                Some(format!("more than {} bytes in all", limits.bytes))
            } else if left.is_zero() {
                Some(format!("more than {} s in all", limits.all.as_secs()))
            } else {
                None
            };
            if let Some(why) = over {
                have.gaps.push(Gap {
                    what: want.what,
                    why,
                });
                return Ok(have);
            }
            let mut found = asker.ask(&want, want.limit.min(room), limits.one.min(left));
            found.artifact = want.artifact;
            bytes = bytes.saturating_add(found.fetch.size);
            keep(&found)?;
            // What did not fit into the rest of the room will not fit the next time either.
            let tight = room < want.limit && matches!(found.fetch.outcome, FetchOutcome::Failed(_));
            have.all.push(found);
            if tight {
                have.gaps.push(Gap {
                    what: want.what,
                    why: format!("more than {} bytes in all", limits.bytes),
                });
                return Ok(have);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Asker, Limits, run};
    use crate::model::channel::{Fetch, FetchOutcome};
    use crate::model::collection::{Collected, Collection, Want};
    use crate::source::clock::Stopwatch;
    use std::sync::Arc;
    use std::time::Duration;

    struct Echo;

    impl Asker for Echo {
        fn ask(&self, want: &Want, limit: u64, _: Duration) -> Collected {
            let body = want.url.as_bytes().to_vec();
            let size = body.len() as u64;
            let fits = size <= limit;
            let outcome = if fits {
                FetchOutcome::Whole
            } else {
                FetchOutcome::Failed(format!("over {limit}"))
            };
            Collected {
                fetch: Fetch {
                    url: want.url.clone(),
                    outcome,
                    size: if fits { size } else { 0 },
                    ..Fetch::default()
                },
                body: fits.then(|| -> Arc<dyn crate::base::blob::ReadAt> { Arc::new(body) }),
                artifact: false,
            }
        }
    }

    fn collect(limits: &Limits, next: &mut dyn FnMut(&Collection) -> Vec<Want>) -> Collection {
        let clock = Stopwatch::start();
        run(
            &Echo,
            next,
            limits,
            &clock,
            Collection::default(),
            &mut |_| Ok(()),
        )
        .unwrap()
    }

    #[test]
    fn each_thing_is_asked_for_once_and_rounds_end_where_nothing_is_wanted() {
        let mut rounds = 0;
        let have = collect(&Limits::default(), &mut |have| {
            rounds += 1;
            let two = ["file:///a", "file:///b"].map(|u| Want::document(u, "x", 100));
            if have.all.is_empty() {
                two.into_iter()
                    .chain([Want::document("file:///a", "x", 100)])
                    .collect()
            } else {
                two.to_vec()
            }
        });
        assert_eq!((have.all.len(), rounds), (2, 2));
        assert!(have.gaps.is_empty());
    }

    #[test]
    fn an_endless_wish_ends_at_the_limit_and_is_a_gap() {
        let limits = Limits {
            documents: 5,
            ..Limits::default()
        };
        let have = collect(&limits, &mut |have| {
            vec![Want::document(
                format!("file:///{}", have.all.len()),
                "x",
                100,
            )]
        });
        assert_eq!((have.all.len(), have.gaps.len()), (5, 1));
        let limits = Limits {
            bytes: 30,
            ..Limits::default()
        };
        let have = collect(&limits, &mut |have| {
            vec![Want::document(
                format!("file:///{}", have.all.len()),
                "x",
                100,
            )]
        });
        assert_eq!((have.all.len(), have.gaps.len()), (4, 1));
    }
}
