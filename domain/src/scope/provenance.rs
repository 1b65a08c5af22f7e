//! Provenance: the shortest way on which the data that decided reached a system, from where it enters the model.
//!
//! The way is a chain of flows, copies and hops to nodes on the way of a flow. A form explains another one where it
//! can be turned into it: clear, encrypted and tokenised data can become anything, a truncated number never becomes
//! whole again. A way on which the form arrives as it is counts before one on which it is made from clear data, and
//! that before one on which it is decrypted or de-tokenised first.

use std::sync::Arc;

use super::chain::{Chain, Links};
use super::graph::{ActiveFlow, Graph};
use super::grouped::Grouped;
use super::holdings::{Held, Holdings, Item};
use super::payload::Payloads;
use super::verdict::{Arrival, By};
use crate::model::element::Form;

/// An element in a form on a system, as one number. Stops are ordered by system, element and form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Stop(u64);

impl Stop {
    fn new(system: u32, item: &Item) -> Self {
        Self(u64::from(system) << 16 | u64::from(item.element) << 8 | item.form as u64)
    }

    const fn system(self) -> u32 {
        (self.0 >> 16) as u32
    }

    const fn element(self) -> u8 {
        (self.0 >> 8) as u8
    }

    fn form(self) -> Form {
        Form::ALL[(self.0 & 0xff) as usize]
    }
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

/// How a stop is reached: how far from where the element enters, and its place among the links.
#[derive(Debug, Clone, Copy)]
struct Reached {
    distance: u32,
    place: u32,
}

/// The ways on which data reached each of these systems, for the items that decided there.
pub(super) fn chains(graph: &Graph<'_>, holdings: &Holdings<'_>, wanted: &[(u32, Vec<u32>)]) -> Vec<Chain<Arrival>> {
    if wanted.is_empty() {
        return Vec::new();
    }
    let mut provenance = Provenance::of(graph, holdings);
    provenance.walk(wanted);
    let ends: Vec<u32> = wanted.iter().map(|(system, deciding)| provenance.end(*system, deciding)).collect();
    let links = Arc::new(provenance.links);
    ends.into_iter().map(|end| Chain::ending(&links, end)).collect()
}

/// The ways of account data through a model.
struct Provenance<'a, 'm> {
    graph: &'a Graph<'m>,
    holdings: &'a Holdings<'m>,
    arrivals: Arrivals,
    /// The stops of each system, sorted. A stop's place is its place among all.
    stops: Grouped<Stop>,
    /// How each of the stops is reached.
    reached: Vec<Option<Reached>>,
    links: Links<Arrival>,
}

impl<'a, 'm> Provenance<'a, 'm> {
    fn of(graph: &'a Graph<'m>, holdings: &'a Holdings<'m>) -> Self {
        let stop = |system: u32, held: &Held| Stop::new(system, &holdings.items[held.item as usize]);
        let held = (0..holdings.of.groups())
            .flat_map(|system| holdings.of.of(system).iter().map(move |held| (system, stop(system, held))));
        let stops = Grouped::new(graph.len(), &held.collect::<Vec<_>>()).sorted();
        let reached = vec![None; stops.all().len()];
        let arrivals = Arrivals::of(graph, holdings);
        Self { graph, holdings, arrivals, stops, reached, links: Links::new() }
    }

    /// Lays the shortest way to every stop that matters, layer by layer, first from where elements enter, then, for
    /// what is reached from no such place, from the systems that declare it.
    ///
    /// What matters are the stops from which the wanted ones can be reached: each has all of its ways among them, so
    /// its shortest way is the same as if every stop of the model had been walked to.
    fn walk(&mut self, wanted: &[(u32, Vec<u32>)]) {
        let count = self.stops.all().len();
        let mut matters = vec![false; count];
        let mut open: Vec<u32> = Vec::new();
        let mut add = |at: u32, open: &mut Vec<u32>| {
            if !std::mem::replace(&mut matters[at as usize], true) {
                open.push(at);
            }
        };
        for (system, deciding) in wanted {
            self.arrivals.at(self.holdings, *system, |hop| {
                if deciding.binary_search(&hop.arrived).is_ok() {
                    add(self.place_of(hop.from, hop.sent), &mut open);
                }
            });
            for item in deciding {
                if let Some(at) = self.find(*system, *item) {
                    add(at, &mut open);
                }
            }
        }
        let mut ways: Vec<(u32, (u32, Way))> = Vec::new();
        let mut entries = Vec::new();
        while let Some(at) = open.pop() {
            let before = ways.len();
            self.ways_to(at, &mut ways);
            if ways.len() == before {
                entries.push(at);
            }
            for (from, _) in &ways[before..] {
                add(*from, &mut open);
            }
        }
        let ways = Grouped::new(count, &ways);
        self.spread(entries, &ways);
        let declared = |at: u32| {
            let stop = self.stops.all()[at as usize];
            let mut held = self.holdings.declared.of(stop.system()).iter();
            held.any(|held| Stop::new(stop.system(), &self.holdings.items[held.item as usize]) == stop)
        };
        let rest = (0_u32..)
            .zip(&matters)
            .filter(|(at, matters)| **matters && self.reached[*at as usize].is_none() && declared(*at))
            .map(|(at, _)| at)
            .collect();
        self.spread(rest, &ways);
    }

    /// The place of the stop at which the system has the item.
    fn place_of(&self, system: u32, item: u32) -> u32 {
        self.find(system, item).expect("what is sent is held by who sends it")
    }

    /// The place of the stop, where the system has the item.
    fn find(&self, system: u32, item: u32) -> Option<u32> {
        let stop = Stop::new(system, &self.holdings.items[item as usize]);
        let place = self.stops.of(system).binary_search(&stop).ok()?;
        let place = self.stops.range(system).start + place;
        Some(u32::try_from(place).expect("there are fewer holdings in a model in memory"))
    }

    fn spread(&mut self, sources: Vec<u32>, ways: &Grouped<(u32, Way)>) {
        let mut layer = sources;
        let mut distance = 0;
        for source in &layer {
            self.reach(*source, 0, None);
        }
        // The best way to each stop of the next layer: places are ordered like stops, so the smallest is preferred.
        let mut best: Vec<Option<(u32, Way)>> = vec![None; self.stops.all().len()];
        while !layer.is_empty() {
            distance += 1;
            let mut next: Vec<u32> = Vec::new();
            for from in &layer {
                for (to, way) in ways.of(*from).iter().filter(|(to, _)| self.reached[*to as usize].is_none()) {
                    let found = (*from, *way);
                    let known = &mut best[*to as usize];
                    match known {
                        None => next.push(*to),
                        Some(known) if self.precedes(*known, found) => continue,
                        Some(_) => {}
                    }
                    *known = Some(found);
                }
            }
            next.sort_unstable();
            for to in &next {
                self.reach(*to, distance, best[*to as usize]);
            }
            layer = next;
        }
    }

    /// Among equally short ways the system's key decides, then the way, then the form.
    fn precedes(&self, one: (u32, Way), other: (u32, Way)) -> bool {
        let key = |(from, way): (u32, Way)| (self.stops.all()[from as usize].system(), way, from);
        key(one) <= key(other)
    }

    fn reach(&mut self, at: u32, distance: u32, by: Option<(u32, Way)>) {
        let before = by.and_then(|(from, _)| self.reached[from as usize]).map(|it| it.place);
        let arrival = self.arrival(self.stops.all()[at as usize].system(), by.map(|(_, way)| way));
        let place = self.links.push(arrival, before);
        self.reached[at as usize] = Some(Reached { distance, place });
    }

    /// Appends the ways on which a form arrives as it is, else those from which it is made most directly, as pairs of
    /// where they come from and where they go.
    fn ways_to(&self, at: u32, ways: &mut Vec<(u32, (u32, Way))>) {
        let stop = self.stops.all()[at as usize];
        let before = ways.len();
        let mut nearest = u8::MAX;
        self.arrivals.at(self.holdings, stop.system(), |hop| {
            let item = &self.holdings.items[hop.arrived as usize];
            let distance = distance_of_forms(item.form, stop.form()).filter(|_| item.element == stop.element());
            let Some(distance) = distance.filter(|distance| *distance <= nearest) else { return };
            if distance < nearest {
                nearest = distance;
                ways.truncate(before);
            }
            ways.push((self.place_of(hop.from, hop.sent), (at, hop.way)));
        });
    }

    /// The last link of the way to a system.
    fn end(&mut self, system: u32, deciding: &[u32]) -> u32 {
        let mut shortest: Option<(u32, u32, Way, u32, u32)> = None;
        self.arrivals.at(self.holdings, system, |hop| {
            if deciding.binary_search(&hop.arrived).is_err() {
                return;
            }
            let from = self.place_of(hop.from, hop.sent);
            if let Some(reached) = self.reached[from as usize] {
                let found = (reached.distance, hop.from, hop.way, from, reached.place);
                shortest = Some(shortest.map_or(found, |known| known.min(found)));
            }
        });
        if let Some((_, _, way, _, before)) = shortest {
            let arrival = self.arrival(system, Some(way));
            return self.links.push(arrival, Some(before));
        }
        let stops = deciding.iter().filter_map(|item| self.find(system, *item));
        let nearest =
            stops.filter_map(|at| self.reached[at as usize].map(|reached| (reached.distance, at, reached.place))).min();
        if let Some((_, _, place)) = nearest {
            return place;
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

/// What arrives at each system. A flow from a system to itself brings it nothing.
struct Arrivals {
    /// Flows that end at each system with account data.
    flows: Grouped<Inflow>,
    /// The same for flows on whose way each system lies.
    listened: Grouped<Inflow>,
    /// The copies that each system takes, by place in [`Holdings::copies`].
    copies: Grouped<u32>,
}

/// What is read of a flow that arrives.
#[derive(Debug, Clone, Copy)]
struct Inflow {
    from: u32,
    flow: u32,
    /// The number of its payload.
    payload: u32,
}

impl Arrivals {
    fn of(graph: &Graph<'_>, holdings: &Holdings<'_>) -> Self {
        let inflow = |at: u32, place: u32| {
            let ActiveFlow { flow, from, .. } = graph.active_flows[place as usize];
            let payload = holdings.payload.number(place);
            (payload != Payloads::NOTHING && from != at).then_some((at, Inflow { from, flow, payload }))
        };
        let flows = (0_u32..).zip(&graph.active_flows).filter_map(|(place, active)| inflow(active.to, place));
        let listened = graph.listeners.iter().filter_map(|(place, node)| inflow(*node, *place));
        let copies = (0_u32..).zip(&holdings.copies).filter(|(_, copy)| copy.from != copy.into);
        Self {
            flows: Grouped::of_pairs(graph.len(), flows),
            listened: Grouped::of_pairs(graph.len(), listened),
            copies: Grouped::of_pairs(graph.len(), copies.map(|(place, copy)| (copy.into, place))),
        }
    }

    /// Shows every hop that ends at a system.
    fn at(&self, holdings: &Holdings<'_>, system: u32, mut show: impl FnMut(Hop)) {
        for Inflow { from, flow, payload } in self.flows.of(system).iter().copied() {
            for held in holdings.payload.list(payload) {
                show(Hop { from, way: Way::Flow(flow), sent: held.item, arrived: held.item });
            }
        }
        for Inflow { from, flow, payload } in self.listened.of(system).iter().copied() {
            for held in holdings.payload.list(payload) {
                show(Hop { from, way: Way::Via(flow), sent: held.item, arrived: held.item });
            }
        }
        for place in self.copies.of(system) {
            let copy = &holdings.copies[*place as usize];
            for held in holdings.of.of(copy.from).iter().filter(|held| held.stored) {
                if let Some(arrived) = holdings.find_copied(held.item, copy) {
                    show(Hop { from: copy.from, way: Way::Copy, sent: held.item, arrived });
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::model;
    use super::super::ways::Ways;
    use crate::scope::compute;

    /// The way to a system as text: `a -f1-> b`.
    fn way(members: &str, id: &str) -> String {
        use super::By;
        let mut text = String::new();
        let model = model(members);
        for stop in &Ways::of(&model, &compute(&model)).way(&id.into()) {
            match &stop.by {
                None => {}
                Some(By::Copy) => text.push_str(" -copy-> "),
                Some(By::Flow(flow)) => text.push_str(&format!(" -{flow}-> ")),
                Some(By::Via(flow)) => text.push_str(&format!(" -via {flow}-> ")),
            }
            text.push_str(stop.node.as_str());
        }
        text
    }

    #[test]
    fn the_shortest_way_starts_where_the_element_enters() {
        let members = r#""systems":[{"id":"app","boundary":"external"},{"id":"web","boundary":"external"},{"id":"waf"},
            {"id":"api"},{"id":"db"},{"id":"backup","copies":[{"from":"db"}]}],
            "flows":[{"id":"f1","from":"app","to":"api","data":[{"element":"pan"}],"via":[{"node":"waf","mode":"inspect"}]},
                {"id":"f2","from":"web","to":"waf","data":[{"element":"pan"}]},
                {"id":"f3","from":"api","to":"db","data":[{"element":"pan","ops":["store"]}]}]"#;
        assert_eq!(way(members, "api"), "app -f1-> api");
        assert_eq!(way(members, "waf"), "app -via f1-> waf");
        assert_eq!(way(members, "backup"), "app -f1-> api -f3-> db -copy-> backup");
    }

    #[test]
    fn among_equally_short_ways_key_then_edge_decide() {
        let members = r#""systems":[{"id":"b","boundary":"external"},{"id":"a","boundary":"external"},{"id":"v"}],
            "flows":[{"id":"f1","from":"b","to":"v","data":[{"element":"pan"}]},
                {"id":"f3","from":"a","to":"v","data":[{"element":"pan"}]},
                {"id":"f2","from":"a","to":"v","data":[{"element":"pan"}]}]"#;
        assert_eq!(way(members, "v"), "a -f2-> v");
    }

    #[test]
    fn a_truncated_number_explains_no_whole_one() {
        let members = r#""systems":[{"id":"crm","boundary":"external"},{"id":"v","holdings":[{"element":"pan"}]}],
            "flows":[{"id":"f","from":"crm","to":"v","data":[{"element":"pan","form":"truncated"}]}]"#;
        assert_eq!(way(members, "v"), "v");
        let decrypted = members.replace("truncated", "encrypted");
        assert_eq!(way(&decrypted, "v"), "crm -f-> v");
    }

    #[test]
    fn in_a_circle_the_nearest_system_that_declares_it_is_the_start() {
        let circle = |declared: &str| {
            format!(
                r#""systems":[{{"id":"a"{declared}}},{{"id":"b"}},{{"id":"c"}}],"flows":[
                    {{"id":"ab","from":"a","to":"b","data":[{{"element":"pan"}}]}},
                    {{"id":"bc","from":"b","to":"c","data":[{{"element":"pan"}}]}},
                    {{"id":"ca","from":"c","to":"a","data":[{{"element":"pan"}}]}}]"#
            )
        };
        let declared = circle(r#","holdings":[{"element":"pan"}]"#);
        assert_eq!(way(&declared, "c"), "a -ab-> b -bc-> c");
        assert_eq!(way(&circle(""), "c"), "c");
    }

    #[test]
    fn verdicts_that_rest_on_no_data_have_none() {
        let members =
            r#""systems":[{"id":"cde","holdings":[{"element":"pan"}]},{"id":"v"}],"flows":[{"from":"v","to":"cde"}]"#;
        assert_eq!(way(members, "v"), "");
        assert_eq!(way(members, "cde"), "cde");
    }
}
