//! A store with people in it.

use domain::id::WorkspaceId;
use domain::role::Role;
use store::{Actor, Gate, NewAccount, SetUp, SignedIn, Start, Store};

use crate::place::Place;

/// A password that the policy accepts.
pub const PASSWORD: &str = "tin-kettle-over-moss";

/// The address of the first account.
pub const OWNER: &str = "lead@harbour.example";

/// A form that sets an instance up.
#[must_use]
pub fn set_up_form(token: &str, start: Start) -> SetUp {
    SetUp {
        token: token.to_owned(),
        organisation: "Harbour Street Books".to_owned(),
        name: "Payments lead".to_owned(),
        mail: OWNER.to_owned(),
        password: PASSWORD.to_owned(),
        start,
    }
}

/// An instance that was set up, with one empty workspace.
pub struct Instance {
    /// The store.
    pub store: Store,
    /// The first account.
    pub owner: SignedIn,
    /// Its workspace.
    pub workspace: WorkspaceId,
}

impl Instance {
    /// Sets an instance up.
    ///
    /// # Panics
    /// It cannot be.
    pub async fn new(place: &Place) -> Self {
        Self::with(place, Start::Empty).await
    }

    /// Sets an instance up with a start of its own.
    ///
    /// # Panics
    /// It cannot be.
    pub async fn with(place: &Place, start: Start) -> Self {
        let store = place.store().await;
        let token = store.setup_token().await.expect("the database answers").expect("there is no account yet");
        let owner = store.set_up(&set_up_form(&token, start)).await.expect("the form is valid");
        let workspace = owner.workspace.clone().expect("the set-up makes a workspace");
        Self { store, owner, workspace }
    }

    /// The owner's gate.
    #[must_use]
    pub fn gate(&self) -> Gate {
        self.store.gate(self.owner.actor())
    }

    /// The gate of a new member with a role, signed in.
    ///
    /// # Panics
    /// The account cannot be made.
    pub async fn member(&self, role: Role) -> Gate {
        let signed_in = self.account(role.as_str(), vec![(self.workspace.clone(), role)]).await;
        self.store.gate(signed_in.actor())
    }

    /// A new account with some memberships, signed in.
    ///
    /// # Panics
    /// The account cannot be made.
    pub async fn account(&self, name: &str, memberships: Vec<(WorkspaceId, Role)>) -> SignedIn {
        let account = NewAccount {
            name: format!("The {name}"),
            mail: format!("{name}@harbour.example"),
            password: PASSWORD.to_owned(),
            instance_admin: false,
            memberships,
        };
        self.store.add_account(&account).await.expect("the account is valid");
        self.store.sign_in(&account.mail, PASSWORD, "192.0.2.1").await.expect("the password is right")
    }

    /// The gate of the operator.
    #[must_use]
    pub fn operator(&self) -> Gate {
        self.store.gate(Actor::Operator)
    }
}
