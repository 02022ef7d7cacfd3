//! What is installed of the LEI system, opened when first asked and read by offset.

use std::fmt::Write as _;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use anyhow::{Context as _, anyhow};
use serde::{Deserialize, Serialize};
use time::Date;

use super::table::Table;
use super::{CURRENT, MAX_META, META, RECORDS, folder};
use crate::base::time::{Time, parse_date};
use crate::model::legal_entity::{LeiException, LeiRecord, LeiRelationship, LeiRow};
use crate::source::file;
use crate::vendor::gleif::{DataSet, FRESH_DAYS, InstalledSet, LegalEntities};

/// What is known of an installed version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Meta {
    /// Which data set.
    pub(super) set: String,
    pub(super) records: u64,
    /// The day it stands for, `YYYY-MM-DD`.
    pub(super) as_of: String,
    /// When it was imported, RFC 3339.
    pub(super) retrieved: String,
    /// Of the file as it was imported.
    pub(super) sha256: String,
    pub(super) size: u64,
    /// The version before it, which is kept.
    pub(super) previous: Option<String>,
}

/// The version in use: its folder and what is known of it.
pub(super) fn current(data: &Path, set: DataSet) -> anyhow::Result<Option<(PathBuf, Meta)>> {
    let dir = folder(data, set);
    let name = match file::read_text(&dir.join(CURRENT), MAX_META) {
        Ok(name) => name,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    let version = dir.join(name.trim());
    let meta = file::read_text(&version.join(META), MAX_META)
        .with_context(|| version.join(META).display().to_string())?;
    Ok(Some((version, serde_json::from_str(&meta)?)))
}

/// The data sets of a data folder.
#[derive(Debug, Default)]
pub(in crate::cli) struct Store {
    sets: Vec<InstalledSet>,
    broken: Vec<(String, String)>,
    open: Vec<Open>,
}

#[derive(Debug)]
struct Open {
    set: DataSet,
    path: PathBuf,
    table: OnceLock<Result<Table, String>>,
}

impl Store {
    /// Looks what is installed; nothing is opened yet.
    pub(in crate::cli) fn open(data: Option<&Path>) -> Self {
        let mut store = Self::default();
        let Some(data) = data else { return store };
        for set in DataSet::ALL {
            match installed(data, set) {
                Ok(None) => {}
                Ok(Some((installed, path))) => {
                    store.sets.push(installed);
                    store.open.push(Open {
                        set,
                        path,
                        table: OnceLock::new(),
                    });
                }
                Err(error) => store.broken.push((set.id().into(), format!("{error:#}"))),
            }
        }
        store
    }

    fn find<T>(
        &self,
        set: DataSet,
        lei: &str,
        of: fn(Stored) -> Option<T>,
    ) -> Result<Vec<T>, String> {
        if let Some((_, why)) = self.broken.iter().find(|(id, _)| id == set.id()) {
            return Err(format!("gleif/{}: {why}", set.id()));
        }
        let Some(open) = self.open.iter().find(|o| o.set == set) else {
            return Ok(Vec::new());
        };
        let fault = |error: &dyn std::fmt::Display| format!("{}: {error}", open.path.display());
        let table = open
            .table
            .get_or_init(|| Table::open(&open.path).map_err(|e| fault(&e)));
        let table = table.as_ref().map_err(Clone::clone)?;
        let records = table.find(lei).map_err(|e| fault(&e))?;
        let mut found = Vec::new();
        for record in records {
            let stored: Stored = serde_json::from_slice(&record).map_err(|e| fault(&e))?;
            found.push(of(stored).ok_or_else(|| fault(&"a record of another kind"))?);
        }
        Ok(found)
    }
}

fn installed(data: &Path, set: DataSet) -> anyhow::Result<Option<(InstalledSet, PathBuf)>> {
    let Some((version, meta)) = current(data, set)? else {
        return Ok(None);
    };
    let as_of = parse_date(&meta.as_of).ok_or_else(|| anyhow!("{:?} is not a date", meta.as_of))?;
    let installed = InstalledSet {
        set,
        as_of,
        sha256: meta.sha256,
        records: meta.records,
    };
    Ok(Some((installed, version.join(RECORDS))))
}

impl LegalEntities for Store {
    fn sets(&self) -> &[InstalledSet] {
        &self.sets
    }

    fn broken(&self) -> &[(String, String)] {
        &self.broken
    }

    fn record(&self, lei: &str) -> Result<Option<LeiRecord>, String> {
        let records = self.find(DataSet::Entities, lei, |stored| match stored.into() {
            LeiRow::Entity(record) => Some(*record),
            LeiRow::Relationship(_) | LeiRow::Exception(_) => None,
        })?;
        // Of an LEI that stands twice the last is the newer one.
        Ok(records.into_iter().last())
    }

    fn above(&self, lei: &str) -> Result<Vec<LeiRelationship>, String> {
        self.find(DataSet::Relationships, lei, |stored| match stored.into() {
            LeiRow::Relationship(relationship) => Some(*relationship),
            LeiRow::Entity(_) | LeiRow::Exception(_) => None,
        })
    }

    fn exceptions(&self, lei: &str) -> Result<Vec<LeiException>, String> {
        self.find(DataSet::Exceptions, lei, |stored| match stored.into() {
            LeiRow::Exception(exception) => Some(exception),
            LeiRow::Entity(_) | LeiRow::Relationship(_) => None,
        })
    }
}

/// One line a data set, installed or not.
pub(in crate::cli) fn status(data: Option<&Path>, now: Time) -> String {
    let mut text = String::new();
    for set in DataSet::ALL {
        let id = format!("gleif/{}", set.id());
        let (as_of, what) = match data.map(|data| current(data, set)) {
            None | Some(Ok(None)) => ("-".to_owned(), "not installed".to_owned()),
            Some(Err(error)) => ("-".to_owned(), format!("cannot be read: {error:#}")),
            Some(Ok(Some((path, meta)))) => {
                let age = parse_date(&meta.as_of).map_or(0, |day| {
                    i64::from(now.date().to_julian_day())
                        .saturating_sub(i64::from(day.to_julian_day()))
                });
                let stale = if age > FRESH_DAYS { ": stale" } else { "" };
                let mut line = format!(
                    "{} records, {age} days old{stale}, retrieved {}, sha256 {}, {}",
                    meta.records,
                    meta.retrieved,
                    meta.sha256,
                    set.licence()
                );
                if let Err(error) = Table::open(&path.join(RECORDS)) {
                    line = format!("cannot be read: {error}");
                }
                (meta.as_of, line)
            }
        };
        let _ = writeln!(text, "{id:<28} {as_of:<12} {what}");
    }
    text
}

/// A record as the file holds it: one letter a field, nothing where it is empty.
#[derive(Serialize, Deserialize)]
pub(super) enum Stored {
    E(Box<StoredEntity>),
    R(Box<StoredRelationship>),
    X(String, String, Vec<String>),
}

#[derive(Serialize, Deserialize)]
pub(super) struct StoredEntity(
    String,
    String,
    Vec<(String, String)>,
    [String; 10],
    Option<String>,
);

#[derive(Serialize, Deserialize)]
pub(super) struct StoredRelationship([String; 7], [Option<String>; 3]);

fn text(day: Option<Date>) -> Option<String> {
    day.map(|d| d.to_string())
}

fn day(text: Option<String>) -> Option<Date> {
    text.as_deref().and_then(parse_date)
}

impl From<&LeiRow> for Stored {
    fn from(row: &LeiRow) -> Self {
        match row {
            LeiRow::Entity(r) => Self::E(Box::new(StoredEntity(
                r.lei.clone(),
                r.name.clone(),
                r.other_names.clone(),
                [
                    &r.legal_country,
                    &r.headquarters_country,
                    &r.jurisdiction,
                    &r.register,
                    &r.register_number,
                    &r.category,
                    &r.status,
                    &r.successor,
                    &r.registration,
                    &r.corroboration,
                ]
                .map(String::clone),
                text(r.updated),
            ))),
            LeiRow::Relationship(r) => Self::R(Box::new(StoredRelationship(
                [
                    &r.child,
                    &r.parent,
                    &r.kind,
                    &r.status,
                    &r.standard,
                    &r.registration,
                    &r.corroboration,
                ]
                .map(String::clone),
                [text(r.from), text(r.to), text(r.updated)],
            ))),
            LeiRow::Exception(x) => Self::X(x.lei.clone(), x.category.clone(), x.reasons.clone()),
        }
    }
}

impl From<Stored> for LeiRow {
    fn from(stored: Stored) -> Self {
        match stored {
            Stored::E(entity) => {
                let StoredEntity(lei, name, other_names, rest, updated) = *entity;
                let [
                    legal_country,
                    headquarters_country,
                    jurisdiction,
                    register,
                    register_number,
                    category,
                    status,
                    successor,
                    registration,
                    corroboration,
                ] = rest;
                Self::Entity(Box::new(LeiRecord {
                    lei,
                    name,
                    other_names,
                    legal_country,
                    headquarters_country,
                    jurisdiction,
                    register,
                    register_number,
                    category,
                    status,
                    successor,
                    registration,
                    corroboration,
                    updated: day(updated),
                }))
            }
            Stored::R(relationship) => {
                let StoredRelationship(words, [from, to, updated]) = *relationship;
                let [
                    child,
                    parent,
                    kind,
                    status,
                    standard,
                    registration,
                    corroboration,
                ] = words;
                Self::Relationship(Box::new(LeiRelationship {
                    child,
                    parent,
                    kind,
                    status,
                    from: day(from),
                    to: day(to),
                    standard,
                    registration,
                    corroboration,
                    updated: day(updated),
                }))
            }
            Stored::X(lei, category, reasons) => Self::Exception(LeiException {
                lei,
                category,
                reasons,
            }),
        }
    }
}
