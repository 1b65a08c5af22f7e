//! One request, as the pages see it.

use std::sync::Arc;

use domain::backend::{Account, Backend, Estate};
use domain::command::Revision;
use domain::id::WorkspaceId;
use domain::problem::{FieldError, Problem};
use domain::role::Capability;
use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};
use leptos_router::params::ParamsMap;

use crate::context::{PageContext, Submitted};
use crate::ui::form::{FormState, problem_box};
use crate::ui::link::Paths;

/// What a page is rendered from.
#[derive(Clone)]
pub(super) struct Request {
    backend: Option<Arc<dyn Backend>>,
    /// Nonce, assets, theme.
    pub page: PageContext,
    /// The form that was posted, where this page answers it.
    pub submitted: Option<Submitted>,
    path: ParamsMap,
    query: ParamsMap,
}

impl Request {
    /// The one that is being answered. Called while the route's view is made, when its context is at hand.
    pub fn current() -> Self {
        Self {
            backend: use_context::<Arc<dyn Backend>>(),
            page: use_context::<PageContext>().unwrap_or_default(),
            submitted: use_context::<Submitted>(),
            path: use_params_map().get_untracked(),
            query: use_query_map().get_untracked(),
        }
    }

    /// The one that is being answered where no route matches it: it has no parts by name.
    pub fn without_route() -> Self {
        Self {
            backend: None,
            page: use_context::<PageContext>().unwrap_or_default(),
            submitted: None,
            path: ParamsMap::new(),
            query: ParamsMap::new(),
        }
    }

    /// What the person may ask. Without a backend nobody is signed in.
    pub fn backend(&self) -> Result<&Arc<dyn Backend>, Problem> {
        self.backend.as_ref().ok_or(Problem::SignedOut)
    }

    /// A part of the path, decoded; empty where the route has none of that name.
    pub fn path(&self, name: &str) -> String {
        self.path.get(name).unwrap_or_default()
    }

    /// A value of the query.
    pub fn query(&self, name: &str) -> Option<String> {
        self.query.get(name).filter(|value| !value.is_empty())
    }

    /// Every value of the query under this name, in order.
    pub fn query_all(&self, name: &str) -> Vec<String> {
        self.query.get_all(name).unwrap_or_default().into_iter().filter(|value| !value.is_empty()).collect()
    }

    /// The workspace of the path, with who asks.
    pub async fn place(&self) -> Result<Place, Problem> {
        let workspace = WorkspaceId::parse(&self.path("ws")).map_err(|_| Problem::NotFound)?;
        let backend = self.backend()?;
        let account = backend.account().await?;
        // The state that the address asks for. Every link of the page keeps it.
        let key = |text: String| text.parse().map_err(|_| Problem::NotFound);
        let estate = match (self.query("at"), self.query("proposal")) {
            (Some(at), _) => backend.estate_at(&workspace, at.parse().map_err(|_| Problem::NotFound)?).await?,
            (None, Some(proposal)) => backend.estate_with(&workspace, key(proposal)?).await?,
            (None, None) => backend.estate(&workspace).await?,
        };
        Ok(Place { paths: Paths::of(&workspace), account, estate })
    }

    /// The revision that the query names after a save.
    pub fn saved_revision(&self) -> Option<Revision> {
        self.query("done")?;
        self.query("rev")?.parse().ok().map(Revision)
    }

    /// Why the posted form was not carried out.
    pub fn problem(&self) -> Option<&Problem> {
        self.submitted.as_ref()?.problem.as_ref()
    }

    /// The form as posted, with its errors; otherwise with these values.
    pub fn form(&self, values: impl FnOnce() -> Vec<(String, String)>) -> FormState {
        match &self.submitted {
            Some(submitted) => FormState::new(submitted.form.clone()).with_errors(self.field_errors()),
            None => FormState::new(values()),
        }
    }

    fn field_errors(&self) -> Vec<FieldError> {
        match self.problem() {
            Some(Problem::Invalid(errors)) => errors.clone(),
            _ => Vec::new(),
        }
    }

    /// What went wrong with the posted form, where it is not about single fields.
    pub fn general_problem(&self) -> Option<AnyView> {
        let words = match self.problem()? {
            Problem::Invalid(errors) if !errors.is_empty() => return None,
            Problem::Conflict => return None,
            other => super::answer::advice(other),
        };
        Some(problem_box(view! { <p>{words}</p> }))
    }
}

/// The workspace that a page is in, as the person may see it.
#[derive(Clone)]
pub(super) struct Place {
    /// Addresses of its pages.
    pub paths: Paths,
    /// Who asks.
    pub account: Account,
    /// Model and scope.
    pub estate: Arc<Estate>,
}

impl Place {
    /// Whether the person may do it here. The gate checks again; this only decides what is offered.
    pub fn may(&self, capability: Capability) -> bool {
        self.estate.allows(capability)
    }

    /// Whether the person sees what is being worked on, or only what was signed.
    pub fn works(&self) -> bool {
        self.estate.workspace.role.may(Capability::ReadWorking)
    }

    /// Refuses who sees only what was signed.
    pub fn working(&self) -> Result<(), Problem> {
        if self.works() { Ok(()) } else { Err(Problem::Forbidden) }
    }

    /// Whether the person may do in the inbox what the capability says. Requests are no part of the state that is shown, so
    /// that does not matter.
    pub fn may_in_inbox(&self, capability: Capability) -> bool {
        self.estate.workspace.allows(capability)
    }
}
