//! NSIS installers, versions 2 and 3, ANSI and Unicode, compressed whole or file by file.
//!
//! Specification: `fileform.h` of the Nullsoft Scriptable Install System, whose structures these are. The script is read as a
//! list of instructions for what it extracts where; it is not run, so a path that depends on a run keeps its variable.

mod bunzip;
mod decode;
mod header;
mod inflate;
mod strings;

use std::io;

use crate::base::budget::Budget;
use crate::format::fields::Fields;
use crate::format::overlay::findings::INSTALLER_HEADER;
use crate::format::overlay::{Image, MAX_HEADER, MAX_SEARCH, Mark, Overlay};
use crate::format::{Content, Entry, Error, Inside, Kind};
use decode::{Member, Members, Packing};

/// FH_SIG and "NullsoftInst", behind the flags of the first header.
const SIGNATURE: &[u8] = b"\xef\xbe\xad\xdeNullsoftInst";
/// Flags, signature, length of the header, length of everything.
const FIRST_HEADER: u64 = 28;

pub(super) struct Nsis;

impl Overlay for Nsis {
    fn find(&self, image: &Image<'_>) -> io::Result<Option<Mark>> {
        for overlay in &image.overlays {
            let data = image.head(overlay, MAX_SEARCH)?;
            let found = data
                .windows(SIGNATURE.len())
                .position(|window| window == SIGNATURE)
                .and_then(|at| u64::try_from(at).ok()?.checked_sub(4));
            if let Some(at) = found {
                return Ok(Some(Mark {
                    name: "NSIS installer".into(),
                    at: overlay.start.saturating_add(at),
                    end: overlay.end,
                }));
            }
        }
        Ok(None)
    }

    fn open(
        &self,
        image: &Image<'_>,
        mark: &Mark,
        budget: &Budget<'_>,
    ) -> Result<Box<dyn Inside>, Error> {
        let malformed = |message: &str| Error::malformed(&INSTALLER_HEADER, mark.at, message);
        let first = image
            .head(&(mark.at..mark.end), FIRST_HEADER)
            .map_err(Error::read(mark.at))?;
        let fields = &mut Fields::starting(&first, 20);
        let (Some(header_len), Some(all)) = (fields.u32(), fields.u32()) else {
            return Err(malformed("the first header is cut off"));
        };
        if u64::from(header_len) > MAX_HEADER {
            return Err(malformed("the header is over 32 MiB"));
        }
        let start = mark.at.saturating_add(FIRST_HEADER);
        let end = mark.at.saturating_add(u64::from(all)).min(mark.end);
        let data = start..end.max(start);
        let packing = Packing::detect(image.blob, &data, header_len).map_err(Error::read(start))?;
        let (bytes, files) = packing.header(image.blob, &data, header_len, budget)?;
        let listed =
            header::files(&bytes).ok_or_else(|| malformed("the header's tables break off"))?;
        budget.spend_members(u64::try_from(listed.len()).unwrap_or(u64::MAX))?;
        let mut entries = Vec::new();
        let mut members = Vec::new();
        for (index, file) in listed.into_iter().enumerate() {
            let member = if file.uninstaller {
                Err("put together from the installer itself when it runs".to_owned())
            } else {
                packing.member(image.blob, &data, files, file.offset, index)
            };
            let (size, content) = match member {
                Ok(Member::Stored(span)) => (
                    Some(span.end.saturating_sub(span.start)),
                    Content::Stored(span),
                ),
                Ok(Member::Coded(place)) => {
                    members.push(place);
                    (None, Content::Coded)
                }
                Err(why) => (None, Content::Unreadable(why)),
            };
            entries.push(Entry {
                path: file.path,
                size,
                kind: Kind::File,
                content,
            });
        }
        Ok(Box::new(Members::new(entries, members, packing, data)))
    }
}
