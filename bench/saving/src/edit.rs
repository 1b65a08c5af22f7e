//! Edits of flows as people make them, each through the form of its flow.

use std::sync::Arc;

use bench::random::Random;
use domain::backend::Estate;
use domain::id::ElementId;
use domain::model::draft::flow_to_form;
use domain::model::element::{Form, Holding, Op};
use domain::model::flow::Flow;
use domain::model::relations::{Access, Encryption};

/// The next edit: where its form is posted, and the form.
pub fn next(
    estate: &Estate,
    random: &mut Random,
    number: u32,
) -> Result<(String, Vec<(String, String)>), &'static str> {
    let flows = u32::try_from(estate.model.flows.len()).unwrap_or(u32::MAX);
    let place = random.below(flows) as usize;
    let flow = estate.model.flows.values().nth(place).ok_or("the estate has no flow")?;
    let mut form = flow_to_form(&changed(flow, number));
    form.push(("rev".to_owned(), estate.revision.0.to_string()));
    Ok((format!("/w/{}/flows/{}/edit", estate.workspace.id, flow.id), form))
}

/// Five kinds of edit in turn: a name, the encryption, a card number that comes or goes, a block, another receiver.
fn changed(flow: &Arc<Flow>, number: u32) -> Flow {
    let mut flow = Flow::clone(flow);
    match number % 5 {
        0 => flow.name = format!("Flow of edit {number}"),
        1 => {
            flow.encryption =
                if flow.encryption == Encryption::None { Encryption::Transport } else { Encryption::None };
        }
        2 => {
            let clear = |it: &Holding| it.element.as_str() == "pan" && it.form == Form::Clear;
            if flow.fields.iter().any(clear) {
                flow.fields.retain(|it| !clear(it));
            } else {
                flow.fields.retain(|it| it.element.as_str() != "pan");
                flow.fields.insert(0, Holding::new(ElementId::new("pan"), Form::Clear, &[Op::Transmit]));
            }
        }
        3 => flow.access = if flow.access == Access::Blocked { Access::Unrestricted } else { Access::Blocked },
        _ => std::mem::swap(&mut flow.from, &mut flow.to),
    }
    flow
}
