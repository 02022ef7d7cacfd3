//! Tables of a database: `_Columns` describes them, rows are stored column by column.

use crate::base::blob::ReadAt;
use crate::format::cfb::Compound;
use crate::format::error::Error;
use crate::format::msi::pool::{Pool, table};
use crate::model::extract::Span;

/// Bytes of a table that is read; Property and Media have a few kilobytes.
const MAX_TABLE: u64 = 16 << 20;
/// Rows of a table that are looked at.
const MAX_ROWS: usize = 10_000;
/// Columns of a table; the database engine has no more than 32.
const MAX_COLUMNS: usize = 32;

/// Type of a column: text, or a stream where its length is 0 and it is no key.
const STRING: u16 = 0x0800;
const VALID: u16 = 0x0100;
const NULLABLE: u16 = 0x1000;

/// A value of a row.
#[derive(Debug, Clone)]
pub(super) struct Value {
    pub(super) text: String,
    pub(super) span: Span,
}

/// A column of a table.
#[derive(Debug, Clone)]
struct Column {
    name: String,
    number: u16,
    kind: u16,
}

impl Column {
    fn is_text(&self) -> bool {
        self.kind & STRING != 0 && self.kind & !NULLABLE != STRING | VALID
    }

    fn width(&self, pool: &Pool<'_>) -> usize {
        match (self.is_text(), self.kind & STRING != 0, self.kind & 0xff) {
            (true, _, _) => pool.reference,
            (false, true, _) | (false, false, ..=2) => 2,
            (false, false, _) => 4,
        }
    }
}

/// The text of these columns, row by row; `None` for what is no text or null. Empty where there is no such table.
pub(super) fn rows<const N: usize>(
    blob: &dyn ReadAt,
    compound: &Compound,
    pool: &Pool<'_>,
    name: &str,
    wanted: [&str; N],
) -> Result<Vec<[Option<Value>; N]>, Error> {
    let Some(stream) = table(compound, name) else {
        return Ok(Vec::new());
    };
    let columns = columns(blob, compound, pool, name)?;
    let Some(bytes) = compound.bytes(blob, stream, MAX_TABLE)? else {
        return Ok(Vec::new());
    };
    let widths: Vec<usize> = columns.iter().map(|c| c.width(pool)).collect();
    let row: usize = widths
        .iter()
        .fold(0, |sum, width| sum.saturating_add(*width));
    let count = bytes.len().checked_div(row).unwrap_or_default();
    let places = wanted.map(|name| columns.iter().position(|c| c.name == name && c.is_text()));
    let rows = (0..count.min(MAX_ROWS)).map(|row| {
        places.map(|place| {
            let place = place?;
            let before: usize = widths
                .iter()
                .take(place)
                .fold(0, |sum, width| sum.saturating_add(*width));
            let at = before
                .checked_mul(count)?
                .checked_add(row.checked_mul(pool.reference)?)?;
            let (text, span) = pool.get(number(bytes.get(at..)?, pool.reference)?)?;
            Some(Value { text, span })
        })
    });
    Ok(rows.collect())
}

/// The first `width` bytes as a little-endian number.
fn number(bytes: &[u8], width: usize) -> Option<u32> {
    let bytes = bytes.get(..width)?.iter().rev();
    Some(bytes.fold(0u32, |value, byte| (value << 8) | u32::from(*byte)))
}

/// Columns of a table in their order. `_Columns` has a fixed form: table, number, name, type; numbers are stored with their
/// highest bit turned.
fn columns(
    blob: &dyn ReadAt,
    compound: &Compound,
    pool: &Pool<'_>,
    name: &str,
) -> Result<Vec<Column>, Error> {
    let Some(stream) = table(compound, "_Columns") else {
        return Ok(Vec::new());
    };
    let Some(bytes) = compound.bytes(blob, stream, MAX_TABLE)? else {
        return Ok(Vec::new());
    };
    let wide = pool.reference;
    let row = wide.saturating_mul(2).saturating_add(4);
    let count = bytes.len().checked_div(row).unwrap_or_default();
    let field = |row: usize, before: usize, width: usize| {
        let at = before
            .checked_mul(count)?
            .checked_add(row.checked_mul(width)?)?;
        number(bytes.get(at..)?, width)
    };
    let small = |row: usize, before: usize| {
        let value = u16::try_from(field(row, before, 2)?).ok()?;
        Some(value ^ 0x8000)
    };
    let mut columns: Vec<Column> = (0..count)
        .filter_map(|row| {
            let (table, _) = pool.get(field(row, 0, wide)?)?;
            if table != name {
                return None;
            }
            Some(Column {
                number: small(row, wide)?,
                name: pool.get(field(row, wide.saturating_add(2), wide)?)?.0,
                kind: small(row, wide.saturating_mul(2).saturating_add(2))?,
            })
        })
        .take(MAX_COLUMNS)
        .collect();
    columns.sort_by_key(|column| column.number);
    Ok(columns)
}
