//! When two names are one: the exact tier of the matching rules.

use std::collections::BTreeSet;

use super::{FormClass, NormalName};
use crate::model::party::Tier;

/// A name with the countries that its evidence gives.
#[derive(Debug, Clone, Copy)]
pub struct Named<'a> {
    /// The name.
    pub name: &'a NormalName,
    /// ISO 3166-1 codes; empty where unknown.
    pub countries: &'a BTreeSet<String>,
}

/// What a comparison came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparison {
    /// How surely.
    pub tier: Tier,
    /// The rule that fired.
    pub rule: &'static str,
    /// Normal forms compared, in the order of the arguments.
    pub compared: (String, String),
}

/// Compares by equal core; `None` where the cores differ.
///
/// Only agreement of name *and* country makes one entity. A missing country or an empty core is for a person, a conflict of
/// country or legal form makes two companies of one name, which may be affiliates.
pub fn compare(a: Named<'_>, b: Named<'_>) -> Option<Comparison> {
    shown(a, b, judge(a, b))
}

/// A tier and the rule that gave it.
pub(super) type Judged = Option<(Tier, &'static str)>;

/// With the normal forms that a report prints.
pub(super) fn shown(a: Named<'_>, b: Named<'_>, judged: Judged) -> Option<Comparison> {
    let (tier, rule) = judged?;
    Some(Comparison {
        tier,
        rule,
        compared: (a.name.core.clone(), b.name.core.clone()),
    })
}

pub(super) fn judge(a: Named<'_>, b: Named<'_>) -> Judged {
    if a.name.core.is_empty() || b.name.core.is_empty() || !equal(a.name, b.name) {
        return None;
    }
    let weak = a.name.is_weak() || b.name.is_weak();
    Some(if a.name.is_disguised != b.name.is_disguised {
        (Tier::Review, "same name by look-alike letters")
    } else if a.countries.is_empty() || b.countries.is_empty() {
        (Tier::Review, "same name, country unknown")
    } else if a.countries.is_disjoint(b.countries) {
        if weak {
            (Tier::Review, "same short or generic name, other country")
        } else {
            (Tier::Group, "same name, other country")
        }
    } else if forms_conflict(&a.name.forms, &b.name.forms) {
        if weak {
            (Tier::Review, "same short or generic name, other legal form")
        } else {
            (Tier::Group, "same name and country, other legal form")
        }
    } else if weak && bare(&a.name.folded) != bare(&b.name.folded) {
        (Tier::Review, "same short or generic name and country")
    } else {
        (Tier::Same, "same name and country")
    })
}

/// Shortest core whose words may be spaced otherwise: below it, `A B` and `AB` are two names.
const MIN_JOINED: usize = 5;

/// The same words; or the same letters with other spaces, the legal form perhaps written on to the name (`SiemensAG`).
fn equal(a: &NormalName, b: &NormalName) -> bool {
    if a.core == b.core || (!a.words.is_empty() && a.words == b.words) {
        return true;
    }
    a.length.min(b.length) >= MIN_JOINED
        && (a.joined == b.joined || unspaced(&a.folded).eq(unspaced(&b.folded)))
}

fn unspaced(folded: &str) -> impl Iterator<Item = char> {
    folded.chars().filter(|c| *c != ' ')
}

/// Without a leading article.
fn bare(folded: &str) -> &str {
    folded.strip_prefix("the ").unwrap_or(folded)
}

/// Both state a form, and no reading of the two is the same kind of company.
fn forms_conflict(a: &BTreeSet<FormClass>, b: &BTreeSet<FormClass>) -> bool {
    if a.is_empty()
        || b.is_empty()
        || a.contains(&FormClass::Plain)
        || b.contains(&FormClass::Plain)
    {
        return false;
    }
    // A corporation is a company by shares wherever both words are used.
    let shares = |set: &BTreeSet<FormClass>| {
        set.contains(&FormClass::JointStock) || set.contains(&FormClass::Corporation)
    };
    a.is_disjoint(b) && !(shares(a) && shares(b))
}
