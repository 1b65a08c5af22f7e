//! What the rules find in an estate, and what can be done about it. Computed when somebody asks first.

mod memo;

use super::Estate;
use crate::findings::fix::{Fix, apply, fixes};
use crate::findings::survey::Survey;
use crate::findings::{Finding, Findings};
use crate::model::Model;
use crate::model::object::Object;
use crate::scope::compute;
use crate::scope::delta::{CategoryChange, delta};
use crate::time::Timestamp;

pub use memo::Memo;

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
    let fixes = fixes(&survey, finding);
    if fixes.iter().all(|fix| fix.steps.is_empty()) {
        return fixes.into_iter().map(|fix| Remedy { fix, effect: None }).collect();
    }
    estate.found.with_course(estate, now, |course, judged| {
        let effect = |fix: &Fix| {
            let changed = apply(&estate.stored, &fix.steps).ok().filter(|_| !fix.steps.is_empty())?;
            let after = changed.as_of(estate.today);
            let scope = compute(&after);
            let difference = course.difference(judged, &Survey::of(&after, &scope, now));
            let identity = finding.identity();
            let was = findings.findings.iter().any(|it| it.identity() == identity);
            Some(Effect {
                ends_it: !was || difference.gone.contains(&identity),
                gone: difference.gone.len(),
                new: difference.new.len(),
                scope_changes: delta((&estate.model, &estate.scope), (&after, &scope)),
                objects: edited(&estate.stored, &changed),
            })
        };
        fixes.into_iter().map(|fix| Remedy { effect: effect(&fix), fix }).collect()
    })
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
