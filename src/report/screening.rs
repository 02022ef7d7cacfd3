//! What screening many names came to, as text, CSV or JSON. A row without a match says that this is no clearance.

use std::io::{self, Write};

use schemars::JsonSchema;
use serde::Serialize;

use crate::base::text::shown;

/// Printed beside every negative answer.
pub const NOTICE: &str = "No match is not a clearance. This is not legal advice.";

/// The answer to one row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Row {
    /// Its number in the file, from one, the header not counted.
    pub row: u64,
    /// The name as the file has it.
    pub name: String,
    /// The country as the file has it.
    pub country: String,
    /// What was found; absent where nothing was.
    pub found: Option<Found>,
}

/// The best entry for a row.
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
    /// What a negative answer is worth.
    pub notice: String,
    /// In the file's order.
    pub rows: Vec<Row>,
}

impl Screening {
    /// The answers of one file.
    pub fn new(judged_at: String, entries: usize, rows: Vec<Row>) -> Self {
        Self {
            schema_version: "1.0".into(),
            judged_at,
            entries: u64::try_from(entries).unwrap_or(u64::MAX),
            notice: NOTICE.into(),
            rows,
        }
    }

    /// At least one row is taken for an entry, or might be one.
    pub fn has_matches(&self) -> bool {
        self.rows.iter().any(|row| row.found.is_some())
    }

    /// For people: rows with a match, then how many there were.
    ///
    /// # Errors
    /// The output could not be written.
    pub fn text(&self, out: &mut dyn Write) -> io::Result<()> {
        for row in &self.rows {
            let Some(found) = &row.found else { continue };
            let word = match found.tier.as_str() {
                "group" => "possible affiliate",
                other => other,
            };
            writeln!(
                out,
                "{:>6}  {}{}",
                row.row,
                shown(&row.name),
                if row.country.is_empty() {
                    String::new()
                } else {
                    format!(" ({})", shown(&row.country))
                }
            )?;
            writeln!(
                out,
                "        {word}: {} {}, {}",
                found.list,
                shown(&found.entry),
                shown(&found.entry_name)
            )?;
            let [ours, theirs] = &found.compared;
            writeln!(
                out,
                "        {}: \"{}\" and \"{}\"",
                found.rule,
                shown(ours),
                shown(theirs)
            )?;
        }
        let matched = self.rows.iter().filter(|row| row.found.is_some()).count();
        writeln!(
            out,
            "{} of {} names have a match among {} entries. {NOTICE}",
            matched,
            self.rows.len(),
            self.entries
        )
    }

    /// One line a row, in the file's order.
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
        ])?;
        for row in &self.rows {
            let number = row.row.to_string();
            let name = cell(&row.name);
            let country = cell(&row.country);
            match &row.found {
                Some(found) => {
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
                    ])?;
                }
                None => writer.write_record([
                    number.as_str(),
                    &name,
                    &country,
                    "none",
                    "",
                    "",
                    "",
                    "no match; this is not a clearance",
                    "",
                    "",
                ])?,
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
    use super::{Found, NOTICE, Row, Screening};

    fn screening() -> Screening {
        let row = |row, name: &str, found| Row {
            row,
            name: name.into(),
            country: String::new(),
            found,
        };
        let found = Found {
            tier: "group".into(),
            list: "vendors".into(),
            entry: "x/y".into(),
            entry_name: "X\u{1b}[2J".into(),
            rule: "same distinctive words".into(),
            compared: ["x".into(), "x".into()],
        };
        Screening::new(
            "2026-11-24".into(),
            3,
            vec![row(1, "=cmd()", None), row(2, "X", Some(found))],
        )
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
