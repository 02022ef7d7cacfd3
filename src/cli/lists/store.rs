//! What is installed, opened when first asked and read by offset.

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use anyhow::{Context as _, anyhow};
use serde::{Deserialize, Serialize};

use super::index::{Index, Table};
use super::{CURRENT, FOLDER, INDEX, MAX_META, META, folder};
use crate::base::time::parse_date;
use crate::model::list::{ListEntry, ListedKind};
use crate::screening::lists::{Answer, Found, Installed, Listed, Spec};
use crate::source::file;

/// What is known of an installed version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::cli) struct Meta {
    /// The list.
    pub(in crate::cli) id: String,
    /// The adapter that read it.
    pub(in crate::cli) form: String,
    /// Entries.
    pub(in crate::cli) entries: u64,
    /// How many of them are natural persons; earlier versions did not count.
    #[serde(default)]
    pub(in crate::cli) persons: Option<u64>,
    /// The day it stands for, `YYYY-MM-DD`.
    pub(in crate::cli) as_of: String,
    /// Whether the list or the user gives that day, and not the fetch; earlier versions did not say.
    #[serde(default)]
    pub(in crate::cli) stated: Option<bool>,
    /// When it was fetched or imported, RFC 3339.
    pub(in crate::cli) retrieved: String,
    /// Over its files.
    pub(in crate::cli) sha256: String,
    /// Its files.
    pub(in crate::cli) parts: Vec<PartMeta>,
    /// The version before it, which is kept.
    pub(in crate::cli) previous: Option<String>,
}

/// One file of a version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::cli) struct PartMeta {
    pub(in crate::cli) name: String,
    pub(in crate::cli) file: String,
    pub(in crate::cli) size: u64,
    pub(in crate::cli) sha256: String,
    pub(in crate::cli) url: Option<String>,
    pub(in crate::cli) etag: Option<String>,
    pub(in crate::cli) last_modified: Option<String>,
}

/// The version of `id` in use: its folder and what is known of it.
pub(super) fn current(data: &Path, id: &str) -> anyhow::Result<Option<(PathBuf, Meta)>> {
    let dir = folder(data, id);
    let name = match file::read_text(&dir.join(CURRENT), MAX_META) {
        Ok(name) => name,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    let version = dir.join(name.trim());
    let meta = file::read_text(&version.join(META), MAX_META)
        .with_context(|| format!("list {id}: {}", version.join(META).display()))?;
    Ok(Some((version, serde_json::from_str(&meta)?)))
}

/// The lists of a data folder.
#[derive(Debug, Default)]
pub(in crate::cli) struct Store {
    lists: Vec<Installed>,
    broken: Vec<(String, String)>,
    open: Vec<Open>,
    persons: bool,
}

#[derive(Debug)]
struct Open {
    path: PathBuf,
    index: OnceLock<Result<Index, String>>,
}

impl Store {
    /// Looks what is installed; no list is opened yet. `persons`: natural persons are among the answers.
    pub(in crate::cli) fn open(data: Option<&Path>, persons: bool) -> Self {
        let mut store = Self {
            persons,
            ..Self::default()
        };
        let Some(data) = data else { return store };
        let listed = std::fs::read_dir(data.join(FOLDER))
            .and_then(|entries| entries.collect::<io::Result<Vec<_>>>());
        let entries = match listed {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return store,
            Err(error) => {
                // What is installed there was not screened, and nobody may think that nothing was installed.
                store.broken.push((FOLDER.into(), error.to_string()));
                return store;
            }
        };
        let mut ids: Vec<String> = entries
            .into_iter()
            .filter_map(|e| e.file_name().into_string().ok())
            .collect();
        ids.sort();
        for id in ids {
            match installed(data, &id) {
                Ok(None) => {}
                Ok(Some((installed, path))) => {
                    store.lists.push(installed);
                    store.open.push(Open {
                        path,
                        index: OnceLock::new(),
                    });
                }
                Err(error) => store.broken.push((id, format!("{error:#}"))),
            }
        }
        store
    }

    /// What is installed, readable or not.
    #[cfg(feature = "net")]
    pub(in crate::cli) fn ids(&self) -> Vec<String> {
        let broken = self.broken.iter().map(|(id, _)| id.clone());
        self.lists
            .iter()
            .map(|l| l.id.clone())
            .chain(broken)
            .collect()
    }

    /// Instruments of the lists that answer.
    pub(in crate::cli) fn readable(&self) -> BTreeSet<String> {
        let lists = self.lists.iter().enumerate();
        lists
            .filter(|(place, _)| self.index(*place).is_ok())
            .map(|(_, list)| list.instrument.clone())
            .collect()
    }

    /// Of tables of organisations and of persons, those that the user asks for.
    fn asked<'t>(&self, both: &'t [Table; 2]) -> &'t [Table] {
        let [organisations, _] = both;
        if self.persons {
            both
        } else {
            std::slice::from_ref(organisations)
        }
    }

    fn index(&self, place: usize) -> Result<&Index, String> {
        let open = self.open.get(place).ok_or("no such list")?;
        let index = open.index.get_or_init(|| match Index::open(&open.path) {
            Ok(Some(index)) => Ok(index),
            Ok(None) => Err(format!(
                "{}: made by another version of the program; `bonafide data update` and `data status` make it again",
                open.path.display()
            )),
            Err(error) => Err(format!(
                "{}: {error}; `bonafide data update` and `data status` make it again",
                open.path.display()
            )),
        });
        index.as_ref().map_err(Clone::clone)
    }

    /// Every entry of the list in this place, in order and in batches; persons only where they are asked for.
    pub(in crate::cli) fn walk(
        &self,
        place: usize,
        each: &mut dyn FnMut(Vec<ListEntry>),
    ) -> Result<(), String> {
        let index = self.index(place)?;
        let read = index.walk(&mut |mut entries| {
            entries.retain(|e| self.persons || e.kind != ListedKind::Person);
            each(entries);
        });
        read.map_err(|e| e.to_string())
    }

    fn find(&self, tables: &[Table], keys: &[Vec<&str>]) -> Answer {
        let mut answer = Answer::default();
        for (list, Installed { id, .. }) in self.lists.iter().enumerate() {
            let index = match self.index(list) {
                Ok(index) => index,
                Err(why) => {
                    answer.faults.insert(id.clone(), why);
                    continue;
                }
            };
            let mut numbers = BTreeSet::new();
            let mut fault = None;
            for table in tables {
                for key in keys {
                    match index.find(*table, key) {
                        Ok(more) => numbers.extend(more),
                        Err(error) => fault = fault.or(Some(error)),
                    }
                }
            }
            for number in numbers {
                match index.entry(u64::from(number)) {
                    Ok(entry) => answer.found.push(Found { list, entry }),
                    Err(error) => fault = fault.or(Some(error)),
                }
            }
            if let Some(error) = fault {
                answer.faults.insert(id.clone(), error.to_string());
            }
        }
        answer
    }
}

fn installed(data: &Path, id: &str) -> anyhow::Result<Option<(Installed, PathBuf)>> {
    let Some((version, meta)) = current(data, id)? else {
        return Ok(None);
    };
    let spec = Spec::get(id).ok_or_else(|| anyhow!("no list of this name is described"))?;
    let as_of = parse_date(&meta.as_of).ok_or_else(|| anyhow!("{:?} is not a date", meta.as_of))?;
    let installed = Installed {
        id: id.into(),
        instrument: spec.instrument.unwrap_or_else(|| id.to_ascii_uppercase()),
        title: spec.title,
        as_of,
        sha256: meta.sha256,
        entries: meta.entries,
        fresh_days: spec.fresh_days,
    };
    Ok(Some((installed, version.join(INDEX))))
}

impl Listed for Store {
    fn lists(&self) -> &[Installed] {
        &self.lists
    }

    fn broken(&self) -> &[(String, String)] {
        &self.broken
    }

    fn persons(&self) -> bool {
        self.persons
    }

    fn by_number(&self, scheme: &str, value: &str) -> Answer {
        let tables = [Table::Numbers, Table::PersonNumbers];
        self.find(self.asked(&tables), &[vec![scheme, value]])
    }

    fn by_keys(&self, keys: &[String]) -> Answer {
        let keys: Vec<Vec<&str>> = keys.iter().map(|k| vec![k.as_str()]).collect();
        let tables = [Table::Names, Table::PersonNames];
        self.find(self.asked(&tables), &keys)
    }
}
