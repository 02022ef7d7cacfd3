//! Room `vendor`.

pub mod findings;
