//! An account that has an authenticator app, or has to set one up, and is signed in twice.

use async_trait::async_trait;
use domain::backend::Backend as _;
use domain::backend::own_account::{Offer, OwnAccount, OwnSession, SecondFactor, Security};
use domain::problem::Problem;
use domain::time::Timestamp;

use crate::estate::Fake;

#[async_trait]
impl OwnAccount for Fake {
    async fn security(&self) -> Result<Security, Problem> {
        let session = |key: &str, current| OwnSession {
            key: key.to_owned(),
            started_at: Timestamp(1_795_000_000_000_000),
            last_seen: Timestamp(1_795_000_060_000_000),
            address: "203.0.113.9".to_owned(),
            agent: "\"><script>x()</script>".to_owned(),
            current,
        };
        Ok(Security {
            account: self.account().await?,
            second_factor: SecondFactor::InForce(Timestamp(1_795_000_000_000_000)),
            recovery_codes: 8,
            sessions: vec![session("this", true), session("other", false)],
        })
    }

    async fn offer_second_factor(&self) -> Result<(), Problem> {
        Err(Problem::Forbidden)
    }

    async fn second_factor_offer(&self) -> Result<Option<Offer>, Problem> {
        let secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ".to_owned();
        Ok(Some(Offer { address: Offer::address_of("lead@shop.example", &secret), secret }))
    }

    async fn confirm_second_factor(&self, _: &str) -> Result<Vec<String>, Problem> {
        Err(Problem::Forbidden)
    }

    async fn renew_recovery_codes(&self) -> Result<Vec<String>, Problem> {
        Err(Problem::Forbidden)
    }

    async fn end_session(&self, _: &str) -> Result<(), Problem> {
        Err(Problem::Forbidden)
    }

    async fn end_other_sessions(&self) -> Result<(), Problem> {
        Err(Problem::Forbidden)
    }
}
