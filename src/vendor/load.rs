//! Reading registry files: what breaks a rule of [`super::lint`] is no registry.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::OnceLock;

use super::lint::{self, Problem};
use super::registry::Registry;

/// Why the registry cannot be used: every rule that its files break.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("vendors/{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
pub struct Error(pub Vec<Problem>);

pub(super) fn read(files: &[(&str, &str)]) -> Result<Registry, Error> {
    let (mut vendors, problems) = lint::files(files.iter().copied(), &BTreeMap::new());
    if !problems.is_empty() {
        return Err(Error(problems));
    }
    let mut registry = Registry::default();
    for (file, text) in files {
        let vendor = OnceLock::from(vendors.remove(*file));
        registry.add(file, Cow::Owned((*text).to_owned()), vendor);
    }
    Ok(registry)
}

/// `32.34` as 3234; nothing over 100 %.
pub(super) fn hundredths(percent: &str) -> Option<u16> {
    let (whole, part) = percent.split_once('.').unwrap_or((percent, "0"));
    let digits = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
    if !digits(whole) || !digits(part) || part.len() > 2 {
        return None;
    }
    let scale = if part.len() == 1 { 10 } else { 1 };
    let hundredths = whole
        .parse::<u16>()
        .ok()?
        .checked_mul(100)?
        .checked_add(part.parse::<u16>().ok()?.checked_mul(scale)?)?;
    (hundredths <= 10_000).then_some(hundredths)
}
