//! The one integration-test binary: a file a subject, all named here.
#![expect(missing_docs, reason = "tests")]

mod bit_flips;
mod cli;
mod corpus_windows;
mod fixtures;
mod hostile_pe;
mod house;
mod identity;
mod paths;
mod policies;
mod report;
mod screening;
mod support;
mod trust_roots;
mod wycheproof;
