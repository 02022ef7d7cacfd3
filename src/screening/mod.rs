//! Room `screening`.

pub mod findings;
