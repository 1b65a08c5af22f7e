//! The model so far, the gaps so far, and the place in the file.

use std::collections::BTreeSet;
use std::fmt::{self, Display};
use std::str::FromStr;
use std::sync::Arc;

use super::gap::{Gap, GapKind};
use super::gathered::{Gathered, Names};
use crate::id::{FlowId, KEY_MAX, PersonId, SegmentId, SystemId};
use crate::model::Model;
use crate::model::fact::{Fact, Facts, attribute};
use crate::model::file::{FactDetails, Rest};
use crate::model::flow::Flow;
use crate::model::object::ObjectKind;
use crate::model::segment::Segment;
use crate::model::system::System;

/// A text of a shape, borrowed from the file or owned.
pub(super) trait Words: AsRef<str> + Into<String> {}

impl<T: AsRef<str> + Into<String>> Words for T {}

/// The parts of a file in the order of their gaps, which is not the order in which a file may have them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Part {
    #[default]
    Settings,
    Strangers,
    People,
    Vendors,
    Segments,
    Links,
    Controls,
    Systems,
    Keys,
    Credentials,
    Connectors,
    Certificates,
    TokenDomains,
    ElementPolicies,
    Pages,
    Scripts,
    AccessGroups,
    Observations,
    Flows,
    Overrides,
    References,
}

/// The model so far, the gaps so far, and the place in the file.
#[derive(Default)]
pub(super) struct Conversion {
    pub(super) model: Model,
    pub(super) systems: Gathered<SystemId, System>,
    pub(super) flows: Gathered<FlowId, Flow>,
    /// Segments that something refers to.
    named_segments: BTreeSet<SegmentId>,
    names: Names,
    /// The object whose key is longer than keys may be.
    pub(super) long_key: bool,
    gaps: Vec<Gap>,
    gaps_of_parts: Vec<(Part, Vec<Gap>)>,
    part: Part,
    list: &'static str,
    /// The number of the object in its list.
    pub(super) index: usize,
    object: String,
}

impl Conversion {
    /// The model, and the gaps in the order of the parts.
    pub(super) fn finish(mut self) -> (Model, Vec<Gap>) {
        self.begin(Part::References, "");
        self.model.systems = std::mem::take(&mut self.systems).into_map().into();
        self.model.flows = std::mem::take(&mut self.flows).into_map().into();
        for id in std::mem::take(&mut self.named_segments) {
            let segment = self.model.segments.entry(id);
            segment.or_insert_with_key(|id| Arc::new(Segment::new(id.clone(), id.as_str())));
        }
        let dangling = super::references::dangling(&self.model);
        self.gaps_of_parts.push((Part::References, dangling));
        self.gaps_of_parts.sort_by_key(|(part, _)| *part);
        (self.model, self.gaps_of_parts.into_iter().flat_map(|(_, gaps)| gaps).collect())
    }

    /// What follows belongs to this part of the file.
    pub(super) fn begin(&mut self, part: Part, list: &'static str) {
        let gaps = std::mem::take(&mut self.gaps);
        self.gaps_of_parts.push((self.part, gaps));
        (self.part, self.list, self.index) = (part, list, 0);
        self.object.clear();
    }

    /// What follows belongs to this object of the list.
    pub(super) fn begin_object(&mut self, index: usize) {
        self.index = index;
        self.object.clear();
    }

    /// The members at the top of the file that nobody knows.
    pub(super) fn strangers<'a>(&mut self, names: impl Iterator<Item = &'a String>) {
        self.begin(Part::Strangers, "");
        self.name_object("file");
        for name in names.filter(|name| !matches!(name.as_str(), "schema_version" | "name" | "about")) {
            self.gap("", GapKind::UnknownAttribute, name);
        }
    }

    pub(super) fn gap(&mut self, member: impl Display, kind: GapKind, value: &str) {
        let member = member.to_string();
        let place = match (self.part, member.is_empty()) {
            (Part::Strangers, _) => member,
            (Part::Settings, _) => format!("{}.{member}", self.list),
            (_, true) => format!("{}[{}]", self.list, self.index),
            (_, false) => format!("{}[{}].{member}", self.list, self.index),
        };
        self.gaps.push(Gap { place, object: self.object.clone(), kind, value: value.to_owned() });
    }

    /// What gaps call the object from here on.
    pub(super) fn name_object(&mut self, name: &str) {
        self.object.clear();
        self.object.push_str(name);
    }

    /// The id, remembered as the object of gaps. Without one the object cannot be kept.
    pub(super) fn id<T: Words>(&mut self, id: Option<T>, taken: impl FnOnce(&mut Self, &str) -> bool) -> Option<T> {
        let Some(id) = id.filter(|id| !id.as_ref().is_empty()) else {
            self.gap("id", GapKind::MissingId, "");
            return None;
        };
        let text = id.as_ref();
        self.name_object(text);
        self.long_key |= is_long(text);
        if taken(self, text) {
            self.gap("id", GapKind::DuplicateId, text);
        }
        Some(id)
    }

    /// The key of something that many objects name.
    pub(super) fn key<K: From<Arc<str>>>(&mut self, text: impl AsRef<str>) -> K {
        K::from(self.names.of(text.as_ref()))
    }

    /// A segment that is referred to but not declared is created at the end.
    pub(super) fn segment_named(&mut self, id: &str) -> SegmentId {
        self.long_key |= is_long(id);
        let id: SegmentId = self.key(id);
        if !self.named_segments.contains(&id) {
            self.named_segments.insert(id.clone());
        }
        id
    }

    /// A value of a list that grows from release to release: an unknown one is read as `other`.
    pub(super) fn open<T: FromStr>(
        &mut self,
        member: impl Display,
        text: Option<impl AsRef<str>>,
        absent: T,
        other: T,
    ) -> T {
        match text {
            None => absent,
            Some(text) => text.as_ref().parse().unwrap_or_else(|_| {
                self.gap(member, GapKind::UnknownValue, text.as_ref());
                other
            }),
        }
    }

    /// The facts of an object, or of one of its parts.
    pub(super) fn facts(&mut self, kind: ObjectKind, of: Option<PartOf>, rest: Rest, details: &FactDetails) -> Facts {
        let mut facts = Facts::new();
        for (name, value) in rest {
            if value.is_null() {
                continue;
            }
            if attribute(kind, &name).is_none() {
                match of {
                    Some(part) => self.gap(format_args!("{part}{name}"), GapKind::UnknownAttribute, &name),
                    None => self.gap(&name, GapKind::UnknownAttribute, &name),
                }
            }
            let mut fact = Fact::of(value);
            if let Some(detail) = details.get(&name) {
                fact.source.clone_from(&detail.source);
                fact.as_of = detail.as_of;
                fact.confirmed_by = detail.confirmed_by.as_deref().map(PersonId::new);
                fact.valid_until = detail.valid_until;
            }
            facts.insert(name, fact);
        }
        facts
    }
}

/// A part of an object as the beginning of a place: `data[2].`
#[derive(Debug, Clone, Copy)]
pub(super) struct PartOf {
    pub(super) list: &'static str,
    pub(super) index: usize,
}

impl Display for PartOf {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}[{}].", self.list, self.index)
    }
}

/// Most keys are far shorter than they may be, and characters are counted for the others only.
fn is_long(key: &str) -> bool {
    key.len() > KEY_MAX && key.chars().count() > KEY_MAX
}
