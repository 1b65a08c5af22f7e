//! Which facts of the graph the witness of a verdict uses.

use std::collections::BTreeSet;

use super::{Arrival, By, Fact, Label, ManageTarget, Rule, State, States, SystemId, Verdict, WitnessFacts};
use crate::model::system::Manages;
use crate::scope::second::search;
use crate::scope::ways::Ways;

impl States<'_> {
    /// The facts that the witness of a verdict uses.
    pub(in crate::scope::second) fn facts_of(&self, id: &SystemId, verdict: &Verdict) -> WitnessFacts {
        let mut found = WitnessFacts::default();
        let (systems, steps) = (verdict.witness.to_vec(), verdict.steps.to_vec());
        for (pair, step) in systems.windows(2).zip(steps.iter().skip(1)) {
            let (premise, system) = (&pair[0], &pair[1]);
            let fact = match step.rule {
                Rule::AZone | Rule::CZone => self.zone_fact(premise),
                Rule::IManages | Rule::IManagesIndirect => self.management_fact(premise, system, &step.edge),
                _ => Some(Fact::Flow(step.edge.as_str().into())),
            };
            found.path.extend(fact.and_then(|fact| self.numbers.get(&fact)));
        }
        let Some(seed) = systems.first() else { return found };
        let start = self.start_facts(seed, steps.first().map(|step| step.rule));
        let start: BTreeSet<u32> = start.iter().filter_map(|fact| self.numbers.get(fact)).copied().collect();
        let data_alone = systems.len() == 1 && steps[0].label == Label::Data && seed == id;
        *(if data_alone { &mut found.path } else { &mut found.start }) = start;
        found
    }

    fn zone_fact(&self, system: &SystemId) -> Option<Fact> {
        let zone = self.engine.nodes[self.engine.number_of(system)? as usize].zone?;
        Some(Fact::Zone(self.zone_name(zone)))
    }

    fn management_fact(&self, target: &SystemId, manager: &SystemId, how: &str) -> Option<Fact> {
        let number = self.engine.number_of(manager)?;
        let relations = &self.engine.systems[number as usize].manages;
        let segment = self.engine.systems[self.engine.number_of(target)? as usize].segment.as_ref();
        let fits = |it: &&Manages| it.how.as_str() == how;
        let by_name = relations.iter().filter(fits).find(|it| it.target == ManageTarget::System(target.clone()));
        let found = by_name.or_else(|| {
            let of_segment = |it: &&Manages| segment.is_some_and(|id| it.target == ManageTarget::Segment(id.clone()));
            relations.iter().filter(fits).find(of_segment)
        })?;
        Some(Fact::Manages { manager: manager.clone(), target: found.target.clone(), how: found.how })
    }

    /// What the first state of a witness rests on: for data, how it arrives last and what makes it count.
    fn start_facts(&self, seed: &SystemId, rule: Option<Rule>) -> Vec<Fact> {
        let Some(number) = self.engine.number_of(seed) else { return Vec::new() };
        let state = |label| self.states.get(&State::new(number, label)).copied();
        let label = match rule {
            Some(Rule::OUp) => return vec![Fact::Decision(seed.clone())],
            Some(Rule::IPage) => return vec![Fact::Page(seed.clone())],
            Some(Rule::CVault) => return vec![Fact::Capability(seed.clone())],
            Some(Rule::IKeys) => Label::Imp,
            _ => Label::Data,
        };
        // The facts of the shortest way to that state that begins at the source and uses starts only.
        let Some(target) = state(label) else { return Vec::new() };
        let Some(path) = search::best(self, target, &WitnessFacts::default()) else { return Vec::new() };
        let mut facts: Vec<Fact> = self.facts(&path.facts).into_iter().collect();
        let shown = Ways::within(&self.engine, &self.holdings, &self.custody, self.scope, [seed]).way(seed).to_vec();
        if label == Label::Data && shown.len() > 1 {
            facts.retain(|fact| !matches!(fact, Fact::Flow(_) | Fact::Copy { .. } | Fact::Holding { .. }));
            facts.extend(self.last_arrival(&shown));
        }
        facts
    }

    /// The flow that brought the data last, and the copies since.
    fn last_arrival(&self, way: &[Arrival]) -> Vec<Fact> {
        let mut facts = Vec::new();
        for pair in way.windows(2).rev() {
            match &pair[1].by {
                Some(By::Flow(flow) | By::Via(flow)) => {
                    facts.push(Fact::Flow(flow.clone()));
                    return facts;
                }
                _ => facts.push(Fact::Copy { from: pair[0].node.clone(), into: pair[1].node.clone() }),
            }
        }
        let stored = |fact: &&Fact| matches!(fact, Fact::Holding { system, .. } if *system == way[0].node);
        let copies = facts.len();
        facts.extend(self.facts.iter().filter(stored).cloned());
        if facts.len() == copies {
            // The first system declares nothing itself: what it stores is what it sends.
            let first = self.engine.number_of(&way[0].node);
            let sent = (0_u32..).zip(&self.engine.active_flows).filter(|(_, active)| Some(active.from) == first);
            let mut storing = sent.filter(|(place, _)| self.holdings.payload.of(*place).iter().any(|it| it.stored));
            let flow = storing.next().map(|(_, active)| self.engine.flows[active.flow as usize].id.clone());
            facts.extend(flow.map(Fact::Flow));
        }
        facts
    }
}
