//! Whatever people do, in whatever order and whenever: the promises of an acceptance hold.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::tests::{at, content, facts};
use super::*;
use crate::id::PersonId;
use crate::role::{Role, Tier};

/// What may happen next.
#[derive(Debug, Clone)]
enum Step {
    Do(Deed, Person),
    /// The facts become these.
    Facts(usize, u64),
    /// Somebody else answers for the risk.
    Owner(usize),
    /// So many days pass; the job that notes it may run.
    Days(i32, bool),
}

#[derive(Debug, Clone)]
enum Deed {
    Edit(i32),
    Submit,
    /// Approves what is there, or what was there before.
    Approve {
        current: bool,
        on_behalf_of: Option<usize>,
    },
    Reject,
    Withdraw,
    Revoke,
}

#[derive(Debug, Clone, Copy)]
struct Person {
    number: usize,
    role: Role,
    tier: Tier,
    token: bool,
}

const PEOPLE: usize = 5;

fn name(number: usize) -> PersonId {
    PersonId::new(format!("p{number}"))
}

fn people() -> impl Strategy<Value = Person> {
    let roles = proptest::sample::select(Role::ALL);
    let tiers = proptest::sample::select(Tier::ALL);
    (0..PEOPLE, roles, tiers, proptest::bool::weighted(0.05)).prop_map(|(number, role, tier, token)| Person {
        number,
        role,
        tier,
        token,
    })
}

fn steps() -> impl Strategy<Value = Step> {
    let deed = prop_oneof![
        1 => (1i32..400).prop_map(Deed::Edit),
        3 => Just(Deed::Submit),
        8 => (proptest::bool::weighted(0.8), proptest::option::weighted(0.3, 0..PEOPLE))
            .prop_map(|(current, on_behalf_of)| Deed::Approve { current, on_behalf_of }),
        1 => Just(Deed::Reject),
        1 => Just(Deed::Withdraw),
        1 => Just(Deed::Revoke),
    ];
    prop_oneof![
        8 => (deed, people()).prop_map(|(deed, person)| Step::Do(deed, person)),
        1 => (0..Level::ALL.len(), 0u64..4).prop_map(|(level, rank)| Step::Facts(level, rank)),
        1 => (0..PEOPLE).prop_map(Step::Owner),
        2 => (0i32..200, any::<bool>()).prop_map(|(days, job)| Step::Days(days, job)),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn four_eyes_and_tiers_and_ends_and_facts_hold_whatever_happens(
        script in proptest::collection::vec(steps(), 1..60), days in 1i32..400, level in 0..Level::ALL.len(),
    ) {
        let authority = Authority::default();
        let mut day = 0;
        let mut now_facts = facts(Level::ALL[level], 2);
        let mut owners: BTreeSet<PersonId> = [name(1)].into();
        let asks = Actor::Member(Member { person: name(0), role: Role::Editor, tier: Tier::Low, delegations: vec![] });
        let first = propose(content(days), &asks, at(0)).map_err(|it| TestCaseError::fail(it.to_string()))?;
        let mut it = Acceptance::replay(AcceptanceKey(1), &[first]).ok_or_else(|| TestCaseError::fail("no start"))?;
        let mut shown_before = it.content_hash();
        // What the approvers of the decision in force were, when they approved.
        let mut worsened = false;
        for step in script {
            match step {
                Step::Facts(level, rank) => now_facts = facts(Level::ALL[level], rank),
                Step::Owner(number) => owners = [name(number)].into(),
                Step::Days(days, job) => {
                    day += days;
                    if !job { continue; }
                }
                Step::Do(..) => {}
            }
            let context = Context { now: at(day), facts: &now_facts, owners: &owners, authority: &authority, others: &[] };
            let (command, actor) = match &step {
                Step::Do(deed, person) => {
                    let command = match deed {
                        Deed::Edit(days) => Command::Edit(content(day + days)),
                        Deed::Submit => Command::Submit,
                        Deed::Approve { current, on_behalf_of } => Command::Approve {
                            shown: if *current { it.content_hash() } else { shown_before.clone() },
                            on_behalf_of: on_behalf_of.map(name),
                        },
                        Deed::Reject => Command::Reject { reason: "no".to_owned() },
                        Deed::Withdraw => Command::Withdraw,
                        Deed::Revoke => Command::Revoke { reason: "over".to_owned() },
                    };
                    // Everybody has delegated to everybody, at the highest tier, for 100 days.
                    let delegations = (0..PEOPLE).map(|from| Delegation {
                        from: name(from), to: name(person.number), until: at(100).day(), role: Role::Owner, tier: Tier::VeryHigh,
                    });
                    let member = Member {
                        person: name(person.number), role: person.role, tier: person.tier, delegations: delegations.collect(),
                    };
                    (command, if person.token { Actor::Token } else { Actor::Member(member) })
                }
                _ => (Command::Observe, Actor::Clock),
            };
            let before = it.clone();
            let approver = match (&command, &actor) {
                (Command::Approve { shown, on_behalf_of }, Actor::Member(member)) =>
                    Some((shown.clone(), on_behalf_of.clone(), member.clone())),
                _ => None,
            };
            match it.decide(command, &actor, &context) {
                Err(_) => prop_assert_eq!(&before, &it),
                Ok(events) => {
                    for event in &events {
                        if matches!(event, Event::Edited { .. } | Event::Submitted { .. }) {
                            shown_before = it.content_hash();
                            worsened = false;
                        }
                        it.apply(event);
                    }
                    if let Some((shown, on_behalf_of, member)) = approver {
                        let level = before.level().ok_or_else(|| TestCaseError::fail("approved without a level"))?;
                        prop_assert_eq!(shown, before.content_hash());
                        for person in std::iter::once(&member.person).chain(&on_behalf_of) {
                            prop_assert!(*person != before.requester && !before.authors.contains(person));
                            prop_assert!(!owners.contains(person));
                        }
                        prop_assert!(may_approve(member.role));
                        prop_assert!(on_behalf_of.is_some() || member.tier >= level.tier());
                        prop_assert!(on_behalf_of.is_none() || day <= 100);
                        prop_assert!(it.content.expires <= authority.latest_end(level, at(day).day()));
                        prop_assert!(!is_worse(&before.bound.as_ref().map(|it| it.changes(&now_facts)).unwrap_or_default()));
                    }
                }
            }
            if it.granted_at.is_some() {
                let level = it.level().ok_or_else(|| TestCaseError::fail("granted without a level"))?;
                let people: BTreeSet<&PersonId> = it.approvals.iter().flat_map(|it| it.people()).collect();
                let named: usize = it.approvals.iter().map(|it| it.people().count()).sum();
                // Nobody counts twice, in whatever part.
                prop_assert_eq!(people.len(), named);
                let fewest = if level >= Level::High { 2 } else { 1 };
                prop_assert!(it.approvals.len() >= fewest);
                worsened |= is_worse(&it.bound.as_ref().map(|it| it.changes(&now_facts)).unwrap_or_default())
                    && matches!(step, Step::Facts(..) | Step::Days(..));
            }
            let standing = it.standing(at(day), &now_facts);
            if standing.state.is_in_force() {
                prop_assert!(it.granted_at.is_some());
                prop_assert!(at(day).day() <= it.content.expires);
                prop_assert!(!is_worse(&standing.changes));
                // What got worse once, and was noted, never holds again.
                prop_assert!(!worsened);
            }
            if before.state(at(day)).is_final() {
                prop_assert_eq!(it.state(at(day)), before.state(at(day)));
            }
            if let Some(next) = standing.next_change {
                prop_assert!(next > at(day));
                prop_assert_ne!(it.state(next), it.state(Timestamp(next.0 - 1)));
                prop_assert_eq!(it.state(Timestamp(next.0 - 1)), it.state(at(day)));
            }
            prop_assert_eq!(Acceptance::replay(it.key, &it.history), Some(it.clone()));
        }
    }

    #[test]
    fn of_many_who_approve_at_once_exactly_as_many_count_as_are_needed(
        order in Just((2usize..52).collect::<Vec<_>>()).prop_shuffle(), level in 0..Level::ALL.len(),
    ) {
        let (level, authority, owners) = (Level::ALL[level], Authority::default(), BTreeSet::new());
        let now_facts = facts(level, 2);
        let context = Context { now: at(0), facts: &now_facts, owners: &owners, authority: &authority, others: &[] };
        let actor = |number| Actor::Member(Member {
            person: name(number), role: Role::Reviewer, tier: Tier::VeryHigh, delegations: vec![],
        });
        let first = propose(content(60), &actor(0), at(0)).map_err(|it| TestCaseError::fail(it.to_string()))?;
        let mut it = Acceptance::replay(AcceptanceKey(1), &[first]).ok_or_else(|| TestCaseError::fail("no start"))?;
        for event in it.decide(Command::Submit, &actor(0), &context).map_err(|it| TestCaseError::fail(it.to_string()))? {
            it.apply(&event);
        }
        let shown = it.content_hash();
        let mut granted = 0;
        for number in order {
            let command = Command::Approve { shown: shown.clone(), on_behalf_of: None };
            // Each comes one after the other to the one write path, with what it was shown before any of them.
            if let Ok(events) = it.decide(command, &actor(number), &context) {
                granted += events.iter().filter(|it| matches!(it, Event::Granted { .. })).count();
                for event in &events {
                    it.apply(event);
                }
            }
        }
        prop_assert_eq!(granted, 1);
        prop_assert_eq!(it.approvals.len(), usize::from(authority.terms(level).approvers));
    }
}
