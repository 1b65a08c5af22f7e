//! The names on the wire: what each was taken for, and what the person says it is.

use std::sync::OnceLock;

use domain::id::ElementId;
use domain::import::names::Confidence;
use domain::import::{Preview, WireProposal};
use domain::model::catalogue;
use domain::model::draft::options;
use domain::model::element::Form;
use leptos::prelude::*;

use crate::ui::field::options_of;
use crate::ui::table::{cell, classed, count, number};

/// The names on the wire with what they were taken for.
pub(super) fn names(preview: &Preview) -> Option<AnyView> {
    if preview.wire_names.is_empty() {
        return None;
    }
    let typed = preview.wire_names.len() > TYPED;
    // What a person must look at most comes first: card data, then other elements, then what nobody recognised.
    let place_of = |it: &WireProposal| {
        let elements = &catalogue::catalogue().elements;
        it.proposed.as_ref().and_then(|found| elements.iter().position(|row| row.id == found.element.as_str()))
    };
    let mut ordered: Vec<&WireProposal> = preview.wire_names.iter().collect();
    ordered.sort_by_key(|it| (it.open == 0, place_of(it).unwrap_or(usize::MAX), it.index));
    let rows = ordered.into_iter().map(|it| wire_name(it, typed)).collect();
    let list = typed.then(|| {
        let answers: Vec<_> = elements_in_forms()
            .iter()
            .map(|(value, label)| view! { <option value=value.clone()>{label.clone()}</option> })
            .collect();
        view! { <datalist id="answers">{answers}</datalist> }
    });
    let open = preview.wire_names.iter().filter(|it| it.open > 0).count();
    let caption = format!("{} on the wire, {open} to answer", count(preview.wire_names.len(), "name"));
    let columns = ["Name", "Flows", "Recognised", "What it is"];
    Some(
        view! {
            <section class="section" aria-labelledby="names">
                <h2 id="names">"Names on the wire"</h2>
                <p class="hint">
                    "A name that stays unrecognised is work on its flow. Only you can say that it is no payment data."
                </p>
                {list}
                {classed("name-table", caption, "table import-table", &columns, rows)}
            </section>
        }
        .into_any(),
    )
}

/// With more names than this the answers are typed, with proposals: as many lists to choose from make a page too heavy.
const TYPED: usize = 100;

fn wire_name(it: &WireProposal, typed: bool) -> AnyView {
    let field = format!("wire.{}", it.index);
    let proposed = match &it.proposed {
        Some(found) => {
            let sure = match found.confidence {
                Confidence::High => "sure",
                Confidence::Medium => "likely",
                Confidence::Low => "perhaps",
            };
            view! { <span>{format!("{} ({sure})", words_of(&found.element, found.form))}</span> }.into_any()
        }
        None => view! { <span class="muted">"not recognised"</span> }.into_any(),
    };
    let label = format!("What {} is", it.name);
    let answer = if typed {
        let value = it.choice.value();
        view! { <input class="input mono" name=field value=value list="answers" autocomplete="off" aria-label=label/> }
            .into_any()
    } else {
        let answers = options_of(None, elements_in_forms(), &it.choice.value());
        view! { <select class="input" name=field aria-label=label>{answers}</select> }.into_any()
    };
    view! {
        <tr>
            <th scope="row"><code>{it.name.clone()}</code></th>
            {number("Flows", it.flows)}
            {cell("Recognised", proposed)}
            {cell("What it is", answer)}
        </tr>
    }
    .into_any()
}

/// Every answer that a name can get: each element of the catalogue in each of its forms, and the two others.
fn elements_in_forms() -> &'static [(String, String)] {
    static ANSWERS: OnceLock<Vec<(String, String)>> = OnceLock::new();
    ANSWERS.get_or_init(|| {
        let mut answers = vec![
            ("unrecognised".to_owned(), "Unrecognised".to_owned()),
            ("none".to_owned(), "No payment data".to_owned()),
        ];
        for (element, name) in options::elements() {
            let listed = catalogue::element(element).map(|row| row.forms.as_slice()).unwrap_or_default();
            for form in listed.iter().chain([&Form::Unknown]) {
                answers.push((format!("{element}:{form}"), format!("{name}: {}", form.label().to_lowercase())));
            }
        }
        answers
    })
}

fn words_of(element: &ElementId, form: Form) -> String {
    let name = catalogue::element(element.as_str()).map_or_else(|| element.to_string(), |row| row.name.clone());
    format!("{name}: {}", form.label().to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::import::Choice;

    #[test]
    fn every_answer_that_is_offered_is_understood() {
        for (value, _) in elements_in_forms() {
            assert!(Choice::read(value).is_some(), "{value}");
        }
    }
}
