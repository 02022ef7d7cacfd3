//! bzip2 streams, one after the other, as parallel compressors write them.

use std::io::{self, BufRead, Read};

use bzip2::bufread::BzDecoder;

/// Streams that any file may have, and [`WORTH`] bytes that come out allow one more: each costs the decoder megabytes of tables,
/// for as few as fourteen bytes. Parallel compressors put 100 KB and more into one.
const FREE: u64 = 1024;
const WORTH: u64 = 16 << 10;

/// Streams until the source ends.
pub(in crate::format) struct Streams<R> {
    state: State<R>,
    begun: u64,
    out: u64,
}

enum State<R> {
    Between(R),
    Inside(BzDecoder<R>),
    /// Broken, or on the way from one to the other.
    Failed,
}

impl<R: BufRead> Streams<R> {
    pub(in crate::format) fn new(source: R) -> Self {
        Self {
            state: State::Between(source),
            begun: 0,
            out: 0,
        }
    }
}

impl<R: BufRead> Read for Streams<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        if buf.is_empty() {
            return Ok(0);
        }
        loop {
            match std::mem::replace(&mut self.state, State::Failed) {
                State::Failed => return Err(io::ErrorKind::InvalidData.into()),
                State::Between(mut source) => {
                    if source.fill_buf()?.is_empty() {
                        // An empty file is a stream, too; no bytes at all are none.
                        if self.begun == 0 {
                            return Err(io::ErrorKind::UnexpectedEof.into());
                        }
                        self.state = State::Between(source);
                        return Ok(0);
                    }
                    self.begun = self.begun.saturating_add(1);
                    if self.begun > FREE.saturating_add(self.out / WORTH) {
                        let message = "more bzip2 streams than their content is worth";
                        return Err(io::Error::new(io::ErrorKind::InvalidData, message));
                    }
                    self.state = State::Inside(BzDecoder::new(source));
                }
                State::Inside(mut decoder) => {
                    let read = decoder.read(buf)?;
                    if read > 0 {
                        let read_out = u64::try_from(read).unwrap_or(u64::MAX);
                        self.out = self.out.saturating_add(read_out);
                        self.state = State::Inside(decoder);
                        return Ok(read);
                    }
                    self.state = State::Between(decoder.into_inner());
                }
            }
        }
    }
}
