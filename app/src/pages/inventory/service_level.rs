//! What a vendor promised, and what of it ends or is missing.

use domain::model::party::Vendor;
use domain::review::service_level::{Alert, AlertKind, alerts, service_level};
use leptos::prelude::*;

use super::super::request::Place;
use crate::ui::table::count;

/// How many alerts the list of vendors names.
const MOST: usize = 20;

/// The promises of a vendor, with its alerts.
pub(super) fn section(place: &Place, vendor: &Vendor) -> AnyView {
    let level = service_level(vendor);
    let told: Vec<Alert> =
        alerts(&place.estate.model, place.estate.today).0.into_iter().filter(|it| it.vendor == vendor.id).collect();
    let told: Vec<_> = told.iter().map(|it| view! { <li>{badge(it.kind)}" "{it.sentence.clone()}</li> }).collect();
    let told = if told.is_empty() {
        view! { <p>"Nothing ends soon, and everything is agreed."</p> }.into_any()
    } else {
        view! { <ul class="plain-list">{told}</ul> }.into_any()
    };
    let unknown = || "Nobody has said".to_owned();
    let yes_or_no = |it: bool| if it { "Yes" } else { "No" }.to_owned();
    let rows: Vec<_> = [
        ("Availability", level.availability_permille.map(|it| format!("{}.{} %", it / 10, it % 10))),
        ("Tells us of an incident within", level.notify_hours.map(|it| count_of(it, "hour"))),
        ("Security terms", level.security_terms),
        ("Right to audit", level.right_to_audit.map(yes_or_no)),
        ("The agreement ends on", level.ends.map(|it| it.to_string())),
        ("Exit plan", level.exit_plan),
        ("Exit tried on", level.exit_tested.map(|it| it.to_string())),
    ]
    .into_iter()
    .map(|(label, value)| view! { <div><dt>{label}</dt><dd>{value.unwrap_or_else(unknown)}</dd></div> })
    .collect();
    view! {
        <section class="section" aria-labelledby="level">
            <h2 id="level">"Service level"</h2>
            {told}
            <dl class="key-value card">{rows}</dl>
        </section>
    }
    .into_any()
}

/// What is to be told of all vendors, above their list; nothing where there is nothing.
pub(super) fn told(place: &Place) -> Option<AnyView> {
    let (all, next) = alerts(&place.estate.model, place.estate.today);
    // What is missing from the beginning stands on the page of each vendor; here what is or gets late.
    let late: Vec<&Alert> = all.iter().filter(|it| it.kind != AlertKind::NoTerms).collect();
    if late.is_empty() {
        return None;
    }
    let lines: Vec<_> = late
        .iter()
        .take(MOST)
        .map(|it| {
            let object = domain::model::object::ObjectRef::Vendor(it.vendor.clone());
            let href = place.paths.object(&object).unwrap_or_default();
            view! { <li>{badge(it.kind)}" "<a href=href>{it.sentence.clone()}</a></li> }
        })
        .collect();
    let left = late.len().saturating_sub(MOST);
    let left = (left > 0).then(|| view! { <p class="meta">{format!("And {left} more.")}</p> });
    let next = next.map(|day| view! { <p class="meta">{format!("By time alone this changes next on {day}.")}</p> });
    Some(
        view! {
            <section class="card" aria-labelledby="told">
                <h2 id="told">{format!("{} about what vendors promised", count(late.len(), "alert"))}</h2>
                <ul class="plain-list">{lines}</ul>
                {left}
                {next}
            </section>
        }
        .into_any(),
    )
}

fn badge(kind: AlertKind) -> AnyView {
    let tone = match kind {
        AlertKind::AgreementOver | AlertKind::AttestationOver => "error",
        AlertKind::AgreementEnds
        | AlertKind::AttestationEnds
        | AlertKind::NotifiesLate
        | AlertKind::NoTerms
        | AlertKind::ExitUntried => "warn",
    };
    view! { <span class="badge" data-tone=tone>{kind.label()}</span> }.into_any()
}

fn count_of(number: u64, thing: &str) -> String {
    usize::try_from(number).map_or_else(|_| format!("{number} {thing}s"), |number| count(number, thing))
}
