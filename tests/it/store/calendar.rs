//! Dates, notices, feeds and digests in the store: whose they are, and what ends them.

use std::sync::Arc;

use domain::backend::Backend as _;
use domain::backend::calendar::{Calendar as _, Which};
use domain::backend::incidents::Incidents as _;
use domain::backend::people::People as _;
use domain::command::Command;
use domain::digest::Rhythm;
use domain::incident::{Incident, IncidentKey};
use domain::model::fact::Fact;
use domain::model::object::Object;
use domain::notice::NoticeKind;
use domain::problem::Problem;
use domain::role::{Engagement, Role, Standing};
use domain::time::{Day, Timestamp};
use store::LetterOutcome;
use tests::both_dbs;
use tests::estate::Instance;
use tests::place::Place;

/// The clock of the tests stands at 2026-11-21T09:30:00Z.
const NOW: Timestamp = Timestamp(1_795_253_400_000_000);

/// An incident that nobody leads: everybody who can act is told.
async fn incident(instance: &Instance) {
    let new = Incident::new(IncidentKey(0), "A key in the open".to_owned(), NOW);
    instance.gate().add_incident(&instance.workspace, new).await.unwrap();
}

both_dbs!(what_one_person_read_another_has_still_to_read, |place| {
    let instance = Instance::new(&place).await;
    incident(&instance).await;
    let (owner, workspace) = (instance.gate(), &instance.workspace);
    let editor = instance.member(Role::Editor).await;
    let viewer = instance.member(Role::Viewer).await;
    let told = owner.notices(workspace).await.unwrap();
    assert!(told.iter().all(|it| it.notice.kind == NoticeKind::Deadline && !it.read), "{told:?}");
    assert_eq!(owner.unread_notices(workspace).await, Ok(told.len()));
    assert_eq!(viewer.notices(workspace).await, Ok(Vec::new()), "who cannot act is not told");

    let first = told[0].notice.key.clone();
    let these = Which::These([first.clone(), "decision:none".to_owned()].into());
    assert_eq!(owner.read_notices(workspace, these.clone()).await, Ok(1));
    assert_eq!(owner.read_notices(workspace, these).await, Ok(0), "once is enough");
    assert_eq!(owner.unread_notices(workspace).await, Ok(told.len() - 1), "counted again at once");
    assert_eq!(editor.unread_notices(workspace).await, Ok(told.len()));
    assert_eq!(owner.read_notices(workspace, Which::All).await, Ok(told.len() - 1));

    // Four days later all of them are late, which is another thing to be told.
    place.clock.advance(4 * 86_400);
    let later = instance.store.sign_in(tests::estate::OWNER, tests::estate::PASSWORD, "192.0.2.1").await.unwrap();
    let later = instance.store.gate(later.actor());
    let late = later.notices(workspace).await.unwrap();
    assert!(!late.is_empty() && late.iter().all(|it| it.notice.kind == NoticeKind::Late && !it.read), "{late:?}");
    later.read_notices(workspace, Which::All).await.unwrap();
    let kept = instance.store.texts("SELECT notice FROM notice_read ORDER BY notice").await.unwrap();
    assert_eq!(kept.len(), late.len(), "marks of what is told no longer are forgotten: {kept:?}");

    let operator = instance.operator();
    assert_eq!(operator.notices(workspace).await, Ok(Vec::new()));
    assert_eq!(operator.read_notices(workspace, Which::All).await, Err(Problem::Forbidden));
    assert_eq!(operator.set_digest(workspace, Rhythm::Daily).await, Err(Problem::Forbidden));
    assert_eq!(operator.make_feed(workspace).await, Err(Problem::Forbidden));
});

both_dbs!(a_feed_opens_one_workspace_to_reading_and_ends_with_the_membership, |place| {
    let instance = Instance::new(&place).await;
    let workspace = &instance.workspace;
    let member = instance.account("reviewer", vec![(workspace.clone(), Role::Reviewer)]).await;
    let gate = instance.store.gate(member.actor());
    assert_eq!(gate.feed(workspace).await, Ok(None));
    let secret = gate.make_feed(workspace).await.unwrap();
    let held = gate.feed(workspace).await.unwrap().unwrap();
    assert!(secret.starts_with(&held.key) && held.last_used_at.is_none());
    let kept = instance.store.texts("SELECT key FROM calendar_feed").await.unwrap();
    assert_eq!(kept.len(), 1);
    assert!(!kept.iter().any(|it| secret.ends_with(it)), "only the hash of the secret is kept");

    let (reader, of) = instance.store.feed_reader(&secret).await.unwrap().unwrap();
    assert_eq!(of, *workspace);
    let reading = instance.store.gate(reader);
    assert!(reading.agenda(workspace).await.is_ok() && reading.estate(workspace).await.is_ok());
    assert_eq!(reading.execute(workspace, Command::BringDue).await.err(), Some(Problem::Forbidden));
    assert_eq!(reading.make_feed(workspace).await, Err(Problem::Forbidden), "it reads, and nothing else");
    assert_eq!(reading.export(workspace).await.err(), Some(Problem::Forbidden));
    let other = instance.gate().create_workspace("Elsewhere", false).await.unwrap();
    assert_eq!(reading.agenda(&other).await, Err(Problem::NotFound));
    assert!(gate.feed(workspace).await.unwrap().unwrap().last_used_at.is_some());

    for wrong in [
        "",
        "plc_00000000",
        &secret[..secret.len() - 1],
        &format!("{}0", &secret[..secret.len() - 1]),
        &secret.replace("plc_", "plb_"),
    ] {
        if wrong != secret {
            assert!(instance.store.feed_reader(wrong).await.unwrap().is_none(), "{wrong}");
        }
    }
    let second = gate.make_feed(workspace).await.unwrap();
    assert!(instance.store.feed_reader(&secret).await.unwrap().is_none(), "another one takes its place");
    gate.end_feed(workspace).await.unwrap();
    assert!(instance.store.feed_reader(&second).await.unwrap().is_none());
    assert_eq!(gate.end_feed(workspace).await, Err(Problem::NotFound));

    let third = gate.make_feed(workspace).await.unwrap();
    let (reader, _) = instance.store.feed_reader(&third).await.unwrap().unwrap();
    gate.set_digest(workspace, Rhythm::Weekly).await.unwrap();
    instance.gate().remove_member(workspace, &member.account, None).await.unwrap();
    assert!(instance.store.feed_reader(&third).await.unwrap().is_none());
    assert_eq!(instance.store.gate(reader).agenda(workspace).await, Err(Problem::NotFound));
    for table in ["calendar_feed", "digest"] {
        let left = instance.store.texts(&format!("SELECT 'one' FROM {table}")).await.unwrap();
        assert!(left.is_empty(), "{table}");
    }
    let actions =
        instance.store.texts("SELECT action FROM audit_entry WHERE action LIKE 'calendar%' ORDER BY seq").await;
    let made = "calendar.feed.make";
    assert_eq!(actions.unwrap(), [made, made, "calendar.feed.end", made]);
});

both_dbs!(a_feed_is_made_shortly_after_a_proof_only, |place| {
    let instance = Instance::new(&place).await;
    place.clock.advance(6 * 60);
    assert_eq!(instance.gate().make_feed(&instance.workspace).await, Err(Problem::Reauthenticate));
});

/// Sets the zone of the workspace.
async fn in_berlin(instance: &Instance) {
    let estate = instance.gate().estate(&instance.workspace).await.unwrap();
    let mut settings = estate.stored.settings.clone();
    settings.facts.insert("time_zone".to_owned(), Fact::of("Europe/Berlin".to_owned().into()));
    let edit = Command::Edit(Box::new(Object::Settings(Arc::new(settings))), estate.revision);
    instance.gate().execute(&instance.workspace, edit).await.unwrap();
}

/// Moves the clock to an instant.
fn to(place: &Place, instant: &str) {
    use store::Clock as _;
    let at: Timestamp = instant.parse().unwrap();
    place.clock.advance((at.0 - place.clock.now().0) / 1_000_000);
}

both_dbs!(one_letter_for_each_period_however_many_processes_there_are, |place| {
    let instance = Instance::new(&place).await;
    let elsewhere = place.bare_store().await;
    let (store, workspace) = (&instance.store, &instance.workspace);
    in_berlin(&instance).await;
    assert_eq!(instance.gate().set_digest(workspace, Rhythm::Daily).await, Ok(true));
    assert_eq!(instance.gate().set_digest(workspace, Rhythm::Daily).await, Ok(false));

    // On the day before clocks are put back 7 in the morning is 5 in UTC, on the day itself it is 6.
    to(&place, "2027-10-30T04:59:59Z");
    assert_eq!(store.due_digests().await.unwrap(), []);
    to(&place, "2027-10-30T05:00:00Z");
    let due = store.due_digests().await.unwrap();
    assert_eq!((due.len(), due[0].period.to_string(), due[0].rhythm), (1, "2027-10-30".to_owned(), Rhythm::Daily));
    assert_eq!(elsewhere.due_digests().await.unwrap(), due);
    assert_eq!((store.begin_digest(&due[0]).await, elsewhere.begin_digest(&due[0]).await), (Ok(true), Ok(false)));
    assert_eq!(elsewhere.due_digests().await.unwrap(), [], "somebody has it in hand");

    // Whoever had it did not come back: it is tried again, by whoever is first.
    place.clock.advance(600);
    let again = elsewhere.due_digests().await.unwrap();
    assert_eq!((elsewhere.begin_digest(&again[0]).await, store.begin_digest(&due[0]).await), (Ok(true), Ok(false)));
    elsewhere.end_digest(&again[0], LetterOutcome::Sent).await.unwrap();
    place.clock.advance(3600);
    assert_eq!(store.due_digests().await.unwrap(), [], "once is enough");
    assert_eq!(store.begin_digest(&due[0]).await, Ok(false));

    to(&place, "2027-10-31T05:59:59Z");
    assert_eq!(store.due_digests().await.unwrap(), []);
    to(&place, "2027-10-31T06:00:00Z");
    let due = store.due_digests().await.unwrap();
    assert_eq!(due[0].period.to_string(), "2027-10-31");
    assert_eq!(store.begin_digest(&due[0]).await, Ok(true));
    store.end_digest(&due[0], LetterOutcome::Empty).await.unwrap();
    let letters = store.texts("SELECT outcome FROM digest_letter").await.unwrap();
    assert_eq!(letters, ["empty"], "letters of earlier periods are forgotten");
    let sent = store.texts("SELECT actor_kind FROM audit_entry WHERE action = 'digest.send'").await.unwrap();
    assert_eq!(sent, ["operator"], "what was sent stands in the trail, what was not does not");
});

both_dbs!(a_job_that_did_not_run_sends_one_letter_and_a_weekly_one_waits_for_its_week, |place| {
    let instance = Instance::new(&place).await;
    let (store, workspace) = (&instance.store, &instance.workspace);
    instance.gate().set_digest(workspace, Rhythm::Weekly).await.unwrap();
    let due = store.due_digests().await.unwrap();
    assert_eq!(due[0].period.to_string(), "2026-11-16");
    assert_eq!(store.begin_digest(&due[0]).await, Ok(true));
    store.end_digest(&due[0], LetterOutcome::Sent).await.unwrap();
    place.clock.advance(40 * 86_400);
    let due = store.due_digests().await.unwrap();
    assert_eq!(due.iter().map(|it| it.period.to_string()).collect::<Vec<_>>(), ["2026-12-28"]);
    store.run_raw("UPDATE account SET disabled_at = 1").await.unwrap();
    assert_eq!(store.due_digests().await.unwrap(), [], "a disabled account gets none");
    assert_eq!(store.gate(due[0].reader()).agenda(workspace).await, Err(Problem::NotFound));
});

both_dbs!(who_is_not_engaged_gets_no_letter_and_leaves_no_trace, |place| {
    let instance = Instance::new(&place).await;
    let (store, workspace) = (&instance.store, &instance.workspace);
    let auditor = instance.member(Role::Auditor).await;
    auditor.set_digest(workspace, Rhythm::Daily).await.unwrap();
    let (account, today) = (auditor.account().await.unwrap().id, NOW.day());
    let due = async |from: i32, until: i32| {
        let days = Engagement { from: Day(today.0 + from), until: Day(today.0 + until) };
        let standing = Standing { engagement: Some(days), ..Standing::usual(Role::Auditor) };
        instance.gate().change_member(workspace, &account, standing).await.unwrap();
        store.due_digests().await.unwrap().len()
    };
    assert_eq!(due(0, 0).await, 1, "the first day is the last one");
    assert_eq!(due(1, 9).await, 0, "not yet");
    assert_eq!(due(-9, -1).await, 0, "no longer");
    let denied = store.texts("SELECT action FROM audit_entry WHERE action = 'access.denied'").await.unwrap();
    assert_eq!(denied, Vec::<String>::new());
});
