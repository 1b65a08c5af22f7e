//! The value of a registered fact in a CSV cell, both ways. What a value must satisfy is the same as in forms.

use serde_json::Value;

use super::cell::{items, joined};
use super::json;
use super::words::{compact, yes_or_no};
use crate::model::fact::{Attribute, FactType, parse};
use crate::problem::FieldCode;

/// The value that a cell means; `None` where it says nothing. Words of lists are read whatever their case and
/// punctuation. References stay the text they are: whether they exist shows in the model.
///
/// # Errors
/// The cell is no value of the attribute.
pub fn value_of(attribute: &Attribute, cell: &str) -> Result<Option<Value>, FieldCode> {
    match attribute.kind {
        FactType::Bool => match yes_or_no(cell) {
            Some(yes) => Ok(Some(Value::Bool(yes))),
            None => parse(attribute, &[cell]),
        },
        FactType::Choice(list) => parse(attribute, &[word_of(list, cell)]),
        FactType::Choices(list) => {
            let items = items(cell);
            parse(attribute, &items.iter().map(|item| word_of(list, item)).collect::<Vec<_>>())
        }
        FactType::Texts => each(attribute, FactType::Text, cell),
        FactType::References(kind) => each(attribute, FactType::Reference(kind), cell),
        FactType::Structure => {
            json::check_depth(cell).map_err(|_| FieldCode::NotAStructure)?;
            parse(attribute, &[cell])
        }
        _ => parse(attribute, &[cell]),
    }
}

/// A list whose items are of a type of their own; an item in quotes may contain a semicolon.
fn each(attribute: &Attribute, kind: FactType, cell: &str) -> Result<Option<Value>, FieldCode> {
    let one = Attribute { kind, ..*attribute };
    let mut values: Vec<Value> = Vec::new();
    for item in items(cell) {
        if let Some(value) = parse(&one, &[&item])?
            && !values.contains(&value)
        {
            values.push(value);
        }
    }
    Ok((!values.is_empty()).then_some(Value::Array(values)))
}

/// The word of a list that a text means, or the text itself.
fn word_of<'a>(list: &'static [&'static str], text: &'a str) -> &'a str {
    let text = text.trim();
    let wanted = compact(text);
    if list.contains(&text) {
        return text;
    }
    list.iter().find(|word| compact(word) == wanted).copied().unwrap_or(text)
}

/// What to do about a cell that is no value of the attribute, without a full stop.
#[must_use]
pub fn remedy(attribute: &Attribute, code: FieldCode) -> String {
    if let (FieldCode::NotInList, FactType::Choice(list) | FactType::Choices(list)) = (code, attribute.kind) {
        return format!("use one of {}", list.join(", "));
    }
    if code == FieldCode::NotInList {
        return "write yes or no".to_owned();
    }
    let advice = code.advice();
    let mut characters = advice.trim_end_matches('.').chars();
    let first: String = characters.next().map(|first| first.to_lowercase().collect()).unwrap_or_default();
    first + characters.as_str()
}

/// The cell of a value. [`value_of`] gives the same value.
#[must_use]
pub fn cell_of(attribute: &Attribute, value: &Value) -> String {
    match (attribute.kind, value) {
        (FactType::Structure, value) => value.to_string(),
        (_, Value::String(text)) => text.clone(),
        (_, Value::Bool(yes)) => if *yes { "yes" } else { "no" }.to_owned(),
        (_, Value::Array(list)) => {
            let texts: Vec<String> =
                list.iter().map(|item| item.as_str().map_or_else(|| item.to_string(), str::to_owned)).collect();
            joined(texts.iter().map(String::as_str))
        }
        (_, value) => value.to_string(),
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::model::object::ObjectKind;

    fn of(kind: FactType) -> Attribute {
        Attribute { object: ObjectKind::Flow, name: "x", label: "X", hint: "", kind, common: false }
    }

    #[test]
    fn a_value_comes_back_from_its_cell() {
        const LIST: &[&str] = &["tls1.2", "tls1.3"];
        for (kind, cell, value) in [
            (FactType::Text, "a; b", json!("a; b")),
            (FactType::Bool, "yes", json!(true)),
            (FactType::Integer("days"), "30", json!(30)),
            (FactType::Integers("port"), "443;8443", json!([443, 8443])),
            (FactType::Day, "2026-11-21", json!("2026-11-21")),
            (FactType::Instant, "2026-11-21T09:30:00Z", json!("2026-11-21T09:30:00Z")),
            (FactType::Choice(LIST), "tls1.2", json!("tls1.2")),
            (FactType::Choices(LIST), "tls1.2;tls1.3", json!(["tls1.2", "tls1.3"])),
            (FactType::Texts, "a;\"b;c\"", json!(["a", "b;c"])),
            (FactType::References(ObjectKind::Person), "lead", json!(["lead"])),
            (FactType::Structure, r#"{"a":[1]}"#, json!({"a": [1]})),
        ] {
            let attribute = of(kind);
            assert_eq!(value_of(&attribute, cell).unwrap(), Some(value.clone()), "{cell}");
            assert_eq!(cell_of(&attribute, &value), cell);
        }
        assert_eq!(value_of(&of(FactType::Choice(LIST)), "TLS 1.3").unwrap(), Some(json!("tls1.3")));
        assert_eq!(value_of(&of(FactType::Bool), "x").unwrap(), Some(json!(true)));
    }

    #[test]
    fn a_cell_of_another_type_says_what_to_write() {
        for (kind, cell, advice) in [
            (FactType::Bool, "perhaps", "write yes or no"),
            (FactType::Integer("days"), "1.5", "enter a whole number"),
            (FactType::Day, "21.11.2026", "enter a day as year-month-day"),
            (FactType::Choice(&["a", "c"]), "b", "use one of a, c"),
            (FactType::Structure, "{", "write the parts as a JSON object"),
        ] {
            let attribute = of(kind);
            let remedy = remedy(&attribute, value_of(&attribute, cell).unwrap_err());
            assert!(remedy.starts_with(advice) && !remedy.ends_with('.'), "{remedy}");
        }
        assert!(value_of(&of(FactType::Structure), &"[".repeat(200)).is_err());
    }
}
