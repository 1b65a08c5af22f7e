//! The small drawing beside "why in scope": the proof as boxes in a row.

use super::highlight::ProofStep;
use super::{category_of, path_segment, proof_steps, words};
use crate::id::SystemId;
use crate::model::Model;
use crate::model::draft::chip_label;
use crate::model::relations::How;
use crate::scene::{MiniArrow, MiniBox, MiniPath};
use crate::scope::verdict::Scope;

/// The path that explains a system; `None` where the proof is the system alone, or there is none.
#[must_use]
pub fn mini_path(model: &Model, scope: &Scope, system: &SystemId, base: &str) -> Option<MiniPath> {
    mini_path_along(model, scope, system, &proof_steps(model, scope, system), base)
}

/// As [`mini_path`], where the steps of the proof are known.
#[must_use]
pub fn mini_path_along(
    model: &Model,
    scope: &Scope,
    system: &SystemId,
    steps: &[ProofStep],
    base: &str,
) -> Option<MiniPath> {
    let first = steps.first()?;
    let name = |id: &SystemId| model.systems.get(id).map_or_else(|| id.to_string(), |it| it.name.clone());
    let degrees = words::Degrees::of(model);
    let boxed = |id: &SystemId| {
        let known = model.systems.get(id);
        let verdict = scope.systems.get(id);
        Some(MiniBox {
            name: name(id),
            sublabel: words::sublabel(known?, verdict),
            category: category_of(known?, verdict),
            href: format!("{base}/systems/{}", path_segment(id.as_str())),
            sentence: words::system(model, known?, verdict, &degrees),
        })
    };
    let boxes: Vec<MiniBox> =
        std::iter::once(&first.before).chain(steps.iter().map(|step| &step.after)).filter_map(boxed).collect();
    let arrows = steps
        .iter()
        .map(|step| {
            let flow = model.flows.get(step.edge.as_str());
            let mut carried: Vec<String> =
                flow.map(|flow| flow.fields.iter().map(chip_label).collect()).unwrap_or_default();
            carried.dedup();
            let more = carried.len().saturating_sub(3);
            carried.truncate(3);
            let mut detail = carried.join(" ");
            if more > 0 {
                detail.push_str(&format!(" +{more}"));
            }
            let rule = match (step.edge.parse::<How>(), step.rule) {
                (Ok(how), _) => how.label().to_owned(),
                (Err(_), Some(rule)) => rule.as_str().to_owned(),
                (Err(_), None) => flow.map_or_else(|| "copy".to_owned(), |flow| flow.kind.label().to_owned()),
            };
            MiniArrow {
                rule,
                detail,
                reversed: step.edge.parse::<How>().is_ok() || flow.is_some_and(|flow| flow.from == step.after),
                card_data: step.rule.is_none(),
            }
        })
        .collect();
    let sentence = format!(
        "The path that explains {}: {}.",
        name(system),
        boxes.iter().map(|it| it.name.as_str()).collect::<Vec<_>>().join(", then ")
    );
    Some(MiniPath { sentence, boxes, arrows })
}
