//! The keys with which the instance signs packs, one after the other: one signs, and the public halves of those before it
//! stay, because packs that they signed are in other hands.

use domain::backend::packs::Signer;
use domain::problem::Problem;
use domain::time::Timestamp;
use serde_json::json;

use super::PackKey;
use crate::account::seal::SealingKey;
use crate::actor::Actor;
use crate::audit::payload::Payload;
use crate::audit::{self, Chain};
use crate::db::{Tx, rows, run, transact};
use crate::error::{Failure, StoreError};
use crate::rows::statements;
use crate::store::Store;

statements! {
    LIST = "SELECT generation, public_key, since FROM pack_key ORDER BY generation DESC";
    INSERT = "INSERT INTO pack_key (generation, public_key, since) VALUES ($1, $2, $3)";
}

impl Store {
    /// The key that signs now. It is noted where it was not: the first one, and that of another key file.
    ///
    /// # Errors
    /// The database, or there is no key from which it is derived.
    pub async fn pack_key(&self) -> Result<PackKey, StoreError> {
        let sealing = self.sealing_key()?;
        let mut tx = self.db().read().await?;
        let (key, is_noted) = newest(&list(&mut tx).await?, sealing)?;
        tx.rollback().await?;
        if is_noted {
            return Ok(key);
        }
        let noted = transact!(self.db(), serial, |tx| async {
            let (key, is_noted) = newest(&list(tx).await?, sealing)?;
            if !is_noted {
                note(tx, &key, self.now(), "pack_key.use").await?;
            }
            Ok(key)
        });
        noted.map_err(store_error)
    }

    /// Signs with a new key from now on. The public halves of all others stay.
    ///
    /// # Errors
    /// As [`Self::pack_key`].
    pub async fn rotate_pack_key(&self) -> Result<PackKey, StoreError> {
        let (sealing, before) = (self.sealing_key()?, self.pack_key().await?);
        let rotated = transact!(self.db(), serial, |tx| async {
            let generation = list(tx).await?.first().map_or(before.generation(), |it| it.generation) + 1;
            let key = PackKey::of(sealing, generation)?;
            note(tx, &key, self.now(), "pack_key.rotate").await?;
            Ok(key)
        });
        rotated.map_err(store_error)
    }

    /// The public halves of the keys with which packs were signed, newest first.
    ///
    /// # Errors
    /// The database.
    pub async fn pack_signers(&self) -> Result<Vec<Signer>, StoreError> {
        let mut tx = self.db().read().await?;
        let all = list(&mut tx).await?;
        tx.rollback().await?;
        Ok(all)
    }
}

/// All of them, newest first.
pub(crate) async fn list(tx: &mut Tx) -> Result<Vec<Signer>, StoreError> {
    let found = rows!(tx, (i64, Vec<u8>, i64), LIST)?.into_iter().map(|(generation, public, since)| {
        let generation = u32::try_from(generation).map_err(|_| unfit())?;
        let public = <[u8; 32]>::try_from(public).map_err(|_| unfit())?;
        Ok(Signer { generation, public, since: Timestamp(since) })
    });
    found.collect()
}

fn unfit() -> StoreError {
    StoreError::Seal("a key that signed packs is not read")
}

/// The key after what is noted, and whether it is noted.
fn newest(noted: &[Signer], sealing: &SealingKey) -> Result<(PackKey, bool), StoreError> {
    let Some(last) = noted.first() else { return Ok((PackKey::of(sealing, 1)?, false)) };
    let key = PackKey::of(sealing, last.generation)?;
    if key.public() == last.public {
        return Ok((key, true));
    }
    // Another key file than before: nobody can sign with what was derived from that one.
    Ok((PackKey::of(sealing, last.generation + 1)?, false))
}

async fn note(tx: &mut Tx, key: &PackKey, now: Timestamp, action: &str) -> Result<(), Failure> {
    run!(tx, INSERT, i64::from(key.generation()), &key.public()[..], now.0)?;
    let payload = Payload::plain(&json!({ "generation": key.generation(), "public_key": hex::encode(key.public()) }));
    Ok(audit::append(tx, &Chain::Instance, now, &Actor::Operator, action, None, &payload).await?)
}

fn store_error(failure: Failure) -> StoreError {
    match failure {
        Failure::Store(error) => error,
        Failure::Problem(problem) | Failure::Denied(problem) => StoreError::Unsafe(told(&problem)),
    }
}

fn told(problem: &Problem) -> String {
    format!("{problem:?}")
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn another_key_file_begins_another_generation() {
        let (one, other) = (SealingKey::new([1; 32]), SealingKey::new([2; 32]));
        let (first, noted) = newest(&[], &one).unwrap();
        assert!(!noted && first.generation() == 1);
        let signer = Signer { generation: 1, public: first.public(), since: Timestamp(0) };
        assert!(newest(std::slice::from_ref(&signer), &one).unwrap().1);
        let (next, noted) = newest(&[signer], &other).unwrap();
        assert!(!noted && next.generation() == 2 && next.public() != first.public());
    }
}
