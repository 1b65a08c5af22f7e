//! A workspace as a whole, one's own profile, and the accounts of the instance.

use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use domain::backend::people::SecondFactorPolicy;
use domain::id::{AccountId, WorkspaceId};
use domain::problem::{FieldCode, Problem};
use tower_sessions::Session;

use app::ui::link::Paths;

use super::act::Act;
use super::form::Posted;
use super::members::done;
use super::session::rotate;
use super::{Site, fault};

/// Gives a workspace another name.
pub async fn rename(Path(workspace): Path<String>, act: Act) -> Response {
    let workspace = WorkspaceId::new(workspace);
    let page = Paths::of(&workspace).page("settings");
    let attempt = async {
        act.posted.only(&["form", "name"])?;
        act.caller.backend.rename_workspace(&workspace, act.posted.value("name")).await
    };
    match attempt.await {
        Ok(()) => done(&page, "workspace-renamed"),
        Err(problem) => act.again(&page, problem).await,
    }
}

/// Says whether owners, administrators and editors need a second factor, and how soon.
pub async fn set_second_factor_policy(Path(workspace): Path<String>, act: Act) -> Response {
    let workspace = WorkspaceId::new(workspace);
    let page = Paths::of(&workspace).page("settings");
    let attempt = async {
        act.posted.only(&["form", "required", "grace_days"])?;
        let required = match act.posted.value("required") {
            "yes" => true,
            "no" => false,
            _ => return Err(Problem::field("required", FieldCode::NotInList)),
        };
        let days = act.posted.value("grace_days").trim().parse::<u8>();
        let grace_days = days.map_err(|_| Problem::field("grace_days", FieldCode::NotANumber))?;
        act.caller.backend.set_second_factor_policy(&workspace, SecondFactorPolicy { required, grace_days }).await
    };
    match attempt.await {
        Ok(()) => done(&page, "second-factor-policy"),
        Err(problem) => act.again(&page, problem).await,
    }
}

/// Says whether what is in scope is changed through proposals only.
pub async fn protect_scope(Path(workspace): Path<String>, act: Act) -> Response {
    let workspace = WorkspaceId::new(workspace);
    let page = Paths::of(&workspace).page("settings");
    let attempt = async {
        act.posted.only(&["form", "protects"])?;
        let protects = match act.posted.value("protects") {
            "yes" => true,
            "no" => false,
            _ => return Err(Problem::field("protects", FieldCode::NotInList)),
        };
        act.caller.backend.set_protects_scope(&workspace, protects).await
    };
    match attempt.await {
        Ok(()) => done(&page, "scope-protection"),
        Err(problem) => act.again(&page, problem).await,
    }
}

/// Makes another member the owner.
pub async fn hand_over(Path(workspace): Path<String>, session: Session, act: Act) -> Response {
    let workspace = WorkspaceId::new(workspace);
    let page = Paths::of(&workspace).page("settings");
    let attempt = async {
        act.posted.only(&["form", "to"])?;
        act.caller.backend.hand_over(&workspace, &AccountId::new(act.posted.value("to"))).await?;
        rotate(&session).await.map_err(|error| fault("a session could not be renewed", &error))
    };
    match attempt.await {
        Ok(()) => done(&page, "workspace-handed-over"),
        Err(problem) => act.again(&page, problem).await,
    }
}

/// Archives a workspace.
pub async fn archive(Path(workspace): Path<String>, act: Act) -> Response {
    set_archived(&workspace, act, true).await
}

/// Restores an archived workspace.
pub async fn restore(Path(workspace): Path<String>, act: Act) -> Response {
    set_archived(&workspace, act, false).await
}

async fn set_archived(workspace: &str, act: Act, archived: bool) -> Response {
    let workspace = WorkspaceId::new(workspace);
    let page = Paths::of(&workspace).page("settings");
    let attempt = async {
        act.posted.only(&[])?;
        act.caller.backend.archive_workspace(&workspace, archived).await
    };
    match attempt.await {
        Ok(()) => done(&page, if archived { "workspace-archived" } else { "workspace-restored" }),
        Err(problem) => act.again(&page, problem).await,
    }
}

/// Deletes a workspace whose name was typed.
pub async fn delete(State(site): State<Site>, Path(workspace): Path<String>, act: Act) -> Response {
    let workspace = WorkspaceId::new(workspace);
    let attempt = async {
        act.posted.only(&["form", "name"])?;
        act.caller.backend.delete_workspace(&workspace, act.posted.value("name")).await
    };
    match attempt.await {
        Ok(()) => {
            // Its packs go with it.
            site.packs().clear().await;
            Redirect::to("/workspaces").into_response()
        }
        Err(problem) => act.again(&Paths::of(&workspace).page("settings"), problem).await,
    }
}

/// Saves one's own name.
pub async fn save_profile(act: Act) -> Response {
    let attempt = async {
        act.posted.only(&["name"])?;
        act.caller.backend.rename_account(act.posted.value("name")).await
    };
    match attempt.await {
        Ok(()) => done("/profile", "saved"),
        Err(problem) => act.again("/profile", problem).await,
    }
}

/// Disables or enables an account.
pub async fn set_account(Path(key): Path<String>, act: Act) -> Response {
    let attempt = async {
        act.posted.only(&["action"])?;
        let disabled = match act.posted.value("action") {
            "disable" => true,
            "enable" => false,
            _ => return Err(Problem::field("action", FieldCode::NotInList)),
        };
        act.caller.backend.disable_account(&AccountId::new(key), disabled).await.map(|()| disabled)
    };
    match attempt.await {
        Ok(disabled) => done("/admin", if disabled { "disabled" } else { "enabled" }),
        Err(problem) => act.again("/admin", problem).await,
    }
}

/// Makes a link to a new password, and shows it on the page that answers: it is nowhere else.
pub async fn make_reset_link(State(site): State<Site>, Path(key): Path<String>, act: Act) -> Response {
    let attempt = async {
        act.posted.only(&[])?;
        act.caller.backend.reset_link(&AccountId::new(key)).await
    };
    match attempt.await {
        Ok(token) => {
            let link = format!("{}/reset/{token}", site.address);
            act.setting.at("/admin").render_draft(Posted(vec![("link".to_owned(), link)])).await
        }
        Err(problem) => act.again("/admin", problem).await,
    }
}
