//! Views of lists that members keep under a name.

use domain::backend::views::{SavedView, VIEWS_MAX, ViewWish};
use domain::id::ViewId;
use domain::problem::{FieldCode, Problem};
use domain::role::Capability;
use domain::time::Timestamp;
use uuid::Uuid;

use crate::clock::random_key;
use crate::db::{Tx, rows, run};
use crate::error::{Failure, StoreError};
use crate::gate::Permit;
use crate::rows::statements;

statements! {
    SEEN = "SELECT saved_view.key, saved_view.account_id, account.name AS author, saved_view.list, saved_view.name, \
        saved_view.q, saved_view.sort, saved_view.columns, saved_view.shared FROM saved_view \
        JOIN account ON account.id = saved_view.account_id \
        WHERE saved_view.workspace_id = $1 AND (saved_view.account_id = $2 OR saved_view.shared) \
        ORDER BY saved_view.list, saved_view.name, saved_view.key";
    REPLACE = "DELETE FROM saved_view WHERE workspace_id = $1 AND account_id = $2 AND list = $3 AND name = $4";
    INSERT = "INSERT INTO saved_view (key, workspace_id, account_id, list, name, q, sort, columns, shared, saved_at) \
        VALUES ($2, $1, $3, $4, $5, $6, $7, $8, $9, $10)";
    DELETE = "DELETE FROM saved_view WHERE workspace_id = $1 AND key = $2";
}

/// The views that an account sees.
pub(crate) async fn list(tx: &mut Tx, permit: &Permit, account: Uuid) -> Result<Vec<SavedView>, StoreError> {
    let manages = permit.entry().role.may(Capability::ManageWorkspace);
    let found = rows!(tx, ViewRow, SEEN, permit.workspace(), account)?;
    Ok(found.into_iter().map(|row| row.view(account, manages)).collect())
}

/// Keeps a view in the place of one of the same list and name.
pub(crate) async fn save(
    tx: &mut Tx,
    permit: &Permit,
    account: Uuid,
    now: Timestamp,
    wish: &ViewWish,
) -> Result<ViewId, Failure> {
    let (list, name) = (wish.list.as_str(), wish.name.trim());
    run!(tx, REPLACE, permit.workspace(), account, list, name)?;
    let kept = rows!(tx, ViewRow, SEEN, permit.workspace(), account)?;
    if kept.iter().filter(|row| row.account_id == account).count() >= VIEWS_MAX {
        return Err(Problem::field("name", FieldCode::TooMany).into());
    }
    let key = random_key::<8>()?;
    let (q, sort, columns) = (wish.q.trim(), wish.sort.as_str(), wish.columns.as_str());
    run!(tx, INSERT, permit.workspace(), key.as_str(), account, list, name, q, sort, columns, wish.shared, now.0)?;
    Ok(ViewId::new(key))
}

/// Forgets a view.
pub(crate) async fn delete(tx: &mut Tx, permit: &Permit, view: &ViewId) -> Result<(), StoreError> {
    run!(tx, DELETE, permit.workspace(), view.as_str()).map(drop)
}

#[derive(sqlx::FromRow)]
struct ViewRow {
    key: String,
    account_id: Uuid,
    author: String,
    list: String,
    name: String,
    q: String,
    sort: String,
    columns: String,
    shared: bool,
}

impl ViewRow {
    fn view(self, asks: Uuid, manages: bool) -> SavedView {
        SavedView {
            id: ViewId::new(self.key),
            own: self.account_id == asks,
            deletable: self.account_id == asks || (self.shared && manages),
            list: self.list,
            name: self.name,
            q: self.q,
            sort: self.sort,
            columns: self.columns,
            shared: self.shared,
            by: self.author,
        }
    }
}
