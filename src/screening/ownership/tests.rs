//! What counts as owned or controlled, on chains made for each property.

use std::collections::BTreeSet;

use time::Date;

use super::{MAX_ENTITIES, Ownership, Reach, Remembered, reaches};
use crate::base::time::parse_date;
use crate::screening::instrument::AffiliateKind;
use crate::vendor::Directness;
use crate::vendor::ownership::{EntityRef, Interest, Relation, Standing};

struct Chain(Vec<Relation>);

impl Ownership for Chain {
    fn relations(&self, entity: &EntityRef, at: Date) -> Vec<Relation> {
        self.0
            .iter()
            .filter(|r| r.subject == *entity || r.interested_party == *entity)
            .filter(|r| r.from.is_none_or(|d| d <= at) && r.until.is_none_or(|d| at < d))
            .cloned()
            .collect()
    }
}

fn day() -> Date {
    parse_date("2026-01-01").unwrap()
}

fn place(key: &str) -> EntityRef {
    EntityRef::new("t", key)
}

fn edge(subject: &str, owner: &str, interest: Interest) -> Relation {
    Relation {
        subject: place(subject),
        interested_party: place(owner),
        interest,
        held: Directness::Direct,
        from: None,
        until: None,
        standing: Standing::Cited,
        text: format!("{owner} above {subject}"),
        evidence: Vec::new(),
    }
}

fn share(subject: &str, owner: &str, percent: u16) -> Relation {
    edge(subject, owner, Interest::Share(Some(percent * 100)))
}

fn under(kind: AffiliateKind, relations: Vec<Relation>, named: &[&str]) -> Vec<Reach> {
    let chain = Chain(relations);
    let named: BTreeSet<EntityRef> = named.iter().map(|n| place(n)).collect();
    reaches(&Remembered::new(&chain), &place("p"), &named, kind, day())
}

/// `yes`, `unknown`, or nothing.
fn majority(relations: Vec<Relation>, named: &[&str]) -> Option<&'static str> {
    let found = under(AffiliateKind::Majority, relations, named);
    let reach = found.first()?;
    Some(if reach.unknown.is_none() {
        "yes"
    } else {
        "unknown"
    })
}

#[test]
fn direct_shares_of_several_named_owners_add_up_and_all_of_them_are_printed() {
    let two = || vec![share("p", "a", 30), share("p", "b", 20)];
    let found = under(AffiliateKind::Majority, two(), &["a", "b"]);
    assert_eq!((found[0].path.len(), &found[0].unknown), (2, &None));
    assert_eq!(majority(two(), &["a"]), None, "30 % alone");
    let less = vec![share("p", "a", 30), share("p", "b", 19)];
    assert_eq!(majority(less, &["a", "b"]), None);
}

#[test]
fn a_company_owned_by_half_counts_as_its_owner_for_those_below() {
    let held = vec![share("m", "a", 50), share("p", "m", 50)];
    assert_eq!(majority(held, &["a"]), Some("yes"));
    let thin = vec![share("m", "a", 49), share("p", "m", 100)];
    assert_eq!(majority(thin, &["a"]), None);
    let several = vec![
        share("m", "a", 60),
        share("p", "m", 25),
        share("p", "b", 25),
    ];
    let found = under(AffiliateKind::Majority, several, &["a", "b"]);
    assert_eq!((found[0].path.len(), &found[0].unknown), (3, &None));
}

#[test]
fn what_may_be_the_same_shares_again_is_not_added() {
    let mut again = share("p", "a", 30);
    again.held = Directness::Indirect;
    assert_eq!(
        majority(vec![share("p", "a", 30), again.clone()], &["a"]),
        None,
        "one owner, stated twice"
    );
    assert_eq!(
        majority(
            vec![share("p", "m", 30), share("m", "a", 100), again],
            &["a"]
        ),
        Some("unknown"),
        "the indirect 30 % may be those of the company between"
    );
    let mut whole = share("p", "a", 55);
    whole.held = Directness::Indirect;
    assert_eq!(majority(vec![whole], &["a"]), Some("yes"));
}

#[test]
fn votes_control_and_consolidated_accounts_are_no_shares() {
    for interest in [
        Interest::Votes(Some(10_000)),
        Interest::Control,
        Interest::Consolidation,
        Interest::Share(None),
        Interest::Group,
    ] {
        assert_eq!(
            majority(vec![edge("p", "a", interest)], &["a"]),
            Some("unknown"),
            "{interest:?}"
        );
    }
}

#[test]
fn a_share_that_nobody_cites_leaves_the_answer_open() {
    let mut uncited = share("p", "a", 100);
    uncited.standing = Standing::Unverified;
    assert_eq!(majority(vec![uncited], &["a"]), Some("unknown"));
}

#[test]
fn a_cycle_of_owners_owns_nothing_by_itself() {
    let cycle = vec![
        share("p", "m", 100),
        share("m", "p", 100),
        share("m", "a", 10),
    ];
    assert_eq!(majority(cycle, &["a"]), None);
    let held = vec![
        share("p", "m", 60),
        share("m", "p", 50),
        share("m", "a", 50),
    ];
    assert_eq!(majority(held, &["a"]), Some("yes"));
}

#[test]
fn a_relation_counts_only_while_it_holds() {
    let mut past = share("p", "a", 100);
    past.until = parse_date("2026-01-01");
    assert_eq!(majority(vec![past], &["a"]), None);
    let mut coming = share("p", "a", 100);
    coming.from = parse_date("2026-01-02");
    assert_eq!(majority(vec![coming], &["a"]), None);
}

#[test]
fn control_needs_more_than_half_or_a_statement_of_control() {
    let reached = |interest| {
        let found = under(
            AffiliateKind::Control,
            vec![edge("p", "a", interest)],
            &["a"],
        );
        found.first().map(|r| r.unknown.is_none())
    };
    assert_eq!(reached(Interest::Share(Some(5_000))), None);
    assert_eq!(reached(Interest::Votes(Some(5_000))), None);
    assert_eq!(reached(Interest::Share(Some(5_001))), Some(true));
    assert_eq!(reached(Interest::Votes(Some(5_001))), Some(true));
    assert_eq!(reached(Interest::Consolidation), Some(true));
    assert_eq!(reached(Interest::Votes(None)), Some(false));
}

#[test]
fn whom_a_named_one_controls_is_reached_and_its_sisters_are_not() {
    let sisters = || vec![share("p", "top", 100), share("a", "top", 100)];
    assert_eq!(under(AffiliateKind::Controlled, sisters(), &["a"]).len(), 0);
    let found = under(AffiliateKind::AnyAffiliate, sisters(), &["a"]);
    assert_eq!(found[0].path.len(), 2, "up to the common owner and down");
    let below = vec![share("a", "p", 100)];
    assert_eq!(
        under(AffiliateKind::Controlled, below.clone(), &["a"]).len(),
        0
    );
    assert_eq!(under(AffiliateKind::AnyAffiliate, below, &["a"]).len(), 1);
}

#[test]
fn a_chain_that_is_not_followed_to_its_end_is_said() {
    let long: Vec<Relation> = (0..12)
        .map(|n| {
            let subject = if n == 0 {
                "p".to_owned()
            } else {
                format!("m{n}")
            };
            share(&subject, &format!("m{}", n + 1), 100)
        })
        .collect();
    let wide: Vec<Relation> = (0..MAX_ENTITIES + 5)
        .map(|n| share("p", &format!("o{n}"), 1))
        .collect();
    for relations in [long, wide] {
        let chain = Chain(relations);
        let remembered = Remembered::new(&chain);
        let named = BTreeSet::from([place("far")]);
        let found = reaches(
            &remembered,
            &place("p"),
            &named,
            AffiliateKind::AnyAffiliate,
            day(),
        );
        assert!(found.is_empty());
        assert_eq!(remembered.gaps().len(), 1, "{:?}", remembered.gaps());
    }
    let short = Chain(vec![share("p", "m", 100)]);
    let remembered = Remembered::new(&short);
    reaches(
        &remembered,
        &place("p"),
        &BTreeSet::from([place("far")]),
        AffiliateKind::AnyAffiliate,
        day(),
    );
    assert!(remembered.gaps().is_empty());
}
