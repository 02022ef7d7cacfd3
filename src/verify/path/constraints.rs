//! Name constraints (RFC 5280 section 4.2.1.10): what an authority may issue for. Checked for each constrained authority on its
//! own, which is what the intersection of section 6.1.4 (g) comes to.
//!
//! Constraints on forms that are not compared here (otherName, x400Address, ediPartyName, registeredID) fail a path only where
//! a certificate below has a name of that form.

use super::budget::MAX_NAME_COMPARISONS;
use super::check::title;
use super::fault::{Defect, Fault};
use super::general_name::{Base, Subject, base_of, subjects};
use crate::base::der::{Reader, Tlv, tag};
use crate::model::certificate::{Certificate, SharedCertificate};

/// Checks `path`, leaf first and anchor last. `strict` holds constraints to the letter of the profile.
/// `comparisons` counts what the whole search has spent.
pub(super) fn check(
    path: &[SharedCertificate],
    strict: bool,
    comparisons: &mut usize,
) -> Result<(), Defect> {
    let mut names: Vec<Option<Vec<Subject>>> = vec![None; path.len()];
    for (position, issuer) in path.iter().enumerate().skip(1).rev() {
        let Some(value) = &issuer.extensions.name_constraints else {
            continue;
        };
        let constraints = Constraints::read(value, strict)
            .map_err(|what| violation(issuer, format!("has name constraints that {what}")))?;
        for (below, certificate) in path.iter().enumerate().take(position) {
            // Section 6.1.3 (b): a self-issued certificate inside the path is exempt, the last one is not.
            if below > 0 && certificate.is_self_issued() {
                continue;
            }
            let Some(slot) = names.get_mut(below) else {
                continue;
            };
            let subjects = slot.get_or_insert_with(|| {
                let found = subjects(certificate);
                *comparisons = comparisons.saturating_add(found.len());
                found
            });
            constraints
                .admit(subjects, comparisons)
                .map_err(|refusal| match refusal {
                    Refusal::Budget => Defect::new(
                        Fault::BudgetExceeded,
                        format!("name constraints of {} need more than {MAX_NAME_COMPARISONS} comparisons", title(issuer)),
                    ),
                    Refusal::Name(what) => violation(
                        certificate,
                        format!("{what} that {} may not issue for", title(issuer)),
                    ),
                })?;
        }
    }
    Ok(())
}

fn violation(certificate: &Certificate, what: String) -> Defect {
    Defect::new(
        Fault::NameConstraints,
        format!("{} {what}", title(certificate)),
    )
}

enum Refusal {
    Budget,
    Name(String),
}

struct Constraints {
    permitted: Vec<Base>,
    excluded: Vec<Base>,
}

impl Constraints {
    fn read(value: &[u8], strict: bool) -> Result<Self, &'static str> {
        let parts = || -> Result<_, crate::base::der::Error> {
            let mut input = Reader::der(value);
            let mut fields = input
                .expect(tag::SEQUENCE, "expected NameConstraints")?
                .reader();
            input.finish()?;
            let permitted = fields.optional(tag::explicit(0))?;
            let excluded = fields.optional(tag::explicit(1))?;
            fields.finish()?;
            Ok((permitted, excluded))
        };
        let (permitted, excluded) = parts().map_err(|_| "cannot be decoded")?;
        Ok(Self {
            permitted: subtrees(permitted, strict)?,
            excluded: subtrees(excluded, strict)?,
        })
    }

    fn admit(&self, subjects: &[Subject], comparisons: &mut usize) -> Result<(), Refusal> {
        let per_name = self.permitted.len().saturating_add(self.excluded.len());
        *comparisons = comparisons.saturating_add(subjects.len().saturating_mul(per_name));
        if *comparisons > MAX_NAME_COMPARISONS {
            return Err(Refusal::Budget);
        }
        for subject in subjects {
            let of_form = |base: &&Base| base.form() == subject.form();
            let opaque = matches!(subject, Subject::Opaque(_));
            if self
                .excluded
                .iter()
                .filter(of_form)
                .any(|base| opaque || base.touches(subject))
            {
                return Err(Refusal::Name(subject.shown()));
            }
            let mut permitted = self.permitted.iter().filter(of_form).peekable();
            if permitted.peek().is_some() && (opaque || !permitted.any(|base| base.covers(subject)))
            {
                return Err(Refusal::Name(subject.shown()));
            }
        }
        Ok(())
    }
}

fn subtrees(list: Option<Tlv<'_>>, strict: bool) -> Result<Vec<Base>, &'static str> {
    let Some(list) = list else {
        return Ok(Vec::new());
    };
    let mut members = list.reader();
    let mut found = Vec::new();
    while !members.is_empty() {
        let subtree = members
            .expect(tag::SEQUENCE, "")
            .map_err(|_| "cannot be decoded")?;
        let mut fields = subtree.reader();
        let base = fields.any().map_err(|_| "cannot be decoded")?;
        // minimum is 0 and maximum absent in this profile; others would mean something that is not compared.
        if !fields.is_empty() {
            return Err("limit distances, which is not evaluated");
        }
        found.push(base_of(&base, strict)?);
    }
    Ok(found)
}
