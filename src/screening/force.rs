//! Whether an entry of an instrument is in force at a date. Issued, published, effective and ended are four different days.

use time::Date;

use crate::model::party::InForce;
use crate::screening::instrument::{AffiliateRule, Effect, Entry, Instrument, PeriodState, Phase};

/// State of an entry at a date.
#[derive(Debug, Clone)]
pub(super) struct State<'i> {
    /// In force, and if not, why.
    pub in_force: InForce,
    /// The phase that holds.
    pub phase: Option<&'i Phase>,
    /// From when.
    pub effective_from: Option<Date>,
    /// The effect at that date.
    pub effect: Effect,
    /// The dates themselves are cited.
    pub verified: bool,
}

/// The state of `entry` at `at`; `None` where nothing was issued yet.
pub(super) fn of<'i>(instrument: &'i Instrument, entry: &'i Entry, at: Date) -> Option<State<'i>> {
    let first = first_day(instrument, entry);
    if first.is_some_and(|first| at < first) {
        return None;
    }
    let mut state = State {
        in_force: InForce::Yes,
        phase: None,
        effective_from: entry.from.or(instrument.effective).or(first),
        effect: instrument.effect,
        verified: instrument.verified && entry.verified,
    };
    if let Some(end) = [entry.until, instrument.ends].into_iter().flatten().min()
        && end <= at
    {
        state.in_force = InForce::No(format!("ended on {end}"));
    } else if let Some(reason) = edition(instrument, entry, at, &mut state) {
        state.in_force = reason;
    } else if let Some(seen) = entry.seen.filter(|seen| at < *seen) {
        state.in_force = InForce::Unknown(format!(
            "seen on the list on {seen}; since when is not recorded"
        ));
    } else if instrument.phases.is_empty() {
        if let Some(from) = state.effective_from
            && at < from
        {
            state.in_force = InForce::No(not_yet(first, from));
        }
    } else {
        phase(instrument, at, first, &mut state);
    }
    if state.in_force == InForce::Yes
        && let Some(why) = &entry.unconfirmed
    {
        state.in_force = InForce::Unknown(why.clone());
    }
    Some(state)
}

/// The day that the entry could first be known: the edition or notice that named it, else the instrument's own issue.
fn first_day(instrument: &Instrument, entry: &Entry) -> Option<Date> {
    entry
        .editions
        .iter()
        .min()
        .copied()
        .or(entry.from)
        .or(instrument.issued)
}

/// What the edition that holds at `at` says of the entry, where it does not name it; otherwise nothing.
fn edition(
    instrument: &Instrument,
    entry: &Entry,
    at: Date,
    state: &mut State<'_>,
) -> Option<InForce> {
    let published = || instrument.editions.iter().filter(|e| e.date <= at);
    let current = published().rfind(|e| !e.adds)?;
    state.verified &= current.verified;
    state.effective_from = entry
        .editions
        .iter()
        .filter(|d| **d <= at)
        .min()
        .copied()
        .or(state.effective_from);
    let named = published()
        .filter(|e| e.date >= current.date)
        .any(|e| entry.editions.contains(&e.date));
    if named {
        return None;
    }
    Some(if current.partial {
        InForce::Unknown(format!(
            "the edition of {} is transcribed here only in part; an earlier one names it",
            current.date
        ))
    } else {
        InForce::No(format!("the edition of {} does not name it", current.date))
    })
}

fn phase<'i>(instrument: &'i Instrument, at: Date, first: Option<Date>, state: &mut State<'i>) {
    if let Some(current) = instrument.phases.iter().rfind(|p| p.from <= at) {
        state.phase = Some(current);
        state.verified &= current.verified;
        state.effective_from = Some(
            state
                .effective_from
                .map_or(current.from, |from| from.max(current.from)),
        );
        state.effect = current.effect.unwrap_or(instrument.effect);
    } else if let Some(next) = instrument.phases.first() {
        state.in_force = InForce::No(not_yet(first, next.from));
        state.effective_from = Some(next.from);
        state.effect = next.effect.unwrap_or(instrument.effect);
    }
}

fn not_yet(issued: Option<Date>, from: Date) -> String {
    match issued {
        Some(issued) => format!("issued on {issued}, takes effect on {from}"),
        None => format!("takes effect on {from}"),
    }
}

/// State of an affiliate rule at a date; `None` where there was no such rule.
pub(super) fn rule(rule: &AffiliateRule, at: Date) -> Option<InForce> {
    if rule.periods.is_empty() {
        return Some(InForce::Yes);
    }
    let period = rule
        .periods
        .iter()
        .rfind(|p| p.from <= at && p.until.is_none_or(|until| at < until))?;
    Some(match period.state {
        PeriodState::InForce => InForce::Yes,
        PeriodState::Suspended => InForce::No(period.text.clone()),
        PeriodState::Unconfirmed => InForce::Unknown(period.text.clone()),
    })
}

/// Both hold only where both are in force; a known no outweighs an unknown.
pub(super) fn both(a: InForce, b: InForce) -> InForce {
    match (a, b) {
        (InForce::Yes, other) => other,
        (no @ InForce::No(_), _) => no,
        (InForce::Unknown(_), no @ InForce::No(_)) => no,
        (unknown @ InForce::Unknown(_), InForce::Yes | InForce::Unknown(_)) => unknown,
    }
}
