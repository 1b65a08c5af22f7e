//! What sources saw, beside what is declared.
//!
//! A source is a list that a person brings: of secrets, of webhook subscriptions, of hits of a scanner of logs, of checked
//! configurations. It says when it was seen and what it covers completely. [`drifts`] compares it with the model: what was
//! seen and is not declared, what is declared and was not seen although the source covers it, what was seen in a worse
//! form, and where the two disagree. A value is never part of it.

mod brought;
mod compare;
mod file;
#[cfg(test)]
mod tests;

pub use brought::{Stated, brought};
pub use compare::{Drift, DriftKind, UNSEEN_DAYS, drifts, drifts_of};
pub use file::{COLUMNS, read};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::findings::said;
use crate::id::RecordId;
use crate::model::Model;
use crate::model::element::Form;
use crate::model::fact::{Fact, Facts};
use crate::model::object::{ObjectKind, Record, RecordKey};
use crate::text::text_enum;
use crate::time::{Day, Timestamp};

/// How many things a source lists at most.
pub const ITEMS_MAX: usize = 5_000;

/// What stands for everything of a kind in what a source covers completely.
pub const EVERYTHING: &str = "*";

text_enum! {
    /// What a source lists.
    Format {
        SecretStore = "secret_store": "Secrets of a store",
        Webhooks = "webhooks": "Webhook subscriptions",
        LogScanner = "log_scanner": "Hits of a log scanner",
        Configuration = "configuration": "Configuration checks",
    }
}

impl Format {
    /// What a source of this kind can cover completely, in words.
    #[must_use]
    pub const fn covers(self) -> &'static str {
        match self {
            Self::SecretStore => "places where secrets are kept, such as vault",
            Self::Webhooks => "keys of the systems that send webhooks",
            Self::LogScanner | Self::Configuration => "keys of systems",
        }
    }
}

/// A secret that a store lists; never the secret itself.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Secret {
    /// What the store calls it.
    pub id: String,
    /// Where it is kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub location: Option<String>,
    /// The day on which it was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created: Option<Day>,
    /// The day on which it was last rotated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rotated: Option<Day>,
    /// The day on which it was last used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_used: Option<Day>,
}

/// A subscription to webhooks.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Webhook {
    /// Where they are sent: without user, password, query and fragment, which may hold secrets.
    pub endpoint: String,
    /// For which events.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub events: Vec<String>,
    /// Whether they are signed; `None` is unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signed: Option<bool>,
}

/// A hit of a scanner: an element on a system, never the value.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct LogHit {
    /// The system, by key or name.
    pub system: String,
    /// The element, by key.
    pub element: String,
    /// The form in which it was found.
    pub form: Form,
    /// When.
    pub at: String,
}

/// A check of a configuration.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ConfigurationCheck {
    /// The system, by key or name.
    pub system: String,
    /// The standard that it was compared with.
    pub standard: String,
    /// Whether it agreed.
    pub passed: bool,
    /// When.
    pub at: String,
}

/// What a source lists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Seen {
    /// Secrets.
    Secrets(Vec<Secret>),
    /// Subscriptions.
    Webhooks(Vec<Webhook>),
    /// Hits.
    LogHits(Vec<LogHit>),
    /// Checks.
    Checks(Vec<ConfigurationCheck>),
}

impl Seen {
    /// What kind of list it is.
    #[must_use]
    pub const fn format(&self) -> Format {
        match self {
            Self::Secrets(_) => Format::SecretStore,
            Self::Webhooks(_) => Format::Webhooks,
            Self::LogHits(_) => Format::LogScanner,
            Self::Checks(_) => Format::Configuration,
        }
    }

    /// How many things are listed.
    #[must_use]
    pub fn len(&self) -> usize {
        match self {
            Self::Secrets(them) => them.len(),
            Self::Webhooks(them) => them.len(),
            Self::LogHits(them) => them.len(),
            Self::Checks(them) => them.len(),
        }
    }

    /// Whether nothing is listed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn to_value(&self) -> Value {
        let value = match self {
            Self::Secrets(them) => serde_json::to_value(them),
            Self::Webhooks(them) => serde_json::to_value(them),
            Self::LogHits(them) => serde_json::to_value(them),
            Self::Checks(them) => serde_json::to_value(them),
        };
        value.expect("texts, days and words always have a form in JSON")
    }

    fn from_value(format: Format, value: &Value) -> Option<Self> {
        fn list<T: serde::de::DeserializeOwned>(value: &Value) -> Option<Vec<T>> {
            serde_json::from_value(value.clone()).ok()
        }
        Some(match format {
            Format::SecretStore => Self::Secrets(list(value)?),
            Format::Webhooks => Self::Webhooks(list(value)?),
            Format::LogScanner => Self::LogHits(list(value)?),
            Format::Configuration => Self::Checks(list(value)?),
        })
    }
}

/// A source and what it saw.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// The key.
    pub id: RecordId,
    /// What people call it.
    pub name: String,
    /// When it saw all of it.
    pub seen_at: Timestamp,
    /// What it covers completely: [`Format::covers`], or [`EVERYTHING`].
    pub complete_for: Vec<String>,
    /// The day from which on it covers that.
    pub complete_since: Option<Day>,
    /// What it saw.
    pub seen: Seen,
}

impl Source {
    /// The source that a record describes; `None` where it is none, or does not have the shape of one.
    #[must_use]
    pub fn of(record: &Record) -> Option<Self> {
        if record.key.kind != ObjectKind::Observation {
            return None;
        }
        let facts = &record.facts;
        let format: Format = said::text(facts, "format")?.parse().ok()?;
        Some(Self {
            id: record.key.id.clone(),
            name: if record.name.is_empty() { record.key.id.to_string() } else { record.name.clone() },
            seen_at: said::instant(facts, "seen_at")?,
            complete_for: said::list(facts, "complete_for").into_iter().map(str::to_owned).collect(),
            complete_since: said::day(facts, "complete_since"),
            seen: Seen::from_value(format, facts.get("seen").map(|it| &it.value)?)?,
        })
    }

    /// The record that is stored. What else people said of the record before is kept.
    #[must_use]
    pub fn into_record(self, before: Option<&Record>) -> Record {
        let mut facts: Facts = before.map(|it| it.facts.clone()).unwrap_or_default();
        let mut put = |name: &str, value: Value| facts.insert(name.to_owned(), Fact::of(value));
        put("format", self.seen.format().as_str().into());
        put("seen_at", self.seen_at.to_string().into());
        put("seen", self.seen.to_value());
        if self.complete_for.is_empty() {
            facts.remove("complete_for");
            facts.remove("complete_since");
        } else {
            put("complete_for", self.complete_for.clone().into());
            let since = self.complete_since.unwrap_or_else(|| self.seen_at.day());
            put("complete_since", since.to_string().into());
        }
        Record { key: key(&self.id), name: self.name, facts }
    }
}

/// The key of a source among the records.
#[must_use]
pub fn key(id: &RecordId) -> RecordKey {
    RecordKey { kind: ObjectKind::Observation, id: id.clone() }
}

/// The records of all sources, by key.
pub fn records(model: &Model) -> impl Iterator<Item = &Record> {
    model.records.values().map(|it| &**it).filter(|it| it.key.kind == ObjectKind::Observation)
}
