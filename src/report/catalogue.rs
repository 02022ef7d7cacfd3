//! Every finding that any room can raise.

use crate::envelope::findings as envelope;
use crate::format::findings as format;
use crate::identity::findings as identity;
use crate::jurisdiction::findings as jurisdiction;
use crate::model::finding::Definition;
use crate::policy::findings as policy;
use crate::screening::findings as screening;
use crate::vendor::findings as vendor;
use crate::verify::findings as verify;

/// All definitions, each with its room, in the order that data flows.
pub fn all() -> impl Iterator<Item = (&'static str, &'static Definition)> {
    rooms()
        .into_iter()
        .flat_map(|(room, all)| all.iter().map(move |d| (room, *d)))
}

fn rooms() -> [(&'static str, &'static [&'static Definition]); 8] {
    [
        ("format", format::ALL),
        ("envelope", envelope::ALL),
        ("verify", verify::ALL),
        ("identity", identity::ALL),
        ("jurisdiction", jurisdiction::ALL),
        ("vendor", vendor::ALL),
        ("screening", screening::ALL),
        ("policy", policy::ALL),
    ]
}

/// The definition of this id.
pub fn find(id: &str) -> Option<&'static Definition> {
    all().map(|(_, d)| d).find(|d| d.id == id)
}
