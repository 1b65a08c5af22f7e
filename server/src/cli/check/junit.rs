//! The result of a check as JUnit XML: one test case for each system of the model, failed where it rose.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use domain::id::SystemId;
use domain::scope::delta::CategoryChange;

use super::{Checked, SCOPE_RISE};

pub(super) fn junit(checked: &Checked<'_>) -> String {
    let rises: BTreeMap<&SystemId, &CategoryChange> = checked.rises.iter().map(|it| (&it.system, it)).collect();
    let systems = &checked.model.model.systems;
    let counts = format!("tests=\"{}\" failures=\"{}\" errors=\"0\" time=\"0\"", systems.len(), rises.len());
    let mut xml = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let _ = writeln!(xml, "<testsuites name=\"plumbline check\" {counts}>");
    let _ = writeln!(xml, "  <testsuite name=\"{SCOPE_RISE}\" {counts} skipped=\"0\">");
    for system in systems.values() {
        let name = escaped(system.id.as_str());
        match rises.get(&system.id) {
            None => {
                let _ = writeln!(xml, "    <testcase classname=\"{SCOPE_RISE}\" name=\"{name}\" time=\"0\"/>");
            }
            Some(it) => {
                let because: Vec<String> = it.because.iter().map(ToString::to_string).collect();
                let _ = writeln!(xml, "    <testcase classname=\"{SCOPE_RISE}\" name=\"{name}\" time=\"0\">");
                let _ = writeln!(
                    xml,
                    "      <failure type=\"{SCOPE_RISE}\" message=\"{}\">{}</failure>",
                    escaped(&checked.sentence(it)),
                    escaped(&because.join("\n"))
                );
                xml.push_str("    </testcase>\n");
            }
        }
    }
    xml.push_str("  </testsuite>\n</testsuites>\n");
    xml
}

/// A text as XML holds it, in an attribute or between tags. What XML 1.0 cannot hold at all becomes a question mark.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\n' => safe.push_str("&#10;"),
            '\t' => safe.push_str("&#9;"),
            '\r' => safe.push_str("&#13;"),
            '\0'..' ' | '\u{FFFE}' | '\u{FFFF}' => safe.push('?'),
            character => safe.push(character),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_a_text_is_taken_for_xml() {
        assert_eq!(escaped("a<b> & \"c\"\n\u{1}"), "a&lt;b&gt; &amp; &quot;c&quot;&#10;?");
    }
}
