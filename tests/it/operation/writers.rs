//! Several programs that write at once, and the journal of what was acknowledged to them.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

use serde_json::json;

use super::process::ask;

/// What was acknowledged: at each revision, the system that was written.
pub type Journal = BTreeMap<i64, String>;

/// Writers under way.
pub struct Writers {
    stop: Arc<AtomicBool>,
    journal: Arc<Mutex<Journal>>,
    threads: Vec<JoinHandle<()>>,
}

impl Writers {
    /// Begins to write new systems, as many writers as there are addresses. `counter` gives every write a key of its own.
    pub fn start(servers: &[SocketAddr], token: &str, counter: &Arc<AtomicU64>) -> Self {
        let (stop, journal) = (Arc::<AtomicBool>::default(), Arc::<Mutex<Journal>>::default());
        let threads = servers.iter().map(|server| {
            let (server, bearer) = (*server, format!("Bearer {token}"));
            let (stop, journal, counter) = (Arc::clone(&stop), Arc::clone(&journal), Arc::clone(counter));
            std::thread::spawn(move || {
                while !stop.load(Ordering::Relaxed) {
                    let key = format!("s-{}", counter.fetch_add(1, Ordering::Relaxed));
                    match put(server, &bearer, &key) {
                        Some(revision) => {
                            let twice = journal.lock().unwrap().insert(revision, key);
                            assert_eq!(twice, None, "two writes were given revision {revision}");
                        }
                        // The server is gone, or its database: not acknowledged, so it may be there or not.
                        None => std::thread::sleep(Duration::from_millis(20)),
                    }
                }
            })
        });
        let threads = threads.collect();
        Self { stop, journal, threads }
    }

    /// The newest revision that was acknowledged so far; 0 before the first.
    pub fn newest(&self) -> i64 {
        self.journal.lock().unwrap().last_key_value().map_or(0, |(revision, _)| *revision)
    }

    /// Ends the writing; what was acknowledged.
    pub fn finish(self) -> Journal {
        self.stop.store(true, Ordering::Relaxed);
        for thread in self.threads {
            thread.join().unwrap();
        }
        std::mem::take(&mut *self.journal.lock().unwrap())
    }
}

/// Writes a system; the revision at which it was acknowledged.
fn put(server: SocketAddr, bearer: &str, key: &str) -> Option<i64> {
    let body = json!({ "id": key, "name": format!("System {key}") }).to_string();
    let headers = [("Authorization", bearer), ("Content-Type", "application/json")];
    let answer = ask(server, "PUT", &format!("/api/v1/workspaces/shop/objects/systems/{key}"), &headers, &body).ok()?;
    let expected = [201, 409, 429, 500, 503];
    assert!(expected.contains(&answer.status), "{answer:?}");
    (answer.status == 201).then(|| answer.revision())
}
