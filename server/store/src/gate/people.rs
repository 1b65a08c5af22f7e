//! Members, invitations, workspaces as a whole, people and accounts, behind the gate.

use std::collections::BTreeMap;

use async_trait::async_trait;
use domain::backend::people::{AccountEntry, Invitation, Member, OpenInvitation, People, SecondFactorPolicy};
use domain::command::{Command, Receipt};
use domain::id::{AccountId, InvitationId, PersonId, WorkspaceId};
use domain::problem::{FieldCode, Problem};
use domain::role::{Capability, Role, Standing};
use serde_json::json;
use uuid::Uuid;

use super::{Gate, Permit, permit, signed_in};
use crate::account::member::{self, subject_of};
use crate::account::standing::require_recent;
use crate::account::{AccountRow, Mail, directory, invitation, joining, reset};
use crate::actor::{Actor, SignInId};
use crate::audit::payload::Payload;
use crate::audit::{self, Chain};
use crate::db::{Tx, transact};
use crate::error::{Failure, StoreError};
use crate::execute::{Act, Written, execute};
use crate::model::party::{link_person, people_of_accounts, unlink_account};
use crate::workspace::{life, policy};

/// Runs a write about a workspace in its turn, and says what came of it.
macro_rules! write_in {
    ($gate:ident, $workspace:ident, $action:literal, |$tx:ident| $attempt:expr) => {{
        let turn = $gate.store.turn($workspace).await;
        let outcome = transact!($gate.store.db(), serial, |$tx| $attempt);
        drop(turn);
        $gate.told(outcome, $action, $workspace).await
    }};
}

#[async_trait]
impl People for Gate {
    async fn members(&self, workspace: &WorkspaceId) -> Result<Vec<Member>, Problem> {
        let outcome = async {
            let mut tx = self.store.db().read().await?;
            let permit = self.permit(&mut tx, workspace, Capability::ReadMembers).await?;
            let members = member::list(&mut tx, &permit).await?;
            tx.rollback().await?;
            Ok(members)
        };
        self.told(outcome.await, "members", workspace).await
    }

    async fn change_member(&self, workspace: &WorkspaceId, member: &AccountId, to: Standing) -> Result<(), Problem> {
        write_in!(self, workspace, "member.change", |tx| self.try_change(tx, workspace, member, to))
    }

    async fn remove_member(
        &self,
        workspace: &WorkspaceId,
        member: &AccountId,
        takes_over: Option<&PersonId>,
    ) -> Result<Option<Receipt>, Problem> {
        let removed =
            write_in!(self, workspace, "member.remove", |tx| self.try_remove(tx, workspace, member, takes_over))?;
        Ok(removed.map(|(id, written)| {
            if let Some(live) = written.live {
                self.store.copies().keep(id, live);
            }
            written.receipt
        }))
    }

    async fn hand_over(&self, workspace: &WorkspaceId, to: &AccountId) -> Result<(), Problem> {
        write_in!(self, workspace, "workspace.hand_over", |tx| self.try_hand_over(tx, workspace, to))
    }

    async fn invitations(&self, workspace: &WorkspaceId) -> Result<Vec<OpenInvitation>, Problem> {
        let outcome = async {
            let mut tx = self.store.db().read().await?;
            let permit = self.permit(&mut tx, workspace, Capability::ManageMembers).await?;
            let open = invitation::open(&mut tx, &permit, self.store.now()).await?;
            tx.rollback().await?;
            Ok(open)
        };
        self.told(outcome.await, "invitations", workspace).await
    }

    async fn invite(&self, workspace: &WorkspaceId, mail: &str, to: Standing) -> Result<String, Problem> {
        write_in!(self, workspace, "member.invite", |tx| async {
            let permit = self.recent_permit(tx, workspace, Capability::ManageMembers).await?;
            let mail = Mail::parse(mail).map_err(|error| Problem::Invalid(vec![error]))?;
            invitation::invite(tx, &permit, &self.actor, self.store.now(), &mail, to).await
        })
    }

    async fn withdraw_invitation(&self, workspace: &WorkspaceId, invitation: &InvitationId) -> Result<(), Problem> {
        write_in!(self, workspace, "member.withdraw_invitation", |tx| async {
            let permit = self.permit(tx, workspace, Capability::ManageMembers).await?;
            invitation::withdraw(tx, &permit, &self.actor, self.store.now(), invitation).await
        })
    }

    async fn invitation(&self, token: &str) -> Result<Invitation, Problem> {
        let outcome = async {
            let mut tx = self.store.db().read().await?;
            let held = invitation::held(&mut tx, self.store.now(), token).await?;
            tx.rollback().await?;
            Ok(held)
        };
        self.told_of_instance(outcome.await, "invitation").await
    }

    async fn accept_invitation(&self, token: &str) -> Result<WorkspaceId, Problem> {
        let turn = self.store.turn_to_make().await;
        let outcome = transact!(self.store.db(), serial, |tx| async {
            let account = signed_in(tx, &self.actor).await?;
            joining::accept(tx, &self.store, &self.actor, &account, token).await
        });
        drop(turn);
        Ok(self.told_of_instance(outcome, "member.join").await?.keep(&self.store))
    }

    async fn rename_workspace(&self, workspace: &WorkspaceId, name: &str) -> Result<(), Problem> {
        write_in!(self, workspace, "workspace.rename", |tx| async {
            let permit = self.permit(tx, workspace, Capability::ManageWorkspace).await?;
            life::rename(tx, &permit, &self.actor, self.store.now(), name).await
        })
    }

    async fn second_factor_policy(&self, workspace: &WorkspaceId) -> Result<SecondFactorPolicy, Problem> {
        let outcome = async {
            let mut tx = self.store.db().read().await?;
            let permit = self.permit(&mut tx, workspace, Capability::ManageWorkspace).await?;
            let policy = policy::read(&mut tx, &permit).await?;
            tx.rollback().await?;
            Ok(policy)
        };
        self.told(outcome.await, "workspace.second_factor", workspace).await
    }

    async fn set_second_factor_policy(
        &self,
        workspace: &WorkspaceId,
        policy: SecondFactorPolicy,
    ) -> Result<(), Problem> {
        write_in!(self, workspace, "workspace.second_factor", |tx| async {
            let permit = self.recent_permit(tx, workspace, Capability::ManageWorkspace).await?;
            policy::set(tx, &permit, &self.actor, self.store.now(), policy).await
        })
    }

    async fn archive_workspace(&self, workspace: &WorkspaceId, archived: bool) -> Result<(), Problem> {
        write_in!(self, workspace, "workspace.archive", |tx| async {
            let permit = self.recent_permit(tx, workspace, Capability::ArchiveWorkspace).await?;
            life::archive(tx, &permit, &self.actor, self.store.now(), archived).await
        })
    }

    async fn delete_workspace(&self, workspace: &WorkspaceId, name: &str) -> Result<(), Problem> {
        write_in!(self, workspace, "workspace.delete", |tx| async {
            let permit = self.recent_permit(tx, workspace, Capability::DeleteWorkspace).await?;
            life::delete(tx, &permit, &self.actor, self.store.now(), name).await
        })
    }

    async fn accounts_of_people(&self, workspace: &WorkspaceId) -> Result<BTreeMap<PersonId, AccountId>, Problem> {
        let outcome = async {
            let mut tx = self.store.db().read().await?;
            let permit = self.permit(&mut tx, workspace, Capability::ReadMembers).await?;
            let links = people_of_accounts(&mut tx, &permit).await?;
            tx.rollback().await?;
            Ok(links)
        };
        self.told(outcome.await, "people", workspace).await
    }

    async fn link_person(
        &self,
        workspace: &WorkspaceId,
        person: &PersonId,
        member: Option<&AccountId>,
    ) -> Result<(), Problem> {
        write_in!(self, workspace, "person.link", |tx| self.try_link(tx, workspace, person, member))
    }

    async fn rename_account(&self, name: &str) -> Result<(), Problem> {
        let outcome = transact!(self.store.db(), serial, |tx| async {
            let account = signed_in(tx, &self.actor).await?;
            directory::rename(tx, self.store.now(), &self.actor, &account, name).await
        });
        self.told_of_instance(outcome, "account.rename").await
    }

    async fn accounts(&self) -> Result<Vec<AccountEntry>, Problem> {
        let outcome = async {
            let mut tx = self.store.db().read().await?;
            self.instance_admin(&mut tx).await?;
            let accounts = directory::list(&mut tx).await?;
            tx.rollback().await?;
            Ok(accounts)
        };
        self.told_of_instance(outcome.await, "accounts").await
    }

    async fn disable_account(&self, account: &AccountId, disabled: bool) -> Result<(), Problem> {
        let outcome = transact!(self.store.db(), serial, |tx| async {
            let admin = self.instance_admin(tx).await?;
            require_recent(tx, &self.actor, self.store.now()).await?;
            directory::disable(tx, self.store.now(), &self.actor, &admin, account, disabled).await
        });
        self.told_of_instance(outcome, "account.disable").await
    }

    async fn reset_link(&self, account: &AccountId) -> Result<String, Problem> {
        let outcome = transact!(self.store.db(), serial, |tx| async {
            self.instance_admin(tx).await?;
            require_recent(tx, &self.actor, self.store.now()).await?;
            reset::issue_for(tx, self.store.now(), &self.actor, account).await
        });
        let token = self.told_of_instance(outcome, "password.reset_link").await?;
        Ok(token.expose().to_owned())
    }
}

impl Gate {
    /// A permit for what needs a recent proof of who asks.
    async fn recent_permit(&self, tx: &mut Tx, workspace: &WorkspaceId, needs: Capability) -> Result<Permit, Failure> {
        let permit = self.permit(tx, workspace, needs).await?;
        require_recent(tx, &self.actor, self.store.now()).await?;
        Ok(permit)
    }

    async fn permit(&self, tx: &mut Tx, workspace: &WorkspaceId, needs: Capability) -> Result<Permit, Failure> {
        permit(tx, &self.actor, workspace, self.today(), needs).await
    }

    /// The account that asks, where it administers the instance.
    pub(super) async fn instance_admin(&self, tx: &mut Tx) -> Result<AccountRow, Failure> {
        let account = signed_in(tx, &self.actor).await?;
        if account.instance_admin { Ok(account) } else { Err(Failure::Denied(Problem::Forbidden)) }
    }

    /// The sign-in that goes on where people change their own rights.
    fn own_sign_in(&self, permit: &Permit, account: Uuid) -> Option<&SignInId> {
        match &self.actor {
            Actor::Account { session, .. } if permit.account() == Some(account) => Some(session),
            _ => None,
        }
    }

    async fn set_member(
        &self,
        tx: &mut Tx,
        permit: &Permit,
        account: Uuid,
        to: Option<Standing>,
    ) -> Result<Option<Standing>, Failure> {
        let own = self.own_sign_in(permit, account);
        member::set(tx, permit.workspace(), account, permit.granter(), to, self.store.now(), own).await
    }

    async fn try_change(
        &self,
        tx: &mut Tx,
        workspace: &WorkspaceId,
        key: &AccountId,
        to: Standing,
    ) -> Result<(), Failure> {
        let permit = self.recent_permit(tx, workspace, Capability::ManageMembers).await?;
        let account = member::by_key(tx, &permit, key).await?.ok_or(Problem::NotFound)?;
        let before = self.set_member(tx, &permit, account, Some(to)).await?;
        if before != Some(to) {
            self.note_member(tx, &permit, "member.change", key, before, Some(to)).await?;
        }
        Ok(())
    }

    async fn try_remove(
        &self,
        tx: &mut Tx,
        workspace: &WorkspaceId,
        key: &AccountId,
        takes_over: Option<&PersonId>,
    ) -> Result<Option<(Uuid, Written)>, Failure> {
        let permit = self.recent_permit(tx, workspace, Capability::ManageMembers).await?;
        let account = member::by_key(tx, &permit, key).await?.ok_or(Problem::NotFound)?;
        let person = people_of_accounts(tx, &permit).await?.into_iter().find(|(_, linked)| linked == key);
        let before = self.set_member(tx, &permit, account, None).await?;
        self.note_member(tx, &permit, "member.remove", key, before, None).await?;
        unlink_account(tx, &permit, account).await?;
        let Some(to) = takes_over else { return Ok(None) };
        let Some((from, _)) = person else {
            return Err(Problem::field("to", FieldCode::NoSuchObject).into());
        };
        let act = Act { permit: &permit, actor: &self.actor, now: self.store.now() };
        let command = Command::Reassign { from, to: to.clone() };
        Ok(Some((permit.workspace(), execute(tx, &act, self.store.copies(), &command).await?)))
    }

    async fn try_hand_over(&self, tx: &mut Tx, workspace: &WorkspaceId, to: &AccountId) -> Result<(), Failure> {
        let permit = self.recent_permit(tx, workspace, Capability::HandOverWorkspace).await?;
        // Whoever runs the program owns nothing that they could hand over.
        let own = permit.account().ok_or(Problem::Forbidden)?;
        let no_such_member = || Problem::field("to", FieldCode::NoSuchObject);
        let other = member::by_key(tx, &permit, to).await?.filter(|it| *it != own).ok_or_else(no_such_member)?;
        let members = member::list(tx, &permit).await?;
        if members.iter().any(|member| member.account == *to && member.disabled) {
            return Err(no_such_member().into());
        }
        let owner = Standing::usual(Role::Owner);
        let before = self.set_member(tx, &permit, other, Some(owner)).await?;
        self.note_member(tx, &permit, "member.change", to, before, Some(owner)).await?;
        let after = member::after_handing_over(permit.standing());
        self.set_member(tx, &permit, own, Some(after)).await?;
        let payload = Payload::plain(&json!({ "to": to.as_str() }));
        let chain = Chain::Workspace(&permit);
        let subject = subject_of(to);
        let action = "workspace.hand_over";
        Ok(audit::append(tx, &chain, self.store.now(), &self.actor, action, Some(&subject), &payload).await?)
    }

    async fn try_link(
        &self,
        tx: &mut Tx,
        workspace: &WorkspaceId,
        person: &PersonId,
        key: Option<&AccountId>,
    ) -> Result<(), Failure> {
        // Reviews, approvals and confirmations are given by persons: whoever links an account lets it speak for one.
        let permit = self.recent_permit(tx, workspace, Capability::ManageMembers).await?;
        let model = self.store.copies().current(tx, &permit).await?.model;
        if !model.people.contains_key(person) {
            return Err(Problem::NotFound.into());
        }
        let account = match key {
            None => None,
            Some(key) => {
                let account = member::by_key(tx, &permit, key).await?;
                Some(account.ok_or_else(|| Problem::field("account", FieldCode::NoSuchObject))?)
            }
        };
        if people_of_accounts(tx, &permit).await?.get(person) == key {
            return Ok(());
        }
        link_person(tx, &permit, person, account).await?;
        let payload = Payload::plain(&json!({ "account": key.map(AccountId::as_str) }));
        let subject = audit::Subject { kind: "person", key: person.as_str(), revision: None };
        let chain = Chain::Workspace(&permit);
        Ok(audit::append(tx, &chain, self.store.now(), &self.actor, "person.link", Some(&subject), &payload).await?)
    }

    async fn note_member(
        &self,
        tx: &mut Tx,
        permit: &Permit,
        action: &str,
        member: &AccountId,
        before: Option<Standing>,
        after: Option<Standing>,
    ) -> Result<(), StoreError> {
        let said = |standing: Option<Standing>| {
            standing.map(|it| {
                let days = it.engagement.map(|days| [days.from, days.until]);
                json!({ "role": it.role, "tier": it.tier, "engaged": days })
            })
        };
        let payload = Payload::plain(&json!({ "before": said(before), "after": said(after) }));
        let chain = Chain::Workspace(permit);
        audit::append(tx, &chain, self.store.now(), &self.actor, action, Some(&subject_of(member)), &payload).await
    }
}
