//! The one integration-test binary: a file a subject, all named here.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a test fails by panicking, and reads its own files; clippy.toml's exemptions reach test functions only"
)]

mod apt_channels;
mod apt_oracle;
mod bit_flips;
mod cabinets;
mod catalogs;
mod chains;
mod cli;
mod compound;
mod containers;
mod corpus_windows;
mod data_files;
mod endpoints;
mod fixtures;
mod hostile_archives;
mod hostile_config;
mod hostile_pe;
mod hosts;
mod house;
mod identity;
mod legal_entities;
mod linux_packages;
#[cfg(feature = "net")]
mod list_updates;
mod lists;
#[cfg(feature = "net")]
mod locators;
mod minisign;
mod msix;
mod names;
mod nuget;
mod openpgp;
mod paths;
mod policies;
mod report;
mod revocation;
mod screening;
mod scripts;
mod sigstore;
mod support;
mod trust_roots;
mod wycheproof;
mod xml;
mod xml_signatures;
