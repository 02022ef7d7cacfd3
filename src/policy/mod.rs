//! Room `policy`.

pub mod findings;
