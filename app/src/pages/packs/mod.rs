//! Evidence packs: those that were asked for, asking for one, and how far one is.

mod detail;
mod list;
mod new;
mod signers;

use domain::backend::packs::PackRecord;
use domain::pack::job::{PackNumber, PackOrigin};
use domain::role::Capability;
use leptos::prelude::*;

use super::request::Place;
use crate::ui::header;

pub(super) use detail::page as detail;
pub(super) use list::page as list;
pub(super) use new::page as new;

/// The button that leads to the form which asks for a pack, where somebody may, and there is something to make it from.
pub(super) fn offer(place: &Place) -> Option<AnyView> {
    let page = place.paths.page("evidence/packs/new");
    let has_state = place.works() || place.estate.moment.snapshot().is_some();
    (place.may(Capability::ExportModel) && has_state).then(|| header::action(page, "plus", "New pack", true))
}

/// The page of a pack.
fn address(place: &Place, number: PackNumber) -> String {
    place.paths.page(&format!("evidence/packs/{number}"))
}

/// What a pack is made from, with a link to it.
fn origin(place: &Place, it: &PackRecord) -> AnyView {
    match it.origin {
        PackOrigin::Seal(key) => view! { <a href=place.paths.seal(key)>{key.to_string()}</a> }.into_any(),
        PackOrigin::Snapshot(key) => {
            view! { "DRAFT, "<a href=place.paths.snapshot(key)>{key.to_string()}</a> }.into_any()
        }
        PackOrigin::Now => "DRAFT, what was entered then".into_any(),
    }
}

/// Bytes in a unit that people read.
fn size(bytes: u64) -> String {
    const UNITS: [&str; 4] = ["bytes", "KiB", "MiB", "GiB"];
    let (mut whole, mut tenth, mut unit) = (bytes, 0, 0);
    while whole >= 1024 && unit + 1 < UNITS.len() {
        tenth = whole % 1024 * 10 / 1024;
        whole /= 1024;
        unit += 1;
    }
    let unit_name = UNITS.get(unit).copied().unwrap_or_default();
    if unit == 0 { format!("{whole} {unit_name}") } else { format!("{whole}.{tenth} {unit_name}") }
}

#[cfg(test)]
mod tests {
    use super::size;

    #[test]
    fn a_size_is_told_in_the_unit_that_fits() {
        for (bytes, told) in [(0, "0 bytes"), (1023, "1023 bytes"), (1536, "1.5 KiB"), (2 << 30, "2.0 GiB")] {
            assert_eq!(size(bytes), told);
        }
    }
}
