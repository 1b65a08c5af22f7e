//! Proposals: edits that are not live yet, what they would do, and who has to agree.

pub mod decide;
pub mod detail;
pub mod edits;
pub mod list;

use std::collections::BTreeMap;

use domain::backend::people::Member;
use domain::id::AccountId;
use domain::proposal::{Proposal, State};
use leptos::prelude::*;

/// The names of members by their accounts.
pub(super) struct Names(BTreeMap<AccountId, String>);

impl Names {
    /// Those of these members.
    pub fn of(members: &[Member]) -> Self {
        Self(members.iter().map(|it| (it.account.clone(), it.name.clone())).collect())
    }

    /// The name; of somebody who left, that they did.
    pub fn name(&self, account: &AccountId) -> String {
        self.0.get(account).cloned().unwrap_or_else(|| "a former member".to_owned())
    }
}

/// Where a proposal stands. That nobody but the requester saw it is said wherever it shows.
pub(super) fn state(it: &Proposal) -> AnyView {
    let alone = matches!(&it.state, State::Merged(merged) if !merged.four_eyes)
        .then(|| view! { " "<strong class="fate">"not four-eyes"</strong> });
    view! { <span class="fate">{it.state.label()}</span>{alone} }.into_any()
}
