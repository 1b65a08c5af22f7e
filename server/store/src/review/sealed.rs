//! The rows of seals: bytes that are written once, in a chain, with what they fix.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::evidence::{Index, Item};
use domain::problem::Problem;
use domain::review::access::Access;
use domain::review::content::{Registered, Reviewed};
use domain::review::outcome::{Engine, Outcome};
use domain::review::seal::{Content, Fixed, GENESIS, Seal, SealKey, Sealed};
use domain::review::{Difference, Session};
use domain::schedule::Zone;
use domain::snapshot::SnapshotKey;
use serde_json::Value;

use super::signing::SealSigner;
use crate::account::member;
use crate::db::{Tx, row, rows, run};
use crate::error::{Failure, StoreError};
use crate::execute::Act;
use crate::gate::Permit;
use crate::live::Live;
use crate::rows::{Reader, statements};
use crate::{library, pack};

statements! {
    CHAIN = "SELECT number, snapshot_number, content, hash, signature, signed_with FROM seal WHERE workspace_id = $1 \
        ORDER BY number";
    INSERT = "INSERT INTO seal (workspace_id, number, review_number, snapshot_number, content, hash, \
        signature, signed_with) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    INSERT_CONTENT = "INSERT INTO seal_content (workspace_id, number, kind, content) VALUES ($1, $2, $3, $4)";
    CONTENTS = "SELECT kind, content FROM seal_content WHERE workspace_id = $1 AND number = $2 ORDER BY kind";
    CONTENT = "SELECT content FROM seal_content WHERE workspace_id = $1 AND number = $2 AND kind = $3";
    SNAPSHOT = "SELECT content FROM snapshot WHERE workspace_id = $1 AND number = $2";
    /// What the audit trail says of the seals.
    TRAIL = "SELECT audit_payload.payload FROM audit_entry JOIN audit_payload \
        ON audit_payload.chain = audit_entry.chain AND audit_payload.seq = audit_entry.seq \
        WHERE audit_entry.workspace_id = $1 AND audit_entry.action = 'review.seal' ORDER BY audit_entry.seq";
    HEAD = "SELECT chain_head.hash FROM chain_head WHERE chain_head.workspace_id = $1";
}

/// A seal as its row has it, with the snapshot of its model.
pub(crate) struct Row {
    pub(crate) key: SealKey,
    pub(crate) snapshot: Option<SnapshotKey>,
    pub(crate) sealed: Sealed,
}

type ChainRow = (i64, i64, String, String, String, String);

/// The seals of the workspace, by key.
pub(crate) async fn chain(tx: &mut Tx, permit: &Permit) -> Result<Vec<Row>, StoreError> {
    let found = rows!(tx, ChainRow, CHAIN, permit.workspace())?;
    let read = |(number, snapshot, content, hash, signature, signed_with): ChainRow| {
        let key = u32::try_from(number).map_err(|_| StoreError::bad_row("seal", "number", number.to_string()))?;
        let snapshot = u32::try_from(snapshot).ok().and_then(SnapshotKey::of_number);
        Ok(Row { key: SealKey(key), snapshot, sealed: Sealed { content, hash, signature, signed_with } })
    };
    found.into_iter().map(read).collect()
}

/// The bytes that are kept for a seal, the sealed model among them.
pub(crate) async fn contents(tx: &mut Tx, permit: &Permit, row: &Row) -> Result<BTreeMap<Content, String>, StoreError> {
    let number = i64::from(row.key.0);
    let mut all = BTreeMap::new();
    for (kind, content) in rows!(tx, (String, String), CONTENTS, permit.workspace(), number)? {
        // A kind that nobody knows was put there by somebody else, and no seal fixes it.
        if let Ok(kind) = kind.parse() {
            all.insert(kind, content);
        }
    }
    if let Some(snapshot) = row.snapshot {
        let found = row!(tx, (String,), SNAPSHOT, permit.workspace(), i64::from(snapshot.number()))?;
        all.extend(found.map(|(content,)| (Content::Snapshot, content)));
    }
    Ok(all)
}

/// The register as a seal has it, where it is what was sealed.
pub(super) async fn register(tx: &mut Tx, permit: &Permit, seal: &Seal) -> Result<Option<Registered>, StoreError> {
    let (number, kind) = (i64::from(seal.key.0), Content::Register.as_str());
    let found = row!(tx, (String,), CONTENT, permit.workspace(), number, kind)?;
    let found = found.filter(|(text,)| seal.check(Content::Register, text.as_bytes()).is_ok());
    Ok(found.and_then(|(text,)| Registered::read(&text)))
}

/// The hashes of seals that the audit trail has.
pub(crate) async fn trail(tx: &mut Tx, permit: &Permit) -> Result<BTreeMap<SealKey, String>, StoreError> {
    let mut all = BTreeMap::new();
    for (payload,) in rows!(tx, (String,), TRAIL, permit.workspace())? {
        let said: Value = Reader::new("audit_payload", "review.seal").json("payload", &payload)?;
        let text = |name: &str| said.get(name).and_then(Value::as_str);
        if let (Some(Ok(key)), Some(hash)) = (text("seal").map(str::parse), text("hash")) {
            all.insert(key, hash.to_owned());
        }
    }
    Ok(all)
}

/// What the last signature seals.
pub(super) struct Signed<'a> {
    pub(super) session: &'a Session,
    pub(super) difference: &'a Difference,
    pub(super) register: &'a Registered,
    pub(super) snapshot: SnapshotKey,
    pub(super) live: &'a Live,
}

/// Makes the seal of a review on which the last signature was put, after everything that was sealed before.
pub(super) async fn make(
    tx: &mut Tx,
    act: &Act<'_>,
    signer: &SealSigner,
    signed: &Signed<'_>,
) -> Result<(SealKey, String), Failure> {
    let (workspace, session) = (act.permit.workspace(), signed.session);
    let before = chain(tx, act.permit).await?;
    let number = i64::try_from(before.len() + 1).map_err(|_| StoreError::TooLarge("number"))?;
    let key = SealKey(u32::try_from(number).map_err(|_| StoreError::TooLarge("number"))?);
    let found = row!(tx, (String,), SNAPSHOT, workspace, i64::from(signed.snapshot.number()))?;
    let (snapshot,) = found.ok_or(Failure::Problem(Problem::NotFound))?;
    let (model, as_of, at) = (Arc::clone(&signed.live.model), Zone::of(&signed.live.model).day_of(act.now), act.now);
    // Computed anew from what is sealed, as whoever checks it later does.
    let outcome = tokio::task::spawn_blocking(move || Outcome::compute(&model, as_of, at).bytes());
    let outcome = outcome.await.map_err(StoreError::from)?;
    let items = library::list::<Item, _>(tx, act.permit, |it| it.key).await?;
    let index = Index::of(items.values().map(|it| &it.value), act.now);
    let members = member::list(tx, act.permit).await?.into_iter().map(pack::member).collect();
    let said = pack::statements(tx, act.permit).await?;
    let beside = [
        (Content::Access, Access::of(&act.permit.entry().name, members).bytes()),
        (Content::Evidence, index.bytes()),
        (Content::Outcome, outcome),
        (Content::Register, signed.register.bytes()),
        (Content::Review, Reviewed::of(session, signed.difference).bytes()),
        (Content::Statements, said.bytes()),
    ];
    let mut contents: BTreeMap<Content, Fixed> =
        beside.iter().map(|(it, bytes)| (*it, Fixed::of(bytes.as_bytes()))).collect();
    contents.insert(Content::Snapshot, Fixed::of(snapshot.as_bytes()));
    let audit_head = row!(tx, (String,), HEAD, workspace)?.map_or_else(|| GENESIS.to_owned(), |(hash,)| hash);
    let seal = Seal {
        version: Seal::current_version(),
        key,
        workspace: act.permit.key().to_string(),
        review: session.key,
        kind: session.opening().cover.kind,
        name: session.opening().name.clone(),
        sealed_at: at,
        as_of,
        previous: before.last().map_or_else(|| GENESIS.to_owned(), |it| it.sealed.hash.clone()),
        supersedes: session.seals().last().copied(),
        covers: signed.difference.covers(),
        contents,
        audit_head,
        engine: Engine::current(),
        signatures: session.signatures().to_vec(),
    };
    let Ok(sealed) = seal.seal(&signer.public(), |payload| Ok::<_, std::convert::Infallible>(signer.sign(payload)));
    run!(
        tx,
        INSERT,
        workspace,
        number,
        i64::from(session.key.0),
        i64::from(signed.snapshot.number()),
        sealed.content.as_str(),
        sealed.hash.as_str(),
        sealed.signature.as_str(),
        sealed.signed_with.as_str(),
    )?;
    for (kind, bytes) in &beside {
        run!(tx, INSERT_CONTENT, workspace, number, kind.as_str(), bytes.as_str())?;
    }
    Ok((key, sealed.hash))
}
