//! What happens to the element on its way: where one form becomes another, and where it is dropped.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::Way;
use super::spread::Spread;
use crate::id::{FlowId, SystemId};
use crate::model::Model;
use crate::model::element::{Form, Op};
use crate::text::text_enum;

text_enum! {
    /// What a system does with the form of an element.
    Transforms {
        Tokenise = "tokenise": "Tokenised",
        Detokenise = "detokenise": "Turned back from a token",
        Truncate = "truncate": "Truncated",
        Mask = "mask": "Masked",
        Encrypt = "encrypt": "Encrypted",
        Decrypt = "decrypt": "Decrypted",
        Hash = "hash": "Hashed",
        Drop = "drop": "Dropped",
        Other = "other": "Changed",
    }
}

/// One change of form on one system.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Transformation {
    /// The system.
    pub system: SystemId,
    /// What it does.
    pub does: Transforms,
    /// The forms that it has and takes this from.
    pub from: BTreeSet<Form>,
    /// The form that it makes; absent where it drops the element.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub into: Option<Form>,
    /// The flows on which the new form leaves, or which go on without the element.
    pub on: Vec<FlowId>,
    /// The model says so; else it follows from the forms that arrive and leave.
    pub declared: bool,
}

/// Every change of form, by system.
pub(super) fn transformations(model: &Model, spread: &Spread<'_>) -> Vec<Transformation> {
    let mut found = BTreeSet::new();
    for (id, holder) in &spread.holders {
        let arriving: BTreeSet<Form> =
            spread.ways.iter().filter(|((_, to, _), _)| to == id).flat_map(|(_, forms)| forms).copied().collect();
        let has = if arriving.is_empty() { holder.declared.clone() } else { arriving };
        let mut leaving: BTreeMap<Form, Vec<FlowId>> = BTreeMap::new();
        for ((from, _, way), forms) in &spread.ways {
            if let (true, Way::Flow(flow)) = (from == id, way) {
                forms.iter().for_each(|form| leaving.entry(*form).or_default().push(flow.clone()));
            }
        }
        let made: BTreeSet<Form> = leaving.keys().chain(&holder.declared).copied().collect();
        for into in made.into_iter().filter(|form| !has.is_empty() && !has.contains(form)) {
            let on = leaving.get(&into).cloned().unwrap_or_default();
            found.insert(Transformation {
                system: id.clone(),
                does: makes(&has, into),
                from: has.clone(),
                into: Some(into),
                declared: on.iter().any(|flow| says(model, flow, makes(&has, into))),
                on,
            });
        }
        let goes_on_without = flows_without(model, spread, id);
        let kept = holder.ops.contains(&Op::Store) || !leaving.is_empty();
        if !kept && !has.is_empty() && !goes_on_without.is_empty() {
            found.insert(Transformation {
                system: id.clone(),
                does: Transforms::Drop,
                from: has,
                into: None,
                declared: goes_on_without.iter().any(|flow| says(model, flow, Transforms::Drop)),
                on: goes_on_without,
            });
        }
    }
    found.into_iter().collect()
}

/// How one form is made from others: from the one that is nearest to the card itself.
fn makes(from: &BTreeSet<Form>, into: Form) -> Transforms {
    match into {
        Form::Tokenised | Form::NetworkToken => Transforms::Tokenise,
        Form::Truncated => Transforms::Truncate,
        Form::Masked => Transforms::Mask,
        Form::Encrypted => Transforms::Encrypt,
        Form::Hashed => Transforms::Hash,
        Form::Clear if from.contains(&Form::Encrypted) => Transforms::Decrypt,
        Form::Clear if from.contains(&Form::Tokenised) => Transforms::Detokenise,
        Form::Clear | Form::Unknown => Transforms::Other,
    }
}

/// Whether a field of the flow says of itself that this happens to it.
fn says(model: &Model, flow: &FlowId, does: Transforms) -> bool {
    let fields = model.flows.get(flow).into_iter().flat_map(|flow| &flow.fields);
    fields.filter_map(|field| field.facts.get("transform")?.text()).any(|text| text == does.as_str())
}

/// The flows of a system that carry data on, none of it the element. Flows that carry nothing say nothing.
fn flows_without(model: &Model, spread: &Spread<'_>, id: &SystemId) -> Vec<FlowId> {
    let others = model.flows.values().filter(|flow| flow.from == *id && flow.to != *id && !flow.fields.is_empty());
    let carries =
        |flow: &FlowId| spread.ways.keys().any(|(_, _, way)| matches!(way, Way::Flow(it) | Way::Via(it) if it == flow));
    others.map(|flow| flow.id.clone()).filter(|flow| !carries(flow)).collect()
}
