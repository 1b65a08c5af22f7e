//! Who gets in: members by their role, and nobody else.

use domain::backend::people::People;
use domain::backend::{Backend, StagedImport};
use domain::command::{Command, Revision};
use domain::id::{AccountId, ImportId, InvitationId, PersonId, SystemId, WorkspaceId};
use domain::model::system::System;
use domain::problem::Problem;
use domain::role::{Capability, Role, Standing};
use store::{Actor, SignInId};
use tests::both_dbs;
use tests::estate::{Instance, PASSWORD};

fn add(key: &str) -> Command {
    Command::AddSystem(Box::new(System::new(SystemId::new(key), key)))
}

/// What each method of the backend says about a workspace.
async fn answers(gate: &dyn Backend, workspace: &WorkspaceId) -> Vec<(&'static str, Option<Problem>)> {
    let staged = StagedImport { file_name: "flows.csv".to_owned(), content: "{}".to_owned() };
    let (nobody, standing) = (AccountId::new("x"), Standing::usual(Role::Viewer));
    vec![
        ("estate", gate.estate(workspace).await.err()),
        ("execute", gate.execute(workspace, add("intruder")).await.err()),
        ("receipt", gate.receipt(workspace, Revision(1)).await.err()),
        ("stage_import", gate.stage_import(workspace, staged).await.err()),
        ("staged_import", gate.staged_import(workspace, &ImportId::new("x")).await.err()),
        ("drop_import", gate.drop_import(workspace, &ImportId::new("x")).await.err()),
        ("register_import", gate.register_import(workspace, &ImportId::new("x")).await.err()),
        ("drop_register", gate.drop_register(workspace, &ImportId::new("x")).await.err()),
        ("begin_register", gate.begin_register(workspace, &ImportId::new("x"), &[], 1).await.err()),
        ("note_register", gate.note_register(workspace, &ImportId::new("x"), 1).await.err()),
        ("risk_revisions", gate.risk_revisions(workspace).await.err()),
        ("audit_trail", gate.audit_trail(workspace, 5).await.err()),
        ("members", gate.members(workspace).await.err()),
        ("change_member", gate.change_member(workspace, &nobody, standing).await.err()),
        ("remove_member", gate.remove_member(workspace, &nobody, None).await.err()),
        ("hand_over", gate.hand_over(workspace, &nobody).await.err()),
        ("invitations", gate.invitations(workspace).await.err()),
        ("invite", gate.invite(workspace, "new@harbour.example", standing).await.err()),
        ("withdraw", gate.withdraw_invitation(workspace, &InvitationId::new("x")).await.err()),
        ("rename_workspace", gate.rename_workspace(workspace, "Mine").await.err()),
        ("archive_workspace", gate.archive_workspace(workspace, true).await.err()),
        ("delete_workspace", gate.delete_workspace(workspace, "Harbour Street Books").await.err()),
        ("accounts_of_people", gate.accounts_of_people(workspace).await.err()),
        ("link_person", gate.link_person(workspace, &PersonId::new("payments-lead"), None).await.err()),
    ]
}

both_dbs!(a_foreign_workspace_looks_like_one_that_does_not_exist, |place| {
    let instance = Instance::new(&place).await;
    let other = instance.gate().create_workspace("Other shop", false).await.unwrap();
    let stranger = instance.account("stranger", vec![]).await;
    let neighbour = instance.account("neighbour", vec![(other.clone(), Role::Owner)]).await;
    for who in [stranger, neighbour] {
        let gate = instance.store.gate(who.actor());
        let foreign = answers(&gate, &instance.workspace).await;
        assert_eq!(foreign, answers(&gate, &WorkspaceId::new("no-such-workspace")).await);
        assert_eq!(foreign, answers(&gate, &WorkspaceId::new("no\0such\u{1b}[31m")).await);
        assert!(foreign.iter().all(|(_, problem)| *problem == Some(Problem::NotFound)), "{foreign:?}");
    }
    let estate = instance.gate().estate(&instance.workspace).await.unwrap();
    assert!(estate.model.systems.is_empty());
});

both_dbs!(nobody_is_asked_to_sign_in, |place| {
    let instance = Instance::new(&place).await;
    let forged = Actor::Account { id: instance.owner.account.clone(), session: SignInId::new("0".repeat(32)) };
    for actor in [Actor::Nobody, forged] {
        let gate = instance.store.gate(actor);
        for (method, problem) in answers(&gate, &instance.workspace).await {
            assert_eq!(problem, Some(Problem::SignedOut), "{method}");
        }
        assert_eq!(gate.account().await, Err(Problem::SignedOut));
        assert_eq!(gate.workspaces().await, Err(Problem::SignedOut));
        assert_eq!(gate.create_workspace("Mine", false).await, Err(Problem::SignedOut));
        assert_eq!(gate.rename_account("Somebody").await, Err(Problem::SignedOut));
        assert_eq!(gate.accounts().await, Err(Problem::SignedOut));
        assert_eq!(gate.disable_account(&instance.owner.account, true).await, Err(Problem::SignedOut));
    }
});

both_dbs!(a_sign_in_that_was_ended_opens_nothing, |place| {
    let instance = Instance::new(&place).await;
    instance.gate().account().await.unwrap();
    instance.store.sign_out(&instance.owner.sign_in).await.unwrap();
    for (method, problem) in answers(&instance.gate(), &instance.workspace).await {
        assert_eq!(problem, Some(Problem::SignedOut), "{method}");
    }
});

both_dbs!(every_role_may_what_the_policy_says, |place| {
    let instance = Instance::new(&place).await;
    let workspace = &instance.workspace;
    for role in Role::ALL {
        let gate = instance.member(*role).await;
        let denied = |capability| (!role.may(capability)).then_some(Problem::Forbidden);
        let command = add(role.as_str());
        assert_eq!(gate.estate(workspace).await.err(), denied(Capability::ReadModel), "{role}");
        assert_eq!(gate.execute(workspace, command).await.err(), denied(Capability::EditModel), "{role}");
        let import = Command::Import { source: "a.csv".to_owned(), objects: vec![], seen: Revision(99) };
        assert_eq!(gate.execute(workspace, import).await.err(), denied(Capability::ImportModel), "{role}");
        let sample = Command::LoadSample(vec![]);
        assert_eq!(gate.execute(workspace, sample).await.err(), denied(Capability::ManageWorkspace), "{role}");
        assert_eq!(gate.audit_trail(workspace, 5).await.err(), denied(Capability::ReadAudit), "{role}");
        let staged = StagedImport { file_name: "a.csv".to_owned(), content: "{}".to_owned() };
        assert_eq!(gate.stage_import(workspace, staged).await.err(), denied(Capability::ImportModel), "{role}");
    }
    let estate = instance.gate().estate(workspace).await.unwrap();
    let made: Vec<_> = estate.model.systems.keys().map(SystemId::as_str).collect();
    assert_eq!(made, ["admin", "editor", "owner"]);
});

both_dbs!(a_role_that_was_lowered_counts_at_once, |place| {
    let instance = Instance::new(&place).await;
    let editor = instance.member(Role::Editor).await;
    editor.execute(&instance.workspace, add("one")).await.unwrap();
    instance.store.add_member("editor@harbour.example", &instance.workspace, Role::Viewer).await.unwrap();
    assert_eq!(editor.execute(&instance.workspace, add("two")).await, Err(Problem::SignedOut), "the session has ended");
    let again = instance.store.sign_in("editor@harbour.example", PASSWORD, "192.0.2.1").await.unwrap();
    let viewer = instance.store.gate(again.actor());
    assert_eq!(viewer.execute(&instance.workspace, add("two")).await, Err(Problem::Forbidden));
    assert_eq!(viewer.estate(&instance.workspace).await.unwrap().workspace.role, Role::Viewer);
});

both_dbs!(a_denial_is_kept_and_changes_nothing_else, |place| {
    let instance = Instance::new(&place).await;
    let viewer = instance.member(Role::Viewer).await;
    let denials = "SELECT action FROM audit_entry WHERE action = 'access.denied'";
    assert_eq!(viewer.execute(&instance.workspace, add("intruder")).await, Err(Problem::Forbidden));
    assert_eq!(viewer.estate(&WorkspaceId::new("elsewhere")).await.err(), Some(Problem::NotFound));
    assert_eq!(instance.store.texts(denials).await.unwrap().len(), 2);
    assert_eq!(instance.gate().estate(&instance.workspace).await.unwrap().revision, Revision(1));
    assert_eq!(instance.store.texts("SELECT key FROM system").await.unwrap(), Vec::<String>::new());
});

both_dbs!(the_database_refuses_references_into_another_workspace, |place| {
    let instance = Instance::new(&place).await;
    let other = instance.gate().create_workspace("Other shop", false).await.unwrap();
    instance.gate().execute(&instance.workspace, add("checkout")).await.unwrap();
    instance.gate().execute(&other, add("ledger")).await.unwrap();
    // By hand, past all our own checks: a system of one workspace copies that of the other.
    let copy = |of: &str, by: &str| {
        format!(
            "INSERT INTO copies (workspace_id, system_key, position, source_key) \
             SELECT id, '{by}', 0, '{of}' FROM workspace WHERE key = '{other}'"
        )
    };
    assert!(instance.store.run_raw(&copy("checkout", "ledger")).await.is_err());
    assert_eq!(instance.store.run_raw(&copy("ledger", "ledger")).await.unwrap(), 1);
});

both_dbs!(the_operator_makes_a_workspace_for_those_who_administer, |place| {
    let instance = Instance::new(&place).await;
    let sample = instance.operator().create_workspace("", true).await.unwrap();
    let listed = instance.gate().workspaces().await.unwrap();
    let names: Vec<_> = listed.iter().map(|entry| (entry.name.as_str(), entry.role, entry.sample)).collect();
    assert_eq!(
        names,
        [("Harbour Street Books", Role::Owner, false), ("Storefront payments (sample)", Role::Owner, true)]
    );
    let estate = instance.gate().estate(&sample).await.unwrap();
    assert!(estate.model.systems.len() > 5);
    assert_eq!(instance.operator().account().await, Err(Problem::SignedOut));
});
