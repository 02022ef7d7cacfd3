//! The UK Sanctions List, CSV: a line with the report's date, a header, then a row for each name.
//!
//! Rows of one designation share their unique ID and stand together; columns are bound by name. Form taken from its documentation, not
//! from a published file.

use time::Date;

use super::entries::{Grouped, blank};
use super::eu_csv::date;
use super::ofac::push_name;
use super::{Adapter, Each, Error, MAX_RECORDS, Part, numbers, only};
use crate::base::records::delimited::{Columns, Record, Records, fold};
use crate::model::list::{ListEntry, ListedKind, NameKind};

const FORM: &str = "uk-csv";

/// The adapter.
#[derive(Debug)]
pub(super) struct Csv;

impl Adapter for Csv {
    fn id(&self) -> &'static str {
        FORM
    }

    fn recognise(&self, start: &[u8]) -> Option<&'static str> {
        let text = String::from_utf8_lossy(start);
        let mut lines = text.lines().take(3).map(fold);
        lines
            .any(|l| l.contains("uniqueid") && l.contains("name6"))
            .then_some("list")
    }

    fn read(
        &self,
        list: &str,
        parts: &mut [Part<'_>],
        each: Each<'_>,
    ) -> Result<Option<Date>, Error> {
        let mut records = Records::new(only(FORM, parts)?, b',', MAX_RECORDS);
        let mut reported = None;
        let mut columns = None;
        // The header is the first line or the one after the date.
        for _ in 0..3 {
            let Some(record) = records.next()? else { break };
            if record.fields.iter().any(|f| fold(f) == "uniqueid") {
                columns = Some(Columns::of(FORM, &record, &["Unique ID", "Name 6"])?);
                break;
            }
            reported = record.fields.iter().find_map(|f| report_date(f));
        }
        let Some(columns) = columns else {
            return Err(Error::Form {
                form: FORM,
                why: "no column \"Unique ID\" in the first lines".into(),
            });
        };
        let mut grouped = Grouped::default();
        while let Some(record) = records.next()? {
            let id = columns.get(&record, "Unique ID");
            if id.is_empty() {
                return Err(record.fault("no unique ID"));
            }
            let entry = grouped.of(id, each, || start(list, &columns, &record))?;
            add(entry, &columns, &record);
        }
        grouped.finish(each)?;
        Ok(reported)
    }
}

/// The first of several names of a column that the file has.
fn any<'r>(columns: &Columns, record: &'r Record, names: &[&str]) -> &'r str {
    names
        .iter()
        .map(|name| columns.get(record, name))
        .find(|value| !value.is_empty())
        .unwrap_or_default()
}

fn start(list: &str, columns: &Columns, record: &Record) -> ListEntry {
    let id = columns.get(record, "Unique ID");
    let kind = any(
        columns,
        record,
        &[
            "Type",
            "Individual, Entity, Ship",
            "Designation Type",
            "Group Type",
        ],
    );
    ListEntry {
        kind: match kind.to_ascii_lowercase().as_str() {
            "entity" => ListedKind::Organization,
            "individual" => ListedKind::Person,
            "ship" => ListedKind::Vessel,
            _ => ListedKind::Unknown,
        },
        from: date(any(columns, record, &["Date Designated", "Listed On"])),
        programmes: vec![any(columns, record, &["Regime", "Regime Name"]).into()],
        remarks: any(columns, record, &["Other Information"]).into(),
        citation: format!("UK Sanctions List, {id}"),
        ..blank(list, id, record.sha256)
    }
}

fn add(entry: &mut ListEntry, columns: &Columns, record: &Record) {
    let get = |name: &str| columns.get(record, name);
    // Name 6 is the family name, or the whole name of a body.
    let name: Vec<&str> = ["Name 1", "Name 2", "Name 3", "Name 4", "Name 5", "Name 6"]
        .iter()
        .map(|part| get(part))
        .filter(|part| !part.is_empty())
        .collect();
    let weak = any(columns, record, &["Alias strength"]).to_ascii_lowercase();
    let kind = if weak.contains("low") || weak.contains("weak") {
        NameKind::Weak
    } else if get("Name type").eq_ignore_ascii_case("primary name") && entry.names.is_empty() {
        NameKind::Primary
    } else {
        NameKind::Alias
    };
    push_name(entry, &name.join(" "), kind);
    let native = any(
        columns,
        record,
        &["Name non-latin", "Name non-latin script"],
    );
    push_name(entry, native, NameKind::Alias);
    for column in [
        "Address Country",
        "Country",
        "Nationality(/ies)",
        "Nationality",
        "Flag of ship",
        "Current believed flag of ship",
    ] {
        numbers::add_country(entry, get(column));
    }
    let country = entry.countries.first().cloned();
    let registration = [
        "Business registration number (s)",
        "Business registration number",
    ];
    for number in any(columns, record, &registration).split(';') {
        numbers::add(
            entry,
            "Business Registration Number",
            number,
            country.as_deref(),
        );
    }
    numbers::add(entry, "IMO number", get("IMO number"), None);
    for website in get("Website").split(';') {
        numbers::add(entry, "Website", website, None);
    }
}

/// `Report Date: 25-Nov-2026`, or with a month in digits.
fn report_date(text: &str) -> Option<Date> {
    const MONTHS: [&str; 12] = [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    ];
    let text = text.rsplit(' ').next()?;
    let mut parts = text.split(['-', '/']);
    let (day, month, year) = (parts.next()?, parts.next()?, parts.next()?);
    let month = match month.parse::<usize>() {
        Ok(month) => month,
        Err(_) => {
            let word = month.to_ascii_lowercase();
            MONTHS
                .iter()
                .position(|m| word.starts_with(m))?
                .checked_add(1)?
        }
    };
    date(&format!("{day:0>2}/{month:02}/{year}"))
}
