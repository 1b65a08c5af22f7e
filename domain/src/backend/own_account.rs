//! What a person can ask about their own account: second factor, recovery codes, sessions.
//!
//! Signing in, proving who one is and changing the password stand beside it, as they are about a browser as well.

use async_trait::async_trait;

use super::Account;
use crate::problem::Problem;
use crate::time::Timestamp;

/// Everything about the account of whoever asks. A sign-in that still has to set up a second factor reaches this and
/// nothing else; one that still has to prove it reaches nothing at all.
#[async_trait]
pub trait OwnAccount: Send + Sync {
    /// How the account is protected, and where it is signed in.
    ///
    /// # Errors
    /// `SignedOut`, `SecondFactor`.
    async fn security(&self) -> Result<Security, Problem>;

    /// Makes a new secret for an authenticator app, which is not in force before it is confirmed.
    ///
    /// # Errors
    /// `SignedOut`, `SecondFactor`, `Reauthenticate`.
    async fn offer_second_factor(&self) -> Result<(), Problem>;

    /// The secret that was made last, where it can still be confirmed.
    ///
    /// # Errors
    /// `SignedOut`, `SecondFactor`.
    async fn second_factor_offer(&self) -> Result<Option<Offer>, Problem>;

    /// Puts the offered secret into force. Gives ten new recovery codes, which are shown once.
    ///
    /// # Errors
    /// `Invalid` with the field `code`; `SignedOut`, `SecondFactor`.
    async fn confirm_second_factor(&self, code: &str) -> Result<Vec<String>, Problem>;

    /// Puts ten new recovery codes in the place of those that are left. They are shown once.
    ///
    /// # Errors
    /// `Conflict` where there is no second factor; `SignedOut`, `SecondFactor`, `Reauthenticate`.
    async fn renew_recovery_codes(&self) -> Result<Vec<String>, Problem>;

    /// Ends one sign-in of the account with all its sessions. One that has ended already is no error.
    ///
    /// # Errors
    /// `SignedOut`, `SecondFactor`, `Reauthenticate`.
    async fn end_session(&self, key: &str) -> Result<(), Problem>;

    /// Ends every sign-in of the account but this one.
    ///
    /// # Errors
    /// As [`Self::end_session`].
    async fn end_other_sessions(&self) -> Result<(), Problem>;
}

/// How an account is protected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Security {
    /// The account.
    pub account: Account,
    /// The second factor.
    pub second_factor: SecondFactor,
    /// How many recovery codes are left.
    pub recovery_codes: u32,
    /// Where the account is signed in, newest first.
    pub sessions: Vec<OwnSession>,
}

/// Whether an account has a second factor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecondFactor {
    /// It has one, since then.
    InForce(Timestamp),
    /// It has none and needs one, from then on.
    Due(Timestamp),
    /// It has none and needs none.
    Optional,
}

/// One sign-in of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnSession {
    /// Its key.
    pub key: String,
    /// When the person signed in.
    pub started_at: Timestamp,
    /// When it was used last, to a minute.
    pub last_seen: Timestamp,
    /// The address from which the person signed in; empty where it is not known.
    pub address: String,
    /// How the browser described itself; empty where it did not.
    pub agent: String,
    /// It is the one that asks.
    pub current: bool,
}

/// A secret for an authenticator app.
#[derive(Clone, PartialEq, Eq)]
pub struct Offer {
    /// The secret in base 32, to be typed.
    pub secret: String,
    /// The address that a QR code carries.
    pub address: String,
}

impl Offer {
    /// The address from which an authenticator app takes a secret in base 32, with the name under which it shows it.
    #[must_use]
    pub fn address_of(label: &str, secret: &str) -> String {
        let label: String = label
            .bytes()
            .map(|byte| match byte {
                b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
                byte => format!("%{byte:02X}"),
            })
            .collect();
        format!("otpauth://totp/Plumbline:{label}?secret={secret}&issuer=Plumbline&algorithm=SHA1&digits=6&period=30")
    }
}

impl std::fmt::Debug for Offer {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("Offer(hidden)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_app_is_told_who_issued_the_secret_and_for_whom() {
        assert_eq!(
            Offer::address_of("lead+1@shop.example", "GEZDGNBV"),
            "otpauth://totp/Plumbline:lead%2B1%40shop.example?secret=GEZDGNBV&issuer=Plumbline&algorithm=SHA1\
             &digits=6&period=30"
        );
    }
}
