//! Random access to the bytes of one input. The shell room `source` implements it for files; slices implement it for tests and members.

use std::io::{self, Read, Seek, SeekFrom};
use std::ops::Range;
use std::sync::Arc;

/// Bytes that can be read at an offset. Never mapped: a file that shrinks while it is read is an error, not a signal.
pub trait ReadAt: Send + Sync {
    /// Length in bytes, as it was when the input was opened.
    fn size(&self) -> u64;

    /// Fills `buf` from `offset`.
    ///
    /// # Errors
    /// `UnexpectedEof` where the range is not wholly inside the input; otherwise what the operating system says.
    fn read_exact_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<()>;

    /// Reads `range` into memory; the caller bounds its length, and a range outside the input allocates nothing.
    ///
    /// # Errors
    /// As [`ReadAt::read_exact_at`].
    fn read_range(&self, range: Range<u64>) -> io::Result<Vec<u8>> {
        if range.end > self.size() || range.start > range.end {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let len = usize::try_from(range.end.saturating_sub(range.start))
            .map_err(|_| io::ErrorKind::OutOfMemory)?;
        let mut buf = vec![0; len];
        self.read_exact_at(range.start, &mut buf)?;
        Ok(buf)
    }
}

impl ReadAt for [u8] {
    fn size(&self) -> u64 {
        u64::try_from(self.len()).unwrap_or(u64::MAX)
    }

    fn read_exact_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<()> {
        let start = usize::try_from(offset).map_err(|_| io::ErrorKind::UnexpectedEof)?;
        let end = start
            .checked_add(buf.len())
            .ok_or(io::ErrorKind::UnexpectedEof)?;
        buf.copy_from_slice(self.get(start..end).ok_or(io::ErrorKind::UnexpectedEof)?);
        Ok(())
    }
}

impl ReadAt for Vec<u8> {
    fn size(&self) -> u64 {
        self.as_slice().size()
    }

    fn read_exact_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<()> {
        self.as_slice().read_exact_at(offset, buf)
    }
}

impl<B: ReadAt + ?Sized> ReadAt for &B {
    fn size(&self) -> u64 {
        (**self).size()
    }

    fn read_exact_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<()> {
        (**self).read_exact_at(offset, buf)
    }
}

impl<B: ReadAt + ?Sized> ReadAt for Arc<B> {
    fn size(&self) -> u64 {
        (**self).size()
    }

    fn read_exact_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<()> {
        (**self).read_exact_at(offset, buf)
    }
}

/// A part of an input, as an input of its own.
#[derive(Debug, Clone)]
pub struct Slice<B> {
    blob: B,
    span: Range<u64>,
}

impl<B: ReadAt> Slice<B> {
    /// The part of `blob` at `span`.
    ///
    /// # Errors
    /// `UnexpectedEof` where it does not lie inside.
    pub fn new(blob: B, span: Range<u64>) -> io::Result<Self> {
        if span.start > span.end || span.end > blob.size() {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        Ok(Self { blob, span })
    }
}

impl<B: ReadAt> ReadAt for Slice<B> {
    fn size(&self) -> u64 {
        self.span.end.saturating_sub(self.span.start)
    }

    fn read_exact_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<()> {
        let end = u64::try_from(buf.len())
            .ok()
            .and_then(|len| offset.checked_add(len))
            .filter(|end| *end <= self.size());
        let start = self.span.start.checked_add(offset);
        match (start, end) {
            (Some(start), Some(_)) => self.blob.read_exact_at(start, buf),
            _ => Err(io::ErrorKind::UnexpectedEof.into()),
        }
    }
}

/// A position in an input, for decoders that read and seek. Wrap it in a `BufReader`: each read is one of the input.
#[derive(Debug, Clone)]
pub struct Cursor<B> {
    blob: B,
    at: u64,
}

impl<B: ReadAt> Cursor<B> {
    /// Stands at the start.
    pub fn new(blob: B) -> Self {
        Self { blob, at: 0 }
    }
}

impl<B: ReadAt> Read for Cursor<B> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let left = self.blob.size().saturating_sub(self.at);
        let len = usize::try_from(left).unwrap_or(usize::MAX).min(buf.len());
        if len == 0 {
            return Ok(0);
        }
        if let Some(buf) = buf.get_mut(..len) {
            self.blob.read_exact_at(self.at, buf)?;
        }
        self.at = self
            .at
            .saturating_add(u64::try_from(len).unwrap_or_default());
        Ok(len)
    }
}

impl<B: ReadAt> Seek for Cursor<B> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let at = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::End(by) => self.blob.size().checked_add_signed(by),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
        };
        self.at = at.ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.at)
    }
}

/// Keeps what a decoder gives, so that it can be read at an offset. The shell decides where: memory or a private file.
pub trait Spool: Sync {
    /// Takes `stream` to its end.
    ///
    /// # Errors
    /// What reading or keeping it gives.
    fn keep(&self, stream: &mut dyn Read) -> io::Result<Arc<dyn ReadAt>>;
}

/// Keeps everything in memory; the budget bounds it.
#[derive(Debug, Clone, Copy, Default)]
pub struct InMemory;

impl Spool for InMemory {
    fn keep(&self, stream: &mut dyn Read) -> io::Result<Arc<dyn ReadAt>> {
        let mut kept = Vec::new();
        io::copy(stream, &mut kept)?;
        Ok(Arc::new(kept))
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Seek, SeekFrom};

    use super::{Cursor, ReadAt, Slice};

    #[test]
    fn a_slice_never_reads_outside_itself() {
        let bytes = b"0123456789".to_vec();
        let slice = Slice::new(&bytes, 2..6).unwrap();
        assert_eq!(slice.size(), 4);
        assert_eq!(slice.read_range(1..4).unwrap(), b"345");
        assert!(slice.read_range(1..5).is_err());
        assert!(slice.read_exact_at(u64::MAX, &mut [0]).is_err());
        assert!(Slice::new(&bytes, 2..11).is_err());
    }

    #[test]
    fn a_cursor_ends_with_its_input_wherever_it_was_moved() {
        let mut cursor = Cursor::new(b"0123456789".to_vec());
        let mut some = [0; 4];
        assert_eq!(cursor.seek(SeekFrom::End(-2)).unwrap(), 8);
        assert_eq!(cursor.read(&mut some).unwrap(), 2);
        assert_eq!(cursor.read(&mut some).unwrap(), 0);
        assert_eq!(cursor.seek(SeekFrom::Start(1 << 40)).unwrap(), 1 << 40);
        assert_eq!(cursor.read(&mut some).unwrap(), 0);
        assert!(cursor.seek(SeekFrom::Current(i64::MIN)).is_err());
    }

    #[test]
    fn a_range_past_the_end_is_an_error_and_allocates_nothing() {
        let bytes = vec![1u8, 2, 3];
        assert_eq!(bytes.read_range(1..3).unwrap(), [2, 3]);
        assert!(bytes.read_range(2..u64::MAX).is_err());
        #[expect(
            clippy::reversed_empty_ranges,
            reason = "the reversed range is the property under test"
        )]
        let reversed = 3..1;
        assert!(bytes.read_range(reversed).is_err());
    }
}
