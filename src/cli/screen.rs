//! `vendor --screen`: many names against the registry, the instruments and the installed lists at once.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::{Context as _, anyhow};
use rayon::iter::{IndexedParallelIterator, IntoParallelRefIterator, ParallelIterator};

use crate::cli::Failure;
use crate::cli::args::{Table, VendorArgs};
use crate::cli::exit::Exit;
use crate::cli::output::{complain, print_with};
use crate::cli::setup::Setup;
use crate::identity::is_country_code;
use crate::report::screening::{Found, List, NOTICE, Row, Screening, is_incomplete};
use crate::screening::book::Book;
use crate::screening::lists::{Listed as _, country_code};
use crate::screening::matching::{Subject, number_of};
use crate::screening::{is_later, stale};
use crate::source::file;

/// Largest file of names: a million rows of two hundred octets and room.
const MAX_FILE: u64 = 256 << 20;
/// Most rows; above it the answer would not fit in memory beside the lists.
const MAX_ROWS: usize = 2_000_000;

/// Entries shown beside those that a row is taken for.
const OTHERS: usize = 5;

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
    let odd = asked
        .iter()
        .filter(|row| !row.country.is_empty() && country(&row.country).is_none())
        .count();
    if odd > 0 {
        complain(&format!(
            "{odd} rows name a country that is not known and are compared without one"
        ));
    }
    let (book, lists, not_screened) = book(setup);
    for (id, why) in &not_screened {
        complain(&format!("list {id} is not screened: {why}"));
    }
    if book.is_empty() {
        complain("there is nothing to screen against");
        return Ok(Exit::Unavailable);
    }
    let negative = if is_incomplete(&lists, &not_screened) {
        "unknown"
    } else {
        "none"
    };
    let rows: Vec<Row> = asked
        .par_iter()
        .enumerate()
        .map(|(index, asked)| answer(index, asked, &book, negative))
        .collect();
    let screening = Screening {
        schema_version: "1.0".into(),
        judged_at: setup.now.date().to_string(),
        entries: u64::try_from(book.len()).unwrap_or(u64::MAX),
        lists,
        not_screened,
        persons: setup.lists.persons(),
        notice: NOTICE.into(),
        rows,
    };
    print_with(|out| match args.format {
        Table::Text => screening.text(out),
        Table::Csv => screening.csv(out),
        Table::Json => screening.json(out),
    })?;
    Ok(if !screening.not_screened.is_empty() {
        Exit::Unavailable
    } else if screening.has_matches() || screening.is_incomplete() {
        Exit::Review
    } else {
        Exit::Done
    })
}

/// Everything to screen against, and what is said of it.
fn book(setup: &Setup) -> (Book, Vec<List>, BTreeMap<String, String>) {
    let mut book = Book::default();
    book.add_built_in(setup.vendors, &setup.instruments);
    let mut lists = Vec::new();
    let mut not_screened: BTreeMap<String, String> = setup.lists.broken().iter().cloned().collect();
    for (place, list) in setup.lists.lists().iter().enumerate() {
        let read = setup
            .lists
            .walk(place, &mut |entries| book.add_list(&entries));
        match read {
            Ok(()) => lists.push(List {
                id: list.id.clone(),
                as_of: list.as_of.to_string(),
                sha256: list.sha256.clone(),
                entries: list.entries,
                stale_days: stale(list, setup.now.date())
                    .map(|age| age.saturating_sub(list.fresh_days)),
                is_later: is_later(list, setup.now.date()),
            }),
            // What of it was read stays in the book: a match in it is one.
            Err(why) => {
                not_screened.insert(list.id.clone(), why);
            }
        }
    }
    book.close();
    (book, lists, not_screened)
}

/// The code of a country as the file writes it.
fn country(text: &str) -> Option<String> {
    country_code(text).filter(|code| is_country_code(code))
}

fn answer(index: usize, asked: &Asked, book: &Book, negative: &str) -> Row {
    let countries: BTreeSet<String> = country(&asked.country).into_iter().collect();
    let mut subject = Subject::new(std::iter::once(asked.name.as_str()), &countries, &[]);
    let register = countries.first().map(String::as_str);
    subject.numbers = asked
        .numbers
        .iter()
        .filter_map(|(scheme, value)| Some(number_of(SCHEMES.get(*scheme)?, register, value)))
        .collect();
    let hits = book.hits(&subject, OTHERS);
    let matches: Vec<Found> = hits
        .shown
        .into_iter()
        .map(|hit| {
            let (ours, theirs) = hit.comparison.compared;
            Found {
                tier: hit.comparison.tier.name().into(),
                list: hit.label.list.clone(),
                entry: hit.label.entry.clone(),
                entry_name: hit.label.name.clone(),
                rule: hit.comparison.rule.into(),
                compared: [ours, theirs],
            }
        })
        .collect();
    Row {
        row: u64::try_from(index).unwrap_or(u64::MAX).saturating_add(1),
        name: asked.name.clone(),
        country: asked.country.clone(),
        result: matches
            .first()
            .map_or_else(|| negative.to_owned(), |best| best.tier.clone()),
        matches,
        more: u64::try_from(hits.more).unwrap_or(u64::MAX),
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
