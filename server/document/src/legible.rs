//! Texts as the fonts can show them. A character without a glyph would be an empty box on paper and nothing to a screen
//! reader, so that the standard forbids it; here it becomes the sign for an unknown character, and the document says how many.

use serde_json::Value;
use unicode_normalization::UnicodeNormalization as _;

/// Stands for a character that the fonts lack. They have it themselves, unlike the usual U+FFFD.
const UNKNOWN: char = '¤';

/// Replaces what `shown` refuses in every text; how many characters those were.
pub(super) fn every_text(value: &mut Value, shown: &dyn Fn(char) -> bool) -> u64 {
    match value {
        Value::String(text) => one(text, shown),
        Value::Array(items) => items.iter_mut().map(|it| every_text(it, shown)).sum(),
        Value::Object(members) => members.values_mut().map(|it| every_text(it, shown)).sum(),
        Value::Null | Value::Bool(_) | Value::Number(_) => 0,
    }
}

fn one(text: &mut String, shown: &dyn Fn(char) -> bool) -> u64 {
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~' | b'\n')) {
        return 0;
    }
    let mut replaced = 0;
    let legible = text.nfc().map(|character| match character {
        '\n' => '\n',
        control if control.is_control() => ' ',
        character if shown(character) => character,
        _ => {
            replaced += 1;
            UNKNOWN
        }
    });
    *text = legible.collect();
    replaced
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_fonts_lack_is_counted_and_the_rest_stays() {
        let mut value = serde_json::json!({ "a": ["plain", "e\u{301}\t漢字"], "b": 1 });
        let latin = |character: char| (character as u32) < 0x180;
        assert_eq!(every_text(&mut value, &latin), 2);
        assert_eq!(value, serde_json::json!({ "a": ["plain", "é ¤¤"], "b": 1 }));
    }
}
