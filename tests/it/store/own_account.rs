//! What a person does about their own account: sessions, password, browsers that are known, addresses that try.

use std::net::IpAddr;

use domain::backend::Backend as _;
use domain::backend::own_account::OwnAccount as _;
use domain::problem::{FieldCode, Problem};
use store::{Posting, SessionHash, SignedIn, Store, Visit};
use tests::both_dbs;
use tests::estate::{Instance, OWNER, PASSWORD};

const NEW: &str = "moss-over-kettle-and-tin";

fn visit<'a>(agent: &'a str, device: Option<&'a str>) -> Visit<'a> {
    Visit { address: "192.0.2.7", agent, device }
}

async fn with_session(store: &Store, signed_in: &SignedIn, number: u8) {
    assert!(store.sessions().create(&SessionHash::of(&[number]), Some(&signed_in.sign_in), "{}").await.unwrap());
}

both_dbs!(sessions_are_listed_and_ended_one_by_one, |place| {
    let instance = Instance::new(&place).await;
    let (store, owner) = (&instance.store, &instance.owner);
    place.clock.advance(60);
    let phone = store.sign_in_from(OWNER, PASSWORD, &visit("a phone\u{7}", None)).await.unwrap();
    let laptop = store.sign_in_from(OWNER, PASSWORD, &visit(&"x".repeat(500), None)).await.unwrap();
    let stranger = instance.account("stranger", vec![]).await;
    for (signed_in, number) in [(owner, 1), (&phone, 2), (&laptop, 3), (&stranger, 4)] {
        with_session(store, signed_in, number).await;
    }
    let gate = store.gate(owner.actor());
    let sessions = gate.security().await.unwrap().sessions;
    assert_eq!(sessions.len(), 3, "{sessions:?}");
    assert_eq!(sessions.iter().filter(|session| session.current).count(), 1);
    let of_phone = sessions.iter().find(|session| session.agent == "a phone").unwrap();
    assert_eq!((of_phone.address.as_str(), of_phone.current), ("192.0.2.7", false));
    assert!(sessions.iter().all(|session| session.agent.chars().count() <= 200));

    store.gate(stranger.actor()).end_session(&of_phone.key).await.unwrap();
    assert_eq!(gate.security().await.unwrap().sessions.len(), 3, "nobody ends the session of another");
    gate.end_session(&of_phone.key).await.unwrap();
    assert_eq!(store.gate(phone.actor()).account().await, Err(Problem::SignedOut));
    assert!(store.sessions().load(&SessionHash::of(&[2])).await.unwrap().is_none());
    gate.end_other_sessions().await.unwrap();
    assert_eq!(store.gate(laptop.actor()).account().await, Err(Problem::SignedOut));
    gate.account().await.unwrap();
    store.gate(stranger.actor()).account().await.unwrap();
});

both_dbs!(a_changed_password_ends_every_other_session, |place| {
    let Instance { store, owner, .. } = Instance::new(&place).await;
    let other = store.sign_in(OWNER, PASSWORD, "192.0.2.1").await.unwrap();
    let change =
        async |current: &str, new: &str| store.change_password(&owner.actor(), current, new, &visit("", None)).await;
    let refused = |field, code| Err(Problem::field(field, code));
    assert_eq!(change("not the password", NEW).await, refused("current_password", FieldCode::WrongPassword));
    assert_eq!(change(PASSWORD, "short").await, refused("new_password", FieldCode::TooShort(12)));
    assert_eq!(change(PASSWORD, "lead@harbour.example").await, refused("new_password", FieldCode::CommonPassword));
    change(PASSWORD, NEW).await.unwrap();
    store.gate(owner.actor()).account().await.unwrap();
    assert_eq!(store.gate(other.actor()).account().await, Err(Problem::SignedOut));
    assert!(store.sign_in(OWNER, PASSWORD, "192.0.2.1").await.is_err());
    store.sign_in(OWNER, NEW, "192.0.2.1").await.unwrap();
});

both_dbs!(a_change_of_password_counts_as_a_try, |place| {
    let Instance { store, owner, .. } = Instance::new(&place).await;
    let before = store.verifications();
    for _ in 0..20 {
        let outcome = store.change_password(&owner.actor(), "a guess of a thief", NEW, &visit("", None)).await;
        assert!(outcome.is_err());
    }
    assert_eq!(store.verifications() - before, 5);
    assert!(matches!(store.sign_in(OWNER, PASSWORD, "192.0.2.1").await, Err(Problem::TooMany(_))));
});

both_dbs!(nobody_locks_a_person_out_of_a_browser_that_is_known, |place| {
    let Instance { store, .. } = Instance::new(&place).await;
    let token = store.sign_in(OWNER, PASSWORD, "192.0.2.1").await.unwrap().device.unwrap();
    for _ in 0..10 {
        store.sign_in(OWNER, "a guess of a stranger", "203.0.113.9").await.unwrap_err();
        place.clock.advance(60);
    }
    assert!(matches!(store.sign_in(OWNER, PASSWORD, "192.0.2.1").await, Err(Problem::TooMany(_))));
    store.sign_in_from(OWNER, PASSWORD, &visit("", Some(token.expose()))).await.unwrap();
    // The known browser has its own ten tries, and only for its own account.
    for _ in 0..10 {
        store.sign_in_from(OWNER, "not the password", &visit("", Some(token.expose()))).await.unwrap_err();
        place.clock.advance(60);
    }
    let locked = store.sign_in_from(OWNER, PASSWORD, &visit("", Some(token.expose()))).await;
    assert!(matches!(locked, Err(Problem::TooMany(_))), "{locked:?}");
    let stored = store.texts("SELECT CAST(COUNT(*) AS TEXT) FROM known_device").await.unwrap();
    assert_eq!(stored, ["2"], "one for each time that somebody got in");
    let to_hex = if store.is_postgres() { "encode(token_hash, 'hex')" } else { "lower(hex(token_hash))" };
    let hashes = store.texts(&format!("SELECT {to_hex} FROM known_device")).await.unwrap();
    assert!(!hashes.iter().any(|hash| hash == token.expose()));
});

both_dbs!(an_address_has_twenty_tries_at_once_and_then_ten_a_minute_on_all_servers_together, |place| {
    let one = place.store().await;
    let other = place.bare_store().await;
    let address: IpAddr = "203.0.113.9".parse().unwrap();
    let admitted = async |address: IpAddr, posting: Posting| {
        let mut admitted = 0;
        for number in 0..150 {
            let store = if number % 2 == 0 { &one } else { &other };
            admitted += usize::from(store.count_address(address, posting).await.is_ok());
        }
        admitted
    };
    assert_eq!(admitted(address, Posting::SignIn).await, 20);
    assert_eq!(one.count_address(address, Posting::SignIn).await, Err(Problem::TooMany(6)));
    place.clock.advance(60);
    assert_eq!(admitted(address, Posting::SignIn).await, 10);
    place.clock.advance(6);
    assert_eq!(admitted(address, Posting::SignIn).await, 1);
    assert_eq!(admitted("203.0.113.10".parse().unwrap(), Posting::SignIn).await, 20);
    assert_eq!(admitted("2001:db8::1".parse().unwrap(), Posting::Form).await, 120);
    assert_eq!(admitted("2001:db8::ffff:2".parse().unwrap(), Posting::Form).await, 0, "the same network");
    assert_eq!(admitted("::ffff:203.0.113.9".parse().unwrap(), Posting::SignIn).await, 0, "the same address");
    place.clock.advance(300);
    one.sessions().sweep().await.unwrap();
    assert_eq!(one.texts("SELECT network FROM address_bucket").await.unwrap(), Vec::<String>::new());
});

both_dbs!(a_link_sets_a_new_password_once_within_half_an_hour, |place| {
    let Instance { store, owner, .. } = Instance::new(&place).await;
    let older = store.reset_token(OWNER).await.unwrap();
    let token = store.reset_token(" LEAD@harbour.example ").await.unwrap();
    assert_eq!(store.reset_password(older.expose(), NEW).await, Err(Problem::NotFound), "a newer one replaced it");
    assert_eq!(
        store.reset_password(token.expose(), "short").await,
        Err(Problem::field("new_password", FieldCode::TooShort(12)))
    );
    assert!(store.is_reset_token(token.expose()).await.unwrap());
    let twice = tokio::join!(store.reset_password(token.expose(), NEW), store.reset_password(token.expose(), NEW));
    assert_eq!(usize::from(twice.0.is_ok()) + usize::from(twice.1.is_ok()), 1, "{twice:?}");
    assert!(!store.is_reset_token(token.expose()).await.unwrap());
    assert_eq!(store.gate(owner.actor()).account().await, Err(Problem::SignedOut));
    store.sign_in(OWNER, NEW, "192.0.2.1").await.unwrap();

    let token = store.reset_token(OWNER).await.unwrap();
    let to_hex = if store.is_postgres() { "encode(token_hash, 'hex')" } else { "lower(hex(token_hash))" };
    let stored = store.texts(&format!("SELECT {to_hex} FROM password_reset")).await.unwrap();
    assert!(stored.len() == 1 && stored[0] != token.expose());
    place.clock.advance(30 * 60);
    assert_eq!(store.reset_password(token.expose(), PASSWORD).await, Err(Problem::NotFound));
    assert_eq!(
        store.reset_token("nobody@harbour.example").await,
        Err(Problem::field("mail", FieldCode::NoSuchAccount))
    );
});

both_dbs!(a_new_password_by_link_ends_the_lock_and_keeps_the_second_factor, |place| {
    let Instance { store, owner, .. } = Instance::new(&place).await;
    let gate = store.gate(owner.actor());
    gate.offer_second_factor().await.unwrap();
    let secret = gate.second_factor_offer().await.unwrap().unwrap().secret;
    let code = store::inspect::totp_code(&secret, store::Clock::now(&*place.clock));
    gate.confirm_second_factor(&code).await.unwrap();
    for _ in 0..10 {
        store.sign_in(OWNER, "a guess of a stranger", "203.0.113.9").await.unwrap_err();
        place.clock.advance(60);
    }
    let token = store.reset_token(OWNER).await.unwrap();
    store.reset_password(token.expose(), NEW).await.unwrap();
    let signed_in = store.sign_in(OWNER, NEW, "192.0.2.1").await.unwrap();
    assert_eq!(signed_in.awaits, store::Awaits::Code);
});
