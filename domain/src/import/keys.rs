//! Keys out of the names that a file has, and the way back from a name to what has it already.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use crate::id::{KEY_MAX, slug};

/// The key of something that a file knows by name only: its slug, made unique by a digest where the slug would
/// be empty or cut.
#[must_use]
pub fn key_of(name: &str) -> String {
    let full = folded(name);
    let short = slug(name);
    match (short.is_empty(), short == full) {
        (false, true) => short,
        (false, false) => format!("{short}-{}", digest(&full)),
        (true, _) => format!("name-{}", digest(name)),
    }
}

/// One key out of several parts, joined by two dashes. No part contains those, so that other parts give another key.
#[must_use]
pub fn key_of_parts(parts: &[&str]) -> String {
    let part = |part: &&str| if part.trim().is_empty() { String::new() } else { key_of(part) };
    let keys: Vec<String> = parts.iter().map(part).collect();
    let joined = keys.join("--");
    let key = joined.trim_end_matches('-').to_owned();
    if key.chars().count() <= KEY_MAX {
        return key;
    }
    let start: String = key.chars().take(KEY_MAX - 9).collect();
    format!("{}-{}", start.trim_end_matches('-'), digest(&key))
}

/// A key as part of another key. Keys that differ in punctuation (`a.b`, `a-b`) stay different.
#[must_use]
pub fn part_of_key(key: &str) -> String {
    let fold = folded(key);
    if key.to_lowercase() == fold { fold } else { format!("{fold}-{}", digest(key)) }
}

/// The first eight hexadecimal digits of the SHA-256 digest.
fn digest(text: &str) -> String {
    hex::encode(&Sha256::digest(text.as_bytes())[..4])
}

/// A text as keys are compared: letters and digits in lower case, words joined by `-`, of any length.
#[must_use]
pub fn folded(text: &str) -> String {
    let mut key = String::with_capacity(text.len());
    for character in text.chars().flat_map(char::to_lowercase) {
        if character.is_alphanumeric() {
            key.push(character);
        } else if !key.is_empty() && !key.ends_with('-') {
            key.push('-');
        }
    }
    key.truncate(key.trim_end_matches('-').len());
    key
}

/// What a text can point at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// Exactly one key.
    One(String),
    /// Several, none of them better than the others.
    Several(Vec<String>),
    /// Nothing.
    Nothing,
}

/// The keys of objects of one kind, found by key, by a key that differs in case and punctuation only, or by name.
#[derive(Debug, Default)]
pub struct Directory {
    keys: BTreeMap<String, String>,
    folded: BTreeMap<String, Vec<String>>,
    names: BTreeMap<String, Vec<String>>,
}

impl Directory {
    /// A directory of keys with names.
    pub fn of<'a>(entries: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let mut directory = Self::default();
        for (key, name) in entries {
            directory.add(key, name);
        }
        directory
    }

    /// Adds an object, or gives one a further name.
    pub fn add(&mut self, key: &str, name: &str) {
        let new = self.keys.insert(key.to_owned(), name.to_owned()).is_none();
        let fold = folded(key);
        if new && !fold.is_empty() {
            self.folded.entry(fold).or_default().push(key.to_owned());
        }
        let named = self.names.entry(name.trim().to_lowercase()).or_default();
        if !named.iter().any(|it| it == key) {
            named.push(key.to_owned());
        }
    }

    /// Whether the very key is there.
    #[must_use]
    pub fn has(&self, key: &str) -> bool {
        self.keys.contains_key(key)
    }

    /// The object whose key is the text, or differs from it in case and punctuation only.
    #[must_use]
    pub fn by_key(&self, text: &str) -> Found {
        let text = text.trim();
        if self.has(text) {
            return Found::One(text.to_owned());
        }
        found(self.folded.get(&folded(text)))
    }

    /// The object whose key or else whose name the text is.
    #[must_use]
    pub fn find(&self, text: &str) -> Found {
        match self.by_key(text) {
            Found::One(key) => Found::One(key),
            unsure => match found(self.names.get(&text.trim().to_lowercase())) {
                Found::Nothing => unsure,
                named => named,
            },
        }
    }
}

fn found(keys: Option<&Vec<String>>) -> Found {
    match keys.map(Vec::as_slice) {
        None | Some([]) => Found::Nothing,
        Some([key]) => Found::One(key.clone()),
        Some(several) => Found::Several(several.to_vec()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::check_key;

    #[test]
    fn a_name_becomes_a_key_that_tells_it_from_others() {
        assert_eq!(key_of("Checkout Service"), "checkout-service");
        assert_ne!(key_of("***"), key_of("!!!"));
        let (one, other) = (format!("{}a", "x".repeat(80)), format!("{}b", "x".repeat(80)));
        assert_ne!(key_of(&one), key_of(&other));
        assert_eq!(key_of(&one), key_of(&one.to_uppercase()));
    }

    #[test]
    fn a_key_of_parts_is_always_a_valid_key() {
        assert_eq!(key_of_parts(&["Checkout", "psp", "https", ""]), "checkout--psp--https");
        assert_eq!(key_of_parts(&["a", "b", "", "get"]), "a--b----get");
        assert_ne!(key_of_parts(&["a-b", "c"]), key_of_parts(&["a", "b-c"]));
        assert_eq!(part_of_key("APP-001"), "app-001");
        assert_ne!(part_of_key("a.b"), part_of_key("a-b"));
        let long = "ü".repeat(70);
        let key = key_of_parts(&[&long, &long, "https", &long]);
        assert_eq!(check_key(&key), Ok(()), "{key}");
        assert_ne!(key, key_of_parts(&[&long, &long, "https", &format!("{long}x")]));
    }

    #[test]
    fn something_is_found_by_key_by_a_similar_key_and_by_name() {
        let directory = Directory::of([("checkout", "Checkout service"), ("a.b", "One"), ("a-b", "Two"), ("c", "Two")]);
        let one = |key: &str| Found::One(key.to_owned());
        assert_eq!(directory.find("checkout"), one("checkout"));
        assert_eq!(directory.find("CheckOut"), one("checkout"));
        assert_eq!(directory.find("CHECKOUT SERVICE"), one("checkout"));
        assert_eq!(directory.find("a.b"), one("a.b"));
        assert!(matches!(directory.find("A B"), Found::Several(_)));
        assert!(matches!(directory.find("two"), Found::Several(_)));
        assert_eq!(directory.find("one"), one("a.b"));
        assert_eq!(directory.find("nothing"), Found::Nothing);
        assert_eq!(directory.find("***"), Found::Nothing);
    }
}
