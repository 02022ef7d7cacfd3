//! Installers that are recognised and not opened: each is a gap with its name.

use std::io;

use crate::base::budget::Budget;
use crate::format::overlay::joined::Listed;
use crate::format::overlay::{Image, Mark, Overlay, entry};
use crate::format::{Content, Error, Inside};

/// Marks at the start of the data behind the image.
const HEADS: &[(&[u8], &str)] = &[
    (b"InstallShield\0", "InstallShield installer"),
    (b"ISSetupStream\0", "InstallShield installer"),
    (b"Rar!\x1a\x07", "self-extracting RAR archive"),
    (
        b"\xa3\x48\x4b\xbe\x98\x6c\x4a\xa9\x99\x4c\x53\x0a\x86\xd6\x48\x7d",
        "AutoIt script",
    ),
];
/// Marks in its last bytes.
const TAILS: &[(&[u8], &str)] = &[
    (b"ADVINSTSFX", "Advanced Installer bootstrapper"),
    (b"MEI\x0c\x0b\x0a\x0b\x0e", "PyInstaller program"),
];
const HEAD: u64 = 64;
/// The tables at the end that hold these marks are shorter.
const TAIL: u64 = 4096;

pub(super) struct Foreign;

impl Overlay for Foreign {
    fn find(&self, image: &Image<'_>) -> io::Result<Option<Mark>> {
        for overlay in &image.overlays {
            let head = image.head(overlay, HEAD)?;
            let start = overlay.end.saturating_sub(TAIL).max(overlay.start);
            let tail = image.blob.read_range(start..overlay.end)?;
            let by_head = HEADS.iter().find(|(mark, _)| head.starts_with(mark));
            let by_tail = || {
                TAILS
                    .iter()
                    .find(|(mark, _)| tail.windows(mark.len()).any(|window| window == *mark))
            };
            if let Some((_, name)) = by_head.or_else(by_tail) {
                return Ok(Some(Mark {
                    name: (*name).into(),
                    at: overlay.start,
                    end: overlay.end,
                }));
            }
        }
        Ok(None)
    }

    fn open(
        &self,
        _: &Image<'_>,
        mark: &Mark,
        budget: &Budget<'_>,
    ) -> Result<Box<dyn Inside>, Error> {
        budget.spend_members(1)?;
        let why = format!("{}: not opened", mark.name);
        Ok(Box::new(Listed::new(vec![entry(
            "[overlay]",
            Some(mark.end.saturating_sub(mark.at)),
            Content::Unreadable(why),
        )])))
    }
}
