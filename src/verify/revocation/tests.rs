use super::{Entry, Tally, Unusable};
use crate::base::time::parse_rfc3339;
use crate::model::signature::RevocationStatus;

#[test]
fn nothing_asked_and_nothing_answered_is_not_checked() {
    assert_eq!(
        Tally::default().fold().revocation.status,
        RevocationStatus::NotChecked
    );
}

#[test]
fn good_needs_an_answer_for_every_certificate() {
    let answered = Tally {
        good: 2,
        ..Tally::default()
    };
    assert_eq!(answered.fold().revocation.status, RevocationStatus::Good);
    let partly = Tally {
        good: 1,
        silent: vec!["CA".into()],
        ..Tally::default()
    };
    assert_eq!(partly.fold().revocation.status, RevocationStatus::Unknown);
    let unusable = Tally {
        good: 1,
        unusable: Some((Unusable::Stale, "stale".into())),
        ..Tally::default()
    };
    let checked = unusable.fold();
    assert_eq!(checked.revocation.status, RevocationStatus::Unknown);
    assert_eq!(checked.unusable, Some(Unusable::Stale));
}

#[test]
fn an_invalidity_date_counts_from_itself() {
    let day = |text| parse_rfc3339(text).unwrap();
    let entry = |invalid_since| Entry {
        at: day("2025-06-01"),
        reason: Some(1),
        invalid_since,
    };
    assert_eq!(entry(None).effective(), day("2025-06-01"));
    assert_eq!(
        entry(Some(day("2024-01-01"))).effective(),
        day("2024-01-01")
    );
    assert_eq!(
        entry(Some(day("2026-01-01"))).effective(),
        day("2025-06-01"),
        "never later than the revocation"
    );
}
