//! Who asks.

use std::fmt;

use domain::id::{AccountId, TokenId, WorkspaceId};
use domain::time::Timestamp;
use domain::token::TokenScope;

/// One time that somebody signed in. Every session belongs to one; signing out ends it and all of them.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SignInId(String);

impl SignInId {
    /// The sign-in that a session carries.
    pub fn new(key: impl Into<String>) -> Self {
        Self(key.into())
    }

    /// As text, to be kept with a session.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for SignInId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "SignInId({})", self.0)
    }
}

/// Who asks. A claim until the gate has checked it against the database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    /// Somebody who is not signed in.
    Nobody,
    /// An account.
    Account {
        /// The account.
        id: AccountId,
        /// The time that it signed in.
        session: SignInId,
    },
    /// A program with an API token of an account.
    Token(TokenClaim),
    /// What reads in place of a member without their being there: their calendar feed, or the letter that is sent to them.
    Reader(ReaderClaim),
    /// Whoever runs the program on the machine and could read the database anyway.
    Operator,
}

/// In whose place something reads, and where. Whether they are still a member is asked again with every permit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReaderClaim {
    pub(crate) workspace: WorkspaceId,
    pub(crate) account: AccountId,
}

/// A token whose secret was right. Whether it still holds is asked again with every permit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenClaim {
    pub(crate) token: TokenId,
    pub(crate) account: AccountId,
    pub(crate) scope: TokenScope,
    /// When the secret was compared: the instant at which the token must hold.
    pub(crate) at: Timestamp,
}

impl Actor {
    /// The word of the audit trail.
    pub(crate) const fn kind(&self) -> &'static str {
        match self {
            Self::Nobody => "nobody",
            // A token acts in place of its account; that it did so, the session of the entry tells.
            Self::Account { .. } | Self::Token(_) | Self::Reader(_) => "account",
            Self::Operator => "operator",
        }
    }

    pub(crate) fn id(&self) -> Option<&str> {
        match self {
            Self::Account { id, .. } => Some(id.as_str()),
            Self::Token(claim) => Some(claim.account.as_str()),
            Self::Reader(claim) => Some(claim.account.as_str()),
            Self::Nobody | Self::Operator => None,
        }
    }

    pub(crate) fn session(&self) -> Option<&str> {
        match self {
            Self::Account { session, .. } => Some(session.as_str()),
            Self::Token(claim) => Some(claim.token.as_str()),
            Self::Nobody | Self::Reader(_) | Self::Operator => None,
        }
    }
}
