//! The one write path: what a command leaves behind.

use domain::backend::Backend;
use domain::command::{Command, Revision};
use domain::id::SystemId;
use domain::model::system::System;
use domain::problem::Problem;
use tests::both_dbs;
use tests::estate::Instance;

fn system(key: &str, name: &str) -> System {
    System::new(SystemId::new(key), name)
}

both_dbs!(a_command_makes_a_revision_a_receipt_and_one_entry, |place| {
    let instance = Instance::new(&place).await;
    let (gate, workspace) = (instance.gate(), &instance.workspace);
    let receipt = gate.execute(workspace, Command::AddSystem(Box::new(system("checkout", "Checkout")))).await.unwrap();
    assert_eq!((receipt.revision, receipt.objects), (Revision(2), 1));
    assert_eq!(gate.receipt(workspace, Revision(2)).await.unwrap(), receipt);
    let trail = gate.audit_trail(workspace, 10).await.unwrap();
    let lines: Vec<_> =
        trail.iter().map(|line| (line.sequence, line.action.as_str(), line.object.as_deref())).collect();
    assert_eq!(
        lines,
        [(2, "system.add", Some("system checkout")), (1, "workspace.create", Some("workspace harbour-street-books"))]
    );
    assert_eq!(trail[0].actor, "Payments lead");
    let estate = gate.estate(workspace).await.unwrap();
    assert_eq!(estate.revision, Revision(2));
    assert_eq!(estate.model.systems.len(), 1);
    assert_eq!(estate.model.segments.len(), 5);
});

both_dbs!(what_changes_nothing_leaves_nothing_behind, |place| {
    let instance = Instance::new(&place).await;
    let (gate, workspace) = (instance.gate(), &instance.workspace);
    gate.execute(workspace, Command::AddSystem(Box::new(system("checkout", "Checkout")))).await.unwrap();
    let same = Command::EditSystem(Box::new(system("checkout", "Checkout")), Revision(2));
    let receipt = gate.execute(workspace, same).await.unwrap();
    assert_eq!((receipt.revision, receipt.objects), (Revision(2), 0));
    assert_eq!(gate.audit_trail(workspace, 10).await.unwrap().len(), 2);
});

both_dbs!(an_edit_of_what_changed_meanwhile_is_a_conflict, |place| {
    let instance = Instance::new(&place).await;
    let (gate, workspace) = (instance.gate(), &instance.workspace);
    gate.execute(workspace, Command::AddSystem(Box::new(system("checkout", "Checkout")))).await.unwrap();
    let edit = |name: &str, seen| Command::EditSystem(Box::new(system("checkout", name)), Revision(seen));
    assert_eq!(gate.execute(workspace, edit("Checkout 2", 2)).await.unwrap().revision, Revision(3));
    assert_eq!(gate.execute(workspace, edit("Mine", 2)).await, Err(Problem::Conflict));
    let estate = gate.estate(workspace).await.unwrap();
    assert_eq!(estate.model.systems["checkout"].name, "Checkout 2");
    assert_eq!(gate.execute(workspace, edit("Mine", 3)).await.unwrap().revision, Revision(4));
});
