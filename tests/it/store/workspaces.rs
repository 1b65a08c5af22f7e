//! The life of a workspace: renamed, archived, restored, deleted.

use domain::backend::Backend as _;
use domain::backend::people::People;
use domain::backend::reviews::Reviews as _;
use domain::command::{Command, Revision};
use domain::id::{SystemId, WorkspaceId};
use domain::model::system::System;
use domain::problem::{FieldCode, Problem};
use domain::review::SealKey;
use domain::review::session::Part;
use domain::role::{Role, Standing};
use store::{ChainVerdict, Start};
use tests::both_dbs;
use tests::estate::Instance;

use super::reviews;

fn add(key: &str) -> Command {
    Command::AddSystem(Box::new(System::new(SystemId::new(key), key)))
}

/// The tables that hold anything of a workspace, the audit trail aside.
async fn held(instance: &Instance, workspace: &WorkspaceId) -> Vec<String> {
    let tables = if instance.store.is_postgres() {
        "SELECT table_name FROM information_schema.columns WHERE column_name = 'workspace_id' \
         AND table_schema = current_schema() ORDER BY table_name"
    } else {
        "SELECT m.name FROM sqlite_master m JOIN pragma_table_info(m.name) p WHERE m.type = 'table' \
         AND p.name = 'workspace_id' ORDER BY m.name"
    };
    let mut tables = instance.store.texts(tables).await.unwrap();
    assert!(tables.len() > 25, "{tables:?}");
    tables.retain(|it| !["chain_head", "audit_entry"].contains(&it.as_str()));
    let mut held = Vec::new();
    for table in tables {
        let rows = format!(
            "SELECT CAST(COUNT(*) AS TEXT) FROM {table} JOIN workspace ON workspace.id = {table}.workspace_id \
             WHERE workspace.key = '{workspace}'"
        );
        if instance.store.texts(&rows).await.unwrap() != ["0"] {
            held.push(table);
        }
    }
    held
}

both_dbs!(a_workspace_is_renamed_and_keeps_its_key, |place| {
    let instance = Instance::new(&place).await;
    let (owner, workspace) = (instance.gate(), &instance.workspace);
    assert_eq!(owner.rename_workspace(workspace, "").await, Err(Problem::field("name", FieldCode::Missing)));
    owner.rename_workspace(workspace, "Quayside Books").await.unwrap();
    let listed = owner.workspaces().await.unwrap();
    assert_eq!((listed[0].name.as_str(), &listed[0].id), ("Quayside Books", workspace));
    let editor = instance.member(Role::Editor).await;
    assert_eq!(editor.rename_workspace(workspace, "Mine").await, Err(Problem::Forbidden));
});

both_dbs!(an_archived_workspace_is_read_and_not_changed_until_it_is_restored, |place| {
    let instance = Instance::new(&place).await;
    let (owner, workspace) = (instance.gate(), &instance.workspace);
    let admin = instance.member(Role::Admin).await;
    assert_eq!(admin.archive_workspace(workspace, true).await, Err(Problem::Forbidden));
    owner.archive_workspace(workspace, true).await.unwrap();
    let archived = Some(Problem::field("workspace", FieldCode::Archived));
    assert!(owner.estate(workspace).await.unwrap().workspace.archived);
    assert!(owner.workspaces().await.unwrap()[0].archived);
    assert_eq!(owner.execute(workspace, add("till")).await.err(), archived);
    assert_eq!(owner.rename_workspace(workspace, "Other").await.err(), archived);
    let viewer = Standing::usual(Role::Viewer);
    assert_eq!(owner.invite(workspace, "new@harbour.example", viewer).await.err(), archived);
    owner.archive_workspace(workspace, false).await.unwrap();
    owner.execute(workspace, add("till")).await.unwrap();
    assert!(!owner.workspaces().await.unwrap()[0].archived);
});

both_dbs!(an_invitation_waits_while_the_workspace_is_archived, |place| {
    let instance = Instance::new(&place).await;
    let (owner, workspace) = (instance.gate(), &instance.workspace);
    let token = owner.invite(workspace, "new@harbour.example", Standing::usual(Role::Viewer)).await.unwrap();
    owner.archive_workspace(workspace, true).await.unwrap();
    assert_eq!(owner.invitation(&token).await, Err(Problem::NotFound));
    owner.archive_workspace(workspace, false).await.unwrap();
    assert!(owner.invitation(&token).await.is_ok());
});

both_dbs!(a_deleted_workspace_leaves_its_audit_trail_and_nothing_else, |place| {
    let instance = Instance::with(&place, Start::Sample).await;
    let owner = instance.gate();
    let listed = owner.workspaces().await.unwrap();
    let sample = listed.iter().find(|entry| entry.sample).unwrap().clone();
    let refused = owner.delete_workspace(&sample.id, "something else").await;
    assert_eq!(refused, Err(Problem::field("name", FieldCode::NotTheName)));
    owner.invite(&sample.id, "new@harbour.example", Standing::usual(Role::Viewer)).await.unwrap();
    owner.delete_workspace(&sample.id, &sample.name).await.unwrap();
    assert_eq!(owner.estate(&sample.id).await.err(), Some(Problem::NotFound));
    assert_eq!(instance.operator().estate(&sample.id).await.err(), Some(Problem::NotFound));
    assert_eq!(owner.workspaces().await.unwrap().len(), listed.len() - 1);

    assert_eq!(held(&instance, &sample.id).await, Vec::<String>::new());
    let chain = instance.store.verify_chain(Some(&sample.id)).await.unwrap();
    assert!(matches!(chain, ChainVerdict::Whole { entries } if entries >= 4), "{chain:?}");
    let personal = format!("SELECT value FROM audit_personal WHERE chain = 'workspace/{}'", sample.id);
    assert!(instance.store.texts(&personal).await.unwrap().is_empty(), "names and addresses are erased");
    let again = owner.create_workspace("", true).await.unwrap();
    assert_ne!(again, sample.id, "its key is never given again");
    let other = listed.iter().find(|entry| !entry.sample).unwrap();
    assert_eq!(owner.estate(&other.id).await.unwrap().revision, Revision(1), "others are untouched");
});

both_dbs!(reviews_seals_snapshots_and_proposals_go_with_their_workspace, |place| {
    let instance = reviews::filled(&place).await;
    let (owner, workspace) = (instance.gate(), &instance.workspace);
    let lead = reviews::me(&owner, workspace).await;
    let opening = reviews::opening("2026-Q4", &[(&lead, Part::Attests)], false);
    let review = owner.open_review(workspace, opening).await.unwrap();
    reviews::look_at_all(&owner, workspace, review).await;
    assert_eq!(reviews::sign(&owner, workspace, review).await, Ok(Some(SealKey(1))));
    let proposal = "INSERT INTO proposal (workspace_id, number, version, changed_at, content) \
                    SELECT id, 1, 1, 0, '{}' FROM workspace";
    assert_eq!(instance.store.run_raw(proposal).await.unwrap(), 1);
    let before = held(&instance, workspace).await;
    for table in ["proposal", "review", "review_event", "seal", "seal_content", "snapshot"] {
        assert!(before.iter().any(|it| it == table), "{table}: {before:?}");
    }
    owner.delete_workspace(workspace, "Harbour Street Books").await.unwrap();
    assert_eq!(held(&instance, workspace).await, Vec::<String>::new());
    let chain = instance.store.verify_chain(Some(workspace)).await.unwrap();
    assert!(matches!(chain, ChainVerdict::Whole { .. }), "{chain:?}");
});

both_dbs!(only_an_owner_deletes, |place| {
    let instance = Instance::new(&place).await;
    let admin = instance.member(Role::Admin).await;
    let refused = admin.delete_workspace(&instance.workspace, "Harbour Street Books").await;
    assert_eq!(refused, Err(Problem::Forbidden));
    assert!(instance.gate().estate(&instance.workspace).await.is_ok());
});
