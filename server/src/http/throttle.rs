//! How often may one address post?
//!
//! Tries per account are counted where passwords are compared. This is about somebody who tries many accounts, or
//! floods us with forms. Where only this machine is served everybody has the same address, so nobody is counted there.

use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use domain::problem::Problem;
use store::Posting;

use super::Site;
use super::client::ClientAddress;
use super::refusal::Refusal;
use super::routes::{self, Endpoint};

/// Refuses who posts more often than a person can.
pub async fn posts(State(site): State<Site>, request: Request, next: Next) -> Response {
    let path = request.extensions().get::<MatchedPath>().map_or("", MatchedPath::as_str);
    let endpoint = routes::find(request.method(), path).map(|route| route.endpoint);
    // A feed is read without a session, so that whoever guesses addresses is slowed down like whoever posts.
    let counts = !request.method().is_safe() || endpoint == Some(Endpoint::CalendarFeed);
    if counts && site.https() {
        if let Some(ClientAddress(address)) = request.extensions().get().copied()
            && let Err(problem) = count(&site, address, endpoint).await
        {
            return Refusal::from(problem).into_response();
        }
    }
    next.run(request).await
}

async fn count(site: &Site, address: std::net::IpAddr, endpoint: Option<Endpoint>) -> Result<(), Problem> {
    if endpoint.is_some_and(proves) {
        site.store.count_address(address, Posting::SignIn).await?;
    }
    site.store.count_address(address, Posting::Form).await
}

/// Whether a form can be used to guess a password, a code or a link.
const fn proves(endpoint: Endpoint) -> bool {
    matches!(
        endpoint,
        Endpoint::SignIn
            | Endpoint::SetUp
            | Endpoint::AcceptInvitation
            | Endpoint::ResetPassword
            | Endpoint::ProveSecondFactor
            | Endpoint::Reauthenticate
            | Endpoint::ChangePassword
            | Endpoint::ConfirmSecondFactor
    )
}
