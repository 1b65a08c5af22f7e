//! Rows of relations in forms: what a system copies, manages and can do with tokens, and what stands on the way of a
//! flow.
//!
//! A form that shows such rows posts the name of their group with nothing beside it; then the rows are the whole list.
//! A form without that name leaves the list as it was.

use std::collections::BTreeMap;

use super::fields::Fields;
use crate::id::{DomainId, SegmentId, SystemId};
use crate::model::Model;
use crate::model::flow::Via;
use crate::model::relations::{CapabilityType, How, ViaMode};
use crate::model::system::{Capability, CopyOf, ManageTarget, Manages};
use crate::problem::FieldCode;

/// What stands before the key of a segment where a relation may point at a system or at a segment.
pub const SEGMENT_PREFIX: &str = "segment:";

type Written = Vec<(String, String)>;

/// The rows of a group that name something in their first field, and those that do not show it and have it from before.
/// `None` where the form does not show the group.
fn rows<'a>(fields: &Fields<'a>, group: &str, first: &str, before: usize) -> Option<BTreeMap<usize, Fields<'a>>> {
    fields.posted(group)?;
    let mut rows = fields.rows(group);
    rows.retain(|number, row| row.posted(first).map_or(*number < before, |value| !value.is_empty()));
    Some(rows)
}

/// The system that a row names. What was named there before stands.
fn system(row: &mut Fields<'_>, name: &str, before: Option<&SystemId>, model: &Model) -> SystemId {
    let named = row.reference(name, before.cloned(), |key| model.systems.contains_key(key));
    named.expect("a row is read only where it names a system or one was named before")
}

pub(super) fn copies(fields: &mut Fields<'_>, as_they_were: &[CopyOf], model: &Model) -> Vec<CopyOf> {
    let Some(rows) = rows(fields, "copies", "from", as_they_were.len()) else { return as_they_were.to_vec() };
    let mut copies: Vec<CopyOf> = Vec::new();
    for (number, mut row) in rows {
        let before = as_they_were.get(number);
        let from = system(&mut row, "from", before.map(|it| &it.from), model);
        let same = before.filter(|it| it.from == from).and_then(|it| it.encrypt_key.clone());
        let encrypt_key = row.reference("encrypt_key", same, |key| model.keys.contains_key(key));
        let copy = CopyOf { from, encrypt_key };
        copies.push(copy);
        fields.absorb(row);
    }
    copies
}

pub(super) fn write_copies(copies: &[CopyOf], form: &mut Written) {
    form.push(("copies".to_owned(), String::new()));
    for (number, it) in copies.iter().enumerate() {
        form.push((format!("copies.{number}.from"), it.from.to_string()));
        let key = it.encrypt_key.as_ref().map(ToString::to_string).unwrap_or_default();
        form.push((format!("copies.{number}.encrypt_key"), key));
    }
}

pub(super) fn manages(fields: &mut Fields<'_>, as_they_were: &[Manages], model: &Model) -> Vec<Manages> {
    let Some(rows) = rows(fields, "manages", "target", as_they_were.len()) else { return as_they_were.to_vec() };
    let mut manages: Vec<Manages> = Vec::new();
    for (number, mut row) in rows {
        let before = as_they_were.get(number);
        let target = match (row.posted("target"), before) {
            (None, Some(before)) => before.target.clone(),
            (named, _) => target(named.unwrap_or_default()),
        };
        let known = match &target {
            ManageTarget::System(id) => model.systems.contains_key(id),
            ManageTarget::Segment(id) => model.segments.contains_key(id),
        };
        let stood = before.filter(|it| it.target == target);
        if !known && stood.is_none() {
            row.error("target", FieldCode::NoSuchObject);
        }
        let how = row.choice("how", stood.map_or(How::Admin, |it| it.how));
        let relation = Manages { target, how };
        manages.push(relation);
        fields.absorb(row);
    }
    manages
}

fn target(named: &str) -> ManageTarget {
    match named.strip_prefix(SEGMENT_PREFIX) {
        Some(key) => ManageTarget::Segment(SegmentId::new(key)),
        None => ManageTarget::System(SystemId::new(named)),
    }
}

pub(super) fn write_manages(manages: &[Manages], form: &mut Written) {
    form.push(("manages".to_owned(), String::new()));
    for (number, it) in manages.iter().enumerate() {
        let target = match &it.target {
            ManageTarget::System(id) => id.to_string(),
            ManageTarget::Segment(id) => format!("{SEGMENT_PREFIX}{id}"),
        };
        form.push((format!("manages.{number}.target"), target));
        form.push((format!("manages.{number}.how"), it.how.to_string()));
    }
}

pub(super) fn capabilities(fields: &mut Fields<'_>, as_they_were: &[Capability]) -> Vec<Capability> {
    let Some(rows) = rows(fields, "capabilities", "type", as_they_were.len()) else { return as_they_were.to_vec() };
    let mut capabilities: Vec<Capability> = Vec::new();
    for (number, mut row) in rows {
        let before = as_they_were.get(number);
        let kind = row.choice("type", before.map_or(CapabilityType::Vault, |it| it.kind));
        // A token domain needs no record: the tokens of another organisation have none.
        let domain = match row.key("domain") {
            Some(domain) => domain.map(DomainId::new),
            None => before.and_then(|it| it.domain.clone()),
        };
        let capability = Capability { kind, domain };
        capabilities.push(capability);
        fields.absorb(row);
    }
    capabilities
}

pub(super) fn write_capabilities(capabilities: &[Capability], form: &mut Written) {
    form.push(("capabilities".to_owned(), String::new()));
    for (number, it) in capabilities.iter().enumerate() {
        form.push((format!("capabilities.{number}.type"), it.kind.to_string()));
        let domain = it.domain.as_ref().map(ToString::to_string).unwrap_or_default();
        form.push((format!("capabilities.{number}.domain"), domain));
    }
}

pub(super) fn via(fields: &mut Fields<'_>, as_they_were: &[Via], model: &Model) -> Vec<Via> {
    let Some(rows) = rows(fields, "via", "node", as_they_were.len()) else { return as_they_were.to_vec() };
    let mut nodes: Vec<Via> = Vec::new();
    for (number, mut row) in rows {
        let before = as_they_were.get(number);
        let node = system(&mut row, "node", before.map(|it| &it.node), model);
        let mode = row.choice("mode", before.filter(|it| it.node == node).map_or(ViaMode::Passthrough, |it| it.mode));
        nodes.push(Via { node, mode });
        fields.absorb(row);
    }
    nodes
}

pub(super) fn write_via(via: &[Via], form: &mut Written) {
    form.push(("via".to_owned(), String::new()));
    for (number, it) in via.iter().enumerate() {
        form.push((format!("via.{number}.node"), it.node.to_string()));
        form.push((format!("via.{number}.mode"), it.mode.to_string()));
    }
}
