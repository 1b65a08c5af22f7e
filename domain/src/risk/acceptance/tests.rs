#![expect(clippy::unwrap_used, reason = "tests")]

use std::collections::BTreeMap;

use super::*;
use crate::risk::bound::Grade;
use crate::risk::record::Link;
use crate::role::{Role, Tier};

pub(super) const DAY: i64 = 86_400;

pub(super) fn at(day: i32) -> Timestamp {
    Day(20_000 + day).start().plus_seconds(DAY / 2)
}

pub(super) fn member(name: &str, tier: Tier) -> Actor {
    Actor::Member(Member { person: name.into(), role: Role::Reviewer, tier, delegations: Vec::new() })
}

/// Facts at a level, with a number that is worse the higher it is.
pub(super) fn facts(level: Level, rank: u64) -> Bound {
    let link = Link::Element("pan".into());
    let attributes = [("open".to_owned(), Grade::Rank(rank, rank.to_string()))].into();
    Bound { level, links: [link.clone()].into(), findings: BTreeMap::new(), objects: [(link, attributes)].into() }
}

pub(super) fn content(days: i32) -> Content {
    Content {
        risk: Some(RiskKey(1)),
        findings: BTreeSet::new(),
        justification: "the new vault replaces it in spring".to_owned(),
        conditions: String::new(),
        begins: None,
        expires: at(days).day(),
    }
}

struct Bench {
    facts: Bound,
    owners: BTreeSet<PersonId>,
    authority: Authority,
    others: Vec<Acceptance>,
}

impl Bench {
    fn of(level: Level) -> Self {
        let owners = [PersonId::from("owner")].into();
        Self { facts: facts(level, 5), owners, authority: Authority::default(), others: Vec::new() }
    }

    fn context(&self, day: i32) -> Context<'_> {
        let (facts, owners, authority) = (&self.facts, &self.owners, &self.authority);
        Context { now: at(day), facts, owners, authority, others: &self.others }
    }

    fn proposed(&self, days: i32) -> Acceptance {
        let event = propose(content(days), &member("asks", Tier::Low), at(0)).unwrap();
        Acceptance::replay(AcceptanceKey(1), &[event]).unwrap()
    }

    fn submitted(&self, days: i32) -> Acceptance {
        let mut it = self.proposed(days);
        self.run(&mut it, Command::Submit, &member("asks", Tier::Low), 0).unwrap();
        it
    }

    fn run(&self, it: &mut Acceptance, command: Command, actor: &Actor, day: i32) -> Result<(), Refusal> {
        for event in it.decide(command, actor, &self.context(day))? {
            it.apply(&event);
        }
        Ok(())
    }

    fn approve(&self, it: &mut Acceptance, who: &Actor, day: i32) -> Result<(), Refusal> {
        let shown = it.content_hash();
        self.run(it, Command::Approve { shown, on_behalf_of: None }, who, day)
    }
}

#[test]
fn one_person_accepts_a_moderate_risk_and_two_a_high_one() {
    let bench = Bench::of(Level::Moderate);
    let mut it = bench.submitted(300);
    bench.approve(&mut it, &member("ciso", Tier::Moderate), 1).unwrap();
    assert_eq!(it.state(at(1)), State::Active);

    let bench = Bench::of(Level::High);
    let mut it = bench.submitted(150);
    bench.approve(&mut it, &member("ciso", Tier::High), 1).unwrap();
    assert_eq!(it.state(at(1)), State::InReview);
    assert_eq!(bench.approve(&mut it, &member("ciso", Tier::High), 1), Err(Refusal::ApprovedAlready));
    bench.approve(&mut it, &member("cfo", Tier::VeryHigh), 2).unwrap();
    assert_eq!(it.state(at(2)), State::Active);
}

#[test]
fn nobody_approves_their_own_request_or_risk_or_above_their_tier() {
    let bench = Bench::of(Level::High);
    let mut it = bench.submitted(150);
    assert_eq!(bench.approve(&mut it, &member("asks", Tier::VeryHigh), 1), Err(Refusal::OwnRequest));
    assert_eq!(bench.approve(&mut it, &member("owner", Tier::VeryHigh), 1), Err(Refusal::OwnRisk));
    assert_eq!(bench.approve(&mut it, &member("ciso", Tier::Moderate), 1), Err(Refusal::Tier(Tier::High)));
    assert_eq!(bench.approve(&mut it, &Actor::Token, 1), Err(Refusal::NoPerson));
    let viewer = Member { person: "v".into(), role: Role::Viewer, tier: Tier::VeryHigh, delegations: Vec::new() };
    assert_eq!(bench.approve(&mut it, &Actor::Member(viewer), 1), Err(Refusal::Role));
}

#[test]
fn a_deputy_acts_by_a_recorded_delegation_and_with_its_bars() {
    let bench = Bench::of(Level::High);
    let mut it = bench.submitted(150);
    let delegation = |from: &str, until: i32| Delegation {
        from: from.into(),
        to: "deputy".into(),
        until: at(until).day(),
        role: Role::Reviewer,
        tier: Tier::High,
    };
    let delegations =
        vec![delegation("ciso", 10), delegation("owner", 10), delegation("cfo", 0), delegation("deputy", 10)];
    let deputy = Member { person: "deputy".into(), role: Role::Reviewer, tier: Tier::Low, delegations };
    let deputy = Actor::Member(deputy);
    let approve = |it: &mut Acceptance, who: &Actor, from: &str| {
        let shown = it.content_hash();
        bench.run(it, Command::Approve { shown, on_behalf_of: Some(from.into()) }, who, 1)
    };
    assert_eq!(bench.approve(&mut it, &deputy, 1), Err(Refusal::Tier(Tier::High)));
    assert_eq!(approve(&mut it, &deputy, "owner"), Err(Refusal::OwnRisk));
    assert_eq!(approve(&mut it, &deputy, "cfo"), Err(Refusal::NoDelegation));
    assert_eq!(approve(&mut it, &deputy, "stranger"), Err(Refusal::NoDelegation));
    assert_eq!(approve(&mut it, &deputy, "deputy"), Err(Refusal::NoDelegation), "nobody is their own deputy");
    assert_eq!(approve(&mut it, &deputy, "ciso"), Ok(()));
    // Neither the one who delegated nor the deputy is a second person now.
    assert_eq!(bench.approve(&mut it, &member("ciso", Tier::High), 1), Err(Refusal::ApprovedAlready));
    assert_eq!(it.approvals[0].on_behalf_of, Some("ciso".into()));
}

#[test]
fn an_edit_voids_the_approvals_and_what_was_shown() {
    let bench = Bench::of(Level::High);
    let mut it = bench.submitted(150);
    let shown = it.content_hash();
    bench.approve(&mut it, &member("ciso", Tier::High), 1).unwrap();
    bench.run(&mut it, Command::Edit(content(170)), &member("helper", Tier::Low), 1).unwrap();
    assert!(it.approvals.is_empty());
    assert_eq!(it.state(at(1)), State::Proposed);
    bench.run(&mut it, Command::Submit, &member("asks", Tier::Low), 1).unwrap();
    let stale = Command::Approve { shown, on_behalf_of: None };
    assert_eq!(bench.run(&mut it, stale, &member("ciso", Tier::High), 1), Err(Refusal::OtherContent));
    assert_eq!(bench.approve(&mut it, &member("helper", Tier::High), 1), Err(Refusal::OwnRequest));
}

#[test]
fn worse_facts_end_an_acceptance_for_good_and_better_ones_are_shown() {
    let mut bench = Bench::of(Level::Moderate);
    let mut it = bench.submitted(300);
    bench.approve(&mut it, &member("ciso", Tier::Moderate), 1).unwrap();
    let submitted = it.bound.clone();
    bench.facts = facts(Level::Low, 4);
    bench.run(&mut it, Command::Observe, &Actor::Clock, 2).unwrap();
    assert_eq!((it.state(at(2)), it.improvements.len()), (State::Active, 2));
    assert_eq!(it.decide(Command::Observe, &Actor::Clock, &bench.context(2)), Ok(vec![]));
    bench.facts = facts(Level::Moderate, 6);
    assert_eq!(it.standing(at(2), &bench.facts).state, State::Lapsed);
    bench.run(&mut it, Command::Observe, &Actor::Clock, 2).unwrap();
    bench.facts = facts(Level::Moderate, 5);
    assert_eq!(it.standing(at(3), &bench.facts).state, State::Lapsed);
    assert_eq!(it.bound, submitted);
    let Some(event @ Event::Lapsed { .. }) = it.history.last() else { panic!("{:?}", it.history) };
    let happens = consequences(&it, event);
    assert_eq!(happens[0], Consequence::Reopen(RiskKey(1)));
    assert!(matches!(happens[1], Consequence::Task { who: None, .. }));
}

#[test]
fn facts_that_get_worse_in_review_send_it_back() {
    let mut bench = Bench::of(Level::High);
    let mut it = bench.submitted(150);
    bench.approve(&mut it, &member("ciso", Tier::High), 1).unwrap();
    bench.facts = facts(Level::High, 6);
    assert!(matches!(bench.approve(&mut it, &member("cfo", Tier::High), 1), Err(Refusal::FactsWorse(_))));
    bench.run(&mut it, Command::Observe, &Actor::Clock, 1).unwrap();
    assert_eq!((it.state(at(1)), it.approvals.len()), (State::Proposed, 0));
}

#[test]
fn an_acceptance_ends_by_itself() {
    let bench = Bench::of(Level::Moderate);
    let mut it = bench.submitted(100);
    bench.approve(&mut it, &member("ciso", Tier::Moderate), 1).unwrap();
    assert_eq!(it.state(at(70)), State::Active);
    assert_eq!(it.state(at(71)), State::Expiring);
    assert_eq!(it.state(at(100)), State::Expiring);
    assert_eq!(it.state(at(101)), State::Expired);
    assert_eq!(it.next_change(at(1)), Some(at(71).day().start()));
    assert_eq!(it.next_change(at(80)), Some(at(101).day().start()));
    // The job did not run for a year: it is over all the same, and noted when it does.
    bench.run(&mut it, Command::Observe, &Actor::Clock, 465).unwrap();
    assert!(matches!(it.history.last(), Some(Event::Expired { .. })));
    assert_eq!(it.decide(Command::Observe, &Actor::Clock, &bench.context(500)), Ok(vec![]));
}

#[test]
fn terms_limit_the_end_and_very_high_is_renewed_once() {
    let bench = Bench::of(Level::VeryHigh);
    let mut long = bench.proposed(100);
    let refused = bench.run(&mut long, Command::Submit, &member("asks", Tier::Low), 0);
    assert!(matches!(refused, Err(Refusal::TooLong(_))), "{refused:?}");

    let mut bench = Bench::of(Level::VeryHigh);
    for number in 2..4 {
        let mut it = Acceptance { key: AcceptanceKey(number), ..bench.submitted(80) };
        bench.approve(&mut it, &member("ciso", Tier::VeryHigh), 0).unwrap();
        bench.approve(&mut it, &member("ceo", Tier::VeryHigh), 0).unwrap();
        bench.others.push(it);
    }
    let mut third = bench.proposed(80);
    let submit = |it: &mut Acceptance| bench.run(it, Command::Submit, &member("asks", Tier::Low), 0);
    assert_eq!(submit(&mut third), Err(Refusal::RenewedTooOften));
    let mut other = Acceptance { content: Content { risk: Some(RiskKey(2)), ..content(80) }, ..third };
    assert_eq!(submit(&mut other), Ok(()));
}

#[test]
fn what_is_incomplete_is_not_asked_for() {
    let ask = |content| propose(content, &member("asks", Tier::Low), at(10)).err();
    assert_eq!(ask(Content { justification: "why not".to_owned(), ..content(20) }), Some(Refusal::Justification));
    assert_eq!(ask(content(9)), Some(Refusal::Over));
    assert_eq!(ask(Content { begins: Some(at(30).day()), ..content(20) }), Some(Refusal::Over));
    assert_eq!(ask(Content { risk: None, ..content(20) }), Some(Refusal::Nothing));
    assert_eq!(ask(content(10)), None);
}

#[test]
fn events_survive_the_way_through_json_and_make_the_same_acceptance() {
    let bench = Bench::of(Level::Moderate);
    let mut it = bench.submitted(300);
    bench.approve(&mut it, &member("ciso", Tier::Moderate), 1).unwrap();
    let text = serde_json::to_string(&it.history).unwrap();
    let events: Vec<Event> = serde_json::from_str(&text).unwrap();
    assert_eq!(Acceptance::replay(it.key, &events), Some(it));
}
