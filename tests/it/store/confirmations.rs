//! Who confirms something at the same time as somebody else, and what is kept of it.

use std::collections::BTreeSet;
use std::sync::Arc;

use domain::backend::Backend as _;
use domain::backend::calendar::Calendar as _;
use domain::backend::confirmations::Confirmations;
use domain::backend::people::People as _;
use domain::command::{Command, Revision};
use domain::confirmation::{End, Reply, Statement, side_by_side};
use domain::id::{FlowId, WorkspaceId};
use domain::model::fact::{Fact, Facts};
use domain::model::flow::Flow;
use domain::model::object::Object;
use domain::model::party::{PartyKind, Person};
use domain::model::system::System;
use domain::problem::{FieldCode, Problem};
use domain::review::board::{PaymentChannel, PaymentStage};
use domain::review::entity::EntityProfile;
use domain::role::Role;
use store::Gate;
use tests::both_dbs;
use tests::estate::Instance;

/// Tries until the database is not busy, as a person would.
async fn insist(gate: &Gate, workspace: &WorkspaceId, entity: &EntityProfile, seen: i64) -> Result<bool, Problem> {
    for _ in 0..400 {
        match gate.save_entity(workspace, entity.clone(), seen).await {
            Err(Problem::TooMany(_)) => tokio::time::sleep(std::time::Duration::from_millis(5)).await,
            outcome => return outcome,
        }
    }
    panic!("the database stayed busy");
}

both_dbs!(of_many_who_save_a_profile_at_once_one_does, |place| {
    let instance = Instance::new(&place).await;
    let workspace = &instance.workspace;
    let kept = instance.gate().entity(workspace).await.unwrap();
    assert_eq!((kept.revision, kept.entity, kept.saved_at), (0, EntityProfile::default(), None));
    let mut writing = Vec::new();
    for number in 0..8 {
        let (gate, workspace) = (instance.gate(), workspace.clone());
        let entity = EntityProfile { legal_name: format!("Shop {number}"), ..EntityProfile::default() };
        writing.push(tokio::spawn(async move { insist(&gate, &workspace, &entity, 0).await }));
    }
    let mut saved = 0;
    for one in writing {
        match one.await.unwrap() {
            Ok(changed) => saved += usize::from(changed),
            Err(problem) => assert_eq!(problem, Problem::Conflict),
        }
    }
    assert_eq!(saved, 1);
    let kept = instance.gate().entity(workspace).await.unwrap();
    assert_eq!((kept.revision, kept.saved_by.as_deref()), (1, Some("Payments lead")));

    // A reason is no part of the form of the profile, and saving that does not touch it.
    let cell = (PaymentChannel::Moto, PaymentStage::Refund);
    assert_eq!(instance.gate().explain_cell(workspace, cell, "Refunds are paid in the shop.", 1).await, Ok(true));
    assert_eq!(instance.gate().explain_cell(workspace, cell, " Refunds are paid in the shop.", 2).await, Ok(false));
    let entity = EntityProfile { level: Some(2), ..kept.entity.clone() };
    assert_eq!(instance.gate().save_entity(workspace, entity, 2).await, Ok(true));
    let is = instance.gate().entity(workspace).await.unwrap().entity;
    assert_eq!((is.level, is.explanations.len()), (Some(2), 1));
    let versions = instance.store.texts("SELECT content FROM entity_profile ORDER BY revision").await.unwrap();
    assert_eq!(versions.len(), 3, "every version is kept");

    let viewer = instance.member(Role::Viewer).await;
    assert_eq!(viewer.save_entity(workspace, EntityProfile::default(), 3).await, Err(Problem::Forbidden));
    assert_eq!(viewer.explain_cell(workspace, cell, "", 3).await, Err(Problem::Forbidden));
    assert_eq!(viewer.entity(workspace).await.unwrap().revision, 3);
    let other = WorkspaceId::new("elsewhere");
    assert_eq!(viewer.entity(&other).await, Err(Problem::NotFound));

    instance.gate().delete_workspace(workspace, "Harbour Street Books").await.unwrap();
    assert!(instance.store.texts("SELECT content FROM entity_profile").await.unwrap().is_empty());
});

/// A workspace with a flow from `a` to `b`, for whose ends two members answer, whose gates these are.
async fn ends(instance: &Instance) -> [Gate; 2] {
    let (gate, workspace) = (instance.gate(), &instance.workspace);
    let mut gates = Vec::new();
    for key in ["a", "b"] {
        let (id, name, kind) = (key.into(), key.to_owned(), PartyKind::Person);
        let person = Person { id, name, kind, mail: None, function: None, facts: Facts::new() };
        gate.execute(workspace, Command::AddPerson(Box::new(person))).await.unwrap();
        let mut system = System::new(key.into(), key);
        system.facts.insert("owner".to_owned(), Fact::of(key.into()));
        gate.execute(workspace, Command::AddSystem(Box::new(system))).await.unwrap();
        let member = instance.account(key, vec![(workspace.clone(), Role::Reviewer)]).await;
        let own = instance.store.gate(member.actor());
        let account = own.account().await.unwrap().id;
        gate.link_person(workspace, &key.into(), Some(&account)).await.unwrap();
        gates.push(own);
    }
    let flow = Flow::new("f".into(), "a".into(), "b".into());
    gate.execute(workspace, Command::AddFlow(Box::new(flow))).await.unwrap();
    gates.try_into().unwrap_or_else(|_| panic!("there are two"))
}

fn agrees(end: End) -> Statement {
    Statement { end, answer: Reply::Agrees, fields: BTreeSet::new() }
}

both_dbs!(whoever_says_something_for_an_end_is_known_to_the_gate, |place| {
    let instance = Instance::new(&place).await;
    let workspace = &instance.workspace;
    let [source, target] = ends(&instance).await;
    let flow = FlowId::new("f");
    let revision = || async { instance.gate().estate(workspace).await.unwrap().revision };
    let now = revision().await;
    let refused = |code| Err(Problem::field("end", code));
    for (gate, end, code) in [
        (&source, End::Target, FieldCode::NotYourEnd),
        (&target, End::Source, FieldCode::NotYourEnd),
        (&instance.gate(), End::Source, FieldCode::NotYourEnd),
        (&instance.operator(), End::Source, FieldCode::NobodyToName),
    ] {
        let said = gate.confirm_flow(workspace, &flow, agrees(end), now).await;
        let said = said.map(|_| ());
        assert!(said == refused(code) || said == refused(FieldCode::NobodyToName), "{said:?}");
    }
    let unknown = source.confirm_flow(workspace, &"none".into(), agrees(End::Source), now).await;
    assert_eq!(unknown.map(|_| ()), Err(Problem::NotFound));
    assert_eq!(revision().await, now, "nothing was written");
    assert_eq!(source.confirm_flow(workspace, &flow, agrees(End::Source), now).await.unwrap().objects, 1);
    let stale = target.confirm_flow(workspace, &flow, agrees(End::Target), now).await;
    assert_eq!(stale.map(|_| ()), Err(Problem::Conflict), "the flow changed since");
    let seen = Revision(now.0 + 1);
    let receipt = target.confirm_flow(workspace, &flow, agrees(End::Target), seen).await.unwrap();
    assert!(receipt.scope_changes.is_empty());
    let estate = instance.gate().estate(workspace).await.unwrap();
    let both = side_by_side(&estate.stored.flows["f"]);
    assert!(both.is_confirmed());
    assert_eq!(both.answers[&End::Source].person.as_str(), "a");

    assert!(both.answers.values().all(|it| it.account.is_some() && it.between.is_some()));

    // Loaded afresh it is the same, and an editor takes a confirmation back like any other change.
    let fresh: Arc<_> = instance.operator().estate(workspace).await.unwrap();
    assert_eq!(fresh.stored, estate.stored);
    instance.gate().take_back(workspace, estate.revision).await.unwrap();
    let estate = instance.gate().estate(workspace).await.unwrap();
    assert!(!side_by_side(&estate.stored.flows["f"]).is_confirmed());
});

both_dbs!(one_account_confirms_one_end_whoever_it_is_linked_to, |place| {
    let instance = Instance::new(&place).await;
    let workspace = &instance.workspace;
    let [source, _] = ends(&instance).await;
    let (flow, account) = (FlowId::new("f"), source.account().await.unwrap().id);
    let revision = || async { instance.gate().estate(workspace).await.unwrap().revision };
    source.confirm_flow(workspace, &flow, agrees(End::Source), revision().await).await.unwrap();
    instance.gate().link_person(workspace, &"b".into(), Some(&account)).await.unwrap();
    let said = source.confirm_flow(workspace, &flow, agrees(End::Target), revision().await).await;
    assert_eq!(said.map(|_| ()), Err(Problem::field("end", FieldCode::OtherEndIsYours)));
});

both_dbs!(a_flow_that_goes_elsewhere_is_confirmed_by_nobody, |place| {
    let instance = Instance::new(&place).await;
    let (gate, workspace, flow) = (instance.gate(), &instance.workspace, FlowId::new("f"));
    let [source, target] = ends(&instance).await;
    let revision = || async { instance.gate().estate(workspace).await.unwrap().revision };
    source.confirm_flow(workspace, &flow, agrees(End::Source), revision().await).await.unwrap();
    target.confirm_flow(workspace, &flow, agrees(End::Target), revision().await).await.unwrap();
    gate.execute(workspace, Command::AddSystem(Box::new(System::new("c".into(), "c")))).await.unwrap();
    let mut moved = Flow::clone(&gate.estate(workspace).await.unwrap().stored.flows["f"]);
    moved.to = "c".into();
    gate.execute(workspace, Command::EditFlow(Box::new(moved), revision().await)).await.unwrap();
    let fresh = instance.operator().estate(workspace).await.unwrap();
    let both = side_by_side(&fresh.stored.flows["f"]);
    assert!(!both.is_confirmed() && both.fell_off(End::Source) && both.fell_off(End::Target));
});

both_dbs!(a_reason_is_given_on_the_day_of_the_workspace, |place| {
    // Half past ten, and half past midnight of the next day where the workspace is.
    place.clock.advance(60 * 60);
    let instance = Instance::new(&place).await;
    let (gate, workspace) = (instance.gate(), &instance.workspace);
    let estate = gate.estate(workspace).await.unwrap();
    let mut settings = estate.stored.settings.clone();
    settings.facts.insert("time_zone".to_owned(), Fact::of("Pacific/Kiritimati".to_owned().into()));
    let edit = Command::Edit(Box::new(Object::Settings(Arc::new(settings))), estate.revision);
    gate.execute(workspace, edit).await.unwrap();
    let agenda = gate.agenda(workspace).await.unwrap();
    assert_eq!(agenda.today, estate.today.plus_days(1));
    let cell = (PaymentChannel::Moto, PaymentStage::Refund);
    gate.explain_cell(workspace, cell, "Refunds are paid in the shop.", 0).await.unwrap();
    let kept = gate.entity(workspace).await.unwrap().entity;
    assert_eq!(kept.explanations[0].on, agenda.today);
});
