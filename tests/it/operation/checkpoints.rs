//! What a server leaves behind of where its audit trail stood, and what that shows later.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use tempfile::TempDir;

use super::process::{Location, Server, ended};
use super::writers::Writers;

/// The files in a folder, the oldest first.
fn files(folder: &str) -> Vec<String> {
    let mut files: Vec<String> =
        fs::read_dir(folder).unwrap().map(|it| it.unwrap().path().display().to_string()).collect();
    files.sort();
    files
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_stops_leaves_a_checkpoint_and_an_older_database_does_not_pass_it() {
    let folder = TempDir::new().unwrap();
    let path = |name: &str| folder.path().join(name).display().to_string();
    let location = Location { data: path("data"), database: None };
    let token = location.set_up().await;
    let kept = path("kept");
    let backup = path("backup.db");
    let (code, text) = ended(&["backup", "--data", &location.data, "--out", &backup]);
    assert_eq!(code, 0, "{text}");

    let server = Server::start_with(&location, &["--checkpoints", &kept]);
    assert_eq!(fs::metadata(&kept).unwrap().permissions().mode() & 0o777, 0o700);
    let writers = Writers::start(&[server.pages; 2], &token, &Arc::<AtomicU64>::default());
    std::thread::sleep(Duration::from_millis(400));
    assert!(!writers.finish().is_empty());
    assert_eq!(server.stop(), Some(0));
    let checkpoints = files(&kept);
    assert_eq!(checkpoints.len(), 1, "{checkpoints:?}");
    assert_eq!(fs::metadata(&checkpoints[0]).unwrap().permissions().mode() & 0o777, 0o600);
    let idle = Server::start_with(&location, &["--checkpoints", &kept]);
    assert_eq!(idle.stop(), Some(0));
    assert_eq!(files(&kept).len(), 1, "where nothing happened, nothing is written");

    let verify = |data: &str| ended(&["audit", "verify", "--data", data, "--checkpoint", &checkpoints[0]]);
    let (code, text) = verify(&location.data);
    assert_eq!(code, 0, "{text}");

    // The same installation with its database of before: whole, and not what the checkpoint saw.
    let older = path("older");
    fs::create_dir(&older).unwrap();
    fs::copy(Path::new(&location.data).join("plumbline.key"), Path::new(&older).join("plumbline.key")).unwrap();
    let (code, text) = ended(&["restore", "--data", &older, &backup]);
    assert_eq!(code, 0, "{text}");
    assert_eq!(ended(&["audit", "verify", "--data", &older]).0, 0, "nothing in the database itself shows it");
    let (code, text) = verify(&older);
    assert_eq!(code, 1, "{text}");
    assert!(text.contains("workspace/shop: it ends before entry"), "{text}");
}
