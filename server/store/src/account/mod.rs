//! Accounts: who can sign in, and with what.

pub(crate) mod bucket;
pub(crate) mod change;
pub(crate) mod device;
pub(crate) mod directory;
pub(crate) mod invitation;
pub(crate) mod joining;
pub(crate) mod member;
pub(crate) mod operator;
pub(crate) mod password;
pub(crate) mod recovery;
pub(crate) mod reset;
pub(crate) mod seal;
pub(crate) mod second_factor;
pub(crate) mod set_up;
pub(crate) mod sign_in;
pub(crate) mod standing;
pub(crate) mod throttle;
pub(crate) mod totp;

use domain::backend::Account;
use domain::id::AccountId;
use domain::problem::{FieldCode, FieldError};
use domain::time::Timestamp;
use unicode_normalization::UnicodeNormalization as _;
use uuid::Uuid;

use crate::actor::SignInId;
use crate::clock::{random_key, row_id};
use crate::db::{Tx, row, rows, run};
use crate::error::StoreError;
use crate::rows::statements;

statements! {
    SIGNED_IN = "SELECT account.id, account.key, account.name, account.mail, account.instance_admin, \
        sign_in.awaits, sign_in.proved_at, sign_in.created_at FROM account \
        JOIN sign_in ON sign_in.account_id = account.id \
        WHERE account.key = $1 AND sign_in.key = $2 AND sign_in.revoked_at IS NULL AND account.disabled_at IS NULL";
    BY_MAIL = "SELECT id, key, name, mail, instance_admin FROM account WHERE mail_folded = $1 AND disabled_at IS NULL";
    INSTANCE_ADMINS = "SELECT id, key, name, mail, instance_admin FROM account WHERE instance_admin = TRUE \
        AND disabled_at IS NULL ORDER BY key";
    ANY = "SELECT key FROM account ORDER BY key LIMIT 1";
    INSERT = "INSERT INTO account (id, key, name, mail, mail_folded, instance_admin, created_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7)";
    INSERT_PASSWORD = "INSERT INTO account_credential (account_id, credential_kind, number, secret, changed_at) \
        VALUES ($1, 'password', 0, $2, $3)";
    PASSWORD = "SELECT secret FROM account_credential WHERE account_id = $1 AND credential_kind = 'password'";
}

/// Longest address, in characters.
const MAIL_MAX: usize = 254;

/// An account as its row holds it.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(crate) struct AccountRow {
    pub(crate) id: Uuid,
    pub(crate) key: String,
    pub(crate) name: String,
    pub(crate) mail: String,
    pub(crate) instance_admin: bool,
}

/// An account with how far the sign-in is that asks.
#[derive(sqlx::FromRow)]
struct SignedInRow {
    #[sqlx(flatten)]
    account: AccountRow,
    awaits: String,
    proved_at: i64,
    created_at: i64,
}

impl From<AccountRow> for Account {
    fn from(row: AccountRow) -> Self {
        Self { id: AccountId::new(row.key), name: row.name, mail: row.mail, instance_admin: row.instance_admin }
    }
}

/// The account, where this sign-in of it was not ended and it was not disabled.
async fn signed_in(tx: &mut Tx, account: &AccountId, sign_in: &SignInId) -> Result<Option<SignedInRow>, StoreError> {
    row!(tx, SignedInRow, SIGNED_IN, account.as_str(), sign_in.as_str())
}

/// The account with this address.
async fn by_mail(tx: &mut Tx, mail: &Mail) -> Result<Option<AccountRow>, StoreError> {
    row!(tx, AccountRow, BY_MAIL, mail.folded.as_str())
}

/// The accounts that administer the instance.
pub(crate) async fn instance_admins(tx: &mut Tx) -> Result<Vec<AccountRow>, StoreError> {
    rows!(tx, AccountRow, INSTANCE_ADMINS)
}

/// Whether there is any account at all.
async fn any(tx: &mut Tx) -> Result<bool, StoreError> {
    Ok(row!(tx, (String,), ANY)?.is_some())
}

/// The hash of the account's password.
async fn password_of(tx: &mut Tx, account: Uuid) -> Result<Option<String>, StoreError> {
    Ok(row!(tx, (String,), PASSWORD, account)?.map(|(hash,)| hash))
}

/// Makes an account with a password.
async fn insert(
    tx: &mut Tx,
    now: Timestamp,
    name: &str,
    mail: &Mail,
    password_hash: &str,
    instance_admin: bool,
) -> Result<AccountRow, StoreError> {
    let account = AccountRow {
        id: row_id(now)?,
        key: random_key::<8>()?,
        name: name.trim().to_owned(),
        mail: mail.text.clone(),
        instance_admin,
    };
    run!(
        tx,
        INSERT,
        account.id,
        account.key.as_str(),
        account.name.as_str(),
        account.mail.as_str(),
        mail.folded.as_str(),
        instance_admin,
        now.0,
    )?;
    run!(tx, INSERT_PASSWORD, account.id, password_hash, now.0)?;
    Ok(account)
}

/// An e-mail address, and the form in which two of them are compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Mail {
    pub(crate) text: String,
    pub(crate) folded: String,
}

impl Mail {
    /// An address that a person typed.
    pub(crate) fn parse(text: &str) -> Result<Self, FieldError> {
        let mail = Self::claimed(text);
        let is_address = mail.text.split_once('@').is_some_and(|(local, domain)| {
            !local.is_empty() && !domain.is_empty() && !domain.contains('@') && !domain.starts_with('.')
        });
        let is_clean = !mail.text.chars().any(|character| character.is_whitespace() || character == '\u{fffd}');
        if mail.text.is_empty() {
            Err(FieldError::new("mail", FieldCode::Missing))
        } else if mail.text.chars().count() > MAIL_MAX {
            Err(FieldError::new("mail", FieldCode::TooLong(254)))
        } else if is_address && is_clean {
            Ok(mail)
        } else {
            Err(FieldError::new("mail", FieldCode::NotAnAddress))
        }
    }

    /// Any text that claims to be the address of an account. Control characters, which no address has and not every
    /// database takes, become a replacement character.
    fn claimed(text: &str) -> Self {
        let text = text.trim().replace(char::is_control, "\u{fffd}");
        let folded = text.nfkc().flat_map(char::to_lowercase).nfkc().collect();
        Self { folded, text }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn addresses_differ_by_neither_case_nor_blanks_nor_look_alike_letters() {
        for text in [" Lead@Shop.example ", "ＬＥＡＤ@shop.example", "ﬁ@shop.example"] {
            let expected = if text.starts_with('ﬁ') { "fi@shop.example" } else { "lead@shop.example" };
            assert_eq!(Mail::parse(text).unwrap().folded, expected);
        }
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for text in ["lead", "@shop.example", "lead@", "lead@@shop", "le ad@shop.example", "a@.b", "a\u{0}@b"] {
            assert_eq!(Mail::parse(text).unwrap_err().code, FieldCode::NotAnAddress, "{text}");
        }
        assert_eq!(Mail::parse(" ").unwrap_err().code, FieldCode::Missing);
        assert_eq!(Mail::parse(&format!("{}@b.c", "a".repeat(254))).unwrap_err().code, FieldCode::TooLong(254));
    }
}
