//! Room `identity`.

pub mod findings;
