//! What a schema says of one field: its type, its description, its limits, and the values of its examples.

use super::pointer::{Target, reference, resolve, target};
use super::schemas::Walk;
use super::tree::{Node, Problem};
use super::unit::Facets;
use super::value::Values;
use crate::import::names::words;

/// So many references are followed one after the other.
const HOPS: usize = 16;

/// So deep are parts of `allOf` and the like looked into.
const PARTS: usize = 8;

/// Members that list the values that a field may have.
const LISTS: [&str; 3] = ["enum", "x-namespaced-enum", "x-extensible-enum"];

/// What the types of a schema are.
#[derive(Debug, Default)]
struct Types {
    scalar: bool,
    flag: bool,
    container: bool,
}

impl Walk<'_> {
    /// What a schema says of a field, with what its references say; also whether the field is a list.
    pub(super) fn facets(&mut self, schema: &Node, values: &mut Values) -> Result<(Facets, bool), Problem> {
        let mut gathering = Gathering { facets: Facets::default(), types: Types::default(), is_list: false, values };
        gathering.take(self, schema, 0, 0)?;
        let Gathering { mut facets, types, is_list, .. } = gathering;
        facets.is_text = types.scalar;
        facets.is_container = types.container && !types.scalar;
        facets.is_boolean = types.flag && !types.scalar;
        Ok((facets, is_list))
    }
}

struct Gathering<'v> {
    facets: Facets,
    types: Types,
    is_list: bool,
    values: &'v mut Values,
}

impl Gathering<'_> {
    fn take(&mut self, walk: &mut Walk<'_>, schema: &Node, hops: usize, depth: usize) -> Result<(), Problem> {
        walk.step()?;
        self.take_own(schema);
        if let Some(Target::Local(pointer)) = reference(schema).map(target)
            && hops < HOPS
            && let Some(found) = resolve(walk.root(), pointer)
        {
            self.take(walk, found, hops + 1, depth)?;
        }
        if let Some(items) = schema.get("items") {
            self.is_list = true;
            if depth < PARTS {
                self.take(walk, items, hops, depth + 1)?;
            }
        }
        // A schema that has properties is a container whatever its parts say.
        if self.types.container || depth >= PARTS {
            return Ok(());
        }
        for part in ["allOf", "oneOf", "anyOf"].iter().filter_map(|name| schema.get(name)).flat_map(Node::items) {
            self.take(walk, part, hops, depth + 1)?;
        }
        Ok(())
    }

    fn take_own(&mut self, schema: &Node) {
        if self.facets.description.is_empty()
            && let Some(text) = schema.get("description").or_else(|| schema.get("title")).and_then(Node::text)
        {
            self.facets.description = text.to_owned();
        }
        match schema.get("type") {
            Some(Node::Text(name)) => self.types.take(name),
            Some(Node::List(names)) => names.iter().filter_map(Node::text).for_each(|name| self.types.take(name)),
            _ => {}
        }
        let has_members = |name| schema.get(name).is_some_and(Node::is_map);
        self.types.container |= has_members("properties") || has_members("additionalProperties");
        self.facets.write_only |= schema.get("writeOnly").is_some_and(Node::is_true);
        if let Some(length) = schema.get("maxLength").and_then(Node::whole) {
            self.facets.max_length = Some(self.facets.max_length.map_or(length, |known| known.min(length)));
        }
        if let Some(pattern) = schema.get("pattern").and_then(Node::text) {
            self.facets.pattern.get_or_insert_with(|| pattern.chars().take(200).collect());
        }
        for value in LISTS.iter().filter_map(|name| schema.get(name)).flat_map(Node::items).filter_map(Node::text) {
            self.facets.is_listed = true;
            self.facets.names_card_scheme |= words(value).split('_').any(|word| word == "pan");
        }
        for name in ["example", "default", "const"] {
            if let Some(value) = schema.get(name) {
                self.values.look(value);
            }
        }
        schema.get("examples").map(Node::items).unwrap_or_default().iter().for_each(|value| self.values.look(value));
    }
}

impl Types {
    fn take(&mut self, name: &str) {
        match name {
            "object" => self.container = true,
            "boolean" => self.flag = true,
            "string" | "integer" | "number" => self.scalar = true,
            _ => {}
        }
    }
}
