//! What people answered to the questions of rules: kept as a fact of the object that is asked about.
//!
//! A fact travels with the model file, is undone like any other change, and touches its object, so that the rules look at
//! it again. An answer counts until its last day is over, or until the facts beside the question change.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::finding::{Finding, Identity};
use crate::model::Model;
use crate::model::card_number::looks_like_card_number;
use crate::model::fact::{Fact, Facts};
use crate::model::object::{Object, ObjectRef};
use crate::problem::{FieldCode, FieldError, Problem};
use crate::time::{Day, Timestamp};

/// The attribute that holds them.
pub const ATTRIBUTE: &str = "answers";

/// The longest description of the evidence, in characters.
pub const EVIDENCE_MAX: u32 = 1000;

/// What people answered to the questions of rules.
pub type Answers = BTreeMap<Identity, Answer>;

/// The answer to the question of a rule on an object.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// The evidence shows what the rule asks for. Where it does not, the question becomes a finding.
    pub satisfied: bool,
    /// The last day on which the answer counts; `None` is until the facts change.
    #[serde(default, rename = "until", skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<Day>,
    /// What the evidence is, and where it lies.
    #[serde(default)]
    pub evidence: String,
    /// The hash of the facts beside the question; without one it counts whatever they are.
    #[serde(default, rename = "facts_sha256", skip_serializing_if = "Option::is_none")]
    pub facts: Option<String>,
}

/// An answer as the fact has it, with the question that it is for.
#[derive(Serialize, Deserialize)]
struct Kept {
    rule: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    discriminator: String,
    #[serde(flatten)]
    answer: Answer,
}

impl Answer {
    /// An answer as a form states it, to a question as the rules ask it now.
    ///
    /// # Errors
    /// `Invalid` with the fields `answer`, `evidence` and `valid_until`.
    pub fn parse(question: &Finding, form: &[(String, String)], today: Day) -> Result<Self, Problem> {
        let value = |name: &str| form.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.trim());
        let mut errors = Vec::new();
        let satisfied = match value("answer") {
            "yes" => true,
            "no" => false,
            _ => {
                errors.push(FieldError::new("answer", FieldCode::NotInList));
                false
            }
        };
        let evidence = value("evidence");
        let wrong = if evidence.is_empty() {
            Some(FieldCode::Missing)
        } else if evidence.chars().count() > EVIDENCE_MAX as usize {
            Some(FieldCode::TooLong(EVIDENCE_MAX))
        } else if looks_like_card_number(evidence) {
            Some(FieldCode::CardNumber)
        } else if evidence.contains('\0') {
            Some(FieldCode::ControlCharacter)
        } else {
            None
        };
        errors.extend(wrong.map(|code| FieldError::new("evidence", code)));
        let valid_until = match value("valid_until") {
            "" => None,
            typed => match typed.parse::<Day>() {
                Ok(day) if day >= today => Some(day),
                Ok(_) => {
                    errors.push(FieldError::new("valid_until", FieldCode::EndsBeforeItBegins));
                    None
                }
                Err(_) => {
                    errors.push(FieldError::new("valid_until", FieldCode::NotADay));
                    None
                }
            },
        };
        if !errors.is_empty() {
            return Err(Problem::Invalid(errors));
        }
        Ok(Self { satisfied, valid_until, evidence: evidence.to_owned(), facts: Some(question.facts_hash()) })
    }

    /// Whether it counts for the question now; with the instant from which on it no longer does.
    pub(super) fn counts(&self, question: &Finding, now: Timestamp) -> Option<Option<Timestamp>> {
        let end = self.valid_until.map(|last| last.plus_days(1).start());
        let in_time = end.is_none_or(|end| now < end);
        let of_these = self.facts.as_ref().is_none_or(|facts| *facts == question.facts_hash());
        (in_time && of_these).then_some(end)
    }
}

/// Every answer of a model. What cannot be read is none.
#[must_use]
pub fn answers_of(model: &Model) -> Answers {
    let mut answers = Answers::new();
    let mut add = |subject: &dyn Fn() -> ObjectRef, facts: &Facts| {
        for Kept { rule, discriminator, answer } in kept(facts) {
            answers.insert(Identity { rule, subject: subject(), discriminator }, answer);
        }
    };
    add(&|| ObjectRef::Settings, &model.settings.facts);
    model.people.values().for_each(|it| add(&|| ObjectRef::Person(it.id.clone()), &it.facts));
    model.vendors.values().for_each(|it| add(&|| ObjectRef::Vendor(it.id.clone()), &it.facts));
    model.segments.values().for_each(|it| add(&|| ObjectRef::Segment(it.id.clone()), &it.facts));
    model.controls.values().for_each(|it| add(&|| ObjectRef::Control(it.id.clone()), &it.facts));
    model.links.values().for_each(|it| add(&|| ObjectRef::Link(it.key.clone()), &it.facts));
    model.keys.values().for_each(|it| add(&|| ObjectRef::Key(it.id.clone()), &it.facts));
    model.systems.values().for_each(|it| add(&|| ObjectRef::System(it.id.clone()), &it.facts));
    model.credentials.values().for_each(|it| add(&|| ObjectRef::Credential(it.id.clone()), &it.facts));
    model.flows.values().for_each(|it| add(&|| ObjectRef::Flow(it.id.clone()), &it.facts));
    model.records.values().for_each(|it| add(&|| ObjectRef::Record(it.key.clone()), &it.facts));
    answers
}

/// Adds the answers on one object of a model, where it is there.
pub(super) fn answers_on(model: &Model, object: &ObjectRef, to: &mut Answers) {
    let known = model.get(object);
    let facts = known.iter().filter_map(Object::facts);
    to.extend(facts.flat_map(kept).map(|Kept { rule, discriminator, answer }| {
        (Identity { rule, subject: object.clone(), discriminator }, answer)
    }));
}

/// The object with an answer to a question about it, or without the one that it has. `None` where it carries no facts.
#[must_use]
pub fn with_answer(mut object: Object, question: &Identity, answer: Option<&Answer>) -> Option<Object> {
    let facts = object.facts_mut()?;
    let same = |it: &Kept| it.rule == question.rule && it.discriminator == question.discriminator;
    let mut all: Vec<Kept> = kept(facts).filter(|it| !same(it)).collect();
    all.extend(answer.map(|answer| Kept {
        rule: question.rule.clone(),
        discriminator: question.discriminator.clone(),
        answer: answer.clone(),
    }));
    all.sort_by(|one, other| (&one.rule, &one.discriminator).cmp(&(&other.rule, &other.discriminator)));
    if all.is_empty() {
        facts.remove(ATTRIBUTE);
    } else {
        let value = serde_json::to_value(&all).expect("texts, days and yes or no always have a form in JSON");
        facts.insert(ATTRIBUTE.to_owned(), Fact::of(value));
    }
    Some(object)
}

fn kept(facts: &Facts) -> impl Iterator<Item = Kept> + '_ {
    let list = facts.get(ATTRIBUTE).and_then(|fact| fact.value.as_array());
    list.into_iter().flatten().filter_map(|it: &Value| Kept::deserialize(it).ok())
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::findings::evaluate;
    use crate::findings::finding::Findings;
    use crate::findings::tests::model;
    use crate::scope::compute;

    const SHOP: &str = r#""systems":[{"id":"db","name":"Database","holdings":[{"element":"pan","ops":["store"]}]}]"#;

    fn run(model: &Model, now: Timestamp) -> Findings {
        evaluate(model, &compute(model), &answers_of(model), now)
    }

    fn asked(findings: &Findings) -> Option<&Finding> {
        findings.questions.iter().find(|it| it.rule == "F-IR-PLAN")
    }

    fn form(answer: &str, until: &str) -> Vec<(String, String)> {
        [("answer", answer), ("evidence", "EV-0007, signed in May"), ("valid_until", until)]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .to_vec()
    }

    fn answered(answer: &str, until: &str) -> Model {
        let mut model = model(SHOP);
        let today = model.settings.as_of;
        let question = asked(&run(&model, today.start())).unwrap().clone();
        let answer = Answer::parse(&question, &form(answer, until), today).unwrap();
        let object = model.get(&question.subject).unwrap();
        model.put(with_answer(object, &question.identity(), Some(&answer)).unwrap());
        model
    }

    #[test]
    fn a_yes_ends_the_question_and_a_no_makes_a_finding_of_it() {
        let yes = answered("yes", "");
        let now = yes.settings.as_of.start();
        assert!(asked(&run(&yes, now)).is_none() && !run(&yes, now).findings.iter().any(|it| it.rule == "F-IR-PLAN"));
        let no = answered("no", "");
        assert!(asked(&run(&no, now)).is_none() && run(&no, now).findings.iter().any(|it| it.rule == "F-IR-PLAN"));
    }

    #[test]
    fn an_answer_ends_with_its_day_and_with_the_facts_that_it_was_given_for() {
        let until = model(SHOP).settings.as_of.plus_days(10);
        let yes = answered("yes", &until.to_string());
        assert!(asked(&run(&yes, until.start())).is_none());
        assert_eq!(run(&yes, until.start()).next_change, Some(until.plus_days(1).start()));
        assert!(asked(&run(&yes, until.plus_days(1).start())).is_some());
        let mut answers = answers_of(&yes);
        answers.values_mut().for_each(|it| it.facts = Some("of something else".to_owned()));
        let found = evaluate(&yes, &compute(&yes), &answers, until.start());
        assert!(asked(&found).is_some());
    }

    #[test]
    fn an_answer_taken_back_leaves_nothing() {
        let yes = answered("yes", "");
        let (question, _) = answers_of(&yes).into_iter().next().unwrap();
        let object = with_answer(yes.get(&question.subject).unwrap(), &question, None).unwrap();
        assert!(!object.facts().unwrap().contains_key(ATTRIBUTE));
    }

    #[test]
    fn an_answer_says_what_the_evidence_is() {
        let model = model(SHOP);
        let today = model.settings.as_of;
        let found = run(&model, today.start());
        let question = asked(&found).unwrap();
        let errors = |pairs: &[(&str, &str)]| {
            let form: Vec<_> = pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
            Answer::parse(question, &form, today).unwrap_err()
        };
        let missing = errors(&[("answer", "perhaps")]);
        let both =
            vec![FieldError::new("answer", FieldCode::NotInList), FieldError::new("evidence", FieldCode::Missing)];
        assert_eq!(missing, Problem::Invalid(both));
        let number = errors(&[("answer", "yes"), ("evidence", "4111 1111 1111 1111")]);
        assert_eq!(number, Problem::field("evidence", FieldCode::CardNumber));
        let over = errors(&[("answer", "yes"), ("evidence", "EV-1"), ("valid_until", "2020-01-01")]);
        assert_eq!(over, Problem::field("valid_until", FieldCode::EndsBeforeItBegins));
    }
}
