//! The value of a registered fact in a CSV cell, both ways.

use serde_json::Value;

use super::cell::{items, joined};
use super::json;
use super::words::{compact, yes_or_no};
use crate::model::fact::FactType;
use crate::time::Day;

/// What is wrong with a cell, and what to write instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadValue {
    /// What the cell should be, as in "is no day".
    pub is_no: &'static str,
    /// What to do.
    pub remedy: String,
}

impl BadValue {
    fn new(is_no: &'static str, remedy: impl Into<String>) -> Self {
        Self { is_no, remedy: remedy.into() }
    }
}

/// The value that a cell means. References stay the text they are: whether they exist shows in the model.
///
/// # Errors
/// The cell is not of the type.
pub fn value_of(kind: FactType, cell: &str) -> Result<Value, BadValue> {
    let text = cell.trim();
    Ok(match kind {
        FactType::Text | FactType::LongText | FactType::Evidence => Value::from(cell),
        FactType::Reference(_) => Value::from(text),
        FactType::Bool => {
            Value::from(yes_or_no(text).ok_or_else(|| BadValue::new("yes or no", "write yes or no"))?)
        }
        FactType::Integer(_) => {
            let number: Option<u64> = text.parse().ok();
            let number = number.filter(|number| i64::try_from(*number).is_ok());
            Value::from(number.ok_or_else(|| BadValue::new("whole number", "write a whole number such as 30"))?)
        }
        FactType::Day => {
            let day: Day = text.parse().map_err(|_| BadValue::new("day", "write a day such as 2026-11-21"))?;
            Value::from(day.to_string())
        }
        FactType::Instant => {
            Value::from(instant(text).ok_or_else(|| {
                BadValue::new("instant", "write an instant in UTC such as 2026-11-21T09:30:00Z")
            })?)
        }
        FactType::Choice(list) => Value::from(choice(list, text)?),
        FactType::Texts | FactType::References(_) => Value::from(items(text)),
        FactType::Choices(list) => {
            let chosen: Result<Vec<&str>, BadValue> = items(text).iter().map(|item| choice(list, item)).collect();
            Value::from(chosen?)
        }
        FactType::Structure => {
            let bad = || BadValue::new("JSON", "write the value as JSON");
            json::check_depth(text).map_err(|_| bad())?;
            serde_json::from_str(text).map_err(|_| bad())?
        }
    })
}

fn choice(list: &'static [&'static str], text: &str) -> Result<&'static str, BadValue> {
    let wanted = compact(text);
    let found = list.iter().find(|it| **it == text).or_else(|| list.iter().find(|it| compact(it) == wanted));
    found.copied().ok_or_else(|| BadValue::new("value of the list", format!("use one of {}", list.join(", "))))
}

/// An RFC 3339 instant in UTC, to the second or finer, as it stands.
fn instant(text: &str) -> Option<&str> {
    let (day, time) = text.strip_suffix('Z')?.split_once('T')?;
    day.parse::<Day>().ok()?;
    let (clock, fraction) = time.split_once('.').unwrap_or((time, "0"));
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let mut parts = clock.split(':');
    let in_range = |part: Option<&str>, below: u32| {
        part.is_some_and(|it| it.len() == 2 && digits(it) && it.parse::<u32>().is_ok_and(|number| number < below))
    };
    let fits = in_range(parts.next(), 24) && in_range(parts.next(), 60) && in_range(parts.next(), 60);
    (fits && parts.next().is_none() && digits(fraction)).then_some(text)
}

/// The cell of a value. [`value_of`] gives the same value.
#[must_use]
pub fn cell_of(kind: FactType, value: &Value) -> String {
    match (kind, value) {
        (FactType::Structure, value) => value.to_string(),
        (_, Value::String(text)) => text.clone(),
        (_, Value::Bool(yes)) => if *yes { "yes" } else { "no" }.to_owned(),
        (_, Value::Array(list)) if list.iter().all(Value::is_string) => joined(list.iter().filter_map(Value::as_str)),
        (_, value) => value.to_string(),
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::model::object::ObjectKind;

    #[test]
    fn a_value_comes_back_from_its_cell() {
        const LIST: &[&str] = &["tls1.2", "tls1.3"];
        for (kind, cell, value) in [
            (FactType::Text, "a; b", serde_json::json!("a; b")),
            (FactType::Bool, "yes", serde_json::json!(true)),
            (FactType::Integer("days"), "30", serde_json::json!(30)),
            (FactType::Day, "2026-11-21", serde_json::json!("2026-11-21")),
            (FactType::Instant, "2026-11-21T09:30:00Z", serde_json::json!("2026-11-21T09:30:00Z")),
            (FactType::Choice(LIST), "tls1.2", serde_json::json!("tls1.2")),
            (FactType::Choices(LIST), "tls1.2;tls1.3", serde_json::json!(["tls1.2", "tls1.3"])),
            (FactType::Texts, "a;\"b;c\"", serde_json::json!(["a", "b;c"])),
            (FactType::References(ObjectKind::Person), "lead", serde_json::json!(["lead"])),
            (FactType::Structure, r#"{"a":[1]}"#, serde_json::json!({"a": [1]})),
        ] {
            assert_eq!(value_of(kind, cell).unwrap(), value, "{cell}");
            assert_eq!(cell_of(kind, &value), cell);
        }
        assert_eq!(value_of(FactType::Choice(LIST), "TLS 1.3").unwrap(), "tls1.3");
    }

    #[test]
    fn a_cell_of_another_type_says_what_to_write() {
        for (kind, cell) in [
            (FactType::Bool, "perhaps"),
            (FactType::Integer("days"), "-1"),
            (FactType::Integer("days"), "1.5"),
            (FactType::Day, "21.11.2026"),
            (FactType::Instant, "2026-11-21T25:00:00Z"),
            (FactType::Choice(&["a"]), "b"),
            (FactType::Structure, "{"),
        ] {
            assert!(!value_of(kind, cell).unwrap_err().remedy.is_empty(), "{cell}");
        }
        let deep = "[".repeat(200);
        assert!(value_of(FactType::Structure, &deep).is_err());
    }
}
