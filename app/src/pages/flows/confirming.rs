//! What both ends say of a flow, side by side, and the form of whoever answers for one of them.

use std::collections::BTreeSet;

use domain::confirmation::{Carried, End, Reply, SideBySide, answers_for, side_by_side};
use domain::findings::said;
use domain::id::{ElementId, PersonId};
use domain::model::catalogue;
use domain::model::element::Form;
use domain::model::flow::Flow;
use domain::problem::Problem;
use domain::role::Capability;
use leptos::prelude::*;

use super::super::request::{Place, Request};
use super::super::risks::{pairs, person};
use super::super::systems::system_name;
use crate::ui::field::{field, hidden, options_of};
use crate::ui::form::{FormState, id_of};
use crate::ui::icon::icon;
use crate::ui::table::{cell, count, small};

/// How many fields can be named that nobody has named before.
const MORE: usize = 2;

/// Both ends side by side, and the form.
///
/// # Errors
/// Those of the backend.
pub(super) async fn section(request: &Request, place: &Place, flow: &Flow) -> Result<AnyView, Problem> {
    let both = side_by_side(flow);
    let says = if place.may(Capability::ConfirmFlows) {
        let people = request.backend()?.accounts_of_people(&place.estate.workspace.id).await?;
        let me = people.into_iter().find(|(_, account)| *account == place.account.id).map(|(person, _)| person);
        Some(says(request, place, flow, &both, me.as_ref()))
    } else {
        None
    };
    let rows = [End::Source, End::Target].map(|end| end_row(place, flow, &both, end)).into();
    let ends =
        small("ends", "What each end says".to_owned(), &["End", "Answered for by", "Says", "Who and when"], rows);
    let view = view! {
        <section class="section" aria-labelledby="confirmed">
            <header class="section-header"><h2 id="confirmed">"Do both ends say so?"</h2>{state(place, flow, &both)}</header>
            <p class="meta">
                "Two different people confirm it, one for each end. A confirmation falls off when what the flow carries, or \
                 one of its ends, is changed."
            </p>
            {ends}
            {fields(&both)}
            {says}
        </section>
    };
    Ok(view.into_any())
}

fn state(place: &Place, flow: &Flow, both: &SideBySide) -> AnyView {
    if both.disagree() {
        let findings = format!("{}/findings", place.paths.flow(&flow.id));
        return view! {
            <span class="cluster">
                <span class="badge" data-tone="error">"The ends contradict each other"</span>
                <a href=findings>"The finding"</a>
            </span>
        }
        .into_any();
    }
    let (tone, words) =
        if both.is_confirmed() { ("ok", "Confirmed by both ends") } else { ("warn", "Not confirmed by both ends") };
    view! { <span class="badge" data-tone=tone>{words}</span> }.into_any()
}

fn end_row(place: &Place, flow: &Flow, both: &SideBySide, end: End) -> AnyView {
    let model = &place.estate.model;
    let id = if end == End::Source { &flow.from } else { &flow.to };
    let named = ["owner", "deputy"].into_iter().filter_map(|name| said::text(&model.systems.get(id)?.facts, name));
    let named: Vec<AnyView> = named
        .enumerate()
        .map(|(number, key)| {
            let comma = (number > 0).then_some(", ");
            view! { {comma}{person(place, &PersonId::new(key))} }.into_any()
        })
        .collect();
    let answerers =
        if named.is_empty() { view! { <span class="muted">"Nobody"</span> }.into_any() } else { named.into_any() };
    let answer = both.answers.get(&end);
    let words = match answer {
        None => view! { <span class="muted">"Nothing yet"</span> }.into_any(),
        Some(it) if both.fell_off(end) => {
            let words = match it.answer {
                Reply::Agrees => "Agreed with what was entered before",
                Reply::Differs | Reply::Unsure => "Answered for what was entered before",
            };
            view! { <span class="badge" data-tone="warn">{words}</span> }.into_any()
        }
        Some(it) => {
            let tone = match it.answer {
                _ if both.agreed_at(end).is_some() => "ok",
                Reply::Agrees | Reply::Differs => "error",
                Reply::Unsure => "warn",
            };
            view! { <span class="badge" data-tone=tone>{it.answer.label()}</span> }.into_any()
        }
    };
    let who = answer.map(|it| {
        let at = it.at.to_string();
        view! { {person(place, &it.person)}", "<time datetime=at.clone()>{at.clone()}</time> }
    });
    view! {
        <tr>
            <th scope="row">{end.label()}": "<a href=place.paths.system(id)>{system_name(model, id)}</a></th>
            {cell("Answered for by", answerers)}
            {cell("Says", words)}
            {cell("Who and when", who)}
        </tr>
    }
    .into_any()
}

/// Every field that is entered or named, with what each end says of it; nothing as long as nobody named any.
fn fields(both: &SideBySide) -> Option<AnyView> {
    if both.answers.is_empty() {
        return None;
    }
    let says = |said: Option<bool>| match said {
        Some(true) => "Yes",
        Some(false) => "No",
        None => "Has not said",
    };
    let rows: Vec<AnyView> = both
        .rows()
        .iter()
        .map(|row| {
            let sides = [Some(row.entered), row.source, row.target];
            let known: BTreeSet<bool> = sides.into_iter().flatten().collect();
            let differs =
                (known.len() > 1).then(|| view! { " "<span class="badge" data-tone="error">"differs"</span> });
            view! {
                <tr>
                    <th scope="row">{words(&row.carried)}{differs}</th>
                    {cell("Entered", says(Some(row.entered)))}
                    {cell("The sender says", says(row.source))}
                    {cell("The receiver says", says(row.target))}
                </tr>
            }
            .into_any()
        })
        .collect();
    let heads = ["Field", "Entered", "The sender says", "The receiver says"];
    (!rows.is_empty()).then(|| small("sides", count(rows.len(), "field"), &heads, rows))
}

/// The form, for the ends that the person answers for.
fn says(request: &Request, place: &Place, flow: &Flow, both: &SideBySide, me: Option<&PersonId>) -> AnyView {
    let Some(me) = me else {
        return view! {
            <p>
                "To confirm it, your account has to be linked to a person of this workspace. "
                <a href=place.paths.page("people")>"People and teams"</a>
            </p>
        }
        .into_any();
    };
    let model = &place.estate.model;
    let mine: Vec<End> = End::ALL.iter().copied().filter(|end| answers_for(model, flow, *end, me)).collect();
    if mine.is_empty() {
        return view! { <p class="muted">"Whoever answers for the systems at its ends confirms it."</p> }.into_any();
    }
    let sent = request.submitted.as_ref().is_some_and(|it| it.form.iter().any(|(name, _)| name == "answer"));
    let form = if sent { request.form(Vec::new) } else { FormState::default() };
    let end = match mine.as_slice() {
        [only] => view! {
            {hidden("end", only.as_str().to_owned())}
            <p>{format!("You answer for the end that {}.", only.label().to_lowercase())}</p>
        }
        .into_any(),
        several => field(&form, "end", "For which end").select(None, &pairs(several, |it| (it.as_str(), it.label()))),
    };
    let answers: Vec<(&str, &str, &str)> = [
        (Reply::Agrees, "What is entered above is what goes over the wire."),
        (Reply::Differs, "Say below what goes over the wire."),
        (Reply::Unsure, "Somebody else has to look."),
    ]
    .map(|(reply, hint)| (reply.as_str(), reply.label(), hint))
    .into();
    let labels = |name: &str| match name {
        "answer" => Some("What you say".to_owned()),
        "field" => Some("What goes over the wire".to_owned()),
        _ => None,
    };
    view! {
        {sent.then(|| form.summary(labels))}
        <form class="form card" method="post" action=format!("{}/confirm", place.paths.flow(&flow.id))>
            {hidden("rev", place.estate.revision.0.to_string())}
            {end}
            {field(&form, "answer", "What you say").radios("", &answers)}
            {carried(place, &form, both, sent)}
            <div class="button-row"><button class="button primary">{icon("check")}"Save what you say"</button></div>
        </form>
    }
    .into_any()
}

/// What goes over the wire, where it is something else: everything that anybody named, ticked as it is entered, and room
/// for more.
fn carried(place: &Place, form: &FormState, both: &SideBySide, sent: bool) -> AnyView {
    let key = |(element, form): &Carried| format!("{element}:{form}");
    let named =
        both.entered.iter().chain([End::Source, End::Target].into_iter().filter_map(|it| both.says(it)).flatten());
    let known: BTreeSet<&Carried> = named.collect();
    let ticked = |it: &Carried| {
        if sent { form.values("field").any(|value| value == key(it)) } else { both.entered.contains(it) }
    };
    let id = id_of("field");
    let boxes: Vec<_> = known
        .iter()
        .enumerate()
        .map(|(number, it)| {
            let id = (number == 0).then(|| id.clone());
            view! {
                <label class="choice">
                    <input type="checkbox" id=id name="field" value=key(it) checked=ticked(it)/>
                    <span>{words(it)}</span>
                </label>
            }
        })
        .collect();
    let every = every_field(place);
    let listed: BTreeSet<String> = known.iter().map(|it| key(it)).collect();
    let others: Vec<&str> = form.values("field").filter(|it| !it.is_empty() && !listed.contains(*it)).collect();
    let more: Vec<_> = (0..MORE)
        .map(|number| {
            let id = if number == 0 && known.is_empty() { id.clone() } else { format!("{id}-{number}") };
            let chosen = others.get(number).copied().unwrap_or_default();
            view! {
                <div class="field">
                    <label for=id.clone()>{if number == 0 { "Something that nobody named" } else { "And something else" }}</label>
                    <select class="input" id=id name="field">{options_of(Some("Nothing"), &every, chosen)}</select>
                </div>
            }
        })
        .collect();
    let error = form.error("field").map(|code| view! { <p class="error">{code.advice()}</p> });
    view! {
        <fieldset class="field">
            <legend>"What goes over the wire"</legend>
            <p class="hint">"Counts only where it is something else than is entered."</p>
            {error}
            <div class="choices inline">{boxes}</div>
            <div class="field-row">{more}</div>
        </fieldset>
    }
    .into_any()
}

/// Every element in every form that it has.
fn every_field(place: &Place) -> Vec<(String, String)> {
    let of = |(key, name): (String, String)| {
        let forms = catalogue::element(&key).map_or(&[Form::Clear][..], |it| it.forms.as_slice());
        let one = |form: &Form| (format!("{key}:{form}"), format!("{name}, {}", form.label().to_lowercase()));
        forms.iter().map(one).collect::<Vec<_>>()
    };
    domain::model::draft::options::elements_of(&place.estate.model).into_iter().flat_map(of).collect()
}

fn words((element, form): &Carried) -> String {
    let name = |it: &ElementId| catalogue::element(it.as_str()).map_or_else(|| it.to_string(), |row| row.name.clone());
    format!("{}, {}", name(element), form.label().to_lowercase())
}
