//! From what each rule found on each subject to the lists that people read.

use rustc_hash::FxHashMap;

use super::{Cell, Found};
use crate::findings::answers::Answers;
use crate::findings::finding::{Finding, Findings};
use crate::findings::registry::RULES;
use crate::findings::rule::{Kind, Severity};
use crate::model::object::ObjectRef;
use crate::time::Timestamp;

/// The findings, questions and gaps of some cells, each list in its order. The cells come in the order of the rules, and of
/// one rule in that of the subjects.
pub(super) fn listed<'c>(
    cells: impl Iterator<Item = (u16, &'c Cell)>,
    answers: &Answers,
    now: Timestamp,
    next_change: Option<Timestamp>,
) -> Findings {
    let mut next_change = next_change;
    let [mut findings, mut questions, mut health] = std::array::from_fn(|_| Sorted::new());
    let mut joined: Vec<(u16, Finding)> = Vec::new();
    let mut causes: FxHashMap<(&ObjectRef, &str), usize> = FxHashMap::default();
    for (number, cell) in cells {
        let kind = RULES[usize::from(number)].kind;
        for Found { finding, cause, asks } in &cell.found {
            match (kind, cause) {
                _ if *asks => match ask(finding, answers, now, &mut next_change) {
                    Asked::Still => questions.add(number, finding.clone()),
                    Asked::Denied(finding) => findings.add(number, finding),
                    Asked::Shown => {}
                },
                (Kind::Health, _) => health.add(number, finding.clone()),
                (_, None) => findings.add(number, finding.clone()),
                (_, Some(cause)) => {
                    let known = *causes.entry((&finding.subject, cause)).or_insert(joined.len());
                    match joined.get_mut(known) {
                        Some((_, first)) if first.rule != finding.rule => join(first, finding),
                        _ => joined.push((number, finding.clone())),
                    }
                }
            }
        }
    }
    joined.into_iter().for_each(|(number, finding)| findings.add(number, finding));
    let [findings, questions, health] = [findings, questions, health].map(Sorted::list);
    Findings { findings, questions, health, next_change }
}

/// Of all rules that name a cause on a subject one finding is shown, and names the others.
fn join(first: &mut Finding, other: &Finding) {
    if !first.also.contains(&other.rule) {
        first.also.push(other.rule);
        first.also.sort_unstable();
    }
    first.severity = first.severity.min(other.severity);
}

enum Asked {
    /// Nobody answered, or the answer does not count any more.
    Still,
    /// The evidence does not show what the rule asks for.
    Denied(Finding),
    /// It does.
    Shown,
}

/// A question without an answer that counts stays one; a negative answer makes a finding of it.
fn ask(question: &Finding, answers: &Answers, now: Timestamp, next_change: &mut Option<Timestamp>) -> Asked {
    if answers.is_empty() {
        return Asked::Still;
    }
    let answer = answers.get(&question.identity());
    let Some((answer, end)) = answer.and_then(|it| Some((it, it.counts(question, now)?))) else { return Asked::Still };
    let earlier = |one: Option<Timestamp>, other: Option<Timestamp>| one.into_iter().chain(other).min();
    *next_change = earlier(*next_change, end);
    if answer.satisfied {
        return Asked::Shown;
    }
    let mut finding = question.clone();
    finding.next_change = earlier(finding.next_change, end);
    Asked::Denied(finding)
}

/// Findings by severity and rule. What one rule found comes in the order of the subjects, so that there is next to nothing
/// left to sort.
struct Sorted(Vec<Vec<Finding>>);

impl Sorted {
    fn new() -> Self {
        Self(vec![Vec::new(); Severity::ALL.len() * RULES.len()])
    }

    fn add(&mut self, number: u16, finding: Finding) {
        let place = finding.severity as usize * RULES.len() + usize::from(number);
        self.0[place].push(finding);
    }

    fn list(self) -> Vec<Finding> {
        let mut list = Vec::with_capacity(self.0.iter().map(Vec::len).sum());
        for mut of_one in self.0 {
            if !of_one.is_sorted_by(|one, other| within(one) <= within(other)) {
                of_one.sort_by(|one, other| within(one).cmp(&within(other)));
            }
            list.append(&mut of_one);
        }
        list
    }
}

/// The order of findings that have the same severity and rule.
fn within(finding: &Finding) -> (&ObjectRef, &str) {
    (&finding.subject, &finding.discriminator)
}
