//! Builds small PE images for tests: real enough for every reader here, and nothing any loader would start.

/// An image to be built. Sections follow the headers at multiples of 512.
#[derive(Debug, Clone)]
pub(crate) struct Image {
    pub(crate) plus: bool,
    pub(crate) machine: u16,
    pub(crate) subsystem: u16,
    pub(crate) directories: u32,
    /// Raw data of each section.
    pub(crate) sections: Vec<Vec<u8>>,
    /// Which section is the resource directory.
    pub(crate) resources: Option<usize>,
    /// WIN_CERTIFICATEs: revision, type, contents.
    pub(crate) entries: Vec<(u16, u16, Vec<u8>)>,
}

/// Where the fields stand, so that tests can spoil them.
pub(crate) const PE_AT: usize = 0x80;
pub(crate) const OPTIONAL_AT: usize = PE_AT + 24;
pub(crate) const HEADERS: usize = 512;

impl Default for Image {
    fn default() -> Self {
        Self {
            plus: true,
            machine: 0x8664,
            subsystem: 3,
            directories: 16,
            sections: vec![vec![0xcc; 512], vec![0xdd; 1024]],
            resources: None,
            entries: Vec::new(),
        }
    }
}

impl Image {
    /// One Authenticode entry around `cms`.
    pub(crate) fn signed(cms: &[u8]) -> Self {
        Self {
            entries: vec![(0x200, 2, cms.to_vec())],
            ..Self::default()
        }
    }

    /// Offset of the certificate table's directory entry.
    pub(crate) fn directory_at(&self) -> usize {
        OPTIONAL_AT + if self.plus { 112 } else { 96 } + 32
    }

    fn optional_len(&self) -> usize {
        (if self.plus { 112 } else { 96 }) + 16 * 8
    }

    pub(crate) fn build(&self) -> Vec<u8> {
        let mut out = vec![0u8; HEADERS];
        out[..2].copy_from_slice(b"MZ");
        put32(&mut out, 0x3c, PE_AT as u32);
        out[PE_AT..PE_AT + 4].copy_from_slice(b"PE\0\0");
        put16(&mut out, PE_AT + 4, self.machine);
        put16(&mut out, PE_AT + 6, self.sections.len() as u16);
        put16(&mut out, PE_AT + 20, self.optional_len() as u16);
        put16(&mut out, PE_AT + 22, 0x22);
        put16(&mut out, OPTIONAL_AT, if self.plus { 0x20b } else { 0x10b });
        put32(&mut out, OPTIONAL_AT + 60, HEADERS as u32);
        put16(&mut out, OPTIONAL_AT + 68, self.subsystem);
        let directories = self.directory_at() - 32;
        put32(&mut out, directories - 4, self.directories);
        let mut table = OPTIONAL_AT + self.optional_len();
        for (index, data) in self.sections.iter().enumerate() {
            let rva = 0x1000 * (index as u32 + 1);
            let at = out.len() as u32;
            out[table] = b'a' + index as u8;
            put32(&mut out, table + 8, data.len() as u32);
            put32(&mut out, table + 12, rva);
            put32(&mut out, table + 16, data.len() as u32);
            put32(&mut out, table + 20, at);
            table += 40;
            if self.resources == Some(index) {
                put32(&mut out, directories + 16, rva);
                put32(&mut out, directories + 20, data.len() as u32);
            }
            out.extend_from_slice(data);
            out.resize(out.len().next_multiple_of(512), 0);
        }
        let start = out.len();
        for (revision, kind, contents) in &self.entries {
            out.extend_from_slice(&(contents.len() as u32 + 8).to_le_bytes());
            out.extend_from_slice(&revision.to_le_bytes());
            out.extend_from_slice(&kind.to_le_bytes());
            out.extend_from_slice(contents);
            out.resize(out.len().next_multiple_of(8), 0);
        }
        if !self.entries.is_empty() {
            let len = (out.len() - start) as u32;
            put32(&mut out, self.directory_at(), start as u32);
            put32(&mut out, self.directory_at() + 4, len);
        }
        out
    }
}

pub(crate) fn put16(bytes: &mut [u8], at: usize, value: u16) {
    bytes[at..at + 2].copy_from_slice(&value.to_le_bytes());
}

pub(crate) fn put32(bytes: &mut [u8], at: usize, value: u32) {
    bytes[at..at + 4].copy_from_slice(&value.to_le_bytes());
}
