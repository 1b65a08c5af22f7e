//! The walk through the schemas of a document: each schema once, each property of it one field, whatever refers to it.
//! Cycles end because a schema that was visited is not visited again.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::pointer::{Target, canonical, last, reference, resolve, target};
use super::tree::{Node, Problem};
use super::unit::{Unit, shown};
use super::value::Values;
use super::{Bounds, Collected, Direction, quotable};

/// The walk: what is known, and what is still to visit.
pub(super) struct Walk<'n> {
    root: &'n Node,
    bounds: Bounds,
    steps: usize,
    schemas: Vec<Schema>,
    by_pointer: BTreeMap<String, usize>,
    to_visit: VecDeque<(usize, &'n Node)>,
    units: Vec<(usize, Unit)>,
    known: BTreeSet<(usize, String)>,
    collected: Collected,
}

/// One schema: a component, or the body of an operation.
#[derive(Debug, Default)]
struct Schema {
    name: String,
    referrers: BTreeSet<String>,
    refers_to: BTreeSet<usize>,
    is_sent: bool,
    is_returned: bool,
}

/// A schema that an operation begins with.
pub(super) struct Body<'a> {
    /// What people call it, for example `POST /payments request`.
    pub(super) name: &'a str,
    /// Words for where it is used.
    pub(super) context: &'a [String],
    /// Sent to the described interface, or returned by it.
    pub(super) direction: Direction,
}

/// The fields of a JSON Schema document.
pub(super) fn of_schema_document(root: &Node, bounds: &Bounds) -> Result<Collected, Problem> {
    let mut walk = Walk::new(root, *bounds);
    let title = root.get("title").and_then(Node::text).map(str::to_owned);
    let name = title.clone().or_else(|| root.get("$id").and_then(Node::text).map(last)).unwrap_or_default();
    let name = shown(&quotable(name.trim_end_matches(".json")));
    walk.begin("", &name, root);
    for list in ["$defs", "definitions"] {
        walk.components(&format!("/{list}"));
    }
    walk.finish(title)
}

impl<'n> Walk<'n> {
    pub(super) fn new(root: &'n Node, bounds: Bounds) -> Self {
        Self {
            root,
            bounds,
            steps: 0,
            schemas: Vec::new(),
            by_pointer: BTreeMap::new(),
            to_visit: VecDeque::new(),
            units: Vec::new(),
            known: BTreeSet::new(),
            collected: Collected::default(),
        }
    }

    pub(super) const fn root(&self) -> &'n Node {
        self.root
    }

    /// One step of the walk.
    ///
    /// # Errors
    /// There were too many.
    pub(super) fn step(&mut self) -> Result<(), Problem> {
        self.steps += 1;
        if self.steps > self.bounds.steps {
            return Err(Problem::too_far("schemas and references to look at", self.bounds.steps));
        }
        Ok(())
    }

    /// Visits every schema of a list of named schemas later on.
    pub(super) fn components(&mut self, pointer: &str) {
        let root = self.root;
        let Some(list) = resolve(root, pointer) else { return };
        for (name, schema) in list.members() {
            let escaped = name.replace('~', "~0").replace('/', "~1").replace('%', "%25");
            self.begin(&format!("{pointer}/{escaped}"), &shown(name), schema);
        }
    }

    /// Visits a schema later on, unless it was begun before.
    fn begin(&mut self, pointer: &str, name: &str, schema: &'n Node) -> usize {
        let key = canonical(pointer);
        if let Some(at) = self.by_pointer.get(&key) {
            return *at;
        }
        let at = self.add(name);
        self.by_pointer.insert(key, at);
        self.to_visit.push_back((at, schema));
        at
    }

    fn add(&mut self, name: &str) -> usize {
        self.schemas.push(Schema { name: name.to_owned(), ..Schema::default() });
        self.schemas.len() - 1
    }

    /// Visits the schema of an operation.
    pub(super) fn body(&mut self, body: &Body<'_>, schema: &'n Node) -> Result<(), Problem> {
        let at = self.add(body.name);
        self.schemas[at].referrers.extend(body.context.iter().cloned());
        self.schemas[at].is_sent = body.direction == Direction::Request;
        self.schemas[at].is_returned = body.direction == Direction::Response;
        self.visit(at, schema, &mut Vec::new())
    }

    /// A parameter or a header: a field that stands alone.
    pub(super) fn field(&mut self, body: &Body<'_>, name: &str, schema: &'n Node) -> Result<(), Problem> {
        let at = self.add(body.name);
        self.schemas[at].referrers.extend(body.context.iter().cloned());
        self.schemas[at].is_sent = body.direction == Direction::Request;
        self.schemas[at].is_returned = body.direction == Direction::Response;
        self.property(at, name, schema, &mut Vec::new())
    }

    fn visit(&mut self, at: usize, schema: &'n Node, steps: &mut Vec<String>) -> Result<(), Problem> {
        self.step()?;
        if let Some(reference) = reference(schema) {
            self.refer(at, reference, steps.last());
        }
        for name in ["allOf", "oneOf", "anyOf", "prefixItems"] {
            for part in schema.get(name).map(Node::items).unwrap_or_default() {
                self.visit(at, part, steps)?;
            }
        }
        for name in ["items", "contains", "then", "else"] {
            match schema.get(name) {
                Some(Node::List(parts)) => {
                    for part in parts {
                        self.visit(at, part, steps)?;
                    }
                }
                Some(part) => self.visit(at, part, steps)?,
                None => {}
            }
        }
        for (_, part) in schema.get("dependentSchemas").into_iter().flat_map(Node::members) {
            self.visit(at, part, steps)?;
        }
        let maps = ["additionalProperties", "unevaluatedProperties"].iter().filter_map(|name| schema.get(name));
        let patterns = schema.get("patternProperties").into_iter().flat_map(Node::members).map(|(_, part)| part);
        for part in maps.chain(patterns).filter(|part| part.is_map()) {
            steps.push("*".to_owned());
            self.visit(at, part, steps)?;
            steps.pop();
        }
        for (name, property) in schema.get("properties").into_iter().flat_map(Node::members) {
            self.property(at, name, property, steps)?;
        }
        Ok(())
    }

    fn property(&mut self, at: usize, name: &str, schema: &'n Node, steps: &mut Vec<String>) -> Result<(), Problem> {
        let mut values = Values::default();
        let (facets, is_list) = self.facets(schema, &mut values)?;
        let mut step = shown(name);
        if is_list {
            step.push_str("[]");
        }
        steps.push(step);
        if self.known.insert((at, steps.join("\u{1f}"))) {
            if self.units.len() == self.bounds.fields {
                return Err(Problem::too_far("fields", self.bounds.fields));
            }
            self.units.push((at, Unit { steps: steps.clone(), facets, values, ..Unit::default() }));
        }
        self.visit(at, schema, steps)?;
        steps.pop();
        Ok(())
    }

    fn refer(&mut self, at: usize, reference: &str, property: Option<&String>) {
        let pointer = match target(reference) {
            Target::Local(pointer) => pointer,
            Target::Remote(reference) => {
                self.collected.remote.push(quotable(reference));
                return;
            }
        };
        let Some(schema) = resolve(self.root, pointer) else {
            self.collected.broken.push(quotable(&format!("#{pointer}")));
            return;
        };
        let to = self.begin(pointer, &shown(&last(pointer)), schema);
        self.schemas[at].refers_to.insert(to);
        match property {
            Some(property) => {
                self.schemas[to].referrers.insert(property.trim_end_matches("[]").to_owned());
            }
            // The name of an operation is no name of what it carries; what it is about is.
            None if self.schemas[at].name.contains(' ') => {
                let context = self.schemas[at].referrers.clone();
                self.schemas[to].referrers.extend(context);
            }
            None => {
                let name = self.schemas[at].name.clone();
                self.schemas[to].referrers.insert(name);
            }
        }
    }

    /// Visits what is left, and gives all fields.
    pub(super) fn finish(mut self, title: Option<String>) -> Result<Collected, Problem> {
        while let Some((at, schema)) = self.to_visit.pop_front() {
            self.visit(at, schema, &mut Vec::new())?;
        }
        self.spread(|schema| &mut schema.is_sent);
        self.spread(|schema| &mut schema.is_returned);
        for (at, mut unit) in self.units {
            let schema = &self.schemas[at];
            unit.schema.clone_from(&schema.name);
            unit.referrers.clone_from(&schema.referrers);
            unit.direction = match (schema.is_sent, schema.is_returned) {
                (true, true) => Some(Direction::Both),
                (true, false) => Some(Direction::Request),
                (false, true) => Some(Direction::Response),
                (false, false) => None,
            };
            self.collected.units.push(unit);
        }
        self.collected.title = title;
        Ok(self.collected)
    }

    /// What a schema refers to goes where the schema goes.
    fn spread(&mut self, flag: impl Fn(&mut Schema) -> &mut bool) {
        let mut to_do: Vec<usize> = (0..self.schemas.len()).filter(|at| *flag(&mut self.schemas[*at])).collect();
        while let Some(at) = to_do.pop() {
            for next in self.schemas[at].refers_to.clone() {
                if !std::mem::replace(flag(&mut self.schemas[next]), true) {
                    to_do.push(next);
                }
            }
        }
    }
}
