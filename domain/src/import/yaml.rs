//! What a YAML text must satisfy before it is read as a model, and where something stands in it.

pub use crate::model::reader::yaml::{Refused, check};

/// The lines on which values of objects of lists stand, each given as list, object and value; or else the line of
/// the object, or of the list. `None` where the text writes it in a way that this search does not know.
#[must_use]
pub fn lines_of<'a>(text: &str, wanted: impl Iterator<Item = (&'a str, &'a str, &'a str)>) -> Vec<Option<usize>> {
    let lines: Vec<&str> = text.lines().collect();
    let mut found = Vec::new();
    for (list, object, value) in wanted {
        let begins = |line: &&str| line.split_once(':').is_some_and(|(name, _)| unquoted(name) == list);
        let Some(section) = lines.iter().position(begins) else {
            found.push(None);
            continue;
        };
        let from = |start: usize, word: &str| {
            let hit = lines[start..].iter().position(|line| has_word(line, word));
            hit.filter(|_| !word.is_empty()).map(|at| start + at)
        };
        let object_at = from(section, object);
        let value_at = from(object_at.unwrap_or(section), value);
        found.push(Some(value_at.or(object_at).unwrap_or(section) + 1));
    }
    found
}

fn unquoted(text: &str) -> &str {
    text.trim().trim_matches(['"', '\''])
}

/// Whether a line has the text as a whole value: alone, after a colon or dash, or within brackets.
fn has_word(line: &str, word: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '/');
    line.match_indices(word).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        let after = line[at + word.len()..].chars().next();
        !before.is_some_and(is_part) && !after.is_some_and(is_part)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_found_in_its_object() {
        let text =
            "systems:\n  - id: a\n  - id: b # second\nflows:\n  - id: x\n    from: a\n    to: \"nowhere\"\n  - id: y\n";
        let line_of = |text, list, object, value| lines_of(text, std::iter::once((list, object, value)))[0];
        assert_eq!(line_of(text, "flows", "x", "nowhere"), Some(7));
        assert_eq!(line_of(text, "systems", "b", ""), Some(3));
        assert_eq!(line_of(text, "flows", "z", ""), Some(4));
        assert_eq!(line_of(text, "keys", "z", ""), None);
        assert_eq!(line_of("flows:\n- {id: x-1, to: a}\n- {id: x, to: gone}\n", "flows", "x", "gone"), Some(3));
    }
}
