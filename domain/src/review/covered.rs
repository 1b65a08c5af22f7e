//! Which objects a review covers: its items, and what is looked at together with each.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::kind::ReviewKind;
use crate::findings::said;
use crate::id::PersonId;
use crate::model::Model;
use crate::model::object::{Object, ObjectRef};
use crate::model::relations::Boundary;
use crate::schedule::{Schedule, Subject};

/// What a review is about, and whose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cover {
    /// The kind.
    pub kind: ReviewKind,
    /// Only what these people and teams own or stand in for; empty is everything.
    pub owners: BTreeSet<PersonId>,
}

/// The items by object, each with the flows and credentials that are looked at together with it.
pub type Items = BTreeMap<ObjectRef, BTreeSet<ObjectRef>>;

impl Cover {
    /// Everything of a kind.
    #[must_use]
    pub const fn all(kind: ReviewKind) -> Self {
        Self { kind, owners: BTreeSet::new() }
    }

    /// What of a model is covered. Integrations are those of our own systems; the other end of a flow is seen there.
    #[must_use]
    pub fn items(&self, model: &Model) -> Items {
        let kinds = self.kind.items();
        let mut items: Items = model
            .objects()
            .filter(|it| kinds.contains(&it.reference().kind()) && self.includes(it))
            .map(|it| (it.reference(), BTreeSet::new()))
            .collect();
        if self.kind.gathers_around_systems() {
            gather(model, &mut items);
        }
        items
    }

    /// Whether a review of it does what a schedule asks for: everything of its topic, whoever owns it.
    #[must_use]
    pub fn fulfils(&self, schedule: &Schedule) -> bool {
        schedule.subject == Subject::Topic(self.kind.topic()) && self.owners.is_empty()
    }

    fn includes(&self, object: &Object) -> bool {
        let ours = match object {
            Object::System(it) => self.kind != ReviewKind::Integrations || it.boundary == Boundary::Own,
            _ => true,
        };
        let named = |facts| ["owner", "deputy"].into_iter().filter_map(move |name| said::text(facts, name));
        let theirs = || object.facts().is_some_and(|facts| named(facts).any(|it| self.owners.contains(it)));
        ours && (self.owners.is_empty() || theirs())
    }
}

fn gather(model: &Model, items: &mut Items) {
    for (id, flow) in &model.flows {
        let nodes = [&flow.from, &flow.to].into_iter().chain(flow.via.iter().map(|it| &it.node));
        for node in nodes {
            if let Some(parts) = items.get_mut(&ObjectRef::System(node.clone())) {
                parts.insert(ObjectRef::Flow(id.clone()));
            }
        }
    }
    for (id, it) in &model.credentials {
        for node in it.held_by.iter().chain(it.grants.iter().map(|grant| &grant.on)) {
            if let Some(parts) = items.get_mut(&ObjectRef::System(node.clone())) {
                parts.insert(ObjectRef::Credential(id.clone()));
            }
        }
    }
}

/// Every object of the items: what a seal says that it covers.
#[must_use]
pub fn every_object(items: &Items) -> BTreeSet<ObjectRef> {
    items.iter().flat_map(|(item, parts)| std::iter::once(item).chain(parts)).cloned().collect()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::model::reader::read_json;

    fn keys(cover: &Cover) -> Vec<(String, Vec<String>)> {
        let text = r#"{"people":[{"id":"pay"}],"systems":[{"id":"a","owner":"pay"},{"id":"b"},{"id":"psp","boundary":"third_party"}],
            "credentials":[{"id":"c","kind":"service","held_by":["a"],"grants":[{"on":"b","priv":"read"}]}],
            "flows":[{"id":"f","from":"a","to":"psp"}],"vendors":[{"id":"v"}]}"#;
        let items = cover.items(&read_json(text.as_bytes()).unwrap().0);
        items.into_iter().map(|(it, parts)| (it.key(), parts.iter().map(ObjectRef::key).collect())).collect()
    }

    fn expected(items: &[(&str, &[&str])]) -> Vec<(String, Vec<String>)> {
        items.iter().map(|(it, parts)| ((*it).to_owned(), parts.iter().map(|it| (*it).to_owned()).collect())).collect()
    }

    #[test]
    fn integrations_are_those_of_our_systems() {
        let all = Cover::all(ReviewKind::Integrations);
        assert_eq!(keys(&all), expected(&[("a", &["c", "f"]), ("b", &["c"])]));
        let of_team = Cover { owners: ["pay".into()].into(), ..all };
        assert_eq!(keys(&of_team), expected(&[("a", &["c", "f"])]));
    }

    #[test]
    fn the_scope_is_everything() {
        let items = keys(&Cover::all(ReviewKind::Scope));
        assert!(items.iter().any(|(it, parts)| it == "psp" && parts == &["f"]));
        assert!(items.iter().any(|(it, _)| it == "v") && items.iter().any(|(it, _)| it == "settings"));
    }
}
