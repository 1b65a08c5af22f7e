//! What the rules find in one model: computed once, from what they found in the one before it.

use std::fmt;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use super::Estate;
use crate::both::both;
use crate::findings::survey::{Survey, Wiring};
use crate::findings::{Course, Findings};
use crate::model::Model;
use crate::scope::Scope;
use crate::time::Timestamp;

/// From how many flows on two threads are used.
const LARGE: usize = 10_000;

/// The findings of one model: evaluated when somebody asks first, and again when time alone has changed them.
///
/// Whoever asks while they are computed waits for that one computation. After a change only what it touches is looked at
/// again, which gives what a full run gives.
#[derive(Default)]
pub struct Memo {
    state: Mutex<State>,
    computed: Condvar,
}

#[derive(Default)]
struct State {
    known: Option<Arc<Findings>>,
    /// What the findings were made of, until the model that follows takes it over.
    basis: Option<Basis>,
    /// The model before this one, until its basis was taken over.
    before: Option<Arc<Memo>>,
    computing: bool,
}

/// What was found, with what it was computed from, which knows by itself what has changed since.
struct Basis {
    model: Arc<Model>,
    scope: Arc<Scope>,
    now: Timestamp,
    wiring: Wiring,
    course: Course,
}

impl Memo {
    /// For the model that comes after another one. Nothing is computed yet.
    #[must_use]
    pub fn after(before: Option<&Arc<Self>>) -> Self {
        let before = before.and_then(|before| {
            let state = before.lock();
            // Where nobody asked for the findings in between, those before count.
            let asked = state.computing || state.basis.is_some();
            if asked { Some(Arc::clone(before)) } else { state.before.clone() }
        });
        Self { state: Mutex::new(State { before, ..State::default() }), computed: Condvar::new() }
    }

    /// The findings of the estate at an instant. The memo must be the estate's own.
    pub fn findings(&self, estate: &Estate, now: Timestamp) -> Arc<Findings> {
        self.findings_in(&estate.model, &estate.scope, now)
    }

    /// The findings of a model with its scope at an instant. The memo must be that of this model.
    pub fn findings_in(&self, model: &Arc<Model>, scope: &Arc<Scope>, now: Timestamp) -> Arc<Findings> {
        let mut state = self.settled();
        if let Some(known) = state.known.as_ref().filter(|it| it.next_change.is_none_or(|next| now < next)) {
            return Arc::clone(known);
        }
        state.computing = true;
        let basis = state.basis.take().map_or_else(|| Err(state.before.take()), Ok);
        drop(state);
        let _computing = Computing(self);
        let basis = basis.or_else(|before| before.and_then(|it| it.settled().basis.take()).ok_or(()));
        let (course, wiring) = match basis {
            Ok(Basis { model: was, scope: had, now: then, wiring: earlier, course }) => {
                let wiring = earlier.after(&was, model);
                let (before, after) = both(
                    model.flows.len() >= LARGE,
                    || Survey::wired(&was, &had, then, &earlier),
                    || Survey::wired(model, scope, now, &wiring),
                );
                (course.onward(&before, &after), wiring)
            }
            Err(()) => {
                let wiring = Wiring::of(model);
                (Course::of(&Survey::wired(model, scope, now, &wiring)), wiring)
            }
        };
        let findings = Arc::clone(course.findings());
        let (model, scope) = (Arc::clone(model), Arc::clone(scope));
        let mut state = self.lock();
        state.basis = Some(Basis { model, scope, now, wiring, course });
        state.known = Some(Arc::clone(&findings));
        findings
    }

    /// Gives what the findings of the estate at an instant were made of, and the survey they were made from. Nobody else
    /// gets at them meanwhile.
    pub(super) fn with_course<T>(
        &self,
        estate: &Estate,
        now: Timestamp,
        tell: impl FnOnce(&Course, &Survey<'_>) -> T,
    ) -> T {
        self.findings(estate, now);
        let state = self.settled();
        match state.basis.as_ref().filter(|it| Arc::ptr_eq(&it.model, &estate.model)) {
            Some(it) => tell(&it.course, &Survey::wired(&it.model, &it.scope, it.now, &it.wiring)),
            // The model that follows has taken it over.
            None => {
                drop(state);
                let survey = Survey::of(&estate.model, &estate.scope, now);
                tell(&Course::of(&survey), &survey)
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The state, once nobody is computing.
    fn settled(&self) -> MutexGuard<'_, State> {
        let state = self.lock();
        self.computed.wait_while(state, |state| state.computing).unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Memo {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Memo").field("known", &self.lock().known.is_some()).finish_non_exhaustive()
    }
}

/// Somebody computes. Ends with them, so that nobody waits for a computation that failed.
struct Computing<'m>(&'m Memo);

impl Drop for Computing<'_> {
    fn drop(&mut self) {
        self.0.lock().computing = false;
        self.0.computed.notify_all();
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::findings::answers::Answers;
    use crate::findings::evaluate;
    use crate::model::reader::read_json;
    use crate::scope::compute;

    const SAMPLE: &[u8] = include_bytes!("../../../data/sample.json");

    fn judged(model: &Model) -> (Arc<Model>, Arc<Scope>, Timestamp) {
        let model = model.as_of(model.settings.as_of);
        let scope = compute(&model);
        let now = model.settings.as_of.start();
        (Arc::new(model), Arc::new(scope), now)
    }

    fn without_flow(model: &Model, place: usize) -> Model {
        let mut changed = model.clone();
        let flow = model.flows.keys().nth(place).unwrap();
        changed.flows.remove(flow);
        changed
    }

    #[test]
    fn what_is_made_of_the_findings_before_is_what_a_full_run_finds() {
        let (first, scope, now) = judged(&read_json(SAMPLE).unwrap().0);
        let before = Arc::new(Memo::default());
        before.findings_in(&first, &scope, now);
        let unasked = Arc::new(Memo::after(Some(&before)));
        let memo = Memo::after(Some(&unasked));
        let (last, scope, now) = judged(&without_flow(&without_flow(&first, 3), 7));
        assert!(memo.lock().before.as_ref().is_some_and(|it| Arc::ptr_eq(it, &before)));
        let found = memo.findings_in(&last, &scope, now);
        assert_eq!(*found, evaluate(&last, &scope, &Answers::new(), now));
        // The evaluation moved on with the model, and what was found before is known still.
        assert!(before.lock().basis.is_none() && before.lock().known.is_some());
        assert!(Arc::ptr_eq(&found, &memo.findings_in(&last, &scope, now)));
    }

    #[test]
    fn whoever_asks_at_the_same_time_gets_one_answer() {
        let (model, scope, now) = judged(&read_json(SAMPLE).unwrap().0);
        let memo = Memo::default();
        let all: Vec<Arc<Findings>> = std::thread::scope(|threads| {
            let asking: Vec<_> = (0..4).map(|_| threads.spawn(|| memo.findings_in(&model, &scope, now))).collect();
            asking.into_iter().map(|it| it.join().unwrap()).collect()
        });
        assert!(all.iter().all(|it| Arc::ptr_eq(it, &all[0])));
    }

    #[test]
    fn time_that_changes_findings_is_noticed() {
        let (model, scope, now) = judged(&read_json(SAMPLE).unwrap().0);
        let memo = Memo::default();
        let next = memo.findings_in(&model, &scope, now).next_change.unwrap();
        let later = memo.findings_in(&model, &scope, next);
        assert_eq!(*later, evaluate(&model, &scope, &Answers::new(), next));
    }
}
