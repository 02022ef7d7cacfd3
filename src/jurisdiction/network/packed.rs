//! The packed table of networks that ships with the product, and its builder.
//!
//! Sorted ranges of addresses with one symbol each: a country, or an autonomous system. Columns of gaps, lengths and symbols as
//! variable-length integers, deflated (RFC 1951); IPv6 in units of /64, which no registry delegates below. Nothing is unpacked
//! until an address of that version is asked for.

use std::io::{Read, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::OnceLock;

use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;

/// First bytes of a table.
const MAGIC: &[u8; 8] = b"BFNETW1\n";
/// Largest unpacked column; the largest of the real tables has under one megabyte.
const MAX_COLUMN: u64 = 16 << 20;
/// Most ranges in one table; the registries delegate about 250,000 in each version.
const MAX_RANGES: usize = 4_000_000;

/// Why a table cannot be used or made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Not a table of this kind, or a broken one.
    #[error("network table: {0}")]
    Broken(&'static str),
    /// Rows that cannot be packed.
    #[error("row {row}: {why}")]
    Row {
        /// Counted from 1.
        row: usize,
        /// Why.
        why: &'static str,
    },
}

/// Units of one version: addresses, or /64 networks.
type Unit = u64;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Range {
    first: Unit,
    last: Unit,
    symbol: u16,
}

/// A table, unpacked as far as it was asked.
#[derive(Debug)]
pub struct Packed {
    bytes: &'static [u8],
    /// As of when it holds, RFC 3339 date.
    pub as_of: String,
    symbols: Vec<String>,
    sections: [Section; 2],
}

#[derive(Debug, Default)]
struct Section {
    start: usize,
    columns: [usize; 3],
    count: usize,
    ranges: OnceLock<Result<Vec<Range>, Error>>,
}

/// What a table says of one address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry<'t> {
    /// First address of the range.
    pub first: IpAddr,
    /// Last address.
    pub last: IpAddr,
    /// The symbol.
    pub symbol: &'t str,
}

impl Packed {
    /// Reads the head of a table and nothing else.
    ///
    /// # Errors
    /// Not a table, or its parts do not fit its length.
    pub fn open(bytes: &'static [u8]) -> Result<Self, Error> {
        let mut head = Cursor { bytes, at: 0 };
        if head.take(MAGIC.len())? != MAGIC {
            return Err(Error::Broken("not a table"));
        }
        let as_of = head.text()?;
        let count = head.number()?;
        let mut symbols = Vec::new();
        for _ in 0..count {
            symbols.push(head.text()?);
        }
        let mut sections = [Section::default(), Section::default()];
        for section in &mut sections {
            section.count = head.number()?;
            for column in &mut section.columns {
                *column = head.number()?;
            }
        }
        let mut at = head.at;
        for section in &mut sections {
            section.start = at;
            for length in section.columns {
                at = at.saturating_add(length);
            }
        }
        if at != bytes.len() {
            return Err(Error::Broken("length"));
        }
        Ok(Self {
            bytes,
            as_of,
            symbols,
            sections,
        })
    }

    /// The range that holds `ip`, if any does.
    ///
    /// # Errors
    /// The table is broken; a test keeps that from shipping.
    pub fn find(&self, ip: IpAddr) -> Result<Option<Entry<'_>>, Error> {
        let (version, unit) = unit(ip);
        let ranges = self.ranges(version)?;
        let after = ranges.partition_point(|r| r.first <= unit);
        let found = after.checked_sub(1).and_then(|i| ranges.get(i));
        let Some(range) = found.filter(|r| r.last >= unit) else {
            return Ok(None);
        };
        let symbol = self
            .symbols
            .get(usize::from(range.symbol))
            .ok_or(Error::Broken("symbol"))?;
        Ok(Some(Entry {
            first: address(version, range.first, false),
            last: address(version, range.last, true),
            symbol,
        }))
    }

    /// How many ranges of IPv4 and of IPv6 it has.
    pub fn counts(&self) -> (usize, usize) {
        let [v4, v6] = &self.sections;
        (v4.count, v6.count)
    }

    /// Every range, in order.
    ///
    /// # Errors
    /// The table is broken.
    pub fn all(&self) -> Result<Vec<Entry<'_>>, Error> {
        let mut out = Vec::new();
        for version in [Version::V4, Version::V6] {
            for range in self.ranges(version)? {
                let symbol = self.symbols.get(usize::from(range.symbol));
                out.push(Entry {
                    first: address(version, range.first, false),
                    last: address(version, range.last, true),
                    symbol: symbol.ok_or(Error::Broken("symbol"))?,
                });
            }
        }
        Ok(out)
    }

    fn ranges(&self, version: Version) -> Result<&[Range], Error> {
        let [v4, v6] = &self.sections;
        let section = match version {
            Version::V4 => v4,
            Version::V6 => v6,
        };
        let ranges = section
            .ranges
            .get_or_init(|| unpack(self.bytes, section, self.symbols.len()));
        match ranges {
            Ok(ranges) => Ok(ranges),
            Err(error) => Err(error.clone()),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Version {
    V4,
    V6,
}

fn unit(ip: IpAddr) -> (Version, Unit) {
    match ip {
        IpAddr::V4(ip) => (Version::V4, u64::from(u32::from(ip))),
        IpAddr::V6(ip) => {
            let upper = u128::from(ip) >> 64;
            (Version::V6, u64::try_from(upper).unwrap_or(u64::MAX))
        }
    }
}

fn address(version: Version, unit: Unit, last: bool) -> IpAddr {
    match version {
        Version::V4 => Ipv4Addr::from(u32::try_from(unit).unwrap_or(u32::MAX)).into(),
        Version::V6 => {
            let rest = if last { u128::from(u64::MAX) } else { 0 };
            Ipv6Addr::from((u128::from(unit) << 64) | rest).into()
        }
    }
}

fn unpack(bytes: &[u8], section: &Section, symbols: usize) -> Result<Vec<Range>, Error> {
    if section.count > MAX_RANGES {
        return Err(Error::Broken("too many ranges"));
    }
    let mut at = section.start;
    let mut columns: [Vec<u8>; 3] = Default::default();
    for (column, length) in columns.iter_mut().zip(section.columns) {
        let end = at.saturating_add(length);
        let packed = bytes.get(at..end).ok_or(Error::Broken("column"))?;
        at = end;
        let mut reader = DeflateDecoder::new(packed).take(MAX_COLUMN);
        let mut chunk = [0u8; 8192];
        loop {
            match reader.read(&mut chunk) {
                Ok(0) => break,
                Ok(read) => column.extend_from_slice(chunk.get(..read).unwrap_or_default()),
                Err(_) => return Err(Error::Broken("deflate")),
            }
        }
    }
    let [gaps, lengths, codes] = &columns;
    let mut gaps = Cursor { bytes: gaps, at: 0 };
    let mut lengths = Cursor {
        bytes: lengths,
        at: 0,
    };
    let mut codes = Cursor {
        bytes: codes,
        at: 0,
    };
    let mut out = Vec::with_capacity(section.count);
    let mut next: Unit = 0;
    for _ in 0..section.count {
        let first = next.checked_add(gaps.varint()?);
        let first = first.ok_or(Error::Broken("range"))?;
        let last = first.checked_add(lengths.varint()?);
        let last = last.ok_or(Error::Broken("range"))?;
        let symbol = u16::try_from(codes.varint()?).map_err(|_| Error::Broken("symbol"))?;
        if usize::from(symbol) >= symbols {
            return Err(Error::Broken("symbol"));
        }
        out.push(Range {
            first,
            last,
            symbol,
        });
        // Past the end of all addresses nothing can follow; a gap on top of it overflows above.
        next = last.saturating_add(1);
    }
    Ok(out)
}

struct Cursor<'b> {
    bytes: &'b [u8],
    at: usize,
}

impl<'b> Cursor<'b> {
    fn take(&mut self, count: usize) -> Result<&'b [u8], Error> {
        let end = self.at.saturating_add(count);
        let taken = self.bytes.get(self.at..end);
        self.at = end;
        taken.ok_or(Error::Broken("ends early"))
    }

    fn varint(&mut self) -> Result<u64, Error> {
        let mut value = 0u64;
        for shift in (0..64).step_by(7) {
            let byte = *self.bytes.get(self.at).ok_or(Error::Broken("ends early"))?;
            self.at = self.at.saturating_add(1);
            value |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Ok(value);
            }
        }
        Err(Error::Broken("number"))
    }

    fn number(&mut self) -> Result<usize, Error> {
        usize::try_from(self.varint()?).map_err(|_| Error::Broken("number"))
    }

    fn text(&mut self) -> Result<String, Error> {
        let length = self.number()?;
        let bytes = self.take(length)?;
        let text = std::str::from_utf8(bytes).map_err(|_| Error::Broken("text"))?;
        Ok(text.to_owned())
    }
}

/// Packs rows of `(first, last, symbol)`; they may come in any order and must not overlap. Neighbours of one symbol become one range.
///
/// # Errors
/// Rows that overlap, run backwards, mix versions, or split a /64.
pub fn build(as_of: &str, rows: &[(IpAddr, IpAddr, String)]) -> Result<Vec<u8>, Error> {
    let mut symbols: Vec<&str> = rows.iter().map(|(_, _, s)| s.as_str()).collect();
    symbols.sort_unstable();
    symbols.dedup();
    let mut split: [Vec<Range>; 2] = Default::default();
    for (index, (first, last, symbol)) in rows.iter().enumerate() {
        let row = index.saturating_add(1);
        let fault = |why| Error::Row { row, why };
        let (version, from) = unit(*first);
        let (end_version, to) = unit(*last);
        if version != end_version || from > to {
            return Err(fault("runs backwards"));
        }
        if address(version, from, false) != *first || address(version, to, true) != *last {
            return Err(fault("splits a /64"));
        }
        let symbol = symbols.binary_search(&symbol.as_str()).unwrap_or_default();
        let [v4, v6] = &mut split;
        let list = if version == Version::V4 { v4 } else { v6 };
        list.push(Range {
            first: from,
            last: to,
            symbol: u16::try_from(symbol).map_err(|_| fault("too many symbols"))?,
        });
    }
    let mut out = MAGIC.to_vec();
    put_text(&mut out, as_of);
    put(&mut out, symbols.len());
    for symbol in &symbols {
        put_text(&mut out, symbol);
    }
    let mut body = Vec::new();
    for mut ranges in split {
        ranges.sort_by_key(|r| r.first);
        let merged = merge(&ranges)?;
        put(&mut out, merged.len());
        for column in columns(&merged) {
            let packed = deflate(&column)?;
            put(&mut out, packed.len());
            body.extend(packed);
        }
    }
    out.extend(body);
    Ok(out)
}

fn merge(ranges: &[Range]) -> Result<Vec<Range>, Error> {
    let mut out: Vec<Range> = Vec::new();
    for (index, range) in ranges.iter().enumerate() {
        match out.last_mut() {
            Some(last) if last.last >= range.first => {
                return Err(Error::Row {
                    row: index.saturating_add(1),
                    why: "overlaps another",
                });
            }
            Some(last)
                if last.symbol == range.symbol && last.last.checked_add(1) == Some(range.first) =>
            {
                last.last = range.last;
            }
            Some(_) | None => out.push(*range),
        }
    }
    Ok(out)
}

fn columns(ranges: &[Range]) -> [Vec<u8>; 3] {
    let mut columns: [Vec<u8>; 3] = Default::default();
    let [gaps, lengths, codes] = &mut columns;
    let mut next: Unit = 0;
    for range in ranges {
        put_varint(gaps, range.first.saturating_sub(next));
        put_varint(lengths, range.last.saturating_sub(range.first));
        put_varint(codes, u64::from(range.symbol));
        next = range.last.saturating_add(1);
    }
    columns
}

fn deflate(bytes: &[u8]) -> Result<Vec<u8>, Error> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
    encoder
        .write_all(bytes)
        .and_then(|()| encoder.finish())
        .map_err(|_| Error::Broken("deflate"))
}

fn put(out: &mut Vec<u8>, number: usize) {
    put_varint(out, u64::try_from(number).unwrap_or(u64::MAX));
}

fn put_text(out: &mut Vec<u8>, text: &str) {
    put(out, text.len());
    out.extend_from_slice(text.as_bytes());
}

fn put_varint(out: &mut Vec<u8>, mut value: u64) {
    loop {
        let low = u8::try_from(value & 0x7f).unwrap_or_default();
        value >>= 7;
        if value == 0 {
            out.push(low);
            return;
        }
        out.push(low | 0x80);
    }
}

#[cfg(test)]
mod tests {
    use super::{Error, Packed, build};
    use std::net::IpAddr;

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    fn row(first: &str, last: &str, symbol: &str) -> (IpAddr, IpAddr, String) {
        (ip(first), ip(last), symbol.into())
    }

    fn table(rows: &[(IpAddr, IpAddr, String)]) -> Packed {
        let bytes: &'static [u8] = build("2026-06-17", rows).unwrap().leak();
        Packed::open(bytes).unwrap()
    }

    #[test]
    fn what_is_packed_is_found_at_its_edges_and_nowhere_else() {
        let packed = table(&[
            row("77.74.176.0", "77.74.183.255", "CH"),
            row("0.0.0.0", "0.0.0.7", "US"),
            row("255.255.255.255", "255.255.255.255", "DE"),
            row("2001:200::", "2001:200:ffff:ffff:ffff:ffff:ffff:ffff", "JP"),
            row(
                "ffff:ffff:ffff:ffff::",
                "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
                "ZW",
            ),
        ]);
        let find = |text: &str| packed.find(ip(text)).unwrap().map(|e| e.symbol);
        assert_eq!(packed.as_of, "2026-06-17");
        assert_eq!(packed.counts(), (3, 2));
        for (address, symbol) in [
            ("77.74.176.0", Some("CH")),
            ("77.74.183.255", Some("CH")),
            ("77.74.175.255", None),
            ("77.74.184.0", None),
            ("0.0.0.0", Some("US")),
            ("0.0.0.8", None),
            ("255.255.255.255", Some("DE")),
            ("2001:200::1", Some("JP")),
            ("2001:201::", None),
            ("ffff:ffff:ffff:ffff::9", Some("ZW")),
            ("::1", None),
        ] {
            assert_eq!(find(address), symbol, "{address}");
        }
        let entry = packed.find(ip("2001:200:1::")).unwrap().unwrap();
        assert_eq!(entry.last, ip("2001:200:ffff:ffff:ffff:ffff:ffff:ffff"));
    }

    #[test]
    fn neighbours_of_one_country_become_one_range() {
        let packed = table(&[
            row("1.0.0.0", "1.0.0.255", "AU"),
            row("1.0.1.0", "1.0.1.255", "AU"),
            row("1.0.2.0", "1.0.2.255", "CN"),
        ]);
        assert_eq!(packed.counts(), (2, 0));
        assert_eq!(packed.all().unwrap().len(), 2);
    }

    #[test]
    fn rows_that_contradict_are_refused() {
        let refused = |rows: &[(IpAddr, IpAddr, String)]| {
            matches!(build("2026-06-17", rows), Err(Error::Row { .. }))
        };
        assert!(refused(&[row("1.0.0.9", "1.0.0.0", "AU")]));
        assert!(refused(&[row("1.0.0.0", "2001::", "AU")]));
        assert!(refused(&[row("2001::", "2001::1", "AU")]));
        assert!(refused(&[
            row("1.0.0.0", "1.0.0.255", "AU"),
            row("1.0.0.255", "1.0.1.0", "CN")
        ]));
    }

    #[test]
    fn a_broken_table_is_an_error_and_no_panic() {
        let whole = build(
            "2026-06-17",
            &[
                row("1.0.0.0", "1.0.0.255", "AU"),
                row("2001:200::", "2001:200:ffff:ffff:ffff:ffff:ffff:ffff", "JP"),
            ],
        )
        .unwrap();
        for length in 0..whole.len() {
            let cut: &'static [u8] = whole[..length].to_vec().leak();
            assert!(Packed::open(cut).is_err(), "{length}");
        }
        for bit in 0..whole.len() * 8 {
            let mut flipped = whole.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            if let Ok(packed) = Packed::open(flipped.leak()) {
                let _ = packed.all();
                let _ = packed.find(ip("1.0.0.1"));
            }
        }
    }
}
