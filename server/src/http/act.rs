//! A posted form, together with who posted it and the page to show it on again.

use std::sync::Arc;

use axum::extract::{FromRequest, Request};
use axum::response::Response;
use domain::backend::Estate;
use domain::id::WorkspaceId;
use domain::problem::Problem;
use domain::proposal::ProposalKey;

use super::form::Posted;
use super::held::Held;
use super::moment::{estate, proposal_of};
use super::page::Setting;
use super::session::Caller;

/// What a handler of a form gets.
pub struct Act {
    /// The page that answers where the form was not carried out.
    pub setting: Setting,
    /// Who posted.
    pub caller: Caller,
    /// What was posted.
    pub posted: Posted,
}

impl<S: Send + Sync> FromRequest<S> for Act {
    type Rejection = Response;

    async fn from_request(request: Request, state: &S) -> Result<Self, Response> {
        let (parts, body) = request.into_parts();
        let (setting, caller) = (Setting::of(&parts), Caller::of(&parts));
        let posted = Posted::from_request(Request::from_parts(parts, body), state).await?;
        Ok(Self { setting, caller, posted })
    }
}

impl Act {
    /// The proposal into which the form's address saves; `None` for the live model.
    ///
    /// # Errors
    /// `NotFound` where the address names something else.
    pub fn proposal(&self) -> Result<Option<ProposalKey>, Problem> {
        proposal_of(self.query())
    }

    /// The workspace as the page of the form shows it.
    ///
    /// # Errors
    /// Those of reading it.
    pub async fn estate(&self, workspace: &WorkspaceId) -> Result<Arc<Estate>, Problem> {
        estate(&self.caller.backend, workspace, self.query()).await
    }

    fn query(&self) -> Option<&str> {
        self.setting.path_and_query().split_once('?').map(|(_, query)| query)
    }

    /// Shows the page at this address with what was typed, because the person asked for another look at it.
    pub async fn look_again(self, page: &str) -> Response {
        self.setting.at(page).render_draft(self.posted).await
    }

    /// Shows the page at this address with what was typed, and why it was not carried out. Where only a recent proof is
    /// missing of who asks, shows the page for that instead, which goes on with the same form.
    pub async fn again(self, page: &str, problem: Problem) -> Response {
        if problem == Problem::Reauthenticate {
            let held = Held::new(self.setting.path_and_query(), self.posted);
            return held.ask(self.setting, "/re-authenticate", Some(problem)).await;
        }
        self.setting.at(page).render_again(self.posted, problem).await
    }
}
