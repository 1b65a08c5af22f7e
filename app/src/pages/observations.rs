//! What sources saw beside what is declared: the sources, what each saw, and where it differs from the model.

use domain::id::RecordId;
use domain::observation::{COLUMNS, Drift, DriftKind, Format, Seen, Source, drifts_of, key, records};
use domain::problem::Problem;
use domain::role::Capability;
use leptos::prelude::*;

use super::editor::delete_form;
use super::findings::named;
use super::frame::{Screen, Section};
use super::request::{Place, Request};
use crate::ui::field::{Input, field};
use crate::ui::form::{FormState, problem_box};
use crate::ui::header::Header;
use crate::ui::icon::icon;
use crate::ui::notice::{Tone, notice};
use crate::ui::table::{cell, classed, count, small};

/// How many things that a source saw are listed; the number of all is told.
const LISTED: usize = 200;

/// The sources, and the form that brings one.
pub(super) async fn list(request: Request) -> Result<Screen, Problem> {
    let place = request.place().await?;
    let model = &place.estate.stored;
    let sources: Vec<Source> = records(model).filter_map(Source::of).collect();
    let rows: Vec<AnyView> = sources.iter().map(|it| row(&place, it)).collect();
    let table = if rows.is_empty() {
        view! { <p class="muted">"No source has been brought yet."</p> }.into_any()
    } else {
        let caption = count(rows.len(), "source");
        small("sources", caption, &["Source", "Lists", "Seen at", "Covers completely", "Differences"], rows)
    };
    let lede = "What sources saw, beside what is declared. Every difference is a finding.";
    let form = request.form(Vec::new);
    let body = view! {
        {Header::new("Observations").below(place.paths.page("import"), "Import").lede(lede).view()}
        {rejected(&form)}
        {request.general_problem().filter(|_| form.values("rejection").next().is_none())}
        {form.summary(|name| label(name).map(str::to_owned))}
        <section class="section" aria-labelledby="sources-heading">
            <h2 id="sources-heading">"Sources"</h2>
            {table}
        </section>
        {place.may(Capability::ImportModel).then(|| bring(&place, &form))}
    };
    Ok(Screen::inside(&place, Section::Import, "Observations", body))
}

/// One source.
pub(super) async fn source(request: Request) -> Result<Screen, Problem> {
    let place = request.place().await?;
    let id = RecordId::new(request.path("key"));
    let record = place.estate.stored.records.get(&key(&id)).ok_or(Problem::NotFound)?;
    let known = Source::of(record);
    let name = known.as_ref().map_or_else(|| record.name.clone(), |it| it.name.clone());
    let content = match &known {
        Some(source) => seen_by(&place, source),
        None => notice(Tone::Warn, "What this source saw is in no form that is known. Bring its list again."),
    };
    let head = Header::new(name.clone())
        .below(place.paths.page("import"), "Import")
        .below(place.paths.page("observations"), "Observations");
    let head = match &known {
        Some(source) => head.meta(view! {
            <span>{source.seen.format().label()}</span>
            <span>{format!("seen at {}", source.seen_at)}</span>
            <span>{covers(source)}</span>
        }),
        None => head,
    };
    let own = place.paths.observation(&id);
    let forget = place.may(Capability::EditModel).then(|| {
        let words = "What it saw is forgotten, and its differences are no findings any more. Nothing declared changes.";
        delete_form("Forget this source", words.to_owned(), format!("{own}/delete"), &place)
    });
    let body = view! { {head.view()}{super::editor::not_done(&request)}{content}{forget} };
    Ok(Screen::inside(&place, Section::Import, name, body))
}

fn row(place: &Place, source: &Source) -> AnyView {
    let drifts = counting(place, source);
    view! {
        <tr>
            <th scope="row"><a href=place.paths.observation(&source.id)>{source.name.clone()}</a></th>
            {cell("Lists", format!("{}: {}", source.seen.format().label(), source.seen.len()))}
            {cell("Seen at", source.seen_at.to_string())}
            {cell("Covers completely", covers(source))}
            {cell("Differences", drifts.len().to_string())}
        </tr>
    }
    .into_any()
}

/// The differences that count today.
fn counting(place: &Place, source: &Source) -> Vec<Drift> {
    let tomorrow = place.estate.today.plus_days(1).start();
    let counts = |it: &Drift| it.kind != DriftKind::Unseen || it.at < tomorrow;
    drifts_of(&place.estate.stored, source).into_iter().filter(counts).collect()
}

fn covers(source: &Source) -> String {
    match (source.complete_for.as_slice(), source.complete_since) {
        ([], _) => "covers nothing completely".to_owned(),
        (them, Some(since)) => format!("covers {} since {since}", them.join(", ")),
        (them, None) => format!("covers {}", them.join(", ")),
    }
}

fn seen_by(place: &Place, source: &Source) -> AnyView {
    let drifts = counting(place, source);
    let rows: Vec<AnyView> = drifts.iter().map(|it| difference(place, it)).collect();
    let differences = if rows.is_empty() {
        notice(Tone::Ok, "What it saw agrees with what is declared.")
    } else {
        let columns = ["How", "On", "What", "Declared", "Seen"];
        classed("differences", count(rows.len(), "difference"), "table import-table", &columns, rows)
    };
    view! {
        <section class="section" aria-labelledby="drift">
            <h2 id="drift">"Beside what is declared"</h2>
            {differences}
        </section>
        <section class="section" aria-labelledby="seen">
            <h2 id="seen">"What it saw"</h2>
            {listed(&source.seen)}
        </section>
    }
    .into_any()
}

fn difference(place: &Place, it: &Drift) -> AnyView {
    let on = if it.subject == it.source {
        view! { <span class="muted">"Not in the model"</span> }.into_any()
    } else {
        named(place, &it.subject)
    };
    let state = if matches!(it.kind, DriftKind::Worse | DriftKind::Undeclared) { "rejected" } else { "changed" };
    view! {
        <tr data-state=state>
            {cell("How", it.kind.label())}
            {cell("On", on)}
            {cell("What", it.sentence.clone())}
            {cell("Declared", it.declared.clone())}
            {cell("Seen", it.seen.clone())}
        </tr>
    }
    .into_any()
}

fn listed(seen: &Seen) -> AnyView {
    let day = |day: Option<domain::time::Day>| day.map(|it| it.to_string()).unwrap_or_default();
    let rows: Vec<Vec<String>> = match seen {
        Seen::Secrets(them) => them
            .iter()
            .map(|it| {
                let location = it.location.clone().unwrap_or_default();
                vec![it.id.clone(), location, day(it.created), day(it.rotated), day(it.last_used)]
            })
            .collect(),
        Seen::Webhooks(them) => them
            .iter()
            .map(|it| {
                let signed = it.signed.map_or("", |signed| if signed { "yes" } else { "no" });
                vec![it.endpoint.clone(), it.events.join("; "), signed.to_owned()]
            })
            .collect(),
        Seen::LogHits(them) => them
            .iter()
            .map(|it| vec![it.system.clone(), it.element.clone(), it.at.clone(), it.form.label().to_owned()])
            .collect(),
        Seen::Checks(them) => them
            .iter()
            .map(|it| {
                let passed = if it.passed { "yes" } else { "no" };
                vec![it.system.clone(), it.standard.clone(), passed.to_owned(), it.at.clone()]
            })
            .collect(),
    };
    if rows.is_empty() {
        return view! { <p class="muted">"Nothing."</p> }.into_any();
    }
    let heads = heads(seen.format());
    let caption = if rows.len() > LISTED {
        format!("The first {LISTED} of {}", count(rows.len(), "line"))
    } else {
        count(rows.len(), "line")
    };
    let rows = rows
        .into_iter()
        .take(LISTED)
        .map(|cells| {
            let cells: Vec<_> = heads.iter().zip(cells).map(|(head, text)| cell(head, text)).collect();
            view! { <tr>{cells}</tr> }.into_any()
        })
        .collect();
    small("listed", caption, heads, rows)
}

const fn heads(format: Format) -> &'static [&'static str] {
    match format {
        Format::SecretStore => &["Secret", "Kept in", "Made", "Rotated", "Last used"],
        Format::Webhooks => &["Endpoint", "Events", "Signed"],
        Format::LogScanner => &["System", "Element", "Time", "Form"],
        Format::Configuration => &["System", "Standard", "Passed", "Time"],
    }
}

fn label(field: &str) -> Option<&'static str> {
    match field {
        "file" => Some("List"),
        "name" => Some("Source"),
        "seen_at" => Some("Seen at"),
        "complete_for" => Some("Covers completely"),
        "complete_since" => Some("Since"),
        _ => None,
    }
}

/// The form that brings a list.
fn bring(place: &Place, form: &FormState) -> AnyView {
    let examples: Vec<_> = COLUMNS
        .iter()
        .map(|(format, columns)| {
            let columns: Vec<&str> = columns.iter().map(|(name, _)| *name).collect();
            view! { <li>{format.label()}": "<code>{columns.join(",")}</code></li> }
        })
        .collect();
    view! {
        <section class="section" aria-labelledby="bring">
            <h2 id="bring">"Bring a list"</h2>
            <form class="form" method="post" action=place.paths.page("observations") enctype="multipart/form-data">
                <div class="field">
                    <label for="f-file">"List"</label>
                    <p class="hint" id="f-file-hint">
                        "A CSV table of at most 5,000 rows. It names things and holds no values: a card number in it is refused."
                    </p>
                    <input class="input" id="f-file" type="file" name="file" required=true aria-describedby="f-file-hint"
                        accept=".csv,.tsv,text/csv"/>
                </div>
                {field(form, "name", "Source")
                    .hint("The same name again replaces what it saw before.")
                    .required()
                    .input(Input { most: 120, ..Input::default() })}
                <div class="field-row">
                    {field(form, "seen_at", "Seen at").hint("Today where empty.").optional().text()}
                    {field(form, "complete_for", "Covers completely")
                        .hint("Places of secrets such as vault, or keys of systems, divided by semicolons; * for all.")
                        .optional()
                        .text()}
                    {field(form, "complete_since", "Since").hint("A day such as 2026-11-21.").optional().text()}
                </div>
                <div class="button-row"><button class="button primary">{icon("upload")}"Store what it saw"</button></div>
            </form>
            <h3>"The first line of a list"</h3>
            <ul>{examples}</ul>
        </section>
    }
    .into_any()
}

/// What was wrong with a list that could not be read, one sentence each.
fn rejected(form: &FormState) -> Option<AnyView> {
    let sentences: Vec<_> = form.values("rejection").map(|it| view! { <li>{it.to_owned()}</li> }).collect();
    (!sentences.is_empty()).then(|| {
        problem_box(view! { <p>"The list was not stored. Correct it and choose it again."</p><ul>{sentences}</ul> })
    })
}
