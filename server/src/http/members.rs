//! Members and invitations: a posted form becomes a membership, or ends one.

use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use domain::id::{AccountId, InvitationId, PersonId, WorkspaceId};
use domain::problem::Problem;
use domain::role::{STANDING_FIELDS, standing_from_form};
use store::Newcomer;
use tower_sessions::Session;

use app::ui::link::{Paths, encoded, with_query};

use super::accounts::enter;
use super::act::Act;
use super::form::Posted;
use super::session::rotate;
use super::{Site, fault};

/// Invites somebody, and shows the link on the page that answers: it is nowhere else, least of all in an address.
pub async fn invite(State(site): State<Site>, Path(workspace): Path<String>, act: Act) -> Response {
    let workspace = WorkspaceId::new(workspace);
    let page = Paths::of(&workspace).page("members");
    let mail = act.posted.value("mail").trim().to_owned();
    let attempt = async {
        act.posted.only(&["mail", STANDING_FIELDS[0], STANDING_FIELDS[1], STANDING_FIELDS[2], STANDING_FIELDS[3]])?;
        let standing = standing_from_form(&act.posted.0).map_err(Problem::Invalid)?;
        act.caller.backend.invite(&workspace, &mail, standing).await
    };
    match attempt.await {
        Ok(token) => {
            let link = format!("{}/invite/{token}", site.address);
            let made = Posted(vec![("link".to_owned(), link), ("mail".to_owned(), mail)]);
            act.setting.at(&page).render_draft(made).await
        }
        Err(problem) => act.again(&page, problem).await,
    }
}

/// Takes an invitation back.
pub async fn withdraw(Path((workspace, key)): Path<(String, String)>, act: Act) -> Response {
    let workspace = WorkspaceId::new(workspace);
    let page = Paths::of(&workspace).page("members");
    let attempt = async {
        act.posted.only(&[])?;
        act.caller.backend.withdraw_invitation(&workspace, &InvitationId::new(key)).await
    };
    match attempt.await {
        Ok(()) => done(&page, "invitation-withdrawn"),
        Err(problem) => act.again(&page, problem).await,
    }
}

/// Gives a member another role. Who changes their own goes on under a new session identifier.
pub async fn change(Path((workspace, key)): Path<(String, String)>, session: Session, act: Act) -> Response {
    let workspace = WorkspaceId::new(workspace);
    let (paths, member) = (Paths::of(&workspace), AccountId::new(key));
    let attempt = async {
        act.posted.only(&STANDING_FIELDS)?;
        let standing = standing_from_form(&act.posted.0).map_err(Problem::Invalid)?;
        let backend = &act.caller.backend;
        backend.change_member(&workspace, &member, standing).await?;
        if backend.account().await?.id == member {
            rotate(&session).await.map_err(|error| fault("a session could not be renewed", &error))?;
        }
        Ok(())
    };
    match attempt.await {
        Ok(()) => done(&paths.page("members"), "member-changed"),
        Err(problem) => act.again(&paths.member(&member), problem).await,
    }
}

/// Ends a membership; what the person answered for goes to whom the form names.
pub async fn remove(Path((workspace, key)): Path<(String, String)>, act: Act) -> Response {
    let workspace = WorkspaceId::new(workspace);
    let (paths, member) = (Paths::of(&workspace), AccountId::new(key));
    let attempt = async {
        act.posted.only(&["to"])?;
        let takes_over = Some(act.posted.value("to")).filter(|to| !to.is_empty()).map(PersonId::from);
        let backend = &act.caller.backend;
        let own = backend.account().await?.id == member;
        Ok((backend.remove_member(&workspace, &member, takes_over.as_ref()).await?, own))
    };
    match attempt.await {
        Ok((_, true)) => Redirect::to("/workspaces").into_response(),
        Ok((Some(receipt), false)) if receipt.objects > 0 => {
            let revision = receipt.revision.0.to_string();
            let page = with_query(&paths.page("members"), &[("done", "member-removed"), ("rev", &revision)]);
            Redirect::to(&page).into_response()
        }
        Ok(_) => done(&paths.page("members"), "member-removed"),
        Err(problem) => act.again(&paths.member(&member), problem).await,
    }
}

/// Accepts an invitation: with the account that is signed in, or with a new one.
pub async fn accept(State(site): State<Site>, Path(token): Path<String>, session: Session, act: Act) -> Response {
    let page = format!("/invite/{}", encoded(&token));
    let home = |workspace: &WorkspaceId| Paths::of(workspace).home();
    let signed_in = match act.caller.backend.account().await {
        Ok(_) => true,
        Err(Problem::SignedOut) => false,
        Err(problem) => return act.again(&page, problem).await,
    };
    if signed_in {
        let attempt = async {
            act.posted.only(&[])?;
            let workspace = act.caller.backend.accept_invitation(&token).await?;
            rotate(&session).await.map_err(|error| fault("a session could not be renewed", &error))?;
            Ok(workspace)
        };
        return match attempt.await {
            Ok(workspace) => Redirect::to(&home(&workspace)).into_response(),
            Err(problem) => act.again(&page, problem).await,
        };
    }
    let newcomer =
        Newcomer { name: act.posted.value("name").to_owned(), password: act.posted.value("password").to_owned() };
    let attempt = async {
        act.posted.only(&["name", "password"])?;
        site.store.join(&token, &newcomer).await
    };
    match attempt.await {
        Ok(joined) => {
            let next = joined.workspace.as_ref().map_or_else(|| "/".to_owned(), home);
            enter(&session, &joined, &next).await
        }
        Err(problem) => act.again(&page, problem).await,
    }
}

/// Goes to a page that says what was done.
pub(super) fn done(page: &str, code: &str) -> Response {
    Redirect::to(&with_query(page, &[("done", code)])).into_response()
}
