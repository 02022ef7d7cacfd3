//! The LEI system's published files: level 1 (who an identifier stands for), relationship records (who consolidates whom) and
//! reporting exceptions (why nobody is named), each as XML and as the golden copy's CSV.
//!
//! Read here: LEI-CDF 3.1, RR-CDF 2.1, Reporting Exceptions Format 2.1, and the columns of the golden copies. The names of elements
//! and columns were taken from documentation and from programs that read the published files; no published file was read.
//! Files are read one record at a time. They do not ship: the user imports them, and the shell's store answers [`LegalEntities`].
//!
//! What they do not prove: ownership. A parent is who consolidates the accounts, as an accounting standard asks; there are no shares
//! in these data, and who is left out by an exception may own all of it.

mod enrich;
mod entities;
mod exceptions;
pub mod owners;
mod relationships;
#[cfg(test)]
mod tests;

use std::io::BufRead;

use time::Date;

use crate::base::records::Error;
use crate::base::records::delimited::{Columns, Record, Records};
use crate::base::records::markup::{self, Node, Shape};
use crate::base::time::parse_date;
pub use enrich::enrich_by_lei;
pub use exceptions::meaning;

use crate::model::legal_entity::{LeiException, LeiRecord, LeiRelationship, LeiRow};

/// Most records of one file. The largest, the exceptions, has 6.4 million.
const MAX_RECORDS: u64 = 40_000_000;
/// Records that cannot be used among a hundred, beyond which the file is not what it says.
const MAX_UNUSABLE_PERCENT: u64 = 1;

/// Days after which installed data are stale. GLEIF publishes three times a day; registrations are renewed once a year.
pub const FRESH_DAYS: i64 = 90;

/// What one file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum DataSet {
    /// Level 1.
    Entities,
    /// Level 2, relationship records.
    Relationships,
    /// Level 2, reporting exceptions.
    Exceptions,
}

impl DataSet {
    /// All, in the order of reports.
    pub const ALL: [Self; 3] = [Self::Entities, Self::Relationships, Self::Exceptions];

    /// As reports and folders name it, with GLEIF's own word for the file.
    pub fn id(self) -> &'static str {
        match self {
            Self::Entities => "lei2",
            Self::Relationships => "rr",
            Self::Exceptions => "repex",
        }
    }

    /// For people.
    pub fn title(self) -> &'static str {
        match self {
            Self::Entities => "GLEIF level 1, who is who",
            Self::Relationships => "GLEIF level 2, relationship records",
            Self::Exceptions => "GLEIF level 2, reporting exceptions",
        }
    }

    /// GLEIF's terms of use put its data under CC0.
    pub fn licence(self) -> &'static str {
        "CC0 1.0"
    }

    fn shape(self) -> Shape {
        let (form, root, records) = match self {
            Self::Entities => ("lei-cdf", "LEIData", &["LEIHeader", "LEIRecord"]),
            Self::Relationships => (
                "rr-cdf",
                "RelationshipData",
                &["Header", "RelationshipRecord"],
            ),
            Self::Exceptions => ("repex", "ReportingExceptionData", &["Header", "Exception"]),
        };
        Shape {
            form,
            root,
            records,
            most: MAX_RECORDS,
        }
    }
}

/// How a file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// XML of the common data formats.
    Xml,
    /// The golden copy's CSV.
    Csv,
}

/// What a file is that starts with these octets, a few kilobytes; `None` where it is none of these.
pub fn recognise(start: &[u8]) -> Option<(DataSet, Form)> {
    let text = String::from_utf8_lossy(start);
    let text = text.trim_start_matches('\u{feff}').trim_start();
    if text.starts_with('<') {
        let root = |name: &str| {
            let named = text
                .split('<')
                .map(|t| t.split([' ', '>', '/', '\r', '\n', '\t']).next());
            named.flatten().any(|t| t.rsplit(':').next() == Some(name))
        };
        let set = DataSet::ALL
            .into_iter()
            .find(|set| root(set.shape().root))?;
        return Some((set, Form::Xml));
    }
    let first = text.lines().next().unwrap_or_default();
    let has = |column: &str| {
        first
            .split(',')
            .any(|c| c.trim().trim_matches('"').eq_ignore_ascii_case(column))
    };
    let set = if has("Relationship.StartNode.NodeID") {
        DataSet::Relationships
    } else if has("Exception.Category") {
        DataSet::Exceptions
    } else if has("Entity.LegalName") {
        DataSet::Entities
    } else {
        return None;
    };
    Some((set, Form::Csv))
}

/// What was read of a file beside its records.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Summary {
    /// The day that the file says it stands for; the CSV does not say.
    pub as_of: Option<Date>,
    /// Records that the header states.
    pub stated: Option<u64>,
    /// Records that were read, whether usable or not.
    pub records: u64,
    /// Records that the file itself marks as deleted, which were left out.
    pub deleted: u64,
    /// Records that were left out because they cannot be used, with the reason of the first.
    pub unusable: u64,
    /// The first of them and why.
    pub first_unusable: Option<String>,
}

/// Takes a record; an error of its own ends the reading.
pub type Each<'e> = &'e mut dyn FnMut(LeiRow) -> Result<(), Error>;

/// What one record of a file came to.
enum Outcome {
    Row(LeiRow),
    Deleted,
    Unusable(&'static str),
}

/// Hands every record of a file to `each`, in the file's order.
///
/// # Errors
/// The file is not of this form, is cut, or has more than a few records that cannot be used; nothing after the error was seen.
pub fn read(
    set: DataSet,
    form: Form,
    input: &mut dyn BufRead,
    each: Each<'_>,
) -> Result<Summary, Error> {
    let mut summary = Summary::default();
    match form {
        Form::Xml => read_markup(set, input, &mut summary, each)?,
        Form::Csv => read_delimited(set, input, &mut summary, each)?,
    }
    let bearable = summary.records.saturating_mul(MAX_UNUSABLE_PERCENT) / 100;
    if summary.unusable > bearable.max(MAX_UNUSABLE_PERCENT) {
        return Err(Error::Form {
            form: set.shape().form,
            why: format!(
                "{} of {} records cannot be used; the first: {}",
                summary.unusable,
                summary.records,
                summary.first_unusable.unwrap_or_default()
            ),
        });
    }
    Ok(summary)
}

impl Summary {
    fn take(&mut self, outcome: Outcome, each: Each<'_>) -> Result<(), Error> {
        self.records = self.records.saturating_add(1);
        match outcome {
            Outcome::Row(row) => each(row),
            Outcome::Deleted => {
                self.deleted = self.deleted.saturating_add(1);
                Ok(())
            }
            Outcome::Unusable(why) => {
                self.unusable = self.unusable.saturating_add(1);
                self.first_unusable
                    .get_or_insert_with(|| format!("record {}: {why}", self.records));
                Ok(())
            }
        }
    }
}

fn read_markup(
    set: DataSet,
    input: &mut dyn BufRead,
    summary: &mut Summary,
    each: Each<'_>,
) -> Result<(), Error> {
    let shape = set.shape();
    markup::read(&shape, input, &mut |node, _, _| {
        if node.name == "LEIHeader" || node.name == "Header" {
            return header(&shape, &node, summary);
        }
        let outcome = match set {
            DataSet::Entities => entities::of_node(&node),
            DataSet::Relationships => relationships::of_node(&node),
            DataSet::Exceptions => exceptions::of_node(&node),
        };
        summary.take(outcome, each)
    })?;
    Ok(())
}

/// A file of changes alone would be taken for the whole.
fn header(shape: &Shape, node: &Node, summary: &mut Summary) -> Result<(), Error> {
    summary.as_of = day(node.child("ContentDate"));
    summary.stated = node.child("RecordCount").parse().ok();
    let content = node.child("FileContent");
    if content.contains("DELTA") || !node.child("DeltaStart").is_empty() {
        return Err(Error::Form {
            form: shape.form,
            why: "a file of changes (delta), not a full one".into(),
        });
    }
    Ok(())
}

fn read_delimited(
    set: DataSet,
    input: &mut dyn BufRead,
    summary: &mut Summary,
    each: Each<'_>,
) -> Result<(), Error> {
    let form = set.shape().form;
    let mut records = Records::new(input, b',', MAX_RECORDS);
    let head = records.next()?.ok_or_else(|| Error::Form {
        form,
        why: "empty".into(),
    })?;
    let reader: Box<dyn Fn(&Record) -> Outcome> = match set {
        DataSet::Entities => Box::new(entities::of_columns(form, &head)?),
        DataSet::Relationships => Box::new(relationships::of_columns(form, &head)?),
        DataSet::Exceptions => Box::new(exceptions::of_columns(form, &head)?),
    };
    let width = head.fields.len();
    while let Some(record) = records.next()? {
        if record.fields.len() != width {
            return Err(Error::Record {
                record: record.number,
                why: format!("{} fields under {width} columns", record.fields.len()),
            });
        }
        summary.take(reader(&record), each)?;
    }
    Ok(())
}

/// Places of columns, looked up once.
fn places(columns: &Columns, names: &[String]) -> Vec<Option<usize>> {
    names.iter().map(|name| columns.place(name)).collect()
}

/// The field of a column that may be missing.
fn field(record: &Record, place: Option<usize>) -> &str {
    place
        .and_then(|place| record.fields.get(place))
        .map_or("", String::as_str)
}

/// Twenty capital letters and digits. Check digits are not asked: the published files have a hundred that fail.
fn is_lei(text: &str) -> bool {
    text.len() == 20
        && text
            .bytes()
            .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
}

/// The day of a date or an instant, in the offset that it is written in.
fn day(text: &str) -> Option<Date> {
    text.get(..10).and_then(parse_date)
}

/// The record is marked as removed: the golden copies keep such records with the mark.
fn is_deleted(node: &Node) -> bool {
    let mut marks = Vec::new();
    node.below("Deletion", &mut marks);
    node.below("DeletedAt", &mut marks);
    marks
        .iter()
        .any(|mark| !mark.text().is_empty() || mark.children.iter().any(|c| !c.text().is_empty()))
}

/// A version of a data set that is installed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InstalledSet {
    /// Which.
    pub set: DataSet,
    /// The day it stands for.
    pub as_of: Date,
    /// SHA-256 of the file as it was imported, lower-case hexadecimal.
    pub sha256: String,
    /// Records in it.
    pub records: u64,
}

/// Installed records of the LEI system, looked up and never walked: the shell's store answers, or a table in memory.
pub trait LegalEntities: Sync {
    /// The data sets that answer. One that is not here was not asked.
    fn sets(&self) -> &[InstalledSet];

    /// Data sets that are installed and cannot be read, with the reason.
    fn broken(&self) -> &[(String, String)];

    /// The level 1 record of an LEI.
    ///
    /// # Errors
    /// The data could not be read, so that the answer is none.
    fn record(&self, lei: &str) -> Result<Option<LeiRecord>, String>;

    /// Relationship records in which the LEI is the start node: what stands above it.
    ///
    /// # Errors
    /// The data could not be read, so that the answer is none.
    fn above(&self, lei: &str) -> Result<Vec<LeiRelationship>, String>;

    /// Why parents of the LEI are not reported.
    ///
    /// # Errors
    /// The data could not be read, so that the answer is none.
    fn exceptions(&self, lei: &str) -> Result<Vec<LeiException>, String>;
}

/// No data of the LEI system are installed.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoLegalEntities;

impl LegalEntities for NoLegalEntities {
    fn sets(&self) -> &[InstalledSet] {
        &[]
    }

    fn broken(&self) -> &[(String, String)] {
        &[]
    }

    fn record(&self, _: &str) -> Result<Option<LeiRecord>, String> {
        Ok(None)
    }

    fn above(&self, _: &str) -> Result<Vec<LeiRelationship>, String> {
        Ok(Vec::new())
    }

    fn exceptions(&self, _: &str) -> Result<Vec<LeiException>, String> {
        Ok(Vec::new())
    }
}
