//! What a format finds in a container: where the signatures are, which bytes each covers, what the file says of itself.

use std::ops::Range;
use std::sync::Arc;

use super::digest::{DigestAlgorithm, Digests};
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
    /// Whether such a file is signed by convention.
    pub signing: Signing,
    /// Signatures in file order.
    pub signatures: Vec<RawSignature>,
    /// What the file says of itself, key by key in the file's own words: `CompanyName`, `ProductName`, `OriginalFilename` ….
    /// Not covered by any check of ours; hostile text.
    pub claimed: Vec<Claimed>,
    /// The sum over the file that its header states, to be compared in the one pass over the file.
    pub checksum: Option<HeaderChecksum>,
    /// For an image, what the digest is over by which a catalog lists it; several readings where its length leaves room for them,
    /// the likeliest first. Empty for all other files, which are listed by the digest of all their bytes.
    pub images: Vec<Coverage>,
    /// What the format noticed.
    pub findings: Vec<Finding>,
    /// What it saw and did not examine.
    pub gaps: Vec<Gap>,
}

/// Whether files of a kind are signed by convention, which decides what the absence of a signature says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Signing {
    /// The platform looks for a signature before it runs or installs such a file: none is worth a look wherever it is met.
    Expected,
    /// It can carry one, and most do not (scripts): none counts only where the user asks about that very file.
    Optional,
    /// It carries none by convention (archives): what is inside does.
    #[default]
    None,
}

impl Signing {
    /// The word used in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Expected => "expected",
            Self::Optional => "optional",
            Self::None => "none",
        }
    }
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
    /// What kind of content the envelope must hold to be a signature over this container.
    pub content: &'static ContentRule,
    /// What it covers.
    pub covers: Covers,
    /// Other readings of what it covers that signers are known to use, tried where `covers` does not match.
    pub alternatives: Vec<Alternative>,
    /// Digests that the container states beside it, which the signature covers and the platform does not compare.
    pub beside: Vec<SideDigest>,
    /// The digest algorithm that the container itself names and the signature must have.
    pub digest_algorithm: Option<DigestAlgorithm>,
    /// Certificates that the container keeps beside it, each as DER.
    pub certificates: Vec<Vec<u8>>,
    /// What makes it invalid before any cryptography: `signature-inside-image`.
    pub faults: Vec<Finding>,
}

impl RawSignature {
    /// A CMS signature over one digest, with no alternatives and no faults.
    pub fn cms(
        content: &'static ContentRule,
        position: Position,
        span: Span,
        bytes: Vec<u8>,
        coverage: Coverage,
    ) -> Self {
        Self {
            envelope: "cms",
            position,
            span,
            bytes,
            content,
            covers: Covers::One(coverage),
            alternatives: Vec::new(),
            beside: Vec::new(),
            digest_algorithm: None,
            certificates: Vec::new(),
            faults: Vec::new(),
        }
    }
}

/// Which content makes an envelope a signature over one kind of container. One made over another kind must not be moved here.
#[derive(Debug, PartialEq, Eq)]
pub struct ContentRule {
    /// The scheme that reports name: `authenticode`, `nuget`, `clickonce` ….
    pub scheme: &'static str,
    /// eContentType of the SignedData, dotted.
    pub content_type: &'static str,
    /// `SpcIndirectDataContent.data.type`, dotted; empty where the content is of another type.
    pub data_types: &'static [&'static str],
    /// Subject interface packages that `SpcSipInfo` may name, as stored; empty where none is named.
    pub sips: &'static [[u8; 16]],
}

/// What a signature's digest is over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Covers {
    /// The content of the envelope is all that is signed (a catalog): there is no digest of anything outside it.
    Itself,
    /// A digest that is not computed, over what, for people: such a signature is never valid.
    Uncomputed(&'static str),
    /// One digest.
    One(Coverage),
    /// Several digests in one value: `magic`, then each part's label and digest, in this order (APPX).
    Labelled {
        /// Starts the value.
        magic: [u8; 4],
        /// Label and what its digest is over.
        parts: Vec<([u8; 4], Coverage)>,
    },
    /// Parts of a package, each with a digest of its own inside the envelope. Their digests are computed where they are decoded,
    /// once for all signatures of the package; whether a signature lists them, and with which digest, is asked afterwards.
    Parts(Arc<[Part]>),
}

/// One part of a package, as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Its name, from the root: `/extension.vsixmanifest`.
    pub name: String,
    /// Its content type, as the package states it.
    pub content_type: Option<String>,
    /// Digests of its decoded content by every algorithm that a signature of the package names; empty where it cannot be
    /// decoded.
    pub digests: Digests,
    /// Its content, where it is XML and short enough to be transformed.
    pub document: Option<Vec<u8>>,
    /// It is code by its name or content.
    pub executable: bool,
    /// It belongs to the signatures of the package themselves, which cannot list it.
    pub infrastructure: bool,
}

impl Covers {
    /// What the first of its digests is over.
    pub fn first(&self) -> Option<&Coverage> {
        self.coverages().next()
    }

    /// What its digests are over, in order.
    pub fn coverages(&self) -> impl Iterator<Item = &Coverage> {
        let (one, parts) = match self {
            Self::Itself | Self::Parts(_) | Self::Uncomputed(_) => (None, &[][..]),
            Self::One(coverage) => (Some(coverage), &[][..]),
            Self::Labelled { parts, .. } => (None, &parts[..]),
        };
        one.into_iter().chain(parts.iter().map(|(_, c)| c))
    }
}

/// Another reading of what a signature covers.
#[derive(Debug, Clone)]
pub struct Alternative {
    /// What its digest is over.
    pub coverage: Coverage,
    /// Raised where this reading is the one that matches.
    pub finding: Finding,
}

/// A digest that a container states by itself, made with the algorithm of the signature or of one nested in it.
#[derive(Debug, Clone)]
pub struct SideDigest {
    /// What it is over.
    pub coverage: Coverage,
    /// Its value as stored.
    pub stated: Vec<u8>,
    /// Raised where no algorithm of the signatures gives this value.
    pub finding: Finding,
}

/// Which bytes a signature's digest is over.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Coverage {
    /// Hashed in this order.
    pub pieces: Vec<Piece>,
    /// How pages are cut, for signatures that carry page hashes.
    pub pages: Option<PageLayout>,
}

impl Coverage {
    /// Spans of the file, in this order.
    pub fn spans(spans: impl IntoIterator<Item = Span>) -> Self {
        Self {
            pieces: spans.into_iter().map(Piece::Span).collect(),
            pages: None,
        }
    }

    /// Bytes that a format derived from the file.
    pub fn bytes(bytes: Vec<u8>) -> Self {
        Self {
            pieces: vec![Piece::Bytes(bytes)],
            pages: None,
        }
    }
}

/// A part of what a digest is over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// Bytes of the file as they stand there.
    Span(Span),
    /// Bytes that do not stand in the file like that: decompressed, re-encoded or corrected for the signature itself.
    Bytes(Vec<u8>),
    /// So many zero bytes.
    Zeros(u64),
}

/// How a PE image is cut into pages for page hashes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageLayout {
    /// Bytes a page: the architecture's, not SectionAlignment.
    pub page_size: u32,
    /// What is hashed of the header page, with the zeros that complete it.
    pub header: Vec<Piece>,
    /// Raw data of every section that has any, in header order.
    pub sections: Vec<Span>,
}
