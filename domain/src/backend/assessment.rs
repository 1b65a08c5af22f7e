//! What the rules find in an estate, and what can be done about it. Computed when somebody asks first.

use std::sync::{Arc, Mutex, PoisonError};

use super::Estate;
use crate::findings::answers::answers_of;
use crate::findings::fix::{Fix, apply, fixes};
use crate::findings::survey::Survey;
use crate::findings::{Finding, Findings, evaluate};
use crate::model::Model;
use crate::model::object::Object;
use crate::scope::compute;
use crate::scope::delta::{CategoryChange, delta};
use crate::scope::verdict::Scope;
use crate::time::Timestamp;

/// The findings of one model, evaluated once, and again when time alone has changed them.
#[derive(Debug, Default)]
pub struct Memo(Mutex<Option<Arc<Findings>>>);

impl Memo {
    /// The findings of the estate at an instant. The memo must be the estate's own.
    pub fn findings(&self, estate: &Estate, now: Timestamp) -> Arc<Findings> {
        self.findings_in(&estate.model, &estate.scope, now)
    }

    /// The findings of a model with its scope at an instant. The memo must be that of this model.
    pub fn findings_in(&self, model: &Arc<Model>, scope: &Arc<Scope>, now: Timestamp) -> Arc<Findings> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match &*kept {
            Some(known) if known.next_change.is_none_or(|next| now < next) => Arc::clone(known),
            _ => {
                let found = evaluate(model, scope, &answers_of(model), now);
                Arc::clone(kept.insert(Arc::new(found)))
            }
        }
    }
}

/// A fix, and what the model would be after it.
#[derive(Debug, Clone)]
pub struct Remedy {
    /// What to do.
    pub fix: Fix,
    /// What it does, where it is a change of the model.
    pub effect: Option<Effect>,
}

/// What a fix does, found by carrying it out on a copy of the model and running the engine again.
#[derive(Debug, Clone)]
pub struct Effect {
    /// The finding is gone.
    pub ends_it: bool,
    /// Findings that are gone, this one included, and findings that are new.
    pub gone: usize,
    /// See `gone`.
    pub new: usize,
    /// Whose category changes.
    pub scope_changes: Vec<CategoryChange>,
    /// The objects as they would be; `None` where the fix adds or removes one, which is done on its own page.
    pub objects: Option<Vec<Object>>,
}

/// What can be done about a finding, in the order of its rule.
#[must_use]
pub fn remedies(estate: &Estate, findings: &Findings, finding: &Finding, now: Timestamp) -> Vec<Remedy> {
    // As it is stored: what dates say of an object today is not part of it.
    let survey = Survey::of(&estate.stored, &estate.scope, now);
    let effect = |fix: &Fix| {
        let changed = apply(&estate.stored, &fix.steps).ok().filter(|_| !fix.steps.is_empty())?;
        let after = changed.as_of(estate.today);
        let scope = compute(&after);
        let found = evaluate(&after, &scope, &answers_of(&after), now);
        let among = |list: &Findings, one: &Finding| list.findings.iter().any(|it| it.identity() == one.identity());
        Some(Effect {
            ends_it: !among(&found, finding),
            gone: findings.findings.iter().filter(|it| !among(&found, it)).count(),
            new: found.findings.iter().filter(|it| !among(findings, it)).count(),
            scope_changes: delta((&estate.model, &estate.scope), (&after, &scope)),
            objects: edited(&estate.stored, &changed),
        })
    };
    fixes(&survey, finding).into_iter().map(|fix| Remedy { effect: effect(&fix), fix }).collect()
}

/// The objects that differ; `None` where one was added or removed.
fn edited(before: &Model, after: &Model) -> Option<Vec<Object>> {
    if before.objects().count() != after.objects().count() {
        return None;
    }
    let mut edited = Vec::new();
    for object in after.objects() {
        match before.get(&object.reference()) {
            None => return None,
            Some(same) if same == object => {}
            Some(_) => edited.push(object),
        }
    }
    Some(edited)
}
