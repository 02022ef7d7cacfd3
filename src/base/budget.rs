//! Limits on what one input may cost. Every loop that an input controls spends from a budget or stops at a named constant.

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

/// What the user allows one subject to cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Largest input in bytes.
    pub max_size: u64,
    /// Deepest nesting of members.
    pub max_depth: u32,
    /// Longest time spent on one subject.
    pub timeout: Duration,
}

impl Default for Limits {
    /// 16 GiB and eight levels are above any installer seen; two minutes hash that on a slow disk.
    fn default() -> Self {
        Self {
            max_size: 16 << 30,
            max_depth: 8,
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
    /// Took longer than allowed.
    #[error("took longer than {} s", .0.as_secs())]
    Time(Duration),
}

/// A running account against [`Limits`]; one a subject, passed by reference through every stage.
#[derive(Clone, Copy)]
pub struct Budget<'c> {
    limits: Limits,
    clock: &'c dyn Clock,
    started: Duration,
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
        }
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
