//! Names of organisations in a normal form, and when two of them are the same name.
//!
//! Folding (NFKC, case, own Cyrillic and Greek romanisation, diacritics, punctuation) is followed by peeling of legal forms
//! at both ends; what remains is the core. Only identical cores are compared here: no distances, no shared tokens. The
//! original text is kept, and every comparison can print both normal forms.
//!
//! It does not prove that two companies of one name are one company: that needs a country or an identifier.

mod compare;
mod fold;
mod forms;
mod romanise;
#[cfg(test)]
mod tests;

pub use compare::{Comparison, Named, compare};
pub use fold::fold;

use std::collections::BTreeSet;

pub use forms::FormClass;

/// Longest name that is normalised, in characters: X.520 ub-organization-name is 64, real ones reach 200.
const MAX_CHARS: usize = 1024;

/// Words that name no company by themselves; a core made of these alone is no evidence of identity.
const GENERIC: &[&str] = &[
    "and",
    "association",
    "business",
    "center",
    "centre",
    "china",
    "communications",
    "consulting",
    "data",
    "development",
    "digital",
    "electronics",
    "engineering",
    "enterprise",
    "enterprises",
    "first",
    "foundation",
    "games",
    "general",
    "global",
    "group",
    "holding",
    "holdings",
    "industrial",
    "industries",
    "information",
    "innovation",
    "innovations",
    "institute",
    "international",
    "internet",
    "investment",
    "lab",
    "laboratories",
    "laboratory",
    "labs",
    "limited",
    "management",
    "media",
    "mobile",
    "national",
    "network",
    "networks",
    "new",
    "of",
    "online",
    "open",
    "partners",
    "products",
    "project",
    "research",
    "science",
    "security",
    "service",
    "services",
    "smart",
    "soft",
    "software",
    "solution",
    "solutions",
    "source",
    "studio",
    "system",
    "systems",
    "tech",
    "technologies",
    "technology",
    "telecom",
    "trade",
    "trading",
    "university",
    "usa",
    "ventures",
    "web",
    "world",
];

/// Places that stand in parentheses inside names; such a parenthesis is neither an alias nor a legal name.
const PLACES: &[&str] = &[
    "asia",
    "australia",
    "beijing",
    "canada",
    "china",
    "deutschland",
    "europe",
    "france",
    "germany",
    "guangzhou",
    "hangzhou",
    "hong kong",
    "hongkong",
    "india",
    "international",
    "ireland",
    "israel",
    "italy",
    "japan",
    "korea",
    "malaysia",
    "nanjing",
    "poland",
    "pvt",
    "russia",
    "shanghai",
    "shenzhen",
    "singapore",
    "spain",
    "switzerland",
    "taiwan",
    "thailand",
    "uk",
    "us",
    "usa",
    "vietnam",
    "xiamen",
    "private",
    "pty",
    "suzhou",
    "chengdu",
];

/// A name in normal form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NormalName {
    /// As it was given, in its own script; hostile text.
    pub original: String,
    /// Folded words, legal forms included, joined by single spaces.
    pub folded: String,
    /// Folded words without legal forms; what is compared.
    pub core: String,
    /// Kinds of legal form that were peeled off.
    pub forms: BTreeSet<FormClass>,
}

impl NormalName {
    /// The core says too little to identify anybody: empty, very short, or generic words only.
    pub fn is_weak(&self) -> bool {
        self.core.chars().filter(|c| c.is_alphanumeric()).count() < 3
            || self
                .core
                .split(' ')
                .all(|word| GENERIC.contains(&word) || word.chars().all(|c| c.is_ascii_digit()))
    }

    /// At least one legal form was written.
    pub fn has_form(&self) -> bool {
        !self.forms.is_empty()
    }
}

/// The normal form of `name`.
pub fn normalise(name: &str) -> NormalName {
    let bounded: String = name.chars().take(MAX_CHARS).collect();
    let folded = fold(&bounded);
    let (core, forms) = forms::peel(&folded);
    NormalName {
        original: name.to_owned(),
        folded,
        core,
        forms,
    }
}

/// What a parenthesis at the end of an organisation name means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Parenthesis {
    /// `DBA (Legal Name)` (CA/B Forum Code Signing BR section 7.1.4.2.4): the legal name.
    LegalName {
        /// The trade name before it.
        trade: String,
        /// The legal name inside.
        legal: String,
    },
    /// `Legal Name (Short)`, as lists write it.
    ShortName {
        /// The legal name before it.
        legal: String,
        /// The short name inside.
        short: String,
    },
}

/// Reads a parenthesis at the end of `name`; one that holds a place says nothing.
pub fn parenthesis(name: &str) -> Option<Parenthesis> {
    let body = name.trim().strip_suffix(')')?;
    let (before, inside) = body.rsplit_once('(')?;
    let (before, inside) = (before.trim(), inside.trim());
    if before.is_empty() || inside.is_empty() || PLACES.contains(&fold(inside).as_str()) {
        return None;
    }
    if normalise(before).has_form() && !normalise(inside).has_form() {
        return Some(Parenthesis::ShortName {
            legal: before.to_owned(),
            short: inside.to_owned(),
        });
    }
    Some(Parenthesis::LegalName {
        trade: before.to_owned(),
        legal: inside.to_owned(),
    })
}

/// The names by which `name` may be compared: itself without a trailing parenthesis, and the legal name inside one.
pub fn legal_names(name: &str) -> Vec<NormalName> {
    match parenthesis(name) {
        Some(Parenthesis::LegalName { legal, .. } | Parenthesis::ShortName { legal, .. }) => {
            vec![normalise(&legal), normalise(name)]
        }
        None => vec![normalise(name)],
    }
}
