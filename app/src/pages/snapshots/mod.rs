//! Snapshots, and what differs between two states of a workspace.

pub mod changes;
pub mod detail;
pub mod diff;
pub mod list;

use std::sync::Arc;

use domain::backend::{Backend, Estate};
use domain::delta::{Delta, State};
use domain::problem::Problem;
use domain::role::Capability;
use domain::scene::estate::Comparison;
use domain::snapshot::{Snapshot, SnapshotKey};
use leptos::prelude::*;

use super::request::Place;

/// What belongs to the map: the picture of now, and the states that it had.
pub(super) fn tabs(place: &Place, current: &'static str) -> AnyView {
    let tabs = [("map", "Map"), ("proposals", "Proposals"), ("snapshots", "Snapshots"), ("diff", "What differs")];
    let tabs: Vec<_> = tabs
        .into_iter()
        .filter(|(page, _)| *page != "proposals" || place.may(Capability::ReadProposals))
        .map(|(page, label)| {
            let current = (page == current).then_some("page");
            view! { <a href=place.paths.page(page) aria-current=current>{label}</a> }
        })
        .collect();
    view! { <nav class="tabs" aria-label="Map">{tabs}</nav> }.into_any()
}

/// A snapshot by name and key.
pub(super) fn named(snapshot: &Snapshot) -> String {
    format!("{} ({})", snapshot.name, snapshot.key)
}

/// With which state something is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Against {
    /// As a snapshot has it.
    Snapshot(SnapshotKey),
    /// As the model is.
    Live,
}

/// An estate beside the state that a snapshot has.
pub(super) struct Compared {
    /// As the snapshot has it.
    pub before: Arc<Estate>,
    /// What differs from it.
    pub delta: Arc<Delta>,
}

impl Compared {
    /// Compares an estate with a snapshot of its workspace.
    pub async fn with(backend: &Arc<dyn Backend>, after: &Arc<Estate>, other: Against) -> Result<Self, Problem> {
        let before = match other {
            Against::Snapshot(key) => backend.estate_at(&after.workspace.id, key).await?,
            Against::Live => backend.estate(&after.workspace.id).await?,
        };
        let delta = backend.difference(&before, after).await?;
        Ok(Self { before, delta })
    }

    /// Both in one picture.
    pub fn drawn(&self, after: &Estate) -> Comparison {
        let before = State { model: &self.before.model, scope: &self.before.scope };
        let after = State { model: &after.model, scope: &after.scope };
        let address = self.before.moment.key().map(|key| format!("at={key}")).unwrap_or_default();
        Comparison::of(before, after, &self.delta, &address)
    }
}

/// An estate and the state that a snapshot has, as one picture.
///
/// # Errors
/// Those of reading the snapshot.
pub async fn comparison(
    backend: &Arc<dyn Backend>,
    after: &Arc<Estate>,
    other: Against,
) -> Result<Comparison, Problem> {
    Ok(Compared::with(backend, after, other).await?.drawn(after))
}
