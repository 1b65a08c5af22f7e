//! What a page may ask about members, invitations, workspaces, people and accounts.

use std::collections::BTreeMap;

use async_trait::async_trait;

use crate::command::Receipt;
use crate::id::{AccountId, InvitationId, PersonId, WorkspaceId};
use crate::problem::Problem;
use crate::role::{Role, Standing};
use crate::time::Timestamp;

/// Everything that a signed-in person can do about other people, and about workspaces as a whole.
///
/// Each method fails as [`super::Backend::estate`] does, `Forbidden` where the role does not allow it; what else can go
/// wrong stands with the method.
#[async_trait]
pub trait People: Send + Sync {
    /// Who is a member, by name. Addresses only for those who manage members.
    async fn members(&self, workspace: &WorkspaceId) -> Result<Vec<Member>, Problem>;

    /// Gives a member another role, tier or engagement, and ends their sessions.
    ///
    /// # Errors
    /// Those of [`crate::role::grant_role`]; `NotFound` where there is no such member.
    async fn change_member(&self, workspace: &WorkspaceId, member: &AccountId, to: Standing) -> Result<(), Problem>;

    /// Ends a membership, and the sessions of that person. What they answer for goes to another person of the
    /// workspace where one is named, in the same transaction.
    ///
    /// # Errors
    /// As [`Self::change_member`]; `Invalid` with the field `to` where there is no such person.
    async fn remove_member(
        &self,
        workspace: &WorkspaceId,
        member: &AccountId,
        takes_over: Option<&PersonId>,
    ) -> Result<Option<Receipt>, Problem>;

    /// Makes another member an owner, and the person who asks an administrator.
    ///
    /// # Errors
    /// `Invalid` with the field `to` where there is no such member.
    async fn hand_over(&self, workspace: &WorkspaceId, to: &AccountId) -> Result<(), Problem>;

    /// The invitations that wait, oldest first.
    async fn invitations(&self, workspace: &WorkspaceId) -> Result<Vec<OpenInvitation>, Problem>;

    /// Invites somebody; gives the token of the link, which is shown once, works once and for seven days. An earlier
    /// invitation of the same address stops working. Whether there is an account with that address is not told.
    ///
    /// # Errors
    /// Those of [`crate::role::grant_role`]; `Invalid` with the field `mail`.
    async fn invite(&self, workspace: &WorkspaceId, mail: &str, to: Standing) -> Result<String, Problem>;

    /// Takes an invitation back.
    ///
    /// # Errors
    /// `NotFound` where it was accepted, has ended or was taken back already.
    async fn withdraw_invitation(&self, workspace: &WorkspaceId, invitation: &InvitationId) -> Result<(), Problem>;

    /// What the holder of a token is invited to. The one method that nobody needs to be signed in for.
    ///
    /// # Errors
    /// `NotFound`, whatever is wrong with the token.
    async fn invitation(&self, token: &str) -> Result<Invitation, Problem>;

    /// Makes the person who asks a member.
    ///
    /// # Errors
    /// As [`Self::invitation`]; also `NotFound` where the invitation is for another address.
    async fn accept_invitation(&self, token: &str) -> Result<WorkspaceId, Problem>;

    /// Renames a workspace; its key stays.
    ///
    /// # Errors
    /// `Invalid` with the field `name`.
    async fn rename_workspace(&self, workspace: &WorkspaceId, name: &str) -> Result<(), Problem>;

    /// What the workspace asks for as a second factor.
    async fn second_factor_policy(&self, workspace: &WorkspaceId) -> Result<SecondFactorPolicy, Problem>;

    /// Changes what the workspace asks for as a second factor.
    ///
    /// # Errors
    /// `Invalid` with the field `grace_days`.
    async fn set_second_factor_policy(
        &self,
        workspace: &WorkspaceId,
        policy: SecondFactorPolicy,
    ) -> Result<(), Problem>;

    /// Archives a workspace, or restores it.
    async fn archive_workspace(&self, workspace: &WorkspaceId, archived: bool) -> Result<(), Problem>;

    /// Deletes a workspace with everything in it except its audit trail, from which names and addresses are erased.
    ///
    /// # Errors
    /// `Invalid` with the field `name` where that is not the workspace's name.
    async fn delete_workspace(&self, workspace: &WorkspaceId, name: &str) -> Result<(), Problem>;

    /// Which account is behind which person of the model.
    async fn accounts_of_people(&self, workspace: &WorkspaceId) -> Result<BTreeMap<PersonId, AccountId>, Problem>;

    /// Says which member is behind a person of the model, or that none is. A member is behind one person at most. Who
    /// manages members says it, because the member signs, approves and confirms as that person from then on.
    ///
    /// # Errors
    /// `Reauthenticate` where the person who asks proved longer than five minutes ago who they are, `NotFound` where there is no such person, `Invalid` with the field `account` where there is no such member.
    async fn link_person(
        &self,
        workspace: &WorkspaceId,
        person: &PersonId,
        member: Option<&AccountId>,
    ) -> Result<(), Problem>;

    /// Changes the name of the person who asks.
    ///
    /// # Errors
    /// `Invalid` with the field `name`.
    async fn rename_account(&self, name: &str) -> Result<(), Problem>;

    /// All accounts, by name, for whoever administers the instance.
    async fn accounts(&self) -> Result<Vec<AccountEntry>, Problem>;

    /// Disables an account and ends its sessions, or enables it, for whoever administers the instance.
    ///
    /// # Errors
    /// `NotFound`; `Invalid` with the field `account` for one's own account.
    async fn disable_account(&self, account: &AccountId, disabled: bool) -> Result<(), Problem>;

    /// Makes a link with which a person sets a new password, for whoever administers the instance; gives its token, which
    /// is shown once, works once and for 30 minutes. Earlier ones stop working; a second factor stays.
    ///
    /// # Errors
    /// `NotFound` where there is no such account, or it is disabled.
    async fn reset_link(&self, account: &AccountId) -> Result<String, Problem>;
}

/// Whether owners, administrators and editors of a workspace need a second factor, and how soon.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SecondFactorPolicy {
    /// They need one.
    pub required: bool,
    /// Days to set it up, from the sign-in at which it was asked for first.
    pub grace_days: u8,
}

impl SecondFactorPolicy {
    /// The most days.
    pub const GRACE_MAX: u8 = 90;
}

/// One member of a workspace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// The account.
    pub account: AccountId,
    /// The name.
    pub name: String,
    /// The mail address, for those who manage members.
    pub mail: Option<String>,
    /// What they are here.
    pub standing: Standing,
    /// The account was disabled by whoever administers the instance.
    pub disabled: bool,
}

/// An invitation that waits to be accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenInvitation {
    /// Its key.
    pub id: InvitationId,
    /// Who is invited.
    pub mail: String,
    /// What they will be.
    pub standing: Standing,
    /// The name of who invited them.
    pub by: String,
    /// Until when it can be accepted.
    pub expires_at: Timestamp,
}

/// An invitation as its holder sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    /// The name of the workspace.
    pub workspace: String,
    /// For which address it is.
    pub mail: String,
    /// The role.
    pub role: Role,
    /// The name of who invited.
    pub by: String,
}

/// One account of the instance. Says nothing about workspaces.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountEntry {
    /// The account.
    pub id: AccountId,
    /// The name.
    pub name: String,
    /// The mail address.
    pub mail: String,
    /// It administers the instance.
    pub instance_admin: bool,
    /// It was disabled.
    pub disabled: bool,
}
