//! The language of list filters: words, and terms such as `scope:cde` or `-is:undeclared`, all of which must hold.

/// A filter as typed, in parts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Free text, in lower case.
    pub words: Vec<String>,
    /// Terms.
    pub terms: Vec<Term>,
}

/// One `key:value`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// Before the colon, in lower case.
    pub key: String,
    /// After it, in lower case, without quotes.
    pub value: String,
    /// It must not hold.
    pub negated: bool,
}

impl Filter {
    /// Reads a filter. Anything can be typed; what is no term is a word.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let mut filter = Self::default();
        for piece in pieces(text) {
            let piece = piece.to_lowercase();
            let (negated, bare) = match piece.strip_prefix('-') {
                Some(bare) => (true, bare),
                None => (false, piece.as_str()),
            };
            match bare.split_once(':') {
                Some((key, value))
                    if !key.is_empty()
                        && key.chars().all(|c| c.is_ascii_alphabetic() || c == '_')
                        && !value.is_empty() =>
                {
                    filter.terms.push(Term { key: key.to_owned(), value: value.to_owned(), negated });
                }
                _ => filter.words.push(piece),
            }
        }
        filter
    }

    /// Whether an object passes: `holds` tells of a term whether it is true of the object, and `text` is what words are
    /// looked up in.
    #[must_use]
    pub fn lets_through(&self, text: &str, holds: impl Fn(&str, &str) -> bool) -> bool {
        let text = text.to_lowercase();
        self.words.iter().all(|word| text.contains(word.as_str()))
            && self.terms.iter().all(|term| holds(&term.key, &term.value) != term.negated)
    }

    /// The first term whose key is none of these, to tell the person instead of showing an empty list.
    #[must_use]
    pub fn unknown_key(&self, keys: &[&str]) -> Option<&str> {
        self.terms.iter().find(|term| !keys.contains(&term.key.as_str())).map(|term| term.key.as_str())
    }
}

/// Splits at blanks outside double quotes; the quotes go.
fn pieces(text: &str) -> Vec<String> {
    let mut pieces = Vec::new();
    let (mut piece, mut quoted) = (String::new(), false);
    for character in text.chars() {
        match character {
            '"' => quoted = !quoted,
            blank if blank.is_whitespace() && !quoted => {
                if !piece.is_empty() {
                    pieces.push(std::mem::take(&mut piece));
                }
            }
            other => piece.push(other),
        }
    }
    if !piece.is_empty() {
        pieces.push(piece);
    }
    pieces
}

/// Writes a value so that [`Filter::parse`] reads it as one.
#[must_use]
pub fn quoted(value: &str) -> String {
    if value.contains(char::is_whitespace) { format!("\"{value}\"") } else { value.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terms_words_quotes_and_negation_are_told_apart() {
        let filter = Filter::parse(r#" scope:CDE  order -is:undeclared segment:"Card zone" http://x :y"#);
        let term = |key: &str, value: &str, negated| Term { key: key.to_owned(), value: value.to_owned(), negated };
        let expected = [
            term("scope", "cde", false),
            term("is", "undeclared", true),
            term("segment", "card zone", false),
            term("http", "//x", false),
        ];
        assert_eq!(filter.terms, expected);
        assert_eq!(filter.words, ["order", ":y"]);
    }

    #[test]
    fn all_parts_must_hold() {
        let filter = Filter::parse("order scope:cde -field:pan");
        let holds = |fields: &'static [&'static str]| {
            move |key: &str, value: &str| match key {
                "scope" => value == "cde",
                _ => fields.contains(&value),
            }
        };
        assert!(filter.lets_through("Order service", holds(&[])));
        assert!(!filter.lets_through("Order service", holds(&["pan"])));
        assert!(!filter.lets_through("Checkout", holds(&[])));
    }

    #[test]
    fn what_is_typed_never_breaks_it() {
        for text in ["", "\"", "\"a b", "-", ":", "-:", "a:", "ä:ö", "-\"x y\""] {
            let _filter = Filter::parse(text);
        }
        assert_eq!(Filter::parse(&format!("segment:{}", quoted("Card zone"))).terms[0].value, "card zone");
    }
}
