//! The audit trail: it verifies, it cannot be changed, and it holds no personal data that cannot be erased.

use domain::backend::Backend;
use domain::command::{Command, Revision};
use domain::id::{PersonId, SystemId, WorkspaceId};
use domain::model::fact::{Fact, Facts};
use domain::model::object::Object;
use domain::model::party::{PartyKind, Person};
use domain::model::system::System;
use store::{ChainVerdict, Head, Store};
use tests::both_dbs;
use tests::estate::{Instance, OWNER, PASSWORD};

async fn work(instance: &Instance) {
    let gate = instance.gate();
    for key in ["checkout", "orders", "ledger", "refunds"] {
        let system = System::new(SystemId::new(key), key);
        gate.execute(&instance.workspace, Command::AddSystem(Box::new(system))).await.unwrap();
    }
}

async fn verdict(store: &Store, workspace: &WorkspaceId) -> ChainVerdict {
    store.verify_chain(Some(workspace)).await.unwrap()
}

both_dbs!(a_chain_verifies_from_its_first_entry_to_its_head, |place| {
    let instance = Instance::new(&place).await;
    work(&instance).await;
    assert_eq!(verdict(&instance.store, &instance.workspace).await, ChainVerdict::Whole { entries: 5 });
    // One entry, for the set-up.
    assert_eq!(instance.store.verify_chain(None).await.unwrap(), ChainVerdict::Whole { entries: 1 });
    assert_eq!(verdict(&instance.store, &WorkspaceId::new("elsewhere")).await, ChainVerdict::NoChain);
});

both_dbs!(sign_ins_and_failures_are_kept, |place| {
    let instance = Instance::new(&place).await;
    let store = &instance.store;
    store.sign_in(OWNER, "not the password", "192.0.2.7").await.unwrap_err();
    let signed_in = store.sign_in(OWNER, PASSWORD, "192.0.2.7").await.unwrap();
    store.sign_out(&signed_in.sign_in).await.unwrap();
    store.sign_out(&signed_in.sign_in).await.unwrap();
    let actions = store.texts("SELECT action FROM audit_entry WHERE chain = 'instance' ORDER BY seq").await.unwrap();
    assert_eq!(actions, ["instance.set_up", "sign_in.failed", "sign_in.done", "sign_out"]);
    assert_eq!(store.verify_chain(None).await.unwrap(), ChainVerdict::Whole { entries: 4 });
});

both_dbs!(the_database_refuses_to_change_or_delete_entries, |place| {
    let instance = Instance::new(&place).await;
    work(&instance).await;
    for statement in [
        "UPDATE audit_entry SET action = 'nothing.happened' WHERE seq = 2",
        "UPDATE audit_entry SET time = 0",
        "DELETE FROM audit_entry WHERE seq = 5",
        "DELETE FROM audit_entry",
        "UPDATE audit_payload SET payload = '{}' WHERE seq = 2",
        "DELETE FROM audit_payload WHERE seq = 2",
        "UPDATE audit_personal SET value = 'somebody else'",
    ] {
        let refused = instance.store.run_raw(statement).await;
        assert!(refused.is_err(), "{statement}");
    }
    if instance.store.is_postgres() {
        assert!(instance.store.run_raw("TRUNCATE audit_entry CASCADE").await.is_err());
    }
    assert_eq!(verdict(&instance.store, &instance.workspace).await, ChainVerdict::Whole { entries: 5 });
});

/// Takes away what protects the trail, as somebody with the database in hand could.
async fn unprotect(store: &Store) {
    let triggers = if store.is_postgres() {
        "SELECT DISTINCT 'DROP TRIGGER ' || trigger_name || ' ON ' || event_object_table FROM information_schema.triggers \
         WHERE trigger_schema = current_schema() AND event_object_table LIKE 'audit%'"
    } else {
        "SELECT 'DROP TRIGGER ' || name FROM sqlite_master WHERE type = 'trigger'"
    };
    for statement in store.texts(triggers).await.unwrap() {
        store.run_raw(&statement).await.unwrap();
    }
}

both_dbs!(what_is_altered_by_hand_is_found, |place| {
    let instance = Instance::new(&place).await;
    work(&instance).await;
    let (store, workspace) = (&instance.store, &instance.workspace);
    unprotect(store).await;
    let chain = format!("chain = 'workspace/{workspace}'");
    let altered = ChainVerdict::Altered { sequence: 3 };
    for (harm, undo, expected) in [
        (
            format!("UPDATE audit_entry SET action = 'system.edit' WHERE {chain} AND seq = 3"),
            format!("UPDATE audit_entry SET action = 'system.add' WHERE {chain} AND seq = 3"),
            altered,
        ),
        (
            format!("UPDATE audit_entry SET time = time + 1 WHERE {chain} AND seq = 3"),
            format!("UPDATE audit_entry SET time = time - 1 WHERE {chain} AND seq = 3"),
            altered,
        ),
        (
            format!("UPDATE audit_payload SET payload = payload || ' ' WHERE {chain} AND seq = 3"),
            format!("UPDATE audit_payload SET payload = rtrim(payload) WHERE {chain} AND seq = 3"),
            altered,
        ),
        (
            format!("UPDATE chain_head SET seq = 6 WHERE {chain}"),
            format!("UPDATE chain_head SET seq = 5 WHERE {chain}"),
            ChainVerdict::Missing { sequence: 6 },
        ),
    ] {
        assert_eq!(store.run_raw(&harm).await.unwrap(), 1, "{harm}");
        assert_eq!(verdict(store, workspace).await, expected, "{harm}");
        store.run_raw(&undo).await.unwrap();
        assert_eq!(verdict(store, workspace).await, ChainVerdict::Whole { entries: 5 }, "{undo}");
    }
    for (sequence, rest) in [(3, "seq = 3"), (1, "seq = 1"), (1, "seq > 0")] {
        store.run_raw(&format!("DELETE FROM audit_personal WHERE {chain} AND {rest}")).await.unwrap();
        store.run_raw(&format!("DELETE FROM audit_payload WHERE {chain} AND {rest}")).await.unwrap();
        store.run_raw(&format!("DELETE FROM audit_entry WHERE {chain} AND {rest}")).await.unwrap();
        assert_eq!(verdict(store, workspace).await, ChainVerdict::Missing { sequence }, "{rest}");
    }
});

both_dbs!(what_is_cut_off_or_written_anew_is_seen_by_a_checkpoint_only, |place| {
    let instance = Instance::new(&place).await;
    work(&instance).await;
    let (store, workspace) = (&instance.store, &instance.workspace);
    let recorded = store.heads().await.unwrap();
    assert!(store.verify_chains_against(&recorded).await.unwrap().iter().all(|(_, it)| is_whole(*it)));
    unprotect(store).await;
    let chain = format!("chain = 'workspace/{workspace}'");
    for table in ["audit_personal", "audit_payload", "audit_entry"] {
        store.run_raw(&format!("DELETE FROM {table} WHERE {chain} AND seq = 5")).await.unwrap();
    }
    let back = format!(
        "UPDATE chain_head SET seq = 4, hash = (SELECT hash FROM audit_entry WHERE {chain} AND seq = 4) WHERE {chain}"
    );
    assert_eq!(store.run_raw(&back).await.unwrap(), 1);
    assert_eq!(
        verdict(store, workspace).await,
        ChainVerdict::Whole { entries: 4 },
        "the chain itself does not show it"
    );
    let against = async || {
        let verdicts = store.verify_chains_against(&recorded).await.unwrap();
        verdicts.into_iter().find(|(chain, _)| chain.starts_with("workspace/")).unwrap().1
    };
    assert_eq!(against().await, ChainVerdict::CutOff { sequence: 5 });

    let system = System::new(SystemId::new("another"), "another");
    instance.gate().execute(workspace, Command::AddSystem(Box::new(system))).await.unwrap();
    assert_eq!(verdict(store, workspace).await, ChainVerdict::Whole { entries: 5 });
    assert_eq!(against().await, ChainVerdict::Rewritten { sequence: 5 });
    let gone = [Head { chain: "workspace/zzz".to_owned(), sequence: 3, hash: "0".repeat(64) }];
    let verdicts = store.verify_chains_against(&gone).await.unwrap();
    assert_eq!(verdicts.last().unwrap(), &("workspace/zzz".to_owned(), ChainVerdict::NoChain));
});

const fn is_whole(verdict: ChainVerdict) -> bool {
    matches!(verdict, ChainVerdict::Whole { .. })
}

both_dbs!(personal_data_is_in_the_trail_by_its_hash_only, |place| {
    let instance = Instance::new(&place).await;
    let store = &instance.store;
    let person = Person {
        id: PersonId::new("p-17"),
        name: "Somebody Uncommon".to_owned(),
        kind: PartyKind::Person,
        mail: Some("uncommon@harbour.example".to_owned()),
        function: Some("Reconciles refunds by hand".to_owned()),
        facts: Facts::from([("anything".to_owned(), Fact::of("a remark about her".into()))]),
    };
    let mut system = System::new(SystemId::new("till"), "Till");
    system.facts.insert("notes".to_owned(), Fact::of("ask the uncommon one".into()));
    let objects = vec![Object::Person(person.into()), Object::System(system.into())];
    let import = Command::Import { source: "from-her-laptop.json".to_owned(), objects, seen: Revision(9) };
    instance.gate().execute(&instance.workspace, import).await.unwrap();
    store.sign_in(OWNER, "wrong in every way", "203.0.113.99").await.unwrap_err();

    let readable = |sql: &'static str| async move { store.texts(sql).await.unwrap().join("\n") };
    let payloads = readable("SELECT payload FROM audit_payload").await;
    for personal in
        ["Uncommon", "uncommon", "by hand", "remark", "laptop", "203.0.113", "Payments lead", OWNER, "wrong in every"]
    {
        assert!(!payloads.contains(personal), "{personal}: {payloads}");
    }
    assert!(payloads.contains("\"key\":\"till\"") && payloads.contains("\"name\":\"Till\""), "{payloads}");
    assert!(!readable("SELECT value FROM audit_personal").await.contains("wrong in every"));

    // Whoever is erased leaves a chain that still verifies.
    assert!(store.run_raw("DELETE FROM audit_personal WHERE value LIKE '%ncommon%'").await.unwrap() >= 3);
    assert_eq!(verdict(store, &instance.workspace).await, ChainVerdict::Whole { entries: 2 });
});
