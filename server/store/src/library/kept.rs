//! Saving what people say of requirements, with what the server knows better than a form: who said it, when, and what was
//! approved.

use std::collections::BTreeMap;

use domain::backend::incidents::Kept;
use domain::evidence::draft::About;
use domain::evidence::file::Sha256;
use domain::evidence::item::{ItemChange, Version};
use domain::evidence::policy::Policy;
use domain::evidence::{EvidenceKey, Item};
use domain::id::PersonId;
use domain::library::framework::FRAMEWORKS_MAX;
use domain::library::reference::Framework;
use domain::library::{OwnFramework, Position, RequirementKey};
use domain::problem::{FieldCode, Problem};
use domain::time::Day;

use super::{Record as _, Word, add, count, find, list, put, seen_as, versions};
use crate::actor::Actor;
use crate::db::Tx;
use crate::error::Failure;
use crate::execute::Act;
use crate::files::Files;

/// The record as it was seen, where there is one; a conflict where somebody changed it since.
async fn seen<T: super::Record>(tx: &mut Tx, act: &Act<'_>, record: &T, seen: i64) -> Result<Option<Kept<T>>, Failure> {
    match find::<T>(tx, act.permit, &record.key()).await? {
        None if seen > 0 => Err(Problem::NotFound.into()),
        Some(before) if before.revision > seen => Err(Problem::Conflict.into()),
        before => Ok(before),
    }
}

/// Saves what nobody has to approve: a matrix, a preset.
pub(crate) async fn plain<T: super::Record>(
    tx: &mut Tx,
    act: &Act<'_>,
    (record, was): (&T, i64),
    action: &str,
) -> Result<bool, Failure> {
    let before = seen(tx, act, record, was).await?;
    put(tx, act, before.as_ref(), record, action).await
}

/// Refuses a requirement that no framework lists.
pub(crate) async fn listed(tx: &mut Tx, act: &Act<'_>, requirement: &RequirementKey) -> Result<(), Failure> {
    let Framework::Own(key) = requirement.framework() else { return Ok(()) };
    let framework = find::<OwnFramework>(tx, act.permit, key.as_str()).await?;
    if framework.is_some_and(|it| it.value.has(requirement)) { Ok(()) } else { Err(Problem::NotFound.into()) }
}

/// Refuses an evidence item that is not there.
async fn is_item(tx: &mut Tx, act: &Act<'_>, key: EvidenceKey, field: &str) -> Result<(), Failure> {
    match find::<Item>(tx, act.permit, &key.to_string()).await? {
        Some(_) => Ok(()),
        None => Err(Problem::field(field, FieldCode::NoSuchObject).into()),
    }
}

/// Saves where a requirement stands. Who changes it has decided it today, and takes back the approval of something else.
pub(crate) async fn position(
    tx: &mut Tx,
    act: &Act<'_>,
    (mut position, was): (Position, i64),
    (by, today): (&PersonId, Day),
) -> Result<bool, Failure> {
    listed(tx, act, &position.requirement).await?;
    let before = seen(tx, act, &position, was).await?;
    let earlier = before.as_ref().map_or_else(|| Position::new(position.requirement.clone()), |it| it.value.clone());
    for key in position.evidence.difference(&earlier.evidence) {
        is_item(tx, act, *key, "evidence").await?;
    }
    position.decided.clone_from(&earlier.decided);
    position.approved.clone_from(&earlier.approved);
    if before.is_some() && position == earlier {
        return Ok(false);
    }
    position.decided = Some((by.clone(), today));
    position.approved = None;
    put(tx, act, before.as_ref(), &position, "position.edit").await
}

/// Approves a compensating control. The account that decided does not, under whatever name it is linked now.
pub(crate) async fn approve_position(
    tx: &mut Tx,
    act: &Act<'_>,
    (requirement, was): (&RequirementKey, i64),
    (by, today): (&PersonId, Day),
) -> Result<bool, Failure> {
    approves(act)?;
    let key = requirement.to_string();
    let before = seen_as::<Position>(tx, act, &key, was).await?;
    let mut author = None;
    let mut decided = None;
    for (account, version) in versions::<Position>(tx, act.permit, &key).await? {
        // An approval keeps what was decided; only a version that decides anew has another author.
        if version.decided.is_some() && (version.approved.is_none() || version.decided != decided) {
            author = account;
        }
        decided = version.decided;
    }
    if author.is_some() && author == act.permit.account() {
        return Err(Problem::field("step", FieldCode::OwnDecision).into());
    }
    let mut after = before.value.clone();
    after.approve(by, today).map_err(|code| Problem::field("step", code))?;
    put(tx, act, Some(&before), &after, "position.approve").await
}

/// Neither a program nor the operator approves anything.
fn approves(act: &Act<'_>) -> Result<(), Failure> {
    match (act.actor, act.permit.account()) {
        (Actor::Account { .. }, Some(_)) => Ok(()),
        _ => Err(Failure::Denied(Problem::Forbidden)),
    }
}

/// Brings a framework, or puts another table in its place.
pub(crate) async fn framework(tx: &mut Tx, act: &Act<'_>, (it, was): (&OwnFramework, i64)) -> Result<bool, Failure> {
    let before = seen(tx, act, it, was).await?;
    if before.is_none() && count::<OwnFramework>(tx, act.permit).await? >= FRAMEWORKS_MAX as i64 {
        return Err(Problem::field("key", FieldCode::TooMany).into());
    }
    put(tx, act, before.as_ref(), it, if before.is_some() { "framework.edit" } else { "framework.add" }).await
}

/// Says whether a control is in place, or takes that back.
pub(crate) async fn word(
    tx: &mut Tx,
    act: &Act<'_>,
    (mut word, was): (Word, i64),
    (by, today): (&PersonId, Day),
) -> Result<bool, Failure> {
    let before = seen(tx, act, &word, was).await?;
    let earlier = before.as_ref().and_then(|it| it.value.said.clone());
    if let Some(said) = &mut word.said {
        said.system.clone_from(&word.system);
        said.control = word.control;
        (said.by, said.on) = (by.clone(), today);
        // Saying the same again leaves who said it first.
        if let Some(first) = earlier.as_ref().filter(|it| (it.presence, &it.reason) == (said.presence, &said.reason)) {
            said.clone_from(first);
        }
    }
    if before.is_none() && word.said.is_none() {
        return Ok(false);
    }
    let action = if word.said.is_some() { "control.state" } else { "control.unsay" };
    put(tx, act, before.as_ref(), &word, action).await
}

/// Adds an item with its first version.
pub(crate) async fn add_item(
    tx: &mut Tx,
    act: &Act<'_>,
    about: About,
    first: Version,
    files: Option<&Files>,
) -> Result<u32, Failure> {
    let first = kept_here(tx, act, first, files).await?;
    let mut item = Item::new(String::new(), about.proves.clone(), first);
    about.onto(&mut item);
    add(tx, act, item, "item.add").await
}

/// A version as it is kept now. A file comes in by its upload, which puts its bytes there before a record names them; and
/// only as long as the workspace has room.
async fn kept_here(tx: &mut Tx, act: &Act<'_>, version: Version, files: Option<&Files>) -> Result<Version, Failure> {
    if let Some(file) = version.file() {
        let Some(files) = files.filter(|it| it.has(file)) else {
            return Err(Problem::field("file", FieldCode::FileGone).into());
        };
        let items = list::<Item, _>(tx, act.permit, |it| it.key).await?;
        let all = items.values().flat_map(|it| &it.value.versions).filter_map(Version::file);
        let kept: BTreeMap<Sha256, u64> = all.map(|it| (it.sha256, it.bytes)).collect();
        let quota = files.quota();
        // What is there already takes no more room.
        if !kept.contains_key(&file.sha256) {
            let admitted = quota.admits(file.bytes, kept.values().sum(), kept.len() as u64);
            admitted.map_err(|why| Problem::field("file", why.code(&quota)))?;
        }
    }
    Ok(Version { added: act.now, ..version })
}

/// Changes an item.
pub(crate) async fn change_item(
    tx: &mut Tx,
    act: &Act<'_>,
    (key, was): (EvidenceKey, i64),
    change: ItemChange,
    (by, files): (&PersonId, Option<&Files>),
) -> Result<bool, Failure> {
    let change = match change {
        ItemChange::Add(version) => ItemChange::Add(kept_here(tx, act, version, files).await?),
        other => other,
    };
    let before = seen_as::<Item>(tx, act, &key.to_string(), was).await?;
    let mut after = before.value.clone();
    let action = change.word();
    change.apply(&mut after, by, act.now)?;
    put(tx, act, Some(&before), &after, action).await
}

/// Saves a policy; one without a number is a new one. Another version or document is approved again.
pub(crate) async fn policy(
    tx: &mut Tx,
    act: &Act<'_>,
    (mut policy, was): (Policy, i64),
) -> Result<(u32, bool), Failure> {
    if policy.key.0 == 0 {
        policy.approved = None;
        document(tx, act, &policy, None).await?;
        return Ok((add(tx, act, policy, "policy.add").await?, true));
    }
    let before = seen_as::<Policy>(tx, act, &policy.key(), was).await?;
    document(tx, act, &policy, before.value.document).await?;
    let same = (&policy.version, policy.document) == (&before.value.version, before.value.document);
    policy.approved = before.value.approved.clone().filter(|_| same);
    Ok((policy.key.0, put(tx, act, Some(&before), &policy, "policy.edit").await?))
}

async fn document(tx: &mut Tx, act: &Act<'_>, policy: &Policy, before: Option<EvidenceKey>) -> Result<(), Failure> {
    match policy.document.filter(|it| Some(*it) != before) {
        Some(key) => is_item(tx, act, key, "document").await,
        None => Ok(()),
    }
}

/// Approves a policy. The account that wrote this version does not, under whatever name it is linked now.
pub(crate) async fn approve_policy(
    tx: &mut Tx,
    act: &Act<'_>,
    (key, was): (&str, i64),
    (by, today): (&PersonId, Day),
) -> Result<bool, Failure> {
    approves(act)?;
    let before = seen_as::<Policy>(tx, act, key, was).await?;
    let mut after = before.value.clone();
    after.approve(by, today).map_err(|code| Problem::field("document", code))?;
    let mut author = None;
    let mut written: Option<Policy> = None;
    for (account, version) in versions::<Policy>(tx, act.permit, key).await? {
        let of = |it: &Policy| (it.version.clone(), it.document);
        if written.as_ref().map(of) != Some(of(&version)) {
            author = account;
        }
        written = Some(version);
    }
    if author.is_some() && author == act.permit.account() {
        return Err(Problem::field("step", FieldCode::OwnDecision).into());
    }
    put(tx, act, Some(&before), &after, "policy.approve").await
}
