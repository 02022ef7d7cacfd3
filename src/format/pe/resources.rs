//! The resource directory: three levels of type, name and language (PE format, section 6.9).

use crate::base::blob::ReadAt;
use crate::format::overlay::{Id, Resource};
use crate::format::pe::layout::{Layout, u16_at, u32_at};
use crate::model::extract::Span;

/// Entries looked at in one resource directory; the largest real ones have some hundred.
const MAX_ENTRIES: usize = 4096;
/// Resources of one image that are looked at as possible payloads; images with more keep pictures in them.
pub(super) const MAX_RESOURCES: usize = 4096;
/// Units of a resource's name, which real ones keep far under.
const MAX_NAME: usize = 256;
/// The high bit of an entry's offset says that it leads to a further directory, and of its name that it is a string.
const HIGH: u32 = 1 << 31;

const RT_RCDATA: u32 = 10;
const RT_HTML: u32 = 23;
/// Types below are Windows' own: pictures, dialogs, texts.
const FIRST_PRIVATE: u32 = 256;

pub(super) const UNREADABLE: &str = "the resource directory cannot be read";

#[derive(Clone)]
pub(super) struct Directory<'a> {
    blob: &'a dyn ReadAt,
    root: Span,
}

/// Where the data of a resource is.
pub(super) struct Leaf {
    pub(super) rva: u32,
    pub(super) size: u32,
}

impl<'a> Directory<'a> {
    /// `None` where the image has none.
    pub(super) fn of(blob: &'a dyn ReadAt, layout: &Layout) -> Result<Option<Self>, &'static str> {
        let Some(directory) = layout.resources.filter(|d| d.address != 0 && d.size != 0) else {
            return Ok(None);
        };
        let root = layout
            .file_range(directory.address)
            .ok_or("the resource directory lies outside the file's sections")?;
        Ok(Some(Self { blob, root }))
    }

    /// The entries of the directory at `offset`: identifier or name, and offset.
    pub(super) fn entries(&self, offset: u32) -> Result<Vec<(u32, u32)>, &'static str> {
        let header = self.within(offset, 16)?;
        let count = |at| usize::from(u16_at(&header, at).unwrap_or(0));
        let count = count(12).saturating_add(count(14));
        if count > MAX_ENTRIES {
            return Err("a resource directory has over 4,096 entries");
        }
        let table = self.within(offset.saturating_add(16), count.saturating_mul(8))?;
        let (entries, _) = table.as_chunks::<8>();
        Ok(entries
            .iter()
            .filter_map(|e| Some((u32_at(e, 0)?, u32_at(e, 4)?)))
            .collect())
    }

    pub(super) fn leaf(&self, offset: u32) -> Result<Leaf, &'static str> {
        let data = self.within(offset, 8)?;
        Ok(Leaf {
            rva: u32_at(&data, 0).ok_or(UNREADABLE)?,
            size: u32_at(&data, 4).ok_or(UNREADABLE)?,
        })
    }

    fn id(&self, id: u32) -> Id {
        if id & HIGH == 0 {
            return Id::Number(id);
        }
        let at = id & !HIGH;
        let len = self.within(at, 2).ok().and_then(|len| u16_at(&len, 0));
        let len = len.map_or(0, usize::from).min(MAX_NAME);
        let units = self.within(at.saturating_add(2), len.saturating_mul(2));
        let units = units.unwrap_or_default();
        let (units, _) = units.as_chunks::<2>();
        let units: Vec<u16> = units.iter().map(|unit| u16::from_le_bytes(*unit)).collect();
        Id::Name(String::from_utf16_lossy(&units))
    }

    fn within(&self, offset: u32, len: usize) -> Result<Vec<u8>, &'static str> {
        let start = self.root.start.saturating_add(u64::from(offset));
        let end = u64::try_from(len).map_or(u64::MAX, |len| start.saturating_add(len));
        if end > self.root.end {
            return Err("the resource directory reaches outside its section");
        }
        self.blob.read_range(start..end).map_err(|_| UNREADABLE)
    }
}

pub(super) fn subdirectory(offset: u32) -> Result<u32, &'static str> {
    if offset & HIGH == 0 {
        return Err("the resource directory is not three levels deep");
    }
    Ok(offset & !HIGH)
}

/// Resources of the types that programs keep files in, and why the list is not whole, if it is not.
pub(super) fn payloads(
    blob: &dyn ReadAt,
    layout: &Layout,
) -> (Vec<Resource>, Option<&'static str>) {
    let mut found = Vec::new();
    let why = collect(blob, layout, &mut found).err();
    (found, why)
}

fn collect(
    blob: &dyn ReadAt,
    layout: &Layout,
    found: &mut Vec<Resource>,
) -> Result<(), &'static str> {
    let Some(directory) = Directory::of(blob, layout)? else {
        return Ok(());
    };
    let mut looked = 0usize;
    for (kind, names) in directory.entries(0)? {
        let private = kind & HIGH != 0 || kind >= FIRST_PRIVATE;
        if !private && kind != RT_RCDATA && kind != RT_HTML {
            continue;
        }
        let kind = directory.id(kind);
        for (name, languages) in directory.entries(subdirectory(names)?)? {
            let name = directory.id(name);
            for (_, leaf) in directory.entries(subdirectory(languages)?)? {
                looked = looked.saturating_add(1);
                if looked > MAX_RESOURCES {
                    return Err("it has over 4,096 resources");
                }
                let leaf = directory.leaf(leaf)?;
                let Some(at) = layout.file_range(leaf.rva) else {
                    continue;
                };
                let end = at.start.saturating_add(u64::from(leaf.size)).min(at.end);
                found.push(Resource {
                    kind: kind.clone(),
                    name: name.clone(),
                    span: at.start..end.min(blob.size()).max(at.start),
                });
            }
            // Empty directories count as well: their number is the input's to choose.
            looked = looked.saturating_add(1);
        }
    }
    Ok(())
}
