//! Finds the signature block of a script, and reads it strictly: what it holds can be written in one way only.

use std::ops::Range;

use crate::format::script::style::{STYLES, Style};

const CR: u16 = 13;
const LF: u16 = 10;
/// Characters of base64 in a line.
const MAX_LINE: usize = 64;

/// A block.
#[derive(Debug)]
pub(super) struct Block {
    pub(super) style: &'static Style,
    /// From the line break before its first line to the end of its last, in code units.
    pub(super) units: Range<usize>,
    /// What its base64 stands for, as far as it can be read.
    pub(super) content: Vec<u8>,
    /// Some line break in it is not the pair that signers write.
    pub(super) converted: bool,
    /// What is wrong with it.
    pub(super) fault: Option<&'static str>,
}

/// What was found.
#[derive(Debug, Default)]
pub(super) struct Blocks {
    /// The first block.
    pub(super) first: Option<Block>,
    /// Where a second one begins.
    pub(super) second: Option<usize>,
    /// Where a line of a block stands outside of any.
    pub(super) stray: Option<usize>,
}

/// Where a line stands, without its line break.
struct Line {
    text: Range<usize>,
    /// Where the next one starts.
    next: usize,
}

impl Line {
    fn at(units: &[u16], start: usize) -> Self {
        let rest = units.get(start..).unwrap_or_default();
        let length = rest.iter().position(|u| *u == LF);
        let next = length.map_or(units.len(), |n| start.saturating_add(n).saturating_add(1));
        let mut end = length.map_or(units.len(), |n| start.saturating_add(n));
        if length.is_some() && end > start && units.get(end.saturating_sub(1)) == Some(&CR) {
            end = end.saturating_sub(1);
        }
        Self {
            text: start..end,
            next,
        }
    }

    fn break_len(&self) -> usize {
        self.next.saturating_sub(self.text.end)
    }

    fn get<'u>(&self, units: &'u [u16]) -> &'u [u16] {
        units.get(self.text.clone()).unwrap_or_default()
    }
}

fn is(line: &[u16], text: &str) -> bool {
    line.len() == text.len() && strip(line, text).is_some()
}

/// `line` without the ASCII `prefix`.
fn strip<'u>(line: &'u [u16], prefix: &str) -> Option<&'u [u16]> {
    let (start, rest) = line.split_at_checked(prefix.len())?;
    start
        .iter()
        .copied()
        .eq(prefix.bytes().map(u16::from))
        .then_some(rest)
}

/// Lines of a kind's blocks that are told from any other text. `<signature>` alone is not.
fn is_end(line: &[u16]) -> bool {
    STYLES.iter().any(|s| !s.encloses && is(line, s.end))
}

pub(super) fn find(units: &[u16]) -> Blocks {
    let mut found = Blocks::default();
    let mut at = 0;
    let mut break_before = 0;
    while at < units.len() {
        let line = Line::at(units, at);
        match begins(units, &line) {
            Some(_) if found.first.is_some() => {
                found.second.get_or_insert(at);
            }
            Some(style) => {
                let block = read(units, style, &line, break_before);
                at = block.units.end;
                break_before = 2;
                found.first = Some(block);
                continue;
            }
            None if is_stray(line.get(units)) => {
                found.stray.get_or_insert(at);
            }
            None => {}
        }
        break_before = line.break_len();
        at = line.next;
    }
    found
}

fn begins(units: &[u16], line: &Line) -> Option<&'static Style> {
    let text = line.get(units);
    let style = STYLES.iter().find(|style| is(text, style.begin))?;
    let next = Line::at(units, line.next);
    (!style.encloses || strip(next.get(units), style.prefix).is_some()).then_some(style)
}

/// An end without a beginning, or a mark that does not stand at the start of its line.
fn is_stray(line: &[u16]) -> bool {
    const SPACE: u16 = 32;
    const TAB: u16 = 9;
    let indented = line
        .iter()
        .take_while(|u| matches!(**u, SPACE | TAB))
        .count();
    let text = line.get(indented..).unwrap_or_default();
    is_end(text) || (indented > 0 && STYLES.iter().any(|s| !s.encloses && is(text, s.begin)))
}

fn read(units: &[u16], style: &'static Style, first: &Line, break_before: usize) -> Block {
    let mut fault = None;
    let mut converted = break_before == 1 || first.break_len() == 1;
    let mut digits = Vec::new();
    let mut at = first.next;
    let mut width = None;
    let mut short = false;
    loop {
        if at >= units.len() {
            fault = fault.or(Some("it has no end"));
            break;
        }
        let line = Line::at(units, at);
        let text = line.get(units);
        at = line.next;
        converted |= line.break_len() == 1;
        if is(text, style.end) {
            break;
        }
        let body = strip(text, style.prefix).and_then(|rest| {
            let end = rest.len().checked_sub(style.suffix.len())?;
            let (body, suffix) = rest.split_at_checked(end)?;
            is(suffix, style.suffix).then_some(body)
        });
        match body {
            None => fault = fault.or(Some("a line of it is not of its kind")),
            Some(body) if body.len() > MAX_LINE || short || body.is_empty() => {
                fault = fault.or(Some("its lines are not all of one length"));
            }
            Some(body) => {
                // Lines are of one length, of which tools have their own; only the last may be shorter.
                let full = *width.get_or_insert(body.len());
                short = body.len() < full;
                if body.len() > full {
                    fault = fault.or(Some("its lines are not all of one length"));
                }
                digits.extend_from_slice(body);
            }
        }
    }
    let content = base64(&digits);
    if content.is_none() {
        fault = fault.or(Some("it is not base64"));
    }
    Block {
        style,
        units: first.text.start.saturating_sub(break_before)..at,
        content: content.unwrap_or_default(),
        converted,
        fault,
    }
}

/// RFC 4648 section 4, canonical: whole groups, no other characters, and no bits left over.
fn base64(digits: &[u16]) -> Option<Vec<u8>> {
    const PAD: u16 = 61;
    let (groups, []) = digits.as_chunks::<4>() else {
        return None;
    };
    let mut out = Vec::with_capacity(groups.len().saturating_mul(3));
    for (number, group) in groups.iter().enumerate() {
        let padding = group.iter().rev().take_while(|d| **d == PAD).count();
        let is_last = number.saturating_add(1) == groups.len();
        if padding > 2 || (padding > 0 && !is_last) {
            return None;
        }
        let data = group.len().saturating_sub(padding);
        let mut word = 0u32;
        for (place, digit) in group.iter().enumerate() {
            let value = if place < data { sextet(*digit)? } else { 0 };
            word = (word << 6) | value;
        }
        let [_, bytes @ ..] = word.to_be_bytes();
        let keep = 3usize.saturating_sub(padding);
        if bytes.iter().skip(keep).any(|left| *left != 0) {
            return None;
        }
        out.extend(bytes.iter().take(keep));
    }
    Some(out)
}

fn sextet(digit: u16) -> Option<u32> {
    let digit = u8::try_from(digit).ok()?;
    let value = match digit {
        b'A'..=b'Z' => digit.checked_sub(b'A')?,
        b'a'..=b'z' => digit.checked_sub(b'a')?.checked_add(26)?,
        b'0'..=b'9' => digit.checked_sub(b'0')?.checked_add(52)?,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    };
    Some(u32::from(value))
}
