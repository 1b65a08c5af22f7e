//! What the register is set to: scheme, appetite, authority. Another scheme is shown with what it makes of every risk before
//! it happens.

use domain::problem::Problem;
use domain::risk::acceptance::{APPROVERS_MAX, Authority, MONTHS_MAX};
use domain::risk::record::{Category, Risk};
use domain::risk::scheme::convert::{Move, Way};
use domain::risk::settings::{Rerating, Setting, change_from_form, setting_to_form};
use domain::risk::{Level, Scheme};
use domain::role::Capability;
use leptos::prelude::*;

use super::super::editor::not_done;
use super::super::frame::{Screen, Section};
use super::super::request::{Place, Request};
use super::{level_chip, pairs};
use crate::ui::field::{field, hidden};
use crate::ui::form::FormState;
use crate::ui::header::Header;
use crate::ui::icon::icon;
use crate::ui::notice::{Tone, notice};
use crate::ui::table::{cell, count, number, small};

/// How many of the ratings that move are listed one by one.
const LISTED: usize = 200;

pub(in super::super) async fn page(request: Request) -> Result<Screen, Problem> {
    let place = request.place().await?;
    if !place.may(Capability::ManageWorkspace) {
        return Err(Problem::Forbidden);
    }
    let setting = request.backend()?.risk_setting(&place.estate.workspace.id).await?;
    let form = request.form(|| setting_to_form(&setting));
    let preview = preview(&request, &place, &setting).await?;
    let action = place.paths.page("settings/risks");
    let head = Header::new("Risk register")
        .below(place.paths.page("settings"), "Settings")
        .below(place.paths.page("risks"), "Risks")
        .lede("How bad a risk is, what is tolerated without treatment, and for how long a risk may be accepted.");
    let body = view! {
        {head.view()}
        {not_done(&request)}
        {form.summary(label)}
        <form class="form" method="post" action=action>
            <button class="visually-hidden" name="action" value="save" tabindex="-1" aria-hidden="true">"Save"</button>
            {hidden("rev", setting.revision.to_string())}
            {preview}
            {scheme(&form)}
            {appetite(&form, setting.register.scheme)}
            {authority(&form, setting.register.scheme)}
            <div class="button-row">
                <button class="button primary" name="action" value="save">{icon("check")}"Save"</button>
                <a class="button" href=place.paths.page("risks")>"Cancel"</a>
            </div>
        </form>
    };
    Ok(Screen::inside(&place, Section::Settings, "Risk register", body))
}

fn scheme(form: &FormState) -> AnyView {
    let schemes = pairs(Scheme::ALL, |it| (it.as_str(), it.label()));
    let ways = pairs(Way::ALL, |it| (it.as_str(), it.label()));
    view! {
        <fieldset class="form-part">
            <legend>"Scheme"</legend>
            <div class="field-row">
                {field(form, "scheme", "What likelihood and impact make together")
                    .hint("Another scheme rates every risk again. You see what becomes of each before it happens.")
                    .required()
                    .select(None, &schemes)}
                {field(form, "way", "Where the number of steps differs")
                    .hint("From end to end makes 1, 3 and 5 of three steps; around the middle makes 2, 3 and 4 of them.")
                    .select(None, &ways)}
            </div>
        </fieldset>
    }
    .into_any()
}

fn appetite(form: &FormState, scheme: Scheme) -> AnyView {
    let levels = pairs(Level::ALL, |it| (it.as_str(), scheme.level_label(it)));
    let of_category: Vec<_> = Category::ALL
        .iter()
        .map(|category| {
            field(form, format!("appetite_{category}"), category.label()).select(Some("As everywhere"), &levels)
        })
        .collect();
    view! {
        <fieldset class="form-part">
            <legend>"What is tolerated"</legend>
            {field(form, "appetite", "Highest level that needs no treatment")
                .hint("What lies above has to be treated, or accepted by somebody who may. The register says where neither is done.")
                .required()
                .select(None, &levels)}
            <div class="field-row">{of_category}</div>
        </fieldset>
    }
    .into_any()
}

fn authority(form: &FormState, scheme: Scheme) -> AnyView {
    let numbers = |from: u8, to: u8| {
        (from..=to).map(|number| (number.to_string(), number.to_string())).collect::<Vec<(String, String)>>()
    };
    let rows: Vec<_> = Level::ALL
        .iter()
        .rev()
        .map(|level| {
            let name = scheme.level_label(*level);
            view! {
                <div class="field-row" role="group" aria-label=name>
                    {field(form, format!("months_{level}"), format!("{name}: months at most"))
                        .select(None, &numbers(1, MONTHS_MAX))}
                    {field(form, format!("approvers_{level}"), format!("{name}: approvers"))
                        .hint(format!("Each with an approval tier of {} or more.", level.tier().label()))
                        .select(None, &numbers(Authority::fewest_approvers(*level), APPROVERS_MAX))}
                </div>
            }
        })
        .collect();
    view! {
        <fieldset class="form-part">
            <legend>"Who may accept what, and for how long"</legend>
            <p class="meta">
                "The tier of each member is set on the page of the member. Whoever asks or answers for a risk never \
                 approves it. What is accepted already keeps its end."
            </p>
            <div class="stack">{rows}</div>
        </fieldset>
    }
    .into_any()
}

/// What the scheme of the posted form would make of the risks; nothing where it is the one of now, or the form is wrong.
async fn preview(request: &Request, place: &Place, setting: &Setting) -> Result<Option<AnyView>, Problem> {
    let Some(posted) = request.submitted.as_ref() else { return Ok(None) };
    let Ok(change) = change_from_form(&posted.form, setting) else { return Ok(None) };
    let (from, to) = (setting.register.scheme, change.register.scheme);
    if from == to {
        return Ok(None);
    }
    let register = request.backend()?.risks(&place.estate.workspace.id).await?;
    let risks = register.risks.values().map(|risk| &**risk);
    let rerating = Rerating::of(risks, from, to, change.way);
    let title = |it: &Move| register.risks.get(&it.risk).map(|risk: &std::sync::Arc<Risk>| risk.title.clone());
    let moved: Vec<_> = rerating
        .moves
        .iter()
        .take(LISTED)
        .map(|it| moved_row(place, (from, to), it, title(it).unwrap_or_default()))
        .collect();
    let levels: Vec<_> = rerating
        .levels
        .iter()
        .rev()
        .map(|((was, is), risks)| {
            view! {
                <tr>
                    <th scope="row" data-label="Level now">{level_chip(from, *was)}</th>
                    {cell("Level then", level_chip(to, *is))}
                    {number("Risks", *risks)}
                </tr>
            }
            .into_any()
        })
        .collect();
    let out: Vec<_> = rerating
        .out_of_order
        .iter()
        .take(LISTED)
        .map(|key| view! { <li><a href=place.paths.risk(*key)>{key.to_string()}</a></li> })
        .collect();
    let out = (!out.is_empty()).then(|| {
        let words = format!(
            "Of {} a rating then lies above the one before it. Whoever edits one next is asked why.",
            count(rerating.out_of_order.len(), "risk")
        );
        view! { <p>{words}</p><ul class="cluster">{out}</ul> }
    });
    let more = rerating.moves.len().saturating_sub(LISTED);
    let more = (more > 0).then(|| view! { <p class="meta">{format!("And {} more.", count(more, "rating"))}</p> });
    let caption = format!("{} that move", count(rerating.moves.len(), "rating"));
    let table = if rerating.moves.is_empty() {
        view! { <p>"No rating moves."</p> }.into_any()
    } else {
        let columns = ["Risk", "Rating", "Now", "Then"];
        view! { {small("rating-moves", caption, &columns, moved)}{more} }.into_any()
    };
    let counted = count(rerating.levels.values().sum(), "rated risk");
    let heading = format!("What {} would make of the register", to.label());
    Ok(Some(
        view! {
            <section class="card" aria-labelledby="preview">
                <h2 id="preview">{heading}</h2>
                {notice(Tone::Warn, "Nothing is saved yet. Every risk keeps its versions, and acceptances whose level \
                    rises lapse.")}
                {hidden("shown", rerating.hash())}
                {small("level-moves", counted, &["Level now", "Level then", "Risks"], levels)}
                {out}
                {table}
                <div class="button-row">
                    <button class="button primary" name="action" value="apply">{icon("check")}"Rate again and save"</button>
                </div>
            </section>
        }
        .into_any(),
    ))
}

fn moved_row(place: &Place, (from, to): (Scheme, Scheme), it: &Move, title: String) -> AnyView {
    let steps = |scheme: Scheme, rating: domain::risk::Rating| {
        format!(
            " likelihood {}, impact {}",
            scheme.step_label(rating.likelihood()).to_lowercase(),
            scheme.step_label(rating.impact()).to_lowercase()
        )
    };
    view! {
        <tr>
            <th scope="row" data-label="Risk">
                <a href=place.paths.risk(it.risk)>{title}</a>" "<span class="key">{it.risk.to_string()}</span>
            </th>
            {cell("Rating", it.stand.label())}
            {cell("Now", view! { {level_chip(from, it.before.1)}<span class="meta">{steps(from, it.before.0)}</span> })}
            {cell("Then", view! { {level_chip(to, it.after.1)}<span class="meta">{steps(to, it.after.0)}</span> })}
        </tr>
    }
    .into_any()
}

fn label(name: &str) -> Option<String> {
    let level = |text: &str| text.parse::<Level>().map_or_else(|_| text.to_owned(), |it| it.label().to_owned());
    let label = match name {
        "scheme" => "Scheme".to_owned(),
        "way" => "Where the number of steps differs".to_owned(),
        "appetite" => "Highest level that needs no treatment".to_owned(),
        other => {
            if let Some(text) = other.strip_prefix("months_") {
                format!("{}: months at most", level(text))
            } else if let Some(text) = other.strip_prefix("approvers_") {
                format!("{}: approvers", level(text))
            } else {
                let category: Category = other.strip_prefix("appetite_")?.parse().ok()?;
                category.label().to_owned()
            }
        }
    };
    Some(label)
}
