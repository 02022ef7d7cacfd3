//! The dictionary: what was decoded last, as far back as a match may reach (LZMA specification, "Sliding Window").

use crate::base::codec::lzma::Fault;

/// `LZMA_DIC_MIN`.
const MIN: usize = 1 << 12;
/// Bytes copied at a time. As many behind the newest byte may be overwritten ahead of their turn, so that the ring is longer
/// than the dictionary by more than that.
const STEP: usize = 16;
/// Longest match.
const MAX_MATCH: usize = 273;

/// A ring that grows with what comes out, up to its full length: what a file merely asks for costs nothing.
pub(super) struct Window {
    ring: Vec<u8>,
    /// Length of the ring when fully grown; a multiple of 16, so that positions in it serve for the low bits of those in the
    /// stream.
    full: usize,
    dictionary: usize,
    /// Where the next byte goes.
    at: usize,
    /// Where the bytes start that were not taken out yet.
    taken: usize,
    /// Where to stop.
    limit: usize,
    /// The ring was gone round since it was last empty.
    round: bool,
    pending: Pending,
}

/// The rest of a match that did not fit.
#[derive(Debug, Clone, Copy, Default)]
struct Pending {
    distance: usize,
    len: usize,
}

impl Window {
    pub(super) fn new(dictionary: u32) -> Self {
        let dictionary = usize::try_from(dictionary).unwrap_or(usize::MAX).max(MIN);
        Self {
            ring: Vec::new(),
            full: dictionary.saturating_add(2 * STEP) & !(STEP - 1),
            dictionary,
            at: 0,
            taken: 0,
            limit: 0,
            round: false,
            pending: Pending::default(),
        }
    }

    /// Forgets everything.
    pub(super) fn reset(&mut self) {
        self.at = 0;
        self.taken = 0;
        self.limit = 0;
        self.round = false;
    }

    /// Bytes that the ring holds by now.
    #[cfg(test)]
    pub(super) fn allocated(&self) -> usize {
        self.ring.capacity()
    }

    /// Position in the stream, in its low four bits.
    #[inline(always)]
    pub(super) fn at(&self) -> usize {
        self.at
    }

    #[inline(always)]
    pub(super) fn has_room(&self) -> bool {
        self.at < self.limit
    }

    /// Part of a match waits for room.
    pub(super) fn is_pending(&self) -> bool {
        self.pending.len > 0
    }

    /// Makes room for up to `wanted` bytes, and for the rest of a match first of all.
    pub(super) fn make_room(&mut self, wanted: usize) -> Result<(), Fault> {
        if self.at >= self.full {
            self.at = 0;
            self.taken = 0;
            self.round = true;
        }
        self.limit = self.at.saturating_add(wanted).min(self.full);
        if self.ring.len() < self.limit {
            let doubled = self.ring.len().saturating_mul(2);
            let len = self.limit.saturating_add(MAX_MATCH).max(doubled);
            self.ring.resize(len.min(self.full), 0);
        }
        match std::mem::take(&mut self.pending) {
            Pending { len: 0, .. } => Ok(()),
            Pending { distance, len } => self.repeat(distance, len),
        }
    }

    /// What was decoded since the last call, and fits.
    pub(super) fn take(&mut self, buf: &mut [u8]) -> usize {
        let ready = self.ring.get(self.taken..self.at).unwrap_or_default();
        let len = ready.len().min(buf.len());
        if let (Some(to), Some(from)) = (buf.get_mut(..len), ready.get(..len)) {
            to.copy_from_slice(from);
        }
        self.taken = self.taken.saturating_add(len);
        len
    }

    /// Room that bytes may be written to as they are.
    pub(super) fn room(&mut self) -> &mut [u8] {
        self.ring.get_mut(self.at..self.limit).unwrap_or_default()
    }

    /// That many bytes were written there.
    pub(super) fn written(&mut self, len: usize) {
        self.at = self.at.saturating_add(len).min(self.limit);
    }

    #[inline(always)]
    pub(super) fn put(&mut self, byte: u8) {
        if let Some(place) = self.ring.get_mut(self.at) {
            *place = byte;
        }
        self.at = self.at.wrapping_add(1);
    }

    /// The byte `distance` before the last one; zero where there is none.
    #[inline(always)]
    pub(super) fn back(&self, distance: usize) -> u8 {
        let at = match self.at.checked_sub(distance) {
            Some(at @ 1..) => at.wrapping_sub(1),
            _ if self.round => self.around(distance),
            _ => return 0,
        };
        self.ring.get(at).copied().unwrap_or_default()
    }

    /// Where the byte `distance` before the last one is, on the far side of the ring's end.
    fn around(&self, distance: usize) -> usize {
        self.full
            .wrapping_add(self.at)
            .wrapping_sub(distance)
            .wrapping_sub(1)
    }

    /// `CheckDistance`.
    #[inline(always)]
    fn reaches(&self, distance: usize) -> bool {
        distance < self.dictionary && (self.round || distance < self.at)
    }

    /// `CopyMatch`. What does not fit waits.
    #[inline(always)]
    pub(super) fn repeat(&mut self, distance: usize, len: usize) -> Result<(), Fault> {
        if !self.reaches(distance) {
            return Err(Fault::Distance);
        }
        let room = self.limit.saturating_sub(self.at);
        let now = len.min(room);
        if now < len {
            self.pending = Pending {
                distance,
                len: len.saturating_sub(now),
            };
        }
        if distance < self.at {
            let from = self.at.wrapping_sub(distance).wrapping_sub(1);
            self.copy(from, distance, now);
        } else {
            self.copy_around(distance, now);
        }
        self.at = self.at.wrapping_add(now);
        Ok(())
    }

    /// From before in the ring.
    #[inline(always)]
    fn copy(&mut self, from: usize, distance: usize, len: usize) {
        let behind = self.at.wrapping_add(len).wrapping_add(STEP);
        if distance >= STEP && behind <= self.ring.len() {
            let mut done = 0;
            while done < len {
                let step = self.ring.get(from.wrapping_add(done)..);
                let step = step.and_then(<[u8]>::first_chunk::<STEP>).copied();
                let to = self.ring.get_mut(self.at.wrapping_add(done)..);
                let to = to.and_then(<[u8]>::first_chunk_mut::<STEP>);
                if let (Some(step), Some(to)) = (step, to) {
                    *to = step;
                }
                done = done.wrapping_add(STEP);
            }
        } else {
            self.copy_slowly(from, len);
        }
    }

    /// Byte by byte: the bytes may be among those that come out.
    fn copy_slowly(&mut self, from: usize, len: usize) {
        for done in 0..len {
            let byte = self.ring.get(from.wrapping_add(done)).copied();
            if let (Some(byte), Some(to)) = (byte, self.ring.get_mut(self.at.wrapping_add(done))) {
                *to = byte;
            }
        }
    }

    /// From beyond the end of the ring, and possibly on from its start.
    #[inline(never)]
    fn copy_around(&mut self, distance: usize, len: usize) {
        let from = self.around(distance);
        let first = len.min(self.full.saturating_sub(from));
        self.copy_slowly(from, first);
        for done in first..len {
            let byte = self.ring.get(done.wrapping_sub(first)).copied();
            if let (Some(byte), Some(to)) = (byte, self.ring.get_mut(self.at.wrapping_add(done))) {
                *to = byte;
            }
        }
    }
}
