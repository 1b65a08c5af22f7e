//! Joining: somebody accepts an invitation, with an account that they have or with a new one.

use domain::command::Command;
use domain::id::{PersonId, WorkspaceId, slug};
use domain::model::Model;
use domain::model::fact::Facts;
use domain::model::party::{PartyKind, Person};
use domain::problem::{FieldCode, FieldError, Problem};
use domain::role::{Granter, Role, Standing};
use serde_json::json;
use uuid::Uuid;

use super::invitation::{hash, held};
use super::member::{self, StandingRow};
use super::password::weakness;
use super::sign_in::{SignedIn, Visit, begin};
use super::{AccountRow, Mail, insert};
use crate::actor::Actor;
use crate::audit::payload::Payload;
use crate::audit::{self, Chain, Subject};
use crate::db::{Tx, row, transact};
use crate::error::Failure;
use crate::execute::{Act, Written, execute};
use crate::gate::{Permit, permit_of_joining, told};
use crate::model::party::{link_person, people_of_accounts};
use crate::rows::statements;
use crate::store::Store;
use crate::workspace::check_name;

statements! {
    /// Whoever deletes the row has the link; nobody else does.
    SPEND = "DELETE FROM invitation WHERE token_hash = $1 RETURNING workspace_id, invited_by, mail_folded, role, tier, \
        engaged_from, engaged_until";
}

/// Somebody new who accepts an invitation.
#[derive(Clone)]
pub struct Newcomer {
    /// The person's name.
    pub name: String,
    /// The password, in clear. Never printed.
    pub password: String,
}

#[derive(sqlx::FromRow)]
struct SpentRow {
    workspace_id: Uuid,
    invited_by: Uuid,
    mail_folded: String,
    #[sqlx(flatten)]
    standing: StandingRow,
}

/// Somebody who has just joined; the model in memory follows after the commit.
pub(crate) struct Joined {
    pub(crate) workspace: WorkspaceId,
    id: Uuid,
    written: Option<Written>,
}

impl Joined {
    /// Keeps the model in memory, after the commit; gives the workspace's key.
    pub(crate) fn keep(self, store: &Store) -> WorkspaceId {
        if let Some(live) = self.written.and_then(|written| written.live) {
            store.copies().keep(self.id, live);
        }
        self.workspace
    }
}

/// Makes an account a member on the word of an invitation, which is spent. What the person who invited may grant is
/// asked again: they may have become less since.
pub(crate) async fn accept(
    tx: &mut Tx,
    store: &Store,
    actor: &Actor,
    account: &AccountRow,
    token: &str,
) -> Result<Joined, Failure> {
    let now = store.now();
    held(tx, now, token).await?;
    let not_found = || Failure::Problem(Problem::NotFound);
    let spent = row!(tx, SpentRow, SPEND, hash(token))?.ok_or_else(not_found)?;
    if spent.mail_folded != Mail::claimed(&account.mail).folded {
        return Err(not_found());
    }
    let to = spent.standing.read("invitation")?;
    let by = member::standing(tx, spent.workspace_id, spent.invited_by).await?.ok_or_else(not_found)?;
    if member::standing(tx, spent.workspace_id, account.id).await?.is_some() {
        return Err(Problem::field("mail", FieldCode::MemberAlready).into());
    }
    let made = member::set(tx, spent.workspace_id, account.id, Granter::Member(by), Some(to), now, None).await;
    made.map_err(|failure| match failure {
        Failure::Denied(_) => not_found(),
        failure => failure,
    })?;
    let permit = permit_of_joining(tx, spent.workspace_id, account.id).await?;
    let written = become_person(tx, store, &permit, actor, account, to).await?;
    let subject = Subject { kind: "account", key: &account.key, revision: None };
    let payload = Payload::plain(&json!({ "role": to.role, "tier": to.tier }));
    audit::append(tx, &Chain::Workspace(&permit), now, actor, "member.join", Some(&subject), &payload).await?;
    Ok(Joined { workspace: permit.key().clone(), id: permit.workspace(), written })
}

/// A member is a person of the model: the one with their address, or a new one. Auditors come from outside and are none.
async fn become_person(
    tx: &mut Tx,
    store: &Store,
    permit: &Permit,
    actor: &Actor,
    account: &AccountRow,
    standing: Standing,
) -> Result<Option<Written>, Failure> {
    if standing.role == Role::Auditor {
        return Ok(None);
    }
    let model = store.copies().current(tx, permit).await?.model;
    let linked = people_of_accounts(tx, permit).await?;
    let has_address = |person: &Person| {
        let mail = person.mail.as_deref().map(|mail| Mail::claimed(mail).folded);
        person.kind == PartyKind::Person && mail == Some(Mail::claimed(&account.mail).folded)
    };
    let known = model.people.values().find(|person| has_address(person) && !linked.contains_key(&person.id));
    let (person, written) = match known {
        Some(person) => (person.id.clone(), None),
        None => {
            let person = new_person(&model, account);
            let act = Act { permit, actor, now: store.now() };
            let id = person.id.clone();
            (id, Some(execute(tx, &act, store.copies(), &Command::AddPerson(Box::new(person))).await?))
        }
    };
    link_person(tx, permit, &person, Some(account.id)).await?;
    Ok(written)
}

fn new_person(model: &Model, account: &AccountRow) -> Person {
    let base = match slug(&account.name) {
        slug if slug.is_empty() => "person".to_owned(),
        slug => slug,
    };
    let numbered = (2_u64..).map(|number| format!("{base}-{number}"));
    let key = std::iter::once(base.clone()).chain(numbered).find(|key| !model.people.contains_key(key.as_str()));
    Person {
        id: PersonId::new(key.expect("a model has fewer people than there are numbers")),
        name: account.name.clone(),
        kind: PartyKind::Person,
        mail: Some(account.mail.clone()),
        function: None,
        facts: Facts::new(),
    }
}

impl Store {
    /// Makes an account for the holder of an invitation, with its address, and a member of it.
    ///
    /// # Errors
    /// `NotFound`, whatever is wrong with the token; `Invalid` with what is wrong with each field (`name`, `password`),
    /// or with the field `mail` where there is an account with the address already.
    pub async fn join(&self, token: &str, newcomer: &Newcomer) -> Result<SignedIn, Problem> {
        self.try_join(token, newcomer).await.map_err(|failure| told(failure, "member.join"))
    }

    async fn try_join(&self, token: &str, newcomer: &Newcomer) -> Result<SignedIn, Failure> {
        // Asked before anything expensive is done for somebody without a link; decided again in the transaction.
        let mut tx = self.db().read().await?;
        let invitation = held(&mut tx, self.now(), token).await;
        tx.rollback().await?;
        let invitation = invitation?;
        let mail = Mail::claimed(&invitation.mail);
        let mut errors: Vec<FieldError> = check_name("name", &newcomer.name).into_iter().collect();
        let context = [newcomer.name.as_str(), &invitation.mail, &invitation.workspace];
        errors.extend(weakness(&newcomer.password, &context).map(|code| FieldError::new("password", code)));
        if !errors.is_empty() {
            return Err(Problem::Invalid(errors).into());
        }
        let hash = self.hasher().hash(self.hasher().place()?, &newcomer.password).await?;
        let turn = self.turn_to_make().await;
        let (mut signed_in, joined) =
            transact!(self.db(), serial, |tx| begin_and_join(tx, self, token, newcomer, &mail, &hash))?;
        drop(turn);
        signed_in.workspace = Some(joined.keep(self));
        Ok(signed_in)
    }
}

async fn begin_and_join(
    tx: &mut Tx,
    store: &Store,
    token: &str,
    newcomer: &Newcomer,
    mail: &Mail,
    password_hash: &str,
) -> Result<(SignedIn, Joined), Failure> {
    let now = store.now();
    let account = match insert(tx, now, &newcomer.name, mail, password_hash, false).await {
        Err(error) if error.is_taken() => return Err(Problem::field("mail", FieldCode::AddressTaken).into()),
        account => account?,
    };
    let signed_in = begin(tx, now, &account, &Visit::unknown()).await?;
    let actor = signed_in.actor();
    let subject = Subject { kind: "account", key: &account.key, revision: None };
    let payload = Payload::with_personal(&json!({}), &[("name", &account.name), ("mail", &account.mail)])?;
    audit::append(tx, &Chain::Instance, now, &actor, "account.join", Some(&subject), &payload).await?;
    let joined = accept(tx, store, &actor, &account, token).await?;
    Ok((signed_in, joined))
}
