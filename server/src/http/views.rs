//! Views of lists: keeping one under a name, and forgetting it.

use app::kept_view as address;
use app::ui::link::{Paths, with_query};
use axum::extract::Path;
use axum::response::{IntoResponse as _, Redirect, Response};
use domain::backend::views::ViewWish;
use domain::id::ViewId;
use domain::inventory::{Kind, MAP, REGISTER};
use domain::problem::{FieldCode, Problem};

use super::act::Act;
use super::model::in_workspace;

/// Keeps a view, and shows it.
pub async fn save(Path(workspace): Path<String>, act: Act) -> Response {
    let (workspace, paths) = in_workspace(&workspace);
    let value = |name: &str| act.posted.value(name).to_owned();
    let wish = ViewWish {
        list: value("list"),
        name: value("name"),
        q: value("q"),
        sort: value("sort"),
        columns: value("cols"),
        shared: value("shared") == "yes",
    };
    let list = list(&paths, &wish.list);
    let shown = address(&list, &wish.list, [&wish.q, &wish.sort, &wish.columns]);
    let saved = async {
        act.posted.only(&["list", "name", "q", "sort", "cols", "shared"])?;
        act.caller.backend.save_view(&workspace, wish).await
    };
    match saved.await {
        Ok(_) => Redirect::to(&with_query(&shown, &[("done", "view-saved")])).into_response(),
        // A card number is not written into an address either.
        Err(problem) if is_card(&problem) => act.again(&list, problem).await,
        Err(problem) => act.again(&shown, problem).await,
    }
}

/// Forgets a view.
pub async fn delete(Path((workspace, key)): Path<(String, String)>, act: Act) -> Response {
    let (workspace, paths) = in_workspace(&workspace);
    let id = ViewId::new(key);
    let deleted = async {
        act.posted.only(&[])?;
        let seen = act.caller.backend.views(&workspace).await?;
        let of = seen.into_iter().find(|it| it.id == id);
        // Who may keep no views is told that, whatever the address says.
        act.caller.backend.delete_view(&workspace, &id).await?;
        of.map(|it| it.list).ok_or(Problem::NotFound)
    };
    match deleted.await {
        Ok(of) => Redirect::to(&with_query(&list(&paths, &of), &[("done", "view-deleted")])).into_response(),
        Err(problem) => act.again(&paths.page("systems"), problem).await,
    }
}

/// The page of a list by its word; where there is none, that of the systems tells what is wrong.
fn list(paths: &Paths, word: &str) -> String {
    match Kind::listed(word) {
        Some(kind) => paths.list(kind),
        None => paths.page(match word {
            MAP => "map",
            REGISTER => "risks",
            _ => "systems",
        }),
    }
}

fn is_card(problem: &Problem) -> bool {
    matches!(problem, Problem::Invalid(errors) if errors.iter().any(|error| error.code == FieldCode::CardNumber))
}
