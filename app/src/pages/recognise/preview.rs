//! The page on which recognised fields are looked at, given to a flow, and confirmed.

use domain::id::ImportId;
use domain::import::adoption::{Adopted, Adoption, Effect, Part, Target, adopt, groups};
use domain::import::recogniser::Recognition;
use domain::model::draft::options;
use domain::problem::{FieldError, Problem};
use leptos::prelude::*;

use super::super::frame::{Screen, Section};
use super::super::import::importing;
use super::super::request::{Place, Request};
use super::super::systems::flow_name;
use super::groups::{tables, words};
use crate::ui::field::{field, hidden};
use crate::ui::form::{FormState, problem_box};
use crate::ui::header::Header;
use crate::ui::icon::icon;
use crate::ui::notice::{Tone, notice};
use crate::ui::table::count;

/// With more than this a list to choose from is too long, and names are typed with proposals.
const LONG_LIST: usize = 300;

/// The page on which recognised fields are looked at, given to a flow, and confirmed.
pub(in super::super) async fn page(request: Request) -> Result<Screen, Problem> {
    let place = importing(&request).await?;
    let id = ImportId::new(request.path("job"));
    let staged = request.backend()?.staged_import(&place.estate.workspace.id, &id).await?;
    let recognition = Recognition::from_json(&staged.content).ok_or(Problem::NotFound)?;
    let model = &place.estate.stored;
    let beginning = |part: Option<String>| part.map(|part| vec![("part".to_owned(), part)]);
    let adoption = match (&request.submitted, beginning(request.query("part"))) {
        (Some(submitted), _) => Adoption::from_form(&submitted.form, &recognition, model),
        (None, Some(form)) => Adoption::from_form(&form, &recognition, model),
        (None, None) => Adoption::proposed(&recognition),
    };
    let adopted = adopt(&recognition, model, &adoption, place.estate.today);
    // Before anything was chosen, nothing is wrong; another look says what is.
    let errors = match &adopted {
        Err(errors) if request.submitted.is_some() && !adoption.has_no_target() => errors.clone(),
        _ => Vec::new(),
    };
    let form = form_of(&request, &adoption, errors);
    let heading = format!("Fields of {}", recognition.title.as_deref().unwrap_or(&recognition.file));
    let seen = groups(&recognition, adoption.part);
    let head = Header::new(heading.clone())
        .below(place.paths.page("import"), "Import")
        .below(place.paths.page("recognise"), "Read a specification or sample")
        .meta(view! {
            <span>{recognition.source.label()}</span>
            <span>{recognition.file.clone()}</span>
            <span>{format!("{} looked at", count(recognition.fields, "field"))}</span>
        })
        .view();
    let body = view! {
        {head}
        {conflict(&request)}
        {nothing_taken(&request)}
        {request.general_problem()}
        {form.summary(|name| label(name).map(str::to_owned))}
        {remarks(&recognition)}
        <form class="form wide" method="post" action=place.paths.reading(&id)>
            {hidden("rev", place.estate.revision.0.to_string())}
            {hidden("shown", adoption.part.as_str().to_owned())}
            <button class="visually-hidden" name="action" value="preview" tabindex="-1" aria-hidden="true">
                "Show the difference"
            </button>
            {target(&place, &form)}
            {parts(&recognition, &form)}
            {if seen.is_empty() {
                notice(Tone::Info, "No field of this part seems to be payment data.")
            } else {
                tables(&seen, &adoption)
            }}
            {difference(&place, adopted.as_ref().ok())}
            {buttons(&recognition, &adoption, !seen.is_empty())}
        </form>
    };
    Ok(Screen::inside(&place, Section::Import, heading, body))
}

/// The choices as they stand, with what is wrong with them.
fn form_of(request: &Request, adoption: &Adoption, errors: Vec<FieldError>) -> FormState {
    let mut values = vec![("part".to_owned(), adoption.part.as_str().to_owned())];
    match &adoption.target {
        Target::Flow(id) => values.push(("flow".to_owned(), id.to_string())),
        Target::New { from, to } => {
            values.push(("from".to_owned(), from.to_string()));
            values.push(("to".to_owned(), to.to_string()));
        }
    }
    let mut errors = errors;
    if let Some(Problem::Invalid(posted)) = request.problem() {
        let more: Vec<FieldError> =
            posted.iter().filter(|it| label(&it.field).is_some() && !errors.contains(it)).cloned().collect();
        errors.extend(more);
    }
    FormState::new(values).with_errors(errors)
}

fn label(field: &str) -> Option<&'static str> {
    match field {
        "flow" => Some("Flow"),
        "from" => Some("From"),
        "to" => Some("To"),
        _ => None,
    }
}

fn conflict(request: &Request) -> Option<AnyView> {
    (request.problem() == Some(&Problem::Conflict)).then(|| {
        problem_box(view! {
            <p>"Someone changed the flow since this preview was made. Look at the difference again, then confirm."</p>
        })
    })
}

/// The form was confirmed with nothing ticked and nothing answered.
fn nothing_taken(request: &Request) -> Option<AnyView> {
    let is_it =
        matches!(request.problem(), Some(Problem::Invalid(errors)) if errors.iter().any(|it| it.field == "take"));
    is_it.then(|| problem_box(view! { <p>"Tick at least one field, or answer a question about one."</p> }))
}

/// What a person should know of the file before deciding.
fn remarks(recognition: &Recognition) -> AnyView {
    let warnings = recognition.warnings.iter().map(|it| notice(Tone::Warn, it.clone())).collect_view();
    let list = |heading: &'static str, names: &[String]| {
        let names: Vec<_> = names.iter().map(|it| view! { <li><code>{it.clone()}</code></li> }).collect();
        (!names.is_empty()).then(|| view! { <details><summary>{heading}</summary><ul>{names}</ul></details> })
    };
    view! {
        {warnings}
        {list("References to other documents, which were not followed", &recognition.remote_references)}
        {list("References that lead nowhere", &recognition.broken_references)}
    }
    .into_any()
}

fn target(place: &Place, form: &FormState) -> AnyView {
    let model = &place.estate.model;
    let mut flows: Vec<(String, String)> =
        model.flows.values().map(|it| (it.id.to_string(), format!("{} ({})", flow_name(model, it), it.id))).collect();
    flows.sort_by(|one, other| one.1.cmp(&other.1));
    let systems = options::systems(model);
    let flow = field(form, "flow", "Flow").optional();
    let flow = if flows.len() > LONG_LIST {
        flow.hint("The key of a flow that is there. Empty for a new one.").with_proposals(&flows)
    } else {
        flow.hint("One that is there, or a new one.").select(Some("A new flow between the two systems below"), &flows)
    };
    let end = |name: &'static str, label: &'static str| {
        let it = field(form, name, label);
        if systems.len() > LONG_LIST {
            it.hint("The key or name of a system.").with_proposals(&systems)
        } else {
            it.select(Some("Choose a system"), &systems)
        }
    };
    view! {
        <fieldset class="form-part">
            <legend>"Which flow is it?"</legend>
            {flow}
            <p class="hint">"A new flow goes from the system that sends these fields to the one that receives them."</p>
            <div class="field-row">{end("from", "From")}{end("to", "To")}</div>
        </fieldset>
    }
    .into_any()
}

/// The choice of a part, where the file tells requests from answers.
fn parts(recognition: &Recognition, form: &FormState) -> Option<AnyView> {
    tells_parts(recognition).then(|| {
        let hint = "A flow has one direction. What comes back in an answer is a second flow.";
        let options: Vec<_> = Part::ALL.iter().map(|it| (it.as_str(), it.label(), "")).collect();
        field(form, "part", "Which fields does the flow carry?").hint(hint).radios("inline", &options)
    })
}

/// Whether the file has fields that are only sent, and fields that only come back.
fn tells_parts(recognition: &Recognition) -> bool {
    let (sent, answered) = (groups(recognition, Part::Requests), groups(recognition, Part::Answers));
    let all = groups(recognition, Part::All);
    all.len() > sent.len() || all.len() > answered.len()
}

/// What would change on the flow, once one is chosen.
fn difference(place: &Place, adopted: Option<&Adopted>) -> AnyView {
    let Some(adopted) = adopted else {
        return view! {
            <section class="section" aria-labelledby="changes">
                <h2 id="changes">"What would change"</h2>
                <p class="hint">"Choose a flow, or the two ends of a new one, and show the difference."</p>
            </section>
        }
        .into_any();
    };
    let what = match &adopted.before {
        None => view! { <p>{format!("A new flow: {}.", flow_name(&place.estate.model, &adopted.flow))}</p> }.into_any(),
        Some(flow) => view! {
            <p>
                "The flow "
                <a href=place.paths.flow(&flow.id)>{flow_name(&place.estate.model, flow)}</a>
                ", which carries "{count(flow.fields.len(), "declared field")}" now."
            </p>
        }
        .into_any(),
    };
    let items: Vec<_> = adopted.effects.iter().map(effect).collect();
    let missing: Vec<_> =
        adopted.not_in_file.iter().map(|(element, form)| view! { <li>{words(element.as_str(), *form)}</li> }).collect();
    view! {
        <section class="section" aria-labelledby="changes">
            <h2 id="changes">"What would change"</h2>
            {what}
            {items.is_empty().then(|| view! { <p class="muted">"Nothing is ticked or answered yet."</p> })}
            <ul class="diff-list">{items}</ul>
            {(!missing.is_empty()).then(|| view! {
                <h3>"Declared on the flow, and not in this part of the file"</h3>
                <p class="hint">"They stay. Remove on the flow itself what it no longer carries."</p>
                <ul>{missing}</ul>
            })}
        </section>
    }
    .into_any()
}

fn effect(effect: &Effect) -> AnyView {
    match effect {
        Effect::Added { element, form, name, worse } => {
            let worse = (!worse.is_empty()).then(|| {
                let declared: Vec<String> = worse.iter().map(|it| it.label().to_lowercase()).collect();
                view! { " "<strong>{format!("The flow declares it {} only.", declared.join(" and "))}</strong> }
            });
            view! {
                <li data-change="changed">
                    <span>"New: "<ins>{words(element.as_str(), *form)}</ins>" as "<code>{name.clone()}</code>{worse}</span>
                </li>
            }
            .into_any()
        }
        Effect::Seen { element, form } => {
            view! { <li><span>{format!("Declared already, now seen: {}", words(element.as_str(), *form))}</span></li> }
                .into_any()
        }
        Effect::Dismissed(name) => {
            view! { <li><span>"No payment data: "<code>{name.clone()}</code></span></li> }.into_any()
        }
        Effect::Waiting(name) => view! { <li><span>"Open work: "<code>{name.clone()}</code></span></li> }.into_any(),
    }
}

fn buttons(recognition: &Recognition, adoption: &Adoption, any: bool) -> AnyView {
    let goes_on = tells_parts(recognition) && adoption.part == Part::Requests;
    view! {
        <div class="button-row">
            {any.then(|| view! {
                <button class="button primary" name="action" value="confirm">{icon("check")}"Confirm these fields"</button>
            })}
            {(any && goes_on).then(|| view! {
                <button class="button" name="action" value="confirm_on">"Confirm, then look at the answers"</button>
            })}
            <button class="button" name="action" value="preview">"Show the difference"</button>
            <button class="button quiet" name="action" value="cancel" formnovalidate=true>"Cancel"</button>
        </div>
    }
    .into_any()
}
