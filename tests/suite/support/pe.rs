//! Makes minimal PE images, unsigned and signed (PE Format specification; Authenticode PE signature format).

use bonafide::model::digest::DigestAlgorithm;
use bonafide::verify::digest::{Hasher, hash};

/// Section and file alignment of raw data.
const FILE_ALIGNMENT: usize = 0x200;
const PE_OFFSET: usize = 0x40;
const OPTIONAL_HEADER: usize = PE_OFFSET + 24;
/// Bytes a page of the architectures used here.
const PAGE: usize = 4096;

/// What kind of image.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// 32 bits, console.
    Pe32,
    /// 64 bits, console.
    Pe32Plus,
    /// 64 bits, EFI application.
    Efi,
}

/// An image to be made.
#[derive(Debug, Clone)]
pub(crate) struct Image<'a> {
    pub(crate) kind: Kind,
    /// Contents of `.text`.
    pub(crate) text: Vec<u8>,
    /// StringFileInfo of a VERSIONINFO resource, key and value.
    pub(crate) version_info: &'a [(&'a str, &'a str)],
}

impl Default for Image<'_> {
    fn default() -> Self {
        Self {
            kind: Kind::Pe32Plus,
            // `ret`, and words for whoever opens the file.
            text: b"\xc3 bonafide test fixture; not a program".to_vec(),
            version_info: &[],
        }
    }
}

impl Image<'_> {
    /// The unsigned file, with a right checksum.
    pub(crate) fn build(&self) -> Vec<u8> {
        let mut sections: Vec<(&[u8], u32, Vec<u8>)> =
            vec![(b".text\0\0\0", 0x6000_0020, self.text.clone())];
        if !self.version_info.is_empty() {
            let data = resources(self.version_info, 0x2000);
            sections.push((b".rsrc\0\0\0", 0x4000_0040, data));
        }
        let plus = self.kind != Kind::Pe32;
        let mut out = vec![0; PE_OFFSET];
        out[..2].copy_from_slice(b"MZ");
        out[0x3c] = u8::try_from(PE_OFFSET).unwrap();
        out.extend(b"PE\0\0");
        let machine: u16 = if plus { 0x8664 } else { 0x014c };
        out.extend(machine.to_le_bytes());
        out.extend(u16::try_from(sections.len()).unwrap().to_le_bytes());
        out.extend([0; 12]);
        out.extend(if plus { 240u16 } else { 224 }.to_le_bytes());
        out.extend(if plus { 0x0022u16 } else { 0x0102 }.to_le_bytes());
        self.optional_header(&mut out, sections.len());
        if let Some((_, _, data)) = sections.get(1) {
            let entry = self.directories() + 2 * 8;
            put32(&mut out, entry, 0x2000);
            put32(&mut out, entry + 4, u32::try_from(data.len()).unwrap());
        }
        let mut raw = FILE_ALIGNMENT;
        for (i, (name, flags, data)) in sections.iter().enumerate() {
            out.extend(*name);
            let size = data.len().next_multiple_of(FILE_ALIGNMENT);
            for value in [data.len(), (i + 1) * 0x1000, size, raw, 0, 0, 0] {
                out.extend(u32::try_from(value).unwrap().to_le_bytes());
            }
            out.extend(flags.to_le_bytes());
            raw += size;
        }
        out.resize(FILE_ALIGNMENT, 0);
        for (_, _, data) in &sections {
            out.extend(data);
            out.resize(out.len().next_multiple_of(FILE_ALIGNMENT), 0);
        }
        set_checksum(&mut out);
        out
    }

    fn optional_header(&self, out: &mut Vec<u8>, sections: usize) {
        let plus = self.kind != Kind::Pe32;
        let subsystem: u16 = if self.kind == Kind::Efi { 10 } else { 3 };
        let start = out.len();
        assert_eq!(start, OPTIONAL_HEADER);
        out.extend(if plus { 0x20bu16 } else { 0x10b }.to_le_bytes());
        out.extend([14, 0]);
        for value in [0x200u32, 0, 0, 0x1000, 0x1000] {
            out.extend(value.to_le_bytes());
        }
        if plus {
            out.extend(0x1_4000_0000u64.to_le_bytes());
        } else {
            out.extend(0x2000u32.to_le_bytes());
            out.extend(0x0040_0000u32.to_le_bytes());
        }
        let image_size = u32::try_from((sections + 1) * 0x1000).unwrap();
        out.extend(0x1000u32.to_le_bytes());
        out.extend(0x200u32.to_le_bytes());
        for version in [6u16, 0, 0, 0, 6, 0] {
            out.extend(version.to_le_bytes());
        }
        for value in [0, image_size, 0x200, 0] {
            out.extend(value.to_le_bytes());
        }
        out.extend(subsystem.to_le_bytes());
        out.extend(0x8160u16.to_le_bytes());
        for value in [0x10_0000u64, 0x1000, 0x10_0000, 0x1000] {
            if plus {
                out.extend(value.to_le_bytes());
            } else {
                out.extend(u32::try_from(value).unwrap().to_le_bytes());
            }
        }
        out.extend(0u32.to_le_bytes());
        out.extend(16u32.to_le_bytes());
        out.extend([0; 16 * 8]);
    }

    fn directories(&self) -> usize {
        OPTIONAL_HEADER + if self.kind == Kind::Pe32 { 96 } else { 112 }
    }
}

/// Offset of CheckSum.
pub(crate) const CHECKSUM: usize = OPTIONAL_HEADER + 64;

/// Offset of the certificate table's directory entry.
pub(crate) fn certificate_entry(image: &[u8]) -> usize {
    let plus = image[OPTIONAL_HEADER..OPTIONAL_HEADER + 2] == 0x20bu16.to_le_bytes();
    OPTIONAL_HEADER + if plus { 144 } else { 128 }
}

/// Authenticode digest of an image, signed or not; whatever follows the certificate table counts.
pub(crate) fn digest(image: &[u8], algorithm: DigestAlgorithm) -> Vec<u8> {
    let entry = certificate_entry(image);
    let (table, size) = (get32(image, entry), get32(image, entry + 4));
    let end = if table == 0 { image.len() } else { table };
    let mut hasher = Hasher::new(algorithm).unwrap();
    hasher.update(&image[..CHECKSUM]);
    hasher.update(&image[CHECKSUM + 4..entry]);
    hasher.update(&image[entry + 8..end]);
    hasher.update(image.get(end + size..).unwrap_or_default());
    hasher.finish()
}

/// SHA-256 page-hash table of an unsigned image.
pub(crate) fn page_hashes(image: &[u8]) -> Vec<u8> {
    let entry = certificate_entry(image);
    let mut table = Vec::new();
    let mut push = |offset: usize, digest: &[u8]| {
        table.extend(u32::try_from(offset).unwrap().to_le_bytes());
        table.extend(digest);
    };
    let sha256 = |bytes: &[u8]| hash(DigestAlgorithm::Sha256, bytes).unwrap();
    let mut header = [
        &image[..CHECKSUM],
        &image[CHECKSUM + 4..entry],
        &image[entry + 8..FILE_ALIGNMENT],
    ]
    .concat();
    header.resize(header.len() + PAGE - FILE_ALIGNMENT, 0);
    push(0, &sha256(&header));
    // Sections follow the headers without a gap, each padded to the file alignment and smaller than a page.
    let count = usize::from(image[PE_OFFSET + 6]);
    let sections = OPTIONAL_HEADER + usize::from(image[PE_OFFSET + 20]);
    for i in 0..count {
        let header = sections + i * 40;
        let (size, start) = (get32(image, header + 16), get32(image, header + 20));
        for (n, page) in image[start..start + size].chunks(PAGE).enumerate() {
            let mut page = page.to_vec();
            page.resize(PAGE, 0);
            push(start + n * PAGE, &sha256(&page));
        }
    }
    push(image.len(), &[0; 32]);
    table
}

/// One WIN_CERTIFICATE: revision 2.0, PKCS #7, zero-padded to 8 bytes.
pub(crate) fn win_certificate(contents: &[u8]) -> Vec<u8> {
    let length = (contents.len() + 8).next_multiple_of(8);
    let mut out = u32::try_from(length).unwrap().to_le_bytes().to_vec();
    out.extend(0x0200u16.to_le_bytes());
    out.extend(0x0002u16.to_le_bytes());
    out.extend(contents);
    out.resize(length, 0);
    out
}

/// Appends a certificate table of these entries to an unsigned image.
pub(crate) fn attach(image: &[u8], entries: &[Vec<u8>]) -> Vec<u8> {
    let mut out = image.to_vec();
    out.resize(out.len().next_multiple_of(8), 0);
    let table = entries.concat();
    let entry = certificate_entry(&out);
    let start = u32::try_from(out.len()).unwrap();
    put32(&mut out, entry, start);
    put32(&mut out, entry + 4, u32::try_from(table.len()).unwrap());
    out.extend(table);
    set_checksum(&mut out);
    out
}

/// CheckSum as the loader computes it: 16-bit words with end-around carry, plus the length.
pub(crate) fn set_checksum(image: &mut [u8]) {
    put32(image, CHECKSUM, 0);
    let mut sum = 0u32;
    for word in image.chunks(2) {
        sum += u32::from(word[0]) | u32::from(word.get(1).copied().unwrap_or(0)) << 8;
        sum = (sum & 0xffff) + (sum >> 16);
    }
    let total = sum + u32::try_from(image.len()).unwrap();
    put32(image, CHECKSUM, total);
}

fn put32(bytes: &mut [u8], at: usize, value: u32) {
    bytes[at..at + 4].copy_from_slice(&value.to_le_bytes());
}

fn get32(bytes: &[u8], at: usize) -> usize {
    let word: [u8; 4] = bytes[at..at + 4].try_into().unwrap();
    usize::try_from(u32::from_le_bytes(word)).unwrap()
}

/// A resource tree of one VERSIONINFO: type 16, id 1, language 0x409.
fn resources(strings: &[(&str, &str)], rva: u32) -> Vec<u8> {
    let info = version_info(strings);
    let mut out = Vec::new();
    for (id, offset) in [(16u32, 0x8000_0018u32), (1, 0x8000_0030), (0x409, 0x48)] {
        out.extend([0; 12]);
        out.extend(0u16.to_le_bytes());
        out.extend(1u16.to_le_bytes());
        out.extend(id.to_le_bytes());
        out.extend(offset.to_le_bytes());
    }
    out.extend((rva + 0x58).to_le_bytes());
    out.extend(u32::try_from(info.len()).unwrap().to_le_bytes());
    out.extend([0; 8]);
    out.extend(info);
    out
}

fn version_info(strings: &[(&str, &str)]) -> Vec<u8> {
    let mut fixed = vec![0u8; 52];
    put32(&mut fixed, 0, 0xfeef_04bd);
    put32(&mut fixed, 4, 0x0001_0000);
    put32(&mut fixed, 8, 0x0001_0000);
    put32(&mut fixed, 16, 0x0001_0000);
    put32(&mut fixed, 24, 0x3f);
    put32(&mut fixed, 32, 0x0004_0004);
    put32(&mut fixed, 36, 1);
    let strings: Vec<Vec<u8>> = strings
        .iter()
        .map(|(key, value)| {
            let units = value.encode_utf16().count() + 1;
            node(key, 1, units, &wide(value), &[])
        })
        .collect();
    let table = node("040904B0", 1, 0, &[], &strings);
    let string_info = node("StringFileInfo", 1, 0, &[], &[table]);
    let translation = node("Translation", 0, 4, &[0x09, 0x04, 0xb0, 0x04], &[]);
    let var_info = node("VarFileInfo", 1, 0, &[], &[translation]);
    node("VS_VERSION_INFO", 0, 52, &fixed, &[string_info, var_info])
}

/// `wLength, wValueLength, wType, szKey, padding, Value, Children`, each on a 32-bit boundary.
fn node(key: &str, kind: u16, value_len: usize, value: &[u8], children: &[Vec<u8>]) -> Vec<u8> {
    let mut out = vec![0, 0];
    out.extend(u16::try_from(value_len).unwrap().to_le_bytes());
    out.extend(kind.to_le_bytes());
    out.extend(wide(key));
    out.resize(out.len().next_multiple_of(4), 0);
    out.extend(value);
    for child in children {
        out.resize(out.len().next_multiple_of(4), 0);
        out.extend(child);
    }
    let length = u16::try_from(out.len()).unwrap();
    out[..2].copy_from_slice(&length.to_le_bytes());
    out
}

fn wide(text: &str) -> Vec<u8> {
    text.encode_utf16()
        .chain([0])
        .flat_map(u16::to_le_bytes)
        .collect()
}
