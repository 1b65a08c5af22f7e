//! The part of the gate that is about the account of whoever asks.

use async_trait::async_trait;
use domain::backend::own_account::{Offer, OwnAccount, SecondFactor, Security};
use domain::problem::Problem;

use super::{Gate, told};
use crate::account::standing::{Awaits, anyone, require_recent};
use crate::account::{recovery, second_factor, standing};
use crate::db::{Tx, transact};
use crate::error::Failure;
use crate::session;

#[async_trait]
impl OwnAccount for Gate {
    async fn security(&self) -> Result<Security, Problem> {
        let outcome = async {
            let mut tx = self.store.db().read().await?;
            let security = self.read_security(&mut tx).await?;
            tx.rollback().await?;
            Ok(security)
        };
        outcome.await.map_err(|failure| told(failure, "security"))
    }

    async fn offer_second_factor(&self) -> Result<(), Problem> {
        let outcome = transact!(self.store.db(), locking, |tx| second_factor::offer(tx, &self.store, &self.actor));
        outcome.map_err(|failure| told(failure, "second_factor.offer"))
    }

    async fn second_factor_offer(&self) -> Result<Option<Offer>, Problem> {
        let outcome = async {
            let mut tx = self.store.db().read().await?;
            let account = self.before_enrolment(&mut tx).await?;
            let offer = second_factor::offered(&mut tx, &self.store, &account).await?;
            tx.rollback().await?;
            Ok(offer)
        };
        outcome.await.map_err(|failure| told(failure, "second_factor.offer"))
    }

    async fn confirm_second_factor(&self, code: &str) -> Result<Vec<String>, Problem> {
        let outcome = async {
            // Asked before ten hashes are computed for a code that does not fit; decided again in the transaction.
            let mut tx = self.store.db().read().await?;
            let account = self.before_enrolment(&mut tx).await?;
            second_factor::check_offer(&mut tx, &self.store, &account, code).await?;
            tx.rollback().await?;
            let codes = recovery::make(&self.store).await?;
            transact!(self.store.db(), locking, |tx| second_factor::confirm(
                tx,
                &self.store,
                &self.actor,
                code,
                &codes
            ))?;
            Ok(codes.shown)
        };
        outcome.await.map_err(|failure| told(failure, "second_factor.enrol"))
    }

    async fn renew_recovery_codes(&self) -> Result<Vec<String>, Problem> {
        let outcome = async {
            let mut tx = self.store.db().read().await?;
            require_recent(&mut tx, &self.actor, self.store.now()).await?;
            tx.rollback().await?;
            let codes = recovery::make(&self.store).await?;
            transact!(self.store.db(), locking, |tx| second_factor::renew_codes(tx, &self.store, &self.actor, &codes))?;
            Ok(codes.shown)
        };
        outcome.await.map_err(|failure| told(failure, "recovery_codes.renew"))
    }

    async fn end_session(&self, key: &str) -> Result<(), Problem> {
        let outcome = transact!(self.store.db(), locking, |tx| async {
            require_recent(tx, &self.actor, self.store.now()).await?;
            let (account, ..) = anyone(tx, &self.actor).await?;
            session::end_one_of(tx, self.store.now(), account.id, key).await?;
            Ok(())
        });
        outcome.map_err(|failure| told(failure, "session.end"))
    }

    async fn end_other_sessions(&self) -> Result<(), Problem> {
        let outcome = transact!(self.store.db(), locking, |tx| async {
            require_recent(tx, &self.actor, self.store.now()).await?;
            let (account, ..) = anyone(tx, &self.actor).await?;
            session::end_account(tx, self.store.now(), account.id, self.actor.session()).await?;
            Ok(())
        });
        outcome.map_err(|failure| told(failure, "session.end"))
    }
}

impl Gate {
    async fn read_security(&self, tx: &mut Tx) -> Result<Security, Failure> {
        let account = self.before_enrolment(tx).await?;
        let now = self.store.now();
        let in_force = second_factor::in_force(tx, account.id).await?;
        let requirement = standing::requirement(tx, now, account.id).await?;
        let second_factor = match (in_force, requirement.due) {
            (Some((_, since)), _) => SecondFactor::InForce(since),
            (None, Some(due)) => SecondFactor::Due(due),
            (None, None) => SecondFactor::Optional,
        };
        let left = recovery::left(tx, account.id).await?;
        let sessions = session::own(tx, now, account.id, self.actor.session().unwrap_or_default()).await?;
        Ok(Security {
            account: account.into(),
            second_factor,
            recovery_codes: u32::try_from(left).unwrap_or_default(),
            sessions,
        })
    }

    /// The account, where nothing but setting up a second factor stands before it.
    async fn before_enrolment(&self, tx: &mut Tx) -> Result<crate::account::AccountRow, Failure> {
        match anyone(tx, &self.actor).await? {
            (_, Awaits::Code, _) => Err(Problem::SecondFactor.into()),
            (account, Awaits::Nothing | Awaits::Enrolment, _) => Ok(account),
        }
    }
}
