//! Blast radii, choke points and plans as tables for people.

mod choke;
mod radius;
mod reduction;

pub use choke::choke_table;
pub use radius::blast_table;
pub use reduction::reduction_table;

use crate::id::SystemId;
use crate::model::Model;

/// What people call a system.
fn name(model: &Model, id: &SystemId) -> String {
    model.systems.get(id).map_or_else(|| id.to_string(), |it| it.name.clone())
}

/// A system as a sentence names it: its name, with its key where that is another text.
fn called(model: &Model, id: &SystemId) -> String {
    let name = name(model, id);
    if name == id.as_str() { name } else { format!("{name} ({id})") }
}

/// Several systems as a sentence names them.
fn listed<'a>(model: &Model, ids: impl IntoIterator<Item = &'a SystemId>) -> String {
    ids.into_iter().map(|id| called(model, id)).collect::<Vec<_>>().join(", ")
}

/// Appends a table under its heading, where it has any row.
fn section(lines: &mut Vec<String>, heading: &str, table: Vec<String>) {
    if table.len() > 1 {
        lines.extend([String::new(), heading.to_owned()]);
        lines.extend(table);
    }
}

/// The lines as a text that ends with a line end, without empty lines at its end.
fn text(mut lines: Vec<String>) -> String {
    while lines.last().is_some_and(String::is_empty) {
        lines.pop();
    }
    lines.push(String::new());
    lines.join("\n")
}

#[cfg(test)]
mod tests;
