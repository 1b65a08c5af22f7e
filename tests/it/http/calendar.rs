//! The calendar page and the feed, through the real router.

use domain::backend::people::People as _;
use domain::id::WorkspaceId;
use domain::role::Role;
use http::StatusCode;
use store::{Actor, Start};
use tests::both_dbs;

use super::app::{Browser, TestApp};

fn holds(page: &str, parts: &[&str]) {
    for part in parts {
        assert!(page.contains(part), "{part}: {page}");
    }
}

/// The clock stands at 2026-11-21T09:30:00Z. A certificate that ended, one that ends this month, a risk with an action.
async fn dates(owner: &mut Browser) {
    for (name, id, day) in [("Old; TLS", "old", "2026-11-01"), ("Shop TLS", "tls", "2026-11-30")] {
        let form = [("name", name), ("id", id), ("fact.not_after", day)];
        let added = owner.post("/w/shop/inventory/certificates/new", &form).await;
        assert_eq!(added.status, StatusCode::SEE_OTHER, "{}", added.body);
    }
    let form = [
        ("title", "Cards in the log"),
        ("owner", "security-lead"),
        ("action.0.what", "Mask them"),
        ("action.0.due", "2026-12-04"),
        ("action.0.state", "doing"),
    ];
    let added = owner.post("/w/shop/risks/new", &form).await;
    assert_eq!(added.status, StatusCode::SEE_OTHER, "{}", added.body);
}

both_dbs!(a_month_shows_what_is_due_in_it_and_what_is_late_first, |place| {
    let (_app, mut owner) = TestApp::set_up_at(place, Start::Empty).await;
    let empty = owner.get("/w/shop/calendar").await;
    assert_eq!(empty.status, StatusCode::OK, "{}", empty.body);
    holds(&empty.body, &["Nothing has a date yet", "/w/shop/calendar/feed"]);
    dates(&mut owner).await;
    let page = owner.get("/w/shop/calendar").await.body;
    holds(&page, &["November 2026", "20 days late", "Old; TLS ends", "Shop TLS ends", "<table class=\"calendar\">"]);
    holds(&page, &["month=2026-10", "month=2026-12", "view=list", "aria-current=\"date\""]);
    assert!(!page.contains("Mask them"), "it is due in another month: {page}");
    let late = page.find("20 days late").unwrap();
    assert!(late < page.find("November 2026</h2>").unwrap_or(late + 1), "what is late comes first");

    let december = owner.get("/w/shop/calendar?month=2026-12&view=list").await.body;
    holds(
        &december,
        &["December 2026", "R-1: Mask them", "/w/shop/risks/R-1", "2026-12-01 to 2026-12-06", "This month"],
    );
    holds(&december, &["Old; TLS ends"]);
    assert!(!december.contains("<table class=\"calendar\">"), "{december}");
    let actions = owner.get("/w/shop/calendar?month=2026-12&kind=action&who=mine").await.body;
    holds(&actions, &["R-1: Mask them"]);
    assert!(!actions.contains("Old; TLS ends"), "{actions}");
    let mine = owner.get("/w/shop/calendar?who=mine").await.body;
    assert!(!mine.contains("Shop TLS ends"), "nobody answers for the certificate: {mine}");
    holds(&mine, &["Nothing is due in November 2026"]);
    for odd in ["month=2026-13", "month=0000-00", "kind=none", "month=%22%3E%3Cscript%3E", "who=them&view=x"] {
        let page = owner.get(&format!("/w/shop/calendar?{odd}")).await;
        assert_eq!(page.status, StatusCode::OK, "{odd}");
        holds(&page.body, &["November 2026"]);
    }
});

/// The path of the feed that a page shows this once.
fn shown(page: &str) -> String {
    let from = page.find("/calendar/plc_").expect("the page shows the address");
    page[from..].split(['<', '"']).next().unwrap().to_owned()
}

both_dbs!(a_feed_is_read_without_signing_in_until_it_is_ended, |place| {
    let (app, mut owner) = TestApp::set_up_at(place, Start::Empty).await;
    dates(&mut owner).await;
    let made = owner.post("/w/shop/calendar/feed", &[]).await;
    assert_eq!(made.status, StatusCode::OK, "{}", made.body);
    let path = shown(&made.body);
    let page = owner.get("/w/shop/calendar/feed").await.body;
    holds(&page, &["never read yet", "End the address"]);
    assert!(!page.contains(&path), "it is shown once");

    let mut program = app.browser();
    let feed = program.get(&path).await;
    assert_eq!(feed.status, StatusCode::OK, "{}", feed.body);
    assert_eq!(feed.headers["content-type"], "text/calendar; charset=utf-8");
    assert_eq!(feed.headers["cache-control"], "no-store");
    assert!(feed.body.starts_with("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n") && feed.body.ends_with("END:VCALENDAR\r\n"));
    let whole = feed.body.replace("\r\n ", "");
    holds(&whole, &["SUMMARY:Overdue: Old\\; TLS ends", "DTSTART;VALUE=DATE:20261130", "SUMMARY:R-1: Mask them"]);
    holds(&whole, &["DTSTAMP:20261121T000000Z", "URL:http://127.0.0.1:0/w/shop/risks/R-1"]);
    assert!(!whole.contains(path.trim_end_matches(".ics").trim_start_matches("/calendar/")), "no secret is in it");
    place_later(&app);
    assert_eq!(program.get(&path).await.body, feed.body, "the same facts give the same bytes");
    holds(&owner.get("/w/shop/calendar/feed").await.body, &["last read 2026-11-21T"]);

    // Somebody else makes one of their own, which does not have what is only hers.
    app.add_account("viewer@shop.example", &[("shop", Role::Viewer)]).await;
    let mut viewer = app.signed_in("viewer@shop.example").await;
    assert_eq!(viewer.post("/w/shop/people/new", &[("name", "Viewer")]).await.status, StatusCode::FORBIDDEN);
    assert_eq!(owner.post("/w/shop/people/new", &[("name", "Viewer")]).await.status, StatusCode::SEE_OTHER);
    let members = app.store.gate(Actor::Operator).members(&WorkspaceId::new("shop")).await.unwrap();
    let account = members.iter().find(|it| it.name == "viewer").unwrap().account.clone();
    let linked = owner.post("/w/shop/people/viewer/account", &[("account", account.as_str())]).await;
    assert_eq!(linked.status, StatusCode::SEE_OTHER, "{}", linked.body);
    let theirs = shown(&viewer.post("/w/shop/calendar/feed", &[]).await.body);
    let read = program.get(&theirs).await.body;
    assert!(read.contains("Shop TLS ends") && !read.contains("Mask them"), "{read}");
    assert!(program.get(&format!("{theirs}?of=all")).await.body.contains("Mask them"));

    let mut wrong = vec![
        "/calendar/none.ics".to_owned(),
        path.replace(".ics", ""),
        path.replace("plc_", "plb_"),
        format!("{}0.ics", path.trim_end_matches(".ics")),
    ];
    // A person who leaves takes the feed along.
    app.store.gate(Actor::Operator).remove_member(&WorkspaceId::new("shop"), &account, None).await.unwrap();
    wrong.push(theirs);
    let ended = owner.post("/w/shop/calendar/feed/end", &[]).await;
    assert_eq!(ended.location(), "/w/shop/calendar/feed?done=feed-ended");
    wrong.push(path);
    for path in wrong {
        let answer = program.get(&path).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
        assert!(!answer.body.contains("VCALENDAR"), "{path}");
    }
});

/// Two minutes later, on the same day.
fn place_later(app: &TestApp) {
    app.place.clock.advance(2 * 60);
}

#[tokio::test]
async fn whoever_guesses_addresses_of_feeds_is_slowed_down() {
    let (app, _) = TestApp::set_up(Start::Empty).await;
    let app = app.behind_tls();
    let mut program = app.browser();
    let mut statuses = Vec::new();
    for number in 0..125 {
        statuses.push(program.get(&format!("/calendar/plc_{number:08}_{}.ics", "0".repeat(64))).await.status);
    }
    assert_eq!(statuses[..120], [StatusCode::NOT_FOUND; 120]);
    assert_eq!(statuses[124], StatusCode::TOO_MANY_REQUESTS);
}
