//! A version of a list put in place: read whole, held against what is plausible and against the version before, swapped in last.

use std::fs::File;
use std::io::{self, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context as _, bail};
use sha2::{Digest, Sha256};
use time::Date;

use super::index::{Builder, Index, Table};
use super::store::{Meta, PartMeta, current};
use super::{CURRENT, FOLDER, INDEX, MAX_FILE, META, folder};
use crate::base::time::{Time, rfc3339};
use crate::cli::output::complain;
use crate::model::list::ListEntry;
use crate::screening::lists::{Error, Part, Spec, adapter};
use crate::source::output;

/// Entries shown of each kind of change.
const SHOWN: usize = 10;
/// A version that lost more than one in this many entries is refused.
const SHRINK: u64 = 5;
/// What a run that was killed left behind is removed after this long.
const ABANDONED: Duration = Duration::from_secs(3600);

/// One file to install.
#[derive(Debug)]
pub(in crate::cli) struct Given {
    /// The adapter's word for it.
    pub(in crate::cli) part: String,
    /// Where it lies.
    pub(in crate::cli) file: File,
    pub(in crate::cli) url: Option<String>,
    pub(in crate::cli) etag: Option<String>,
    pub(in crate::cli) last_modified: Option<String>,
}

/// What an installation came to.
#[derive(Debug, Default)]
pub(in crate::cli) struct Outcome {
    pub(in crate::cli) entries: u64,
    /// How many of them are natural persons.
    pub(in crate::cli) persons: u64,
    pub(in crate::cli) as_of: String,
    pub(in crate::cli) sha256: String,
    /// The files are the ones installed already.
    pub(in crate::cli) unchanged: bool,
    pub(in crate::cli) added: Change,
    pub(in crate::cli) removed: Change,
    pub(in crate::cli) changed: Change,
}

/// Entries of one kind of change.
#[derive(Debug, Default)]
pub(in crate::cli) struct Change {
    pub(in crate::cli) count: u64,
    /// The first of them.
    pub(in crate::cli) shown: Vec<String>,
}

impl Change {
    fn add(&mut self, entry: &ListEntry) {
        self.count = self.count.saturating_add(1);
        if self.shown.len() < SHOWN {
            let name = entry.names.first().map_or("", |n| n.text.as_str());
            self.shown.push(format!("{} {name}", entry.id));
        }
    }
}

/// Installs `given` as the version of `spec` in use; the old one stays in use where anything fails.
pub(in crate::cli) fn install(
    data: &Path,
    spec: &Spec,
    given: Vec<Given>,
    now: Time,
    as_of: Option<Date>,
    accept_shrink: bool,
) -> anyhow::Result<Outcome> {
    let dir = folder(data, &spec.id);
    std::fs::create_dir_all(&dir)?;
    // What changed is told by the index of the version before; where it cannot be made, everything counts as new.
    if let Err(error) = rebuild(data, &spec.id) {
        complain(&format!("{error:#}"));
    }
    let before = current(data, &spec.id).unwrap_or_default();
    let draft = tempfile::Builder::new().prefix("new-").tempdir_in(&dir)?;
    let mut parts = Vec::new();
    let mut whole = Sha256::new();
    for part in given {
        let meta = keep(draft.path(), part)?;
        whole.update(meta.sha256.as_bytes());
        parts.push(meta);
    }
    let sha256 = match parts.as_slice() {
        [one] => one.sha256.clone(),
        _ => hexadecimal(&whole.finalize()),
    };
    let Built {
        entries,
        persons,
        stated,
    } = build(draft.path(), spec, &parts)?;
    let old = before.as_ref().map(|(path, meta)| (path.as_path(), meta));
    let tomorrow = now.date().saturating_add(time::Duration::DAY);
    if let Some(stated) = stated.filter(|stated| *stated > tomorrow) {
        // It would be fresh until long after the day that it is of.
        bail!(
            "list {}: it says that it is of {stated}, which is to come; the old version stays",
            spec.id
        );
    }
    plausible(spec, entries, old.map(|(_, m)| m), accept_shrink)?;
    let mut outcome = Outcome {
        entries,
        persons,
        sha256: sha256.clone(),
        as_of: stated.or(as_of).unwrap_or(now.date()).to_string(),
        unchanged: old.is_some_and(|(_, m)| m.sha256 == sha256),
        ..Outcome::default()
    };
    let was = old.and_then(|(path, _)| Index::open(&path.join(INDEX)).ok().flatten());
    if !outcome.unchanged {
        compare(draft.path(), was.as_ref(), &mut outcome)?;
    }
    let version = format!(
        "{}-{}-{}",
        outcome.as_of,
        sha256.get(..12).unwrap_or_default(),
        now.unix_timestamp()
    );
    let meta = Meta {
        id: spec.id.clone(),
        form: spec.form.clone(),
        entries,
        persons: Some(persons),
        as_of: outcome.as_of.clone(),
        stated: Some(stated.or(as_of).is_some()),
        retrieved: rfc3339(now),
        sha256,
        parts,
        previous: old.and_then(|(path, _)| Some(path.file_name()?.to_str()?.to_owned())),
    };
    output::write(&draft.path().join(META), &serde_json::to_vec_pretty(&meta)?)?;
    let place = dir.join(&version);
    let draft = draft.keep();
    // The same version again within a second: what is there is the same.
    if !place.is_dir() {
        std::fs::rename(&draft, &place)?;
    }
    output::write(&dir.join(CURRENT), version.as_bytes())?;
    clean(&dir, &version, meta.previous.as_deref(), now);
    Ok(outcome)
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

/// Copies a file into the draft, durable, with its digest.
fn keep(draft: &Path, given: Given) -> anyhow::Result<PartMeta> {
    let file = format!("{}.raw", given.part);
    let mut out = output::Pending::create(&draft.join(&file))?;
    let mut input = BufReader::new(given.file).take(MAX_FILE.saturating_add(1));
    let mut hash = Sha256::new();
    let mut size = 0u64;
    let mut buffer = vec![0; 64 << 10];
    loop {
        let count = input.read(&mut buffer)?;
        let Some(bytes) = buffer.get(..count).filter(|b| !b.is_empty()) else {
            break;
        };
        hash.update(bytes);
        out.write_all(bytes)?;
        size = size.saturating_add(u64::try_from(count).unwrap_or(u64::MAX));
    }
    if size > MAX_FILE {
        bail!("{}: over the limit of {MAX_FILE} bytes", given.part);
    }
    out.commit()?;
    Ok(PartMeta {
        name: given.part,
        file,
        size,
        sha256: hexadecimal(&hash.finalize()),
        url: given.url,
        etag: given.etag,
        last_modified: given.last_modified,
    })
}

/// What a folder's files came to.
pub(super) struct Built {
    pub(super) entries: u64,
    pub(super) persons: u64,
    /// The date that the list gives itself.
    pub(super) stated: Option<Date>,
}

/// Reads the files of a folder and writes their index there.
pub(super) fn build(folder: &Path, spec: &Spec, parts: &[PartMeta]) -> anyhow::Result<Built> {
    let adapter = adapter(&spec.form).with_context(|| format!("no form {}", spec.form))?;
    let mut inputs = Vec::new();
    for name in adapter.parts() {
        if let Some(part) = parts.iter().find(|p| p.name == *name) {
            let file = File::open(folder.join(&part.file))?;
            inputs.push((*name, BufReader::with_capacity(1 << 16, file)));
        }
    }
    let mut inputs: Vec<Part<'_>> = inputs
        .iter_mut()
        .map(|(name, input)| {
            let input: &mut dyn io::BufRead = input;
            (*name, input)
        })
        .collect();
    let mut builder = Builder::create(&folder.join(INDEX))?;
    let stated = adapter
        .read(&spec.id, &mut inputs, &mut |entry| {
            builder.add(&entry).map_err(Error::Io)
        })
        .with_context(|| format!("list {}", spec.id))?;
    let (entries, persons) = builder.finish()?;
    Ok(Built {
        entries,
        persons,
        stated,
    })
}

fn plausible(
    spec: &Spec,
    entries: u64,
    before: Option<&Meta>,
    accept_shrink: bool,
) -> anyhow::Result<()> {
    if entries == 0 {
        bail!("list {}: no entries", spec.id);
    }
    if accept_shrink {
        return Ok(());
    }
    if entries < spec.least_entries {
        bail!(
            "list {}: {entries} entries, where fewer than {} are not plausible; the old version stays (--accept-shrink takes it nevertheless)",
            spec.id,
            spec.least_entries
        );
    }
    if let Some(before) = before {
        let least = before
            .entries
            .saturating_sub(before.entries.checked_div(SHRINK).unwrap_or(0));
        if entries < least {
            bail!(
                "list {}: {entries} entries, where the version before has {}: more than a fifth is gone; the old version stays (--accept-shrink takes it nevertheless)",
                spec.id,
                before.entries
            );
        }
    }
    Ok(())
}

/// What the new index has that the old one has not, and the other way round.
fn compare(draft: &Path, old: Option<&Index>, outcome: &mut Outcome) -> io::Result<()> {
    let Some(new) = Index::open(&draft.join(INDEX))? else {
        return Ok(());
    };
    let Some(old) = old else {
        outcome.added.count = new.len();
        return Ok(());
    };
    let twin = |entry: &ListEntry, index: &Index| -> io::Result<Option<ListEntry>> {
        for number in index.find(Table::Ids, &[&entry.list, &entry.id])? {
            let found = index.entry(u64::from(number))?;
            if found.id == entry.id && found.list == entry.list {
                return Ok(Some(found));
            }
        }
        Ok(None)
    };
    for number in 0..new.len() {
        let entry = new.entry(number)?;
        match twin(&entry, old)? {
            None => outcome.added.add(&entry),
            Some(was) if was != entry => outcome.changed.add(&entry),
            Some(_) => {}
        }
    }
    for number in 0..old.len() {
        let entry = old.entry(number)?;
        if twin(&entry, &new)?.is_none() {
            outcome.removed.add(&entry);
        }
    }
    Ok(())
}

/// Removes versions that are neither in use nor the one before, once nobody can be writing them any more.
pub(in crate::cli) fn clean(dir: &Path, version: &str, previous: Option<&str>, now: Time) {
    let Ok(entries) = std::fs::read_dir(dir) else {
        return;
    };
    for entry in entries.flatten() {
        let path: PathBuf = entry.path();
        let name = entry.file_name();
        let name = name.to_str().unwrap_or_default();
        let kept = name == version || Some(name) == previous || name == FOLDER;
        let old = entry.metadata().and_then(|m| m.modified()).is_ok_and(|at| {
            let age = now
                .unix_timestamp()
                .saturating_sub(Time::from(at).unix_timestamp());
            u64::try_from(age).is_ok_and(|age| age > ABANDONED.as_secs())
        });
        if path.is_dir() && !kept && old {
            // What cannot be removed now is tried again next time.
            let _ = std::fs::remove_dir_all(&path);
        }
    }
}

/// Makes the index of the installed version again where it is missing or of another schema; whether it did.
pub(super) fn rebuild(data: &Path, id: &str) -> anyhow::Result<bool> {
    let Some((path, meta)) = current(data, id)? else {
        return Ok(false);
    };
    if Index::open(&path.join(INDEX)).is_ok_and(|index| index.is_some()) {
        return Ok(false);
    }
    let spec = Spec::get(id).with_context(|| format!("no list {id}"))?;
    build(&path, &spec, &meta.parts)?;
    Ok(true)
}
