//! The members of a tar archive: all of them stand in it as they are.

use crate::base::blob::ReadAt;
use crate::base::budget::Budget;
use crate::format::listing::{self, Conventions, Listed, Sort, quoted};
use crate::format::look::bytes;
use crate::format::tar::findings::PAX_SIZE_OVERRIDE;
use crate::format::tar::walk::{Member, MemberKind, Walked};
use crate::format::zip::findings::TRAILING_DATA;
use crate::format::{Content, Entry, Error, Inside, Kind, Out};
use crate::model::finding::{Finding, Status};

/// The members.
#[derive(Debug)]
pub(super) struct Members {
    entries: Vec<Entry>,
}

impl Members {
    pub(super) fn of(walked: Walked) -> Self {
        let trailing = walked.trailing.map(|span| Entry {
            path: "[trailing data]".to_owned(),
            size: Some(span.end.saturating_sub(span.start)),
            kind: Kind::File,
            content: Content::Stored(span),
        });
        Self {
            entries: walked
                .entries
                .into_iter()
                .map(entry)
                .chain(trailing)
                .collect(),
        }
    }
}

fn entry(member: Member) -> Entry {
    let (kind, content) = match member.kind {
        MemberKind::File => (Kind::File, Content::Stored(member.data.clone())),
        MemberKind::Sparse => (Kind::File, Content::Unreadable("a sparse file".to_owned())),
        MemberKind::Part => (
            Kind::File,
            Content::Unreadable("continued from another volume".to_owned()),
        ),
        MemberKind::Directory => (Kind::Directory, Content::Stored(member.data.clone())),
        MemberKind::Symlink(_) | MemberKind::Hardlink(_) | MemberKind::Device => (
            Kind::Special,
            Content::Unreadable("a link or a device".to_owned()),
        ),
    };
    Entry {
        path: member.path,
        size: Some(member.data.end.saturating_sub(member.data.start)),
        kind,
        content,
    }
}

impl Inside for Members {
    fn entries(&self) -> &[Entry] {
        &self.entries
    }

    fn blocks(&self) -> usize {
        0
    }

    fn decode(
        &self,
        _: &dyn ReadAt,
        _: usize,
        _: &Budget<'_>,
        _: &mut dyn Out,
    ) -> Result<(), Error> {
        Ok(())
    }
}

/// What the list shows.
pub(super) fn findings(walked: &Walked) -> Vec<Finding> {
    let listed: Vec<Listed<'_>> = walked
        .entries
        .iter()
        .map(|member| Listed {
            path: &member.path,
            kind: sort(&member.kind),
            at: (member.header.start, member.header.end),
        })
        .collect();
    let mut found = listing::check(
        &listed,
        Conventions {
            posix: true,
            duplicates: Status::Review,
        },
    );
    found.extend(overridden(&walked.entries));
    found.extend(walked.trailing.as_ref().map(|span| {
        let message = format!(
            "{} bytes follow the end of the archive",
            span.end.saturating_sub(span.start)
        );
        Finding::new(&TRAILING_DATA, Status::Review, message).with(bytes(span))
    }));
    found
}

fn sort(kind: &MemberKind) -> Sort<'_> {
    match kind {
        MemberKind::File | MemberKind::Sparse | MemberKind::Part => Sort::File,
        MemberKind::Directory => Sort::Directory,
        MemberKind::Symlink(target) => Sort::Symlink(Some(target)),
        MemberKind::Hardlink(target) => Sort::Hardlink(target),
        MemberKind::Device => Sort::Device,
    }
}

fn overridden(members: &[Member]) -> Option<Finding> {
    let mut all = members.iter().filter_map(|m| Some((m, m.overridden?)));
    let (member, own) = all.next()?;
    let count = all.count().saturating_add(1);
    let message = format!(
        "{count} sizes in extended headers differ from the headers they override, such as that of {}: {} instead of {own}",
        quoted(&member.path),
        member.data.end.saturating_sub(member.data.start)
    );
    Some(Finding::new(&PAX_SIZE_OVERRIDE, Status::Review, message).with(bytes(&member.header)))
}
