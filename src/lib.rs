//! bonafide says who stands behind a signed binary, and under whose law.
//!
//! The rooms, in the order that data flows (see ARCHITECTURE.md): `source → format → envelope → verify → identity →
//! jurisdiction → vendor, screening → policy → report`. `base` and `model` are what every room stands on; `pipeline` names
//! every stage in order; `cli` and `source` are the shell, the only rooms with disk, network and clock.

#![cfg_attr(
    test,
    allow(
        clippy::as_conversions,
        clippy::arithmetic_side_effects,
        clippy::single_range_in_vec_init,
        reason = "tests compute with values of their own"
    )
)]

pub mod base;
pub mod channel;
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
