//! The data of an NSIS installer: how it is compressed, and its members.

use std::io::{self, Read};

use lzma_rust2::filter::bcj::BcjReader;

use crate::base::blob::ReadAt;
use crate::base::budget::Budget;
use crate::format::coding::{
    Counted, Exact, drain, failed, lzma, skip, stream, until_last_wanted, whole,
};
use crate::format::fields::Fields;
use crate::format::overlay::MAX_HEADER;
use crate::format::overlay::findings::{INSTALLER_DATA, INSTALLER_HEADER};
use crate::format::overlay::nsis::bunzip::Bunzip;
use crate::format::overlay::nsis::inflate::Inflate;
use crate::format::{Entry, Error, Inside, Out};
use crate::model::extract::Span;

/// A data block's length has this bit where the block is compressed.
const COMPRESSED: u32 = 1 << 31;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Method {
    Copy,
    Deflate,
    Bzip2,
    /// With an x86 filter that each stream turns on or off.
    Lzma {
        filter: bool,
    },
}

/// How the data is compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Packing {
    method: Method,
    /// Header and files are one stream.
    solid: bool,
}

/// Where the bytes of a member are.
pub(super) enum Member {
    Stored(Span),
    Coded(Place),
}

/// A member to be decoded.
#[derive(Debug)]
pub(super) struct Place {
    index: usize,
    /// Of its stream in the file; for a solid installer the offset in the one stream, where its length stands.
    span: Span,
}

impl Packing {
    /// From the first bytes of the data, which say no more than what each method starts with.
    pub(super) fn detect(blob: &dyn ReadAt, data: &Span, header_len: u32) -> io::Result<Self> {
        let head = blob.read_range(data.start..data.end.min(data.start.saturating_add(16)))?;
        let at = |from| head.get(from..).unwrap_or_default();
        let block = Fields::new(&head).u32().unwrap_or(0);
        if block == header_len {
            return Ok(Self {
                method: Method::Copy,
                solid: false,
            });
        }
        let solid =
            lzma_start(at(0)).is_some() || block & COMPRESSED == 0 || head.get(3) != Some(&0x80);
        let start = at(if solid { 0 } else { 4 });
        let method = match lzma_start(start) {
            Some(filter) => Method::Lzma { filter },
            None if matches!(start, [0x31, level, ..] if *level < 14) => Method::Bzip2,
            None => Method::Deflate,
        };
        Ok(Self { method, solid })
    }

    /// The decoded header, and where the files start: in the file, or in the one stream.
    pub(super) fn header(
        &self,
        blob: &dyn ReadAt,
        data: &Span,
        header_len: u32,
        budget: &Budget<'_>,
    ) -> Result<(Vec<u8>, u64), Error> {
        let broken = |what| failed(&INSTALLER_HEADER, data.start, what);
        let malformed = |message| Error::malformed(&INSTALLER_HEADER, data.start, message);
        let len = u64::from(header_len);
        if self.solid {
            let stream = self
                .reader(blob, data.clone(), budget)
                .map_err(broken("the header"))?;
            let mut counted = Counted::new(stream, budget);
            let mut stated = [0; 4];
            let bytes = counted
                .read_exact(&mut stated)
                .and_then(|()| whole(&mut counted, len, MAX_HEADER))
                .map_err(broken("the header does not decode"))?;
            if u32::from_le_bytes(stated) != header_len {
                return Err(malformed("the header has another length than is stated"));
            }
            return Ok((bytes, len.saturating_add(4)));
        }
        let (span, compressed) = block(blob, data, data.start)
            .map_err(Error::read(data.start))?
            .ok_or_else(|| malformed("the header reaches past the end of the data"))?;
        let end = span.end;
        let stream = if compressed {
            self.reader(blob, span, budget)
        } else {
            stream(blob, span, budget).map(|stream| -> Box<dyn Read + '_> { Box::new(stream) })
        };
        let bytes = stream
            .and_then(|stream| whole(&mut Counted::new(stream, budget), len, MAX_HEADER))
            .map_err(broken("the header does not decode"))?;
        Ok((bytes, end))
    }

    /// Where the member at `offset` behind the header is.
    pub(super) fn member(
        &self,
        blob: &dyn ReadAt,
        data: &Span,
        files: u64,
        offset: u32,
        index: usize,
    ) -> Result<Member, String> {
        let at = files.saturating_add(u64::from(offset));
        if self.solid {
            return Ok(Member::Coded(Place {
                index,
                span: at..at,
            }));
        }
        match block(blob, data, at) {
            Ok(Some((span, true))) => Ok(Member::Coded(Place { index, span })),
            Ok(Some((span, false))) => Ok(Member::Stored(span)),
            Ok(None) | Err(_) => Err("lies outside the installer's data".into()),
        }
    }

    fn reader<'a>(
        &self,
        blob: &'a dyn ReadAt,
        span: Span,
        budget: &'a Budget<'a>,
    ) -> io::Result<Box<dyn Read + 'a>> {
        let mut input = stream(blob, span, budget)?;
        Ok(match self.method {
            Method::Copy => Box::new(input),
            Method::Deflate => Box::new(Inflate::new(input)),
            Method::Bzip2 => Box::new(Bunzip::new(input)),
            Method::Lzma { filter } => {
                let mut on = [0u8];
                if filter {
                    input.read_exact(&mut on)?;
                }
                let mut properties = [0u8; 5];
                input.read_exact(&mut properties)?;
                let [first, dictionary @ ..] = properties;
                let decoder = lzma(input, None, first, u32::from_le_bytes(dictionary))?;
                if on == [1] {
                    Box::new(BcjReader::new_x86(decoder, 0))
                } else {
                    Box::new(decoder)
                }
            }
        })
    }
}

/// Whether a stream starts as NSIS's LZMA does, and if so whether a filter byte comes first.
fn lzma_start(head: &[u8]) -> Option<bool> {
    let plain = |head: &[u8]| matches!(head, [0x5d, 0, 0, _, _, 0, next, ..] if *next < 0x80);
    if plain(head) {
        return Some(false);
    }
    let rest = head.get(1..)?;
    (head.first().is_some_and(|first| *first <= 1) && plain(rest)).then_some(true)
}

/// The block whose length stands at `at`, and whether it is compressed.
fn block(blob: &dyn ReadAt, data: &Span, at: u64) -> io::Result<Option<(Span, bool)>> {
    let start = at.saturating_add(4);
    if at < data.start || start > data.end {
        return Ok(None);
    }
    let stated = Fields::new(&blob.read_range(at..start)?).u32().unwrap_or(0);
    let end = start.saturating_add(u64::from(stated & !COMPRESSED));
    Ok((end <= data.end).then_some((start..end, stated & COMPRESSED != 0)))
}

/// The members: one block a file, or one for all.
#[derive(Debug)]
pub(super) struct Members {
    entries: Vec<Entry>,
    places: Vec<Place>,
    packing: Packing,
    data: Span,
}

impl Members {
    pub(super) fn new(
        entries: Vec<Entry>,
        places: Vec<Place>,
        packing: Packing,
        data: Span,
    ) -> Self {
        Self {
            entries,
            places,
            packing,
            data,
        }
    }

    /// Each member stands behind its length in the one stream.
    fn solid(&self, stream: &mut dyn Read, out: &mut dyn Out) -> Result<(), Error> {
        let broken = |what| failed(&INSTALLER_DATA, self.data.start, what);
        let mut reached = 0u64;
        for place in until_last_wanted(&self.places, out, |place| place.index) {
            if !out.wants(place.index) {
                continue;
            }
            skip(
                &mut *stream,
                reached,
                place.span.start,
                &INSTALLER_DATA,
                self.data.start,
            )?;
            let mut size = [0; 4];
            stream
                .read_exact(&mut size)
                .map_err(broken("the length of a member"))?;
            let size = u64::from(u32::from_le_bytes(size));
            let mut content = Exact::new(&mut *stream, size, None);
            out.member(place.index, &mut content)?;
            drain(&mut content).map_err(broken("in a member"))?;
            reached = place.span.start.saturating_add(size).saturating_add(4);
        }
        Ok(())
    }
}

impl Inside for Members {
    fn entries(&self) -> &[Entry] {
        &self.entries
    }

    fn blocks(&self) -> usize {
        if self.packing.solid {
            usize::from(!self.places.is_empty())
        } else {
            self.places.len()
        }
    }

    fn decode(
        &self,
        blob: &dyn ReadAt,
        block: usize,
        budget: &Budget<'_>,
        out: &mut dyn Out,
    ) -> Result<(), Error> {
        let at = self.data.start;
        let open = |span: Span| {
            let stream = self.packing.reader(blob, span, budget);
            stream.map_err(failed(&INSTALLER_DATA, at, "the data does not decode"))
        };
        if self.packing.solid {
            if !self.places.iter().any(|place| out.wants(place.index)) {
                return Ok(());
            }
            let stream = open(self.data.clone())?;
            return self.solid(&mut Counted::new(stream, budget), out);
        }
        let Some(place) = self.places.get(block).filter(|p| out.wants(p.index)) else {
            return Ok(());
        };
        // The length of what a stream decodes to is stated nowhere: its own end mark is the end.
        let mut stream = Counted::new(open(place.span.clone())?, budget);
        out.member(place.index, &mut stream)?;
        drain(&mut stream).map_err(failed(&INSTALLER_DATA, place.span.start, "in a member"))
    }
}
