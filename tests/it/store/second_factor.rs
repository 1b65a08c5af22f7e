//! The second factor: who needs one, what a code is worth, and what is reached without it.

use domain::backend::Backend as _;
use domain::backend::own_account::{OwnAccount as _, SecondFactor};
use domain::problem::{FieldCode, Problem};
use domain::role::Role;
use domain::time::Timestamp;
use store::inspect::totp_code;
use store::{Actor, Awaits, Clock as _, SignedIn, Store, Visit};
use tests::both_dbs;
use tests::estate::{Instance, OWNER, PASSWORD};
use tests::place::Place;

const VISIT: Visit<'static> = Visit { address: "192.0.2.1", agent: "a browser", device: None };

/// Sets an authenticator app up for whoever is signed in: its secret, and the recovery codes.
async fn enrol(store: &Store, place: &Place, actor: &Actor) -> (String, Vec<String>) {
    let gate = store.gate(actor.clone());
    gate.offer_second_factor().await.unwrap();
    let secret = gate.second_factor_offer().await.unwrap().unwrap().secret;
    let codes = gate.confirm_second_factor(&totp_code(&secret, place.clock.now())).await.unwrap();
    (secret, codes)
}

/// Signs the owner in with the password, a minute later so that the next code is another one.
async fn with_password(store: &Store, place: &Place) -> SignedIn {
    place.clock.advance(60);
    store.sign_in(OWNER, PASSWORD, "192.0.2.1").await.unwrap()
}

async fn prove(store: &Store, signed_in: &SignedIn, code: &str) -> Result<(), Problem> {
    store.prove_second_factor(&signed_in.actor(), code, &VISIT).await.map(drop)
}

fn wrong() -> Problem {
    Problem::field("code", FieldCode::WrongCode)
}

both_dbs!(a_password_alone_reaches_nothing_once_there_is_a_second_factor, |place| {
    let Instance { store, owner, .. } = Instance::new(&place).await;
    let elsewhere = store.sign_in(OWNER, PASSWORD, "192.0.2.1").await.unwrap();
    assert_eq!(elsewhere.awaits, Awaits::Nothing);
    let gate = store.gate(owner.actor());
    gate.offer_second_factor().await.unwrap();
    assert_eq!(gate.confirm_second_factor("000000").await, Err(wrong()));
    let (secret, codes) = enrol(&store, &place, &owner.actor()).await;
    assert_eq!(codes.len(), 10);
    gate.workspaces().await.unwrap();
    assert!(matches!(gate.security().await.unwrap().second_factor, SecondFactor::InForce(_)));

    let later = with_password(&store, &place).await;
    assert_eq!(later.awaits, Awaits::Code);
    for signed_in in [&elsewhere, &later] {
        let gate = store.gate(signed_in.actor());
        assert_eq!(gate.workspaces().await, Err(Problem::SecondFactor), "also where somebody was signed in before");
        assert_eq!(gate.account().await, Err(Problem::SecondFactor));
        assert_eq!(gate.security().await, Err(Problem::SecondFactor));
        assert_eq!(gate.offer_second_factor().await, Err(Problem::SecondFactor), "or it could be replaced");
        assert_eq!(gate.renew_recovery_codes().await, Err(Problem::SecondFactor));
        let changed = store.change_password(&signed_in.actor(), PASSWORD, "moss-over-kettle-tin", &VISIT).await;
        assert_eq!(changed, Err(Problem::SecondFactor));
    }
    prove(&store, &later, &totp_code(&secret, place.clock.now())).await.unwrap();
    store.gate(later.actor()).workspaces().await.unwrap();
});

both_dbs!(a_code_works_once_and_never_backwards, |place| {
    let Instance { store, owner, .. } = Instance::new(&place).await;
    let (secret, _) = enrol(&store, &place, &owner.actor()).await;
    let first = with_password(&store, &place).await;
    let second = store.sign_in(OWNER, PASSWORD, "192.0.2.1").await.unwrap();
    let (before, now) = (Timestamp(place.clock.now().0 - 30_000_000), place.clock.now());
    prove(&store, &first, &totp_code(&secret, now)).await.unwrap();
    assert_eq!(prove(&store, &second, &totp_code(&secret, now)).await, Err(wrong()), "the same one again");
    assert_eq!(prove(&store, &second, &totp_code(&secret, before)).await, Err(wrong()), "an older one");
    let next = Timestamp(now.0 + 30_000_000);
    prove(&store, &second, &totp_code(&secret, next)).await.unwrap();
});

both_dbs!(of_many_with_the_same_code_one_gets_in, |place| {
    let Instance { store, owner, .. } = Instance::new(&place).await;
    let (secret, _) = enrol(&store, &place, &owner.actor()).await;
    place.clock.advance(60);
    let mut waiting = Vec::new();
    for _ in 0..4 {
        waiting.push(store.sign_in(OWNER, PASSWORD, "192.0.2.1").await.unwrap());
    }
    store.run_raw("DELETE FROM throttle").await.unwrap();
    let code = totp_code(&secret, place.clock.now());
    let mut tries = tokio::task::JoinSet::new();
    for number in 0..20 {
        let (store, signed_in, code) = (store.clone(), waiting[number % 4].clone(), code.clone());
        tries.spawn(async move { prove(&store, &signed_in, &code).await.is_ok() });
    }
    assert_eq!(tries.join_all().await.into_iter().filter(|done| *done).count(), 1);
});

both_dbs!(wrong_codes_and_passwords_count_together_and_lock, |place| {
    let Instance { store, owner, .. } = Instance::new(&place).await;
    let (secret, _) = enrol(&store, &place, &owner.actor()).await;
    let mut tried = 0;
    // Who knows the password tries codes, and signs in again in between: that forgives nothing.
    let mut signed_in = with_password(&store, &place).await;
    for attempt in 1..10 {
        place.clock.advance(60);
        let outcome = if attempt % 3 == 0 {
            store.sign_in(OWNER, PASSWORD, "192.0.2.1").await.map(|again| signed_in = again)
        } else {
            prove(&store, &signed_in, "000000").await
        };
        assert!(outcome.is_ok() || outcome == Err(wrong()), "{attempt}: {outcome:?}");
        tried += 1;
    }
    assert_eq!(tried, 9, "with the first password ten tries");
    let right = totp_code(&secret, place.clock.now());
    assert!(
        matches!(prove(&store, &signed_in, &right).await, Err(Problem::TooMany(_))),
        "the right one comes too late"
    );
    place.clock.advance(30 * 60);
    let right = totp_code(&secret, place.clock.now());
    prove(&store, &signed_in, &right).await.unwrap();
});

both_dbs!(a_recovery_code_works_once, |place| {
    let Instance { store, owner, .. } = Instance::new(&place).await;
    let (_, codes) = enrol(&store, &place, &owner.actor()).await;
    let signed_in = with_password(&store, &place).await;
    let before = store.verifications();
    prove(&store, &signed_in, &codes[3].to_lowercase().replace('-', " ")).await.unwrap();
    assert_eq!(store.verifications() - before, 1, "one hash for each try");
    assert_eq!(store.gate(signed_in.actor()).security().await.unwrap().recovery_codes, 9);
    let again = with_password(&store, &place).await;
    let before = store.verifications();
    assert_eq!(prove(&store, &again, &codes[3]).await, Err(wrong()));
    assert_eq!(store.verifications() - before, 1, "one for a code that is none as well");

    let other = store.sign_in(OWNER, PASSWORD, "192.0.2.1").await.unwrap();
    let at_once = tokio::join!(prove(&store, &again, &codes[7]), prove(&store, &other, &codes[7]));
    assert_eq!(usize::from(at_once.0.is_ok()) + usize::from(at_once.1.is_ok()), 1, "{at_once:?}");

    let fresh = store.gate(again.actor());
    let fresh = if at_once.0.is_ok() { fresh } else { store.gate(other.actor()) };
    let renewed = fresh.renew_recovery_codes().await.unwrap();
    assert_eq!(fresh.security().await.unwrap().recovery_codes, 10);
    let last = with_password(&store, &place).await;
    assert_eq!(prove(&store, &last, &codes[0]).await, Err(wrong()), "the old ones are gone");
    prove(&store, &last, &renewed[0]).await.unwrap();
});

both_dbs!(a_role_that_needs_a_second_factor_has_a_week_to_set_it_up, |place| {
    let instance = Instance::new(&place).await;
    let store = &instance.store;
    let editor = instance.account("editor", vec![(instance.workspace.clone(), Role::Editor)]).await;
    let viewer = instance.account("viewer", vec![(instance.workspace.clone(), Role::Viewer)]).await;
    assert_eq!((editor.awaits, viewer.awaits), (Awaits::Nothing, Awaits::Nothing));
    let due = async |signed_in: &SignedIn| store.gate(signed_in.actor()).security().await.unwrap().second_factor;
    let week = 7 * 24 * 3600;
    assert_eq!(due(&editor).await, SecondFactor::Due(place.clock.now().plus_seconds(week)));
    assert_eq!(due(&viewer).await, SecondFactor::Optional);

    place.clock.advance(week);
    for (mail, awaits) in [
        (OWNER, Awaits::Enrolment),
        ("editor@harbour.example", Awaits::Enrolment),
        ("viewer@harbour.example", Awaits::Nothing),
    ] {
        assert_eq!(store.sign_in(mail, PASSWORD, "192.0.2.1").await.unwrap().awaits, awaits, "{mail}");
    }
    let late = store.sign_in("editor@harbour.example", PASSWORD, "192.0.2.1").await.unwrap();
    let gate = store.gate(late.actor());
    assert_eq!(gate.estate(&instance.workspace).await.map(drop), Err(Problem::SecondFactor));
    enrol(store, &place, &late.actor()).await;
    gate.estate(&instance.workspace).await.unwrap();
});

both_dbs!(the_policy_of_a_workspace_says_who_needs_a_second_factor, |place| {
    let instance = Instance::new(&place).await;
    let store = &instance.store;
    let editor = instance.account("editor", vec![(instance.workspace.clone(), Role::Editor)]).await;
    store.run_raw("UPDATE workspace SET second_factor_grace_days = 0").await.unwrap();
    let awaits = async || store.sign_in("editor@harbour.example", PASSWORD, "192.0.2.1").await.unwrap().awaits;
    assert_eq!(awaits().await, Awaits::Enrolment);
    store.run_raw("UPDATE workspace SET second_factor_required = FALSE").await.unwrap();
    assert_eq!(awaits().await, Awaits::Nothing);
    assert_eq!(store.gate(editor.actor()).security().await.unwrap().second_factor, SecondFactor::Optional);
    let of_owner = store.gate(instance.owner.actor()).security().await.unwrap().second_factor;
    assert!(matches!(of_owner, SecondFactor::Due(_)), "instance administrators always");
});

both_dbs!(what_protects_an_account_needs_a_recent_proof, |place| {
    let Instance { store, owner, .. } = Instance::new(&place).await;
    let (secret, _) = enrol(&store, &place, &owner.actor()).await;
    let gate = store.gate(owner.actor());
    place.clock.advance(5 * 60);
    assert_eq!(gate.offer_second_factor().await, Err(Problem::Reauthenticate));
    assert_eq!(gate.renew_recovery_codes().await, Err(Problem::Reauthenticate));
    assert_eq!(gate.end_other_sessions().await, Err(Problem::Reauthenticate));
    let again = async |password: &str, code: &str| store.re_authenticate(&owner.actor(), password, code, &VISIT).await;
    let code = totp_code(&secret, place.clock.now());
    assert_eq!(again("not the password", &code).await, Err(Problem::field("password", FieldCode::WrongPassword)));
    assert_eq!(again(PASSWORD, "").await, Err(wrong()), "both are asked for");
    again(PASSWORD, &code).await.unwrap();
    gate.end_other_sessions().await.unwrap();
});

both_dbs!(another_app_replaces_the_one_before, |place| {
    let Instance { store, owner, .. } = Instance::new(&place).await;
    let (old, _) = enrol(&store, &place, &owner.actor()).await;
    place.clock.advance(30);
    let (new, _) = enrol(&store, &place, &owner.actor()).await;
    assert_ne!(old, new);
    let signed_in = with_password(&store, &place).await;
    assert_eq!(prove(&store, &signed_in, &totp_code(&old, place.clock.now())).await, Err(wrong()));
    prove(&store, &signed_in, &totp_code(&new, place.clock.now())).await.unwrap();
});

both_dbs!(the_operator_takes_a_lost_second_factor_away, |place| {
    let Instance { store, owner, .. } = Instance::new(&place).await;
    enrol(&store, &place, &owner.actor()).await;
    assert_eq!(
        store.remove_second_factor("nobody@harbour.example").await,
        Err(Problem::field("mail", FieldCode::NoSuchAccount))
    );
    store.remove_second_factor(OWNER).await.unwrap();
    assert_eq!(store.gate(owner.actor()).account().await, Err(Problem::SignedOut));
    assert_eq!(store.sign_in(OWNER, PASSWORD, "192.0.2.1").await.unwrap().awaits, Awaits::Nothing);
});

both_dbs!(neither_secret_nor_code_is_in_the_database, |place| {
    let Instance { store, owner, .. } = Instance::new(&place).await;
    let (secret, codes) = enrol(&store, &place, &owner.actor()).await;
    let rows = store.texts("SELECT secret || prefix FROM account_credential").await.unwrap();
    assert_eq!(rows.len(), 12, "password, app and ten codes");
    let plain = data_encoding(&secret);
    for row in &rows {
        assert!(!row.contains(&secret) && !row.contains(&plain), "{row}");
        assert!(codes.iter().all(|code| !row.contains(&code[3..].replace('-', ""))), "{row}");
    }
    assert_eq!(rows.iter().filter(|row| row.starts_with("$argon2id$v=19$m=65536,t=3,p=1$")).count(), 11);
    // A sealed secret in the row of another account opens nothing.
    store.run_raw("UPDATE account SET key = 'someone-else'").await.unwrap();
    let moved = store.sign_in(OWNER, PASSWORD, "192.0.2.1").await.unwrap();
    assert!(matches!(prove(&store, &moved, &totp_code(&secret, place.clock.now())).await, Err(Problem::Broken { .. })));
});

/// The secret as hexadecimal.
fn data_encoding(secret: &str) -> String {
    store::inspect::base32(secret).iter().map(|byte| format!("{byte:02x}")).collect()
}
