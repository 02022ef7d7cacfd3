//! What screening many names came to, as text, CSV or JSON. A row without a match says that this is no clearance.

use std::collections::BTreeMap;
use std::io::{self, Write};

use schemars::JsonSchema;
use serde::Serialize;

use crate::base::text::shown;

/// Printed beside every negative answer.
pub const NOTICE: &str = "No match is not a clearance. This is not legal advice.";

/// A restricted-party list that the names were held against.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct List {
    /// Its id.
    pub id: String,
    /// The day it stands for.
    pub as_of: String,
    /// SHA-256 of its files.
    pub sha256: String,
    /// Entries in it.
    pub entries: u64,
    /// Days by which it is older than its limit allows; absent where it is fresh.
    pub stale_days: Option<i64>,
    /// It stands for a later day than the one that is judged at.
    pub is_later: bool,
}

/// The answer to one row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Row {
    /// Its number in the file, from one, the header not counted.
    pub row: u64,
    /// The name as the file has it.
    pub name: String,
    /// The country as the file has it.
    pub country: String,
    /// `same`, `group` or `review` as the best match; `none`, or `unknown` where a list was stale, of a later day or not read.
    pub result: String,
    /// Every entry that the row is taken for, and the best of those that it resembles.
    pub matches: Vec<Found>,
    /// How many more entries it resembles.
    pub more: u64,
}

/// One entry for a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Found {
    /// `same`, `group` or `review`.
    pub tier: String,
    /// `vendors`, an instrument's id or a list's.
    pub list: String,
    /// The entry's id in it.
    pub entry: String,
    /// The entry's own name.
    pub entry_name: String,
    /// Which rule fired.
    pub rule: String,
    /// Normal forms compared: the row's, the entry's.
    pub compared: [String; 2],
}

/// The whole answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Screening {
    /// Version of this document's form.
    pub schema_version: String,
    /// The day that the data were judged at.
    pub judged_at: String,
    /// How many entries the names were compared with.
    pub entries: u64,
    /// The installed lists among them.
    pub lists: Vec<List>,
    /// Lists that are installed and could not be read, with the reason.
    pub not_screened: BTreeMap<String, String>,
    /// Whether natural persons of the lists were compared.
    pub persons: bool,
    /// What a negative answer is worth.
    pub notice: String,
    /// In the file's order.
    pub rows: Vec<Row>,
}

impl Screening {
    /// At least one row is taken for an entry, or might be one.
    pub fn has_matches(&self) -> bool {
        self.rows.iter().any(|row| !row.matches.is_empty())
    }

    /// A row without a match says less than it could: a list was stale, of a later day or not read.
    pub fn is_incomplete(&self) -> bool {
        is_incomplete(&self.lists, &self.not_screened)
    }

    /// Rows with a match.
    fn matched(&self) -> usize {
        self.rows.iter().filter(|r| !r.matches.is_empty()).count()
    }

    /// For people: rows with a match, then how many there were and against what.
    ///
    /// # Errors
    /// The output could not be written.
    pub fn text(&self, out: &mut dyn Write) -> io::Result<()> {
        for row in self.rows.iter().filter(|row| !row.matches.is_empty()) {
            let country = match row.country.as_str() {
                "" => String::new(),
                country => format!(" ({})", shown(country)),
            };
            writeln!(out, "{:>6}  {}{country}", row.row, shown(&row.name))?;
            for found in &row.matches {
                found.text(out)?;
            }
            if row.more > 0 {
                writeln!(out, "        and {} more that resemble it", row.more)?;
            }
        }
        for list in &self.lists {
            let stale = match list.stale_days {
                Some(days) => format!(", {days} days over its limit: stale"),
                None if list.is_later => ", a later day than the judgement's".to_owned(),
                None => String::new(),
            };
            writeln!(
                out,
                "list {} as of {}, {} entries, sha256 {}{stale}",
                list.id, list.as_of, list.entries, list.sha256
            )?;
        }
        if self.lists.is_empty() {
            writeln!(
                out,
                "no restricted-party list is installed; vendors and instruments only"
            )?;
        } else if !self.persons {
            writeln!(out, "natural persons of the lists were left out")?;
        }
        for (id, why) in &self.not_screened {
            writeln!(out, "list {id} was not screened: {}", shown(why))?;
        }
        writeln!(
            out,
            "{} of {} names have a match among {} entries. {NOTICE}",
            self.matched(),
            self.rows.len(),
            self.entries
        )
    }

    /// One line a match, and one a row without any, in the file's order.
    ///
    /// # Errors
    /// The output could not be written.
    pub fn csv(&self, out: &mut dyn Write) -> io::Result<()> {
        let mut writer = csv::Writer::from_writer(out);
        writer.write_record([
            "row",
            "name",
            "country",
            "result",
            "list",
            "entry",
            "entry_name",
            "rule",
            "normal_form",
            "entry_normal_form",
            "more",
        ])?;
        for row in &self.rows {
            let number = row.row.to_string();
            let (name, country) = (cell(&row.name), cell(&row.country));
            for found in &row.matches {
                let [ours, theirs] = &found.compared;
                writer.write_record([
                    &number,
                    &name,
                    &country,
                    &found.tier,
                    &found.list,
                    &cell(&found.entry),
                    &cell(&found.entry_name),
                    &found.rule,
                    &cell(ours),
                    &cell(theirs),
                    &row.more.to_string(),
                ])?;
            }
            if row.matches.is_empty() {
                let why = match row.result.as_str() {
                    "none" => "no match; this is not a clearance",
                    _ => {
                        "no match in data of which some are stale or were not read; this is not a clearance"
                    }
                };
                writer.write_record([
                    &number,
                    &name,
                    &country,
                    &row.result,
                    "",
                    "",
                    "",
                    why,
                    "",
                    "",
                    "0",
                ])?;
            }
        }
        writer.flush()
    }

    /// The document.
    ///
    /// # Errors
    /// The output could not be written.
    pub fn json(&self, out: &mut dyn Write) -> io::Result<()> {
        serde_json::to_writer_pretty(&mut *out, self)?;
        writeln!(out)
    }
}

/// A row without a match then does not say `none`.
pub fn is_incomplete(lists: &[List], not_screened: &BTreeMap<String, String>) -> bool {
    !not_screened.is_empty()
        || lists
            .iter()
            .any(|list| list.stale_days.is_some() || list.is_later)
}

impl Found {
    fn text(&self, out: &mut dyn Write) -> io::Result<()> {
        let word = match self.tier.as_str() {
            "group" => "possible affiliate",
            other => other,
        };
        writeln!(
            out,
            "        {word}: {} {}, {}",
            self.list,
            shown(&self.entry),
            shown(&self.entry_name)
        )?;
        let [ours, theirs] = &self.compared;
        writeln!(
            out,
            "          {}: \"{}\" and \"{}\"",
            self.rule,
            shown(ours),
            shown(theirs)
        )
    }
}

/// A cell that neither a terminal nor a spreadsheet acts on.
fn cell(text: &str) -> String {
    let plain = shown(text).to_string();
    if plain.starts_with(['=', '+', '-', '@']) {
        format!("'{plain}")
    } else {
        plain
    }
}

#[cfg(test)]
mod tests {
    use super::{Found, List, NOTICE, Row, Screening};

    fn screening() -> Screening {
        let row = |row, name: &str, matches: Vec<Found>| Row {
            row,
            name: name.into(),
            country: String::new(),
            result: matches.first().map_or("unknown".into(), |m| m.tier.clone()),
            more: if matches.is_empty() { 0 } else { 7 },
            matches,
        };
        let found = Found {
            tier: "group".into(),
            list: "vendors".into(),
            entry: "x/y".into(),
            entry_name: "X\u{1b}[2J".into(),
            rule: "same distinctive words".into(),
            compared: ["x".into(), "x".into()],
        };
        Screening {
            schema_version: "1.0".into(),
            judged_at: "2026-11-24".into(),
            entries: 3,
            lists: vec![List {
                id: "made-up".into(),
                as_of: "2026-01-01".into(),
                sha256: "00".into(),
                entries: 2,
                stale_days: Some(9),
                is_later: false,
            }],
            not_screened: [("torn".to_owned(), "cut\u{1b}".to_owned())].into(),
            persons: false,
            notice: NOTICE.into(),
            rows: vec![
                row(1, "=cmd()", Vec::new()),
                row(2, "X", vec![found.clone(), found]),
            ],
        }
    }

    #[test]
    fn all_matches_are_written_and_what_was_not_screened_is_said() {
        let mut text = Vec::new();
        screening().text(&mut text).unwrap();
        let text = String::from_utf8(text).unwrap();
        assert_eq!(text.matches("possible affiliate").count(), 2, "{text}");
        for said in [
            "and 7 more",
            "9 days over its limit",
            "torn was not screened",
            "persons of the lists were left out",
        ] {
            assert!(text.contains(said), "{said}: {text}");
        }
        assert!(screening().is_incomplete());
        let mut csv = Vec::new();
        screening().csv(&mut csv).unwrap();
        let csv = String::from_utf8(csv).unwrap();
        assert_eq!(csv.lines().count(), 4, "{csv}");
        assert!(csv.contains("unknown"), "{csv}");
    }

    #[test]
    fn every_form_says_that_no_match_is_no_clearance() {
        let mut written: [Vec<u8>; 3] = Default::default();
        let [text, csv, json] = &mut written;
        screening().text(text).unwrap();
        screening().csv(csv).unwrap();
        screening().json(json).unwrap();
        for out in written {
            let text = String::from_utf8(out).unwrap();
            assert!(text.contains("not a clearance"), "{text}");
            assert!(!text.contains('\u{1b}'), "{text}");
        }
        assert!(NOTICE.contains("not legal advice"));
    }

    #[test]
    fn a_cell_is_no_formula() {
        let mut out = Vec::new();
        screening().csv(&mut out).unwrap();
        assert!(String::from_utf8(out).unwrap().contains("1,'=cmd(),"));
    }
}
