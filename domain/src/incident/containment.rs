//! What to do at once when something is hostile: what to cut, what to rotate, whom to call, whom to tell until when.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::deadline::{Deadline, deadlines};
use super::duty::{DataClass, Duty};
use super::playbook::{Playbook, Trigger, playbooks_for};
use super::record::Incident;
use crate::blast::facts::Place;
use crate::blast::{Blast, Start};
use crate::id::{CredentialId, ElementId, FlowId, KeyId, SystemId, VendorId};
use crate::model::Model;
use crate::model::element::Form;
use crate::model::flow::Flow;
use crate::model::kinds::Action;
use crate::model::relations::{Access, Channel, Lifecycle};
use crate::text::text_enum;

/// The containment sheet of a start.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Sheet {
    /// What is assumed to be hostile.
    pub start: Start,
    /// Connections between what is under control and the rest, the nearest to the start first.
    pub cut: Vec<Cut>,
    /// Credentials that are known or within reach.
    pub rotate: Vec<Rotate>,
    /// Keys that can be used.
    pub keys: Vec<KeyId>,
    /// Vendors whose systems are under control, take hostile data, or hold what can be seen.
    pub call: Vec<Call>,
    /// Actions that move money, on the systems that perform them.
    pub stop: Vec<(Action, SystemId)>,
    /// What can be seen, by element in its most open form, with the most records; absent is unknown.
    pub elements: BTreeMap<ElementId, (Form, Option<u64>)>,
    /// Records of card data that can be seen in clear.
    pub records_pan: u64,
    /// For some nobody knows how many.
    pub records_unknown: bool,
    /// The kinds of data that duties speak of.
    pub data: BTreeSet<DataClass>,
    /// Where people or cards can be affected.
    pub jurisdictions: BTreeSet<String>,
    /// Whom to tell until when.
    pub deadlines: Vec<Deadline>,
    /// What was agreed for such a case, by number.
    pub playbooks: Vec<u32>,
}

/// A connection to cut.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Cut {
    /// The flow.
    pub flow: FlowId,
    /// Where the data comes from.
    pub from: SystemId,
    /// Where it goes.
    pub to: SystemId,
    /// What cutting it stops.
    pub stops: Stops,
    /// Hops from the start to the end that is under control.
    pub hops: u32,
}

text_enum! {
    /// What cutting a connection stops.
    Stops {
        /// Data goes out of what is under control, or can be sent on by it.
        Spread = "spread": "Hostile data going on",
        /// Data goes to what is under control.
        Feed = "feed": "More data coming in",
    }
}

/// A credential to rotate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Rotate {
    /// The credential.
    pub credential: CredentialId,
    /// Who has it and needs the new one.
    pub held_by: BTreeSet<SystemId>,
    /// What it opens.
    pub opens: BTreeSet<SystemId>,
}

/// A vendor to call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Call {
    /// The vendor.
    pub vendor: VendorId,
    /// Its name.
    pub name: String,
    /// Whom there; absent where nobody wrote it down, which is work.
    pub contact: Option<String>,
    /// Within how many hours it has to tell us of its own incidents.
    pub tells_within_hours: Option<u64>,
    /// Its systems that are concerned.
    pub systems: BTreeSet<SystemId>,
}

/// The sheet of a blast radius. `blast` is one of the same model; the incident gives the moment of detection and the
/// jurisdictions that people know of.
#[must_use]
pub fn contain(
    model: &Model,
    blast: &Blast,
    incident: &Incident,
    duties: &[Duty],
    playbooks: &[Playbook],
    now: crate::time::Timestamp,
) -> Sheet {
    let mut elements: BTreeMap<ElementId, (Form, Option<u64>)> = BTreeMap::new();
    for seen in &blast.data {
        elements
            .entry(seen.element.clone())
            .and_modify(|(form, records)| {
                if seen.form.openness() < form.openness() {
                    *form = seen.form;
                }
                // Unknown stays unknown: the largest of what is known would be a guess.
                *records = records.zip(seen.records).map(|(one, other)| one.max(other));
            })
            .or_insert((seen.form, seen.records));
    }
    let call = vendors(model, blast);
    let mut data: BTreeSet<DataClass> =
        elements.keys().filter_map(|element| DataClass::of_element(element.as_str())).collect();
    data.extend(incident.data.iter().copied());
    let of_vendors = call.iter().filter_map(|it| model.vendors.get(&it.vendor)?.facts.get("jurisdictions"));
    let of_systems = blast.control.keys().filter_map(|id| model.systems.get(id)?.facts.get("jurisdictions"));
    let named = of_vendors.chain(of_systems).flat_map(|fact| fact.value.as_array().cloned().unwrap_or_default());
    let mut jurisdictions = incident.jurisdictions.clone();
    jurisdictions.extend(named.filter_map(|it| it.as_str().map(str::to_owned)));
    let as_known = Incident { data: data.clone(), jurisdictions: incident.jurisdictions.clone(), ..incident.clone() };
    Sheet {
        start: blast.start.clone(),
        cut: cuts(model, blast),
        rotate: credentials(model, blast),
        keys: blast.keys.keys().cloned().collect(),
        call,
        stop: blast.actions.iter().map(|it| (it.action, it.system.clone())).collect(),
        records_pan: blast.records_pan,
        records_unknown: blast.records_unknown,
        elements,
        data,
        jurisdictions,
        deadlines: deadlines(&as_known, duties, now),
        playbooks: playbooks_for(playbooks, Trigger::of(&blast.start)).iter().map(|it| it.number).collect(),
    }
}

/// The open connections of which exactly one end is under control; for a connector its own flows.
fn cuts(model: &Model, blast: &Blast) -> Vec<Cut> {
    let mut cuts: Vec<Cut> = Vec::new();
    for flow in model.flows.values().filter(|flow| is_open(flow)) {
        let (from, to) = (blast.control.get(&flow.from), blast.control.get(&flow.to));
        let cut =
            |stops, hops| Cut { flow: flow.id.clone(), from: flow.from.clone(), to: flow.to.clone(), stops, hops };
        match (from, to) {
            _ if is_of(&blast.start, flow) => cuts.push(cut(Stops::Spread, 0)),
            (Some(control), None) => cuts.push(cut(Stops::Spread, control.hops)),
            (None, Some(control)) => cuts.push(cut(Stops::Feed, control.hops)),
            _ => {}
        }
    }
    cuts.sort_by(|one, other| (one.hops, one.stops, &one.flow).cmp(&(other.hops, other.stops, &other.flow)));
    cuts
}

fn is_open(flow: &Flow) -> bool {
    flow.channel == Channel::Network
        && flow.access != Access::Blocked
        && matches!(flow.stage, Lifecycle::Live | Lifecycle::Retiring)
}

/// Whether the flow belongs to the connector that the blast radius starts with.
fn is_of(start: &Start, flow: &Flow) -> bool {
    match start {
        Start::Connector { id } => {
            flow.id.as_str() == id.as_str() || flow.connector.as_ref().is_some_and(|connector| connector == id)
        }
        _ => false,
    }
}

/// What is known already, and what lies on the systems under control.
fn credentials(model: &Model, blast: &Blast) -> Vec<Rotate> {
    let concerned = model.credentials.values().filter(|it| {
        blast.credentials.contains_key(&it.id) || it.held_by.iter().any(|holder| blast.control.contains_key(holder))
    });
    let rotate = concerned.map(|it| Rotate {
        credential: it.id.clone(),
        held_by: it.held_by.clone(),
        opens: it.grants.iter().map(|grant| grant.on.clone()).collect(),
    });
    rotate.collect()
}

fn vendors(model: &Model, blast: &Blast) -> Vec<Call> {
    let mut concerned: BTreeSet<&SystemId> = blast.control.keys().chain(blast.integrity.keys()).collect();
    for seen in &blast.data {
        match &seen.at {
            Place::System(id) => drop(concerned.insert(id)),
            Place::Flow(id) => {
                concerned.extend(model.flows.get(id).into_iter().flat_map(|flow| [&flow.from, &flow.to]))
            }
            Place::Browser => {}
        }
    }
    let mut calls: BTreeMap<VendorId, BTreeSet<SystemId>> = BTreeMap::new();
    if let Start::Vendor { id } = &blast.start {
        calls.entry(id.clone()).or_default();
    }
    for system in concerned.into_iter().filter_map(|id| model.systems.get(id)) {
        for vendor in system.vendor.iter().chain(&system.operated_by) {
            calls.entry(vendor.clone()).or_default().insert(system.id.clone());
        }
    }
    let call = |(vendor, systems): (VendorId, BTreeSet<SystemId>)| {
        let known = model.vendors.get(&vendor);
        let fact = |name: &str| known.and_then(|it| it.facts.get(name)).map(|fact| &fact.value);
        Call {
            name: known.map_or_else(|| vendor.to_string(), |it| it.name.clone()),
            contact: fact("incident_contact").and_then(|it| it.as_str()).map(str::to_owned),
            tells_within_hours: fact("sla_notify_hours").and_then(serde_json::Value::as_u64),
            vendor,
            systems,
        }
    };
    calls.into_iter().map(call).collect()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::blast::radius;
    use crate::findings::tests::model;
    use crate::incident::duty::usual_duties;
    use crate::incident::record::IncidentKey;
    use crate::scope::compute;
    use crate::time::Timestamp;

    const MODEL: &str = r#""vendors":[{"id":"psp","name":"PSP","incident_contact":"soc@psp.example"}],
        "systems":[{"id":"shop"},{"id":"pay","holdings":[{"element":"pan","form":"clear","ops":["store"],"records":5000}]},
          {"id":"acquirer","boundary":"third_party","vendor":"psp"},{"id":"crm"}],
        "credentials":[{"id":"key","held_by":["shop"],"grants":[{"on":"pay","priv":"admin"}]},
          {"id":"other","held_by":["crm"],"grants":[{"on":"shop","priv":"read"}]}],
        "flows":[{"id":"a","from":"shop","to":"pay"},{"id":"b","from":"pay","to":"acquirer","data":[{"element":"pan"}]},
          {"id":"c","from":"crm","to":"shop"},{"id":"d","from":"crm","to":"acquirer"}]"#;

    fn sheet(start: &str) -> Sheet {
        let model = model(MODEL);
        let blast = radius(&model, &compute(&model), &start.parse().unwrap()).unwrap();
        let incident = Incident::new(IncidentKey(1), "x".to_owned(), Timestamp(0));
        contain(&model, &blast, &incident, &usual_duties(), &[], Timestamp(0))
    }

    #[test]
    fn what_joins_the_hostile_with_the_rest_is_cut_the_nearest_first() {
        let sheet = sheet("system:shop");
        let cut: Vec<(&str, Stops)> = sheet.cut.iter().map(|it| (it.flow.as_str(), it.stops)).collect();
        assert_eq!(cut, [("c", Stops::Feed), ("b", Stops::Spread)]);
        assert_eq!(sheet.rotate.iter().map(|it| it.credential.as_str()).collect::<Vec<_>>(), ["key"]);
        assert_eq!((sheet.records_pan, sheet.elements[&ElementId::from("pan")].0), (5000, Form::Clear));
    }

    #[test]
    fn the_vendor_that_takes_hostile_data_is_called_and_the_acquirer_told() {
        let sheet = sheet("system:shop");
        assert_eq!(sheet.call[0].contact.as_deref(), Some("soc@psp.example"));
        assert_eq!(sheet.data, [DataClass::Card].into());
        assert_eq!(sheet.deadlines.iter().map(|it| it.duty).collect::<Vec<_>>(), [1, 2]);
    }

    #[test]
    fn the_vendor_that_is_hostile_itself_is_called_even_without_a_system() {
        let calls = sheet("vendor:psp").call;
        assert_eq!(calls[0].vendor.as_str(), "psp");
    }
}
