//! Rego policies over the report, evaluated by regorus. Compiled once, cloned for each evaluation.
//!
//! The traps of Rego that this closes: another package evaluates to nothing and says so nowhere; a misspelled path is
//! undefined and a rule falls silent; a policy without rules allows everything; a policy may loop.

use std::collections::BTreeSet;
use std::num::NonZeroU32;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use regorus::utils::limits::ExecutionTimerConfig;
use regorus::{Engine, Value as Rego};
use serde::{Deserialize as _, Serialize};
use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};
use time::Date;

use crate::base::data::{POLICIES, find};
use crate::model::digest::hex;
use crate::model::verdict::{PolicyIdentity, Verdict, Waiver};
use crate::policy::decide::decide;
use crate::policy::error::Error;
use crate::policy::lint::{self, References};
use crate::policy::reasons::{frame, nothing_checked, push, reason, something_passed, speaking};
use crate::policy::rego::rego;
use crate::policy::settings::{OWN, Settings};
use crate::policy::waivers::{self, Covered};

/// Longest evaluation. The built-in policies need well under a millisecond for a file and about one for a hundred members; a
/// user's may loop, and one file must not hold up a run.
const TIME_LIMIT: Duration = Duration::from_secs(10);

/// Work between two looks at the clock: small against `TIME_LIMIT`, large against the cost of a look.
const CHECK_INTERVAL: NonZeroU32 = match NonZeroU32::new(1_000) {
    Some(interval) => interval,
    None => NonZeroU32::MIN,
};

/// Deepest chain of `extends`; the built-in ones need two.
const MAX_EXTENDS: usize = 4;

/// Rules of the user's may loop.
pub(super) fn limit(engine: &mut Engine) {
    engine.set_execution_timer_config(ExecutionTimerConfig {
        limit: TIME_LIMIT,
        check_interval: CHECK_INTERVAL,
    });
}

/// A policy with its settings, ready to be asked. Shared between threads.
#[derive(Debug)]
pub struct Policy {
    label: String,
    identity: PolicyIdentity,
    compiled: Mutex<Engine>,
    /// Keys of the report that its rules read; `None` for all.
    input: Option<BTreeSet<String>>,
    waivers: Vec<Waiver>,
}

impl Policy {
    /// Names of the built-in policies.
    pub fn names() -> impl Iterator<Item = &'static str> {
        POLICIES
            .iter()
            .map(|(name, _)| *name)
            .filter(|name| !name.ends_with("_test"))
    }

    /// The text of a built-in policy.
    ///
    /// # Errors
    /// There is none of that name.
    pub fn source(name: &str) -> Result<&'static str, Error> {
        Self::names()
            .find(|known| *known == name)
            .and_then(|name| find(POLICIES, name))
            .ok_or_else(|| Error::UnknownPolicy {
                name: name.into(),
                known: Self::names().collect::<Vec<_>>().join(", "),
            })
    }

    /// A built-in policy.
    ///
    /// # Errors
    /// Unknown name, or settings that do not fit it.
    pub fn builtin(name: &str, settings: &Settings) -> Result<Self, Error> {
        let text = Self::source(name)?;
        Self::compile(name, &format!("policies/{name}.rego"), text, settings)
    }

    /// A policy of the user's; `label` is its path, as errors and the report name it.
    ///
    /// # Errors
    /// Syntax, package, references, no rule that speaks, or settings that do not fit it.
    pub fn from_text(label: &str, text: &str, settings: &Settings) -> Result<Self, Error> {
        Self::compile(label, label, text, settings)
    }

    fn compile(id: &str, file: &str, text: &str, settings: &Settings) -> Result<Self, Error> {
        let modules = modules(file, text)?;
        let mut engine = Engine::new();
        limit(&mut engine);
        let mut hash = Sha256::new();
        let mut references = References {
            input: Some(BTreeSet::new()),
            ..References::default()
        };
        for module in &modules {
            add(&mut engine, &module.file, &module.text)?;
            merge(
                &mut references,
                lint::read(&module.file, &module.text)?,
                &module.file,
            )?;
            frame(&mut hash, module.text.as_bytes());
        }
        let speaks = references.rules.keys().any(|rule| speaking(rule).is_some());
        if !speaks {
            return Err(Error::Policy {
                file: file.into(),
                line: 1,
                what: "no rule is called deny, violation or warn (with or without a suffix), so that it could only allow"
                    .into(),
            });
        }
        fits(file, &references, settings)?;
        let data = settings.data();
        frame(&mut hash, data.to_string().as_bytes());
        // Rules apart, an evaluation itself looks at what was examined and at what the checks found.
        if let Some(keys) = &mut references.input {
            keys.extend(["subjects", "findings"].map(String::from));
        }
        let failed = |error: String| Error::Evaluation {
            file: file.into(),
            message: error,
        };
        let data = Rego::deserialize(&data).map_err(|e| failed(e.to_string()))?;
        engine.add_data(data).map_err(|e| failed(e.to_string()))?;
        // The first evaluation prepares the engine; clones of it are ready.
        engine.set_input(Rego::new_object());
        engine
            .eval_query("data.bonafide".into(), false)
            .map_err(|e| failed(e.to_string()))?;
        Ok(Self {
            label: file.into(),
            identity: PolicyIdentity {
                id: id.into(),
                version: header(text, "version").unwrap_or("0").into(),
                sha256: hex(&hash.finalize()),
            },
            compiled: Mutex::new(engine),
            input: references.input,
            waivers: settings.waivers().to_vec(),
        })
    }

    /// Which policy this is.
    pub fn identity(&self) -> &PolicyIdentity {
        &self.identity
    }

    /// Top-level members of the report that an evaluation reads; `None` for all.
    pub fn reads(&self) -> Option<&BTreeSet<String>> {
        self.input.as_ref()
    }

    /// The verdict over `report` (schema 1.0, without a verdict; at least what [`Policy::reads`] names); waivers are judged at `today`.
    ///
    /// # Errors
    /// The evaluation failed or a rule gave something malformed. Neither is ever an allow.
    pub fn evaluate(&self, report: &impl Serialize, today: Date) -> Result<Verdict, Error> {
        let failed = |message: String| Error::Evaluation {
            file: self.label.clone(),
            message,
        };
        let report = rego(report).map_err(|e| failed(e.to_string()))?;
        let mut engine = self
            .compiled
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        engine.set_input(report.clone());
        let results = engine
            .eval_query("data.bonafide".into(), false)
            .map_err(|e| failed(e.to_string()))?;
        let rules = results
            .result
            .first()
            .and_then(|r| r.expressions.first())
            .map(|e| serde_json::to_value(&e.value))
            .transpose()
            .map_err(|e| failed(e.to_string()))?;
        let Some(Value::Object(rules)) = rules else {
            return Err(failed("package bonafide evaluates to nothing".into()));
        };
        let mut reasons = self.reasons(&rules, &report)?;
        let passed = something_passed(&report);
        if !passed {
            reasons.push(nothing_checked(&report));
        }
        let mut reasons = waivers::apply(reasons, &self.waivers, today);
        reasons.sort_by(|a, b| {
            (b.decision, &a.id, &a.message, &a.instance).cmp(&(
                a.decision,
                &b.id,
                &b.message,
                &b.instance,
            ))
        });
        Ok(Verdict {
            decision: decide(&reasons, passed),
            policy: self.identity.clone(),
            reasons,
        })
    }

    fn reasons(&self, rules: &Map<String, Value>, report: &Rego) -> Result<Vec<Covered>, Error> {
        let mut reasons = Vec::new();
        for (rule, value) in rules {
            let Some(decision) = speaking(rule) else {
                continue;
            };
            let wrong = |what: &str| Error::Result {
                file: self.label.clone(),
                rule: rule.clone(),
                what: what.into(),
            };
            let Value::Array(members) = value else {
                return Err(wrong(
                    "is no set; write: deny contains {\"id\": …, \"msg\": …} if …",
                ));
            };
            for member in members {
                let reason = reason(rule, decision, member, report).ok_or_else(|| {
                    wrong("a member is neither a string nor an object with a text msg")
                })?;
                push(&mut reasons, reason);
            }
        }
        Ok(reasons)
    }
}

/// A file of a policy.
pub(super) struct Module {
    /// As errors name it.
    pub file: String,
    /// Its text.
    pub text: String,
}

/// The file and every built-in one that it extends, base first.
pub(super) fn modules(file: &str, text: &str) -> Result<Vec<Module>, Error> {
    let mut modules = vec![Module {
        file: file.into(),
        text: text.into(),
    }];
    let mut base = header(text, "extends");
    while let Some(name) = base {
        if modules.len() > MAX_EXTENDS {
            return Err(Error::Policy {
                file: file.into(),
                line: 1,
                what: format!("extends more than {MAX_EXTENDS} policies in a row"),
            });
        }
        let text = Policy::source(name)?;
        modules.push(Module {
            file: format!("policies/{name}.rego"),
            text: text.into(),
        });
        base = header(text, "extends");
    }
    modules.reverse();
    Ok(modules)
}

/// `KEY: value` in the comments at the head of a policy (the `custom` part of a METADATA block).
fn header<'t>(text: &'t str, key: &str) -> Option<&'t str> {
    text.lines()
        .take_while(|line| line.is_empty() || line.starts_with('#'))
        .filter_map(|line| line.trim_start_matches('#').trim().split_once(':'))
        .find(|(name, _)| name.trim() == key)
        .map(|(_, value)| value.trim().trim_matches('"'))
}

fn add(engine: &mut Engine, file: &str, text: &str) -> Result<(), Error> {
    let package = engine
        .add_policy(file.into(), text.into())
        .map_err(|error| Error::Rego {
            file: file.into(),
            message: error.to_string(),
        })?;
    if package == "data.bonafide" || package.starts_with("data.bonafide.") {
        return Ok(());
    }
    let line = text
        .lines()
        .position(|line| line.starts_with("package"))
        .map_or(1, |at| at.saturating_add(1));
    Err(Error::Policy {
        file: file.into(),
        line,
        what: format!(
            "the package is {}, and its rules would never be asked; it must be bonafide",
            package.trim_start_matches("data.")
        ),
    })
}

/// Sets of several files join; the evaluator binds the parameters of a function that two files define wrongly.
fn merge(all: &mut References, one: References, file: &str) -> Result<(), Error> {
    if let Some(twice) = one.functions.iter().find(|f| all.rules.contains_key(*f)) {
        return Err(Error::Policy {
            file: file.into(),
            line: one.rules.get(twice).copied().unwrap_or(1),
            what: format!(
                "function {twice} is defined by a policy that this one extends; give it another name"
            ),
        });
    }
    all.functions.extend(one.functions);
    all.rules.extend(one.rules);
    all.settings.extend(one.settings);
    all.all_settings |= one.all_settings;
    all.input = match (all.input.take(), one.input) {
        (Some(mut all), Some(one)) => {
            all.extend(one);
            Some(all)
        }
        (Some(_) | None, _) => None,
    };
    Ok(())
}

/// Every setting is read by a rule, and every setting that a rule reads has a value.
fn fits(file: &str, references: &References, settings: &Settings) -> Result<(), Error> {
    if let Some((name, line)) = references
        .settings
        .iter()
        .find(|(name, _)| !settings.knows(name))
    {
        return Err(Error::Policy {
            file: file.into(),
            line: *line,
            what: format!(
                "data.{name} has no value: it is no setting of the product and bonafide.toml sets none"
            ),
        });
    }
    let unread = settings.set().find(|(name, _)| {
        !references.all_settings && !references.settings.contains_key(*name) && !OWN.contains(name)
    });
    match unread {
        None => Ok(()),
        Some((name, line)) => Err(Error::Settings {
            file: settings.file().into(),
            line,
            what: format!("no rule of {file} reads {name}"),
        }),
    }
}
