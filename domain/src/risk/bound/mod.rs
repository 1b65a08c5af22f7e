//! The facts that a decision is bound to: what the approvers looked at, and whether it got worse since.
//!
//! [`Bound::of`] takes the linked findings and the security attributes of the linked objects ([`attributes`]), each with
//! the direction in which it gets worse. [`Bound::changes`] compares two such sets. Where nobody can say which direction
//! is better, a change counts as worse. Names, owners, notes and tags are no such facts.

mod attributes;
mod findings;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::record::Link;
use super::scheme::Level;
use crate::findings::{Finding, Identity};
use crate::model::Model;
use crate::model::object::ObjectRef;
use crate::scope::Scope;
use crate::time::Day;
pub use findings::FindingFacts;

/// What a decision is bound to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bound {
    /// How bad the risk was.
    pub level: Level,
    /// What the decision covers.
    pub links: BTreeSet<Link>,
    /// The linked findings that were there.
    #[serde(with = "pairs")]
    pub findings: BTreeMap<Identity, FindingFacts>,
    /// The security attributes of the linked objects and elements that were there.
    #[serde(with = "pairs")]
    pub objects: BTreeMap<Link, Attributes>,
}

/// The security attributes of one object, by name.
pub type Attributes = BTreeMap<String, Grade>;

/// The value of an attribute, with the direction in which it gets worse.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Grade {
    /// Worse where it is there: data that is held, a right that was granted.
    Exposure,
    /// Better where it is there: a control, a second factor.
    Protection,
    /// Worse the higher it is. The words are for people.
    Rank(u64, String),
    /// Better the later it is.
    Until(Day),
    /// Any other value counts as worse.
    Fixed(String),
}

impl fmt::Display for Grade {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exposure | Self::Protection => out.write_str("yes"),
            Self::Rank(_, words) | Self::Fixed(words) => out.write_str(words),
            Self::Until(day) => write!(out, "{day}"),
        }
    }
}

/// Something that is not as it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// What it is about; absent where it is about the risk itself.
    pub of: Option<Link>,
    /// Which attribute.
    pub what: String,
    /// As it was; absent where it is new.
    pub was: Option<String>,
    /// As it is; absent where it is gone.
    pub is: Option<String>,
    /// Whether that is worse.
    pub worse: bool,
}

impl Bound {
    /// The facts of now about what a decision covers. `findings` are those of the same model, by identity.
    #[must_use]
    pub fn of(
        links: &BTreeSet<Link>,
        level: Level,
        model: &Model,
        scope: &Scope,
        findings: &BTreeMap<Identity, &Finding>,
    ) -> Self {
        let mut bound = Self { level, links: links.clone(), findings: BTreeMap::new(), objects: BTreeMap::new() };
        for link in links {
            match link {
                Link::Finding(identity) => {
                    let facts = findings.get(identity).map(|finding| FindingFacts::of(finding));
                    bound.findings.extend(facts.map(|facts| (identity.clone(), facts)));
                }
                Link::Object(object) => {
                    let facts = attributes::of_object(object, model, scope);
                    bound.objects.extend(facts.map(|facts| (link.clone(), facts)));
                }
                Link::Element(element) => {
                    bound.objects.insert(link.clone(), attributes::of_element(element, model));
                }
            }
        }
        bound
    }

    /// What is not as it was: the level, then findings, then objects.
    #[must_use]
    pub fn changes(&self, now: &Self) -> Vec<Change> {
        let mut changes = Vec::new();
        if self.level != now.level {
            changes.push(Change {
                of: None,
                what: "level".to_owned(),
                was: Some(self.level.label().to_owned()),
                is: Some(now.level.label().to_owned()),
                worse: now.level > self.level,
            });
        }
        if self.links != now.links {
            changes.extend(links(&self.links, &now.links));
        }
        findings::compare(&self.findings, &now.findings, &mut changes);
        for (link, was) in &self.objects {
            match now.objects.get(link) {
                Some(is) => compare(link, was, is, &mut changes),
                None => changes.push(gone(link)),
            }
        }
        for link in now.objects.keys().filter(|link| !self.objects.contains_key(*link) && self.links.contains(*link)) {
            changes.push(whole(link, None, Some("there again"), true));
        }
        changes
    }

    /// SHA-256 of what the decision is bound to, in hexadecimal. The sentences of findings are left out: they tell names.
    #[must_use]
    pub fn hash(&self) -> String {
        let findings: Vec<_> = self.findings.iter().map(|(identity, it)| (identity, it.severity, &it.hash)).collect();
        let objects: Vec<_> = self.objects.iter().collect();
        let text = serde_json::to_string(&(self.level, &self.links, findings, objects))
            .expect("texts, numbers and lists always have a form in JSON");
        hex::encode(Sha256::digest(text))
    }
}

/// Whether any of the changes is for the worse.
#[must_use]
pub fn is_worse(changes: &[Change]) -> bool {
    changes.iter().any(|change| change.worse)
}

/// What the risk is linked to changed: something that nobody looked at came in.
fn links(was: &BTreeSet<Link>, is: &BTreeSet<Link>) -> Vec<Change> {
    let came = is.difference(was).map(|link| whole(link, None, Some("linked"), true));
    let went = was.difference(is).map(|link| whole(link, Some("linked"), None, false));
    came.chain(went).collect()
}

fn whole(link: &Link, was: Option<&str>, is: Option<&str>, worse: bool) -> Change {
    let (was, is) = (was.map(str::to_owned), is.map(str::to_owned));
    Change { of: Some(link.clone()), what: "it".to_owned(), was, is, worse }
}

/// An object that is no longer in the model. What kept others apart or safe is missed; the rest is no danger any more.
fn gone(link: &Link) -> Change {
    use crate::model::object::ObjectKind as Kind;
    let protects = |object: &ObjectRef| {
        matches!(object.kind(), Kind::Control | Kind::Segment | Kind::Link | Kind::Override | Kind::ElementPolicy)
    };
    let worse = matches!(link, Link::Object(object) if protects(object));
    whole(link, Some("there"), None, worse)
}

fn compare(link: &Link, was: &Attributes, is: &Attributes, changes: &mut Vec<Change>) {
    let names: BTreeSet<&String> = was.keys().chain(is.keys()).collect();
    for name in names {
        let (before, after) = (was.get(name), is.get(name));
        let worse = match (before, after) {
            (Some(before), Some(after)) if before == after => continue,
            (Some(Grade::Rank(was, _)), Some(Grade::Rank(is, _))) if was == is => continue,
            (Some(Grade::Rank(was, _)), Some(Grade::Rank(is, _))) => is > was,
            (Some(Grade::Until(was)), Some(Grade::Until(is))) => is < was,
            // What appears or disappears, without another value in its place.
            (None, Some(Grade::Protection | Grade::Until(_))) | (Some(Grade::Exposure), None) => false,
            (None, Some(Grade::Exposure | Grade::Rank(..))) | (Some(Grade::Protection | Grade::Until(_)), None) => true,
            (Some(Grade::Rank(..)), None) => false,
            _ => true,
        };
        let text = |grade: Option<&Grade>| grade.map(ToString::to_string);
        let (was, is) = (text(before), text(after));
        changes.push(Change { of: Some(link.clone()), what: name.clone(), was, is, worse });
    }
}

/// Maps whose keys are no texts, as lists of pairs.
mod pairs {
    use std::collections::BTreeMap;

    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub(super) fn serialize<K: Serialize, V: Serialize, S: Serializer>(
        map: &BTreeMap<K, V>,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        to.collect_seq(map)
    }

    pub(super) fn deserialize<'de, K, V, D>(from: D) -> Result<BTreeMap<K, V>, D::Error>
    where
        K: Deserialize<'de> + Ord,
        V: Deserialize<'de>,
        D: Deserializer<'de>,
    {
        Ok(Vec::<(K, V)>::deserialize(from)?.into_iter().collect())
    }
}

#[cfg(test)]
mod tests;
