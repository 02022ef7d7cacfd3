//! Data compiled into the binary: `(file stem, text)` of every file of a data directory, sorted by name.
//!
//! `build.rs` writes the lists. Reading them is the business of the room that owns each; all are parsed lazily.

use sha2::{Digest, Sha256};

include!(concat!(env!("OUT_DIR"), "/embedded.rs"));

/// Networks and the countries of their holders, packed: `jurisdiction::network::packed` reads it.
pub static NETWORK_HOLDERS: &[u8] = include_bytes!("../../data/network/holders.bin");
/// Networks and the autonomous systems of the operators' table that announce them, packed alike.
pub static NETWORK_ROUTES: &[u8] = include_bytes!("../../data/network/routes.bin");

/// The text of one file of a table.
pub fn find(table: &'static [(&'static str, &'static str)], name: &str) -> Option<&'static str> {
    table
        .binary_search_by(|(stem, _)| (*stem).cmp(name))
        .ok()
        .and_then(|i| table.get(i))
        .map(|(_, text)| *text)
}

/// SHA-256 over the names and texts of a table, in order, lower-case hexadecimal.
pub fn sha256(table: &[(&str, &str)]) -> String {
    let mut hash = Sha256::new();
    for part in table.iter().flat_map(|(name, text)| [name, text]) {
        hash.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        hash.update(part.as_bytes());
    }
    hash.finalize()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{FINDING_DOCS, INSTRUMENTS, LISTS, OPERATORS, POLICIES, VENDORS, find};

    #[test]
    fn every_table_is_sorted_so_that_each_file_is_found() {
        for table in [
            VENDORS,
            INSTRUMENTS,
            LISTS,
            OPERATORS,
            FINDING_DOCS,
            POLICIES,
        ] {
            assert!(table.is_sorted_by(|a, b| a.0 < b.0));
            for (name, text) in table {
                assert_eq!(find(table, name), Some(*text));
            }
            assert_eq!(find(table, "no-such-file"), None);
        }
    }
}
