//! Which changes only ever take away: then more of them never bring anything into scope, and what all of them together
//! come to bounds what some of them can.

use std::collections::BTreeSet;

use super::OptionSet;
use crate::blast::edit::Edit;
use crate::id::{CredentialId, DomainId, FlowId};
use crate::model::Model;
use crate::model::element::{Form, Holding};
use crate::model::relations::{Boundary, CapabilityType};

/// What of a model decides whether a change only takes away.
pub(super) struct Monotone<'m> {
    model: &'m Model,
    /// Somebody's scope decision may lapse, or come into force, by any change.
    decided: bool,
    /// A system of ours that may de-tokenise for others is connected only while it has no token itself.
    detokenises: bool,
    /// The flows that some option tokenises.
    tokenised: BTreeSet<&'m FlowId>,
    /// The credentials of which some option takes something, while another one may split them.
    narrowed: BTreeSet<&'m CredentialId>,
}

impl<'m> Monotone<'m> {
    pub(super) fn of(model: &'m Model, options: &'m [OptionSet]) -> Self {
        let edits = || options.iter().flat_map(|option| &option.effects);
        let ours = || model.systems.values().filter(|system| system.boundary == Boundary::Own);
        Self {
            decided: !model.overrides.is_empty(),
            detokenises: ours()
                .flat_map(|system| &system.capabilities)
                .any(|capability| capability.kind == CapabilityType::Detokenise),
            tokenised: edits()
                .filter_map(|edit| match edit {
                    Edit::TokeniseFlow { flow, .. } => Some(flow),
                    _ => None,
                })
                .collect(),
            narrowed: edits()
                .filter_map(|edit| match edit {
                    Edit::RevokeGrant { credential, .. } | Edit::BindCredential { credential, .. } => Some(credential),
                    _ => None,
                })
                .collect(),
            model,
        }
    }

    pub(super) fn only_takes_away(&self, edit: &Edit) -> bool {
        let changes_scope_nowhere =
            matches!(edit, Edit::RevokeGrant { .. } | Edit::BindCredential { .. } | Edit::SplitCredential { .. });
        if self.decided && !changes_scope_nowhere {
            return false;
        }
        match edit {
            // In another segment a system meets other neighbours.
            Edit::Move { .. } => false,
            Edit::TokeniseFlow { flow, domain } => !self.is_ours(domain) && !self.takes_tokens(flow),
            Edit::DropField { flow, .. } | Edit::Block { flow } => !self.takes_tokens(flow),
            Edit::RemoveHolding { system, .. } => {
                let holdings = self.model.systems.get(system).map(|it| it.holdings.as_slice());
                !self.detokenises || !has_token(holdings.unwrap_or_default())
            }
            Edit::Segment { .. } | Edit::RemoveManage { .. } | Edit::AddControl { .. } | Edit::RevokeGrant { .. } => {
                true
            }
            // What is taken from a credential after it was split is taken from one part of it only.
            Edit::SplitCredential { credential } => !self.narrowed.contains(credential),
            // A credential that was bound to other systems may now work from new ones.
            Edit::BindCredential { credential, to } => {
                let bound_to = self.model.credentials.get(credential).and_then(|it| it.bound_to.as_ref());
                bound_to.is_none_or(|before| to.is_subset(before))
            }
        }
    }

    /// Whether a system of ours can turn tokens of the domain back: then a token is a card number to it.
    fn is_ours(&self, domain: &DomainId) -> bool {
        let mut ours = self.model.systems.values().filter(|system| system.boundary == Boundary::Own);
        ours.any(|system| system.capabilities.iter().any(|it| it.domain.as_ref().is_none_or(|id| id == domain)))
    }

    /// Whether less on the flow may be fewer tokens for a system that is connected only without them.
    fn takes_tokens(&self, flow: &FlowId) -> bool {
        let fields = self.model.flows.get(flow).map(|it| it.fields.as_slice());
        self.detokenises && (self.tokenised.contains(flow) || has_token(fields.unwrap_or_default()))
    }
}

fn has_token(holdings: &[Holding]) -> bool {
    holdings.iter().any(|holding| holding.form == Form::Tokenised)
}
