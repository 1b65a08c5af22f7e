//! The second listener: health, readiness, and numbers in which nothing stands that somebody typed.

use std::collections::BTreeSet;

use tempfile::TempDir;

use super::process::{Location, MAIL, Server, ask, ended};
use super::writers::Writers;

async fn served() -> (TempDir, Location, String, Server) {
    let folder = TempDir::new().unwrap();
    let location = Location { data: folder.path().join("data").display().to_string(), database: None };
    let token = location.set_up().await;
    let server = Server::start(&location);
    (folder, location, token, server)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_numbers_are_text_that_a_scraper_reads() {
    let (_folder, _location, token, server) = served().await;
    let writers = Writers::start(&[server.pages], &token, &Default::default());
    while writers.newest() < 4 {
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    writers.finish();
    let form = [("Content-Type", "application/x-www-form-urlencoded"), ("Sec-Fetch-Site", "same-origin")];
    let wrong = ask(server.pages, "POST", "/sign-in", &form, &format!("mail={MAIL}&password=wrong")).unwrap();
    assert_eq!(wrong.status, 422, "{wrong:?}");
    for path in ["/w/canary-9f3a/map", "/canary-9f3a", "/sign-in?next=canary-9f3a"] {
        ask(server.pages, "GET", path, &[("User-Agent", "canary-9f3a")], "").unwrap();
    }
    ask(server.pages, "CANARY-9F3A", "/", &[], "").unwrap();

    let scraped = ask(server.admin, "GET", "/metrics", &[], "").unwrap();
    assert_eq!(scraped.status, 200);
    assert_eq!(scraped.header("content-type"), Some("application/openmetrics-text; version=1.0.0; charset=utf-8"));
    let text = &scraped.body;
    assert!(text.ends_with("# EOF\n"), "{text}");
    assert!(!text.to_lowercase().contains("canary") && !text.contains("s-1"), "{text}");
    let expected = [
        ("plumbline_build_info", "gauge"),
        ("process_start_time_seconds", "gauge"),
        ("plumbline_http_requests", "counter"),
        ("plumbline_http_request_duration_seconds", "histogram"),
        ("plumbline_http_requests_in_flight", "gauge"),
        ("plumbline_command_duration_seconds", "histogram"),
        ("plumbline_scope_duration_seconds", "histogram"),
        ("plumbline_commit_duration_seconds", "histogram"),
        ("plumbline_sign_ins", "counter"),
        ("plumbline_database_connections", "gauge"),
        ("plumbline_database_connections_max", "gauge"),
        ("plumbline_password_hashes", "gauge"),
    ];
    for (name, kind) in expected {
        assert!(text.contains(&format!("# HELP {name} ")), "{name}: {text}");
        assert!(text.contains(&format!("# TYPE {name} {kind}\n")), "{name}: {text}");
    }
    let told: BTreeSet<&str> =
        text.lines().filter_map(|line| line.strip_prefix("# TYPE ")?.split(' ').next()).collect();
    assert_eq!(told, expected.iter().map(|(name, _)| *name).collect(), "docs/operation.md lists them all");
    for line in [
        "plumbline_http_requests_total{method=\"GET\",route=\"none\",status=\"3xx\"} 1\n",
        "plumbline_http_requests_total{method=\"POST\",route=\"/sign-in\",status=\"4xx\"} 1\n",
        "plumbline_http_requests_total{method=\"other\",route=",
        "plumbline_sign_ins_total{result=\"refused\"} 1\n",
        "plumbline_command_duration_seconds_count{command=\"model.import\",outcome=\"done\"} ",
        "plumbline_database_connections_max{pool=\"writer\"} 1\n",
        "plumbline_password_hashes{state=\"running\"} 0\n",
        "plumbline_http_requests_in_flight 0\n",
    ] {
        assert!(text.contains(line), "{line}: {text}");
    }
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let (series, value) = line.rsplit_once(' ').unwrap();
        assert!(value.parse::<f64>().is_ok(), "{line}");
        let name = series.split('{').next().unwrap();
        assert!(told.iter().any(|it| name.starts_with(it)), "{line}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn health_and_numbers_are_on_the_second_listener_only() {
    let (_folder, _location, _token, server) = served().await;
    for path in ["/healthz", "/readyz", "/metrics"] {
        assert_eq!(ask(server.admin, "GET", path, &[], "").unwrap().status, 200, "{path}");
        assert_ne!(ask(server.pages, "GET", path, &[], "").unwrap().status, 200, "{path}");
    }
    assert_eq!(ask(server.admin, "GET", "/sign-in", &[], "").unwrap().status, 404);
    let admin = server.admin.to_string();
    let (code, text) = ended(&["ready", "--admin-listen", &admin]);
    assert_eq!((code, text.trim()), (0, "ready"));
    assert_eq!(server.stop(), Some(0));
    let (code, text) = ended(&["ready", "--admin-listen", &admin]);
    assert_eq!(code, 3, "{text}");
}
