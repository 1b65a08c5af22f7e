//! Systems.

use super::conversion::{Conversion, Words};
use super::parties::named;
use crate::id::SystemId;
use crate::model::element::Op;
use crate::model::file::{ManagesShape, SystemShape};
use crate::model::kinds::{SystemFunction, SystemKind};
use crate::model::object::ObjectKind;
use crate::model::relations::{Boundary, Environment, Lifecycle, PaymentPage};
use crate::model::system::{Capability, CopyOf, ManageTarget, Manages, System};

impl Conversion {
    pub(super) fn system<T: Words>(&mut self, shape: SystemShape<T>) {
        let Some(id) = self.id(shape.id, |it, id| it.systems.has(id)) else { return };
        let name = named(shape.name, &id);
        let id: SystemId = self.key(id);
        let system = System {
            id: id.clone(),
            name,
            kind: self.open("kind", shape.kind, SystemKind::Service, SystemKind::Other),
            function: self.open("function", shape.function, SystemFunction::Other, SystemFunction::Other),
            boundary: shape.boundary.unwrap_or(Boundary::Own),
            vendor: shape.vendor.map(|it| self.key(it)),
            operated_by: shape.operated_by.map(|it| self.key(it)),
            environment: shape.environment.unwrap_or(Environment::Prod),
            segment: shape.segment.map(|it| self.segment_named(it.as_ref())),
            lifecycle: shape.lifecycle.unwrap_or(Lifecycle::Live),
            disposed: shape.disposed.unwrap_or(false),
            holdings: self.holdings("holdings", ObjectKind::Holding, shape.holdings, Op::Process),
            capabilities: shape
                .capabilities
                .into_iter()
                .map(|it| Capability { kind: it.r#type, domain: it.domain.map(|it| self.key(it)) })
                .collect(),
            copies: shape
                .copies
                .into_iter()
                .map(|it| CopyOf { from: self.key(it.from), encrypt_key: it.encrypt_key.map(|it| self.key(it)) })
                .collect(),
            manages: shape.manages.into_iter().map(|it| self.manages(&it)).collect(),
            payment_page: shape.payment_page.unwrap_or(PaymentPage::None),
            relay: shape.relay,
            sealed_scd: shape.sealed_scd.unwrap_or(false),
            exposure: shape.exposure,
            controls: shape.controls.into_iter().map(Into::into).collect(),
            detect_minutes: shape.detect_minutes,
            undeclared: shape.undeclared.unwrap_or(false),
            facts: self.facts(ObjectKind::System, None, shape.rest, &shape.fact_details),
        };
        self.systems.add(id, system);
    }

    fn manages<T: Words>(&mut self, shape: &ManagesShape<T>) -> Manages {
        let target = shape.target.as_ref();
        let target = match target.strip_prefix("segment:") {
            Some(segment) => ManageTarget::Segment(self.segment_named(segment)),
            None => ManageTarget::System(self.key(target)),
        };
        Manages { target, how: shape.how }
    }
}
