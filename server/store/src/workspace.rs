//! Workspaces: making one, and listing those of an account.

pub(crate) mod life;
pub(crate) mod policy;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use domain::backend::WorkspaceEntry;
use domain::command::changed::Changed;
use domain::command::{Change, Command, Revision};
use domain::id::{PersonId, SegmentId, WorkspaceId, slug};
use domain::model::Model;
use domain::model::fact::{Fact, Facts};
use domain::model::object::Object;
use domain::model::party::{PartyKind, Person};
use domain::model::relations::Trust;
use domain::model::sample::sample;
use domain::model::segment::Segment;
use domain::model::settings::Settings;
use domain::pack::job::PackNumber;
use domain::problem::{FieldCode, FieldError, Problem};
use domain::role::{Capability, Granter, Role, Standing};
use domain::time::{Day, Timestamp};
use uuid::Uuid;

use crate::account::{AccountRow, member};
use crate::actor::Actor;
use crate::audit;
use crate::clock::row_id;
use crate::db::{Tx, row, rows, run};
use crate::error::{Failure, StoreError};
use crate::execute::{Act, What, execute, write};
use crate::gate::permit;
use crate::live::Live;
use crate::model::party::link_person;
use crate::rows::{Reader, statements};
use crate::store::Store;

statements! {
    OF_ACCOUNT = "SELECT workspace.key, workspace.name, workspace.sample, workspace.archived_at, member.role \
        FROM workspace JOIN member ON member.workspace_id = workspace.id WHERE member.account_id = $1 \
        AND workspace.deleted_at IS NULL AND (member.engaged_from IS NULL OR member.engaged_from <= $2) \
        AND (member.engaged_until IS NULL OR member.engaged_until >= $2) ORDER BY workspace.name, workspace.key";
    /// Where time alone has changed what the findings are since that was last written down.
    DUE = "SELECT workspace.key FROM workspace LEFT JOIN finding_run ON finding_run.workspace_id = workspace.id \
        WHERE workspace.deleted_at IS NULL AND workspace.archived_at IS NULL \
        AND (finding_run.day IS NULL OR finding_run.day < $1 OR finding_run.next_change <= $2) ORDER BY workspace.key";
    /// Where time alone has changed where a schedule stands since that was last written down.
    DUE_SCHEDULES = "SELECT DISTINCT workspace.key FROM workspace \
        JOIN schedule_clock ON schedule_clock.workspace_id = workspace.id \
        WHERE workspace.deleted_at IS NULL AND workspace.archived_at IS NULL \
        AND schedule_clock.next_change <= $1 ORDER BY workspace.key";
    /// Packs that wait or are being made, of which nothing was heard since an instant.
    PACKING = "SELECT workspace.key, pack.number FROM workspace JOIN pack ON pack.workspace_id = workspace.id \
        WHERE workspace.deleted_at IS NULL AND pack.state IN ('waiting', 'making') AND pack.touched_at <= $1 \
        ORDER BY workspace.key, pack.number";
    /// Who gets a digest of which workspace. Whose engagement is over, or has not begun, reads nothing and gets none.
    SUBSCRIBED = "SELECT digest.workspace_id, digest.account_id, digest.rhythm, workspace.key AS workspace_key, \
        workspace.name, account.key AS account_key, account.mail FROM digest \
        JOIN workspace ON workspace.id = digest.workspace_id JOIN account ON account.id = digest.account_id \
        JOIN member ON member.workspace_id = digest.workspace_id AND member.account_id = digest.account_id \
        WHERE account.disabled_at IS NULL AND workspace.deleted_at IS NULL AND workspace.archived_at IS NULL \
        AND (member.engaged_from IS NULL OR member.engaged_from <= $1) \
        AND (member.engaged_until IS NULL OR member.engaged_until >= $1) \
        ORDER BY workspace.key, account.key";
    BY_KEY = "SELECT id FROM workspace WHERE key = $1 AND deleted_at IS NULL";
    /// The key of a deleted workspace is never given again: its audit trail has it.
    KEY_USED = "SELECT key FROM workspace WHERE key = $1";
    INSERT = "INSERT INTO workspace (id, key, name, sample, revision, created_at) VALUES ($1, $2, $3, $4, 0, $5)";
}

/// The name of the workspace that holds the sample estate.
pub(crate) const SAMPLE_NAME: &str = "Storefront payments (sample)";

/// Longest name of a workspace, in characters.
const NAME_MAX: usize = 120;

/// The workspaces in which findings became due by the passing of time.
pub(crate) async fn due(tx: &mut Tx, now: Timestamp) -> Result<Vec<WorkspaceId>, StoreError> {
    let found = rows!(tx, (String,), DUE, i64::from(now.day().0), now.0)?;
    Ok(found.into_iter().map(|(key,)| WorkspaceId::new(key)).collect())
}

/// The workspaces in which schedules became due by the passing of time.
pub(crate) async fn due_schedules(tx: &mut Tx, now: Timestamp) -> Result<Vec<WorkspaceId>, StoreError> {
    let found = rows!(tx, (String,), DUE_SCHEDULES, now.0)?;
    Ok(found.into_iter().map(|(key,)| WorkspaceId::new(key)).collect())
}

/// The packs that wait or are being made, of all workspaces, and of which nothing was heard since an instant.
pub(crate) async fn packing(tx: &mut Tx, since: Timestamp) -> Result<Vec<(WorkspaceId, PackNumber)>, StoreError> {
    let number = |it: i64| u32::try_from(it).map(PackNumber).map_err(|_| StoreError::TooLarge("number"));
    let found = rows!(tx, (String, i64), PACKING, since.0)?;
    found.into_iter().map(|(key, it)| Ok((WorkspaceId::new(key), number(it)?))).collect()
}

/// Somebody who gets a digest of a workspace.
#[derive(sqlx::FromRow)]
pub(crate) struct Subscribed {
    pub(crate) workspace_id: Uuid,
    pub(crate) account_id: Uuid,
    pub(crate) rhythm: String,
    pub(crate) workspace_key: String,
    pub(crate) name: String,
    pub(crate) account_key: String,
    pub(crate) mail: String,
}

/// Everybody who gets a digest on a day, by workspace.
pub(crate) async fn subscribed(tx: &mut Tx, today: Day) -> Result<Vec<Subscribed>, StoreError> {
    rows!(tx, Subscribed, SUBSCRIBED, i64::from(today.0))
}

/// A workspace that is to be made.
#[derive(Debug)]
pub(crate) struct Plan {
    name: String,
    sample: bool,
}

impl Plan {
    /// A name that a person typed. The sample has a name of its own where they typed none.
    pub(crate) fn parse(name: &str, sample: bool) -> Result<Self, Problem> {
        let name = match name.trim() {
            "" if sample => SAMPLE_NAME,
            name => name,
        };
        match check_name("name", name) {
            Some(error) => Err(Problem::Invalid(vec![error])),
            None => Ok(Self { name: name.to_owned(), sample }),
        }
    }
}

/// What is wrong with a name, if anything.
pub(crate) fn check_name(field: &str, name: &str) -> Option<FieldError> {
    let code = if name.trim().is_empty() {
        FieldCode::Missing
    } else if name.chars().count() > NAME_MAX {
        FieldCode::TooLong(120)
    } else if name.chars().any(char::is_control) {
        FieldCode::ControlCharacter
    } else {
        return None;
    };
    Some(FieldError::new(field, code))
}

/// A workspace that will exist once the transaction commits.
pub(crate) struct Made {
    key: WorkspaceId,
    id: Uuid,
    live: Option<Live>,
}

impl Made {
    /// Keeps the model in memory, after the commit; gives the workspace's key.
    pub(crate) fn keep(self, store: &Store) -> WorkspaceId {
        if let Some(live) = self.live {
            store.copies().keep(self.id, live);
        }
        self.key
    }
}

/// Makes a workspace with the start that was asked for. Each owner becomes a member and a person of the model. The
/// operator, who has no account, makes it for those who administer the instance.
pub(crate) async fn create(
    tx: &mut Tx,
    store: &Store,
    actor: &Actor,
    owners: &[AccountRow],
    plan: &Plan,
) -> Result<Made, Failure> {
    let now = store.now();
    let (id, key) = (row_id(now)?, free_key(tx, &plan.name).await?);
    run!(tx, INSERT, id, key.as_str(), plan.name.as_str(), plan.sample, now.0)?;
    for account in owners {
        // Whoever makes a workspace owns it.
        member::set(tx, id, account.id, Granter::Operator, Some(Standing::usual(Role::Owner)), now, None).await?;
    }
    audit::begin_chain(tx, id, key.as_str()).await?;

    let allowed = permit(tx, actor, &key, now.day(), Capability::ManageWorkspace).await?;
    let people = people(owners);
    let mut puts = vec![Object::Settings(Arc::new(Settings::default()))];
    puts.extend(people.values().map(|person| Object::Person(Arc::new(person.clone()))));
    if !plan.sample {
        puts.extend(default_segments().map(|segment| Object::Segment(Arc::new(segment))));
    }
    let mut after = Model::default();
    puts.iter().cloned().for_each(|object| after.put(object));
    let change = Change { puts, removals: Vec::new() };
    let what = What { action: "workspace.create", source: None, subject: None };
    let act = Act { permit: &allowed, actor, now };
    let nothing = Live::read(Revision(0), Model::default(), Changed::default());
    let mut live = write(tx, &act, &nothing, after, &change, &what).await?.live;
    for (account, person) in &people {
        link_person(tx, &allowed, &person.id, Some(*account)).await?;
    }

    if plan.sample {
        // The revision moved, and a permit knows the one that it was made at.
        let allowed = permit(tx, actor, &key, now.day(), Capability::ManageWorkspace).await?;
        let act = Act { permit: &allowed, actor, now };
        let command = Command::LoadSample(sample(now.day()));
        live = execute(tx, &act, store.copies(), &command).await?.live.or(live);
    }
    Ok(Made { key, id, live })
}

/// The workspaces in which an account is a member, by name.
pub(crate) async fn of_account(tx: &mut Tx, account: Uuid, today: Day) -> Result<Vec<WorkspaceEntry>, StoreError> {
    let rows = rows!(tx, (String, String, bool, Option<i64>, String), OF_ACCOUNT, account, i64::from(today.0))?;
    rows.into_iter()
        .map(|(key, name, sample, archived_at, role)| {
            let role = Reader::new("member", &key).word("role", &role)?;
            Ok(WorkspaceEntry { id: WorkspaceId::new(key), name, role, sample, archived: archived_at.is_some() })
        })
        .collect()
}

/// The row of a workspace, for the operator.
pub(crate) async fn id_of(tx: &mut Tx, key: &WorkspaceId) -> Result<Option<Uuid>, StoreError> {
    Ok(row!(tx, (Uuid,), BY_KEY, key.as_str())?.map(|(id,)| id))
}

/// The first free key made of a name: `shop`, `shop-2`, `shop-3` and so on.
async fn free_key(tx: &mut Tx, name: &str) -> Result<WorkspaceId, StoreError> {
    let slug = match slug(name) {
        slug if slug.is_empty() => "workspace".to_owned(),
        slug => slug,
    };
    let mut number = 1_u64;
    loop {
        let key = if number == 1 { slug.clone() } else { format!("{slug}-{number}") };
        if row!(tx, (String,), KEY_USED, key.as_str())?.is_none() {
            return Ok(WorkspaceId::new(key));
        }
        number += 1;
    }
}

/// The people of the model who are behind accounts, by account. Keys are made from names, each of them once.
fn people(accounts: &[AccountRow]) -> BTreeMap<Uuid, Person> {
    let mut taken = BTreeSet::new();
    let person = |account: &AccountRow| {
        let name = match slug(&account.name) {
            slug if slug.is_empty() => "owner".to_owned(),
            slug => slug,
        };
        let mut key = name.clone();
        while !taken.insert(key.clone()) {
            key = format!("{name}-{}", taken.len() + 1);
        }
        let person = Person {
            id: PersonId::new(key),
            name: account.name.clone(),
            kind: PartyKind::Person,
            mail: Some(account.mail.clone()),
            function: None,
            facts: Facts::new(),
        };
        (account.id, person)
    };
    accounts.iter().map(person).collect()
}

/// The segments with which an empty workspace starts, from the outside in.
fn default_segments() -> impl Iterator<Item = Segment> {
    const SEGMENTS: [(&str, Trust); 5] = [
        ("Internet", Trust::Untrusted),
        ("Edge", Trust::Public),
        ("CDE", Trust::Restricted),
        ("Internal", Trust::Internal),
        ("Office", Trust::Internal),
    ];
    (1..).zip(SEGMENTS).map(|(order, (name, trust))| {
        let mut segment = Segment::new(SegmentId::new(slug(name)), name);
        segment.trust = trust;
        segment.facts.insert("order".to_owned(), Fact::of(serde_json::Value::from(order)));
        segment
    })
}
