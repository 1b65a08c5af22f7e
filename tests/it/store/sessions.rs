//! Sessions: when they end, and that nothing brings one back.

use store::{SessionHash, SignedIn, Store};
use tests::both_dbs;
use tests::estate::{Instance, OWNER, PASSWORD};

fn hash(number: u32) -> SessionHash {
    SessionHash::of(format!("session {number}").as_bytes())
}

async fn holds(store: &Store, number: u32) -> bool {
    store.sessions().load(&hash(number)).await.unwrap().is_some()
}

async fn begin(store: &Store, signed_in: &SignedIn, number: u32) -> bool {
    store.sessions().create(&hash(number), Some(&signed_in.sign_in), "{}").await.unwrap()
}

both_dbs!(a_session_ends_after_fifteen_idle_minutes, |place| {
    let Instance { store, owner, .. } = Instance::new(&place).await;
    assert!(begin(&store, &owner, 1).await);
    assert!(begin(&store, &owner, 2).await);
    place.clock.advance(14 * 60 + 59);
    assert!(holds(&store, 1).await);
    place.clock.advance(2);
    assert!(holds(&store, 1).await, "it was used two seconds ago");
    assert!(!holds(&store, 2).await, "it was not");
});

both_dbs!(a_session_ends_after_twelve_hours_however_often_it_is_used, |place| {
    let Instance { store, owner, .. } = Instance::new(&place).await;
    assert!(begin(&store, &owner, 1).await);
    for _ in 0..71 {
        place.clock.advance(600);
        assert!(holds(&store, 1).await);
    }
    // A new identifier does not begin the twelve hours again.
    assert!(begin(&store, &owner, 2).await);
    place.clock.advance(599);
    assert!(holds(&store, 1).await && holds(&store, 2).await);
    place.clock.advance(1);
    assert!(!holds(&store, 1).await && !holds(&store, 2).await);
});

both_dbs!(a_session_says_whose_it_is_and_keeps_its_data, |place| {
    let Instance { store, owner, .. } = Instance::new(&place).await;
    let sessions = store.sessions();
    assert!(sessions.create(&hash(1), None, "{\"theme\":\"dark\"}").await.unwrap());
    assert!(!sessions.create(&hash(1), None, "{}").await.unwrap(), "the identifier is taken");
    assert!(begin(&store, &owner, 2).await);
    sessions.save(&hash(2), "{\"theme\":\"light\"}").await.unwrap();
    let anonymous = sessions.load(&hash(1)).await.unwrap().unwrap();
    assert_eq!((anonymous.data.as_str(), anonymous.signed_in), ("{\"theme\":\"dark\"}", None));
    let known = sessions.load(&hash(2)).await.unwrap().unwrap();
    assert_eq!(known.data, "{\"theme\":\"light\"}");
    assert_eq!(known.signed_in, Some((owner.account.clone(), owner.sign_in.clone())));
    assert_eq!(sessions.of_account(&owner.account).await.unwrap().len(), 1);
});

both_dbs!(what_was_ended_stays_ended, |place| {
    let Instance { store, owner, .. } = Instance::new(&place).await;
    assert!(begin(&store, &owner, 1).await);
    store.sessions().delete(&hash(1)).await.unwrap();
    store.sessions().save(&hash(1), "{\"still\":\"there\"}").await.unwrap();
    assert!(!holds(&store, 1).await);
    store.sign_out(&owner.sign_in).await.unwrap();
    assert!(!begin(&store, &owner, 2).await, "the sign-in was ended");
    assert!(!holds(&store, 2).await);
});

both_dbs!(signing_out_during_requests_in_flight_leaves_no_session, |place| {
    let Instance { store, .. } = Instance::new(&place).await;
    for round in 0..5_u32 {
        let signed_in = store.sign_in(OWNER, PASSWORD, "192.0.2.1").await.unwrap();
        let mut requests = tokio::task::JoinSet::new();
        for number in 0..20 {
            let (store, signed_in) = (store.clone(), signed_in.clone());
            requests.spawn(async move {
                if number == 10 {
                    store.sign_out(&signed_in.sign_in).await.unwrap();
                }
                let number = round * 100 + number;
                begin(&store, &signed_in, number).await;
                store.sessions().save(&hash(number), "{\"seen\":true}").await.unwrap();
                holds(&store, number).await;
            });
        }
        while let Some(done) = requests.join_next().await {
            done.unwrap();
        }
        assert_eq!(store.texts("SELECT data FROM session").await.unwrap(), Vec::<String>::new(), "round {round}");
    }
});

both_dbs!(all_sessions_of_an_account_end_together, |place| {
    let instance = Instance::new(&place).await;
    let store = &instance.store;
    let other = instance.account("other", vec![]).await;
    let again = store.sign_in(OWNER, PASSWORD, "192.0.2.1").await.unwrap();
    for (signed_in, number) in [(&instance.owner, 1), (&again, 2), (&other, 3)] {
        assert!(begin(store, signed_in, number).await);
    }
    store.sessions().end_all_of(&instance.owner.account).await.unwrap();
    assert!(!holds(store, 1).await && !holds(store, 2).await && holds(store, 3).await);
    assert!(!begin(store, &again, 4).await);
});

both_dbs!(an_account_that_is_disabled_has_no_session, |place| {
    let Instance { store, owner, .. } = Instance::new(&place).await;
    assert!(begin(&store, &owner, 1).await);
    store.run_raw("UPDATE account SET disabled_at = 1").await.unwrap();
    assert!(!holds(&store, 1).await);
    store.sign_in(OWNER, PASSWORD, "192.0.2.1").await.unwrap_err();
});

both_dbs!(the_identifier_is_not_in_the_database, |place| {
    let Instance { store, owner, .. } = Instance::new(&place).await;
    assert!(begin(&store, &owner, 1).await);
    let to_hex = if store.is_postgres() { "encode(id_hash, 'hex')" } else { "lower(hex(id_hash))" };
    let stored = store.texts(&format!("SELECT {to_hex} FROM session")).await.unwrap();
    // SHA-256 of "session 1".
    assert_eq!(stored.len(), 1);
    assert_eq!(stored[0].len(), 64);
    assert!(!stored[0].contains("73657373696f6e2031"), "the identifier itself in hexadecimal");
});

both_dbs!(sweeping_removes_only_what_has_ended, |place| {
    let Instance { store, owner, .. } = Instance::new(&place).await;
    assert!(begin(&store, &owner, 1).await);
    place.clock.advance(10 * 60);
    assert!(begin(&store, &owner, 2).await);
    store.sign_in("nobody@harbour.example", "a wrong password", "192.0.2.1").await.unwrap_err();
    place.clock.advance(6 * 60);
    store.sessions().sweep().await.unwrap();
    assert_eq!(store.texts("SELECT data FROM session").await.unwrap().len(), 1);
    assert!(holds(&store, 2).await);
    place.clock.advance(25 * 3600);
    store.sessions().sweep().await.unwrap();
    for table in ["session", "sign_in", "throttle"] {
        let left = store.texts(&format!("SELECT CAST(COUNT(*) AS TEXT) FROM {table}")).await.unwrap();
        assert_eq!(left, ["0"], "{table}");
    }
});
