//! The EU's consolidated list of financial sanctions, CSV 1.1: semicolons, 118 columns, a row for each name, address or number.
//!
//! Rows of one entity stand together. Form taken from its documentation, not from a published file.

use time::Date;

use super::entries::{Grouped, blank};
use super::eu::kind;
use super::ofac::push_name;
use super::{Adapter, Each, Error, MAX_RECORDS, Part, numbers, only};
use crate::base::records::delimited::{Table, header};
use crate::base::time::parse_date;
use crate::model::list::{ListEntry, NameKind};

const FORM: &str = "eu-csv";
/// Fewest fields of a row: those at its end may be left out.
const LEAST: usize = 3;

/// The adapter.
#[derive(Debug)]
pub(super) struct Csv;

impl Adapter for Csv {
    fn id(&self) -> &'static str {
        FORM
    }

    fn recognise(&self, start: &[u8]) -> Option<&'static str> {
        let header = header(start, ';');
        ["entitylogicalid", "namealiaswholename"]
            .iter()
            .all(|c| header.iter().any(|h| h == c))
            .then_some("list")
    }

    fn read(
        &self,
        list: &str,
        parts: &mut [Part<'_>],
        each: Each<'_>,
    ) -> Result<Option<Date>, Error> {
        let needed = ["Entity_LogicalId", "NameAlias_WholeName"];
        let mut table = Table::open(FORM, only(FORM, parts)?, b';', &needed, MAX_RECORDS)?;
        let mut generated = None;
        let mut grouped = Grouped::default();
        while let Some(record) = table.next_of(LEAST)? {
            let get = |name: &str| table.get(&record, name);
            let day = |name: &str| date(get(name));
            generated = generated.or_else(|| day("fileGenerationDate"));
            let reference = get("Entity_EU_ReferenceNumber");
            let id = if reference.is_empty() {
                get("Entity_LogicalId")
            } else {
                reference
            };
            if id.is_empty() {
                return Err(record.fault("no reference number"));
            }
            let entry = grouped.of(id, each, || ListEntry {
                kind: kind(get("Entity_SubjectType_ClassificationCode")),
                from: day("Entity_DesignationDate")
                    .or_else(|| day("Entity_Regulation_EntryIntoForceDate")),
                programmes: vec![get("Entity_Regulation_Programme").into()],
                remarks: get("Entity_Remark").into(),
                citation: format!(
                    "EU consolidated list {id}, {}",
                    get("Entity_Regulation_NumberTitle")
                ),
                ..blank(list, id, record.sha256)
            })?;
            let primary = entry.names.is_empty();
            let strength = match get("NameAlias_Strong").to_ascii_lowercase().as_str() {
                "false" => NameKind::Weak,
                _ if primary => NameKind::Primary,
                _ => NameKind::Alias,
            };
            push_name(entry, get("NameAlias_WholeName"), strength);
            for column in [
                "Address_CountryIso2Code",
                "Citizenship_CountryIso2Code",
                "Identification_CountryIso2Code",
            ] {
                numbers::add_country(entry, get(column));
            }
            let label = get("Identification_TypeDescription");
            let country = Some(get("Identification_CountryIso2Code"));
            numbers::add(entry, label, get("Identification_Number"), country);
        }
        grouped.finish(each)?;
        Ok(generated)
    }
}

/// `2024-02-23` or `23/02/2024`, with or without a time.
pub(super) fn date(text: &str) -> Option<Date> {
    let text = text.get(..10)?;
    parse_date(text).or_else(|| {
        let mut parts = text.split(['/', '-']);
        let (day, month, year) = (parts.next()?, parts.next()?, parts.next()?);
        parse_date(&format!("{year}-{month}-{day}"))
    })
}
