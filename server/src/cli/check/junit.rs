//! The result of a check as JUnit XML: one test case for each system of the model, failed where it rose, and one for
//! each critical finding, failed where it is new.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use domain::id::SystemId;
use domain::scope::delta::CategoryChange;

use super::{Checked, Critical, NEW_CRITICAL, SCOPE_RISE};

pub(super) fn junit(checked: &Checked<'_>) -> String {
    let suites: Vec<Suite> = [systems(checked), findings(checked)].into_iter().flatten().collect();
    let cases: usize = suites.iter().map(|it| it.cases.len()).sum();
    let failures: usize = suites.iter().map(Suite::failures).sum();
    let mut xml = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let _ = writeln!(xml, "<testsuites name=\"plumbline check\" {}>", counts(cases, failures));
    suites.iter().for_each(|suite| suite.write(&mut xml));
    xml.push_str("</testsuites>\n");
    xml
}

/// One check.
struct Suite {
    name: &'static str,
    cases: Vec<Case>,
}

/// What a check looked at, and, where it failed, the message and the details.
struct Case {
    name: String,
    failure: Option<(String, String)>,
}

/// Each system of the model, failed where it rose.
fn systems(checked: &Checked<'_>) -> Option<Suite> {
    let rises: BTreeMap<&SystemId, &CategoryChange> =
        checked.rises.as_ref()?.iter().map(|it| (&it.system, it)).collect();
    let failure = |it: &&CategoryChange| {
        let because: Vec<String> = it.because.iter().map(ToString::to_string).collect();
        (checked.sentence(it), because.join("\n"))
    };
    let systems = checked.model.model.systems.keys();
    let cases = systems.map(|id| Case { name: id.to_string(), failure: rises.get(id).map(failure) });
    Some(Suite { name: SCOPE_RISE, cases: cases.collect() })
}

/// Each critical finding of the model, failed where it is new.
fn findings(checked: &Checked<'_>) -> Option<Suite> {
    let cases = checked.critical.as_ref()?.iter().map(|Critical { finding, is_new }| Case {
        name: finding.identity().to_string(),
        failure: is_new.then(|| (finding.sentence.clone(), finding.rule().sentence.to_owned())),
    });
    Some(Suite { name: NEW_CRITICAL, cases: cases.collect() })
}

impl Suite {
    fn failures(&self) -> usize {
        self.cases.iter().filter(|it| it.failure.is_some()).count()
    }

    fn write(&self, xml: &mut String) {
        let check = self.name;
        let counts = counts(self.cases.len(), self.failures());
        let _ = writeln!(xml, "  <testsuite name=\"{check}\" {counts} skipped=\"0\">");
        for Case { name, failure } in &self.cases {
            let name = escaped(name);
            let Some((message, details)) = failure else {
                let _ = writeln!(xml, "    <testcase classname=\"{check}\" name=\"{name}\" time=\"0\"/>");
                continue;
            };
            let (message, details) = (escaped(message), escaped(details));
            let _ = writeln!(xml, "    <testcase classname=\"{check}\" name=\"{name}\" time=\"0\">");
            let _ = writeln!(xml, "      <failure type=\"{check}\" message=\"{message}\">{details}</failure>");
            xml.push_str("    </testcase>\n");
        }
        xml.push_str("  </testsuite>\n");
    }
}

fn counts(cases: usize, failures: usize) -> String {
    format!("tests=\"{cases}\" failures=\"{failures}\" errors=\"0\" time=\"0\"")
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
