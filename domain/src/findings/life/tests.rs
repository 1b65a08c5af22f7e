#![expect(clippy::unwrap_used, reason = "tests")]

use std::collections::BTreeMap;

use super::*;
use crate::findings::finding::{FactValue, Finding, Findings, Identity};
use crate::findings::rule::Severity;
use crate::findings::tests::{found, model};
use crate::id::AccountId;
use crate::model::object::ObjectRef;
use crate::problem::{FieldCode, Problem};
use crate::role::Tier;
use crate::time::{Day, Timestamp};

const LEAK: &str = r#""systems":[{"id":"db","name":"Database","holdings":[{"element":"pan","ops":["store"]}]}]"#;

fn leaks(members: &str) -> Vec<Finding> {
    found(&model(members)).findings.into_iter().filter(|it| it.rule == "F-PAN-READABLE").collect()
}

fn records(events: &[Event]) -> BTreeMap<Identity, Record> {
    events.iter().map(|it| (it.record.identity.clone(), it.record.clone())).collect()
}

fn new() -> BTreeMap<Identity, Record> {
    records(&reconcile(&BTreeMap::new(), &leaks(LEAK), Timestamp(0)))
}

fn acting(account: &str, tier: Tier) -> Acting {
    Acting { account: Some(AccountId::from(account)), person: Some(format!("{account}-person").as_str().into()), tier }
}

fn decision(outcome: Outcome, until: Day) -> Decision {
    Decision::parse(outcome.as_str(), &until.to_string(), "replaced in spring", Day(0)).unwrap()
}

fn step(record: &Record, step: &Step, by: &Acting) -> Result<Record, Problem> {
    record.after(step, by, Timestamp(1)).map(|event| event.map_or_else(|| record.clone(), |event| event.record))
}

fn refused(code: FieldCode) -> Problem {
    Problem::field("step", code)
}

/// The leak, accepted by two persons until a day.
fn accepted(until: Day) -> BTreeMap<Identity, Record> {
    let asked = Step::Decide(decision(Outcome::Accepted, until));
    new()
        .into_iter()
        .map(|(identity, record)| {
            let waits = step(&record, &asked, &acting("lead", Tier::Low)).unwrap();
            (identity, step(&waits, &Step::Approve, &acting("ciso", Tier::VeryHigh)).unwrap())
        })
        .collect()
}

#[test]
fn what_is_found_first_is_new_and_what_stays_has_no_event() {
    let events = reconcile(&BTreeMap::new(), &leaks(LEAK), Timestamp(5));
    let [Event { record, what: Happening::Appeared }] = &events[..] else { panic!("{events:?}") };
    assert_eq!((record.state, record.first_seen), (State::New, Timestamp(5)));
    assert_eq!(reconcile(&records(&events), &leaks(LEAK), Timestamp(9)), []);
}

#[test]
fn a_renaming_loses_no_decision() {
    let renamed = LEAK.replace("Database", "Card store");
    assert_eq!(reconcile(&accepted(Day(100)), &leaks(&renamed), Timestamp(1)), []);
}

#[test]
fn what_is_gone_is_fixed_and_what_comes_back_is_open() {
    let known = accepted(Day(100));
    let events = reconcile(&known, &[], Timestamp(1));
    let [Event { record, what: Happening::Fixed }] = &events[..] else { panic!("{events:?}") };
    assert_eq!((record.state, &record.decision), (State::Fixed, &None));
    let events = reconcile(&records(&events), &leaks(LEAK), Timestamp(2));
    let [Event { record, what: Happening::Reopened { was: State::Fixed, because: Reopening::Back } }] = &events[..]
    else {
        panic!("{events:?}")
    };
    assert_eq!((record.state, record.first_seen), (State::Open, Timestamp(0)));
    assert_eq!(reconcile(&BTreeMap::new(), &[], Timestamp(3)), []);
}

#[test]
fn other_facts_reopen_a_decision_and_say_what_changed() {
    let other = LEAK.replace(r#""ops""#, r#""form":"unknown","ops""#);
    let events = reconcile(&accepted(Day(100)), &leaks(&other), Timestamp(1));
    let [Event { what: Happening::Reopened { was: State::Accepted, because: Reopening::Facts(facts) }, .. }] =
        &events[..]
    else {
        panic!("{events:?}")
    };
    let [FactChange { was: Some(was), is: Some(is) }] = &facts[..] else { panic!("{facts:?}") };
    assert_eq!((was.name.as_str(), &was.value), ("form", &FactValue::from("clear")));
    assert_eq!(is.value, FactValue::from("unknown"));
}

#[test]
fn a_more_urgent_finding_is_open_again_although_its_facts_are_the_same() {
    let mut worse = leaks(LEAK);
    let known: BTreeMap<Identity, Record> = accepted(Day(100))
        .into_iter()
        .map(|(identity, record)| (identity, Record { severity: Severity::High, ..record }))
        .collect();
    worse[0].severity = Severity::Critical;
    let events = reconcile(&known, &worse, Timestamp(1));
    assert!(
        matches!(&events[..], [Event { what: Happening::Reopened { because: Reopening::Worse { .. }, .. }, .. }]),
        "{events:?}"
    );
}

#[test]
fn a_decision_ends_after_its_last_day_without_anybody_writing_it_down() {
    let known = accepted(Day(31));
    assert_eq!(reconcile(&known, &leaks(LEAK), Day(31).start()), []);
    let shown = overlay(known, &leaks(LEAK), Day(32).start());
    let record = shown.values().next().unwrap();
    assert_eq!((record.state, &record.decision), (State::Open, &None));
}

#[test]
fn what_a_person_reported_is_not_fixed_by_a_run_of_the_rules_and_its_acceptance_ends_too() {
    let raised = Concern::parse(ObjectRef::System("db".into()), "low", "Nobody knows who uses this.").unwrap();
    let concern = Record::reported(&raised, 1, Timestamp(0));
    assert_eq!(concern.state, State::Open);
    let known = |record: &Record| BTreeMap::from([(record.identity.clone(), record.clone())]);
    assert_eq!(reconcile(&known(&concern), &[], Timestamp(1)), []);
    let lead = acting("lead", Tier::Low);
    let set_aside = step(&concern, &Step::Decide(decision(Outcome::Accepted, Day(3))), &lead).unwrap();
    assert_eq!(set_aside.state, State::Accepted, "one person decides about what is not urgent");
    assert_eq!(reconcile(&known(&set_aside), &[], Day(4).start()).len(), 1);
    let closed = step(&concern, &Step::Close("It is the ledger.".to_owned()), &lead).unwrap();
    assert_eq!(closed.state, State::Fixed);
    assert_eq!(step(&closed, &Step::Reopen("Not so.".to_owned()), &lead).unwrap().state, State::Open);
}

#[test]
fn a_concern_says_something_and_holds_no_card_number() {
    let raise = |words: &str| Concern::parse(ObjectRef::Settings, "low", words).map(|it| it.words);
    let code = |code| Err(Problem::field("concern", code));
    assert_eq!(raise(" "), code(FieldCode::Missing));
    assert_eq!(raise(&"x".repeat(1001)), code(FieldCode::TooLong(1000)));
    assert_eq!(raise("It logs 4111 1111 1111 1111"), code(FieldCode::CardNumber));
    assert_eq!(raise(" It logs everything. "), Ok("It logs everything.".to_owned()));
}

#[test]
fn a_grave_finding_waits_for_a_second_person_who_may_approve_it() {
    let known = new();
    let record = known.values().next().unwrap();
    assert_eq!(record.severity, Severity::Critical);
    let asked = Step::Decide(decision(Outcome::FalsePositive, Day(365)));
    let waits = step(record, &asked, &acting("lead", Tier::VeryHigh)).unwrap();
    assert_eq!((waits.state, waits.request.is_some()), (State::Open, true));

    let approve = |by: &Acting| step(&waits, &Step::Approve, by).map(|it| it.state);
    assert_eq!(approve(&acting("lead", Tier::VeryHigh)), Err(refused(FieldCode::OwnDecision)));
    assert_eq!(approve(&acting("ciso", Tier::High)), Err(refused(FieldCode::TierTooLow)));
    assert_eq!(approve(&Acting { account: None, ..acting("ciso", Tier::VeryHigh) }), Err(Problem::Forbidden));
    assert_eq!(approve(&acting("ciso", Tier::VeryHigh)), Ok(State::NotApplicable));
    let owned = Record { owner: Some("ciso-person".into()), ..waits.clone() };
    let by_owner = step(&owned, &Step::Approve, &acting("ciso", Tier::VeryHigh));
    assert_eq!(by_owner, Err(refused(FieldCode::AnswersForIt)));
    assert_eq!(step(record, &Step::Approve, &acting("ciso", Tier::VeryHigh)), Err(refused(FieldCode::NotInThisState)));

    let turned_down = step(&waits, &Step::TurnDown("It is real.".to_owned()), &acting("ciso", Tier::Low)).unwrap();
    assert_eq!((turned_down.state, turned_down.request), (State::Open, None));
}

#[test]
fn other_facts_void_a_decision_that_waits() {
    let asked = Step::Decide(decision(Outcome::Accepted, Day(30)));
    let waits: BTreeMap<Identity, Record> = new()
        .into_iter()
        .map(|(identity, record)| (identity, step(&record, &asked, &acting("lead", Tier::Low)).unwrap()))
        .collect();
    let other = LEAK.replace(r#""ops""#, r#""form":"unknown","ops""#);
    let events = reconcile(&waits, &leaks(&other), Timestamp(1));
    let [Event { record, what: Happening::Changed { voided: true, .. } }] = &events[..] else { panic!("{events:?}") };
    assert_eq!((record.state, &record.request), (State::Open, &None));
}

#[test]
fn a_decision_has_an_end_within_a_year_and_a_reason() {
    let errors =
        |outcome: &str, until: &str, reason: &str| Decision::parse(outcome, until, reason, Day(0)).unwrap_err();
    let error = Problem::field;
    let last = Day(365).to_string();
    assert!(Decision::parse("accepted", &last, "x", Day(0)).is_ok());
    assert_eq!(errors("accepted", &Day(366).to_string(), "x"), error("until", FieldCode::NotWithinDays(365)));
    assert_eq!(errors("accepted", &Day(-1).to_string(), "x"), error("until", FieldCode::NotWithinDays(365)));
    assert_eq!(errors("accepted", "", "x"), error("until", FieldCode::Missing));
    assert_eq!(errors("accepted", &last, " "), error("reason", FieldCode::Missing));
    assert_eq!(errors("fixed", &last, "x"), error("outcome", FieldCode::NotInList));
}

#[test]
fn what_changes_nothing_is_no_event_and_what_is_fixed_stays_as_it_is() {
    let known = new();
    let record = known.values().next().unwrap();
    let by = acting("lead", Tier::Low);
    assert_eq!(record.after(&Step::Assign(None), &by, Timestamp(1)), Ok(None));
    assert_eq!(record.after(&Step::Due(None), &by, Timestamp(1)), Ok(None));
    let looked = step(record, &Step::Look, &by).unwrap();
    assert_eq!((looked.state, looked.version), (State::Open, 1));
    assert_eq!(looked.after(&Step::Look, &by, Timestamp(1)), Ok(None));
    let fixed = reconcile(&known, &[], Timestamp(1)).remove(0).record;
    for step in
        [Step::Look, Step::Assign(Some("lead".into())), Step::Reopen("x".to_owned()), Step::Close("x".to_owned())]
    {
        assert_eq!(fixed.after(&step, &by, Timestamp(2)), Err(refused(FieldCode::NotInThisState)), "{}", step.word());
    }
}

#[test]
fn a_step_is_read_from_its_form() {
    let form = |pairs: &[(&str, &str)]| {
        let pairs: Vec<_> = pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Step::from_form(&pairs, Day(0))
    };
    assert_eq!(form(&[("step", "assign"), ("owner", "lead")]), Ok(Step::Assign(Some("lead".into()))));
    assert_eq!(form(&[("step", "assign"), ("owner", "")]), Ok(Step::Assign(None)));
    assert_eq!(form(&[("step", "due"), ("due", "1970-01-02")]), Ok(Step::Due(Some(Day(1)))));
    assert_eq!(form(&[("step", "due"), ("due", "soon")]), Err(Problem::field("due", FieldCode::NotADay)));
    assert_eq!(form(&[("step", "reopen"), ("because", "")]), Err(Problem::field("because", FieldCode::Missing)));
    assert_eq!(form(&[("step", "forget")]), Err(refused(FieldCode::NotInList)));
}

/// The whole comparison and the one of only what differs say the same, whatever differs.
#[test]
fn what_differs_is_all_that_a_run_has_to_look_at() {
    let worlds = [
        String::new(),
        LEAK.to_owned(),
        LEAK.replace("Database", "Card store"),
        LEAK.replace(r#""ops""#, r#""form":"unknown","ops""#),
        LEAK.replace("\"db\"", "\"ledger\""),
        format!(
            r#""settings":{{"severity_overrides":[{{"rule":"F-PAN-READABLE","severity":"low","reason":"x"}}]}},{LEAK}"#
        ),
    ];
    let runs: Vec<Findings> = worlds.iter().map(|members| found(&model(members))).collect();
    for before in &runs {
        let known = records(&reconcile(&BTreeMap::new(), &before.findings, Timestamp(0)));
        for after in &runs {
            let differing = changes(before, after);
            let concerned = differing.identities();
            let some: BTreeMap<Identity, Record> = known
                .iter()
                .filter(|(identity, _)| concerned.contains(identity))
                .map(|(a, b)| (a.clone(), b.clone()))
                .collect();
            let narrow = reconcile(&some, differing.current.iter().copied(), Timestamp(1));
            assert_eq!(narrow, reconcile(&known, &after.findings, Timestamp(1)));
        }
    }
    assert!(changes(&runs[1], &runs[2]).is_empty(), "a renaming is no change");
}
