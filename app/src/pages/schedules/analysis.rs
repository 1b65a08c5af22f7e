//! One targeted risk analysis, its approval and its yearly review; and its form.

use domain::backend::schedules::ScheduleBook;
use domain::id::PersonId;
use domain::problem::Problem;
use domain::role::Capability;
use domain::schedule::analysis::{Analysis, AnalysisKey, REQUIREMENTS, TEXT_MAX};
use domain::schedule::analysis_draft::analysis_to_form;
use domain::schedule::late::WORDS_MAX;
use domain::schedule::plan::Because;
use domain::schedule::{Cadence, State};
use leptos::prelude::*;

use super::super::editor::{buttons, conflict, not_done};
use super::super::findings::named;
use super::super::frame::{Screen, Section};
use super::super::request::{Place, Request};
use super::super::risks::{edit, person};
use super::analyses::{frequency, standing};
use super::detail::late_fields;
use super::{CADENCE_HINT, DAY, cadences, due, editable, limit};
use crate::ui::field::{field, hidden};
use crate::ui::form::FormState;
use crate::ui::header::{self, Header};
use crate::ui::table::{cell, count, small};

/// One of them.
pub(in super::super) async fn page(request: Request) -> Result<Screen, Problem> {
    let place = request.place().await?;
    let book = request.backend()?.schedules(&place.estate.workspace.id).await?;
    let key: AnalysisKey = request.path("key").parse().map_err(|_| Problem::NotFound)?;
    let kept = book.analyses.get(&key).ok_or(Problem::NotFound)?;
    let it = &kept.value;
    let edits = place.may(Capability::EditModel);
    let own = place.paths.analysis(key);
    let change = edits.then(|| header::action(format!("{own}/edit"), "edit", "Edit", true));
    let title = format!("Analysis for {}", it.requirement);
    let body = view! {
        {head(&place, title.clone())
            .meta(view! { {standing(&book, it)}<span class="key">{key.to_string()}</span> })
            .actions(change)
            .view()}
        {said(&place, it)}
        {sets(&place, &book, it)}
        {edits.then(|| steps(&request, &place, &book, (it, kept.revision)))}
        {reviews(&place, &book, it)}
    };
    Ok(Screen::inside(&place, Section::Schedules, title, body))
}

fn head(place: &Place, title: String) -> Header {
    Header::new(title)
        .below(place.paths.page("schedules"), "Schedules")
        .below(place.paths.page("analyses"), "Targeted risk analyses")
}

/// Every field of the requirement.
fn said(place: &Place, it: &Analysis) -> AnyView {
    let line = |label: &'static str, value: AnyView| view! { <div><dt>{label}</dt><dd>{value}</dd></div> };
    let words = |text: &str| view! { <p class="prose">{text.to_owned()}</p> }.into_any();
    let objects: Vec<_> = it.protects.iter().map(|it| view! { <li>{named(place, it)}</li> }).collect();
    let objects = (!objects.is_empty()).then(|| view! { <ul>{objects}</ul> });
    let process = (!it.process.is_empty()).then(|| line("Process", words(&it.process)));
    let approved = match &it.approved {
        Some((by, on)) => view! { {on.to_string()}" by "{person(place, by)} }.into_any(),
        None => view! { <span class="muted">"Nobody yet"</span> }.into_any(),
    };
    view! {
        <section class="card" aria-labelledby="said">
            <h2 id="said">"What it says"</h2>
            <dl class="key-value">
                {line("Requirement", view! { <a href=place.paths.requirement(&it.requirement)>{it.requirement.clone()}</a> }.into_any())}
                {line("Approach", if it.customised { "Customised (12.3.2)" } else { "Defined (12.3.1)" }.into_any())}
                {line("Assets protected", view! { {words(&it.assets)}{objects} }.into_any())}
                {line("Threats", words(&it.threats))}
                {line("Factors of likelihood and impact", words(&it.factors))}
                {line("How often", frequency(it).into_any())}
                {process}
                {line("Why that is enough", words(&it.justification))}
                {line("What leads to a new analysis", words(&it.change_triggers))}
                {line("Author", person(place, &it.author))}
                {line("Approved", approved)}
            </dl>
        </section>
    }
    .into_any()
}

/// The schedules that rest on it.
fn sets(place: &Place, book: &ScheduleBook, it: &Analysis) -> AnyView {
    let fed = book.schedules.values().map(|it| &it.value.schedule).filter(|of| of.because == Because::Analysis(it.key));
    let fed: Vec<_> = fed
        .map(|of| {
            view! { <li><a href=place.paths.schedule(of.key)>{of.name.clone()}</a>" "{of.cadence.words()}</li> }
        })
        .collect();
    let content = if fed.is_empty() {
        let words = "No schedule rests on it. Choose it in the form of the schedule whose frequency it sets.";
        view! { <p class="muted">{words}</p> }.into_any()
    } else {
        view! { <ul>{fed}</ul> }.into_any()
    };
    view! { <h2>"Schedules that it sets"</h2>{content} }.into_any()
}

/// Approval, and the yearly review.
fn steps(request: &Request, place: &Place, book: &ScheduleBook, (it, revision): (&Analysis, i64)) -> AnyView {
    let own = place.paths.analysis(it.key);
    if it.approved.is_none() {
        return view! {
            <section class="card" aria-labelledby="approve">
                <h2 id="approve">"Approve it"</h2>
                {not_done(request)}
                <p>"Somebody other than the author approves it. From then on it sets the schedules that rest on it."</p>
                <form method="post" action=own>
                    {hidden("rev", revision.to_string())}
                    {hidden("step", "approve".to_owned())}
                    <div class="button-row"><button class="button primary">"Approve"</button></div>
                </form>
            </section>
        }
        .into_any();
    }
    let today = book.zone.day_of(book.now);
    let form = request.form(|| vec![("done".to_owned(), today.to_string())]);
    let stands = it.standing(&book.zone, book.now);
    view! {
        <section class="card" aria-labelledby="renew">
            <h2 id="renew">"Yearly review"</h2>
            <p>"Due "{due(&stands)}</p>
            {request.general_problem()}
            {form.summary(step_label)}
            <form class="form" method="post" action=own>
                {hidden("rev", revision.to_string())}
                {hidden("step", "renew".to_owned())}
                {field(&form, "done", "Reviewed on").required().input(DAY)}
                {field(&form, "result", "Result").hint("Whether it is still right, and why.").required().area_of(limit(WORDS_MAX))}
                {late_fields(&form, stands.state == State::Late)}
                <div class="button-row"><button class="button primary">"Note the review"</button></div>
            </form>
        </section>
    }
    .into_any()
}

fn step_label(name: &str) -> Option<String> {
    let label = match name {
        "done" => "Reviewed on",
        "result" => "Result",
        "cause" => "Why it was late",
        "told" => "Who was told, and when",
        "caught_up" => "How it was caught up",
        "step" => "Analysis",
        _ => return None,
    };
    Some(label.to_owned())
}

fn reviews(place: &Place, book: &ScheduleBook, it: &Analysis) -> Option<AnyView> {
    let rows: Vec<AnyView> = it
        .reviews
        .iter()
        .rev()
        .map(|run| {
            let late =
                run.was_late(&book.zone).then(|| view! { " "<span class="badge" data-tone="warn">"late"</span> });
            view! {
                <tr>
                    <th scope="row" data-label="Reviewed">{run.done_at.to_string()}{late}</th>
                    {cell("For", run.due.to_string())}
                    {cell("By", person(place, &run.by))}
                    {cell("Result", run.reference.clone())}
                    {cell("Why late", run.late.as_ref().map(|it| it.cause.clone()))}
                </tr>
            }
            .into_any()
        })
        .collect();
    (!rows.is_empty()).then(|| {
        let columns = ["Reviewed", "For", "By", "Result", "Why late"];
        view! { <h2>"Reviews"</h2>{small("reviews", count(it.reviews.len(), "review"), &columns, rows)} }.into_any()
    })
}

/// A new one. The requirement may stand in the address.
pub(in super::super) async fn new(request: Request) -> Result<Screen, Problem> {
    let (place, _) = editable(&request).await?;
    let mut blank = Analysis::new(PersonId::new("nobody"));
    blank.requirement = request.query("requirement").unwrap_or_default();
    blank.frequency = Some(Cadence::Months(3));
    let stored = analysis_to_form(&blank);
    let form = request.form(|| stored);
    let title = "Add an analysis";
    let body = view! {
        {head(&place, title.to_owned()).view()}
        {request.general_problem()}
        {form.summary(label)}
        <form class="form" method="post" action=place.paths.page("analyses/new")>
            {hidden("rev", "0".to_owned())}
            {fields(&form, &place)}
            {buttons("Add", place.paths.page("analyses"))}
        </form>
    };
    Ok(Screen::inside(&place, Section::Schedules, title, body))
}

/// An existing one.
pub(in super::super) async fn existing(request: Request) -> Result<Screen, Problem> {
    let (place, book) = editable(&request).await?;
    let key: AnalysisKey = request.path("key").parse().map_err(|_| Problem::NotFound)?;
    let kept = book.analyses.get(&key).ok_or(Problem::NotFound)?;
    let stored = analysis_to_form(&kept.value);
    let form = request.form(|| stored.clone());
    let own = place.paths.analysis(key);
    let title = format!("Edit {key}");
    let body = view! {
        {head(&place, title.clone()).view()}
        {conflict(&request, &stored)}
        {request.general_problem()}
        {form.summary(label)}
        <form class="form" method="post" action=format!("{own}/edit")>
            {hidden("rev", kept.revision.to_string())}
            {fields(&form, &place)}
            <p class="hint">"A change takes the approval back, because it was given to something else."</p>
            {buttons("Save", own.clone())}
        </form>
    };
    Ok(Screen::inside(&place, Section::Schedules, title, body))
}

fn fields(form: &FormState, place: &Place) -> AnyView {
    let approaches = [("no", "Defined approach (12.3.1)"), ("yes", "Customised approach (12.3.2)")]
        .map(|(value, label)| (value.to_owned(), label.to_owned()));
    let requirements: Vec<(String, String)> = REQUIREMENTS.map(|id| (id.to_owned(), String::new())).into();
    let area = |name: &'static str, label: &'static str, hint: &'static str| {
        field(form, name, label).hint(hint).area_of(limit(TEXT_MAX))
    };
    view! {
        <button class="visually-hidden" name="action" value="save" tabindex="-1" aria-hidden="true">"Save"</button>
        <div class="field-row">
            {field(form, "requirement", "Requirement")
                .hint("One that lets you set the frequency. With the customised approach, any that the standard does not exclude.")
                .required()
                .with_proposals(&requirements)}
            {field(form, "customised", "Approach").select(None, &approaches)}
        </div>
        {edit::links(form, place, "What is protected")}
        {area("assets", "Assets protected", "In words.")}
        {area("threats", "Threats", "What the requirement protects against.")}
        {area("factors", "Factors of likelihood and impact", "What makes it more or less likely, and worse or less bad.")}
        {field(form, "frequency", "How often").hint(CADENCE_HINT).with_proposals(&cadences())}
        {field(form, "process", "Or as which process").hint("Where it is no frequency.").optional().area_of(limit(TEXT_MAX))}
        {area("justification", "Why that is enough", "How it keeps likelihood and impact low.")}
        {area("change_triggers", "What leads to a new analysis", "Before the year is over.")}
    }
    .into_any()
}

fn label(name: &str) -> Option<String> {
    let label = match name {
        "requirement" => "Requirement",
        "customised" => "Approach",
        "link" => "What is protected",
        "find" => "Find what it is about",
        "assets" => "Assets protected",
        "threats" => "Threats",
        "factors" => "Factors of likelihood and impact",
        "frequency" => "How often",
        "process" => "Or as which process",
        "justification" => "Why that is enough",
        "change_triggers" => "What leads to a new analysis",
        _ => return None,
    };
    Some(label.to_owned())
}
