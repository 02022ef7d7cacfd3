//! Collects what is noticed about one signature, and folds it to its integrity.

use std::ops::Range;

use crate::model::evidence::{Evidence, Source};
use crate::model::finding::{Definition, Finding, Status};
use crate::model::signature::{Integrity, SignatureId};

/// Where in the envelope something stands.
pub(crate) type Place = Range<usize>;

/// What was noticed about one signature or token.
#[derive(Debug)]
pub(crate) struct Notes<'a> {
    id: &'a SignatureId,
    /// Where the envelope starts in the file.
    base: u64,
    findings: Vec<Finding>,
    reasons: Vec<&'static str>,
    unverifiable: Option<String>,
    proven: bool,
}

impl<'a> Notes<'a> {
    /// For an envelope that starts at `base` in the file.
    pub(crate) fn new(id: &'a SignatureId, base: u64) -> Self {
        Self {
            id,
            base,
            findings: Vec::new(),
            reasons: Vec::new(),
            unverifiable: None,
            proven: false,
        }
    }

    /// Where the envelope starts in the file.
    pub(crate) fn base(&self) -> u64 {
        self.base
    }

    /// A fault that makes the signature invalid.
    pub(crate) fn fail(
        &mut self,
        definition: &'static Definition,
        message: impl Into<String>,
        place: Place,
    ) {
        self.note(definition, Status::Fail, message, place);
        self.invalid(definition.id);
    }

    /// Something noticed that leaves integrity alone.
    pub(crate) fn note(
        &mut self,
        definition: &'static Definition,
        status: Status,
        message: impl Into<String>,
        place: Place,
    ) {
        let evidence = self.evidence(&place);
        self.push(Finding::new(definition, status, message).with(evidence));
    }

    /// A finding made elsewhere; one that was made already is not repeated.
    pub(crate) fn push(&mut self, finding: Finding) {
        let finding = finding.about(self.id);
        if !self.findings.contains(&finding) {
            self.findings.push(finding);
        }
    }

    /// A reason for being invalid whose finding is recorded elsewhere.
    pub(crate) fn invalid(&mut self, reason: &'static str) {
        if !self.reasons.contains(&reason) {
            self.reasons.push(reason);
        }
    }

    /// Something needed cannot be computed; the first one is named.
    pub(crate) fn unverifiable(&mut self, what: impl Into<String>) {
        self.unverifiable.get_or_insert_with(|| what.into());
    }

    /// A signature was computed and holds.
    pub(crate) fn proven(&mut self) {
        self.proven = true;
    }

    /// Bytes of the envelope as evidence.
    pub(crate) fn evidence(&self, place: &Place) -> Evidence {
        let number = |n: usize| u64::try_from(n).unwrap_or(u64::MAX);
        Evidence::bytes(
            Source::Embedded,
            self.base.saturating_add(number(place.start)),
            number(place.len()),
        )
    }

    /// Was this noticed.
    pub(crate) fn has(&self, definition: &Definition) -> bool {
        self.findings
            .iter()
            .any(|f| f.definition.id == definition.id)
    }

    /// The fold. Valid is earned: nothing wrong, nothing unknown, and a signature that was computed.
    pub(crate) fn integrity(&self) -> Integrity {
        match (&self.reasons[..], &self.unverifiable) {
            ([], None) if self.proven => Integrity::Valid,
            ([], None) => Integrity::Unverifiable("nothing was verified".into()),
            ([], Some(what)) => Integrity::Unverifiable(what.clone()),
            (reasons, _) => Integrity::Invalid(reasons.to_vec()),
        }
    }

    /// What was noticed, in order.
    pub(crate) fn into_findings(self) -> Vec<Finding> {
        self.findings
    }
}

#[cfg(test)]
mod tests {
    use super::Notes;
    use crate::model::signature::{Integrity, SignatureId};
    use crate::verify::findings::signature as f;

    #[test]
    fn validity_is_earned_and_nothing_noticed_is_not_enough() {
        let id = SignatureId("1".into());
        let mut notes = Notes::new(&id, 0);
        assert!(matches!(notes.integrity(), Integrity::Unverifiable(_)));
        notes.proven();
        assert_eq!(notes.integrity(), Integrity::Valid);
        notes.unverifiable("GOST");
        assert_eq!(notes.integrity(), Integrity::Unverifiable("GOST".into()));
        notes.fail(&f::BAD_SIGNATURE, "", 0..1);
        notes.fail(&f::BAD_SIGNATURE, "", 0..1);
        assert_eq!(
            notes.integrity(),
            Integrity::Invalid(vec![f::BAD_SIGNATURE.id])
        );
    }
}
