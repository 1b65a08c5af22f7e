//! The recognised fields, with the answer that each gets: ticked, asked, or listed.

use domain::import::adoption::{Adoption, Answer, Group};
use domain::import::names::Confidence;
use domain::model::catalogue;
use domain::model::element::{Form, Holding, Op};
use leptos::prelude::*;

use crate::ui::field::options_of;
use crate::ui::scope::elements;
use crate::ui::table::{cell, classed, count};

/// How many fields of a group are named; the others are counted.
const NAMED: usize = 8;

/// The groups by how sure they are.
pub(super) fn tables(groups: &[Group<'_>], adoption: &Adoption) -> AnyView {
    let of = |confidence: Confidence| -> Vec<AnyView> {
        groups.iter().filter(|it| it.confidence == confidence).map(|it| row(it, adoption.answer(it))).collect()
    };
    let (high, medium, low) = (of(Confidence::High), of(Confidence::Medium), of(Confidence::Low));
    let low_count = low.len();
    view! {
        {section("sure", "Sure", "Ticked fields become part of the flow. Untick what is none.", high, "Take it")}
        {section("likely", "Likely", "The name alone does not decide. Say what each is; without an answer it is left out.", medium, "Is it so?")}
        {(low_count > 0).then(|| view! {
            <details>
                <summary>{format!("Perhaps: {}", count(low_count, "more"))}</summary>
                {section("perhaps", "Perhaps", "Only a value or a description suggests these. They are left out unless you tick them.", low, "Take it")}
            </details>
        })}
    }
    .into_any()
}

fn section(
    id: &'static str,
    heading: &'static str,
    hint: &'static str,
    rows: Vec<AnyView>,
    answer: &'static str,
) -> Option<AnyView> {
    if rows.is_empty() {
        return None;
    }
    let caption = format!("{heading}: {}", count(rows.len(), "kind of field"));
    let columns: &[&'static str] = if answer == "Take it" {
        &["Take it", "Element", "Form", "Fields", "Why"]
    } else {
        &["Is it so?", "Element", "Form", "Fields", "Why"]
    };
    Some(
        view! {
            <section class="section" aria-labelledby=id>
                <h2 id=id>{heading}</h2>
                <p class="hint">{hint}</p>
                {classed(table_id(id), caption, "table import-table", columns, rows)}
            </section>
        }
        .into_any(),
    )
}

const fn table_id(section: &'static str) -> &'static str {
    match section.as_bytes() {
        b"sure" => "sure-table",
        b"likely" => "likely-table",
        _ => "perhaps-table",
    }
}

fn row(group: &Group<'_>, said: Answer) -> AnyView {
    let name = words_of(group);
    let key = group.key();
    let is_asked = group.confidence == Confidence::Medium;
    let control = if is_asked {
        let field = format!("ask.{key}");
        let options: Vec<(String, String)> =
            Answer::ALL.iter().map(|it| (it.as_str().to_owned(), it.label().to_owned())).collect();
        let options = options_of(None, &options, said.as_str());
        view! { <select class="input" name=field aria-label=format!("Is it {name}?")>{options}</select> }.into_any()
    } else {
        let checked = said == Answer::Yes;
        view! { <input type="checkbox" name="take" value=key checked=checked aria-label=format!("Take {name}")/> }
            .into_any()
    };
    let fields: Vec<_> = group
        .fields
        .iter()
        .take(NAMED)
        .map(|it| {
            let mask = it.mask.as_ref().map(|mask| view! { " "<span class="key">{mask.clone()}</span> });
            view! { <li><code>{it.path.clone()}</code>{mask}</li> }
        })
        .collect();
    let more = group.fields.len().saturating_sub(NAMED);
    let test_data = (!group.fields.iter().any(|it| it.live))
        .then(|| view! { <li class="meta">"The sample has published test numbers only."</li> });
    let reason = group.fields.first().map(|it| it.reason.clone());
    let chip = Holding::new(group.element.clone(), group.form, &[Op::Transmit]);
    view! {
        <tr>
            {cell(if is_asked { "Is it so?" } else { "Take it" }, control)}
            <th scope="row">{elements(std::slice::from_ref(&chip))}" "{element_name(group)}</th>
            {cell("Form", form_words(group.form))}
            {cell("Fields", view! {
                <ul class="bare-list">
                    {fields}
                    {(more > 0).then(|| view! { <li class="meta">{format!("and {more} more")}</li> })}
                    {test_data}
                </ul>
            })}
            {cell("Why", reason)}
        </tr>
    }
    .into_any()
}

/// The element and the form of a group, for labels.
pub(super) fn words_of(group: &Group<'_>) -> String {
    words(group.element.as_str(), group.form)
}

/// An element in a form, as people read it.
pub(super) fn words(element: &str, form: Form) -> String {
    let name = catalogue::element(element).map_or(element, |row| row.name.as_str());
    format!("{name}: {}", form.label().to_lowercase())
}

fn element_name(group: &Group<'_>) -> String {
    let element = group.element.as_str();
    catalogue::element(element).map_or_else(|| element.to_owned(), |row| row.name.clone())
}

fn form_words(form: Form) -> &'static str {
    form.label()
}
