//! The hostile-zip and hostile-tar suites: one lie about an archive each.

use std::collections::BTreeSet;
use std::io::Read;
use std::time::{Duration, Instant};

use bonafide::base::blob::ReadAt;
use bonafide::base::budget::{Budget, Limits, Stopped};
use bonafide::format::{self, Content, Error, Format, HEAD_LEN, Inside, Kind, Out, Sniff};

use crate::support::{bytes, corpus, table};

/// Longest that one row may take. Decoders that are generic over their source are not optimised in a debug build.
const PATIENCE: Duration = Duration::from_secs(if cfg!(debug_assertions) { 6 } else { 2 });

/// Reads every member to its end and keeps nothing.
struct Sink;

impl Out for Sink {
    fn wants(&self, _: usize) -> bool {
        true
    }

    fn member(&mut self, _: usize, content: &mut dyn Read) -> Result<(), Error> {
        std::io::copy(content, &mut std::io::sink())
            .map(|_| ())
            .map_err(|e| Error::decoding(&format::codec::findings::BAD_COMPRESSED_DATA, 0, &e))
    }
}

/// What came of one file.
#[derive(Debug)]
struct Walked {
    format: &'static str,
    /// `OK`, `MALFORMED` or `LIMIT`.
    class: &'static str,
    ids: BTreeSet<&'static str>,
    gaps: usize,
}

fn walk(name: &str, file: &Vec<u8>) -> Walked {
    let sniff = Sniff {
        head: file.get(..HEAD_LEN).unwrap_or(file),
        name,
        blob: file,
    };
    let format = format::detect(&sniff).unwrap_or_else(|| panic!("{name}: of no format"));
    let budget = Budget::start(Limits::default(), &Stopped);
    budget.state_size(file.len() as u64);
    let mut walked = Walked {
        format: format.card().id,
        class: "OK",
        ids: BTreeSet::new(),
        gaps: 0,
    };
    let result = examine(format, file, &budget, &mut walked);
    if let Err(error) = result {
        walked.class = match error {
            Error::Limit(_) => "LIMIT",
            _ => "MALFORMED",
        };
        walked.ids.insert(error.reason());
    }
    walked
}

fn examine(
    format: &dyn Format,
    file: &dyn ReadAt,
    budget: &Budget<'_>,
    walked: &mut Walked,
) -> Result<(), Error> {
    let extract = format.extract(file, budget)?;
    walked.gaps = extract.gaps.len();
    walked
        .ids
        .extend(extract.findings.iter().map(|f| f.definition.id));
    let Some(inside) = format.open(file, budget)? else {
        return Ok(());
    };
    walked
        .ids
        .extend(inside.findings().iter().map(|f| f.definition.id));
    decode(inside.as_ref(), file, budget)
}

fn decode(inside: &dyn Inside, file: &dyn ReadAt, budget: &Budget<'_>) -> Result<(), Error> {
    for entry in inside.entries() {
        if let Content::Stored(span) = &entry.content {
            assert!(span.end <= file.size() && span.start <= span.end);
            assert_ne!(entry.kind, Kind::Special);
        }
    }
    for block in 0..inside.blocks() {
        inside.decode(file, block, budget, &mut Sink)?;
    }
    Ok(())
}

/// Every row of a suite that is there to be walked, held against what it expects.
fn hold(suite: &str, least: usize) {
    let Some(suite) = corpus(suite) else { return };
    let ours: BTreeSet<&str> = format::findings::ALL
        .iter()
        .flat_map(|all| all.iter())
        .map(|d| d.id)
        .collect();
    let rows = table(&suite.join("MANIFEST.tsv"));
    assert!(rows.len() >= least, "{} rows", rows.len());
    let mut wrong = Vec::new();
    for row in rows {
        let name = &row["file"];
        let file = bytes(&suite.join(name));
        let started = Instant::now();
        let walked = walk(name, &file);
        let took = started.elapsed();
        if took > PATIENCE {
            wrong.push(format!("{name} ({}): took {took:?}", walked.format));
        }
        // Signatures of Android packages are not examined: that is said, and the container itself is sound.
        let is_apk = matches!(row["expected"].as_str(), "VALID" | "INVALID");
        let expected = if is_apk { "OK" } else { &row["expected"] };
        if walked.class != expected {
            wrong.push(format!("{name}: expected {expected}, got {walked:?}"));
        }
        if is_apk && walked.gaps == 0 {
            wrong.push(format!(
                "{name}: does not say that signatures are not examined"
            ));
        }
        // `,` joins what must all be there, `|` what may stand for each other.
        let mut allowed: BTreeSet<&str> = BTreeSet::new();
        for wanted in row["findings"].split(',').filter(|f| !f.is_empty()) {
            let known: Vec<&str> = wanted.split('|').filter(|id| ours.contains(id)).collect();
            allowed.extend(&known);
            if !known.is_empty() && !known.iter().any(|id| walked.ids.contains(id)) {
                wrong.push(format!("{name}: lacks {wanted}: {walked:?}"));
            }
        }
        let more: Vec<_> = walked.ids.difference(&allowed).collect();
        if row["expected"] == "OK" && !more.is_empty() {
            wrong.push(format!("{name}: also says {more:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_hostile_zip_comes_to_what_its_suite_expects_in_time() {
    hold("reliability/hostile-zip", 20);
}

#[test]
fn every_hostile_tar_and_stream_comes_to_what_its_suite_expects_in_time() {
    hold("reliability/hostile-tar", 10);
}
