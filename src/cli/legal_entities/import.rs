//! A file of the LEI system put in place: read whole, held against the version before, swapped in last.

use std::path::Path;

use anyhow::{Context as _, bail};
use time::Date;

use super::input::Given;
use super::store::{Meta, Stored, current};
use super::table::Builder;
use super::{CURRENT, META, RECORDS, folder};
use crate::base::records::Error;
use crate::base::time::{Time, rfc3339};
use crate::cli::lists::clean;
use crate::source::output;
use crate::vendor::gleif::{Summary, read};

/// A version that lost more than one in this many records is refused.
const SHRINK: u64 = 5;

/// Installs `given` as the version in use; the old one stays in use where anything fails. What to tell the user.
pub(in crate::cli) fn import(
    data: &Path,
    given: &Given,
    now: Time,
    as_of: Option<Date>,
    accept_shrink: bool,
) -> anyhow::Result<String> {
    let dir = folder(data, given.set);
    std::fs::create_dir_all(&dir)?;
    let before = current(data, given.set).unwrap_or_default();
    let draft = tempfile::Builder::new().prefix("new-").tempdir_in(&dir)?;
    let sha256 = given.sha256()?;
    let mut builder = Builder::create(&draft.path().join(RECORDS))?;
    let mut summary = Summary::default();
    given
        .read(&mut |form, input| {
            summary = read(given.set, form, input, &mut |row| {
                let record =
                    serde_json::to_vec(&Stored::from(&row)).map_err(|e| Error::Io(e.into()))?;
                builder.add(row.lei(), &record).map_err(Error::Io)
            })?;
            Ok(())
        })
        .with_context(|| given.path.display().to_string())?;
    let records = builder.finish()?;
    plausible(
        given,
        records,
        before.as_ref().map(|(_, m)| m),
        accept_shrink,
    )?;
    let as_of = summary
        .as_of
        .or(as_of)
        .or(given.day())
        .unwrap_or(now.date());
    let version = format!(
        "{as_of}-{}-{}",
        sha256.get(..12).unwrap_or_default(),
        now.unix_timestamp()
    );
    let meta = Meta {
        set: given.set.id().into(),
        records,
        as_of: as_of.to_string(),
        retrieved: rfc3339(now),
        sha256: sha256.clone(),
        size: given.size(),
        previous: before.and_then(|(path, _)| Some(path.file_name()?.to_str()?.to_owned())),
    };
    output::write(&draft.path().join(META), &serde_json::to_vec_pretty(&meta)?)?;
    let place = dir.join(&version);
    let draft = draft.keep();
    // The same version again within a second: what is there is the same.
    if place.is_dir() {
        std::fs::remove_dir_all(&draft)?;
    } else {
        std::fs::rename(&draft, &place)?;
    }
    output::write(&dir.join(CURRENT), version.as_bytes())?;
    clean(&dir, &version, meta.previous.as_deref(), now);
    Ok(told(given, &summary, &meta))
}

fn plausible(
    given: &Given,
    records: u64,
    before: Option<&Meta>,
    accept_shrink: bool,
) -> anyhow::Result<()> {
    if records == 0 {
        bail!("{}: no records", given.path.display());
    }
    let least = before.map_or(0, |b| b.records.saturating_sub(b.records / SHRINK));
    if records < least && !accept_shrink {
        bail!(
            "gleif/{}: {records} records, where the version before has {}: more than a fifth is gone; the old version stays (--accept-shrink takes it nevertheless)",
            given.set.id(),
            before.map_or(0, |b| b.records)
        );
    }
    Ok(())
}

fn told(given: &Given, summary: &Summary, meta: &Meta) -> String {
    let mut text = format!(
        "gleif/{}: {} records as of {}, sha256 {}, {}\n",
        meta.set,
        meta.records,
        meta.as_of,
        meta.sha256,
        given.set.licence()
    );
    if summary.deleted > 0 {
        text.push_str(&format!(
            "  {} left out that the file marks as deleted\n",
            summary.deleted
        ));
    }
    if let Some(first) = &summary.first_unusable {
        text.push_str(&format!(
            "  {} left out that cannot be used; the first: {first}\n",
            summary.unusable
        ));
    }
    if let Some(stated) = summary.stated.filter(|stated| *stated != summary.records) {
        text.push_str(&format!(
            "  the file states {stated} records and has {}\n",
            summary.records
        ));
    }
    text
}
