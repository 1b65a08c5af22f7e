//! What a rule found: on which object, how urgent, and resting on which facts.

use std::fmt;
use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use serde::{Deserialize, Serialize, Serializer};
use sha2::{Digest, Sha256};

use super::registry;
use super::rule::{Rule, Severity};
use crate::id::{ElementId, FlowId};
use crate::model::object::ObjectRef;
use crate::time::{Day, Timestamp};

/// What all rules found in a model.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Findings {
    /// What facts show to be wrong, the most urgent first, then by rule, subject and discriminator.
    pub findings: Vec<Finding>,
    /// What a person is asked, in the same order.
    pub questions: Vec<Finding>,
    /// Gaps of the model itself, in the same order.
    pub health: Vec<Finding>,
    /// The first instant at which any of it can change although nobody changes the model.
    pub next_change: Option<Timestamp>,
}

impl Findings {
    /// Everything that was found: findings, questions and gaps.
    pub fn all(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().chain(&self.questions).chain(&self.health)
    }
}

/// One finding: one subject and one cause. A clone shares everything with it, so that a list of many thousands can be made
/// anew after every change.
#[derive(Debug, Clone)]
pub struct Finding(Arc<Parts>);

/// What a finding consists of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Parts {
    /// The rule.
    pub rule: &'static str,
    /// Further rules that the same cause breaks, sorted.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<&'static str>,
    /// The object it is about.
    pub subject: ObjectRef,
    /// What tells it from other findings of the rule on the subject: an element, another object; empty where there
    /// can be one only.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub discriminator: String,
    /// How urgent it is.
    pub severity: Severity,
    /// What is wrong here, for somebody who answers for the product.
    pub sentence: String,
    /// The facts it rests on, in the order in which they are told.
    pub facts: Vec<ShownFact>,
    /// The first instant at which it can change by the passing of time alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_change: Option<Timestamp>,
}

impl From<Parts> for Finding {
    fn from(parts: Parts) -> Self {
        Self(Arc::new(parts))
    }
}

impl Deref for Finding {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl DerefMut for Finding {
    fn deref_mut(&mut self) -> &mut Parts {
        Arc::make_mut(&mut self.0)
    }
}

impl PartialEq for Finding {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || self.0 == other.0
    }
}

impl Eq for Finding {}

impl Serialize for Finding {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl Finding {
    /// Whether both are one in memory. Two that are not can still be equal.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    /// The same on another subject.
    #[must_use]
    pub fn on(mut self, subject: ObjectRef) -> Self {
        self.subject = subject;
        self
    }

    /// The record of its rule.
    ///
    /// # Panics
    /// Never: findings are only made by registered rules.
    #[must_use]
    pub fn rule(&self) -> &'static Rule {
        registry::rule(self.rule).expect("findings are made by the rules of the registry")
    }

    /// What stays the same while the finding lives: a renaming and new facts do not change it.
    #[must_use]
    pub fn identity(&self) -> Identity {
        Identity {
            rule: self.rule.to_owned(),
            subject: self.subject.clone(),
            discriminator: self.discriminator.clone(),
        }
    }

    /// What lists of findings are sorted by: the most urgent first, then rule, subject and discriminator.
    #[must_use]
    pub fn order(&self) -> impl Ord + '_ {
        (self.severity, self.rule, &self.subject, self.discriminator.as_str())
    }

    /// The element that it is about, where it is about one.
    #[must_use]
    pub fn element(&self) -> Option<ElementId> {
        self.discriminator.strip_prefix("element:").map(ElementId::from)
    }

    /// The flows among the facts and their values, in the order in which they are told.
    pub fn flows(&self) -> impl Iterator<Item = FlowId> + '_ {
        self.facts.iter().filter_map(|fact| match (&fact.value, &fact.of) {
            (FactValue::Object(ObjectRef::Flow(id)), _) | (_, ObjectRef::Flow(id)) => Some(id.clone()),
            _ => None,
        })
    }

    /// SHA-256 over the facts shown, in hexadecimal. Names, owners and notes are no facts, so that a renaming keeps it.
    #[must_use]
    pub fn facts_hash(&self) -> String {
        let mut lines: Vec<String> = self.facts.iter().map(ToString::to_string).collect();
        lines.sort();
        hex::encode(Sha256::digest(lines.join("\n")))
    }
}

/// What a decision about a finding is bound to: rule, subject and discriminator.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Identity {
    /// The rule.
    pub rule: String,
    /// The object.
    pub subject: ObjectRef,
    /// What tells it from other findings of the rule on the object.
    pub discriminator: String,
}

/// The address of a finding: rule, subject and discriminator, divided by blanks.
impl fmt::Display for Identity {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} {}:{}", self.rule, self.subject.kind(), self.subject.key())?;
        if self.discriminator.is_empty() { Ok(()) } else { write!(out, " {}", self.discriminator) }
    }
}

/// A fact that a finding rests on.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ShownFact {
    /// The object whose fact it is.
    pub of: ObjectRef,
    /// The attribute, as the rule's record names it.
    pub name: String,
    /// Its value.
    pub value: FactValue,
}

impl fmt::Display for ShownFact {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} {:?} {} = {}", self.of.kind(), self.of.key(), self.name, self.value)
    }
}

/// The value of a fact that is shown. Never a secret, a card number or a sample.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FactValue {
    /// Nobody said.
    Unknown,
    /// Yes or no.
    Bool(bool),
    /// A number, with the unit of its attribute.
    Number(u64),
    /// A word of a closed list, or a short text.
    Word(String),
    /// A day.
    Day(Day),
    /// An instant.
    Instant(Timestamp),
    /// Another object.
    Object(ObjectRef),
}

impl fmt::Display for FactValue {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown => out.write_str("unknown"),
            Self::Bool(true) => out.write_str("yes"),
            Self::Bool(false) => out.write_str("no"),
            Self::Number(number) => write!(out, "{number}"),
            Self::Word(word) => out.write_str(word),
            Self::Day(day) => write!(out, "{day}"),
            Self::Instant(instant) => write!(out, "{instant}"),
            Self::Object(object) => write!(out, "{} {:?}", object.kind(), object.key()),
        }
    }
}

impl From<&str> for FactValue {
    fn from(word: &str) -> Self {
        Self::Word(word.to_owned())
    }
}

impl From<bool> for FactValue {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<u64> for FactValue {
    fn from(number: u64) -> Self {
        Self::Number(number)
    }
}

impl From<Day> for FactValue {
    fn from(day: Day) -> Self {
        Self::Day(day)
    }
}

impl From<Timestamp> for FactValue {
    fn from(instant: Timestamp) -> Self {
        Self::Instant(instant)
    }
}

impl From<ObjectRef> for FactValue {
    fn from(object: ObjectRef) -> Self {
        Self::Object(object)
    }
}

impl<T: Into<Self>> From<Option<T>> for FactValue {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Unknown, Into::into)
    }
}
