//! Who says what of a flow.
#![expect(clippy::unwrap_used, reason = "tests")]

use super::*;
use crate::model::reader::read_json;

fn model() -> Model {
    let text = r#"{"people":[{"id":"ann"},{"id":"bob"},{"id":"team","kind":"team","members":["bob"]}],
        "systems":[{"id":"a","owner":"ann"},{"id":"b","owner":"team"}],
        "flows":[{"id":"f","from":"a","to":"b","data":[{"element":"email"}]}]}"#;
    read_json(text.as_bytes()).unwrap().0
}

fn fields(elements: &[&str]) -> BTreeSet<Carried> {
    elements.iter().map(|it| (ElementId::new(*it), ElementForm::Clear)).collect()
}

/// A person with an account of their own.
fn by(person: &str) -> Witness {
    Witness { person: person.into(), account: Some(AccountId::new(format!("account-of-{person}"))) }
}

fn said(flow: &Flow, end: End, person: &str, answer: Reply, elements: &[&str], at: i64) -> Flow {
    let statement = Statement { end, answer, fields: fields(elements) };
    confirm(flow, statement, by(person), Timestamp(at * 1_000_000)).unwrap()
}

#[test]
fn two_people_confirm_and_what_changes_afterwards_is_not_confirmed() {
    let flow = Flow::clone(&model().flows["f"]);
    let flow = said(&flow, End::Source, "ann", Reply::Agrees, &[], 1);
    assert!(!side_by_side(&flow).is_confirmed());
    assert_eq!(
        confirm(
            &flow,
            Statement { end: End::Target, answer: Reply::Agrees, fields: BTreeSet::new() },
            by("ann"),
            Timestamp(2)
        ),
        Err(Problem::field("end", FieldCode::OtherEndIsYours))
    );
    let mut flow = said(&flow, End::Target, "bob", Reply::Agrees, &[], 2);
    assert!(side_by_side(&flow).is_confirmed() && !side_by_side(&flow).disagree());
    flow.fields.clear();
    let both = side_by_side(&flow);
    assert!(!both.is_confirmed() && both.fell_off(End::Source) && both.fell_off(End::Target));
    let flow = said(&flow, End::Source, "ann", Reply::Agrees, &[], 3);
    assert!(!side_by_side(&flow).disagree(), "who has not looked again contradicts nobody");
}

#[test]
fn whoever_becomes_somebody_else_in_between_does_not_confirm_both_ends() {
    let flow = Flow::clone(&model().flows["f"]);
    let flow = said(&flow, End::Source, "ann", Reply::Agrees, &[], 1);
    let other_name = Witness { person: "bob".into(), ..by("ann") };
    let statement = Statement { end: End::Target, answer: Reply::Agrees, fields: BTreeSet::new() };
    let refused = confirm(&flow, statement, other_name, Timestamp(2));
    assert_eq!(refused, Err(Problem::field("end", FieldCode::OtherEndIsYours)));

    // Neither does a file in which it stands so.
    let flow = said(&flow, End::Target, "bob", Reply::Agrees, &[], 2);
    let mut both = side_by_side(&flow);
    assert!(both.by_two_people() && both.is_confirmed());
    let same = by("ann").account;
    both.answers.get_mut(&End::Target).unwrap().account = same;
    assert!(!both.by_two_people() && !both.is_confirmed());
    both.answers.get_mut(&End::Target).unwrap().account = None;
    assert!(both.is_confirmed(), "of answers of old no account is known");
    both.answers.get_mut(&End::Target).unwrap().person = "ann".into();
    assert!(!both.is_confirmed());
}

#[test]
fn an_answer_holds_for_the_systems_between_which_the_flow_went() {
    let flow = Flow::clone(&model().flows["f"]);
    let flow = said(&flow, End::Source, "ann", Reply::Agrees, &[], 1);
    let flow = said(&flow, End::Target, "bob", Reply::Differs, &["pan"], 2);
    assert!(side_by_side(&flow).disagree());
    let flow = said(&flow, End::Target, "bob", Reply::Agrees, &[], 3);
    assert!(side_by_side(&flow).is_confirmed());
    for (from, to) in [("a", "c"), ("c", "b")] {
        let mut moved = flow.clone();
        (moved.from, moved.to) = (from.into(), to.into());
        let both = side_by_side(&moved);
        assert!(!both.is_confirmed() && both.fell_off(End::Source) && both.fell_off(End::Target), "{from} {to}");
        let differs = said(&moved, End::Source, "cat", Reply::Differs, &["pan"], 4);
        assert!(!side_by_side(&differs).disagree(), "who answered about another flow contradicts nobody");
    }
    // What was kept before systems were noted reads as it did.
    let mut old = flow.clone();
    let items: Vec<Value> = said::items(&flow.facts, ATTRIBUTE)
        .map(|it| json!({ "end": it["end"], "person": it["person"], "answer": it["answer"], "at": it["at"] }))
        .collect();
    old.facts.insert(ATTRIBUTE.to_owned(), Fact::of(Value::Array(items)));
    old.to = "c".into();
    assert!(side_by_side(&old).is_confirmed());
}

#[test]
fn who_said_so_before_it_was_corrected_need_not_say_it_again() {
    let mut flow = Flow::clone(&model().flows["f"]);
    flow.fields.clear();
    let mut flow = said(&flow, End::Target, "bob", Reply::Differs, &["email"], 1);
    flow.fields.clone_from(&model().flows["f"].fields);
    let flow = said(&flow, End::Source, "ann", Reply::Agrees, &[], 2);
    let mut model = model();
    assert_eq!(progress(&model), Progress { flows: 1, confirmed: 0, contradicted: 0 });
    model.put(crate::model::object::Object::Flow(std::sync::Arc::new(flow)));
    assert_eq!(progress(&model), Progress { flows: 1, confirmed: 1, contradicted: 0 });
}

#[test]
fn different_answers_stand_side_by_side() {
    let flow = Flow::clone(&model().flows["f"]);
    let flow = said(&flow, End::Source, "ann", Reply::Agrees, &[], 1);
    let flow = said(&flow, End::Target, "bob", Reply::Differs, &["email", "pan"], 2);
    let both = side_by_side(&flow);
    assert!(both.disagree());
    let rows: Vec<_> =
        both.rows().into_iter().map(|it| (it.carried.0.to_string(), it.entered, it.source, it.target)).collect();
    let row = |element: &str, entered, source| (element.to_owned(), entered, Some(source), Some(true));
    assert_eq!(rows, [row("email", true, true), row("pan", false, false)]);
    let flow = said(&flow, End::Source, "ann", Reply::Differs, &["email", "pan"], 3);
    assert!(!side_by_side(&flow).disagree(), "both say the same, and the entry is wrong");
    assert!(!side_by_side(&flow).is_confirmed());
}

#[test]
fn who_does_not_know_contradicts_nobody() {
    let flow = Flow::clone(&model().flows["f"]);
    let flow = said(&flow, End::Source, "ann", Reply::Unsure, &[], 1);
    let flow = said(&flow, End::Target, "bob", Reply::Differs, &["pan"], 2);
    assert!(!side_by_side(&flow).disagree());
}

#[test]
fn an_answer_that_differs_says_in_what() {
    let flow = Flow::clone(&model().flows["f"]);
    for same in [&[][..], &["email"]] {
        let statement = Statement { end: End::Source, answer: Reply::Differs, fields: fields(same) };
        let refused = confirm(&flow, statement, by("ann"), Timestamp(1));
        assert_eq!(refused, Err(Problem::field("field", FieldCode::Missing)));
    }
}

#[test]
fn the_form_names_end_answer_and_fields() {
    let form = [("end", "target"), ("answer", "differs"), ("field", "pan:truncated"), ("field", "")]
        .map(|(name, value)| (name.to_owned(), value.to_owned()));
    let read = from_form(&form).unwrap();
    assert_eq!((read.end, read.answer), (End::Target, Reply::Differs));
    assert_eq!(read.fields, [(ElementId::new("pan"), ElementForm::Truncated)].into());
    let wrong = [("end", "target"), ("answer", "differs"), ("field", "pan")]
        .map(|(name, value)| (name.to_owned(), value.to_owned()));
    assert_eq!(from_form(&wrong), Err(Problem::field("field", FieldCode::NotElements)));
}

#[test]
fn who_owns_the_system_answers_for_its_end() {
    let model = model();
    let may = |end, person: &str| answers_for(&model, &model.flows["f"], end, &person.into());
    assert!(may(End::Source, "ann") && !may(End::Source, "bob"));
    assert!(may(End::Target, "bob") && !may(End::Target, "ann"));
}
