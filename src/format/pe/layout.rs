//! The PE headers, as far as signatures, version information and a description need them (PE format, sections 3 and 4).

use std::ops::Range;

use crate::base::blob::ReadAt;
use crate::format::error::Error;
use crate::format::pe::findings::{HEADERS_OUT_OF_BOUNDS, NOT_PE};

/// Offset of e_lfanew in the MS-DOS header.
const E_LFANEW: usize = 0x3c;
const DOS_HEADER_LEN: usize = 64;
/// PE signature and COFF header.
const COFF_LEN: usize = 24;
const SECTION_LEN: usize = 40;
/// Optional-header offset of CheckSum, the same in PE32 and PE32+.
const CHECKSUM: u8 = 64;

/// Indices into the data directories.
const RESOURCES: usize = 2;
const SECURITY: usize = 4;

#[derive(Debug)]
pub(super) struct Layout {
    pub(super) machine: u16,
    pub(super) characteristics: u16,
    /// `None` where the optional header is too short to say.
    pub(super) magic: Option<Magic>,
    pub(super) subsystem: Option<u16>,
    pub(super) size_of_headers: u64,
    pub(super) checksum: Option<Field>,
    pub(super) security: Option<Directory>,
    pub(super) resources: Option<Directory>,
    pub(super) sections: Vec<Section>,
    /// End of what the headers occupy in the file, SizeOfHeaders included as far as the file reaches.
    pub(super) headers_end: u64,
}

#[derive(Debug, Clone, Copy)]
pub(super) enum Magic {
    Pe32,
    Pe32Plus,
}

/// A 32-bit header field.
#[derive(Debug, Clone, Copy)]
pub(super) struct Field {
    pub(super) offset: u64,
    pub(super) value: u32,
}

/// A data directory entry.
#[derive(Debug, Clone, Copy)]
pub(super) struct Directory {
    /// Where the entry itself stands.
    pub(super) entry: u64,
    /// An RVA, but a file offset for the certificate table.
    pub(super) address: u32,
    pub(super) size: u32,
}

#[derive(Debug)]
pub(super) struct Section {
    pub(super) name: [u8; 8],
    pub(super) rva: u32,
    /// Raw data in the file; empty where there is none.
    pub(super) raw: Range<u64>,
}

impl Layout {
    pub(super) fn read(blob: &dyn ReadAt) -> Result<Self, Error> {
        let pe = pe_offset(blob)?;
        let coff = range(blob, pe, COFF_LEN, "COFF header")?;
        let coff_field = |at| u16_at(&coff, at).unwrap_or(0);
        let optional_len = coff_field(20);
        let optional_at = pe.saturating_add(24);
        let sections_at = optional_at.saturating_add(u64::from(optional_len));
        let optional = range(
            blob,
            optional_at,
            usize::from(optional_len),
            "optional header",
        )?;
        let sections = Section::read_all(blob, sections_at, coff_field(6))?;
        let magic = match u16_at(&optional, 0) {
            None => None,
            Some(0x10b) => Some(Magic::Pe32),
            Some(0x20b) => Some(Magic::Pe32Plus),
            Some(other) => {
                let message =
                    format!("optional header magic 0x{other:x} is neither PE32 nor PE32+");
                return Err(Error::malformed(&NOT_PE, optional_at, message));
            }
        };
        let size_of_headers = u64::from(u32_at(&optional, 60).unwrap_or(0));
        let table_end = u64::try_from(SECTION_LEN.saturating_mul(sections.len()))
            .map_or(u64::MAX, |len| sections_at.saturating_add(len));
        Ok(Self {
            machine: coff_field(4),
            characteristics: coff_field(22),
            magic,
            subsystem: u16_at(&optional, 68),
            size_of_headers,
            checksum: u32_at(&optional, usize::from(CHECKSUM)).map(|value| Field {
                offset: optional_at.saturating_add(u64::from(CHECKSUM)),
                value,
            }),
            security: directory(&optional, optional_at, magic, SECURITY),
            resources: directory(&optional, optional_at, magic, RESOURCES),
            sections,
            headers_end: table_end.max(size_of_headers.min(blob.size())),
        })
    }

    /// End of the raw data of the section that reaches furthest, or of the headers.
    pub(super) fn image_end(&self) -> u64 {
        self.sections
            .iter()
            .map(|s| s.raw.end)
            .fold(self.headers_end, u64::max)
    }

    /// File offset of an RVA, with the bytes of raw data from there to the end of its section.
    pub(super) fn file_range(&self, rva: u32) -> Option<Range<u64>> {
        self.sections.iter().find_map(|section| {
            let within = u64::from(rva.checked_sub(section.rva)?);
            let start = section.raw.start.checked_add(within)?;
            (start < section.raw.end).then_some(start..section.raw.end)
        })
    }
}

impl Section {
    /// At most 65,535 of 40 bytes, which the file must hold.
    fn read_all(blob: &dyn ReadAt, at: u64, count: u16) -> Result<Vec<Self>, Error> {
        let len = SECTION_LEN.saturating_mul(usize::from(count));
        let table = range(blob, at, len, "section table")?;
        let (headers, _) = table.as_chunks::<SECTION_LEN>();
        Ok(headers.iter().filter_map(|h| Self::decode(h)).collect())
    }

    fn decode(header: &[u8]) -> Option<Self> {
        let raw_len = u64::from(u32_at(header, 16)?);
        let raw_at = u64::from(u32_at(header, 20)?);
        // PointerToRawData 0 means that the section has none, whatever its size says.
        let raw = if raw_at == 0 || raw_len == 0 {
            0..0
        } else {
            raw_at..raw_at.checked_add(raw_len)?
        };
        Some(Self {
            name: *header.first_chunk()?,
            rva: u32_at(header, 12)?,
            raw,
        })
    }

    pub(super) fn name(&self) -> String {
        String::from_utf8_lossy(&self.name)
            .trim_end_matches('\0')
            .to_owned()
    }
}

/// Offset of the PE signature.
fn pe_offset(blob: &dyn ReadAt) -> Result<u64, Error> {
    let not_pe = |offset, message: &str| Error::malformed(&NOT_PE, offset, message);
    let dos = range(blob, 0, DOS_HEADER_LEN, "MS-DOS header")
        .map_err(|_| not_pe(0, "too short for an MS-DOS header"))?;
    if !dos.starts_with(b"MZ") {
        return Err(not_pe(0, "no MZ mark"));
    }
    let pe = u64::from(u32_at(&dos, E_LFANEW).unwrap_or(0));
    if pe.saturating_add(4) > blob.size() {
        return Err(not_pe(0x3c, "e_lfanew points past the end of the file"));
    }
    if range(blob, pe, 4, "PE signature")? != b"PE\0\0" {
        return Err(not_pe(pe, "no PE signature"));
    }
    Ok(pe)
}

fn directory(
    optional: &[u8],
    optional_at: u64,
    magic: Option<Magic>,
    index: usize,
) -> Option<Directory> {
    let first: usize = match magic? {
        Magic::Pe32 => 96,
        Magic::Pe32Plus => 112,
    };
    let count = u32_at(optional, first.checked_sub(4)?)?;
    if usize::try_from(count).is_ok_and(|count| index >= count) {
        return None;
    }
    let at = first.checked_add(index.checked_mul(8)?)?;
    Some(Directory {
        entry: optional_at.checked_add(u64::try_from(at).ok()?)?,
        address: u32_at(optional, at)?,
        size: u32_at(optional, at.checked_add(4)?)?,
    })
}

/// Reads a part of the headers; the callers' lengths come from 16-bit counts.
fn range(blob: &dyn ReadAt, at: u64, len: usize, what: &str) -> Result<Vec<u8>, Error> {
    let end = u64::try_from(len).ok().and_then(|len| at.checked_add(len));
    match end {
        Some(end) if end <= blob.size() => blob.read_range(at..end).map_err(Error::read(at)),
        _ => Err(out_of_bounds(at, what)),
    }
}

fn out_of_bounds(at: u64, what: &str) -> Error {
    Error::malformed(
        &HEADERS_OUT_OF_BOUNDS,
        at,
        format!("{what} reaches past the end of the file"),
    )
}

pub(super) fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}

pub(super) fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}
