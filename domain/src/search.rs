//! Searching everything that has a name: which objects of a model are called like this?

use std::collections::BTreeMap;

use crate::inventory::title;
use crate::model::Model;
use crate::model::object::{ObjectKind, ObjectRef};

/// How many hits of each kind are listed; their number is always told.
pub const MOST: usize = 50;
/// Of what somebody typed so many characters count.
const MOST_CHARACTERS: usize = 200;

/// The objects of one kind that match.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hits {
    /// The kind.
    pub kind: ObjectKind,
    /// The best ones, each with its title.
    pub best: Vec<(ObjectRef, String)>,
    /// How many there are.
    pub total: usize,
}

/// The objects whose key or title contains the text, by kind, kinds with an exact match first. In each kind those stand
/// first whose key is the text, then those that begin with it, then by title. Capitals do not matter, and nothing
/// matches an empty text.
#[must_use]
pub fn search(model: &Model, text: &str) -> Vec<Hits> {
    let wanted: String = text.trim().to_lowercase().chars().take(MOST_CHARACTERS).collect();
    if wanted.is_empty() {
        return Vec::new();
    }
    let mut found: BTreeMap<ObjectKind, Vec<(u8, String, ObjectRef)>> = BTreeMap::new();
    for object in model.objects() {
        let reference = object.reference();
        if reference == ObjectRef::Settings {
            continue;
        }
        let title = title(&object, model);
        let (key, name) = (reference.key().to_lowercase(), title.to_lowercase());
        let rank = match () {
            () if key == wanted => 0,
            () if name == wanted => 1,
            () if key.starts_with(&wanted) || name.starts_with(&wanted) => 2,
            () if key.contains(&wanted) || name.contains(&wanted) => 3,
            () => continue,
        };
        found.entry(reference.kind()).or_default().push((rank, title, reference));
    }
    let mut hits: Vec<(u8, Hits)> = found
        .into_iter()
        .map(|(kind, mut all)| {
            all.sort();
            let total = all.len();
            let first = all.first().map_or(u8::MAX, |(rank, ..)| *rank);
            let best = all.into_iter().take(MOST).map(|(_, title, reference)| (reference, title)).collect();
            (first, Hits { kind, best, total })
        })
        .collect();
    hits.sort_by_key(|(first, hits)| (*first > 1, order(hits.kind), hits.kind));
    hits.into_iter().map(|(_, hits)| hits).collect()
}

/// Systems and flows before what is said of them.
const fn order(kind: ObjectKind) -> u8 {
    match kind {
        ObjectKind::System => 0,
        ObjectKind::Flow => 1,
        _ => 2,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::model::flow::Flow;
    use crate::model::object::Object;
    use crate::model::system::System;

    fn model() -> Model {
        let mut model = Model::default();
        for (id, name) in [("vault", "Token vault"), ("v2", "Vault backup"), ("crm", "CRM"), ("shop", "Old vault")] {
            model.put(Object::System(Arc::new(System::new(id.into(), name))));
        }
        model.put(Object::Flow(Arc::new(Flow::new("nightly".into(), "vault".into(), "v2".into()))));
        model
    }

    #[test]
    fn the_exact_key_stands_first_then_what_begins_like_it() {
        let hits = search(&model(), " VAULT ");
        let systems: Vec<&str> = hits[0].best.iter().map(|(_, title)| title.as_str()).collect();
        assert_eq!(systems, ["Token vault", "Vault backup", "Old vault"]);
        assert_eq!(hits[1].best[0].1, "Token vault to Vault backup", "a flow is called after its ends");
    }

    #[test]
    fn nothing_is_called_like_nothing() {
        assert_eq!(search(&model(), "  "), []);
        assert_eq!(search(&model(), "payroll"), []);
    }

    #[test]
    fn many_hits_are_cut_and_counted() {
        let mut model = model();
        for number in 0..120 {
            model.put(Object::System(Arc::new(System::new(format!("node-{number:03}").as_str().into(), "Node"))));
        }
        let hits = search(&model, "node");
        assert_eq!((hits[0].best.len(), hits[0].total), (MOST, 120));
    }
}
