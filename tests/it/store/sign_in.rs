//! Signing in: how often somebody may try, and what a stranger can learn.

use domain::problem::{FieldCode, Problem};
use store::{SignedIn, Store};
use tests::both_dbs;
use tests::estate::{Instance, OWNER, PASSWORD};

async fn attempt(store: &Store, mail: &str, password: &str) -> Result<SignedIn, Problem> {
    store.sign_in(mail, password, "192.0.2.1").await
}

fn wrong() -> Problem {
    Problem::field("password", FieldCode::WrongCredentials)
}

both_dbs!(five_tries_are_free_then_the_pause_doubles, |place| {
    let Instance { store, .. } = Instance::new(&place).await;
    for _ in 0..5 {
        assert_eq!(attempt(&store, OWNER, "not the password").await, Err(wrong()));
    }
    for pause in [1, 2, 4, 8, 16] {
        assert_eq!(attempt(&store, OWNER, PASSWORD).await, Err(Problem::TooMany(pause)));
        place.clock.advance(i64::from(pause));
        assert_eq!(attempt(&store, OWNER, "not the password").await, Err(wrong()));
    }
    assert_eq!(attempt(&store, OWNER, PASSWORD).await, Err(Problem::TooMany(1800)), "the right one comes too late");
    assert_eq!(store.verifications(), 10);
    place.clock.advance(1799);
    assert_eq!(attempt(&store, OWNER, PASSWORD).await, Err(Problem::TooMany(1)));
    place.clock.advance(1);
    attempt(&store, OWNER, PASSWORD).await.unwrap();
    let actions = store.texts("SELECT action FROM audit_entry WHERE chain = 'instance' ORDER BY seq").await.unwrap();
    let locked = actions.iter().filter(|action| *action == "sign_in.locked").count();
    assert_eq!((locked, actions.len()), (1, 12));
});

both_dbs!(success_forgets_the_tries_before_it, |place| {
    let Instance { store, .. } = Instance::new(&place).await;
    for _ in 0..3 {
        for _ in 0..4 {
            assert_eq!(attempt(&store, OWNER, "not the password").await, Err(wrong()));
        }
        attempt(&store, OWNER, PASSWORD).await.unwrap();
    }
});

both_dbs!(a_hundred_wrong_guesses_at_once_are_compared_at_most_ten_times, |place| {
    let Instance { store, .. } = Instance::new(&place).await;
    let mut guesses = tokio::task::JoinSet::new();
    for number in 0..100 {
        let store = store.clone();
        guesses.spawn(async move { attempt(&store, OWNER, &format!("wrong password {number}")).await });
    }
    let outcomes = guesses.join_all().await;
    assert!(outcomes.iter().all(|it| matches!(it, Err(Problem::TooMany(_))) || *it == Err(wrong())), "{outcomes:?}");
    assert!((1..=10).contains(&store.verifications()), "{}", store.verifications());
});

both_dbs!(an_unknown_address_costs_and_says_the_same, |place| {
    let Instance { store, .. } = Instance::new(&place).await;
    for mail in [OWNER, "nobody@harbour.example", "no address\0at all", ""] {
        let before = store.verifications();
        for _ in 0..5 {
            assert_eq!(attempt(&store, mail, "not the password").await, Err(wrong()), "{mail}");
        }
        assert_eq!(attempt(&store, mail, "not the password").await, Err(Problem::TooMany(1)), "{mail}");
        assert_eq!(store.verifications() - before, 5, "{mail}");
    }
    assert_eq!(attempt(&store, "other@harbour.example", &"long ".repeat(1000)).await, Err(wrong()));
});

both_dbs!(a_password_survives_every_character, |place| {
    let instance = Instance::new(&place).await;
    let password = "tin\0kettle 🫖 über moss";
    let account = store::NewAccount {
        name: "Careful".to_owned(),
        mail: "careful@harbour.example".to_owned(),
        password: password.to_owned(),
        instance_admin: false,
        memberships: vec![],
    };
    instance.store.add_account(&account).await.unwrap();
    attempt(&instance.store, "careful@harbour.example", password).await.unwrap();
    assert_eq!(attempt(&instance.store, "careful@harbour.example", "tin").await, Err(wrong()));
    let stored = instance.store.texts("SELECT secret FROM account_credential").await.unwrap();
    assert_eq!(stored.len(), 2);
    assert!(stored.iter().all(|hash| hash.starts_with("$argon2id$v=19$m=65536,t=3,p=1$")), "{stored:?}");
});
