//! Opening a database: which are refused, and with which settings the others run.

use store::{Store, StoreError};
use tests::place::Place;

#[tokio::test]
async fn sqlite_writes_ahead_and_syncs_every_commit() {
    let place = Place::sqlite();
    let store = place.store().await;
    let setting = |pragma: &'static str| {
        let store = &store;
        async move { store.texts(&format!("SELECT CAST({pragma} AS TEXT) FROM pragma_{pragma}")).await.unwrap() }
    };
    assert_eq!(setting("journal_mode").await, ["wal"]);
    assert_eq!(setting("synchronous").await, ["2"]);
    assert_eq!(setting("foreign_keys").await, ["1"]);
    assert_eq!(setting("query_only").await, ["1"], "what only reads cannot write");
    let timeout = store.texts("SELECT CAST(timeout AS TEXT) FROM pragma_busy_timeout").await.unwrap();
    assert_eq!(timeout, ["5000"]);
    let version = store.texts("SELECT sqlite_version()").await.unwrap();
    let parts: Vec<u32> = version[0].split('.').map(|part| part.parse().unwrap()).collect();
    assert!(parts >= vec![3, 51, 3], "{version:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_postgres_that_acknowledges_before_it_has_written_is_refused() {
    let Some(place) = Place::postgres().await else {
        return;
    };
    let store = place.bare_store().await;
    store.run_raw("CREATE ROLE careless LOGIN").await.unwrap();
    store.run_raw("ALTER ROLE careless SET synchronous_commit = off").await.unwrap();
    let careless = place.url.replace("postgres://tests@", "postgres://careless@");
    let refused = Store::open(&careless, place.clock.clone()).await;
    assert!(matches!(refused.err(), Some(StoreError::Unsafe(reason)) if reason.contains("synchronous_commit")));
}

#[tokio::test]
async fn a_schema_from_the_future_is_refused() {
    let place = Place::sqlite();
    let store = place.store().await;
    let future = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
        VALUES (9999, 'later', TRUE, x'00', 0)";
    store.run_raw(future).await.unwrap();
    assert!(matches!(store.migrate().await, Err(StoreError::Migration(_))));
}

#[tokio::test]
async fn a_folder_is_no_database() {
    let place = Place::sqlite();
    let folder = std::path::Path::new(&place.url).parent().unwrap().display().to_string();
    assert!(Store::open(&folder, place.clock.clone()).await.is_err());
}
