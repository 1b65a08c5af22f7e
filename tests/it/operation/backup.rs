//! A backup that is made while others write is one point in what was acknowledged to them.

use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use domain::backend::Backend as _;
use domain::id::WorkspaceId;
use store::Actor;
use tempfile::TempDir;

use super::killed::assert_nothing_is_lost;
use super::process::{Location, Server, ended};
use super::writers::{Journal, Writers};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_under_load_is_one_point_of_the_journal() {
    let folder = TempDir::new().unwrap();
    let path = |name: &str| folder.path().join(name).display().to_string();
    let location = Location { data: path("data"), database: None };
    let token = location.set_up().await;
    let server = Server::start(&location);
    let writers = Writers::start(&[server.pages; 4], &token, &Arc::<AtomicU64>::default());
    let mut windows = Vec::new();
    for number in 0..4 {
        std::thread::sleep(Duration::from_millis(300));
        let file = path(&format!("backup-{number}.db"));
        let before = writers.newest();
        let (code, text) = ended(&["backup", "--data", &location.data, "--out", &file]);
        assert_eq!(code, 0, "{text}");
        windows.push((file, before, writers.newest()));
    }
    let journal = writers.finish();
    assert_eq!(server.stop(), Some(0));
    assert!(journal.len() > 10, "{} writes are no load", journal.len());

    for (number, (file, before, after)) in windows.into_iter().enumerate() {
        let restored = Location { data: path(&format!("restored-{number}")), database: None };
        let (code, text) = ended(&["restore", "--data", &restored.data, &file]);
        assert_eq!(code, 0, "{text}");
        let store = restored.store().await;
        let estate = store.gate(Actor::Operator).estate(&WorkspaceId::new("shop")).await.unwrap();
        let revision = estate.revision.0;
        store.close().await;
        // A write that was under way when the backup began may be in it, and one more of each writer at its end.
        assert!(before <= revision && revision <= after + 4, "{before} <= {revision} <= {after}");
        let until: Journal = journal.range(..=revision).map(|(at, key)| (*at, key.clone())).collect();
        let held: Vec<String> = estate.model.systems.keys().map(ToString::to_string).collect();
        let mut acknowledged: Vec<String> = until.values().cloned().collect();
        acknowledged.sort();
        assert_eq!(
            held, acknowledged,
            "the backup is what was acknowledged until revision {revision}, and nothing else"
        );
        assert_nothing_is_lost(&restored, &until).await;
        // And it serves.
        let server = Server::start(&restored);
        assert_eq!(server.stop(), Some(0));
    }
}
