//! Screening: which legal instruments reach a party at a date.
//!
//! The registry of this room is data: one file in `data/instruments/`. To add an instrument, write that file by the rules of
//! `data/instruments/README.md`; nothing here names an instrument. The code knows three things only: when an entry is in
//! force (`force`), how a party is taken for a named one (`evaluate`), and how an affiliate rule walks ownership (`ownership`).
//!
//! What it does not prove: that a party is *not* subject to an instrument. Lists are partial, names are compared for equality
//! only, and ownership is what the vendor registry states. Nothing here is legal advice.

pub mod book;
mod data;
mod divergence;
mod evaluate;
pub mod findings;
mod force;
pub mod instrument;
mod listed;
pub mod lists;
pub mod matching;
mod names;
pub mod ownership;
mod raise;
#[cfg(test)]
mod tests;

pub use data::{CountryInSet, Error, Instruments};
pub use divergence::divergences;
pub use evaluate::{Evaluation, evaluate, follow};
pub use listed::{about_lists, is_later, screen, stale};
pub use raise::{DEFAULT_MAX_AGE_DAYS, about_chain, about_data, about_party};
