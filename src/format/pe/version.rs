//! The strings of the version resource (VS_VERSIONINFO): what the file says of itself. Nothing is checked here, and nothing
//! that is odd here is more than a gap.

use crate::base::blob::ReadAt;
use crate::format::pe::layout::{Layout, u16_at};
use crate::format::pe::resources::{Directory, Leaf, UNREADABLE, subdirectory};
use crate::model::extract::{Claimed, Extract, Gap};

/// Real version resources are under 2 KB.
pub(super) const MAX_RESOURCE: u64 = 64 << 10;
/// Real ones have about a dozen strings a language.
pub(super) const MAX_STRINGS: u64 = 128;
/// Version resources read: one a language.
const MAX_LANGUAGES: usize = 8;

const RT_VERSION: u32 = 16;

/// Fills `claimed`, or a gap where the resource cannot be read.
pub(super) fn read(blob: &dyn ReadAt, layout: &Layout, out: &mut Extract) {
    match strings(blob, layout) {
        Ok(claimed) => out.claimed = claimed,
        Err(why) => out.gaps.push(Gap {
            what: "version information".into(),
            why: why.into(),
        }),
    }
}

fn strings(blob: &dyn ReadAt, layout: &Layout) -> Result<Vec<Claimed>, &'static str> {
    let mut claimed = Vec::new();
    for resource in version_resources(blob, layout)? {
        let at = layout
            .file_range(resource.rva)
            .ok_or("the version resource lies outside the file's sections")?;
        let size = u64::from(resource.size);
        if size > MAX_RESOURCE {
            return Err("the version resource is over 64 KiB");
        }
        let end = at.start.saturating_add(size).min(at.end);
        let data = blob.read_range(at.start..end).map_err(|_| UNREADABLE)?;
        collect(&data, at.start, &mut claimed)?;
    }
    Ok(claimed)
}

/// Walks the three levels of the resource directory: type, name, language.
fn version_resources(blob: &dyn ReadAt, layout: &Layout) -> Result<Vec<Leaf>, &'static str> {
    let Some(directory) = Directory::of(blob, layout)? else {
        return Ok(Vec::new());
    };
    let types = directory.entries(0)?;
    let Some((_, names)) = types.iter().find(|(id, _)| *id == RT_VERSION) else {
        return Ok(Vec::new());
    };
    let mut found = Vec::new();
    for (_, languages) in directory.entries(subdirectory(*names)?)? {
        for (_, leaf) in directory.entries(subdirectory(languages)?)? {
            found.push(directory.leaf(leaf)?);
            if found.len() >= MAX_LANGUAGES {
                return Ok(found);
            }
        }
    }
    Ok(found)
}

/// VS_VERSIONINFO → StringFileInfo → StringTable → String: four nested blocks of one shape.
fn collect(data: &[u8], at: u64, claimed: &mut Vec<Claimed>) -> Result<(), &'static str> {
    let version = Block::read(data, 0, data.len())
        .filter(|block| block.key == "VS_VERSION_INFO")
        .ok_or("the version resource is malformed")?;
    let tables = version
        .children(data)
        .filter(|block| block.key == "StringFileInfo")
        .flat_map(|info| info.children(data))
        .flat_map(|table| table.children(data));
    for string in tables {
        let (value, len) = utf16(data.get(string.value..string.end).unwrap_or_default());
        let start = at.saturating_add(u64::try_from(string.value).unwrap_or(0));
        let entry = Claimed {
            key: string.key,
            value,
            span: start..start.saturating_add(len),
        };
        if claimed
            .iter()
            .any(|c| c.key == entry.key && c.value == entry.value)
        {
            continue;
        }
        if claimed.len() >= usize::try_from(MAX_STRINGS).unwrap_or(usize::MAX) {
            return Err("the version resource has over 128 strings");
        }
        claimed.push(entry);
    }
    Ok(())
}

/// `{u16 length, u16 value length, u16 type, key, padding, value, padding, children}`, aligned to four bytes.
struct Block {
    key: String,
    /// Where the value starts.
    value: usize,
    /// Where children start.
    rest: usize,
    end: usize,
}

impl Block {
    fn read(data: &[u8], at: usize, limit: usize) -> Option<Self> {
        let length = usize::from(u16_at(data, at)?);
        let value_len = usize::from(u16_at(data, at.checked_add(2)?)?);
        let text = u16_at(data, at.checked_add(4)?)? == 1;
        let key_at = at.checked_add(6)?;
        let end = at.checked_add(length)?.min(limit);
        let (key, key_len) = utf16(data.get(key_at..end)?);
        let key_len = usize::try_from(key_len).ok()?;
        let value = key_at
            .checked_add(key_len)?
            .checked_add(2)?
            .next_multiple_of(4);
        // The length of a text counts characters.
        let value_len = if text {
            value_len.checked_mul(2)?
        } else {
            value_len
        };
        let rest = value.checked_add(value_len)?.next_multiple_of(4);
        Some(Self {
            key,
            value,
            rest,
            end,
        })
    }

    fn children<'d>(&self, data: &'d [u8]) -> impl Iterator<Item = Self> + use<'d> {
        let (mut at, end) = (self.rest, self.end);
        std::iter::from_fn(move || {
            let child = (at < end).then(|| Self::read(data, at, end)).flatten()?;
            // A block holds at least its own header, so this moves on.
            at = child.end.max(at.checked_add(6)?).next_multiple_of(4);
            Some(child)
        })
    }
}

/// UTF-16LE up to a NUL or the end, and how many bytes that are.
fn utf16(bytes: &[u8]) -> (String, u64) {
    let (units, _) = bytes.as_chunks::<2>();
    let units: Vec<u16> = units
        .iter()
        .map(|u| u16::from_le_bytes(*u))
        .take_while(|u| *u != 0)
        .collect();
    let len = u64::try_from(units.len()).unwrap_or(0).saturating_mul(2);
    (String::from_utf16_lossy(&units), len)
}

#[cfg(test)]
pub(super) mod tests {
    use crate::base::budget::{Budget, Limits, Stopped};
    use crate::format::Format;
    use crate::format::pe::Pe;
    use crate::format::pe::testing::{Image, put16, put32};
    use crate::model::extract::Extract;

    /// A block of VS_VERSIONINFO.
    fn block(key: &str, value: &[u8], text: bool, children: &[Vec<u8>]) -> Vec<u8> {
        let mut out = vec![0; 6];
        let units: Vec<u16> = key.encode_utf16().chain([0]).collect();
        out.extend(units.iter().flat_map(|u| u.to_le_bytes()));
        out.resize(out.len().next_multiple_of(4), 0);
        out.extend_from_slice(value);
        for child in children {
            out.resize(out.len().next_multiple_of(4), 0);
            out.extend_from_slice(child);
        }
        let len = out.len() as u16;
        put16(&mut out, 0, len);
        let units = if text { value.len() / 2 } else { value.len() };
        put16(&mut out, 2, units as u16);
        put16(&mut out, 4, u16::from(text));
        out
    }

    fn version_info(strings: &[(&str, &str)]) -> Vec<u8> {
        let strings: Vec<Vec<u8>> = strings
            .iter()
            .map(|(key, value)| {
                let value: Vec<u8> = value
                    .encode_utf16()
                    .chain([0])
                    .flat_map(u16::to_le_bytes)
                    .collect();
                block(key, &value, true, &[])
            })
            .collect();
        let table = block("040904b0", &[], true, &strings);
        let info = block("StringFileInfo", &[], true, &[table]);
        block("VS_VERSION_INFO", &[0; 52], false, &[info])
    }

    /// A resource section at `rva` with one version resource.
    pub(in crate::format::pe) fn resources(strings: &[(&str, &str)], rva: u32) -> Vec<u8> {
        let version = version_info(strings);
        let mut out = vec![0; 88];
        for (at, id) in [(0, 16), (24, 1), (48, 0x409)] {
            put16(&mut out, at + 14, 1);
            put32(&mut out, at + 16, id);
        }
        put32(&mut out, 20, 24 | 1 << 31);
        put32(&mut out, 44, 48 | 1 << 31);
        put32(&mut out, 68, 72);
        put32(&mut out, 72, rva + 88);
        put32(&mut out, 76, version.len() as u32);
        out.extend(version);
        out
    }

    fn extract(section: Vec<u8>) -> Extract {
        let image = Image {
            sections: vec![section],
            resources: Some(0),
            ..Image::default()
        };
        Pe.extract(&image.build(), &Budget::start(Limits::default(), &Stopped))
            .unwrap()
    }

    #[test]
    fn strings_keep_the_files_own_keys_and_point_to_their_bytes() {
        let section = resources(
            &[
                ("CompanyName", "АО «Пример»"),
                ("ProductName", ""),
                ("X", "y\u{202e}"),
            ],
            0x1000,
        );
        let out = extract(section.clone());
        let told: Vec<_> = out
            .claimed
            .iter()
            .map(|c| (c.key.as_str(), c.value.as_str()))
            .collect();
        assert_eq!(
            told,
            [
                ("CompanyName", "АО «Пример»"),
                ("ProductName", ""),
                ("X", "y\u{202e}")
            ]
        );
        let span = &out.claimed[2].span;
        let at = (span.start - 512) as usize;
        assert_eq!(
            section[at..at + (span.end - span.start) as usize],
            [b'y', 0, 0x2e, 0x20]
        );
        assert!(out.gaps.is_empty());
    }

    #[test]
    fn odd_resources_are_a_gap_and_never_an_error() {
        let good = resources(&[("CompanyName", "Example")], 0x1000);
        let spoil: [fn(&mut Vec<u8>); 5] = [
            |s| put32(s, 20, 24),
            |s| put32(s, 44, 0x7fff_ffff | 1 << 31),
            |s| put32(s, 72, 0x00ff_ffff),
            |s| put32(s, 76, u32::MAX),
            |s| put16(s, 94, u16::from(b'X')),
        ];
        for spoil in spoil {
            let mut section = good.clone();
            spoil(&mut section);
            let out = extract(section);
            assert!(out.claimed.is_empty());
            assert_eq!(out.gaps.len(), 1);
        }
    }

    #[test]
    fn a_directory_that_leads_back_to_itself_ends() {
        let mut section = resources(&[("CompanyName", "Example")], 0x1000);
        put32(&mut section, 44, 1 << 31);
        assert!(extract(section).claimed.is_empty());
    }

    #[test]
    fn more_strings_than_allowed_are_a_gap() {
        let keys: Vec<String> = (0..200).map(|n| format!("k{n}")).collect();
        let strings: Vec<(&str, &str)> = keys.iter().map(|k| (k.as_str(), "v")).collect();
        let out = extract(resources(&strings, 0x1000));
        assert_eq!(out.gaps.len(), 1);
    }
}
