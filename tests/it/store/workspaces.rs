//! The life of a workspace: renamed, archived, restored, deleted.

use domain::backend::Backend as _;
use domain::backend::people::People;
use domain::command::{Command, Revision};
use domain::id::SystemId;
use domain::model::system::System;
use domain::problem::{FieldCode, Problem};
use domain::role::{Role, Standing};
use store::{ChainVerdict, Start};
use tests::both_dbs;
use tests::estate::Instance;

fn add(key: &str) -> Command {
    Command::AddSystem(Box::new(System::new(SystemId::new(key), key)))
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

    let tables = if instance.store.is_postgres() {
        "SELECT table_name FROM information_schema.columns WHERE column_name = 'workspace_id' \
         AND table_schema = current_schema()"
    } else {
        "SELECT m.name FROM sqlite_master m JOIN pragma_table_info(m.name) p WHERE m.type = 'table' \
         AND p.name = 'workspace_id'"
    };
    let tables = instance.store.texts(tables).await.unwrap();
    assert!(tables.len() > 25, "{tables:?}");
    for table in tables.iter().filter(|it| !["chain_head", "audit_entry"].contains(&it.as_str())) {
        let left = format!(
            "SELECT CAST(COUNT(*) AS TEXT) FROM {table} JOIN workspace ON workspace.id = {table}.workspace_id \
             WHERE workspace.key = '{}'",
            sample.id
        );
        assert_eq!(instance.store.texts(&left).await.unwrap(), ["0"], "{table}");
    }
    let chain = instance.store.verify_chain(Some(&sample.id)).await.unwrap();
    assert!(matches!(chain, ChainVerdict::Whole { entries } if entries >= 4), "{chain:?}");
    let personal = format!("SELECT value FROM audit_personal WHERE chain = 'workspace/{}'", sample.id);
    assert!(instance.store.texts(&personal).await.unwrap().is_empty(), "names and addresses are erased");
    let again = owner.create_workspace("", true).await.unwrap();
    assert_ne!(again, sample.id, "its key is never given again");
    let other = listed.iter().find(|entry| !entry.sample).unwrap();
    assert_eq!(owner.estate(&other.id).await.unwrap().revision, Revision(1), "others are untouched");
});

both_dbs!(only_an_owner_deletes, |place| {
    let instance = Instance::new(&place).await;
    let admin = instance.member(Role::Admin).await;
    let refused = admin.delete_workspace(&instance.workspace, "Harbour Street Books").await;
    assert_eq!(refused, Err(Problem::Forbidden));
    assert!(instance.gate().estate(&instance.workspace).await.is_ok());
});
