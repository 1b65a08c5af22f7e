//! Choke points by trying: what is still reached without a system, without a flow, without a set of labels.

use std::collections::{BTreeMap, BTreeSet};

use domain::blast::ArcCosts;
use domain::id::SystemId;
use domain::model::Model;
use domain::model::flow::{Flow, FlowControl};
use domain::model::relations::{
    Access, Auth, Boundary, Channel, ControlStatus, Exposure, Initiator, Lifecycle, LinkPolicy, View,
};
use domain::model::system::ManageTarget;

type Moves = BTreeSet<(String, String, String)>;

fn lives(stage: Lifecycle, view: View) -> bool {
    let other = if view == View::Current { Lifecycle::Retiring } else { Lifecycle::Planned };
    stage == Lifecycle::Live || stage == other
}

fn active(model: &Model, id: &SystemId) -> bool {
    model.systems.get(id).is_some_and(|it| lives(it.lifecycle, model.settings.view))
}

fn runs(model: &Model, flow: &Flow) -> bool {
    lives(flow.stage, model.settings.view) && active(model, &flow.from) && active(model, &flow.to)
}

/// The pairs that an open flow joins, from the end that may open it.
fn opened(model: &Model) -> Vec<(&SystemId, &SystemId, &Flow)> {
    let mut pairs = Vec::new();
    for flow in model.flows.values().filter(|flow| runs(model, flow)) {
        let verified = matches!(&flow.control, Some(FlowControl::Inline { status: ControlStatus::Verified, .. }));
        let closed = flow.access == Access::Blocked && verified;
        if closed || flow.channel != Channel::Network || flow.from == flow.to {
            continue;
        }
        if flow.initiator != Initiator::To {
            pairs.push((&flow.from, &flow.to, &**flow));
        }
        if flow.initiator != Initiator::From {
            pairs.push((&flow.to, &flow.from, &**flow));
        }
    }
    pairs
}

fn in_one_zone(model: &Model, one: &SystemId, other: &SystemId) -> bool {
    let segment =
        |id: &SystemId| model.systems.get(id).filter(|it| it.boundary == Boundary::Own).map(|it| it.segment.clone());
    let (Some(one), Some(other)) = (segment(one), segment(other)) else { return false };
    let strict = model.settings.strict_flat;
    let (Some(one), Some(other)) = (one.clone(), other.clone()) else {
        return strict && one.is_none() && other.is_none();
    };
    let micro = |id| model.segments.get(id).is_some_and(|it: &std::sync::Arc<_>| it.microsegmented);
    if micro(&one) || micro(&other) {
        return false;
    }
    let mut known = BTreeSet::from([one.clone()]);
    let mut open = vec![one];
    while let Some(at) = open.pop() {
        for next in model.segments.keys() {
            let link = model.links.values().find(|link| {
                let ends = [link.key.a(), link.key.b()];
                ends.contains(&&at) && ends.contains(&next) && at != *next
            });
            let joined = link.map_or(strict, |link| link.policy == LinkPolicy::Open);
            if joined && known.insert(next.clone()) {
                open.push(next.clone());
            }
        }
    }
    known.contains(&other)
}

/// Every move with its label.
pub fn moves(model: &Model) -> Moves {
    let mut moves = Moves::new();
    let mut add = |from: &SystemId, to: &SystemId, label: String| {
        moves.insert((from.to_string(), to.to_string(), label));
    };
    for credential in model.credentials.values() {
        for (holder, grant) in
            credential.held_by.iter().flat_map(|it| credential.grants.iter().map(move |grant| (it, grant)))
        {
            let to = &grant.on;
            let bound = credential.bound_to.as_ref().is_none_or(|them| them.contains(holder));
            if holder == to || !bound || !active(model, holder) || !active(model, to) {
                continue;
            }
            let target = &model.systems[to];
            let by_boundary =
                if target.boundary == Boundary::ThirdParty { Exposure::Internet } else { Exposure::Internal };
            let internet = target.exposure.unwrap_or(by_boundary) == Exposure::Internet;
            let by_flow = opened(model).iter().any(|(from, other, _)| *from == holder && *other == to);
            if internet || by_flow || in_one_zone(model, holder, to) {
                add(holder, to, format!("cred:{}", credential.id));
            }
        }
    }
    for system in model.systems.values().filter(|it| active(model, &it.id)) {
        for relation in system.manages.iter().filter(|it| it.how.bears_control()) {
            if let ManageTarget::System(target) = &relation.target
                && active(model, target)
            {
                add(&system.id, target, format!("manage:{}", relation.how));
            }
        }
    }
    for (from, to, flow) in opened(model).into_iter().filter(|(.., flow)| flow.auth == Auth::None) {
        add(from, to, format!("unauth:{}", flow.id));
    }
    moves
}

/// The targets that are reached with some moves left.
pub fn reached<'t>(
    moves: &Moves,
    sources: &BTreeSet<String>,
    targets: &'t BTreeSet<String>,
    left: impl Fn(&(String, String, String)) -> bool,
) -> BTreeSet<&'t String> {
    let mut known: BTreeSet<&String> = sources.iter().collect();
    loop {
        let before = known.len();
        for step in moves.iter().filter(|step| left(step)) {
            if known.contains(&step.0) {
                known.insert(&step.1);
            }
        }
        if known.len() == before {
            return targets.iter().filter(|target| known.contains(target)).collect();
        }
    }
}

/// The cheapest cut by trying all sets of labels; `None` above twelve labels.
pub fn cheapest(
    moves: &Moves,
    sources: &BTreeSet<String>,
    targets: &BTreeSet<String>,
    costs: &ArcCosts,
) -> Option<(u64, usize, Vec<String>)> {
    let labels: Vec<&String> = moves.iter().map(|(.., label)| label).collect::<BTreeSet<_>>().into_iter().collect();
    if labels.len() > 12 {
        return None;
    }
    (0..1_u32 << labels.len())
        .map(|mask| -> Vec<String> {
            labels.iter().enumerate().filter(|(place, _)| mask >> place & 1 == 1).map(|(_, it)| (*it).clone()).collect()
        })
        .filter(|set| reached(moves, sources, targets, |step| !set.contains(&step.2)).is_empty())
        .map(|set| (set.iter().map(|label| costs.of(label)).sum(), set.len(), set))
        .min()
}

/// How many parts the flow of data falls into, without a system and without a flow.
pub fn parts(model: &Model, without: Option<&SystemId>, without_flow: Option<&str>) -> usize {
    let mut part: BTreeMap<&SystemId, usize> =
        model.systems.keys().filter(|id| Some(*id) != without).enumerate().map(|(number, id)| (id, number)).collect();
    for _ in 0..model.systems.len() {
        for flow in
            model.flows.values().filter(|it| runs(model, it) && it.access != Access::Blocked && !it.fields.is_empty())
        {
            if Some(flow.id.as_str()) == without_flow {
                continue;
            }
            if let (Some(one), Some(other)) = (part.get(&flow.from).copied(), part.get(&flow.to).copied()) {
                for it in part.values_mut().filter(|it| **it == one.max(other)) {
                    *it = one.min(other);
                }
            }
        }
    }
    part.values().collect::<BTreeSet<_>>().len()
}
