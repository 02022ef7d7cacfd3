//! DigSigBlob and DigSigInfoSerialized ([MS-OSHARED] sections 2.3.2.1 and 2.3.2.2): where in a stored signature the CMS stands.

use std::ops::Range;

use crate::base::der::tag;
use crate::format::cfb::u32_at;

/// Bytes of DigSigBlob before signatureInfo, from whose start its offsets count even where the part starts without it.
const WRAPPER: usize = 8;

/// Where the CMS stands in `stored`, which is a DigSigBlob or only its signatureInfo.
pub(in crate::format) fn signature(stored: &[u8]) -> Option<Range<usize>> {
    let wrapped = u32_at(stored, 4)? == 8;
    let info = if wrapped { WRAPPER } else { 0 };
    let len = usize::try_from(u32_at(stored, info)?).ok()?;
    let offset = usize::try_from(u32_at(stored, info.checked_add(4)?)?).ok()?;
    // Without its wrapper a part can count from its own start or from where the wrapper would be.
    let starts = [Some(offset), offset.checked_sub(WRAPPER)];
    let starts = starts.iter().take(if wrapped { 1 } else { 2 });
    starts.copied().flatten().find_map(|start| {
        let range = start..start.checked_add(len)?;
        let signature = stored.get(range.clone())?;
        (signature.first() == Some(&tag::SEQUENCE)).then_some(range)
    })
}
