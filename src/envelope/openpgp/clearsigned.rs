//! The cleartext signature framework (RFC 9580 section 7), split as strictly as the clients that install by it.
//!
//! One message, then its signatures, and nothing else: what stands before, between or after is not signed, and readers that
//! skipped it have installed it (CVE-2013-1051).

use std::ops::Range;

use crate::envelope::openpgp::Error;
use crate::envelope::openpgp::anomaly::{Anomaly, AnomalyKind};
use crate::envelope::openpgp::armor::{self, Block, Line, Lines, note};

/// Header lines before the message: one for each hash at most.
const MAX_HEADERS: usize = 64;
/// Signature blocks behind the message: archives sign with three keys in one block.
const MAX_BLOCKS: usize = 64;

const MESSAGE: &[u8] = b"SIGNED MESSAGE";
const SIGNATURE: &[u8] = b"SIGNATURE";

/// A message in its frame.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clearsigned {
    /// Hashes that the headers name, as they stand.
    pub hashes: Vec<String>,
    /// Where the message's lines stand, escapes included.
    pub body: Range<usize>,
    /// The text as it is signed but with LF between its lines: without escapes, white space at line ends and a last line end.
    pub text: Vec<u8>,
    /// The signatures' armor.
    pub signatures: Vec<Block>,
    /// What is out of form.
    pub anomalies: Vec<Anomaly>,
}

/// Whether a message begins somewhere in `bytes`.
pub fn is_clearsigned(bytes: &[u8]) -> bool {
    memchr::memmem::find(bytes, b"-----BEGIN PGP SIGNED MESSAGE-----").is_some()
}

/// Splits the frame.
///
/// # Errors
/// No message, a message without its signature, armor that cannot be read.
pub fn split(bytes: &[u8]) -> Result<Clearsigned, Error> {
    let mut lines = Lines::new(bytes);
    let mut anomalies = Vec::new();
    find_message(&mut lines, &mut anomalies)?;
    let hashes = headers(&mut lines, &mut anomalies)?;
    let mut body = Body::default();
    let first = loop {
        let line = lines
            .next()
            .ok_or_else(|| Error::new(bytes.len(), "a signed message without its signature"))?;
        match line.begins() {
            Some(SIGNATURE) => break line,
            Some(MESSAGE) => {
                return Err(Error::new(line.start, "a signed message inside another"));
            }
            _ => body.take(&line, &mut anomalies),
        }
    };
    let body_end = first.start;
    let signatures = blocks(&first, &mut lines, &mut anomalies)?;
    Ok(Clearsigned {
        hashes,
        body: body.start.unwrap_or(body_end)..body_end,
        text: body.text,
        signatures,
        anomalies,
    })
}

fn find_message(lines: &mut Lines<'_>, anomalies: &mut Vec<Anomaly>) -> Result<(), Error> {
    let mut end = 0;
    for line in lines.by_ref() {
        if line.begins() == Some(MESSAGE) {
            return Ok(());
        }
        // Not even a blank line: the message begins with its first octet.
        note(anomalies, AnomalyKind::TextBefore, line.span());
        end = line.next;
    }
    Err(Error::new(end, "no signed message"))
}

fn headers(lines: &mut Lines<'_>, anomalies: &mut Vec<Anomaly>) -> Result<Vec<String>, Error> {
    let mut hashes = Vec::new();
    for _ in 0..=MAX_HEADERS {
        let Some(line) = lines.next() else { break };
        let trimmed = line.trimmed();
        if trimmed.is_empty() {
            if hashes.is_empty() {
                note(anomalies, AnomalyKind::HashHeaderMissing, line.span());
            }
            return Ok(hashes);
        }
        match trimmed.strip_prefix(b"Hash: ") {
            Some(names) => hashes.extend(
                String::from_utf8_lossy(names)
                    .split(',')
                    .map(|name| name.trim().to_owned()),
            ),
            None => note(anomalies, AnomalyKind::Header, line.span()),
        }
    }
    Err(Error::new(
        0,
        "a signed message without a blank line after at most 64 headers",
    ))
}

#[derive(Debug, Default)]
struct Body {
    start: Option<usize>,
    text: Vec<u8>,
}

impl Body {
    fn take(&mut self, line: &Line<'_>, anomalies: &mut Vec<Anomaly>) {
        if self.start.is_some() {
            self.text.push(b'\n');
        }
        self.start.get_or_insert(line.start);
        // The escape goes first (RFC 9580 section 7.2): behind it an empty line may stand, and its space ends no line.
        let escaped = line.raw.strip_prefix(b"- ");
        let raw = escaped.unwrap_or(line.raw);
        let trimmed = armor::trimmed(raw);
        self.text.extend_from_slice(trimmed);
        if escaped.is_none() && raw.first() == Some(&b'-') {
            note(anomalies, AnomalyKind::UnescapedHyphen, line.span());
        }
        let end = raw.strip_suffix(b"\r");
        if end.is_some() {
            note(anomalies, AnomalyKind::CarriageReturns, line.span());
        }
        if end.unwrap_or(raw).len() > trimmed.len() {
            note(anomalies, AnomalyKind::TrailingWhiteSpace, line.span());
        }
    }
}

/// The signatures' blocks, and whatever comes behind them.
fn blocks(
    first: &Line<'_>,
    lines: &mut Lines<'_>,
    anomalies: &mut Vec<Anomaly>,
) -> Result<Vec<Block>, Error> {
    let mut blocks = vec![armor::block(first, SIGNATURE, lines, anomalies)?];
    while let Some(line) = lines.next() {
        match line.begins() {
            Some(SIGNATURE) if blocks.len() < MAX_BLOCKS => {
                blocks.push(armor::block(&line, SIGNATURE, lines, anomalies)?);
            }
            Some(SIGNATURE) => {
                return Err(Error::new(line.start, "more than 64 signature blocks"));
            }
            Some(MESSAGE) => {
                // What a second message says is not read: the first would speak for it.
                let end = lines.by_ref().last().map_or(line.next, |l| l.next);
                note(anomalies, AnomalyKind::SecondMessage, line.start..end);
            }
            _ if line.trimmed().is_empty() => {}
            _ => note(anomalies, AnomalyKind::TextAfter, line.span()),
        }
    }
    Ok(blocks)
}
