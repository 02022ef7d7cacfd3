//! Rules of the Windows programme: what the root list lets a root vouch for.
//!
//! Semantics: "Deprecation Definitions - Microsoft Trusted Root Certificate Program" (learn.microsoft.com, 2024-02-14):
//! *EKU removal* and *disable* for listed usages hold whatever the timestamp; *disable* spares what was timestamped before its
//! date; *NotBefore* refuses what was issued at or after its date. That text also spares what was timestamped before the
//! NotBefore date, which no certificate issued after it can have been, so that only the issue date is compared here.

use crate::base::oid::Oid;
use crate::base::time::{Time, parse_rfc3339, rfc3339};
use crate::model::signature::TrustStatus;
use crate::verify::path::{Purpose, Refusal};
use crate::verify::store::ctl::{Date, Properties};
use crate::verify::store::table::Table;

/// Columns of `roots.tsv` after the common ones.
pub(super) const COLUMNS: [&str; 7] = [
    "usages",
    "not-before",
    "not-before-usages",
    "disallowed",
    "disallowed-usages",
    "chain-policies",
    "ev-policies",
];

/// A property that is not there.
const ABSENT: &str = "-";
/// A date property without a value, or an empty list.
const EMPTY: &str = "none";

/// A root's properties as columns.
pub(super) fn columns(properties: &Properties) -> Vec<String> {
    vec![
        list(properties.usages.as_deref()),
        date(properties.not_before),
        list(properties.not_before_usages.as_deref()),
        date(properties.disallowed),
        list(properties.disallowed_usages.as_deref()),
        list(properties.chain_policies.as_deref()),
        list(
            Some(&properties.ev_policies)
                .filter(|p| !p.is_empty())
                .map(Vec::as_slice),
        ),
    ]
}

/// A root's properties from its row; `None` where the row cannot be read, which callers treat as a refusal.
pub(super) fn properties(table: &Table, row: usize) -> Option<Properties> {
    let column = |n| table.more(row, n);
    Some(Properties {
        usages: read_list(column(0)?)?,
        not_before: read_date(column(1)?)?,
        not_before_usages: read_list(column(2)?)?,
        disallowed: read_date(column(3)?)?,
        disallowed_usages: read_list(column(4)?)?,
        chain_policies: read_list(column(5)?)?,
        ev_policies: read_list(column(6)?)?.unwrap_or_default(),
        name: table.name(row).to_owned(),
        sha256: table.id(row).map(|id| id.0),
        other: Vec::new(),
    })
}

/// Whether the list lets this root vouch for a certificate issued at `issued`, used for `purpose` at `at`.
pub(super) fn admit(
    root: &Properties,
    issued: Time,
    purpose: Purpose,
    at: Time,
    attested: bool,
) -> Result<(), Refusal> {
    let usage = usage(purpose);
    let name = &root.name;
    if let (Some(allowed), Some(usage)) = (&root.usages, &usage)
        && !allowed.contains(usage)
    {
        return Err(Refusal {
            fault: not_for(purpose),
            status: TrustStatus::Untrusted,
            reason: format!(
                "the root list does not let root \"{name}\" vouch for {} (extended key usage list without {usage})",
                word(purpose)
            ),
        });
    }
    not_before(root, usage.as_ref(), issued)?;
    disallowed(root, usage.as_ref(), at, attested)
}

fn not_before(root: &Properties, usage: Option<&Oid>, issued: Time) -> Result<(), Refusal> {
    let name = &root.name;
    let refuse = |reason| {
        Err(Refusal {
            fault: "root-not-before",
            status: TrustStatus::Distrusted,
            reason,
        })
    };
    match (
        scope(root.not_before_usages.as_deref(), usage),
        root.not_before.at(),
    ) {
        (Scope::Outside, _) | (Scope::Whole, None) => Ok(()),
        (Scope::Whole | Scope::Usage, Some(date)) if issued < date => Ok(()),
        (Scope::Whole, Some(date)) => refuse(format!(
            "root \"{name}\" is not trusted for certificates issued since {} (NotBefore property); this one was issued {}",
            rfc3339(date),
            rfc3339(issued)
        )),
        (Scope::Usage, Some(date)) => refuse(format!(
            "root \"{name}\" is not trusted for this usage for certificates issued since {} (NotBefore property with usages); this one was issued {}",
            rfc3339(date),
            rfc3339(issued)
        )),
        (Scope::Usage, None) => refuse(format!(
            "root \"{name}\" is not trusted for this usage (NotBefore usages without a date)"
        )),
    }
}

fn disallowed(
    root: &Properties,
    usage: Option<&Oid>,
    at: Time,
    attested: bool,
) -> Result<(), Refusal> {
    let name = &root.name;
    let basis = if attested {
        "a verified timestamp"
    } else {
        "the judgement time, for want of a timestamp"
    };
    let refuse = |reason| {
        Err(Refusal {
            fault: "root-disallowed",
            status: TrustStatus::Distrusted,
            reason,
        })
    };
    match (
        scope(root.disallowed_usages.as_deref(), usage),
        root.disallowed.at(),
    ) {
        (Scope::Outside, _) | (Scope::Whole, None) => Ok(()),
        (Scope::Whole | Scope::Usage, Some(date)) if at < date => Ok(()),
        (Scope::Whole, Some(date)) => refuse(format!(
            "root \"{name}\" is disallowed since {} (Disallowed property); judged at {}, {basis}",
            rfc3339(date),
            rfc3339(at)
        )),
        (Scope::Usage, Some(date)) => refuse(format!(
            "root \"{name}\" is disallowed for this usage since {} (Disallowed property with usages); judged at {}, {basis}",
            rfc3339(date),
            rfc3339(at)
        )),
        (Scope::Usage, None) => refuse(format!(
            "root \"{name}\" is disallowed for this usage (disallowed usages without a date)"
        )),
    }
}

enum Scope {
    /// The property is about every usage.
    Whole,
    /// It names the usage asked for.
    Usage,
    /// It names other usages only.
    Outside,
}

fn scope(usages: Option<&[Oid]>, usage: Option<&Oid>) -> Scope {
    match (usages, usage) {
        (None, _) => Scope::Whole,
        (Some(listed), Some(usage)) if listed.contains(usage) => Scope::Usage,
        (Some(_), _) => Scope::Outside,
    }
}

/// The extended key usage a purpose stands for.
pub(super) fn usage(purpose: Purpose) -> Option<Oid> {
    match purpose {
        Purpose::CodeSigning => Oid::parse("1.3.6.1.5.5.7.3.3"),
        Purpose::TimeStamping => Oid::parse("1.3.6.1.5.5.7.3.8"),
        Purpose::TrustListSigning => Oid::parse("1.3.6.1.4.1.311.10.3.9"),
        Purpose::Any => None,
    }
}

/// The fault of a root that is not for a purpose.
pub(super) fn not_for(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::CodeSigning => "root-not-for-code-signing",
        Purpose::TimeStamping => "root-not-for-time-stamping",
        Purpose::TrustListSigning | Purpose::Any => "root-not-for-purpose",
    }
}

/// A purpose in words.
pub(super) fn word(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::CodeSigning => "code signing",
        Purpose::TimeStamping => "time stamping",
        Purpose::TrustListSigning => "signing trust lists",
        Purpose::Any => "any use",
    }
}

fn list(oids: Option<&[Oid]>) -> String {
    match oids {
        None => ABSENT.to_owned(),
        Some([]) => EMPTY.to_owned(),
        Some(oids) => {
            let mut dotted: Vec<String> = oids.iter().map(ToString::to_string).collect();
            dotted.sort();
            dotted.join(",")
        }
    }
}

/// Reads a list column: the outer `None` is an unreadable one.
#[expect(clippy::option_option, reason = "unreadable and absent are two things")]
pub(super) fn read_list(text: &str) -> Option<Option<Vec<Oid>>> {
    match text {
        ABSENT => Some(None),
        EMPTY => Some(Some(Vec::new())),
        list => list
            .split(',')
            .map(Oid::parse)
            .collect::<Option<Vec<_>>>()
            .map(Some),
    }
}

fn date(date: Date) -> String {
    match date {
        Date::Absent => ABSENT.to_owned(),
        Date::Cleared => EMPTY.to_owned(),
        Date::At(time) => rfc3339(time),
    }
}

fn read_date(text: &str) -> Option<Date> {
    match text {
        ABSENT => Some(Date::Absent),
        EMPTY => Some(Date::Cleared),
        date => parse_rfc3339(date).map(Date::At),
    }
}
