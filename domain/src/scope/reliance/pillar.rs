//! The things that an exclusion can rest on: what proves each, and the model without it.

use std::sync::Arc;

use serde::Serialize;

use crate::id::{ControlId, FlowId, KeyId, SegmentId, SystemId};
use crate::model::Model;
use crate::model::flow::FlowControl;
use crate::model::kinds::ControlType;
use crate::model::relations::{ControlStatus, Lifecycle, LinkPolicy};
use crate::model::segment::{Control, LinkKey};
use crate::model::settings::OverrideKey;
use crate::time::Day;

/// Something that keeps a system out of scope.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Pillar {
    /// The flow is blocked.
    Block(FlowId),
    /// The link between two segments lets less than everything through.
    Link(LinkKey),
    /// Being in the segment together connects nothing.
    Microsegmentation(SegmentId),
    /// Nobody of ours can decrypt what is encrypted under the key.
    KeyCustody(KeyId),
    /// A person decided so.
    Decision(OverrideKey),
    /// Changes on the system need an approval, so it passes no access on.
    ChangeApproval(SystemId),
    /// The flow is planned and not live yet.
    PlannedFlow(FlowId),
    /// The system is planned and not live yet.
    Planned(SystemId),
    /// The stores of the retired system are disposed of.
    Disposal(SystemId),
}

impl Pillar {
    /// The control record behind it.
    pub(super) fn control(&self, model: &Model) -> Option<ControlId> {
        match self {
            Self::Block(flow) => match model.flows.get(flow)?.control.as_ref()? {
                FlowControl::Record(id) => Some(id.clone()),
                FlowControl::Inline { .. } => None,
            },
            Self::Link(link) => model.links.get(link)?.control.clone(),
            Self::Microsegmentation(segment) => applying(model, segment.as_str(), |control| {
                matches!(
                    control.kind,
                    ControlType::Isolation | ControlType::SecurityGroup | ControlType::Firewall | ControlType::Acl
                )
            }),
            Self::ChangeApproval(system) => {
                applying(model, system.as_str(), |control| control.kind == ControlType::ChangeApproval)
            }
            Self::KeyCustody(_) | Self::Decision(_) | Self::PlannedFlow(_) | Self::Planned(_) | Self::Disposal(_) => {
                None
            }
        }
    }

    /// `None` where nothing shows that it holds; else the last day of the proof, where it has one.
    pub(super) fn proof(&self, model: &Model) -> Option<Option<Day>> {
        match self {
            Self::Block(flow) => match model.flows.get(flow)?.control.as_ref()? {
                FlowControl::Inline { status, .. } => (*status == ControlStatus::Verified).then_some(None),
                FlowControl::Record(id) => proof_of(model, id),
            },
            Self::Link(_) | Self::Microsegmentation(_) | Self::ChangeApproval(_) => {
                proof_of(model, &self.control(model)?)
            }
            Self::KeyCustody(key) => {
                let key = model.keys.get(key)?;
                let attestation = key.facts.get("attestation_ref").and_then(|fact| fact.valid_until);
                (key.attested || key.p2pe_listed).then_some(attestation)
            }
            Self::Decision(key) => Some(model.overrides.get(key)?.expires),
            Self::PlannedFlow(_) | Self::Planned(_) | Self::Disposal(_) => Some(None),
        }
    }

    /// The model in which it fails. A control that fails, fails wherever it is used.
    pub(crate) fn knocked_out(&self, model: &Model) -> Model {
        let mut changed = model.clone();
        if let Some(id) = self.control(model).filter(|id| model.controls.contains_key(id)) {
            fail(&mut changed, &id);
        }
        match self {
            Self::Block(flow) => with(changed.flows.get_mut(flow), |flow| {
                if matches!(flow.control, Some(FlowControl::Inline { .. })) {
                    flow.control = None;
                }
            }),
            Self::Link(link) => with(changed.links.get_mut(link), |link| link.policy = LinkPolicy::Open),
            Self::Microsegmentation(segment) => {
                with(changed.segments.get_mut(segment), |segment| segment.microsegmented = false);
            }
            Self::KeyCustody(key) => with(changed.keys.get_mut(key), |key| {
                key.p2pe_listed = false;
                key.attested = false;
            }),
            Self::Decision(key) => {
                changed.overrides.remove(key);
            }
            Self::ChangeApproval(system) => with(changed.systems.get_mut(system), |system| {
                system.controls.retain(|control| control != "change_approval");
            }),
            Self::PlannedFlow(flow) => with(changed.flows.get_mut(flow), |flow| flow.stage = Lifecycle::Live),
            Self::Planned(system) => with(changed.systems.get_mut(system), |it| it.lifecycle = Lifecycle::Live),
            Self::Disposal(system) => with(changed.systems.get_mut(system), |it| it.disposed = false),
        }
        changed
    }
}

/// The control fails its test: what it blocks counts as a connection, and what it filters lets everything through.
fn fail(model: &mut Model, id: &ControlId) {
    with(model.controls.get_mut(id), |control| control.status = ControlStatus::Failed);
    for link in model.links.values_mut().filter(|link| link.control.as_ref() == Some(id)) {
        Arc::make_mut(link).policy = LinkPolicy::Open;
    }
}

fn with<T: Clone>(object: Option<&mut Arc<T>>, change: impl FnOnce(&mut T)) {
    if let Some(object) = object {
        change(Arc::make_mut(object));
    }
}

/// The first control of a kind that says it applies to an object.
fn applying(model: &Model, object: &str, fits: impl Fn(&Control) -> bool) -> Option<ControlId> {
    let applies = |control: &Control| {
        control.applies_to.iter().any(|it| it == object || it.strip_prefix("segment:") == Some(object))
    };
    model.controls.values().find(|control| fits(control) && applies(control)).map(|control| control.id.clone())
}

fn proof_of(model: &Model, id: &ControlId) -> Option<Option<Day>> {
    let control = model.controls.get(id)?;
    let days = control.verified_days(model.settings.service_provider);
    (control.status == ControlStatus::Verified).then(|| days.map(|days| *days.end()))
}
