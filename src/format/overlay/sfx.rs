//! Self-extracting archives: an archive behind a stub that unpacks it.

use std::io;

use crate::base::blob::Slice;
use crate::base::budget::Budget;
use crate::format::coding::sum;
use crate::format::fields::Fields;
use crate::format::overlay::joined::Listed;
use crate::format::overlay::{Image, MAX_SEARCH, Mark, Overlay, entry, magic};
use crate::format::sevenz::SIGNATURE;
use crate::format::zip;
use crate::format::{Content, Error, Format, Inside};
use crate::model::extract::Span;

/// 7z behind a stub and a configuration text.
pub(super) struct SevenZ;

/// The end of a zip (APPNOTE 4.3.16) with the longest comment.
const ZIP_TAIL: u64 = 22 + 65_535;
const ZIP_END: &[u8] = b"PK\x05\x06";

impl Overlay for SevenZ {
    fn find(&self, image: &Image<'_>) -> io::Result<Option<Mark>> {
        for overlay in &image.overlays {
            let data = image.head(overlay, MAX_SEARCH)?;
            let found = data
                .windows(SIGNATURE.len())
                .enumerate()
                .filter(|(_, window)| *window == SIGNATURE)
                .find_map(|(at, _)| archive(&data, at, overlay));
            if let Some(span) = found {
                return Ok(Some(Mark {
                    name: "self-extracting 7z archive".into(),
                    at: span.start,
                    end: span.end,
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
        stored(mark, "7z", budget)
    }
}

/// The archive whose signature header stands at `at` of `data`; its own checksum tells it from a signature met by chance.
fn archive(data: &[u8], at: usize, overlay: &Span) -> Option<Span> {
    let fields = &mut Fields::starting(data, at);
    fields.take(8)?;
    let crc = fields.u32()?;
    let place = fields.take(20)?;
    if sum(place) != crc {
        return None;
    }
    let place = &mut Fields::new(place);
    let len = place.u64()?.checked_add(place.u64()?)?.checked_add(32)?;
    let start = overlay.start.checked_add(u64::try_from(at).ok()?)?;
    Some(start..start.checked_add(len)?.min(overlay.end))
}

/// Zip behind a stub; its end says whether offsets count from the stub's start.
pub(super) struct Zip;

impl Overlay for Zip {
    fn find(&self, image: &Image<'_>) -> io::Result<Option<Mark>> {
        for overlay in &image.overlays {
            if directory(image, overlay)?.is_some() {
                return Ok(Some(Mark {
                    name: "self-extracting zip archive".into(),
                    at: overlay.start,
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
        let directory = directory(image, &(mark.at..mark.end)).map_err(Error::read(mark.at))?;
        if directory.is_none_or(|(found, stated)| found != stated) {
            return stored(mark, "zip", budget);
        }
        // Offsets that count from the start of the file need the file from its start.
        let whole = Slice::new(image.blob, 0..mark.end).map_err(Error::read(mark.at))?;
        match zip::Zip.open(&whole, budget)? {
            Some(inside) => Ok(inside),
            None => stored(mark, "zip", budget),
        }
    }
}

/// Where the central directory of a zip that ends an overlay is, and where its end says it is.
fn directory(image: &Image<'_>, overlay: &Span) -> io::Result<Option<(u64, u64)>> {
    let start = overlay.end.saturating_sub(ZIP_TAIL).max(overlay.start);
    let tail = image.blob.read_range(start..overlay.end)?;
    let ends = tail.windows(ZIP_END.len()).enumerate().rev();
    for (at, _) in ends.filter(|(_, window)| *window == ZIP_END) {
        let fields = &mut Fields::starting(&tail, at);
        let read = || {
            fields.take(12)?;
            let (size, stated) = (u64::from(fields.u32()?), u64::from(fields.u32()?));
            let comment = u64::from(fields.u16()?);
            let end = start.checked_add(u64::try_from(at).ok()?)?;
            let whole = end.checked_add(22)?.checked_add(comment)? <= overlay.end;
            let found = end.checked_sub(size)?;
            (whole && found >= overlay.start).then_some((found, stated))
        };
        let Some((found, stated)) = { read }() else {
            continue;
        };
        let entry = image.blob.read_range(found..found.saturating_add(4))?;
        if entry == b"PK\x01\x02" {
            return Ok(Some((found, stated)));
        }
    }
    Ok(None)
}

/// An archive that starts where the image ends: zip, cab, 7z, or the database of an MSI.
pub(super) struct Archive;

impl Overlay for Archive {
    fn find(&self, image: &Image<'_>) -> io::Result<Option<Mark>> {
        for overlay in &image.overlays {
            let Some(kind) = magic::at(image.blob, overlay)? else {
                continue;
            };
            return Ok(Some(Mark {
                name: format!("with {} behind the image", article(kind)),
                at: overlay.start,
                end: overlay.end,
            }));
        }
        Ok(None)
    }

    fn open(
        &self,
        image: &Image<'_>,
        mark: &Mark,
        budget: &Budget<'_>,
    ) -> Result<Box<dyn Inside>, Error> {
        let kind = magic::at(image.blob, &(mark.at..mark.end)).map_err(Error::read(mark.at))?;
        stored(mark, kind.unwrap_or("bin"), budget)
    }
}

fn article(kind: &str) -> &'static str {
    match kind {
        "zip" => "a zip archive",
        "cab" => "a cabinet",
        "msi" => "an MSI package",
        "7z" => "a 7z archive",
        _ => "an executable",
    }
}

fn stored(mark: &Mark, ending: &str, budget: &Budget<'_>) -> Result<Box<dyn Inside>, Error> {
    budget.spend_members(1)?;
    let size = mark.end.saturating_sub(mark.at);
    let path = format!("[overlay].{ending}");
    let entry = entry(&path, Some(size), Content::Stored(mark.at..mark.end));
    Ok(Box::new(Listed::new(vec![entry])))
}
