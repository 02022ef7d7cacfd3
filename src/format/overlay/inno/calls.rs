//! The filter that Inno Setup puts executables through: targets of x86 calls and jumps are absolute in the file, so that equal
//! targets compress well, and are turned back here (5.3.9 and later).

use std::io::{self, Read};

/// Bytes that are filtered together in the data of a setup; no instruction is changed across their edge.
pub(super) const BLOCK: usize = 64 << 10;

/// Turns targets back.
pub(super) struct Calls<R> {
    inner: R,
    block: Vec<u8>,
    len: usize,
    at: usize,
    /// Where `block` starts.
    offset: u64,
}

impl<R: Read> Calls<R> {
    /// `len` bytes are filtered together.
    pub(super) fn new(inner: R, len: usize) -> Self {
        Self {
            inner,
            block: Vec::new(),
            len,
            at: 0,
            offset: 0,
        }
    }

    fn fill(&mut self) -> io::Result<()> {
        let before = u64::try_from(self.block.len()).unwrap_or(u64::MAX);
        self.offset = self.offset.saturating_add(before);
        self.block.clear();
        self.at = 0;
        let limit = u64::try_from(self.len).unwrap_or(u64::MAX);
        let mut part = self.inner.by_ref().take(limit);
        io::copy(&mut part, &mut self.block)?;
        restore(&mut self.block, self.offset);
        Ok(())
    }
}

impl<R: Read> Read for Calls<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        if self.at >= self.block.len() {
            self.fill()?;
        }
        let mut rest = self.block.get(self.at..).unwrap_or_default();
        let read = rest.read(buf)?;
        self.at = self.at.saturating_add(read);
        Ok(read)
    }
}

/// The low 24 bits of a target, whose highest byte says by 0x00 or 0xff that it is one.
fn restore(block: &mut [u8], offset: u64) {
    let mut at = 0usize;
    while let Some([opcode, target @ .., high]) = block
        .get_mut(at..)
        .and_then(|rest| rest.first_chunk_mut::<5>())
    {
        if !matches!(opcode, 0xe8 | 0xe9) {
            at = at.saturating_add(1);
            continue;
        }
        at = at.saturating_add(5);
        if !matches!(high, 0x00 | 0xff) {
            continue;
        }
        let next = u64::try_from(at).map_or(offset, |at| offset.wrapping_add(at));
        let [next0, next1, next2, ..] = next.to_le_bytes();
        let [low, middle, top] = *target;
        let absolute = u32::from_le_bytes([low, middle, top, 0]);
        let next = u32::from_le_bytes([next0, next1, next2, 0]);
        let [low, middle, top, _] = absolute.wrapping_sub(next).to_le_bytes();
        *target = [low, middle, top];
        if top & 0x80 != 0 {
            *high = !*high;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::restore;

    #[test]
    fn targets_become_relative_and_what_is_no_target_stays() {
        let mut block = [0x90, 0xe8, 0x16, 0, 0, 0, 0xe9, 1, 2, 3, 4, 0xe8, 0, 0, 0];
        restore(&mut block, 0);
        assert_eq!(
            block,
            [0x90, 0xe8, 0x10, 0, 0, 0, 0xe9, 1, 2, 3, 4, 0xe8, 0, 0, 0]
        );
        let mut back = [0xe8, 0, 0, 0, 0];
        restore(&mut back, 0x100);
        assert_eq!(back, [0xe8, 0xfb, 0xfe, 0xff, 0xff]);
    }
}
