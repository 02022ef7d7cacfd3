//! Random access to the bytes of one input. The shell room `source` implements it for files; slices implement it for tests and members.

use std::io;
use std::ops::Range;

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

#[cfg(test)]
mod tests {
    use super::ReadAt;

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
