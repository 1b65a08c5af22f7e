//! The audit trail as people read it: which entries, and what was before and after each.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde_json::Value;

use crate::export::csv::line;
use crate::time::{Day, Timestamp};

/// The most entries of a file.
pub const FILE_MAX: u32 = 50_000;

/// The longest text of a filter, in bytes.
const WORD_MAX: usize = 254;

/// The longest value that is shown, in characters.
const VALUE_MAX: usize = 300;

/// Which entries. What is empty lets everything through.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TrailFilter {
    /// Who, as a name, or `operator`.
    pub who: String,
    /// The action, such as `system.edit`, or what it begins with, such as `system`.
    pub action: String,
    /// The kind of the object.
    pub kind: String,
    /// The key of the object.
    pub key: String,
    /// From this day on, in UTC.
    pub from: Option<Day>,
    /// Until the end of this day, in UTC.
    pub to: Option<Day>,
    /// Only what was denied.
    pub denied: bool,
    /// Only entries before this one.
    pub before: Option<i64>,
}

impl TrailFilter {
    /// The names of the fields, as addresses have them.
    pub const FIELDS: [&'static str; 8] = ["who", "action", "kind", "key", "from", "to", "denied", "before"];

    /// Reads the query of a page. What is not understood lets everything through.
    #[must_use]
    pub fn of(value: impl Fn(&str) -> Option<String>) -> Self {
        let word = |name: &str| {
            let text = value(name).unwrap_or_default();
            let text = text.trim();
            let plain = text.len() <= WORD_MAX && !text.chars().any(char::is_control);
            if plain { text.to_owned() } else { String::new() }
        };
        let action = word("action");
        let is_action = action.bytes().all(|byte| byte.is_ascii_lowercase() || matches!(byte, b'.' | b'_'));
        Self {
            who: word("who"),
            action: if is_action { action } else { String::new() },
            kind: word("kind"),
            key: word("key"),
            from: word("from").parse().ok(),
            to: word("to").parse().ok(),
            denied: word("denied") == "yes",
            before: word("before").parse().ok(),
        }
    }

    /// The fields that say something, as addresses have them.
    #[must_use]
    pub fn pairs(&self) -> Vec<(&'static str, String)> {
        let day = |day: Option<Day>| day.map(|it| it.to_string()).unwrap_or_default();
        let denied = if self.denied { "yes" } else { "" }.to_owned();
        let before = self.before.map(|it| it.to_string()).unwrap_or_default();
        let values = [
            self.who.clone(),
            self.action.clone(),
            self.kind.clone(),
            self.key.clone(),
            day(self.from),
            day(self.to),
            denied,
            before,
        ];
        Self::FIELDS.into_iter().zip(values).filter(|(_, value)| !value.is_empty()).collect()
    }
}

/// One entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrailEntry {
    /// The number in its chain.
    pub sequence: i64,
    /// When.
    pub at: Timestamp,
    /// Who, as a name; a job's name where no person acted.
    pub actor: String,
    /// The command's name.
    pub action: String,
    /// The kind of the object, where there is one.
    pub kind: Option<String>,
    /// Its key.
    pub key: Option<String>,
    /// The hash of the entry, in hexadecimal.
    pub hash: String,
    /// What was before and after, or what else is known.
    pub details: Vec<Difference>,
}

/// Entries of one page, newest first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TrailPage {
    /// The entries.
    pub entries: Vec<TrailEntry>,
    /// Whether there are older ones.
    pub has_older: bool,
}

/// What the check of a chain found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChainReport {
    /// Whether every entry follows from the one before.
    pub is_whole: bool,
    /// What was found, in words.
    pub words: String,
    /// How many entries the chain has by its head.
    pub entries: i64,
    /// The hash of its last entry.
    pub head: String,
}

/// One value, before and after.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Difference {
    /// Of which object and member.
    pub what: String,
    /// Before; nothing where it is no change.
    pub before: String,
    /// After, or what is known.
    pub after: String,
}

/// What a payload tells. `personal` are the values that it names by their salted hash, by that hash; one that was erased
/// is missing there.
#[must_use]
pub fn details(payload: &str, personal: &BTreeMap<String, String>) -> Vec<Difference> {
    let Ok(Value::Object(members)) = serde_json::from_str(payload) else { return Vec::new() };
    let mut all = Vec::new();
    for (name, value) in &members {
        match value {
            Value::Array(changes) if name == "changes" => {
                changes.iter().for_each(|change| all.extend(of_change(change, personal)));
            }
            other => {
                all.push(Difference { what: words(name), before: String::new(), after: shown(Some(other), personal) });
            }
        }
    }
    all
}

/// The members of an object that differ.
fn of_change(change: &Value, personal: &BTreeMap<String, String>) -> Vec<Difference> {
    let text = |name: &str| change.get(name).and_then(Value::as_str).unwrap_or_default();
    let object = format!("{} {}", text("kind"), text("key"));
    let side = |name: &str| change.get(name).and_then(Value::as_object);
    let (before, after) = (side("before"), side("after"));
    let mut names: Vec<&String> = before.into_iter().chain(after).flat_map(|it| it.keys()).collect();
    names.sort();
    names.dedup();
    let differs = |name: &&String| {
        // The same text is salted anew with each entry, so that it is compared as it reads.
        let of = |side: Option<&serde_json::Map<String, Value>>| {
            shown(side.and_then(|it| it.get(*name)).filter(|it| !is_empty(it)), personal)
        };
        let (before, after) = (of(before), of(after));
        (before != after).then(|| Difference { what: format!("{object}: {}", words(name)), before, after })
    };
    names.iter().filter_map(differs).collect()
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.is_empty(),
        Value::String(text) => text.is_empty(),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

fn words(name: &str) -> String {
    name.replace('_', " ")
}

/// A value as people read it, cut where it is long.
fn shown(value: Option<&Value>, personal: &BTreeMap<String, String>) -> String {
    let text = value.map(|it| plain(it, personal)).unwrap_or_default();
    if text.chars().count() <= VALUE_MAX {
        return text;
    }
    text.chars().take(VALUE_MAX).chain(['\u{2026}']).collect()
}

fn plain(value: &Value, personal: &BTreeMap<String, String>) -> String {
    let listed = |parts: Vec<String>| parts.join(", ");
    match value {
        Value::Null => "nothing".to_owned(),
        Value::Bool(yes) => if *yes { "yes" } else { "no" }.to_owned(),
        Value::Number(number) => number.to_string(),
        Value::String(text) => text.clone(),
        Value::Array(items) => listed(items.iter().map(|it| plain(it, personal)).collect()),
        Value::Object(members) => match members.get("salted").and_then(Value::as_str) {
            Some(hash) if members.len() == 1 => personal.get(hash).cloned().unwrap_or_else(|| "erased".to_owned()),
            _ => listed(
                members
                    .iter()
                    .filter(|(_, it)| !is_empty(it))
                    .map(|(name, it)| format!("{}: {}", words(name), plain(it, personal)))
                    .collect(),
            ),
        },
    }
}

/// The entries as CSV: formulas are made harmless, and each difference is on a line of its cell.
#[must_use]
pub fn csv(entries: &[TrailEntry]) -> String {
    let mut text = String::new();
    let heads = ["number", "time", "who", "action", "kind", "key", "what", "before", "after", "hash"];
    line(&mut text, heads.into_iter().map(Cow::Borrowed));
    for it in entries {
        let column = |of: fn(&Difference) -> &str| it.details.iter().map(of).collect::<Vec<_>>().join("\n");
        let cells = [
            it.sequence.to_string(),
            it.at.to_string(),
            it.actor.clone(),
            it.action.clone(),
            it.kind.clone().unwrap_or_default(),
            it.key.clone().unwrap_or_default(),
            column(|it| &it.what),
            column(|it| &it.before),
            column(|it| &it.after),
            it.hash.clone(),
        ];
        line(&mut text, cells.into_iter().map(Cow::Owned));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_told_member_by_member() {
        let payload = r#"{"changes":[{"kind":"system","key":"till","before":{"name":"Till","owner":null,"stores":true},
            "after":{"name":"Cash desk","owner":"lead","stores":true,"facts":{"note":{"value":{"salted":"ab"}}}}}],
            "source":{"salted":"cd"}}"#;
        let personal = BTreeMap::from([("ab".to_owned(), "Old".to_owned())]);
        let told: Vec<_> = details(payload, &personal).into_iter().map(|it| (it.what, it.before, it.after)).collect();
        let row = |what: &str, before: &str, after: &str| (what.to_owned(), before.to_owned(), after.to_owned());
        assert_eq!(
            told,
            [
                row("system till: facts", "", "note: value: Old"),
                row("system till: name", "Till", "Cash desk"),
                row("system till: owner", "", "lead"),
                row("source", "", "erased"),
            ]
        );
        assert_eq!(details("no JSON", &personal), []);
        let long = format!(r#"{{"text":"{}"}}"#, "x".repeat(900));
        assert_eq!(details(&long, &personal)[0].after.chars().count(), VALUE_MAX + 1);
    }

    #[test]
    fn a_filter_is_read_from_an_address_and_written_into_one() {
        let query =
            [("who", " Lead "), ("action", "system"), ("from", "2026-11-01"), ("denied", "yes"), ("before", "9")];
        let value = |name: &str| query.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned());
        let filter = TrailFilter::of(value);
        assert_eq!((filter.who.as_str(), filter.before, filter.denied), ("Lead", Some(9), true));
        let written = filter.pairs();
        let again = TrailFilter::of(|name| written.iter().find(|(key, _)| *key == name).map(|(_, it)| it.clone()));
        assert_eq!(again, filter);
        let odd = TrailFilter::of(|name| (name == "action").then(|| "x' OR 1".to_owned()));
        assert_eq!(odd, TrailFilter::default());
    }

    #[test]
    fn a_file_has_no_formula() {
        let entry = TrailEntry {
            sequence: 1,
            at: Day(20_778).start(),
            actor: "=1+1".to_owned(),
            action: "system.add".to_owned(),
            kind: None,
            key: None,
            hash: "ab".to_owned(),
            details: Vec::new(),
        };
        let text = csv(&[entry]);
        assert!(text.starts_with("\"number\"") && text.contains("\"'=1+1\""), "{text}");
    }
}
