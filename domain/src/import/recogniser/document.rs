//! The operations of an OpenAPI or Swagger document: what they take and what they return.

use super::pointer::{Target, last, reference, resolve, target};
use super::schemas::{Body, Walk};
use super::tree::{Node, Problem};
use super::unit::shown;
use super::{Bounds, Collected, Direction};

const METHODS: [&str; 9] = ["get", "put", "post", "delete", "options", "head", "patch", "trace", "query"];

/// So many references of parameters, bodies and answers are followed one after the other.
const HOPS: usize = 8;

/// The fields of an OpenAPI 3 or Swagger 2 document.
pub(super) fn units(root: &Node, bounds: &Bounds) -> Result<Collected, Problem> {
    let mut walk = Walk::new(root, *bounds);
    walk.components("/components/schemas");
    walk.components("/definitions");
    for (path, item) in root.get("paths").into_iter().flat_map(Node::members) {
        operations(&mut walk, &shown_path(path), &about(path), item, Asked::ByTheCaller)?;
    }
    for (name, item) in root.get("webhooks").into_iter().flat_map(Node::members) {
        operations(&mut walk, &format!("webhook {}", shown(name)), &[shown(name)], item, Asked::ByTheInterface)?;
    }
    let title = root.get("info").and_then(|info| info.get("title")).and_then(Node::text).map(str::to_owned);
    walk.finish(title)
}

/// Who makes the call: what a webhook sends is returned by the interface that is described.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Asked {
    ByTheCaller,
    ByTheInterface,
}

impl Asked {
    const fn sent(self) -> Direction {
        match self {
            Self::ByTheCaller => Direction::Request,
            Self::ByTheInterface => Direction::Response,
        }
    }

    const fn returned(self) -> Direction {
        match self {
            Self::ByTheCaller => Direction::Response,
            Self::ByTheInterface => Direction::Request,
        }
    }
}

fn operations<'n>(
    walk: &mut Walk<'n>,
    path: &str,
    context: &[String],
    item: &'n Node,
    asked: Asked,
) -> Result<(), Problem> {
    walk.step()?;
    let Some((_, item)) = followed(walk, item) else { return Ok(()) };
    let parameters = |node: &'n Node| node.get("parameters").map(Node::items).unwrap_or_default();
    for parameter in parameters(item) {
        take_parameter(walk, path, context, parameter, asked)?;
    }
    for (method, operation) in item.members().filter(|(name, _)| METHODS.contains(name)) {
        let name = format!("{} {path}", method.to_uppercase());
        for parameter in parameters(operation) {
            take_parameter(walk, &name, context, parameter, asked)?;
        }
        if let Some((_, body)) = operation.get("requestBody").and_then(|body| followed(walk, body)) {
            let name = format!("{name} request");
            contents(walk, &Body { name: &name, context, direction: asked.sent() }, body)?;
        }
        for (code, answer) in operation.get("responses").into_iter().flat_map(Node::members) {
            let Some((_, answer)) = followed(walk, answer) else { continue };
            let name = format!("{name} {} response", shown(code));
            let body = Body { name: &name, context, direction: asked.returned() };
            contents(walk, &body, answer)?;
            for (header, described) in answer.get("headers").into_iter().flat_map(Node::members) {
                if let Some((_, described)) = followed(walk, described) {
                    walk.field(&body, header, described.get("schema").unwrap_or(described))?;
                }
            }
        }
        for (event, paths) in operation.get("callbacks").into_iter().flat_map(Node::members) {
            for (_, item) in paths.members().filter(|_| asked == Asked::ByTheCaller) {
                operations(walk, &format!("callback {}", shown(event)), &[shown(event)], item, Asked::ByTheInterface)?;
            }
        }
    }
    Ok(())
}

fn take_parameter<'n>(
    walk: &mut Walk<'n>,
    operation: &str,
    context: &[String],
    parameter: &'n Node,
    asked: Asked,
) -> Result<(), Problem> {
    walk.step()?;
    let Some((_, parameter)) = followed(walk, parameter) else { return Ok(()) };
    let place = parameter.get("in").and_then(Node::text).unwrap_or_default();
    if place == "body" {
        let name = format!("{operation} request");
        return contents(walk, &Body { name: &name, context, direction: asked.sent() }, parameter);
    }
    let Some(name) = parameter.get("name").and_then(Node::text) else { return Ok(()) };
    // A parameter without a schema has its type beside its name (Swagger 2), and its description beside its schema.
    let group = format!("{operation} parameters");
    let body = Body { name: &group, context, direction: asked.sent() };
    match parameter.get("schema") {
        Some(schema) if parameter.get("description").is_none() => walk.field(&body, name, schema),
        _ => walk.field(&body, name, parameter),
    }
}

/// The schemas of a body: by media type (OpenAPI 3) or beside it (Swagger 2).
fn contents<'n>(walk: &mut Walk<'n>, body: &Body<'_>, node: &'n Node) -> Result<(), Problem> {
    let by_type = node.get("content").into_iter().flat_map(Node::members).filter_map(|(_, it)| it.get("schema"));
    for schema in by_type.chain(node.get("schema")) {
        walk.body(body, schema)?;
    }
    Ok(())
}

/// A node, or what it refers to within the document, with the name of that.
fn followed<'n>(walk: &Walk<'n>, node: &'n Node) -> Option<(Option<String>, &'n Node)> {
    let (mut name, mut node) = (None, node);
    for _ in 0..HOPS {
        match reference(node).map(target) {
            None => return Some((name, node)),
            Some(Target::Remote(_)) => return None,
            Some(Target::Local(pointer)) => {
                name = Some(last(pointer));
                node = resolve(walk.root(), pointer)?;
            }
        }
    }
    None
}

/// What the last named part of a path is about: `cards` of `/customers/{id}/cards`.
fn about(path: &str) -> Vec<String> {
    path.rsplit('/').find(|part| !part.is_empty() && !part.contains('{')).map(shown).into_iter().collect()
}

fn shown_path(path: &str) -> String {
    path.split('/').map(shown).collect::<Vec<_>>().join("/")
}
