//! The result of a check as SARIF 2.1.0: one result for each system that rose.

use std::path::{Component, Path};

use domain::scope::delta::CategoryChange;
use serde_json::{Value, json};

use super::{Checked, SCOPE_RISE};

const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/sarif-schema-2.1.0.json";

pub(super) fn sarif(checked: &Checked<'_>) -> String {
    let rule = json!({
        "id": SCOPE_RISE,
        "name": "ScopeRise",
        "shortDescription": { "text": "A system rose in PCI DSS scope" },
        "fullDescription": { "text":
            "A system has a stronger scope category than in the model that was accepted last, or is new and in scope." },
        "help": { "text":
            "Read why the system is in scope, then take the cause out of the change or accept the new scope as the base." },
        "defaultConfiguration": { "level": "error" },
    });
    let log = json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": { "name": "Plumbline", "semanticVersion": env!("CARGO_PKG_VERSION"), "rules": [rule] } },
            "columnKind": "unicodeCodePoints",
            "results": checked.rises.iter().map(|it| result(checked, it)).collect::<Vec<_>>(),
        }],
    });
    serde_json::to_string_pretty(&log).expect("texts and lists always have a form in JSON")
}

fn result(checked: &Checked<'_>, it: &CategoryChange) -> Value {
    let because = it.because.iter().map(ToString::to_string);
    let message: Vec<String> = std::iter::once(checked.sentence(it)).chain(because).collect();
    let mut location = json!({
        "logicalLocations": [{ "name": it.system, "fullyQualifiedName": format!("system:{}", it.system), "kind": "object" }],
    });
    if let Some(path) = checked.path {
        location["physicalLocation"] = json!({
            "artifactLocation": { "uri": uri(path) },
            "region": { "startLine": line(&checked.model.bytes, it.system.as_str()) },
        });
    }
    let after = it.after.map_or("", |(category, _)| category.as_str());
    json!({
        "ruleId": SCOPE_RISE,
        "ruleIndex": 0,
        "level": "error",
        "message": { "text": message.join(" ") },
        "locations": [location],
        "partialFingerprints": { "systemAndCategory/v1": format!("{}:{after}", it.system) },
    })
}

/// The line, from 1, on which the key of a system stands in a model file in JSON or YAML; 1 where it is not found.
fn line(file: &[u8], system: &str) -> usize {
    let text = String::from_utf8_lossy(file);
    let key = serde_json::to_string(system).expect("a text always has a form in JSON");
    let is_key = |rest: &str| {
        let value = rest.trim_start();
        let plain = value.strip_prefix(system).or_else(|| value.strip_prefix(&*key));
        plain.is_some_and(|after| after.trim_start().is_empty() || after.trim_start().starts_with([',', '}', '#']))
    };
    let mut in_systems = false;
    for (number, line) in (1..).zip(text.lines()) {
        let mut rest = line;
        if !in_systems {
            let Some(place) = line.find("systems") else { continue };
            in_systems = true;
            rest = &line[place..];
        }
        while let Some(place) = rest.find("id") {
            let after = &rest[place + 2..];
            let after = after.strip_prefix('"').unwrap_or(after).trim_start();
            if after.strip_prefix(':').is_some_and(is_key) {
                return number;
            }
            rest = &rest[place + 2..];
        }
    }
    1
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
        assert_eq!(line(json, "crm"), 3);
        assert_eq!(line(b"systems:\n  - id: till\n    name: T\n  - id: crm # new\n", "crm"), 4);
        assert_eq!(line(b"systems: [{id: a}, {id: crm}]", "crm"), 1);
        assert_eq!(line(b"{\"systems\": []}", "crm"), 1);
    }
}
