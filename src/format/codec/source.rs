//! Coded bytes of a container, counted as a decoder uses them up.

use std::cell::Cell;
use std::io::{self, BufRead, BufReader, Read};
use std::rc::Rc;

use crate::base::blob::{Cursor, ReadAt, Slice};
use crate::base::budget::Budget;
use crate::format::Error;
use crate::format::coding::Timed;
use crate::model::extract::Span;

/// Bytes read at a time.
const BUFFER: usize = 64 << 10;

/// The bytes at a span.
pub(super) struct Source<'a> {
    inner: BufReader<Timed<'a, Cursor<Slice<&'a dyn ReadAt>>>>,
    used: Rc<Cell<u64>>,
}

impl<'a> Source<'a> {
    /// With a counter of the bytes used up.
    pub(super) fn new(
        blob: &'a dyn ReadAt,
        span: &Span,
        budget: Option<&'a Budget<'a>>,
    ) -> Result<(Self, Rc<Cell<u64>>), Error> {
        let slice = Slice::new(blob, span.clone()).map_err(Error::read(span.start))?;
        let len = usize::try_from(slice.size()).unwrap_or(BUFFER);
        let used = Rc::new(Cell::new(0));
        let source = Self {
            inner: BufReader::with_capacity(
                len.clamp(1, BUFFER),
                Timed::new(Cursor::new(slice), budget),
            ),
            used: Rc::clone(&used),
        };
        Ok((source, used))
    }

    fn count(&self, bytes: usize) {
        let bytes = u64::try_from(bytes).unwrap_or(u64::MAX);
        self.used.set(self.used.get().saturating_add(bytes));
    }
}

impl Read for Source<'_> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buf)?;
        self.count(read);
        Ok(read)
    }
}

impl BufRead for Source<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.inner.fill_buf()
    }

    fn consume(&mut self, amount: usize) {
        self.count(amount);
        self.inner.consume(amount);
    }
}
