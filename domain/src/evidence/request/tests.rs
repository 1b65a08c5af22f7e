use super::*;
use crate::evidence::item::tests::day;
use crate::model::Model;

fn request() -> Request {
    let question = Question {
        text: "Show the last scan".to_owned(),
        requirement: RequirementKey::pci("11.3.2"),
        object: None,
        title: None,
        due: Some(day("2026-12-01")),
        owner: None,
    };
    Request::new(question, PersonId::new("qsa"), Timestamp(0))
}

fn answer(items: &[u32]) -> Step {
    Step::Answer { words: "Here".to_owned(), items: items.iter().copied().map(EvidenceKey).collect() }
}

#[test]
fn a_request_goes_back_and_forth_until_it_is_accepted() {
    let mut it = request();
    let (team, auditor) = (PersonId::new("lead"), PersonId::new("qsa"));
    assert_eq!(it.take(Step::Accept, Side::Auditor, &auditor, Timestamp(1)), Err(FieldCode::NotInThisState));
    it.take(answer(&[1]), Side::Team, &team, Timestamp(1)).unwrap();
    assert_eq!(it.take(Step::Accept, Side::Team, &team, Timestamp(2)), Err(FieldCode::NotInThisState));
    it.take(Step::Return { words: "Older than a quarter".to_owned() }, Side::Auditor, &auditor, Timestamp(2)).unwrap();
    assert_eq!((it.state(), it.state().turn()), (State::Returned, Some(Side::Team)));
    it.take(answer(&[2]), Side::Team, &team, Timestamp(3)).unwrap();
    it.take(Step::Accept, Side::Auditor, &auditor, Timestamp(4)).unwrap();
    assert_eq!((it.state(), it.items()), (State::Accepted, [EvidenceKey(2)].into()));
    assert_eq!(it.take(answer(&[3]), Side::Team, &team, Timestamp(5)), Err(FieldCode::NotInThisState));
    it.key = RequestKey(7);
    let text = serde_json::to_string(&it).unwrap();
    assert_eq!(serde_json::from_str::<Request>(&text).unwrap(), it);
}

#[test]
fn it_is_late_as_long_as_the_team_owes_an_answer() {
    let mut it = request();
    assert!(!it.is_late(day("2026-12-01")) && it.is_late(day("2026-12-02")));
    let step = Step::Assign { owner: Some("lead".into()), due: Some(day("2026-12-10")) };
    it.take(step, Side::Team, &"lead".into(), Timestamp(1)).unwrap();
    assert!(!it.is_late(day("2026-12-02")) && it.owner() == Some(&PersonId::new("lead")));
    it.take(answer(&[1]), Side::Team, &"lead".into(), Timestamp(2)).unwrap();
    assert!(!it.is_late(day("2027-01-01")));
}

#[test]
fn forms_tell_what_is_wrong() {
    let model = Model::default();
    let around = Around {
        model: &model,
        is_requirement: &|_| true,
        is_review: &|_| false,
        today: day("2026-11-21"),
        now: Timestamp(0),
    };
    let form = |pairs: &[(&str, &str)]| -> Vec<(String, String)> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    };
    let asked = form(&[("text", "Show it"), ("requirement", "11.3.2"), ("due", "2026-11-21")]);
    assert_eq!(question_from_form(&asked, around).unwrap().requirement, RequirementKey::pci("11.3.2"));
    let wrong = form(&[("text", ""), ("requirement", "99"), ("due", "2026-11-20"), ("owner", "nobody")]);
    let fields: Vec<String> = question_from_form(&wrong, around).unwrap_err().into_iter().map(|it| it.field).collect();
    assert_eq!(fields, ["text", "requirement", "due", "owner"]);
    let step = |pairs: &[(&str, &str)]| step_from_form(&form(pairs), around, |key| key == EvidenceKey(1));
    assert!(matches!(step(&[("step", "answer"), ("item", "EV-0001")]), Ok(Step::Answer { .. })));
    assert_eq!(step(&[("step", "answer")]), Err(Problem::field("words", FieldCode::Missing)));
    let unknown = step(&[("step", "answer"), ("words", "x"), ("item", "EV-0002")]);
    assert_eq!(unknown, Err(Problem::field("item", FieldCode::NoSuchObject)));
    assert_eq!(step(&[("step", "say"), ("words", "")]), Err(Problem::field("words", FieldCode::Missing)));
    assert_eq!(step(&[("step", "pay")]), Err(Problem::field("step", FieldCode::NotInList)));
}
