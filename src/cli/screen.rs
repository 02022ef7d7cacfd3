//! `vendor --screen`: many names against the registry, the instruments and the installed lists at once.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::{Context as _, anyhow};
use rayon::iter::{IndexedParallelIterator, IntoParallelRefIterator, ParallelIterator};

use crate::cli::Failure;
use crate::cli::args::{Table, VendorArgs};
use crate::cli::exit::Exit;
use crate::cli::output::{complain, print_with};
use crate::cli::setup::Setup;
use crate::identity::is_country_code;
use crate::report::screening::{Found, Row, Screening};
use crate::screening::book::Book;
use crate::screening::matching::{Subject, number_of};
use crate::source::file;

/// Largest file of names: a million rows of two hundred octets and room.
const MAX_FILE: u64 = 256 << 20;
/// Most rows; above it the answer would not fit in memory beside the lists.
const MAX_ROWS: usize = 2_000_000;

/// Columns that are identifiers, in the words of parties' identifiers.
const SCHEMES: &[&str] = &[
    "lei",
    "registration-number",
    "inn",
    "ogrn",
    "ein",
    "vat",
    "uscc",
    "imo",
];

/// A row of the file.
struct Asked {
    name: String,
    country: String,
    numbers: Vec<(usize, String)>,
}

pub(super) fn run(path: &Path, args: &VendorArgs, setup: &Setup) -> Result<Exit, Failure> {
    let asked = read(path)?;
    let mut book = Book::default();
    book.add_built_in(setup.vendors, &setup.instruments);
    book.close();
    if book.is_empty() {
        complain("there is nothing to screen against");
        return Ok(Exit::Unavailable);
    }
    let rows: Vec<Row> = asked
        .par_iter()
        .enumerate()
        .map(|(index, asked)| answer(index, asked, &book))
        .collect();
    let screening = Screening::new(setup.now.date().to_string(), book.len(), rows);
    print_with(|out| match args.format {
        Table::Text => screening.text(out),
        Table::Csv => screening.csv(out),
        Table::Json => screening.json(out),
    })?;
    Ok(if screening.has_matches() {
        Exit::Review
    } else {
        Exit::Done
    })
}

fn answer(index: usize, asked: &Asked, book: &Book) -> Row {
    let country = asked.country.trim().to_ascii_uppercase();
    let countries: BTreeSet<String> = Some(country)
        .filter(|c| is_country_code(c))
        .into_iter()
        .collect();
    let mut subject = Subject::new(std::iter::once(asked.name.as_str()), &countries, &[]);
    let register = countries.first().map(String::as_str);
    subject.numbers = asked
        .numbers
        .iter()
        .filter_map(|(scheme, value)| Some(number_of(SCHEMES.get(*scheme)?, register, value)))
        .collect();
    let found = book.best(&subject).map(|hit| Found {
        tier: hit.comparison.tier.name().into(),
        list: hit.label.list.clone(),
        entry: hit.label.entry.clone(),
        entry_name: hit.label.name.clone(),
        rule: hit.comparison.rule.into(),
        compared: hit.comparison.compared.into(),
    });
    Row {
        row: u64::try_from(index).unwrap_or(u64::MAX).saturating_add(1),
        name: asked.name.clone(),
        country: asked.country.clone(),
        found,
    }
}

/// Reads the names; a file that cannot be read whole is not screened in part.
fn read(path: &Path) -> Result<Vec<Asked>, Failure> {
    let named = || path.display().to_string();
    let input = |error: anyhow::Error| Failure {
        exit: Exit::Input,
        error,
    };
    let bytes = file::read(path, MAX_FILE)
        .with_context(named)
        .map_err(input)?;
    let mut reader = csv::ReaderBuilder::new()
        .trim(csv::Trim::All)
        .from_reader(bytes.as_slice());
    let header = reader.headers().with_context(named).map_err(input)?.clone();
    let column = |wanted: &str| {
        header.iter().position(|name| {
            name.trim_start_matches('\u{feff}')
                .eq_ignore_ascii_case(wanted)
        })
    };
    let Some(name) = column("name") else {
        return Err(input(anyhow!("{}: no column `name`", path.display())));
    };
    let country = column("country");
    let numbers: Vec<(usize, usize)> = SCHEMES
        .iter()
        .enumerate()
        .filter_map(|(scheme, word)| Some((scheme, column(word)?)))
        .collect();
    for (at, other) in header.iter().enumerate() {
        let used = at == name || Some(at) == country || numbers.iter().any(|(_, n)| *n == at);
        if !used {
            complain(&format!("column {other:?} is not compared"));
        }
    }
    let mut asked = Vec::new();
    for record in reader.records() {
        let record = record.with_context(named).map_err(input)?;
        if asked.len() >= MAX_ROWS {
            return Err(input(anyhow!(
                "{}: more than {MAX_ROWS} rows",
                path.display()
            )));
        }
        let cell = |at: usize| record.get(at).unwrap_or_default().to_owned();
        asked.push(Asked {
            name: cell(name),
            country: country.map(cell).unwrap_or_default(),
            numbers: numbers
                .iter()
                .map(|(scheme, at)| (*scheme, cell(*at)))
                .filter(|(_, value)| !value.is_empty())
                .collect(),
        });
    }
    Ok(asked)
}
