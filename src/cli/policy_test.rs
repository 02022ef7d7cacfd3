//! `policy test`: a policy is compiled, its own tests run, and its verdict on reports held against what is expected.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, anyhow};
use serde_json::Value;

use crate::base::data::{POLICIES, find};
use crate::base::text::shown;
use crate::base::time::parse_rfc3339;
use crate::cli::Failure;
use crate::cli::args::PolicyTestArgs;
use crate::cli::exit::Exit;
use crate::cli::output::print;
use crate::cli::setup;
use crate::model::verdict::Decision;
use crate::policy::{Policy, Settings, run_tests};
use crate::source::{clock, file};

/// Largest policy or file of tests.
const MAX_TEXT: u64 = 1 << 20;
/// Largest report: of a package with a hundred thousand members.
const MAX_REPORT: u64 = 512 << 20;
/// What a file of tests is called.
const TESTS: &str = "_test.rego";

/// A policy and what tests it.
struct Subject {
    name: String,
    text: String,
    /// File and text.
    tests: Option<(String, String)>,
    builtin: bool,
}

/// A report and the verdict that is expected of it.
struct Example {
    file: String,
    expected: Decision,
    report: Value,
}

pub(super) fn run(args: &PolicyTestArgs) -> Result<Exit, Failure> {
    let settings = setup::settings(args.config.as_deref(), args.no_config)?;
    let examples = args
        .reports
        .iter()
        .map(|argument| example(argument))
        .collect::<Result<Vec<_>, _>>()?;
    let mut subjects = Vec::new();
    for path in &args.paths {
        subjects.extend(of_path(path)?);
    }
    if args.paths.is_empty() {
        subjects.extend(builtin()?);
    }
    let (mut passed, mut failed) = (0u64, 0u64);
    for subject in &subjects {
        if subject.tests.is_none() && examples.is_empty() {
            return Err(Failure::usage(anyhow!(
                "{}: no {TESTS} file beside it and no --report: there is nothing to test it by",
                subject.name
            )));
        }
        for (name, holds) in results(subject, &examples, &settings)? {
            let word = if holds { "pass" } else { "FAIL" };
            print(&format!(
                "{word}  {}: {}\n",
                shown(&subject.name),
                shown(&name)
            ))?;
            let count = if holds { &mut passed } else { &mut failed };
            *count = count.saturating_add(1);
        }
    }
    print(&format!("{passed} passed, {failed} failed\n"))?;
    Ok(if failed > 0 { Exit::Deny } else { Exit::Done })
}

/// Every test and every example by name, and whether it holds.
fn results(
    subject: &Subject,
    examples: &[Example],
    settings: &Settings,
) -> Result<Vec<(String, bool)>, Failure> {
    let policy = if subject.builtin {
        Policy::builtin(&subject.name, settings)
    } else {
        Policy::from_text(&subject.name, &subject.text, settings)
    }
    .map_err(Failure::usage)?;
    let mut results = Vec::new();
    if let Some((file, text)) = &subject.tests {
        let tests = run_tests((&subject.name, &subject.text), (file, text), settings);
        let tests = tests.map_err(Failure::usage)?;
        results.extend(tests.into_iter().map(|test| (test.name, test.passed)));
    }
    for example in examples {
        let at = example.report.pointer("/run/at").and_then(Value::as_str);
        let at = at.and_then(parse_rfc3339).unwrap_or_else(clock::now);
        let verdict = policy
            .evaluate(&example.report, at.date())
            .map_err(Failure::usage)?;
        let (expected, found) = (example.expected.name(), verdict.decision.name());
        results.push((
            format!("{} is {found}, expected {expected}", example.file),
            found == expected,
        ));
    }
    Ok(results)
}

fn builtin() -> Result<Vec<Subject>, Failure> {
    Policy::names()
        .map(|name| {
            let tests = format!("{name}_test");
            Ok(Subject {
                name: name.into(),
                text: Policy::source(name).map_err(Failure::usage)?.into(),
                tests: find(POLICIES, &tests).map(|text| (tests, text.into())),
                builtin: true,
            })
        })
        .collect()
}

/// The policy at `path`, or every one in the directory.
fn of_path(path: &Path) -> Result<Vec<Subject>, Failure> {
    if !path.is_dir() {
        return Ok(vec![of_file(path)?]);
    }
    let named = || path.display().to_string();
    let entries = std::fs::read_dir(path)
        .and_then(|entries| entries.collect::<std::io::Result<Vec<_>>>())
        .with_context(named)
        .map_err(Failure::usage)?;
    let mut files: Vec<PathBuf> = entries.into_iter().map(|e| e.path()).collect();
    files.retain(|file| {
        let name = file.to_string_lossy();
        name.ends_with(".rego") && !name.ends_with(TESTS)
    });
    files.sort();
    if files.is_empty() {
        return Err(Failure::usage(anyhow!("{}: no policy in it", named())));
    }
    files.iter().map(|file| of_file(file)).collect()
}

fn of_file(path: &Path) -> Result<Subject, Failure> {
    let name = path.display().to_string();
    let stem = name
        .strip_suffix(".rego")
        .filter(|_| !name.ends_with(TESTS));
    let Some(stem) = stem else {
        return Err(Failure::usage(anyhow!(
            "{name}: a policy is a .rego file, and its tests are found beside it"
        )));
    };
    let tests = format!("{stem}{TESTS}");
    let text = if Path::new(&tests).is_file() {
        Some((tests.clone(), read(Path::new(&tests))?))
    } else {
        None
    };
    Ok(Subject {
        text: read(path)?,
        name,
        tests: text,
        builtin: false,
    })
}

fn read(path: &Path) -> Result<String, Failure> {
    file::read_text(path, MAX_TEXT)
        .with_context(|| path.display().to_string())
        .map_err(Failure::usage)
}

/// `deny=FILE`.
fn example(argument: &str) -> Result<Example, Failure> {
    let decisions = [Decision::Allow, Decision::Review, Decision::Deny];
    let named = argument.split_once('=').and_then(|(word, file)| {
        let expected = decisions.into_iter().find(|d| d.name() == word)?;
        Some((expected, file))
    });
    let Some((expected, file)) = named else {
        return Err(Failure::usage(anyhow!(
            "--report {argument}: not allow=FILE, review=FILE or deny=FILE"
        )));
    };
    let bytes = file::read(Path::new(file), MAX_REPORT)
        .with_context(|| file.to_owned())
        .map_err(Failure::usage)?;
    let report: Value = serde_json::from_slice(&bytes)
        .with_context(|| format!("{file}: not one report in JSON"))
        .map_err(Failure::usage)?;
    let Value::Object(mut report) = report else {
        return Err(Failure::usage(anyhow!("{file}: not a report")));
    };
    if !report.contains_key("schema_version") || !report.contains_key("subjects") {
        return Err(Failure::usage(anyhow!("{file}: not a report")));
    }
    // A policy sees what was found, never an earlier verdict.
    report.remove("verdict");
    Ok(Example {
        file: file.into(),
        expected,
        report: Value::Object(report),
    })
}
