//! What a person answers for, as a list with links.

use domain::model::duty::Duty;
use domain::model::object::ObjectRef;
use leptos::prelude::*;

use super::super::request::Place;

/// The list under its heading.
pub(in super::super) fn list(place: &Place, duties: &[Duty], heading: &'static str) -> AnyView {
    let rows: Vec<_> = duties
        .iter()
        .map(|duty| {
            let name = duty.name.clone();
            let name = match &duty.object {
                ObjectRef::System(id) => view! { <a class="grow" href=place.paths.system(id)>{name}</a> }.into_any(),
                ObjectRef::Flow(id) => view! { <a class="grow" href=place.paths.flow(id)>{name}</a> }.into_any(),
                ObjectRef::Person(id) => view! { <a class="grow" href=place.paths.person(id)>{name}</a> }.into_any(),
                _ => view! { <span class="grow">{name}</span> }.into_any(),
            };
            let kind = duty.object.kind().label();
            view! { <li>{name}<span class="meta">{format!("{kind}, {}", duty.attribute.label)}</span></li> }
        })
        .collect();
    view! { <h3>{heading}</h3><ul class="list-rows">{rows}</ul> }.into_any()
}
