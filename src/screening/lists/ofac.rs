//! OFAC's SDN and consolidated lists in their primary CSV form: SDN.CSV or CONS_PRIM.CSV with ALT and ADD beside it.
//!
//! No header; `-0-` is null; twelve columns in the primary file (ent_num, SDN_Name, SDN_Type, Program, Title, Call_Sign, Vess_type,
//! Tonnage, GRT, Vess_flag, Vess_owner, Remarks), five in ALT (ent_num, alt_num, alt_type, alt_name, remarks), six in ADD (ent_num,
//! add_num, address, city, country, remarks). Numbers stand in the remarks, separated by `; `. The form gives no day of listing.
//! Form seen in published files of 2019 to 2025.

use std::collections::BTreeMap;

use time::Date;

use super::{Adapter, Each, Error, MAX_RECORDS, MAX_VALUES, Part, numbers};
use crate::base::records::delimited::{Record, Records, first_line};
use crate::model::list::{ListEntry, ListedKind, ListedName, NameKind};

const FORM: &str = "ofac-csv";
const NULL: &str = "-0-";

/// The adapter.
#[derive(Debug)]
pub(super) struct Csv;

impl Adapter for Csv {
    fn id(&self) -> &'static str {
        FORM
    }

    fn parts(&self) -> &'static [&'static str] {
        &["primary", "aliases", "addresses"]
    }

    fn recognise(&self, start: &[u8]) -> Option<&'static str> {
        let line = first_line(start);
        let mut input = line.as_bytes();
        let record = Records::new(&mut input, b',', MAX_RECORDS).next().ok()??;
        number(&record)?;
        match record.fields.len() {
            12 => Some("primary"),
            5 => Some("aliases"),
            6 => Some("addresses"),
            _ => None,
        }
    }

    fn read(
        &self,
        list: &str,
        parts: &mut [Part<'_>],
        each: Each<'_>,
    ) -> Result<Option<Date>, Error> {
        let mut aliases = BTreeMap::new();
        let mut countries = BTreeMap::new();
        let mut primary = None;
        for (part, input) in parts {
            match *part {
                "aliases" => aliases = side(&mut **input, 5)?,
                "addresses" => countries = side(&mut **input, 6)?,
                _ => primary = Some(input),
            }
        }
        let Some(input) = primary else {
            return Err(Error::Form {
                form: FORM,
                why: "the primary file is missing".into(),
            });
        };
        let mut records = Records::new(&mut **input, b',', MAX_RECORDS);
        while let Some(record) = records.next()? {
            let mut entry = read(list, &record)?;
            for alias in aliases.remove(&entry.id).unwrap_or_default() {
                add_alias(&mut entry, &alias);
            }
            for address in countries.remove(&entry.id).unwrap_or_default() {
                numbers::add_country(&mut entry, field(&address, 4));
            }
            each(entry)?;
        }
        Ok(None)
    }
}

/// Rows of a side table by the entry that they belong to.
fn side(
    input: &mut dyn std::io::BufRead,
    width: usize,
) -> Result<BTreeMap<String, Vec<Record>>, Error> {
    let mut rows: BTreeMap<String, Vec<Record>> = BTreeMap::new();
    let mut records = Records::new(input, b',', MAX_RECORDS);
    while let Some(record) = records.next()? {
        let Some(id) = number(&record).filter(|_| record.fields.len() == width) else {
            return Err(shape(&record, width));
        };
        let of_entry = rows.entry(id).or_default();
        if of_entry.len() < MAX_VALUES {
            of_entry.push(record);
        }
    }
    Ok(rows)
}

fn shape(record: &Record, width: usize) -> Error {
    let why = format!(
        "{width} columns with a number first are expected, {} came",
        record.fields.len()
    );
    if record.number == 1 {
        return Error::Form { form: FORM, why };
    }
    Error::Record {
        record: record.number.min(MAX_RECORDS),
        why,
    }
}

/// The entry's number, which every row begins with.
fn number(record: &Record) -> Option<String> {
    let id = record.fields.first()?;
    (!id.is_empty() && id.len() <= 12 && id.bytes().all(|b| b.is_ascii_digit())).then(|| id.clone())
}

/// A field, empty where it is null.
fn field(record: &Record, place: usize) -> &str {
    record
        .fields
        .get(place)
        .map(String::as_str)
        .filter(|f| *f != NULL)
        .unwrap_or_default()
}

fn read(list: &str, record: &Record) -> Result<ListEntry, Error> {
    let id = number(record).filter(|_| record.fields.len() == 12);
    let Some(id) = id else {
        return Err(shape(record, 12));
    };
    let kind = match field(record, 2) {
        "" => ListedKind::Organization,
        "individual" => ListedKind::Person,
        "vessel" => ListedKind::Vessel,
        "aircraft" => ListedKind::Aircraft,
        _ => ListedKind::Unknown,
    };
    let mut entry = ListEntry {
        list: list.into(),
        kind,
        names: vec![ListedName {
            text: field(record, 1).into(),
            kind: NameKind::Primary,
        }],
        countries: Vec::new(),
        numbers: Vec::new(),
        from: None,
        until: None,
        programmes: field(record, 3)
            .split("] [")
            .filter(|p| !p.is_empty())
            .map(str::to_owned)
            .collect(),
        remarks: field(record, 11).into(),
        citation: format!(
            "OFAC entry {id}, https://sanctionssearch.ofac.treas.gov/Details.aspx?id={id}"
        ),
        raw_sha256: record.sha256,
        id,
    };
    numbers::add_country(&mut entry, field(record, 9));
    let remarks = entry.remarks.clone();
    read_remarks(&mut entry, &remarks);
    Ok(entry)
}

/// `Website www.ptsecurity.ru; Tax ID No. 7718668887 (Russia); Linked To: FEDERAL SECURITY SERVICE.`
pub(super) fn read_remarks(entry: &mut ListEntry, remarks: &str) {
    /// Labels in the list's words, longest first where one begins another.
    const LABELS: &[&str] = &[
        "Vessel Registration Identification IMO",
        "Unified Social Credit Code (USCC)",
        "Certificate of Incorporation Number",
        "Business Registration Number",
        "Business Registration Document #",
        "Commercial Registry Number",
        "Chamber of Commerce Number",
        "Public Registration Number",
        "Legal Entity Number",
        "UK Company Number",
        "Registration Number",
        "Registration ID",
        "Company Number",
        "D-U-N-S Number",
        "V.A.T. Number",
        "Tax ID No.",
        "SWIFT/BIC",
        "C.R. No.",
        "Website",
        "Linked To:",
    ];
    for piece in remarks.split(';') {
        let piece = piece.trim().trim_end_matches('.');
        let piece = piece.strip_prefix("alt. ").unwrap_or(piece);
        let piece = piece
            .strip_prefix('(')
            .and_then(|p| p.strip_suffix(')'))
            .unwrap_or(piece);
        if let Some(weak) = piece.strip_prefix("a.k.a. ") {
            push_name(entry, weak.trim_matches(['\'', '"']), NameKind::Weak);
            continue;
        }
        let found = LABELS
            .iter()
            .find_map(|label| Some((label, piece.strip_prefix(label)?)));
        let Some((label, rest)) = found else { continue };
        // `Company Number IMO 5123456` is the number of a shipping company, no ship's.
        if rest.trim_start().starts_with("IMO") {
            continue;
        }
        let (value, country) = match rest.rsplit_once(" (") {
            Some((value, country)) => (value, country.strip_suffix(')')),
            None => (rest, None),
        };
        numbers::add(
            entry,
            label.trim_end_matches([':', '#', ' ']),
            value,
            country,
        );
    }
}

fn add_alias(entry: &mut ListEntry, alias: &Record) {
    let kind = match field(alias, 2) {
        "fka" => NameKind::Former,
        _ => NameKind::Alias,
    };
    push_name(entry, field(alias, 3), kind);
}

/// Adds a name that is not there yet.
pub(super) fn push_name(entry: &mut ListEntry, text: &str, kind: NameKind) {
    let text = text.trim();
    if text.is_empty()
        || entry.names.len() >= MAX_VALUES
        || entry.names.iter().any(|n| n.text == text)
    {
        return;
    }
    entry.names.push(ListedName {
        text: text.into(),
        kind,
    });
}
