//! Canonical JSON (RFC 8785): one text for one value, so that a hash of it can be computed again anywhere.

use serde_json::Value;

/// The canonical text of a value. Numbers in the model and in the audit trail are whole, so that the number
/// format of RFC 8785 is the decimal one.
pub(crate) fn text(value: &Value) -> String {
    let mut out = String::new();
    write(value, &mut out);
    out
}

fn write(value: &Value, out: &mut String) {
    match value {
        Value::Array(items) => {
            out.push('[');
            for (position, item) in items.iter().enumerate() {
                if position > 0 {
                    out.push(',');
                }
                write(item, out);
            }
            out.push(']');
        }
        Value::Object(members) => {
            let mut members: Vec<_> = members.iter().collect();
            members.sort_by(|(one, _), (other, _)| one.encode_utf16().cmp(other.encode_utf16()));
            out.push('{');
            for (position, (name, member)) in members.into_iter().enumerate() {
                if position > 0 {
                    out.push(',');
                }
                write(&Value::String(name.clone()), out);
                out.push(':');
                write(member, out);
            }
            out.push('}');
        }
        // The escapes that serde_json writes are those that RFC 8785 asks for.
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => out.push_str(&value.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn members_are_ordered_by_utf16_and_nothing_is_padded() {
        let value = json!({"\u{fb33}": 1, "\u{1f600}": 2, "b": [true, null, -7], "a": {"z": "x", "y": ""}});
        assert_eq!(
            text(&value),
            "{\"a\":{\"y\":\"\",\"z\":\"x\"},\"b\":[true,null,-7],\"\u{1f600}\":2,\"\u{fb33}\":1}"
        );
    }

    #[test]
    fn control_characters_are_escaped_in_lower_case() {
        assert_eq!(text(&json!("a\u{1f}\n\"\\\u{8}é")), "\"a\\u001f\\n\\\"\\\\\\bé\"");
    }
}
