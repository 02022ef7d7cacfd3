//! Policy: a verdict over the facts, by rules that anyone can read.
//!
//! One mechanism for built-in and user policies: Rego in package `bonafide`, over the very JSON that the tool prints, without
//! its verdict. Rules called `deny` or `violation` deny, rules called `warn` ask for review; suffixes are allowed, members are
//! strings or objects `{id, msg, subject?, party?, evidence?, finding?}`. Users tune them with settings, allow-lists and
//! waivers. A policy is a pure function: it has no clock, no network and no files.
//!
//! To add a built-in policy: `policies/<name>.rego` and `policies/<name>_test.rego`. A head comment gives its `version` and may
//! say which built-in policy it `extends`; rules of both then apply together.

mod decide;
mod engine;
mod error;
pub mod findings;
mod lex;
mod lint;
mod reasons;
mod rego;
mod rego_tests;
mod settings;
mod shape;
#[cfg(test)]
mod tests;
mod waivers;

pub use engine::Policy;
pub use error::Error;
pub use rego_tests::{RuleTest, run as run_tests};
pub use settings::Settings;
