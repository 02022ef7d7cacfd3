//! bonafide says who stands behind a signed binary, and under whose law.
//!
//! The rooms, in the order that data flows (see ARCHITECTURE.md): `source → format → envelope → verify → identity →
//! jurisdiction → vendor, screening → policy → report`. `base` and `model` are what every room stands on; `pipeline` names
//! every stage in order; `cli` and `source` are the shell, the only rooms with disk, network and clock.

pub mod base;
pub mod cli;
pub mod envelope;
pub mod format;
pub mod identity;
pub mod jurisdiction;
pub mod model;
pub mod pipeline;
pub mod policy;
pub mod report;
pub mod screening;
pub mod source;
pub mod vendor;
pub mod verify;
