//! Delimited records (RFC 4180) one at a time, each of at most [`MAX_RECORD`] octets and with its digest.
//!
//! The reader that libraries have grows a record for as long as a quote stays open; here the octets of a record are counted, and their
//! SHA-256 is taken as they stand in the file. Text is UTF-8, else Windows-1252, in which older exports were written.

use std::collections::BTreeMap;
use std::io::BufRead;

use sha2::{Digest, Sha256};

use super::{Error, MAX_RECORD};
use crate::base::text::windows_1252;

/// Most fields of a record; the widest form has 118 columns.
const MAX_FIELDS: usize = 512;
/// The end-of-file mark of CP/M, which OFAC's exports end with.
const SUB: &[u8] = &[0x1a];

/// Records of a file.
pub(crate) struct Records<'r> {
    input: &'r mut dyn BufRead,
    delimiter: u8,
    most: u64,
    count: u64,
}

/// One record.
pub(crate) struct Record {
    pub(crate) fields: Vec<String>,
    pub(crate) sha256: [u8; 32],
    /// From one.
    pub(crate) number: u64,
}

/// A record's octets, and those of its fields.
type Raw = (Vec<u8>, Vec<Vec<u8>>);

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Start,
    Bare,
    Quoted,
    /// After a quote inside quotes: the end, or the first of two.
    Closing,
}

impl<'r> Records<'r> {
    /// Of which there may be `most`.
    pub(crate) fn new(input: &'r mut dyn BufRead, delimiter: u8, most: u64) -> Self {
        Self {
            input,
            delimiter,
            most,
            count: 0,
        }
    }

    /// The next record that is not empty.
    pub(crate) fn next(&mut self) -> Result<Option<Record>, Error> {
        loop {
            let Some((raw, fields)) = self.raw()? else {
                return Ok(None);
            };
            let blank = raw.iter().all(u8::is_ascii_whitespace) || raw.trim_ascii() == SUB;
            if blank {
                continue;
            }
            self.count = self.count.saturating_add(1);
            if self.count > self.most {
                return Err(self.fault(format!("more than {} records", self.most)));
            }
            return Ok(Some(Record {
                fields: fields.into_iter().map(text).collect(),
                sha256: Sha256::digest(&raw).into(),
                number: self.count,
            }));
        }
    }

    fn raw(&mut self) -> Result<Option<Raw>, Error> {
        let mut raw = Vec::new();
        let mut fields = Vec::new();
        let mut field = Vec::new();
        let mut state = State::Start;
        let first = self.count == 0;
        loop {
            let buffer = self.input.fill_buf()?;
            if buffer.is_empty() {
                if state == State::Quoted {
                    return Err(self.fault("ends inside quotes".into()));
                }
                if raw.is_empty() {
                    return Ok(None);
                }
                fields.push(field);
                return Ok(Some((raw, fields)));
            }
            let mut used = 0usize;
            let mut done = false;
            for &byte in buffer {
                used = used.saturating_add(1);
                if byte == b'\n' && state != State::Quoted {
                    done = true;
                    break;
                }
                raw.push(byte);
                state = match (state, byte) {
                    (State::Start, b'"') => State::Quoted,
                    (State::Quoted, b'"') => State::Closing,
                    (State::Closing, b'"') => {
                        field.push(byte);
                        State::Quoted
                    }
                    (State::Quoted, _) => {
                        field.push(byte);
                        State::Quoted
                    }
                    (_, byte) if byte == self.delimiter => {
                        fields.push(std::mem::take(&mut field));
                        State::Start
                    }
                    (State::Start | State::Bare | State::Closing, byte) => {
                        field.push(byte);
                        State::Bare
                    }
                };
                // A mark before the first quote is none of the field's.
                if first && raw == [0xef, 0xbb, 0xbf] {
                    raw.clear();
                    field.clear();
                    state = State::Start;
                }
                if raw.len() > MAX_RECORD || fields.len() > MAX_FIELDS {
                    break;
                }
            }
            self.input.consume(used);
            if raw.len() > MAX_RECORD {
                return Err(self.fault(format!("longer than {MAX_RECORD} octets")));
            }
            if fields.len() > MAX_FIELDS {
                return Err(self.fault(format!("more than {MAX_FIELDS} fields")));
            }
            if done {
                fields.push(field);
                return Ok(Some((raw, fields)));
            }
        }
    }

    fn fault(&self, why: String) -> Error {
        Error::Record {
            record: self.count.saturating_add(1),
            why,
        }
    }
}

fn text(field: Vec<u8>) -> String {
    let text = match String::from_utf8(field) {
        Ok(text) => text,
        Err(error) => error.as_bytes().iter().map(|b| windows_1252(*b)).collect(),
    };
    text.trim().to_owned()
}

/// A file whose first record names its columns.
pub(crate) struct Table<'r> {
    records: Records<'r>,
    columns: Columns,
    width: usize,
}

impl<'r> Table<'r> {
    /// Reads the header of a file of `form`, which must have the `needed` columns and at most so many records.
    pub(crate) fn open(
        form: &'static str,
        input: &'r mut dyn BufRead,
        delimiter: u8,
        needed: &[&str],
        most: u64,
    ) -> Result<Self, Error> {
        let mut records = Records::new(input, delimiter, most);
        let Some(header) = records.next()? else {
            return Err(Error::Form {
                form,
                why: "empty".into(),
            });
        };
        Ok(Self {
            columns: Columns::of(form, &header, needed)?,
            width: header.fields.len(),
            records,
        })
    }

    /// The next record, which has as many fields as the header.
    pub(crate) fn next(&mut self) -> Result<Option<Record>, Error> {
        self.next_of(self.width)
    }

    /// The next record, which has at least so many fields and no more than the header.
    pub(crate) fn next_of(&mut self, least: usize) -> Result<Option<Record>, Error> {
        let record = self.records.next()?;
        if let Some(record) = &record
            && !(least..=self.width).contains(&record.fields.len())
        {
            return Err(record.fault(format!(
                "{} columns, where the header has {}",
                record.fields.len(),
                self.width
            )));
        }
        Ok(record)
    }

    /// The field under `name`, empty where there is none.
    pub(crate) fn get<'f>(&self, record: &'f Record, name: &str) -> &'f str {
        self.columns.get(record, name)
    }
}

impl Record {
    /// What is wrong with it.
    pub(crate) fn fault(&self, why: impl Into<String>) -> Error {
        Error::Record {
            record: self.number,
            why: why.into(),
        }
    }
}

/// Columns by the name that the header gives them, folded to lower-case letters and digits.
pub(crate) struct Columns {
    places: BTreeMap<String, usize>,
}

impl Columns {
    /// Reads the header of a file of `form`, which must have the `needed` columns.
    pub(crate) fn of(form: &'static str, header: &Record, needed: &[&str]) -> Result<Self, Error> {
        let mut places = BTreeMap::new();
        for (place, name) in header.fields.iter().enumerate() {
            places.entry(fold(name)).or_insert(place);
        }
        for name in needed {
            if !places.contains_key(&fold(name)) {
                return Err(Error::Form {
                    form,
                    why: format!("no column {name:?}"),
                });
            }
        }
        Ok(Self { places })
    }

    /// Where the column of this name stands.
    pub(crate) fn place(&self, name: &str) -> Option<usize> {
        self.places.get(&fold(name)).copied()
    }

    /// The field under `name`, empty where there is none.
    pub(crate) fn get<'f>(&self, record: &'f Record, name: &str) -> &'f str {
        self.places
            .get(&fold(name))
            .and_then(|place| record.fields.get(*place))
            .map_or("", String::as_str)
    }
}

pub(crate) fn fold(name: &str) -> String {
    name.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

/// The first line of `start`, without a byte order mark.
pub(crate) fn first_line(start: &[u8]) -> String {
    let start = start.strip_prefix(&[0xef, 0xbb, 0xbf]).unwrap_or(start);
    let line = start.split(|b| *b == b'\n').next().unwrap_or_default();
    String::from_utf8_lossy(line).trim().to_owned()
}

/// The header's names, folded, where the first line looks like one.
pub(crate) fn header(start: &[u8], delimiter: char) -> Vec<String> {
    first_line(start).split(delimiter).map(fold).collect()
}
