//! What stands in or around a signed message that no signature covers, or that a strict reader refuses.

use std::ops::Range;

/// What is out of form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AnomalyKind {
    /// Text before the message or the first block.
    TextBefore,
    /// Text between two blocks.
    TextBetween,
    /// Text after the last block.
    TextAfter,
    /// Another message after the first.
    SecondMessage,
    /// A header of the message or of armor that is not `Hash`: unsigned text.
    Header,
    /// No `Hash` header before the message, which readers of RFC 4880 take as MD5.
    HashHeaderMissing,
    /// A `Hash` header that names none of the hashes that the signatures use.
    HashHeaderMismatch,
    /// A line of the message that begins with a hyphen and is not escaped.
    UnescapedHyphen,
    /// White space at the end of a line, which is not signed.
    TrailingWhiteSpace,
    /// Lines that end with CR LF; the signature holds over both forms.
    CarriageReturns,
    /// The checksum of armor is not that of its octets.
    ArmorChecksum,
    /// The last line of armor is missing or of another kind than the first.
    ArmorTail,
    /// A packet that is no signature among signatures.
    OtherPacket,
    /// A subpacket outside what the signature covers that says more than who issued it.
    UnhashedSubpacket,
    /// The issuer named outside what the signature covers is another than the one it covers, or than the key that made it.
    IssuerHint,
    /// A number with a bit count that is not its own.
    IntegerLength,
}

impl AnomalyKind {
    /// The word used in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::TextBefore => "text-before",
            Self::TextBetween => "text-between",
            Self::TextAfter => "text-after",
            Self::SecondMessage => "second-message",
            Self::Header => "header",
            Self::HashHeaderMissing => "hash-header-missing",
            Self::HashHeaderMismatch => "hash-header-mismatch",
            Self::UnescapedHyphen => "unescaped-hyphen",
            Self::TrailingWhiteSpace => "trailing-white-space",
            Self::CarriageReturns => "carriage-returns",
            Self::ArmorChecksum => "armor-checksum",
            Self::ArmorTail => "armor-tail",
            Self::OtherPacket => "other-packet",
            Self::UnhashedSubpacket => "unhashed-subpacket",
            Self::IssuerHint => "issuer-hint",
            Self::IntegerLength => "integer-length",
        }
    }
}

/// Something out of form, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Anomaly {
    /// What.
    pub kind: AnomalyKind,
    /// Where in the bytes that were given; of what came out of armor, the block it stands in.
    pub span: Range<usize>,
}

impl Anomaly {
    pub(crate) fn new(kind: AnomalyKind, span: Range<usize>) -> Self {
        Self { kind, span }
    }
}
