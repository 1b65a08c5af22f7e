//! Lineage of one element: where it enters, who holds it in which forms, where it changes form, and where it leaves.
//!
//! [`lineage`] reads the active part of the model only, as the scope does: what is declared, what flows carry to both
//! ends and to those who listen on the way, and what copies of stores take along. `spread` finds the holders and the
//! hops between them, `order` says how far each is from where the element enters, `change` what happens to it on the
//! way, `report` writes it down.

mod change;
mod order;
pub mod report;
mod spread;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use serde::Serialize;

pub use change::{Transformation, Transforms};

use crate::id::{ElementId, FlowId, SystemId};
use crate::model::Model;
use crate::model::catalogue;
use crate::model::element::{ElementClass, Form, Op};
use crate::model::relations::Boundary;

/// The way of one element through the model.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Lineage {
    /// The element, as asked for.
    pub element: ElementId,
    /// Its name in the catalogue; the key where the catalogue does not have it.
    pub name: String,
    /// Its class; absent where the catalogue does not have it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub class: Option<ElementClass>,
    /// Every system that holds it, by distance from where it enters, then by key.
    pub stops: Vec<Stop>,
    /// Every way on which it goes from one system to the next, by the distance of its beginning, then by keys.
    pub hops: Vec<Hop>,
    /// Where it enters the model, by key.
    pub entries: Vec<SystemId>,
    /// Where it changes form, by system.
    pub transformations: Vec<Transformation>,
    /// Where it leaves us, by key of the receiver.
    pub exits: Vec<Exit>,
    /// Where its way ends without being stored: systems of ours that take it and pass it on to nobody.
    pub ends: Vec<SystemId>,
    /// Systems of ours that hold it and declare no purpose for it.
    pub without_purpose: Vec<SystemId>,
}

/// One system that holds the element.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Stop {
    /// The system.
    pub system: SystemId,
    /// Its name.
    pub name: String,
    /// Whose it is.
    pub boundary: Boundary,
    /// The fewest hops from where the element enters.
    pub distance: u32,
    /// The forms in which it holds the element.
    pub forms: BTreeSet<Form>,
    /// What it does with it; empty where nobody said.
    pub ops: BTreeSet<Op>,
    /// Its own record declares it, and not only what arrives.
    pub declared: bool,
    /// All of it is verified test data.
    pub test_data: bool,
    /// How many records its own record declares; absent where nobody said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub records: Option<u64>,
    /// What its own record needs the element for: the purpose, or else why it is kept.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub purposes: Vec<String>,
}

/// How the element goes from one system to the next.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    /// A flow ends at the second system.
    Flow(FlowId),
    /// The second system lies on the way of a flow, and sees what it carries.
    Via(FlowId),
    /// The second system copies the stores of the first.
    Copy,
}

/// One way on which the element goes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Hop {
    /// The distance of the system it leaves.
    pub distance: u32,
    /// The system it leaves.
    pub from: SystemId,
    /// The system it reaches.
    pub to: SystemId,
    /// How.
    pub by: Way,
    /// In which forms it arrives.
    pub forms: BTreeSet<Form>,
    /// It leads no further from where the element enters: back, or to a system that is reached as soon otherwise.
    pub back: bool,
}

/// A system that is not ours and gets the element from one that is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Exit {
    /// The receiver.
    pub to: SystemId,
    /// Whose it is.
    pub boundary: Boundary,
    /// The systems of ours that it gets the element from.
    pub from: BTreeSet<SystemId>,
    /// In which forms.
    pub forms: BTreeSet<Form>,
}

/// The lineage of an element. An alias of the catalogue, such as `pan_truncated`, means the one form that it stands
/// for; any other key means every form. An element that nobody holds has an empty lineage.
#[must_use]
pub fn lineage(model: &Model, element: &ElementId) -> Lineage {
    let row = catalogue::element(element.as_str());
    let spread = spread::Spread::of(model, &Wanted::of(element));
    let order = order::Order::of(&spread);
    let mut lineage = Lineage {
        element: element.clone(),
        name: row.map_or_else(|| element.to_string(), |row| row.name.clone()),
        class: row.map(|row| row.class),
        stops: spread.stops(&order),
        hops: spread.hops(&order),
        entries: order.entries(),
        transformations: change::transformations(model, &spread),
        exits: Vec::new(),
        ends: Vec::new(),
        without_purpose: Vec::new(),
    };
    lineage.exits = exits(&lineage);
    let own = |stop: &&Stop| stop.boundary == Boundary::Own;
    // Who sees it on the way of a flow passes it on.
    let goes_on = |stop: &&Stop| {
        lineage
            .hops
            .iter()
            .any(|hop| hop.from == stop.system || (hop.to == stop.system && matches!(hop.by, Way::Via(_))))
    };
    let ending = lineage.stops.iter().filter(own).filter(|stop| !stop.ops.contains(&Op::Store) && !goes_on(stop));
    let purposeless = lineage.stops.iter().filter(own).filter(|stop| stop.purposes.is_empty());
    let (mut ends, mut without): (Vec<_>, Vec<_>) =
        (ending.map(|stop| stop.system.clone()).collect(), purposeless.map(|stop| stop.system.clone()).collect());
    ends.sort();
    without.sort();
    (lineage.ends, lineage.without_purpose) = (ends, without);
    lineage
}

/// The elements that the active part of a model holds or sends anywhere, by key.
#[must_use]
pub fn elements(model: &Model) -> BTreeSet<ElementId> {
    let held = model.systems.values().flat_map(|system| &system.holdings);
    let sent = model.flows.values().flat_map(|flow| &flow.fields);
    held.chain(sent).map(|holding| holding.element.clone()).collect()
}

/// Which holdings are meant.
struct Wanted {
    element: String,
    form: Option<Form>,
}

impl Wanted {
    fn of(id: &ElementId) -> Self {
        match catalogue::element(id.as_str()).and_then(|row| row.normalises_to.as_ref()) {
            Some(alias) => Self { element: alias.element.clone(), form: Some(alias.form) },
            None => Self { element: id.to_string(), form: None },
        }
    }
}

fn exits(lineage: &Lineage) -> Vec<Exit> {
    let boundary = |id: &SystemId| lineage.stops.iter().find(|stop| stop.system == *id).map(|stop| stop.boundary);
    let mut exits: Vec<Exit> = Vec::new();
    for hop in &lineage.hops {
        let (Some(Boundary::Own), Some(there)) = (boundary(&hop.from), boundary(&hop.to)) else { continue };
        if there == Boundary::Own {
            continue;
        }
        match exits.iter_mut().find(|exit| exit.to == hop.to) {
            Some(exit) => {
                exit.from.insert(hop.from.clone());
                exit.forms.extend(&hop.forms);
            }
            None => exits.push(Exit {
                to: hop.to.clone(),
                boundary: there,
                from: BTreeSet::from([hop.from.clone()]),
                forms: hop.forms.clone(),
            }),
        }
    }
    exits.sort_by(|one, other| one.to.cmp(&other.to));
    exits
}
