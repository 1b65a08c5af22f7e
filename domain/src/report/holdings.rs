//! What the reports on data share: every element on every system with its purpose, its basis and its retention.

use std::collections::BTreeMap;

use crate::findings::said;
use crate::id::{ElementId, PersonId, VendorId};
use crate::model::Model;
use crate::model::catalogue;
use crate::model::element::{ElementClass, Holding, Op};
use crate::model::fact::{Facts, choice_label};
use crate::model::object::ObjectKind;
use crate::model::relations::{Boundary, Lifecycle};
use crate::model::system::System;

/// What a workspace decided about an element.
#[derive(Debug, Clone, Copy, Default)]
pub struct Decided<'a> {
    /// The lawful basis, in words.
    pub basis: Option<&'a str>,
    /// The most days for which it is kept.
    pub days: Option<u64>,
    class: Option<ElementClass>,
}

/// What a workspace decided about each element.
#[must_use]
pub fn policies(model: &Model) -> BTreeMap<ElementId, Decided<'_>> {
    let of_policy = model.records.iter().filter(|(key, _)| key.kind == ObjectKind::ElementPolicy);
    let decided = of_policy.filter_map(|(_, record)| {
        let element = said::text(&record.facts, "element")?;
        let basis = said::text(&record.facts, "lawful_basis").filter(|it| *it != "none");
        let days = said::number(&record.facts, "retention_days_max");
        let class = said::text(&record.facts, "class").and_then(|it| it.parse().ok());
        Some((ElementId::new(element), Decided { basis, days, class }))
    });
    decided.collect()
}

/// The systems that are there: everything that is not retired, or is and still has its data.
pub fn systems(model: &Model) -> impl Iterator<Item = &System> {
    model.systems.values().map(AsRef::as_ref).filter(|it| it.lifecycle != Lifecycle::Retired || !it.disposed)
}

/// The name of an element in words.
#[must_use]
pub fn element_name(element: &ElementId) -> String {
    catalogue::element(element.as_str()).map_or_else(|| element.to_string(), |it| it.name.clone())
}

/// The class of an element: that of the workspace, else that of the catalogue.
#[must_use]
pub fn class(element: &ElementId, policies: &BTreeMap<ElementId, Decided<'_>>) -> Option<ElementClass> {
    policies.get(element).and_then(|it| it.class).or_else(|| catalogue::class_of(element.as_str()))
}

/// The purpose of an element on a system; where nobody gave one, the business need for keeping it counts as one.
#[must_use]
pub fn purpose(facts: &Facts) -> Option<&str> {
    said::text(facts, "purpose").or_else(|| said::text(facts, "justification"))
}

/// How long it is kept, in words: what the system says, else what the workspace decided.
#[must_use]
pub fn retention(holding: &Holding, decided: Option<&Decided<'_>>) -> Option<String> {
    let days = |number: u64| if number == 1 { "1 day".to_owned() } else { format!("{number} days") };
    match said::number(&holding.facts, "retention_days") {
        Some(number) => Some(days(number)),
        None if !holding.ops.contains(Op::Store) => Some("not stored".to_owned()),
        None => decided.and_then(|it| it.days).map(|number| format!("at most {}", days(number))),
    }
}

/// The lawful basis in words.
#[must_use]
pub fn basis(decided: Option<&Decided<'_>>) -> Option<String> {
    decided.and_then(|it| it.basis).map(choice_label)
}

/// What a system does with an element, in words.
#[must_use]
pub fn operations(holding: &Holding) -> String {
    let words: Vec<String> = holding.ops.iter().map(|it| it.label().to_lowercase()).collect();
    words.join(", ")
}

/// The name of a person or team; their key where the model does not have them.
#[must_use]
pub fn person(model: &Model, key: Option<&str>) -> Option<String> {
    let key = key?;
    let name = model.people.get(key).map(|it| it.name.clone()).filter(|it| !it.is_empty());
    Some(name.unwrap_or_else(|| PersonId::new(key).to_string()))
}

/// Whom to ask about a system: its owner, and for one of somebody else the contact of the vendor.
#[must_use]
pub fn contact(model: &Model, system: &System) -> Option<String> {
    let owner = person(model, said::text(&system.facts, "owner"));
    let vendor = system.vendor.as_ref().and_then(|id| model.vendors.get(id));
    let outside = vendor.and_then(|it| said::text(&it.facts, "contact")).map(str::to_owned);
    if system.boundary == Boundary::Own { owner } else { outside.or(owner) }
}

/// The name of a vendor; its key where the model does not have it.
#[must_use]
pub fn vendor_name(model: &Model, vendor: &VendorId) -> String {
    model.vendors.get(vendor).map_or_else(|| vendor.to_string(), |it| it.name.clone())
}
