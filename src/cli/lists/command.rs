//! What the verbs of `data` say of lists, and the files that `data import` is given.

use std::fmt::Write as _;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, anyhow};
use time::Date;

use super::install::{Change, Given, Outcome, rebuild};
use super::store::current;
use crate::base::text::shown;
use crate::base::time::{Time, parse_date};
use crate::cli::Failure;
use crate::cli::output::complain;
use crate::screening::lists::{Spec, adapter, recognise};

/// Octets by which a file's form is told.
const START: u64 = 4 << 10;

/// Ids of the lists that are described.
pub(in crate::cli) fn known() -> String {
    let ids: Vec<String> = Spec::all().map(|s| s.id).collect();
    ids.join(", ")
}

/// The list of this id.
pub(in crate::cli) fn spec(id: &str) -> Result<Spec, Failure> {
    Spec::get(id)
        .ok_or_else(|| Failure::usage(anyhow!("no list {:?}; known are {}", shown(id), known())))
}

/// The list that `files` are, their parts, and the day they were last modified.
pub(in crate::cli) fn open(
    files: &[PathBuf],
    id: Option<&str>,
) -> Result<(Spec, Vec<Given>, Option<Date>), Failure> {
    let mut named = id.map(spec).transpose()?;
    let mut given: Vec<Given> = Vec::new();
    let mut modified: Option<Date> = None;
    for path in files {
        let at = || path.display().to_string();
        let usage = |e: anyhow::Error| Failure::usage(e);
        let mut file = File::open(path).with_context(at).map_err(usage)?;
        let meta = file.metadata().with_context(at).map_err(usage)?;
        if !meta.is_file() {
            return Err(usage(anyhow!("{}: not a regular file", at())));
        }
        let day = meta.modified().ok().map(|m| Time::from(m).date());
        // The oldest of several says how far they reach.
        modified = modified.into_iter().chain(day).min();
        let mut start = Vec::new();
        std::io::copy(&mut (&mut file).take(START), &mut start).map_err(|e| usage(e.into()))?;
        file.seek(SeekFrom::Start(0)).map_err(|e| usage(e.into()))?;
        let forms = recognise(&start);
        let spec = match &named {
            Some(spec) => spec.clone(),
            None => guess(&forms.iter().map(|(a, _)| a.id()).collect::<Vec<_>>())
                .with_context(at)
                .map_err(usage)?,
        };
        let part = adapter(&spec.form).and_then(|a| a.recognise(&start));
        let part = part.ok_or_else(|| Failure {
            exit: crate::cli::exit::Exit::Input,
            error: anyhow!(
                "{}: not a {} file, which list {} is",
                at(),
                spec.form,
                spec.id
            ),
        })?;
        if given.iter().any(|g| g.part == part) {
            return Err(usage(anyhow!("{}: a second file with the {part}", at())));
        }
        named = Some(spec);
        given.push(Given {
            part: part.to_owned(),
            file,
            url: None,
            etag: None,
            last_modified: None,
        });
    }
    let spec = named.ok_or_else(|| Failure::usage(anyhow!("no file")))?;
    Ok((spec, given, modified))
}

/// The one list of these forms.
fn guess(forms: &[&str]) -> anyhow::Result<Spec> {
    let fitting: Vec<Spec> = Spec::all()
        .filter(|spec| forms.contains(&spec.form.as_str()))
        .collect();
    match fitting.as_slice() {
        [one] => Ok(one.clone()),
        [] => Err(anyhow!("the form of no list that is known: {}", known())),
        several => {
            let ids: Vec<&str> = several.iter().map(|s| s.id.as_str()).collect();
            Err(anyhow!(
                "could be {}; say which with --as",
                ids.join(" or ")
            ))
        }
    }
}

/// What an installation changed.
pub(in crate::cli) fn summary(spec: &Spec, outcome: &Outcome) -> String {
    let mut text = format!(
        "{}: {} entries as of {}, sha256 {}\n",
        spec.id, outcome.entries, outcome.as_of, outcome.sha256
    );
    if outcome.persons > 0 {
        let _ = writeln!(
            text,
            "  {} of them are natural persons, compared only with --persons",
            outcome.persons
        );
    }
    if outcome.unchanged {
        text.push_str("  the same files as before\n");
        return text;
    }
    let mut part = |sign: char, word: &str, change: &Change| {
        let _ = writeln!(text, "  {word:<8} {}", change.count);
        for line in &change.shown {
            let _ = writeln!(text, "    {sign} {}", shown(line));
        }
        let more = change
            .count
            .saturating_sub(u64::try_from(change.shown.len()).unwrap_or(u64::MAX));
        if more > 0 && !change.shown.is_empty() {
            let _ = writeln!(text, "    {sign} and {more} more");
        }
    };
    part('+', "added", &outcome.added);
    part('-', "removed", &outcome.removed);
    part('~', "changed", &outcome.changed);
    text
}

/// How a list that is not installed can be had.
fn absent(spec: &Spec) -> String {
    if spec.parts.is_empty() {
        format!(
            "not installed; `bonafide data import FILE --as {}`",
            spec.id
        )
    } else {
        format!("not installed; `bonafide data update {}`", spec.id)
    }
}

/// One line a list, installed or not.
pub(in crate::cli) fn status(data: Option<&Path>, now: Time) -> String {
    let mut text = String::new();
    for spec in Spec::all() {
        let id = format!("lists/{}", spec.id);
        let found = data.map(|data| current(data, &spec.id));
        let (as_of, what) = match found {
            None | Some(Ok(None)) => ("-".to_owned(), absent(&spec)),
            Some(Err(error)) => ("-".to_owned(), format!("cannot be read: {error:#}")),
            Some(Ok(Some((_, meta)))) => {
                if let Some(Err(error)) = data.map(|data| rebuild(data, &spec.id)) {
                    complain(&format!("{error:#}"));
                }
                let age = parse_date(&meta.as_of).map_or(0, |day| {
                    i64::from(now.date().to_julian_day())
                        .saturating_sub(i64::from(day.to_julian_day()))
                });
                let stale = if age > spec.fresh_days { ": stale" } else { "" };
                let persons = match meta.persons {
                    None | Some(0) => String::new(),
                    Some(count) => format!(" ({count} natural persons)"),
                };
                let line = format!(
                    "{} entries{persons}, {age} days old{stale}, retrieved {}, sha256 {}, licence: {}",
                    meta.entries, meta.retrieved, meta.sha256, spec.licence
                );
                (meta.as_of, line)
            }
        };
        let _ = writeln!(text, "{id:<28} {as_of:<12} {what}");
    }
    text
}
