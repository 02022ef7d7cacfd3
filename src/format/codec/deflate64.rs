//! Deflate64, held to giving something for what it takes.

use std::io::{self, BufRead, Read};

use deflate64::InflaterManaged;

/// Input that may give nothing: blocks begin with at most 300 bytes of tables, and no encoder writes one for no content more
/// than once. The decoder builds tables anew for each block, which takes it seconds a mebibyte where blocks are empty.
const MAX_FRUITLESS: usize = 16 << 10;

/// One Deflate64 stream.
pub(in crate::format) struct Inflate64<R> {
    source: R,
    inflater: Box<InflaterManaged>,
}

impl<R: BufRead> Inflate64<R> {
    pub(in crate::format) fn new(source: R) -> Self {
        Self {
            source,
            inflater: Box::new(InflaterManaged::new()),
        }
    }
}

impl<R: BufRead> Read for Inflate64<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        if buf.is_empty() {
            return Ok(0);
        }
        let invalid = |message| io::Error::new(io::ErrorKind::InvalidData, message);
        let mut fruitless = 0usize;
        loop {
            let input = self.source.fill_buf()?;
            let at_end = input.is_empty();
            // In pieces, so that no call works through more than may be fruitless.
            let input = input.get(..MAX_FRUITLESS).unwrap_or(input);
            let result = self.inflater.inflate(input, buf);
            self.source.consume(result.bytes_consumed);
            if result.data_error {
                return Err(invalid("invalid Deflate64"));
            }
            if result.bytes_written > 0 || self.inflater.finished() {
                return Ok(result.bytes_written);
            }
            // Decoded, and copied out by the next call.
            if self.inflater.available_output() > 0 {
                continue;
            }
            if at_end {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            fruitless = fruitless.saturating_add(result.bytes_consumed);
            if fruitless > MAX_FRUITLESS || result.bytes_consumed == 0 {
                return Err(invalid("Deflate64 blocks without content"));
            }
        }
    }
}
