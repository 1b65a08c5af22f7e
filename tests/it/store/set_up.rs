//! The first account: made once, with a link that works once.

use domain::backend::Backend;
use domain::id::SegmentId;
use domain::problem::{FieldCode, FieldError, Problem};
use domain::role::Role;
use store::{SetUp, Start};
use tests::both_dbs;
use tests::estate::{Instance, OWNER, PASSWORD, set_up_form};

fn no_link() -> Problem {
    Problem::field("token", FieldCode::LinkUsedOrOld)
}

both_dbs!(the_first_account_administers_and_owns, |place| {
    let instance = Instance::new(&place).await;
    let account = instance.gate().account().await.unwrap();
    assert_eq!((account.name.as_str(), account.mail.as_str(), account.instance_admin), ("Payments lead", OWNER, true));
    let workspaces = instance.gate().workspaces().await.unwrap();
    assert_eq!(workspaces.len(), 1);
    assert_eq!((workspaces[0].name.as_str(), workspaces[0].role), ("Harbour Street Books", Role::Owner));
    assert_eq!(workspaces[0].id.as_str(), "harbour-street-books");
    let estate = instance.gate().estate(&instance.workspace).await.unwrap();
    let segments: Vec<_> = estate.model.segments.keys().map(SegmentId::as_str).collect();
    assert_eq!(segments, ["cde", "edge", "internal", "internet", "office"]);
    assert_eq!(estate.model.people["payments-lead"].mail.as_deref(), Some(OWNER));
    let linked = "SELECT person.key FROM person JOIN account ON account.id = person.account_id";
    assert_eq!(instance.store.texts(linked).await.unwrap(), ["payments-lead"]);
    instance.store.sign_in(" LEAD@harbour.example", PASSWORD, "192.0.2.1").await.unwrap();
});

both_dbs!(ten_at_once_make_one_account, |place| {
    let store = place.store().await;
    let token = store.setup_token().await.unwrap().unwrap();
    let mut people = tokio::task::JoinSet::new();
    for number in 0..10 {
        let (store, token) = (store.clone(), token.clone());
        people.spawn(async move {
            let form = SetUp { mail: format!("{number}@harbour.example"), ..set_up_form(&token, Start::Sample) };
            store.set_up(&form).await
        });
    }
    let outcomes = people.join_all().await;
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1, "{outcomes:?}");
    assert!(outcomes.iter().all(|outcome| outcome.is_ok() || *outcome == Err(no_link())), "{outcomes:?}");
    assert_eq!(store.texts("SELECT key FROM account").await.unwrap().len(), 1);
    assert_eq!(store.texts("SELECT key FROM workspace").await.unwrap().len(), 2);
});

both_dbs!(a_link_works_once_and_for_thirty_minutes, |place| {
    let store = place.store().await;
    assert!(store.is_new().await.unwrap());
    let first = store.setup_token().await.unwrap().unwrap();
    assert_eq!(first.len(), 64);
    let second = store.setup_token().await.unwrap().unwrap();
    let form = |token: &str| set_up_form(token, Start::Empty);
    assert_eq!(store.set_up(&form(&first)).await, Err(no_link()), "a newer link replaced it");
    assert_eq!(store.set_up(&form("")).await, Err(no_link()));
    place.clock.advance(30 * 60);
    assert_eq!(store.set_up(&form(&second)).await, Err(no_link()), "it is too old");
    let third = store.setup_token().await.unwrap().unwrap();
    place.clock.advance(30 * 60 - 1);
    store.set_up(&form(&third)).await.unwrap();
    assert_eq!(store.set_up(&form(&third)).await, Err(no_link()));
    assert_eq!(store.setup_token().await.unwrap(), None);
    assert!(!store.is_new().await.unwrap());
});

both_dbs!(the_token_itself_is_not_stored, |place| {
    let store = place.store().await;
    let token = store.setup_token().await.unwrap().unwrap();
    let to_hex = if store.is_postgres() { "encode(token_hash, 'hex')" } else { "lower(hex(token_hash))" };
    let stored = store.texts(&format!("SELECT {to_hex} FROM setup_token")).await.unwrap();
    assert_eq!(stored.len(), 1);
    assert_ne!(stored[0], token);
});

both_dbs!(every_field_that_is_wrong_is_named, |place| {
    let store = place.store().await;
    let token = store.setup_token().await.unwrap().unwrap();
    let form = SetUp {
        token: token.clone(),
        organisation: " ".to_owned(),
        name: "x".repeat(121),
        mail: "lead".to_owned(),
        password: "short".to_owned(),
        start: Start::Empty,
    };
    let expected = vec![
        FieldError::new("organisation", FieldCode::Missing),
        FieldError::new("name", FieldCode::TooLong(120)),
        FieldError::new("mail", FieldCode::NotAnAddress),
        FieldError::new("password", FieldCode::TooShort(12)),
    ];
    assert_eq!(store.set_up(&form).await, Err(Problem::Invalid(expected)));
    let form = SetUp { password: "Harbour-Street-1".to_owned(), ..set_up_form(&token, Start::Empty) };
    assert_eq!(store.set_up(&form).await, Err(Problem::field("password", FieldCode::CommonPassword)));
    // Mistakes do not cost the link.
    store.set_up(&set_up_form(&token, Start::Empty)).await.unwrap();
});

both_dbs!(the_sample_has_a_workspace_of_its_own, |place| {
    let instance = Instance::with(&place, Start::Sample).await;
    let gate = instance.gate();
    let listed = gate.workspaces().await.unwrap();
    let names: Vec<_> = listed.iter().map(|entry| (entry.id.as_str(), entry.name.as_str(), entry.sample)).collect();
    assert_eq!(
        names,
        [
            ("harbour-street-books", "Harbour Street Books", false),
            ("storefront-payments-sample", "Storefront payments (sample)", true)
        ]
    );
    let sample = gate.estate(&instance.workspace).await.unwrap();
    assert!(sample.workspace.sample && !sample.model.flows.is_empty());
    let own = gate.estate(&listed[0].id).await.unwrap();
    assert!(own.model.systems.is_empty() && own.model.segments.len() == 5);
});

both_dbs!(workspaces_of_the_same_name_have_different_keys, |place| {
    let instance = Instance::new(&place).await;
    let gate = instance.gate();
    assert_eq!(gate.create_workspace("Harbour Street Books", false).await.unwrap().as_str(), "harbour-street-books-2");
    assert_eq!(gate.create_workspace(" ** ", false).await.unwrap().as_str(), "workspace");
    assert_eq!(gate.create_workspace("", false).await, Err(Problem::field("name", FieldCode::Missing)));
    assert_eq!(gate.workspaces().await.unwrap().len(), 3);
});

both_dbs!(the_operator_adds_accounts, |place| {
    let instance = Instance::new(&place).await;
    let editor = instance.account("editor", vec![(instance.workspace.clone(), Role::Editor)]).await;
    let gate = instance.store.gate(editor.actor());
    assert!(!gate.account().await.unwrap().instance_admin);
    assert_eq!(gate.workspaces().await.unwrap()[0].role, Role::Editor);
    let again = store::NewAccount {
        name: "Another".to_owned(),
        mail: "EDITOR@harbour.example".to_owned(),
        password: PASSWORD.to_owned(),
        instance_admin: false,
        memberships: vec![],
    };
    assert_eq!(instance.store.add_account(&again).await, Err(Problem::field("mail", FieldCode::Taken)));
});
