//! Recovery codes: what a person signs in with whose authenticator app is gone. Each works once.

use data_encoding::BASE32_NOPAD;
use domain::time::Timestamp;
use uuid::Uuid;

use crate::clock::random;
use crate::db::{Tx, row, run};
use crate::error::{Failure, StoreError};
use crate::rows::statements;
use crate::store::Store;

statements! {
    INSERT = "INSERT INTO account_credential (account_id, credential_kind, number, secret, changed_at, prefix) \
        VALUES ($1, 'recovery_code', $2, $3, $4, $5)";
    BY_PREFIX = "SELECT number, secret FROM account_credential WHERE account_id = $1 \
        AND credential_kind = 'recovery_code' AND prefix = $2";
    /// Whoever deletes the row has used the code; nobody else does.
    SPEND = "DELETE FROM account_credential WHERE account_id = $1 AND credential_kind = 'recovery_code' \
        AND number = $2 AND secret = $3";
    REMOVE_ALL = "DELETE FROM account_credential WHERE account_id = $1 AND credential_kind = 'recovery_code'";
    LEFT = "SELECT COUNT(*) FROM account_credential WHERE account_id = $1 AND credential_kind = 'recovery_code'";
}

/// How many codes there are.
const CODES: usize = 10;

/// Characters by which the row of a code is found. They are stored as they are.
const PREFIX: usize = 2;

/// Bytes of the secret part of a code: 80 bits, 16 characters.
const SECRET: usize = 10;

/// New codes: what is shown once, and what is stored.
pub(crate) struct Codes {
    pub(crate) shown: Vec<String>,
    stored: Vec<(String, String)>,
}

/// What somebody typed who uses a recovery code: its prefix and its secret part, without blanks and hyphens. `None`
/// where it has not the length of one.
pub(super) fn parse(text: &str) -> Option<(String, String)> {
    let plain: String = text.chars().filter(|it| !it.is_whitespace() && *it != '-').take(64).collect();
    let plain = plain.to_ascii_uppercase();
    let is_code = plain.len() == PREFIX + SECRET * 8 / 5 && plain.is_ascii();
    is_code.then(|| (plain[..PREFIX].to_owned(), plain[PREFIX..].to_owned()))
}

/// Makes ten codes with different prefixes, and their hashes.
pub(crate) async fn make(store: &Store) -> Result<Codes, Failure> {
    let mut plain: Vec<(String, String)> = Vec::new();
    while plain.len() < CODES {
        let prefix = BASE32_NOPAD.encode(&random::<2>()?)[..PREFIX].to_owned();
        if plain.iter().all(|(taken, _)| *taken != prefix) {
            plain.push((prefix, BASE32_NOPAD.encode(&random::<SECRET>()?)));
        }
    }
    let secrets = plain.iter().map(|(_, secret)| secret.clone()).collect();
    let hashes = store.hasher().hash_all(store.hasher().place()?, secrets).await?;
    let shown = plain.iter().map(|(prefix, secret)| spaced(prefix, secret)).collect();
    let stored = plain.into_iter().map(|(prefix, _)| prefix).zip(hashes).collect();
    Ok(Codes { shown, stored })
}

/// Puts new codes in the place of all that there were.
pub(super) async fn replace(tx: &mut Tx, now: Timestamp, account: Uuid, codes: &Codes) -> Result<(), StoreError> {
    run!(tx, REMOVE_ALL, account)?;
    for (number, (prefix, hash)) in (0_i64..).zip(&codes.stored) {
        run!(tx, INSERT, account, number, hash.as_str(), now.0, prefix.as_str())?;
    }
    Ok(())
}

/// The row that a code may fit: its number and hash.
pub(super) async fn candidate(tx: &mut Tx, account: Uuid, prefix: &str) -> Result<Option<(i64, String)>, StoreError> {
    row!(tx, (i64, String), BY_PREFIX, account, prefix)
}

/// Uses a code up. False where somebody else did meanwhile.
pub(super) async fn spend(tx: &mut Tx, account: Uuid, number: i64, hash: &str) -> Result<bool, StoreError> {
    Ok(run!(tx, SPEND, account, number, hash)? == 1)
}

/// How many codes are left.
pub(crate) async fn left(tx: &mut Tx, account: Uuid) -> Result<i64, StoreError> {
    Ok(row!(tx, (i64,), LEFT, account)?.map_or(0, |(left,)| left))
}

/// In groups that can be read aloud: `AB-CDEF-GHIJ-KLMN-OPQR`.
fn spaced(prefix: &str, secret: &str) -> String {
    let groups: Vec<&str> = (0..secret.len()).step_by(4).map(|at| &secret[at..at + 4]).collect();
    format!("{prefix}-{}", groups.join("-"))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_however_it_is_spaced() {
        let shown = spaced("AB", "CDEFGHIJKLMNOPQR");
        assert_eq!(shown, "AB-CDEF-GHIJ-KLMN-OPQR");
        let expected = Some(("AB".to_owned(), "CDEFGHIJKLMNOPQR".to_owned()));
        for typed in [shown.as_str(), " ab cdef ghij klmn opqr ", "abcdefghijklmnopqr"] {
            assert_eq!(parse(typed), expected, "{typed}");
        }
        for other in ["", "123456", "AB-CDEF-GHIJ-KLMN-OPQ", "AB-CDEF-GHIJ-KLMN-OPQRS", "äb-cdef-ghij-klmn-opq"] {
            assert_eq!(parse(other), None, "{other}");
        }
    }

    #[test]
    fn a_code_has_eighty_random_bits_behind_its_prefix() {
        let secret = BASE32_NOPAD.encode(&random::<SECRET>().unwrap());
        assert_eq!(secret.len(), 16);
        assert!(parse(&spaced("AB", &secret)).is_some());
    }
}
