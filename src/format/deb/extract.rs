//! What a package's members say of it: that each is there once and in order, and which of them are signatures.

use crate::base::blob::ReadAt;
use crate::base::budget::Budget;
use crate::format::Error;
use crate::format::deb::ar::{Member, members};
use crate::format::deb::control;
use crate::format::deb::findings::{
    DEB_MALFORMED, EMBEDDED_SIGNATURE_UNVERIFIED, UNEXPECTED_MEMBER,
};
use crate::format::findings::DUPLICATE_MEMBER;
use crate::model::evidence::{Evidence, Source};
use crate::model::extract::{Extract, Gap, Span};
use crate::model::finding::{Finding, Status};

/// `debian-binary` holds a version and a line feed; real ones are four bytes long.
const MAX_VERSION: u64 = 64;

/// What a member is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Part {
    /// The version of the format.
    Version,
    /// What the installer reads: names, dependencies, scripts.
    Control,
    /// The files.
    Data,
    /// A signature of debsigs or dpkg-sig.
    Signature,
    /// Anything else.
    Other,
}

pub(super) fn part(name: &str) -> Part {
    match name {
        "debian-binary" => Part::Version,
        "control.tar" => Part::Control,
        "data.tar" => Part::Data,
        _ if name.starts_with("control.tar.") => Part::Control,
        _ if name.starts_with("data.tar.") => Part::Data,
        _ if name.starts_with("_gpg") => Part::Signature,
        _ => Part::Other,
    }
}

pub(super) fn extract(blob: &dyn ReadAt, budget: &Budget<'_>) -> Result<Extract, Error> {
    let members = members(blob, budget)?;
    let version = version(blob, &members)?;
    let mut out = Extract {
        format: "deb",
        description: format!("Debian package, format {version}"),
        ..Extract::default()
    };
    for (wanted, message) in [
        (Part::Control, "there is no control.tar"),
        (Part::Data, "there is no data.tar"),
    ] {
        if !members.iter().any(|m| part(&m.name) == wanted) {
            return Err(Error::malformed(&DEB_MALFORMED, blob.size(), message));
        }
    }
    out.findings.extend(duplicates(&members));
    out.findings.extend(disorder(&members));
    for member in &members {
        match part(&member.name) {
            Part::Version | Part::Control | Part::Data => {}
            Part::Signature => signature(member, &mut out),
            Part::Other => out.findings.push(unexpected(
                member,
                format!("the member {} is none that an installer reads", member.name),
            )),
        }
    }
    control::claims(blob, &members, budget, &mut out)?;
    Ok(out)
}

fn version(blob: &dyn ReadAt, members: &[Member]) -> Result<String, Error> {
    let bad = |offset, message: &str| Error::malformed(&DEB_MALFORMED, offset, message);
    let Some(first) = members
        .first()
        .filter(|first| part(&first.name) == Part::Version)
    else {
        return Err(bad(0, "the first member is not debian-binary"));
    };
    let content = &first.content;
    if content.end.saturating_sub(content.start) > MAX_VERSION {
        return Err(bad(content.start, "debian-binary is too long"));
    }
    let text = blob
        .read_range(content.clone())
        .map_err(Error::read(content.start))?;
    let line = text.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let line = String::from_utf8_lossy(line).into_owned();
    if !line.starts_with("2.") {
        return Err(bad(
            content.start,
            "debian-binary does not name version 2 of the format",
        ));
    }
    Ok(line)
}

/// The installer takes the first, other readers the last.
fn duplicates(members: &[Member]) -> Vec<Finding> {
    let mut found = Vec::new();
    for (nth, member) in members.iter().enumerate() {
        let kind = part(&member.name);
        let same = |other: &&Member| match kind {
            Part::Version | Part::Control | Part::Data => part(&other.name) == kind,
            Part::Signature | Part::Other => other.name == member.name,
        };
        let earlier = members.iter().take(nth).find(same);
        if let Some(earlier) = earlier {
            let message = format!(
                "{} at offset {} is followed by {} at offset {}",
                earlier.name, earlier.header.start, member.name, member.header.start
            );
            found.push(
                Finding::new(&DUPLICATE_MEMBER, Status::Fail, message)
                    .with(bytes(&earlier.content))
                    .with(bytes(&member.content)),
            );
        }
    }
    found
}

/// deb(5): debian-binary, control.tar, data.tar, in this order; others follow, or stand before data.tar with an underscore.
fn disorder(members: &[Member]) -> Option<Finding> {
    let first = |wanted| members.iter().position(|m| part(&m.name) == wanted);
    let (control, data) = (first(Part::Control)?, first(Part::Data)?);
    let late = members.get(control).filter(|_| control > data)?;
    let message = format!("{} follows data.tar instead of preceding it", late.name);
    Some(unexpected(late, message))
}

fn signature(member: &Member, out: &mut Extract) {
    out.findings.push(
        Finding::new(
            &EMBEDDED_SIGNATURE_UNVERIFIED,
            Status::Unknown,
            format!("the signature {} was not verified", member.name),
        )
        .with(bytes(&member.content)),
    );
    out.gaps.push(Gap {
        what: format!("signature {}", member.name),
        why: "OpenPGP signatures inside Debian packages are not verified".into(),
    });
}

fn unexpected(member: &Member, message: String) -> Finding {
    Finding::new(&UNEXPECTED_MEMBER, Status::Review, message).with(bytes(&member.content))
}

fn bytes(span: &Span) -> Evidence {
    Evidence::bytes(
        Source::Embedded,
        span.start,
        span.end.saturating_sub(span.start),
    )
}
