//! The ground an attacker moves on: who reaches whom over the network, who holds which credential and key, and what
//! each credential opens. Everything is interned in the order of its keys, so that comparing numbers is comparing keys.

use crate::id::{DomainId, SystemId};
use crate::model::Model;
use crate::model::credential::{Credential, Grant};
use crate::model::relations::{Boundary, Exposure, How, Initiator, Sync};
use crate::model::system::ManageTarget;
use crate::scope::graph::Graph;
use crate::scope::grouped::Grouped;
use crate::scope::index::Index;

/// A model as the rules of the blast radius read it.
pub(super) struct Terrain<'m> {
    pub(super) graph: Graph<'m>,
    /// The open connections at each system.
    pub(super) roads: Grouped<Road>,
    /// The active flows whose payload each system gets, as sender, receiver or on the way, by place in
    /// `graph.active_flows`.
    pub(super) payloads: Grouped<u32>,
    /// Whether each system can be reached from the internet.
    pub(super) internet: Vec<bool>,
    /// What each active system controls by management, and how.
    pub(super) manages: Grouped<(u32, How)>,
    /// All credentials, in the order of their keys.
    pub(super) credentials: Vec<&'m Credential>,
    /// The credentials that each system holds.
    pub(super) held: Grouped<u32>,
    /// The credentials that work from a system because they are bound to it.
    pub(super) bound: Grouped<u32>,
    /// What credentials open; those of one credential stand together.
    pub(super) grants: Vec<GrantOn<'m>>,
    grants_of: Vec<std::ops::Range<u32>>,
    /// The grants on each system.
    pub(super) grants_on: Grouped<u32>,
    /// The keys of the model, by number.
    pub(super) keys: Index<'m>,
    /// The keys that each system holds.
    pub(super) keys_at: Grouped<u32>,
    domains: Index<'m>,
}

/// An open connection seen from one of its ends: active, on the network, and not known to be blocked.
#[derive(Debug, Clone, Copy)]
pub(super) struct Road {
    /// The other end.
    pub(super) other: u32,
    /// The place in `graph.flows`.
    pub(super) flow: u32,
    /// This end may open the connection.
    pub(super) opens: bool,
    /// This end sends the data.
    pub(super) sends: bool,
}

/// A grant on a system that is in the model.
#[derive(Debug, Clone, Copy)]
pub(super) struct GrantOn<'m> {
    pub(super) credential: u32,
    pub(super) target: u32,
    pub(super) grant: &'m Grant,
    /// The token domain of a right to de-tokenise, see [`Terrain::domain`].
    pub(super) domain: u32,
}

/// The number that stands for no token domain at all.
pub(super) const NO_DOMAIN: u32 = 0;

impl<'m> Terrain<'m> {
    pub(super) fn of(model: &'m Model) -> Self {
        let graph = Graph::of(model);
        let mut domains = Index::new(model.systems.values().flat_map(|system| {
            system.capabilities.iter().filter_map(|capability| capability.domain.as_ref()).map(|id| id.as_str())
        }));
        let credentials: Vec<&Credential> = model.credentials.values().map(|it| &**it).collect();
        let (grants, grants_of) = grants(&graph, &credentials, &mut domains);
        let of_systems = |sets: &mut dyn Iterator<Item = (u32, &'m SystemId)>| {
            let pairs: Vec<_> = sets.filter_map(|(number, id)| Some((graph.number_of(id)?, number))).collect();
            Grouped::new(graph.len(), &pairs)
        };
        let numbered = || (0_u32..).zip(&credentials);
        let held = of_systems(&mut numbered().flat_map(|(number, it)| it.held_by.iter().map(move |id| (number, id))));
        let bound = of_systems(
            &mut numbered().flat_map(|(number, it)| it.bound_to.iter().flatten().map(move |id| (number, id))),
        );
        let keys_at = of_systems(
            &mut (0_u32..).zip(model.keys.values()).flat_map(|(key, it)| it.holders.iter().map(move |id| (key, id))),
        );
        let on: Vec<_> = (0_u32..).zip(&grants).map(|(number, it)| (it.target, number)).collect();
        Self {
            roads: roads(&graph),
            payloads: payloads(&graph),
            internet: graph.systems.iter().map(|it| is_exposed(it.exposure, it.boundary)).collect(),
            manages: management(&graph),
            held,
            bound,
            grants_on: Grouped::new(graph.len(), &on),
            grants,
            grants_of,
            keys: Index::new(model.keys.keys().map(|id| id.as_str())),
            keys_at,
            credentials,
            domains,
            graph,
        }
    }

    /// The numbers of a credential's grants.
    pub(super) fn grants_of(&self, credential: u32) -> std::ops::Range<u32> {
        self.grants_of[credential as usize].clone()
    }

    /// The number of a token domain; `None` where nothing in the model can turn its tokens back.
    pub(super) fn domain(&self, domain: Option<&DomainId>) -> Option<u32> {
        domain.map_or(Some(NO_DOMAIN), |id| self.domains.get(id.as_str()).map(|number| number + 1))
    }

    /// The key of a token domain by its number.
    pub(super) fn domain_key(&self, domain: u32) -> Option<&'m str> {
        domain.checked_sub(1).map(|number| self.domains.key(number))
    }

    /// Whether both are in one zone in which systems reach each other.
    pub(super) fn in_one_zone(&self, one: u32, other: u32) -> bool {
        let zone = self.graph.nodes[one as usize].open_zone();
        zone.is_some() && zone == self.graph.nodes[other as usize].open_zone()
    }

    /// How long data, or a call, takes over a flow, in seconds: the period of a batch, else the latency.
    /// `None` where nobody said.
    pub(super) fn delay(&self, flow: u32) -> Option<u64> {
        let flow = self.graph.flows[flow as usize];
        let period = flow.period_minutes.map(|minutes| minutes.saturating_mul(60));
        match flow.sync {
            Some(Sync::Batch) => period.or(flow.latency_seconds),
            _ => flow.latency_seconds.or(period),
        }
    }
}

fn is_exposed(declared: Option<Exposure>, boundary: Boundary) -> bool {
    let by_boundary = if boundary == Boundary::ThirdParty { Exposure::Internet } else { Exposure::Internal };
    declared.unwrap_or(by_boundary) == Exposure::Internet
}

/// The grants on known systems, those of each credential in an order of their own, so that the file's does not matter.
fn grants<'m>(
    graph: &Graph<'m>,
    credentials: &[&'m Credential],
    domains: &mut Index<'m>,
) -> (Vec<GrantOn<'m>>, Vec<std::ops::Range<u32>>) {
    let mut grants: Vec<GrantOn<'m>> = Vec::new();
    let mut ranges = Vec::with_capacity(credentials.len());
    let count = |grants: &[GrantOn<'m>]| u32::try_from(grants.len()).expect("a model in memory has fewer grants");
    for (number, credential) in (0_u32..).zip(credentials) {
        let start = count(&grants);
        for grant in &credential.grants {
            let Some(target) = graph.number_of(&grant.on) else { continue };
            let domain = grant.domain.as_ref().map_or(NO_DOMAIN, |id| domains.number(id.as_str()) + 1);
            grants.push(GrantOn { credential: number, target, grant, domain });
        }
        grants[start as usize..].sort_by(|one, other| {
            let key = |it: &GrantOn<'m>| (it.target, it.grant.privilege);
            let rest = |it: &GrantOn<'m>| (&it.grant.domain, &it.grant.elements, &it.grant.action);
            key(one).cmp(&key(other)).then_with(|| rest(one).cmp(&rest(other)))
        });
        ranges.push(start..count(&grants));
    }
    (grants, ranges)
}

fn roads(graph: &Graph<'_>) -> Grouped<Road> {
    let mut pairs = Vec::with_capacity(graph.active_flows.len() * 2);
    for active in graph.active_flows.iter().filter(|active| active.is_open) {
        let road = |other: u32, silent: Initiator, sends: bool| Road {
            other,
            flow: active.flow,
            opens: active.initiator != silent,
            sends,
        };
        pairs.push((active.from, road(active.to, Initiator::To, true)));
        pairs.push((active.to, road(active.from, Initiator::From, false)));
    }
    Grouped::new(graph.len(), &pairs)
}

fn payloads(graph: &Graph<'_>) -> Grouped<u32> {
    let mut pairs = Vec::with_capacity(graph.active_flows.len() * 2);
    for (place, active) in (0_u32..).zip(&graph.active_flows).filter(|(_, active)| active.carries) {
        pairs.push((active.from, place));
        if active.to != active.from {
            pairs.push((active.to, place));
        }
    }
    for (place, node) in &graph.listeners {
        let active = &graph.active_flows[*place as usize];
        if active.carries && active.from != *node && active.to != *node {
            pairs.push((*node, *place));
        }
    }
    Grouped::new(graph.len(), &pairs).sorted()
}

fn management(graph: &Graph<'_>) -> Grouped<(u32, How)> {
    let mut segment_members: Vec<Vec<u32>> = vec![Vec::new(); graph.segments.len()];
    for (number, node) in (0_u32..).zip(&graph.nodes) {
        if let Some(segment) = node.segment.filter(|_| node.is_own() && node.active) {
            segment_members[segment as usize].push(number);
        }
    }
    let mut pairs = Vec::new();
    for (manager, system) in (0_u32..).zip(&graph.systems) {
        if !graph.nodes[manager as usize].active {
            continue;
        }
        for relation in system.manages.iter().filter(|relation| relation.how.bears_control()) {
            match &relation.target {
                ManageTarget::System(target) => {
                    let target = graph.number_of(target).filter(|it| graph.nodes[*it as usize].active);
                    pairs.extend(target.map(|target| (manager, (target, relation.how))));
                }
                ManageTarget::Segment(segment) => {
                    let members = graph.segments.get(segment.as_str()).map(|it| &segment_members[it as usize]);
                    pairs.extend(members.into_iter().flatten().map(|member| (manager, (*member, relation.how))));
                }
            }
        }
    }
    Grouped::new(graph.len(), &pairs)
}
