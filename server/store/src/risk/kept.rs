//! The risks of workspaces in memory: copies of what the database holds, never the truth.
//!
//! Each reading asks for the number and the revision of every risk, and reads only those again that changed: a revision
//! grows with each change of a risk, so two risks of one number and revision are the same. Only transactions that read come
//! here, as what a write sees may never be.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use domain::risk::{Risk, RiskKey};
use uuid::Uuid;

use crate::db::{Tx, row, rows};
use crate::error::StoreError;
use crate::gate::Permit;
use crate::rows::statements;

statements! {
    REVISIONS = "SELECT number, revision FROM risk WHERE workspace_id = $1 ORDER BY number";
    LIST = "SELECT number, revision, content FROM risk WHERE workspace_id = $1 ORDER BY number";
    ONE = "SELECT content FROM risk WHERE workspace_id = $1 AND number = $2 AND revision = $3";
}

/// How many workspaces are kept in memory.
const MOST: usize = 16;

/// Up to how many risks are read one by one; more are read all at once.
const SINGLY: usize = 100;

/// By key, with how often each was saved.
type Copy = BTreeMap<i64, (i64, Arc<Risk>)>;

/// The copies.
#[derive(Default)]
pub(crate) struct Registers(Mutex<BTreeMap<Uuid, Arc<Copy>>>);

impl Registers {
    /// Every risk of the workspace, as this transaction, which reads only, sees it.
    pub(crate) async fn current(
        &self,
        tx: &mut Tx,
        permit: &Permit,
    ) -> Result<BTreeMap<RiskKey, Arc<Risk>>, StoreError> {
        let workspace = permit.workspace();
        let revisions = rows!(tx, (i64, i64), REVISIONS, workspace)?;
        let kept = self.lock().get(&workspace).cloned().unwrap_or_default();
        let is_kept = |(number, revision): &(i64, i64)| kept.get(number).is_some_and(|(is, _)| is == revision);
        let changed = revisions.iter().filter(|it| !is_kept(it)).count();
        if changed == 0 && kept.len() == revisions.len() {
            return Ok(by_key(&kept));
        }
        let mut copy = Copy::new();
        if changed > SINGLY {
            for (number, revision, content) in rows!(tx, (i64, i64, String), LIST, workspace)? {
                copy.insert(number, (revision, Arc::new(super::read("risk", number, &content)?)));
            }
        } else {
            for (number, revision) in revisions {
                let known = kept.get(&number).filter(|(is, _)| *is == revision);
                if let Some(known) = known {
                    copy.insert(number, known.clone());
                } else if let Some((content,)) = row!(tx, (String,), ONE, workspace, number, revision)? {
                    copy.insert(number, (revision, Arc::new(super::read("risk", number, &content)?)));
                }
            }
        }
        let risks = by_key(&copy);
        let mut all = self.lock();
        if all.len() >= MOST && !all.contains_key(&workspace) {
            all.pop_first();
        }
        all.insert(workspace, Arc::new(copy));
        Ok(risks)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, BTreeMap<Uuid, Arc<Copy>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn by_key(copy: &Copy) -> BTreeMap<RiskKey, Arc<Risk>> {
    copy.values().map(|(_, risk)| (risk.key, Arc::clone(risk))).collect()
}
