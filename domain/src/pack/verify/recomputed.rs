//! Does what the pack says follow from its model?

use super::super::about::About;
use super::super::content::{Content, Files};
use super::super::derived::Derived;
use super::super::{name, trail};
use super::{Fault, decided};
use crate::review::outcome::{Cause, Engine, Outcome, compare};

/// How many sentences of verdicts and findings are told.
const TOLD: usize = 50;

/// How much of what was computed again agrees.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Agreement {
    /// Verdicts in the pack, and how many of them follow again.
    pub verdicts: (usize, usize),
    /// Findings, questions and gaps in the pack, and how many of them follow again.
    pub findings: (usize, usize),
    /// Files that follow from the model and from what was sealed, and how many of them are the same to the byte. None are
    /// compared where a newer engine computes.
    pub files: (usize, usize),
    /// What follows otherwise because rules changed since, as sentences.
    pub explained: Vec<String>,
}

/// Computes everything again from the model of the pack.
pub(super) fn check(files: &Files, about: &About, faults: &mut Vec<Fault>) -> Option<Agreement> {
    let text = |name: &str| files.get(name).and_then(Content::text);
    let Some(model) = text(name::MODEL) else {
        faults.push(Fault::Unreadable(name::MODEL.to_owned()));
        return None;
    };
    let derived = match Derived::of(model, about.as_of, about.at) {
        Ok(derived) => derived,
        Err(error) => {
            faults.push(Fault::Model(error.message));
            return None;
        }
    };
    let mut agreement = Agreement::default();
    match text(name::OUTCOME).and_then(Outcome::read) {
        None => faults.push(Fault::Unreadable(name::OUTCOME.to_owned())),
        Some(outcome) => outcomes(about, &outcome, &derived.outcome(), &mut agreement, faults),
    }
    if about.made_with == Engine::current().version() {
        let mut again = derived.files();
        again.remove(name::OUTCOME);
        again.insert(name::CHANGES.to_owned(), trail::changes(text(name::TRAIL).unwrap_or_default()).csv().into());
        let derived_fault = |file: String, line| Fault::Derived { file, line };
        beside(files, &again, &["05_dataflow_", "22_blast/"], &mut agreement, &derived_fault, faults);
        // Of a seal that is not whole nothing follows.
        let is_whole = !faults.iter().any(|it| matches!(it, Fault::Seal(_)));
        if let Some(again) = decided::again(files, about, &derived).filter(|_| is_whole) {
            let decided_fault = |file: String, line| Fault::Decided { file, line };
            beside(files, &again, &["18_tra/", "compensating_controls/"], &mut agreement, &decided_fault, faults);
        }
    }
    Some(agreement)
}

/// Lays the files of a pack beside what they are when they are made again. In some folders nothing else may be: a picture
/// of flows that no flow of the model has is none that was drawn from it.
fn beside(
    files: &Files,
    again: &Files,
    folders: &[&str],
    agreement: &mut Agreement,
    fault: &dyn Fn(String, usize) -> Fault,
    faults: &mut Vec<Fault>,
) {
    agreement.files.0 += again.len();
    for (name, expected) in again {
        match files.get(name) {
            Some(found) if found == expected => agreement.files.1 += 1,
            // That it is not there was told.
            None if faults.iter().any(|it| matches!(it, Fault::Missing(file) if file == name)) => {}
            found => faults.push(fault(name.clone(), first_line(expected, found))),
        }
    }
    let more = files.keys().filter(|name| folders.iter().any(|it| name.starts_with(it)));
    faults.extend(more.filter(|name| !again.contains_key(*name)).map(|name| fault(name.clone(), 0)));
}

fn outcomes(about: &About, said: &Outcome, now: &Outcome, agreement: &mut Agreement, faults: &mut Vec<Fault>) {
    let verdicts = said.verdicts.iter().filter(|(id, verdict)| now.verdicts.get(*id) == Some(verdict));
    agreement.verdicts = (said.verdicts.len(), verdicts.count());
    let findings = said.findings.iter().filter(|it| now.findings.binary_search(it).is_ok());
    agreement.findings = (said.findings.len(), findings.count());
    let compared = compare((&about.engine, said), (&Engine::current(), now));
    for deviation in compared.deviations {
        if deviation.cause != Cause::Unexplained {
            agreement.explained.push(deviation.sentence);
        } else if faults.len() < TOLD {
            faults.push(Fault::Follows(deviation.sentence));
        }
    }
    // The same engine gives the same bytes: also what the comparison does not tell apart.
    if compared.same_engine && agreement.explained.is_empty() && said != now && faults.is_empty() {
        faults.push(Fault::Derived { file: name::OUTCOME.to_owned(), line: 0 });
    }
}

/// The first line, from 1, in which a file differs from what it should be; 0 where it is not there or no text.
fn first_line(expected: &Content, found: Option<&Content>) -> usize {
    let (Some(expected), Some(found)) = (expected.text(), found.and_then(Content::text)) else { return 0 };
    let same = expected.split('\n').zip(found.split('\n')).take_while(|(one, other)| one == other).count();
    same + 1
}
