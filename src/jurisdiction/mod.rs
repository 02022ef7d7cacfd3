//! Room `jurisdiction`.

pub mod findings;
