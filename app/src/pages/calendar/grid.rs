//! A month as a table: a row for each week, a column for each day of it.

use domain::backend::calendar::Agenda;
use domain::schedule::calendar::Entry;
use domain::schedule::month::WEEKDAYS;
use domain::time::Day;
use leptos::prelude::*;

use super::super::request::Place;
use super::Asked;

/// The most entries in a cell; the list has the others.
const IN_CELL: usize = 4;

pub(super) fn view(place: &Place, asked: &Asked, agenda: &Agenda, shown: &[&Entry]) -> AnyView {
    let heads: Vec<_> = WEEKDAYS
        .into_iter()
        .map(|name| {
            let short = name.get(..3).unwrap_or(name);
            view! { <th scope="col"><abbr title=name>{short}</abbr></th> }
        })
        .collect();
    let weeks: Vec<_> = asked
        .month
        .weeks()
        .into_iter()
        .map(|monday| {
            let days: Vec<_> = (0..7).map(|after| cell(place, asked, agenda, shown, monday.plus_days(after))).collect();
            view! { <tr>{days}</tr> }
        })
        .collect();
    view! {
        <div class="table-wrap wide-only" role="region" aria-label=format!("Days of {}", asked.month.label()) tabindex="0">
            <table class="calendar">
                <thead><tr>{heads}</tr></thead>
                <tbody>{weeks}</tbody>
            </table>
        </div>
    }
    .into_any()
}

fn cell(place: &Place, asked: &Asked, agenda: &Agenda, shown: &[&Entry], day: Day) -> AnyView {
    let within = asked.month.holds(day);
    // The days around the month stand there for the weeks to be whole; what is due on them stands in their own month.
    let of_day: Vec<&Entry> = shown.iter().copied().filter(|it| within && it.day == day).collect();
    let items: Vec<_> = of_day
        .iter()
        .take(IN_CELL)
        .map(|it| {
            let late = it.overdue.then(|| view! { <strong>"Late: "</strong> });
            view! { <li><a href=place.paths.entry(it) title=it.kind.label()>{late}{it.title.clone()}</a></li> }
        })
        .collect();
    let more = of_day.len().saturating_sub(IN_CELL);
    let more = (more > 0).then(|| {
        let named = format!("{more} more on {day}, in the list");
        view! { <a class="meta" href=asked.address(place, asked.month, true) aria-label=named>{format!("and {more} more")}</a> }
    });
    let (_, _, number) = day.ymd();
    let today = (day == agenda.today).then_some("date");
    let today_words = today.map(|_| view! { <span class="meta">" Today"</span> });
    view! {
        <td data-outside=(!within).then_some("yes") aria-current=today>
            <time datetime=day.to_string()>{number.to_string()}</time>
            {today_words}
            {(!items.is_empty()).then(|| view! { <ul>{items}</ul> })}
            {more}
        </td>
    }
    .into_any()
}
