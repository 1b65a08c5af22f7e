//! The facts of a model file: whether each is what its attribute says, and whom they refer to.

use serde_json::Value;

use crate::model::Model;
use crate::model::fact::{Attribute, FactType, Facts, attribute, fits, resolves};
use crate::model::object::{Object, ObjectKind};

/// One value that is not what its attribute says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct BadFact {
    /// The member of the object: `owner`, or `holdings[0].purpose`.
    pub member: String,
    /// What is wrong.
    pub reason: &'static str,
    /// What to do about it.
    pub remedy: String,
    /// The text that is wrong, where it is one.
    pub value: String,
}

/// The facts of an object and of its parts, each with its kind and what stands before its name in a file.
pub(super) fn facts_of(object: &Object) -> Vec<(ObjectKind, String, &Facts)> {
    let own = |facts| vec![(object.reference().kind(), String::new(), facts)];
    match object {
        Object::Settings(it) => own(&it.facts),
        Object::Person(it) => own(&it.facts),
        Object::Vendor(it) => own(&it.facts),
        Object::Segment(it) => own(&it.facts),
        Object::Control(it) => own(&it.facts),
        Object::Link(it) => own(&it.facts),
        Object::Key(it) => own(&it.facts),
        Object::Record(it) => own(&it.facts),
        Object::Override(_) => Vec::new(),
        Object::System(it) => {
            let holdings = it.holdings.iter().map(|it| &it.facts);
            [own(&it.facts), of_parts(ObjectKind::Holding, "holdings", holdings)].concat()
        }
        Object::Flow(it) => {
            let fields = it.fields.iter().map(|it| &it.facts);
            [own(&it.facts), of_parts(ObjectKind::FlowField, "data", fields)].concat()
        }
        Object::Credential(it) => {
            let grants = it.grants.iter().map(|it| &it.facts);
            [own(&it.facts), of_parts(ObjectKind::Grant, "grants", grants)].concat()
        }
    }
}

fn of_parts<'a>(
    kind: ObjectKind,
    list: &str,
    facts: impl Iterator<Item = &'a Facts>,
) -> Vec<(ObjectKind, String, &'a Facts)> {
    facts.enumerate().map(|(at, facts)| (kind, format!("{list}[{at}]."), facts)).collect()
}

/// The facts of an object that are not what they should be. Names that are not registered are the reader's concern.
pub(super) fn bad_facts(object: &Object, model: &Model) -> Vec<BadFact> {
    let mut bad = Vec::new();
    for (kind, prefix, facts) in facts_of(object) {
        for (name, fact) in facts {
            let Some(attribute) = attribute(kind, name) else { continue };
            let problem = if !fits(attribute, &fact.value) {
                Some(("has a value of another type", remedy(attribute)))
            } else if !is_created(attribute) && !resolves(attribute, &fact.value, model) {
                let remedy = "add the object to the file or correct its id".to_owned();
                Some(("refers to an object that does not exist", remedy))
            } else {
                None
            };
            bad.extend(problem.map(|(reason, remedy)| BadFact {
                member: format!("{prefix}{name}"),
                reason,
                remedy,
                value: fact.text().unwrap_or_default().to_owned(),
            }));
        }
    }
    bad
}

/// The people, vendors and segments that the facts of an object name.
pub(super) fn created_references(object: &Object) -> Vec<(ObjectKind, String)> {
    let mut named = Vec::new();
    for (kind, _, facts) in facts_of(object) {
        for (name, fact) in facts {
            let Some(attribute) = attribute(kind, name).filter(|it| is_created(it)) else { continue };
            let (FactType::Reference(target) | FactType::References(target)) = attribute.kind else { continue };
            let keys = match &fact.value {
                Value::Array(keys) => keys.iter().collect(),
                key => vec![key],
            };
            named.extend(keys.into_iter().filter_map(Value::as_str).map(|key| (target, key.to_owned())));
        }
    }
    named
}

/// Whether what the attribute refers to is created where it does not exist yet.
const fn is_created(attribute: &Attribute) -> bool {
    matches!(
        attribute.kind,
        FactType::Reference(ObjectKind::Person | ObjectKind::Vendor | ObjectKind::Segment)
            | FactType::References(ObjectKind::Person | ObjectKind::Vendor | ObjectKind::Segment)
    )
}

fn remedy(attribute: &Attribute) -> String {
    match attribute.kind {
        FactType::Bool => "write true or false".to_owned(),
        FactType::Integer(_) => "write a whole number that is not negative".to_owned(),
        FactType::Integers(_) => "write a whole number or a list of them".to_owned(),
        FactType::Day => "write a day such as 2026-11-21".to_owned(),
        FactType::Instant => "write an instant such as 2026-11-21T09:30:00Z".to_owned(),
        FactType::Choice(list) => format!("write one of {}", list.join(", ")),
        FactType::Choices(list) => format!("write a list of {}", list.join(", ")),
        FactType::Texts | FactType::References(_) => "write a list of texts".to_owned(),
        FactType::Structure => "write an object or a list".to_owned(),
        FactType::Text | FactType::LongText | FactType::Evidence | FactType::Reference(_) => "write a text".to_owned(),
    }
}
