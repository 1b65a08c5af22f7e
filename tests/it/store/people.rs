//! Members, invitations and accounts: who becomes what, on whose word, and what it ends.

use domain::backend::Backend as _;
use domain::backend::people::{Member, People};
use domain::command::{Command, Revision};
use domain::id::{AccountId, PersonId, SystemId};
use domain::model::fact::Fact;
use domain::model::system::System;
use domain::problem::{FieldCode, FieldError, Problem};
use domain::role::{Engagement, Role, Standing, Tier};
use domain::time::Day;
use serde_json::json;
use store::{ChainVerdict, Gate, Newcomer, Store};
use tests::both_dbs;
use tests::estate::{Instance, OWNER, PASSWORD};

const WEEK: i64 = 7 * 24 * 3600;

fn newcomer() -> Newcomer {
    Newcomer { name: "Shop reviewer".to_owned(), password: PASSWORD.to_owned() }
}

fn field(name: &str, code: FieldCode) -> Problem {
    Problem::Invalid(vec![FieldError::new(name, code)])
}

async fn key_of(gate: &Gate) -> AccountId {
    gate.account().await.unwrap().id
}

async fn members(instance: &Instance) -> Vec<(String, Role)> {
    let members = instance.operator().members(&instance.workspace).await.unwrap();
    members.into_iter().map(|member: Member| (member.name, member.standing.role)).collect()
}

async fn signed_in_again(store: &Store, mail: &str) -> Gate {
    store.gate(store.sign_in(mail, PASSWORD, "192.0.2.1").await.unwrap().actor())
}

both_dbs!(an_invitation_makes_a_new_account_a_member_and_a_person_once, |place| {
    let instance = Instance::new(&place).await;
    let (owner, workspace) = (instance.gate(), &instance.workspace);
    let reviewer = Standing { tier: Tier::High, ..Standing::usual(Role::Reviewer) };
    let token = owner.invite(workspace, "Reviewer@harbour.example", reviewer).await.unwrap();
    assert_eq!(token.len(), 64, "256 bits");
    let held = owner.invitation(&token).await.unwrap();
    assert_eq!((held.workspace.as_str(), held.role), ("Harbour Street Books", Role::Reviewer));
    let joined = instance.store.join(&token, &newcomer()).await.unwrap();
    assert_eq!(joined.workspace.as_ref(), Some(workspace));
    let gate = instance.store.gate(joined.actor());
    let estate = gate.estate(workspace).await.unwrap();
    assert_eq!(estate.workspace.role, Role::Reviewer);
    assert_eq!(estate.model.people["shop-reviewer"].mail.as_deref(), Some("Reviewer@harbour.example"));
    let links = gate.accounts_of_people(workspace).await.unwrap();
    assert_eq!(links[&PersonId::new("shop-reviewer")], joined.account);
    let listed = owner.members(workspace).await.unwrap();
    assert!(listed.iter().any(|it| it.account == joined.account && it.standing == reviewer), "{listed:?}");
    assert_eq!(instance.store.join(&token, &newcomer()).await, Err(Problem::NotFound), "it works once");
    assert_eq!(owner.invitation(&token).await, Err(Problem::NotFound));
    assert!(owner.invitations(workspace).await.unwrap().is_empty());
    let chain = instance.store.verify_chain(Some(workspace)).await.unwrap();
    assert!(matches!(chain, ChainVerdict::Whole { .. }), "{chain:?}");
});

both_dbs!(an_account_accepts_an_invitation_to_its_own_address_only, |place| {
    let instance = Instance::new(&place).await;
    let (owner, workspace) = (instance.gate(), &instance.workspace);
    let stranger = instance.account("stranger", vec![]).await;
    let other = instance.account("other", vec![]).await;
    let viewer = Standing::usual(Role::Viewer);
    let token = owner.invite(workspace, "stranger@harbour.example", viewer).await.unwrap();
    let wrong = instance.store.gate(other.actor());
    assert_eq!(wrong.accept_invitation(&token).await, Err(Problem::NotFound));
    assert_eq!(instance.store.join(&token, &newcomer()).await, Err(field("mail", FieldCode::AddressTaken)));
    let gate = instance.store.gate(stranger.actor());
    assert_eq!(gate.accept_invitation(&token).await.as_ref(), Ok(workspace));
    assert_eq!(gate.estate(workspace).await.unwrap().workspace.role, Role::Viewer);
    assert_eq!(gate.accept_invitation(&token).await, Err(Problem::NotFound));
    let again = owner.invite(workspace, "stranger@harbour.example", viewer).await;
    assert_eq!(again, Err(field("mail", FieldCode::MemberAlready)));
});

both_dbs!(every_token_that_does_not_hold_is_refused_alike, |place| {
    let instance = Instance::new(&place).await;
    let (owner, workspace) = (instance.gate(), &instance.workspace);
    let viewer = Standing::usual(Role::Viewer);
    let replaced = owner.invite(workspace, "new@harbour.example", viewer).await.unwrap();
    let withdrawn = owner.invite(workspace, "new@harbour.example", viewer).await.unwrap();
    let open = owner.invitations(workspace).await.unwrap();
    assert_eq!(open.len(), 1, "a newer invitation replaces the older one");
    owner.withdraw_invitation(workspace, &open[0].id).await.unwrap();
    assert_eq!(owner.withdraw_invitation(workspace, &open[0].id).await, Err(Problem::NotFound));
    let old = owner.invite(workspace, "new@harbour.example", viewer).await.unwrap();
    place.clock.advance(WEEK - 1);
    assert!(owner.invitation(&old).await.is_ok(), "nobody need be signed in to look");
    place.clock.advance(1);
    let gate = instance.store.gate(instance.account("stranger", vec![]).await.actor());
    for token in [&replaced, &withdrawn, &old, "", "no such token", "a\0b"] {
        assert_eq!(gate.invitation(token).await, Err(Problem::NotFound), "{token}");
        assert_eq!(gate.accept_invitation(token).await, Err(Problem::NotFound), "{token}");
        assert_eq!(instance.store.join(token, &newcomer()).await, Err(Problem::NotFound), "{token}");
    }
});

both_dbs!(the_token_of_an_invitation_is_not_stored, |place| {
    let instance = Instance::new(&place).await;
    let viewer = Standing::usual(Role::Viewer);
    let token = instance.gate().invite(&instance.workspace, "new@harbour.example", viewer).await.unwrap();
    let to_hex = if instance.store.is_postgres() { "encode(token_hash, 'hex')" } else { "lower(hex(token_hash))" };
    let stored = instance.store.texts(&format!("SELECT {to_hex} FROM invitation")).await.unwrap();
    assert_eq!(stored.len(), 1);
    assert_ne!(stored[0], token);
    let told = instance.store.texts("SELECT payload FROM audit_payload").await.unwrap().join("");
    assert!(!told.contains(&token) && !told.contains("new@harbour.example"), "{told}");
});

both_dbs!(an_invitation_is_worth_what_its_inviter_is_worth_by_then, |place| {
    let instance = Instance::new(&place).await;
    let (owner, workspace) = (instance.gate(), &instance.workspace);
    let admin = instance.member(Role::Admin).await;
    let editor = Standing::usual(Role::Editor);
    let token = admin.invite(workspace, "new@harbour.example", editor).await.unwrap();
    let key = key_of(&admin).await;
    owner.change_member(workspace, &key, Standing::usual(Role::Viewer)).await.unwrap();
    assert_eq!(instance.store.join(&token, &newcomer()).await, Err(Problem::NotFound), "a viewer grants nothing");
    owner.change_member(workspace, &key, Standing::usual(Role::Admin)).await.unwrap();
    owner.remove_member(workspace, &key, None).await.unwrap();
    assert_eq!(instance.store.join(&token, &newcomer()).await, Err(Problem::NotFound), "it went with its inviter");
    let accounts = instance.store.texts("SELECT mail FROM account").await.unwrap();
    assert!(!accounts.contains(&"new@harbour.example".to_owned()), "{accounts:?}");
});

both_dbs!(nobody_grants_above_their_own_role_by_any_way, |place| {
    let instance = Instance::new(&place).await;
    let workspace = &instance.workspace;
    let admin = instance.member(Role::Admin).await;
    let viewer = key_of(&instance.member(Role::Viewer).await).await;
    let owner = Standing::usual(Role::Owner);
    let high = Standing { tier: Tier::VeryHigh, ..Standing::usual(Role::Editor) };
    for standing in [owner, high] {
        assert_eq!(admin.invite(workspace, "new@harbour.example", standing).await, Err(Problem::Forbidden));
        assert_eq!(admin.change_member(workspace, &viewer, standing).await, Err(Problem::Forbidden));
    }
    let own = key_of(&admin).await;
    assert_eq!(admin.change_member(workspace, &own, owner).await, Err(Problem::Forbidden));
    let first = &instance.owner.account;
    let lowered = Standing::usual(Role::Viewer);
    assert_eq!(admin.change_member(workspace, first, lowered).await, Err(Problem::Forbidden));
    assert_eq!(admin.remove_member(workspace, first, None).await, Err(Problem::Forbidden));
    assert_eq!(admin.hand_over(workspace, &own).await, Err(Problem::Forbidden));
    let denied = "SELECT action FROM audit_entry WHERE action = 'access.denied'";
    assert_eq!(instance.store.texts(denied).await.unwrap().len(), 8, "each is kept");
});

both_dbs!(the_last_owner_stays_by_any_way, |place| {
    let instance = Instance::new(&place).await;
    let (owner, workspace, own) = (instance.gate(), &instance.workspace, &instance.owner.account);
    let refused = Err(field("role", FieldCode::LastOwner));
    assert_eq!(owner.change_member(workspace, own, Standing::usual(Role::Admin)).await, refused);
    assert_eq!(owner.remove_member(workspace, own, None).await, Err(field("role", FieldCode::LastOwner)));
    assert_eq!(instance.store.add_member(OWNER, workspace, Role::Admin).await, refused, "the command line asks too");
    let other = instance.account("second", vec![(workspace.clone(), Role::Owner)]).await;
    owner.disable_account(&other.account, true).await.unwrap();
    let lowered = Standing::usual(Role::Admin);
    assert_eq!(owner.change_member(workspace, own, lowered).await, refused, "an owner who is disabled does not count");
});

both_dbs!(of_two_owners_who_demote_each_other_at_once_one_remains, |place| {
    let instance = Instance::new(&place).await;
    let workspace = &instance.workspace;
    // Two processes, so that nothing but the database orders them.
    let elsewhere = place.bare_store().await;
    for round in 0..4 {
        let name = format!("second{round}");
        let second = instance.account(&name, vec![(workspace.clone(), Role::Owner)]).await;
        let first = signed_in_again(&instance.store, OWNER).await;
        let admin = Standing::usual(Role::Admin);
        let (one, other) = (first, elsewhere.gate(second.actor()));
        let (at_one, at_other) = tokio::join!(
            one.change_member(workspace, &second.account, admin),
            other.change_member(workspace, &instance.owner.account, admin),
        );
        let owners = members(&instance).await.into_iter().filter(|(_, role)| *role == Role::Owner).count();
        assert_eq!(owners, 1, "round {round}: {at_one:?} {at_other:?}");
        // The first account is the owner again before the next round, and alone.
        instance.store.add_member(OWNER, workspace, Role::Owner).await.unwrap();
        instance.store.add_member(&format!("{name}@harbour.example"), workspace, Role::Viewer).await.unwrap();
    }
});

both_dbs!(a_change_of_rights_ends_the_sessions_of_that_person_and_of_no_other, |place| {
    let instance = Instance::new(&place).await;
    let (owner, workspace) = (instance.gate(), &instance.workspace);
    let editor = instance.member(Role::Editor).await;
    let viewer = instance.member(Role::Viewer).await;
    let key = key_of(&editor).await;
    owner.change_member(workspace, &key, Standing::usual(Role::Editor)).await.unwrap();
    assert!(editor.estate(workspace).await.is_ok(), "the same again changes nothing");
    owner.change_member(workspace, &key, Standing::usual(Role::Reviewer)).await.unwrap();
    assert_eq!(editor.account().await, Err(Problem::SignedOut));
    let editor = signed_in_again(&instance.store, "editor@harbour.example").await;
    assert_eq!(editor.estate(workspace).await.unwrap().workspace.role, Role::Reviewer);
    owner.remove_member(workspace, &key, None).await.unwrap();
    assert_eq!(editor.estate(workspace).await.err(), Some(Problem::SignedOut));
    let editor = signed_in_again(&instance.store, "editor@harbour.example").await;
    assert_eq!(editor.estate(workspace).await.err(), Some(Problem::NotFound));
    assert!(editor.workspaces().await.unwrap().is_empty());
    assert!(viewer.estate(workspace).await.is_ok());
    assert!(owner.estate(workspace).await.is_ok());
});

both_dbs!(what_a_removed_person_answered_for_goes_to_another_in_the_same_act, |place| {
    let instance = Instance::new(&place).await;
    let (owner, workspace) = (instance.gate(), &instance.workspace);
    let token = owner.invite(workspace, "new@harbour.example", Standing::usual(Role::Editor)).await.unwrap();
    let joined = instance.store.join(&token, &newcomer()).await.unwrap();
    let mut system = System::new(SystemId::new("till"), "Till");
    system.facts.insert("owner".to_owned(), Fact::of(json!("shop-reviewer")));
    owner.execute(workspace, Command::AddSystem(Box::new(system))).await.unwrap();
    let nobody = PersonId::new("nobody");
    let refused = owner.remove_member(workspace, &joined.account, Some(&nobody)).await;
    assert_eq!(refused, Err(field("to", FieldCode::NoSuchObject)));
    assert_eq!(members(&instance).await.len(), 2, "all of it or nothing");
    let lead = PersonId::new("payments-lead");
    let receipt = owner.remove_member(workspace, &joined.account, Some(&lead)).await.unwrap();
    assert_eq!(receipt.map(|it| it.objects), Some(1));
    let estate = owner.estate(workspace).await.unwrap();
    assert_eq!(estate.model.systems["till"].facts["owner"].value, json!("payments-lead"));
    assert!(estate.model.people.contains_key("shop-reviewer"), "the person stays, without an account");
    assert!(!owner.accounts_of_people(workspace).await.unwrap().contains_key("shop-reviewer"));
    assert_eq!(members(&instance).await.len(), 1);
    let trail = owner.audit_trail(workspace, 2).await.unwrap();
    let actions: Vec<_> = trail.iter().map(|line| line.action.as_str()).collect();
    assert_eq!(actions, ["person.reassign", "member.remove"]);
});

both_dbs!(an_engagement_opens_and_closes_by_the_day, |place| {
    let instance = Instance::new(&place).await;
    let (owner, workspace) = (instance.gate(), &instance.workspace);
    let auditor = instance.member(Role::Auditor).await;
    let key = key_of(&auditor).await;
    let today = owner.estate(workspace).await.unwrap().today;
    let seen = async |from: i32, until: i32| {
        let days = Engagement { from: Day(today.0 + from), until: Day(today.0 + until) };
        let standing = Standing { engagement: Some(days), ..Standing::usual(Role::Auditor) };
        owner.change_member(workspace, &key, standing).await.unwrap();
        let auditor = signed_in_again(&instance.store, "auditor@harbour.example").await;
        (auditor.workspaces().await.unwrap().len(), auditor.estate(workspace).await.err())
    };
    assert_eq!(seen(0, 0).await, (1, None), "the first day is the last one");
    assert_eq!(seen(-3, 3).await, (1, None));
    assert_eq!(seen(1, 9).await, (0, Some(Problem::NotFound)), "not yet");
    assert_eq!(seen(-9, -1).await, (0, Some(Problem::NotFound)), "no longer");
});

both_dbs!(a_workspace_is_handed_over_to_a_member, |place| {
    let instance = Instance::new(&place).await;
    let (owner, workspace) = (instance.gate(), &instance.workspace);
    let editor = key_of(&instance.member(Role::Editor).await).await;
    let stranger = instance.account("stranger", vec![]).await;
    for nobody in [&stranger.account, &instance.owner.account] {
        let refused = owner.hand_over(workspace, nobody).await;
        assert_eq!(refused, Err(field("to", FieldCode::NoSuchObject)));
    }
    owner.hand_over(workspace, &editor).await.unwrap();
    assert_eq!(owner.estate(workspace).await.unwrap().workspace.role, Role::Admin, "the session goes on");
    let expected = [("Payments lead".to_owned(), Role::Admin), ("The editor".to_owned(), Role::Owner)];
    assert_eq!(members(&instance).await, expected);
});

both_dbs!(addresses_are_for_those_who_manage_members, |place| {
    let instance = Instance::new(&place).await;
    let workspace = &instance.workspace;
    for role in [Role::Admin, Role::Editor, Role::Viewer] {
        let listed = instance.member(role).await.members(workspace).await.unwrap();
        assert!(listed.iter().all(|member| member.mail.is_some() == (role == Role::Admin)), "{role}: {listed:?}");
    }
});

both_dbs!(a_member_is_behind_one_person_at_most, |place| {
    let instance = Instance::new(&place).await;
    let (owner, workspace, own) = (instance.gate(), &instance.workspace, &instance.owner.account);
    let (lead, team) = (PersonId::new("payments-lead"), PersonId::new("team"));
    let mut person = (*owner.estate(workspace).await.unwrap().model.people["payments-lead"]).clone();
    (person.id, person.name) = (team.clone(), "Team".to_owned());
    owner.execute(workspace, Command::AddPerson(Box::new(person))).await.unwrap();
    owner.link_person(workspace, &team, Some(own)).await.unwrap();
    let links = owner.accounts_of_people(workspace).await.unwrap();
    assert_eq!(links.keys().collect::<Vec<_>>(), [&team]);
    owner.link_person(workspace, &team, None).await.unwrap();
    assert!(owner.accounts_of_people(workspace).await.unwrap().is_empty());
    assert_eq!(owner.link_person(workspace, &PersonId::new("none"), None).await, Err(Problem::NotFound));
    let stranger = instance.account("stranger", vec![]).await;
    let foreign = owner.link_person(workspace, &lead, Some(&stranger.account)).await;
    assert_eq!(foreign, Err(field("account", FieldCode::NoSuchObject)));
});

both_dbs!(who_does_not_manage_members_speaks_for_nobody_else, |place| {
    let instance = Instance::new(&place).await;
    let (owner, workspace, own) = (instance.gate(), &instance.workspace, &instance.owner.account);
    let lead = PersonId::new("payments-lead");
    owner.link_person(workspace, &lead, Some(own)).await.unwrap();
    for role in [Role::Editor, Role::Reviewer, Role::Viewer] {
        let gate = instance.member(role).await;
        let account = gate.account().await.unwrap().id;
        for to in [Some(&account), None] {
            assert_eq!(gate.link_person(workspace, &lead, to).await, Err(Problem::Forbidden), "{role}");
        }
    }
    assert_eq!(owner.accounts_of_people(workspace).await.unwrap().get(&lead), Some(own));
    let admin = instance.member(Role::Admin).await;
    let account = admin.account().await.unwrap().id;
    admin.link_person(workspace, &lead, Some(&account)).await.unwrap();
    assert_eq!(owner.accounts_of_people(workspace).await.unwrap().get(&lead), Some(&account));

    place.clock.advance(5 * 60 + 1);
    assert_eq!(admin.link_person(workspace, &lead, None).await, Err(Problem::Reauthenticate));
    assert_eq!(owner.accounts_of_people(workspace).await.unwrap().get(&lead), Some(&account));
});

both_dbs!(a_person_who_answers_for_something_goes_only_with_a_successor, |place| {
    let instance = Instance::new(&place).await;
    let (owner, workspace) = (instance.gate(), &instance.workspace);
    let mut person = (*owner.estate(workspace).await.unwrap().model.people["payments-lead"]).clone();
    (person.id, person.name) = (PersonId::new("deputy"), "Deputy".to_owned());
    owner.execute(workspace, Command::AddPerson(Box::new(person))).await.unwrap();
    let mut system = System::new(SystemId::new("till"), "Till");
    system.facts.insert("owner".to_owned(), Fact::of(json!("deputy")));
    owner.execute(workspace, Command::AddSystem(Box::new(system))).await.unwrap();
    let delete = |to: Option<&str>| Command::DeletePerson("deputy".into(), Revision(9), to.map(PersonId::from));
    assert_eq!(owner.execute(workspace, delete(None)).await, Err(field("to", FieldCode::StillUsed)));
    assert_eq!(owner.execute(workspace, delete(Some("deputy"))).await, Err(field("to", FieldCode::NoSuchObject)));
    owner.execute(workspace, delete(Some("payments-lead"))).await.unwrap();
    let before = owner.estate(workspace).await.unwrap();
    instance.store.forget_copies();
    let estate = owner.estate(workspace).await.unwrap();
    assert_eq!(estate.model, before.model, "what is in memory is what is stored");
    assert!(!estate.model.people.contains_key("deputy"));
    assert_eq!(estate.model.systems["till"].facts["owner"].value, json!("payments-lead"));
});

both_dbs!(an_account_that_is_disabled_is_out_at_once, |place| {
    let instance = Instance::new(&place).await;
    let (admin, workspace) = (instance.gate(), &instance.workspace);
    let editor = instance.member(Role::Editor).await;
    let key = key_of(&editor).await;
    assert_eq!(editor.accounts().await, Err(Problem::Forbidden));
    assert_eq!(editor.disable_account(&instance.owner.account, true).await, Err(Problem::Forbidden));
    admin.disable_account(&key, true).await.unwrap();
    assert_eq!(editor.estate(workspace).await.err(), Some(Problem::SignedOut));
    assert!(instance.store.sign_in("editor@harbour.example", PASSWORD, "192.0.2.1").await.is_err());
    let own = admin.disable_account(&instance.owner.account, true).await;
    assert_eq!(own, Err(field("account", FieldCode::LastAdministrator)));
    let disabled = admin.accounts().await.unwrap().into_iter().find(|it| it.id == key).unwrap();
    assert!(disabled.disabled);
    admin.disable_account(&key, false).await.unwrap();
    assert!(signed_in_again(&instance.store, "editor@harbour.example").await.estate(workspace).await.is_ok());
});

both_dbs!(a_person_renames_themselves, |place| {
    let instance = Instance::new(&place).await;
    let gate = instance.gate();
    assert_eq!(gate.rename_account(" ").await, Err(field("name", FieldCode::Missing)));
    gate.rename_account(" Head of payments ").await.unwrap();
    assert_eq!(gate.account().await.unwrap().name, "Head of payments");
});
