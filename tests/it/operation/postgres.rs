//! Servers on one PostgreSQL: it restarts under them, and they work side by side.

use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use server::clock::instant;
use tempfile::TempDir;
use tests::postgres::Cluster;

use super::killed::assert_nothing_is_lost;
use super::process::{Location, MAIL, PASSWORD, Server, ask};
use super::writers::Writers;

/// A cluster of its own and a place for the key; `None` where the machine has no PostgreSQL.
fn location() -> Option<(TempDir, Cluster, Location)> {
    let cluster = Cluster::start()?;
    let folder = TempDir::new().unwrap();
    let location =
        Location { data: folder.path().join("data").display().to_string(), database: Some(cluster.url("public")) };
    Some((folder, cluster, location))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_that_restarts_under_load_loses_nothing_and_the_server_recovers_by_itself() {
    let Some((_folder, mut cluster, location)) = location() else { return };
    let token = location.set_up().await;
    let server = Server::start(&location);
    let writers = Writers::start(&[server.pages; 4], &token, &Arc::<AtomicU64>::default());
    let mut recoveries = Vec::new();
    for _ in 0..3 {
        std::thread::sleep(Duration::from_millis(400));
        cluster.restart();
        let (begun, before) = (instant(), writers.newest());
        server.wait_until_ready(begun);
        while writers.newest() <= before {
            assert!(begun.elapsed() < Duration::from_secs(10), "nothing is written after a restart");
            std::thread::sleep(Duration::from_millis(5));
        }
        recoveries.push(begun.elapsed());
    }
    let journal = writers.finish();
    assert!(journal.len() > 10, "{} writes are no load", journal.len());
    assert_nothing_is_lost(&location, &journal).await;
    recoveries.sort();
    println!("{} acknowledged writes, 3 restarts, writing again after {recoveries:?}", journal.len());
    assert!(recoveries[2] < Duration::from_secs(5), "{recoveries:?}");
    assert_eq!(server.stop(), Some(0));
}

/// Signs in; the cookies, as a browser sends them back.
fn signed_in(server: &Server) -> String {
    let form = [("Content-Type", "application/x-www-form-urlencoded"), ("Sec-Fetch-Site", "same-origin")];
    let body = format!("mail={MAIL}&password={}", PASSWORD.replace(' ', "+"));
    let answer = ask(server.pages, "POST", "/sign-in", &form, &body).unwrap();
    assert_eq!(answer.status, 303, "{answer:?}");
    let cookies: Vec<&str> = answer
        .headers
        .iter()
        .filter(|(name, _)| name == "set-cookie")
        .filter_map(|(_, value)| value.split(';').next())
        .collect();
    cookies.join("; ")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_servers_on_one_postgres_work_side_by_side() {
    let Some((_folder, _cluster, location)) = location() else { return };
    let token = location.set_up().await;
    let (one, other) = (Server::start(&location), Server::start(&location));

    // A session that began at one is one at the other, and ends at both.
    let cookies = signed_in(&one);
    let page = |server: &Server| {
        let headers = [("Cookie", cookies.as_str()), ("Sec-Fetch-Site", "same-origin")];
        ask(server.pages, "GET", "/w/shop", &headers, "").unwrap().status
    };
    assert_eq!((page(&one), page(&other)), (200, 200));

    // What is written at one is read at the other, and who saw an older state is told so.
    let path = "/api/v1/workspaces/shop/objects/systems/till";
    let bearer = format!("Bearer {token}");
    let put = |server: &Server, name: &str, seen: Option<i64>| {
        let tag = seen.map(|revision| format!("\"{revision}\"")).unwrap_or_default();
        let mut headers = vec![("Authorization", bearer.as_str()), ("Content-Type", "application/json")];
        headers.extend(seen.map(|_| ("If-Match", tag.as_str())));
        let body = serde_json::json!({ "id": "till", "name": name }).to_string();
        ask(server.pages, "PUT", path, &headers, &body).unwrap()
    };
    let get = |server: &Server| ask(server.pages, "GET", path, &[("Authorization", bearer.as_str())], "").unwrap();
    let made = put(&one, "Till", None);
    assert_eq!(made.status, 201, "{made:?}");
    assert_eq!(get(&other).revision(), made.revision());
    let changed = put(&other, "Till at the door", Some(made.revision()));
    assert_eq!(changed.status, 200, "{changed:?}");
    assert!(get(&one).body.contains("Till at the door"));
    let stale = put(&one, "Till of somebody late", Some(made.revision()));
    assert!([409, 412].contains(&stale.status), "{stale:?}");
    assert!(get(&other).body.contains("Till at the door"));

    // Both write at once: one chain, no revision twice, nothing lost.
    let servers = [one.pages, other.pages, one.pages, other.pages];
    let writers = Writers::start(&servers, &token, &Arc::<AtomicU64>::default());
    while writers.newest() < changed.revision() + 60 {
        std::thread::sleep(Duration::from_millis(10));
    }
    let journal = writers.finish();
    assert_nothing_is_lost(&location, &journal).await;

    let kind = ("Content-Type", "application/x-www-form-urlencoded");
    let out = [kind, ("Cookie", cookies.as_str()), ("Sec-Fetch-Site", "same-origin")];
    assert_eq!(ask(other.pages, "POST", "/sign-out", &out, "").unwrap().status, 303);
    assert_eq!((page(&one), page(&other)), (303, 303), "signed out at one is signed out at both");
    assert_eq!((one.stop(), other.stop()), (Some(0), Some(0)));
}
