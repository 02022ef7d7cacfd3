//! What a format finds in a container: where the signatures are, which bytes each covers, what the file says of itself.

use std::ops::Range;

use super::finding::Finding;
use super::signature::Position;

/// Byte range of a file.
pub type Span = Range<u64>;

/// What one container holds.
#[derive(Debug, Clone, Default)]
pub struct Extract {
    /// Format id from the format's card: `pe`.
    pub format: &'static str,
    /// Finer kind, for people: `PE32+ DLL, x86-64`.
    pub description: String,
    /// The platform whose rules judge this file when the user names none.
    pub home: Option<Home>,
    /// Signatures in file order.
    pub signatures: Vec<RawSignature>,
    /// What the file says of itself, key by key in the file's own words: `CompanyName`, `ProductName`, `OriginalFilename` ….
    /// Not covered by any check of ours; hostile text.
    pub claimed: Vec<Claimed>,
    /// The sum over the file that its header states, to be compared in the one pass over the file.
    pub checksum: Option<HeaderChecksum>,
    /// What the format noticed.
    pub findings: Vec<Finding>,
    /// What it saw and did not examine.
    pub gaps: Vec<Gap>,
}

/// CheckSum of a PE optional header; no signature covers it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeaderChecksum {
    /// Where it stands.
    pub span: Span,
    /// Its value.
    pub stored: u32,
}

/// Which verifier of the platform will judge the file in the field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Home {
    /// Windows user mode.
    Windows,
    /// UEFI Secure Boot.
    Uefi,
    /// The Windows kernel loader.
    Kernel,
}

/// One statement of the file about itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claimed {
    /// The file's own key.
    pub key: String,
    /// The value, as decoded.
    pub value: String,
    /// Where it stands.
    pub span: Span,
}

/// Something seen but not examined.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gap {
    /// What was not examined.
    pub what: String,
    /// Why.
    pub why: String,
}

/// A signature as the container holds it.
#[derive(Debug, Clone)]
pub struct RawSignature {
    /// Which envelope it is written in: an id of `envelope::ALL`.
    pub envelope: &'static str,
    /// Its place among the file's signatures.
    pub position: Position,
    /// Where `bytes` stand in the file.
    pub span: Span,
    /// The envelope, with whatever padding follows it inside its slot.
    pub bytes: Vec<u8>,
    /// What it covers.
    pub coverage: Coverage,
    /// What makes it invalid before any cryptography: `signature-inside-image`.
    pub faults: Vec<Finding>,
}

/// Which bytes of the file a signature's digest is over.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Coverage {
    /// Hashed in this order.
    pub spans: Vec<Span>,
    /// Zero bytes hashed after the last span.
    pub zeros: u64,
    /// How pages are cut, for signatures that carry page hashes.
    pub pages: Option<PageLayout>,
}

/// How a PE image is cut into pages for page hashes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageLayout {
    /// Bytes a page: the architecture's, not SectionAlignment.
    pub page_size: u32,
    /// The header page's hashed spans, before zero padding.
    pub header: Vec<Span>,
    /// Zero bytes that complete the header page.
    pub header_zeros: u64,
    /// Raw data of every section that has any, in header order.
    pub sections: Vec<Span>,
}
