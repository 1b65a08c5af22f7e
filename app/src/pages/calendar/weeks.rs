//! A month week by week, for little room and for reading aloud.

use domain::backend::calendar::Agenda;
use domain::schedule::calendar::Entry;
use domain::schedule::month::{Month, monday_of};
use leptos::prelude::*;

use super::super::request::Place;
use super::row;

/// The entries of a month under the weeks in which they lie. They come by day.
pub(super) fn view(place: &Place, agenda: &Agenda, month: Month, of_month: &[&Entry]) -> AnyView {
    let weeks: Vec<_> = month
        .weeks()
        .into_iter()
        .filter_map(|monday| {
            let rows: Vec<_> =
                of_month.iter().filter(|it| monday_of(it.day) == monday).map(|it| row(place, agenda, it)).collect();
            let (first, last) = (monday.max(month.first()), monday.plus_days(6).min(month.last()));
            (!rows.is_empty()).then(|| {
                view! {
                    <section class="card">
                        <h3>{format!("{first} to {last}")}</h3>
                        <ul class="list-rows">{rows}</ul>
                    </section>
                }
            })
        })
        .collect();
    view! { {weeks} }.into_any()
}
