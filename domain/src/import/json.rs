//! What a JSON text must satisfy before it is read as a model, and where a place of the model stands in it.
//!
//! The JSON reader behind the model takes the last of two equal names and knows no lines of values.
//! Both matter to a person who has to correct a file.

use std::borrow::Cow;
use std::collections::BTreeSet;

pub use crate::model::file::DEPTH_MAX;

/// The place where brackets are nested too deeply.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooDeep {
    /// The line, from 1.
    pub line: usize,
}

/// Checks the nesting without recursion, before any reader that recurses sees the text.
///
/// # Errors
/// More than [`DEPTH_MAX`] brackets are open.
pub fn check_depth(text: &str) -> Result<(), TooDeep> {
    let (mut depth, mut line, mut in_text, mut escaped) = (0_usize, 1, false, false);
    for byte in text.bytes() {
        match byte {
            b'\n' => line += 1,
            _ if escaped => escaped = false,
            b'\\' if in_text => escaped = true,
            b'"' => in_text = !in_text,
            b'[' | b'{' if !in_text => {
                depth += 1;
                if depth > DEPTH_MAX {
                    return Err(TooDeep { line });
                }
            }
            b']' | b'}' if !in_text => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    Ok(())
}

/// One step of a place: the name of a member, or the number of an item from 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step<'a> {
    /// A member of an object.
    Member(Cow<'a, str>),
    /// An item of a list.
    Item(usize),
}

/// A place as people read it: `flows[3].to`.
#[must_use]
pub fn place(steps: &[Step<'_>]) -> String {
    let mut text = String::new();
    for step in steps {
        match step {
            Step::Member(name) if text.is_empty() => text.push_str(name),
            Step::Member(name) => {
                text.push('.');
                text.push_str(name);
            }
            Step::Item(number) => text.push_str(&format!("[{number}]")),
        }
    }
    text
}

/// The steps of a place such as `flows[3].to`.
#[must_use]
pub fn steps(place: &str) -> Vec<Step<'_>> {
    let mut steps = Vec::new();
    for part in place.split('.').filter(|part| !part.is_empty()) {
        let (name, items) = part.find('[').map_or((part, ""), |at| part.split_at(at));
        if !name.is_empty() {
            steps.push(Step::Member(Cow::Borrowed(name)));
        }
        let numbers = items.split(['[', ']']).filter_map(|number| number.parse().ok());
        steps.extend(numbers.map(Step::Item));
    }
    steps
}

/// What the scan sees at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seen<'a> {
    /// A value begins: a list or an object.
    Start,
    /// A text, decoded.
    Text(&'a str),
    /// A number, `true`, `false` or `null` as it stands.
    Word(&'a str),
    /// The name of a member, decoded; `true` where the object had it before.
    Name(&'a str, bool),
}

/// One value or name of a text.
#[derive(Debug)]
pub struct Event<'a> {
    /// Where it is in the document. For a name, the object's place.
    pub steps: &'a [Step<'a>],
    /// What it is.
    pub seen: Seen<'a>,
    /// The line on which it begins, from 1.
    pub line: usize,
    /// The byte at which it begins.
    pub offset: usize,
}

/// Walks through a text that is valid JSON within [`DEPTH_MAX`], value by value. Of another text it sees what it can.
pub fn scan(text: &str, mut visit: impl FnMut(&Event<'_>)) {
    let bytes = text.as_bytes();
    let mut steps: Vec<Step<'_>> = Vec::new();
    // The open lists and objects: the names seen so far, or `None` for a list.
    let mut open: Vec<Option<BTreeSet<String>>> = Vec::new();
    let (mut at, mut line, mut expects_name) = (0, 1, false);
    while let Some(byte) = bytes.get(at) {
        let offset = at;
        match byte {
            b'\n' => line += 1,
            b'{' | b'[' => {
                visit(&Event { steps: &steps, seen: Seen::Start, line, offset });
                let object = *byte == b'{';
                open.push(object.then(BTreeSet::new));
                steps.push(if object { Step::Member(Cow::Borrowed("")) } else { Step::Item(0) });
                expects_name = object;
            }
            b'}' | b']' => {
                open.pop();
                steps.pop();
            }
            b',' => {
                expects_name = matches!(open.last(), Some(Some(_)));
                if let Some(Step::Item(number)) = steps.last_mut() {
                    *number += 1;
                }
            }
            b'"' => {
                let end = end_of_text(bytes, at);
                let decoded = decoded(&text[at..end]);
                if let (true, Some(Some(names))) = (expects_name, open.last_mut()) {
                    let again = !names.insert(decoded.clone().into_owned());
                    let parent = steps.len().saturating_sub(1);
                    visit(&Event { steps: &steps[..parent], seen: Seen::Name(&decoded, again), line, offset });
                    if let Some(step) = steps.last_mut() {
                        *step = Step::Member(Cow::Owned(decoded.into_owned()));
                    }
                    expects_name = false;
                } else {
                    visit(&Event { steps: &steps, seen: Seen::Text(&decoded), line, offset });
                }
                at = end;
                continue;
            }
            b' ' | b'\t' | b'\r' | b':' => {}
            _ => {
                let rest = &bytes[at..];
                let ends = |byte: &u8| matches!(byte, b',' | b'}' | b']' | b' ' | b'\t' | b'\r' | b'\n' | b'"');
                let length = rest.iter().position(ends).unwrap_or(rest.len()).max(1);
                if let Some(word) = text.get(at..at + length) {
                    visit(&Event { steps: &steps, seen: Seen::Word(word), line, offset });
                }
                at += length;
                continue;
            }
        }
        at += 1;
    }
}

/// The byte after the closing quote of the text that begins at a quote.
fn end_of_text(bytes: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'\\' => at += 2,
            b'"' => return at + 1,
            _ => at += 1,
        }
    }
    bytes.len()
}

/// A quoted text without quotes and escapes; as it stands where its escapes are no text.
fn decoded(quoted: &str) -> Cow<'_, str> {
    let inner = quoted.strip_prefix('"').map_or(quoted, |it| it.strip_suffix('"').unwrap_or(it));
    if !inner.contains('\\') {
        return Cow::Borrowed(inner);
    }
    serde_json::from_str::<String>(quoted).map_or(Cow::Borrowed(inner), Cow::Owned)
}

/// The lines of places, each with a value: the line of the first text at or below the place that equals the
/// value, or else of the place, or else of the nearest place around it that is in the text.
#[must_use]
pub fn lines_of<'a>(text: &str, wanted: impl Iterator<Item = (&'a str, &'a str)>) -> Vec<Option<usize>> {
    struct Search<'a> {
        steps: Vec<Step<'a>>,
        value: &'a str,
        nearest: Option<usize>,
        depth: usize,
        exact: Option<usize>,
    }
    let mut searches: Vec<Search<'_>> = wanted
        .map(|(place, value)| Search { steps: steps(place), value, nearest: None, depth: 0, exact: None })
        .collect();
    scan(text, |event| {
        if matches!(event.seen, Seen::Name(..)) {
            return;
        }
        for search in searches.iter_mut().filter(|search| search.exact.is_none()) {
            let common = event.steps.len().min(search.steps.len());
            if event.steps[..common] != search.steps[..common] {
                continue;
            }
            let is_around = event.steps.len() <= search.steps.len() && event.steps.len() > search.depth;
            if search.nearest.is_none() || is_around {
                search.nearest = Some(event.line);
                search.depth = event.steps.len();
            }
            let is_within = event.steps.len() >= search.steps.len();
            if is_within && !search.value.is_empty() && event.seen == Seen::Text(search.value) {
                search.exact = Some(event.line);
            }
        }
    });
    searches.into_iter().map(|search| search.exact.or(search.nearest)).collect()
}

/// The place of the last value that begins at a byte or before it.
#[must_use]
pub fn place_at(text: &str, offset: usize) -> String {
    let mut nearest = None;
    let is_value = |event: &Event<'_>| event.offset <= offset && !matches!(event.seen, Seen::Name(..));
    scan(text, |event| {
        if is_value(event) {
            nearest = Some(event.offset);
        }
    });
    let mut found = String::new();
    scan(text, |event| {
        if Some(event.offset) == nearest && is_value(event) {
            found = place(event.steps);
        }
    });
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "{\n \"systems\": [{\"id\": \"a\"},\n  {\"id\": \"b\", \"controls\": [\"x\",\n   \"y\"]}],\n \
                        \"flows\": [\n  {\"from\": \"a\",\n   \"to\": \"n\\u006fwhere\"}]}";

    fn line_of(text: &str, place: &str, value: &str) -> Option<usize> {
        lines_of(text, std::iter::once((place, value)))[0]
    }

    #[test]
    fn a_place_is_found_by_line() {
        assert_eq!(line_of(TEXT, "flows[0].to", ""), Some(7));
        assert_eq!(line_of(TEXT, "flows[0].from", "a"), Some(6));
        assert_eq!(line_of(TEXT, "systems[1].controls", "y"), Some(4));
        assert_eq!(line_of(TEXT, "systems[1].controls[1]", ""), Some(4));
        assert_eq!(line_of(TEXT, "flows[0]", "nowhere"), Some(7));
    }

    #[test]
    fn a_member_that_is_missing_is_named_by_its_object() {
        assert_eq!(line_of(TEXT, "systems[1].kind", ""), Some(3));
        assert_eq!(line_of(TEXT, "flows[9].to", ""), Some(5));
    }

    #[test]
    fn a_place_survives_the_way_through_text() {
        assert_eq!(place(&steps("systems[1].holdings[0].element")), "systems[1].holdings[0].element");
    }

    #[test]
    fn a_name_that_comes_twice_is_seen() {
        let mut twice = Vec::new();
        scan(r#"{"a":{"b":1,"b":2},"c":{"b":1},"a":[{"b":1},{"b":1}]}"#, |event| {
            if let Seen::Name(name, true) = event.seen {
                twice.push(format!("{}/{name}", place(event.steps)));
            }
        });
        assert_eq!(twice, ["a/b", "/a"]);
    }

    #[test]
    fn depth_is_checked_outside_of_texts_only() {
        assert_eq!(check_depth(&"[".repeat(100_000)), Err(TooDeep { line: 1 }));
        assert_eq!(check_depth(&"[]".repeat(1000)), Ok(()));
        assert_eq!(check_depth(&format!("\"{}\\\"\"", "[".repeat(100))), Ok(()));
    }

    #[test]
    fn texts_that_are_no_json_are_walked_without_harm() {
        for text in ["", "]]]", "{\"", "\"\\", "{,}", "[\u{20ac}", "{\"a\"\"b\"}", "\u{feff}{}"] {
            scan(text, |_| {});
            let _ = line_of(text, "systems[0]", "x");
        }
    }
}
