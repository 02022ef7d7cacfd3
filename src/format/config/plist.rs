//! Apple property lists, XML and binary (`bplist00`), as the same values. Dates and data are kept as strings; data is shown in
//! hexadecimal.

use super::xml::{self, Element};
use super::{Count, MAX_DEPTH, Node, Value, malformed, offset, too_deep, unique};
use crate::format::Error;
use crate::model::digest::hex;

/// Bytes after the object table: 6 unused, two sizes, three counts.
const TRAILER: usize = 32;

/// Reads a property list of either kind.
///
/// # Errors
/// Where it is neither, breaks the rules of its kind, refers to itself, or is over a limit.
pub fn read(bytes: &[u8]) -> Result<Node, Error> {
    if bytes.starts_with(b"bplist00") {
        return Binary::open(bytes)?.root();
    }
    let document = xml::read(bytes)?;
    match (document.name.as_str(), document.children.as_slice()) {
        ("plist", [one]) => from_xml(one, 0),
        _ => Err(malformed(0, "no property list")),
    }
}

/// Depth is bounded by the XML reader already.
fn from_xml(element: &Element, depth: u32) -> Result<Node, Error> {
    let deeper = depth.saturating_add(1);
    let value = match element.name.as_str() {
        "string" | "date" | "data" => Value::Text(element.text.clone()),
        "integer" | "real" => Value::Number(element.text.clone()),
        "true" => Value::Flag(true),
        "false" => Value::Flag(false),
        "array" => Value::List(
            element
                .children
                .iter()
                .map(|c| from_xml(c, deeper))
                .collect::<Result<_, _>>()?,
        ),
        "dict" => {
            let (pairs, rest) = element.children.as_chunks::<2>();
            let mut entries = Vec::with_capacity(pairs.len());
            for [key, value] in pairs {
                if key.name != "key" {
                    return Err(malformed_at(key, "a key is expected"));
                }
                entries.push((key.text.clone(), from_xml(value, deeper)?));
            }
            if let Some(odd) = rest.first() {
                return Err(malformed_at(odd, "a key has no value"));
            }
            unique(&entries)?;
            Value::Map(entries)
        }
        _ => return Err(malformed_at(element, "no element of a property list")),
    };
    Ok(Node {
        value,
        span: element.span.clone(),
    })
}

fn malformed_at(element: &Element, message: &str) -> Error {
    malformed(
        usize::try_from(element.span.start).unwrap_or(usize::MAX),
        message,
    )
}

struct Binary<'b> {
    bytes: &'b [u8],
    offsets: &'b [u8],
    offset_size: usize,
    reference_size: usize,
    objects: usize,
    top: usize,
    count: Count,
    /// Objects being read, from the top down: one that stands in itself ends the reading.
    path: Vec<usize>,
}

impl<'b> Binary<'b> {
    fn open(bytes: &'b [u8]) -> Result<Self, Error> {
        let bad = |message| malformed(bytes.len().saturating_sub(TRAILER), message);
        let (body, trailer) = bytes
            .split_last_chunk::<TRAILER>()
            .ok_or_else(|| bad("the trailer is missing"))?;
        let size = |at: usize| {
            trailer
                .get(at)
                .copied()
                .map(usize::from)
                .unwrap_or_default()
        };
        let field = |at: usize| {
            trailer
                .get(at..)
                .and_then(|t| t.first_chunk::<8>())
                .and_then(|b| usize::try_from(u64::from_be_bytes(*b)).ok())
                .ok_or_else(|| bad("a count is too large"))
        };
        let (offset_size, reference_size) = (size(6), size(7));
        let (objects, top, table) = (field(8)?, field(16)?, field(24)?);
        if !(1..=8).contains(&offset_size) || !(1..=8).contains(&reference_size) {
            return Err(bad("a size of offsets or references is not 1 to 8"));
        }
        let offsets = objects
            .checked_mul(offset_size)
            .and_then(|len| table.checked_add(len))
            .and_then(|end| body.get(table..end))
            .ok_or_else(|| bad("the table of offsets lies outside the file"))?;
        if top >= objects {
            return Err(bad("the top object is none of the file's"));
        }
        Ok(Self {
            bytes: body.get(..table).unwrap_or_default(),
            offsets,
            offset_size,
            reference_size,
            objects,
            top,
            count: Count::default(),
            path: Vec::new(),
        })
    }

    fn root(mut self) -> Result<Node, Error> {
        self.object(self.top)
    }

    fn object(&mut self, index: usize) -> Result<Node, Error> {
        self.count.one()?;
        if self.path.len() >= usize::try_from(MAX_DEPTH).unwrap_or(usize::MAX) {
            return Err(too_deep());
        }
        let at = self.place(index)?;
        if self.path.contains(&index) {
            return Err(malformed(at, "an object stands in itself"));
        }
        let marker = self.byte(at)?;
        let (kind, low) = (marker >> 4, marker & 0x0f);
        let (len, body) = match kind {
            0x0 | 0x1 | 0x2 | 0x3 | 0x8 => (usize::from(low), at.saturating_add(1)),
            _ => self.length(low, at)?,
        };
        let (value, end) = match kind {
            0x0 => (
                match low {
                    8 => Value::Flag(false),
                    9 => Value::Flag(true),
                    _ => Value::Nothing,
                },
                body,
            ),
            0x1..=0x3 => {
                let size = 1usize.checked_shl(u32::from(low)).filter(|s| *s <= 16);
                let raw = self.slice(
                    body,
                    size.ok_or_else(|| malformed(at, "a number of more than 16 bytes"))?,
                )?;
                (number(kind, raw), body.saturating_add(raw.len()))
            }
            0x4 => (
                Value::Text(hex(self.slice(body, len)?)),
                body.saturating_add(len),
            ),
            0x5 => {
                let raw = self.slice(body, len)?;
                (
                    Value::Text(raw.iter().map(|b| char::from(*b)).collect()),
                    body.saturating_add(len),
                )
            }
            0x6 => {
                let size = len
                    .checked_mul(2)
                    .ok_or_else(|| malformed(at, "a string is too long"))?;
                let (units, _) = self.slice(body, size)?.as_chunks::<2>();
                let units = units.iter().map(|u| u16::from_be_bytes(*u));
                let text =
                    char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER));
                (Value::Text(text.collect()), body.saturating_add(size))
            }
            0x8 => (Value::Nothing, body.saturating_add(len).saturating_add(1)),
            0xa | 0xc => {
                let references = self.references(body, len)?;
                let end = body.saturating_add(references.len().saturating_mul(self.reference_size));
                self.path.push(index);
                let items = references
                    .into_iter()
                    .map(|r| self.object(r))
                    .collect::<Result<Vec<_>, _>>()?;
                self.path.pop();
                (Value::List(items), end)
            }
            0xd => self.dictionary(index, body, len)?,
            _ => return Err(malformed(at, "no kind of object")),
        };
        Ok(Node {
            value,
            span: offset(at)..offset(end),
        })
    }

    fn dictionary(
        &mut self,
        index: usize,
        body: usize,
        len: usize,
    ) -> Result<(Value, usize), Error> {
        let keys = self.references(body, len)?;
        let width = len.saturating_mul(self.reference_size);
        let values = self.references(body.saturating_add(width), len)?;
        self.path.push(index);
        let mut entries = Vec::with_capacity(len);
        for (key, value) in keys.into_iter().zip(values) {
            let place = self.place(key)?;
            let Value::Text(key) = self.object(key)?.value else {
                return Err(malformed(place, "a key is no string"));
            };
            entries.push((key, self.object(value)?));
        }
        self.path.pop();
        unique(&entries)?;
        Ok((
            Value::Map(entries),
            body.saturating_add(width).saturating_add(width),
        ))
    }

    fn references(&self, at: usize, len: usize) -> Result<Vec<usize>, Error> {
        let size = len
            .checked_mul(self.reference_size)
            .ok_or_else(|| malformed(at, "a collection is too long"))?;
        let raw = self.slice(at, size)?;
        Ok(raw
            .chunks_exact(self.reference_size)
            .map(unsigned)
            .collect())
    }

    /// Count and where the content starts: four bits, or an integer object that follows.
    fn length(&self, low: u8, at: usize) -> Result<(usize, usize), Error> {
        let next = at.saturating_add(1);
        if low != 0x0f {
            return Ok((usize::from(low), next));
        }
        let marker = self.byte(next)?;
        let size = 1usize
            .checked_shl(u32::from(marker & 0x0f))
            .filter(|s| *s <= 8);
        let size = size
            .filter(|_| marker >> 4 == 1)
            .ok_or_else(|| malformed(next, "a count is no integer"))?;
        let start = next.saturating_add(1);
        Ok((
            unsigned(self.slice(start, size)?),
            start.saturating_add(size),
        ))
    }

    fn place(&self, index: usize) -> Result<usize, Error> {
        if index >= self.objects {
            return Err(malformed(0, "a reference names no object of the file"));
        }
        let start = index.saturating_mul(self.offset_size);
        let raw = self
            .offsets
            .get(start..start.saturating_add(self.offset_size))
            .unwrap_or_default();
        Ok(unsigned(raw))
    }

    fn byte(&self, at: usize) -> Result<u8, Error> {
        self.bytes
            .get(at)
            .copied()
            .ok_or_else(|| malformed(at, "an object lies outside the file"))
    }

    fn slice(&self, at: usize, len: usize) -> Result<&'b [u8], Error> {
        at.checked_add(len)
            .and_then(|end| self.bytes.get(at..end))
            .ok_or_else(|| malformed(at, "an object lies outside the file"))
    }
}

/// Big-endian, at most eight bytes.
fn unsigned(raw: &[u8]) -> usize {
    let value = raw.iter().fold(0u64, |n, b| (n << 8) | u64::from(*b));
    usize::try_from(value).unwrap_or(usize::MAX)
}

fn number(kind: u8, raw: &[u8]) -> Value {
    let text = match (kind, raw.len()) {
        // Shorter integers are unsigned, those of eight bytes signed.
        (0x1, 8) => raw
            .first_chunk()
            .map(|b| i64::from_be_bytes(*b).to_string()),
        (0x1, 16) => raw
            .first_chunk()
            .map(|b| i128::from_be_bytes(*b).to_string()),
        (0x1, _) => Some(unsigned(raw).to_string()),
        (_, 4) => raw
            .first_chunk()
            .map(|b| f32::from_be_bytes(*b).to_string()),
        (_, 8) => raw
            .first_chunk()
            .map(|b| f64::from_be_bytes(*b).to_string()),
        _ => None,
    };
    text.map_or(Value::Nothing, Value::Number)
}
