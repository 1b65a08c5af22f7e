//! One schedule: where it stands, what calls for it, what was done, and the form that notes it.

use domain::backend::schedules::{ScheduleHistory, newest_first};
use domain::problem::Problem;
use domain::review::ReviewKind;
use domain::role::Capability;
use domain::schedule::analysis::{Analysis, SetsNothing};
use domain::schedule::late::WORDS_MAX;
use domain::schedule::noted::REFERENCE_MAX;
use domain::schedule::plan::{Because, Subject};
use domain::schedule::{Schedule, Standing};
use leptos::prelude::*;

use super::super::findings::named;
use super::super::frame::{Screen, Section};
use super::super::request::{Place, Request};
use super::super::risks::person;
use super::list::about;
use super::{DAY, due, limit, state};
use crate::ui::field::{Input, field};
use crate::ui::form::FormState;
use crate::ui::header::{self, Header};
use crate::ui::table::{cell, count, small};

pub(in super::super) async fn page(request: Request) -> Result<Screen, Problem> {
    let place = request.place().await?;
    let key = request.path("key").parse().map_err(|_| Problem::NotFound)?;
    let history = request.backend()?.schedule(&place.estate.workspace.id, key).await?;
    let schedule = &history.planned.schedule;
    let standing = history.planned.standing(&history.zone, history.now);
    let analysis = analysis(&request, &place, schedule).await?;
    let edits = place.may(Capability::EditModel);
    let own = place.paths.schedule(key);
    let meta = view! {
        {standing.as_ref().map_or_else(
            || view! { <span class="badge">"Ended"</span> }.into_any(),
            |it| state(it.state),
        )}
        {schedule.owner.as_ref().map(|it| view! { <span>"owner "{person(&place, it)}</span> })}
        <span class="key">{key.to_string()}</span>
    };
    let edit = edits.then(|| header::action(format!("{own}/edit"), "edit", "Edit", true));
    let review = standing.as_ref().and_then(|it| review(&place, schedule, it));
    let body = view! {
        {Header::new(schedule.name.clone())
            .below(place.paths.page("schedules"), "Schedules")
            .meta(meta)
            .actions(view! { {review}{edit} })
            .view()}
        {request.general_problem()}
        {known(&place, &history, (standing.as_ref(), analysis.as_ref()))}
        {calls(&place, &history)}
        {standing.as_ref().filter(|_| edits).map(|_| note(&request, &place, &history))}
        {runs(&place, &history)}
        {passings(&history)}
        {versions(&history)}
    };
    Ok(Screen::inside(&place, Section::Schedules, schedule.name.clone(), body))
}

/// The review that fulfils it, where one is about the same: its seal is noted here.
fn review(place: &Place, schedule: &Schedule, standing: &Standing) -> Option<AnyView> {
    let Subject::Topic(topic) = &schedule.subject else { return None };
    let kind = ReviewKind::ALL.iter().copied().find(|it| it.topic() == *topic)?;
    let (key, due) = (schedule.key.to_string(), standing.due.to_string());
    let pairs = [("kind", kind.as_str()), ("schedule", key.as_str()), ("due", due.as_str())];
    let href = place.paths.query("reviews/new", &pairs);
    place.may(Capability::Review).then(|| header::action(href, "reviews", "Open its review", false))
}

/// The analysis on which the schedule rests.
async fn analysis(request: &Request, place: &Place, schedule: &Schedule) -> Result<Option<Analysis>, Problem> {
    let Because::Analysis(key) = schedule.because else { return Ok(None) };
    let mut book = request.backend()?.schedules(&place.estate.workspace.id).await?;
    Ok(book.analyses.remove(&key).map(|it| it.value))
}

fn known(
    place: &Place,
    history: &ScheduleHistory,
    (standing, analysis): (Option<&Standing>, Option<&Analysis>),
) -> AnyView {
    let schedule = &history.planned.schedule;
    let line = |label: &'static str, value: AnyView| view! { <div><dt>{label}</dt><dd>{value}</dd></div> };
    let because = match &schedule.because {
        Because::Decided => "Somebody decided so".into_any(),
        Because::Requirement(requirement) => format!("PCI DSS {requirement} asks for it").into_any(),
        Because::Analysis(key) => {
            let words = analysis.and_then(|it| it.sets().err()).map_or("sets it", SetsNothing::words);
            view! { <a href=place.paths.analysis(*key)>{format!("{key} {words}")}</a> }.into_any()
        }
    };
    let people: Vec<_> = schedule.reviewers.iter().map(|it| view! { <li>{person(place, it)}</li> }).collect();
    let triggers: Vec<&str> = schedule.triggers.iter().map(|it| it.label()).collect();
    let warnings: Vec<String> = schedule.warnings.iter().map(ToString::to_string).collect();
    let missed = standing.filter(|it| it.missed > 1).map(|it| {
        view! { " "<span class="badge" data-tone="error">{format!("missed {} times", it.missed)}</span> }
    });
    let provider = place.estate.model.settings.service_provider;
    let seldom = schedule
        .subject
        .requirement(provider)
        .filter(|_| schedule.cadence.about_days() > schedule.subject.usual(provider).about_days());
    let seldom = seldom.map(|requirement| {
        let usual = schedule.subject.usual(provider).words();
        view! { <p class="hint">{format!("This is less often than PCI DSS {requirement} asks for: {usual}.")}</p> }
    });
    let due = standing.map(|it| line("Due", view! { {due(it)}{missed} }.into_any()));
    let or_none = |words: String| {
        if words.is_empty() { view! { <span class="muted">"None"</span> }.into_any() } else { words.into_any() }
    };
    view! {
        <section class="card" aria-labelledby="known">
            <h2 id="known">"What is planned"</h2>
            <dl class="key-value">
                {line("About", about(place, &history.planned))}
                {line("How often", view! { {schedule.cadence.words()}{seldom} }.into_any())}
                {line("Why so often", because)}
                {due}
                {line("Who looks", if people.is_empty() { or_none(String::new()) } else { view! { <ul>{people}</ul> }.into_any() })}
                {line("Announced, days before", or_none(warnings.join(", ")))}
                {line("Beside the calendar after", or_none(triggers.join(", ")))}
                {line("Time zone", history.zone.name().to_owned().into_any())}
            </dl>
        </section>
    }
    .into_any()
}

/// What happened and asks for it before the calendar does.
fn calls(place: &Place, history: &ScheduleHistory) -> Option<AnyView> {
    let calls = &history.planned.calls;
    let rows: Vec<AnyView> = calls
        .iter()
        .rev()
        .map(|it| {
            view! {
                <tr>
                    <th scope="row" data-label="What happened">{it.trigger.sentence.clone()}</th>
                    {cell("Kind", it.trigger.kind.label())}
                    {cell("About", named(place, &it.trigger.object))}
                    {cell("When", it.at.to_string())}
                    {cell("Until", it.due(&history.zone).to_string())}
                </tr>
            }
            .into_any()
        })
        .collect();
    (!rows.is_empty()).then(|| {
        let columns = ["What happened", "Kind", "About", "When", "Until"];
        view! {
            <h2>"What calls for it now"</h2>
            {small("calls", format!("{} since it was last done", count(calls.len(), "thing")), &columns, rows)}
        }
        .into_any()
    })
}

/// The form in which somebody notes that it was done.
fn note(request: &Request, place: &Place, history: &ScheduleHistory) -> AnyView {
    let (zone, today) = (&history.zone, history.zone.day_of(history.now));
    let form = request.form(|| vec![("done".to_owned(), today.to_string())]);
    let day = history.planned.counts_for(zone, history.now, None);
    let words = match history.planned.further(zone, history.now, None) {
        Some(_) => format!("It was done for {day}. What you note now is kept for that day, and moves no other."),
        None => format!("It counts for {day}."),
    };
    let reference = Input { most: limit(REFERENCE_MAX), ..Input::default() };
    let late = late_fields(&form, today > day);
    view! {
        <section class="card" aria-labelledby="note">
            <h2 id="note">"Note that it was done"</h2>
            <p class="meta">{words}</p>
            {form.summary(label)}
            <form class="form" method="post" action=place.paths.schedule(history.planned.schedule.key)>
                <div class="field-row">
                    {field(&form, "done", "Done on").required().input(DAY)}
                    {field(&form, "reference", "What shows it")
                        .hint("A review, a test such as ACT-1, or an evidence item.")
                        .optional()
                        .input(reference)}
                </div>
                {late}
                <div class="button-row"><button class="button primary" name="action" value="save">"Note it"</button></div>
            </form>
        </section>
    }
    .into_any()
}

/// What is kept of something that was late. Folded where nothing is late yet.
pub(super) fn late_fields(form: &FormState, is_late: bool) -> AnyView {
    let open = is_late || ["cause", "told", "caught_up"].iter().any(|name| form.error(name).is_some());
    let words = limit(WORDS_MAX);
    view! {
        <details open=open>
            <summary>"It was late"</summary>
            <div class="form-part">
                {field(form, "cause", "Why it was late").hint("An assessor asks for all three.").optional().area_of(words)}
                {field(form, "told", "Who was told, and when").optional().area_of(words)}
                {field(form, "caught_up", "How it was caught up").hint("And what keeps it from happening again.").optional().area_of(words)}
            </div>
        </details>
    }
    .into_any()
}

fn runs(place: &Place, history: &ScheduleHistory) -> AnyView {
    let all = newest_first(history);
    if all.is_empty() {
        return view! { <h2>"What was done"</h2><p class="muted">"It was never done."</p> }.into_any();
    }
    let rows: Vec<AnyView> = all
        .iter()
        .map(|(run, noted_by)| {
            let late = run.late.as_ref().map(|it| {
                view! {
                    <dl class="key-value">
                        <div><dt>"Why"</dt><dd>{it.cause.clone()}</dd></div>
                        <div><dt>"Told"</dt><dd>{it.told.clone()}</dd></div>
                        <div><dt>"Caught up"</dt><dd>{it.caught_up.clone()}</dd></div>
                    </dl>
                }
            });
            let on_time = if run.was_late(&history.zone) { ("warn", "Late") } else { ("ok", "On time") };
            view! {
                <tr>
                    <th scope="row" data-label="Done">{run.done_at.to_string()}</th>
                    {cell("For", run.due.to_string())}
                    {cell("On time", view! { <span class="badge" data-tone=on_time.0>{on_time.1}</span>{late} })}
                    {cell("By", person(place, &run.by))}
                    {cell("What shows it", reference(place, &run.reference))}
                    {cell("Noted by", noted_by.map(str::to_owned))}
                </tr>
            }
            .into_any()
        })
        .collect();
    let columns = ["Done", "For", "On time", "By", "What shows it", "Noted by"];
    view! { <h2>"What was done"</h2>{small("runs", count(all.len(), "time"), &columns, rows)} }.into_any()
}

/// What shows a run, linked where it is an activity.
fn reference(place: &Place, text: &str) -> AnyView {
    match text.parse() {
        Ok(key) => view! { <a href=place.paths.activity(key)>{text.to_owned()}</a> }.into_any(),
        Err(_) => text.to_owned().into_any(),
    }
}

/// What the passing of time did, folded.
fn passings(history: &ScheduleHistory) -> Option<AnyView> {
    let rows: Vec<AnyView> = history
        .passings
        .iter()
        .map(|it| {
            view! {
                <tr>
                    <th scope="row" data-label="When">{it.at.to_string()}</th>
                    {cell("Since then", state(it.state))}
                    {cell("Due", it.due.to_string())}
                    {cell("Missed", (it.missed > 0).then(|| it.missed.to_string()))}
                </tr>
            }
            .into_any()
        })
        .collect();
    (!rows.is_empty()).then(|| {
        let table = small("passings", count(rows.len(), "step"), &["When", "Since then", "Due", "Missed"], rows);
        view! { <details><summary>"What time did"</summary>{table}</details> }.into_any()
    })
}

fn versions(history: &ScheduleHistory) -> AnyView {
    let rows: Vec<AnyView> = history
        .versions
        .iter()
        .map(|it| {
            view! {
                <tr>
                    <th scope="row" data-label="Version">{it.revision.to_string()}</th>
                    {cell("Saved", it.at.to_string())}
                    {cell("By", it.by.clone())}
                    {cell("Name", it.schedule.name.clone())}
                    {cell("How often", it.schedule.cadence.words())}
                    {cell("First due", it.schedule.first_due.to_string())}
                </tr>
            }
            .into_any()
        })
        .collect();
    let columns = ["Version", "Saved", "By", "Name", "How often", "First due"];
    let table = small("versions", count(rows.len(), "version"), &columns, rows);
    view! { <details><summary>"What it was before"</summary>{table}</details> }.into_any()
}

fn label(name: &str) -> Option<String> {
    let label = match name {
        "done" => "Done on",
        "reference" => "What shows it",
        "cause" => "Why it was late",
        "told" => "Who was told, and when",
        "caught_up" => "How it was caught up",
        "step" => "Schedule",
        _ => return None,
    };
    Some(label.to_owned())
}
