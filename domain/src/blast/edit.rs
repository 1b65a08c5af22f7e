//! Changes of a model that can be carried out: what an option of a plan consists of.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::holdings::is_meant;
use crate::id::{CredentialId, DomainId, ElementId, FlowId, SegmentId, SystemId};
use crate::model::Model;
use crate::model::credential::Credential;
use crate::model::element::{Form, Holding, Op};
use crate::model::flow::{Flow, FlowControl};
use crate::model::relations::{Access, ControlStatus, Initiator, LinkPolicy, Privilege};
use crate::model::segment::{Link, LinkKey};
use crate::model::system::{ManageTarget, System};

/// One change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "op", rename_all = "snake_case", deny_unknown_fields)]
#[expect(missing_docs, reason = "the members name the objects that the change is about")]
pub enum Edit {
    /// Removes the element, in every form, from the flow.
    DropField { flow: FlowId, element: ElementId },
    /// Every card number of the flow becomes a token of the domain, and nothing else of it stays.
    TokeniseFlow { flow: FlowId, domain: DomainId },
    /// Removes what the system declares of the element.
    RemoveHolding { system: SystemId, element: ElementId },
    /// Puts one filtered link between two segments in the place of any other.
    Segment { a: SegmentId, b: SegmentId },
    /// Puts the system into the segment.
    Move { system: SystemId, segment: SegmentId },
    /// Blocks the flow by a firewall that is known to work.
    Block { flow: FlowId },
    /// Removes every way in which the system manages the target: a system, or `segment:` and a segment.
    RemoveManage { system: SystemId, target: String },
    /// Adds a control to those of the system, for example `change_approval`.
    AddControl { system: SystemId, control: String },
    /// Takes the privilege on a system from the credential. Changes the blast radius, not the scope.
    RevokeGrant {
        credential: CredentialId,
        on: SystemId,
        #[serde(rename = "priv")]
        privilege: Privilege,
    },
    /// Makes the credential work from these systems only. Changes the blast radius, not the scope.
    BindCredential { credential: CredentialId, to: BTreeSet<SystemId> },
    /// Gives each holder a credential of its own, with the grants on the systems it has a flow with. The first holder
    /// keeps the credential. Changes the blast radius, not the scope.
    SplitCredential { credential: CredentialId },
}

/// Why a change cannot be carried out.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EditError {
    /// The model has nothing with that key.
    #[error("{op}: the model has no {kind} {key:?}")]
    Unknown {
        /// The change.
        op: &'static str,
        /// Flow, system, segment or credential.
        kind: &'static str,
        /// The key.
        key: String,
    },
    /// A segment cannot be separated from itself.
    #[error("segment: {0:?} is named twice")]
    SameSegment(SegmentId),
}

/// The model after the changes, one after the other.
///
/// A part that is gone already (an element that the flow does not carry, a grant that the credential does not have) is
/// no error, so that changes can be combined.
///
/// # Errors
/// An object that a change names is not in the model.
pub fn apply(model: &Model, edits: &[Edit]) -> Result<Model, EditError> {
    let mut changed = model.clone();
    for edit in edits {
        edit.carry_out(&mut changed)?;
    }
    Ok(changed)
}

impl Edit {
    /// The name of the change in files.
    #[must_use]
    pub const fn op(&self) -> &'static str {
        match self {
            Self::DropField { .. } => "drop_field",
            Self::TokeniseFlow { .. } => "tokenise_flow",
            Self::RemoveHolding { .. } => "remove_holding",
            Self::Segment { .. } => "segment",
            Self::Move { .. } => "move",
            Self::Block { .. } => "block",
            Self::RemoveManage { .. } => "remove_manage",
            Self::AddControl { .. } => "add_control",
            Self::RevokeGrant { .. } => "revoke_grant",
            Self::BindCredential { .. } => "bind_credential",
            Self::SplitCredential { .. } => "split_credential",
        }
    }

    /// What the change costs where nobody says otherwise, in days of one person.
    #[must_use]
    pub const fn default_cost(&self) -> u64 {
        match self {
            Self::RevokeGrant { .. } => 1,
            Self::Block { .. } => 3,
            Self::Move { .. } => 4,
            Self::Segment { .. } => 5,
            Self::TokeniseFlow { .. } => 8,
            Self::DropField { .. }
            | Self::RemoveHolding { .. }
            | Self::RemoveManage { .. }
            | Self::AddControl { .. }
            | Self::BindCredential { .. }
            | Self::SplitCredential { .. } => 2,
        }
    }

    fn carry_out(&self, model: &mut Model) -> Result<(), EditError> {
        match self {
            Self::DropField { flow, element } => {
                self.flow(model, flow)?.fields.retain(|it| !is_meant(element, &it.element, it.form));
            }
            Self::TokeniseFlow { flow, domain } => {
                for field in &mut self.flow(model, flow)?.fields {
                    if field.element.as_str() == "pan" {
                        *field = Holding::new(field.element.clone(), Form::Tokenised, &[Op::Transmit]);
                        field.domain = Some(domain.clone());
                    }
                }
            }
            Self::RemoveHolding { system, element } => {
                self.system(model, system)?.holdings.retain(|it| !is_meant(element, &it.element, it.form));
            }
            Self::Segment { a, b } => self.separate(model, a, b)?,
            Self::Move { system, segment } => {
                self.check_segment(model, segment)?;
                self.system(model, system)?.segment = Some(segment.clone());
            }
            Self::Block { flow } => {
                let flow = self.flow(model, flow)?;
                flow.access = Access::Blocked;
                flow.control =
                    Some(FlowControl::Inline { kind: "firewall".to_owned(), status: ControlStatus::Verified });
            }
            Self::RemoveManage { system, target } => {
                let target = match target.strip_prefix("segment:") {
                    Some(segment) => {
                        self.check_segment(model, &segment.into())?;
                        ManageTarget::Segment(segment.into())
                    }
                    None => {
                        self.check_system(model, &target.as_str().into())?;
                        ManageTarget::System(target.as_str().into())
                    }
                };
                self.system(model, system)?.manages.retain(|relation| relation.target != target);
            }
            Self::AddControl { system, control } => {
                let system = self.system(model, system)?;
                if !system.controls.contains(control) {
                    system.controls.push(control.clone());
                }
            }
            Self::RevokeGrant { credential, on, privilege } => {
                self.check_system(model, on)?;
                let grants = &mut self.credential(model, credential)?.grants;
                grants.retain(|grant| grant.on != *on || grant.privilege != *privilege);
            }
            Self::BindCredential { credential, to } => {
                to.iter().try_for_each(|system| self.check_system(model, system))?;
                self.credential(model, credential)?.bound_to = Some(to.clone());
            }
            Self::SplitCredential { credential } => self.split(model, credential)?,
        }
        Ok(())
    }

    fn separate(&self, model: &mut Model, a: &SegmentId, b: &SegmentId) -> Result<(), EditError> {
        self.check_segment(model, a)?;
        self.check_segment(model, b)?;
        if a == b {
            return Err(EditError::SameSegment(a.clone()));
        }
        let key = LinkKey::new(a.clone(), b.clone());
        let link = Link {
            key: key.clone(),
            policy: LinkPolicy::Filtered,
            control: None,
            facts: crate::model::fact::Facts::new(),
        };
        model.links.insert(key, Arc::new(link));
        Ok(())
    }

    fn split(&self, model: &mut Model, id: &CredentialId) -> Result<(), EditError> {
        let shared: Credential = self.credential(model, id)?.clone();
        let joined = |model: &Model, one: &SystemId, other: &SystemId| {
            one == other
                || model.flows.values().any(|flow| {
                    flow.access != Access::Blocked
                        && ((flow.from == *one && flow.to == *other) || (flow.from == *other && flow.to == *one))
                })
        };
        let mut own_of: Vec<(SystemId, CredentialId)> = Vec::new();
        for holder in &shared.held_by {
            let own_id = if own_of.is_empty() { id.clone() } else { unused_id(model, id, holder) };
            let mut own = shared.clone();
            own.id = own_id.clone();
            own.shared = false;
            own.held_by = BTreeSet::from([holder.clone()]);
            own.grants.retain(|grant| joined(model, holder, &grant.on));
            if let Some(bound_to) = &mut own.bound_to {
                bound_to.retain(|system| system == holder);
            }
            model.credentials.insert(own_id.clone(), Arc::new(own));
            own_of.push((holder.clone(), own_id));
        }
        let own = |system: &SystemId| own_of.iter().find(|(holder, _)| holder == system).map(|(_, own)| own);
        for flow in model.flows.values_mut().filter(|flow| flow.credential.as_ref() == Some(id)) {
            let (opens, other) =
                if flow.initiator == Initiator::To { (&flow.to, &flow.from) } else { (&flow.from, &flow.to) };
            if let Some(own) = own(opens).or_else(|| own(other)).filter(|own| *own != id).cloned() {
                Arc::make_mut(flow).credential = Some(own);
            }
        }
        Ok(())
    }

    fn unknown(&self, kind: &'static str, key: &str) -> EditError {
        EditError::Unknown { op: self.op(), kind, key: key.to_owned() }
    }

    fn check_system(&self, model: &Model, id: &SystemId) -> Result<(), EditError> {
        if model.systems.contains_key(id) { Ok(()) } else { Err(self.unknown("system", id.as_str())) }
    }

    fn check_segment(&self, model: &Model, id: &SegmentId) -> Result<(), EditError> {
        if model.segments.contains_key(id) { Ok(()) } else { Err(self.unknown("segment", id.as_str())) }
    }

    fn flow<'m>(&self, model: &'m mut Model, id: &FlowId) -> Result<&'m mut Flow, EditError> {
        model.flows.get_mut(id).map(Arc::make_mut).ok_or_else(|| self.unknown("flow", id.as_str()))
    }

    fn system<'m>(&self, model: &'m mut Model, id: &SystemId) -> Result<&'m mut System, EditError> {
        model.systems.get_mut(id).map(Arc::make_mut).ok_or_else(|| self.unknown("system", id.as_str()))
    }

    fn credential<'m>(&self, model: &'m mut Model, id: &CredentialId) -> Result<&'m mut Credential, EditError> {
        model.credentials.get_mut(id).map(Arc::make_mut).ok_or_else(|| self.unknown("credential", id.as_str()))
    }
}

/// A key for the holder's own credential that no credential has.
fn unused_id(model: &Model, id: &CredentialId, holder: &SystemId) -> CredentialId {
    let mut key = format!("{id}-{holder}");
    while model.credentials.contains_key(key.as_str()) {
        key.push('+');
    }
    CredentialId::new(key)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::model::reader::read_json;

    const MODEL: &str = r#"{"segments":[{"id":"s"},{"id":"t"}],"segment_links":[{"a":"t","b":"s","policy":"open"}],
        "systems":[{"id":"a","segment":"s","holdings":[{"element":"pan"},{"element":"email"}],
            "manages":[{"target":"b","how":"admin"},{"target":"b","how":"log"},{"target":"segment:t","how":"admin"}]},
          {"id":"b"},{"id":"c"}],
        "flows":[{"id":"f","from":"a","to":"b","data":[{"element":"pan","ops":["store"],"live":false},{"element":"email"}],
            "credential":"k"}],
        "credentials":[{"id":"k","held_by":["a","c"],"grants":[{"on":"b","priv":"read"},{"on":"b","priv":"act"}]}]}"#;

    fn changed(edits: &str) -> Result<Model, EditError> {
        let edits: Vec<Edit> = serde_json::from_str(edits).unwrap();
        apply(&read_json(MODEL.as_bytes()).unwrap().0, &edits)
    }

    #[test]
    fn a_tokenised_card_number_keeps_nothing_but_its_domain() {
        let model = changed(r#"[{"op":"tokenise_flow","flow":"f","domain":"d"}]"#).unwrap();
        let mut token = Holding::new("pan".into(), Form::Tokenised, &[Op::Transmit]);
        token.domain = Some("d".into());
        assert_eq!(model.flows["f"].fields[0], token);
        assert_eq!(model.flows["f"].fields[1].element.as_str(), "email");
    }

    #[test]
    fn fields_holdings_links_and_relations_go() {
        let model = changed(
            r#"[{"op":"drop_field","flow":"f","element":"pan"},{"op":"remove_holding","system":"a","element":"pan"},
                {"op":"segment","a":"s","b":"t"},{"op":"move","system":"b","segment":"t"},{"op":"block","flow":"f"},
                {"op":"remove_manage","system":"a","target":"b"},{"op":"add_control","system":"c","control":"x"},
                {"op":"revoke_grant","credential":"k","on":"b","priv":"read"}]"#,
        )
        .unwrap();
        assert_eq!(model.flows["f"].fields.len(), 1);
        assert_eq!(model.flows["f"].access, Access::Blocked);
        assert_eq!(model.systems["a"].holdings.len(), 1);
        assert_eq!(model.links.values().map(|link| link.policy).collect::<Vec<_>>(), [LinkPolicy::Filtered]);
        assert_eq!(model.systems["b"].segment, Some("t".into()));
        assert_eq!(model.systems["a"].manages.len(), 1);
        assert_eq!(model.systems["c"].controls, ["x"]);
        assert_eq!(model.credentials["k"].grants.len(), 1);
    }

    #[test]
    fn a_split_credential_opens_for_each_holder_what_its_flows_need() {
        let model = changed(r#"[{"op":"split_credential","credential":"k"}]"#).unwrap();
        assert_eq!(model.credentials["k"].held_by, BTreeSet::from(["a".into()]));
        assert_eq!(model.credentials["k"].grants.len(), 2);
        assert_eq!(model.credentials["k-c"].grants, []);
        assert_eq!(model.flows["f"].credential, Some("k".into()));
    }

    #[test]
    fn an_object_that_does_not_exist_is_named() {
        let error = |edit: &str| changed(&format!("[{edit}]")).unwrap_err().to_string();
        assert_eq!(error(r#"{"op":"block","flow":"g"}"#), r#"block: the model has no flow "g""#);
        assert_eq!(error(r#"{"op":"move","system":"a","segment":"u"}"#), r#"move: the model has no segment "u""#);
        assert_eq!(
            error(r#"{"op":"revoke_grant","credential":"k","on":"z","priv":"act"}"#),
            r#"revoke_grant: the model has no system "z""#
        );
        assert_eq!(error(r#"{"op":"segment","a":"s","b":"s"}"#), r#"segment: "s" is named twice"#);
    }
}
