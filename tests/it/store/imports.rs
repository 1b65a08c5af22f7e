//! Files that wait for their confirmation.

use domain::backend::{Backend, StagedImport};
use domain::problem::{FieldCode, Problem};
use domain::role::Role;
use tests::both_dbs;
use tests::estate::Instance;

fn file(name: &str) -> StagedImport {
    StagedImport { file_name: name.to_owned(), content: format!("{{\"file\":\"{name}\"}}") }
}

both_dbs!(a_file_waits_for_a_day, |place| {
    let instance = Instance::new(&place).await;
    let (gate, workspace) = (instance.gate(), &instance.workspace);
    let import = gate.stage_import(workspace, file("flows.csv")).await.unwrap();
    place.clock.advance(24 * 3600 - 1);
    assert_eq!(gate.staged_import(workspace, &import).await.unwrap(), file("flows.csv"));
    place.clock.advance(1);
    assert_eq!(gate.staged_import(workspace, &import).await, Err(Problem::NotFound));
});

both_dbs!(a_file_that_was_dropped_is_gone, |place| {
    let instance = Instance::new(&place).await;
    let (gate, workspace) = (instance.gate(), &instance.workspace);
    let import = gate.stage_import(workspace, file("flows.csv")).await.unwrap();
    gate.drop_import(workspace, &import).await.unwrap();
    gate.drop_import(workspace, &import).await.unwrap();
    assert_eq!(gate.staged_import(workspace, &import).await, Err(Problem::NotFound));
    let actions: Vec<_> = gate.audit_trail(workspace, 9).await.unwrap().into_iter().map(|line| line.action).collect();
    assert_eq!(actions, ["import.drop", "import.stage", "workspace.create"]);
});

both_dbs!(the_oldest_makes_room, |place| {
    let instance = Instance::new(&place).await;
    let (gate, workspace) = (instance.gate(), &instance.workspace);
    let mut imports = Vec::new();
    for number in 0..17 {
        place.clock.advance(1);
        imports.push(gate.stage_import(workspace, file(&format!("{number}.csv"))).await.unwrap());
    }
    assert_eq!(gate.staged_import(workspace, &imports[0]).await, Err(Problem::NotFound));
    for import in &imports[1..] {
        gate.staged_import(workspace, import).await.unwrap();
    }
});

both_dbs!(a_file_belongs_to_its_workspace, |place| {
    let instance = Instance::new(&place).await;
    let gate = instance.gate();
    let import = gate.stage_import(&instance.workspace, file("flows.csv")).await.unwrap();
    let other = gate.create_workspace("Other shop", false).await.unwrap();
    assert_eq!(gate.staged_import(&other, &import).await, Err(Problem::NotFound));
    gate.drop_import(&other, &import).await.unwrap();
    gate.staged_import(&instance.workspace, &import).await.unwrap();
    let viewer = instance.member(Role::Viewer).await;
    assert_eq!(viewer.staged_import(&instance.workspace, &import).await, Err(Problem::Forbidden));
});

both_dbs!(a_file_has_a_largest_size, |place| {
    let instance = Instance::new(&place).await;
    let most = 40 * 1024 * 1024;
    let staged = |size: usize| StagedImport { file_name: "big.json".to_owned(), content: "x".repeat(size) };
    instance.gate().stage_import(&instance.workspace, staged(most)).await.unwrap();
    let refused = instance.gate().stage_import(&instance.workspace, staged(most + 1)).await;
    assert_eq!(refused, Err(Problem::field("file", FieldCode::TooLong(most as u32))));
});
