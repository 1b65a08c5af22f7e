#![expect(clippy::unwrap_used, reason = "tests")]

use std::sync::Arc;

use proptest::prelude::*;

use super::*;
use crate::model::fact::Facts;
use crate::model::object::Object;
use crate::model::party::{PartyKind, Person};
use crate::risk::scheme::{Scheme, factors};

fn model() -> Model {
    let mut model = crate::findings::tests::model(
        r#""systems":[{"id":"db","holdings":[{"element":"pan","ops":["store"]}]},{"id":"shop"}]"#,
    );
    for key in ["lead", "ciso"] {
        let person = Person {
            id: key.into(),
            name: key.to_owned(),
            kind: PartyKind::Person,
            mail: None,
            function: None,
            facts: Facts::new(),
        };
        model.put(Object::Person(Arc::new(person)));
    }
    model
}

fn read(form: &[(&str, &str)], scheme: Scheme) -> Result<Risk, Vec<(String, FieldCode)>> {
    let form: Vec<(String, String)> = form.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
    again(&form, &Risk::new(RiskKey(1)), scheme)
}

fn again(form: &Form, risk: &Risk, scheme: Scheme) -> Result<Risk, Vec<(String, FieldCode)>> {
    let register = Register { scheme, ..Register::default() };
    let model = model();
    let around = Around { model: &model, register: &register, is_finding: &|it| it.rule == "F-PAN-READABLE" };
    risk_from_form(form, risk, around).map_err(|it| it.into_iter().map(|it| (it.field, it.code)).collect())
}

const FULL: [(&str, &str); 24] = [
    ("title", "Card numbers in the store"),
    ("cause", "The store keeps them in clear"),
    ("event", "Somebody reads them"),
    ("consequence", "Fraud"),
    ("category", "confidentiality"),
    ("link", "system:db"),
    ("link", "element:pan"),
    ("link", r#"finding:["F-PAN-READABLE","system","db",""]"#),
    ("owner", "lead"),
    ("inherent_likelihood", "4"),
    ("inherent_impact", "4"),
    ("residual_likelihood", "3"),
    ("residual_impact", "4"),
    ("control.0.what", "File integrity monitoring"),
    ("control.0.effectiveness", "partly"),
    ("treatment", "modify"),
    ("action.0.what", "Encrypt the column"),
    ("action.0.effort", "2.5"),
    ("action.0.due", "2027-01-31"),
    ("action.1.what", "Delete the copies"),
    ("action.1.after", "1"),
    ("action.1.ticket", "https://tickets.shop.example/PAY-1"),
    ("action.7.what", ""),
    ("stage", "open"),
];

#[test]
fn a_risk_survives_the_way_through_the_form() {
    let risk = read(&FULL, Scheme::Nist).unwrap();
    assert_eq!((risk.links.len(), risk.actions.len()), (3, 2));
    for (name, _) in risk_to_form(&risk) {
        let of_row = |(group, field): &(&str, &str)| {
            name.strip_prefix(group).is_some_and(|rest| rest.starts_with('.') && rest.ends_with(&format!(".{field}")))
        };
        let known = FIELDS.contains(&name.as_str()) || is_rating(&name) || ROW_FIELDS.iter().any(of_row);
        assert!(known, "the form knows its field {name}");
    }
    assert_eq!(risk.actions[1].after, [1].into());
    assert_eq!(again(&risk_to_form(&risk), &risk, Scheme::Nist), Ok(risk.clone()));
    assert_eq!(again(&risk_to_form(&risk), &Risk::new(RiskKey(1)), Scheme::Nist), Ok(risk));
}

#[test]
fn everything_that_is_wrong_is_said_at_once() {
    let errors = read(
        &[
            ("title", ""),
            ("category", "weather"),
            ("link", "system:moon"),
            ("owner", "nobody"),
            ("inherent_likelihood", "9"),
            ("inherent_impact", ""),
            ("treatment", "hope"),
            ("action.0.what", "Do"),
            ("action.0.effort", "soon"),
            ("action.0.money", "much"),
            ("action.0.ticket", "javascript:alert(1)"),
            ("action.0.after", "4"),
            ("next_review", "tomorrow"),
            ("cause", "4111 1111 1111 1111"),
        ],
        Scheme::Nist,
    );
    let errors = errors.unwrap_err();
    let codes: Vec<FieldCode> = errors.iter().map(|(_, code)| *code).collect();
    use FieldCode as C;
    let expected = [
        C::Missing,
        C::NotInList,
        C::NoSuchObject,
        C::NoSuchObject,
        C::NotInList,
        C::Missing,
        C::NotInList,
        C::NotPersonDays,
        C::NotMoney,
        C::NotATicket,
        C::NoSuchObject,
        C::NotADay,
        C::CardNumber,
    ];
    assert_eq!(codes, expected, "{errors:?}");
}

#[test]
fn a_draft_may_be_incomplete_and_an_open_risk_may_not() {
    assert!(read(&[("title", "Something")], Scheme::Nist).is_ok());
    let errors = read(&[("title", "Something"), ("stage", "closed")], Scheme::Nist).unwrap_err();
    let names: Vec<&str> = errors.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["event", "category", "owner", "inherent_likelihood", "closing_evidence"]);
}

#[test]
fn above_the_appetite_a_treatment_is_needed() {
    let without: Vec<_> = FULL.into_iter().filter(|(name, _)| *name != "treatment").collect();
    assert_eq!(read(&without, Scheme::Nist).unwrap_err(), [("treatment".to_owned(), FieldCode::Missing)]);
}

#[test]
fn a_rating_above_the_one_before_needs_a_reason() {
    let mut worse: Vec<_> = FULL.to_vec();
    worse.extend([("target_likelihood", "5"), ("target_impact", "5")]);
    let errors = read(&worse, Scheme::Nist).unwrap_err();
    assert_eq!(errors, [("target_impact".to_owned(), FieldCode::AboveTheOneBefore)]);
    worse.push(("order_reason", "The old shop runs until the new one is there"));
    assert!(read(&worse, Scheme::Nist).is_ok());
}

#[test]
fn actions_that_wait_for_each_other_are_refused() {
    let form = [
        ("title", "x"),
        ("action.0.what", "a"),
        ("action.0.after", "2"),
        ("action.1.what", "b"),
        ("action.1.after", "1"),
    ];
    let errors = read(&form, Scheme::Nist).unwrap_err();
    assert!(errors.iter().all(|(_, code)| *code == FieldCode::WaitsForItself), "{errors:?}");
}

#[test]
fn factors_are_given_all_or_none() {
    let mut form = vec![("title".to_owned(), "x".to_owned())];
    for (side, list) in [("likelihood", factors::LIKELIHOOD), ("impact", factors::IMPACT)] {
        form.extend(list.iter().map(|(name, _)| (format!("inherent_{side}_{name}"), "7".to_owned())));
    }
    let risk = again(&form, &Risk::new(RiskKey(1)), Scheme::Owasp).unwrap();
    assert_eq!(risk.inherent.map(|it| it.likelihood().number()), Some(3));
    assert_eq!(again(&risk_to_form(&risk), &risk, Scheme::Owasp), Ok(risk));
    form[1].1 = String::new();
    let errors = again(&form, &Risk::new(RiskKey(1)), Scheme::Owasp).unwrap_err();
    assert_eq!(errors, [("inherent_likelihood_skill".to_owned(), FieldCode::Missing)]);
}

#[test]
fn several_findings_become_one_risk() {
    let model = model();
    let found = crate::findings::tests::found(&model);
    let of_db: Vec<_> = found.findings.iter().filter(|it| it.subject.key() == "db").take(2).collect();
    assert_eq!(of_db.len(), 2);
    let risk = from_findings(RiskKey(3), &of_db);
    assert!(risk.title.ends_with("and 1 more"), "{}", risk.title);
    assert_eq!(risk.findings().count(), 2);
    assert_eq!(risk.objects().count(), 1);
}

proptest! {
    #[test]
    fn whatever_is_posted_is_a_risk_or_errors_and_a_risk_comes_back(
        form in proptest::collection::vec((
            proptest::sample::select(vec!["title", "event", "link", "owner", "stage", "category", "inherent_likelihood",
                "inherent_impact", "residual_likelihood", "residual_impact", "control.0.what", "action.0.what",
                "action.0.after", "action.0.effort", "action.3.what", "action.3.after", "closing_evidence"]),
            "([1-5]|open|lead|system:db|element:pan|fraud|a;b| |[ -~]{0,12})",
        ), 0..20),
    ) {
        let form: Vec<(String, String)> = form.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        if let Ok(risk) = again(&form, &Risk::new(RiskKey(1)), Scheme::Nist) {
            let back = again(&risk_to_form(&risk), &risk, Scheme::Nist);
            prop_assert_eq!(back, Ok(risk));
        }
    }
}
