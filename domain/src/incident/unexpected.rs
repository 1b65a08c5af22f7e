//! A card number where none should be: how it came there, what travelled with it, and what is left to do.
//!
//! PCI DSS 12.10.7 asks what is done with the data, whether authentication data lies beside it, where it came from and
//! how the way is closed.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use serde::{Deserialize, Serialize};

use crate::id::{ElementId, FlowId, SystemId};
use crate::lineage::{Hop, Way, lineage};
use crate::model::Model;
use crate::model::catalogue;
use crate::model::element::{ElementClass, Holding};
use crate::text::text_enum;

/// The case, as people work on it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CardCase {
    /// Where it was found.
    pub system: SystemId,
    /// Whether authentication data was found with it; absent until somebody looked.
    pub sad_found: Option<bool>,
    /// What is done with the data; absent until somebody decided.
    pub decision: Option<Disposal>,
    /// What shows that it was done.
    pub evidence: Option<String>,
    /// Where it came from.
    pub source: String,
    /// How that way is closed.
    pub fix: String,
}

text_enum! {
    /// What is done with a card number that was found.
    Disposal {
        Retrieve = "retrieve": "Bring it back to where it belongs",
        Delete = "delete": "Delete it securely",
        Migrate = "migrate": "Move it into the CDE as it is defined",
    }
}

text_enum! {
    /// What is left to do.
    CardGap {
        Authentication = "authentication": "Look whether authentication data lies beside it",
        Decision = "decision": "Decide what is done with the data",
        Evidence = "evidence": "Show that it was done",
        Source = "source": "Say where it came from",
        Fix = "fix": "Close the way on which it came",
    }
}

impl CardCase {
    /// A case of which nothing is known but where.
    #[must_use]
    pub const fn new(system: SystemId) -> Self {
        Self { system, sad_found: None, decision: None, evidence: None, source: String::new(), fix: String::new() }
    }

    /// What is left to do, in order.
    #[must_use]
    pub fn gaps(&self) -> Vec<CardGap> {
        let open = [
            (CardGap::Authentication, self.sad_found.is_none()),
            (CardGap::Decision, self.decision.is_none()),
            (CardGap::Evidence, self.evidence.is_none()),
            (CardGap::Source, self.source.trim().is_empty()),
            (CardGap::Fix, self.fix.trim().is_empty()),
        ];
        open.into_iter().filter_map(|(gap, open)| open.then_some(gap)).collect()
    }
}

/// How the card number can have come to a system, as far as the map knows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Upstream {
    /// The hops from where it enters the map to the system, for the nearest entry; empty where no way is known.
    pub path: Vec<Hop>,
    /// Every system from which it can have come.
    pub systems: BTreeSet<SystemId>,
    /// Authentication data on those ways: the flow and the element.
    pub authentication: BTreeSet<(FlowId, ElementId)>,
    /// Authentication data that the system itself is declared to hold.
    pub held: BTreeSet<ElementId>,
    /// Flows into the system of which nobody said what they carry: it may have come there.
    pub unknown: BTreeSet<FlowId>,
}

/// Follows the card number upstream from where it was found.
#[must_use]
pub fn upstream(model: &Model, found_on: &SystemId) -> Upstream {
    let pan = ElementId::from("pan");
    let lineage = lineage(model, &pan);
    let mut into: BTreeMap<&SystemId, Vec<&Hop>> = BTreeMap::new();
    for hop in &lineage.hops {
        into.entry(&hop.to).or_default().push(hop);
    }
    let mut next_hop: BTreeMap<&SystemId, &Hop> = BTreeMap::new();
    let mut systems: BTreeSet<&SystemId> = [found_on].into();
    let mut ahead: VecDeque<&SystemId> = [found_on].into();
    let mut nearest: Option<&SystemId> = None;
    let mut ways: BTreeSet<&FlowId> = BTreeSet::new();
    while let Some(system) = ahead.pop_front() {
        if nearest.is_none() && system != found_on && lineage.entries.contains(system) {
            nearest = Some(system);
        }
        for hop in into.get(system).into_iter().flatten() {
            if let Way::Flow(flow) | Way::Via(flow) = &hop.by {
                ways.insert(flow);
            }
            if systems.insert(&hop.from) {
                next_hop.insert(&hop.from, hop);
                ahead.push_back(&hop.from);
            }
        }
    }
    let mut path = Vec::new();
    let mut at = nearest;
    while let Some(hop) = at.and_then(|system| next_hop.get(system)) {
        path.push((*hop).clone());
        at = Some(&hop.to);
    }
    let of_flow = |id: &FlowId| model.flows.get(id).map(|flow| sad(&flow.fields)).unwrap_or_default();
    let says_nothing =
        model.flows.values().filter(|it| it.to == *found_on && it.fields.is_empty() && it.wire_names.is_empty());
    systems.remove(found_on);
    Upstream {
        path,
        systems: systems.into_iter().cloned().collect(),
        authentication: ways.into_iter().flat_map(|id| of_flow(id).into_iter().map(|it| (id.clone(), it))).collect(),
        held: model.systems.get(found_on).map(|it| sad(&it.holdings)).unwrap_or_default(),
        unknown: says_nothing.map(|it| it.id.clone()).collect(),
    }
}

fn sad(holdings: &[Holding]) -> BTreeSet<ElementId> {
    let is_sad = |it: &&Holding| it.live && catalogue::class_of(it.element.as_str()) == Some(ElementClass::Sad);
    holdings.iter().filter(is_sad).map(|it| it.element.clone()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::findings::tests::model;

    #[test]
    fn the_way_leads_back_to_where_the_card_enters_with_what_travelled_along() {
        let model = model(
            r#""systems":[{"id":"browser","boundary":"external"},{"id":"shop"},{"id":"psp"},{"id":"logs"},{"id":"crm"}],
            "flows":[
              {"id":"in","from":"browser","to":"shop","data":[{"element":"pan"},{"element":"card_verification_code"}]},
              {"id":"pay","from":"shop","to":"psp","data":[{"element":"pan"}]},
              {"id":"log","from":"shop","to":"logs","data":[{"element":"pan"}]},
              {"id":"sync","from":"crm","to":"logs"}]"#,
        );
        let found = upstream(&model, &"logs".into());
        let path: Vec<(&str, &str)> = found.path.iter().map(|hop| (hop.from.as_str(), hop.to.as_str())).collect();
        assert_eq!(path, [("browser", "shop"), ("shop", "logs")]);
        assert_eq!(found.systems, ["browser", "shop"].map(SystemId::from).into());
        assert_eq!(found.authentication, [("in".into(), "card_verification_code".into())].into());
        assert_eq!(found.unknown, ["sync".into()].into());
    }

    #[test]
    fn a_way_that_the_map_does_not_know_is_empty() {
        let model = model(r#""systems":[{"id":"logs"}]"#);
        let found = upstream(&model, &"logs".into());
        assert!(found.path.is_empty() && found.systems.is_empty());
    }

    #[test]
    fn a_case_says_what_is_left_to_do() {
        let mut case = CardCase::new("logs".into());
        assert_eq!(case.gaps(), CardGap::ALL);
        case.decision = Some(Disposal::Delete);
        case.sad_found = Some(false);
        assert_eq!(case.gaps(), [CardGap::Evidence, CardGap::Source, CardGap::Fix]);
    }
}
