//! Closing an incident, and opening it again.

use domain::backend::incidents::{IncidentBook, IncidentHistory};
use domain::incident::draft::TEXT_MAX;
use domain::incident::record::Phase;
use domain::incident::step::{gap_in_words, gaps};
use domain::role::Capability;
use leptos::prelude::*;

use super::super::request::{Place, Request};
use super::{limit, step_form};
use crate::ui::field::{field, hidden};

/// What stands in the way of closing it with the button, or the form that opens it again.
pub(super) fn section(request: &Request, place: &Place, book: &IncidentBook, history: &IncidentHistory) -> AnyView {
    let incident = &history.incident;
    let may = place.may(Capability::EditModel);
    let action = place.paths.incident(incident.key);
    if incident.phase == Phase::Closed {
        let form = step_form(request, "reopen", Vec::new);
        return may
            .then(|| {
                view! {
                    <section class="section" aria-labelledby="closing">
                        <h2 id="closing">"Open it again"</h2>
                        <form class="form card" method="post" action=action>
                            {hidden("rev", history.revision.to_string())}
                            {hidden("step", "reopen".to_owned())}
                            {field(&form, "reason", "Why it is open again").area_of(limit(TEXT_MAX))}
                            <div class="button-row"><button class="button">"Reopen"</button></div>
                        </form>
                    </section>
                }
            })
            .into_any();
    }
    let duties = &book.preparation.value.table;
    let gaps: Vec<_> =
        gaps(incident, duties, book.now).iter().map(|gap| view! { <li>{gap_in_words(gap, duties)}</li> }).collect();
    let ready = gaps.is_empty();
    let words = if ready {
        view! { <p>"Nothing stands in the way of closing it."</p> }.into_any()
    } else {
        view! { <p>"This stands in the way of closing it:"</p><ul>{gaps}</ul> }.into_any()
    };
    let button = (ready && may).then(|| {
        view! {
            <form method="post" action=action>
                {hidden("rev", history.revision.to_string())}
                {hidden("step", "close".to_owned())}
                <button class="button">"Close the incident"</button>
            </form>
        }
    });
    view! {
        <section class="section" aria-labelledby="closing">
            <h2 id="closing">"Closing"</h2>
            {words}
            {button}
        </section>
    }
    .into_any()
}
