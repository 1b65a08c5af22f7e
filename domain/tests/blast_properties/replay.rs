//! Replays the proof of a blast radius: each step has to follow from its premises by its rule, and by the model alone.

use domain::blast::Blast;
use domain::blast::Start;
use domain::blast::facts::{Derivation, Fact, Level, Place, Rule, Way};
use domain::id::SystemId;
use domain::model::Model;
use domain::model::flow::Flow;
use domain::model::relations::{Auth, Initiator, PaymentPage, Privilege};
use domain::model::system::ManageTarget;

/// Everything that is wrong with a proof.
pub fn faults(model: &Model, blast: &Blast) -> Vec<String> {
    let mut faults = Vec::new();
    for (place, step) in blast.derivations.iter().enumerate() {
        if let Some(late) = step.premises.iter().find(|premise| **premise >= place) {
            faults.push(format!("step {place} rests on the later step {late}"));
            continue;
        }
        let premises: Vec<&Derivation> = step.premises.iter().map(|premise| &blast.derivations[*premise]).collect();
        if !follows(model, blast, step, &premises) {
            faults.push(format!("step {place} does not follow: {step:?} from {premises:?}"));
        }
    }
    let shown = blast.control.values().map(|it| it.derivation);
    let shown = shown.chain(blast.credentials.values().copied()).chain(blast.keys.values().copied());
    let shown =
        shown.chain(blast.data.iter().map(|it| it.derivation)).chain(blast.actions.iter().map(|it| it.derivation));
    for place in shown.chain(blast.integrity.values().copied()).chain(blast.exposed.values().copied()) {
        let path = blast.path_to(place);
        if path.last() != blast.derivations.get(place).as_ref() {
            faults.push(format!("the path to step {place} does not end there"));
        }
    }
    for (system, control) in &blast.control {
        let step = &blast.derivations[control.derivation];
        if !matches!(&step.fact, Fact::Control { system: it, .. } if it == system) || step.hops != control.hops {
            faults.push(format!("control over {system} is shown by {step:?}"));
        }
    }
    for sighting in &blast.data {
        let step = &blast.derivations[sighting.derivation];
        let fact = Fact::Data { element: sighting.element.clone(), form: sighting.form, at: sighting.at.clone() };
        if step.fact != fact || step.hops != sighting.hops {
            faults.push(format!("{sighting:?} is shown by {step:?}"));
        }
    }
    faults
}

fn admin(step: &Derivation) -> Option<&SystemId> {
    match &step.fact {
        Fact::Control { system, level: Level::Admin } => Some(system),
        _ => None,
    }
}

fn controlled(step: &Derivation) -> Option<(&SystemId, &Level)> {
    match &step.fact {
        Fact::Control { system, level } => Some((system, level)),
        _ => None,
    }
}

fn ends(flow: &Flow, from: &SystemId, to: &SystemId) -> bool {
    (flow.from == *from && flow.to == *to && flow.initiator != Initiator::To)
        || (flow.to == *from && flow.from == *to && flow.initiator != Initiator::From)
}

fn follows(model: &Model, blast: &Blast, step: &Derivation, premises: &[&Derivation]) -> bool {
    let farthest = premises.iter().map(|premise| premise.hops).max().unwrap_or(0);
    let adds_no_hop = step.hops == farthest;
    match (step.rule, &step.fact, premises) {
        (Rule::Start, fact, []) => step.hops == 0 && is_start(model, &blast.start, fact),
        (Rule::Harvest, Fact::Credential { id }, [from]) => {
            adds_no_hop && admin(from).is_some_and(|system| model.credentials[id].held_by.contains(system))
        }
        (Rule::Key, Fact::Key { id }, [from]) => {
            let holder = controlled(from).filter(|(_, level)| matches!(level, Level::Admin | Level::Decrypt));
            adds_no_hop && holder.is_some_and(|(system, _)| model.keys[id].holders.contains(system))
        }
        (Rule::Manage, Fact::Control { system, .. }, [from]) => {
            let manages = |manager: &SystemId| {
                model.systems[manager].manages.iter().any(|relation| {
                    step.way == Some(Way::Manages(relation.how))
                        && match &relation.target {
                            ManageTarget::System(id) => id == system,
                            ManageTarget::Segment(id) => model.systems[system].segment.as_ref() == Some(id),
                        }
                })
            };
            step.hops == farthest + 1 && admin(from).is_some_and(manages)
        }
        (Rule::Unauth, Fact::Control { system, level: Level::Act }, [from]) => {
            let Some(Way::Flow(id)) = &step.way else { return false };
            let flow = &model.flows[id];
            step.hops == farthest + 1 && flow.auth == Auth::None && admin(from).is_some_and(|it| ends(flow, it, system))
        }
        (Rule::Use, Fact::Control { system, level }, _) => uses(model, step, system, Some(level), premises),
        (Rule::Use, Fact::Action { system, .. }, _) => uses(model, step, system, None, premises),
        (Rule::Read, Fact::Data { at: Place::System(at), .. }, [from]) => {
            let reads =
                |(system, level): (&SystemId, &Level)| system == at && matches!(level, Level::Admin | Level::Read);
            adds_no_hop && controlled(from).is_some_and(reads)
        }
        (Rule::Skim, Fact::Data { at: Place::Browser, .. }, [from]) => {
            let page = |system: &SystemId| {
                step.way == Some(Way::Page(system.clone())) && model.systems[system].payment_page != PaymentPage::None
            };
            let acts =
                |(system, level): (&SystemId, &Level)| matches!(level, Level::Admin | Level::Act) && page(system);
            adds_no_hop && controlled(from).is_some_and(acts)
        }
        (Rule::Derive, Fact::Data { element, at, .. }, _) => {
            let same =
                |it: &&&Derivation| matches!(&it.fact, Fact::Data { element: e, at: a, .. } if e == element && a == at);
            adds_no_hop && premises.iter().filter(same).count() == 1 && premises.len() <= 2
        }
        (Rule::Act, Fact::Action { .. }, []) => matches!(blast.start, Start::Connector { .. }),
        (Rule::Act, Fact::Action { system, .. }, [from]) => {
            let Some(Way::Flow(id)) = &step.way else { return false };
            let flow = &model.flows[id];
            let at = |it: &SystemId| flow.from == *it || flow.to == *it;
            adds_no_hop && admin(from).is_some_and(at) && at(system)
        }
        (Rule::Integrity, Fact::Integrity { system }, _) => {
            let Some(Way::Flow(id)) = &step.way else { return false };
            let flow = &model.flows[id];
            let from_start = premises.is_empty() && matches!(blast.start, Start::Connector { .. });
            flow.to == *system && (from_start || premises.iter().any(|it| admin(it) == Some(&flow.from)))
        }
        (Rule::Exposed, Fact::Exposed { system }, [from]) => match &step.way {
            Some(Way::Flow(id)) => admin(from).is_some_and(|it| ends(&model.flows[id], it, system)),
            Some(Way::Zone) => admin(from).is_some(),
            _ => false,
        },
        _ => false,
    }
}

fn is_start(model: &Model, start: &Start, fact: &Fact) -> bool {
    match (start, fact) {
        (Start::System { id }, Fact::Control { system, level: Level::Admin }) => system == id,
        (Start::Credential { id }, Fact::Credential { id: known }) => known == id,
        (Start::Vendor { id }, Fact::Control { system, level: Level::Admin }) => {
            model.systems[system].vendor.as_ref() == Some(id)
        }
        (Start::Connector { id }, Fact::Credential { id: known }) => model.flows.values().any(|flow| {
            (flow.id.as_str() == id.as_str() || flow.connector.as_ref() == Some(id))
                && flow.credential.as_ref() == Some(known)
        }),
        (Start::Connector { .. }, Fact::Data { at: Place::Flow(_), .. }) => true,
        _ => false,
    }
}

/// A credential with a grant on the system, a second factor passed where one is asked for, and a position.
fn uses(model: &Model, step: &Derivation, system: &SystemId, level: Option<&Level>, premises: &[&Derivation]) -> bool {
    let known = premises.iter().find_map(|premise| match &premise.fact {
        Fact::Credential { id } => Some((&model.credentials[id], premise.hops)),
        _ => None,
    });
    let Some((credential, known_at)) = known else { return false };
    let admins: Vec<(&SystemId, u32)> =
        premises.iter().filter_map(|premise| admin(premise).map(|system| (system, premise.hops))).collect();
    let session = !credential.mfa || admins.iter().any(|(it, _)| credential.held_by.contains(*it));
    let granted = credential.grants.iter().any(|grant| {
        grant.on == *system
            && match (grant.privilege, level) {
                (_, None) => true,
                (Privilege::Admin, Some(Level::Admin)) | (Privilege::Read, Some(Level::Read)) => true,
                (Privilege::Act | Privilege::Detokenise | Privilege::Decrypt, Some(Level::Act)) => true,
                (Privilege::Decrypt, Some(Level::Decrypt)) => true,
                (Privilege::Detokenise, Some(Level::Detokenise(domain))) => grant.domain == *domain,
                _ => false,
            }
    });
    let may_use = |it: &SystemId| credential.bound_to.as_ref().is_none_or(|bound| bound.contains(it));
    let positions: Vec<u32> = match &step.way {
        Some(Way::Internet) if credential.bound_to.is_none() => vec![0],
        Some(Way::Flow(id)) => {
            let flow = &model.flows[id];
            admins.iter().filter(|(it, _)| may_use(it) && ends(flow, it, system)).map(|(_, hops)| *hops).collect()
        }
        Some(Way::Same) => {
            admins.iter().filter(|(it, _)| may_use(it) && *it == system).map(|(_, hops)| *hops).collect()
        }
        Some(Way::Zone | Way::Internet) => admins.iter().filter(|(it, _)| may_use(it)).map(|(_, hops)| *hops).collect(),
        _ => Vec::new(),
    };
    // An action may be shown with more hops than it has where a shorter way gives the same control.
    session && granted && positions.iter().any(|hops| step.hops == 1 + known_at.max(*hops))
}
