//! The form of a network segment.

use std::sync::Arc;

use super::super::fields::Fields;
use super::super::new_key;
use super::{Written, name, own_facts};
use crate::id::SegmentId;
use crate::model::Model;
use crate::model::object::{Object, ObjectKind};
use crate::model::segment::Segment;

pub(super) fn read(fields: &mut Fields<'_>, existing: Option<&Segment>, model: &Model) -> Object {
    let mut it = existing.cloned().unwrap_or_else(|| Segment::new(SegmentId::new(""), ""));
    it.name = name(fields, &it.name);
    if existing.is_none() {
        it.id = SegmentId::new(new_key(fields, &it.name, "segment", |key| model.segments.contains_key(key)));
    }
    it.trust = fields.choice("trust", it.trust);
    it.microsegmented = fields.yes_or_no("microsegmented", it.microsegmented);
    it.facts = own_facts(fields, ObjectKind::Segment, &it.facts, model);
    Object::Segment(Arc::new(it))
}

pub(super) fn write(it: &Segment, form: &mut Written) {
    form.put("name", &it.name);
    form.put("trust", it.trust);
    form.yes_or_no("microsegmented", it.microsegmented);
}
