//! The part of the backend in memory that is about people: two members, one invitation.

use std::collections::BTreeMap;

use async_trait::async_trait;
use domain::backend::people::{AccountEntry, Invitation, Member, OpenInvitation, People, SecondFactorPolicy};
use domain::command::Receipt;
use domain::id::{AccountId, InvitationId, PersonId, WorkspaceId};
use domain::problem::Problem;
use domain::role::{Role, Standing};
use domain::time::Timestamp;

use crate::estate::Fake;

fn member(key: &str, name: &str, role: Role) -> Member {
    Member {
        account: AccountId::new(key),
        name: name.to_owned(),
        mail: Some(format!("{key}@shop.example")),
        standing: Standing::usual(role),
        disabled: false,
    }
}

#[async_trait]
impl People for Fake {
    async fn members(&self, workspace: &WorkspaceId) -> Result<Vec<Member>, Problem> {
        self.member(workspace)?;
        Ok(vec![member("a", "Payments lead", Role::Owner), member("b", "Shop <reviewer>", Role::Reviewer)])
    }

    async fn change_member(&self, _: &WorkspaceId, _: &AccountId, _: Standing) -> Result<(), Problem> {
        Err(Problem::Forbidden)
    }

    async fn remove_member(
        &self,
        _: &WorkspaceId,
        _: &AccountId,
        _: Option<&PersonId>,
    ) -> Result<Option<Receipt>, Problem> {
        Err(Problem::Forbidden)
    }

    async fn hand_over(&self, _: &WorkspaceId, _: &AccountId) -> Result<(), Problem> {
        Err(Problem::Forbidden)
    }

    async fn invitations(&self, workspace: &WorkspaceId) -> Result<Vec<OpenInvitation>, Problem> {
        self.member(workspace)?;
        Ok(vec![OpenInvitation {
            id: InvitationId::new("i"),
            mail: "new@shop.example".to_owned(),
            standing: Standing::usual(Role::Viewer),
            by: "Payments lead".to_owned(),
            expires_at: Timestamp(1_795_000_000_000_000),
        }])
    }

    async fn invite(&self, _: &WorkspaceId, _: &str, _: Standing) -> Result<String, Problem> {
        Err(Problem::Forbidden)
    }

    async fn withdraw_invitation(&self, _: &WorkspaceId, _: &InvitationId) -> Result<(), Problem> {
        Err(Problem::Forbidden)
    }

    async fn invitation(&self, token: &str) -> Result<Invitation, Problem> {
        let held = Invitation {
            workspace: "Sample shop".to_owned(),
            mail: "new@shop.example".to_owned(),
            role: Role::Viewer,
            by: "Payments lead".to_owned(),
        };
        if token == "good" { Ok(held) } else { Err(Problem::NotFound) }
    }

    async fn accept_invitation(&self, _: &str) -> Result<WorkspaceId, Problem> {
        Err(Problem::NotFound)
    }

    async fn rename_workspace(&self, _: &WorkspaceId, _: &str) -> Result<(), Problem> {
        Err(Problem::Forbidden)
    }

    async fn second_factor_policy(&self, workspace: &WorkspaceId) -> Result<SecondFactorPolicy, Problem> {
        self.member(workspace)?;
        Ok(SecondFactorPolicy { required: true, grace_days: 7 })
    }

    async fn set_second_factor_policy(&self, _: &WorkspaceId, _: SecondFactorPolicy) -> Result<(), Problem> {
        Err(Problem::Forbidden)
    }

    async fn archive_workspace(&self, _: &WorkspaceId, _: bool) -> Result<(), Problem> {
        Err(Problem::Forbidden)
    }

    async fn delete_workspace(&self, _: &WorkspaceId, _: &str) -> Result<(), Problem> {
        Err(Problem::Forbidden)
    }

    async fn accounts_of_people(&self, workspace: &WorkspaceId) -> Result<BTreeMap<PersonId, AccountId>, Problem> {
        self.member(workspace)?;
        let first = self.estate.model.people.keys().next();
        Ok(first.map(|person| (person.clone(), AccountId::new("b"))).into_iter().collect())
    }

    async fn link_person(&self, _: &WorkspaceId, _: &PersonId, _: Option<&AccountId>) -> Result<(), Problem> {
        Err(Problem::Forbidden)
    }

    async fn rename_account(&self, _: &str) -> Result<(), Problem> {
        Err(Problem::Forbidden)
    }

    async fn accounts(&self) -> Result<Vec<AccountEntry>, Problem> {
        let entry = |key: &str, disabled| AccountEntry {
            id: AccountId::new(key),
            name: format!("Account {key}"),
            mail: format!("{key}@shop.example"),
            instance_admin: key == "a",
            disabled,
        };
        Ok(vec![entry("a", false), entry("b", true)])
    }

    async fn disable_account(&self, _: &AccountId, _: bool) -> Result<(), Problem> {
        Err(Problem::Forbidden)
    }

    async fn reset_link(&self, _: &AccountId) -> Result<String, Problem> {
        Err(Problem::Forbidden)
    }
}
