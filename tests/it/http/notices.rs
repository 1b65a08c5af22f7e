//! Notices, the digest by mail, and what Home shows first, through the real router.

use std::path::Path;
use std::sync::Arc;

use domain::backend::Backend as _;
use domain::backend::people::People as _;
use domain::command::Command;
use domain::id::WorkspaceId;
use domain::model::fact::Fact;
use domain::model::object::Object;
use domain::role::Role;
use domain::time::Timestamp;
use http::StatusCode;
use server::config::mail::{MailServer, Way};
use server::digest::send_due;
use server::mail::Courier;
use store::{Actor, Clock as _, Start};
use tempfile::TempDir;
use tests::both_dbs;

use super::app::{Browser, TestApp};

fn holds(page: &str, parts: &[&str]) {
    for part in parts {
        assert!(page.contains(part), "{part}: {page}");
    }
}

/// A risk of the owner with an action that is late and one that is due soon.
async fn work(owner: &mut Browser) {
    let form = [
        ("title", "Cards in the log"),
        ("owner", "security-lead"),
        ("action.0.what", "Mask <them>"),
        ("action.0.due", "2026-11-20"),
        ("action.0.state", "doing"),
        ("action.1.what", "Rotate the key"),
        ("action.1.due", "2026-11-30"),
        ("action.1.state", "planned"),
    ];
    let added = owner.post("/w/shop/risks/new", &form).await;
    assert_eq!(added.status, StatusCode::SEE_OTHER, "{}", added.body);
}

both_dbs!(what_concerns_a_person_is_counted_on_every_page_until_they_read_it, |place| {
    let (app, mut owner) = TestApp::set_up_at(place, Start::Empty).await;
    let page = owner.get("/w/shop/notices").await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    holds(&page.body, &["Nothing concerns you now", "This server sends no mail", "aria-label=\"Notices\""]);
    work(&mut owner).await;
    owner.post("/w/shop/systems/new", &[("name", "Checkout")]).await;
    let page = owner.get("/w/shop/map").await.body;
    holds(&page, &["aria-label=\"Notices, 2 not read\""]);
    let page = owner.get("/w/shop/notices").await.body;
    holds(&page, &["2 of 2 not read", "R-1: Mask &lt;them&gt;", "R-1: Rotate the key", "Mark all as read"]);
    let key = page.split("name=\"notice\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    assert_eq!(key, "late:action:R-1/1:2026-11-20");
    let read = owner.post("/w/shop/notices", &[("notice", &key)]).await;
    assert_eq!(read.location(), "/w/shop/notices?done=notices-read", "{}", read.body);
    holds(&owner.get("/w/shop/notices").await.body, &["1 of 2 not read", "aria-label=\"Notices, 1 not read\""]);
    let again = owner.post("/w/shop/notices", &[("notice", &key)]).await;
    assert_eq!(again.location(), "/w/shop/notices?done=unchanged");
    assert_eq!(owner.post("/w/shop/notices", &[("all", "yes")]).await.location(), "/w/shop/notices?done=notices-read");
    let page = owner.get("/w/shop/notices").await.body;
    holds(&page, &["0 of 2 not read", "aria-label=\"Notices\""]);
    assert!(!page.contains("Mark all as read"), "{page}");

    // Somebody names the owner of the workspace in a comment.
    app.add_account("viewer@shop.example", &[("shop", Role::Viewer)]).await;
    let mut viewer = app.signed_in("viewer@shop.example").await;
    let said = [("kind", "system"), ("key", "checkout"), ("text", "Whose is this, @security-lead?")];
    assert_eq!(viewer.post("/w/shop/comments", &said).await.status, StatusCode::SEE_OTHER);
    let page = owner.get("/w/shop/notices").await.body;
    holds(&page, &["viewer named you about Checkout", "/w/shop/systems/checkout/comments"]);
    holds(&viewer.get("/w/shop/notices").await.body, &["Nothing concerns you now"]);

    let refused = owner.post("/w/shop/notices/digest", &[("rhythm", "hourly")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let saved = owner.post("/w/shop/notices/digest", &[("rhythm", "daily")]).await;
    assert_eq!(saved.location(), "/w/shop/notices?done=digest-saved", "{}", saved.body);
    let same = owner.post("/w/shop/notices/digest", &[("rhythm", "daily")]).await;
    assert_eq!(same.location(), "/w/shop/notices?done=unchanged");
    holds(&owner.get("/w/shop/history").await.body, &["Digest by mail chosen"]);
});

fn courier(folder: &Path) -> Courier {
    let from = "Plumbline <plumbline@shop.example>".parse().unwrap();
    Courier::open(&MailServer { way: Way::Folder(folder.to_owned()), from }).unwrap()
}

fn to(app: &TestApp, instant: &str) {
    let at: Timestamp = instant.parse().unwrap();
    app.place.clock.advance((at.0 - app.place.clock.now().0) / 1_000_000);
}

/// The files of a folder in order.
fn files(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> = std::fs::read_dir(folder).unwrap().map(|it| it.unwrap().path()).collect();
    names.sort();
    names.iter().map(|it| std::fs::read_to_string(it).unwrap()).collect()
}

/// The plain text of a message that is not encoded.
fn text(message: &str) -> String {
    let part = message.split("text/plain").nth(1).unwrap();
    let body = part.split_once("\r\n\r\n").unwrap().1;
    body.split("\r\n--part-").next().unwrap().replace("=\r\n", "").replace("=3D", "=").replace("\r\n", "\n")
}

const ADDRESS: &str = "https://plumbline.shop.example";

both_dbs!(a_digest_is_one_message_of_an_exact_text_in_the_morning_of_the_workspace, |place| {
    let (app, mut owner) = TestApp::set_up_at(place, Start::Empty).await;
    work(&mut owner).await;
    let folder = TempDir::new().unwrap();
    let courier = courier(folder.path());
    assert_eq!(send_due(&app.store, &courier, ADDRESS).await, 0, "nobody asked for one");
    owner.post("/w/shop/notices/digest", &[("rhythm", "daily")]).await;
    assert_eq!(send_due(&app.store, &courier, ADDRESS).await, 1);
    assert_eq!(send_due(&app.store, &courier, ADDRESS).await, 0, "one for each period");
    let message = files(folder.path()).remove(0);
    holds(&message, &["From: Plumbline <plumbline@shop.example>", "To: security@shop.example"]);
    holds(&message, &["Subject: Shop: 1 late, 1 due", "Date: Sat, 21 Nov 2026 09:30:00 +0000"]);
    holds(&message, &["@plumbline.invalid>", "Auto-Submitted: auto-generated", "multipart/alternative", "text/html"]);
    let expected = "Shop, Saturday, 21 November 2026\n\n\
        Late (1)\n\
        - 2026-11-20 R-1: Mask <them>\n  https://plumbline.shop.example/w/shop/risks/R-1\n\n\
        Due in the next 14 days (1)\n\
        - 2026-11-30 R-1: Rotate the key\n  https://plumbline.shop.example/w/shop/risks/R-1\n\n\
        Everything with a date: https://plumbline.shop.example/w/shop/calendar\n\
        You get this every day because you asked for it. Change that: https://plumbline.shop.example/w/shop/notices\n";
    assert_eq!(text(&message).trim_end(), expected.trim_end());
    assert!(message.contains("Mask &lt;them&gt;"), "{message}");

    // From the next day on the workspace is in Berlin, where clocks are put forward on 28 March 2027.
    to(&app, "2026-11-21T23:30:00Z");
    zone(&app).await;
    for (early, on_time) in [
        ("2027-03-27T05:59:59Z", "2027-03-27T06:00:00Z"),
        ("2027-03-28T04:59:59Z", "2027-03-28T05:00:00Z"),
        ("2027-10-30T04:59:59Z", "2027-10-30T05:00:00Z"),
        ("2027-10-31T05:59:59Z", "2027-10-31T06:00:00Z"),
    ] {
        // What is left of the day before is sent first, or it would count for that.
        to(&app, early);
        send_due(&app.store, &courier, ADDRESS).await;
        let before = files(folder.path()).len();
        assert_eq!(send_due(&app.store, &courier, ADDRESS).await, 0, "{early}");
        to(&app, on_time);
        assert_eq!(send_due(&app.store, &courier, ADDRESS).await, 1, "{on_time}");
        assert_eq!(files(folder.path()).len(), before + 1);
    }
});

/// Sets the time zone of the workspace.
async fn zone(app: &TestApp) {
    let (gate, shop) = (app.store.gate(Actor::Operator), WorkspaceId::new("shop"));
    let estate = gate.estate(&shop).await.unwrap();
    let mut settings = estate.stored.settings.clone();
    settings.facts.insert("time_zone".to_owned(), Fact::of("Europe/Berlin".to_owned().into()));
    let edit = Command::Edit(Box::new(Object::Settings(Arc::new(settings))), estate.revision);
    gate.execute(&shop, edit).await.unwrap();
}

both_dbs!(a_message_that_cannot_be_sent_is_tried_again_and_holds_up_no_other, |place| {
    let (app, mut owner) = TestApp::set_up_at(place, Start::Empty).await;
    work(&mut owner).await;
    owner.post("/w/shop/notices/digest", &[("rhythm", "daily")]).await;
    app.add_account("silent@shop.example", &[("shop", Role::Viewer)]).await;
    let mut silent = app.signed_in("silent@shop.example").await;
    silent.post("/w/shop/notices/digest", &[("rhythm", "daily")]).await;
    let gone = courier(Path::new("/no/such/folder"));
    assert_eq!(send_due(&app.store, &gone, ADDRESS).await, 0);
    let folder = TempDir::new().unwrap();
    let works = courier(folder.path());
    assert_eq!(send_due(&app.store, &works, ADDRESS).await, 0, "not at once");
    app.place.clock.advance(600);
    assert_eq!(send_due(&app.store, &works, ADDRESS).await, 1);
    assert_eq!(files(folder.path()).len(), 1, "who has nothing to be told gets no message");
    let outcomes = app.store.texts("SELECT outcome FROM digest_letter ORDER BY outcome").await.unwrap();
    assert_eq!(outcomes, ["empty", "sent"]);
});

both_dbs!(home_begins_with_what_a_role_is_there_for, |place| {
    let (app, mut owner) = TestApp::set_up_at(place, Start::Empty).await;
    work(&mut owner).await;
    owner.post("/w/shop/systems/new", &[("name", "Checkout"), ("fact.owner", "security-lead")]).await;
    let opened = [("title", "Key in a public place"), ("detected_at", "2026-11-21T08:30"), ("rev", "0")];
    let opened = owner.post("/w/shop/incidents/new", &opened).await;
    assert_eq!(opened.status, StatusCode::SEE_OTHER, "{}", opened.body);
    let first = |page: &str, one: &str, other: &str| {
        let at = |id: &str| page.find(&format!("id=\"{id}\"")).unwrap_or_else(|| panic!("{id}: {page}"));
        assert!(at(one) < at(other), "{one} before {other}");
    };
    let page = owner.get("/w/shop").await.body;
    holds(&page, &["For you", "Open incidents", "Key in a public place", "Next dates", "Mask &lt;them&gt;"]);
    first(&page, "yours", "scope-now");
    first(&page, "open-incidents", "scope-now");
    for (role, one, other) in [(Role::Reviewer, "scope-now", "open-incidents"), (Role::Viewer, "scope-now", "coming")] {
        let mail = format!("{role}@shop.example");
        app.add_account(&mail, &[("shop", role)]).await;
        let page = app.signed_in(&mail).await.get("/w/shop").await;
        assert_eq!(page.status, StatusCode::OK, "{role}: {}", page.body);
        first(&page.body, one, other);
    }
});

both_dbs!(a_review_that_is_open_is_told_to_whom_it_waits_for, |place| {
    let (app, mut owner) = TestApp::set_up_at(place, Start::Empty).await;
    let shop = WorkspaceId::new("shop");
    for (page, form) in [
        ("people/new", vec![("name", "Developer"), ("id", "dev")]),
        ("systems/new", vec![("name", "Till"), ("owner", "dev")]),
    ] {
        let made = owner.post(&format!("/w/shop/{page}"), &form).await;
        assert_eq!(made.status, StatusCode::SEE_OTHER, "{page}: {}", made.body);
    }
    app.add_account("dev@shop.example", &[("shop", Role::Reviewer)]).await;
    let members = app.store.gate(Actor::Operator).members(&shop).await.unwrap();
    let account = members.into_iter().find(|it| it.name == "dev").unwrap().account.to_string();
    let linked = owner.post("/w/shop/people/dev/account", &[("account", account.as_str())]).await;
    assert_eq!(linked.status, StatusCode::SEE_OTHER, "{}", linked.body);
    let opening = [
        ("kind", "integrations"),
        ("name", "2026-Q4"),
        ("due", "2026-11-30"),
        ("statement", "What these systems send and store is what they need."),
        ("four_eyes", "no"),
        ("signer.0.person", "security-lead"),
        ("signer.0.part", "attests"),
        ("signer.0.role", "Head of security"),
        ("signer.1.person", "dev"),
        ("signer.1.part", "approves"),
        ("signer.1.role", "Developer"),
    ];
    let opened = owner.post("/w/shop/reviews/new", &opening).await;
    assert_eq!(opened.location(), "/w/shop/reviews/REV-1?done=review-opened", "{}", opened.body);
    let review = "/w/shop/reviews/REV-1";
    let ask = [("step", "ask"), ("item", "system:till"), ("who", "dev"), ("words", "Since when does it keep that?")];
    let asked = owner.post(review, &ask).await;
    assert_eq!(asked.status, StatusCode::SEE_OTHER, "{}", asked.body);

    let mut dev = app.signed_in("dev@shop.example").await;
    let (to_sign, to_answer) = ("REV-1 waits for your signature: 2026-Q4", "REV-1 has a question for you: 2026-Q4");
    for page in ["/w/shop/notices", "/w/shop"] {
        let (own, theirs) = (owner.get(page).await.body, dev.get(page).await.body);
        holds(&own, &[to_sign, "REV-1 is due: 2026-Q4", review]);
        holds(&theirs, &[to_answer, "REV-1 is due: 2026-Q4", review]);
        assert!(!own.contains(to_answer) && !theirs.contains(to_sign), "whoever approves signs last: {theirs}");
    }
    holds(&dev.get("/w/shop").await.body, &["For you", "Next dates"]);
    let mine = dev.get("/w/shop/calendar?month=2026-11&kind=session&who=mine").await.body;
    holds(&mine, &["REV-1 is due: 2026-Q4", "Review that is open"]);
    let feed = dev.post("/w/shop/calendar/feed", &[]).await.body;
    let path = feed[feed.find("/calendar/plc_").unwrap()..].split(['<', '"']).next().unwrap();
    let feed = app.browser().get(path).await.body.replace("\r\n ", "");
    holds(&feed, &["SUMMARY:REV-1 is due: 2026-Q4", "DTSTART;VALUE=DATE:20261130", "/w/shop/reviews/REV-1\r\n"]);
    let folder = TempDir::new().unwrap();
    owner.post("/w/shop/notices/digest", &[("rhythm", "daily")]).await;
    assert_eq!(send_due(&app.store, &courier(folder.path()), ADDRESS).await, 1);
    let letter = text(&files(folder.path()).remove(0));
    let line = format!("- 2026-11-30 {to_sign}\n  {ADDRESS}{review}\n");
    assert!(letter.contains(&line), "{letter}");

    let answer = [("step", "answer"), ("question", "1"), ("words", "Since May.")];
    assert_eq!(dev.post(review, &answer).await.status, StatusCode::SEE_OTHER);
    assert!(!dev.get("/w/shop/notices").await.body.contains(to_answer));
    let over = owner.post(review, &[("step", "withdraw"), ("words", "Another one covers it.")]).await;
    assert_eq!(over.status, StatusCode::SEE_OTHER, "{}", over.body);
    for page in ["/w/shop/notices", "/w/shop/calendar?month=2026-11"] {
        assert!(!owner.get(page).await.body.contains("REV-1"), "{page}");
    }
});
