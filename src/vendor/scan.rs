//! Which files could hold a name, a number or a relation, told from their lines without reading them as TOML: a run that names
//! one party reads one file. What is found here is only a candidate; the file itself decides.
//!
//! It relies on one key a line, which the files keep; a test compares what it finds with what the files say.

use std::collections::{BTreeMap, BTreeSet};

use time::Date;

use crate::base::time::parse_date;
use crate::identity::identifiers::normal_number;
use crate::identity::name::{NormalName, normalise};

/// Lines of all files, by what they could match.
#[derive(Debug, Clone, Default)]
pub(super) struct Scan {
    /// Letters and digits of plain names, and their file.
    plain: Vec<(String, String)>,
    /// Names whose folding takes more than dropping punctuation, in normal form.
    folded: BTreeMap<String, BTreeSet<String>>,
    /// Numbers and pins, as written and in normal form.
    values: BTreeMap<String, BTreeSet<String>>,
    /// Files with a relation that leads to this other file.
    referring: BTreeMap<String, BTreeSet<String>>,
    /// Day of the oldest file.
    oldest: Option<Date>,
}

impl Scan {
    pub(super) fn add(&mut self, file: &str, text: &str) {
        for line in text.lines() {
            let Some((key, value)) = line.split_once(" = ") else {
                continue;
            };
            let Some(value) = value.strip_prefix('"').and_then(|v| v.strip_suffix('"')) else {
                continue;
            };
            match key {
                "name" | "statute_name" => self.add_name(file, value),
                "value" => {
                    for form in [value.to_owned(), normal_number(value)] {
                        insert(&mut self.values, form, file);
                    }
                }
                "subject" | "interested_party" => {
                    if let Some((slug, _)) = value.split_once('/') {
                        insert(&mut self.referring, slug.to_owned(), file);
                    }
                }
                "as_of" => {
                    let day = parse_date(value);
                    self.oldest = self.oldest.into_iter().chain(day).min();
                }
                _ => {}
            }
        }
    }

    fn add_name(&mut self, file: &str, name: &str) {
        let is_plain = |c: char| c.is_ascii_alphanumeric() || " .,'-".contains(c);
        if name.chars().all(is_plain) {
            self.plain.push((squashed(name), file.to_owned()));
        } else {
            let name = name.replace("\\\"", "\"").replace("\\\\", "\\");
            insert(&mut self.folded, normalise(&name).core, file);
        }
    }

    /// Files that could know one of these names.
    pub(super) fn named(&self, names: &[NormalName]) -> BTreeSet<String> {
        let mut files = BTreeSet::new();
        for name in names {
            let core = squashed(&name.core);
            // Legal forms are peeled off the ends, so that the core of a plain name is a part of it.
            let plain = self
                .plain
                .iter()
                .filter(|(text, _)| !core.is_empty() && text.contains(&core));
            files.extend(plain.map(|(_, file)| file.clone()));
            files.extend(self.folded.get(&name.core).into_iter().flatten().cloned());
        }
        files
    }

    /// Files that hold this number or pin.
    pub(super) fn numbered(&self, value: &str) -> impl Iterator<Item = &String> {
        self.values.get(value).into_iter().flatten()
    }

    /// Files whose relations could concern an entity of `slug`: its own and those that lead to it.
    pub(super) fn relating(&self, slug: &str) -> BTreeSet<String> {
        let others = self.referring.get(slug).into_iter().flatten().cloned();
        others.chain([slug.to_owned()]).collect()
    }

    pub(super) fn oldest(&self) -> Option<Date> {
        self.oldest
    }
}

fn insert(map: &mut BTreeMap<String, BTreeSet<String>>, key: String, file: &str) {
    map.entry(key).or_default().insert(file.to_owned());
}

fn squashed(text: &str) -> String {
    text.chars()
        .filter(|c| c.is_alphanumeric())
        .map(|c| c.to_ascii_lowercase())
        .collect()
}
