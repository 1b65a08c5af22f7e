//! Runs the rules: all of them, or after a change only where something was touched.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::answers::Answers;
use super::finding::{Finding, Findings, Parts};
use super::hit::{Hit, Hits};
use super::registry::RULES;
use super::rule::{Check, Kind, Rule};
use super::survey::{Survey, record};
use super::touched::{Touched, touched};
use crate::both::both;
use crate::model::Model;
use crate::model::object::{ObjectKind, ObjectRef, RecordKey};
use crate::scope::Scope;
use crate::time::Timestamp;

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
    /// Shared with the evaluations that this one was made from.
    cells: BTreeMap<Place, Arc<Cell>>,
}

/// A rule by its place in the registry, and a subject; the settings for a rule that looks at the whole model.
type Place = (u16, ObjectRef);

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
        let run = |half: usize| -> Vec<(Place, Arc<Cell>)> {
            let mut cells = Vec::new();
            for (number, rule) in numbered().skip(half).step_by(2) {
                every_subject(survey, rule, |subject, hits| keep(&mut cells, survey, number, subject, hits));
            }
            cells
        };
        let (mut cells, others) = both(large, || run(0), || run(1));
        cells.extend(others);
        Self { cells: cells.into_iter().collect() }
    }

    /// Runs the rules again where the way from one model to the next, or the time between them, can change what they
    /// find. Gives what [`Self::of`] gives for `after`.
    pub fn update(&mut self, before: &Survey<'_>, after: &Survey<'_>) {
        let subjects = match touched(before, after) {
            Touched::Everything => {
                *self = Self::of(after);
                return;
            }
            Touched::Subjects(subjects) => subjects,
        };
        let due = |cell: &Arc<Cell>| cell.next_change.is_some_and(|next| next <= after.now);
        let mut again: BTreeSet<Place> =
            self.cells.iter().filter(|(_, cell)| due(cell)).map(|(place, _)| place.clone()).collect();
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
        for place in again {
            self.cells.remove(&place);
            let (number, subject) = place;
            let mut cells = Vec::new();
            one_subject(after, RULES[usize::from(number)], &subject, |subject, hits| {
                keep(&mut cells, after, number, subject, hits);
            });
            self.cells.extend(cells);
        }
    }

    /// The first instant from which on [`Self::update`] finds something else although the model is the same.
    #[must_use]
    pub fn next_change(&self) -> Option<Timestamp> {
        self.cells.values().filter_map(|cell| cell.next_change).min()
    }

    /// What was found, as people read it.
    #[must_use]
    pub fn findings(&self, survey: &Survey<'_>, answers: &Answers) -> Findings {
        let mut findings = Findings { next_change: self.next_change(), ..Findings::default() };
        let mut causes: BTreeMap<(ObjectRef, String), usize> = BTreeMap::new();
        for ((number, _), cell) in &self.cells {
            let rule = RULES[usize::from(*number)];
            for it in &cell.found {
                let finding = it.finding.clone();
                match rule.kind {
                    _ if it.asks => ask(finding, answers, survey.now, &mut findings),
                    Kind::Health => findings.health.push(finding),
                    _ => add(finding, it.cause.as_deref(), &mut findings.findings, &mut causes),
                }
            }
        }
        for list in [&mut findings.findings, &mut findings.questions, &mut findings.health] {
            list.sort_by(|one, other| one.order().cmp(&other.order()));
        }
        findings
    }
}

fn numbered() -> impl Iterator<Item = (u16, &'static Rule)> {
    (0..).zip(RULES.iter().copied())
}

/// Keeps what was found on a subject, where there is anything to keep.
fn keep(cells: &mut Vec<(Place, Arc<Cell>)>, survey: &Survey<'_>, number: u16, subject: ObjectRef, hits: Hits) {
    if !hits.hits.is_empty() || hits.next_change.is_some() {
        let next_change = hits.next_change;
        let found = hits.hits.into_iter().map(|hit| found(survey, RULES[usize::from(number)], hit, next_change));
        let cell = Cell { found: found.collect(), next_change };
        cells.push(((number, subject), Arc::new(cell)));
    }
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

/// Adds the finding, or adds its rule to the one with the same cause on the same subject.
fn add(
    finding: Finding,
    cause: Option<&str>,
    to: &mut Vec<Finding>,
    causes: &mut BTreeMap<(ObjectRef, String), usize>,
) {
    if let Some(cause) = cause {
        let known = causes.entry((finding.subject.clone(), cause.to_owned())).or_insert(to.len());
        if let Some(first) = to.get_mut(*known).filter(|first| first.rule != finding.rule) {
            if !first.also.contains(&finding.rule) {
                first.also.push(finding.rule);
                first.also.sort_unstable();
            }
            first.severity = first.severity.min(finding.severity);
            return;
        }
    }
    to.push(finding);
}

/// A question without an answer that counts stays one; a negative answer makes a finding of it.
fn ask(mut finding: Finding, answers: &Answers, now: Timestamp, to: &mut Findings) {
    let answer = answers.get(&finding.identity());
    match answer.and_then(|it| Some((it, it.counts(&finding, now)?))) {
        None => to.questions.push(finding),
        Some((answer, end)) => {
            let earlier = |one: Option<Timestamp>, other: Option<Timestamp>| one.into_iter().chain(other).min();
            finding.next_change = earlier(finding.next_change, end);
            to.next_change = earlier(to.next_change, end);
            if !answer.satisfied {
                to.findings.push(finding);
            }
        }
    }
}

/// The kind of subject that a rule looks at; none where it looks at the whole model.
pub(super) const fn subject_kind(check: &Check) -> Option<ObjectKind> {
    Some(match check {
        Check::System(_) => ObjectKind::System,
        Check::Flow(_) => ObjectKind::Flow,
        Check::Credential(_) => ObjectKind::Credential,
        Check::Key(_) => ObjectKind::Key,
        Check::Control(_) => ObjectKind::Control,
        Check::Vendor(_) => ObjectKind::Vendor,
        Check::Segment(_) => ObjectKind::Segment,
        Check::Link(_) => ObjectKind::Link,
        Check::Record(kind, _) => *kind,
        Check::Workspace(_) => return None,
    })
}

/// Looks at every subject of a rule, in the order of the keys.
fn every_subject(survey: &Survey<'_>, rule: &Rule, mut tell: impl FnMut(ObjectRef, Hits)) {
    if rule.service_providers_only && !survey.settings.service_provider {
        return;
    }
    for check in rule.checks {
        every_subject_of(survey, check, &mut tell);
    }
}

fn every_subject_of(survey: &Survey<'_>, check: &Check, tell: &mut impl FnMut(ObjectRef, Hits)) {
    let model = survey.model;
    let mut look = |subject: &dyn Fn() -> ObjectRef, check: &dyn Fn(&mut Hits)| {
        let mut hits = Hits::at(survey.now);
        check(&mut hits);
        if !hits.hits.is_empty() || hits.next_change.is_some() {
            tell(subject(), hits);
        }
    };
    match *check {
        Check::System(check) => {
            survey.nodes().iter().for_each(|it| look(&|| it.subject(), &|hits| check(survey, it, hits)));
        }
        Check::Flow(check) => {
            survey.edges().iter().for_each(|it| look(&|| it.subject(), &|hits| check(survey, it, hits)));
        }
        Check::Credential(check) => model.credentials.values().for_each(|it| {
            look(&|| ObjectRef::Credential(it.id.clone()), &|hits| check(survey, it, hits));
        }),
        Check::Key(check) => {
            model.keys.values().for_each(|it| look(&|| ObjectRef::Key(it.id.clone()), &|hits| check(survey, it, hits)));
        }
        Check::Control(check) => model.controls.values().for_each(|it| {
            look(&|| ObjectRef::Control(it.id.clone()), &|hits| check(survey, it, hits));
        }),
        Check::Vendor(check) => model.vendors.values().for_each(|it| {
            look(&|| ObjectRef::Vendor(it.id.clone()), &|hits| check(survey, it, hits));
        }),
        Check::Segment(check) => model.segments.values().for_each(|it| {
            look(&|| ObjectRef::Segment(it.id.clone()), &|hits| check(survey, it, hits));
        }),
        Check::Link(check) => model.links.values().for_each(|it| {
            look(&|| ObjectRef::Link(it.key.clone()), &|hits| check(survey, it, hits));
        }),
        Check::Record(kind, check) => {
            let of_kind = model.records.values().filter(|it| it.key.kind == kind);
            of_kind.for_each(|it| look(&|| record(it), &|hits| check(survey, it, hits)));
        }
        Check::Workspace(check) => look(&|| ObjectRef::Settings, &|hits| check(survey, hits)),
    }
}

/// Looks at one subject of a rule, where the model has it.
fn one_subject(survey: &Survey<'_>, rule: &Rule, subject: &ObjectRef, tell: impl FnOnce(ObjectRef, Hits)) {
    if rule.service_providers_only && !survey.settings.service_provider {
        return;
    }
    let mut hits = Hits::at(survey.now);
    for check in rule.checks {
        one_subject_of(survey, check, subject, &mut hits);
    }
    tell(subject.clone(), hits);
}

fn one_subject_of(survey: &Survey<'_>, check: &Check, subject: &ObjectRef, hits: &mut Hits) {
    let model = survey.model;
    match (*check, subject) {
        (Check::System(check), ObjectRef::System(id)) => {
            survey.node(id).into_iter().for_each(|it| check(survey, it, hits));
        }
        (Check::Flow(check), ObjectRef::Flow(id)) => {
            survey.edge(id).into_iter().for_each(|it| check(survey, it, hits));
        }
        (Check::Credential(check), ObjectRef::Credential(id)) => {
            model.credentials.get(id).into_iter().for_each(|it| check(survey, it, hits));
        }
        (Check::Key(check), ObjectRef::Key(id)) => {
            model.keys.get(id).into_iter().for_each(|it| check(survey, it, hits));
        }
        (Check::Control(check), ObjectRef::Control(id)) => {
            model.controls.get(id).into_iter().for_each(|it| check(survey, it, hits));
        }
        (Check::Vendor(check), ObjectRef::Vendor(id)) => {
            model.vendors.get(id).into_iter().for_each(|it| check(survey, it, hits));
        }
        (Check::Segment(check), ObjectRef::Segment(id)) => {
            model.segments.get(id).into_iter().for_each(|it| check(survey, it, hits));
        }
        (Check::Link(check), ObjectRef::Link(key)) => {
            model.links.get(key).into_iter().for_each(|it| check(survey, it, hits));
        }
        (Check::Record(kind, check), ObjectRef::Record(key @ RecordKey { kind: own, .. })) if *own == kind => {
            model.records.get(key).into_iter().for_each(|it| check(survey, it, hits));
        }
        (Check::Workspace(check), ObjectRef::Settings) => check(survey, hits),
        _ => {}
    }
}
