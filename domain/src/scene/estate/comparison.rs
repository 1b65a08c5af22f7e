//! Two states of an estate as one picture: everything that is in either of them, and what happened to it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::delta::{Change, Delta, State};
use crate::id::{FlowId, SystemId};
use crate::model::Model;
use crate::model::object::{Object, ObjectRef};
use crate::scope::verdict::{Category, Scope};

/// What happened to something that a map shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// It is new.
    Added,
    /// It is gone, and drawn where it was.
    Removed,
    /// It is there before and after, and differs.
    Changed,
}

impl Fate {
    /// The sign and the word, so that no difference is told by colour alone.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Added => "+ added",
            Self::Removed => "\u{d7} removed",
            Self::Changed => "~ changed",
        }
    }

    /// Of several things in one place.
    pub(super) const fn together(self, other: Self) -> Self {
        match (self, other) {
            (Self::Added, Self::Added) => Self::Added,
            (Self::Removed, Self::Removed) => Self::Removed,
            _ => Self::Changed,
        }
    }
}

/// What of a map differs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fates {
    /// The systems that differ.
    pub systems: BTreeMap<SystemId, Fate>,
    /// The flows that differ.
    pub flows: BTreeMap<FlowId, Fate>,
    /// The category before, of systems that are in both and changed it.
    pub moved: BTreeMap<SystemId, Category>,
    /// The systems that differ, and those at the ends of flows that do.
    pub touched: BTreeSet<SystemId>,
    /// What an address says to show the state before, such as `at=snap-1`: where the links of what is gone lead.
    pub before: String,
}

/// Two states of an estate in one picture.
#[derive(Debug, Clone)]
pub struct Comparison {
    /// The model after, and of the model before the systems, flows and segments that are gone.
    pub model: Model,
    /// The verdicts after, and before of what is gone.
    pub scope: Scope,
    /// What differs.
    pub fates: Arc<Fates>,
}

impl Comparison {
    /// What a map of both shows; the delta is the one between them.
    #[must_use]
    pub fn of(before: State<'_>, after: State<'_>, delta: &Delta, address_before: &str) -> Self {
        let mut fates = Fates { before: address_before.to_owned(), ..Fates::default() };
        let (mut model, mut scope) = (after.model.clone(), after.scope.clone());
        for it in &delta.objects {
            let fate = match it.change {
                Change::Added => Fate::Added,
                Change::Removed => Fate::Removed,
                Change::Changed { .. } => Fate::Changed,
            };
            match &it.object {
                ObjectRef::System(id) => drop(fates.systems.insert(id.clone(), fate)),
                ObjectRef::Flow(id) => drop(fates.flows.insert(id.clone(), fate)),
                _ => {}
            }
        }
        let gone: BTreeSet<&SystemId> =
            before.model.systems.keys().filter(|id| !model.systems.contains_key(*id)).collect();
        for system in gone.iter().filter_map(|id| before.model.systems.get(*id)) {
            let segment = system.segment.as_ref().filter(|id| !model.segments.contains_key(*id));
            if let Some(segment) = segment.and_then(|id| before.model.segments.get(id)) {
                model.put(Object::Segment(Arc::clone(segment)));
            }
            model.put(Object::System(Arc::clone(system)));
        }
        for (id, flow) in &before.model.flows {
            if fates.flows.get(id) == Some(&Fate::Removed) {
                model.put(Object::Flow(Arc::clone(flow)));
            }
        }
        let verdicts = gone.into_iter().filter_map(|id| Some((id.clone(), before.scope.systems.get(id)?.clone())));
        scope.systems.extend(verdicts);
        for it in &delta.categories {
            if let (Some((was, _)), Some((is, _))) = (it.before, it.after) {
                fates.systems.entry(it.system.clone()).or_insert(Fate::Changed);
                if was != is {
                    fates.moved.insert(it.system.clone(), was);
                }
            }
        }
        let ends =
            fates.flows.keys().filter_map(|id| model.flows.get(id)).flat_map(|it| [it.from.clone(), it.to.clone()]);
        fates.touched = fates.systems.keys().cloned().chain(ends).collect();
        Self { model, scope, fates: Arc::new(fates) }
    }
}
