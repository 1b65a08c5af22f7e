//! Everything with a date, and how a member is told of it, behind the gate.
//!
//! Which notices somebody read is nobody else's business and leaves no entry in the audit trail; a feed and a digest take
//! something out of the workspace, and do.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use async_trait::async_trait;
use domain::backend::calendar::{Agenda, Calendar, FeedEntry, Told, Which};
use domain::digest::Rhythm;
use domain::evidence::inbox;
use domain::evidence::request::Request;
use domain::findings::life::Acting;
use domain::id::{AccountId, WorkspaceId};
use domain::incident::record::Phase;
use domain::incident::{Deadline, Incident, deadlines};
use domain::model::Model;
use domain::notice::{self, Notice, Reader, Sources};
use domain::problem::Problem;
use domain::proposal::Circle;
use domain::review::OpenReview;
use domain::risk::view::mine::mine;
use domain::risk::view::tasks::{Task, tasks};
use domain::risk::{Risk, RiskKey};
use domain::role::Capability;
use domain::schedule::analysis::Analysis;
use domain::schedule::assurance::Activity;
use domain::schedule::calendar::{self, entries};
use domain::schedule::{Planned, Zone};
use domain::time::Day;
use serde_json::json;
use uuid::Uuid;

use super::incidents::who;
use super::proposals::circle;
use super::requests::side;
use super::risks::{me, tier};
use super::{Gate, permit};
use crate::account::standing::require_recent;
use crate::actor::Actor;
use crate::audit::payload::Payload;
use crate::audit::{self, Chain, Subject};
use crate::db::{Tx, transact};
use crate::error::Failure;
use crate::findings::record;
use crate::gate::Permit;
use crate::review::kept as sessions;
use crate::risk::setting;
use crate::schedule::{self, run};
use crate::{acceptance, comment, digest, feed, incident, library, notice as kept, proposal};

/// So many days back comments are read for who is named in them.
const COMMENT_DAYS: i64 = 31;

#[async_trait]
impl Calendar for Gate {
    async fn agenda(&self, workspace: &WorkspaceId) -> Result<Agenda, Problem> {
        let outcome = self.read_agenda(workspace).await;
        self.told(outcome, "calendar", workspace).await
    }

    async fn notices(&self, workspace: &WorkspaceId) -> Result<Vec<Told>, Problem> {
        let outcome = self.find_notices(workspace).await;
        self.told(outcome, "notices", workspace).await
    }

    async fn unread_notices(&self, workspace: &WorkspaceId) -> Result<usize, Problem> {
        let outcome = self.count_unread(workspace).await;
        self.told(outcome, "notices", workspace).await
    }

    async fn read_notices(&self, workspace: &WorkspaceId, which: Which) -> Result<usize, Problem> {
        let outcome = async {
            let present: BTreeSet<String> =
                self.find_notices(workspace).await?.into_iter().map(|it| it.notice.key).collect();
            let keys = match which {
                Which::All => present.clone(),
                Which::These(keys) => keys,
            };
            transact!(self.store.db(), serial, |tx| self.try_mark(tx, workspace, (&keys, &present)))
        };
        let outcome = outcome.await;
        self.told(outcome, "notice.read", workspace).await
    }

    async fn feed(&self, workspace: &WorkspaceId) -> Result<Option<FeedEntry>, Problem> {
        let outcome = async {
            let mut tx = self.store.db().read().await?;
            let permit = permit(&mut tx, &self.actor, workspace, self.today(), Capability::ReadWorking).await?;
            let found = match permit.account() {
                Some(account) => feed::of_account(&mut tx, &permit, account).await?,
                None => None,
            };
            tx.rollback().await?;
            Ok(found)
        };
        let outcome = outcome.await;
        self.told(outcome, "calendar.feed", workspace).await
    }

    async fn make_feed(&self, workspace: &WorkspaceId) -> Result<String, Problem> {
        let outcome = transact!(self.store.db(), serial, |tx| self.try_make_feed(tx, workspace));
        self.told(outcome, "calendar.feed.make", workspace).await
    }

    async fn end_feed(&self, workspace: &WorkspaceId) -> Result<(), Problem> {
        let outcome = transact!(self.store.db(), serial, |tx| self.try_end_feed(tx, workspace));
        self.told(outcome, "calendar.feed.end", workspace).await
    }

    async fn digest(&self, workspace: &WorkspaceId) -> Result<Rhythm, Problem> {
        let outcome = async {
            let mut tx = self.store.db().read().await?;
            let permit = permit(&mut tx, &self.actor, workspace, self.today(), Capability::ReadModel).await?;
            let rhythm = match permit.account() {
                Some(account) => digest::rhythm(&mut tx, &permit, account).await?,
                None => Rhythm::Off,
            };
            tx.rollback().await?;
            Ok(rhythm)
        };
        let outcome = outcome.await;
        self.told(outcome, "digest", workspace).await
    }

    async fn set_digest(&self, workspace: &WorkspaceId, rhythm: Rhythm) -> Result<bool, Problem> {
        let outcome = transact!(self.store.db(), serial, |tx| self.try_set_digest(tx, workspace, rhythm));
        self.told(outcome, "digest.set", workspace).await
    }
}

/// What the dates of a workspace are read from, and what waits beside them.
struct Gathered {
    agenda: Agenda,
    model: Arc<Model>,
    risks: Arc<BTreeMap<RiskKey, Arc<Risk>>>,
    tasks: Vec<Task>,
    reviews: Vec<OpenReview>,
}

impl Gate {
    async fn read_agenda(&self, workspace: &WorkspaceId) -> Result<Agenda, Failure> {
        let mut tx = self.store.db().read().await?;
        let permit = permit(&mut tx, &self.actor, workspace, self.today(), Capability::ReadWorking).await?;
        Ok(self.gather(tx, &permit).await?.agenda)
    }

    async fn gather(&self, mut tx: Tx, permit: &Permit) -> Result<Gathered, Failure> {
        let now = self.store.now();
        let live = self.store.copies().current(&mut tx, permit).await?;
        let scheme = setting::current(&mut tx, permit).await?.register.scheme;
        let risks = self.store.risks().all(&mut tx, permit).await?;
        let kept = acceptance::latest(&mut tx, permit).await?;
        let all = incident::list::<Incident>(&mut tx, permit).await?;
        let duties = incident::preparation(&mut tx, permit).await?.value.table;
        let planned: Vec<Planned> = run::all(&mut tx, permit).await?.into_values().map(|it| it.value).collect();
        let activities = schedule::list::<Activity>(&mut tx, permit).await?.into_values().map(|it| it.value);
        let activities: Vec<Activity> = activities.collect();
        let analyses = schedule::list::<Analysis>(&mut tx, permit).await?.into_values().map(|it| it.value);
        let analyses: Vec<Analysis> = analyses.collect();
        let reviews = sessions::open(&mut tx, permit).await?;
        let reviews: Vec<OpenReview> = reviews.iter().filter_map(|it| OpenReview::of(&it.session)).collect();
        let me = me(&mut tx, permit).await?;
        let acceptances = self.stand(tx, permit, kept, (&risks, scheme)).await?;
        let judged = live.judge(now.day()).await?;
        let model = Arc::clone(&judged.model);
        self.store.copies().keep(permit.workspace(), live.judged(judged));
        let open = all.into_values().map(|it| it.value).filter(|it| it.phase != Phase::Closed);
        let incidents: Vec<(Incident, Vec<Deadline>)> = open
            .map(|it| {
                let due = deadlines(&it, &duties, now);
                (it, due)
            })
            .collect();
        let listed: Vec<&Risk> = risks.values().map(|it| &**it).collect();
        let sources = calendar::Sources {
            model: &model,
            schedules: &planned,
            reviews: &reviews,
            analyses: &analyses,
            risks: &listed,
            acceptances: &acceptances,
            activities: &activities,
            incidents: &incidents,
        };
        let zone = Zone::of(&model);
        let entries = entries(&sources, &zone, now, Day(i32::MAX));
        let tasks = tasks(&risks, &acceptances);
        let today = zone.day_of(now);
        Ok(Gathered { agenda: Agenda { entries, zone, now, today, me }, model, risks, tasks, reviews })
    }

    /// What concerns whoever asks. Neither a program nor the operator is a person.
    async fn find_notices(&self, workspace: &WorkspaceId) -> Result<Vec<Told>, Failure> {
        let mut tx = self.store.db().read().await?;
        let permit = permit(&mut tx, &self.actor, workspace, self.today(), Capability::ReadModel).await?;
        let (Some(account), Some(key)) = (permit.account(), self.actor.id()) else {
            tx.rollback().await?;
            return Ok(Vec::new());
        };
        let (key, role) = (AccountId::new(key), permit.entry().role);
        let read = kept::read(&mut tx, &permit, account).await?;
        let asked = self.asked(&mut tx, &permit).await?;
        let told = |all: Vec<Notice>| {
            all.into_iter().map(|notice| Told { read: read.contains(&notice.key), notice }).collect()
        };
        if !permit.sees_working() {
            tx.rollback().await?;
            return Ok(told(asked));
        }
        let comments = if role.may(Capability::Comment) {
            let since = self.store.now().plus_seconds(-COMMENT_DAYS * 86_400);
            comment::naming(&mut tx, &permit, since).await?
        } else {
            Vec::new()
        };
        let (proposals, circle) = if role.may(Capability::ReviewProposals) {
            (proposal::list(&mut tx, &permit).await?, circle(&mut tx, &permit).await?)
        } else {
            (Vec::new(), Circle::default())
        };
        let person = me(&mut tx, &permit).await?;
        // What is written down about findings is what a page computes, so that the rules need not run for this.
        let records = record::waiting(&mut tx, &permit, person.as_ref()).await?;
        let Gathered { agenda, model, risks, tasks, reviews } = self.gather(tx, &permit).await?;
        let acting = Acting { account: Some(key.clone()), person: agenda.me.clone(), tier: permit.standing().tier };
        let found = mine([], &tasks, agenda.me.as_ref(), tier(&permit), agenda.today);
        let reader = Reader { account: &key, person: agenda.me.as_ref(), role, acting: &acting };
        let sources = Sources {
            entries: &agenda.entries,
            model: &model,
            decisions: &found.decisions,
            risks: &risks,
            proposals: &proposals,
            reviews: &reviews,
            circle: &circle,
            records: &records,
            comments: &comments,
        };
        let mut all = notice::notices(&reader, &sources, agenda.today, agenda.now);
        all.extend(asked);
        all.sort();
        Ok(told(all))
    }

    /// What waits for whoever asks in the inbox of requests.
    async fn asked(&self, tx: &mut Tx, permit: &Permit) -> Result<Vec<Notice>, Failure> {
        let all = library::list(tx, permit, |it: &Request| it.key).await?;
        if all.is_empty() {
            return Ok(Vec::new());
        }
        let me = who(tx, permit).await?;
        let today = self.zone(tx, permit).await?.day_of(self.store.now());
        let answers = permit.entry().role.may(Capability::EditModel);
        let reader = inbox::Reader { side: side(permit), me: &me, answers };
        let mut told: Vec<Notice> = inbox::notices(all.values().map(|it| &it.value), reader, today).collect();
        told.sort();
        Ok(told)
    }

    async fn count_unread(&self, workspace: &WorkspaceId) -> Result<usize, Failure> {
        let mut tx = self.store.db().read().await?;
        let permit = permit(&mut tx, &self.actor, workspace, self.today(), Capability::ReadModel).await?;
        tx.rollback().await?;
        let Some(account) = permit.account() else { return Ok(0) };
        let (whose, now) = ((permit.workspace(), account), self.store.now());
        if let Some(count) = self.store.unread().get(whose, permit.revision(), now) {
            return Ok(count);
        }
        let count = self.find_notices(workspace).await?.iter().filter(|it| !it.read).count();
        self.store.unread().keep(whose, permit.revision(), now, count);
        Ok(count)
    }

    async fn try_mark(
        &self,
        tx: &mut Tx,
        workspace: &WorkspaceId,
        keys: (&BTreeSet<String>, &BTreeSet<String>),
    ) -> Result<usize, Failure> {
        let (permit, account) = self.oneself(tx, workspace).await?;
        let marked = kept::mark(tx, &permit, account, self.store.now(), keys).await?;
        self.store.unread().forget((permit.workspace(), account));
        Ok(marked)
    }

    async fn try_make_feed(&self, tx: &mut Tx, workspace: &WorkspaceId) -> Result<String, Failure> {
        let (permit, account) = self.oneself(tx, workspace).await?;
        if !permit.sees_working() {
            return Err(Failure::Denied(Problem::Forbidden));
        }
        require_recent(tx, &self.actor, self.store.now()).await?;
        let (key, secret) = feed::make(tx, &permit, account, self.store.now()).await?;
        self.note_own(tx, &permit, "calendar.feed.make", ("feed", &key), &Payload::plain(&json!({}))).await?;
        Ok(secret)
    }

    async fn try_end_feed(&self, tx: &mut Tx, workspace: &WorkspaceId) -> Result<(), Failure> {
        let (permit, account) = self.oneself(tx, workspace).await?;
        if !permit.sees_working() {
            return Err(Failure::Denied(Problem::Forbidden));
        }
        let held = feed::of_account(tx, &permit, account).await?.ok_or(Problem::NotFound)?;
        feed::end(tx, &permit, account).await?;
        let key = held.key.trim_start_matches("plc_").to_owned();
        self.note_own(tx, &permit, "calendar.feed.end", ("feed", &key), &Payload::plain(&json!({}))).await
    }

    async fn try_set_digest(&self, tx: &mut Tx, workspace: &WorkspaceId, to: Rhythm) -> Result<bool, Failure> {
        let (permit, account) = self.oneself(tx, workspace).await?;
        let before = digest::rhythm(tx, &permit, account).await?;
        if before == to {
            return Ok(false);
        }
        digest::set(tx, &permit, account, to).await?;
        let key = self.actor.id().unwrap_or_default();
        let payload = Payload::plain(&json!({ "before": before, "after": to }));
        self.note_own(tx, &permit, "digest.set", ("digest", key), &payload).await?;
        Ok(true)
    }

    /// The member who asks, for what is theirs alone. Neither a program nor the operator has any of it.
    async fn oneself(&self, tx: &mut Tx, workspace: &WorkspaceId) -> Result<(Permit, Uuid), Failure> {
        let permit = permit(tx, &self.actor, workspace, self.today(), Capability::ReadModel).await?;
        match (&self.actor, permit.account()) {
            (Actor::Account { .. }, Some(account)) => Ok((permit, account)),
            _ => Err(Failure::Denied(Problem::Forbidden)),
        }
    }

    async fn note_own(
        &self,
        tx: &mut Tx,
        permit: &Permit,
        action: &str,
        (kind, key): (&str, &str),
        payload: &Payload,
    ) -> Result<(), Failure> {
        let subject = Subject { kind, key, revision: None };
        let (chain, now) = (Chain::Workspace(permit), self.store.now());
        Ok(audit::append(tx, &chain, now, &self.actor, action, Some(&subject), payload).await?)
    }
}
