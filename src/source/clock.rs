//! The wall clock and the stopwatch, read here and nowhere else.

use std::time::{Duration, Instant};

use crate::base::budget::Clock;
use crate::base::time::Time;

/// The current time, to the second: judgement needs no finer one, and reports stay comparable.
#[expect(clippy::disallowed_methods, reason = "this is the place the ban names")]
pub fn now() -> Time {
    let now = Time::now_utc();
    now.replace_nanosecond(0).unwrap_or(now)
}

/// A stopwatch for budgets.
#[derive(Debug, Clone, Copy)]
pub struct Stopwatch(Instant);

impl Stopwatch {
    /// Starts it.
    #[expect(clippy::disallowed_methods, reason = "budgets get their clock here")]
    pub fn start() -> Self {
        Self(Instant::now())
    }
}

impl Clock for Stopwatch {
    fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }
}
