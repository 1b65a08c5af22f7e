//! The seven elements of the confirmation of the scope: what the model says of each with a link to its facts, and the
//! answer of a person, or the form to give one. A review of the scope shows them; so does a page of their own.

use std::collections::BTreeMap;

use domain::inventory::{Kind, address};
use domain::model::object::{ObjectKind, ObjectRef};
use domain::problem::Problem;
use domain::review::elements::{Beside, Element, Prefilled};
use domain::review::session::Said;
use leptos::prelude::*;

use super::super::frame::{Screen, Section};
use super::super::inventory::nav;
use super::super::request::{Place, Request};
use super::super::risks::person;
use crate::ui::field::hidden;
use crate::ui::form::FormState;
use crate::ui::header::{self, Header};
use crate::ui::icon::icon;
use crate::ui::link::with_query;
use crate::ui::table::count;

/// The longest answer, in characters.
const WORDS_MAX: u32 = 1_000;

/// The longest filter that a link names objects in.
const LINK_MAX: usize = 1_500;

/// Where the answers go.
pub(in super::super) struct Asked {
    /// The address.
    pub action: String,
    /// What was typed, with what is wrong with it; of the element that it names.
    pub typed: FormState,
}

/// What the model says of every element, without a review.
pub(in super::super) async fn page(request: Request) -> Result<Screen, Problem> {
    let place = request.place().await?;
    let kept = request.backend()?.entity(&place.estate.workspace.id).await?;
    let said = kept.prefilled(&place.estate, Beside::default());
    // Whether items were looked at, and diagrams approved, is a matter of a review.
    let of_model = |it: &&Prefilled| !matches!(it.element, Element::Diagrams | Element::Completeness);
    let parts: Vec<_> = said.iter().filter(of_model).map(|it| element(&place, it, None, None)).collect();
    let head = Header::new("What the scope rests on")
        .lede("What the model says of the elements that a confirmation of the scope answers (PCI DSS 12.5.2).")
        .below(place.paths.page("board"), "Stages and channels")
        .actions(header::action(place.paths.page("settings/entity"), "settings", "Profile of the entity", false));
    let body = view! {
        {head.view()}
        {nav::view(&place, "board")}
        <section class="section" aria-labelledby="elements">
            <h2 id="elements">"What the model says"</h2>
            {parts}
        </section>
    };
    Ok(Screen::inside(&place, Section::Inventory, "What the scope rests on", body))
}

/// The answer to an element, and whether the model still says what it said when it was given.
struct Answer<'a> {
    said: &'a Said,
    counts: bool,
}

/// Every element with its answer, and with its form where answers can be given.
pub(in super::super) fn part(
    place: &Place,
    said: &[Prefilled],
    answers: &BTreeMap<Element, Said>,
    counts: &dyn Fn(Element) -> bool,
    asked: Option<&Asked>,
) -> AnyView {
    let answer = |it: &Prefilled| answers.get(&it.element).map(|said| Answer { said, counts: counts(it.element) });
    let parts: Vec<_> = said.iter().map(|it| element(place, it, answer(it).as_ref(), asked)).collect();
    let counting = said.iter().filter_map(answer).filter(|it| it.counts).count();
    let heading = format!("{counting} of {} elements answered", said.len());
    view! {
        <section class="section" aria-labelledby="elements">
            <h2 id="elements">{heading}</h2>
            {parts}
        </section>
    }
    .into_any()
}

fn element(place: &Place, it: &Prefilled, answer: Option<&Answer<'_>>, asked: Option<&Asked>) -> AnyView {
    let id = format!("element-{}", it.element);
    let sentences: Vec<_> = it.sentences.iter().map(|it| view! { <li>{it.clone()}</li> }).collect();
    let gaps: Vec<_> = it.gaps.iter().map(|it| view! { <li>{it.clone()}</li> }).collect();
    let gaps = (!gaps.is_empty()).then(|| {
        view! { <p><span class="badge" data-tone="warn">"Speaks against a yes"</span></p><ul>{gaps}</ul> }
    });
    view! {
        <section class="card" aria-labelledby=id.clone()>
            <h3 id=id.clone()>{it.element.label()}</h3>
            <p>{it.element.question()}</p>
            <ul>{sentences}</ul>
            {facts(place, it)}
            {gaps}
            {answer.map(|answer| answered(place, answer))}
            {asked.map(|asked| form(it, answer.map(|it| it.said), asked))}
        </section>
    }
    .into_any()
}

fn answered(place: &Place, Answer { said: answer, counts }: &Answer<'_>) -> AnyView {
    let again = (!counts).then(|| {
        view! { <p><span class="badge" data-tone="warn">"Answer again"</span>" The model says something else by now."</p> }
    });
    let (tone, words) = if answer.confirmed { ("ok", "Confirmed") } else { ("error", "Not confirmed") };
    view! {
        <p class="cluster"><span class="badge" data-tone=tone>{words}</span>" by "{person(place, &answer.by)}</p>
        <p class="said">{answer.words.clone()}</p>
        {again}
        <p class="meta">"The model said then: "{answer.model_said.clone()}</p>
    }
    .into_any()
}

fn form(it: &Prefilled, answer: Option<&Said>, asked: &Asked) -> AnyView {
    let typed = asked.typed.value("element") == it.element.as_str();
    // Ids are one to a page, and each element has a form of its own: only the open one has the plain names.
    let stored = vec![
        ("confirmed".to_owned(), answer.map_or("", |it| if it.confirmed { "yes" } else { "no" }).to_owned()),
        ("words".to_owned(), answer.map_or_else(|| it.words(), |it| it.words.clone())),
    ];
    let form = if typed { asked.typed.clone() } else { FormState::new(stored) };
    let error = |name: &str| form.error(name).map(|code| view! { <p class="error">{code.advice()}</p> });
    let id = format!("words-{}", it.element);
    let chosen = form.value("confirmed").to_owned();
    let choices: Vec<_> = [("yes", "Yes"), ("no", "No")]
        .into_iter()
        .map(|(value, label)| {
            view! {
                <label class="choice">
                    <input type="radio" name="confirmed" value=value checked=chosen == value/>
                    <span>{label}</span>
                </label>
            }
        })
        .collect();
    let label = if answer.is_some() { "Change the answer" } else { "Answer" };
    let about = format!(": {}", it.element.label());
    view! {
        <details open=typed>
            <summary>{label}<span class="visually-hidden">{about}</span></summary>
            <form class="stack tight" method="post" action=asked.action.clone()>
                {hidden("element", it.element.as_str().to_owned())}
                <fieldset class="field">
                    <legend>{it.element.question()}</legend>
                    {error("confirmed")}
                    <div class="choices inline">{choices}</div>
                </fieldset>
                <div class="field">
                    <label for=id.clone()>"In words"</label>
                    {error("words")}
                    <textarea class="input" id=id.clone() name="words" rows="4" maxlength=WORDS_MAX.to_string()>
                        {form.value("words").to_owned()}
                    </textarea>
                </div>
                <div class="button-row"><button class="button primary">{icon("check")}"Save the answer"</button></div>
            </form>
        </details>
    }
    .into_any()
}

/// Links to lists of nothing but the facts, one for each kind.
fn facts(place: &Place, it: &Prefilled) -> Option<AnyView> {
    let mut kinds: BTreeMap<ObjectKind, Vec<&ObjectRef>> = BTreeMap::new();
    for fact in &it.facts {
        kinds.entry(fact.kind()).or_default().push(fact);
    }
    let links: Vec<_> = kinds
        .into_iter()
        .filter_map(|(kind, facts)| {
            let list = Kind::of(kind).map(|it| place.paths.list(it)).or_else(|| match kind {
                ObjectKind::System => Some(place.paths.page("systems")),
                ObjectKind::Flow => Some(place.paths.page("flows")),
                ObjectKind::Observation => Some(place.paths.page("observations")),
                _ => None,
            })?;
            let keys: Vec<String> = facts.iter().map(|it| address(it)).collect();
            let filter = format!("key:{}", keys.join(","));
            // An address is only so long; then the whole list has to do.
            let filter = if filter.len() <= LINK_MAX { filter } else { String::new() };
            let words = count(facts.len(), &kind.label().to_lowercase());
            Some(view! { <li><a href=with_query(&list, &[("q", &filter)])>{words}</a></li> })
        })
        .collect();
    (!links.is_empty()).then(|| view! { <p>"The facts:"</p><ul class="list-rows">{links}</ul> }.into_any())
}
