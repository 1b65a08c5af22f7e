//! What the rules find in a model, kept so that the model after a change need not be looked at as a whole.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{Anew, Evaluation};
use crate::findings::answers::{Answers, answers_of, answers_on};
use crate::findings::finding::{Finding, Findings, Identity};
use crate::findings::survey::Survey;
use crate::model::object::ObjectRef;

/// The findings of a model, with what they were made of.
#[derive(Debug, Clone)]
pub struct Course {
    evaluation: Evaluation,
    answers: Answers,
    findings: Arc<Findings>,
}

/// Which findings a change ends and which it brings. Questions and gaps do not count.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Difference {
    /// There before, and not after.
    pub gone: BTreeSet<Identity>,
    /// There after, and not before.
    pub new: BTreeSet<Identity>,
}

/// What differs on the way from one model to the next.
struct Step {
    anew: Anew,
    /// The objects about which something else may be found, and those of answers, which count for a time only.
    about: BTreeSet<ObjectRef>,
    answers: Answers,
}

impl Course {
    /// Runs every rule on every subject.
    #[must_use]
    pub fn of(survey: &Survey<'_>) -> Self {
        let (evaluation, answers) = (Evaluation::of(survey), answers_of(survey.model));
        let findings = Arc::new(evaluation.findings(survey, &answers));
        Self { evaluation, answers, findings }
    }

    /// The findings.
    #[must_use]
    pub const fn findings(&self) -> &Arc<Findings> {
        &self.findings
    }

    /// The same for another model or a later instant: what [`Self::of`] gives for `after`. `before` is what this was made
    /// for. Only what differs is looked at and put in its place.
    #[must_use]
    pub fn onward(mut self, before: &Survey<'_>, after: &Survey<'_>) -> Self {
        let Some(step) = self.step(before, after) else { return Self::of(after) };
        let was = self.evaluation.about(&step.about, None, &self.answers, before.now);
        self.evaluation.take(step.anew);
        let is = self.evaluation.about(&step.about, None, &step.answers, after.now);
        self.answers = step.answers;
        let next_change = self.evaluation.next_change().into_iter().chain(is.next_change).min();
        let known = &self.findings;
        let lists = [
            replaced(&known.findings, &was.findings, is.findings),
            replaced(&known.questions, &was.questions, is.questions),
            replaced(&known.health, &was.health, is.health),
        ];
        self.findings = Arc::new(match lists {
            [Some(findings), Some(questions), Some(health)] => Findings { findings, questions, health, next_change },
            _ => self.evaluation.findings(after, &self.answers),
        });
        self
    }

    /// Which findings differ between the model and another one, without going there.
    #[must_use]
    pub fn difference(&self, before: &Survey<'_>, after: &Survey<'_>) -> Difference {
        let (was, is) = match self.step(before, after) {
            Some(Step { anew, about, answers }) => (
                self.evaluation.about(&about, None, &self.answers, before.now),
                self.evaluation.about(&about, Some(&anew), &answers, after.now),
            ),
            None => (Findings::clone(&self.findings), Findings::clone(Self::of(after).findings())),
        };
        let identities = |list: &[Finding]| -> BTreeSet<Identity> { list.iter().map(Finding::identity).collect() };
        let (was, is) = (identities(&was.findings), identities(&is.findings));
        Difference { gone: was.difference(&is).cloned().collect(), new: is.difference(&was).cloned().collect() }
    }

    /// `None` where the change concerns everything.
    fn step(&self, before: &Survey<'_>, after: &Survey<'_>) -> Option<Step> {
        let (anew, changed) = self.evaluation.anew(before, after)?;
        let mut answers = self.answers.clone();
        answers.retain(|question, _| !changed.contains(&question.subject));
        changed.iter().for_each(|object| answers_on(after.model, object, &mut answers));
        let mut about: BTreeSet<ObjectRef> =
            self.answers.keys().chain(answers.keys()).map(|question| question.subject.clone()).collect();
        for ((number, subject), cell) in &anew {
            let was = self.evaluation.cells[usize::from(*number)].get(subject);
            let found = was.into_iter().chain(cell).flat_map(|cell| &cell.found);
            about.extend(found.map(|it| it.finding.subject.clone()));
        }
        Some(Step { anew, about, answers })
    }
}

/// A sorted list with some of its findings taken out and others put in. What is equal stays as it is in memory. `None` where
/// what is to be taken out is not there, which cannot be.
fn replaced(list: &[Finding], was: &[Finding], is: Vec<Finding>) -> Option<Vec<Finding>> {
    let order = |one: &Finding, other: &Finding| one.order().cmp(&other.order());
    let mut all = Vec::with_capacity((list.len() + is.len()).saturating_sub(was.len()));
    let (mut rest, mut is) = (list, is.into_iter().peekable());
    for gone in was {
        while let Some(new) = is.next_if(|new| order(new, gone).is_lt()) {
            rest = up_to(&mut all, rest, rest.partition_point(|it| order(it, &new).is_le()));
            all.push(new);
        }
        let place = rest.partition_point(|it| order(it, gone).is_lt());
        rest = up_to(&mut all, rest, place);
        let (first, others) = rest.split_first()?;
        if order(first, gone).is_ne() {
            return None;
        }
        // Of several in one place each takes the place of one.
        if let Some(same) = is.next_if(|new| order(new, gone).is_eq()) {
            all.push(if same == *first { first.clone() } else { same });
        }
        rest = others;
    }
    for new in is {
        rest = up_to(&mut all, rest, rest.partition_point(|it| order(it, &new).is_le()));
        all.push(new);
    }
    all.extend_from_slice(rest);
    Some(all)
}

/// Takes over the findings before a place; gives those from there on.
fn up_to<'l>(all: &mut Vec<Finding>, rest: &'l [Finding], place: usize) -> &'l [Finding] {
    let (before, after) = rest.split_at(place);
    all.extend_from_slice(before);
    after
}
