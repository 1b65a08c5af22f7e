//! The values of facts: out of the text of a form or a cell, and back into it.

use serde_json::{Number, Value};

use super::{Attribute, FactType};
use crate::id::{KEY_MAX, KeyError, check_key};
use crate::problem::FieldCode;
use crate::time::{Day, Timestamp};

/// Longest text on one line, and longest item of a list, in characters.
pub const TEXT_MAX: usize = 500;
/// Longest text of several lines and longest structure, in characters.
pub const LONG_TEXT_MAX: usize = 4000;
/// Longest reference of an evidence item, in characters.
pub const EVIDENCE_MAX: usize = 120;

/// Reads the value of an attribute from the texts of a form field or of a cell: one text, or several where
/// the field was posted several times. Nothing but blanks, and `unknown` for a yes-or-no, is no value.
///
/// Lists are divided by `;`. An instant may be given as a day, which means its beginning in UTC.
///
/// # Errors
/// The text is no value of the attribute's type, or is too long.
pub fn parse(attribute: &Attribute, texts: &[&str]) -> Result<Option<Value>, FieldCode> {
    let first = texts.iter().map(|text| text.trim()).find(|text| !text.is_empty());
    let Some(text) = first else { return Ok(None) };
    let value = match attribute.kind {
        FactType::Text => line(text, TEXT_MAX)?,
        FactType::LongText => lines(text)?,
        FactType::Evidence => line(text, EVIDENCE_MAX)?,
        FactType::Bool => match text.to_lowercase().as_str() {
            "yes" | "true" => Value::Bool(true),
            "no" | "false" => Value::Bool(false),
            "unknown" => return Ok(None),
            _ => return Err(FieldCode::NotInList),
        },
        FactType::Integer(_) => integer(text)?,
        FactType::Integers(_) => match items(texts).map(integer).collect::<Result<Vec<_>, _>>()? {
            numbers if numbers.len() == 1 => numbers.into_iter().next().unwrap_or_default(),
            numbers => Value::Array(numbers),
        },
        FactType::Day => Value::String(text.parse::<Day>().map_err(|_| FieldCode::NotADay)?.to_string()),
        FactType::Instant => Value::String(instant(text).ok_or(FieldCode::NotADay)?),
        FactType::Choice(choices) => choice(choices, text)?,
        FactType::Choices(choices) => list(items(texts).map(|item| choice(choices, item)))?,
        FactType::Reference(_) => key(text)?,
        FactType::References(_) => list(items(texts).map(key))?,
        FactType::Texts => list(items(texts).map(|item| line(item, TEXT_MAX)))?,
        FactType::Structure => structure(text)?,
    };
    Ok((value != Value::Array(Vec::new())).then_some(value))
}

/// The value as the text that [`parse`] reads back: `yes` and `no`, lists divided by `; `, structures as JSON.
/// A value of another shape than the attribute's, as files may have, is shown as it is.
#[must_use]
pub fn display(attribute: &Attribute, value: &Value) -> String {
    match (attribute.kind, value) {
        (FactType::Structure, value) => value.to_string(),
        (_, Value::Array(items)) => items.iter().map(plain).collect::<Vec<_>>().join("; "),
        (_, value) => plain(value),
    }
}

/// Whether the value has the shape of the attribute's type. A list of one may be written without brackets.
#[must_use]
pub fn fits(attribute: &Attribute, value: &Value) -> bool {
    let text = |test: &dyn Fn(&str) -> bool| value.as_str().is_some_and(test);
    let each = |test: &dyn Fn(&Value) -> bool| match value {
        Value::Array(items) => items.iter().all(test),
        one => test(one),
    };
    match attribute.kind {
        FactType::Text | FactType::LongText | FactType::Evidence | FactType::Reference(_) => value.is_string(),
        FactType::Bool => value.is_boolean(),
        FactType::Integer(_) => value.is_u64(),
        FactType::Integers(_) => each(&Value::is_u64),
        FactType::Day => text(&|text| text.parse::<Day>().is_ok()),
        FactType::Instant => text(&|text| instant(text).is_some()),
        FactType::Choice(choices) => text(&|text| choices.contains(&text)),
        FactType::Choices(choices) => each(&|item| item.as_str().is_some_and(|text| choices.contains(&text))),
        FactType::Texts | FactType::References(_) => each(&Value::is_string),
        FactType::Structure => value.is_object() || value.is_array(),
    }
}

/// A word of a closed list as people read it: `on_demand` is `On demand`.
#[must_use]
pub fn choice_label(word: &str) -> String {
    const CAPITALS: &[&str] =
        &["csp", "hmac", "hsm", "kek", "nist", "owasp", "scd", "sdn", "sri", "ssl", "tls", "tpsp"];
    let mut label = String::new();
    for (index, part) in word.split('_').enumerate() {
        let letters: String = part.chars().take_while(char::is_ascii_alphabetic).collect();
        let rest = &part[letters.len()..];
        if index > 0 {
            label.push(' ');
        }
        if CAPITALS.contains(&letters.as_str()) {
            label.push_str(&letters.to_uppercase());
            if !rest.is_empty() {
                label.push(' ');
            }
            label.push_str(rest);
        } else if index == 0 {
            label.extend(part.chars().next().map(|first| first.to_ascii_uppercase()));
            label.push_str(part.get(1..).unwrap_or(""));
        } else {
            label.push_str(part);
        }
    }
    label
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Bool(true) => "yes".to_owned(),
        Value::Bool(false) => "no".to_owned(),
        other => other.to_string(),
    }
}

/// The items of a list, in order and without the empty ones, each once.
fn items<'a>(texts: &[&'a str]) -> impl Iterator<Item = &'a str> {
    let mut items: Vec<&str> = Vec::new();
    for item in texts.iter().flat_map(|text| text.split(';')).map(str::trim) {
        if !item.is_empty() && !items.contains(&item) {
            items.push(item);
        }
    }
    items.into_iter()
}

fn list(values: impl Iterator<Item = Result<Value, FieldCode>>) -> Result<Value, FieldCode> {
    values.collect::<Result<Vec<_>, _>>().map(Value::Array)
}

fn line(text: &str, most: usize) -> Result<Value, FieldCode> {
    if text.chars().any(char::is_control) {
        return Err(FieldCode::ControlCharacter);
    }
    within(text, most).map(|()| Value::from(text))
}

/// Browsers send line breaks as CR LF; one of them is kept.
fn lines(text: &str) -> Result<Value, FieldCode> {
    let text = text.replace("\r\n", "\n");
    if text.chars().any(|c| c.is_control() && c != '\n' && c != '\t') {
        return Err(FieldCode::ControlCharacter);
    }
    within(&text, LONG_TEXT_MAX).map(|()| Value::from(text))
}

fn within(text: &str, most: usize) -> Result<(), FieldCode> {
    if text.chars().count() > most {
        return Err(FieldCode::TooLong(u32::try_from(most).unwrap_or(u32::MAX)));
    }
    Ok(())
}

/// Whole numbers up to the largest that every database column holds.
fn integer(text: &str) -> Result<Value, FieldCode> {
    let number = text.parse::<i64>().ok().filter(|number| *number >= 0).ok_or(FieldCode::NotANumber)?;
    Ok(Value::Number(Number::from(number)))
}

fn choice(choices: &[&str], text: &str) -> Result<Value, FieldCode> {
    choices.contains(&text).then(|| Value::from(text)).ok_or(FieldCode::NotInList)
}

fn key(text: &str) -> Result<Value, FieldCode> {
    check_key(text).map_err(|error| match error {
        KeyError::Empty => FieldCode::Missing,
        KeyError::TooLong => FieldCode::TooLong(u32::try_from(KEY_MAX).unwrap_or(u32::MAX)),
        KeyError::Control => FieldCode::ControlCharacter,
    })?;
    Ok(Value::from(text))
}

fn structure(text: &str) -> Result<Value, FieldCode> {
    within(text, LONG_TEXT_MAX)?;
    match serde_json::from_str::<Value>(text) {
        Ok(value) if value.is_object() || value.is_array() => Ok(value),
        _ => Err(FieldCode::NotAStructure),
    }
}

/// An instant in UTC to the second, from `2026-11-21`, `2026-11-21T09:30` (as browsers send it),
/// `2026-11-21T09:30:00` or the same with `Z`.
fn instant(text: &str) -> Option<String> {
    text.parse::<Timestamp>().ok().map(|instant| instant.to_string())
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::model::object::ObjectKind;
    use serde_json::json;

    const fn of(kind: FactType) -> Attribute {
        Attribute { object: ObjectKind::System, name: "x", label: "X", hint: "", kind, common: false }
    }

    #[test]
    fn every_type_reads_what_it_shows() {
        let values = [
            (FactType::Text, json!("a; b")),
            (FactType::LongText, json!("a\nb")),
            (FactType::Bool, json!(true)),
            (FactType::Bool, json!(false)),
            (FactType::Integer("days"), json!(30)),
            (FactType::Integers("port"), json!(443)),
            (FactType::Integers("port"), json!([443, 8443])),
            (FactType::Day, json!("2026-11-21")),
            (FactType::Instant, json!("2026-11-21T09:30:00Z")),
            (FactType::Choice(&["a", "b"]), json!("b")),
            (FactType::Reference(ObjectKind::Person), json!("payments-lead")),
            (FactType::Evidence, json!("EV-0001")),
            (FactType::Texts, json!(["one", "two words"])),
            (FactType::Choices(&["a", "b"]), json!(["b", "a"])),
            (FactType::References(ObjectKind::System), json!(["a", "b"])),
            (FactType::Structure, json!({"a": [1, null]})),
        ];
        for (kind, value) in values {
            let attribute = of(kind);
            assert!(fits(&attribute, &value), "{kind:?} {value}");
            let shown = display(&attribute, &value);
            assert_eq!(parse(&attribute, &[&shown]), Ok(Some(value)), "{kind:?} {shown}");
        }
    }

    #[test]
    fn nothing_but_blanks_is_no_value() {
        for kind in [FactType::Text, FactType::Bool, FactType::Day, FactType::Texts, FactType::Structure] {
            assert_eq!(parse(&of(kind), &[" ", ""]), Ok(None));
            assert_eq!(parse(&of(kind), &[]), Ok(None));
        }
        assert_eq!(parse(&of(FactType::Texts), &[" ; ;"]), Ok(None));
        assert_eq!(parse(&of(FactType::Bool), &["unknown"]), Ok(None));
    }

    #[test]
    fn what_is_no_value_of_the_type_is_refused_with_what_to_do() {
        let long = "x".repeat(TEXT_MAX + 1);
        let refused = [
            (FactType::Text, "a\nb", FieldCode::ControlCharacter),
            (FactType::Text, long.as_str(), FieldCode::TooLong(500)),
            (FactType::Bool, "maybe", FieldCode::NotInList),
            (FactType::Integer("days"), "-1", FieldCode::NotANumber),
            (FactType::Integer("days"), "1.5", FieldCode::NotANumber),
            (FactType::Integers("port"), "443; web", FieldCode::NotANumber),
            (FactType::Day, "21.11.2026", FieldCode::NotADay),
            (FactType::Instant, "2026-11-21T24:00", FieldCode::NotADay),
            (FactType::Choice(&["a"]), "b", FieldCode::NotInList),
            (FactType::Choices(&["a"]), "a; b", FieldCode::NotInList),
            (FactType::Structure, "{", FieldCode::NotAStructure),
            (FactType::Structure, "3", FieldCode::NotAStructure),
        ];
        for (kind, text, code) in refused {
            assert_eq!(parse(&of(kind), &[text]), Err(code), "{kind:?} {text}");
        }
    }

    #[test]
    fn a_field_posted_several_times_is_one_list() {
        let value = parse(&of(FactType::Choices(&["a", "b", "c"])), &["", "a", "c", "a"]).unwrap();
        assert_eq!(value, Some(json!(["a", "c"])));
    }

    #[test]
    fn instants_come_as_days_or_as_browsers_send_them() {
        for text in ["2026-11-21T00:00:00Z", "2026-11-21T00:00", "2026-11-21"] {
            assert_eq!(parse(&of(FactType::Instant), &[text]).unwrap(), Some(json!("2026-11-21T00:00:00Z")), "{text}");
        }
    }

    #[test]
    fn words_of_lists_become_readable() {
        assert_eq!(choice_label("on_demand"), "On demand");
        assert_eq!(choice_label("tls1.2"), "TLS 1.2");
        assert_eq!(choice_label("csp_hash"), "CSP hash");
        assert_eq!(choice_label("hmac"), "HMAC");
    }
}
