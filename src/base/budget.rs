//! Limits on what one input may cost. Every loop that an input controls spends from a budget or stops at a named constant.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// A monotonic clock, injected by the shell so that pure rooms never read one themselves.
pub trait Clock: Send + Sync {
    /// Time since an arbitrary fixed point.
    fn elapsed(&self) -> Duration;
}

/// A clock that stands still: for tests and for callers that set no time limit.
#[derive(Debug, Clone, Copy, Default)]
pub struct Stopped;

impl Clock for Stopped {
    fn elapsed(&self) -> Duration {
        Duration::ZERO
    }
}

/// Bytes that may come out of decoding before [`MAX_RATIO`] is looked at: small files of zeros are no attack.
const RATIO_FROM: u64 = 64 << 20;
/// Bytes that may come out for each byte of the top-level file; deflate alone cannot reach 1,100, and real packages stay under 20.
const MAX_RATIO: u64 = 200;

/// What the user allows one subject to cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Largest input in bytes.
    pub max_size: u64,
    /// Deepest nesting of members.
    pub max_depth: u32,
    /// Members in all, listed at any depth.
    pub max_members: u64,
    /// Bytes that come out of decoding in all, at any depth.
    pub max_decoded: u64,
    /// Longest time spent on one subject.
    pub timeout: Duration,
}

impl Default for Limits {
    /// 16 GiB and eight levels are above any installer seen; two minutes hash that on a slow disk.
    fn default() -> Self {
        Self {
            max_size: 16 << 30,
            max_depth: 8,
            max_members: 100_000,
            max_decoded: 4 << 30,
            timeout: Duration::from_secs(120),
        }
    }
}

/// Which limit was reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Exceeded {
    /// The input is larger than allowed.
    #[error("larger than the limit of {0} bytes")]
    Size(u64),
    /// More items of one kind than allowed.
    #[error("more than {limit} {what}")]
    Count {
        /// What was counted.
        what: &'static str,
        /// The limit.
        limit: usize,
    },
    /// Nested more deeply than allowed.
    #[error("nested more than {0} levels deep")]
    Depth(u32),
    /// More comes out of decoding than allowed.
    #[error("decodes to more than {0} bytes in all")]
    Decoded(u64),
    /// Far more comes out of decoding than is in the file.
    #[error("decodes to more than {0} times its size")]
    Ratio(u64),
    /// Took longer than allowed.
    #[error("took longer than {} s", .0.as_secs())]
    Time(Duration),
}

/// A running account against [`Limits`]; one a top-level subject, passed by reference through every stage and shared by all
/// members at any depth.
pub struct Budget<'c> {
    limits: Limits,
    clock: &'c dyn Clock,
    started: Duration,
    /// Size of the top-level subject, for the ratio.
    subject: AtomicU64,
    members: AtomicU64,
    decoded: AtomicU64,
}

impl std::fmt::Debug for Budget<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Budget")
            .field("limits", &self.limits)
            .finish_non_exhaustive()
    }
}

impl<'c> Budget<'c> {
    /// Starts the account now, by `clock`.
    pub fn start(limits: Limits, clock: &'c dyn Clock) -> Self {
        Self {
            limits,
            clock,
            started: clock.elapsed(),
            subject: AtomicU64::new(u64::MAX),
            members: AtomicU64::new(0),
            decoded: AtomicU64::new(0),
        }
    }

    /// States the size of the top-level subject, against which the ratio counts.
    pub fn state_size(&self, size: u64) {
        self.subject.store(size, Ordering::Relaxed);
    }

    /// Spends `count` members. Call before a list of them is built.
    ///
    /// # Errors
    /// [`Exceeded::Count`] where all members together are over the limit.
    pub fn spend_members(&self, count: u64) -> Result<(), Exceeded> {
        let before = self.members.fetch_add(count, Ordering::Relaxed);
        if before.saturating_add(count) > self.limits.max_members {
            return Err(Exceeded::Count {
                what: "members",
                limit: usize::try_from(self.limits.max_members).unwrap_or(usize::MAX),
            });
        }
        Ok(())
    }

    /// Spends decoded bytes. Call for each buffer that comes out of a decoder, wanted or not, before the next is asked for.
    ///
    /// # Errors
    /// [`Exceeded::Decoded`], [`Exceeded::Ratio`] or [`Exceeded::Time`].
    pub fn spend_decoded(&self, bytes: u64) -> Result<(), Exceeded> {
        self.check_time()?;
        let before = self.decoded.fetch_add(bytes, Ordering::Relaxed);
        let all = before.saturating_add(bytes);
        if all > self.limits.max_decoded {
            return Err(Exceeded::Decoded(self.limits.max_decoded));
        }
        let subject = self.subject.load(Ordering::Relaxed);
        if all > RATIO_FROM && all > subject.saturating_mul(MAX_RATIO) {
            return Err(Exceeded::Ratio(MAX_RATIO));
        }
        Ok(())
    }

    /// The limits in force.
    pub fn limits(&self) -> &Limits {
        &self.limits
    }

    /// Call inside long loops.
    ///
    /// # Errors
    /// [`Exceeded::Time`] once the time is spent.
    pub fn check_time(&self) -> Result<(), Exceeded> {
        if self.clock.elapsed().saturating_sub(self.started) > self.limits.timeout {
            return Err(Exceeded::Time(self.limits.timeout));
        }
        Ok(())
    }

    /// # Errors
    /// [`Exceeded::Size`] where `size` is over the limit.
    pub fn check_size(&self, size: u64) -> Result<(), Exceeded> {
        if size > self.limits.max_size {
            Err(Exceeded::Size(self.limits.max_size))
        } else {
            Ok(())
        }
    }
}
