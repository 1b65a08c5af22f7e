//! Runs the rules: all of them, or after a change only where something was touched.

mod course;
mod list;
mod look;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::answers::Answers;
use super::finding::{Finding, Findings, Parts};
use super::hit::{Hit, Hits};
use super::registry::RULES;
use super::rule::Rule;
use super::survey::Survey;
use super::touched::{Touched, touched};
use crate::both::both;
use crate::model::Model;
use crate::model::object::{ObjectKind, ObjectRef};
use crate::scope::Scope;
use crate::time::Timestamp;

pub use course::{Course, Difference};
pub(super) use look::subject_kind;
use look::{every_subject, one_subject};

/// From how many flows on two threads are used.
const LARGE: usize = 10_000;

/// Everything that the rules find in a model at an instant. The same model gives the same findings to the byte.
#[must_use]
pub fn evaluate(model: &Model, scope: &Scope, answers: &Answers, now: Timestamp) -> Findings {
    let survey = Survey::of(model, scope, now);
    Evaluation::of(&survey).findings(&survey, answers)
}

/// What each rule found on each subject: what [`Findings`] are made of, and what a change keeps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evaluation {
    /// By rule, in the order of the registry, and subject: the settings for a rule that looks at the whole model.
    cells: Vec<BTreeMap<ObjectRef, Arc<Cell>>>,
    /// When what a rule found on a subject can change by time alone.
    due: BTreeSet<(Timestamp, Place)>,
    /// Where something was found about an object while looking at another one, by the object that it is about.
    elsewhere: BTreeMap<ObjectRef, BTreeSet<Place>>,
}

/// A rule by its place in the registry, and a subject.
type Place = (u16, ObjectRef);

/// What some rules find anew; nothing stands for a subject on which there is nothing any more.
type Anew = BTreeMap<Place, Option<Arc<Cell>>>;

#[derive(Debug, Clone, PartialEq, Eq)]
struct Cell {
    found: Vec<Found>,
    next_change: Option<Timestamp>,
}

/// A hit as a finding, with what only decides where it is listed.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Found {
    finding: Finding,
    cause: Option<String>,
    asks: bool,
}

impl Evaluation {
    /// Runs every rule on every subject.
    #[must_use]
    pub fn of(survey: &Survey<'_>) -> Self {
        let large = survey.edges().len() >= LARGE;
        let run = |half: usize| -> Vec<BTreeMap<ObjectRef, Arc<Cell>>> {
            numbered().skip(half).step_by(2).map(|(number, rule)| of_rule(survey, number, rule)).collect()
        };
        let (even, odd) = both(large, || run(0), || run(1));
        let mut odd = odd.into_iter();
        let cells = even.into_iter().flat_map(|cells| [Some(cells), odd.next()]).flatten().collect();
        let mut evaluation = Self { cells, due: BTreeSet::new(), elsewhere: BTreeMap::new() };
        evaluation.note_all();
        evaluation
    }

    /// Runs the rules again where the way from one model to the next, or the time between them, can change what they
    /// find. Gives what [`Self::of`] gives for `after`.
    pub fn update(&mut self, before: &Survey<'_>, after: &Survey<'_>) {
        match self.anew(before, after) {
            Some((anew, _)) => self.take(anew),
            None => *self = Self::of(after),
        }
    }

    /// What the rules find on the subjects that the way from one model to the next concerns, as far as it differs, and
    /// these subjects. `None` where it concerns everything.
    fn anew(&self, before: &Survey<'_>, after: &Survey<'_>) -> Option<(Anew, BTreeSet<ObjectRef>)> {
        let Touched::Subjects(subjects) = touched(before, after) else { return None };
        let due = self.due.iter().take_while(|(next, _)| *next <= after.now);
        let mut again: BTreeSet<Place> = due.map(|(_, place)| place.clone()).collect();
        for (number, rule) in numbered() {
            for check in rule.checks {
                match subject_kind(check) {
                    None => drop(again.insert((number, ObjectRef::Settings))),
                    Some(kind) => {
                        let concerned = subjects.iter().filter(|it| it.kind() == kind);
                        again.extend(concerned.map(|subject| (number, subject.clone())));
                    }
                }
            }
        }
        let mut anew = Anew::new();
        for place in again {
            let (number, subject) = &place;
            let hits = one_subject(after, RULES[usize::from(*number)], subject);
            let cell = hits.and_then(|hits| cell(after, *number, hits));
            // What is found as before stays the same in memory, so that nobody takes it for something else.
            if self.cell(&place).map(|it| &**it) != cell.as_ref() {
                anew.insert(place, cell.map(Arc::new));
            }
        }
        Some((anew, subjects))
    }

    fn take(&mut self, anew: Anew) {
        for (place, cell) in anew {
            self.forget(&place);
            if let Some(cell) = cell {
                self.note(&place, &cell);
                let (number, subject) = place;
                self.cells[usize::from(number)].insert(subject, cell);
            }
        }
    }

    fn cell(&self, (number, subject): &Place) -> Option<&Arc<Cell>> {
        self.cells[usize::from(*number)].get(subject)
    }

    /// Notes when a cell can change and about what it tells. Must be done whenever one is added.
    fn note(&mut self, place: &Place, cell: &Cell) {
        self.due.extend(cell.next_change.map(|next| (next, place.clone())));
        for it in cell.found.iter().filter(|it| it.finding.subject != place.1) {
            self.elsewhere.entry(it.finding.subject.clone()).or_default().insert(place.clone());
        }
    }

    fn note_all(&mut self) {
        for (number, cells) in (0..).zip(std::mem::take(&mut self.cells)) {
            for (subject, cell) in &cells {
                let other = cell.found.iter().any(|it| it.finding.subject != *subject);
                if other || cell.next_change.is_some() {
                    self.note(&(number, subject.clone()), cell);
                }
            }
            self.cells.push(cells);
        }
    }

    /// Takes a cell out, with what was noted of it.
    fn forget(&mut self, place: &Place) {
        let Some(cell) = self.cells[usize::from(place.0)].remove(&place.1) else { return };
        if let Some(next) = cell.next_change {
            self.due.remove(&(next, place.clone()));
        }
        for it in cell.found.iter().filter(|it| it.finding.subject != place.1) {
            if let Some(places) = self.elsewhere.get_mut(&it.finding.subject) {
                places.remove(place);
                if places.is_empty() {
                    self.elsewhere.remove(&it.finding.subject);
                }
            }
        }
    }

    /// The first instant from which on [`Self::update`] finds something else although the model is the same.
    #[must_use]
    pub fn next_change(&self) -> Option<Timestamp> {
        self.due.first().map(|(next, _)| *next)
    }

    /// What was found, as people read it.
    #[must_use]
    pub fn findings(&self, survey: &Survey<'_>, answers: &Answers) -> Findings {
        let cells = (0..).zip(&self.cells).flat_map(|(number, cells)| cells.values().map(move |cell| (number, cell)));
        list::listed(cells.map(|(number, cell)| (number, &**cell)), answers, survey.now, self.next_change())
    }

    /// What is found about some objects, as people read it, with what the rules find anew in place of what they found.
    fn about(&self, objects: &BTreeSet<ObjectRef>, anew: Option<&Anew>, answers: &Answers, now: Timestamp) -> Findings {
        let none = BTreeMap::new();
        let anew = anew.unwrap_or(&none);
        let mut places: BTreeSet<Place> = BTreeSet::new();
        for object in objects {
            let of_kind = numbered().filter(|(_, rule)| looks_at(rule, object.kind()));
            places.extend(of_kind.map(|(number, _)| (number, object.clone())));
            places.extend(self.elsewhere.get(object).into_iter().flatten().cloned());
        }
        places.extend(anew.keys().cloned());
        let now_at = |place: &Place| match anew.get(place) {
            Some(cell) => cell.as_ref(),
            None => self.cell(place),
        };
        let cells = places.iter().filter_map(|place| now_at(place).map(|cell| (place.0, &**cell)));
        let mut listed = list::listed(cells, answers, now, None);
        for list in [&mut listed.findings, &mut listed.questions, &mut listed.health] {
            list.retain(|it| objects.contains(&it.subject));
        }
        listed
    }
}

fn numbered() -> impl Iterator<Item = (u16, &'static Rule)> {
    (0..).zip(RULES.iter().copied())
}

/// Whether a rule looks at subjects of a kind; at the settings where it looks at the whole model.
fn looks_at(rule: &Rule, kind: ObjectKind) -> bool {
    rule.checks.iter().any(|check| subject_kind(check).unwrap_or(ObjectKind::Settings) == kind)
}

/// What a rule finds on every subject. A rule with several checks may find something on one subject with each.
fn of_rule(survey: &Survey<'_>, number: u16, rule: &'static Rule) -> BTreeMap<ObjectRef, Arc<Cell>> {
    let mut found: Vec<(ObjectRef, Arc<Cell>)> = Vec::new();
    every_subject(survey, rule, |subject, hits| {
        found.extend(cell(survey, number, hits).map(|cell| (subject, Arc::new(cell))));
    });
    found.into_iter().collect()
}

/// What was found on a subject, where there is anything to keep.
fn cell(survey: &Survey<'_>, number: u16, hits: Hits) -> Option<Cell> {
    let next_change = hits.next_change;
    if hits.hits.is_empty() && next_change.is_none() {
        return None;
    }
    let found = hits.hits.into_iter().map(|hit| found(survey, RULES[usize::from(number)], hit, next_change));
    Some(Cell { found: found.collect(), next_change })
}

fn found(survey: &Survey<'_>, rule: &'static Rule, hit: Hit, next_change: Option<Timestamp>) -> Found {
    let by_itself = hit.severity.unwrap_or(rule.severity);
    let parts = Parts {
        rule: rule.id,
        also: Vec::new(),
        subject: hit.subject,
        discriminator: hit.discriminator,
        severity: survey.settings.severities.get(rule.id).copied().unwrap_or(by_itself),
        sentence: hit.sentence,
        facts: hit.facts,
        next_change,
    };
    Found { finding: parts.into(), cause: hit.cause, asks: hit.asks }
}
