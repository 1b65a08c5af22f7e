//! Canonical JSON in the way of RFC 8785: members sorted, no blanks, whole numbers only. The same value has one form, so
//! that its hash means something.

use std::fmt::Write as _;

use serde::Serialize;
use serde_json::Value;
use sha2::{Digest, Sha256};

/// The canonical form of a value.
///
/// # Panics
/// Never for the values of this crate: texts, lists, maps with text keys and whole numbers always have a form in JSON.
#[must_use]
pub fn canonical(value: &impl Serialize) -> String {
    let value = serde_json::to_value(value).expect("texts, lists and whole numbers always have a form in JSON");
    let mut text = String::new();
    write(&value, &mut text);
    text
}

/// SHA-256, in hexadecimal, of a text that begins with what it is, so that no two kinds of hashes can be mixed up.
#[must_use]
pub fn hash(what: &str, text: &str) -> String {
    let mut digest = Sha256::new();
    digest.update(what.as_bytes());
    digest.update(b"\n");
    digest.update(text.as_bytes());
    hex::encode(digest.finalize())
}

fn write(value: &Value, to: &mut String) {
    match value {
        Value::Array(items) => {
            to.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    to.push(',');
                }
                write(item, to);
            }
            to.push(']');
        }
        Value::Object(members) => {
            let mut sorted: Vec<_> = members.iter().collect();
            // The order of RFC 8785: by UTF-16 code units.
            sorted.sort_by(|one, other| one.0.encode_utf16().cmp(other.0.encode_utf16()));
            to.push('{');
            for (index, (name, member)) in sorted.into_iter().enumerate() {
                if index > 0 {
                    to.push(',');
                }
                write(&Value::String(name.clone()), to);
                to.push(':');
                write(member, to);
            }
            to.push('}');
        }
        // The escapes of serde_json are those of the RFC: the short ones, and \u00xx for other control characters.
        plain => {
            let _ = write!(to, "{plain}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn members_are_sorted_and_nothing_is_left_to_taste() {
        let value = json!({"b": [1, true, null], "a": {"z": "é\n\u{1}", "\u{1F600}": 1, "\u{FB33}": 2}});
        assert_eq!(
            canonical(&value),
            "{\"a\":{\"z\":\"é\\n\\u0001\",\"\u{1F600}\":1,\"\u{FB33}\":2},\"b\":[1,true,null]}"
        );
        assert_ne!(hash("one", "text"), hash("two", "text"));
    }
}
