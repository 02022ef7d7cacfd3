//! The control file, from which a package says who made it. It is found where the control archive is small and of a common
//! coding; elsewhere the archive is opened like any member, and nothing is claimed here.

use std::io::Read;

use crate::base::blob::ReadAt;
use crate::base::budget::Budget;
use crate::format::Error;
use crate::format::codec::{self, Coding, Stated};
use crate::format::compressed;
use crate::format::deb::ar::Member;
use crate::format::deb::extract::{Part, part};
use crate::format::deb::findings::DEB_MALFORMED;
use crate::model::extract::{Claimed, Extract};

/// Bytes decoded in search of the control file, which stands among the first in every package seen; dpkg's own is 300 KB.
pub(super) const MAX_DECODED: u64 = 4 << 20;
/// Bytes of the control file itself.
pub(super) const MAX_CONTROL: usize = 256 << 10;

/// Bytes that tell how the archive is coded.
const HEAD: u64 = 16;
const BLOCK: usize = 512;

/// Fields that name what it is and who stands behind it.
const FIELDS: &[&str] = &["Package", "Version", "Maintainer", "Homepage", "Origin"];

pub(super) fn claims(
    blob: &dyn ReadAt,
    members: &[Member],
    budget: &Budget<'_>,
    out: &mut Extract,
) -> Result<(), Error> {
    let Some(member) = members.iter().find(|m| part(&m.name) == Part::Control) else {
        return Ok(());
    };
    let span = member.content.clone();
    let Some(decoded) = decoded(blob, member, budget)? else {
        return Ok(());
    };
    let Some(control) = control_file(&decoded) else {
        return Ok(());
    };
    let text = String::from_utf8_lossy(control);
    for line in text.lines() {
        let Some((key, value)) = line.split_once(':') else {
            continue;
        };
        if FIELDS.contains(&key) {
            out.claimed.push(Claimed {
                key: key.to_owned(),
                value: value.trim().to_owned(),
                span: span.clone(),
            });
        }
    }
    Ok(())
}

/// The start of the control archive, decoded; `None` where its coding is not known or broken.
fn decoded(
    blob: &dyn ReadAt,
    member: &Member,
    budget: &Budget<'_>,
) -> Result<Option<Vec<u8>>, Error> {
    let span = &member.content;
    let head = span.start..span.end.min(span.start.saturating_add(HEAD));
    let head = blob.read_range(head).map_err(Error::read(span.start))?;
    let plain = (member.name == "control.tar").then_some(Coding::Stored);
    let Some(coding) = plain.or(compressed::coding(&head)) else {
        return Ok(None);
    };
    let Ok(mut decoder) = codec::open(coding, blob, span, Stated::default(), budget) else {
        return Ok(None);
    };
    let mut decoded = Vec::new();
    let mut buffer = vec![0; 64 << 10];
    let room = usize::try_from(MAX_DECODED).unwrap_or(usize::MAX);
    while decoded.len() < room {
        let read = match decoder.read(&mut buffer) {
            Ok(0) => break,
            Ok(read) => read,
            Err(error) => match Error::decoding(&DEB_MALFORMED, span.start, &error) {
                Error::Limit(limit) => return Err(Error::Limit(limit)),
                // What cannot be decoded says nothing here, and is told of where the archive is opened.
                Error::Malformed { .. } | Error::Read { .. } => break,
            },
        };
        decoded.extend_from_slice(buffer.get(..read).unwrap_or_default());
        if control_file(&decoded).is_some() {
            break;
        }
    }
    Ok(Some(decoded))
}

/// The content of `./control` in a tar archive, where it is wholly there.
fn control_file(tar: &[u8]) -> Option<&[u8]> {
    let mut at = 0usize;
    loop {
        let header = tar.get(at..at.checked_add(BLOCK)?)?;
        let name = header.get(..100)?.split(|b| *b == 0).next()?;
        let size = octal(header.get(124..136)?)?;
        let start = at.checked_add(BLOCK)?;
        if matches!(name, b"control" | b"./control") {
            let end = start.checked_add(size.min(MAX_CONTROL))?;
            return tar.get(start..end);
        }
        if name.is_empty() {
            return None;
        }
        at = start.checked_add(size.checked_next_multiple_of(BLOCK)?)?;
    }
}

fn octal(field: &[u8]) -> Option<usize> {
    let text = std::str::from_utf8(field).ok()?;
    usize::from_str_radix(text.trim_matches(['\0', ' ']), 8).ok()
}
