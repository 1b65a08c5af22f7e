//! Incidents and what is prepared for them, behind the gate.

use async_trait::async_trait;
use domain::backend::incidents::{IncidentBook, IncidentHistory, Incidents, Kept, Prepared};
use domain::id::{PersonId, WorkspaceId};
use domain::incident::{Incident, IncidentKey, Preparation, Step};
use domain::problem::Problem;
use domain::role::Capability;

use super::risks::{me, refuse_nul};
use super::{Gate, Permit, permit};
use crate::db::{Tx, transact};
use crate::error::{Failure, StoreError};
use crate::execute::Act;
use crate::incident::{self, Record};
use crate::schedule::call;

#[async_trait]
impl Incidents for Gate {
    async fn incidents(&self, workspace: &WorkspaceId) -> Result<IncidentBook, Problem> {
        let outcome = self.read_incidents(workspace).await;
        self.told(outcome, "incidents", workspace).await
    }

    async fn incident(&self, workspace: &WorkspaceId, incident: IncidentKey) -> Result<IncidentHistory, Problem> {
        let outcome = self.read_incident(workspace, incident).await;
        self.told(outcome, "incident", workspace).await
    }

    async fn add_incident(&self, workspace: &WorkspaceId, incident: Incident) -> Result<IncidentKey, Problem> {
        let turn = self.store.turn(workspace).await;
        let outcome = transact!(self.store.db(), serial, |tx| self.try_add_incident(tx, workspace, &incident));
        drop(turn);
        self.told(outcome, "incident.add", workspace).await
    }

    async fn step_incident(
        &self,
        workspace: &WorkspaceId,
        incident: IncidentKey,
        step: Step,
        seen: i64,
    ) -> Result<bool, Problem> {
        let turn = self.store.turn(workspace).await;
        let about = (incident, &step);
        let outcome = transact!(self.store.db(), serial, |tx| self.try_incident_step(tx, workspace, about, seen));
        drop(turn);
        self.told(outcome, step.word(), workspace).await
    }

    async fn prepare(&self, workspace: &WorkspaceId, what: Prepared, seen: i64) -> Result<(u32, bool), Problem> {
        let turn = self.store.turn(workspace).await;
        let outcome = transact!(self.store.db(), serial, |tx| self.try_prepare(tx, workspace, &what, seen));
        drop(turn);
        self.told(outcome, "incident.prepare", workspace).await
    }
}

impl Gate {
    async fn read_incidents(&self, workspace: &WorkspaceId) -> Result<IncidentBook, Failure> {
        let mut tx = self.store.db().read().await?;
        let permit = permit(&mut tx, &self.actor, workspace, self.today(), Capability::ReadWorking).await?;
        let incidents = incident::list::<Incident>(&mut tx, &permit).await?;
        let book = IncidentBook {
            incidents: incidents.into_values().map(|it| (it.value.key, it.value)).collect(),
            preparation: incident::preparation(&mut tx, &permit).await?,
            playbooks: incident::list(&mut tx, &permit).await?,
            drills: incident::list(&mut tx, &permit).await?,
            now: self.store.now(),
            me: me(&mut tx, &permit).await?,
        };
        tx.rollback().await?;
        Ok(book)
    }

    async fn read_incident(&self, workspace: &WorkspaceId, key: IncidentKey) -> Result<IncidentHistory, Failure> {
        let mut tx = self.store.db().read().await?;
        let permit = permit(&mut tx, &self.actor, workspace, self.today(), Capability::ReadWorking).await?;
        let Kept { revision, value } = incident::one::<Incident>(&mut tx, &permit, key.0).await?;
        let versions = incident::versions(&mut tx, &permit, key).await?;
        tx.rollback().await?;
        Ok(IncidentHistory { incident: value, revision, versions })
    }

    async fn try_add_incident(
        &self,
        tx: &mut Tx,
        workspace: &WorkspaceId,
        new: &Incident,
    ) -> Result<IncidentKey, Failure> {
        let permit = permit(tx, &self.actor, workspace, self.today(), Capability::EditModel).await?;
        refuse_nul(new)?;
        let act = Act { permit: &permit, actor: &self.actor, now: self.store.now() };
        let key = IncidentKey(incident::add(tx, &act, new.clone(), "incident.add").await?);
        call::of_incident_opened(tx, &act, new).await?;
        Ok(key)
    }

    async fn try_incident_step(
        &self,
        tx: &mut Tx,
        workspace: &WorkspaceId,
        (key, step): (IncidentKey, &Step),
        seen: i64,
    ) -> Result<bool, Failure> {
        let permit = permit(tx, &self.actor, workspace, self.today(), Capability::EditModel).await?;
        let act = Act { permit: &permit, actor: &self.actor, now: self.store.now() };
        let before = incident::one::<Incident>(tx, &permit, key.0).await?;
        if before.revision > seen && !step.only_adds() {
            return Err(Problem::Conflict.into());
        }
        let duties = incident::preparation(tx, &permit).await?.value.table;
        let by = who(tx, &permit).await?;
        let after = step.clone().apply(&before.value, &duties, (&by, act.now))?;
        refuse_nul(&after)?;
        incident::edit(tx, &act, (key.0, &before), after, step.word()).await
    }

    async fn try_prepare(
        &self,
        tx: &mut Tx,
        workspace: &WorkspaceId,
        what: &Prepared,
        seen: i64,
    ) -> Result<(u32, bool), Failure> {
        let permit = permit(tx, &self.actor, workspace, self.today(), Capability::EditModel).await?;
        let act = Act { permit: &permit, actor: &self.actor, now: self.store.now() };
        match what {
            Prepared::Duties(drafted) => {
                let before = incident::preparation(tx, &permit).await?;
                let by = who(tx, &permit).await?;
                let after: Preparation = (**drafted).clone().resolve(&before.value, &by, act.now.day());
                let number = if before.revision == 0 { 0 } else { 1 };
                // Saving what comes with the product as it is says nothing.
                if number == 0 && after == before.value {
                    return Ok((1, false));
                }
                save(tx, &act, (number, seen), after, ["incident.duties"; 2]).await
            }
            Prepared::Playbook(it) => {
                let words = ["incident.playbook.add", "incident.playbook.edit"];
                save(tx, &act, (it.number, seen), (**it).clone(), words).await
            }
            Prepared::Drill(it) => {
                let words = ["incident.drill.add", "incident.drill.edit"];
                save(tx, &act, (it.number, seen), (**it).clone(), words).await
            }
        }
    }
}

/// Adds what has no number, and changes what has one, unless somebody else did since it was seen.
async fn save<T: Record>(
    tx: &mut Tx,
    act: &Act<'_>,
    (number, seen): (u32, i64),
    record: T,
    [add, edit]: [&str; 2],
) -> Result<(u32, bool), Failure> {
    refuse_nul(&record)?;
    if number == 0 {
        return Ok((incident::add(tx, act, record, add).await?, true));
    }
    let before = incident::one::<T>(tx, act.permit, number).await?;
    if before.revision > seen {
        return Err(Problem::Conflict.into());
    }
    Ok((number, incident::edit(tx, act, (number, &before), record, edit).await?))
}

/// Who acts, as the record names them: the person, or the account where it is linked to nobody.
pub(super) async fn who(tx: &mut Tx, permit: &Permit) -> Result<PersonId, StoreError> {
    let account = permit.account().map_or_else(|| "none".to_owned(), |id| id.to_string());
    Ok(me(tx, permit).await?.unwrap_or_else(|| PersonId::new(format!("account:{account}"))))
}
