//! A ZIP writer (APPNOTE 6.3.10), members stored or deflated.

use std::io::Write;

/// An archive of these members, in this order.
pub(crate) fn archive(members: &[(String, Vec<u8>)], deflate: bool) -> Vec<u8> {
    let (mut out, mut directory) = (Vec::new(), Vec::new());
    for (name, content) in members {
        let packed = if deflate {
            deflated(content)
        } else {
            content.clone()
        };
        let mut fixed = Vec::new();
        for short in [20u16, 0, if deflate { 8 } else { 0 }, 0, 0x21] {
            fixed.extend(short.to_le_bytes());
        }
        fixed.extend(crc32(content).to_le_bytes());
        fixed.extend(u32::try_from(packed.len()).unwrap().to_le_bytes());
        fixed.extend(u32::try_from(content.len()).unwrap().to_le_bytes());
        fixed.extend(u16::try_from(name.len()).unwrap().to_le_bytes());
        fixed.extend(0u16.to_le_bytes());
        let offset = u32::try_from(out.len()).unwrap();
        out.extend(b"PK\x03\x04");
        out.extend(&fixed);
        out.extend(name.as_bytes());
        out.extend(packed);
        directory.extend(b"PK\x01\x02\x14\x00");
        directory.extend(&fixed);
        directory.extend([0; 10]);
        directory.extend(offset.to_le_bytes());
        directory.extend(name.as_bytes());
    }
    let (start, len) = (out.len(), directory.len());
    out.extend(directory);
    out.extend(b"PK\x05\x06\0\0\0\0");
    let count = u16::try_from(members.len()).unwrap().to_le_bytes();
    out.extend([count, count].concat());
    out.extend(u32::try_from(len).unwrap().to_le_bytes());
    out.extend(u32::try_from(start).unwrap().to_le_bytes());
    out.extend([0, 0]);
    out
}

fn deflated(content: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::new(6));
    encoder.write_all(content).unwrap();
    encoder.finish().unwrap()
}

fn crc32(content: &[u8]) -> u32 {
    !content.iter().fold(!0u32, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            (crc >> 1) ^ (0xedb8_8320 & (crc & 1).wrapping_neg())
        })
    })
}

/// The members of an archive that [`archive`] stored.
pub(crate) fn stored(archive: &[u8]) -> Vec<(String, Vec<u8>)> {
    let (mut at, mut members) = (0, Vec::new());
    while archive[at..].starts_with(b"PK\x03\x04") {
        let size = u32::from_le_bytes(archive[at + 18..at + 22].try_into().unwrap());
        let name = u16::from_le_bytes(archive[at + 26..at + 28].try_into().unwrap());
        let name_end = at + 30 + usize::from(name);
        let end = name_end + usize::try_from(size).unwrap();
        let name = String::from_utf8(archive[at + 30..name_end].to_vec()).unwrap();
        members.push((name, archive[name_end..end].to_vec()));
        at = end;
    }
    members
}
