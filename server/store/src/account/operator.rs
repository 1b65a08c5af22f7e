//! What whoever runs the program can do about accounts, from the command line.

use domain::id::{AccountId, WorkspaceId};
use domain::problem::{FieldCode, FieldError, Problem};
use domain::role::{Granter, Role, Standing};
use domain::time::Timestamp;
use serde_json::json;

use super::password::weakness;
use super::{AccountRow, Mail, by_mail, insert, member};
use crate::actor::Actor;
use crate::audit::payload::Payload;
use crate::audit::{self, Chain, Subject};
use crate::db::{Tx, transact};
use crate::error::Failure;
use crate::gate::told;
use crate::store::Store;
use crate::workspace::{check_name, id_of};

/// An account that the operator adds.
#[derive(Clone)]
pub struct NewAccount {
    /// The person's name.
    pub name: String,
    /// The mail address with which they sign in.
    pub mail: String,
    /// The first password, in clear. Never printed.
    pub password: String,
    /// May administer the instance; says nothing about any workspace.
    pub instance_admin: bool,
    /// The workspaces in which they become a member, with the role in each.
    pub memberships: Vec<(WorkspaceId, Role)>,
}

impl Store {
    /// Adds an account on behalf of the operator.
    ///
    /// # Errors
    /// `Invalid` with what is wrong with each field (`name`, `mail`, `password`), or with the field `workspace` where
    /// there is no such workspace.
    pub async fn add_account(&self, account: &NewAccount) -> Result<AccountId, Problem> {
        self.try_add(account).await.map_err(|failure| told(failure, "account.add"))
    }

    /// Makes an account a member of a workspace, or gives a member another role, on behalf of the operator.
    ///
    /// # Errors
    /// `Invalid` with the field `mail` or `workspace` where there is none such, and with the field `role` where the
    /// workspace would be left without an owner.
    pub async fn add_member(&self, mail: &str, workspace: &WorkspaceId, role: Role) -> Result<(), Problem> {
        let outcome = transact!(self.db(), serial, |tx| async {
            let account = by_mail(tx, &Mail::claimed(mail)).await?;
            let account = account.ok_or_else(|| Problem::field("mail", FieldCode::NoSuchObject))?;
            join(tx, self.now(), &account, workspace, role).await
        });
        outcome.map_err(|failure| told(failure, "member.put"))
    }

    async fn try_add(&self, account: &NewAccount) -> Result<AccountId, Failure> {
        let mail = Mail::parse(&account.mail);
        let mut errors: Vec<FieldError> = check_name("name", &account.name).into_iter().collect();
        errors.extend(mail.clone().err());
        let context = [account.name.as_str(), &account.mail];
        errors.extend(weakness(&account.password, &context).map(|code| FieldError::new("password", code)));
        let Some(mail) = mail.ok().filter(|_| errors.is_empty()) else {
            return Err(Problem::Invalid(errors).into());
        };
        let hash = self.hasher().hash(self.hasher().place()?, &account.password).await?;
        transact!(self.db(), serial, |tx| add(tx, self.now(), account, &mail, &hash))
    }
}

async fn add(
    tx: &mut Tx,
    now: Timestamp,
    account: &NewAccount,
    mail: &Mail,
    password_hash: &str,
) -> Result<AccountId, Failure> {
    let row = insert(tx, now, &account.name, mail, password_hash, account.instance_admin).await;
    let row = match row {
        Err(error) if error.is_taken() => return Err(Problem::field("mail", FieldCode::Taken).into()),
        row => row?,
    };
    let subject = Subject { kind: "account", key: &row.key, revision: None };
    let what = json!({ "instance_admin": row.instance_admin });
    let payload = Payload::with_personal(&what, &[("name", &row.name), ("mail", &row.mail)])?;
    audit::append(tx, &Chain::Instance, now, &Actor::Operator, "account.add", Some(&subject), &payload).await?;
    for (workspace, role) in &account.memberships {
        join(tx, now, &row, workspace, *role).await?;
    }
    Ok(AccountId::new(row.key))
}

async fn join(
    tx: &mut Tx,
    now: Timestamp,
    account: &AccountRow,
    workspace: &WorkspaceId,
    role: Role,
) -> Result<(), Failure> {
    let id = id_of(tx, workspace).await?;
    let id = id.ok_or_else(|| Problem::field("workspace", FieldCode::NoSuchObject))?;
    member::set(tx, id, account.id, Granter::Operator, Some(Standing::usual(role)), now, None).await?;
    let subject = Subject { kind: "account", key: &account.key, revision: None };
    let payload = Payload::plain(&json!({ "workspace": workspace, "role": role }));
    Ok(audit::append(tx, &Chain::Instance, now, &Actor::Operator, "member.put", Some(&subject), &payload).await?)
}
