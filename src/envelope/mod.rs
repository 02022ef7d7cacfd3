//! Room `envelope`.

pub mod findings;
