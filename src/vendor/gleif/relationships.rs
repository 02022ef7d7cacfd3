//! Relationship records (RR-CDF 2.1): `RelationshipRecord` and the golden copy's columns.

use super::{Outcome, day, field, is_deleted, is_lei, places};
use crate::base::records::Error;
use crate::base::records::delimited::{Columns, Record};
use crate::base::records::markup::Node;
use crate::model::legal_entity::{LeiRelationship, LeiRow};

/// The period in which the relationship itself holds; the others are of accounts and of documents.
const RELATIONSHIP_PERIOD: &str = "RELATIONSHIP_PERIOD";
/// The qualifier that names the accounting standard.
const ACCOUNTING_STANDARD: &str = "ACCOUNTING_STANDARD";
/// Periods and qualifiers for which the golden copy has columns, and room.
const SLOTS: usize = 5;

/// Columns in the order that [`of_columns`] takes them.
const COLUMNS: [&str; 9] = [
    "Relationship.StartNode.NodeID",
    "Relationship.StartNode.NodeIDType",
    "Relationship.EndNode.NodeID",
    "Relationship.EndNode.NodeIDType",
    "Relationship.RelationshipType",
    "Relationship.RelationshipStatus",
    "Registration.RegistrationStatus",
    "Registration.ValidationSources",
    "Registration.LastUpdateDate",
];

/// Columns that no file of this kind lacks.
const NEEDED: [&str; 4] = [
    "Relationship.StartNode.NodeID",
    "Relationship.EndNode.NodeID",
    "Relationship.RelationshipType",
    "Relationship.RelationshipStatus",
];

pub(super) fn of_columns(
    form: &'static str,
    head: &Record,
) -> Result<impl Fn(&Record) -> Outcome + use<>, Error> {
    let columns = Columns::of(form, head, &NEEDED)?;
    let fixed = places(&columns, &COLUMNS.map(str::to_owned));
    let group = |parent: &str, parts: [&str; 3]| -> Vec<Vec<Option<usize>>> {
        (1..=SLOTS)
            .map(|n| {
                let names = parts.map(|part| format!("Relationship.{parent}.{n}.{part}"));
                places(&columns, &names)
            })
            .collect()
    };
    let periods = group("Period", ["periodType", "startDate", "endDate"]);
    let qualifiers = group(
        "Qualifiers",
        ["QualifierDimension", "QualifierCategory", ""],
    );
    Ok(move |record: &Record| {
        let texts = |group: &[Vec<Option<usize>>]| -> Vec<[String; 3]> {
            let text = |places: &Vec<Option<usize>>, i: usize| {
                field(record, places.get(i).copied().flatten()).to_owned()
            };
            let three = |places| [text(places, 0), text(places, 1), text(places, 2)];
            group.iter().map(three).collect()
        };
        let mut at = fixed.iter().map(|place| field(record, *place));
        let mut next = || at.next().unwrap_or_default();
        let (child, child_type) = (next().to_owned(), next().to_owned());
        let (parent, parent_type) = (next().to_owned(), next().to_owned());
        let mut relationship = LeiRelationship {
            child,
            parent,
            kind: next().into(),
            status: next().into(),
            registration: next().into(),
            corroboration: next().into(),
            updated: day(next()),
            ..LeiRelationship::default()
        };
        for [kind, from, to] in texts(&periods) {
            period(&mut relationship, &kind, &from, &to);
        }
        for [dimension, category, _] in texts(&qualifiers) {
            qualifier(&mut relationship, &dimension, &category);
        }
        checked(relationship, &[&child_type, &parent_type])
    })
}

pub(super) fn of_node(node: &Node) -> Outcome {
    if is_deleted(node) {
        return Outcome::Deleted;
    }
    let (relation, registration) = (node.first("Relationship"), node.first("Registration"));
    let (start, end) = (relation.first("StartNode"), relation.first("EndNode"));
    let mut relationship = LeiRelationship {
        child: start.child("NodeID").into(),
        parent: end.child("NodeID").into(),
        kind: relation.child("RelationshipType").into(),
        status: relation.child("RelationshipStatus").into(),
        registration: registration.child("RegistrationStatus").into(),
        corroboration: registration.child("ValidationSources").into(),
        updated: day(registration.child("LastUpdateDate")),
        ..LeiRelationship::default()
    };
    for p in relation
        .first("RelationshipPeriods")
        .all("RelationshipPeriod")
    {
        period(
            &mut relationship,
            p.child("PeriodType"),
            p.child("StartDate"),
            p.child("EndDate"),
        );
    }
    for q in relation
        .first("RelationshipQualifiers")
        .all("RelationshipQualifier")
    {
        qualifier(
            &mut relationship,
            q.child("QualifierDimension"),
            q.child("QualifierCategory"),
        );
    }
    checked(
        relationship,
        &[start.child("NodeIDType"), end.child("NodeIDType")],
    )
}

fn period(relationship: &mut LeiRelationship, kind: &str, from: &str, to: &str) {
    if kind == RELATIONSHIP_PERIOD {
        relationship.from = day(from);
        relationship.to = day(to);
    }
}

fn qualifier(relationship: &mut LeiRelationship, dimension: &str, category: &str) {
    if dimension == ACCOUNTING_STANDARD {
        relationship.standard = category.to_owned();
    }
}

/// RR-CDF 2.1 allows nodes that are identified otherwise in principle; what is no LEI is found by none.
fn checked(relationship: LeiRelationship, types: &[&str]) -> Outcome {
    if types.iter().any(|t| !t.is_empty() && *t != "LEI") {
        return Outcome::Unusable("a node that is identified by something else than an LEI");
    }
    if !is_lei(&relationship.child) || !is_lei(&relationship.parent) {
        return Outcome::Unusable("a node without an LEI");
    }
    if relationship.kind.is_empty() {
        return Outcome::Unusable("no relationship type");
    }
    Outcome::Row(LeiRow::Relationship(Box::new(relationship)))
}
