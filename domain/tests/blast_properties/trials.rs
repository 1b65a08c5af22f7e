//! Options for small random models, and every combination of them tried.

use std::cmp::Reverse;

use domain::blast::edit::{self, Edit};
use domain::blast::{Goal, Ground, OptionSet};
use domain::model::Model;
use domain::scope;
use domain::scope::verdict::Category;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

fn edit() -> impl Strategy<Value = Edit> {
    let system = || select(vec!["a", "b", "c", "d\"\n", "e"]);
    let flow = || (0..4_u8).prop_map(|number| format!("f{number}"));
    let element = || select(vec!["pan", "card_verification_code", "email"]);
    let segment = || select(vec!["s", "t", "u"]);
    let credential = || select(vec!["k", "l", "m"]);
    prop_oneof![
        (flow(), element())
            .prop_map(|(flow, element)| Edit::DropField { flow: (*flow).into(), element: element.into() }),
        (flow(), select(vec!["p", "q", "far"]))
            .prop_map(|(flow, domain)| Edit::TokeniseFlow { flow: (*flow).into(), domain: domain.into() }),
        (system(), element())
            .prop_map(|(system, element)| Edit::RemoveHolding { system: system.into(), element: element.into() }),
        select(vec![("s", "t"), ("t", "u"), ("u", "s")]).prop_map(|(a, b)| Edit::Segment { a: a.into(), b: b.into() }),
        (system(), segment())
            .prop_map(|(system, segment)| Edit::Move { system: system.into(), segment: segment.into() }),
        flow().prop_map(|flow| Edit::Block { flow: (*flow).into() }),
        (system(), system())
            .prop_map(|(system, target)| Edit::RemoveManage { system: system.into(), target: target.to_owned() }),
        system().prop_map(|system| Edit::AddControl { system: system.into(), control: "change_approval".to_owned() }),
        (credential(), system(), select(vec!["read", "act", "admin"])).prop_map(|(credential, on, privilege)| {
            let privilege = privilege.parse().unwrap();
            Edit::RevokeGrant { credential: credential.into(), on: on.into(), privilege }
        }),
        (credential(), system()).prop_map(|(credential, to)| Edit::BindCredential {
            credential: credential.into(),
            to: [to.into()].into()
        }),
        credential().prop_map(|credential| Edit::SplitCredential { credential: credential.into() }),
    ]
}

/// Up to ten options, some of them free.
pub fn options(most: usize) -> impl Strategy<Value = Vec<OptionSet>> {
    vec((0..5_u64, vec(edit(), 1..3)), 0..=most).prop_map(|options| {
        // The order of the keys is not that of the file.
        let keys = ["h", "c", "j", "a", "f", "b", "i", "d", "g", "e"];
        let named = options.into_iter().zip(keys);
        named.map(|((cost, effects), id)| OptionSet { id: id.to_owned(), cost, effects }).collect()
    })
}

/// One combination.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tried {
    pub ids: Vec<String>,
    pub cost: u64,
    pub value: u64,
    pub meets: bool,
}

/// Every combination of options, tried.
pub fn all(model: &Model, options: &[OptionSet], goal: &Goal) -> Vec<Tried> {
    (0..1_u32 << options.len())
        .map(|mask| {
            let taken = || options.iter().enumerate().filter(|(place, _)| mask >> place & 1 == 1).map(|(_, it)| it);
            let effects: Vec<Edit> = taken().flat_map(|option| option.effects.clone()).collect();
            let changed = edit::apply(model, &effects).unwrap();
            let scope = scope::compute(&changed);
            let out = |id: &domain::id::SystemId| scope.systems[id].category == Category::OutOfScope;
            let count = scope.systems.keys().filter(|id| out(id)).count() as u64;
            let (value, meets) = match goal {
                Goal::Budget { budget, .. } => (count, taken().map(|it| it.cost).sum::<u64>() <= *budget),
                Goal::MustLeave { systems } => (count, systems.iter().all(out)),
                Goal::OutOfReach { start, systems } => {
                    let controlled = Ground::of(&changed, &scope).controlled(start).unwrap();
                    ((changed.systems.len() - controlled.len()) as u64, systems.is_disjoint(&controlled))
                }
            };
            let mut ids: Vec<String> = taken().map(|option| option.id.clone()).collect();
            ids.sort();
            Tried { ids, cost: taken().map(|it| it.cost).sum(), value, meets }
        })
        .collect()
}

/// The best combination for the goal.
pub fn best(tried: &[Tried], goal: &Goal) -> Option<Tried> {
    let fits = tried.iter().filter(|it| it.meets);
    let best = match goal {
        Goal::Budget { .. } => fits.min_by_key(|it| (Reverse(it.value), it.cost, it.ids.clone())),
        _ => fits.min_by_key(|it| (it.cost, Reverse(it.value), it.ids.clone())),
    };
    best.cloned()
}

/// The combinations that no other one beats in cost and value, the first by keys of equal ones.
pub fn front(tried: &[Tried]) -> Vec<(Vec<String>, u64, u64)> {
    let beaten = |one: &Tried| {
        tried.iter().any(|other| {
            other.cost <= one.cost
                && other.value >= one.value
                && ((other.cost, other.value) != (one.cost, one.value) || other.ids < one.ids)
        })
    };
    let mut front: Vec<_> =
        tried.iter().filter(|it| !beaten(it)).map(|it| (it.ids.clone(), it.cost, it.value)).collect();
    front.sort_by_key(|(_, cost, _)| *cost);
    front
}
