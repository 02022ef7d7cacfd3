//! The several names that one text gives: a legal name, the short name or trade name beside it, the sides of `a.k.a.`.

use super::{NormalName, Parenthesis, normalise, parenthesis};
use crate::model::party::Tier;

/// One name of a text, and how far a match by it can go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variant {
    /// The name.
    pub name: NormalName,
    /// The most that an equal name says: a short name is that of a house, not of one company.
    pub most: Tier,
}

/// Words between two names of one organisation, as lists, certificates and registers write them.
const BETWEEN: &[&str] = &[
    " a.k.a. ",
    " a/k/a ",
    " aka ",
    " f.k.a. ",
    " f/k/a ",
    " fka ",
    " formerly ",
    " d/b/a ",
    " d.b.a. ",
    " dba ",
    " trading as ",
    " t/a ",
];

/// Shortest side of a slash that is a name: `A/S`, `c/o` and `TV/Radio` stay whole.
const MIN_SIDE: usize = 6;

/// Every name that `text` gives, the one that names a company first.
pub fn variants(text: &str) -> Vec<Variant> {
    let whole = |name: &str, most| Variant {
        name: normalise(name),
        most,
    };
    let mut out = Vec::with_capacity(3);
    match parenthesis(text) {
        Some(Parenthesis::LegalName { trade, legal }) => {
            out.push(whole(text, Tier::Same));
            out.push(whole(&legal, Tier::Same));
            out.push(whole(&trade, Tier::Group));
        }
        Some(Parenthesis::ShortName { legal, short }) => {
            out.push(whole(&legal, Tier::Same));
            out.push(whole(&short, Tier::Group));
        }
        None => out.push(whole(text, Tier::Same)),
    }
    let lower = text.to_ascii_lowercase();
    // Lower-casing ASCII keeps every offset.
    for between in BETWEEN {
        if let Some((a, b)) = lower
            .find(between)
            .and_then(|at| Some((text.get(..at)?, text.get(at.checked_add(between.len())?..)?)))
        {
            out.push(whole(a, Tier::Same));
            out.push(whole(b, Tier::Group));
            break;
        }
    }
    if let Some((a, b)) = text.split_once('/')
        && [a, b]
            .iter()
            .all(|side| side.trim().chars().count() >= MIN_SIDE)
    {
        out.push(whole(a, Tier::Review));
        out.push(whole(b, Tier::Review));
    }
    out.retain(|v| !v.name.core.is_empty());
    out
}
