//! From judged members to the subjects of a report: which are worth a row, how they are numbered.

use crate::model::analysis::Subject;
use crate::model::extract::Signing;
use crate::pipeline::addresses::names_updates;
use crate::pipeline::examine::{Node, Place};

/// Subjects in the container's order, parents first, with their handles.
///
/// A member has a row where there is something to say of it: a signature, a fault, an executable without a signature, where updates
/// come from, or a member of its own that has one. The others are counted on their parent
/// ([`crate::model::analysis::Members`]), and other addresses that those name are not kept.
pub(super) fn assemble(judged: Vec<(&Node, Subject)>) -> Vec<Subject> {
    let mut kept: Vec<(&Place, Subject)> = Vec::new();
    // Children stand behind their parents, so that from the end each knows whether one of its own is kept.
    for (node, subject) in judged.into_iter().rev() {
        let holds_kept = kept
            .last()
            .is_some_and(|(place, _)| place.is_inside(&node.place));
        if node.is_top() || holds_kept || is_worth_a_row(&subject) {
            kept.push((&node.place, subject));
        }
    }
    kept.reverse();
    number(kept)
}

fn is_worth_a_row(subject: &Subject) -> bool {
    let unsigned = match subject.signing {
        Signing::Expected => true,
        Signing::Optional | Signing::None => false,
    };
    unsigned
        || !subject.signatures.is_empty()
        || !subject.findings.is_empty()
        || !subject.gaps.is_empty()
        || !subject.updaters.is_empty()
        || names_updates(&subject.endpoints)
        || subject.error.is_some()
}

fn number(kept: Vec<(&Place, Subject)>) -> Vec<Subject> {
    // The way down to the current subject: place, handle and children so far of each on it.
    let mut way: Vec<(&Place, String, usize)> = Vec::new();
    let mut subjects = Vec::new();
    for (place, mut subject) in kept {
        while way
            .last()
            .is_some_and(|(above, _, _)| !place.is_inside(above))
        {
            way.pop();
        }
        match way.last_mut() {
            None => subject.id = "1".into(),
            Some((_, above, children)) => {
                *children = children.saturating_add(1);
                subject.id = format!("{above}.{children}");
                subject.parent = Some(above.clone());
            }
        }
        way.push((place, subject.id.clone(), 0));
        subjects.push(subject);
    }
    subjects
}
