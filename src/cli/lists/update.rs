//! Lists fetched from where they are published: asked whether they changed, again where the server fails, taken up where it broke off.

use std::fs::File;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, anyhow, bail};
use reqwest::Url;
use time::Date;

use super::install::{Given, Outcome, install, rebuild};
use super::store::{Meta, current};
use super::{CURRENT, MAX_FILE, META, folder};
use crate::base::time::{Time, rfc3339};
use crate::cli::output::complain;
use crate::screening::lists::Spec;
use crate::source::clock::Stopwatch;
use crate::source::http::{self, Access, Deadline, Schemes, Site, Validators};
use crate::source::output;

/// How often a server that fails is asked: one of them makes its file on demand and answers 500 for a while.
const ATTEMPTS: u32 = 4;
/// The first pause between; each is twice the one before.
const PAUSE: Duration = Duration::from_millis(100);

/// How to fetch.
#[derive(Debug)]
pub(in crate::cli) struct Options<'o> {
    /// An address of the user's own instead of the list's.
    pub(in crate::cli) url: Option<&'o str>,
    /// Time for one file.
    pub(in crate::cli) timeout: Duration,
    /// Take a version that lost more than is plausible.
    pub(in crate::cli) accept_shrink: bool,
}

/// Fetches `spec`'s files and installs them; `None` where nothing changed.
pub(in crate::cli) fn update(
    data: &Path,
    spec: &Spec,
    options: &Options<'_>,
    now: Time,
) -> anyhow::Result<Option<Outcome>> {
    if let Err(error) = rebuild(data, &spec.id) {
        complain(&format!("{error:#}"));
    }
    let before = current(data, &spec.id).unwrap_or_default();
    let urls = addresses(spec, options.url)?;
    let mut access = Access::public(Schemes::Both);
    if options.url.is_some() {
        // The user's own word lets a mirror be on this machine or its networks.
        access.named = urls.iter().filter_map(|(_, url)| Site::of(url)).collect();
    }
    let mut given = Vec::new();
    let mut changed = false;
    for (part, url) in &urls {
        let was = before.as_ref().and_then(|(path, meta)| {
            let part = meta.parts.iter().find(|p| &p.name == part)?;
            let same = part.url.as_deref() == Some(url.as_str());
            let file = File::open(path.join(&part.file)).ok()?;
            same.then_some((part.clone(), file))
        });
        let known = was.as_ref().map(|(part, _)| Validators {
            etag: part.etag.clone(),
            last_modified: part.last_modified.clone(),
        });
        let fetched = fetch(&access, url, known.as_ref(), options.timeout)
            .with_context(|| format!("list {}: {url}", spec.id))?;
        match (fetched, was) {
            (Some((file, validators)), _) => {
                changed = true;
                given.push(Given {
                    part: part.clone(),
                    file,
                    url: Some(url.to_string()),
                    etag: validators.etag,
                    last_modified: validators.last_modified,
                });
            }
            (None, Some((was, file))) => given.push(Given {
                part: part.clone(),
                file,
                url: was.url,
                etag: was.etag,
                last_modified: was.last_modified,
            }),
            (None, None) => bail!("list {}: {url}: not modified since never", spec.id),
        }
    }
    if !changed && let Some((path, meta)) = before {
        checked(data, &path, meta, now)?;
        return Ok(None);
    }
    let as_of: Option<Date> = None;
    install(data, spec, given, now, as_of, options.accept_shrink).map(Some)
}

/// Nothing changed at the publisher's: what is installed was seen today.
fn checked(data: &Path, version: &Path, meta: Meta, now: Time) -> anyhow::Result<()> {
    let mut meta = meta;
    // A list that gives no date of its own stands for the day it was last seen.
    if meta.stated == Some(false) {
        meta.as_of = now.date().to_string();
    }
    meta.retrieved = rfc3339(now);
    let id = meta.id.clone();
    output::write(&version.join(META), &serde_json::to_vec_pretty(&meta)?)?;
    // The folder is in use, which cleaning tells by the file that names it.
    debug_assert!(folder(data, &id).join(CURRENT).is_file());
    Ok(())
}

/// The address of each part: the list's, or those below the user's own.
fn addresses(spec: &Spec, own: Option<&str>) -> anyhow::Result<Vec<(String, Url)>> {
    let parse = |text: &str| Url::parse(text).map_err(|e| anyhow!("{text}: {e}"));
    match (own, spec.parts.as_slice()) {
        (None, []) => bail!(
            "list {} has no address: fetch it by hand and run `bonafide data import FILE --as {}`",
            spec.id,
            spec.id
        ),
        (Some(own), [] | [_]) => {
            let name = spec.parts.first().map_or("list", |p| p.name.as_str());
            Ok(vec![(name.to_owned(), parse(own)?)])
        }
        (Some(own), several) => {
            // A folder of a mirror: the files keep their names.
            let base = parse(&format!("{}/", own.trim_end_matches('/')))?;
            several
                .iter()
                .map(|part| {
                    let name = part.url.rsplit('/').next().unwrap_or_default();
                    Ok((part.name.clone(), base.join(name)?))
                })
                .collect()
        }
        (None, parts) => parts
            .iter()
            .map(|part| Ok((part.name.clone(), parse(&part.url)?)))
            .collect(),
    }
}

fn fetch(
    access: &Access,
    url: &Url,
    known: Option<&Validators>,
    timeout: Duration,
) -> Result<Option<(File, Validators)>, http::Error> {
    let clock = Stopwatch::start();
    let deadline = Deadline::start(timeout, &clock);
    let mut pause = PAUSE;
    let mut attempt = 1;
    loop {
        match http::download_if_changed(access, url, known, MAX_FILE, &deadline) {
            Err(http::Error::Status(status)) if status >= 500 && attempt < ATTEMPTS => {
                std::thread::sleep(pause);
                pause = pause.saturating_mul(2);
                attempt = attempt.saturating_add(1);
            }
            other => return other,
        }
    }
}
