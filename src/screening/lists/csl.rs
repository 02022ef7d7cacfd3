//! The US Consolidated Screening List, CSV and JSON: eleven lists of three departments in one file.
//!
//! Each row keeps the list it comes from. Rows of OFAC's lists repeat and are taken once; legal text that BIS and State write into names
//! is cut off. CSV columns are bound by name: older files have no `_id`. The CSV form was seen in published files, the JSON form is
//! taken from its documentation.

use std::collections::BTreeSet;
use std::io::BufRead;

use serde_json::Value;
use time::Date;

use super::entries::blank;
use super::ofac::{push_name, read_remarks};
use super::{Adapter, Each, Error, MAX_RECORDS, Part, country, json, numbers, only};
use crate::base::records::delimited::{Table, header};
use crate::base::time::parse_date;
use crate::model::list::{ListEntry, ListedKind, NameKind};

/// The CSV form.
#[derive(Debug)]
pub(super) struct Csv;

/// The JSON form.
#[derive(Debug)]
pub(super) struct Json;

/// Inner lists: the abbreviation in the source's name, our id.
const INNER: &[(&str, &str)] = &[
    ("(SDN)", "us-ofac-sdn"),
    ("(SSI)", "us-ofac-ssi"),
    ("(PLC)", "us-ofac-plc"),
    ("(FSE)", "us-ofac-fse"),
    ("(CAP)", "us-ofac-capta"),
    ("(MBS)", "us-ofac-mbs"),
    ("(CMIC)", "us-ofac-cmic"),
    ("(EL)", "us-bis-el"),
    ("(DPL)", "us-bis-dpl"),
    ("(UVL)", "us-bis-uvl"),
    ("(MEU)", "us-bis-meu"),
    ("(ISN)", "us-state-isn"),
    ("(DTC)", "us-state-dtc"),
];

/// Legal text after a name begins with one of these; compared without case.
const CUTS: &[&str] = &[
    "; and any successor",
    ", and any successor",
    " and any successor",
    ". affiliated entity",
    ". affiliated entities",
    "; affiliated entity",
    ", including ",
    ". subordinate ",
];

/// A row, from either form.
#[derive(Default)]
struct Row {
    source: String,
    id: String,
    kind: String,
    name: String,
    aliases: Vec<String>,
    countries: Vec<String>,
    programmes: Vec<String>,
    /// (label, number, country)
    ids: Vec<(String, String, String)>,
    start: String,
    end: String,
    remarks: String,
    notice: String,
    address: String,
}

impl Adapter for Csv {
    fn id(&self) -> &'static str {
        "csl-csv"
    }

    fn recognise(&self, start: &[u8]) -> Option<&'static str> {
        let header = header(start, ',');
        ["source", "entitynumber", "altnames", "standardorder"]
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
        let form = self.id();
        let input: &mut dyn BufRead = only(form, parts)?;
        let needed = ["source", "name", "alt_names", "ids"];
        let mut table = Table::open(form, input, b',', &needed, MAX_RECORDS)?;
        let mut seen = BTreeSet::new();
        while let Some(record) = table.next()? {
            let get = |name: &str| table.get(&record, name).to_owned();
            let several = |name: &str| split(table.get(&record, name));
            let id = [get("entity_number"), get("_id")];
            let row = Row {
                source: get("source"),
                id: id.into_iter().find(|i| !i.is_empty()).unwrap_or_default(),
                kind: get("type"),
                name: get("name"),
                aliases: several("alt_names"),
                countries: several("addresses")
                    .iter()
                    .filter_map(|a| Some(a.rsplit(',').next()?.trim().to_owned()))
                    .chain(several("citizenships"))
                    .chain(several("nationalities"))
                    .chain([get("vessel_flag")])
                    .collect(),
                programmes: several("programs"),
                ids: several("ids")
                    .iter()
                    .filter_map(|id| inner_id(id))
                    .collect(),
                start: get("start_date"),
                end: get("end_date"),
                remarks: get("remarks"),
                notice: get("federal_register_notice"),
                address: get("source_list_url"),
            };
            emit(list, row, record.sha256, &mut seen, each)?;
        }
        Ok(None)
    }
}

impl Adapter for Json {
    fn id(&self) -> &'static str {
        "csl-json"
    }

    fn recognise(&self, start: &[u8]) -> Option<&'static str> {
        let text = String::from_utf8_lossy(start);
        (text
            .trim_start_matches('\u{feff}')
            .trim_start()
            .starts_with('{')
            && text.contains("\"results\""))
        .then_some("list")
    }

    fn read(
        &self,
        list: &str,
        parts: &mut [Part<'_>],
        each: Each<'_>,
    ) -> Result<Option<Date>, Error> {
        let mut seen = BTreeSet::new();
        let input: &mut dyn BufRead = only(self.id(), parts)?;
        json::objects(self.id(), input, "results", &mut |value, digest, number| {
            let text = |name: &str| string(value.get(name));
            let several = |name: &str| strings(value.get(name));
            let of = |name: &str| value.get(name).and_then(Value::as_array);
            let id = [text("entity_number"), text("id"), text("_id")];
            let row = Row {
                source: text("source"),
                id: id.into_iter().find(|i| !i.is_empty()).unwrap_or_default(),
                kind: text("type"),
                name: text("name"),
                aliases: several("alt_names"),
                countries: of("addresses")
                    .into_iter()
                    .flatten()
                    .map(|a| string(a.get("country")))
                    .chain(several("citizenships"))
                    .chain(several("nationalities"))
                    .chain([text("country"), text("vessel_flag")])
                    .collect(),
                programmes: several("programs"),
                ids: of("ids")
                    .into_iter()
                    .flatten()
                    .map(|id| {
                        (
                            string(id.get("type")),
                            string(id.get("number")),
                            string(id.get("country")),
                        )
                    })
                    .collect(),
                start: text("start_date"),
                end: text("end_date"),
                remarks: text("remarks"),
                notice: text("federal_register_notice"),
                address: text("source_list_url"),
            };
            if row.source.is_empty() || row.name.is_empty() {
                return Err(Error::Record {
                    record: number,
                    why: "no source or no name".into(),
                });
            }
            emit(list, row, digest, &mut seen, each)
        })?;
        Ok(None)
    }
}

fn string(value: Option<&Value>) -> String {
    match value {
        Some(Value::String(text)) => text.trim().to_owned(),
        Some(Value::Number(number)) => number.to_string(),
        _ => String::new(),
    }
}

fn strings(value: Option<&Value>) -> Vec<String> {
    match value {
        Some(Value::Array(all)) => all.iter().map(|v| string(Some(v))).collect(),
        other => split(&string(other)),
    }
}

fn split(text: &str) -> Vec<String> {
    text.split(';')
        .map(|piece| piece.trim().to_owned())
        .filter(|piece| !piece.is_empty())
        .collect()
}

/// `US, 80-0890696, Tax ID No.` of older files, `V.A.T. Number, CHE-267.936.404, CH` of newer ones; either may lack the country.
fn inner_id(text: &str) -> Option<(String, String, String)> {
    let mut pieces: Vec<&str> = text.split(',').map(str::trim).collect();
    let is_code = |piece: &&str| piece.len() == 2 && country::code(piece).is_some();
    let mut of = String::new();
    if pieces.len() > 2 {
        if pieces.first().is_some_and(is_code) {
            of = pieces.remove(0).to_owned();
        } else if pieces.last().is_some_and(is_code) {
            of = pieces.pop()?.to_owned();
        }
    }
    let (&first, &last) = (pieces.first()?, pieces.last()?);
    if pieces.len() != 2 {
        return None;
    }
    // The number is the one with digits; both may have some, as `Tax ID No.` has none and `C122790` has.
    let digits = |text: &str| text.bytes().filter(u8::is_ascii_digit).count();
    let is_address = |text: &str| text.contains("://") || text.starts_with("www.");
    let number_last = digits(last) > digits(first) || is_address(last) || first == "Website";
    let (label, number) = if number_last {
        (first, last)
    } else {
        (last, first)
    };
    Some((label.to_owned(), number.to_owned(), of))
}

/// The name without the legal text that follows it, and the short name in parentheses at its end stays.
fn cut(name: &str) -> &str {
    let lower = name.to_ascii_lowercase();
    let end = CUTS.iter().filter_map(|cut| lower.find(cut)).min();
    end.and_then(|end| name.get(..end))
        .unwrap_or(name)
        .trim()
        .trim_end_matches([';', ','])
}

fn emit(
    list: &str,
    row: Row,
    digest: [u8; 32],
    seen: &mut BTreeSet<(String, String)>,
    each: Each<'_>,
) -> Result<(), Error> {
    let upper = row.source.to_ascii_uppercase();
    let inner = INNER
        .iter()
        .find(|(abbreviation, _)| upper.contains(abbreviation))
        .map_or_else(|| list.to_owned(), |(_, id)| (*id).to_owned());
    // Rows of BIS and State have no number; the record's own digest names them.
    let id = if row.id.is_empty() {
        digest.iter().take(8).map(|b| format!("{b:02x}")).collect()
    } else {
        row.id
    };
    if !seen.insert((inner.clone(), id.clone())) {
        return Ok(());
    }
    let mut entry = ListEntry {
        kind: match row.kind.to_ascii_lowercase().as_str() {
            "entity" => ListedKind::Organization,
            "individual" => ListedKind::Person,
            "vessel" => ListedKind::Vessel,
            "aircraft" => ListedKind::Aircraft,
            _ => ListedKind::Unknown,
        },
        from: parse_date(&row.start),
        until: parse_date(&row.end),
        programmes: row.programmes,
        remarks: row.remarks,
        citation: [row.source, row.notice, row.address]
            .into_iter()
            .filter(|p| !p.is_empty())
            .collect::<Vec<_>>()
            .join(", "),
        ..blank(&inner, &id, digest)
    };
    push_name(&mut entry, cut(&row.name), NameKind::Primary);
    for alias in &row.aliases {
        let alias = alias.strip_prefix("and ").unwrap_or(alias);
        push_name(&mut entry, cut(alias), NameKind::Alias);
    }
    for country in &row.countries {
        numbers::add_country(&mut entry, country);
    }
    let remarks = entry.remarks.clone();
    read_remarks(&mut entry, &remarks);
    for (label, number, country) in &row.ids {
        numbers::add(&mut entry, label, number, Some(country.as_str()));
    }
    each(entry)
}
