//! Evidence packs through their pages: made, seen, given up, stopped, released and taken away.

use std::time::Duration;

use domain::backend::confirmations::Confirmations as _;
use domain::backend::packs::{PackRecord, Packs as _};
use domain::id::WorkspaceId;
use domain::library::Status;
use domain::pack::job::{PackNumber, PackOrigin, PackState, PackWish};
use domain::pack::verify::{Fault, Trust, verify};
use domain::pack::{Files, Profile, Unfit, files};
use domain::review::entity::EntityProfile;
use domain::role::Role;
use http::StatusCode;
use server::pack::build;
use server::pack::folder::Folder;
use store::{Actor, Start};
use tests::both_dbs;

use super::app::{Browser, PASSWORD, TestApp};
use super::auditor::signed;

const NEW: &str = "/w/shop/evidence/packs/new";
const FIRST: &str = "/w/shop/evidence/packs/PACK-1";

fn shop() -> WorkspaceId {
    WorkspaceId::new("shop")
}

/// A number that a bank could have issued: made here, nowhere published.
fn card_number() -> String {
    let body = "400312987654321";
    let doubled = |digit: u32| digit * 2 / 10 + digit * 2 % 10;
    let digits = body.bytes().rev().map(|byte| u32::from(byte - b'0'));
    let sum: u32 = digits.enumerate().map(|(place, it)| if place % 2 == 0 { doubled(it) } else { it }).sum();
    format!("{body}{}", (10 - sum % 10) % 10)
}

/// Asks for a draft of now, and waits until it is decided what becomes of it.
async fn asked(app: &TestApp, browser: &mut Browser, number: u32) -> PackRecord {
    let answer = browser.post(NEW, &[("of", "now"), ("profile", "full")]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    assert_eq!(answer.location(), format!("/w/shop/evidence/packs/PACK-{number}"));
    let operator = app.store.gate(Actor::Operator);
    for _ in 0..600 {
        let pack = operator.pack(&shop(), PackNumber(number)).await.unwrap();
        if !pack.state.is_going_on() {
            return pack;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("it is still being made");
}

both_dbs!(a_pack_is_made_in_the_background_and_is_what_the_command_line_makes, |place| {
    let (app, mut owner) = TestApp::set_up_at(place, Start::Empty).await;
    owner.post("/w/shop/systems/new", &[("name", "Checkout")]).await;
    let form = owner.get(NEW).await;
    assert!(form.body.contains("value=\"now\"") && form.body.contains("Generate"), "{}", form.body);
    let pack = asked(&app, &mut owner, 1).await;
    assert_eq!((pack.state, pack.problem.as_str()), (PackState::Done, ""));
    let page = owner.get(FIRST).await;
    assert!(page.body.contains(&pack.sha256) && page.body.contains("no card number was found"), "{}", page.body);
    assert!(!page.headers.contains_key("refresh"));

    let (headers, bytes) = owner.file(&format!("{FIRST}/file")).await;
    assert_eq!(headers["content-disposition"], "attachment; filename=\"shop-PACK-1-now-full.zip\"");
    assert_eq!((headers["content-type"].as_bytes(), bytes.len() as u64), (&b"application/zip"[..], pack.bytes));
    // What export-pack does.
    let operator = app.store.gate(Actor::Operator);
    let source = operator.pack_source(&shop(), None, Profile::Full).await.unwrap();
    let (mut again, folder) = (Vec::new(), Folder::of(&app.data));
    let key = app.store.pack_key().await.unwrap();
    let built = build(source, &key, &mut again, &mut |hash| folder.evidence(hash), &mut |_| true).unwrap();
    assert!(again == bytes && built.sha256 == pack.sha256, "the two differ");

    assert_eq!(operator.pack(&shop(), PackNumber(1)).await.unwrap().downloads, 1);
    let history = owner.get("/w/shop/history").await.body;
    for action in ["Evidence pack asked for", "Evidence pack finished", "Evidence pack downloaded"] {
        assert_eq!(history.matches(action).count(), 1, "{action}");
    }
    let list = owner.get("/w/shop/evidence/packs").await.body;
    assert!(list.contains("PACK-1") && list.contains("New pack"), "{list}");

    // Who asks for it and who takes it away proved shortly before who they are.
    app.place.clock.advance(400);
    let asked = owner.post(NEW, &[("of", "now"), ("profile", "full")]).await;
    assert!(asked.body.contains("action=\"/re-authenticate\""), "{}", asked.body);
    let taken = owner.get(&format!("{FIRST}/file")).await;
    let back = "/re-authenticate?next=%2Fw%2Fshop%2Fevidence%2Fpacks%2FPACK-1%3Fdone%3Dconfirmed";
    assert_eq!(taken.location(), back);

    // An auditor sees neither drafts nor what holds addresses.
    app.add_account("auditor@shop.example", &[("shop", Role::Auditor)]).await;
    let mut auditor = app.signed_in("auditor@shop.example").await;
    assert_eq!(auditor.get(FIRST).await.status, StatusCode::NOT_FOUND);
    assert!(!auditor.get("/w/shop/evidence/packs").await.body.contains("PACK-1"));
    let refused = auditor.post(NEW, &[("of", "now"), ("profile", "auditor")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.body);

    // The archive goes with its workspace, and before that with whoever removes its file.
    let folder = Folder::of(&app.data);
    assert!(folder.has(&pack.file));
    app.place.clock.advance(-400);
    owner.post("/re-authenticate", &[("password", PASSWORD)]).await;
    let deleted = owner.post("/w/shop/settings/delete", &[("name", "Shop")]).await;
    assert_eq!(deleted.status, StatusCode::SEE_OTHER, "{}", deleted.body);
    assert!(!folder.has(&pack.file));
});

/// Says where a requirement stands.
async fn say(browser: &mut Browser, status: &str, revision: &str) {
    let form = [("status", status), ("reason", "It is so."), ("rev", revision)];
    let said = browser.post("/w/shop/requirements/3.5.1/status", &form).await;
    assert_eq!(said.status, StatusCode::SEE_OTHER, "{}", said.body);
}

both_dbs!(a_pack_of_a_seal_has_what_was_said_when_it_was_sealed_whatever_the_clock_says_then, |place| {
    let (app, mut owner) = TestApp::set_up_at(place, Start::Empty).await;
    say(&mut owner, "in_place", "0").await;
    let operator = app.store.gate(Actor::Operator);
    let named = |name: &str| EntityProfile { legal_name: name.to_owned(), ..EntityProfile::default() };
    assert_eq!(operator.save_entity(&shop(), named("Harbour Street Shop"), 0).await, Ok(true));
    signed(&app, &mut owner).await;
    let packed = async || {
        let source = operator.pack_source(&shop(), None, Profile::Full).await.unwrap();
        let statuses: Vec<Status> = source.requirements.positions.iter().map(|it| it.status).collect();
        (source.entity.legal_name.clone(), statuses, files(&source, |_| Ok::<_, Unfit>([0; 64])).unwrap())
    };
    let first = packed().await;
    assert_eq!((first.0.as_str(), first.1.as_slice()), ("Harbour Street Shop", &[Status::InPlace][..]));
    assert!(first.2["seal/statements.json"].text().unwrap().contains("It is so."));
    // Every file that tells what people decided follows from what was sealed.
    let verified = |files: &Files| verify(files, &Trust { key: None, checkpoint: None, ed25519: &|_, _, _| true });
    assert_eq!(verified(&first.2).faults, []);
    for name in ["requirements.csv", "access_list.csv", "20_scope_reviews.csv", "01_scope_statement.md"] {
        let mut changed = first.2.clone();
        changed.insert(name.to_owned(), String::new().into());
        let faults = verified(&changed).faults;
        assert!(faults.contains(&Fault::Decided { file: name.to_owned(), line: 1 }), "{name}: {faults:?}");
    }

    // Saved later, by a clock that is behind that of the seal.
    app.place.clock.advance(-240);
    say(&mut owner, "not_in_place", "1").await;
    assert_eq!(operator.save_entity(&shop(), named("Another Shop"), 1).await, Ok(true));
    assert!(packed().await == first, "the same seal gives another pack");
});

both_dbs!(a_pack_with_card_numbers_is_released_by_a_second_person_only, |place| {
    let (app, mut owner) = TestApp::set_up_at(place, Start::Empty).await;
    for (mail, role) in [("reviewer", Role::Reviewer), ("viewer", Role::Viewer), ("other", Role::Viewer)] {
        app.add_account(&format!("{mail}@shop.example"), &[("shop", role)]).await;
    }
    // No form takes one; this one came another way.
    let number = card_number();
    let renamed = format!("UPDATE account SET name = 'Somebody {number}' WHERE mail = 'other@shop.example'");
    app.store.run_raw(&renamed).await.unwrap();
    let pack = asked(&app, &mut owner, 1).await;
    assert_eq!(pack.state, PackState::Stopped, "{}", pack.problem);
    let page = owner.get(FIRST).await;
    assert!(page.body.contains("access_list.csv") && page.body.contains(&"#".repeat(16)), "{}", page.body);
    assert!(!page.body.contains(&number[..8]), "a digit of it is shown");
    assert!(!page.body.contains("Release the pack"), "it is one's own");
    assert_eq!(owner.get(&format!("{FIRST}/file")).await.status, StatusCode::CONFLICT);

    let release = [("action", "release"), ("reason", "An order number.")];
    assert_eq!(owner.post(FIRST, &release).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let mut viewer = app.signed_in("viewer@shop.example").await;
    assert_eq!(viewer.post(FIRST, &release).await.status, StatusCode::FORBIDDEN);
    let mut reviewer = app.signed_in("reviewer@shop.example").await;
    assert!(reviewer.get(FIRST).await.body.contains("Release the pack"));
    let empty = reviewer.post(FIRST, &[("action", "release"), ("reason", " ")]).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", empty.body);
    assert_eq!(app.store.gate(Actor::Operator).pack(&shop(), PackNumber(1)).await.unwrap().state, PackState::Stopped);
    let done = reviewer.post(FIRST, &release).await;
    assert_eq!(done.location(), format!("{FIRST}?done=pack-released"), "{}", done.body);
    assert_eq!(reviewer.post(FIRST, &release).await.status, StatusCode::CONFLICT);
    let page = owner.get(FIRST).await.body;
    assert!(page.contains("An order number.") && page.contains("reviewer released it"), "{page}");
    let (_, bytes) = owner.file(&format!("{FIRST}/file")).await;
    assert_eq!(bytes.len() as u64, pack.bytes);
    // Who may not read the audit trail does not take it away in a pack, nor asks for one that has it.
    assert_eq!(reviewer.get(&format!("{FIRST}/file")).await.status, StatusCode::FORBIDDEN);
    assert!(!reviewer.get(FIRST).await.body.contains("PACK-1/file"), "no way leads to it");
    let wish = [("of", "now"), ("profile", "full")];
    assert_eq!(reviewer.post(NEW, &wish).await.location(), "/w/shop/evidence/packs/PACK-2");
    let asked = app.store.gate(Actor::Operator).pack(&shop(), PackNumber(2)).await.unwrap();
    assert_eq!(asked.profile, Profile::Redacted);
    let history = owner.get("/w/shop/history").await.body;
    assert_eq!(history.matches("Evidence pack released by a second person").count(), 1);
});

both_dbs!(a_pack_that_waits_can_be_cancelled_and_one_that_broke_off_is_made_again, |place| {
    let (app, mut owner) = TestApp::set_up_at(place, Start::Empty).await;
    let operator = app.store.gate(Actor::Operator);
    let wish = PackWish { origin: PackOrigin::Now, profile: Profile::Redacted };
    // Nobody makes these.
    for number in 1..=3 {
        assert_eq!(operator.ask_pack(&shop(), wish).await.unwrap().number, PackNumber(number));
    }
    let page = owner.get(FIRST).await;
    assert!(page.headers["refresh"] == "2" && page.body.contains("Cancel the pack"), "{}", page.body);
    let done = owner.post(FIRST, &[("action", "cancel")]).await;
    assert_eq!(done.location(), format!("{FIRST}?done=pack-cancelled"), "{}", done.body);
    assert_eq!(owner.post(FIRST, &[("action", "cancel")]).await.status, StatusCode::CONFLICT);
    assert!(operator.begin_pack(&shop(), PackNumber(1)).await.unwrap().is_none(), "it was given up");

    // What is being made hears that it was given up.
    let (source, _) = operator.begin_pack(&shop(), PackNumber(2)).await.unwrap().unwrap();
    assert!(operator.note_pack(&shop(), PackNumber(2), (3, 40, 1_000)).await.unwrap());
    let page = owner.get("/w/shop/evidence/packs/PACK-2").await.body;
    assert!(page.contains("3 of 40 files written"), "{page}");
    owner.post("/w/shop/evidence/packs/PACK-2", &[("action", "cancel")]).await;
    assert!(!operator.note_pack(&shop(), PackNumber(2), (4, 40, 2_000)).await.unwrap());
    let key = app.store.pack_key().await.unwrap();
    let mut steps = 0;
    let stopped = build(source, &key, &mut Vec::new(), &mut |_| Err(std::io::ErrorKind::NotFound.into()), &mut |_| {
        steps += 1;
        steps < 5
    });
    assert!(matches!(stopped, Err(server::pack::Unbuilt::Stopped)));

    // The server ends, and begins again.
    assert_eq!(app.store.break_off_packs().await.unwrap(), 1);
    let failed = operator.pack(&shop(), PackNumber(3)).await.unwrap();
    assert_eq!(failed.state, PackState::Failed);
    let history = owner.get("/w/shop/history").await.body;
    assert!(history.contains("Evidence pack failed"), "{history}");
    let page = owner.get("/w/shop/evidence/packs/PACK-3").await.body;
    assert!(page.contains(&failed.problem) && page.contains("New pack"), "{page}");
    // Another machine cannot know that, and sees that nothing is heard any more.
    let number = operator.ask_pack(&shop(), wish).await.unwrap().number;
    app.place.clock.advance(119);
    assert_eq!(app.store.break_off_silent_packs().await.unwrap(), 0);
    app.place.clock.advance(2);
    assert_eq!(operator.pack(&shop(), number).await.unwrap().state, PackState::Failed);
    assert_eq!(app.store.break_off_silent_packs().await.unwrap(), 1, "the trail says so as well");
    assert_eq!(app.store.break_off_silent_packs().await.unwrap(), 0);
});

both_dbs!(the_audit_trail_is_filtered_verified_and_taken_away, |place| {
    let (app, mut owner) = TestApp::set_up_at(place, Start::Empty).await;
    owner.post("/w/shop/systems/new", &[("name", "Checkout")]).await;
    let rev = app.revision("shop").await.to_string();
    let renamed = [("name", "Cash desk"), ("rev", rev.as_str())];
    let saved = owner.post("/w/shop/systems/checkout/edit", &renamed).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.body);
    app.add_account("viewer@shop.example", &[("shop", Role::Viewer)]).await;
    let mut viewer = app.signed_in("viewer@shop.example").await;
    assert_eq!(viewer.get("/w/shop/settings/audit").await.status, StatusCode::FORBIDDEN);
    assert_eq!(viewer.get("/w/shop/export/audit").await.status, StatusCode::FORBIDDEN);

    const PAGE: &str = "/w/shop/settings/audit";
    let all = owner.get(PAGE).await.body;
    assert!(all.contains("<del>Checkout</del>") && all.contains("<ins>Cash desk</ins>"), "{all}");
    let filtered = owner.get(&format!("{PAGE}?action=system.edit&kind=system&key=checkout&from=2000-01-01")).await.body;
    assert!(filtered.contains("1 entry") && filtered.contains("Cash desk"), "{filtered}");
    for nothing in ["who=nobody", "action=risk", "key=till", "to=2000-01-01", "before=1"] {
        let page = owner.get(&format!("{PAGE}?{nothing}")).await.body;
        assert!(page.contains("No entries"), "{nothing}: {page}");
    }
    let denied = owner.get(&format!("{PAGE}?denied=yes")).await.body;
    assert!(denied.contains("Access denied") && denied.contains("viewer"), "{denied}");
    let verified = owner.get(&format!("{PAGE}?verify=now")).await.body;
    assert!(verified.contains("The chain: whole, ") && verified.contains("Verified now"), "{verified}");

    let (headers, file) = owner.file("/w/shop/export/audit?action=system").await;
    assert_eq!(headers["content-disposition"], "attachment; filename=\"shop-audit.csv\"");
    let file = String::from_utf8(file).unwrap();
    assert!(file.contains("\"system.add\"") && !file.contains("\"workspace.create\""), "{file}");
    assert!(owner.get(&format!("{PAGE}?action=audit.export")).await.body.contains("Audit trail exported"));

    assert!(owner.get("/admin/audit?verify=now").await.body.contains("The chain: whole, "));
    assert_eq!(viewer.get("/admin/audit").await.status, StatusCode::FORBIDDEN);
});
