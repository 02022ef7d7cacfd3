//! The command line: one file a verb, exit codes in one enum.

mod args;
mod channel;
mod data;
mod diff;
mod evidence;
pub mod exit;
mod explain;
mod generate;
mod geo;
mod host;
mod legal_entities;
mod lint;
mod lists;
#[cfg(feature = "net")]
mod lookups;
mod network;
mod output;
mod policy;
mod policy_test;
mod run;
mod screen;
mod setup;
mod subjects;
mod vendor;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::Parser;
use clap::error::ErrorKind;

pub use args::command;
use args::{Args, Verb};
use exit::Exit;

/// Runs the program and says how it went. The report goes to standard output, everything else to standard error.
pub fn main(arguments: impl Iterator<Item = OsString>) -> ExitCode {
    let args = match Args::try_parse_from(args::with_default_verb(arguments)) {
        Ok(args) => args,
        Err(error) => {
            // A reader that went away is no fault of the arguments.
            let _ = error.print();
            return match error.kind() {
                ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => Exit::Done.into(),
                _ => Exit::Usage.into(),
            };
        }
    };
    let done = match &args.verb {
        Verb::Verify(verify) => run::run(verify, run::Ask::Verdict),
        Verb::Inspect(inspect) => run::run(inspect, run::Ask::Facts),
        Verb::Explain(explain) => explain::run(explain),
        Verb::Diff(two) => diff::run(two),
        Verb::Vendor(vendor) => vendor::run(vendor),
        Verb::Host(host) => host::run(host),
        Verb::Channel(channel) => channel::run(channel),
        Verb::Policy(policy) => policy::run(policy),
        Verb::Data(data) => data::run(data),
        Verb::Schema(schema) => generate::schema(schema),
        Verb::Completions(completions) => generate::completions(completions),
        Verb::Man => generate::man(),
    };
    match done {
        Ok(exit) => exit.into(),
        Err(failure) if failure.is_broken_pipe() => Exit::Done.into(),
        Err(failure) => {
            output::complain(&failure.to_string());
            failure.exit.into()
        }
    }
}

/// What ended a command early, and the exit code that says so.
#[derive(Debug)]
struct Failure {
    exit: Exit,
    error: anyhow::Error,
}

impl Failure {
    fn usage(error: impl Into<anyhow::Error>) -> Self {
        Self {
            exit: Exit::Usage,
            error: error.into(),
        }
    }

    fn is_broken_pipe(&self) -> bool {
        self.error
            .chain()
            .filter_map(|e| e.downcast_ref::<std::io::Error>())
            .any(|e| e.kind() == std::io::ErrorKind::BrokenPipe)
    }
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:#}", self.error)
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Self {
            exit: Exit::Input,
            error: error.into(),
        }
    }
}
