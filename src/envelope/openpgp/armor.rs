//! ASCII armor (RFC 9580 section 6): blocks between their first and last line, and what stands around them.

use std::ops::Range;

use crate::base::base64;
use crate::envelope::openpgp::Error;
use crate::envelope::openpgp::anomaly::{Anomaly, AnomalyKind};

/// Blocks in one input: a keyring of many armored certificates has one each.
const MAX_BLOCKS: usize = 4096;
/// Headers in one block: writers know five.
const MAX_HEADERS: usize = 64;
/// Places of one kind that are listed; more of the same say nothing new.
pub(super) const MAX_PLACES: usize = 64;

const BEGIN: &[u8] = b"-----BEGIN PGP ";
const END: &[u8] = b"-----END PGP ";
const DASHES: &[u8] = b"-----";

/// What a block holds, by its first line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// `SIGNATURE`.
    Signature,
    /// `PUBLIC KEY BLOCK`.
    PublicKey,
    /// Another, by its words.
    Other(String),
}

impl Kind {
    fn read(words: &[u8]) -> Self {
        match words {
            b"SIGNATURE" => Self::Signature,
            b"PUBLIC KEY BLOCK" => Self::PublicKey,
            other => Self::Other(String::from_utf8_lossy(other).into_owned()),
        }
    }
}

/// A block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// What it holds.
    pub kind: Kind,
    /// From its first line to its last, line ends included.
    pub span: Range<usize>,
    /// The octets inside.
    pub octets: Vec<u8>,
}

/// An armored input.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Armored {
    /// Its blocks, in order.
    pub blocks: Vec<Block>,
    /// What is out of form.
    pub anomalies: Vec<Anomaly>,
}

/// A line without its end: where it stands, and where the next begins.
#[derive(Debug, Clone)]
pub(super) struct Line<'a> {
    /// Its octets, without LF.
    pub(super) raw: &'a [u8],
    pub(super) start: usize,
    /// Behind the line's end.
    pub(super) next: usize,
}

impl<'a> Line<'a> {
    /// Without white space at its end, which armor and cleartext do not count.
    pub(super) fn trimmed(&self) -> &'a [u8] {
        trimmed(self.raw)
    }

    pub(super) fn span(&self) -> Range<usize> {
        self.start..self.next
    }

    /// The words of a line that begins a block.
    pub(super) fn begins(&self) -> Option<&'a [u8]> {
        self.trimmed().strip_prefix(BEGIN)?.strip_suffix(DASHES)
    }

    fn ends(&self) -> Option<&'a [u8]> {
        self.trimmed().strip_prefix(END)?.strip_suffix(DASHES)
    }
}

/// Without white space at its end.
pub(super) fn trimmed(raw: &[u8]) -> &[u8] {
    let kept = raw
        .iter()
        .rposition(|b| !matches!(b, b' ' | b'\t' | b'\r'))
        .map_or(0, |last| last.saturating_add(1));
    raw.get(..kept).unwrap_or_default()
}

/// Lines from the front.
#[derive(Debug, Clone)]
pub(super) struct Lines<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Lines<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }
}

impl<'a> Iterator for Lines<'a> {
    type Item = Line<'a>;

    fn next(&mut self) -> Option<Line<'a>> {
        let rest = self.bytes.get(self.at..).filter(|r| !r.is_empty())?;
        let (raw, len) = match memchr::memchr(b'\n', rest) {
            Some(end) => (rest.get(..end)?, end.checked_add(1)?),
            None => (rest, rest.len()),
        };
        let start = self.at;
        self.at = start.checked_add(len)?;
        Some(Line {
            raw,
            start,
            next: self.at,
        })
    }
}

/// Whether `bytes` are text with armor in it, and not packets: no packet begins with an octet below 0x80.
pub fn is_armored(bytes: &[u8]) -> bool {
    bytes.first().is_some_and(|b| *b < 0x80) && memchr::memmem::find(bytes, BEGIN).is_some()
}

/// Reads every block.
///
/// # Errors
/// A block whose contents are not base64, or that does not end; too many of something.
pub fn read(bytes: &[u8]) -> Result<Armored, Error> {
    let mut lines = Lines::new(bytes);
    let mut armored = Armored::default();
    while let Some(line) = lines.next() {
        match line.begins() {
            Some(words) => {
                if armored.blocks.len() >= MAX_BLOCKS {
                    return Err(Error::new(line.start, "more than 4096 armored blocks"));
                }
                let block = block(&line, words, &mut lines, &mut armored.anomalies)?;
                armored.blocks.push(block);
            }
            None if line.trimmed().is_empty() => {}
            None => {
                let kind = if armored.blocks.is_empty() {
                    AnomalyKind::TextBefore
                } else {
                    AnomalyKind::TextAfter
                };
                note(&mut armored.anomalies, kind, line.span());
            }
        }
    }
    settle_between(&mut armored);
    Ok(armored)
}

/// Text with a block behind it is between two.
fn settle_between(armored: &mut Armored) {
    let last = armored.blocks.last().map_or(0, |b| b.span.start);
    for anomaly in &mut armored.anomalies {
        if anomaly.kind == AnomalyKind::TextAfter && anomaly.span.start < last {
            anomaly.kind = AnomalyKind::TextBetween;
        }
    }
}

/// Adds a place; neighbours of one kind are one, and beyond the limit the last grows to cover the rest.
pub(crate) fn note(anomalies: &mut Vec<Anomaly>, kind: AnomalyKind, span: Range<usize>) {
    let count = anomalies.iter().filter(|a| a.kind == kind).count();
    match anomalies.iter_mut().rev().find(|a| a.kind == kind) {
        Some(last) if last.span.end == span.start || count >= MAX_PLACES => {
            last.span.end = span.end;
        }
        _ => anomalies.push(Anomaly::new(kind, span)),
    }
}

/// Reads a block whose first line has been taken.
pub(super) fn block(
    first: &Line<'_>,
    words: &[u8],
    lines: &mut Lines<'_>,
    anomalies: &mut Vec<Anomaly>,
) -> Result<Block, Error> {
    headers(lines, anomalies)?;
    let mut text = String::new();
    let mut checksum = None;
    for line in lines.by_ref() {
        let trimmed = line.trimmed();
        if let Some(tail) = line.ends() {
            let octets = base64::decode(&text)
                .ok_or_else(|| Error::new(first.start, "armor that is not base64"))?;
            if tail != words {
                note(anomalies, AnomalyKind::ArmorTail, line.span());
            }
            if let Some((sum, span)) = checksum
                && sum != Some(crc24(&octets))
            {
                note(anomalies, AnomalyKind::ArmorChecksum, span);
            }
            return Ok(Block {
                kind: Kind::read(words),
                span: first.start..line.next,
                octets,
            });
        }
        match trimmed.strip_prefix(b"=") {
            // RFC 9580 section 6.1: four digits behind a sign of equality on a line of their own.
            Some(digits) if digits.len() == 4 && checksum.is_none() => {
                checksum = Some((read_checksum(digits), line.span()));
            }
            _ if checksum.is_some() && !trimmed.is_empty() => {
                return Err(Error::new(
                    line.start,
                    "armor that goes on after its checksum",
                ));
            }
            _ => text.push_str(
                std::str::from_utf8(trimmed)
                    .map_err(|_| Error::new(line.start, "armor that is not base64"))?,
            ),
        }
    }
    Err(Error::new(first.start, "armor without its last line"))
}

/// Headers up to the blank line.
fn headers(lines: &mut Lines<'_>, anomalies: &mut Vec<Anomaly>) -> Result<(), Error> {
    for _ in 0..MAX_HEADERS {
        let Some(line) = lines.next() else { break };
        if line.trimmed().is_empty() {
            return Ok(());
        }
        if memchr::memmem::find(line.raw, b": ").is_none() {
            return Err(Error::new(
                line.start,
                "armor without a blank line before its contents",
            ));
        }
        note(anomalies, AnomalyKind::Header, line.span());
    }
    Err(Error::new(
        lines.at,
        "armor without a blank line after at most 64 headers",
    ))
}

fn read_checksum(digits: &[u8]) -> Option<u32> {
    let octets = base64::decode(std::str::from_utf8(digits).ok()?)?;
    let [a, b, c] = <[u8; 3]>::try_from(octets).ok()?;
    Some(u32::from_be_bytes([0, a, b, c]))
}

/// CRC-24 (RFC 9580 section 6.1.1).
pub fn crc24(octets: &[u8]) -> u32 {
    let mut crc = 0x00b7_04ce_u32;
    for octet in octets {
        crc ^= u32::from(*octet) << 16;
        for _ in 0..8 {
            crc <<= 1;
            if crc & 0x0100_0000 != 0 {
                crc ^= 0x0186_4cfb;
            }
        }
    }
    crc & 0x00ff_ffff
}
