//! The fields of a JSON or YAML payload: each name with its place, whatever number of times it occurs.

use std::collections::BTreeMap;

use super::tree::{Node, Problem};
use super::unit::{Unit, shown};
use super::{Bounds, Collected};

/// The fields of a payload.
///
/// # Errors
/// There are more than are looked at.
pub(super) fn units(root: &Node, bounds: &Bounds) -> Result<Collected, Problem> {
    let mut fields = BTreeMap::new();
    walk(root, &mut Vec::new(), &mut fields, bounds)?;
    Ok(Collected { units: fields.into_values().collect(), ..Collected::default() })
}

/// Nesting is bounded by the reader.
fn walk(
    node: &Node,
    steps: &mut Vec<String>,
    fields: &mut BTreeMap<Vec<String>, Unit>,
    bounds: &Bounds,
) -> Result<(), Problem> {
    match node {
        Node::Map(_) => {
            for (name, value) in node.members() {
                let mut step = shown(name);
                if matches!(value, Node::List(_)) {
                    step.push_str("[]");
                }
                steps.push(step);
                walk(value, steps, fields, bounds)?;
                steps.pop();
            }
        }
        Node::List(items) => {
            for item in items {
                walk(item, steps, fields, bounds)?;
            }
        }
        _ if steps.is_empty() => {}
        _ => {
            if fields.len() == bounds.fields && !fields.contains_key(steps) {
                return Err(Problem::too_far("fields", bounds.fields));
            }
            let unit = fields.entry(steps.clone()).or_insert_with(|| Unit { steps: steps.clone(), ..Unit::default() });
            unit.values.look(node);
            unit.facets.is_text |= matches!(node, Node::Text(_));
        }
    }
    Ok(())
}
