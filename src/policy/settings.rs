//! `bonafide.toml`: settings that rules read, allow-lists, waivers. Every mistake is reported with its line.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};
use time::Date;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::base::time::parse_date;
use crate::model::verdict::Waiver;
use crate::policy::error::Error;

/// The country set that `countries_of_concern` is when the user sets none.
const DEFAULT_SET: &str = "US-15CFR791-4";

/// Settings for a policy.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    file: String,
    /// `settings.NAME` and `allow.NAME` that the user set: value and line.
    set: BTreeMap<String, (Value, usize)>,
    waivers: Vec<Waiver>,
    policy: Option<String>,
    country_sets: BTreeMap<String, BTreeSet<String>>,
}

impl Settings {
    /// Reads the text of a `bonafide.toml`; `file` is how errors name it.
    ///
    /// # Errors
    /// Not TOML, an unknown table, or a waiver that lacks a date or a reason.
    pub fn parse(file: &str, text: &str) -> Result<Self, Error> {
        let reader = Reader { file, text };
        let root = DeTable::parse(text).map_err(|error| {
            let at = error.span().map_or(0, |span| span.start);
            reader.error(at, error.message())
        })?;
        let mut settings = Self {
            file: file.into(),
            ..Self::default()
        };
        for (key, value) in root.get_ref() {
            match (key.get_ref().as_ref(), value.get_ref()) {
                (table @ ("settings" | "allow"), DeValue::Table(entries)) => {
                    for (name, value) in entries {
                        let full = format!("{table}.{}", name.get_ref());
                        let line = reader.line(name.span().start);
                        let value = reader.value(value)?;
                        check_known(&reader, name.span().start, &full, &value)?;
                        settings.set.insert(full, (value, line));
                    }
                }
                ("waiver", DeValue::Array(waivers)) => {
                    for waiver in waivers.iter() {
                        settings.waivers.push(reader.waiver(waiver)?);
                    }
                }
                ("policy", DeValue::String(name)) => settings.policy = Some(name.to_string()),
                (name, _) => {
                    return Err(reader.error(
                        key.span().start,
                        &format!(
                            "{name:?} is not known here; there are policy = \"…\", [settings], [allow] and [[waiver]]"
                        ),
                    ));
                }
            }
        }
        Ok(settings)
    }

    /// The same with the sets of countries that instruments name at the judgement time
    /// (`screening::Instruments::country_sets`).
    #[must_use]
    pub fn with_country_sets(mut self, sets: BTreeMap<String, BTreeSet<String>>) -> Self {
        self.country_sets = sets;
        self
    }

    /// The policy that the file asks for.
    pub fn policy(&self) -> Option<&str> {
        self.policy.as_deref()
    }

    /// Waivers, in the file's order.
    pub fn waivers(&self) -> &[Waiver] {
        &self.waivers
    }

    /// A whole number that the user set: `max_instrument_age_days`.
    pub fn number(&self, name: &str) -> Option<i64> {
        self.set
            .get(&format!("settings.{name}"))
            .and_then(|(value, _)| value.as_i64())
    }

    pub(super) fn file(&self) -> &str {
        &self.file
    }

    /// What the user set, with its line.
    pub(super) fn set(&self) -> impl Iterator<Item = (&str, usize)> {
        self.set
            .iter()
            .map(|(name, (_, line))| (name.as_str(), *line))
    }

    /// The document that rules see as `data`: defaults under what the user set.
    pub(super) fn data(&self) -> Value {
        let mut settings = Map::new();
        settings.insert("prohibiting_instruments".into(), json!([]));
        settings.insert("unsigned_members".into(), json!("review"));
        settings.insert("malformed_members".into(), json!("review"));
        let concern = self
            .country_sets
            .get(DEFAULT_SET)
            .cloned()
            .unwrap_or_default();
        settings.insert("countries_of_concern".into(), json!(concern));
        settings.insert("country_sets".into(), json!(self.country_sets));
        let mut allow = Map::new();
        allow.insert("signers".into(), json!([]));
        for (name, (value, _)) in &self.set {
            match name.split_once('.') {
                Some(("allow", name)) => allow.insert(name.into(), value.clone()),
                Some((_, name)) => settings.insert(name.into(), value.clone()),
                None => None,
            };
        }
        json!({"settings": settings, "allow": allow})
    }

    /// Rules may read it: it has a default, or the user set it.
    pub(super) fn knows(&self, name: &str) -> bool {
        DEFAULTS.contains(&name) || self.set.contains_key(name)
    }
}

/// Settings that always have a value.
const DEFAULTS: [&str; 6] = [
    "settings.unsigned_members",
    "settings.malformed_members",
    "settings.prohibiting_instruments",
    "settings.countries_of_concern",
    "settings.country_sets",
    "allow.signers",
];

/// Settings that the product reads and rules need not.
pub(super) const OWN: [&str; 1] = ["settings.max_instrument_age_days"];

/// Settings whose type is known are held to it: a word where a list belongs would make a rule fall silent.
fn check_known(reader: &Reader<'_>, at: usize, name: &str, value: &Value) -> Result<(), Error> {
    let is_list_of_text = || {
        value
            .as_array()
            .is_some_and(|list| list.iter().all(Value::is_string))
    };
    let wrong = match name {
        "settings.prohibiting_instruments" | "settings.countries_of_concern" | "allow.signers"
            if !is_list_of_text() =>
        {
            "a list of strings"
        }
        "settings.unsigned_members" | "settings.malformed_members"
            if !matches!(value.as_str(), Some("review" | "deny" | "ignore")) =>
        {
            "\"review\", \"deny\" or \"ignore\""
        }
        "settings.max_instrument_age_days" if value.as_i64().is_none_or(|days| days <= 0) => {
            "a whole number of days above zero"
        }
        _ => return Ok(()),
    };
    Err(reader.error(at, &format!("{name} must be {wrong}")))
}

struct Reader<'t> {
    file: &'t str,
    text: &'t str,
}

impl Reader<'_> {
    fn line(&self, at: usize) -> usize {
        self.text
            .bytes()
            .take(at)
            .filter(|b| *b == b'\n')
            .count()
            .saturating_add(1)
    }

    fn error(&self, at: usize, what: &str) -> Error {
        Error::Settings {
            file: self.file.into(),
            line: self.line(at),
            what: what.trim().into(),
        }
    }

    /// TOML as JSON; dates become text, so that rules compare them as strings.
    fn value(&self, value: &Spanned<DeValue<'_>>) -> Result<Value, Error> {
        let at = value.span().start;
        Ok(match value.get_ref() {
            DeValue::String(text) => json!(text),
            DeValue::Boolean(value) => json!(value),
            DeValue::Datetime(date) => json!(date.to_string()),
            DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix())
                .map(|n| json!(n))
                .map_err(|_| self.error(at, "the number is too large"))?,
            DeValue::Float(number) => number
                .as_str()
                .parse::<f64>()
                .map(|n| json!(n))
                .map_err(|_| self.error(at, "not a number"))?,
            DeValue::Array(list) => Value::Array(
                list.iter()
                    .map(|item| self.value(item))
                    .collect::<Result<_, _>>()?,
            ),
            DeValue::Table(table) => Value::Object(
                table
                    .iter()
                    .map(|(key, item)| Ok((key.get_ref().to_string(), self.value(item)?)))
                    .collect::<Result<_, Error>>()?,
            ),
        })
    }

    fn waiver(&self, waiver: &Spanned<DeValue<'_>>) -> Result<Waiver, Error> {
        let at = waiver.span().start;
        let DeValue::Table(fields) = waiver.get_ref() else {
            return Err(self.error(at, "a waiver is a table: [[waiver]]"));
        };
        let mut texts: BTreeMap<&str, (String, usize)> = BTreeMap::new();
        for (key, value) in fields {
            let name = key.get_ref().as_ref();
            if !["finding", "instance", "until", "reason", "by"].contains(&name) {
                return Err(self.error(
                    key.span().start,
                    &format!(
                        "a waiver has no {name:?}; it has finding, instance, until, reason, by"
                    ),
                ));
            }
            let text = match self.value(value)? {
                Value::String(text) if !text.trim().is_empty() => text,
                _ => {
                    return Err(self.error(
                        value.span().start,
                        &format!("{name} must be text that is not empty"),
                    ));
                }
            };
            texts.insert(name, (text, value.span().start));
        }
        let mut take = |name: &str| texts.remove(name);
        let mut need = |name: &str, why: &str| {
            take(name).ok_or_else(|| self.error(at, &format!("a waiver needs {name}: {why}")))
        };
        let finding = need("finding", "what it covers")?.0;
        let (until, until_at) = need("until", "the last day it holds, as 2027-03-01")?;
        let reason = need("reason", "somebody will ask")?.0;
        Ok(Waiver {
            finding,
            instance: take("instance").map(|(text, _)| text),
            until: date(&until)
                .ok_or_else(|| self.error(until_at, "until must be a day, as 2027-03-01"))?,
            reason,
            by: take("by").map(|(text, _)| text),
        })
    }
}

fn date(text: &str) -> Option<Date> {
    parse_date(text)
}
