//! The parts of a package: lead, signature header, header, payload.

use crate::base::blob::ReadAt;
use crate::format::Error;
use crate::format::rpm::findings::RPM_MALFORMED;
use crate::format::rpm::header::Header;
use crate::model::extract::Span;

/// The mark of the lead.
pub(super) const MAGIC: &[u8] = &[0xed, 0xab, 0xee, 0xdb];

const LEAD_LEN: u64 = 96;

/// The parts, read up to the payload.
#[derive(Debug)]
pub(super) struct Layout {
    /// The lead says that it is a source package.
    pub(super) source: bool,
    /// Signatures and digests.
    pub(super) signature: Header,
    /// Everything else.
    pub(super) header: Header,
    /// Where the payload stands: to the end of the file.
    pub(super) payload: Span,
}

impl Layout {
    pub(super) fn read(blob: &dyn ReadAt) -> Result<Self, Error> {
        let bad = |message: &str| Error::malformed(&RPM_MALFORMED, 0, message);
        if blob.size() < LEAD_LEN {
            return Err(bad("the file ends inside the lead"));
        }
        let lead = blob.read_range(0..LEAD_LEN).map_err(Error::read(0))?;
        if !lead.starts_with(MAGIC) {
            return Err(bad("there is no lead"));
        }
        let signature = Header::read(blob, LEAD_LEN)?;
        let start = signature.span.end.next_multiple_of(8);
        let header = Header::read(blob, start)?;
        Ok(Self {
            source: lead.get(6..8) == Some(&[0, 1]),
            payload: header.span.end..blob.size(),
            signature,
            header,
        })
    }
}
