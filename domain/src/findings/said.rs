//! What people said of an object: registered facts as values. A fact that is `unknown` is none.

use serde_json::Value;

use crate::model::fact::Facts;
use crate::time::{Day, Timestamp};

/// The fact as a word or text.
#[must_use]
pub fn text<'a>(facts: &'a Facts, name: &str) -> Option<&'a str> {
    facts.get(name).and_then(|fact| fact.value.as_str()).filter(|text| !text.trim().is_empty() && *text != "unknown")
}

/// Whether anything is said at all: a text, a number, a list or a structure that is not empty.
#[must_use]
pub fn anything(facts: &Facts, name: &str) -> bool {
    facts.get(name).is_some_and(|fact| match &fact.value {
        Value::Null => false,
        Value::String(_) => text(facts, name).is_some(),
        Value::Array(items) => !items.is_empty(),
        Value::Object(members) => members.values().any(|it| !it.is_null()),
        Value::Bool(_) | Value::Number(_) => true,
    })
}

/// The fact as yes or no.
#[must_use]
pub fn yes(facts: &Facts, name: &str) -> Option<bool> {
    facts.get(name).and_then(|fact| fact.value.as_bool())
}

/// The fact as a number.
#[must_use]
pub fn number(facts: &Facts, name: &str) -> Option<u64> {
    facts.get(name).and_then(|fact| fact.value.as_u64())
}

/// The fact as a day.
#[must_use]
pub fn day(facts: &Facts, name: &str) -> Option<Day> {
    text(facts, name)?.parse().ok()
}

/// The fact as an instant; a day is its beginning.
#[must_use]
pub fn instant(facts: &Facts, name: &str) -> Option<Timestamp> {
    instant_of(text(facts, name)?)
}

/// A text as an instant; a day is its beginning. What follows the second is not read.
#[must_use]
pub fn instant_of(text: &str) -> Option<Timestamp> {
    let (day, time) = text.split_once('T').unwrap_or((text, "00:00:00"));
    let mut parts = time.trim_end_matches('Z').split(':').map(|part| part.get(..2)?.parse::<i64>().ok());
    let (hour, minute) = (parts.next()??, parts.next()??);
    let second = parts.next().flatten().unwrap_or(0);
    Some(day.parse::<Day>().ok()?.start().plus_seconds(hour * 3600 + minute * 60 + second))
}

/// The fact as a list of texts; one text is a list of one.
#[must_use]
pub fn list<'a>(facts: &'a Facts, name: &str) -> Vec<&'a str> {
    match facts.get(name).map(|fact| &fact.value) {
        Some(Value::Array(items)) => items.iter().filter_map(Value::as_str).collect(),
        Some(Value::String(one)) if !one.is_empty() => vec![one],
        _ => Vec::new(),
    }
}

/// A part of a fact that is a structure.
#[must_use]
pub fn part<'a>(facts: &'a Facts, name: &str, part: &str) -> Option<&'a Value> {
    facts.get(name).and_then(|fact| fact.value.get(part)).filter(|value| !value.is_null())
}

/// The items of a fact that is a list of structures.
pub fn items<'a>(facts: &'a Facts, name: &str) -> impl Iterator<Item = &'a Value> {
    facts.get(name).and_then(|fact| fact.value.as_array()).into_iter().flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::fact::Fact;
    use serde_json::json;

    #[test]
    fn what_is_unknown_or_blank_is_not_said() {
        let facts: Facts = [("a", json!("unknown")), ("b", json!(" ")), ("c", json!([])), ("d", json!({"x": null}))]
            .map(|(name, value)| (name.to_owned(), Fact::of(value)))
            .into();
        for name in ["a", "b", "c", "d", "e"] {
            assert!(!anything(&facts, name), "{name}");
            assert_eq!(text(&facts, name), None);
        }
    }

    #[test]
    fn an_instant_may_be_a_day() {
        assert_eq!(instant_of("2026-01-02"), Some(Day(20_455).start()));
        assert_eq!(instant_of("2026-01-02T01:00:01Z"), Some(Day(20_455).start().plus_seconds(3601)));
        assert_eq!(instant_of("soon"), None);
    }
}
