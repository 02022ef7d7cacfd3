//! Roots that Windows keeps outside the root list: `legacy.tsv`, each row with its reason and the files that need it.
//!
//! Source of the set: "Required trusted root certificates" (learn.microsoft.com, KB 293781). A row whose role is `listed` is carried by the
//! root list, and the list's dates hold for it; one whose role is `anchor` stands beside the list; one whose role is `named` is on record
//! only: nothing measured needs it, and its key is of the 1990s.

use crate::base::time::rfc3339;
use crate::model::certificate::Certificate;
use crate::model::signature::TrustStatus;
use crate::verify::path::{Purpose, Refusal};
use crate::verify::store::table::Table;
use crate::verify::store::windows::{not_for, read_list, usage, word};

/// Columns of `legacy.tsv` after the common ones.
pub(super) const COLUMNS: [&str; 6] = ["role", "kernel", "usages", "needed-by", "source", "reason"];

/// Whether a row stands beside the root list.
pub(super) fn is_anchor(table: &Table, row: usize) -> bool {
    table.more(row, 0) == Some("anchor")
}

/// Whether the kernel loader takes a row as a root.
pub(super) fn is_kernel(table: &Table, row: usize) -> bool {
    table.more(row, 1) == Some("yes")
}

/// Whether a row may vouch for `leaf`.
pub(super) fn admit(
    table: &Table,
    row: usize,
    root: &Certificate,
    leaf: &Certificate,
    purpose: Purpose,
) -> Result<(), Refusal> {
    let name = table.name(row);
    // An unreadable column lets nothing through.
    let allowed = match table.more(row, 2).and_then(read_list) {
        Some(Some(usages)) => usage(purpose).is_none_or(|u| usages.contains(&u)),
        Some(None) => true,
        None => false,
    };
    if !allowed {
        return Err(Refusal {
            fault: not_for(purpose),
            status: TrustStatus::Untrusted,
            reason: format!(
                "the legacy root \"{name}\" is not for {} ({})",
                word(purpose),
                table.more(row, 4).unwrap_or_default()
            ),
        });
    }
    // These keys are old and some are short: nothing that claims to be issued after their end is theirs.
    if leaf.not_before > root.not_after {
        return Err(Refusal {
            fault: "root-not-before",
            status: TrustStatus::Untrusted,
            reason: format!(
                "the legacy root \"{name}\" ended {}, before this certificate was issued, {}",
                rfc3339(root.not_after),
                rfc3339(leaf.not_before)
            ),
        });
    }
    Ok(())
}
