//! Reviews: what people do in them, and what is sealed.
//!
//! A review is nothing but its events. Whoever writes one compares the number of events in the statement, so that of two
//! who sign at once one is told. What the model makes of ticks and signatures is computed with every look, and written
//! down with the next thing that somebody does.

mod around;
pub(crate) mod kept;
pub(crate) mod sealed;
mod signing;

use domain::backend::reviews::Signing;
use domain::id::{AccountId, PersonId};
use domain::problem::{FieldCode, Problem};
use domain::review::session::{
    Actor as Deciding, Command, Context, Event, LeadsTo, Opening, Part, Phase, Settlement, open as opened,
};
use domain::review::{ReviewKey, SealKey};
use domain::schedule::noted::Noted;
use domain::schedule::{Schedule, Zone};
use uuid::Uuid;

use crate::account::standing::{require_recent, requirement};
use crate::actor::Actor;
use crate::db::Tx;
use crate::error::Failure;
use crate::execute::Act;
use crate::gate::Permit;
use crate::model::party::{account_of_person, person_of_account};
use crate::proposal;
use crate::schedule;
use crate::snapshot;
use crate::store::Store;
use kept::Kept;
use sealed::Signed;

pub(crate) use around::Around;
pub(crate) use signing::SealSigner;

/// Longest name of a snapshot that is taken while somebody signs, in characters, after the key of the review.
const NAME_IN_SNAPSHOT: usize = 60;

/// Whoever acts, as reviews name them: the person, or the account where it is linked to nobody.
pub(crate) async fn acting(
    tx: &mut Tx,
    permit: &Permit,
    actor: &Actor,
) -> Result<Option<(Uuid, PersonId)>, crate::error::StoreError> {
    let (Actor::Account { id, .. }, Some(account)) = (actor, permit.account()) else { return Ok(None) };
    let person = person_of_account(tx, permit, account).await?;
    Ok(Some((account, person.unwrap_or_else(|| PersonId::new(format!("account:{id}"))))))
}

/// The person who acts: neither a program nor the operator takes part in a review.
async fn member(tx: &mut Tx, act: &Act<'_>) -> Result<(Uuid, Deciding), Failure> {
    let found = acting(tx, act.permit, act.actor).await?;
    let (account, person) = found.ok_or(Failure::Denied(Problem::Forbidden))?;
    Ok((account, Deciding::Member { person, role: act.permit.standing().role }))
}

/// Opens a review. Where the workspace changes what is in scope through proposals only, what one person looked at another
/// one approves.
pub(crate) async fn open(tx: &mut Tx, act: &Act<'_>, opening: &Opening) -> Result<ReviewKey, Failure> {
    let (account, actor) = member(tx, act).await?;
    if let Some(key) = opening.schedule {
        let found = schedule::find::<Schedule>(tx, act.permit, key.0).await?;
        let schedule = found.ok_or_else(|| Problem::field("schedule", FieldCode::NoSuchObject))?.value;
        if !opening.cover.fulfils(&schedule) {
            return Err(Problem::field("schedule", FieldCode::OtherCover).into());
        }
    }
    let four_eyes = opening.four_eyes || proposal::protects(tx, act.permit).await?;
    let mut opening = Opening { four_eyes, ..opening.clone() };
    // Whoever is linked to a person later does not sign for them.
    for signer in &mut opening.signers {
        let own = signer.person.as_str().strip_prefix("account:").map(AccountId::new);
        signer.account = match own {
            Some(own) => Some(own),
            None => account_of_person(tx, act.permit, &signer.person).await?,
        };
    }
    let event = opened(opening, &actor, act.now).map_err(Problem::from)?;
    kept::begin(tx, act, account, &event).await
}

/// Does something in a review.
pub(crate) async fn step(
    tx: &mut Tx,
    act: &Act<'_>,
    store: &Store,
    key: ReviewKey,
    command: &Command,
) -> Result<(), Failure> {
    let (account, actor) = member(tx, act).await?;
    // Both have a way of their own.
    if matches!(command, Command::Sign { .. } | Command::Seal { .. }) {
        return Err(Failure::Denied(Problem::Forbidden));
    }
    if matches!(command, Command::Supersede { .. }) {
        require_recent(tx, act.actor, act.now).await?;
    }
    let mut kept = kept::one(tx, act.permit, key).await?;
    let around = Around::read(tx, act.permit, store, &kept.session, act.now).await?;
    refuse_unknown(command, &around)?;
    let health = around.health(kept.session.opening().cover.kind);
    let context = Context { now: act.now, difference: &around.difference, health: &health };
    let events = kept.session.decide(command.clone(), &actor, &context).map_err(Problem::from)?;
    kept::write(tx, act, &mut kept, Some(account), &events).await
}

/// Refuses what names something that is not there.
fn refuse_unknown(command: &Command, around: &Around) -> Result<(), Failure> {
    match command {
        Command::Settle { carried, how: Settlement::Again(again) } => {
            // Only an acceptance that still says something about the same risk is a new decision.
            let risk = around.acceptances.iter().find(|it| format!("acceptance:{}", it.acceptance.key) == *carried);
            let again = around.acceptances.iter().find(|it| it.acceptance.key == *again);
            let same = risk.zip(again).is_some_and(|(was, is)| {
                !is.standing.state.is_final() && is.acceptance.content.overlaps(&was.acceptance.content)
            });
            if same { Ok(()) } else { Err(Problem::NotFound.into()) }
        }
        Command::NeedsChange { leads_to: LeadsTo::Proposal(key), .. }
            if key.parse::<domain::proposal::ProposalKey>().is_err() =>
        {
            Err(Problem::field("proposal", FieldCode::NoSuchObject).into())
        }
        _ => Ok(()),
    }
}

/// Signs what was shown: takes the snapshot, and with the last signature makes the seal, all in one commit.
pub(crate) async fn sign(
    tx: &mut Tx,
    act: &Act<'_>,
    store: &Store,
    key: ReviewKey,
    signing: &Signing,
) -> Result<Option<SealKey>, Failure> {
    let (account, actor) = member(tx, act).await?;
    require_recent(tx, act.actor, act.now).await?;
    let mut kept = kept::one(tx, act.permit, key).await?;
    let around = Around::read(tx, act.permit, store, &kept.session, act.now).await?;
    refuse_same_account(&kept, account, &actor)?;
    let method = if requirement(tx, act.now, account).await?.enrolled {
        "password, code of an authenticator app"
    } else {
        "password"
    };
    let name: String = format!("{key} {}", kept.session.opening().name).chars().take(NAME_IN_SNAPSHOT).collect();
    let taken = snapshot::take(tx, act.permit, act.actor, act.now, &name, &around.live).await?;
    let command = Command::Sign {
        shown: signing.shown.clone(),
        snapshot: taken.hash,
        account: account_id(act.actor)?,
        method: method.to_owned(),
        comment: signing.comment.clone(),
    };
    let health = around.health(kept.session.opening().cover.kind);
    let context = Context { now: act.now, difference: &around.difference, health: &health };
    let events = kept.session.decide(command, &actor, &context).map_err(Problem::from)?;
    kept::write(tx, act, &mut kept, Some(account), &events).await?;
    if kept.session.phase() != Phase::Signed {
        return Ok(None);
    }
    let signer = SealSigner::of(store.sealing_key()?)?;
    let signed = Signed {
        session: &kept.session,
        difference: &around.difference,
        register: &around.register,
        snapshot: taken.key,
        live: &around.live,
    };
    let (seal, hash) = sealed::make(tx, act, &signer, &signed).await?;
    // A seal that replaces another one is of the same time that it was done.
    let is_first = kept.session.seals().is_empty();
    let events = kept.session.decide(Command::Seal { seal, hash }, &actor, &context).map_err(Problem::from)?;
    kept::write(tx, act, &mut kept, Some(account), &events).await?;
    if let (true, Some(schedule), Deciding::Member { person, .. }) = (is_first, kept.session.opening().schedule, &actor)
    {
        let zone = Zone::of(&around.live.model);
        let noted = Noted { at: act.now, reference: format!("{key}, {seal}"), late: signing.late.clone() };
        if !schedule::one::<Schedule>(tx, act.permit, schedule.0).await?.value.ended {
            let meant = Some(kept.session.opening().due);
            schedule::run::record(tx, act, &zone, schedule, (&noted, meant), person).await?;
        }
    }
    Ok(Some(seal))
}

/// The account that signs, as it is named in what is sealed.
fn account_id(actor: &Actor) -> Result<AccountId, Failure> {
    match actor {
        Actor::Account { id, .. } => Ok(id.clone()),
        _ => Err(Failure::Denied(Problem::Forbidden)),
    }
}

/// The same account is the same person, whoever it is linked to by now.
fn refuse_same_account(kept: &Kept, account: Uuid, actor: &Deciding) -> Result<(), Failure> {
    let session = &kept.session;
    let refused = |code| Err(Problem::field("step", code).into());
    if kept.has_signed(account) {
        return refused(FieldCode::ApprovedAlready);
    }
    let Deciding::Member { person, .. } = actor else { return Ok(()) };
    let approves = session.opening().signers.iter().any(|it| it.person == *person && it.part == Part::Approves);
    if approves && session.needs_second_person() && kept.is_author(account) {
        return refused(FieldCode::OwnDecision);
    }
    Ok(())
}

/// The review with what happened meanwhile, whether anybody wrote it down or not.
pub(crate) fn observed(kept: Kept, around: &Around, now: domain::time::Timestamp) -> domain::review::Session {
    let mut session = kept.session;
    let context = Context { now, difference: &around.difference, health: &[] };
    // Nobody asked for it, so nobody can be refused.
    let events: Vec<Event> = session.decide(Command::Observe, &Deciding::Clock, &context).unwrap_or_default();
    events.iter().for_each(|event| session.apply(event));
    session
}
