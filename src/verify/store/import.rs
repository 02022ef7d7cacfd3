//! Importing a newer root list: its signature, its order, and what would change. Pure: the caller reads and writes files.
//!
//! What is checked: the list is a CMS SignedData of a trust list with one signer, whose digest and signature hold and whose path ends, at
//! the list's own date, in an anchor that may sign trust lists (usage 1.3.6.1.4.1.311.10.3.9), which only Microsoft's own roots
//! may; its sequence number is larger than that in force; each certificate has the SHA-1 and SHA-256 that the list names. A list
//! that drops roots is refused until the caller accepts that.
//!
//! What it does not prove: that it is the newest list there is.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use sha1::{Digest as _, Sha1};
use sha2::Sha256;

use crate::base::oid::Oid;
use crate::base::text::shown;
use crate::base::time::{Time, rfc3339};
use crate::model::digest::hex;
use crate::verify::certificate;
use crate::verify::store::ctl::{Subject, TrustList};
use crate::verify::store::disallowed::Disallowed;
use crate::verify::store::sequence::Sequence;
use crate::verify::store::table::{self, Entry, Table};
use crate::verify::store::{TrustStore, signature, windows};

/// Most certificates offered beside a list.
const MAX_CERTIFICATES: usize = 65_536;

/// Why a list is not imported.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ImportError {
    /// Not a signed trust list, or a broken one.
    #[error("not a readable trust list: {0}")]
    Malformed(String),
    /// It is of another kind.
    #[error("a trust list for another use ({0}), not the root list")]
    Usage(String),
    /// Its signature does not hold.
    #[error("the trust list's signature does not hold: {0}")]
    Signature(String),
    /// It is not newer than the list in force.
    #[error("sequence number {offered} is not larger than {current}, the one in force")]
    NotNewer {
        /// In force.
        current: String,
        /// Of the list offered.
        offered: String,
    },
    /// It drops roots, and the caller has not accepted that.
    #[error("{} roots would be dropped; accept removals to import it", .0.len())]
    Shrinks(Vec<RootName>),
    /// Over a limit.
    #[error("more than {limit} {what}")]
    Limit {
        /// What was counted.
        what: &'static str,
        /// The limit.
        limit: usize,
    },
}

/// Whether roots may disappear.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Removals {
    /// A list that drops roots is refused, with their names.
    Refuse,
    /// The caller has seen them.
    Accept,
}

/// A root in a plan.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct RootName {
    /// SHA-256, or what the list names it by, lower-case hexadecimal.
    pub id: String,
    /// Friendly name.
    pub name: String,
}

/// A root whose properties change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed {
    /// Which.
    pub root: RootName,
    /// Property, old value, new value, as the index writes them.
    pub properties: Vec<(&'static str, String, String)>,
}

/// What an import would do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportPlan {
    /// The list's sequence number.
    pub sequence: String,
    /// The list's date.
    pub this_update: Time,
    /// New roots.
    pub added: Vec<RootName>,
    /// Dropped roots.
    pub removed: Vec<RootName>,
    /// Roots whose properties change.
    pub changed: Vec<Changed>,
    /// Roots that the list names and for which no certificate is at hand: not trusted.
    pub missing: Vec<RootName>,
    /// Files to write, by name.
    pub files: Vec<(&'static str, Vec<u8>)>,
}

/// Checks `list` and plans its import over what is in force in `current`. `certificates` are DER, in any order; those in force
/// are at hand without being offered.
///
/// # Errors
/// As [`ImportError`] says; nothing is then to be written.
pub fn import(
    list: &[u8],
    certificates: &[Vec<u8>],
    current: &TrustStore,
    removals: Removals,
) -> Result<ImportPlan, ImportError> {
    let content = signature::verified_roots(list, current)?;
    let in_force = current.windows();
    if let Some(known) = in_force.fact("sequence").and_then(Sequence::parse)
        && content.sequence.as_ref().is_none_or(|s| *s <= known)
    {
        return Err(ImportError::NotNewer {
            current: known.to_string(),
            offered: sequence(&content),
        });
    }
    let mut offered = certificates.to_vec();
    offered.extend((0..in_force.len()).filter_map(|row| in_force.der(row).map(<[u8]>::to_vec)));
    let built = build(list, &content, &offered)?;
    let plan = plan(&content, built, in_force)?;
    if removals == Removals::Refuse && !plan.removed.is_empty() {
        return Err(ImportError::Shrinks(plan.removed));
    }
    Ok(plan)
}

/// Reads a root list and checks its signature, without importing it.
///
/// # Errors
/// As [`ImportError`] says.
pub fn verified(list: &[u8], store: &TrustStore) -> Result<TrustList, ImportError> {
    signature::verified_roots(list, store)
}

/// Reads a list of disallowed certificates and checks its signature.
///
/// # Errors
/// As [`ImportError`] says; the root list is refused here.
pub fn disallowed(list: &[u8], store: &TrustStore) -> Result<Disallowed, ImportError> {
    let content = signature::verified(list, store)?;
    if content
        .usage
        .iter()
        .any(|u| Some(u) == Oid::parse(signature::ROOT_LIST).as_ref())
    {
        return Err(ImportError::Usage(signature::ROOT_LIST.to_owned()));
    }
    Ok(Disallowed::new(&content))
}

/// An index with its certificates, as made from a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Built {
    /// `roots.tsv`.
    pub index: String,
    /// `roots.der`.
    pub certificates: Vec<u8>,
    /// Roots that no certificate was at hand for.
    pub missing: Vec<RootName>,
    /// The list itself, `authroot.stl`.
    pub list: Vec<u8>,
}

/// Makes the index of a list whose signature was checked.
///
/// # Errors
/// Over a limit.
pub fn build(
    list: &[u8],
    content: &TrustList,
    certificates: &[Vec<u8>],
) -> Result<Built, ImportError> {
    if certificates.len() > MAX_CERTIFICATES {
        return Err(ImportError::Limit {
            what: "certificates",
            limit: MAX_CERTIFICATES,
        });
    }
    let by_sha1: BTreeMap<[u8; 20], &[u8]> = certificates
        .iter()
        .map(|der| (Sha1::digest(der).into(), der.as_slice()))
        .collect();
    let mut entries = Vec::new();
    let mut missing = Vec::new();
    for subject in &content.subjects {
        match entry(subject, &by_sha1) {
            Some(entry) => entries.push(entry),
            None => missing.push(RootName {
                id: hex(&subject.identifier),
                name: subject.properties.name.clone(),
            }),
        }
    }
    let facts = [
        ("list", "authroot.stl".to_owned()),
        ("sequence", sequence(content)),
        ("this-update", rfc3339(content.this_update)),
        ("list-sha256", hex(&Sha256::digest(list))),
    ];
    let (index, certificates) = table::write(&facts, &windows::COLUMNS, entries);
    Ok(Built {
        index,
        certificates,
        missing,
        list: list.to_vec(),
    })
}

/// The row of a subject: `None` where its certificate is not at hand, is unreadable, or is not the one the list means.
fn entry(subject: &Subject, by_sha1: &BTreeMap<[u8; 20], &[u8]>) -> Option<Entry> {
    let sha1: [u8; 20] = subject.identifier.as_slice().try_into().ok()?;
    let der = *by_sha1.get(&sha1)?;
    // SHA-1 alone would let a colliding certificate in.
    if subject.properties.sha256? != <[u8; 32]>::from(Sha256::digest(der)) {
        return None;
    }
    let certificate = certificate::read(der).ok()?;
    Some(Entry {
        der: der.to_vec(),
        sha1,
        subject: certificate.subject.raw,
        name: subject.properties.name.clone(),
        more: windows::columns(&subject.properties),
    })
}

fn plan(content: &TrustList, built: Built, in_force: &Table) -> Result<ImportPlan, ImportError> {
    let offered = Table::open(
        built.index.clone().into(),
        built.certificates.clone().into(),
        &windows::COLUMNS,
    )
    .map_err(|e| ImportError::Malformed(e.to_string()))?;
    let named = |table: &Table, row| {
        Some(RootName {
            id: table.id(row)?.to_string(),
            name: table.name(row).to_owned(),
        })
    };
    let mut added = Vec::new();
    let mut changed = Vec::new();
    for row in 0..offered.len() {
        let (Some(root), Some(id)) = (named(&offered, row), offered.id(row)) else {
            continue;
        };
        match in_force.find(&id) {
            None => added.push(root),
            Some(old) => {
                let properties = differences(in_force, old, &offered, row);
                if !properties.is_empty() {
                    changed.push(Changed { root, properties });
                }
            }
        }
    }
    let removed = (0..in_force.len())
        .filter(|row| {
            in_force
                .id(*row)
                .is_some_and(|id| offered.find(&id).is_none())
        })
        .filter_map(|row| named(in_force, row))
        .collect();
    Ok(ImportPlan {
        sequence: sequence(content),
        this_update: content.this_update,
        added,
        removed,
        changed,
        missing: built.missing,
        files: vec![
            ("authroot.stl", built.list),
            ("roots.tsv", built.index.into_bytes()),
            ("roots.der", built.certificates),
        ],
    })
}

fn differences(
    old: &Table,
    old_row: usize,
    new: &Table,
    new_row: usize,
) -> Vec<(&'static str, String, String)> {
    let names = std::iter::once(("name", 0)).chain(windows::COLUMNS.into_iter().zip(0..));
    names
        .filter_map(|(column, n)| {
            let value = |table: &Table, row| match column {
                "name" => table.name(row).to_owned(),
                _ => table.more(row, n).unwrap_or_default().to_owned(),
            };
            let (before, after) = (value(old, old_row), value(new, new_row));
            (before != after).then_some((column, before, after))
        })
        .collect()
}

fn sequence(content: &TrustList) -> String {
    content
        .sequence
        .as_ref()
        .map_or_else(|| "none".to_owned(), ToString::to_string)
}

impl ImportPlan {
    /// The plan as text, one line a change; names are escaped.
    pub fn text(&self) -> String {
        let mut out = format!(
            "root list of {}, sequence {}: {} added, {} removed, {} changed, {} without a certificate\n",
            rfc3339(self.this_update),
            self.sequence,
            self.added.len(),
            self.removed.len(),
            self.changed.len(),
            self.missing.len()
        );
        for (mark, roots) in [
            ('+', &self.added),
            ('-', &self.removed),
            ('?', &self.missing),
        ] {
            for root in roots {
                let _ = writeln!(out, "{mark} {} {}", root.id, shown(&root.name));
            }
        }
        for change in &self.changed {
            let _ = writeln!(out, "~ {} {}", change.root.id, shown(&change.root.name));
            for (property, before, after) in &change.properties {
                let _ = writeln!(out, "    {property}: {} -> {}", shown(before), shown(after));
            }
        }
        out
    }
}
