//! What differs between two states of one object, in the names that model files use.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::model_file::members;
use crate::import::fields::FIELD_NAME;
use crate::model::object::Object;

/// The member that holds what is known of facts beside their values; each fact in it is told on its own.
const FACT_DETAILS: &str = "fact_details";

/// The members that list parts of an object, each with the members by which a part is the same part before and after:
/// all of them first, then the first alone, so that a field whose form changes is one change and not two.
const PARTS: [(&str, &[&str]); 6] = [
    ("data", &["element", FIELD_NAME, "form"]),
    ("holdings", &["element", FIELD_NAME, "form"]),
    ("grants", &["on", "priv"]),
    ("manages", &["target", "how"]),
    ("capabilities", &["type", "domain"]),
    ("copies", &["from"]),
];

/// One attribute that changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldChange {
    /// The name of the attribute, as model files have it.
    pub name: String,
    /// The value before; empty where there was none.
    pub before: String,
    /// The value after; empty where there is none.
    pub after: String,
}

/// One part of an object, such as a field of a flow, that comes, goes or changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartChange {
    /// The list that it is in, as model files name it: `data`, `holdings`, `grants`, `manages` and the like.
    pub list: String,
    /// What people call it, as it is now, or as it was where it is gone.
    pub name: String,
    /// What happens to it.
    #[serde(flatten)]
    pub change: Change,
}

/// What happens to an object or to a part of one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "change", rename_all = "snake_case")]
pub enum Change {
    /// It is new.
    Added,
    /// It is gone.
    Removed,
    /// It is there before and after, and these things about it differ.
    Changed {
        /// Its attributes, by name.
        attributes: Vec<FieldChange>,
        /// Its parts, by list; within a list those that stay first, in their order, then what is gone, then what is new.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        parts: Vec<PartChange>,
    },
}

/// The attributes in which two states of an object differ, by name. A list of parts counts as one attribute.
#[must_use]
pub fn differences(before: &Object, after: &Object) -> Vec<FieldChange> {
    differing(&members(before), &members(after)).iter().map(attribute).collect()
}

/// What differs between two states of an object, with its parts told one by one. `None` where nothing does.
#[must_use]
pub fn change(before: &Object, after: &Object) -> Option<Change> {
    let (mut attributes, mut parts) = (Vec::new(), Vec::new());
    for it in differing(&members(before), &members(after)) {
        match PARTS.iter().find(|(list, _)| *list == it.name) {
            Some((list, identity)) => parts.extend(parts_of(list, identity, &it)),
            None => attributes.push(attribute(&it)),
        }
    }
    if attributes.is_empty() && parts.is_empty() { None } else { Some(Change::Changed { attributes, parts }) }
}

/// A member whose value differs; `Null` stands for one that is not there.
struct Differing {
    name: String,
    before: Value,
    after: Value,
}

fn differing(before: &Map<String, Value>, after: &Map<String, Value>) -> Vec<Differing> {
    let (before, after) = (flat(before), flat(after));
    let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let value = |members: &BTreeMap<String, Value>, name: &str| members.get(name).cloned().unwrap_or_default();
    names
        .into_iter()
        .map(|name| Differing { name: name.clone(), before: value(&before, name), after: value(&after, name) })
        .filter(|it| it.before != it.after)
        .collect()
}

/// The members by name, the details of facts among them.
fn flat(members: &Map<String, Value>) -> BTreeMap<String, Value> {
    let mut all: BTreeMap<String, Value> = members.clone().into_iter().collect();
    if let Some(Value::Object(details)) = all.remove(FACT_DETAILS) {
        all.extend(details.into_iter().map(|(fact, detail)| (format!("{FACT_DETAILS}.{fact}"), detail)));
    }
    all
}

fn attribute(it: &Differing) -> FieldChange {
    FieldChange { name: it.name.clone(), before: words(&it.before), after: words(&it.after) }
}

/// The parts of a list that come, go or change. Those that are equal are paired first, then those with the same
/// identity, then those that share its first member.
fn parts_of(list: &str, identity: &[&str], it: &Differing) -> Vec<PartChange> {
    let items = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let (mut before, mut after) = (items(&it.before), items(&it.after));
    // Most lists are long and differ at one place, so what is equal up to there is passed over at once.
    let equal = before.iter().zip(&after).take_while(|(one, other)| one == other).count();
    before.drain(..equal);
    after.drain(..equal);
    take_pairs(&mut before, &mut after, |one, other| one == other);
    let same = |members: &[&str], one: &Value, other: &Value| members.iter().all(|name| one[*name] == other[*name]);
    let mut pairs = Vec::new();
    for known_by in (1..=identity.len()).rev() {
        pairs.extend(take_pairs(&mut before, &mut after, |one, other| same(&identity[..known_by], one, other)));
    }
    let part = |item: &Value, change: Change| PartChange { list: list.to_owned(), name: words(item), change };
    let changed = pairs.iter().map(|(one, other)| {
        let none = Map::new();
        let members = |value: &'_ Value| value.as_object().unwrap_or(&none).clone();
        let attributes = differing(&members(one), &members(other)).iter().map(attribute).collect();
        part(other, Change::Changed { attributes, parts: Vec::new() })
    });
    let mut all: Vec<PartChange> = changed.collect();
    all.extend(before.iter().map(|item| part(item, Change::Removed)));
    all.extend(after.iter().map(|item| part(item, Change::Added)));
    all
}

/// Takes the items that belong together out of both lists, in the order of the second.
fn take_pairs(
    before: &mut Vec<Value>,
    after: &mut Vec<Value>,
    belong: impl Fn(&Value, &Value) -> bool,
) -> Vec<(Value, Value)> {
    let (mut pairs, mut left) = (Vec::new(), Vec::new());
    for item in std::mem::take(after) {
        match before.iter().position(|other| belong(other, &item)) {
            Some(place) => pairs.push((before.remove(place), item)),
            None => left.push(item),
        }
    }
    *after = left;
    pairs
}

/// A value as people read it.
fn words(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Bool(yes) => if *yes { "yes" } else { "no" }.to_owned(),
        Value::String(text) => text.clone(),
        Value::Array(list) => list.iter().map(words).collect::<Vec<_>>().join(", "),
        Value::Object(members) => {
            let text = |name: &str| members.get(name).and_then(Value::as_str);
            match (text("element"), text("form"), text("name")) {
                (Some(element), Some(form), _) => match text(FIELD_NAME) {
                    Some(name) => format!("{element} {form} ({name})"),
                    None => format!("{element} {form}"),
                },
                (_, _, Some(name)) if members.contains_key("dismissed") => format!("{name} (no payment data)"),
                (_, _, Some(name)) => name.to_owned(),
                _ => {
                    let parts: Vec<String> =
                        members.iter().map(|(name, value)| format!("{name} {}", words(value))).collect();
                    parts.join(" ")
                }
            }
        }
        Value::Number(number) => number.to_string(),
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::model::object::ObjectRef;
    use crate::model::reader::read_json;

    fn flow(data: &str) -> Object {
        let ends = r#""systems":[{"id":"a"},{"id":"b"}]"#;
        let file = format!(r#"{{{ends},"flows":[{{"id":"f","from":"a","to":"b","data":[{data}]}}]}}"#);
        read_json(file.as_bytes()).unwrap().0.get(&ObjectRef::Flow("f".into())).unwrap()
    }

    fn told(before: &str, after: &str) -> Vec<String> {
        let Some(Change::Changed { attributes, parts }) = change(&flow(before), &flow(after)) else {
            return Vec::new();
        };
        assert_eq!(attributes, []);
        let word = |it: &PartChange| match &it.change {
            Change::Added => format!("+ {}", it.name),
            Change::Removed => format!("- {}", it.name),
            Change::Changed { attributes, .. } => {
                let all = attributes.iter().map(|it| format!("{} {} > {}", it.name, it.before, it.after));
                format!("~ {}: {}", it.name, all.collect::<Vec<_>>().join("; "))
            }
        };
        parts.iter().map(word).collect()
    }

    const PAN: &str = r#"{"element":"pan"}"#;
    const TOKEN: &str = r#"{"element":"pan","form":"tokenised","domain":"d"}"#;
    const MAIL: &str = r#"{"element":"email"}"#;

    #[test]
    fn a_field_whose_form_changes_is_one_change() {
        assert_eq!(told(PAN, TOKEN), ["~ pan tokenised: domain  > d; form clear > tokenised"]);
    }

    #[test]
    fn fields_that_come_and_go_are_told_one_by_one() {
        assert_eq!(told(PAN, &format!("{PAN},{MAIL}")), ["+ email clear"]);
        assert_eq!(told(&format!("{PAN},{TOKEN}"), TOKEN), ["- pan clear"], "the one that stays is not mistaken");
        assert_eq!(told(PAN, MAIL), ["- pan clear", "+ email clear"]);
        assert_eq!(told(PAN, PAN), Vec::<String>::new());
    }

    #[test]
    fn a_list_of_parts_is_one_attribute_where_attributes_are_listed() {
        let all = differences(&flow(PAN), &flow(&format!("{PAN},{MAIL}")));
        let change = FieldChange {
            name: "data".to_owned(),
            before: "pan clear".to_owned(),
            after: "pan clear, email clear".to_owned(),
        };
        assert_eq!(all, [change]);
    }
}
