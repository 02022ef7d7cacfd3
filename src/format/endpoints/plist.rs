//! Binary property lists: their strings have no end mark, so the objects are read, not the bytes.

use super::collect::Collector;
use super::url;
use crate::base::blob::ReadAt;
use crate::format::config;
use crate::model::endpoint::Encoding;

/// Scans a binary property list; `false` where the file is none.
pub(super) fn scan(blob: &dyn ReadAt, out: &mut Collector<'_>) -> Result<bool, String> {
    let mut magic = [0; 8];
    if blob.read_exact_at(0, &mut magic).is_err() || &magic != b"bplist00" {
        return Ok(false);
    }
    if blob.size() > config::MAX_FILE {
        return Err(format!(
            "a property list larger than {} bytes",
            config::MAX_FILE
        ));
    }
    let bytes = blob.read_range(0..blob.size()).map_err(|e| e.to_string())?;
    let root = config::plist::read(&bytes).map_err(|e| e.to_string())?;
    root.each_scalar(&mut |text, span| {
        let Some(colon) = text.find("://") else {
            return;
        };
        if let Some(found) = url::around(text.as_bytes(), colon) {
            out.url(found, span.clone(), Encoding::Utf8);
        }
    });
    Ok(true)
}
