//! The stored scope: the verdicts of the current revision, as of the day of the last write.

use std::collections::BTreeMap;

use domain::id::SystemId;
use domain::pairs::pairs;
use domain::scope::verdict::{Scope, Verdict};
use serde_json::json;

use crate::audit::canonical;
use crate::db::batch::{Batch, put};
use crate::db::{Tx, rows, run};
use crate::error::StoreError;
use crate::gate::Permit;
use crate::rows::{key_or_none, statements};

statements! {
    STORED = "SELECT system_key, verdict FROM verdict WHERE workspace_id = $1 ORDER BY system_key";
    PUT = "INSERT INTO verdict (workspace_id, system_key, category, sub, rule, verdict) \
        VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (workspace_id, system_key) DO UPDATE SET \
        category = excluded.category, sub = excluded.sub, rule = excluded.rule, verdict = excluded.verdict";
    REMOVE = "DELETE FROM verdict WHERE workspace_id = $1 AND system_key = $2";
}

/// Writes the verdicts that differ from those that the database holds. `written` is the scope whose verdicts these are,
/// where this process knows it; otherwise they are read.
pub(crate) async fn write_differences(
    tx: &mut Tx,
    permit: &Permit,
    written: Option<&Scope>,
    scope: &Scope,
) -> Result<(), StoreError> {
    let read;
    let (puts, removals) = match written {
        Some(written) => differences(written, scope),
        None => {
            read = stored(tx, permit).await?;
            differences_from_stored(&read, scope)
        }
    };
    let mut batch = Batch::new(tx);
    for (system, verdict) in puts {
        let (category, sub) = (verdict.category.as_str(), key_or_none!(verdict.sub));
        let (rule, text) = (key_or_none!(verdict.rule), text(verdict));
        put!(batch, PUT, permit.workspace(), system.as_str(), category, sub, rule, text.as_str())?;
    }
    batch.flush().await?;
    for system in removals {
        run!(tx, REMOVE, permit.workspace(), system.as_str())?;
    }
    Ok(())
}

/// The verdicts to write, and the systems whose verdict goes.
type Differences<'s> = (Vec<(&'s SystemId, &'s Verdict)>, Vec<SystemId>);

fn differences<'s>(written: &'s Scope, scope: &'s Scope) -> Differences<'s> {
    let (mut puts, mut removals) = (Vec::new(), Vec::new());
    for (system, was, is) in pairs(&written.systems, &scope.systems) {
        match (was, is) {
            (Some(was), Some(is)) if was.same_without_proof(is) => {}
            (_, Some(is)) => puts.push((system, is)),
            (_, None) => removals.push(system.clone()),
        }
    }
    (puts, removals)
}

fn differences_from_stored<'s>(stored: &'s BTreeMap<SystemId, String>, scope: &'s Scope) -> Differences<'s> {
    let (mut puts, mut removals) = (Vec::new(), Vec::new());
    for (system, was, is) in pairs(stored, &scope.systems) {
        match is {
            Some(is) if was != Some(&text(is)) => puts.push((system, is)),
            Some(_) => {}
            None => removals.push(system.clone()),
        }
    }
    (puts, removals)
}

/// Each system's verdict as the JSON that the database holds.
async fn stored(tx: &mut Tx, permit: &Permit) -> Result<BTreeMap<SystemId, String>, StoreError> {
    let rows = rows!(tx, (String, String), STORED, permit.workspace())?;
    Ok(rows.into_iter().map(|(system, verdict)| (SystemId::new(system), verdict)).collect())
}

/// The verdict without its proof: the proof follows from the model, and along a chain of systems each one's contains
/// those of all before it.
fn text(verdict: &Verdict) -> String {
    let verdict = json!({
        "category": verdict.category,
        "sub": verdict.sub,
        "opst": verdict.opst,
        "rule": verdict.rule,
        "reasons": verdict.reasons,
        "flags": verdict.flags,
        "computed_category": verdict.computed_category,
    });
    canonical::text(&verdict)
}
