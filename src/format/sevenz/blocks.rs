//! Folders of a 7z archive: chains of coders over packed streams, as their headers state them.

use crate::format::fields::Fields;
use crate::format::sevenz::header::{number, size};

/// 7-Zip writes at most four coders, for BCJ2.
const MAX_CODERS: u64 = 8;
/// BCJ2 has the most, four.
const MAX_STREAMS: u64 = 4;
/// The longest known identifier has four bytes.
const MAX_ID: u8 = 8;

/// One coder.
#[derive(Debug, Clone)]
pub(super) struct Coder {
    /// Method, big-endian in as few bytes as it has.
    pub(super) id: u64,
    pub(super) inputs: usize,
    pub(super) properties: Vec<u8>,
    /// Bytes that come out of it.
    pub(super) unpacked: u64,
}

/// Where an input stream of a coder comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Feed {
    /// The output of the coder of this index.
    Coder(usize),
    /// The folder's packed stream of this index.
    Packed(usize),
}

/// A folder: it decodes to one stream.
#[derive(Debug, Clone)]
pub(super) struct Folder {
    pub(super) coders: Vec<Coder>,
    /// For each input of all coders, in order.
    pub(super) feeds: Vec<Feed>,
    /// The coder whose output is the folder's.
    pub(super) main: usize,
    pub(super) packed_streams: usize,
    pub(super) crc: Option<u32>,
}

impl Folder {
    pub(super) fn read(fields: &mut Fields<'_>) -> Option<Self> {
        let count = bounded(number(fields)?, MAX_CODERS)?;
        let mut coders = Vec::new();
        let mut inputs = 0usize;
        for _ in 0..count {
            let coder = Coder::read(fields)?;
            inputs = inputs.checked_add(coder.inputs)?;
            coders.push(coder);
        }
        let mut feeds = vec![None; inputs];
        let mut bound = vec![false; coders.len()];
        for _ in 0..count.checked_sub(1)? {
            let input = size(fields)?;
            let output = size(fields)?;
            let slot = feeds.get_mut(input)?;
            let used = bound.get_mut(output)?;
            if slot.is_some() || *used {
                return None;
            }
            (*slot, *used) = (Some(Feed::Coder(output)), true);
        }
        let packed_streams = inputs.checked_sub(count.checked_sub(1)?)?;
        if packed_streams == 1 {
            *feeds.iter_mut().find(|feed| feed.is_none())? = Some(Feed::Packed(0));
        } else {
            for stream in 0..packed_streams {
                let slot = feeds.get_mut(size(fields)?)?;
                if slot.is_some() {
                    return None;
                }
                *slot = Some(Feed::Packed(stream));
            }
        }
        Some(Self {
            main: bound.iter().position(|bound| !bound)?,
            feeds: feeds.into_iter().collect::<Option<_>>()?,
            coders,
            packed_streams,
            crc: None,
        })
    }

    /// Bytes that come out of the folder.
    pub(super) fn unpacked(&self) -> u64 {
        self.coders.get(self.main).map_or(0, |coder| coder.unpacked)
    }

    /// Place of the first input of a coder in [`Folder::feeds`].
    pub(super) fn first_input(&self, coder: usize) -> usize {
        self.coders
            .iter()
            .take(coder)
            .fold(0, |at, coder| at.saturating_add(coder.inputs))
    }
}

impl Coder {
    fn read(fields: &mut Fields<'_>) -> Option<Self> {
        let flags = fields.u8()?;
        let id_len = flags & 0x0f;
        // The highest bit announces alternatives, which no writer has ever used.
        if id_len > MAX_ID || flags & 0xc0 != 0 {
            return None;
        }
        let id = fields
            .take(usize::from(id_len))?
            .iter()
            .fold(0u64, |id, byte| (id << 8) | u64::from(*byte));
        let mut inputs = 1;
        if flags & 0x10 != 0 {
            inputs = bounded(number(fields)?, MAX_STREAMS)?;
            if number(fields)? != 1 {
                return None;
            }
        }
        let mut properties = Vec::new();
        if flags & 0x20 != 0 {
            let len = size(fields)?;
            properties = fields.take(len)?.to_vec();
        }
        Some(Self {
            id,
            inputs,
            properties,
            unpacked: 0,
        })
    }
}

fn bounded(count: u64, most: u64) -> Option<usize> {
    usize::try_from(count)
        .ok()
        .filter(|_| (1..=most).contains(&count))
}
