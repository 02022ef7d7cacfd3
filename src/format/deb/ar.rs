//! The ar archive of a Debian package: a mark, then members of a 60-byte header and their content, filled to even offsets.

use crate::base::blob::ReadAt;
use crate::base::budget::{Budget, Exceeded};
use crate::format::Error;
use crate::format::deb::findings::DEB_MALFORMED;
use crate::model::extract::Span;

/// The mark of every ar archive.
pub(super) const MAGIC: &[u8] = b"!<arch>\n";
/// Members of one package; three are usual, six with signatures.
pub(super) const MAX_MEMBERS: usize = 64;

const HEADER_LEN: u64 = 60;

/// One member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Member {
    /// Name, without what fills it.
    pub(super) name: String,
    /// Where its header stands.
    pub(super) header: Span,
    /// Where its content stands.
    pub(super) content: Span,
}

/// Every member, in file order.
pub(super) fn members(blob: &dyn ReadAt, budget: &Budget<'_>) -> Result<Vec<Member>, Error> {
    let mut at = u64::try_from(MAGIC.len()).unwrap_or_default();
    let mut members = Vec::new();
    while at < blob.size() {
        budget.check_time()?;
        if members.len() >= MAX_MEMBERS {
            let what = "members of a Debian package";
            return Err(Exceeded::Count {
                what,
                limit: MAX_MEMBERS,
            }
            .into());
        }
        let member = member(blob, at)?;
        at = filled(blob, &member)?;
        members.push(member);
    }
    Ok(members)
}

fn member(blob: &dyn ReadAt, at: u64) -> Result<Member, Error> {
    let bad = |message: &str| Error::malformed(&DEB_MALFORMED, at, message);
    let start = at.saturating_add(HEADER_LEN);
    if start > blob.size() {
        return Err(bad("the archive ends inside a member's header"));
    }
    let header = blob.read_range(at..start).map_err(Error::read(at))?;
    let field = |range: std::ops::Range<usize>| header.get(range).unwrap_or_default();
    if field(58..60) != b"`\n" {
        return Err(bad("no member starts here"));
    }
    let size = decimal(field(48..58)).ok_or_else(|| bad("a member's size is no number"))?;
    let end = start
        .checked_add(size)
        .filter(|end| *end <= blob.size())
        .ok_or_else(|| bad("a member is longer than the file"))?;
    let name = field(0..16).trim_ascii_end();
    let name = name.strip_suffix(b"/").unwrap_or(name);
    if name.is_empty() {
        return Err(bad("a member has no name"));
    }
    Ok(Member {
        name: String::from_utf8_lossy(name).into_owned(),
        header: at..start,
        content: start..end,
    })
}

/// Where the next member starts: a line feed fills an odd end, and the last member may lack it.
fn filled(blob: &dyn ReadAt, member: &Member) -> Result<u64, Error> {
    let end = member.content.end;
    if end.is_multiple_of(2) || end == blob.size() {
        return Ok(end);
    }
    let next = end.saturating_add(1);
    let filling = blob.read_range(end..next).map_err(Error::read(end))?;
    if filling != b"\n" {
        let message = "a member is not filled with a line feed";
        return Err(Error::malformed(&DEB_MALFORMED, end, message));
    }
    Ok(next)
}

/// Digits, then spaces: neither sign nor anything else.
fn decimal(field: &[u8]) -> Option<u64> {
    let digits = field.trim_ascii_end();
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    std::str::from_utf8(digits).ok()?.parse().ok()
}
