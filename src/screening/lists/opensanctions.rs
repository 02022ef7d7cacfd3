//! A user's `targets.simple.csv` of OpenSanctions: one row a target, `;` inside fields.
//!
//! The data are licensed CC BY-NC 4.0: none ship and none are fetched; what the user has is read. The file gives numbers without
//! their kind, so that only those are taken whose check digits say what they are. Form taken from its documentation.

use time::Date;

use super::entries::blank;
use super::ofac::push_name;
use super::{Adapter, Each, Error, MAX_RECORDS, Part, numbers, only};
use crate::base::records::delimited::{Table, header};
use crate::identity::lei;
use crate::model::list::{ListEntry, ListedKind, NameKind};

const FORM: &str = "opensanctions-csv";

/// The adapter.
#[derive(Debug)]
pub(super) struct Csv;

impl Adapter for Csv {
    fn id(&self) -> &'static str {
        FORM
    }

    fn recognise(&self, start: &[u8]) -> Option<&'static str> {
        let header: Vec<String> = header(start, ',')
            .iter()
            .map(|h| h.trim_matches('"').to_owned())
            .collect();
        ["id", "schema", "name", "aliases", "identifiers", "dataset"]
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
        let needed = ["id", "schema", "name", "countries"];
        let mut table = Table::open(FORM, only(FORM, parts)?, b',', &needed, MAX_RECORDS)?;
        while let Some(record) = table.next()? {
            let get = |name: &str| table.get(&record, name);
            let several = |name: &str| {
                get(name)
                    .split(';')
                    .map(str::trim)
                    .filter(|v| !v.is_empty())
                    .collect::<Vec<_>>()
            };
            if get("id").is_empty() {
                return Err(record.fault("no id"));
            }
            let id = get("id");
            let mut entry = ListEntry {
                kind: match get("schema") {
                    "Person" => ListedKind::Person,
                    "Company" | "Organization" | "LegalEntity" | "PublicBody" => {
                        ListedKind::Organization
                    }
                    "Vessel" => ListedKind::Vessel,
                    "Airplane" => ListedKind::Aircraft,
                    _ => ListedKind::Unknown,
                },
                programmes: several("sanctions")
                    .into_iter()
                    .map(str::to_owned)
                    .collect(),
                remarks: get("dataset").into(),
                citation: format!("OpenSanctions {id} ({})", get("dataset")),
                ..blank(list, id, record.sha256)
            };
            push_name(&mut entry, get("name"), NameKind::Primary);
            for alias in several("aliases") {
                push_name(&mut entry, alias, NameKind::Alias);
            }
            for country in several("countries") {
                numbers::add_country(&mut entry, country);
            }
            for number in several("identifiers") {
                identifier(&mut entry, number);
            }
            each(entry)?;
        }
        Ok(None)
    }
}

fn identifier(entry: &mut ListEntry, number: &str) {
    let russian = entry.countries.iter().any(|c| c == "RU");
    if russian && is_inn(number) {
        numbers::add(entry, "INN", number, Some("RU"));
    } else if russian && is_ogrn(number) {
        numbers::add(entry, "OGRN", number, Some("RU"));
    } else if lei::is_valid(number) {
        numbers::add(entry, "LEI", number, None);
    }
}

/// ИНН of a company: ten digits, the last a check digit over the nine before it.
fn is_inn(text: &str) -> bool {
    const WEIGHTS: [u32; 9] = [2, 4, 10, 3, 5, 9, 4, 6, 8];
    let digits: Option<Vec<u32>> = text.chars().map(|c| c.to_digit(10)).collect();
    let Some(digits) = digits.filter(|d| d.len() == 10) else {
        return false;
    };
    let sum: u32 = digits
        .iter()
        .zip(WEIGHTS)
        .map(|(digit, weight)| digit.saturating_mul(weight))
        .sum();
    digits.last() == Some(&(sum % 11 % 10))
}

/// ОГРН: thirteen digits, the last the remainder of the twelve before it by eleven.
fn is_ogrn(text: &str) -> bool {
    if text.len() != 13 || !text.bytes().all(|b| b.is_ascii_digit()) {
        return false;
    }
    let (body, check) = text.split_at(12);
    body.parse::<u64>().map(|n| n % 11 % 10) == check.parse::<u64>()
}
