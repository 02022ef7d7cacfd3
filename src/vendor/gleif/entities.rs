//! Level 1 records (LEI-CDF 3.1): `LEIRecord` and the golden copy's columns.

use super::{Outcome, day, field, is_deleted, is_lei, places};
use crate::base::records::Error;
use crate::base::records::delimited::{Columns, Record};
use crate::base::records::markup::Node;
use crate::model::legal_entity::{LeiRecord, LeiRow};

/// Other names that are kept of one entity; the golden copy has columns for five of each kind.
const MAX_NAMES: usize = 16;

/// Columns in the order that [`of_columns`] takes them.
const COLUMNS: [&str; 13] = [
    "LEI",
    "Entity.LegalName",
    "Entity.LegalAddress.Country",
    "Entity.HeadquartersAddress.Country",
    "Entity.LegalJurisdiction",
    "Entity.RegistrationAuthority.RegistrationAuthorityID",
    "Entity.RegistrationAuthority.RegistrationAuthorityEntityID",
    "Entity.EntityCategory",
    "Entity.EntityStatus",
    "Entity.SuccessorEntity.1.SuccessorLEI",
    "Registration.RegistrationStatus",
    "Registration.ValidationSources",
    "Registration.LastUpdateDate",
];

/// Columns that no file of this kind lacks.
const NEEDED: [&str; 4] = [
    "LEI",
    "Entity.LegalName",
    "Entity.LegalAddress.Country",
    "Registration.RegistrationStatus",
];

pub(super) fn of_columns(
    form: &'static str,
    head: &Record,
) -> Result<impl Fn(&Record) -> Outcome + use<>, Error> {
    let columns = Columns::of(form, head, &NEEDED)?;
    let fixed = places(&columns, &COLUMNS.map(str::to_owned));
    let slots = [
        "OtherEntityNames.OtherEntityName",
        "TransliteratedOtherEntityNames.TransliteratedOtherEntityName",
    ];
    let names: Vec<String> = slots
        .iter()
        .flat_map(|slot| (1..=5).map(move |n| format!("Entity.{slot}.{n}")))
        .collect();
    let kinds: Vec<String> = names.iter().map(|name| format!("{name}.type")).collect();
    let others: Vec<_> = places(&columns, &names)
        .into_iter()
        .zip(places(&columns, &kinds))
        .collect();
    Ok(move |record: &Record| {
        let mut at = fixed.iter().map(|place| field(record, *place));
        let mut next = || at.next().unwrap_or_default();
        let record = LeiRecord {
            lei: next().into(),
            name: next().into(),
            legal_country: next().into(),
            headquarters_country: next().into(),
            jurisdiction: next().into(),
            register: next().into(),
            register_number: next().into(),
            category: next().into(),
            status: next().into(),
            successor: next().into(),
            registration: next().into(),
            corroboration: next().into(),
            updated: day(next()),
            other_names: others
                .iter()
                .map(|(name, kind)| (field(record, *kind), field(record, *name)))
                .filter(|(_, name)| !name.is_empty())
                .map(|(kind, name)| (kind.to_owned(), name.to_owned()))
                .collect(),
        };
        checked(record)
    })
}

pub(super) fn of_node(node: &Node) -> Outcome {
    if is_deleted(node) {
        return Outcome::Deleted;
    }
    let (entity, registration) = (node.first("Entity"), node.first("Registration"));
    let register = entity.first("RegistrationAuthority");
    let mut others = Vec::new();
    entity
        .first("OtherEntityNames")
        .below("OtherEntityName", &mut others);
    entity
        .first("TransliteratedOtherEntityNames")
        .below("TransliteratedOtherEntityName", &mut others);
    checked(LeiRecord {
        lei: node.child("LEI").into(),
        name: entity.child("LegalName").into(),
        other_names: others
            .iter()
            .filter(|n| !n.text().is_empty())
            .take(MAX_NAMES)
            .map(|n| (n.attribute("type").to_owned(), n.text().to_owned()))
            .collect(),
        legal_country: entity.first("LegalAddress").child("Country").into(),
        headquarters_country: entity.first("HeadquartersAddress").child("Country").into(),
        jurisdiction: entity.child("LegalJurisdiction").into(),
        register: register.child("RegistrationAuthorityID").into(),
        register_number: register.child("RegistrationAuthorityEntityID").into(),
        category: entity.child("EntityCategory").into(),
        status: entity.child("EntityStatus").into(),
        successor: entity.first("SuccessorEntity").child("SuccessorLEI").into(),
        registration: registration.child("RegistrationStatus").into(),
        corroboration: registration.child("ValidationSources").into(),
        updated: day(registration.child("LastUpdateDate")),
    })
}

fn checked(record: LeiRecord) -> Outcome {
    if !is_lei(&record.lei) {
        return Outcome::Unusable("no LEI");
    }
    if record.name.is_empty() {
        return Outcome::Unusable("no legal name");
    }
    Outcome::Row(LeiRow::Entity(Box::new(record)))
}
