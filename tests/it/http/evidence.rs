//! Evidence: files are taken as what they are, kept by their hash, given out as attachments, and noted.

use std::fs;
use std::path::Path;
use std::time::{Duration, SystemTime};

use axum::body::Body;
use domain::backend::Backend as _;
use domain::backend::library::Library as _;
use domain::evidence::EvidenceKey;
use domain::id::WorkspaceId;
use domain::pack::Profile;
use domain::role::Role;
use http::{Method, StatusCode};
use store::{Actor, Start};
use tests::both_dbs;
use tests::place::QUOTA;

use super::app::{Answer, Browser, TestApp, request};

const ITEMS: &str = "/w/shop/evidence/items";
const FIRST: &str = "/w/shop/evidence/items/EV-0001";

/// Sends a form with a file as a browser does: the fields first.
async fn send(browser: &mut Browser, path: &str, fields: &[(&str, &str)], file: Option<(&str, &[u8])>) -> Answer {
    let mut body = Vec::new();
    for (name, value) in fields {
        let part = format!("--edge\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
        body.extend_from_slice(part.as_bytes());
    }
    let (name, content) = file.unwrap_or(("", b""));
    let head = format!(
        "--edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\
         Content-Type: application/octet-stream\r\n\r\n"
    );
    body.extend_from_slice(head.as_bytes());
    body.extend_from_slice(content);
    body.extend_from_slice(b"\r\n--edge--\r\n");
    let headers = [("sec-fetch-site", "same-origin"), ("content-type", "multipart/form-data; boundary=edge")];
    browser.send(request(Method::POST, path, &headers, Body::from(body))).await
}

/// How many files lie below a folder.
fn files(folder: &Path) -> usize {
    let Ok(entries) = fs::read_dir(folder) else { return 0 };
    let below = |entry: fs::DirEntry| if entry.path().is_dir() { files(&entry.path()) } else { 1 };
    entries.map(|it| below(it.unwrap())).sum()
}

async fn actions(app: &TestApp) -> Vec<String> {
    let trail = app.store.gate(Actor::Operator).audit_trail(&WorkspaceId::new("shop"), 50).await.unwrap();
    trail.into_iter().map(|line| line.action).collect()
}

fn png(rest: &[u8]) -> Vec<u8> {
    let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x02\0\0\0\x02".to_vec();
    bytes.extend_from_slice(rest);
    bytes
}

const SCAN: [(&str, &str); 2] = [("title", "External scan"), ("requirement", "11.3.2")];

both_dbs!(a_file_is_kept_by_its_hash_and_given_out_as_an_attachment, |place| {
    let (app, mut owner) = TestApp::set_up_at(place, Start::Empty).await;
    let empty = owner.get(ITEMS).await;
    assert!(empty.body.contains("No evidence yet"), "{}", empty.body);
    let text = b"host 192.0.2.7 <b>clean</b>\n";
    let added = send(&mut owner, ITEMS, &SCAN, Some(("scan größe.txt", text))).await;
    assert_eq!(added.location(), format!("{FIRST}?done=item-added"), "{}", added.body);
    assert_eq!(files(app.place.files()), 1);

    let page = owner.get(FIRST).await.body;
    for part in ["External scan", "PCI DSS 11.3.2", "scan größe.txt", "Download", "Current", "Security lead"] {
        assert!(page.contains(part), "{part}: {page}");
    }
    let file = owner.get(&format!("{FIRST}/versions/1/file")).await;
    assert_eq!((file.status, file.body.as_bytes()), (StatusCode::OK, &text[..]));
    let header = |name: &str| file.headers[name].to_str().unwrap();
    assert_eq!(header("content-type"), "application/octet-stream");
    assert_eq!(header("x-content-type-options"), "nosniff");
    assert_eq!(header("content-security-policy"), "sandbox; default-src 'none'");
    assert_eq!(header("cache-control"), "no-store");
    assert!(
        header("content-disposition")
            .starts_with("attachment; filename=\"scan_gr__e.txt\"; filename*=UTF-8''scan%20gr")
    );
    assert_eq!(actions(&app).await[..2], ["item.download", "item.add"]);

    // A text is shown without its markup, and only to who asks.
    assert!(!page.contains("192.0.2.7"), "{page}");
    let shown = owner.get(&format!("{FIRST}?preview=1")).await.body;
    assert!(shown.contains("host 192.0.2.7 &lt;b&gt;clean"), "{shown}");
    assert_eq!(actions(&app).await[0], "item.preview");
    assert_eq!(owner.get(&format!("{FIRST}/versions/1/picture")).await.status, StatusCode::NOT_FOUND);
    assert_eq!(owner.get(&format!("{FIRST}/versions/2/file")).await.status, StatusCode::NOT_FOUND);

    // The same content is kept once, another one beside it; the first stays as it was.
    let again = send(&mut owner, ITEMS, &SCAN, Some(("again.txt", text))).await;
    assert_eq!(again.location(), "/w/shop/evidence/items/EV-0002?done=item-added", "{}", again.body);
    assert_eq!(files(app.place.files()), 1);
    let same = send(&mut owner, &format!("{FIRST}/versions"), &[("rev", "1")], Some(("a.txt", text))).await;
    assert_eq!(same.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", same.body);
    let picture = png(b"rest");
    let next = send(&mut owner, &format!("{FIRST}/versions"), &[("rev", "1")], Some(("a.png", &picture))).await;
    assert_eq!(next.location(), format!("{FIRST}?done=version-added"), "{}", next.body);
    let stale = send(&mut owner, &format!("{FIRST}/versions"), &[("rev", "1")], Some(("b.txt", b"x"))).await;
    assert_eq!(stale.status, StatusCode::CONFLICT);
    assert_eq!(owner.get(&format!("{FIRST}/versions/1/file")).await.body.as_bytes(), text);
    let shown = owner.get(&format!("{FIRST}?preview=2")).await.body;
    assert!(shown.contains("/versions/2/picture"), "{shown}");
    let shown = owner.get(&format!("{FIRST}/versions/2/picture")).await;
    assert_eq!((shown.status, &shown.headers["content-type"]), (StatusCode::OK, &"image/png".parse().unwrap()));
    assert_eq!(shown.headers["content-security-policy"], "sandbox; default-src 'none'");

    // A pack names the version that counts.
    let gate = app.store.gate(Actor::Operator);
    let source = gate.pack_source(&WorkspaceId::new("shop"), None, Profile::Full).await.unwrap();
    let named: Vec<_> = source.evidence.iter().map(|it| (it.key.as_str(), it.name.as_str(), it.bytes)).collect();
    assert_eq!(named, [("EV-0001", "a.png", picture.len() as u64), ("EV-0002", "again.txt", text.len() as u64)]);
});

both_dbs!(what_is_not_taken_leaves_nothing_behind, |place| {
    let (app, mut owner) = TestApp::set_up_at(place, Start::Empty).await;
    let limit = usize::try_from(QUOTA.file_bytes).unwrap();
    let long = vec![b'a'; limit + 1];
    let wrong: [(&str, &[u8], &str); 9] = [
        ("page.png", b"<!DOCTYPE html><script>alert(1)</script>", "not what its name says"),
        ("page.html", b"<html>", "Choose a PDF"),
        ("drawing.svg", b"<svg>", "Choose a PDF"),
        ("report.pdf", b"MZ\x90\0", "not what its name says"),
        ("polyglot.pdf", b"%PDF-1.7 <script>", "not what its name says"),
        ("../../etc/passwd.txt", b"root", "Rename the file"),
        ("empty.txt", b"", "The file is empty"),
        ("log.csv", b"id,number\n1,4539578763621486\n", "card number, first in line 2"),
        ("long.txt", &long, "at most 1 MiB"),
    ];
    for (name, content, words) in wrong {
        let answer = send(&mut owner, ITEMS, &SCAN, Some((name, content))).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}: {}", answer.body);
        assert!(answer.body.contains(words) && answer.body.contains("External scan"), "{name}: {}", answer.body);
        assert_eq!(files(app.place.files()), 0, "{name}");
    }
    // A form that is wrong beside its file, a field that no form has, and a body that breaks off.
    for fields in
        [&[("title", "")][..], &[("title", "a"), ("requirement", "9.9.9.9")], &[("title", "a"), ("key", "EV-0009")]]
    {
        let answer = send(&mut owner, ITEMS, fields, Some(("scan.txt", b"clean"))).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{fields:?}: {}", answer.body);
    }
    let cut = "--edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\n\r\nabc";
    assert_eq!(owner.multipart(ITEMS, cut).await.status, StatusCode::BAD_REQUEST);
    let huge = vec![b'a'; limit + 200_000];
    let answer = send(&mut owner, ITEMS, &SCAN, Some(("huge.txt", &huge))).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE, "{}", answer.body);
    assert!(answer.body.contains("at most 1 MiB"), "{}", answer.body);
    assert_eq!(files(app.place.files()), 0);
    // What is just small enough is taken, until the workspace has no more room.
    for (number, taken) in [(b'a', true), (b'b', true), (b'c', true), (b'd', false)] {
        let content = vec![number; limit];
        let answer = send(&mut owner, ITEMS, &SCAN, Some(("large.txt", &content))).await;
        assert_eq!(answer.status.is_redirection(), taken, "{}", answer.body);
    }
    let book = app.store.gate(Actor::Operator).library(&WorkspaceId::new("shop")).await.unwrap();
    assert_eq!(book.items.len(), 3);
});

both_dbs!(evidence_belongs_to_its_workspace_and_its_role, |place| {
    let (app, mut owner) = TestApp::set_up_at(place, Start::Empty).await;
    send(&mut owner, ITEMS, &SCAN, Some(("scan.txt", b"clean"))).await;
    app.add_account("viewer@shop.example", &[("shop", Role::Viewer)]).await;
    let mut viewer = app.signed_in("viewer@shop.example").await;
    assert_eq!(viewer.get(FIRST).await.status, StatusCode::OK);
    let refused = send(&mut viewer, ITEMS, &SCAN, Some(("scan.txt", b"other"))).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN, "{}", refused.body);
    let refused = viewer.post(&format!("{FIRST}/step"), &[("step", "hold"), ("reason", "x"), ("rev", "1")]).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);

    app.add_account("stranger@other.example", &[]).await;
    let mut stranger = app.signed_in("stranger@other.example").await;
    stranger.post("/workspaces", &[("name", "Elsewhere"), ("sample", "no")]).await;
    for path in [FIRST, &format!("{FIRST}/versions/1/file"), "/w/elsewhere/evidence/items/EV-0001"] {
        assert_eq!(stranger.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    let file = stranger.get("/w/elsewhere/evidence/items/EV-0001/versions/1/file").await;
    assert_eq!(file.status, StatusCode::NOT_FOUND);
    assert_eq!(send(&mut stranger, ITEMS, &SCAN, Some(("a.txt", b"x"))).await.status, StatusCode::NOT_FOUND);
    assert_eq!(files(app.place.files()), 1);
});

both_dbs!(a_legal_hold_keeps_an_item_and_its_workspace, |place| {
    let (app, mut owner) = TestApp::set_up_at(place, Start::Empty).await;
    let link = [("title", "The wiki"), ("address", "https://wiki.shop.example/scan")];
    let linked = send(&mut owner, ITEMS, &link, None).await;
    assert!(linked.location().starts_with(FIRST), "{}", linked.body);
    send(&mut owner, ITEMS, &SCAN, Some(("scan.txt", b"clean"))).await;
    let step = format!("{FIRST}/step");
    let bare = owner.post(&step, &[("step", "hold"), ("reason", ""), ("rev", "1")]).await;
    assert_eq!(bare.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", bare.body);
    let held = owner.post(&step, &[("step", "hold"), ("reason", "Court order"), ("rev", "1")]).await;
    assert_eq!(held.location(), format!("{FIRST}?done=item-held"), "{}", held.body);
    let list = owner.get(&format!("{ITEMS}?held=yes")).await.body;
    assert!(list.contains("The wiki") && !list.contains("External scan"), "{list}");
    let refused = owner.post(&step, &[("step", "withdraw"), ("reason", "Wrong"), ("rev", "2")]).await;
    assert!(refused.body.contains("A legal hold keeps this as it is"), "{}", refused.body);
    let refused = owner.post("/w/shop/settings/delete", &[("form", "delete"), ("name", "Shop")]).await;
    assert!(refused.body.contains("A legal hold keeps this as it is"), "{}", refused.body);
    owner.post(&step, &[("step", "lift"), ("rev", "2")]).await;
    let gone = owner.post(&step, &[("step", "withdraw"), ("reason", "Wrong"), ("rev", "3")]).await;
    assert_eq!(gone.location(), format!("{FIRST}?done=item-withdrawn"), "{}", gone.body);
    let page = owner.get(FIRST).await.body;
    for part in ["Legal hold: Court order", "Legal hold lifted.", "Withdrawn: Wrong", "Added."] {
        assert!(page.contains(part), "{part}: {page}");
    }

    // A file that is named stays; what no record names goes after its time, and comes back where one names it again.
    #[expect(clippy::disallowed_methods, reason = "files on a disk carry the time of the machine")]
    let now = SystemTime::now();
    let files_of = app.store.files().unwrap().clone();
    let days = |count: u64| now + Duration::from_secs(count * 24 * 3600);
    app.store.sweep_files().await.unwrap();
    let kept = app.store.gate(Actor::Operator).item(&WorkspaceId::new("shop"), EvidenceKey(2)).await.unwrap();
    let hash = kept.item.value.versions[0].file().unwrap().sha256;
    let named = [hash].into();
    assert_eq!(files_of.sweep(&named, days(99)).unwrap(), store::Swept::default());
    let deleted = owner.post("/w/shop/settings/delete", &[("form", "delete"), ("name", "Shop")]).await;
    assert_eq!(deleted.location(), "/workspaces", "{}", deleted.body);
    let none = std::collections::BTreeSet::new();
    assert_eq!(files_of.sweep(&none, now).unwrap(), store::Swept::default(), "it came in just now");
    assert_eq!(files_of.sweep(&none, days(2)).unwrap().aside, 1);
    assert_eq!(files_of.sweep(&named, days(3)).unwrap().back, 1);
    assert_eq!(files_of.sweep(&none, days(5)).unwrap().aside, 1);
    assert_eq!(files_of.sweep(&none, days(36)).unwrap().removed, 1);
    assert_eq!(files(app.place.files()), 0);
});

both_dbs!(a_file_that_was_altered_or_is_gone_is_not_given_out, |place| {
    let (app, mut owner) = TestApp::set_up_at(place, Start::Empty).await;
    send(&mut owner, ITEMS, &SCAN, Some(("scan.txt", b"clean"))).await;
    let kept = app.store.gate(Actor::Operator).item(&WorkspaceId::new("shop"), EvidenceKey(1)).await.unwrap();
    let path = app.store.files().unwrap().path(kept.item.value.versions[0].file().unwrap().sha256);
    fs::write(&path, b"qzxjq").unwrap();
    let altered = owner.get(&format!("{FIRST}/versions/1/file")).await;
    assert_eq!(altered.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(altered.body.contains("altered on the disk"), "{}", altered.body);
    let shown = owner.get(&format!("{FIRST}?preview=1")).await;
    assert!(shown.body.contains("altered on the disk") && !shown.body.contains("qzxjq"), "{}", shown.body);
    fs::remove_file(&path).unwrap();
    std::os::unix::fs::symlink("/etc/hostname", &path).unwrap();
    let linked = owner.get(&format!("{FIRST}/versions/1/file")).await;
    assert!(linked.body.contains("altered on the disk"), "{}", linked.body);
    fs::remove_file(&path).unwrap();
    let gone = owner.get(&format!("{FIRST}/versions/1/file")).await;
    assert!(gone.body.contains("not in the data folder of this machine"), "{}", gone.body);
    assert!(!actions(&app).await.contains(&"item.download".to_owned()));
});

both_dbs!(policies_are_approved_by_somebody_else_and_trainings_are_due, |place| {
    let (app, mut owner) = TestApp::set_up_at(place, Start::Empty).await;
    send(&mut owner, ITEMS, &[("title", "Security policy")], Some(("policy.txt", b"We protect cards."))).await;
    let policy = [
        ("title", "Security policy"),
        ("version", "1.0"),
        ("owner", "security-lead"),
        ("document", "EV-0001"),
        ("requirement", "12.1.1"),
        ("rev", "0"),
    ];
    let wrong = owner.post("/w/shop/evidence/policies/new", &[("title", ""), ("rev", "0")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", wrong.body);
    let added = owner.post("/w/shop/evidence/policies/new", &policy).await;
    assert_eq!(added.location(), "/w/shop/evidence/policies/POL-1?done=policy-saved", "{}", added.body);
    let approve = "/w/shop/evidence/policies/POL-1/approve";
    let own = owner.post(approve, &[("rev", "1")]).await;
    assert!(own.body.contains("Nobody approves their own decision"), "{}", own.body);
    app.add_account("editor@shop.example", &[("shop", Role::Editor)]).await;
    let mut editor = app.signed_in("editor@shop.example").await;
    let done = editor.post(approve, &[("rev", "1")]).await;
    assert_eq!(done.location(), "/w/shop/evidence/policies/POL-1?done=policy-approved", "{}", done.body);
    let list = owner.get("/w/shop/evidence/policies").await.body;
    for part in ["Security policy", "1.0", "EV-0001", "PCI DSS 12.1.1", "In force"] {
        assert!(list.contains(part), "{part}: {list}");
    }

    let training = [("kind", "awareness"), ("content", "Phishing"), ("person", "security-lead"), ("rev", "0")];
    let none = owner.get("/w/shop/evidence/training").await.body;
    assert!(none.contains("No trainings yet"), "{none}");
    let added = owner.post("/w/shop/evidence/training/new", &training).await;
    assert_eq!(added.location(), "/w/shop/evidence/training/TRN-1?done=training-saved", "{}", added.body);
    owner.post("/w/shop/people/new", &[("name", "Payments desk")]).await;
    let list = owner.get("/w/shop/evidence/training").await.body;
    for part in ["Security awareness", "Phishing", "until ", "Due", "Payments desk"] {
        assert!(list.contains(part), "{part}: {list}");
    }
    let overview = owner.get("/w/shop/evidence").await.body;
    for part in ["Current: 1", "On legal hold: 0", "All are approved", "1 training", "Nothing was sealed yet"] {
        assert!(overview.contains(part), "{part}: {overview}");
    }
});

#[tokio::test]
async fn what_the_rules_ask_for_leads_to_a_form_that_is_filled_in() {
    let (_app, mut owner) = TestApp::set_up(Start::Sample).await;
    let home = "/w/storefront-payments-sample/evidence";
    let wanted = owner.get(&format!("{home}/items?wanted=yes")).await.body;
    assert!(wanted.contains("Add evidence"), "{wanted}");
    let at = wanted.find(&format!("{home}/items/new?requirement=pci")).unwrap();
    let href = wanted[at..].split('"').next().unwrap().replace("&amp;", "&");
    let form = owner.get(&href).await;
    assert_eq!(form.status, StatusCode::OK, "{href}");
    assert!(form.body.contains("pci:"), "{href}: {}", form.body);
    let page = owner.get("/w/storefront-payments-sample/requirements/11.3.2").await.body;
    assert!(page.contains("Evidence (0)"), "{page}");
}
