//! How a rule says what it found, and what the passing of time will change.

use super::finding::{FactValue, ShownFact};
use super::rule::Severity;
use crate::id::ElementId;
use crate::model::object::ObjectRef;
use crate::time::{Day, Timestamp};

/// What one rule finds on one subject.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hits {
    now: Timestamp,
    pub(super) hits: Vec<Hit>,
    pub(super) next_change: Option<Timestamp>,
}

impl Hits {
    pub(super) const fn at(now: Timestamp) -> Self {
        Self { now, hits: Vec::new(), next_change: None }
    }

    /// Adds what was found.
    pub fn add(&mut self, hit: Hit) {
        self.hits.push(hit);
    }

    /// Whether more than so many days have gone by since the day. Where not, the day on which they will have is noted.
    pub fn overdue(&mut self, since: Day, days: u64) -> bool {
        let last = since.plus_days(i32::try_from(days).unwrap_or(i32::MAX));
        self.over(last)
    }

    /// Whether the last day of something is over. Where not, the day after it is noted.
    pub fn over(&mut self, last: Day) -> bool {
        self.over_at(last.plus_days(1).start())
    }

    /// Whether the instant has come. Where not, it is noted.
    pub fn over_at(&mut self, end: Timestamp) -> bool {
        if self.now >= end {
            return true;
        }
        self.next_change = Some(self.next_change.map_or(end, |next| next.min(end)));
        false
    }
}

/// One thing that a rule found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    pub(super) subject: ObjectRef,
    pub(super) discriminator: String,
    pub(super) cause: Option<String>,
    pub(super) asks: bool,
    pub(super) severity: Option<Severity>,
    pub(super) sentence: String,
    pub(super) facts: Vec<ShownFact>,
}

impl Hit {
    /// The object, and what is wrong there in one sentence.
    #[must_use]
    pub fn on(subject: ObjectRef, sentence: impl Into<String>) -> Self {
        let sentence = sentence.into();
        let discriminator = String::new();
        Self { subject, discriminator, cause: None, asks: false, severity: None, sentence, facts: Vec::new() }
    }

    /// A question to a person, because nobody said what would decide.
    #[must_use]
    pub fn ask(subject: ObjectRef, question: impl Into<String>) -> Self {
        Self { asks: true, ..Self::on(subject, question) }
    }

    /// It is about one element, so that there can be one for each.
    #[must_use]
    pub fn about_element(self, element: &ElementId) -> Self {
        Self { discriminator: format!("element:{element}"), ..self }
    }

    /// It is about another object, so that there can be one for each.
    #[must_use]
    pub fn about(self, object: &ObjectRef) -> Self {
        Self { discriminator: format!("{}:{}", object.kind(), object.key()), ..self }
    }

    /// It is about one side of the subject, so that there can be one for each.
    #[must_use]
    pub fn about_aspect(self, aspect: &str) -> Self {
        Self { discriminator: aspect.to_owned(), ..self }
    }

    /// Of all rules that name this cause on this subject, one finding is shown and names the others.
    #[must_use]
    pub fn cause(self, cause: impl Into<String>) -> Self {
        Self { cause: Some(cause.into()), ..self }
    }

    /// More or less urgent than the rule is by itself.
    #[must_use]
    pub fn severity(self, severity: Severity) -> Self {
        Self { severity: Some(severity), ..self }
    }

    /// It rests on a fact of the subject.
    #[must_use]
    pub fn shows(self, name: &str, value: impl Into<FactValue>) -> Self {
        let subject = self.subject.clone();
        self.shows_of(subject, name, value)
    }

    /// It rests on a fact of another object.
    #[must_use]
    pub fn shows_of(mut self, of: ObjectRef, name: &str, value: impl Into<FactValue>) -> Self {
        self.facts.push(ShownFact { of, name: name.to_owned(), value: value.into() });
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_over_yet_says_when_it_will_be() {
        let mut hits = Hits::at(Day(100).start());
        assert!(hits.overdue(Day(10), 89));
        assert_eq!(hits.next_change, None);
        assert!(!hits.overdue(Day(10), 90));
        assert_eq!(hits.next_change, Some(Day(101).start()));
        assert!(!hits.over(Day(150)) && !hits.over(Day(100)));
        assert_eq!(hits.next_change, Some(Day(101).start()));
    }
}
