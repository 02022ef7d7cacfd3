//! Two states of one channel: two times, or two vantages at one time.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use crate::base::time::rfc3339;
use crate::channel::{Dialect, Judged, address};
use crate::model::channel::{Channel, Document, SignatureStatus};
use crate::model::digest::hex;

/// Something that differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// What kind of difference.
    pub kind: ChangeKind,
    /// What of the channel, for people; hostile text.
    pub what: String,
    /// As it was, or as the one vantage sees it.
    pub before: String,
    /// As it is, or as the other one does.
    pub after: String,
}

/// Kinds of difference, by what they may mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ChangeKind {
    /// Expected of a channel that lives: a newer document, a newer release.
    Progress,
    /// Another host or address serves it.
    Host,
    /// Who is trusted, or how well it is vouched for.
    Trust,
    /// Other keys sign.
    Key,
    /// Another name or origin.
    Publisher,
    /// Something went back.
    Rollback,
    /// The same name and version, and other bytes.
    Content,
}

impl ChangeKind {
    /// The word used in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Progress => "progress",
            Self::Host => "host",
            Self::Trust => "trust",
            Self::Key => "key",
            Self::Publisher => "publisher",
            Self::Rollback => "rollback",
            Self::Content => "content",
        }
    }

    /// It is not what a channel does by itself: an attack looks like this.
    pub fn is_grave(self) -> bool {
        match self {
            Self::Progress | Self::Host | Self::Trust => false,
            Self::Key | Self::Publisher | Self::Rollback | Self::Content => true,
        }
    }
}

/// What differs between two states.
pub fn changes(dialect: &dyn Dialect, before: &Judged, after: &Judged) -> Vec<Change> {
    let mut found = Found(Vec::new());
    found.word(
        ChangeKind::Trust,
        "path",
        before.paths.strength.name(),
        after.paths.strength.name(),
    );
    found.word(
        ChangeKind::Trust,
        "its client",
        before.client.decision.name(),
        after.client.decision.name(),
    );
    let (old, new) = (&before.channel, &after.channel);
    found.sets(ChangeKind::Trust, "anchors", &anchors(old), &anchors(new));
    found.sets(ChangeKind::Host, "hosts", &hosts(old), &hosts(new));
    found.sets(
        ChangeKind::Host,
        "addresses",
        &addresses(old),
        &addresses(new),
    );
    found.documents(old, new);
    found.releases(dialect, old, new);
    found.artifacts(old, new);
    found.0
}

struct Found(Vec<Change>);

impl Found {
    fn word(&mut self, kind: ChangeKind, what: &str, before: &str, after: &str) {
        if before != after {
            self.0.push(Change {
                kind,
                what: what.to_owned(),
                before: before.to_owned(),
                after: after.to_owned(),
            });
        }
    }

    /// Sets of words; an empty one is something that was not seen, and no change.
    fn sets(
        &mut self,
        kind: ChangeKind,
        what: &str,
        before: &BTreeSet<String>,
        after: &BTreeSet<String>,
    ) {
        let join = |set: &BTreeSet<String>| set.iter().cloned().collect::<Vec<_>>().join(", ");
        if !before.is_empty() && !after.is_empty() {
            self.word(kind, what, &join(before), &join(after));
        }
    }

    fn documents(&mut self, old: &Channel, new: &Channel) {
        for after in &new.documents {
            let same = |d: &&Document| d.name == after.name && d.role == after.role;
            let Some(before) = old.documents.iter().find(same) else {
                self.word(ChangeKind::Progress, &after.name, "not there", "there");
                continue;
            };
            let keys: BTreeSet<&str> = before
                .identity
                .keys()
                .chain(after.identity.keys())
                .copied()
                .collect();
            for key in keys {
                let word = |d: &Document| d.identity.get(key).cloned().unwrap_or_default();
                let what = format!("{} of {}", key, after.name);
                self.word(ChangeKind::Publisher, &what, &word(before), &word(after));
            }
            let what = format!("signers of {}", after.name);
            let (was, is) = (signers(before), signers(after));
            let kind = if was.is_disjoint(&is) {
                ChangeKind::Key
            } else {
                ChangeKind::Trust
            };
            let join = |set: &BTreeSet<String>| set.iter().cloned().collect::<Vec<_>>().join(", ");
            self.word(kind, &what, &join(&was), &join(&is));
            self.age(before, after);
        }
        for before in &old.documents {
            let same = |d: &Document| d.name == before.name && d.role == before.role;
            if !new.documents.iter().any(same) {
                self.word(ChangeKind::Trust, &before.name, "there", "not there");
            }
        }
    }

    fn age(&mut self, before: &Document, after: &Document) {
        let number = |d: &Document| d.version.as_ref().and_then(|v| v.number);
        let order = match (number(before), number(after)) {
            (Some(was), Some(is)) => Some(is.cmp(&was)),
            (Some(_), None) | (None, _) => match (before.issued, after.issued) {
                (Some(was), Some(is)) => Some(is.cmp(&was)),
                // What was dated and no longer is may be of any age.
                (Some(_), None) => Some(Ordering::Less),
                (None, _) => None,
            },
        };
        let kind = match order {
            Some(Ordering::Less) => ChangeKind::Rollback,
            Some(Ordering::Equal) => ChangeKind::Content,
            Some(Ordering::Greater) | None => ChangeKind::Progress,
        };
        if before.sha256 == after.sha256 || before.sha256.is_empty() || after.sha256.is_empty() {
            return;
        }
        let word = |d: &Document| match (&d.version, d.issued) {
            (Some(version), _) => format!("version {}, sha256 {}", version.text, hex(&d.sha256)),
            (None, Some(at)) => format!("of {}, sha256 {}", rfc3339(at), hex(&d.sha256)),
            (None, None) => format!("sha256 {}", hex(&d.sha256)),
        };
        self.word(kind, &after.name, &word(before), &word(after));
    }

    fn releases(&mut self, dialect: &dyn Dialect, old: &Channel, new: &Channel) {
        for after in &new.releases {
            let same = old.releases.iter().find(|r| {
                r.product == after.product
                    && r.platforms == after.platforms
                    && r.track == after.track
            });
            let Some(before) = same else { continue };
            let kind = match dialect.order(&after.version, &before.version) {
                Some(Ordering::Less) => ChangeKind::Rollback,
                Some(Ordering::Equal | Ordering::Greater) | None => ChangeKind::Progress,
            };
            self.word(kind, &after.product, &before.version, &after.version);
        }
    }

    /// A file of the same name with other bytes was changed after it was published.
    fn artifacts(&mut self, old: &Channel, new: &Channel) {
        for after in &new.artifacts {
            let Some(before) = old.artifacts.iter().find(|a| a.name == after.name) else {
                continue;
            };
            for (algorithm, is) in &after.digests {
                if let Some(was) = before.digests.get(algorithm) {
                    let what = format!("{algorithm} of {}", after.name);
                    self.word(ChangeKind::Content, &what, was, is);
                }
            }
        }
    }
}

fn anchors(channel: &Channel) -> BTreeSet<String> {
    let all = channel.anchors.iter().map(|a| a.fingerprint.clone());
    all.collect()
}

fn hosts(channel: &Channel) -> BTreeSet<String> {
    let fetched = channel
        .fetches
        .iter()
        .flat_map(|f| std::iter::once(&f.url).chain(f.hops.iter().map(|h| &h.url)));
    let named = channel.artifacts.iter().flat_map(|a| &a.urls);
    fetched
        .chain(named)
        .filter_map(|url| address::host(url))
        .collect()
}

fn addresses(channel: &Channel) -> BTreeSet<String> {
    let hops = channel.fetches.iter().flat_map(|f| &f.hops);
    hops.filter_map(|h| h.ip).map(|ip| ip.to_string()).collect()
}

fn signers(document: &Document) -> BTreeSet<String> {
    let holds = document
        .signatures
        .iter()
        .filter(|s| matches!(s.status, SignatureStatus::Verified(_)));
    holds.map(|s| s.key.id.clone()).collect()
}
