//! Flows.

use super::conversion::{Conversion, Words};
use super::gap::GapKind;
use crate::id::FlowId;
use crate::model::element::Op;
use crate::model::file::{ControlInFlow, FlowShape};
use crate::model::flow::{Flow, FlowControl, Via};
use crate::model::kinds::FlowKind;
use crate::model::object::ObjectKind;
use crate::model::relations::{Access, Auth, Channel, Encryption, Initiator, Lifecycle, Protocol};

impl Conversion {
    pub(super) fn flow<T: Words>(&mut self, shape: FlowShape<T>) {
        let id: FlowId = match shape.id.filter(|id| !id.as_ref().is_empty()) {
            Some(id) => id.as_ref().into(),
            None => format!("f{}", self.index).as_str().into(),
        };
        if self.id(Some(id.as_str()), |it, id| it.flows.has(id)).is_none() {
            return;
        }
        let (Some(from), Some(to)) = (shape.from, shape.to) else { return self.gap("from", GapKind::MissingId, "") };
        let flow = Flow {
            id: id.clone(),
            name: shape.name.map(Into::into).unwrap_or_default(),
            from: self.key(from),
            to: self.key(to),
            kind: self.open("kind", shape.kind, FlowKind::Api, FlowKind::Api),
            fields: self.holdings("data", ObjectKind::FlowField, shape.data, Op::Transmit),
            wire_names: shape.wire_names,
            protocol: self.open("protocol", shape.protocol, Protocol::Unknown, Protocol::Other),
            auth: self.open("auth", shape.auth, Auth::ApiKey, Auth::Other),
            credential: shape.credential.map(|it| self.key(it)),
            encryption: shape.encryption.unwrap_or(Encryption::Transport),
            initiator: shape.initiator.unwrap_or(Initiator::From),
            channel: shape.channel.unwrap_or(Channel::Network),
            access: shape.access.unwrap_or(Access::Restricted),
            control: shape.control.map(|control| match control {
                ControlInFlow::Record(id) => FlowControl::Record(self.key(id)),
                ControlInFlow::Inline { kind, status } => FlowControl::Inline { kind: kind.into(), status },
            }),
            via: shape.via.into_iter().map(|it| Via { node: self.key(it.node), mode: it.mode }).collect(),
            stage: shape.stage.unwrap_or(Lifecycle::Live),
            page: shape.page.map(|it| self.key(it)),
            connector: shape.connector.map(|it| self.key(it)),
            action: self.actions(None, shape.action),
            sync: shape.sync,
            latency_seconds: shape.latency_seconds,
            period_minutes: shape.period_minutes,
            facts: self.facts(ObjectKind::Flow, None, shape.rest, &shape.fact_details),
        };
        self.flows.add(id, flow);
    }
}
