//! Schedules and what time and changes do to them: each thing once, at its own instant, whenever somebody looks.

use domain::backend::Backend as _;
use domain::backend::incidents::Incidents as _;
use domain::backend::schedules::Schedules as _;
use domain::id::WorkspaceId;
use domain::incident::{Incident, IncidentKey};
use domain::model::object::{Object, ObjectRef};
use domain::model::reader::read_json;
use domain::problem::{FieldCode, Problem};
use domain::role::Role;
use domain::schedule::analysis::Analysis;
use domain::schedule::analysis_draft::AnalysisStep;
use domain::schedule::assurance::{Activity, ActivityKey, ActivityKind, Outcome};
use domain::schedule::late::LateCause;
use domain::schedule::noted::Noted;
use domain::schedule::plan::Because;
use domain::schedule::trigger::TriggerKind;
use domain::schedule::{Cadence, Schedule, ScheduleKey, State, Subject, Topic};
use domain::time::{Day, Timestamp};
use store::{Actor, Gate};
use tests::both_dbs;
use tests::estate::Instance;

use super::round_trip::import;

const DAY: i64 = 86_400;

fn schedule(first_due: &str) -> Schedule {
    let mut it = Schedule::new(ScheduleKey(0), first_due.parse().unwrap());
    it.name = "Everything".to_owned();
    it.cadence = Cadence::Monthly { day: 15 };
    it
}

fn noted(at: Timestamp) -> Noted {
    Noted { at, reference: "EV-1".to_owned(), late: None }
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

async fn put(instance: &Instance, text: &str) {
    let model = read_json(text.as_bytes()).unwrap().0;
    let objects: Vec<Object> = model.objects().filter(|it| it.reference() != ObjectRef::Settings).collect();
    import(instance, objects).await.unwrap();
}

async fn actions(gate: &Gate, workspace: &WorkspaceId) -> Vec<String> {
    gate.audit_trail(workspace, 50).await.unwrap().into_iter().map(|line| line.action).collect()
}

both_dbs!(a_schedule_is_kept_changed_done_and_ended_with_its_history, |place| {
    let instance = Instance::new(&place).await;
    let (gate, workspace) = (instance.gate(), &instance.workspace);
    let key = ScheduleKey(1);
    assert_eq!(gate.save_schedule(workspace, schedule("2026-12-15"), 0).await, Ok((key, true)));
    let first = Schedule { key, ..schedule("2026-12-15") };
    assert_eq!(gate.save_schedule(workspace, first.clone(), 1).await, Ok((key, false)));
    let renamed = Schedule { name: "All systems".to_owned(), ..first };
    assert_eq!(gate.save_schedule(workspace, renamed.clone(), 1).await, Ok((key, true)));
    assert_eq!(gate.save_schedule(workspace, renamed.clone(), 1).await, Err(Problem::Conflict));
    let unknown = Schedule { key: ScheduleKey(9), ..renamed.clone() };
    assert_eq!(gate.save_schedule(workspace, unknown, 1).await, Err(Problem::NotFound));

    // Early counts for its day.
    gate.record_run(workspace, key, noted(at("2026-11-21T09:00:00Z"))).await.unwrap();
    let earlier = gate.record_run(workspace, key, noted(at("2026-11-20T09:00:00Z"))).await;
    assert_eq!(earlier, Err(Problem::field("done", FieldCode::BeforeTheLast)));
    let ahead = gate.record_run(workspace, key, noted(at("2026-11-22T09:00:00Z"))).await;
    assert_eq!(ahead, Err(Problem::field("done", FieldCode::InTheFuture)));
    let book = gate.schedules(workspace).await.unwrap();
    let planned = &book.schedules[&key].value;
    assert_eq!((planned.runs.len(), planned.due(&book.zone).to_string().as_str()), (1, "2027-01-15"));

    // 60 days later it is late, and noted with its cause only.
    place.clock.advance(60 * DAY);
    let now = at("2027-01-20T09:30:00Z");
    let Err(Problem::Invalid(errors)) = gate.record_run(workspace, key, noted(now)).await else { panic!() };
    assert_eq!(errors.iter().map(|it| it.field.as_str()).collect::<Vec<_>>(), ["cause", "told", "caught_up"]);
    let words = || "Two people were ill".to_owned();
    let late = Some(LateCause { cause: words(), told: words(), caught_up: words() });
    gate.record_run(workspace, key, Noted { late, ..noted(now) }).await.unwrap();

    let ended = Schedule { ended: true, ..renamed };
    assert_eq!(gate.save_schedule(workspace, ended, 2).await, Ok((key, true)));
    let over = gate.record_run(workspace, key, noted(now)).await;
    assert_eq!(over, Err(Problem::field("step", FieldCode::NotInThisState)));
    let history = gate.schedule(workspace, key).await.unwrap();
    assert_eq!((history.revision, history.versions.len(), history.planned.runs.len()), (3, 3, 2));
    assert_eq!(history.noted_by, [Some("Payments lead".to_owned()), Some("Payments lead".to_owned())]);
    assert!(history.planned.runs[1].late.is_some() && history.planned.runs[0].late.is_none());
    let said = actions(&gate, workspace).await;
    for action in ["schedule.add", "schedule.edit", "schedule.run", "schedule.end"] {
        assert!(said.iter().any(|it| it == action), "{action}: {said:?}");
    }
    let payloads = instance.store.texts("SELECT payload FROM audit_payload").await.unwrap();
    assert!(!payloads.iter().any(|it| it.contains("were ill")), "texts of people stand there by their hash");

    let reader = instance.member(Role::Viewer).await;
    assert!(reader.schedules(workspace).await.is_ok());
    assert_eq!(reader.record_run(workspace, key, noted(now)).await, Err(Problem::Forbidden));
    assert_eq!(reader.save_schedule(workspace, schedule("2027-03-15"), 0).await, Err(Problem::Forbidden));
});

both_dbs!(forty_days_without_a_tick_are_told_once_and_each_at_its_instant, |place| {
    let instance = Instance::new(&place).await;
    let (gate, workspace) = (instance.gate(), &instance.workspace);
    let (key, _) = gate.save_schedule(workspace, schedule("2026-12-15"), 0).await.unwrap();
    assert_eq!(instance.store.tick_schedules().await.unwrap(), []);
    place.clock.advance(40 * DAY);
    assert_eq!(instance.store.tick_schedules().await.unwrap(), [(workspace.clone(), 4)]);
    assert_eq!(instance.store.tick_schedules().await.unwrap(), [], "nothing is told twice");
    let told = gate.schedule(workspace, key).await.unwrap().passings;
    let told: Vec<(String, State)> = told.iter().rev().map(|it| (it.at.to_string(), it.state)).collect();
    let expected = [
        ("2026-12-01T00:00:00Z", State::Warning),
        ("2026-12-08T00:00:00Z", State::Warning),
        ("2026-12-15T00:00:00Z", State::Due),
        ("2026-12-16T00:00:00Z", State::Late),
    ];
    assert_eq!(told, expected.map(|(at, state)| (at.to_owned(), state)));
    assert_eq!(actions(&gate, workspace).await.iter().filter(|it| *it == "schedule.tick").count(), 1);
    // What happened between two ticks to the schedule of then is told of that one, also where it changed since.
    place.clock.advance(20 * DAY);
    let moved = Schedule { key, first_due: "2027-06-15".parse().unwrap(), ..schedule("2026-12-15") };
    gate.save_schedule(workspace, moved, 1).await.unwrap();
    let history = gate.schedule(workspace, key).await.unwrap();
    assert_eq!((history.passings.len(), history.passings[0].missed), (5, 2));
    assert_eq!(history.planned.standing(&history.zone, history.now).unwrap().state, State::Planned);
});

both_dbs!(a_clock_that_is_put_back_tells_nothing_twice_and_stops_no_tick, |place| {
    let instance = Instance::new(&place).await;
    let (gate, workspace) = (instance.gate(), &instance.workspace);
    let (key, _) = gate.save_schedule(workspace, schedule("2026-12-15"), 0).await.unwrap();
    place.clock.advance(40 * DAY);
    assert_eq!(instance.store.tick_schedules().await.unwrap(), [(workspace.clone(), 4)]);
    // The clock of the host was put back, and somebody saves the schedule meanwhile.
    place.clock.advance(-20 * DAY);
    let renamed = Schedule { key, name: "All systems".to_owned(), ..schedule("2026-12-15") };
    assert_eq!(gate.save_schedule(workspace, renamed, 1).await, Ok((key, true)));
    place.clock.advance(20 * DAY);
    assert_eq!(instance.store.tick_schedules().await.unwrap(), []);
    assert_eq!(gate.schedule(workspace, key).await.unwrap().passings.len(), 4);
    place.clock.advance(20 * DAY);
    assert_eq!(instance.store.tick_schedules().await.unwrap(), [(workspace.clone(), 1)], "the next day is missed");
});

both_dbs!(two_teams_in_one_quarter_do_not_keep_the_next_one, |place| {
    let instance = Instance::new(&place).await;
    let (gate, workspace) = (instance.gate(), &instance.workspace);
    let quarterly = Schedule { cadence: Cadence::Quarterly { month: 3, day: 31 }, ..schedule("2026-12-31") };
    let (key, _) = gate.save_schedule(workspace, quarterly, 0).await.unwrap();
    place.clock.advance(11 * DAY);
    for done in ["2026-12-01T09:00:00Z", "2026-12-01T09:00:00Z", "2026-12-02T09:00:00Z"] {
        gate.record_run(workspace, key, noted(at(done))).await.unwrap();
        let history = gate.schedule(workspace, key).await.unwrap();
        assert_eq!(history.planned.due(&history.zone).to_string(), "2027-03-31", "{done}");
    }
    let runs = gate.schedule(workspace, key).await.unwrap().planned.runs;
    let counted: Vec<String> = runs.iter().map(|it| it.due.to_string()).collect();
    assert_eq!(counted, ["2026-12-31"; 3], "each is kept as evidence of its quarter");
});

both_dbs!(days_are_those_of_the_workspace_when_clocks_are_changed, |place| {
    let instance = Instance::new(&place).await;
    let (gate, workspace) = (instance.gate(), &instance.workspace);
    let mut settings = gate.estate(workspace).await.unwrap().stored.settings.clone();
    domain::schedule::Zone::set(&mut settings, "Europe/Berlin").unwrap();
    import(&instance, vec![Object::Settings(settings.into())]).await.unwrap();
    let daily = |first_due: &str| Schedule {
        cadence: Cadence::Yearly { month: 12, day: 31 },
        warnings: Vec::new(),
        first_due: first_due.parse().unwrap(),
        ..schedule("2027-01-01")
    };
    let spring = Schedule { cadence: Cadence::Days(365), ..daily("2027-03-28") };
    let autumn = Schedule { cadence: Cadence::Days(365), ..daily("2027-10-31") };
    for it in [daily("2026-12-31"), spring, autumn] {
        gate.save_schedule(workspace, it, 0).await.unwrap();
    }
    place.clock.advance(360 * DAY);
    instance.store.tick_schedules().await.unwrap();
    let mut told = Vec::new();
    for number in 1..=3 {
        let passings = gate.schedule(workspace, ScheduleKey(number)).await.unwrap().passings;
        told.push(passings.iter().rev().map(|it| it.at.to_string()).collect::<Vec<_>>());
    }
    assert_eq!(told[0], ["2026-12-30T23:00:00Z", "2026-12-31T23:00:00Z"]);
    assert_eq!(told[1], ["2027-03-27T23:00:00Z", "2027-03-28T22:00:00Z"], "a day of 23 hours");
    assert_eq!(told[2], ["2027-10-30T22:00:00Z", "2027-10-31T23:00:00Z"], "a day of 25 hours");
});

both_dbs!(what_happens_beside_the_calendar_calls_until_it_is_done, |place| {
    let instance = Instance::new(&place).await;
    let (gate, workspace) = (instance.gate(), &instance.workspace);
    put(
        &instance,
        r#"{"systems":[{"id":"till"}],"controls":[{"id":"fw","name":"Firewall","last_tested":"2026-01-10"}]}"#,
    )
    .await;
    let watching = |subject: Subject, kinds: &[TriggerKind]| Schedule {
        subject,
        triggers: kinds.iter().copied().collect(),
        ..schedule("2027-12-15")
    };
    let kinds = [TriggerKind::NewVendor, TriggerKind::Incident, TriggerKind::ControlExpired];
    let till = Subject::Object(ObjectRef::System("till".into()));
    let (all, _) = gate.save_schedule(workspace, watching(Subject::Topic(Topic::Vendors), &kinds), 0).await.unwrap();
    let (one, _) = gate.save_schedule(workspace, watching(till, &kinds), 0).await.unwrap();
    let calls = async |key| {
        let planned = gate.schedules(workspace).await.unwrap().schedules[&key].value.clone();
        planned.calls.iter().map(|it| it.trigger.kind).collect::<Vec<_>>()
    };
    put(&instance, r#"{"vendors":[{"id":"psp","name":"PSP"}]}"#).await;
    assert_eq!(calls(all).await, [TriggerKind::NewVendor]);
    assert_eq!(calls(one).await, [], "it is about another object");
    let mut incident = Incident::new(IncidentKey(0), "A key in the open".to_owned(), Timestamp(0));
    incident.start = "system:till".parse().ok();
    gate.add_incident(workspace, incident.clone()).await.unwrap();
    incident.drill = true;
    gate.add_incident(workspace, incident).await.unwrap();
    assert_eq!(calls(all).await, [TriggerKind::NewVendor, TriggerKind::Incident]);
    assert_eq!(calls(one).await, [TriggerKind::Incident]);
    let book = gate.schedules(workspace).await.unwrap();
    let standing = book.schedules[&one].value.standing(&book.zone, book.now).unwrap();
    assert_eq!((standing.state, standing.due.to_string().as_str()), (State::Warning, "2026-12-21"));

    gate.record_run(workspace, one, noted(book.now)).await.unwrap();
    assert_eq!(calls(one).await, []);
    place.clock.advance(60 * DAY);
    instance.store.tick_schedules().await.unwrap();
    assert_eq!(calls(all).await, [TriggerKind::NewVendor, TriggerKind::Incident, TriggerKind::ControlExpired]);
    assert_eq!(calls(one).await, []);
    place.clock.advance(DAY);
    instance.store.tick_schedules().await.unwrap();
    assert_eq!(calls(all).await.len(), 3, "what waits for an answer is told once");
});

both_dbs!(an_approved_analysis_sets_its_schedules_and_nobody_approves_their_own, |place| {
    let instance = Instance::new(&place).await;
    let (gate, workspace) = (instance.gate(), &instance.workspace);
    let words = || "Because".to_owned();
    let mut analysis = Analysis::new("somebody".into());
    (analysis.requirement, analysis.frequency) = ("7.2.5.1".to_owned(), Some(Cadence::Months(6)));
    (analysis.assets, analysis.threats, analysis.factors) = (words(), words(), words());
    (analysis.justification, analysis.change_triggers) = (words(), words());
    // Neither an approval nor a review comes in by the form.
    analysis.approved = Some(("somebody".into(), Day(20_000)));
    let (key, _) = gate.save_analysis(workspace, analysis.clone(), 0).await.unwrap();
    let book = gate.schedules(workspace).await.unwrap();
    assert_eq!(book.analyses[&key].value.approved, None);
    assert!(book.analyses[&key].value.author.as_str() != "somebody");

    let resting = Schedule { because: Because::Analysis(key), ..schedule("2026-12-15") };
    let (of, _) = gate.save_schedule(workspace, resting, 0).await.unwrap();
    let unknown =
        Schedule { because: Because::Analysis(domain::schedule::analysis::AnalysisKey(9)), ..schedule("2026-12-15") };
    let refused = gate.save_schedule(workspace, unknown, 0).await;
    assert_eq!(refused, Err(Problem::field("analysis", FieldCode::NoSuchObject)));
    let cadence = async || gate.schedules(workspace).await.unwrap().schedules[&of].value.schedule.cadence;
    assert_eq!(cadence().await, Cadence::Monthly { day: 15 }, "until somebody approves it");
    let own = gate.step_analysis(workspace, key, AnalysisStep::Approve, 1).await;
    assert_eq!(own, Err(Problem::field("step", FieldCode::OwnDecision)));
    let operator = instance.store.gate(Actor::Operator);
    assert_eq!(operator.step_analysis(workspace, key, AnalysisStep::Approve, 1).await, Err(Problem::Forbidden));
    let other = instance.member(Role::Editor).await;
    assert_eq!(other.step_analysis(workspace, key, AnalysisStep::Approve, 1).await, Ok(true));
    assert_eq!(cadence().await, Cadence::Months(6));

    place.clock.advance(30 * DAY);
    let review = AnalysisStep::Renew(Noted { at: at("2026-12-21T09:30:00Z"), reference: words(), late: None });
    assert_eq!(gate.step_analysis(workspace, key, review, 2).await, Ok(true));
    let book = gate.schedules(workspace).await.unwrap();
    let kept = book.analyses[&key].value.clone();
    assert_eq!((kept.reviews.len(), kept.is_current(&book.zone, book.now)), (1, true));
    // A change takes the approval back, and the reviews stay.
    let changed = Analysis { frequency: Some(Cadence::Months(12)), reviews: Vec::new(), ..kept };
    assert_eq!(gate.save_analysis(workspace, changed, 3).await, Ok((key, true)));
    let kept = gate.schedules(workspace).await.unwrap().analyses[&key].value.clone();
    assert_eq!((kept.reviews.len(), kept.approved), (1, None));
    assert_eq!(cadence().await, Cadence::Months(6), "what was approved holds until something else is");
});

both_dbs!(a_test_that_counts_is_a_run_of_the_schedules_of_its_kind, |place| {
    let instance = Instance::new(&place).await;
    let (gate, workspace) = (instance.gate(), &instance.workspace);
    put(&instance, r#"{"systems":[{"id":"till"}]}"#).await;
    let subject = Subject::Activity(ActivityKind::Failover);
    let (of, _) = gate.save_schedule(workspace, Schedule { subject, ..schedule("2026-12-15") }, 0).await.unwrap();
    let mut activity = Activity::new("2026-11-20".parse().unwrap());
    (activity.kind, activity.tester) = (ActivityKind::Failover, "Platform team".to_owned());
    activity.scope = [ObjectRef::System("till".into())].into();
    let (key, _) = gate.save_activity(workspace, activity.clone(), 0).await.unwrap();
    assert_eq!(key, ActivityKey(1));
    let runs = async || gate.schedules(workspace).await.unwrap().schedules[&of].value.runs.clone();
    assert!(runs().await.is_empty(), "it is only planned");
    activity.key = key;
    (activity.done, activity.outcome) = (Some("2026-11-20".parse().unwrap()), Some(Outcome::Passed));
    assert_eq!(gate.save_activity(workspace, activity.clone(), 1).await, Ok((key, true)));
    assert!(runs().await.is_empty(), "its report is missing");
    activity.report = Some("EV-1".to_owned());
    assert_eq!(gate.save_activity(workspace, activity.clone(), 2).await, Ok((key, true)));
    let done = runs().await;
    assert_eq!((done.len(), done[0].reference.as_str(), done[0].due.to_string().as_str()), (1, "ACT-1", "2026-12-15"));
    activity.perimeter = "From inside".to_owned();
    assert_eq!(gate.save_activity(workspace, activity, 3).await, Ok((key, true)));
    assert_eq!(runs().await.len(), 1, "once");
});
