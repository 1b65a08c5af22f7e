//! A server that is killed in the middle of writing loses nothing that it acknowledged.

use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use domain::backend::Backend as _;
use domain::id::{SystemId, WorkspaceId};
use store::{Actor, ChainVerdict};
use tempfile::TempDir;

use super::process::{Location, Server};
use super::writers::{Journal, Writers};

/// How long a server may take to be ready again after it was killed.
const READY_WITHIN: Duration = Duration::from_secs(2);

/// How often the server is killed, unless `PLUMBLINE_KILL_ROUNDS` says otherwise.
const ROUNDS: u64 = 8;

/// Every write of the journal is in the database, under the revision at which it was acknowledged, and every chain is whole.
pub async fn assert_nothing_is_lost(location: &Location, journal: &Journal) {
    let store = location.store().await;
    let estate = store.gate(Actor::Operator).estate(&WorkspaceId::new("shop")).await.unwrap();
    for (revision, key) in journal {
        let id = SystemId::new(key.as_str());
        assert!(estate.model.systems.contains_key(&id), "{key}, acknowledged as revision {revision}, is lost");
        let changed = estate.changed.get(&domain::model::object::ObjectRef::System(id));
        assert_eq!(changed.map(|it| it.0), Some(*revision), "{key}");
    }
    for (chain, verdict) in store.verify_chains().await.unwrap() {
        assert!(matches!(verdict, ChainVerdict::Whole { .. }), "{chain}: {verdict}");
    }
    store.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_killed_in_the_middle_of_writing_loses_nothing_and_is_back_within_two_seconds() {
    let rounds = std::env::var("PLUMBLINE_KILL_ROUNDS").map_or(ROUNDS, |text| text.parse().unwrap());
    let folder = TempDir::new().unwrap();
    let location = Location { data: folder.path().join("data").display().to_string(), database: None };
    let token = location.set_up().await;
    let counter = Arc::<AtomicU64>::default();
    let (mut journal, mut restarts) = (Journal::new(), Vec::new());
    for round in 0..rounds {
        let server = Server::start(&location);
        restarts.push(server.ready_after);
        let writers = Writers::start(&[server.pages; 4], &token, &counter);
        // From 5 to 500 milliseconds, spread without a pattern and the same in every run.
        std::thread::sleep(Duration::from_millis(5 + round * 7919 % 496));
        server.kill();
        journal.extend(writers.finish());
    }
    let server = Server::start(&location);
    restarts.push(server.ready_after);
    assert_nothing_is_lost(&location, &journal).await;
    assert_eq!(server.stop(), Some(0));
    restarts.sort();
    let (middle, longest) = (restarts[restarts.len() / 2], restarts[restarts.len() - 1]);
    println!(
        "{rounds} kills, {} acknowledged writes, ready after {middle:?} (median), {longest:?} (longest)",
        journal.len()
    );
    assert!(!journal.is_empty(), "nothing was written, so nothing was shown");
    assert!(longest < READY_WITHIN, "ready after {longest:?}");
}
