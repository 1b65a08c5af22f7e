//! Changes in sentences.

use crate::blast::edit::Edit;
use crate::id::{ElementId, FlowId, SegmentId, SystemId};
use crate::model::Model;
use crate::model::catalogue;
use crate::scope::explain::{Part, Sentence};

/// What to do, with the objects as links.
#[must_use]
pub fn sentence(edit: &Edit, model: &Model) -> Sentence {
    let text = |words: String| Part::Text(words);
    Sentence(match edit {
        Edit::DropField { flow, element } => {
            vec![text(format!("Send no {} on ", element_name(element))), flow_part(model, flow), text(".".to_owned())]
        }
        Edit::TokeniseFlow { flow, domain } => vec![
            text("Send tokens instead of card numbers on ".to_owned()),
            flow_part(model, flow),
            text(format!(" (token domain “{domain}”).")),
        ],
        Edit::RemoveHolding { system, element } => {
            vec![
                text(format!("Keep no {} on ", element_name(element))),
                system_part(model, system),
                text(".".to_owned()),
            ]
        }
        Edit::Segment { a, b } => vec![text(format!(
            "Filter what passes between the segments {} and {}.",
            segment_name(model, a),
            segment_name(model, b)
        ))],
        Edit::Move { system, segment } => vec![
            text("Move ".to_owned()),
            system_part(model, system),
            text(format!(" to the segment {}.", segment_name(model, segment))),
        ],
        Edit::Block { flow } => vec![
            text("Block ".to_owned()),
            flow_part(model, flow),
            text(" by a firewall, and test the block.".to_owned()),
        ],
        Edit::RemoveManage { system, target } => {
            let target = match target.strip_prefix("segment:") {
                Some(segment) => text(format!("the segment {}", segment_name(model, &segment.into()))),
                None => system_part(model, &target.as_str().into()),
            };
            vec![
                text("Let ".to_owned()),
                system_part(model, system),
                text(" no longer manage ".to_owned()),
                target,
                text(".".to_owned()),
            ]
        }
        Edit::AddControl { system, control } => {
            vec![text(format!("Add the control “{control}” to ")), system_part(model, system), text(".".to_owned())]
        }
        Edit::RevokeGrant { credential, on, privilege } => vec![
            text(format!("Take the privilege “{privilege}” on ")),
            system_part(model, on),
            text(format!(" from the credential “{credential}”.")),
        ],
        Edit::BindCredential { credential, .. } => {
            vec![text(format!("Let the credential “{credential}” work from its holders only."))]
        }
        Edit::SplitCredential { credential } => {
            vec![text(format!("Give each holder of the credential “{credential}” one of its own."))]
        }
    })
}

fn element_name(id: &ElementId) -> String {
    catalogue::element(id.as_str()).map_or_else(|| id.to_string(), |row| row.name.clone())
}

fn segment_name(model: &Model, id: &SegmentId) -> String {
    format!("“{}”", model.segments.get(id).map_or(id.as_str(), |it| &it.name))
}

fn system_part(model: &Model, id: &SystemId) -> Part {
    Part::System(id.clone(), model.systems.get(id).map_or_else(|| id.to_string(), |it| it.name.clone()))
}

fn flow_part(model: &Model, id: &FlowId) -> Part {
    let name = model.flows.get(id).map(|it| it.name.clone()).filter(|name| !name.is_empty());
    Part::Flow(id.clone(), name.unwrap_or_else(|| format!("the flow {id}")))
}
