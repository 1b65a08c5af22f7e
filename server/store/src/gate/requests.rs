//! Requests and samples, behind the gate. Who audits sees of the evidence what they were given, and a sample is drawn from
//! what was signed, whoever draws it.

use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;
use domain::backend::incidents::Kept;
use domain::backend::requests::{AskedOfEach, Downloaded, RequestBook, Requests};
use domain::evidence::engagement::sample::{Basis, Criteria, NoSample, Sample, SampleKey};
use domain::evidence::request::{Question, Request, RequestKey, Side, Step};
use domain::evidence::{EvidenceKey, Item};
use domain::id::{PersonId, WorkspaceId};
use domain::problem::{FieldCode, Problem};
use domain::role::{Capability, Role};
use serde_json::json;
use uuid::Uuid;

use super::incidents::who;
use super::risks::refuse_nul;
use super::{Gate, Permit, permit, without_controls};
use crate::audit::payload::Payload;
use crate::audit::{self, Chain, Subject};
use crate::db::{Tx, row, transact};
use crate::error::{Failure, StoreError};
use crate::execute::Act;
use crate::library;
use crate::review::sealed;
use crate::rows::statements;
use crate::snapshot;

statements! {
    NAME = "SELECT name FROM account WHERE id = $1";
}

#[async_trait]
impl Requests for Gate {
    async fn requests(&self, workspace: &WorkspaceId) -> Result<RequestBook, Problem> {
        let outcome = self.read_requests(workspace).await;
        self.told(outcome, "requests", workspace).await
    }

    async fn ask(&self, workspace: &WorkspaceId, question: Question) -> Result<RequestKey, Problem> {
        let turn = self.store.turn(workspace).await;
        let outcome = transact!(self.store.db(), serial, |tx| async {
            let (permit, by) = self.may_ask(tx, workspace).await?;
            let act = Act { permit: &permit, actor: &self.actor, now: self.store.now() };
            refuse_nul(&question)?;
            library::add(tx, &act, Request::new(question.clone(), by, act.now), "request.ask").await
        });
        drop(turn);
        self.told(outcome, "request.ask", workspace).await.map(RequestKey)
    }

    async fn step_request(
        &self,
        workspace: &WorkspaceId,
        request: RequestKey,
        step: Step,
        seen: i64,
    ) -> Result<(), Problem> {
        let turn = self.store.turn(workspace).await;
        let about = (request, seen);
        let outcome = transact!(self.store.db(), serial, |tx| self.try_request_step(tx, workspace, about, &step));
        drop(turn);
        self.told(outcome, step.word(), workspace).await
    }

    async fn draw_sample(&self, workspace: &WorkspaceId, criteria: Criteria) -> Result<SampleKey, Problem> {
        let turn = self.store.turn(workspace).await;
        let outcome = transact!(self.store.db(), serial, |tx| self.try_draw(tx, workspace, &criteria));
        drop(turn);
        self.told(outcome, "sample.draw", workspace).await.map(SampleKey)
    }

    async fn freeze_sample(&self, workspace: &WorkspaceId, sample: SampleKey, seen: i64) -> Result<(), Problem> {
        let turn = self.store.turn(workspace).await;
        let outcome = transact!(self.store.db(), serial, |tx| async {
            let (permit, by) = self.may_ask(tx, workspace).await?;
            let act = Act { permit: &permit, actor: &self.actor, now: self.store.now() };
            let before = library::seen_as::<Sample>(tx, &act, &sample.to_string(), seen).await?;
            let mut after = before.value.clone();
            after.freeze(&by, act.now).map_err(|code| Problem::field("step", code))?;
            library::put(tx, &act, Some(&before), &after, "sample.freeze").await
        });
        drop(turn);
        self.told(outcome, "sample.freeze", workspace).await.map(drop)
    }

    async fn ask_of_sample(
        &self,
        workspace: &WorkspaceId,
        sample: SampleKey,
        asked: AskedOfEach,
        seen: i64,
    ) -> Result<usize, Problem> {
        let turn = self.store.turn(workspace).await;
        let about = (sample, seen);
        let outcome = transact!(self.store.db(), serial, |tx| self.try_ask_of_each(tx, workspace, about, &asked));
        drop(turn);
        self.told(outcome, "sample.ask", workspace).await
    }

    async fn note_download(&self, workspace: &WorkspaceId, file: &Downloaded) -> Result<(), Problem> {
        let outcome = transact!(self.store.db(), locking, |tx| async {
            let permit = permit(tx, &self.actor, workspace, self.today(), Capability::ReadModel).await?;
            if permit.sees_working() {
                return Ok(());
            }
            let Downloaded { what, sha256, bytes, whole } = file;
            let what = without_controls(what);
            let plain = json!({ "sha256": sha256, "bytes": bytes, "whole": whole });
            // A filter in the address is a text that a person wrote.
            let payload = Payload::with_personal(&plain, &[("what", &what)])?;
            let subject = Subject { kind: "workspace", key: permit.key().as_str(), revision: None };
            let (chain, now) = (Chain::Workspace(&permit), self.store.now());
            Ok(audit::append(tx, &chain, now, &self.actor, "file.download", Some(&subject), &payload).await?)
        });
        self.told(outcome, "file.download", workspace).await
    }
}

/// For whom a member speaks.
pub(super) const fn side(permit: &Permit) -> Side {
    match permit.entry().role {
        Role::Auditor => Side::Auditor,
        Role::Owner | Role::Admin | Role::Editor | Role::Reviewer | Role::Viewer => Side::Team,
    }
}

impl Gate {
    async fn read_requests(&self, workspace: &WorkspaceId) -> Result<RequestBook, Failure> {
        let mut tx = self.store.db().read().await?;
        let permit = permit(&mut tx, &self.actor, workspace, self.today(), Capability::ReadModel).await?;
        let requests = library::list(&mut tx, &permit, |it: &Request| it.key).await?;
        let samples = library::list(&mut tx, &permit, |it: &Sample| it.key).await?;
        let mut items = library::list(&mut tx, &permit, |it: &Item| it.key).await?;
        if !permit.sees_working() {
            let given = given(&requests);
            items.retain(|key, _| given.contains(key));
        }
        let now = self.store.now();
        let book = RequestBook {
            names: names(&mut tx, &requests, &samples).await?,
            requests,
            samples,
            items,
            side: side(&permit),
            me: who(&mut tx, &permit).await?,
            today: self.zone(&mut tx, &permit).await?.day_of(now),
            now,
        };
        tx.rollback().await?;
        Ok(book)
    }

    /// The permit of somebody who may ask for evidence, and who they are. Programs and the operator are nobody.
    async fn may_ask(&self, tx: &mut Tx, workspace: &WorkspaceId) -> Result<(Permit, PersonId), Failure> {
        let permit = permit(tx, &self.actor, workspace, self.today(), Capability::AskForEvidence).await?;
        let by = who(tx, &permit).await?;
        Ok((permit, by))
    }

    async fn try_request_step(
        &self,
        tx: &mut Tx,
        workspace: &WorkspaceId,
        (key, seen): (RequestKey, i64),
        step: &Step,
    ) -> Result<(), Failure> {
        let (mut permit, by) = self.may_ask(tx, workspace).await?;
        let side = side(&permit);
        match step.side() {
            Some(of) if of != side => return Err(Failure::Denied(Problem::Forbidden)),
            // What the team hands over is part of its work.
            Some(Side::Team) => {
                permit = super::permit(tx, &self.actor, workspace, self.today(), Capability::EditModel).await?;
            }
            Some(Side::Auditor) | None => {}
        }
        let act = Act { permit: &permit, actor: &self.actor, now: self.store.now() };
        refuse_nul(step)?;
        if let Step::Answer { items, .. } = step {
            for item in items {
                if library::find::<Item>(tx, &permit, &item.to_string()).await?.is_none() {
                    return Err(Problem::field("item", FieldCode::NoSuchObject).into());
                }
            }
        }
        let before = library::seen_as::<Request>(tx, &act, &key.to_string(), seen).await?;
        let mut after = before.value.clone();
        after.take(step.clone(), side, &by, act.now).map_err(|code| Problem::field("step", code))?;
        library::put(tx, &act, Some(&before), &after, step.word()).await?;
        Ok(())
    }

    async fn try_draw(&self, tx: &mut Tx, workspace: &WorkspaceId, criteria: &Criteria) -> Result<u32, Failure> {
        let (permit, by) = self.may_ask(tx, workspace).await?;
        let act = Act { permit: &permit, actor: &self.actor, now: self.store.now() };
        refuse_nul(criteria)?;
        let unsigned = || Failure::Problem(Problem::field("kind", FieldCode::NothingSigned));
        let taken = snapshot::signed_last(tx, &permit).await?.ok_or_else(unsigned)?;
        let signed = taken.signed.ok_or_else(unsigned)?;
        let rows = sealed::chain(tx, &permit).await?;
        let seal = rows.into_iter().find(|it| it.key == signed.seal).ok_or_else(unsigned)?;
        let past = snapshot::open(tx, &permit, self.store.opened(), &taken).await?;
        let (criteria, workspace) = (criteria.clone(), permit.key().to_string());
        let drawn = tokio::task::spawn_blocking(move || {
            let (model, scope) = (&past.judged.model, &past.judged.scope);
            let basis = Basis { workspace: &workspace, seal: seal.key, hash: &seal.sealed.hash, model, scope };
            Sample::draw(criteria, basis, by, act.now)
        });
        let drawn = drawn.await.map_err(StoreError::from)?.map_err(|why| match why {
            NoSample::Kind => Problem::field("kind", FieldCode::NotInList),
            NoSample::Empty => Problem::field("filter", FieldCode::NothingPasses),
        })?;
        library::add(tx, &act, drawn, "sample.draw").await
    }

    async fn try_ask_of_each(
        &self,
        tx: &mut Tx,
        workspace: &WorkspaceId,
        (key, seen): (SampleKey, i64),
        asked: &AskedOfEach,
    ) -> Result<usize, Failure> {
        let (permit, by) = self.may_ask(tx, workspace).await?;
        let act = Act { permit: &permit, actor: &self.actor, now: self.store.now() };
        refuse_nul(&asked.text)?;
        let before = library::seen_as::<Sample>(tx, &act, &key.to_string(), seen).await?;
        let questions = before.value.questions(&asked.text, asked.requirement.as_ref(), asked.due);
        let questions = questions.map_err(|code| match code {
            FieldCode::NotInThisState => Problem::field("step", code),
            other => Problem::field("text", other),
        })?;
        let mut after = before.value.clone();
        for question in questions {
            let request = Request::new(question, by.clone(), act.now);
            after.requests.push(RequestKey(library::add(tx, &act, request, "request.ask").await?));
        }
        library::put(tx, &act, Some(&before), &after, "sample.ask").await?;
        Ok(after.requests.len())
    }
}

/// The items that were handed over with an answer, once and for all.
pub(super) fn given(requests: &BTreeMap<RequestKey, Kept<Request>>) -> BTreeSet<EvidenceKey> {
    requests.values().flat_map(|it| it.value.given()).collect()
}

/// The names of those who are no people of the inventory.
async fn names(
    tx: &mut Tx,
    requests: &BTreeMap<RequestKey, Kept<Request>>,
    samples: &BTreeMap<SampleKey, Kept<Sample>>,
) -> Result<BTreeMap<PersonId, String>, StoreError> {
    let asked = requests.values().flat_map(|it| {
        let of_steps = it.value.history.iter().map(|it| &it.by);
        std::iter::once(&it.value.by).chain(of_steps)
    });
    let drew = samples.values().flat_map(|it| {
        let froze = it.value.frozen.iter().map(|(by, _)| by);
        std::iter::once(&it.value.drawn.0).chain(froze)
    });
    let all: BTreeSet<&PersonId> = asked.chain(drew).collect();
    let mut names = BTreeMap::new();
    for person in all {
        let account = person.as_str().strip_prefix("account:").and_then(|it| it.parse::<Uuid>().ok());
        let Some(account) = account else { continue };
        if let Some((name,)) = row!(tx, (String,), NAME, account)? {
            names.insert(person.clone(), name);
        }
    }
    Ok(names)
}
