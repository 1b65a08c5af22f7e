//! What a CSV cell means beside its text: formulas are made harmless, and one cell can hold a list.

use std::borrow::Cow;

/// Whether a spreadsheet would run the cell as a formula, or did before a leading `'` was put in front.
fn is_formula_like(text: &str) -> bool {
    let bare = text.trim_start_matches('\'').trim_start_matches(' ');
    matches!(bare.chars().next(), Some('=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '\0' | '＝' | '＋' | '－' | '＠'))
}

/// Puts a `'` before a text that a spreadsheet would run, so that it shows it instead.
#[must_use]
pub fn guarded(text: &str) -> Cow<'_, str> {
    if is_formula_like(text) { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}

/// Takes away exactly the `'` that [`guarded`] adds.
#[must_use]
pub fn unguarded(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(text) if is_formula_like(text) => text,
        _ => cell,
    }
}

/// The items of a cell, separated by semicolons. Blanks around an item and empty items say nothing;
/// an item in double quotes is taken as it stands, with quotes doubled.
#[must_use]
pub fn items(cell: &str) -> Vec<String> {
    let mut items = Vec::new();
    let mut rest = cell;
    loop {
        rest = rest.trim_start();
        let (item, after) = quoted_item(rest).unwrap_or_else(|| match rest.split_once(';') {
            Some((item, after)) => (item.trim_end().to_owned(), Some(after)),
            None => (rest.trim_end().to_owned(), None),
        });
        if !item.is_empty() {
            items.push(item);
        }
        match after {
            Some(after) => rest = after,
            None => return items,
        }
    }
}

/// The item in quotes at the start of a text, and what follows its semicolon. `None` where the quotes do not
/// enclose the whole item: then they are part of the text.
fn quoted_item(text: &str) -> Option<(String, Option<&str>)> {
    let inner = text.strip_prefix('"')?;
    let mut item = String::new();
    let mut characters = inner.char_indices().peekable();
    while let Some((at, character)) = characters.next() {
        if character != '"' {
            item.push(character);
        } else if characters.peek().is_some_and(|(_, next)| *next == '"') {
            item.push('"');
            characters.next();
        } else {
            let after = inner[at + 1..].trim_start();
            return match after.strip_prefix(';') {
                Some(after) => Some((item, Some(after))),
                None if after.is_empty() => Some((item, None)),
                None => None,
            };
        }
    }
    None
}

/// The cell of a list of items. Reading it with [`items`] gives the same items, empty ones aside.
#[must_use]
pub fn joined<'a>(list: impl IntoIterator<Item = &'a str>) -> String {
    let items: Vec<Cow<'_, str>> = list.into_iter().map(item).collect();
    items.join(";")
}

/// An item as it stands in a cell: in quotes where it could be read as something else.
fn item(text: &str) -> Cow<'_, str> {
    let plain = !text.contains(';') && !text.starts_with('"') && text.trim() == text;
    if plain { Cow::Borrowed(text) } else { Cow::Owned(format!("\"{}\"", text.replace('"', "\"\""))) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn formulas_are_shown_and_not_run() {
        for formula in ["=1+1", "+1", "-1", "@SUM(1)", " =1", "\t=1", "＝1", "'=1", "\r"] {
            assert!(guarded(formula).starts_with('\''), "{formula:?}");
        }
        for text in ["a=b", "checkout", "'quoted'", "", "5"] {
            assert_eq!(guarded(text), text);
            assert_eq!(unguarded(text), text);
        }
    }

    #[test]
    fn a_list_ignores_empty_items_and_blanks() {
        assert_eq!(items("id; query ;;"), ["id", "query"]);
        assert_eq!(items(""), Vec::<String>::new());
        assert_eq!(items("\"a;b\";c\"d\";\"e"), ["a;b", "c\"d\"", "\"e"]);
    }

    proptest! {
        #[test]
        fn a_guarded_text_comes_back_and_never_begins_like_a_formula(text in "['=+@ \ta＝-]{0,4}.{0,5}") {
            let cell = guarded(&text);
            prop_assert_eq!(unguarded(&cell), &text);
            let first = cell.trim_start_matches(' ').chars().next();
            prop_assert!(!matches!(first, Some('=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '＝' | '＋' | '－' | '＠')));
        }

        #[test]
        fn a_list_comes_back(list in proptest::collection::vec("[a-z\"; :]{1,6}", 0..5)) {
            prop_assert_eq!(items(&joined(list.iter().map(String::as_str))), list);
        }
    }
}
