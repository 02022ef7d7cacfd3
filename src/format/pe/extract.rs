//! From headers and certificate table to signatures, and everything about them that a reader should know.

use crate::base::blob::ReadAt;
use crate::format::error::Error;
use crate::format::look::{Look, bytes};
use crate::format::pe::coverage::{coverage, images};
use crate::format::pe::describe::{describe, home};
use crate::format::pe::findings::{
    CERTIFICATE_TABLE_NOT_ALIGNED, DATA_AFTER_CERTIFICATE_TABLE, MULTIPLE_CERTIFICATE_ENTRIES,
    SIGNATURE_INSIDE_IMAGE, UNKNOWN_WINCERT_TYPE, WINCERT_REVISION,
};
use crate::format::pe::layout::{Directory, Layout};
use crate::format::pe::table::{Entry, PKCS_SIGNED_DATA, entries, locate};
use crate::format::pe::{IMAGE, members, orphan, version};
use crate::model::extract::{Extract, Gap, HeaderChecksum, Home, RawSignature, Signing, Span};
use crate::model::finding::{Finding, Status};
use crate::model::signature::Position;

const REVISION_1: u16 = 0x0100;
const REVISION_2: u16 = 0x0200;

pub(super) fn extract(blob: &dyn ReadAt) -> Result<Extract, Error> {
    let layout = Layout::read(blob)?;
    let mut out = Extract {
        format: "pe",
        description: match members::describe(blob, &layout) {
            Some(installer) => format!("{}, {installer}", describe(&layout)),
            None => describe(&layout),
        },
        home: Some(home(&layout)),
        signing: Signing::Expected,
        checksum: layout.checksum.map(|field| HeaderChecksum {
            span: field.offset..field.offset.saturating_add(4),
            stored: field.value,
        }),
        ..Extract::default()
    };
    match layout.security.filter(|directory| directory.size > 0) {
        Some(directory) => certificate_table(blob, &layout, directory, &mut out)?,
        None => {
            out.images = images(&layout, blob.size(), None);
            orphan::look(blob, &layout, &mut out)?;
        }
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
    out.findings.extend(misaligned(directory));
    out.findings.extend(several(&entries, out.home));
    let faults: Vec<Finding> = inside_image(layout, &table)
        .into_iter()
        .chain(after_table(blob, &table, out)?)
        .collect();
    out.images = images(layout, blob.size(), Some(&table));
    let coverage = coverage(layout, blob.size(), &table);
    for (entry, number) in entries.iter().zip(1u32..) {
        let revision = revision(entry, number);
        if entry.kind != PKCS_SIGNED_DATA {
            out.findings.extend(revision);
            not_authenticode(entry, number, out);
            continue;
        }
        let span = entry.contents();
        let position = if out.signatures.is_empty() {
            Position::Primary
        } else {
            Position::ExtraEntry(number)
        };
        let bytes = blob
            .read_range(span.clone())
            .map_err(Error::read(span.start))?;
        out.signatures.push(RawSignature {
            faults: faults.iter().cloned().chain(revision).collect(),
            ..RawSignature::cms(&IMAGE, position, span, bytes, coverage.clone())
        });
    }
    if out.signatures.is_empty() {
        // There is no signature for them to be faults of.
        out.findings.extend(faults);
    }
    Ok(())
}

fn misaligned(directory: Directory) -> Option<Finding> {
    if directory.address.is_multiple_of(8) && directory.size.is_multiple_of(8) {
        return None;
    }
    let message = format!(
        "the certificate table starts at {} and is {} bytes long",
        directory.address, directory.size
    );
    let entry = directory.entry..directory.entry.saturating_add(8);
    Some(Finding::new(&CERTIFICATE_TABLE_NOT_ALIGNED, Status::Review, message).with(bytes(&entry)))
}

/// WIN_CERT_REVISION_1_0 is history but defined; any other value was never written by a signer, and nothing signs the field.
fn revision(entry: &Entry, number: u32) -> Option<Finding> {
    let status = match entry.revision {
        REVISION_2 => return None,
        REVISION_1 => Status::Review,
        _ => Status::Fail,
    };
    let message = format!(
        "entry {number} has revision 0x{:04x} instead of 0x0200",
        entry.revision
    );
    let field = entry.slot.start.saturating_add(4)..entry.slot.start.saturating_add(6);
    Some(Finding::new(&WINCERT_REVISION, status, message).with(bytes(&field)))
}

fn several(entries: &[Entry], home: Option<Home>) -> Option<Finding> {
    if entries.len() < 2 {
        return None;
    }
    let (status, usual) = match home {
        Some(Home::Uefi) => (Status::Pass, ", as boot loaders have"),
        Some(Home::Windows | Home::Kernel) | None => (
            Status::Review,
            ", of which Windows does not define the one it takes",
        ),
    };
    let message = format!("the certificate table has {} entries{usual}", entries.len());
    let finding = Finding::new(&MULTIPLE_CERTIFICATE_ENTRIES, status, message);
    Some(
        entries
            .iter()
            .fold(finding, |finding, entry| finding.with(bytes(&entry.slot))),
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
    let look = Look::of(blob, &rest)?;
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
