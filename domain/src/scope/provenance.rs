//! Provenance: the shortest way on which the data that decided reached a system, from where it enters the model.
//!
//! The way is a chain of flows, copies and hops to nodes on the way of a flow. A form explains another one where it
//! can be turned into it: clear, encrypted and tokenised data can become anything, a truncated number never becomes
//! whole again. A way on which the form arrives as it is counts before one on which it is made from clear data, and
//! that before one on which it is decrypted or de-tokenised first.

use std::collections::HashMap;
use std::sync::Arc;

use super::chain::{Chain, Links};
use super::graph::Graph;
use super::holdings::{Held, Holdings, Item};
use super::verdict::{Arrival, By};
use crate::model::element::Form;

/// An element in a form on a system.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Stop {
    system: u32,
    element: u32,
    form: Form,
}

/// How data comes from one system to the next, in the order in which one way is preferred to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Way {
    Copy,
    Flow(u32),
    Via(u32),
}

/// One arrival: where from, how, and which item.
#[derive(Debug, Clone, Copy)]
struct Hop {
    from: u32,
    way: Way,
    sent: u32,
    arrived: u32,
}

/// The ways of all account data through a model.
pub(super) struct Provenance<'a, 'm> {
    graph: &'a Graph<'m>,
    holdings: &'a Holdings<'m>,
    /// What arrives at each system.
    arrivals: Vec<Vec<Hop>>,
    /// How far each stop is from where its element enters.
    distances: HashMap<Stop, u32>,
    places: HashMap<Stop, u32>,
    links: Links<Arrival>,
}

impl<'a, 'm> Provenance<'a, 'm> {
    pub(super) fn of(graph: &'a Graph<'m>, holdings: &'a Holdings<'m>) -> Self {
        let mut provenance = Self {
            graph,
            holdings,
            arrivals: arrivals(graph, holdings),
            distances: HashMap::new(),
            places: HashMap::new(),
            links: Links::new(),
        };
        provenance.walk();
        provenance
    }

    /// Lays the shortest way to every stop, layer by layer, first from where elements enter, then, for what is
    /// reached from no such place, from the systems that declare it.
    fn walk(&mut self) {
        let mut stops: Vec<Stop> = Vec::new();
        for (system, held) in (0_u32..).zip(&self.holdings.of) {
            let items = held.iter().map(|it| &self.holdings.items[it.item as usize]);
            stops.extend(items.map(|item| stop(system, item)));
        }
        stops.sort_unstable();
        stops.dedup();
        let mut leads_to: HashMap<Stop, Vec<(Stop, Way)>> = HashMap::new();
        let mut entries = Vec::new();
        for at in &stops {
            let mut enters = true;
            for (from, way) in self.ways_to(*at) {
                leads_to.entry(from).or_default().push((*at, way));
                enters = false;
            }
            if enters {
                entries.push(*at);
            }
        }
        self.spread(entries, &leads_to);
        let declared = |it: &Stop| {
            let mut held = self.holdings.declared[it.system as usize].iter();
            held.any(|held| stop(it.system, &self.holdings.items[held.item as usize]) == *it)
        };
        let rest = stops.iter().filter(|it| !self.distances.contains_key(it) && declared(it)).copied().collect();
        self.spread(rest, &leads_to);
    }

    fn spread(&mut self, sources: Vec<Stop>, leads_to: &HashMap<Stop, Vec<(Stop, Way)>>) {
        let mut layer = sources;
        let mut distance = 0;
        for source in &layer {
            self.reach(*source, 0, None);
        }
        while !layer.is_empty() {
            distance += 1;
            let mut next: HashMap<Stop, (u32, Way, Stop)> = HashMap::new();
            for from in &layer {
                for (to, way) in leads_to.get(from).into_iter().flatten() {
                    if !self.distances.contains_key(to) {
                        let found = (from.system, *way, *from);
                        next.entry(*to).and_modify(|best| *best = (*best).min(found)).or_insert(found);
                    }
                }
            }
            layer = next.keys().copied().collect();
            layer.sort_unstable();
            for to in &layer {
                let (_, way, from) = next[to];
                self.reach(*to, distance, Some((from, way)));
            }
        }
    }

    fn reach(&mut self, at: Stop, distance: u32, by: Option<(Stop, Way)>) {
        let before = by.map(|(from, _)| self.places[&from]);
        let arrival = self.arrival(at.system, by.map(|(_, way)| way));
        let place = self.links.push(arrival, before);
        self.places.insert(at, place);
        self.distances.insert(at, distance);
    }

    /// The ways on which a form arrives as it is, else those from which it is made most directly.
    fn ways_to(&self, at: Stop) -> Vec<(Stop, Way)> {
        let item = |number: u32| &self.holdings.items[number as usize];
        let hops = self.arrivals[at.system as usize].iter().filter(|hop| item(hop.arrived).element == at.element);
        let ranked: Vec<(u8, &Hop)> =
            hops.filter_map(|hop| Some((distance_of_forms(item(hop.arrived).form, at.form)?, hop))).collect();
        let nearest = ranked.iter().map(|(rank, _)| *rank).min();
        let ways = ranked.iter().filter(|(rank, _)| Some(*rank) == nearest);
        ways.map(|(_, hop)| (stop(hop.from, item(hop.sent)), hop.way)).collect()
    }

    /// The ways to each of these systems, for the items that decided there.
    pub(super) fn chains(mut self, wanted: &[(u32, Vec<u32>)]) -> Vec<Chain<Arrival>> {
        let ends: Vec<u32> = wanted.iter().map(|(system, deciding)| self.end(*system, deciding)).collect();
        let links = Arc::new(self.links);
        ends.into_iter().map(|end| Chain::ending(&links, end)).collect()
    }

    /// The last link of the way to a system.
    fn end(&mut self, system: u32, deciding: &[u32]) -> u32 {
        let arrived = self.arrivals[system as usize].iter().filter(|hop| deciding.binary_search(&hop.arrived).is_ok());
        let shortest = arrived
            .filter_map(|hop| {
                let from = stop(hop.from, &self.holdings.items[hop.sent as usize]);
                Some((*self.distances.get(&from)?, hop.from, hop.way, from))
            })
            .min();
        if let Some((_, _, way, from)) = shortest {
            let arrival = self.arrival(system, Some(way));
            return self.links.push(arrival, Some(self.places[&from]));
        }
        let stops = deciding.iter().map(|item| stop(system, &self.holdings.items[*item as usize]));
        let nearest = stops.filter_map(|at| Some((*self.distances.get(&at)?, at))).min();
        if let Some((_, at)) = nearest {
            return self.places[&at];
        }
        let arrival = self.arrival(system, None);
        self.links.push(arrival, None)
    }

    fn arrival(&self, system: u32, way: Option<Way>) -> Arrival {
        let flow = |place: u32| self.graph.flows[place as usize].id.clone();
        Arrival {
            node: self.graph.systems[system as usize].id.clone(),
            by: way.map(|way| match way {
                Way::Copy => By::Copy,
                Way::Flow(place) => By::Flow(flow(place)),
                Way::Via(place) => By::Via(flow(place)),
            }),
        }
    }
}

fn stop(system: u32, item: &Item) -> Stop {
    Stop { system, element: item.element, form: item.form }
}

/// How far one form is from another one that is made from it; `None` where it cannot be made from it.
const fn distance_of_forms(from: Form, to: Form) -> Option<u8> {
    match from {
        _ if from as u8 == to as u8 => Some(0),
        Form::Clear => Some(1),
        Form::Encrypted | Form::Unknown => Some(2),
        Form::Tokenised => Some(3),
        Form::Masked | Form::Truncated | Form::Hashed | Form::NetworkToken => None,
    }
}

/// Every hop. A flow from a system to itself brings it nothing.
fn arrivals(graph: &Graph<'_>, holdings: &Holdings<'_>) -> Vec<Vec<Hop>> {
    let mut arrivals: Vec<Vec<Hop>> = vec![Vec::new(); graph.len()];
    let flow = |place: usize| &graph.active_flows[place];
    let hops = |from: u32, way: Way, payload: &[Held]| -> Vec<Hop> {
        payload.iter().map(|it| Hop { from, way, sent: it.item, arrived: it.item }).collect()
    };
    for (place, payload) in holdings.payload.iter().enumerate() {
        let active = flow(place);
        if active.from != active.to {
            arrivals[active.to as usize].extend(hops(active.from, Way::Flow(active.flow), payload));
        }
    }
    for (place, node) in &graph.listeners {
        let active = flow(*place as usize);
        if active.from != *node {
            let payload = &holdings.payload[*place as usize];
            arrivals[*node as usize].extend(hops(active.from, Way::Via(active.flow), payload));
        }
    }
    for copy in holdings.copies.iter().filter(|copy| copy.from != copy.into) {
        for held in holdings.of[copy.from as usize].iter().filter(|held| held.stored) {
            if let Some(arrived) = holdings.find_copied(held.item, copy) {
                arrivals[copy.into as usize].push(Hop { from: copy.from, way: Way::Copy, sent: held.item, arrived });
            }
        }
    }
    arrivals
}
