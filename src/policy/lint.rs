//! What a policy refers to, read from its text: misspelled input paths, settings that nobody knows, rules on jurisdiction
//! that do not name their aspect.
//!
//! Rego answers a misspelled path with *undefined*: a deny rule then never fires, and nothing says so. This reader follows
//! `input`, variables bound by `some x in …` and `x := …`, and parameters that are named for a type (`subject`, `signature`,
//! `party`, `match`, `claim`, `finding`, `certificate`). What it cannot follow it leaves alone.

use std::collections::{BTreeMap, BTreeSet};

use crate::policy::error::Error;
use crate::policy::lex::{Kind, Token, tokens};
use crate::policy::shape::{Holds, fields};

/// What one policy file refers to.
#[derive(Debug, Clone, Default)]
pub(super) struct References {
    /// Names of its rules and functions, with the first line of each.
    pub rules: BTreeMap<String, usize>,
    /// Those of them that take parameters.
    pub functions: BTreeSet<String>,
    /// Top-level keys of the input it reads; `None` where it takes the input as a whole.
    pub input: Option<BTreeSet<String>>,
    /// `data.settings.NAME` and `data.allow.NAME`, with the first line of each.
    pub settings: BTreeMap<String, usize>,
    /// It takes `data.settings` or `data.allow` as a whole, so that any may be read.
    pub all_settings: bool,
}

/// Types that a parameter of the same name has.
const TYPED: [&str; 7] = [
    "subject",
    "signature",
    "party",
    "match",
    "claim",
    "finding",
    "certificate",
];

/// Reads `text`.
///
/// # Errors
/// A field that the report has not, or a rule that reads a jurisdiction without its aspect.
pub(super) fn read(file: &str, text: &str) -> Result<References, Error> {
    let all = tokens(text);
    let mut found = References {
        input: Some(BTreeSet::new()),
        ..References::default()
    };
    for rule in rules(&all) {
        if let Some(name) = rule_name(rule) {
            let line = rule.first().map_or(1, |t| t.line);
            found.rules.entry(name.into()).or_insert(line);
            if rule.get(1).map(|t| t.kind) == Some(Kind::Mark('(')) {
                found.functions.insert(name.into());
            }
            Walk::new(file, rule, &mut found).run()?;
            aspect(file, name, rule)?;
        }
    }
    Ok(found)
}

/// Rules begin in the first column, at a name.
fn rules<'t, 'a>(all: &'a [Token<'t>]) -> Vec<&'a [Token<'t>]> {
    let starts: Vec<usize> = all
        .iter()
        .enumerate()
        .filter(|(_, t)| t.first_column && matches!(t.kind, Kind::Name(_)))
        .map(|(i, _)| i)
        .collect();
    let ends = starts.iter().skip(1).copied().chain([all.len()]);
    starts
        .iter()
        .zip(ends)
        .filter_map(|(start, end)| all.get(*start..end))
        .collect()
}

fn rule_name<'t>(rule: &[Token<'t>]) -> Option<&'t str> {
    let mut names = rule.iter().map(|t| t.kind);
    match names.next()? {
        Kind::Name("package" | "import") => None,
        Kind::Name("default") => match names.next()? {
            Kind::Name(name) => Some(name),
            Kind::Text(_) | Kind::Mark(_) => None,
        },
        Kind::Name(name) => Some(name),
        Kind::Text(_) | Kind::Mark(_) => None,
    }
}

/// Countries mean nothing without the question they answer.
fn aspect(file: &str, name: &str, rule: &[Token<'_>]) -> Result<(), Error> {
    let reads = |field: &str| {
        rule.windows(2).find(|pair| {
            matches!(pair, [dot, word] if dot.kind == Kind::Mark('.') && word.kind == Kind::Name(field))
        })
    };
    match reads("jurisdiction").and_then(|pair| pair.last()) {
        Some(at) if reads("aspect").is_none() => Err(Error::Policy {
            file: file.into(),
            line: at.line,
            what: format!(
                "rule {name} reads a jurisdiction without naming the aspect that it is about"
            ),
        }),
        Some(_) | None => Ok(()),
    }
}

/// What a reference leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// An object of a type.
    Object(&'static str),
    /// Many of a type.
    Table(&'static str),
    /// Anything.
    Open,
}

struct Walk<'a, 't> {
    file: &'a str,
    rule: &'a [Token<'t>],
    found: &'a mut References,
    variables: BTreeMap<&'t str, Place>,
    at: usize,
}

impl<'a, 't> Walk<'a, 't> {
    fn new(file: &'a str, rule: &'a [Token<'t>], found: &'a mut References) -> Self {
        let parameters = rule
            .iter()
            .take_while(|t| !matches!(t.kind, Kind::Name("if") | Kind::Mark('=' | '{')))
            .filter_map(|t| match t.kind {
                Kind::Name(name) => TYPED
                    .iter()
                    .find(|typed| **typed == name)
                    .map(|typed| (name, Place::Object(typed))),
                Kind::Text(_) | Kind::Mark(_) => None,
            });
        let variables = parameters.collect();
        Self {
            file,
            rule,
            found,
            variables,
            at: 0,
        }
    }

    fn kind(&self, ahead: usize) -> Option<Kind<'t>> {
        self.rule.get(self.at.saturating_add(ahead)).map(|t| t.kind)
    }

    fn line(&self) -> usize {
        self.rule.get(self.at).map_or(1, |t| t.line)
    }

    fn skip(&mut self, count: usize) {
        self.at = self.at.saturating_add(count);
    }

    fn run(&mut self) -> Result<(), Error> {
        while let Some(kind) = self.kind(0) {
            match kind {
                Kind::Name("some" | "every") => self.binding()?,
                Kind::Name(name)
                    if self.kind(1) == Some(Kind::Mark(':'))
                        && self.kind(2) == Some(Kind::Mark('=')) =>
                {
                    self.skip(3);
                    let place = self.reference()?;
                    self.variables.insert(name, place);
                }
                Kind::Name(_) => {
                    self.reference()?;
                }
                Kind::Text(_) | Kind::Mark(_) => self.skip(1),
            }
        }
        Ok(())
    }

    /// `some x in REF`, `some k, v in REF`, `every x in REF`; `some x` alone binds nothing known.
    fn binding(&mut self) -> Result<(), Error> {
        self.skip(1);
        let mut names = Vec::new();
        loop {
            match self.kind(0) {
                Some(Kind::Name("in")) => break,
                Some(Kind::Name(name)) if names.len() < 2 => {
                    names.push(name);
                    self.skip(1);
                }
                Some(Kind::Mark(',')) => self.skip(1),
                _ => return Ok(()),
            }
        }
        self.skip(1);
        let place = match self.reference()? {
            Place::Table(of) => Place::Object(of),
            Place::Object(_) | Place::Open => Place::Open,
        };
        if let Some(name) = names.last() {
            self.variables.insert(name, place);
        }
        Ok(())
    }

    /// One reference from a name onward; leaves `at` behind it, but inside brackets, whose contents are read in turn.
    fn reference(&mut self) -> Result<Place, Error> {
        let Some(Kind::Name(head)) = self.kind(0) else {
            return Ok(Place::Open);
        };
        self.skip(1);
        match head {
            "data" => {
                self.data();
                Ok(Place::Open)
            }
            "input" => {
                self.input_key();
                self.path(Place::Object("input"))
            }
            name => {
                let place = self.variables.get(name).copied().unwrap_or(Place::Open);
                self.path(place)
            }
        }
    }

    fn path(&mut self, mut place: Place) -> Result<Place, Error> {
        loop {
            match (self.kind(0), self.kind(1)) {
                (Some(Kind::Mark('.')), Some(Kind::Name(field))) => {
                    self.skip(1);
                    place = self.field(place, field)?;
                    self.skip(1);
                }
                (Some(Kind::Mark('[')), Some(Kind::Text(field)))
                    if self.kind(2) == Some(Kind::Mark(']'))
                        && matches!(place, Place::Object(_)) =>
                {
                    self.skip(1);
                    place = self.field(place, field)?;
                    self.skip(2);
                }
                (Some(Kind::Mark('[')), _) => {
                    place = match place {
                        Place::Table(of) => Place::Object(of),
                        Place::Object(_) | Place::Open => Place::Open,
                    };
                    self.skip(1);
                    self.bracket()?;
                }
                _ => return Ok(place),
            }
        }
    }

    /// The contents of a bracket, up to and with its end.
    fn bracket(&mut self) -> Result<(), Error> {
        let mut depth = 1_usize;
        while let Some(kind) = self.kind(0) {
            match kind {
                Kind::Mark('[') => depth = depth.saturating_add(1),
                Kind::Mark(']') => depth = depth.saturating_sub(1),
                Kind::Name(_) | Kind::Text(_) | Kind::Mark(_) => {}
            }
            self.skip(1);
            if depth == 0 {
                break;
            }
        }
        Ok(())
    }

    fn field(&self, place: Place, field: &str) -> Result<Place, Error> {
        let Place::Object(of) = place else {
            return Ok(Place::Open);
        };
        let Some(known) = fields(of) else {
            return Ok(Place::Open);
        };
        match known.iter().find(|(name, _)| *name == field) {
            Some((_, Holds::Leaf)) => Ok(Place::Open),
            Some((_, Holds::One(of))) => Ok(Place::Object(of)),
            Some((_, Holds::Many(of))) => Ok(Place::Table(of)),
            None => Err(Error::Policy {
                file: self.file.into(),
                line: self.line(),
                what: format!("the report has no field {field:?} in {of}, so this never holds"),
            }),
        }
    }

    fn input_key(&mut self) {
        let key = match (self.kind(0), self.kind(1)) {
            (Some(Kind::Mark('.')), Some(Kind::Name(key)))
            | (Some(Kind::Mark('[')), Some(Kind::Text(key))) => Some(key),
            _ => None,
        };
        // `with input as …` replaces the input and reads nothing of it.
        let replaced = self
            .at
            .checked_sub(2)
            .and_then(|at| self.rule.get(at))
            .is_some_and(|t| t.kind == Kind::Name("with"));
        match key {
            Some(key) => {
                if let Some(keys) = &mut self.found.input {
                    keys.insert(key.into());
                }
            }
            None if replaced => {}
            None => self.found.input = None,
        }
    }

    /// `data.settings.NAME` and `data.allow.NAME`.
    fn data(&mut self) {
        let line = self.line();
        let (Some(Kind::Mark('.')), Some(Kind::Name(table @ ("settings" | "allow")))) =
            (self.kind(0), self.kind(1))
        else {
            return;
        };
        self.skip(2);
        match (self.kind(0), self.kind(1)) {
            (Some(Kind::Mark('.')), Some(Kind::Name(name)))
            | (Some(Kind::Mark('[')), Some(Kind::Text(name))) => {
                self.found
                    .settings
                    .entry(format!("{table}.{name}"))
                    .or_insert(line);
                self.skip(2);
            }
            _ => self.found.all_settings = true,
        }
    }
}
