//! What blocks a signature: each with what to do, and where.

use domain::review::gate::{Gate, GateKind};
use leptos::prelude::*;

use super::super::findings::named;
use super::Seen;
use crate::ui::table::{cell, count, small};

/// Everything that is open, as a table; nothing where nothing is. `also_items` tells items, questions and decisions too,
/// which the session lists in places of their own.
pub(super) fn section(seen: &Seen, also_items: bool) -> Option<AnyView> {
    let own_place = |it: &&Gate| {
        also_items
            || !matches!(it.kind, GateKind::OpenItem | GateKind::FellOff | GateKind::Question | GateKind::Carried)
    };
    let all: Vec<&Gate> = seen.review.gates.iter().filter(own_place).collect();
    if all.is_empty() {
        return None;
    }
    let rows = all.iter().map(|it| row(seen, it)).collect();
    Some(
        view! {
            <section class="section" aria-labelledby="gates-heading">
                <header class="section-header"><h2 id="gates-heading">"What blocks a signature"</h2></header>
                {small("gates", count(all.len(), "thing"), &["What is open", "What to do", "Where"], rows)}
            </section>
        }
        .into_any(),
    )
}

fn row(seen: &Seen, gate: &Gate) -> AnyView {
    let place = &seen.place;
    let item = gate.object.as_ref().and_then(|it| seen.review.difference.items.get(it));
    let link = |href: String, words: String| view! { <a href=href>{words}</a> }.into_any();
    let to = match (gate.kind, item) {
        (GateKind::OpenItem | GateKind::FellOff, Some(item)) => {
            let number = seen.number(item).to_string();
            link(seen.asking(&[("item", &number)]), format!("Look at {}", item.name))
        }
        (GateKind::Question, _) => {
            link(seen.asking(&[("do", "answer"), ("question", &gate.about)]), format!("Answer question {}", gate.about))
        }
        (GateKind::Carried, _) => link(format!("{}#carried", seen.own()), "Decisions carried over".to_owned()),
        (GateKind::Refusal, _) => link(seen.asking(&[("do", "answer-refusal")]), "Answer the refusal".to_owned()),
        (GateKind::Element, _) => link(format!("{}#elements", seen.own()), "The elements of the scope".to_owned()),
        _ => gate.object.as_ref().map(|it| named(place, it)).unwrap_or_else(|| ().into_any()),
    };
    view! {
        <tr>
            <th scope="row" data-label="What is open">{gate.sentence.clone()}</th>
            {cell("What to do", gate.remedy.clone())}
            {cell("Where", to)}
        </tr>
    }
    .into_any()
}
