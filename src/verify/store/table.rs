//! Tables of certificates that are looked up without being loaded: a text index beside the concatenated DER.
//!
//! The index is tab-separated text that a person can read and a diff can show. Lines that begin with `#` carry
//! `key: value` facts about the table; the first other line names the columns; every further line is one certificate. Columns
//! common to all tables come first: `sha256`, `sha1`, `subject` (SHA-256 of the subject's encoding), `offset`, `length` and
//! `name`. Only keys and positions are read when a table is opened; a certificate is decoded when it is asked for, and its
//! hash is compared with the index then, so that a torn or edited file yields nothing instead of another certificate.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::{Mutex, PoisonError};

use sha2::{Digest as _, Sha256};

use crate::base::text::is_unsafe;
use crate::model::certificate::{CertificateId, Name, SharedCertificate};
use crate::model::digest::hex;
use crate::verify::certificate;
use crate::verify::store::StoreError;

/// Columns that every table starts with.
pub(super) const COMMON: [&str; 6] = ["sha256", "sha1", "subject", "offset", "length", "name"];
/// Most rows read; the Windows programme has 555.
const MAX_ROWS: usize = 65_536;
/// Most facts in the head of a table.
const MAX_FACTS: usize = 64;

/// A table of certificates.
#[derive(Debug, Default)]
pub(super) struct Table {
    text: Cow<'static, str>,
    der: Cow<'static, [u8]>,
    facts: Vec<Span>,
    rows: Vec<Row>,
    by_subject: Vec<([u8; 32], usize)>,
    decoded: Mutex<HashMap<usize, SharedCertificate>>,
}

#[derive(Debug, Clone, Copy)]
struct Span {
    start: usize,
    end: usize,
}

#[derive(Debug)]
struct Row {
    sha256: [u8; 32],
    der: Span,
    line: Span,
}

/// One row, to write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) der: Vec<u8>,
    pub(super) sha1: [u8; 20],
    pub(super) subject: Vec<u8>,
    pub(super) name: String,
    /// Values of the columns after [`COMMON`].
    pub(super) more: Vec<String>,
}

impl Table {
    /// Opens a table. `columns` are those that follow [`COMMON`].
    pub(super) fn open(
        text: Cow<'static, str>,
        der: Cow<'static, [u8]>,
        columns: &[&str],
    ) -> Result<Self, StoreError> {
        let mut table = Self::default();
        let mut header = false;
        let mut start = 0usize;
        for line in text.split_inclusive('\n') {
            let end = start.saturating_add(line.len());
            let content = line.trim_end_matches(['\n', '\r']);
            let span = Span {
                start,
                end: start.saturating_add(content.len()),
            };
            let broken = |what| StoreError::Index {
                offset: start,
                what,
            };
            if content.starts_with('#') {
                if table.facts.len() >= MAX_FACTS {
                    return Err(broken("too many facts"));
                }
                table.facts.push(span);
            } else if !header {
                if !content
                    .split('\t')
                    .eq(COMMON.iter().chain(columns).copied())
                {
                    return Err(broken("unexpected columns"));
                }
                header = true;
            } else {
                if table.rows.len() >= MAX_ROWS {
                    return Err(broken("too many rows"));
                }
                let (row, subject) = row(content, span).ok_or(broken("unreadable row"))?;
                if row.der.end > der.len() {
                    return Err(broken("certificate past the end of the file"));
                }
                if table
                    .rows
                    .last()
                    .is_some_and(|last| last.sha256 >= row.sha256)
                {
                    return Err(broken("rows are not in the order of their SHA-256"));
                }
                table.by_subject.push((subject, table.rows.len()));
                table.rows.push(row);
            }
            start = end;
        }
        table.by_subject.sort_unstable();
        table.text = text;
        table.der = der;
        Ok(table)
    }

    /// Compares the certificates and the number of rows with the head, once, for files that come from a disk.
    pub(super) fn check(&self) -> Result<(), StoreError> {
        let expected = self
            .fact("certificates-sha256")
            .ok_or(StoreError::Fact("digest of the certificates"))?;
        let rows = self
            .fact("rows")
            .ok_or(StoreError::Fact("number of rows"))?;
        if hex(&Sha256::digest(&self.der)) == expected && rows == self.rows.len().to_string() {
            Ok(())
        } else {
            Err(StoreError::Mismatch)
        }
    }

    /// How many certificates it holds.
    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    /// A fact from the head.
    pub(super) fn fact(&self, key: &str) -> Option<&str> {
        self.facts
            .iter()
            .filter_map(|span| self.text.get(span.start..span.end))
            .find_map(|line| {
                line.strip_prefix("# ")?
                    .strip_prefix(key)?
                    .strip_prefix(": ")
            })
    }

    /// Rows whose subject has this encoding.
    pub(super) fn with_subject(&self, name: &Name) -> impl Iterator<Item = usize> {
        let key: [u8; 32] = Sha256::digest(&name.raw).into();
        let start = self.by_subject.partition_point(|(k, _)| *k < key);
        self.by_subject
            .iter()
            .skip(start)
            .take_while(move |(k, _)| *k == key)
            .map(|(_, row)| *row)
    }

    /// The row of this certificate.
    pub(super) fn find(&self, id: &CertificateId) -> Option<usize> {
        self.rows.binary_search_by(|row| row.sha256.cmp(&id.0)).ok()
    }

    /// The certificate of a row: `None` where the file does not hold what the index says.
    pub(super) fn certificate(&self, row: usize) -> Option<SharedCertificate> {
        let mut decoded = self.decoded.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = decoded.get(&row) {
            return Some(SharedCertificate::clone(known));
        }
        let certificate = SharedCertificate::new(certificate::read(self.der(row)?).ok()?);
        if certificate.id.0 != self.rows.get(row)?.sha256 {
            return None;
        }
        decoded.insert(row, SharedCertificate::clone(&certificate));
        Some(certificate)
    }

    /// The bytes of a row's certificate, unchecked.
    pub(super) fn der(&self, row: usize) -> Option<&[u8]> {
        let span = self.rows.get(row)?.der;
        self.der.get(span.start..span.end)
    }

    /// SHA-256 of a row's certificate by the index.
    pub(super) fn id(&self, row: usize) -> Option<CertificateId> {
        self.rows.get(row).map(|r| CertificateId(r.sha256))
    }

    /// The value of a column of a row.
    pub(super) fn column(&self, row: usize, column: usize) -> Option<&str> {
        let line = self.rows.get(row)?.line;
        self.text.get(line.start..line.end)?.split('\t').nth(column)
    }

    /// The value of the `n`th column after [`COMMON`].
    pub(super) fn more(&self, row: usize, n: usize) -> Option<&str> {
        self.column(row, COMMON.len().saturating_add(n))
    }

    /// The column `name`.
    pub(super) fn name(&self, row: usize) -> &str {
        self.column(row, COMMON.len().saturating_sub(1))
            .unwrap_or_default()
    }
}

fn row(line: &str, span: Span) -> Option<(Row, [u8; 32])> {
    let mut columns = line.split('\t');
    let sha256 = unhex(columns.next()?)?;
    let _sha1: [u8; 20] = unhex(columns.next()?)?;
    let subject = unhex(columns.next()?)?;
    let start: usize = columns.next()?.parse().ok()?;
    let length: usize = columns.next()?.parse().ok()?;
    let row = Row {
        sha256,
        der: Span {
            start,
            end: start.checked_add(length)?,
        },
        line: span,
    };
    Some((row, subject))
}

/// Reads lower-case hexadecimal of exactly `N` bytes.
pub(super) fn unhex<const N: usize>(text: &str) -> Option<[u8; N]> {
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    if !rest.is_empty() || pairs.len() != N {
        return None;
    }
    let mut out = [0u8; N];
    for (byte, [high, low]) in out.iter_mut().zip(pairs) {
        *byte = (nibble(*high)? << 4) | nibble(*low)?;
    }
    Some(out)
}

fn nibble(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => digit.checked_sub(b'0'),
        b'a'..=b'f' => digit.checked_sub(b'a')?.checked_add(10),
        _ => None,
    }
}

/// Writes a table: the index and the certificates, in the order of SHA-256 so that the same input gives the same bytes.
pub(super) fn write(
    facts: &[(&str, String)],
    columns: &[&str],
    entries: Vec<Entry>,
) -> (String, Vec<u8>) {
    let mut rows: Vec<([u8; 32], Entry)> = entries
        .into_iter()
        .map(|entry| (Sha256::digest(&entry.der).into(), entry))
        .collect();
    rows.sort_by_key(|(sha256, _)| *sha256);
    rows.dedup_by_key(|(sha256, _)| *sha256);

    let mut lines = String::new();
    let mut der = Vec::new();
    let count = rows.len();
    for (sha256, entry) in rows {
        let subject: [u8; 32] = Sha256::digest(&entry.subject).into();
        let _ = write!(
            lines,
            "{}\t{}\t{}\t{}\t{}\t{}",
            hex(&sha256),
            hex(&entry.sha1),
            hex(&subject),
            der.len(),
            entry.der.len(),
            plain(&entry.name)
        );
        for value in &entry.more {
            let _ = write!(lines, "\t{}", plain(value));
        }
        lines.push('\n');
        der.extend_from_slice(&entry.der);
    }

    let mut text = String::new();
    for (key, value) in facts {
        let _ = writeln!(text, "# {key}: {}", plain(value));
    }
    let _ = writeln!(
        text,
        "# certificates-sha256: {}",
        hex(&Sha256::digest(&der))
    );
    let _ = writeln!(text, "# rows: {count}");
    let names: Vec<&str> = COMMON.iter().chain(columns).copied().collect();
    let _ = writeln!(text, "{}", names.join("\t"));
    text.push_str(&lines);
    (text, der)
}

/// Without anything that would break a line of the table or a terminal; the root list has names with invisible characters.
fn plain(value: &str) -> String {
    let safe: String = value
        .chars()
        .map(|c| if is_unsafe(c) { ' ' } else { c })
        .collect();
    safe.trim().to_owned()
}
