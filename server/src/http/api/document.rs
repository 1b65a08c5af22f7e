//! The interface described for programs: an OpenAPI 3.1 document.

use serde_json::{Map, Value, json};

use super::answer::Answer;
use super::collection::COLLECTIONS;
use crate::http::routes::{Body, Call, Endpoint, ROUTES, Route};

/// `GET /api/v1/openapi.json`.
pub async fn show() -> Answer {
    Answer::text(document())
}

/// The document as text. The same build gives the same bytes.
#[must_use]
pub fn document() -> String {
    let mut paths: Map<String, Value> = Map::new();
    for route in ROUTES {
        if let Endpoint::Api(call) = route.endpoint {
            let method = route.verb.method().as_str().to_ascii_lowercase();
            let path = paths.entry(route.path).or_insert_with(|| json!({}));
            path[method] = operation(route, call);
        }
    }
    let document = json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Plumbline",
            "version": env!("CARGO_PKG_VERSION"),
            "summary": "The model of a payment estate, its PCI DSS scope with the proofs, and blast radii.",
            "description": "Objects have the members of a model file. Every answer about a workspace carries its revision as \
                            an entity tag; a change of an object that exists names the one that you saw in If-Match. \
                            Scope is advice: the entity confirms it (PCI DSS 12.5.2).",
            "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" },
        },
        "servers": [{ "url": "/" }],
        "security": [{ "token": [] }],
        "paths": paths,
        "components": {
            "securitySchemes": {
                "token": { "type": "http", "scheme": "bearer", "description": "An API token of a workspace: plb_.." },
            },
            "schemas": schemas(),
        },
    });
    let mut text = serde_json::to_string_pretty(&document).expect("texts and lists always have a form in JSON");
    text.push('\n');
    text
}

/// What one operation is for, what it answers, and whether it may answer that there is no such object.
struct Meaning {
    id: &'static str,
    summary: &'static str,
    answer: Value,
    tagged: bool,
}

fn meaning(call: Call) -> Meaning {
    let told = |id, summary, schema: &str| Meaning {
        id,
        summary,
        answer: json!({ "$ref": format!("#/components/schemas/{schema}") }),
        tagged: true,
    };
    match call {
        Call::Document => Meaning { tagged: false, ..told("document", "This document", "Members") },
        Call::Workspaces => {
            Meaning { tagged: false, ..told("workspaces", "The workspace that the token opens", "Workspaces") }
        }
        Call::Workspace => told("workspace", "A workspace with its counts", "Workspace"),
        Call::Model => told("model", "The model as a model file", "Members"),
        Call::Import => told("import", "Import a file: all or nothing, and what it leaves out stays", "Imported"),
        Call::Objects => told("objects", "The objects of a kind, page by page in the order of keys", "Objects"),
        Call::Object => told("object", "One object", "Members"),
        Call::PutObject => told("putObject", "Make an object be as stated", "Written"),
        Call::DeleteObject => told("deleteObject", "Remove a system or a flow", "Written"),
        Call::Scope => told("scope", "The scope: the verdict on every system", "Scope"),
        Call::Verdict => told("verdict", "The verdict on one system, and why", "Explained"),
        Call::Blast => told("blast", "What follows if a start is hostile", "Blast"),
    }
}

fn operation(route: &Route, call: Call) -> Value {
    let Meaning { id, summary, answer, tagged } = meaning(call);
    let mut done = json!({ "description": summary, "content": { "application/json": { "schema": answer } } });
    if tagged {
        done["headers"] = json!({ "ETag": { "description": "The revision", "schema": { "type": "string" } } });
    }
    let mut responses = json!({ "200": done });
    for status in refusals(route, call) {
        let words = match status {
            "400" => "The request cannot be read",
            "401" => "There is no token, or it has ended",
            "403" => "The token, or its member's role, does not allow it",
            "404" => "There is no such workspace or object",
            "405" => "Objects of this kind cannot be removed",
            "409" => "The object changed since you saw it",
            "413" => "The body is too large",
            "415" => "The body is of a kind that is not taken here",
            "422" => "Something in the request is not valid; each error names its field and the remedy",
            "428" => "If-Match is missing",
            "429" => "Too many requests; Retry-After says how long to wait",
            _ => "Try again later",
        };
        responses[status] = json!({
            "description": words,
            "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } },
        });
    }
    if call == Call::PutObject {
        responses["201"] = responses["200"].clone();
    }
    let mut operation = json!({ "operationId": id, "summary": summary, "responses": responses });
    let parameters = parameters(route, call);
    if !parameters.is_empty() {
        operation["parameters"] = parameters.into();
    }
    let object = json!({ "schema": { "$ref": "#/components/schemas/Members" } });
    let text = json!({ "schema": { "type": "string" } });
    match route.body {
        Body::Object => {
            operation["requestBody"] = json!({ "required": true, "content": { "application/json": object } });
        }
        Body::Model => {
            operation["requestBody"] = json!({
                "required": true,
                "content": { "application/json": object, "application/yaml": text, "text/csv": text },
            });
        }
        Body::None | Body::Form | Body::File | Body::Report => {}
    }
    operation
}

/// The statuses with which a call can be refused.
fn refusals(route: &Route, call: Call) -> Vec<&'static str> {
    let mut statuses = vec!["400", "401"];
    if route.path.contains("{ws}") {
        statuses.extend(["403", "404"]);
    }
    if call == Call::DeleteObject {
        statuses.push("405");
    }
    if matches!(call, Call::Import | Call::PutObject | Call::DeleteObject) {
        statuses.extend(["409", "429"]);
    }
    if matches!(call, Call::PutObject | Call::DeleteObject) {
        statuses.push("428");
    }
    if matches!(route.body, Body::Object | Body::Model) {
        statuses.extend(["413", "415"]);
    }
    if matches!(call, Call::Import | Call::PutObject | Call::DeleteObject | Call::Objects | Call::Blast) {
        statuses.push("422");
    }
    statuses.push("503");
    statuses
}

fn parameters(route: &Route, call: Call) -> Vec<Value> {
    let text = json!({ "type": "string" });
    let in_path = |name: &str, about: &str, schema: &Value| json!({ "name": name, "in": "path", "required": true, "description": about, "schema": schema });
    let in_query = |name: &str, about: &str, required: bool, schema: Value| json!({ "name": name, "in": "query", "required": required, "description": about, "schema": schema });
    let mut all = Vec::new();
    if route.path.contains("{ws}") {
        all.push(in_path("ws", "The key of the workspace", &text));
    }
    if route.path.contains("{kind}") {
        let words: Vec<&str> = COLLECTIONS.iter().map(|it| it.word).collect();
        all.push(in_path("kind", "The kind of objects", &json!({ "type": "string", "enum": words })));
    }
    if route.path.contains("{key}") {
        all.push(in_path("key", "The key of the object", &text));
    }
    match call {
        Call::Objects => {
            all.push(in_query("limit", "How many", false, json!({ "type": "integer", "minimum": 1, "maximum": 1000 })));
            all.push(in_query("after", "The `next` of the page before", false, text));
        }
        Call::Blast => {
            let schema = json!({ "type": "string", "examples": ["system:crm", "credential:psp-key", "field:pan"] });
            all.push(in_query("start", "What is assumed to be hostile, as kind:key", true, schema));
        }
        Call::Import => {
            all.push(in_query("dry_run", "Only say what would change", false, json!({ "type": "boolean" })));
            let about = "Take the proposals for field names of which we are sure";
            all.push(in_query("accept", about, false, json!({ "type": "string", "enum": ["high"] })));
        }
        _ => {}
    }
    if matches!(call, Call::Import | Call::PutObject | Call::DeleteObject) {
        all.push(json!({
            "name": "If-Match",
            "in": "header",
            "required": false,
            "description": "The entity tag that you saw. Required where the object exists.",
            "schema": { "type": "string", "pattern": "^\"[0-9]+\"$" },
        }));
    }
    all
}

fn schemas() -> Value {
    let count = json!({ "type": "integer", "minimum": 0 });
    let texts = json!({ "type": "array", "items": { "type": "string" } });
    let side = json!({
        "type": ["object", "null"],
        "properties": { "category": { "type": "string" }, "sub": { "type": ["string", "null"] } },
    });
    let workspace = json!({
        "id": { "type": "string" },
        "name": { "type": "string" },
        "role": { "type": "string" },
        "sample": { "type": "boolean" },
    });
    let mut counted = workspace.clone();
    counted["revision"] = count.clone();
    counted["as_of"] = json!({ "type": "string", "format": "date" });
    counted["systems"] = count.clone();
    counted["flows"] = count.clone();
    counted["categories"] = json!({ "type": "object", "additionalProperties": count });
    json!({
        "Members": { "type": "object", "description": "Members as in a model file" },
        "Problem": {
            "type": "object",
            "description": "The details of a problem (RFC 9457)",
            "required": ["type", "title", "status", "detail", "request"],
            "properties": {
                "type": { "type": "string" },
                "title": { "type": "string" },
                "status": { "type": "integer" },
                "detail": { "type": "string" },
                "request": { "type": "string", "description": "The number under which the log has the request" },
                "errors": {
                    "type": "array",
                    "items": {
                        "type": "object",
                        "required": ["field", "advice"],
                        "properties": {
                            "line": { "type": ["integer", "null"] },
                            "field": { "type": "string" },
                            "advice": { "type": "string" },
                        },
                    },
                },
            },
        },
        "Workspaces": {
            "type": "object",
            "required": ["workspaces"],
            "properties": {
                "workspaces": {
                    "type": "array",
                    "items": { "type": "object", "required": ["id", "name", "role", "sample"], "properties": workspace },
                },
            },
        },
        "Workspace": {
            "type": "object",
            "required": ["id", "name", "role", "sample", "revision", "as_of", "systems", "flows", "categories"],
            "properties": counted,
        },
        "Objects": {
            "type": "object",
            "required": ["items", "next"],
            "properties": {
                "items": { "type": "array", "items": { "$ref": "#/components/schemas/Members" } },
                "next": { "type": ["string", "null"], "description": "Send it as `after` for the next page" },
            },
        },
        "Written": {
            "type": "object",
            "required": ["revision", "objects", "scope_changes"],
            "properties": {
                "revision": count,
                "objects": count,
                "scope_changes": {
                    "type": "array",
                    "items": {
                        "type": "object",
                        "required": ["system", "name", "before", "after", "because"],
                        "properties": {
                            "system": { "type": "string" },
                            "name": { "type": "string" },
                            "before": side,
                            "after": side,
                            "because": texts,
                        },
                    },
                },
            },
        },
        "Imported": {
            "type": "object",
            "required": ["new", "changed", "unchanged", "objects", "undeclared", "written"],
            "properties": {
                "new": count,
                "changed": count,
                "unchanged": count,
                "objects": { "type": "array", "items": { "type": "object" } },
                "undeclared": texts,
                "written": { "anyOf": [{ "$ref": "#/components/schemas/Written" }, { "type": "null" }] },
            },
        },
        "Scope": {
            "type": "object",
            "required": ["systems", "saq_hint", "gaps"],
            "properties": {
                "systems": { "type": "object", "additionalProperties": { "$ref": "#/components/schemas/Verdict" } },
                "saq_hint": { "type": "string" },
                "next_change": {
                    "type": "object",
                    "description": "The first day on which the scope can change although nobody changes the model.",
                    "required": ["on", "causes"],
                    "properties": {
                        "on": { "type": "string", "format": "date" },
                        "causes": { "type": "array", "items": { "type": "object" } },
                    },
                },
                "gaps": texts,
            },
        },
        "Verdict": {
            "type": "object",
            "required": ["category"],
            "properties": { "category": { "type": "string" }, "flags": texts },
        },
        "Explained": {
            "type": "object",
            "required": ["verdict", "because"],
            "properties": { "verdict": { "$ref": "#/components/schemas/Verdict" }, "because": texts },
        },
        "Blast": { "type": "object", "required": ["start"], "properties": { "start": { "type": "object" } } },
    })
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn every_address_of_the_interface_is_described_and_every_reference_leads_somewhere() {
        let text = document();
        let document: Value = serde_json::from_str(&text).unwrap();
        for route in ROUTES.iter().filter(|route| matches!(route.endpoint, Endpoint::Api(_))) {
            let method = route.verb.method().as_str().to_ascii_lowercase();
            assert!(document["paths"][route.path][&method].is_object(), "{method} {}", route.path);
        }
        for reference in text.split("\"$ref\": \"#/components/schemas/").skip(1) {
            let name = reference.split('"').next().unwrap();
            assert!(document["components"]["schemas"][name].is_object(), "{name}");
        }
        assert_eq!(text, super::document(), "the same bytes each time");
    }
}
