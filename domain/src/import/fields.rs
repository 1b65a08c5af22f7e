//! The fields of a flow after an import: what the file lists, what people said, and what is stored already.

use std::collections::BTreeMap;

use super::choices::{Choice, Choices};
use super::rows::{FieldItem, FlowRow};
use crate::id::ElementId;
use crate::model::catalogue::normalise;
use crate::model::element::{Form, Holding, Op};
use crate::model::fact::Fact;
use crate::model::flow::{Flow, WireName};

/// The fact that holds a field's name on the wire.
pub const FIELD_NAME: &str = "field_name";

/// Per name on the wire: on how many flows it still needs an answer, and the answer that is stored elsewhere.
pub(super) type Answers = BTreeMap<String, Answered>;

/// What is known about a name on the wire from the flows that have it.
#[derive(Debug, Default)]
pub(super) struct Answered {
    pub open: usize,
    pub stored: Option<Choice>,
}

/// Adds what the row lists to a flow. A name that has an answer on this flow keeps it, and nothing is taken away.
pub(super) fn apply(flow: &mut Flow, row: &FlowRow, choices: &Choices, answers: &mut Answers) {
    for item in row.items() {
        match stored(flow, item) {
            Some(choice) => {
                if !item.is_stated() {
                    answers.entry(item.name.clone()).or_default().stored.get_or_insert(choice);
                }
            }
            None if item.is_stated() => {
                let (element, form) = normalise(&item.name, item.form);
                flow.fields.push(field(ElementId::new(element), form, None));
            }
            None => {
                answers.entry(item.name.clone()).or_default().open += 1;
                let choice = choices.names.get(&item.name).unwrap_or(&Choice::Unrecognised);
                answer(flow, &item.name, choice);
            }
        }
    }
}

/// The answer that the flow has for an item already: the element it is mapped to, or that it is no payment data.
fn stored(flow: &Flow, item: &FieldItem) -> Option<Choice> {
    let mapped = |field: &&Holding| match field.facts.get(FIELD_NAME).and_then(Fact::text) {
        Some(name) => name == item.name,
        None if item.is_stated() => {
            let (element, form) = normalise(&item.name, item.form);
            field.element.as_str() == element && field.form == form
        }
        None => field.element.as_str() == item.name,
    };
    if let Some(field) = flow.fields.iter().find(mapped) {
        return Some(Choice::Element(field.element.clone(), field.form));
    }
    let dismissed = flow.wire_names.iter().any(|it| it.name == item.name && it.dismissed);
    dismissed.then_some(Choice::NotPaymentData)
}

fn answer(flow: &mut Flow, name: &str, choice: &Choice) {
    let waiting = flow.wire_names.iter().position(|it| it.name == name);
    match choice {
        Choice::Element(element, form) => {
            if let Some(at) = waiting {
                flow.wire_names.remove(at);
            }
            flow.fields.push(field(element.clone(), *form, Some(name)));
        }
        Choice::NotPaymentData | Choice::Unrecognised => {
            let dismissed = *choice == Choice::NotPaymentData;
            match waiting {
                Some(at) => flow.wire_names[at].dismissed |= dismissed,
                None => flow.wire_names.push(WireName { name: name.to_owned(), dismissed }),
            }
        }
    }
}

fn field(element: ElementId, form: Form, name: Option<&str>) -> Holding {
    let mut field = Holding::new(element, form, &[Op::Transmit]);
    if let Some(name) = name {
        field.facts.insert(FIELD_NAME.to_owned(), Fact::of(name.into()));
    }
    field
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(items: &[&str]) -> FlowRow {
        let mut row = FlowRow::new(2);
        row.fields = Some(items.iter().map(|it| FieldItem::of(it)).collect());
        row
    }

    fn choices(names: &[(&str, Choice)]) -> Choices {
        Choices {
            names: names.iter().map(|(name, choice)| ((*name).to_owned(), choice.clone())).collect(),
            ..Choices::default()
        }
    }

    fn applied(flow: &Flow, items: &[&str], said: &Choices) -> Flow {
        let mut flow = flow.clone();
        apply(&mut flow, &row(items), said, &mut Answers::new());
        flow
    }

    fn expiry() -> Choice {
        Choice::Element("expiry".into(), Form::Clear)
    }

    #[test]
    fn two_names_of_one_element_become_two_fields() {
        let flow = Flow::new("f".into(), "a".into(), "b".into());
        let said = choices(&[("exp_month", expiry()), ("exp_year", expiry())]);
        let flow = applied(&flow, &["exp_month", "exp_year"], &said);
        let names: Vec<_> = flow.fields.iter().filter_map(|it| it.facts[FIELD_NAME].text()).collect();
        assert_eq!(names, ["exp_month", "exp_year"]);
        assert_eq!(applied(&flow, &["exp_month", "exp_year"], &said), flow);
    }

    #[test]
    fn a_stored_answer_is_kept_whatever_is_said_later() {
        let flow = Flow::new("f".into(), "a".into(), "b".into());
        let flow = applied(&flow, &["code", "cc"], &choices(&[("code", Choice::NotPaymentData), ("cc", expiry())]));
        let later = choices(&[("code", expiry()), ("cc", Choice::NotPaymentData)]);
        assert_eq!(applied(&flow, &["code", "cc"], &later), flow);
        assert_eq!(applied(&flow, &[], &later), flow);
    }

    #[test]
    fn an_unrecognised_name_waits_until_somebody_says_what_it_is() {
        let flow = Flow::new("f".into(), "a".into(), "b".into());
        let flow = applied(&flow, &["x"], &Choices::default());
        assert_eq!(flow.wire_names, [WireName { name: "x".to_owned(), dismissed: false }]);
        let flow = applied(&flow, &["x"], &choices(&[("x", expiry())]));
        assert_eq!((flow.wire_names.len(), flow.fields.len()), (0, 1));
    }

    #[test]
    fn a_field_that_the_file_states_needs_no_answer() {
        let flow = Flow::new("f".into(), "a".into(), "b".into());
        let flow = applied(&flow, &["pan:truncated", "pan_truncated:truncated"], &Choices::default());
        assert_eq!((flow.fields.len(), flow.fields[0].form), (1, Form::Truncated));
        assert_eq!(applied(&flow, &["pan:truncated"], &Choices::default()), flow);
    }
}
