//! A JSON or YAML document as a tree, read within bounds. A name that stands twice in one object is refused, because
//! readers disagree about which of the two counts.

use std::cell::Cell;
use std::fmt;

use serde::de::{DeserializeSeed, EnumAccess, Error, MapAccess, SeqAccess, VariantAccess, Visitor};

use super::Bounds;
use crate::import::rejection::Rejection;
use crate::model::file::DEPTH_MAX;
use crate::model::reader::yaml;

/// One value of a document.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Node {
    Null,
    Bool(bool),
    Whole(u64),
    Number,
    Text(Box<str>),
    List(Vec<Node>),
    /// The members, by name.
    Map(Vec<(Box<str>, Node)>),
}

impl Node {
    /// The member of an object.
    pub(super) fn get(&self, name: &str) -> Option<&Self> {
        let Self::Map(members) = self else { return None };
        let at = members.binary_search_by(|(member, _)| (**member).cmp(name)).ok()?;
        Some(&members[at].1)
    }

    /// The members of an object; none of anything else.
    pub(super) fn members(&self) -> impl Iterator<Item = (&str, &Self)> {
        let members: &[(Box<str>, Self)] = if let Self::Map(members) = self { members } else { &[] };
        members.iter().map(|(name, node)| (&**name, node))
    }

    /// The items of a list; none of anything else.
    pub(super) fn items(&self) -> &[Self] {
        if let Self::List(items) = self { items } else { &[] }
    }

    pub(super) fn text(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    pub(super) const fn is_map(&self) -> bool {
        matches!(self, Self::Map(_))
    }

    pub(super) const fn whole(&self) -> Option<u64> {
        if let Self::Whole(number) = self { Some(*number) } else { None }
    }

    pub(super) const fn is_true(&self) -> bool {
        matches!(self, Self::Bool(true))
    }
}

/// Why a document cannot be read, and on which line where one is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Problem {
    reason: String,
    remedy: &'static str,
    line: Option<usize>,
}

impl Problem {
    pub(super) fn new(reason: impl Into<String>, remedy: &'static str) -> Self {
        Self { reason: reason.into(), remedy, line: None }
    }

    const fn at(mut self, line: usize) -> Self {
        if line > 0 {
            self.line = Some(line);
        }
        self
    }

    pub(super) fn into_rejection(self, file: &str) -> Rejection {
        Rejection::of_file(file, self.reason, self.remedy).at(self.line)
    }

    /// The walk through the document takes more steps than are allowed.
    pub(super) fn too_far(what: &str, most: usize) -> Self {
        Self::new(format!("it has more than {most} {what}"), SPLIT)
    }
}

const SPLIT: &str = "split it, or leave out the parts that carry no payment data";

/// Reads a JSON text.
///
/// # Errors
/// It is not well-formed, nested too deeply, too large, or has a name twice in one object.
pub(super) fn read_json(text: &str, bounds: &Bounds) -> Result<Node, Problem> {
    if let Err(deep) = crate::import::json::check_depth(text) {
        return Err(too_deep().at(deep.line));
    }
    let budget = Budget::new(bounds.nodes);
    let mut reader = serde_json::Deserializer::from_str(text);
    let read = Seed { budget: &budget, depth: 0 }.deserialize(&mut reader).and_then(|node| reader.end().map(|()| node));
    read.map_err(|error| budget.problem.take().unwrap_or_else(|| not_well_formed("JSON")).at(error.line()))
}

/// Reads a YAML text of one document without anchors.
///
/// # Errors
/// As [`read_json`], and where it has anchors or aliases.
pub(super) fn read_yaml(text: &str, bounds: &Bounds) -> Result<Node, Problem> {
    yaml::check(text).map_err(|refused| match refused {
        yaml::Refused::Alias(line) => {
            let reason = "the YAML has an anchor (&) or an alias (*), which can stand for more data than memory holds";
            Problem::new(reason, "write the repeated part out, or save the file as JSON").at(line)
        }
        yaml::Refused::Depth(line) => too_deep().at(line),
    })?;
    let budget = Budget::new(bounds.nodes);
    let read = Seed { budget: &budget, depth: 0 }.deserialize(serde_norway::Deserializer::from_str(text));
    read.map_err(|error| {
        let line = error.location().map_or(0, |location| location.line());
        budget.problem.take().unwrap_or_else(|| not_well_formed("YAML")).at(line)
    })
}

fn too_deep() -> Problem {
    Problem::new(format!("it is nested more than {DEPTH_MAX} deep"), "move the inner parts into schemas of their own")
}

/// The message of a reader may quote a value, so that ours says where, and not what.
fn not_well_formed(kind: &str) -> Problem {
    let remedy = "correct the file at that place, for example with the program that wrote it";
    Problem::new(format!("the {kind} is not well-formed"), remedy)
}

/// What may still be read, and what was wrong with it.
struct Budget {
    left: Cell<usize>,
    most: usize,
    problem: Cell<Option<Problem>>,
}

impl Budget {
    const fn new(most: usize) -> Self {
        Self { left: Cell::new(most), most, problem: Cell::new(None) }
    }

    fn spend<E: Error>(&self) -> Result<(), E> {
        match self.left.get().checked_sub(1) {
            Some(left) => {
                self.left.set(left);
                Ok(())
            }
            None => Err(self.refuse(Problem::too_far("values", self.most))),
        }
    }

    fn refuse<E: Error>(&self, problem: Problem) -> E {
        self.problem.set(Some(problem));
        E::custom("refused")
    }
}

#[derive(Clone, Copy)]
struct Seed<'b> {
    budget: &'b Budget,
    depth: usize,
}

impl<'de> DeserializeSeed<'de> for Seed<'_> {
    type Value = Node;

    fn deserialize<D: serde::Deserializer<'de>>(self, from: D) -> Result<Node, D::Error> {
        self.budget.spend()?;
        if self.depth > DEPTH_MAX {
            return Err(self.budget.refuse(too_deep()));
        }
        from.deserialize_any(self)
    }
}

impl Seed<'_> {
    const fn inner(self) -> Self {
        Self { budget: self.budget, depth: self.depth + 1 }
    }
}

impl<'de> Visitor<'de> for Seed<'_> {
    type Value = Node;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a value")
    }

    fn visit_unit<E>(self) -> Result<Node, E> {
        Ok(Node::Null)
    }

    fn visit_none<E>(self) -> Result<Node, E> {
        Ok(Node::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Node, E> {
        Ok(Node::Bool(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Node, E> {
        Ok(Node::Whole(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Node, E> {
        Ok(u64::try_from(value).map_or(Node::Number, Node::Whole))
    }

    fn visit_u128<E>(self, _: u128) -> Result<Node, E> {
        Ok(Node::Number)
    }

    fn visit_i128<E>(self, _: i128) -> Result<Node, E> {
        Ok(Node::Number)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Node, E> {
        Ok(Node::Number)
    }

    fn visit_str<E>(self, value: &str) -> Result<Node, E> {
        Ok(Node::Text(value.into()))
    }

    fn visit_string<E>(self, value: String) -> Result<Node, E> {
        Ok(Node::Text(value.into_boxed_str()))
    }

    fn visit_some<D: serde::Deserializer<'de>>(self, from: D) -> Result<Node, D::Error> {
        from.deserialize_any(self)
    }

    fn visit_newtype_struct<D: serde::Deserializer<'de>>(self, from: D) -> Result<Node, D::Error> {
        from.deserialize_any(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut from: A) -> Result<Node, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = from.next_element_seed(self.inner())? {
            items.push(item);
        }
        Ok(Node::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut from: A) -> Result<Node, A::Error> {
        let mut members: Vec<(Box<str>, Node)> = Vec::new();
        while let Some(name) = from.next_key_seed(NameSeed { budget: self.budget })? {
            members.push((name, from.next_value_seed(self.inner())?));
        }
        members.sort_by(|a, b| a.0.cmp(&b.0));
        if let Some(pair) = members.windows(2).find(|pair| pair[0].0 == pair[1].0) {
            let reason = format!("the name \"{}\" stands twice in one object", super::unit::shown(&pair[0].0));
            return Err(self.budget.refuse(Problem::new(reason, "keep one of the two")));
        }
        Ok(Node::Map(members))
    }

    /// A tagged value of YAML counts as the value.
    fn visit_enum<A: EnumAccess<'de>>(self, from: A) -> Result<Node, A::Error> {
        let (_, value) = from.variant_seed(NameSeed { budget: self.budget })?;
        value.newtype_variant_seed(self.inner())
    }
}

/// The name of a member. YAML has names that are numbers, as the answers of an operation (`200:`) are.
#[derive(Clone, Copy)]
struct NameSeed<'b> {
    budget: &'b Budget,
}

impl<'de> DeserializeSeed<'de> for NameSeed<'_> {
    type Value = Box<str>;

    fn deserialize<D: serde::Deserializer<'de>>(self, from: D) -> Result<Box<str>, D::Error> {
        self.budget.spend()?;
        from.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for NameSeed<'_> {
    type Value = Box<str>;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a name")
    }

    fn visit_str<E>(self, name: &str) -> Result<Box<str>, E> {
        Ok(name.into())
    }

    fn visit_bool<E>(self, name: bool) -> Result<Box<str>, E> {
        Ok(if name { "true".into() } else { "false".into() })
    }

    fn visit_u64<E>(self, name: u64) -> Result<Box<str>, E> {
        Ok(name.to_string().into())
    }

    fn visit_i64<E>(self, name: i64) -> Result<Box<str>, E> {
        Ok(name.to_string().into())
    }

    fn visit_f64<E>(self, name: f64) -> Result<Box<str>, E> {
        Ok(name.to_string().into())
    }

    fn visit_unit<E>(self) -> Result<Box<str>, E> {
        Ok("null".into())
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn json(text: &str) -> Result<Node, Problem> {
        read_json(text, &Bounds::USUAL)
    }

    fn yaml(text: &str) -> Result<Node, Problem> {
        read_yaml(text, &Bounds::USUAL)
    }

    #[test]
    fn json_and_yaml_of_one_document_are_one_tree() {
        let it = json(r#"{"b": [1, -2, 2.5, "x"], "a": {"200": null, "t": true}}"#).unwrap();
        assert_eq!(yaml("b: [1, -2, 2.5, x]\na:\n  200: ~\n  t: true\n").unwrap(), it);
        assert_eq!(it.get("a").unwrap().get("t"), Some(&Node::Bool(true)));
    }

    #[test]
    fn a_name_that_stands_twice_is_refused_with_its_line() {
        let problem = json("{\n \"a\": 1,\n \"a\": 2\n}").unwrap_err();
        assert!(problem.reason.contains("\"a\" stands twice"), "{problem:?}");
        assert!(problem.line.is_some(), "{problem:?}");
        assert!(yaml("a: 1\nb: 2\na: 3\n").unwrap_err().reason.contains("twice"));
    }

    #[test]
    fn anchors_depth_and_size_are_refused_by_name() {
        let anchor = yaml("a: &x [1]\nb: [*x, *x]\n").unwrap_err();
        assert_eq!((anchor.line, anchor.reason.contains("anchor")), (Some(1), true));
        assert!(yaml("base: &b {x: 1}\nc:\n  <<: *b\n").unwrap_err().reason.contains("anchor"));
        assert!(json(&"[".repeat(100_000)).unwrap_err().reason.contains("nested"));
        let deep: String = (0..80).map(|at| format!("{}a:\n", " ".repeat(at))).collect();
        assert!(yaml(&deep).unwrap_err().reason.contains("nested"));
        let few = Bounds { nodes: 10, ..Bounds::USUAL };
        let many = format!("[{}1]", "1,".repeat(20));
        assert_eq!(read_json(&many, &few).unwrap_err(), Problem::too_far("values", 10).at(1));
    }

    #[test]
    fn what_is_not_well_formed_names_the_line_and_no_value() {
        let problem = json("{\n \"number\": \"4111111111111111\",\n oops}").unwrap_err();
        assert_eq!(problem.line, Some(3));
        assert!(!problem.reason.contains("4111"), "{problem:?}");
        for text in ["", "{", "[1,]", "nul", "\"a", "{\"a\" 1}", "1 2"] {
            assert!(json(text).is_err(), "{text}");
        }
        for text in ["a: [", "a: b: c", "- a\nb: 1", "\"", "? [a]\n: 1", "---\na: 1\n---\nb: 2"] {
            assert!(yaml(text).is_err(), "{text}");
        }
    }
}
