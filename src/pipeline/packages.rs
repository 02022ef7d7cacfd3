//! What a package and a member of it say of each other.

use std::collections::BTreeMap;

use crate::format::msix;
use crate::model::analysis::Subject;
use crate::model::finding::Finding;
use crate::verify::code_integrity;

/// The code integrity catalog of each app package against the package.
pub(super) fn check(subjects: &mut [Subject]) {
    let places: BTreeMap<&str, usize> = subjects
        .iter()
        .enumerate()
        .map(|(index, subject)| (subject.id.as_str(), index))
        .collect();
    let mut found: Vec<(usize, Finding)> = Vec::new();
    for catalog in subjects.iter().filter(|s| is_catalog(&s.path)) {
        let parent = catalog.parent.as_deref().and_then(|id| places.get(id));
        let Some((index, package)) = parent.and_then(|at| Some((*at, subjects.get(*at)?))) else {
            continue;
        };
        if package.format == "msix" {
            let differs = code_integrity::differs(&package.signatures, &catalog.signatures);
            found.extend(differs.map(|finding| (index, finding)));
        }
    }
    for (index, finding) in found {
        if let Some(package) = subjects.get_mut(index) {
            package.findings.push(finding);
        }
    }
}

fn is_catalog(path: &str) -> bool {
    path == msix::CODE_INTEGRITY || path.ends_with(&format!("/{}", msix::CODE_INTEGRITY))
}
