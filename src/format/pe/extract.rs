//! The attribute certificate table (PE format, section 4.8), and everything about it that a reader should know.

use crate::base::blob::ReadAt;
use crate::base::budget::Exceeded;
use crate::format::error::Error;
use crate::format::findings::{
    BAD_WINCERT_LENGTH, CERTIFICATE_TABLE_NOT_ALIGNED, CERTIFICATE_TABLE_OUT_OF_BOUNDS,
    CERTIFICATE_TABLE_OVERLAPS_HEADERS, DATA_AFTER_CERTIFICATE_TABLE, MULTIPLE_CERTIFICATE_ENTRIES,
    SIGNATURE_INSIDE_IMAGE, UNKNOWN_WINCERT_TYPE, WINCERT_EXCEEDS_TABLE, WINCERT_REVISION,
};
use crate::format::pe::coverage::coverage;
use crate::format::pe::layout::{Directory, Layout, Magic, u16_at, u32_at};
use crate::format::pe::padding::{self, Look};
use crate::format::pe::{orphan, version};
use crate::model::evidence::{Evidence, Source};
use crate::model::extract::{Extract, Gap, HeaderChecksum, Home, RawSignature, Span};
use crate::model::finding::{Finding, Status};
use crate::model::signature::Position;

/// The largest table seen on a signed file is 60 KB; installers that stuff data behind the signature reach a few megabytes.
pub(super) const MAX_TABLE: u64 = 16 << 20;
/// The most entries seen is two, on boot loaders.
pub(super) const MAX_ENTRIES: u64 = 32;
/// WIN_CERTIFICATE before bCertificate.
pub(super) const WINCERT_HEADER: u64 = 8;
const REVISION_2: u16 = 0x0200;
/// WIN_CERT_TYPE_PKCS_SIGNED_DATA.
pub(super) const PKCS_SIGNED_DATA: u16 = 2;

pub(super) fn extract(blob: &dyn ReadAt) -> Result<Extract, Error> {
    let layout = Layout::read(blob)?;
    let mut out = Extract {
        format: "pe",
        description: describe(&layout),
        home: Some(home(&layout)),
        checksum: layout.checksum.map(|field| HeaderChecksum {
            span: field.offset..field.offset.saturating_add(4),
            stored: field.value,
        }),
        ..Extract::default()
    };
    match layout.security.filter(|directory| directory.size > 0) {
        Some(directory) => certificate_table(blob, &layout, directory, &mut out)?,
        None => orphan::look(blob, &layout, &mut out)?,
    }
    version::read(blob, &layout, &mut out);
    Ok(out)
}

fn certificate_table(
    blob: &dyn ReadAt,
    layout: &Layout,
    directory: Directory,
    out: &mut Extract,
) -> Result<(), Error> {
    let table = locate(blob, layout, directory)?;
    let entries = entries(blob, &table)?;
    if !table.start.is_multiple_of(8) || !directory.size.is_multiple_of(8) {
        let message = format!(
            "the certificate table starts at {} and is {} bytes long",
            table.start, directory.size
        );
        out.findings.push(
            Finding::new(&CERTIFICATE_TABLE_NOT_ALIGNED, Status::Review, message)
                .with(bytes(&(directory.entry..directory.entry.saturating_add(8)))),
        );
    }
    if entries.len() > 1 {
        out.findings.push(several(&entries, out.home));
    }
    let faults: Vec<Finding> = inside_image(layout, &table)
        .into_iter()
        .chain(after_table(blob, &table, out)?)
        .collect();
    let coverage = coverage(layout, blob.size(), &table);
    for (entry, number) in entries.iter().zip(1u32..) {
        if entry.revision != REVISION_2 {
            let message = format!(
                "entry {number} has revision 0x{:04x} instead of 0x0200",
                entry.revision
            );
            out.findings.push(
                Finding::new(&WINCERT_REVISION, Status::Review, message).with(bytes(
                    &(entry.slot.start.saturating_add(4)..entry.slot.start.saturating_add(6)),
                )),
            );
        }
        if entry.kind != PKCS_SIGNED_DATA {
            not_authenticode(entry, number, out);
            continue;
        }
        let span = entry.contents();
        out.signatures.push(RawSignature {
            envelope: "cms",
            position: if out.signatures.is_empty() {
                Position::Primary
            } else {
                Position::ExtraEntry(number)
            },
            bytes: blob
                .read_range(span.clone())
                .map_err(Error::read(span.start))?,
            span,
            coverage: coverage.clone(),
            faults: faults.clone(),
        });
    }
    if out.signatures.is_empty() {
        // There is no signature for them to be faults of.
        out.findings.extend(faults);
    }
    Ok(())
}

/// The table's range, which must be inside the file and behind the headers.
fn locate(blob: &dyn ReadAt, layout: &Layout, directory: Directory) -> Result<Span, Error> {
    let start = u64::from(directory.address);
    let end = start.saturating_add(u64::from(directory.size));
    if end > blob.size() {
        let message = format!(
            "the certificate table at {start} ends at {end}, and the file at {}",
            blob.size()
        );
        return Err(Error::malformed(
            &CERTIFICATE_TABLE_OUT_OF_BOUNDS,
            directory.entry,
            message,
        ));
    }
    if start < layout.headers_end {
        let message = format!(
            "the certificate table starts at {start}, and the headers end at {}",
            layout.headers_end
        );
        return Err(Error::malformed(
            &CERTIFICATE_TABLE_OVERLAPS_HEADERS,
            directory.entry,
            message,
        ));
    }
    if u64::from(directory.size) > MAX_TABLE {
        return Err(Exceeded::Size(MAX_TABLE).into());
    }
    Ok(start..end)
}

/// One WIN_CERTIFICATE.
struct Entry {
    revision: u16,
    kind: u16,
    /// From its header to where the next entry starts.
    slot: Span,
}

impl Entry {
    /// bCertificate with the padding behind it.
    fn contents(&self) -> Span {
        self.slot.start.saturating_add(WINCERT_HEADER)..self.slot.end
    }
}

fn entries(blob: &dyn ReadAt, table: &Span) -> Result<Vec<Entry>, Error> {
    let mut entries = Vec::new();
    let mut at = table.start;
    while at < table.end {
        if entries.len() >= usize::try_from(MAX_ENTRIES).unwrap_or(usize::MAX) {
            return Err(Exceeded::Count {
                what: "certificate table entries",
                limit: entries.len(),
            }
            .into());
        }
        let entry = entry(blob, table, at)?;
        at = entry.slot.end;
        entries.push(entry);
    }
    Ok(entries)
}

fn entry(blob: &dyn ReadAt, table: &Span, at: u64) -> Result<Entry, Error> {
    let bad = |message: String| Error::malformed(&BAD_WINCERT_LENGTH, at, message);
    let header_end = at.saturating_add(WINCERT_HEADER);
    if header_end > table.end {
        return Err(bad("the certificate table is too short for an entry".into()));
    }
    let header = blob.read_range(at..header_end).map_err(Error::read(at))?;
    let length = u64::from(u32_at(&header, 0).unwrap_or(0));
    let end = at.saturating_add(length);
    if length <= WINCERT_HEADER {
        return Err(bad(format!("dwLength is {length}")));
    }
    if end > blob.size() {
        return Err(bad(format!(
            "dwLength is {length}, past the end of the file"
        )));
    }
    if end > table.end {
        let message = format!(
            "the entry ends at {end} and the certificate table at {}",
            table.end
        );
        return Err(Error::malformed(&WINCERT_EXCEEDS_TABLE, at, message));
    }
    // Entries are rounded up to eight bytes; fewer than eight that are left hold no further entry and belong to this slot.
    let next = at.saturating_add(length.next_multiple_of(8));
    let slot_end = if next.saturating_add(WINCERT_HEADER) > table.end {
        table.end
    } else {
        next
    };
    Ok(Entry {
        revision: u16_at(&header, 4).unwrap_or(0),
        kind: u16_at(&header, 6).unwrap_or(0),
        slot: at..slot_end,
    })
}

fn several(entries: &[Entry], home: Option<Home>) -> Finding {
    let (status, usual) = match home {
        Some(Home::Uefi) => (Status::Pass, ", as boot loaders have"),
        Some(Home::Windows | Home::Kernel) | None => (
            Status::Review,
            ", of which Windows does not define the one it takes",
        ),
    };
    let message = format!("the certificate table has {} entries{usual}", entries.len());
    entries.iter().fold(
        Finding::new(&MULTIPLE_CERTIFICATE_ENTRIES, status, message),
        |finding, entry| finding.with(bytes(&entry.slot)),
    )
}

fn not_authenticode(entry: &Entry, number: u32, out: &mut Extract) {
    let name = match entry.kind {
        1 => " (X.509)",
        3 => " (reserved)",
        4 => " (terminal server)",
        0x0ef0 => " (EFI PKCS #1 v1.5)",
        0x0ef1 => " (EFI GUID)",
        _ => "",
    };
    let message = format!(
        "entry {number} of the certificate table has type 0x{:04x}{name}",
        entry.kind
    );
    out.gaps.push(Gap {
        what: format!("certificate table entry {number}"),
        why: format!(
            "its type is 0x{:04x}{name}, not PKCS #7 signed data",
            entry.kind
        ),
    });
    out.findings.push(
        Finding::new(&UNKNOWN_WINCERT_TYPE, Status::Review, message).with(bytes(&entry.slot)),
    );
}

/// A table that does not follow all raw data hides bytes that Windows loads from the digest.
fn inside_image(layout: &Layout, table: &Span) -> Option<Finding> {
    let section = layout
        .sections
        .iter()
        .find(|section| section.raw.end > table.start)?;
    let message = format!(
        "the certificate table starts at {}, before the raw data of section {} ends at {}",
        table.start,
        section.name(),
        section.raw.end
    );
    Some(
        Finding::new(&SIGNATURE_INSIDE_IMAGE, Status::Fail, message)
            .with(bytes(table))
            .with(bytes(&section.raw)),
    )
}

fn after_table(
    blob: &dyn ReadAt,
    table: &Span,
    out: &mut Extract,
) -> Result<Option<Finding>, Error> {
    let rest = table.end..blob.size();
    if rest.is_empty() {
        return Ok(None);
    }
    let seen = rest.start..rest.end.min(rest.start.saturating_add(padding::LOOK));
    let look = Look::at(&blob.read_range(seen).map_err(Error::read(rest.start))?);
    let message = format!(
        "{} bytes at offset {} follow the certificate table: {}",
        rest.end.saturating_sub(rest.start),
        rest.start,
        look.description
    );
    out.findings.extend(look.polyglot(&rest));
    Ok(Some(
        Finding::new(&DATA_AFTER_CERTIFICATE_TABLE, Status::Fail, message).with(bytes(&rest)),
    ))
}

/// Evidence for a range of the file that no signature vouches for.
pub(super) fn bytes(span: &Span) -> Evidence {
    Evidence::bytes(
        Source::Embedded,
        span.start,
        span.end.saturating_sub(span.start),
    )
}

fn home(layout: &Layout) -> Home {
    match layout.subsystem {
        Some(10..=13) => Home::Uefi,
        _ => Home::Windows,
    }
}

fn describe(layout: &Layout) -> String {
    let magic = match layout.magic {
        Some(Magic::Pe32) => "PE32",
        Some(Magic::Pe32Plus) => "PE32+",
        None => "PE",
    };
    let kind = match layout.subsystem {
        Some(1) => "native image (driver or system process)",
        Some(10) => "EFI application",
        Some(11) => "EFI boot service driver",
        Some(12) => "EFI runtime driver",
        Some(13) => "EFI ROM image",
        _ if layout.characteristics & 0x2000 != 0 => "DLL",
        _ => "executable",
    };
    let machine = match layout.machine {
        0x014c => "x86",
        0x8664 => "x86-64",
        0x01c0 | 0x01c2 | 0x01c4 => "ARM",
        0xaa64 | 0xa641 | 0xa64e => "ARM64",
        0x0200 => "Itanium",
        0x0184 | 0x0284 => "Alpha",
        0x0ebc => "EFI byte code",
        0x5032 | 0x5064 => "RISC-V",
        0x6232 | 0x6264 => "LoongArch",
        other => return format!("{magic} {kind}, machine 0x{other:04x}"),
    };
    format!("{magic} {kind}, {machine}")
}
