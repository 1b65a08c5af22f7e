//! The stored scope: the verdicts of the current revision, as of the day of the last write.

use std::collections::BTreeMap;

use domain::scope::verdict::{Scope, Verdict};
use serde_json::json;

use crate::audit::canonical;
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

/// Each system's verdict as the JSON that the database holds.
pub(crate) type Verdicts = BTreeMap<String, String>;

/// The verdicts as they are stored.
pub(crate) async fn stored(tx: &mut Tx, permit: &Permit) -> Result<Verdicts, StoreError> {
    Ok(rows!(tx, (String, String), STORED, permit.workspace())?.into_iter().collect())
}

/// Writes the verdicts that differ from the stored ones; gives those that are stored now.
pub(crate) async fn write_differences(
    tx: &mut Tx,
    permit: &Permit,
    stored: &Verdicts,
    scope: &Scope,
) -> Result<Verdicts, StoreError> {
    let mut now = Verdicts::new();
    for (system, verdict) in &scope.systems {
        let text = text(verdict);
        if stored.get(system.as_str()) != Some(&text) {
            let (category, sub) = (verdict.category.as_str(), key_or_none!(verdict.sub));
            let rule = key_or_none!(verdict.rule);
            run!(tx, PUT, permit.workspace(), system.as_str(), category, sub, rule, text.as_str())?;
        }
        now.insert(system.as_str().to_owned(), text);
    }
    for system in stored.keys().filter(|system| !now.contains_key(*system)) {
        run!(tx, REMOVE, permit.workspace(), system.as_str())?;
    }
    Ok(now)
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
