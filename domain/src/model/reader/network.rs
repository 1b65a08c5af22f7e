//! Segments, the links between them, and controls.

use std::sync::Arc;

use super::conversion::{Conversion, Words};
use super::gap::GapKind;
use super::parties::named;
use crate::model::file::{ControlShape, LinkShape, SegmentShape};
use crate::model::kinds::ControlType;
use crate::model::object::ObjectKind;
use crate::model::relations::{ControlMode, ControlStatus, LinkPolicy, Trust};
use crate::model::segment::{Control, Link, LinkKey, Segment};

impl Conversion {
    pub(super) fn segment<T: Words>(&mut self, shape: SegmentShape<T>) {
        let Some(id) = self.id(shape.id, |it, id| it.model.segments.contains_key(id)) else { return };
        let facts = self.facts(ObjectKind::Segment, None, shape.rest, &shape.fact_details);
        let segment = Segment {
            name: named(shape.name, &id),
            id: self.key(id),
            trust: shape.trust.unwrap_or(Trust::Internal),
            microsegmented: shape.microsegmented.unwrap_or(false),
            facts,
        };
        self.model.segments.insert(segment.id.clone(), Arc::new(segment));
    }

    pub(super) fn link<T: Words>(&mut self, shape: LinkShape<T>) {
        let (Some(a), Some(b)) = (shape.a, shape.b) else { return self.gap("", GapKind::MissingId, "") };
        let (a, b) = (a.as_ref(), b.as_ref());
        self.name_object(&format!("{a}/{b}"));
        if a == b {
            return self.gap("", GapKind::LinkToItself, a);
        }
        let key = LinkKey::new(self.segment_named(a), self.segment_named(b));
        if self.model.links.contains_key(&key) {
            self.gap("", GapKind::DuplicateLink, &format!("{a} and {b}"));
        }
        let facts = self.facts(ObjectKind::Link, None, shape.rest, &shape.fact_details);
        let link = Link {
            key: key.clone(),
            policy: shape.policy.unwrap_or(LinkPolicy::Filtered),
            control: shape.control.map(|it| self.key(it)),
            facts,
        };
        self.model.links.insert(key, Arc::new(link));
    }

    pub(super) fn control<T: Words>(&mut self, shape: ControlShape<T>) {
        let Some(id) = self.id(shape.id, |it, id| it.model.controls.contains_key(id)) else { return };
        let kind = self.open("type", shape.r#type, ControlType::Other, ControlType::Other);
        let between = shape.between.iter().map(|segment| self.segment_named(segment.as_ref())).collect();
        let facts = self.facts(ObjectKind::Control, None, shape.rest, &shape.fact_details);
        let control = Control {
            name: named(shape.name, &id),
            id: self.key(id),
            kind,
            between,
            applies_to: shape.applies_to.into_iter().map(Into::into).collect(),
            mode: shape.mode.unwrap_or(ControlMode::Enforce),
            status: shape.status.unwrap_or(ControlStatus::Unverified),
            last_change: shape.last_change,
            last_review: shape.last_review,
            last_tested: shape.last_tested,
            frequency_days: shape.frequency_days,
            report_ref: shape.report_ref.map(Into::into),
            facts,
        };
        self.model.controls.insert(control.id.clone(), Arc::new(control));
    }
}
