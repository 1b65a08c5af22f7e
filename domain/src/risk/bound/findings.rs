//! Whether a finding got worse since somebody looked at it.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::Change;
use crate::findings::finding::{FactValue, ShownFact};
use crate::findings::{Finding, Identity, Severity};
use crate::model::object::ObjectRef;
use crate::risk::record::Link;

/// A finding as it was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FindingFacts {
    /// How urgent it was.
    pub severity: Severity,
    /// What was wrong, in the words of then.
    pub sentence: String,
    /// The hash of its facts.
    pub hash: String,
    /// The facts it rested on.
    pub facts: Vec<ShownFact>,
}

impl FindingFacts {
    /// The facts of a finding.
    #[must_use]
    pub fn of(finding: &Finding) -> Self {
        Self {
            severity: finding.severity,
            sentence: finding.sentence.clone(),
            hash: finding.facts_hash(),
            facts: finding.facts.clone(),
        }
    }
}

/// Notes what is not as it was. A finding that is gone is an improvement.
pub(super) fn compare(
    was: &BTreeMap<Identity, FindingFacts>,
    is: &BTreeMap<Identity, FindingFacts>,
    changes: &mut Vec<Change>,
) {
    for (identity, before) in was {
        let link = Link::Finding(identity.clone());
        match is.get(identity) {
            None => changes.push(super::whole(&link, Some("found"), None, false)),
            Some(after) => compare_one(&link, before, after, changes),
        }
    }
    for identity in is.keys().filter(|identity| !was.contains_key(*identity)) {
        changes.push(super::whole(&Link::Finding(identity.clone()), None, Some("found"), true));
    }
}

fn compare_one(link: &Link, before: &FindingFacts, after: &FindingFacts, changes: &mut Vec<Change>) {
    let mut note = |what: &str, was: Option<String>, is: Option<String>, worse: bool| {
        changes.push(Change { of: Some(link.clone()), what: what.to_owned(), was, is, worse });
    };
    if before.severity != after.severity {
        let label = |severity: Severity| Some(severity.label().to_owned());
        // The most urgent severity comes first.
        note("severity", label(before.severity), label(after.severity), after.severity < before.severity);
    }
    if before.hash == after.hash {
        return;
    }
    let names: BTreeSet<(&ObjectRef, &String)> =
        before.facts.iter().chain(&after.facts).map(|fact| (&fact.of, &fact.name)).collect();
    for (of, name) in names {
        let values = |facts: &'_ [ShownFact]| -> BTreeSet<FactValue> {
            facts.iter().filter(|fact| fact.of == *of && fact.name == *name).map(|fact| fact.value.clone()).collect()
        };
        let (was, is) = (values(&before.facts), values(&after.facts));
        let went: Vec<&FactValue> = was.difference(&is).collect();
        let came: Vec<&FactValue> = is.difference(&was).collect();
        let worse = match (&went[..], &came[..]) {
            ([], []) => continue,
            (_, []) => false,
            ([one], [other]) => match compare_values(one, other) {
                Some(worse) => worse,
                None => continue,
            },
            _ => true,
        };
        let said = |values: &[&FactValue]| {
            let words: Vec<String> = values.iter().map(ToString::to_string).collect();
            (!words.is_empty()).then(|| words.join(", "))
        };
        note(&format!("{name} of {}", of.key()), said(&went), said(&came), worse);
    }
}

/// Whether the second value is worse than the first; `None` where the difference says nothing.
fn compare_values(was: &FactValue, is: &FactValue) -> Option<bool> {
    match (was, is) {
        (FactValue::Number(was), FactValue::Number(is)) => {
            match super::attributes::digits(*was).cmp(&super::attributes::digits(*is)) {
                std::cmp::Ordering::Equal => None,
                order => Some(order.is_lt()),
            }
        }
        (FactValue::Day(was), FactValue::Day(is)) => Some(is < was),
        (FactValue::Instant(was), FactValue::Instant(is)) => Some(is < was),
        _ => Some(true),
    }
}
