//! Digests: who gets one, and which letter is to be sent now. A letter has one row for its period, and whoever moves its
//! next try sends it, so that of several processes one does. What fails is tried again until the period is over.

use std::collections::BTreeMap;

use domain::backend::Backend as _;
use domain::digest::Rhythm;
use domain::id::{AccountId, WorkspaceId};
use domain::problem::Problem;
use domain::role::Capability;
use domain::schedule::Zone;
use domain::time::Day;
use serde_json::json;
use uuid::Uuid;

use crate::actor::{Actor, ReaderClaim};
use crate::audit::payload::Payload;
use crate::audit::{self, Chain, Subject};
use crate::db::{Tx, row, run, transact};
use crate::error::{Failure, StoreError};
use crate::gate::{Permit, permit, told};
use crate::rows::{Reader, statements};
use crate::store::Store;
use crate::workspace;

statements! {
    RHYTHM = "SELECT rhythm FROM digest WHERE workspace_id = $1 AND account_id = $2";
    PUT = "INSERT INTO digest (workspace_id, account_id, rhythm) VALUES ($1, $2, $3) \
        ON CONFLICT (workspace_id, account_id) DO UPDATE SET rhythm = excluded.rhythm";
    REMOVE = "DELETE FROM digest WHERE workspace_id = $1 AND account_id = $2";
    NEWEST_LETTER = "SELECT period, next_try_at, outcome FROM digest_letter \
        WHERE workspace_id = $1 AND account_id = $2 ORDER BY period DESC LIMIT 1";
    BEGIN_LETTER = "INSERT INTO digest_letter (workspace_id, account_id, period, tries, next_try_at) \
        VALUES ($1, $2, $3, 0, 0) ON CONFLICT (workspace_id, account_id, period) DO NOTHING";
    /// Of two processes the second one touches no row.
    CLAIM_LETTER = "UPDATE digest_letter SET tries = tries + 1, next_try_at = $5 WHERE workspace_id = $1 \
        AND account_id = $2 AND period = $3 AND outcome IS NULL AND next_try_at <= $4";
    END_LETTER = "UPDATE digest_letter SET outcome = $4 WHERE workspace_id = $1 AND account_id = $2 AND period = $3 \
        AND outcome IS NULL";
    FORGET_LETTERS = "DELETE FROM digest_letter WHERE workspace_id = $1 AND account_id = $2 AND period < $3";
}

/// Seconds until a letter that could not be sent is tried again; longer than any mail server may take.
const TRY_AGAIN: i64 = 600;

/// A letter that is to be sent now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueDigest {
    /// The workspace.
    pub workspace: WorkspaceId,
    /// Its name.
    pub name: String,
    /// To which address.
    pub mail: String,
    /// How often the person gets one.
    pub rhythm: Rhythm,
    /// The first day of the period.
    pub period: Day,
    account: AccountId,
    row: (Uuid, Uuid),
}

impl DueDigest {
    /// Reads in place of the person who gets it.
    #[must_use]
    pub fn reader(&self) -> Actor {
        Actor::Reader(ReaderClaim { workspace: self.workspace.clone(), account: self.account.clone() })
    }

    /// What tells it from every other letter: the same for each try.
    #[must_use]
    pub fn identity(&self) -> String {
        format!("{}/{}/{}/{}", self.workspace, self.account, self.rhythm, self.period)
    }
}

/// What became of a letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LetterOutcome {
    /// It was sent.
    Sent,
    /// There was nothing to say.
    Empty,
}

/// How often an account gets a digest.
pub(crate) async fn rhythm(tx: &mut Tx, permit: &Permit, account: Uuid) -> Result<Rhythm, StoreError> {
    match row!(tx, (String,), RHYTHM, permit.workspace(), account)? {
        Some((word,)) => Reader::new("digest", &account.to_string()).word("rhythm", &word),
        None => Ok(Rhythm::Off),
    }
}

/// Says how often.
pub(crate) async fn set(tx: &mut Tx, permit: &Permit, account: Uuid, rhythm: Rhythm) -> Result<(), StoreError> {
    match rhythm {
        Rhythm::Off => run!(tx, REMOVE, permit.workspace(), account).map(drop),
        Rhythm::Daily | Rhythm::Weekly => run!(tx, PUT, permit.workspace(), account, rhythm.as_str()).map(drop),
    }
}

impl Store {
    /// The letters that are to be sent now.
    ///
    /// # Errors
    /// The database. A workspace that cannot be read now is left for the next time, and logged.
    pub async fn due_digests(&self) -> Result<Vec<DueDigest>, StoreError> {
        let now = self.now();
        let mut tx = self.db().read().await?;
        let subscribed = workspace::subscribed(&mut tx, now.day()).await?;
        let mut newest = BTreeMap::new();
        for it in &subscribed {
            let row = (it.workspace_id, it.account_id);
            let letter = row!(&mut tx, (i64, i64, Option<String>), NEWEST_LETTER, row.0, row.1)?;
            newest.insert(row, letter);
        }
        tx.rollback().await?;
        let (mut zones, mut due) = (BTreeMap::new(), Vec::new());
        for it in subscribed {
            let workspace = WorkspaceId::new(it.workspace_key);
            let rhythm: Rhythm = Reader::new("digest", &it.account_key).word("rhythm", &it.rhythm)?;
            let zone = match zones.get(&workspace) {
                Some(known) => Option::clone(known),
                None => {
                    let zone = self.zone_of(&workspace).await;
                    zones.insert(workspace.clone(), zone.clone());
                    zone
                }
            };
            let Some(period) = zone.and_then(|zone| rhythm.period(&zone, now)) else { continue };
            let row = (it.workspace_id, it.account_id);
            let open = match newest.get(&row) {
                Some(Some((of, try_at, outcome))) => {
                    let of_now = *of == i64::from(period.0) && outcome.is_none() && *try_at <= now.0;
                    *of < i64::from(period.0) || of_now
                }
                _ => true,
            };
            if open {
                let account = AccountId::new(it.account_key);
                due.push(DueDigest { workspace, name: it.name, mail: it.mail, rhythm, period, account, row });
            }
        }
        Ok(due)
    }

    async fn zone_of(&self, workspace: &WorkspaceId) -> Option<Zone> {
        match self.gate(Actor::Operator).estate(workspace).await {
            Ok(estate) => Some(Zone::of(&estate.model)),
            Err(problem) => {
                tracing::warn!(?workspace, ?problem, "digests of a workspace wait, as it cannot be read");
                None
            }
        }
    }

    /// Takes a letter in hand; false where another process has it.
    ///
    /// # Errors
    /// The database.
    pub async fn begin_digest(&self, due: &DueDigest) -> Result<bool, Problem> {
        let now = self.now();
        let ((workspace, account), period) = (due.row, i64::from(due.period.0));
        let outcome = transact!(self.db(), locking, |tx| async {
            run!(tx, FORGET_LETTERS, workspace, account, period)?;
            run!(tx, BEGIN_LETTER, workspace, account, period)?;
            let next = now.plus_seconds(TRY_AGAIN).0;
            Ok(run!(tx, CLAIM_LETTER, workspace, account, period, now.0, next)? == 1)
        });
        outcome.map_err(|failure| told(failure, "digest.begin"))
    }

    /// Writes down what became of a letter. One that was sent stands in the audit trail.
    ///
    /// # Errors
    /// The database; `NotFound` where the person is no member any more.
    pub async fn end_digest(&self, due: &DueDigest, outcome: LetterOutcome) -> Result<(), Problem> {
        let done = transact!(self.db(), locking, |tx| self.try_end_digest(tx, due, outcome));
        done.map_err(|failure| told(failure, "digest.end"))
    }

    async fn try_end_digest(&self, tx: &mut Tx, due: &DueDigest, outcome: LetterOutcome) -> Result<(), Failure> {
        let now = self.now();
        let permit = permit(tx, &due.reader(), &due.workspace, now.day(), Capability::ReadModel).await?;
        let word = match outcome {
            LetterOutcome::Sent => "sent",
            LetterOutcome::Empty => "empty",
        };
        let ((workspace, account), period) = (due.row, i64::from(due.period.0));
        let ended = run!(tx, END_LETTER, workspace, account, period, word)?;
        if ended == 1 && outcome == LetterOutcome::Sent {
            let subject = Subject { kind: "digest", key: due.account.as_str(), revision: None };
            let payload = Payload::plain(&json!({ "rhythm": due.rhythm, "period": due.period }));
            let chain = Chain::Workspace(&permit);
            audit::append(tx, &chain, now, &Actor::Operator, "digest.send", Some(&subject), &payload).await?;
        }
        Ok(())
    }
}
