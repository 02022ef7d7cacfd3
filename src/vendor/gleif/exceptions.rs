//! Reporting exceptions (Reporting Exceptions Format 2.1): `Exception` and the golden copy's columns.

use super::{Outcome, field, is_deleted, is_lei, places};
use crate::base::records::Error;
use crate::base::records::delimited::{Columns, Record};
use crate::base::records::markup::Node;
use crate::model::legal_entity::{LeiException, LeiRow};

/// Reasons of one exception; the published files have up to eight.
const MAX_REASONS: usize = 16;

/// Columns that no file of this kind lacks.
const NEEDED: [&str; 3] = ["LEI", "Exception.Category", "Exception.Reason.1"];

pub(super) fn of_columns(
    form: &'static str,
    head: &Record,
) -> Result<impl Fn(&Record) -> Outcome + use<>, Error> {
    let columns = Columns::of(form, head, &NEEDED)?;
    let (lei, category) = (columns.place("LEI"), columns.place("Exception.Category"));
    let slots: Vec<String> = (1..=MAX_REASONS)
        .map(|n| format!("Exception.Reason.{n}"))
        .collect();
    let reasons = places(&columns, &slots);
    Ok(move |record: &Record| {
        let reasons = reasons.iter().map(|place| field(record, *place));
        checked(LeiException {
            lei: field(record, lei).into(),
            category: field(record, category).into(),
            reasons: reasons
                .filter(|r| !r.is_empty())
                .map(str::to_owned)
                .collect(),
        })
    })
}

pub(super) fn of_node(node: &Node) -> Outcome {
    if is_deleted(node) {
        return Outcome::Deleted;
    }
    let reasons = node.all("ExceptionReason").map(Node::text);
    checked(LeiException {
        lei: node.child("LEI").into(),
        category: node.child("ExceptionCategory").into(),
        reasons: reasons
            .filter(|r| !r.is_empty())
            .take(MAX_REASONS)
            .map(str::to_owned)
            .collect(),
    })
}

fn checked(exception: LeiException) -> Outcome {
    if !is_lei(&exception.lei) {
        return Outcome::Unusable("no LEI");
    }
    if exception.category.is_empty() || exception.reasons.is_empty() {
        return Outcome::Unusable("no category or no reason");
    }
    Outcome::Row(LeiRow::Exception(exception))
}

/// What a reason means, in the words of the format; `None` for a word that it does not have.
pub fn meaning(reason: &str) -> Option<&'static str> {
    Some(match reason {
        "NO_LEI" => "the parent has no LEI and does not consent to have one",
        "NATURAL_PERSONS" => "natural persons control it, without an entity that consolidates it",
        "NON_CONSOLIDATING" => "legal entities control it that need not consolidate it",
        "NO_KNOWN_PERSON" => "no person is known to control it, as with dispersed shares",
        "NON_PUBLIC" => "its parent is not public",
        "BINDING_LEGAL_COMMITMENTS" => "legal commitments forbid to tell",
        "LEGAL_OBSTACLES" => "law forbids to tell",
        "CONSENT_NOT_OBTAINED" => "the parent did not consent",
        "DETRIMENT_NOT_EXCLUDED" => "telling may be detrimental",
        "DISCLOSURE_DETRIMENTAL" => "telling is detrimental",
        _ => return None,
    })
}
