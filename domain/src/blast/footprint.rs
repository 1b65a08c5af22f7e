//! Where an element is, and in which form: no attacker, only the map.

use std::collections::BTreeSet;

use super::holdings::Inventory;
use super::start::StartError;
use super::terrain::Terrain;
use crate::id::{ElementId, SystemId};
use crate::model::catalogue;
use crate::model::element::Form;

/// Every system that holds the element live, with each form in which it does, whoever's system it is.
pub(super) fn footprint(terrain: &Terrain<'_>, element: &ElementId) -> Result<Vec<(SystemId, Form)>, StartError> {
    let (wanted, _) = catalogue::normalise(element.as_str(), None);
    let inventory = Inventory::of(terrain);
    let mut found: BTreeSet<(u32, &str)> = BTreeSet::new();
    for system in 0..u32::try_from(terrain.graph.len()).expect("a model in memory has fewer systems") {
        let held = inventory.at(system).filter(|held| held.holding.element.as_str() == wanted);
        found.extend(held.map(|held| (system, held.form.as_str())));
    }
    if found.is_empty() && catalogue::element(wanted).is_none() {
        return Err(StartError::unknown("element", element));
    }
    let form = |text: &str| text.parse::<Form>().expect("the text is the form's own");
    Ok(found
        .into_iter()
        .map(|(system, text)| (terrain.graph.systems[system as usize].id.clone(), form(text)))
        .collect())
}
