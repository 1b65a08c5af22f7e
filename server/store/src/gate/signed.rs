//! What was signed, for whoever sees nothing else: an auditor.

use std::sync::Arc;

use domain::backend::Estate;
use domain::command::Revision;
use domain::command::changed::Changed;
use domain::model::Model;
use domain::moment::Moment;
use domain::scope::compute;

use super::{Gate, Permit};
use crate::db::Tx;
use crate::error::Failure;
use crate::snapshot;

impl Gate {
    /// The model that was signed last; one with nothing in it where nothing was signed yet.
    pub(super) async fn signed_estate(&self, tx: &mut Tx, permit: &Permit) -> Result<Estate, Failure> {
        match snapshot::signed_last(tx, permit).await? {
            Some(taken) => self.estate_of(tx, permit, taken).await,
            None => Ok(self.unsigned(permit)),
        }
    }

    fn unsigned(&self, permit: &Permit) -> Estate {
        let model = Arc::new(Model::default());
        Estate {
            workspace: permit.entry().clone(),
            revision: Revision(0),
            scope: Arc::new(compute(&model)),
            stored: Arc::clone(&model),
            model,
            changed: Arc::new(Changed::default()),
            today: self.today(),
            found: Arc::default(),
            moment: Moment::Unsigned,
        }
    }
}
