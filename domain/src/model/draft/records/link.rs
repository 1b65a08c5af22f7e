//! The form of what may pass between two segments.

use std::sync::Arc;

use super::super::fields::Fields;
use super::{Written, own_facts};
use crate::id::SegmentId;
use crate::model::Model;
use crate::model::fact::Facts;
use crate::model::object::{Object, ObjectKind};
use crate::model::relations::LinkPolicy;
use crate::model::segment::{Link, LinkKey};
use crate::problem::FieldCode;

/// The two segments are chosen once: another pair is another link.
pub(super) fn read(fields: &mut Fields<'_>, existing: Option<&Link>, model: &Model) -> Object {
    let mut it = existing.cloned().unwrap_or_else(|| {
        let (a, b) = (end(fields, "a", model), end(fields, "b", model));
        if a == b && !a.as_str().is_empty() {
            fields.error("b", FieldCode::SameSegment);
        }
        let key = LinkKey::new(a, b);
        if model.links.contains_key(&key) {
            fields.error("b", FieldCode::LinkExists);
        }
        Link { key, policy: LinkPolicy::Filtered, control: None, facts: Facts::new() }
    });
    it.policy = fields.choice("policy", it.policy);
    it.control = fields.reference("control", it.control, |key| model.controls.contains_key(key));
    it.facts = own_facts(fields, ObjectKind::Link, &it.facts, model);
    Object::Link(Arc::new(it))
}

/// A link without an end is never the result, so what stands in for it does not matter.
fn end(fields: &mut Fields<'_>, name: &str, model: &Model) -> SegmentId {
    fields.reference(name, None, |key| model.segments.contains_key(key)).unwrap_or_else(|| {
        fields.error(name, FieldCode::Missing);
        SegmentId::new("")
    })
}

pub(super) fn write(it: &Link, form: &mut Written) {
    form.put("a", it.key.a());
    form.put("b", it.key.b());
    form.put("policy", it.policy);
    form.optional("control", it.control.as_ref());
}
