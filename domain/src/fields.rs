//! The field lens: which system has which element in which form, and which flows send more than their target says it
//! needs.

pub mod access;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::Serialize;

use crate::id::{ElementId, FlowId, SystemId};
use crate::model::Model;
use crate::model::catalogue;
use crate::model::element::{ElementClass, Form, Holding, Op};
use crate::model::fact::Fact;
use crate::model::flow::Flow;
use crate::model::object::Object;
use crate::model::relations::{Access, Boundary, Lifecycle};

/// Systems by elements.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Matrix {
    /// The elements that any system has, the most sensitive class first, then by key.
    pub elements: Vec<ElementId>,
    /// What each system has of them, by system. Systems that have nothing are left out.
    pub cells: BTreeMap<SystemId, BTreeMap<ElementId, Cell>>,
}

/// What one system has of one element.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cell {
    /// In which forms: declared, received or sent.
    pub forms: BTreeSet<Form>,
    /// What it does with it, as far as its own record says.
    pub ops: BTreeSet<Op>,
    /// Its own record declares the element; otherwise only its flows say so.
    pub declared: bool,
}

/// A flow that sends more than its target declares it needs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Excess {
    /// The flow.
    pub flow: FlowId,
    /// Who sends.
    pub from: SystemId,
    /// Who receives.
    pub to: SystemId,
    /// What is sent.
    pub element: ElementId,
    /// In which form.
    pub form: Form,
    /// The forms of it that the target declares; empty where it declares no use of the element at all.
    pub needs: BTreeSet<Form>,
}

/// The matrix of a model. Test data counts, since it has to be known; retired systems and flows do not.
#[must_use]
pub fn matrix(model: &Model) -> Matrix {
    let mut cells: BTreeMap<SystemId, BTreeMap<ElementId, Cell>> = BTreeMap::new();
    let in_use = |id: &SystemId| model.systems.get(id).is_some_and(|it| it.lifecycle != Lifecycle::Retired);
    for system in model.systems.values().filter(|system| system.lifecycle != Lifecycle::Retired) {
        for holding in &system.holdings {
            let row = cells.entry(system.id.clone()).or_default();
            let cell = row.entry(holding.element.clone()).or_default();
            cell.forms.insert(holding.form);
            cell.ops.extend(holding.ops.iter());
            cell.declared = true;
        }
    }
    for flow in model.flows.values().filter(|flow| flow.stage != Lifecycle::Retired) {
        for end in [&flow.from, &flow.to].into_iter().filter(|id| in_use(id)) {
            for field in &flow.fields {
                let row = cells.entry(end.clone()).or_default();
                row.entry(field.element.clone()).or_default().forms.insert(field.form);
            }
        }
    }
    let elements: BTreeSet<&ElementId> = cells.values().flat_map(BTreeMap::keys).collect();
    let mut elements: Vec<ElementId> = elements.into_iter().cloned().collect();
    elements.sort_by_key(|id| (rank(id), id.clone()));
    Matrix { elements, cells }
}

/// Where least data is not kept: fields of flows in use that the target either declares no use of, or needs only in a
/// form that tells less. Targets of ours that declare nothing at all are left out: there nobody said what is needed. The
/// most sensitive elements stand first, then by flow.
#[must_use]
pub fn least_data(model: &Model) -> Vec<Excess> {
    let mut found = Vec::new();
    for flow in model.flows.values() {
        let Some(target) = model.systems.get(&flow.to) else { continue };
        let counts = flow.stage != Lifecycle::Retired && flow.access != Access::Blocked;
        let says = target.boundary == Boundary::Own && !target.undeclared && !target.holdings.is_empty();
        if !counts || !says {
            continue;
        }
        for field in &flow.fields {
            let declared = target.holdings.iter().filter(|it| it.element == field.element);
            let needs: BTreeSet<Form> = declared.map(|it| it.form).collect();
            let enough = needs.iter().any(|form| form.openness() <= field.form.openness());
            if !enough {
                found.push(Excess {
                    flow: flow.id.clone(),
                    from: flow.from.clone(),
                    to: flow.to.clone(),
                    element: field.element.clone(),
                    form: field.form,
                    needs,
                });
            }
        }
    }
    found.sort_by_key(|it| (rank(&it.element), it.form.openness(), it.flow.clone(), it.element.clone()));
    found.dedup();
    found
}

impl Excess {
    /// How a form names it: form, element and flow.
    #[must_use]
    pub fn word(&self) -> String {
        format!("{}:{}:{}", self.form, self.element, self.flow)
    }
}

/// The flows as they are once they send no more than their targets need: what a target declares no use of is dropped, and
/// what it needs in a form that tells less goes in that form. A flow that then carries nothing is said to carry nothing.
#[must_use]
pub fn least(stored: &Model, chosen: &[Excess]) -> Vec<Object> {
    let mut flows: BTreeMap<&FlowId, Flow> = BTreeMap::new();
    for excess in chosen {
        let Some(known) = stored.flows.get(&excess.flow) else { continue };
        let flow = flows.entry(&excess.flow).or_insert_with(|| Flow::clone(known));
        let is_it = |it: &Holding| it.element == excess.element && it.form == excess.form;
        let before = flow.fields.iter().find(|it| is_it(it)).cloned();
        flow.fields.retain(|it| !is_it(it));
        let needed = excess.needs.iter().max_by_key(|form| (form.openness(), std::cmp::Reverse(**form)));
        let is_sent = |form: &Form| flow.fields.iter().any(|it| it.element == excess.element && it.form == *form);
        if let (Some(before), Some(form)) = (before, needed.filter(|form| !is_sent(*form))) {
            // A key, a mask or a domain belonged to the form that it had.
            let less = Holding { key: None, domain: None, alg: None, mask: None, form: *form, ..before };
            flow.fields.push(less);
        }
        if flow.fields.is_empty() && flow.wire_names.is_empty() {
            flow.facts.insert("no_payment_fields".to_owned(), Fact::of(true.into()));
        }
    }
    flows.into_values().map(|flow| Object::Flow(Arc::new(flow))).collect()
}

/// Sensitive authentication data and card numbers first; own elements, of which nobody knows the class, last.
fn rank(id: &ElementId) -> (bool, Option<ElementClass>) {
    let class = catalogue::class_of(id.as_str());
    (class.is_none(), class)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::model::reader::read_json;

    const SHOP: &[u8] = br#"{
        "systems": [
            {"id": "web"},
            {"id": "crm", "holdings": [{"element": "pan", "form": "truncated", "ops": ["store"]}]},
            {"id": "bare"},
            {"id": "partner", "boundary": "third_party", "holdings": [{"element": "email"}]},
            {"id": "old", "lifecycle": "retired", "holdings": [{"element": "pan", "form": "clear"}]}
        ],
        "flows": [
            {"id": "full", "from": "web", "to": "crm", "data": [{"element": "pan", "form": "clear"}, {"element": "email"}]},
            {"id": "part", "from": "web", "to": "crm", "data": [{"element": "pan", "form": "truncated"}]},
            {"id": "unsaid", "from": "web", "to": "bare", "data": [{"element": "pan"}]},
            {"id": "away", "from": "web", "to": "partner", "data": [{"element": "pan"}]}
        ]}"#;

    fn model() -> Model {
        read_json(SHOP).unwrap().0
    }

    #[test]
    fn what_a_target_needs_less_of_is_told_and_nothing_else() {
        let found = least_data(&model());
        let told: Vec<(&str, &str, usize)> =
            found.iter().map(|it| (it.flow.as_str(), it.element.as_str(), it.needs.len())).collect();
        assert_eq!(told, [("full", "pan", 1), ("full", "email", 0)]);
    }

    #[test]
    fn what_is_dropped_leaves_a_flow_that_sends_what_is_needed() {
        let model = model();
        let changed = least(&model, &least_data(&model));
        let [Object::Flow(full)] = changed.as_slice() else { panic!("one flow") };
        let sent: Vec<(&str, Form)> = full.fields.iter().map(|it| (it.element.as_str(), it.form)).collect();
        assert_eq!(sent, [("pan", Form::Truncated)]);
        let mut after = model.clone();
        changed.into_iter().for_each(|object| after.put(object));
        assert_eq!(least_data(&after), []);
    }

    #[test]
    fn a_flow_that_carries_nothing_any_more_says_so() {
        let mut model = model();
        let mut flow = Flow::clone(&model.flows["full"]);
        flow.fields.retain(|it| it.element.as_str() == "email");
        model.put(Object::Flow(Arc::new(flow)));
        let changed = least(&model, &least_data(&model));
        let [Object::Flow(full)] = changed.as_slice() else { panic!("one flow") };
        assert!(full.fields.is_empty() && full.facts["no_payment_fields"].value == true);
    }

    #[test]
    fn the_matrix_has_what_is_declared_and_what_flows_bring() {
        let matrix = matrix(&model());
        let elements: Vec<&str> = matrix.elements.iter().map(ElementId::as_str).collect();
        assert_eq!(elements, ["pan", "email"]);
        let crm = &matrix.cells["crm"]["pan"];
        assert!(crm.declared && crm.forms.len() == 2 && crm.ops.contains(&Op::Store));
        assert!(!matrix.cells["web"]["pan"].declared);
        assert!(!matrix.cells.contains_key("old"), "retired");
    }
}
