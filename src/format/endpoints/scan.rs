//! The pass over the bytes: windows that overlap, and in each the few bytes that every address has.

use memchr::memchr_iter;
use memchr::memmem::Finder;

use super::collect::Collector;
use super::marks::Marks;
use super::{Known, Limits, bare, plist, url};
use crate::base::blob::ReadAt;
use crate::base::budget::Budget;
use crate::model::endpoint::{Encoding, Endpoints};
use crate::model::extract::{Gap, Span};

/// Bytes of a window whose marks are looked at: what the second cache of a core holds with the overlap.
pub(super) const WINDOW: u64 = 256 << 10;
/// Bytes read before them: a host with the key of its setting, two bytes a character.
const LEAD: u64 = 640;
/// Bytes read after them: the longest address, two bytes a character.
const TAIL: u64 = 2 * 2048 + 64;
/// Bytes that looking closer may touch in one file. An honest file takes a few for each of its own; one made of beginnings of
/// addresses would take thousands.
const MAX_WORK: u64 = 256 << 20;
/// What an address counts that is one, whatever its length, and what may cost as much as the longest but is none.
const FOUND_COST: u64 = 512;
const REFUSED_COST: u64 = 2048;
/// Bytes of a file's start by which text is told from binary.
const TEXT_HEAD: usize = 1024;

/// Every address that the file names.
///
/// Never fails: what could not be read or was too much is a gap.
pub fn scan(
    blob: &dyn ReadAt,
    known: &Known<'_>,
    limits: &Limits,
    budget: &Budget<'_>,
) -> Endpoints {
    let mut gaps = Vec::new();
    let mut out = Collector::new(known.signatures);
    if blob.size() > limits.max_size {
        gaps.push(Gap {
            what: "addresses that the file names".into(),
            why: format!("larger than {} bytes", limits.max_size),
        });
        return out.finish(gaps);
    }
    if let Err(why) = plist::scan(blob, &mut out).and_then(|done| {
        if done {
            Ok(())
        } else {
            Pass::new(&mut out).run(blob, budget)
        }
    }) {
        gaps.push(Gap {
            what: "addresses that the file names".into(),
            why,
        });
    }
    out.finish(gaps)
}

struct Pass<'o, 'k> {
    out: &'o mut Collector<'k>,
    narrow: Finder<'static>,
    wide: Finder<'static>,
    escaped: Finder<'static>,
    marks: Marks,
    text: bool,
    /// Absolute offsets up to which marks are already part of something.
    narrow_done: u64,
    wide_done: u64,
    bare_done: u64,
    work: u64,
}

/// Bytes of the file from `base` on; marks are looked at from `from` to before `to`, both counted in `bytes`.
struct Window<'b> {
    bytes: &'b [u8],
    base: u64,
    from: usize,
    to: usize,
}

impl Window<'_> {
    fn absolute(&self, at: usize) -> u64 {
        self.base
            .saturating_add(u64::try_from(at).unwrap_or(u64::MAX))
    }

    fn span(&self, start: usize, end: usize) -> Span {
        self.absolute(start)..self.absolute(end)
    }
}

impl<'o, 'k> Pass<'o, 'k> {
    fn new(out: &'o mut Collector<'k>) -> Self {
        Self {
            out,
            narrow: Finder::new(b"://"),
            wide: Finder::new(b":\0/\0/\0"),
            escaped: Finder::new(br":\/\/"),
            marks: Marks::new(),
            text: false,
            narrow_done: 0,
            wide_done: 0,
            bare_done: 0,
            work: 0,
        }
    }

    fn run(&mut self, blob: &dyn ReadAt, budget: &Budget<'_>) -> Result<(), String> {
        let size = blob.size();
        let mut buffer = Vec::new();
        let mut at = 0u64;
        while at < size {
            budget.check_time().map_err(|e| e.to_string())?;
            if self.work > MAX_WORK {
                return Err(format!(
                    "made of beginnings of addresses, from offset {at} on"
                ));
            }
            let base = at.saturating_sub(LEAD);
            let next = at.saturating_add(WINDOW).min(size);
            let end = next.saturating_add(TAIL).min(size);
            let local = |absolute: u64| {
                usize::try_from(absolute.saturating_sub(base)).unwrap_or(usize::MAX)
            };
            buffer.resize(local(end), 0);
            blob.read_exact_at(base, &mut buffer)
                .map_err(|e| format!("cannot be read at offset {base}: {e}"))?;
            if at == 0 {
                let head = buffer.get(..TEXT_HEAD).unwrap_or(&buffer);
                self.text = !head.contains(&0);
            }
            self.window(&Window {
                bytes: &buffer,
                base,
                from: local(at),
                to: local(next),
            });
            at = next;
        }
        Ok(())
    }

    fn window(&mut self, window: &Window<'_>) {
        // A mark may begin before `to` and end after it.
        let marks = |width: usize| {
            let end = window.to.saturating_add(width).min(window.bytes.len());
            window.bytes.get(window.from..end).unwrap_or_default()
        };
        let narrow = self.narrow.clone();
        for hit in narrow.find_iter(marks(2)) {
            self.narrow(window, window.from.saturating_add(hit));
        }
        if self.text {
            let escaped = self.escaped.clone();
            for hit in escaped.find_iter(marks(4)) {
                self.escaped(window, window.from.saturating_add(hit));
            }
        } else {
            let wide = self.wide.clone();
            for hit in wide.find_iter(marks(5)) {
                self.wide(window, window.from.saturating_add(hit));
            }
        }
        if !self.text {
            self.marks
                .find(window.bytes, window.from, window.to, window.base, self.out);
        }
        for hit in memchr_iter(b'.', marks(0)) {
            self.bare(window, window.from.saturating_add(hit));
        }
    }

    fn narrow(&mut self, window: &Window<'_>, colon: usize) {
        if window.absolute(colon) < self.narrow_done {
            return;
        }
        match url::around(window.bytes, colon) {
            Some(found) => {
                let span = window.span(found.start, found.end);
                self.narrow_done = span.end;
                self.spend(FOUND_COST);
                self.out.url(found, span, Encoding::Utf8);
            }
            None => self.spend_refused(window.bytes, colon),
        }
    }

    /// An address in two bytes a character, at an even or odd offset.
    fn wide(&mut self, window: &Window<'_>, colon: usize) {
        if window.absolute(colon) < self.wide_done {
            return;
        }
        let run = WideRun::around(window.bytes, colon, url::MAX_LEAD, url::MAX_URL);
        match url::around(&run.text, run.anchor) {
            Some(found) => {
                let span = window.span(run.place(found.start), run.place(found.end));
                self.wide_done = span.end;
                self.spend(FOUND_COST);
                self.out.url(found, span, Encoding::Utf16Le);
            }
            None => self.spend_refused(&run.text, run.anchor),
        }
    }

    /// An address in JSON whose slashes are escaped (RFC 8259 section 7).
    fn escaped(&mut self, window: &Window<'_>, colon: usize) {
        if window.absolute(colon) < self.narrow_done {
            return;
        }
        let start = colon.saturating_sub(url::MAX_LEAD);
        let limit = colon.saturating_add(url::MAX_URL).min(window.bytes.len());
        let raw = window.bytes.get(start..limit).unwrap_or_default();
        let mut text = Vec::with_capacity(raw.len());
        let mut places = Vec::with_capacity(raw.len());
        for (i, byte) in raw.iter().enumerate() {
            let before_slash = *byte == b'\\' && raw.get(i.saturating_add(1)) == Some(&b'/');
            if !before_slash {
                text.push(*byte);
                places.push(start.saturating_add(i));
            }
        }
        let place = |i: usize| places.get(i).copied().unwrap_or(limit);
        let anchor = colon.saturating_sub(start);
        match url::around(&text, anchor) {
            Some(found) => {
                let span = window.span(place(found.start), place(found.end));
                self.narrow_done = span.end;
                self.spend(FOUND_COST);
                self.out.url(found, span, Encoding::Utf8);
            }
            None => self.spend_refused(&text, anchor),
        }
    }

    fn bare(&mut self, window: &Window<'_>, dot: usize) {
        if window.absolute(dot) < self.bare_done {
            return;
        }
        let at = |distance: isize| {
            dot.checked_add_signed(distance)
                .and_then(|i| window.bytes.get(i))
                .copied()
                .unwrap_or_default()
        };
        let letter = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit();
        if letter(at(1)) && letter(at(-1)) {
            let end = bare::end(window.bytes, dot);
            self.bare_done = window.absolute(end);
            if let Some(found) = bare::read(window.bytes, dot, end) {
                let span = window.span(found.start, found.end);
                self.out.bare(found, span, Encoding::Utf8);
            }
        } else if !self.text && at(1) == 0 && at(-1) == 0 && letter(at(2)) && letter(at(-2)) {
            let before = bare::MAX_HOST.saturating_add(bare::MAX_KEY);
            let run = WideRun::around(window.bytes, dot, before, bare::MAX_HOST);
            let end = bare::end(&run.text, run.anchor);
            self.bare_done = window.absolute(run.place(end));
            self.spend(64);
            if let Some(found) = bare::read(&run.text, run.anchor, end) {
                let span = window.span(run.place(found.start), run.place(found.end));
                self.out.bare(found, span, Encoding::Utf16Le);
            }
        }
    }

    fn spend(&mut self, bytes: u64) {
        self.work = self.work.saturating_add(bytes);
    }

    /// A colon after no scheme costs nothing; one after a scheme may have been read far.
    fn spend_refused(&mut self, run: &[u8], colon: usize) {
        let before = colon.checked_sub(1).and_then(|i| run.get(i));
        if before.is_some_and(u8::is_ascii_alphabetic) {
            self.spend(REFUSED_COST);
        }
    }
}

/// Characters of two bytes each around a place, as one byte each; it ends where one is not ASCII.
struct WideRun {
    text: Vec<u8>,
    /// Index of the place in `text`.
    anchor: usize,
    /// The place itself.
    at: usize,
}

impl WideRun {
    fn around(bytes: &[u8], at: usize, before: usize, after: usize) -> Self {
        let ascii = |pair: &[u8; 2]| match pair {
            [low, 0] if *low != 0 && low.is_ascii() => Some(*low),
            _ => None,
        };
        let (_, left) = bytes.get(..at).unwrap_or_default().as_rchunks::<2>();
        let mut text: Vec<u8> = left.iter().rev().take(before).map_while(ascii).collect();
        text.reverse();
        let anchor = text.len();
        let (right, _) = bytes.get(at..).unwrap_or_default().as_chunks::<2>();
        text.extend(right.iter().take(after).map_while(ascii));
        Self { text, anchor, at }
    }

    /// Where the character of this index stands.
    fn place(&self, index: usize) -> usize {
        let start = self.at.saturating_sub(self.anchor.saturating_mul(2));
        start.saturating_add(index.saturating_mul(2))
    }
}
