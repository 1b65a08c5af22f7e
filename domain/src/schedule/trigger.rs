//! What happens beside the calendar, and asks for a review: read from two states of the model.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::delta::State;
use crate::delta::rise::rises;
use crate::findings::said;
use crate::id::{SegmentId, SystemId};
use crate::model::Model;
use crate::model::element::Holding;
use crate::model::flow::Flow;
use crate::model::object::ObjectRef;
use crate::model::relations::Boundary;
use crate::model::system::{ManageTarget, Manages, System};
use crate::scope::Scope;
use crate::scope::delta::{CategoryChange, delta};
use crate::scope::verdict::{Category, Sub};
use crate::text::text_enum;
use crate::time::Day;

text_enum! {
    /// What asks for a review.
    TriggerKind {
        SignificantChange = "significant_change": "A significant change",
        NewMajorVersion = "new_major_version": "A new major version of a product",
        NewVendor = "new_vendor": "A new vendor",
        ScopeRise = "scope_rise": "A system came closer to card data",
        Incident = "incident": "An incident",
        ControlExpired = "control_expired": "The proof of a control ran out",
    }
}

text_enum! {
    /// What makes a change significant (PCI DSS 12.5.2, 6.5.2, 11.3.1.3).
    Significance {
        Category = "category": "A system of ours changed its category",
        InScopeSystem = "in_scope_system": "A system in scope is new",
        AccountDataFlow = "account_data_flow": "A flow with account data came or went",
        AccountDataHolding = "account_data_holding": "A system began or ceased to hold account data",
        LinkPolicy = "link_policy": "What passes at the border of the CDE changed",
        Support = "support": "What manages or supports the CDE changed",
        Provider = "provider": "What a provider does changed",
        MajorVersion = "major_version": "A product in scope has a new major version",
    }
}

/// One thing that asks for a review.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Trigger {
    /// Which kind.
    pub kind: TriggerKind,
    /// What makes a significant change significant.
    pub significance: Option<Significance>,
    /// What it is about.
    pub object: ObjectRef,
    /// What happened, in one sentence.
    pub sentence: String,
}

/// Everything between two states that asks for a review, in the order of the kinds and then by object. Controls are
/// judged as of the two days.
#[must_use]
pub fn triggers(before: State<'_>, after: State<'_>) -> Vec<Trigger> {
    let categories = delta((before.model, before.scope), (after.model, after.scope));
    let mut all = significant(before, after, &categories);
    let major: Vec<Trigger> =
        all.iter().filter(|it| it.significance == Some(Significance::MajorVersion)).cloned().collect();
    all.extend(major.into_iter().map(|it| Trigger { kind: TriggerKind::NewMajorVersion, significance: None, ..it }));
    for (id, vendor) in after.model.vendors.iter().filter(|(id, _)| !before.model.vendors.contains_key(*id)) {
        let sentence = format!("{} is a new vendor.", vendor.name);
        all.push(plain(TriggerKind::NewVendor, ObjectRef::Vendor(id.clone()), sentence));
    }
    for it in rises(categories) {
        let sentence = format!("{} came closer to card data: {}.", it.name, moved(&it));
        all.push(plain(TriggerKind::ScopeRise, ObjectRef::System(it.system), sentence));
    }
    all.extend(expired(before.model, after.model));
    all.sort();
    all
}

/// What an incident asks for.
#[must_use]
pub fn of_incident(title: &str, object: ObjectRef) -> Trigger {
    plain(TriggerKind::Incident, object, format!("There was an incident: {title}."))
}

/// What of a change is significant. A person says whether it really is.
#[must_use]
pub fn significant(before: State<'_>, after: State<'_>, categories: &[CategoryChange]) -> Vec<Trigger> {
    let mut found = Vec::new();
    let mut tell = |significance, object: ObjectRef, sentence: String| {
        let significance = Some(significance);
        found.push(Trigger { kind: TriggerKind::SignificantChange, significance, object, sentence });
    };
    for it in categories {
        let system = [after, before].into_iter().find_map(|state| state.model.systems.get(&it.system));
        let category = |side: Option<(Category, _)>| side.map(|(category, _)| category);
        let object = ObjectRef::System(it.system.clone());
        if system.is_some_and(|it| it.boundary != Boundary::Own) {
            if [it.before, it.after].iter().any(|side| category(*side) == Some(Category::ThirdParty)) {
                tell(Significance::Provider, object, format!("{}: {}.", it.name, moved(it)));
            }
        } else if it.before.is_none() {
            if category(it.after).is_some_and(Category::in_scope) {
                tell(Significance::InScopeSystem, object, format!("{} is new and in scope.", it.name));
            }
        } else if category(it.before) != category(it.after) {
            tell(Significance::Category, object, format!("{}: {}.", it.name, moved(it)));
        }
    }
    came_or_went(&account_flows(before.model), &account_flows(after.model), |id, name, word| {
        let sentence = format!("The flow {name} with account data {word}.");
        tell(Significance::AccountDataFlow, ObjectRef::Flow(id.into()), sentence);
    });
    came_or_went(&holders(before.model), &holders(after.model), |id, name, word| {
        let sentence = format!("That {name} holds account data {word}.");
        tell(Significance::AccountDataHolding, ObjectRef::System(id.into()), sentence);
    });
    let border = CdeBorder::of(before, after);
    for key in before.model.links.keys().chain(after.model.links.keys()).collect::<BTreeSet<_>>() {
        let policy = |model: &Model| model.links.get(key).map(|it| it.policy);
        let at_cde = border.segments.contains(key.a()) || border.segments.contains(key.b());
        if at_cde && policy(before.model) != policy(after.model) {
            let sentence = format!("What may pass between {} and {} changed.", key.a(), key.b());
            tell(Significance::LinkPolicy, ObjectRef::Link(key.clone()), sentence);
        }
    }
    for id in before.model.systems.keys().chain(after.model.systems.keys()).collect::<BTreeSet<_>>() {
        let sides = [before, after].map(|state| state.model.systems.get(id));
        let managed = sides.map(|it| it.map(|it| border.managed(&it.manages)).unwrap_or_default());
        let name = sides[1].or(sides[0]).map_or(id.as_str(), |it| it.name.as_str());
        if managed[0] != managed[1] {
            let sentence = format!("What {name} manages or supports in the CDE changed.");
            tell(Significance::Support, ObjectRef::System(id.clone()), sentence);
        }
        let in_scope = after.scope.systems.get(id).is_some_and(|it| it.category.in_scope());
        let versions = sides.map(|it| it.and_then(|it| major(it)));
        if let ([Some(was), Some(is)], true) = (versions, in_scope)
            && was != is
        {
            let sentence = format!("{name} went from version {was} to {is}.");
            tell(Significance::MajorVersion, ObjectRef::System(id.clone()), sentence);
        }
    }
    found
}

/// What belongs to the CDE in either state.
struct CdeBorder {
    systems: BTreeSet<SystemId>,
    segments: BTreeSet<SegmentId>,
}

impl CdeBorder {
    fn of(before: State<'_>, after: State<'_>) -> Self {
        let cde = |scope: &Scope| -> BTreeSet<SystemId> {
            scope.systems.iter().filter(|(_, it)| it.category == Category::Cde).map(|(id, _)| id.clone()).collect()
        };
        let (mut systems, mut segments) = (BTreeSet::new(), BTreeSet::new());
        for state in [before, after] {
            let here = cde(state.scope);
            let of = |id| state.model.systems.get(id).and_then(|it| it.segment.clone());
            segments.extend(here.iter().filter_map(of));
            systems.extend(here);
        }
        Self { systems, segments }
    }

    fn managed<'m>(&self, manages: &'m [Manages]) -> BTreeSet<&'m Manages> {
        let in_cde = |it: &&Manages| match &it.target {
            ManageTarget::System(id) => self.systems.contains(id),
            ManageTarget::Segment(id) => self.segments.contains(id),
        };
        manages.iter().filter(in_cde).collect()
    }
}

/// The number before the first dot of the version, without what stands before it.
fn major(system: &System) -> Option<&str> {
    let version = said::text(&system.facts, "product_version")?.trim_start_matches(|it: char| !it.is_ascii_digit());
    let end = version.find(|it: char| !it.is_ascii_digit()).unwrap_or(version.len());
    version.get(..end).filter(|it| !it.is_empty())
}

fn account_flows(model: &Model) -> BTreeMap<&str, String> {
    let carries = |it: &&Arc<Flow>| it.fields.iter().any(Holding::is_account_data);
    let name = |id: &SystemId| model.systems.get(id).map_or_else(|| id.to_string(), |it| it.name.clone());
    let named = |it: &Flow| format!("from {} to {}", name(&it.from), name(&it.to));
    model.flows.values().filter(carries).map(|it| (it.id.as_str(), named(it))).collect()
}

fn holders(model: &Model) -> BTreeMap<&str, String> {
    let own = model.systems.values().filter(|it| it.boundary == Boundary::Own);
    own.filter(|it| it.holdings.iter().any(Holding::is_account_data))
        .map(|it| (it.id.as_str(), it.name.clone()))
        .collect()
}

fn came_or_went(
    before: &BTreeMap<&str, String>,
    after: &BTreeMap<&str, String>,
    mut tell: impl FnMut(&str, &str, &str),
) {
    for (id, name) in after.iter().filter(|(id, _)| !before.contains_key(*id)) {
        tell(id, name, "is new");
    }
    for (id, name) in before.iter().filter(|(id, _)| !after.contains_key(*id)) {
        tell(id, name, "is gone");
    }
}

/// Controls whose proof held on the day of the state before, and no longer holds.
fn expired(before: &Model, after: &Model) -> Vec<Trigger> {
    let holds = |model: &Model, id| {
        let days = model.controls.get(id).and_then(|it| it.verified_days(model.settings.service_provider));
        days.filter(|days| days.contains(&model.settings.as_of)).map(|days| *days.end())
    };
    let until = |id| holds(before, id).filter(|_| holds(after, id).is_none());
    after
        .controls
        .iter()
        .filter_map(|(id, control)| Some((id, control, until(id)?)))
        .map(|(id, control, until): (_, _, Day)| {
            let name = if control.name.is_empty() { id.as_str() } else { &control.name };
            let sentence = format!("Nothing proves any more that {name} works; it was proven until {until}.");
            plain(TriggerKind::ControlExpired, ObjectRef::Control(id.clone()), sentence)
        })
        .collect()
}

fn plain(kind: TriggerKind, object: ObjectRef, sentence: String) -> Trigger {
    Trigger { kind, significance: None, object, sentence }
}

/// From which category to which.
fn moved(it: &CategoryChange) -> String {
    let word = |side: Option<(Category, Option<Sub>)>, absent: &str| {
        side.map_or(absent.to_owned(), |(category, sub)| match sub {
            Some(sub) => format!("{}, {}", category.label(), sub.label()),
            None => category.label().to_owned(),
        })
    };
    format!("{} before, now {}", word(it.before, "not there"), word(it.after, "gone"))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::model::reader::read_json;
    use crate::scope::compute;

    fn told(before: &str, after: &str) -> Vec<(TriggerKind, Option<Significance>, String)> {
        let model = |text: &str| {
            let model = read_json(format!("{{{text}}}").as_bytes()).unwrap().0;
            model.as_of(model.settings.as_of)
        };
        let (before, after) = (model(before), model(after));
        let scopes = (compute(&before), compute(&after));
        let found = triggers(State { model: &before, scope: &scopes.0 }, State { model: &after, scope: &scopes.1 });
        found.into_iter().map(|it| (it.kind, it.significance, it.object.key())).collect()
    }

    const BASE: &str = r#""systems":[{"id":"shop"},{"id":"vault","holdings":[{"element":"pan","ops":["store"]}]}]"#;

    fn has(found: &[(TriggerKind, Option<Significance>, String)], significance: Significance, key: &str) -> bool {
        found.contains(&(TriggerKind::SignificantChange, Some(significance), key.to_owned()))
    }

    #[test]
    fn what_stays_as_it_is_asks_for_nothing() {
        assert_eq!(told(BASE, BASE), []);
        let renamed = BASE.replace(r#""id":"shop""#, r#""id":"shop","name":"Shop of ours""#);
        assert_eq!(told(BASE, &renamed), []);
    }

    #[test]
    fn a_flow_with_card_numbers_is_a_significant_change_and_a_rise() {
        let after = format!(r#"{BASE},"flows":[{{"id":"f","from":"vault","to":"shop","data":[{{"element":"pan"}}]}}]"#);
        let found = told(BASE, &after);
        assert!(has(&found, Significance::AccountDataFlow, "f") && has(&found, Significance::Category, "shop"));
        assert!(found.contains(&(TriggerKind::ScopeRise, None, "shop".to_owned())));
        assert!(has(&told(&after, BASE), Significance::AccountDataFlow, "f"), "that it is gone counts, too");
        let token = after.replace(r#""element":"pan"}]}]"#, r#""element":"pan","form":"truncated"}]}]"#);
        assert!(!has(&told(BASE, &token), Significance::AccountDataFlow, "f"));
    }

    #[test]
    fn holdings_vendors_and_new_systems_count() {
        let held =
            BASE.replace(r#"{"id":"shop"}"#, r#"{"id":"shop","holdings":[{"element":"card_verification_code"}]}"#);
        assert!(has(&told(BASE, &held), Significance::AccountDataHolding, "shop"));
        let vendor = format!(r#"{BASE},"vendors":[{{"id":"psp","name":"PSP"}}]"#);
        assert_eq!(told(BASE, &vendor), [(TriggerKind::NewVendor, None, "psp".to_owned())]);
        let admin = BASE.replace(
            r#"{"id":"shop"}"#,
            r#"{"id":"shop"},{"id":"admin","manages":[{"target":"vault","how":"admin"}]}"#,
        );
        let found = told(BASE, &admin);
        assert!(
            has(&found, Significance::InScopeSystem, "admin") && has(&found, Significance::Support, "admin"),
            "{found:?}"
        );
    }

    #[test]
    fn a_new_major_version_counts_where_the_product_is_in_scope() {
        let version = |of: &str, version: &str| {
            BASE.replace(&format!(r#"{{"id":"{of}""#), &format!(r#"{{"id":"{of}","product_version":"{version}""#))
        };
        let found = told(&version("vault", "v2.9"), &version("vault", "v3.0"));
        assert!(has(&found, Significance::MajorVersion, "vault"));
        assert!(found.contains(&(TriggerKind::NewMajorVersion, None, "vault".to_owned())));
        assert_eq!(told(&version("vault", "2.9"), &version("vault", "2.10")), []);
        assert_eq!(told(&version("shop", "2"), &version("shop", "3")), []);
    }

    #[test]
    fn a_proof_that_ran_out_asks_for_a_review() {
        let on = |day: &str| {
            format!(
                r#""settings":{{"as_of":"{day}"}},"controls":[{{"id":"fw","name":"Firewall","last_tested":"2025-06-01"}}]"#
            )
        };
        assert_eq!(told(&on("2026-06-01"), &on("2026-06-02")), [(TriggerKind::ControlExpired, None, "fw".to_owned())]);
        assert_eq!(told(&on("2026-06-02"), &on("2026-06-03")), [], "it is told once");
    }
}
