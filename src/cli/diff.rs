//! `diff`: two files, packages or reports side by side.

use anyhow::anyhow;

use crate::cli::Failure;
use crate::cli::args::RunArgs;
use crate::cli::exit::Exit;
use crate::cli::output::{complain, print_with};
use crate::cli::run::{Ask, reports_of};
use crate::report::diff::Difference;
use crate::report::json::Report;
use crate::source::file;

/// Largest report that is read back.
const MAX_REPORT: u64 = 256 << 20;

/// Exit codes: 0 nothing that is compared differs, 3 something does or cannot be said, 1 the publisher is another.
pub(super) fn run(args: &RunArgs) -> Result<Exit, Failure> {
    let [a, b] = args.subjects.as_slice() else {
        return Err(Failure::usage(anyhow!("diff takes two subjects")));
    };
    let json = match args.formats.as_slice() {
        [] => false,
        [one] if one == "text" => false,
        [one] if one == "json" => true,
        _ => return Err(Failure::usage(anyhow!("diff writes text or json"))),
    };
    let mut reports = Vec::new();
    for subject in [a, b] {
        let report = match read_back(subject) {
            Some(report) => report,
            None => {
                let one = RunArgs {
                    subjects: vec![subject.clone()],
                    ..args.clone()
                };
                let mut made = reports_of(&one, Ask::Facts)?;
                match (made.pop(), made.is_empty()) {
                    (Some(report), true) => report,
                    _ => {
                        return Err(Failure::usage(anyhow!(
                            "{} is not one file",
                            subject.display()
                        )));
                    }
                }
            }
        };
        if let Some(error) = &report.error {
            complain(&format!("{}: {}", subject.display(), error.message));
            return Ok(Exit::Input);
        }
        reports.push(report);
    }
    let [a, b] = reports.as_slice() else {
        return Err(Failure::usage(anyhow!("diff takes two subjects")));
    };
    let difference = Difference::new(a, b);
    print_with(|out| {
        if json {
            serde_json::to_writer_pretty(&mut *out, &difference)?;
            writeln!(out)
        } else {
            difference.text(out)
        }
    })?;
    Ok(if difference.is_broken() {
        Exit::Deny
    } else if difference.is_same() {
        Exit::Done
    } else {
        Exit::Review
    })
}

/// A report of this program; anything else is a subject to be examined.
fn read_back(path: &std::path::Path) -> Option<Report> {
    if !path
        .extension()
        .is_some_and(|e| e.eq_ignore_ascii_case("json"))
        || !path.is_file()
    {
        return None;
    }
    let text = file::read_text(path, MAX_REPORT).ok()?;
    let report: Report = serde_json::from_str(&text).ok()?;
    report.top().is_some().then_some(report)
}
