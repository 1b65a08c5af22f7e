//! The result of a check as SARIF 2.1.0: one result for each system that rose and each critical finding that is
//! new.

use std::collections::BTreeMap;
use std::path::{Component, Path};

use domain::findings::Finding;
use domain::model::object::ObjectRef;
use domain::scope::delta::CategoryChange;
use serde_json::{Value, json};

use super::{Checked, NEW_CRITICAL, SCOPE_RISE};

const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/sarif-schema-2.1.0.json";

pub(super) fn sarif(checked: &Checked<'_>) -> String {
    let mut rules = Vec::new();
    let mut results = Vec::new();
    let lines = lines(&checked.model.bytes);
    if let Some(rises) = &checked.rises {
        results.extend(rises.iter().map(|it| rise(checked, &lines, rules.len(), it)));
        rules.push(scope_rise());
    }
    if checked.critical.is_some() {
        results.extend(checked.new_critical().map(|it| critical(checked, &lines, rules.len(), it)));
        rules.push(new_critical());
    }
    let log = json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": { "name": "Plumbline", "semanticVersion": env!("CARGO_PKG_VERSION"), "rules": rules } },
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    serde_json::to_string_pretty(&log).expect("texts and lists always have a form in JSON")
}

fn scope_rise() -> Value {
    json!({
        "id": SCOPE_RISE,
        "name": "ScopeRise",
        "shortDescription": { "text": "A system rose in PCI DSS scope" },
        "fullDescription": { "text":
            "A system has a stronger scope category than in the model that was accepted last, or is new and in scope." },
        "help": { "text":
            "Read why the system is in scope, then take the cause out of the change or accept the new scope as the base." },
        "defaultConfiguration": { "level": "error" },
    })
}

fn new_critical() -> Value {
    json!({
        "id": NEW_CRITICAL,
        "name": "NewCritical",
        "shortDescription": { "text": "A critical finding that was not there before" },
        "fullDescription": { "text":
            "A rule finds something critical in the model that it did not find in the one that was accepted last." },
        "help": { "text": "Take the cause out of the change, or accept the finding and then the model as the base." },
        "defaultConfiguration": { "level": "error" },
    })
}

fn rise(checked: &Checked<'_>, lines: &BTreeMap<String, usize>, rule: usize, it: &CategoryChange) -> Value {
    let because = it.because.iter().map(ToString::to_string);
    let message: Vec<String> = std::iter::once(checked.sentence(it)).chain(because).collect();
    let after = it.after.map_or("", |(category, _)| category.as_str());
    json!({
        "ruleId": SCOPE_RISE,
        "ruleIndex": rule,
        "level": "error",
        "message": { "text": message.join(" ") },
        "locations": [location(checked, lines, &ObjectRef::System(it.system.clone()))],
        "partialFingerprints": { "systemAndCategory/v1": format!("{}:{after}", it.system) },
    })
}

fn critical(checked: &Checked<'_>, lines: &BTreeMap<String, usize>, rule: usize, it: &Finding) -> Value {
    json!({
        "ruleId": NEW_CRITICAL,
        "ruleIndex": rule,
        "level": "error",
        "message": { "text": format!("{} {}: {}", it.sentence, it.rule, it.rule().sentence) },
        "locations": [location(checked, lines, &it.subject)],
        "partialFingerprints": { "finding/v1": it.identity().to_string() },
    })
}

/// Where an object is: its key, and of the model file, where there is one, the line of a system, else the first.
fn location(checked: &Checked<'_>, lines: &BTreeMap<String, usize>, object: &ObjectRef) -> Value {
    let key = object.key();
    let name = format!("{}:{key}", object.kind());
    let mut location = json!({ "logicalLocations": [{ "name": key, "fullyQualifiedName": name, "kind": "object" }] });
    if let Some(path) = checked.path {
        let line = lines.get(&key).filter(|_| matches!(object, ObjectRef::System(_))).unwrap_or(&1);
        location["physicalLocation"] =
            json!({ "artifactLocation": { "uri": uri(path) }, "region": { "startLine": line } });
    }
    location
}

/// The lines, from 1, on which the keys of systems stand in a model file in JSON or YAML. A file that is written in an
/// unusual way may name none of them.
fn lines(file: &[u8]) -> BTreeMap<String, usize> {
    let text = String::from_utf8_lossy(file);
    let mut lines = BTreeMap::new();
    let mut in_systems = false;
    for (number, line) in (1..).zip(text.lines()) {
        let mut rest = line;
        if !in_systems {
            let Some(place) = line.find("systems") else { continue };
            in_systems = true;
            rest = &line[place..];
        }
        while let Some(place) = rest.find("id") {
            rest = &rest[place + "id".len()..];
            let value = rest.strip_prefix('"').unwrap_or(rest).trim_start().strip_prefix(':');
            if let Some(key) = value.and_then(scalar) {
                // What follows the systems may have the same keys.
                lines.entry(key).or_insert(number);
            }
        }
    }
    lines
}

/// The text that a value begins with: quoted as in JSON, or plain as in YAML.
fn scalar(value: &str) -> Option<String> {
    let value = value.trim_start();
    if value.starts_with('"') {
        return serde_json::Deserializer::from_str(value).into_iter().next()?.ok();
    }
    let end = value.find([',', '}', '#']).unwrap_or(value.len());
    Some(value[..end].trim().trim_matches('\'').to_owned())
}

/// A path as a reference in the sense of RFC 3986: relative as it was given, or as a file where it is absolute.
fn uri(path: &Path) -> String {
    let mut parts = Vec::new();
    for component in path.components() {
        match component {
            Component::Normal(name) => parts.push(encoded(name.as_encoded_bytes())),
            Component::ParentDir => parts.push("..".to_owned()),
            Component::RootDir => parts.push(String::new()),
            Component::CurDir | Component::Prefix(_) => {}
        }
    }
    let text = parts.join("/");
    if path.is_absolute() { format!("file://{text}") } else { text }
}

fn encoded(name: &[u8]) -> String {
    let mut safe = String::with_capacity(name.len());
    for byte in name {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => safe.push(char::from(*byte)),
            byte => {
                safe.push('%');
                safe.push_str(&hex::encode_upper([*byte]));
            }
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_becomes_a_reference() {
        assert_eq!(uri(Path::new("./models/mein shop.json")), "models/mein%20shop.json");
        assert_eq!(uri(Path::new("../base.yaml")), "../base.yaml");
        assert_eq!(uri(Path::new("/srv/ü.json")), "file:///srv/%C3%BC.json");
    }

    #[test]
    fn a_system_is_found_in_json_and_in_yaml() {
        let json = b"{\"flows\": [{\"id\": \"crm\"}],\n \"systems\": [{\"id\": \"crm-old\"},\n  {\"id\" : \"crm\", \"name\": \"c\"}]}";
        let line = |file: &[u8]| lines(file).get("crm").copied();
        assert_eq!(line(json), Some(3));
        assert_eq!(line(b"systems:\n  - id: till\n    name: T\n  - id: crm # new\n"), Some(4));
        assert_eq!(line(b"systems: [{id: a}, {id: 'crm'}]\nflows: [{id: crm}]"), Some(1));
        assert_eq!(line(b"{\"systems\": []}"), None);
    }
}
