//! The proof of one system, as a path on the map.

use super::{ViewOptions, address, drawn_key, path_segment};
use crate::id::SystemId;
use crate::model::Model;
use crate::model::relations::How;
use crate::scene::{Bundle, Chip, ChipClass, Drawing, Highlight, Step};
use crate::scope::chain::Chain;
use crate::scope::verdict::{Arrival, By, Rule, Scope};
use crate::scope::ways::Ways;

/// One numbered step of a proof: from which system to which, and by what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProofStep {
    /// The number, from 1.
    pub number: u32,
    /// The system before, nearer to the seed.
    pub before: SystemId,
    /// The system that this step adds.
    pub after: SystemId,
    /// The flow, the way of managing, or empty for a zone or a copy.
    pub edge: String,
    /// The rule of the step; `None` on the way of data, where no rule is needed.
    pub rule: Option<Rule>,
}

/// The steps that explain a system: how the deciding data arrived for the rules about data, else the witness. Empty
/// where the proof is the system alone.
#[must_use]
pub fn proof_steps(model: &Model, scope: &Scope, system: &SystemId) -> Vec<ProofStep> {
    steps_along(scope, system, &Ways::to(model, scope, [system]).way(system))
}

/// As [`proof_steps`], where the way of the data to the system is known.
#[must_use]
pub fn steps_along(scope: &Scope, system: &SystemId, way: &Chain<Arrival>) -> Vec<ProofStep> {
    let Some(verdict) = scope.systems.get(system) else { return Vec::new() };
    let number = |index: usize| u32::try_from(index + 1).unwrap_or(u32::MAX);
    let stops: Vec<_> = way.iter().collect();
    if stops.len() > 1 {
        return stops
            .windows(2)
            .enumerate()
            .map(|(index, pair)| ProofStep {
                number: number(index),
                before: pair[0].node.clone(),
                after: pair[1].node.clone(),
                edge: match &pair[1].by {
                    Some(By::Flow(flow) | By::Via(flow)) => flow.to_string(),
                    Some(By::Copy) | None => String::new(),
                },
                rule: None,
            })
            .collect();
    }
    let nodes: Vec<_> = verdict.witness.iter().collect();
    nodes
        .windows(2)
        .zip(verdict.steps.iter().skip(1))
        .enumerate()
        .map(|(index, (pair, step))| ProofStep {
            number: number(index),
            before: pair[0].clone(),
            after: pair[1].clone(),
            edge: step.edge.clone(),
            rule: Some(step.rule),
        })
        .collect()
}

/// Puts the proof of the focus into a drawing, and draws the relations of it that are no flows.
pub(super) fn apply(drawing: &mut Drawing, model: &Model, scope: &Scope, focus: &SystemId, options: &ViewOptions) {
    if !scope.systems.contains_key(focus) {
        return;
    }
    let steps = proof_steps(model, scope, focus);
    let mut nodes: Vec<String> = steps.first().map(|step| drawn_key(step.before.as_str())).into_iter().collect();
    nodes.extend(steps.iter().map(|step| drawn_key(step.after.as_str())));
    if nodes.is_empty() {
        nodes.push(drawn_key(focus.as_str()));
    }
    let mut numbered = Vec::new();
    for step in &steps {
        let flow = if model.flows.contains_key(step.edge.as_str()) {
            drawn_key(&step.edge)
        } else {
            let relation = relation(model, step, options);
            let key = relation.keys.concat();
            drawing.bundles.push(relation);
            key
        };
        numbered.push(Step { flow, number: step.number });
    }
    drawing.highlight = Some(Highlight { nodes, steps: numbered, ..Highlight::default() });
}

/// A relation that is no flow: who manages whom, who copies whom, who shares a zone.
fn relation(model: &Model, step: &ProofStep, options: &ViewOptions) -> Bundle {
    let name = |id: &SystemId| model.systems.get(id).map_or_else(|| id.to_string(), |it| it.name.clone());
    let (before, after) = (name(&step.before), name(&step.after));
    let (from, to, label, sentence) = match (step.edge.parse::<How>(), step.rule) {
        (Ok(how), _) => {
            (&step.after, &step.before, how.label().to_owned(), format!("{after} {} {before}.", how.label()))
        }
        (Err(_), None) => {
            (&step.before, &step.after, "copy".to_owned(), format!("{after} copies the stores of {before}."))
        }
        (Err(_), Some(_)) => {
            (&step.before, &step.after, "same zone".to_owned(), format!("{after} shares a network zone with {before}."))
        }
    };
    Bundle {
        from: drawn_key(from.as_str()),
        to: drawn_key(to.as_str()),
        keys: vec![format!("relation-{}", step.number)],
        chips: vec![Chip { class: ChipClass::Other, label }],
        admin: step.edge.parse::<How>().is_ok(),
        href: address(options, &format!("systems/{}", path_segment(step.after.as_str()))),
        sentence,
        ..Bundle::default()
    }
}
