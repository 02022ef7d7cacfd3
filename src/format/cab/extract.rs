//! From header and reserve to the signature, and everything about it that a reader should know.

use crate::base::blob::ReadAt;
use crate::base::budget::Exceeded;
use crate::format::cab::CABINET;
use crate::format::cab::coverage::{Structures, with_filler, with_number};
use crate::format::cab::findings::{
    CAB_NUMBER_NOT_SIGNED, CAB_SIGNATURE_MISPLACED, CAB_SIGNATURE_OUT_OF_BOUNDS,
    CAB_UNSIGNED_HEADER_FIELD,
};
use crate::format::cab::layout::{Header, Reserve, u16_at, u32_at};
use crate::format::error::Error;
use crate::format::look::{after_container, bytes as evidence};
use crate::model::extract::{Alternative, Claimed, Extract, Home, RawSignature, Signing, Span};
use crate::model::finding::{Finding, Status};
use crate::model::signature::Position;

/// As for certificate tables of images, where stuffed signatures reach a few megabytes.
pub(super) const MAX_SIGNATURE: u64 = 16 << 20;
/// Length of the second structure where it says where the signature is: offset, size, and eight bytes of filler.
const LOCATOR_LEN: u64 = 16;
/// Length of a reserve that holds a locator and nothing else.
const USUAL_RESERVE: u64 = 20;

pub(super) fn extract(blob: &dyn ReadAt) -> Result<Extract, Error> {
    let header = Header::read(blob)?;
    let mut out = Extract {
        format: "cab",
        description: describe(&header),
        home: Some(Home::Windows),
        signing: Signing::Optional,
        ..Extract::default()
    };
    claims(&header, &mut out);
    let found = match &header.reserve {
        Some(reserve) => find(blob, reserve)?,
        None => None,
    };
    match (found, &header.reserve) {
        (Some(found), Some(reserve)) => signature(blob, &header, reserve, found, &mut out)?,
        _ => out
            .findings
            .extend(after_container(blob, header.size..blob.size())?),
    }
    Ok(out)
}

fn describe(header: &Header) -> String {
    let set = match (&header.previous, &header.next) {
        (None, None) => "",
        _ => ", one of a set",
    };
    format!(
        "cabinet{set}, {} files in {} folders",
        header.files, header.folders
    )
}

fn claims(header: &Header, out: &mut Extract) {
    for (key, value) in [
        ("PreviousCabinet", &header.previous),
        ("NextCabinet", &header.next),
    ] {
        out.claimed.extend(value.iter().map(|value| Claimed {
            key: key.into(),
            value: value.clone(),
            span: 0..header.size,
        }));
    }
}

/// What the second structure of the reserve is.
enum Second {
    /// It says where the signature is.
    Locator { signature: Span, filler: Span },
    /// It is the signature.
    Signature,
}

struct Found {
    structures: Structures,
    second: Second,
}

/// `None` where the reserve holds something else, which applications may put there.
fn find(blob: &dyn ReadAt, reserve: &Reserve) -> Result<Option<Found>, Error> {
    let start = reserve.header.start;
    let bytes = blob
        .read_range(reserve.header.clone())
        .map_err(Error::read(start))?;
    let (Some(first), Some(second)) = (u16_at(&bytes, 0), u16_at(&bytes, 2)) else {
        return Ok(None);
    };
    let first_at = start.saturating_add(4);
    let second_at = first_at.saturating_add(u64::from(first));
    let end = second_at.saturating_add(u64::from(second));
    if end > reserve.header.end || second == 0 {
        return Ok(None);
    }
    let structures = Structures {
        first_len: start..start.saturating_add(2),
        second_len: start.saturating_add(2)..first_at,
        first: first_at..second_at,
        second: second_at..end,
    };
    let skipped = usize::from(first).saturating_add(4);
    let content = bytes.get(skipped..).unwrap_or_default();
    if u64::from(second) != LOCATOR_LEN {
        // DER of a ContentInfo; anything else is data of an application.
        let is_signature = content.starts_with(&[0x30]);
        return Ok(is_signature.then_some(Found {
            structures,
            second: Second::Signature,
        }));
    }
    let (Some(at), Some(size)) = (u32_at(content, 0), u32_at(content, 4)) else {
        return Ok(None);
    };
    if size == 0 {
        return Ok(None);
    }
    let signature = u64::from(at)..u64::from(at).saturating_add(u64::from(size));
    if signature.end > blob.size() {
        let message = format!(
            "the signature ends at {}, and the file at {}",
            signature.end,
            blob.size()
        );
        return Err(Error::malformed(
            &CAB_SIGNATURE_OUT_OF_BOUNDS,
            second_at,
            message,
        ));
    }
    let filler = second_at.saturating_add(8)..end;
    Ok(Some(Found {
        structures,
        second: Second::Locator { signature, filler },
    }))
}

fn signature(
    blob: &dyn ReadAt,
    header: &Header,
    reserve: &Reserve,
    found: Found,
    out: &mut Extract,
) -> Result<(), Error> {
    let mut faults = Vec::new();
    let (span, covered_to, filler) = match found.second {
        Second::Locator { signature, filler } => {
            faults.extend(misplaced(header, &signature, blob.size()));
            out.findings
                .extend(after_container(blob, signature.end..blob.size())?);
            let covered_to = signature.start;
            (signature, covered_to, Some(filler))
        }
        Second::Signature => {
            out.findings
                .extend(after_container(blob, header.size..blob.size())?);
            (found.structures.second.clone(), header.size, None)
        }
    };
    if span.end.saturating_sub(span.start) > MAX_SIGNATURE {
        return Err(Exceeded::Count {
            what: "bytes of a signature",
            limit: usize::try_from(MAX_SIGNATURE).unwrap_or(usize::MAX),
        }
        .into());
    }
    out.findings
        .extend(fields(header, reserve, &found.structures));
    let behind = found.structures.second.end..reserve.header.end;
    for span in filler.into_iter().chain([behind]) {
        out.findings.extend(filled(blob, &span)?);
    }
    let bytes = blob
        .read_range(span.clone())
        .map_err(Error::read(span.start))?;
    let reserve_len = reserve.header.end.saturating_sub(reserve.header.start);
    // Outside of sets the number is zero, so that the two readings are one, and a number in it was put there later.
    let in_set = header.previous.is_some() || header.next.is_some();
    let usual = reserve_len == USUAL_RESERVE && covered_to >= reserve.header.end;
    let alternatives = if in_set && usual {
        vec![Alternative {
            coverage: with_filler(&reserve.header, covered_to),
            finding: Finding::new(
                &CAB_NUMBER_NOT_SIGNED,
                Status::Review,
                "the signature is over the last four bytes of the reserve and not over the cabinet's number in its set",
            )
            .with(evidence(&(34..36))),
        }]
    } else {
        Vec::new()
    };
    let coverage = with_number(&found.structures, &reserve.header, covered_to);
    out.signatures.push(RawSignature {
        faults,
        alternatives,
        ..RawSignature::cms(&CABINET, Position::Primary, span, bytes, coverage)
    });
    Ok(())
}

/// The signature starts where the cabinet ends, and the file ends with it.
fn misplaced(header: &Header, span: &Span, size: u64) -> Option<Finding> {
    if span.start == header.size && span.end == size {
        return None;
    }
    let message = format!(
        "the signature is at {} to {}, the cabinet ends at {} and the file at {size}",
        span.start, span.end, header.size
    );
    Some(Finding::new(&CAB_SIGNATURE_MISPLACED, Status::Fail, message).with(evidence(span)))
}

/// Fields that change how a cabinet is read and that no signature covers.
fn fields(header: &Header, reserve: &Reserve, structures: &Structures) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut odd = |name: &str, value: u64, usual: u64, span: Span| {
        if value != usual {
            let message = format!("{name} is {value} and not {usual}, and nothing signs it");
            found.push(
                Finding::new(&CAB_UNSIGNED_HEADER_FIELD, Status::Review, message)
                    .with(evidence(&span)),
            );
        }
    };
    odd("reserved1", u64::from(header.reserved), 0, 4..8);
    odd("cbCFFolder", u64::from(reserve.folder), 0, 38..39);
    odd("cbCFData", u64::from(reserve.data), 0, 39..40);
    let second = structures
        .second
        .end
        .saturating_sub(structures.second.start);
    odd(
        "the length of the second structure in the reserve",
        second,
        LOCATOR_LEN,
        structures.second_len.clone(),
    );
    found
}

/// At most 64 KB, the length of a reserve.
fn filled(blob: &dyn ReadAt, span: &Span) -> Result<Option<Finding>, Error> {
    let bytes = blob
        .read_range(span.clone())
        .map_err(Error::read(span.start))?;
    if bytes.iter().all(|b| *b == 0) {
        return Ok(None);
    }
    let message = format!(
        "{} bytes of the reserve at offset {} are not zero, and nothing signs them",
        bytes.len(),
        span.start
    );
    Ok(Some(
        Finding::new(&CAB_UNSIGNED_HEADER_FIELD, Status::Review, message).with(evidence(span)),
    ))
}
