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

/// Compares by identical core; `None` where the cores differ.
///
/// Only agreement of name *and* country makes one entity. A missing country or an empty core is for a person, a conflict of
/// country or legal form makes two companies of one name, which may be affiliates.
pub fn compare(a: Named<'_>, b: Named<'_>) -> Option<Comparison> {
    if a.name.core.is_empty() || a.name.core != b.name.core {
        return None;
    }
    let weak = a.name.is_weak();
    let (tier, rule) = if a.countries.is_empty() || b.countries.is_empty() {
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
    } else if weak && (a.name.folded != b.name.folded) {
        (Tier::Review, "same short or generic name and country")
    } else {
        (Tier::Same, "same name and country")
    };
    Some(Comparison {
        tier,
        rule,
        compared: (a.name.core.clone(), b.name.core.clone()),
    })
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
    a.is_disjoint(b)
}
