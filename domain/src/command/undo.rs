//! Taking a change back: what undoes it, and when that is still possible.
//!
//! The inverse of a change is kept beside it. It is carried out like any other command, so that it is judged, told and
//! kept in the audit trail, and has an inverse of its own: taking that back is redoing.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::command::{Change, Revision};
use crate::model::Model;
use crate::model::object::{Object, ObjectKind, ObjectRef};
use crate::problem::{FieldCode, Problem};

/// More objects are not taken back at once: whoever imports thousands looks at the preview first.
const MOST: usize = 500;

/// What takes a change back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inverse {
    /// The revision that the change made.
    pub of: Revision,
    /// The objects that the change altered or removed, as they were before.
    pub puts: Vec<Object>,
    /// The objects that the change added.
    pub removals: Vec<ObjectRef>,
    /// Of `puts`, those that the change removed.
    pub restored: BTreeSet<ObjectRef>,
}

impl Inverse {
    /// What takes a change back that was carried out on a model. `None` where nothing is kept for it: it is too large, or
    /// it is about people, whose names are not kept any longer than they are needed.
    #[must_use]
    pub fn of(change: &Change, before: &Model, revision: Revision) -> Option<Self> {
        let puts = change.puts.iter().map(Object::reference);
        let touched: Vec<ObjectRef> = puts.chain(change.removals.iter().cloned()).collect();
        let kept = touched.len() <= MOST && touched.iter().all(|it| it.kind() != ObjectKind::Person);
        kept.then(|| Self {
            of: revision,
            puts: touched.iter().filter_map(|object| before.get(object)).collect(),
            removals: touched.iter().rev().filter(|object| before.get(object).is_none()).cloned().collect(),
            restored: change.removals.iter().cloned().collect(),
        })
    }

    /// The change that it is on the model as it is now.
    ///
    /// # Errors
    /// `Conflict` where one of the objects changed since, `Invalid` where something else refers to what would go.
    pub fn change(
        &self,
        model: &Model,
        revision_of: impl Fn(&ObjectRef) -> Option<Revision>,
    ) -> Result<Change, Problem> {
        for object in self.puts.iter().map(Object::reference) {
            let as_left = match revision_of(&object) {
                None => self.restored.contains(&object),
                Some(now) => now == self.of && !self.restored.contains(&object),
            };
            if !as_left {
                return Err(Problem::Conflict);
            }
        }
        let ours: BTreeSet<ObjectRef> =
            self.puts.iter().map(Object::reference).chain(self.removals.iter().cloned()).collect();
        for object in &self.removals {
            if revision_of(object) != Some(self.of) {
                return Err(Problem::Conflict);
            }
            if model.referrers(object).iter().any(|it| !it.by_name_only && !ours.contains(&it.object)) {
                return Err(Problem::field("rev", FieldCode::StillUsed));
            }
        }
        Ok(Change { puts: self.puts.clone(), removals: self.removals.clone() })
    }

    /// The text that is kept.
    ///
    /// # Errors
    /// Never in practice: every object has a form in JSON.
    pub fn to_text(&self) -> Result<String, serde_json::Error> {
        let puts = self.puts.iter().map(kept_object);
        let kept = Kept {
            puts: puts.collect::<Result<_, serde_json::Error>>()?,
            removals: self.removals.clone(),
            restored: self.restored.iter().cloned().collect(),
        };
        serde_json::to_string(&kept)
    }

    /// The inverse in a text that was kept.
    ///
    /// # Errors
    /// The text is not one that [`Self::to_text`] wrote.
    pub fn from_text(of: Revision, text: &str) -> Result<Self, serde_json::Error> {
        let kept: Kept = serde_json::from_str(text)?;
        let puts = kept.puts.into_iter().map(|(kind, value)| object_of(kind, value));
        Ok(Self {
            of,
            puts: puts.collect::<Result<_, _>>()?,
            removals: kept.removals,
            restored: kept.restored.into_iter().collect(),
        })
    }
}

/// As it is kept: each object with its kind.
#[derive(Serialize, Deserialize)]
struct Kept {
    puts: Vec<(ObjectKind, Value)>,
    removals: Vec<ObjectRef>,
    restored: Vec<ObjectRef>,
}

/// An object as it is kept: its kind and its members.
pub(crate) fn kept_object(object: &Object) -> Result<(ObjectKind, Value), serde_json::Error> {
    Ok((object.reference().kind(), serde_json::to_value(object)?))
}

/// The object in what [`kept_object`] gave.
pub(crate) fn object_of(kind: ObjectKind, value: Value) -> Result<Object, serde_json::Error> {
    fn read<T: serde::de::DeserializeOwned>(value: Value) -> Result<Arc<T>, serde_json::Error> {
        serde_json::from_value(value).map(Arc::new)
    }
    Ok(match kind {
        ObjectKind::Settings => Object::Settings(read(value)?),
        ObjectKind::Person => Object::Person(read(value)?),
        ObjectKind::Vendor => Object::Vendor(read(value)?),
        ObjectKind::Segment => Object::Segment(read(value)?),
        ObjectKind::Control => Object::Control(read(value)?),
        ObjectKind::Link => Object::Link(read(value)?),
        ObjectKind::Key => Object::Key(read(value)?),
        ObjectKind::System => Object::System(read(value)?),
        ObjectKind::Credential => Object::Credential(read(value)?),
        ObjectKind::Flow => Object::Flow(read(value)?),
        ObjectKind::Override => Object::Override(read(value)?),
        _ => Object::Record(read(value)?),
    })
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::command::Command;
    use crate::layout::Pin;
    use crate::model::sample::sample;
    use crate::model::system::System;

    fn objects() -> Vec<Object> {
        sample("2026-11-21".parse().unwrap())
    }

    fn model() -> Model {
        let mut model = Model::default();
        for object in objects() {
            model.put(object);
        }
        model
    }

    /// The model after a command at revision 2, what takes it back, and the revisions of what it touched.
    fn after(model: &Model, command: &Command) -> (Model, Inverse, BTreeMap<ObjectRef, Revision>) {
        let mut revisions: BTreeMap<ObjectRef, Revision> =
            model.objects().map(|object| (object.reference(), Revision(1))).collect();
        let (after, change) = model.apply(command, |object| revisions.get(object).copied()).unwrap();
        let inverse = Inverse::of(&change, model, Revision(2)).unwrap();
        for object in &change.removals {
            revisions.remove(object);
        }
        revisions.extend(change.puts.iter().map(|object| (object.reference(), Revision(2))));
        (after, inverse, revisions)
    }

    fn commands() -> Vec<Command> {
        let model = model();
        let flow = model.flows.values().next().unwrap();
        let system = model.systems.values().next().unwrap();
        let segment = ObjectRef::Segment(model.segments.keys().next().unwrap().clone());
        vec![
            Command::AddSystem(Box::new(System::new("till".into(), "Till"))),
            Command::MoveSystem(system.id.clone(), Some(Pin { column: 4, row: 1 }), Revision(1)),
            Command::DeleteFlow(flow.id.clone(), Revision(1)),
            Command::Delete { object: segment, seen: Revision(1), detach: true },
        ]
    }

    #[test]
    fn what_is_taken_back_is_as_it_was_before() {
        let model = model();
        for command in commands() {
            let (after, inverse, revisions) = after(&model, &command);
            assert_ne!(after, model);
            let kept = Inverse::from_text(Revision(2), &inverse.to_text().unwrap()).unwrap();
            assert_eq!(kept, inverse);
            let back = Command::TakeBack(Box::new(kept));
            let (undone, change) = after.apply(&back, |object| revisions.get(object).copied()).unwrap();
            assert_eq!(undone, model, "{}", command.name());
            let redo = Inverse::of(&change, &after, Revision(3)).unwrap();
            assert!(!redo.puts.is_empty() || !redo.removals.is_empty());
        }
    }

    #[test]
    fn every_object_of_the_sample_survives_being_kept() {
        let objects = objects();
        let change = Change { removals: objects.iter().map(Object::reference).collect(), ..Change::default() };
        let no_people = Change {
            removals: change.removals.into_iter().filter(|it| it.kind() != ObjectKind::Person).collect(),
            ..Change::default()
        };
        let inverse = Inverse::of(&no_people, &model(), Revision(2)).unwrap();
        assert_eq!(Inverse::from_text(Revision(2), &inverse.to_text().unwrap()).unwrap(), inverse);
    }

    #[test]
    fn what_somebody_changed_since_is_not_overwritten() {
        let model = model();
        for command in commands() {
            let (after, inverse, mut revisions) = after(&model, &command);
            let touched = inverse.puts.first().map(Object::reference).or_else(|| inverse.removals.first().cloned());
            revisions.insert(touched.unwrap(), Revision(3));
            let back = Command::TakeBack(Box::new(inverse));
            let refused = after.apply(&back, |object| revisions.get(object).copied());
            assert_eq!(refused.unwrap_err(), Problem::Conflict, "{}", command.name());
        }
    }

    #[test]
    fn what_others_refer_to_by_now_stays() {
        let model = model();
        let (mut after, inverse, mut revisions) = after(&model, &commands()[0]);
        let other = model.systems.keys().next().unwrap().clone();
        let flow = crate::model::flow::Flow::new("new".into(), "till".into(), other);
        revisions.insert(ObjectRef::Flow(flow.id.clone()), Revision(3));
        after.put(Object::Flow(Arc::new(flow)));
        let back = Command::TakeBack(Box::new(inverse));
        let refused = after.apply(&back, |object| revisions.get(object).copied());
        assert_eq!(refused.unwrap_err(), Problem::field("rev", FieldCode::StillUsed));
    }

    #[test]
    fn changes_of_people_are_not_kept() {
        let model = model();
        let person = model.people.keys().next().unwrap().clone();
        let change = Change { removals: vec![ObjectRef::Person(person)], ..Change::default() };
        assert_eq!(Inverse::of(&change, &model, Revision(2)), None);
    }
}
