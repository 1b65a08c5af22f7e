//! What each column of a register means: proposed from its name, to be corrected.

use domain::risk::sheet::{Choices, Column, Table};
use leptos::prelude::*;

use crate::ui::field::options_of;
use crate::ui::table::{cell, classed, count};

/// How many values of a column are shown.
const EXAMPLES: usize = 3;

/// Longest value that is shown, in characters.
const LENGTH: usize = 60;

/// The columns with values of theirs and what they mean.
pub(super) fn view(table: &Table, choices: &Choices) -> AnyView {
    let meanings: Vec<(String, String)> =
        Column::ALL.iter().map(|it| (it.as_str().to_owned(), it.label().to_owned())).collect();
    let rows: Vec<_> = table
        .header
        .iter()
        .zip(&choices.mapping.columns)
        .enumerate()
        .map(|(place, (name, column))| {
            let options = options_of(Some("Leave it out"), &meanings, column.map_or("", Column::as_str));
            let label = format!("What {name} means");
            let select = view! {
                <select class="input" id=format!("f-column.{place}") name=format!("column.{place}") aria-label=label>
                    {options}
                </select>
            };
            view! {
                <tr>
                    <th scope="row">{name.clone()}</th>
                    {cell("Values", examples(table, place))}
                    {cell("Means", select)}
                </tr>
            }
            .into_any()
        })
        .collect();
    let caption = format!("{}, {}", count(table.header.len(), "column"), count(table.rows.len(), "row"));
    view! {
        <section class="section" aria-labelledby="columns">
            <h2 id="columns">"What the columns mean"</h2>
            {classed("column-table", caption, "table import-table", &["Column", "Values", "Means"], rows)}
        </section>
    }
    .into_any()
}

/// The first values of a column that say something.
fn examples(table: &Table, place: usize) -> String {
    let cells = table.rows.iter().filter_map(|row| row.cells.get(place));
    let mut shown: Vec<String> = Vec::new();
    for cell in cells.map(|it| it.trim()).filter(|it| !it.is_empty()) {
        let mut short: String = cell.chars().take(LENGTH).collect();
        if cell.chars().count() > LENGTH {
            short.push('…');
        }
        if !shown.contains(&short) {
            shown.push(short);
        }
        if shown.len() == EXAMPLES {
            break;
        }
    }
    shown.join(" · ")
}
