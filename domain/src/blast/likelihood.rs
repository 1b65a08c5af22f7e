//! Controls that slow an attacker without stopping it: short-lived and non-exportable credentials, alerting, rate
//! limits. Each multiplies the likelihood of the way it lies on. They never change what is reached.

use std::collections::HashSet;

use super::spread::{Edge, Gain, NOTHING, Spread, Step};
use super::terrain::Terrain;
use crate::model::kinds::ControlType;
use crate::model::relations::ControlMode;

/// Certain, in permille.
const CERTAIN: u32 = 1000;
/// A credential that expires within an hour.
const SHORT_LIVED: u32 = 500;
const SHORT_LIVED_MINUTES: u64 = 60;
/// A credential that cannot be copied off its holder.
const NON_EXPORTABLE: u32 = 600;
/// Somebody is told about unusual use.
const ALERTING: u32 = 800;
/// Use is limited by rate.
const RATE_LIMITED: u32 = 900;

/// The likelihood of each step of the log, in permille, along its farthest premises.
pub(super) fn permille(terrain: &Terrain<'_>, spread: &Spread) -> Vec<u32> {
    let soft = SoftControls::of(terrain);
    let mut likelihoods: Vec<u32> = Vec::with_capacity(spread.log.len());
    for step in &spread.log {
        let farthest = step
            .premises
            .iter()
            .filter(|premise| **premise != NOTHING)
            .max_by_key(|premise| (spread.log[**premise as usize].cost, **premise));
        let before = farthest.map_or(CERTAIN, |premise| likelihoods[*premise as usize]);
        likelihoods.push(soft.factors(terrain, step).into_iter().fold(before, |left, factor| left * factor / CERTAIN));
    }
    likelihoods
}

struct SoftControls {
    alerting: HashSet<u32>,
    rate_limited: HashSet<u32>,
}

impl SoftControls {
    fn of(terrain: &Terrain<'_>) -> Self {
        let graph = &terrain.graph;
        let mut soft = Self { alerting: HashSet::new(), rate_limited: HashSet::new() };
        let mut add = |kind: ControlType, system: u32| match kind {
            ControlType::Alerting | ControlType::AnomalyScore => drop(soft.alerting.insert(system)),
            ControlType::RateLimit => drop(soft.rate_limited.insert(system)),
            _ => {}
        };
        for (number, system) in (0_u32..).zip(&graph.systems) {
            for named in &system.controls {
                let record = graph.model.controls.get(named.as_str());
                let kind = record.map(|it| it.kind).filter(|_| record.is_some_and(|it| it.mode != ControlMode::Off));
                if let Some(kind) = kind.or_else(|| record.is_none().then(|| named.parse().ok()).flatten()) {
                    add(kind, number);
                }
            }
        }
        for control in graph.model.controls.values().filter(|it| it.mode != ControlMode::Off) {
            for system in control.applies_to.iter().filter_map(|key| graph.number_of(&key.as_str().into())) {
                add(control.kind, system);
            }
        }
        soft
    }

    fn factors(&self, terrain: &Terrain<'_>, step: &Step) -> Vec<u32> {
        let (target, credential) = match step.gain {
            Gain::Opened(grant) => {
                let on = &terrain.grants[grant as usize];
                (on.target, Some(terrain.credentials[on.credential as usize]))
            }
            Gain::Admin(system) | Gain::Act(system) if matches!(step.edge, Edge::Flow(_) | Edge::Manages(_)) => {
                (system, None)
            }
            _ => return Vec::new(),
        };
        let limited_on_the_way = match step.edge {
            Edge::Flow(flow) => {
                let limit = terrain.graph.flows[flow as usize].facts.get("rate_limit");
                limit.is_some_and(|limit| limit.value.as_u64().is_some())
            }
            _ => false,
        };
        let short_lived = credential.and_then(|it| it.ttl_minutes).is_some_and(|ttl| ttl <= SHORT_LIVED_MINUTES);
        [
            (short_lived, SHORT_LIVED),
            (credential.is_some_and(|it| it.non_exportable), NON_EXPORTABLE),
            (self.alerting.contains(&target), ALERTING),
            (limited_on_the_way || self.rate_limited.contains(&target), RATE_LIMITED),
        ]
        .into_iter()
        .filter_map(|(applies, factor)| applies.then_some(factor))
        .collect()
    }
}
