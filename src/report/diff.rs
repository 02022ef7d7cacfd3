//! What differs between two reports: who signed, whom that belongs to, under whose law, what lists say, which hosts and algorithms.
//!
//! Pure: two documents in, one out. It does not say which of the two is right, and a difference is no fault by itself; an update whose
//! signer is another organisation is a finding of its own, because nothing in its signature shows that.

use std::collections::BTreeSet;
use std::io::{self, Write};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::json::words::{Aspect, Integrity, Role, Severity, Status, TrustStatus};
use super::json::{Party, Report, Signature};
use crate::base::text::shown;
use crate::identity::name::{Named, compare, legal_names};
use crate::model::finding::{Definition, Dimension, Severity as ModelSeverity};
use crate::model::party::Tier;

/// The findings of this room.
pub static ALL: &[&Definition] = &[&PUBLISHER_CHANGED];

/// Two versions have no publisher in common.
pub static PUBLISHER_CHANGED: Definition = Definition {
    id: "publisher-changed",
    dimension: Dimension::Identity,
    severity: ModelSeverity::High,
    title: "The publisher of one version is not that of the other",
    references: &[],
};

/// One side.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Side {
    /// Path as the user named it: text from outside.
    pub path: String,
    /// SHA-256 of the file, where it was read.
    pub sha256: Option<String>,
    /// The judgement time of its report.
    pub at: String,
}

/// One aspect that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Change {
    /// `signer`, `owner`, `lists` ….
    pub aspect: String,
    /// What only the first has, in order: may be text from outside.
    pub removed: Vec<String>,
    /// What only the second has.
    pub added: Vec<String>,
}

/// What the comparison itself found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Found {
    /// `publisher-changed`.
    pub id: String,
    /// `fail`, `review` or `unknown`.
    pub status: Status,
    /// How bad it is where it holds.
    pub severity: Severity,
    /// In one sentence.
    pub message: String,
}

/// The difference of two reports.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Difference {
    /// Version of this document's form.
    pub schema_version: String,
    /// The first.
    pub a: Side,
    /// The second.
    pub b: Side,
    /// Aspects that differ, in a fixed order; empty where none does.
    pub changes: Vec<Change>,
    /// What that comes to.
    pub findings: Vec<Found>,
}

impl Difference {
    /// Compares `a`, the older, with `b`.
    pub fn new(a: &Report, b: &Report) -> Self {
        let changes = ASPECTS
            .iter()
            .filter_map(|(aspect, read)| {
                let (ours, theirs) = (read(a), read(b));
                let only = |x: &BTreeSet<String>, y: &BTreeSet<String>| -> Vec<String> {
                    x.difference(y).cloned().collect()
                };
                let (removed, added) = (only(&ours, &theirs), only(&theirs, &ours));
                (!removed.is_empty() || !added.is_empty()).then(|| Change {
                    aspect: (*aspect).into(),
                    removed,
                    added,
                })
            })
            .collect();
        let (side_a, side_b) = (side(a), side(b));
        let same_file = side_a.sha256.is_some() && side_a.sha256 == side_b.sha256;
        let findings = if same_file {
            Vec::new()
        } else {
            continuity(a, b).into_iter().collect()
        };
        Self {
            schema_version: "1.0".into(),
            a: side_a,
            b: side_b,
            changes,
            findings,
        }
    }

    /// The publisher is another organisation, in another country, with another product.
    pub fn is_broken(&self) -> bool {
        self.findings.iter().any(|f| f.status == Status::Fail)
    }

    /// Nothing that is compared differs, and the publisher is known to be one.
    pub fn is_same(&self) -> bool {
        self.changes.is_empty() && self.findings.is_empty()
    }

    /// For people.
    ///
    /// # Errors
    /// The output could not be written.
    pub fn text(&self, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "a  {}", shown(&self.a.path))?;
        writeln!(out, "b  {}", shown(&self.b.path))?;
        for finding in &self.findings {
            writeln!(
                out,
                "\n{} ({}): {}",
                finding.id,
                finding.status.name(),
                shown(&finding.message)
            )?;
        }
        for change in &self.changes {
            writeln!(out, "\n{}", change.aspect)?;
            for line in &change.removed {
                writeln!(out, "  - {}", shown(line))?;
            }
            for line in &change.added {
                writeln!(out, "  + {}", shown(line))?;
            }
        }
        if self.is_same() {
            writeln!(out, "\nno difference in what is compared")?;
        }
        Ok(())
    }
}

type Read = fn(&Report) -> BTreeSet<String>;

/// What is compared, in the order of the answer.
static ASPECTS: &[(&str, Read)] = &[
    ("product", products),
    ("format", |r| {
        r.top().map(|s| s.format.clone()).into_iter().collect()
    }),
    ("signature", signatures),
    ("signer", |r| {
        signers(r).into_iter().map(|p| p.name.clone()).collect()
    }),
    ("vendor", |r| {
        let links = signers(r).into_iter().filter_map(|p| p.vendor.as_ref());
        links
            .map(|v| format!("{}/{} ({})", v.slug, v.entity, v.tier.name()))
            .collect()
    }),
    ("countries", |r| {
        claims(r, |aspect| {
            matches!(aspect, Aspect::Incorporation | Aspect::PlaceOfBusiness)
        })
    }),
    ("owner", |r| {
        claims(r, |aspect| {
            matches!(aspect, Aspect::Owner | Aspect::Controller)
        })
    }),
    ("lists", lists),
    ("chain", chain),
    ("timestamp-authority", |r| {
        r.parties
            .values()
            .filter(|p| p.roles.contains(&Role::TimestampAuthority))
            .map(|p| p.name.clone())
            .collect()
    }),
    ("algorithms", algorithms),
    ("hosts", |r| {
        let named = r.hosts.values().filter(|h| !h.kinds.is_empty());
        named.map(|h| h.name.clone()).collect()
    }),
];

fn side(report: &Report) -> Side {
    let top = report.top();
    Side {
        path: top.map(|s| s.path.clone()).unwrap_or_default(),
        sha256: top.and_then(|s| s.digests.get("sha256").cloned()),
        at: report.run.at.clone(),
    }
}

/// Signatures of the file itself; of its members where it has none of its own.
fn judged(report: &Report) -> Vec<&Signature> {
    match report.top() {
        Some(top) if !top.signatures.is_empty() => top.signatures.iter().collect(),
        _ => report.subjects.iter().flat_map(|s| &s.signatures).collect(),
    }
}

/// Who signed, verified or not.
fn signers(report: &Report) -> Vec<&Party> {
    of(report, judged(report).into_iter())
}

fn of<'r>(report: &'r Report, signatures: impl Iterator<Item = &'r Signature>) -> Vec<&'r Party> {
    let handles: BTreeSet<&str> = signatures.filter_map(|s| s.signer.as_deref()).collect();
    handles
        .into_iter()
        .filter_map(|handle| report.parties.get(handle))
        .collect()
}

/// Who signed, where the signature holds and its chain is trusted: a name in any other is only a claim.
fn publishers(report: &Report) -> Vec<&Party> {
    let holds =
        |s: &&Signature| s.integrity == Integrity::Valid && s.trust.status == TrustStatus::Trusted;
    of(report, judged(report).into_iter().filter(holds))
}

fn products(report: &Report) -> BTreeSet<String> {
    let claimed = report
        .top()
        .map(|s| s.claimed.as_slice())
        .unwrap_or_default();
    claimed
        .iter()
        .filter(|c| c.key.eq_ignore_ascii_case("ProductName"))
        .map(|c| c.value.clone())
        .collect()
}

fn signatures(report: &Report) -> BTreeSet<String> {
    judged(report)
        .into_iter()
        .map(|s| {
            format!(
                "{}: integrity {}, trust {}",
                s.scheme,
                s.integrity.name(),
                s.trust.status.name()
            )
        })
        .collect()
}

fn claims(report: &Report, wanted: fn(Aspect) -> bool) -> BTreeSet<String> {
    let about = signers(report);
    about
        .iter()
        .flat_map(|party| &party.claims)
        .filter_map(|id| report.claims.get(id))
        .filter(|claim| wanted(claim.aspect))
        .map(|claim| {
            format!(
                "{} {} ({})",
                claim.aspect.name(),
                claim.jurisdiction,
                claim.basis
            )
        })
        .collect()
}

fn lists(report: &Report) -> BTreeSet<String> {
    signers(report)
        .iter()
        .flat_map(|party| &party.matches)
        .map(|m| {
            format!(
                "{}: {} ({}, {}, in force: {})",
                m.instrument,
                m.entry,
                m.tier.name(),
                m.applies_via.name(),
                m.in_force.name()
            )
        })
        .collect()
}

/// Issuers of the chains; the leaf is the signer's and changes with every renewal.
fn chain(report: &Report) -> BTreeSet<String> {
    judged(report)
        .into_iter()
        .flat_map(|s| s.chain.iter().skip(1))
        .map(|id| {
            let subject = report.certificates.get(id).map(|c| c.subject.as_str());
            format!(
                "{} ({})",
                subject.unwrap_or_default(),
                id.get(..16).unwrap_or(id)
            )
        })
        .collect()
}

fn algorithms(report: &Report) -> BTreeSet<String> {
    let signatures = judged(report);
    let digests = signatures
        .iter()
        .filter_map(|s| s.digest_algorithm.as_ref())
        .map(|a| format!("file digest {a}"));
    let leaves = signatures
        .iter()
        .filter_map(|s| report.certificates.get(s.chain.first()?))
        .map(|c| format!("certificate signature {}", c.signature_algorithm));
    digests.chain(leaves).collect()
}

/// Whether some publisher of the one is a publisher of the other.
fn continuity(a: &Report, b: &Report) -> Option<Found> {
    let (ours, theirs) = (publishers(a), publishers(b));
    let found = |status, message: String| {
        Some(Found {
            id: PUBLISHER_CHANGED.id.into(),
            status,
            severity: Severity::High,
            message,
        })
    };
    if ours.is_empty() || theirs.is_empty() {
        let which = match (ours.is_empty(), theirs.is_empty()) {
            (true, true) => "neither has",
            (true, false) => "the first does not have",
            (false, _) => "the second does not have",
        };
        let message = format!(
            "whether the publisher is the same is not known: {which} a signature that holds and is trusted"
        );
        return found(Status::Unknown, message);
    }
    if ours.iter().any(|a| theirs.iter().any(|b| is_one(a, b))) {
        return None;
    }
    let names = |parties: &[&Party]| -> String {
        let all: Vec<String> = parties
            .iter()
            .map(|p| {
                let countries: Vec<&str> = p.countries.iter().map(String::as_str).collect();
                format!("{:?} ({})", p.name, countries.join(", "))
            })
            .collect();
        all.join(", ")
    };
    let countries = |parties: &[&Party]| -> BTreeSet<String> {
        parties.iter().flat_map(|p| p.countries.clone()).collect()
    };
    let differ = |x: BTreeSet<String>, y: BTreeSet<String>| {
        !x.is_empty() && !y.is_empty() && x.is_disjoint(&y)
    };
    let mut what = vec!["organisation"];
    let country = differ(countries(&ours), countries(&theirs));
    if country {
        what.push("country");
    }
    let product = differ(products(a), products(b));
    if product {
        what.push("product");
    }
    let message = format!(
        "signed by {}, then by {}: another {}",
        names(&ours),
        names(&theirs),
        what.join(", ")
    );
    // A company that is sold or renamed signs under another name; the country and the product's name do not change with it.
    let status = if country && product {
        Status::Fail
    } else {
        Status::Review
    };
    found(status, message)
}

/// One organisation: an entity or a vendor of the registry, a number, a key, or the same name and country.
fn is_one(a: &Party, b: &Party) -> bool {
    if let (Some(ours), Some(theirs)) = (&a.vendor, &b.vendor)
        && Tier::Same.name() == ours.tier.name()
        && Tier::Same.name() == theirs.tier.name()
    {
        return ours.slug == theirs.slug;
    }
    let number = a.identifiers.iter().any(|(scheme, ours)| {
        b.identifiers.get(scheme).is_some_and(|theirs| {
            ours.iter().any(|x| {
                theirs
                    .iter()
                    .any(|y| (&x.value, &x.jurisdiction) == (&y.value, &y.jurisdiction))
            })
        })
    });
    number
        || legal_names(&a.name).iter().any(|ours| {
            legal_names(&b.name).iter().any(|theirs| {
                let found = compare(
                    Named {
                        name: ours,
                        countries: &a.countries,
                    },
                    Named {
                        name: theirs,
                        countries: &b.countries,
                    },
                );
                found.is_some_and(|c| c.tier == Tier::Same)
            })
        })
}
