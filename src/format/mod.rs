//! Room `format`.

pub mod findings;
