//! What blocks a signature: each with what to do, and where.

use std::collections::BTreeMap;

use domain::findings::registry::rule;
use domain::review::gate::{Gate, GateKind};
use leptos::prelude::*;

use super::super::findings::named;
use super::Seen;
use crate::ui::table::{cell, count, small};

/// Up to so many are shown one by one.
const SHORT: usize = 8;

/// Everything that is open, as a table, or where that is long as one for each thing to do; nothing where nothing is. `also_items` tells items, questions and decisions too,
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
    let things = count(all.len(), "thing");
    let body = if all.len() <= SHORT {
        table(seen, "gates", things, &all)
    } else {
        let mut groups: BTreeMap<(GateKind, &str), Vec<&Gate>> = BTreeMap::new();
        for gate in all {
            groups.entry(group(gate)).or_default().push(gate);
        }
        let folded = groups.into_iter().enumerate().map(|(at, (of, gates))| {
            let words = format!("{}: {}", heading(of), gates.len());
            let open = gates.len() <= SHORT;
            let rows = table(seen, &format!("gates-{at}"), count(gates.len(), "thing"), &gates);
            view! { <details open=open><summary>{words}</summary>{rows}</details> }
        });
        view! {
            <p class="muted">{format!("{things}, by what is to be done.")}</p>
            <div class="stack">{folded.collect::<Vec<_>>()}</div>
        }
        .into_any()
    };
    Some(
        view! {
            <section class="section" aria-labelledby="gates-heading">
                <header class="section-header"><h2 id="gates-heading">"What blocks a signature"</h2></header>
                {body}
            </section>
        }
        .into_any(),
    )
}

/// Gates of one group are closed in the same way: gaps of the model by the rule that found them, the others by kind.
fn group(gate: &Gate) -> (GateKind, &str) {
    (gate.kind, if gate.kind == GateKind::Health { &gate.about } else { "" })
}

fn heading((kind, about): (GateKind, &str)) -> &'static str {
    rule(about).map_or(kind.label(), |it| it.title)
}

fn table(seen: &Seen, id: &str, caption: String, gates: &[&Gate]) -> AnyView {
    let rows = gates.iter().map(|it| row(seen, it)).collect();
    small(id, caption, &["What is open", "What to do", "Where"], rows)
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
