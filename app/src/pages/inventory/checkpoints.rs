//! What must be there before a vendor or a credential is used, and gone before it is over.

use domain::model::object::ObjectRef;
use domain::review::checkpoint::{Done, Gate, Line, Standing, checklist, contradicted};
use domain::risk::action::Ticket;
use domain::role::Capability;
use leptos::prelude::*;

use super::super::request::{Place, Request};
use super::super::risks::person;
use crate::ui::field::hidden;
use crate::ui::icon::icon;
use crate::ui::table::{cell, small};

/// The longest evidence, in characters.
const EVIDENCE_MAX: &str = "1000";

/// Both checklists; nothing for what has none.
pub(super) fn sections(request: &Request, place: &Place, object: &ObjectRef, own: &str) -> AnyView {
    Gate::ALL.iter().map(|gate| section(request, place, (object, *gate), own)).collect_view().into_any()
}

fn section(request: &Request, place: &Place, (object, gate): (&ObjectRef, Gate), own: &str) -> Option<AnyView> {
    let lines = checklist(&place.estate.model, object, gate, place.estate.today)?;
    let done = lines.iter().filter(|it| it.is_done()).count();
    let tone = if done == lines.len() { "ok" } else { "warn" };
    let rows = lines.iter().map(|line| row(request, place, (gate, line), own)).collect();
    let id = format!("gate-{gate}");
    let table = small(format!("{id}-table"), format!("{}: {done} of {} done", gate.label(), lines.len()), &HEADS, rows);
    Some(
        view! {
            <section class="section" aria-labelledby=id.clone()>
                <header class="section-header">
                    <h2 id=id.clone()>{gate.label()}</h2>
                    <span class="badge" data-tone=tone>{format!("{done} of {} done", lines.len())}</span>
                </header>
                {table}
            </section>
        }
        .into_any(),
    )
}

const HEADS: [&str; 3] = ["Point", "Stands", "What shows it, or is to be done"];

fn row(request: &Request, place: &Place, (gate, line): (Gate, &Line), own: &str) -> AnyView {
    let (tone, stands, words) = match &line.standing {
        Standing::Shown(sentence) => ("ok", "Shown by the model", sentence.clone().into_any()),
        Standing::Done(it) => ("ok", "Done", done(place, it)),
        Standing::Open(remedy) => ("warn", "Open", remedy.clone().into_any()),
    };
    // What the model shows needs no word of anybody, and what it contradicts no word makes true.
    let can = !matches!(line.standing, Standing::Shown(_)) && !contradicted(line.point);
    let tick = (can && place.may(Capability::EditModel)).then(|| tick(request, place, (gate, line), own));
    view! {
        <tr>
            <th scope="row">{line.point.label()}</th>
            {cell(HEADS[1], view! { <span class="badge" data-tone=tone>{stands}</span> })}
            {cell(HEADS[2], view! { <div class="stack tight"><p>{words}</p>{tick}</div> })}
        </tr>
    }
    .into_any()
}

fn done(place: &Place, it: &Done) -> AnyView {
    let link = Ticket::parse(&it.evidence).filter(|it| it.href().is_some());
    let evidence = match link {
        Some(link) => {
            let words = link.as_str().to_owned();
            view! { <a href=words.clone() rel="noreferrer noopener">{words.clone()}</a> }.into_any()
        }
        None => it.evidence.clone().into_any(),
    };
    let by = it.by.as_ref().map(|by| view! { ", "{person(place, by)} });
    view! { {evidence}" "<span class="meta">{it.on.to_string()}{by}</span> }.into_any()
}

/// The folded form in which a person says what shows that a point is done.
fn tick(request: &Request, place: &Place, (gate, line): (Gate, &Line), own: &str) -> AnyView {
    let sent = request.submitted.as_ref().filter(|it| {
        let says = |name: &str, value: &str| it.form.iter().any(|(key, typed)| key == name && typed == value);
        says("gate", gate.as_str()) && says("point", line.point.as_str())
    });
    let form = sent.map(|_| request.form(Vec::new));
    let error = form.as_ref().and_then(|it| it.error("evidence"));
    let typed = form.as_ref().map(|it| it.value("evidence").to_owned()).unwrap_or_default();
    let id = format!("evidence-{gate}-{}", line.point);
    let described = error.map(|_| format!("{id}-error"));
    let again = matches!(line.standing, Standing::Done(_));
    let words = if again { "Say something else" } else { "Say what shows it" };
    let about = format!(": {}", line.point.label());
    view! {
        <details open=sent.is_some()>
            <summary>{words}<span class="visually-hidden">{about}</span></summary>
            <form class="stack tight" method="post" action=format!("{own}/check")>
                {hidden("rev", place.estate.revision.0.to_string())}
                {hidden("gate", gate.as_str().to_owned())}
                {hidden("point", line.point.as_str().to_owned())}
                <div class="field">
                    <label for=id.clone()>"Evidence: a link, a reference or a note"</label>
                    {error.map(|code| view! { <p class="error" id=format!("{id}-error")>{code.advice()}</p> })}
                    <input class="input" id=id.clone() name="evidence" value=typed maxlength=EVIDENCE_MAX autocomplete="off"
                        aria-describedby=described aria-invalid=error.map(|_| "true")/>
                </div>
                <div class="button-row"><button class="button">{icon("check")}"Tick it"</button></div>
            </form>
        </details>
    }
    .into_any()
}
