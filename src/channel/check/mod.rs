//! The checks of the scorecard, as data: a row a check, with the question that answers it.
//!
//! Each answers by itself from the collected channel; what a dialect says of a check (`Channel::facts`) goes before the general
//! answer. A check that nobody answers is unknown.

mod authenticity;
mod consistency;
mod freshness;
mod keys;
mod ownership;
mod transparency;
mod transport;

use std::cmp::Ordering;

use crate::base::time::Time;
use crate::channel::path::Paths;
use crate::model::channel::{Binding, Channel, CheckStatus, Document, Node, Role};
use crate::model::finding::{Definition, Severity};

/// Groups of checks, each reported by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Group {
    /// How it travels.
    Transport,
    /// Is it what was signed, by whom the client trusts.
    Authenticity,
    /// Is it the newest.
    Freshness,
    /// How keys are kept.
    Keys,
    /// Does it fit together.
    Consistency,
    /// Can others see it.
    Transparency,
    /// Who stands behind it.
    Ownership,
}

impl Group {
    /// All, in report order.
    pub const ALL: [Self; 7] = [
        Self::Transport,
        Self::Authenticity,
        Self::Freshness,
        Self::Keys,
        Self::Consistency,
        Self::Transparency,
        Self::Ownership,
    ];

    /// The word used in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Transport => "transport",
            Self::Authenticity => "authenticity",
            Self::Freshness => "freshness",
            Self::Keys => "keys",
            Self::Consistency => "consistency",
            Self::Transparency => "transparency",
            Self::Ownership => "ownership",
        }
    }
}

/// One check.
#[derive(Debug)]
pub struct Check {
    /// `T1`.
    pub id: &'static str,
    /// Where it belongs.
    pub group: Group,
    /// What it asks.
    pub title: &'static str,
    /// How bad it is where it fails.
    pub severity: Severity,
    /// What would fix it.
    pub fix: &'static str,
    /// The finding that its failure raises.
    pub finding: Option<&'static Definition>,
    /// Answers it; none where only a dialect could.
    pub ask: Option<fn(&Scene<'_>) -> Said>,
}

/// What a check is answered from.
#[derive(Clone, Copy)]
pub struct Scene<'a> {
    /// The channel.
    pub channel: &'a Channel,
    /// Its ways.
    pub paths: &'a Paths,
    /// The judgement time.
    pub at: Time,
    /// The same channel as it was seen earlier.
    pub before: Option<&'a Channel>,
    /// Which of two versions is newer.
    pub order: &'a dyn Fn(&str, &str) -> Option<Ordering>,
}

impl std::fmt::Debug for Scene<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Scene")
            .field("at", &self.at)
            .finish_non_exhaustive()
    }
}

/// What a check came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// What.
    pub status: CheckStatus,
    /// On what it rests, or why it is unknown; may quote hostile text.
    pub evidence: String,
    /// Where it is worse or better than the check's own.
    pub severity: Option<Severity>,
}

impl Said {
    fn new(status: CheckStatus, evidence: impl Into<String>) -> Self {
        Self {
            status,
            evidence: evidence.into(),
            severity: None,
        }
    }

    /// Good.
    pub fn pass(evidence: impl Into<String>) -> Self {
        Self::new(CheckStatus::Pass, evidence)
    }

    /// Bad.
    pub fn fail(evidence: impl Into<String>) -> Self {
        Self::new(CheckStatus::Fail, evidence)
    }

    /// Not established.
    pub fn unknown(why: impl Into<String>) -> Self {
        Self::new(CheckStatus::Unknown, why)
    }

    /// As bad as this, here.
    #[must_use]
    pub fn at(mut self, severity: Severity) -> Self {
        self.severity = Some(severity);
        self
    }
}

/// Every check, in report order.
pub fn all() -> impl Iterator<Item = &'static Check> {
    [
        transport::ALL,
        authenticity::ALL,
        freshness::ALL,
        keys::ALL,
        consistency::ALL,
        transparency::ALL,
        ownership::ALL,
    ]
    .into_iter()
    .flatten()
}

/// The check of this id.
pub fn find(id: &str) -> Option<&'static Check> {
    all().find(|c| c.id == id)
}

/// Names shown in one line of evidence before the rest is counted.
const SHOWN: usize = 5;

/// `a, b and 3 more`.
fn list<S: AsRef<str>>(names: &[S]) -> String {
    let shown: Vec<&str> = names.iter().take(SHOWN).map(AsRef::as_ref).collect();
    let more = names.len().saturating_sub(SHOWN);
    let tail = if more > 0 {
        format!(" and {more} more")
    } else {
        String::new()
    };
    format!("{}{tail}", shown.join(", "))
}

impl<'a> Scene<'a> {
    /// Documents that say something of their own: neither signatures nor configuration.
    fn documents(&self) -> impl Iterator<Item = (usize, &'a Document)> {
        let all = self.channel.documents.iter().enumerate();
        all.filter(|(_, d)| !matches!(d.role, Role::Signature | Role::Config))
    }

    /// Documents that a client comes to first: no other one names them.
    fn heads(&self) -> impl Iterator<Item = (usize, &'a Document)> {
        self.documents().filter(|(i, _)| is_head(self.channel, *i))
    }
}

fn is_head(channel: &Channel, index: usize) -> bool {
    let document = channel.documents.get(index);
    let speaks = |d: &Document| !matches!(d.role, Role::Signature | Role::Config);
    let named = |b: &Binding| b.to == Node::Document(index) && matches!(b.from, Node::Document(_));
    document.is_some_and(speaks) && !channel.bindings.iter().any(named)
}

/// Two states of one document.
struct Pair<'a> {
    was: &'a Document,
    is: &'a Document,
    /// A client comes to it first.
    head: bool,
}

/// Whether two documents, each with its place in its channel, are states of one.
type Same<'s> = dyn Fn((usize, &Document), (usize, &Document)) -> bool + 's;

/// What of two states of a channel can be compared.
#[derive(Default)]
struct Pairs<'a> {
    all: Vec<Pair<'a>>,
    /// Heads of either state that have no counterpart in the other.
    alone: Vec<&'a str>,
}

impl<'a> Pairs<'a> {
    /// By address; what has moved by its name; heads, which a mirror or another form names differently, by their part and order.
    fn of(before: &'a Channel, now: &'a Channel) -> Self {
        let mut left: Vec<(usize, &Document)> = before.documents.iter().enumerate().collect();
        let mut open: Vec<(usize, &Document)> = now.documents.iter().enumerate().collect();
        let mut pairs = Self::default();
        let same: [&Same; 3] = [
            &|(_, was), (_, is)| was.url == is.url,
            &|(_, was), (_, is)| was.name == is.name,
            &|(i, _), (j, _)| is_head(before, i) && is_head(now, j),
        ];
        for same in same {
            open.retain(|new| {
                let fits = |old: &(usize, &Document)| old.1.role == new.1.role && same(*old, *new);
                let Some(at) = left.iter().position(fits) else {
                    return true;
                };
                let (_, was) = left.remove(at);
                let head = is_head(now, new.0);
                pairs.all.push(Pair {
                    was,
                    is: new.1,
                    head,
                });
                false
            });
        }
        let of = |all: &[(usize, &'a Document)], channel| -> Vec<&'a str> {
            let heads = all.iter().filter(|(i, _)| is_head(channel, *i));
            heads.map(|(_, d)| d.name.as_str()).collect()
        };
        pairs.alone.extend(of(&left, before));
        pairs.alone.extend(of(&open, now));
        pairs
    }
}
