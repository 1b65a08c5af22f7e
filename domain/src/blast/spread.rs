//! How control spreads from a start: the rules that gain control, credentials and keys, until nothing is added.
//!
//! A step can have several premises that must all hold, and a fact several ways to be gained, so this is a search in
//! an AND/OR graph. The cost of a step never falls below the cost of its premises, so taking facts in the order of
//! their cost gives each its least cost (Knuth's generalisation of Dijkstra's algorithm). One condition is not paid
//! for: that a second factor is passed in a live session. Where it is met late a fact can become cheaper again;
//! then it is taken again, and the earlier step stays in the log, because others may rest on it.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use rustc_hash::FxHashMap;

use super::facts::Rule;
use super::terrain::Terrain;
use crate::model::relations::{Auth, How, Privilege};

/// A fact of the search, in numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Gain {
    /// Administers the system.
    Admin(u32),
    /// Uses what the system does.
    Act(u32),
    /// Uses the system's keys.
    Decrypt(u32),
    /// Turns tokens of the domain back, on the system.
    Detokenise(u32, u32),
    /// Reads the system's stores as far as the grant shows them.
    Read(u32, u32),
    /// Knows the credential.
    Has(u32),
    /// Can use the key.
    Key(u32),
    /// The grant works from where the attacker is.
    Opened(u32),
}

/// Over what a step goes, in numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Edge {
    None,
    Same,
    Zone,
    Internet,
    Flow(u32),
    Manages(How),
}

/// The step that is no premise.
pub(super) const NOTHING: u32 = u32::MAX;

/// One step of the log. The order is the order in which one step is preferred to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Step {
    pub(super) cost: u64,
    pub(super) gain: Gain,
    pub(super) rule: Rule,
    pub(super) edge: Edge,
    /// Earlier steps: for [`Gain::Opened`] the credential, the position, and the live session that passes the second
    /// factor.
    pub(super) premises: [u32; 3],
}

/// What a step costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Measure {
    /// One hop for each rule that reaches further.
    Hops,
    /// The seconds that calls and batches take.
    Seconds,
}

/// What a search found.
pub(super) struct Spread {
    /// Every step, premises first.
    pub(super) log: Vec<Step>,
    /// The step that gains each fact at the least cost.
    pub(super) best: FxHashMap<Gain, u32>,
}

impl Spread {
    /// Searches from what the attacker has at the start.
    pub(super) fn from(terrain: &Terrain<'_>, starts: &[Gain], measure: Measure) -> Self {
        let zones = terrain.graph.zone_members.len();
        let mut search = Search {
            terrain,
            measure,
            open: BinaryHeap::new(),
            found: Self { log: Vec::new(), best: FxHashMap::default() },
            positions: vec![None; terrain.graph.len()],
            bound_positions: FxHashMap::default(),
            zones: vec![None; zones],
            sessions: FxHashMap::default(),
        };
        for start in starts {
            search.propose(0, *start, Rule::Start, Edge::None, [NOTHING; 3]);
        }
        while let Some(Reverse(step)) = search.open.pop() {
            search.take(step);
        }
        search.found
    }

    /// The step that gains the fact, where it is gained.
    pub(super) fn step_of(&self, gain: Gain) -> Option<u32> {
        self.best.get(&gain).copied()
    }

    /// What the fact costs, where it is gained.
    pub(super) fn cost_of(&self, gain: Gain) -> Option<u64> {
        self.step_of(gain).map(|step| self.log[step as usize].cost)
    }

    /// The facts with their steps, in the order in which they were gained first.
    pub(super) fn gains(&self) -> impl Iterator<Item = (Gain, u32)> {
        (0_u32..)
            .zip(&self.log)
            .filter(|(number, step)| self.best[&step.gain] == *number)
            .map(|(it, step)| (step.gain, it))
    }
}

/// From where something can be reached: the cost, the system under control, and the way.
type Position = (u64, u32, Edge);

struct Search<'a, 'm> {
    terrain: &'a Terrain<'m>,
    measure: Measure,
    open: BinaryHeap<Reverse<Step>>,
    found: Spread,
    /// The nearest system under control that reaches each system.
    positions: Vec<Option<Position>>,
    /// The same for grants of credentials that work from certain systems only.
    bound_positions: FxHashMap<u32, Position>,
    /// At which cost each zone was entered.
    zones: Vec<Option<u64>>,
    /// The nearest system under control that holds each credential.
    sessions: FxHashMap<u32, u32>,
}

impl Search<'_, '_> {
    fn propose(&mut self, cost: u64, gain: Gain, rule: Rule, edge: Edge, premises: [u32; 3]) {
        if self.found.cost_of(gain).is_none_or(|known| cost < known) {
            self.open.push(Reverse(Step { cost, gain, rule, edge, premises }));
        }
    }

    fn follow(&mut self, gain: Gain, rule: Rule, edge: Edge, premise: u32, further: u64) {
        let cost = self.found.log[premise as usize].cost + further;
        self.propose(cost, gain, rule, edge, [premise, NOTHING, NOTHING]);
    }

    /// One hop, or the seconds that the flow takes.
    fn one_step(&self, flow: Option<u32>) -> u64 {
        match self.measure {
            Measure::Hops => 1,
            Measure::Seconds => self.seconds(flow),
        }
    }

    fn seconds(&self, flow: Option<u32>) -> u64 {
        // A cost has to add up without overflow; no path has 2^20 flows of 2^40 seconds.
        flow.and_then(|flow| self.terrain.delay(flow)).unwrap_or(0).min(1 << 40)
    }

    /// Getting into a position takes no hop, but time.
    fn approach(&self, flow: u32) -> u64 {
        match self.measure {
            Measure::Hops => 0,
            Measure::Seconds => self.seconds(Some(flow)),
        }
    }

    fn take(&mut self, step: Step) {
        if self.found.cost_of(step.gain).is_some_and(|known| known <= step.cost) {
            return;
        }
        let number = u32::try_from(self.found.log.len()).expect("a search in memory has fewer steps");
        self.found.log.push(step);
        self.found.best.insert(step.gain, number);
        match step.gain {
            Gain::Admin(system) => self.administer(system, number),
            Gain::Decrypt(system) => self.find_keys(system, number),
            Gain::Has(credential) => self.try_credential(credential),
            Gain::Opened(grant) => self.open_grant(grant, number),
            Gain::Act(_) | Gain::Detokenise(..) | Gain::Read(..) | Gain::Key(_) => {}
        }
    }

    fn administer(&mut self, system: u32, number: u32) {
        let terrain = self.terrain;
        for credential in terrain.held.of(system) {
            let first = !self.sessions.contains_key(credential);
            self.sessions.entry(*credential).or_insert(number);
            self.follow(Gain::Has(*credential), Rule::Harvest, Edge::None, number, 0);
            if first && terrain.credentials[*credential as usize].mfa {
                self.try_credential(*credential);
            }
        }
        self.find_keys(system, number);
        // What is not running manages nothing and calls nobody.
        if !terrain.graph.nodes[system as usize].active {
            return;
        }
        for (target, how) in terrain.manages.of(system) {
            let on_page_only = matches!(how, How::PageScript | How::PageContent | How::Dns);
            let gain = if on_page_only { Gain::Act(*target) } else { Gain::Admin(*target) };
            self.follow(gain, Rule::Manage, Edge::Manages(*how), number, self.one_step(None));
        }
        for road in terrain.roads.of(system).iter().filter(|road| road.opens) {
            let open_to_all = terrain.graph.flows[road.flow as usize].auth == Auth::None;
            if open_to_all && !terrain.graph.nodes[road.other as usize].is_external() {
                let further = self.one_step(Some(road.flow));
                self.follow(Gain::Act(road.other), Rule::Unauth, Edge::Flow(road.flow), number, further);
            }
        }
        self.take_position(system, number);
        self.take_bound_positions(system, number);
    }

    fn find_keys(&mut self, system: u32, number: u32) {
        for key in self.terrain.keys_at.of(system) {
            self.follow(Gain::Key(*key), Rule::Key, Edge::None, number, 0);
        }
    }

    /// From a system under control to everything that it reaches.
    fn take_position(&mut self, system: u32, number: u32) {
        let terrain = self.terrain;
        let cost = self.found.log[number as usize].cost;
        self.reach(system, (cost, number, Edge::Same));
        if let Some(zone) = terrain.graph.nodes[system as usize].open_zone()
            && self.zones[zone as usize].is_none_or(|known| cost < known)
        {
            self.zones[zone as usize] = Some(cost);
            for member in &terrain.graph.zone_members[zone as usize] {
                if !terrain.graph.nodes[*member as usize].microsegmented {
                    self.reach(*member, (cost, number, Edge::Zone));
                }
            }
        }
        for road in terrain.roads.of(system).iter().filter(|road| road.opens) {
            self.reach(road.other, (cost + self.approach(road.flow), number, Edge::Flow(road.flow)));
        }
    }

    fn reach(&mut self, system: u32, position: Position) {
        let known = &mut self.positions[system as usize];
        if known.is_some_and(|known| known.0 <= position.0) {
            return;
        }
        *known = Some(position);
        for grant in self.terrain.grants_on.of(system) {
            self.try_grant(*grant);
        }
    }

    /// The same for credentials that are bound to the system.
    fn take_bound_positions(&mut self, system: u32, number: u32) {
        let terrain = self.terrain;
        if terrain.bound.of(system).is_empty() {
            return;
        }
        let cost = self.found.log[number as usize].cost;
        let mut nearest: FxHashMap<u32, Position> = FxHashMap::default();
        for road in terrain.roads.of(system).iter().filter(|road| road.opens) {
            let position = (cost + self.approach(road.flow), number, Edge::Flow(road.flow));
            nearest.entry(road.other).and_modify(|known| *known = position.min(*known)).or_insert(position);
        }
        for credential in terrain.bound.of(system) {
            for grant in terrain.grants_of(*credential) {
                let target = terrain.grants[grant as usize].target;
                let position = if target == system {
                    Some((cost, number, Edge::Same))
                } else if terrain.in_one_zone(system, target) {
                    Some((cost, number, Edge::Zone))
                } else if terrain.internet[target as usize] {
                    Some((cost, number, Edge::Internet))
                } else {
                    nearest.get(&target).copied()
                };
                let Some(position) = position else { continue };
                if self.bound_positions.get(&grant).is_none_or(|known| position.0 < known.0) {
                    self.bound_positions.insert(grant, position);
                    self.try_grant(grant);
                }
            }
        }
    }

    fn try_credential(&mut self, credential: u32) {
        for grant in self.terrain.grants_of(credential) {
            self.try_grant(grant);
        }
    }

    /// Uses a grant, where the credential is known, its second factor passed, and the target in reach.
    fn try_grant(&mut self, grant: u32) {
        let terrain = self.terrain;
        let on = &terrain.grants[grant as usize];
        if !terrain.graph.nodes[on.target as usize].active {
            return;
        }
        let Some(known) = self.found.step_of(Gain::Has(on.credential)) else { return };
        let credential = terrain.credentials[on.credential as usize];
        let session = match self.sessions.get(&on.credential) {
            Some(session) if credential.mfa => *session,
            None if credential.mfa => return,
            _ => NOTHING,
        };
        let position = match (&credential.bound_to, terrain.internet[on.target as usize]) {
            (Some(_), _) => self.bound_positions.get(&grant).copied(),
            (None, true) => Some((0, NOTHING, Edge::Internet)),
            (None, false) => self.positions[on.target as usize],
        };
        let Some((reached, from, edge)) = position else { return };
        let further = match self.measure {
            Measure::Hops => 1,
            Measure::Seconds => 0,
        };
        let cost = self.found.log[known as usize].cost.max(reached) + further;
        self.propose(cost, Gain::Opened(grant), Rule::Use, edge, [known, from, session]);
    }

    /// What a grant gives on its system.
    fn open_grant(&mut self, grant: u32, number: u32) {
        let on = &self.terrain.grants[grant as usize];
        let system = on.target;
        let mut give = |gain: Gain| self.follow(gain, Rule::Use, Edge::None, number, 0);
        match on.grant.privilege {
            Privilege::Read => give(Gain::Read(system, grant)),
            Privilege::Act => give(Gain::Act(system)),
            Privilege::Admin => give(Gain::Admin(system)),
            Privilege::Detokenise => {
                give(Gain::Detokenise(system, on.domain));
                give(Gain::Act(system));
            }
            Privilege::Decrypt => {
                give(Gain::Decrypt(system));
                give(Gain::Act(system));
            }
        }
    }
}
