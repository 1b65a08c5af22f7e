//! What the life of a proposal promises, whatever people do in whatever order, while others change the model.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use domain::command::{Command, Revision};
use domain::id::{AccountId, FlowId, PersonId, SystemId};
use domain::model::Model;
use domain::model::fact::Fact;
use domain::model::flow::Flow;
use domain::model::object::{Object, ObjectRef};
use domain::model::party::{PartyKind, Person};
use domain::model::system::System;
use domain::problem::{FieldCode, Problem};
use domain::proposal::{Acting, Choice, Circle, Gate, Need, Proposal, ProposalKey, State, Step, Wish};
use domain::role::Role;
use domain::time::Timestamp;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::json;

const PEOPLE: [(&str, Role); 6] = [
    ("asks", Role::Editor),
    ("owns", Role::Reviewer),
    ("edits", Role::Editor),
    ("heads", Role::Admin),
    ("looks", Role::Viewer),
    ("audits", Role::Auditor),
];
const SYSTEMS: [&str; 4] = ["shop", "gateway", "vault", "wiki"];

/// Three systems in a row; the first is the requester's own, the second somebody else's, the third nobody's.
fn live() -> Model {
    let mut model = Model::default();
    for person in ["asks", "owns"] {
        let person = Person {
            id: PersonId::new(person),
            name: person.to_owned(),
            kind: PartyKind::Person,
            mail: None,
            function: None,
            facts: BTreeMap::new(),
        };
        model.put(Object::Person(Arc::new(person)));
    }
    for (key, owner) in [("shop", Some("asks")), ("gateway", Some("owns")), ("vault", None)] {
        let mut system = System::new(SystemId::new(key), key);
        if let Some(owner) = owner {
            system.facts.insert("owner".to_owned(), Fact::of(json!(owner)));
        }
        model.put(Object::System(Arc::new(system)));
    }
    for (key, from, to) in [("sale", "shop", "gateway"), ("keep", "gateway", "vault")] {
        model.put(Object::Flow(Arc::new(Flow::new(FlowId::new(key), from.into(), to.into()))));
    }
    model
}

fn circle(people: usize) -> Circle {
    let members: BTreeMap<AccountId, Role> =
        PEOPLE.iter().take(people).map(|(name, role)| (AccountId::new(*name), *role)).collect();
    let accounts = members.keys().map(|id| (PersonId::new(id.as_str()), id.clone())).collect();
    Circle { members, accounts }
}

/// What somebody does next.
#[derive(Debug, Clone)]
enum Act {
    /// Changes the draft, or the live model beside it.
    Rename {
        draft: bool,
        system: &'static str,
        name: u8,
    },
    Reroute {
        draft: bool,
        flow: &'static str,
        to: &'static str,
    },
    Delete {
        draft: bool,
        flow: &'static str,
    },
    Step(Step),
}

fn act() -> impl Strategy<Value = Act> {
    let flow = || select(&["sale", "keep"][..]);
    let object = prop_oneof![
        select(&SYSTEMS[..]).prop_map(|it| ObjectRef::System(it.into())),
        flow().prop_map(|it| ObjectRef::Flow(it.into())),
    ];
    let need = prop_oneof![Just(Need::Security), select(&SYSTEMS[..]).prop_map(|it| Need::Owner(it.into()))];
    let draft = || proptest::bool::weighted(0.7);
    prop_oneof![
        2 => (draft(), select(&SYSTEMS[..3]), 0..3_u8)
            .prop_map(|(draft, system, name)| Act::Rename { draft, system, name }),
        1 => (draft(), flow(), select(&SYSTEMS[..3])).prop_map(|(draft, flow, to)| Act::Reroute { draft, flow, to }),
        1 => (draft(), flow()).prop_map(|(draft, flow)| Act::Delete { draft, flow }),
        4 => select(Gate::ALL).prop_map(|gate| Act::Step(Step::Pass(gate, "seen".to_owned()))),
        1 => select(Gate::ALL).prop_map(|gate| Act::Step(Step::Reopen(gate))),
        4 => Just(Act::Step(Step::Submit)),
        9 => need.prop_map(|need| Act::Step(Step::Approve(need))),
        2 => (object.clone(), select(Choice::ALL)).prop_map(|(it, choice)| Act::Step(Step::Resolve(it, choice))),
        1 => object.prop_map(|it| Act::Step(Step::Drop(it))),
        5 => Just(Act::Step(Step::Merge)),
    ]
}

/// A proposal beside a model, and what the promises need to know of its past.
struct World {
    model: Model,
    revision: Revision,
    circle: Circle,
    proposal: Proposal,
}

impl World {
    fn new(people: usize) -> Self {
        let wish = Wish::parse("Move", "The old one goes.").unwrap();
        let key = ProposalKey::of_number(1).unwrap();
        let proposal = Proposal::new(key, wish, AccountId::new("asks"), Timestamp(0));
        Self { model: live(), revision: Revision(1), circle: circle(people), proposal }
    }

    fn command(&self, model: &Model, act: &Act) -> Option<Command> {
        let seen = Revision(i64::MAX);
        match act {
            Act::Rename { system, name, .. } => {
                let mut system = System::clone(model.systems.get(*system)?);
                system.name = format!("Name {name}");
                Some(Command::EditSystem(Box::new(system), seen))
            }
            Act::Reroute { flow, to, .. } => {
                let mut flow = Flow::clone(model.flows.get(*flow)?);
                flow.to = (*to).into();
                Some(Command::EditFlow(Box::new(flow), seen))
            }
            Act::Delete { flow, .. } => Some(Command::DeleteFlow((*flow).into(), seen)),
            Act::Step(_) => None,
        }
    }

    /// Does it; whether it was carried out.
    fn act(&mut self, who: &AccountId, act: &Act) -> Result<(), Problem> {
        let live = self.model.clone();
        let acting = Acting { who, at: Timestamp(self.revision.0), live: &live, circle: &self.circle };
        match act {
            Act::Rename { draft: true, .. } | Act::Reroute { draft: true, .. } | Act::Delete { draft: true, .. } => {
                let drafted = self.proposal.drafted(&live);
                let command = self.command(&drafted, act).ok_or(Problem::NotFound)?;
                let (_, change) = drafted.apply(&command, |_| Some(Revision(1)))?;
                self.proposal.edit(&acting, &change)
            }
            Act::Step(Step::Merge) => {
                let merge = self.proposal.merge(&acting)?;
                let (after, _) = live.apply(&Command::Merge(Box::new(merge)), |_| Some(Revision(1)))?;
                self.revision.0 += 1;
                self.proposal.merged(&acting, self.revision);
                self.model = after;
                Ok(())
            }
            Act::Step(step) => self.proposal.step(&acting, step.clone()),
            direct => {
                let command = self.command(&live, direct).ok_or(Problem::NotFound)?;
                self.model = live.apply(&command, |_| Some(Revision(1)))?.0;
                self.revision.0 += 1;
                Ok(())
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn nobody_approves_their_own_and_nothing_is_merged_early_or_over_others(
        people in 1..=PEOPLE.len(),
        acts in proptest::collection::vec((0..PEOPLE.len(), act()), 1..60),
    ) {
        let mut world = World::new(people);
        for (who, act) in acts {
            let who = AccountId::new(PEOPLE[who % people].0);
            let (before, model) = (world.proposal.clone(), world.model.clone());
            let was_alone = world.circle.is_alone();
            let done = world.act(&who, &act);
            let proposal = &world.proposal;
            if done.is_err() {
                prop_assert_eq!(proposal, &before, "what is refused changes nothing");
                prop_assert_eq!(&world.model, &model);
            }
            for (need, approval) in &proposal.approvals {
                prop_assert_ne!(&approval.by, &proposal.requester);
                let role = world.circle.members[&approval.by];
                prop_assert!(!matches!(role, Role::Viewer | Role::Auditor), "{need} by {role}");
            }
            if let Some(review) = proposal.gates.get(&Gate::PeerReview) {
                prop_assert!(review.by != proposal.requester || was_alone);
            }
            if proposal.edits != before.edits && !matches!(proposal.state, State::Merged(_)) {
                prop_assert!(proposal.approvals.is_empty(), "what was approved was something else");
                prop_assert_eq!(&proposal.state, &State::Draft);
                prop_assert_eq!(&who, &proposal.requester);
            }
            if let State::Merged(merged) = &proposal.state {
                prop_assert!(before.state == State::Review);
                prop_assert_eq!(before.open_gates().count(), 0);
                prop_assert_eq!(before.open_needs(&world.circle), BTreeSet::new());
                prop_assert_eq!(before.clashes(&model), Vec::new());
                prop_assert_eq!(merged.four_eyes, !was_alone);
                prop_assert_eq!(&world.model, &before.drafted(&model), "what was seen is what is live");
                prop_assert!(world.act(&who, &Act::Step(Step::Merge)).is_err(), "once and no more");
                break;
            }
        }
        let kept = Proposal::from_text(&world.proposal.to_text().unwrap()).unwrap();
        prop_assert_eq!(kept, world.proposal);
    }
}

fn id(name: &str) -> AccountId {
    AccountId::new(name)
}

fn rename(draft: bool, name: u8) -> Act {
    Act::Rename { draft, system: "gateway", name }
}

/// A proposal that only waits to be merged.
fn ready(people: usize) -> World {
    let mut world = World::new(people);
    world.act(&id("asks"), &rename(true, 1)).unwrap();
    world.act(&id("asks"), &Act::Step(Step::Submit)).unwrap();
    let peer = if people > 1 { "edits" } else { "asks" };
    for gate in Gate::ALL {
        world.act(&id(peer), &Act::Step(Step::Pass(*gate, "Result 1".to_owned()))).unwrap();
    }
    for need in world.proposal.needs(&world.circle) {
        let who = world.proposal.who_may(&need, &world.model, &world.circle).into_iter().next().unwrap();
        world.act(&who, &Act::Step(Step::Approve(need))).unwrap();
    }
    world
}

#[test]
fn a_proposal_that_was_tested_and_approved_is_merged_with_four_eyes() {
    let mut world = ready(6);
    world.act(&id("asks"), &Act::Step(Step::Merge)).unwrap();
    assert_eq!(world.model.systems["gateway"].name, "Name 1");
    assert!(matches!(&world.proposal.state, State::Merged(it) if it.four_eyes));
    let undo = world.act(&id("asks"), &rename(true, 2));
    assert_eq!(undo, Err(Problem::field("proposal", FieldCode::Closed)));
}

#[test]
fn who_is_alone_may_merge_and_it_says_so() {
    let mut world = ready(1);
    assert!(world.proposal.needs(&world.circle).is_empty());
    world.act(&id("asks"), &Act::Step(Step::Merge)).unwrap();
    assert!(matches!(&world.proposal.state, State::Merged(it) if !it.four_eyes));
}

#[test]
fn the_owner_answers_for_a_system_and_an_administrator_where_the_requester_owns_it() {
    let world = World::new(6);
    let may = |key: &str| -> Vec<String> {
        let need = Need::Owner(key.into());
        world.proposal.who_may(&need, &world.model, &world.circle).iter().map(ToString::to_string).collect()
    };
    assert_eq!(may("gateway"), ["owns"]);
    assert_eq!(may("shop"), ["heads"], "the requester's own");
    assert_eq!(may("vault"), ["heads"], "nobody's");
    let mut deputised = live();
    let mut shop = (*deputised.systems["shop"]).clone();
    shop.facts.insert("deputy".to_owned(), Fact::of(json!("owns")));
    deputised.put(Object::System(Arc::new(shop)));
    let stand_in = world.proposal.who_may(&Need::Owner("shop".into()), &deputised, &world.circle);
    assert_eq!(stand_in, BTreeSet::from([id("owns")]), "the deputy of a requester who owns it");
    let small = circle(3);
    let need = Need::Owner("shop".into());
    let editors = world.proposal.who_may(&need, &world.model, &small);
    assert_eq!(editors, BTreeSet::from([id("edits")]), "where there is no administrator");
}

#[test]
fn both_ends_of_a_flow_are_asked_the_ones_before_and_the_ones_after() {
    let mut world = World::new(6);
    world.act(&id("asks"), &Act::Reroute { draft: true, flow: "sale", to: "vault" }).unwrap();
    let needs: Vec<String> = world.proposal.needs(&world.circle).iter().map(ToString::to_string).collect();
    assert_eq!(needs, ["security", "owner:gateway", "owner:shop", "owner:vault"]);
}

#[test]
fn what_changed_meanwhile_is_shown_and_must_be_solved() {
    for (choice, name) in [(Choice::Yours, "Name 1"), (Choice::Theirs, "Name 2")] {
        let mut world = ready(6);
        world.act(&id("edits"), &rename(false, 2)).unwrap();
        assert_eq!(world.act(&id("asks"), &Act::Step(Step::Merge)), Err(Problem::Conflict));
        let clashes = world.proposal.clashes(&world.model);
        assert_eq!(clashes.len(), 1);
        assert!(clashes[0].base != clashes[0].theirs && clashes[0].yours != clashes[0].theirs);
        world.act(&id("asks"), &Act::Step(Step::Resolve(clashes[0].object.clone(), choice))).unwrap();
        assert!(world.proposal.clashes(&world.model).is_empty() && world.proposal.approvals.is_empty());
        assert_eq!(world.proposal.drafted(&world.model).systems["gateway"].name, name);
    }
}

#[test]
fn an_edit_that_comes_back_to_where_it_began_is_none() {
    let mut world = World::new(6);
    world.act(&id("asks"), &rename(true, 1)).unwrap();
    let back = world.model.systems["gateway"].clone();
    let acting = Acting { who: &id("asks"), at: Timestamp(1), live: &world.model.clone(), circle: &circle(6) };
    let change = domain::command::Change { puts: vec![Object::System(back)], removals: Vec::new() };
    world.proposal.edit(&acting, &change).unwrap();
    assert!(world.proposal.edits.is_empty());
}

#[test]
fn what_others_refer_to_is_not_merged_away() {
    let mut world = ready(6);
    let wiki = System::new("wiki".into(), "Wiki");
    let acting = |world: &World| (world.model.clone(), world.circle.clone());
    let (model, circle) = acting(&world);
    world.model.put(Object::System(Arc::new(wiki)));
    let gone = domain::command::Change { puts: Vec::new(), removals: vec![ObjectRef::System("wiki".into())] };
    let with_wiki = world.model.clone();
    let by = Acting { who: &id("asks"), at: Timestamp(1), live: &with_wiki, circle: &circle };
    world.proposal.edit(&by, &gone).unwrap();
    let flow = Flow::new("read".into(), "shop".into(), "wiki".into());
    world.model.put(Object::Flow(Arc::new(flow)));
    let merge = world.proposal.as_merge();
    assert_eq!(merge.change(&world.model).unwrap_err(), Problem::field("proposal", FieldCode::StillUsed));
    let left = merge.change(&model).unwrap();
    assert!(left.removals.is_empty(), "what is gone already is not removed again");
}
