//! One step about several findings: chosen in the list, looked at here, then taken. All of it works without a script, and
//! a preview is an address.

use domain::findings::life::{Acting, DECISION_DAYS, Decision, Outcome, Record, Step};
use domain::findings::standing::{Standing, standings};
use domain::id::AccountId;
use domain::problem::Problem;
use domain::role::{Capability, Tier};
use domain::time::Day;
use leptos::prelude::*;

use super::super::editor::not_done;
use super::super::frame::{Screen, Section};
use super::super::request::{Place, Request};
use super::super::risks;
use super::{badge, named, owner, people, severity};
use crate::ui::field::{Input, field, hidden, options_of};
use crate::ui::form::FormState;
use crate::ui::header::Header;
use crate::ui::icon::icon;
use crate::ui::notice::{Tone, notice};
use crate::ui::table::{cell, count, small};

/// The steps that can be taken about several findings at once, with the words of the button.
const STEPS: [(&str, &str, &str); 9] = [
    ("look", "Mark as looked at", "Mark"),
    ("assign", "Say who answers", "Assign"),
    ("due", "Set a due day", "Set the day of"),
    ("decide", "Set aside", "Set aside"),
    ("approve", "Approve what waits", "Approve"),
    ("turn_down", "Turn down what waits", "Turn down"),
    ("reopen", "Open again", "Reopen"),
    (ACCEPT, "Accept as one risk", "Accept"),
    (RISK, "Make one risk of them", "Make a risk of"),
];

/// What leads to the register instead of the records of findings.
const ACCEPT: &str = "accept_risk";
const RISK: &str = "risk";

/// What stands below the list: what is to be done with the rows that are ticked.
pub(super) fn bar(place: &Place) -> AnyView {
    let steps: Vec<(String, String)> = STEPS
        .into_iter()
        .filter(|(word, ..)| place.may(needed(word)))
        .map(|(word, label, _)| (word.to_owned(), label.to_owned()))
        .collect();
    view! {
        <div class="filter-bar triage-bar">
            <div class="field">
                <label for="step">"With those selected"</label>
                <select class="input" id="step" name="step">{options_of(None, &steps, "")}</select>
            </div>
            <button class="button">{icon("chevron-right")}"Look at what would change"</button>
            <p class="meta" role="status" data-selected=""></p>
            <p class="meta" data-keys="" hidden=true>
                "In the table: "<kbd>"j"</kbd>" and "<kbd>"k"</kbd>" move, "<kbd>"x"</kbd>" selects, "
                <kbd>"Enter"</kbd>" opens."
            </p>
        </div>
    }
    .into_any()
}

/// What a step needs.
fn needed(word: &str) -> Capability {
    match word {
        "approve" | "turn_down" => Capability::ApproveFindings,
        ACCEPT | RISK => Capability::EditModel,
        _ => Capability::TriageFindings,
    }
}

pub(in super::super) async fn page(request: Request) -> Result<Screen, Problem> {
    let place = request.place().await?;
    if !place.may(Capability::TriageFindings) && !place.may(Capability::ApproveFindings) {
        return Err(Problem::Forbidden);
    }
    match request.query("step").as_deref() {
        Some(ACCEPT) => return risks::accept::findings(request).await,
        Some(RISK) => return risks::edit::new(request).await,
        _ => {}
    }
    let backend = request.backend()?;
    let findings = backend.findings(&place.estate).await?;
    let records = backend.records(&place.estate).await?;
    let posted = request.form(Vec::new);
    let (word, chosen) = if request.submitted.is_some() {
        let named = posted.values("finding").filter_map(|it| it.split_once('|')).map(|(_, key)| key.to_owned());
        (posted.value("step").to_owned(), named.collect())
    } else {
        (request.query("step").unwrap_or_default(), request.query_all("finding"))
    };
    let all = standings(&records, &findings);
    let chosen: Vec<Standing<'_>> =
        all.into_iter().filter(|it| chosen.contains(&it.record.identity.to_string())).collect();
    let step = STEPS.into_iter().find(|(known, ..)| *known == word && place.may(needed(known)));
    let content = match step {
        _ if chosen.is_empty() => {
            let list = view! { "No finding is selected. Tick some in the " <a href=place.paths.page("findings")>"list of findings"</a> " first." };
            notice(Tone::Info, list)
        }
        None => notice(Tone::Info, "Choose in the list what is to be done."),
        Some((word, label, verb)) => view! {
            {refused(&request)}
            {preview(&place, word, &chosen)}
            {form(&place, &posted, (word, label, verb), &chosen)}
        }
        .into_any(),
    };
    let heading = step.map_or("Triage", |(_, label, _)| label);
    let body = view! {
        {Header::new(heading).below(place.paths.page("findings"), "Findings").view()}
        {content}
    };
    Ok(Screen::inside(&place, Section::Findings, heading, body))
}

/// What the step would make of each.
fn preview(place: &Place, word: &'static str, chosen: &[Standing<'_>]) -> AnyView {
    let rows: Vec<_> = chosen
        .iter()
        .map(|it| {
            view! {
                <tr>
                    {cell("Severity", severity(it.record.severity))}
                    <th scope="row" data-label="What">
                        <a href=place.paths.finding(&it.record.identity)>{it.sentence().to_owned()}</a>
                    </th>
                    {cell("On", named(place, &it.record.identity.subject))}
                    {cell("Owner", owner(place, it.record))}
                    {cell("Now", badge(it.record))}
                    {cell("Then", then(word, it.record, place.estate.today))}
                </tr>
            }
            .into_any()
        })
        .collect();
    let caption = count(rows.len(), "finding");
    small("triage-preview", caption, &["Severity", "What", "On", "Owner", "Now", "Then"], rows)
}

/// What a step makes of a finding, as far as that is known before the form is filled in.
fn then(word: &str, record: &Record, today: Day) -> AnyView {
    let tried = match word {
        "assign" => return "The owner that you choose".into_any(),
        "due" => return "The day that you choose".into_any(),
        "look" => Step::Look,
        "approve" => match &record.request {
            Some(request) => {
                let words = format!("{} until {}", request.decision.outcome().label(), request.decision.until());
                return words.into_any();
            }
            None => return "Nothing waits: this would be refused".into_any(),
        },
        "turn_down" => Step::TurnDown(".".to_owned()),
        "reopen" => Step::Reopen(".".to_owned()),
        _ => match Decision::parse(Outcome::Accepted.as_str(), &today.to_string(), ".", today) {
            Ok(decision) => Step::Decide(decision),
            Err(_) => return ().into_any(),
        },
    };
    let anybody = Acting { account: Some(AccountId::from("")), person: None, tier: Tier::Low };
    match record.after(&tried, &anybody, today.start()) {
        Ok(None) => view! { <span class="muted">"No change"</span> }.into_any(),
        Ok(Some(event)) if word == "decide" && event.record.request.is_some() => "Waits for a second person".into_any(),
        Ok(Some(_)) if word == "decide" => "Set aside at once".into_any(),
        Ok(Some(event)) => badge(&event.record),
        Err(_) => view! { <span class="badge" data-tone="error">"Not possible as it stands"</span> }.into_any(),
    }
}

fn form(
    place: &Place,
    form: &FormState,
    (word, label, verb): (&'static str, &'static str, &'static str),
    chosen: &[Standing<'_>],
) -> AnyView {
    let named: Vec<_> =
        chosen.iter().map(|it| hidden("finding", format!("{}|{}", it.record.version, it.record.identity))).collect();
    let button = format!("{verb} {}", count(chosen.len(), "finding"));
    view! {
        {form.summary(label_of)}
        <form class="form card" method="post" action=place.paths.page("triage") aria-label=label>
            {hidden("step", word.to_owned())}
            {named}
            {fields(place, form, word)}
            <div class="button-row">
                <button class="button primary">{icon("check")}{button}</button>
                <a class="button" href=place.paths.page("findings")>"Cancel"</a>
            </div>
        </form>
    }
    .into_any()
}

/// Why nothing was done, where it is not about fields that have a summary of their own.
pub(super) fn refused(request: &Request) -> Option<AnyView> {
    let of_fields = match request.problem()? {
        Problem::Invalid(errors) => errors.iter().all(|it| label_of(&it.field).is_some()),
        _ => false,
    };
    if of_fields { None } else { not_done(request) }
}

/// The words of the fields of a step, and of an answer.
pub(super) fn label_of(name: &str) -> Option<String> {
    let label = match name {
        "owner" => "Owner",
        "due" => "Due",
        "outcome" => "What is decided",
        "until" => "Until",
        "reason" => "Reason",
        "objection" => "Why it is turned down",
        "because" => "Why it is opened again",
        "done" => "What was done",
        "answer" => "Answer",
        "evidence" => "Evidence",
        "valid_until" => "Counts until",
        _ => return None,
    };
    Some(label.to_owned())
}

/// The fields of a step.
pub(super) fn fields(place: &Place, form: &FormState, word: &str) -> AnyView {
    let day = || Input { kind: "date", class: "short", ..Input::default() };
    let why = |name: &'static str| {
        field(form, name, label_of(name).unwrap_or_default()).required().area_of(domain::findings::life::REASON_MAX)
    };
    match word {
        "assign" => field(form, "owner", "Owner")
            .hint("Who answers for it. People and teams of this workspace.")
            .select(Some("Nobody"), &people(place)),
        "due" => field(form, "due", "Due").hint("Empty for none.").optional().input(day()),
        "decide" => {
            let outcomes: Vec<(String, String)> =
                Outcome::ALL.iter().map(|it| (it.as_str().to_owned(), it.label().to_owned())).collect();
            let hint = format!(
                "The last day on which it holds, at most {DECISION_DAYS} days from now. It ends sooner when the facts change."
            );
            view! {
                {field(form, "outcome", "What is decided").required().select(None, &outcomes)}
                {field(form, "until", "Until").hint(hint).required().input(day())}
                {why("reason")}
            }
            .into_any()
        }
        "turn_down" => why("objection"),
        "reopen" => why("because"),
        "close" => why("done"),
        _ => ().into_any(),
    }
}
