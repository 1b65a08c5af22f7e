//! Who asks.

use std::fmt;

use domain::id::AccountId;

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
    /// Whoever runs the program on the machine and could read the database anyway.
    Operator,
}

impl Actor {
    /// The word of the audit trail.
    pub(crate) const fn kind(&self) -> &'static str {
        match self {
            Self::Nobody => "nobody",
            Self::Account { .. } => "account",
            Self::Operator => "operator",
        }
    }

    pub(crate) fn id(&self) -> Option<&str> {
        match self {
            Self::Account { id, .. } => Some(id.as_str()),
            Self::Nobody | Self::Operator => None,
        }
    }

    pub(crate) fn session(&self) -> Option<&str> {
        match self {
            Self::Account { session, .. } => Some(session.as_str()),
            Self::Nobody | Self::Operator => None,
        }
    }
}
