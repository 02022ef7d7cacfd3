//! The tables of an NSIS header, and what its instructions extract.

use std::collections::BTreeSet;

use crate::format::fields::Fields;
use crate::format::overlay::nsis::strings::Strings;

/// Blocks of the header: entries, strings and the one behind, of eight.
const BLOCKS: usize = 8;
const ENTRIES: usize = 2;
const STRINGS: usize = 3;
/// An instruction with its six parameters.
const ENTRY_LEN: usize = 28;

/// Instructions that matter, by their number in NSIS 2 and 3.
const CREATE_DIR: u32 = 11;
const EXTRACT_FILE: u32 = 20;
const WRITE_UNINSTALLER: u32 = 62;

/// A file that the script writes.
#[derive(Debug)]
pub(super) struct File {
    pub(super) path: String,
    /// In the data, behind the header.
    pub(super) offset: u32,
    pub(super) uninstaller: bool,
}

/// The files, each piece of data once, by the first path it is written to, in order of the data.
pub(super) fn files(header: &[u8]) -> Option<Vec<File>> {
    let blocks = blocks(header)?;
    let (entries_at, entries_len) = *blocks.get(ENTRIES)?;
    let (strings_at, _) = *blocks.get(STRINGS)?;
    let strings_end = blocks
        .iter()
        .map(|(at, _)| *at)
        .filter(|at| *at > strings_at)
        .min()
        .unwrap_or(header.len());
    let strings = Strings::new(header.get(strings_at..strings_end.min(header.len()))?);
    let table = header.get(entries_at..)?;
    let table = table.get(..entries_len.checked_mul(ENTRY_LEN)?)?;
    let mut directory = "$INSTDIR".to_owned();
    let mut files = Vec::new();
    let mut seen = BTreeSet::new();
    for entry in table.chunks_exact(ENTRY_LEN) {
        let fields = &mut Fields::new(entry);
        let (kind, p) = (fields.u32()?, [fields.u32()?, fields.u32()?, fields.u32()?]);
        let [first, second, third] = p;
        match kind {
            // SetOutPath is CreateDirectory with a mark.
            CREATE_DIR if second != 0 => directory = strings.text(first)?,
            EXTRACT_FILE if seen.insert(third) => files.push(File {
                path: path(&directory, &strings.text(second)?),
                offset: third,
                uninstaller: false,
            }),
            WRITE_UNINSTALLER if strings.is_start(first) && seen.insert(second) => {
                files.push(File {
                    path: path("$INSTDIR", &strings.text(first)?),
                    offset: second,
                    uninstaller: true,
                });
            }
            _ => {}
        }
    }
    files.sort_by_key(|file| file.offset);
    Some(files)
}

/// Offset and number of each block. Installers of 64 bits write offsets of 64.
fn blocks(header: &[u8]) -> Option<Vec<(usize, usize)>> {
    let wide = |at: usize| Fields::starting(header, at).u32();
    let is_wide = (0..BLOCKS).all(|block| {
        let at = block.saturating_mul(12).saturating_add(8);
        wide(at) == Some(0)
    });
    let fields = &mut Fields::starting(header, 4);
    let mut blocks = Vec::new();
    for _ in 0..BLOCKS {
        let at = if is_wide {
            usize::try_from(fields.u64()?).ok()?
        } else {
            usize::try_from(fields.u32()?).ok()?
        };
        blocks.push((at, usize::try_from(fields.u32()?).ok()?));
    }
    Some(blocks)
}

/// A name is relative to the output directory unless it starts with a variable or a drive.
fn path(directory: &str, name: &str) -> String {
    let absolute = name.starts_with('$') || name.starts_with('\\') || name.get(1..2) == Some(":");
    let path = if absolute {
        name.to_owned()
    } else {
        format!("{directory}\\{name}")
    };
    path.replace('\\', "/")
}
