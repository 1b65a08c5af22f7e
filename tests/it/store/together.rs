//! Several at once: editors of one workspace, and processes on one database.

use std::sync::Arc;

use domain::backend::Backend;
use domain::command::{Command, Receipt, Revision};
use domain::id::SystemId;
use domain::model::system::System;
use domain::problem::Problem;
use store::ChainVerdict;
use tests::both_dbs;
use tests::estate::Instance;

fn named(key: &str, name: &str) -> Box<System> {
    Box::new(System::new(SystemId::new(key), name))
}

both_dbs!(of_many_edits_of_one_state_exactly_one_wins, |place| {
    let instance = Instance::new(&place).await;
    let workspace = &instance.workspace;
    instance.gate().execute(workspace, Command::AddSystem(named("checkout", "Checkout"))).await.unwrap();
    let mut editors = tokio::task::JoinSet::new();
    for number in 0..20 {
        let (gate, workspace) = (instance.gate(), workspace.clone());
        let edit = Command::EditSystem(named("checkout", &format!("Name {number}")), Revision(2));
        editors.spawn(async move { gate.execute(&workspace, edit).await });
    }
    let outcomes = editors.join_all().await;
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1, "{outcomes:?}");
    assert!(outcomes.iter().all(|outcome| outcome.is_ok() || *outcome == Err(Problem::Conflict)), "{outcomes:?}");
    assert_eq!(instance.gate().estate(workspace).await.unwrap().revision, Revision(3));
});

both_dbs!(two_processes_see_each_others_commits, |place| {
    let instance = Instance::new(&place).await;
    let elsewhere = place.bare_store().await;
    let workspace = &instance.workspace;
    let (here, there) = (instance.gate(), elsewhere.gate(instance.owner.actor()));
    for number in 0..5 {
        let add = |side: &str| Command::AddSystem(named(&format!("{side}-{number}"), side));
        let one = here.execute(workspace, add("here")).await.unwrap();
        assert_eq!(there.estate(workspace).await.unwrap().revision, one.revision);
        let other = there.execute(workspace, add("there")).await.unwrap();
        assert_eq!(other.revision, Revision(one.revision.0 + 1));
        let (mine, theirs) = (here.estate(workspace).await.unwrap(), there.estate(workspace).await.unwrap());
        assert_eq!((mine.revision, &mine.model, &mine.changed), (theirs.revision, &theirs.model, &theirs.changed));
        assert_eq!(mine.scope, theirs.scope);
    }
    // A sign-out at one is a sign-out at the other.
    elsewhere.sign_out(&instance.owner.sign_in).await.unwrap();
    assert_eq!(here.estate(workspace).await.err(), Some(Problem::SignedOut));
});

/// Tries until the database is not busy, as a person would.
async fn insist(gate: &dyn Backend, workspace: &domain::id::WorkspaceId, command: &Command) -> Receipt {
    for _ in 0..200 {
        match gate.execute(workspace, command.clone()).await {
            Err(Problem::TooMany(_)) => tokio::time::sleep(std::time::Duration::from_millis(5)).await,
            outcome => return outcome.unwrap(),
        }
    }
    panic!("the database stays busy");
}

both_dbs!(two_processes_write_one_chain_without_losing_anything, |place| {
    let instance = Instance::new(&place).await;
    let elsewhere = place.bare_store().await;
    let gates: [Arc<dyn Backend>; 2] = [Arc::new(instance.gate()), Arc::new(elsewhere.gate(instance.owner.actor()))];
    let mut writers = tokio::task::JoinSet::new();
    for number in 0..40 {
        let (gate, workspace) = (Arc::clone(&gates[number % 2]), instance.workspace.clone());
        let add = Command::AddSystem(named(&format!("system-{number}"), "System"));
        writers.spawn(async move { insist(&*gate, &workspace, &add).await.revision });
    }
    let mut revisions: Vec<_> = writers.join_all().await.into_iter().map(|revision| revision.0).collect();
    revisions.sort_unstable();
    assert_eq!(revisions, (2..42).collect::<Vec<_>>());
    let estate = gates[1].estate(&instance.workspace).await.unwrap();
    assert_eq!((estate.model.systems.len(), estate.revision), (40, Revision(41)));
    let chain = instance.store.verify_chain(Some(&instance.workspace)).await.unwrap();
    assert_eq!(chain, ChainVerdict::Whole { entries: 41 });
});

both_dbs!(tries_are_counted_across_processes, |place| {
    let instance = Instance::new(&place).await;
    let elsewhere = place.bare_store().await;
    for _ in 0..5 {
        let wrong = elsewhere.sign_in(tests::estate::OWNER, "not the password", "192.0.2.1").await;
        assert!(matches!(wrong, Err(Problem::Invalid(_))), "{wrong:?}");
    }
    let waits = instance.store.sign_in(tests::estate::OWNER, tests::estate::PASSWORD, "192.0.2.1").await;
    assert_eq!(waits, Err(Problem::TooMany(1)));
});
