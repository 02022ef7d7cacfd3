//! `policy`: the built-in policies, to be read, and any policy, to be tested.

use crate::cli::Failure;
use crate::cli::args::{PolicyArgs, PolicyVerb};
use crate::cli::exit::Exit;
use crate::cli::output::print;
use crate::cli::policy_test;
use crate::policy::Policy;

pub(super) fn run(args: &PolicyArgs) -> Result<Exit, Failure> {
    match &args.verb {
        PolicyVerb::List => {
            for name in Policy::names() {
                let text = Policy::source(name).map_err(Failure::usage)?;
                let about = text
                    .lines()
                    .find_map(|l| l.strip_prefix("# description: "))
                    .unwrap_or_default();
                print(&format!("{name:<16}{about}\n"))?;
            }
        }
        PolicyVerb::Test(test) => return policy_test::run(test),
        PolicyVerb::Show { name } => print(Policy::source(name).map_err(Failure::usage)?)?,
    }
    Ok(Exit::Done)
}
