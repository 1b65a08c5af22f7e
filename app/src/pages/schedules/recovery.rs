//! How soon each way of paying works again: what the worst on it promises, and what the last exercise showed.

use domain::id::SystemId;
use domain::problem::Problem;
use domain::schedule::recovery::{Recovery, Shown, Worst, recoveries};
use leptos::prelude::*;

use super::super::frame::{Screen, Section};
use super::super::request::{Place, Request};
use super::tabs;
use crate::ui::header::{self, Header};
use crate::ui::notice::empty_state;
use crate::ui::table::{cell, small};

/// How many systems are named where there are many.
const SOME: usize = 3;

const LEDE: &str = "A way of paying works again only when everything on it does, so the longest promise counts.";

pub(in super::super) async fn page(request: Request) -> Result<Screen, Problem> {
    let place = request.place().await?;
    let book = request.backend()?.schedules(&place.estate.workspace.id).await?;
    let paths = recoveries(&place.estate.model, &book.done());
    let content = if paths.is_empty() {
        let sentence =
            "Say on flows which payment channel and stage they serve, and on systems how soon they are back.";
        let flows = header::action(place.paths.page("flows"), "flow", "To the flows", true);
        empty_state("clock", "No ways of paying yet", sentence, flows)
    } else {
        table(&place, &paths)
    };
    let body = view! {
        {Header::new("Recovery objectives").below(place.paths.page("schedules"), "Schedules").lede(LEDE).view()}
        {tabs(&place, "recovery")}
        {content}
    };
    Ok(Screen::inside(&place, Section::Schedules, "Recovery objectives", body))
}

fn table(place: &Place, paths: &[Recovery]) -> AnyView {
    let rows = paths
        .iter()
        .map(|it| {
            let exercised = it.exercised.map(|(day, measured)| {
                let lost = measured.lost_minutes.map(|lost| format!(", {} lost", minutes(lost))).unwrap_or_default();
                format!("{day}: {}{lost}", minutes(measured.recovery_minutes))
            });
            let tone = match it.shown {
                Shown::Missed | Shown::Failed => "error",
                Shown::Never | Shown::Unknown | Shown::Partly => "warn",
                Shown::Kept => "ok",
            };
            // Where nothing was exercised at all the badge says so.
            let without = (it.shown != Shown::Never && !it.not_exercised.is_empty()).then(|| {
                view! { <p class="meta">"No exercise that passed: "{some(place, &it.not_exercised)}</p> }
            });
            view! {
                <tr>
                    <th scope="row" data-label="Way of paying">
                        {format!("{}, {}", words(&it.path.channel), words(&it.path.stage))}
                    </th>
                    {cell("Systems", it.systems.len().to_string())}
                    {cell("Back within", worst(place, &it.back_within))}
                    {cell("Loses at most", worst(place, &it.loses))}
                    {cell("Last exercise", exercised)}
                    {cell("Shown", view! { <span class="badge" data-tone=tone>{it.shown.label()}</span>{without} })}
                </tr>
            }
            .into_any()
        })
        .collect();
    let columns = ["Way of paying", "Systems", "Back within", "Loses at most", "Last exercise", "Shown"];
    small("recoveries", counted(paths.len()), &columns, rows)
}

/// The worst promise, by whom it is, and who promises nothing.
fn worst(place: &Place, worst: &Worst) -> AnyView {
    let by: Vec<_> = worst.by.iter().take(SOME).map(|id| link(place, id)).collect();
    let unknown = (!worst.unknown.is_empty()).then(|| {
        view! { <p class="meta">"Nobody said it of "{some(place, &worst.unknown)}</p> }
    });
    let said = worst.minutes.map(|it| view! { <p>{minutes(it)}" by "{by}</p> });
    view! { {said}{unknown} }.into_any()
}

/// The first of some systems, and how many more there are.
fn some(place: &Place, systems: &[SystemId]) -> AnyView {
    let names: Vec<_> = systems.iter().take(SOME).map(|id| link(place, id)).collect();
    let more = systems.len().saturating_sub(SOME);
    let more = (more > 0).then(|| format!("and {more} more"));
    view! { {names}{more} }.into_any()
}

fn link(place: &Place, id: &SystemId) -> AnyView {
    let name = place.estate.model.systems.get(id).map_or_else(|| id.to_string(), |it| it.name.clone());
    view! { <a href=place.paths.system(id)>{name}</a>" " }.into_any()
}

/// Minutes as people say them.
fn minutes(number: u64) -> String {
    match (number / 60, number % 60) {
        (0, minutes) => format!("{minutes} min"),
        (hours, 0) => format!("{hours} h"),
        (hours, minutes) => format!("{hours} h {minutes} min"),
    }
}

/// A word of a list as people read it.
fn words(word: &str) -> String {
    word.replace('_', " ")
}

fn counted(number: usize) -> String {
    format!("{number} {} of paying", if number == 1 { "way" } else { "ways" })
}
