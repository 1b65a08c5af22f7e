//! The seven elements that the confirmation of the scope answers (PCI DSS 12.5.2), each with what the model says.

use std::collections::BTreeMap;

use crate::findings::said;
use crate::model::Model;
use crate::model::draft::Form;
use crate::model::object::{ObjectKind, ObjectRef};
use crate::model::relations::Boundary;
use crate::problem::{FieldCode, FieldError, Problem};
use crate::schedule::late::wrong;
use crate::scope::Scope;
use crate::scope::reliance::untried;
use crate::scope::verdict::{Category, Sub};
use crate::text::text_enum;
use crate::time::Day;

use super::board::Cell;
use super::session::Command;

text_enum! {
    /// An element of the confirmation of the scope, in our words.
    Element {
        Flows = "flows": "Data flows of every payment stage and channel",
        Diagrams = "diagrams": "Diagrams of the data flows",
        Locations = "locations": "Places where account data is",
        Components = "components": "Systems in the CDE, connected to it, or able to affect it",
        Segmentation = "segmentation": "Segmentation, and why what is outside is outside",
        ThirdParties = "third_parties": "Connections from third parties",
        Completeness = "completeness": "Everything found is in scope",
    }
}

impl Element {
    /// What a person is asked.
    #[must_use]
    pub const fn question(self) -> &'static str {
        match self {
            Self::Flows => "Is every flow of account data known, for each payment stage and channel?",
            Self::Diagrams => "Do the diagrams show the flows as they are today?",
            Self::Locations => {
                "Is every place known where account data is stored, processed or sent, with backups and places outside the CDE?"
            }
            Self::Components => {
                "Is every system known that is in the CDE, connected to it, or could affect its security?"
            }
            Self::Segmentation => {
                "Is every control known that keeps systems out of scope, and is there a reason for each environment outside?"
            }
            Self::ThirdParties => "Is every connection from third parties with access to the CDE known?",
            Self::Completeness => "Is everything that was found included in the scope?",
        }
    }
}

/// What the model says of an element.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prefilled {
    /// The element.
    pub element: Element,
    /// What the model says, in sentences.
    pub sentences: Vec<String>,
    /// The facts that they rest on, to look at.
    pub facts: Vec<ObjectRef>,
    /// What speaks against a yes.
    pub gaps: Vec<String>,
}

impl Prefilled {
    /// What the model says and what speaks against a yes, in words: an answer begins with them, and keeps them.
    #[must_use]
    pub fn words(&self) -> String {
        self.sentences.iter().chain(&self.gaps).map(String::as_str).collect::<Vec<_>>().join(" ")
    }
}

/// What the model says of the elements that it alone decides, in words: an answer is bound to it. How far the review is,
/// and when the map was approved, is said by the review, and moves while people answer.
#[must_use]
pub fn said_by_model(sources: &Sources<'_>) -> BTreeMap<Element, String> {
    let of_model = |it: &Prefilled| !matches!(it.element, Element::Diagrams | Element::Completeness);
    prefilled(sources).into_iter().filter(of_model).map(|it| (it.element, it.words())).collect()
}

/// Reads the answer to an element: `element`, `confirmed` (`yes` or `no`) and `words`. What the model says at that moment
/// is kept beside it.
///
/// # Errors
/// `Invalid` with the fields that are wrong.
pub fn answer_from_form(form: &Form, prefilled: &[Prefilled]) -> Result<Command, Problem> {
    let value = |name: &str| form.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.trim());
    let mut errors = Vec::new();
    let mut wrong_at =
        |name: &str, code: Option<FieldCode>| errors.extend(code.map(|code| FieldError::new(name, code)));
    let about =
        value("element").parse::<Element>().ok().and_then(|it| prefilled.iter().find(|said| said.element == it));
    wrong_at("element", about.is_none().then_some(FieldCode::NotInList));
    let confirmed = match value("confirmed") {
        "yes" => true,
        "no" => false,
        _ => {
            wrong_at("confirmed", Some(FieldCode::NotInList));
            false
        }
    };
    wrong_at("words", wrong(value("words")));
    match about {
        Some(said) if errors.is_empty() => Ok(Command::AnswerElement {
            element: said.element,
            confirmed,
            words: value("words").replace("\r\n", "\n"),
            model_said: said.words(),
        }),
        _ => Err(Problem::Invalid(errors)),
    }
}

/// What a review knows beside the model.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Beside {
    /// The day on which the diagrams were approved last, where anybody did.
    pub diagrams_approved: Option<Day>,
    /// How many items changed since then.
    pub changed_since: usize,
    /// How many items of the review were looked at, of how many.
    pub looked_at: (usize, usize),
}

/// What the answers are prefilled from.
#[derive(Clone, Copy)]
pub struct Sources<'a> {
    /// The model as of today.
    pub model: &'a Model,
    /// Its scope.
    pub scope: &'a Scope,
    /// The stages and channels.
    pub board: &'a [Cell],
    /// What is no part of the model.
    pub beside: Beside,
}

/// What the model says of each element, in their order.
#[must_use]
pub fn prefilled(sources: &Sources<'_>) -> Vec<Prefilled> {
    let of = |element: &Element| match element {
        Element::Flows => flows(sources),
        Element::Diagrams => diagrams(sources),
        Element::Locations => locations(sources),
        Element::Components => components(sources),
        Element::Segmentation => segmentation(sources),
        Element::ThirdParties => third_parties(sources),
        Element::Completeness => completeness(sources),
    };
    Element::ALL.iter().map(of).collect()
}

fn new(element: Element) -> Prefilled {
    Prefilled { element, sentences: Vec::new(), facts: Vec::new(), gaps: Vec::new() }
}

fn flows(sources: &Sources<'_>) -> Prefilled {
    let mut it = new(Element::Flows);
    let carrying = sources.model.flows.values().filter(|flow| flow.fields.iter().any(|it| it.is_account_data()));
    it.facts = carrying.map(|flow| ObjectRef::Flow(flow.id.clone())).collect();
    it.sentences.push(format!("Flows with account data: {}.", it.facts.len()));
    let filled = sources.board.iter().filter(|cell| !cell.flows.is_empty()).count();
    let explained = sources.board.iter().filter(|cell| cell.flows.is_empty() && cell.explanation.is_some()).count();
    it.sentences.push(format!(
        "Stages of payment channels: {}; with flows: {filled}; with a reason why not: {explained}.",
        sources.board.len()
    ));
    for cell in sources.board.iter().filter(|cell| cell.is_open()) {
        it.gaps.push(format!("{} of {} has neither a flow nor a reason.", cell.stage.label(), cell.channel.label()));
    }
    if sources.board.is_empty() {
        it.gaps.push("No payment channel is named, neither by the entity nor by a flow.".to_owned());
    }
    it
}

fn diagrams(sources: &Sources<'_>) -> Prefilled {
    let mut it = new(Element::Diagrams);
    it.sentences.push("The map is drawn from the model, so it shows what is entered.".to_owned());
    let Some(approved) = sources.beside.diagrams_approved else {
        it.gaps.push("Nobody has approved the map yet.".to_owned());
        return it;
    };
    it.sentences.push(format!("It was approved last on {approved}."));
    match sources.beside.changed_since {
        0 => it.sentences.push("Nothing of this review changed since.".to_owned()),
        number => it.gaps.push(format!("Items that changed after that: {number}.")),
    }
    it
}

fn locations(sources: &Sources<'_>) -> Prefilled {
    let mut it = new(Element::Locations);
    let own = sources.model.systems.values().filter(|it| it.boundary == Boundary::Own);
    let (mut outside, mut copies) = (0, 0);
    for system in own {
        if system.holdings.iter().any(|it| it.is_account_data()) {
            it.facts.push(ObjectRef::System(system.id.clone()));
            let verdict = sources.scope.systems.get(&system.id).map(|it| it.category);
            outside += usize::from(verdict != Some(Category::Cde));
        }
        copies += usize::from(!system.copies.is_empty());
    }
    it.sentences
        .push(format!("Systems of ours that hold account data: {}; outside the CDE: {outside}.", it.facts.len()));
    it.sentences.push(format!("Systems that copy the stores of others, such as backups: {copies}."));
    let unexamined = sources.model.flows.values().filter(|it| it.fields.is_empty()).count();
    if unexamined > 0 {
        it.gaps.push(format!("Flows of which nobody said what goes over the wire: {unexamined}."));
    }
    it
}

fn components(sources: &Sources<'_>) -> Prefilled {
    let mut it = new(Element::Components);
    for category in [Category::Cde, Category::ConnectedTo, Category::SecurityImpacting] {
        let of = sources.scope.systems.iter().filter(|(_, it)| it.category == category);
        let before = it.facts.len();
        it.facts.extend(of.map(|(id, _)| ObjectRef::System(id.clone())));
        it.sentences.push(format!("{}: {}.", category.label(), it.facts.len() - before));
    }
    let open = sources.model.open_ends().count();
    if open > 0 {
        it.gaps.push(format!("Systems that a flow names and nobody declared: {open}."));
    }
    it
}

fn segmentation(sources: &Sources<'_>) -> Prefilled {
    let mut it = new(Element::Segmentation);
    let outside = sources.scope.systems.iter().filter(|(_, it)| it.sub == Some(Sub::Segmented));
    let mut count = 0;
    for (id, _) in outside {
        count += 1;
        for reliance in untried(sources.model, sources.scope, id) {
            if let Some(control) = &reliance.control {
                let control = ObjectRef::Control(control.clone());
                if !it.facts.contains(&control) {
                    it.facts.push(control);
                }
            }
            if !reliance.proven {
                let gap = format!("Nothing proves today what keeps {id} out of scope.");
                if it.gaps.last() != Some(&gap) {
                    it.gaps.push(gap);
                }
            }
        }
    }
    it.facts.sort();
    it.sentences.push(format!("Systems that are out of scope only because something keeps them apart: {count}."));
    it.sentences.push(format!("Verdicts that a person decided: {}.", sources.model.overrides.len()));
    it.facts.extend(sources.model.overrides.keys().cloned().map(ObjectRef::Override));
    it
}

fn third_parties(sources: &Sources<'_>) -> Prefilled {
    let mut it = new(Element::ThirdParties);
    let reaching = sources.scope.systems.iter().filter(|(_, it)| {
        it.category == Category::ThirdParty && matches!(it.sub, Some(Sub::AccountData | Sub::Security | Sub::Access))
    });
    it.facts = reaching.map(|(id, _)| ObjectRef::System(id.clone())).collect();
    it.sentences.push(format!("Systems of third parties with account data, influence or access: {}.", it.facts.len()));
    for vendor in
        sources.model.vendors.values().filter(|it| said::text(&it.facts, "remote_access") == Some("always_on"))
    {
        it.gaps.push(format!("{} has remote access all the time.", vendor.name));
        it.facts.push(ObjectRef::Vendor(vendor.id.clone()));
    }
    let nobody = sources.model.systems.values().filter(|it| it.boundary == Boundary::ThirdParty && it.vendor.is_none());
    for system in nobody {
        it.gaps.push(format!("Nobody said which vendor {} belongs to.", system.name));
    }
    it
}

fn completeness(sources: &Sources<'_>) -> Prefilled {
    let mut it = new(Element::Completeness);
    let (done, all) = sources.beside.looked_at;
    it.sentences.push(format!("Items that were looked at in this review: {done} of {all}."));
    if done < all {
        it.gaps.push(format!("Items that nobody has looked at: {}.", all - done));
    }
    for key in sources.model.records.keys().filter(|it| it.kind == ObjectKind::Observation) {
        it.facts.push(ObjectRef::Record(key.clone()));
    }
    it.sentences.push(format!("Sources of observations that are compared with what is declared: {}.", it.facts.len()));
    it
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::model::reader::read_json;
    use crate::review::board::board;
    use crate::scope::compute;

    fn all() -> Vec<Prefilled> {
        let text = r#"{"systems":[{"id":"shop"},{"id":"vault","holdings":[{"element":"pan","ops":["store"]}]},
            {"id":"psp","boundary":"third_party"}],"vendors":[{"id":"v","name":"Vendor","remote_access":"always_on"}],
            "flows":[{"id":"f","from":"shop","to":"vault","data":[{"element":"pan"}],"payment_channel":["moto"],
                "payment_stage":["authorisation"]},
                {"id":"g","from":"vault","to":"psp","data":[{"element":"pan"}]},{"id":"h","from":"shop","to":"psp"}]}"#;
        let model = read_json(text.as_bytes()).unwrap().0;
        let scope = compute(&model);
        let cells = board(&model, &BTreeSet::new(), &[]);
        let day = |text: &str| text.parse::<Day>().ok();
        prefilled(&Sources {
            model: &model,
            scope: &scope,
            board: &cells,
            beside: Beside { diagrams_approved: day("2026-01-01"), changed_since: 2, looked_at: (2, 3) },
        })
    }

    #[test]
    fn each_of_the_seven_elements_has_what_the_model_says_and_what_speaks_against_a_yes() {
        let all = all();
        assert_eq!(all.len(), 7);
        let gaps: Vec<usize> = all.iter().map(|it| it.gaps.len()).collect();
        assert_eq!(gaps, [5, 1, 1, 0, 0, 2, 1], "{all:#?}");
        for it in &all {
            assert!(!it.sentences.is_empty() && it.element.question().ends_with('?'));
            assert!(it.sentences.iter().chain(&it.gaps).all(|it| it.ends_with('.') && !it.contains("  ")), "{it:?}");
        }
    }

    #[test]
    fn an_answer_keeps_what_the_model_said() {
        let all = all();
        let form = |pairs: &[(&str, &str)]| -> Vec<(String, String)> {
            pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
        };
        let said = form(&[("element", "components"), ("confirmed", "yes"), ("words", " All of them. ")]);
        let Ok(Command::AnswerElement { element, confirmed, words, model_said }) = answer_from_form(&said, &all) else {
            panic!("it is an answer")
        };
        assert_eq!((element, confirmed, words.as_str()), (Element::Components, true, "All of them."));
        assert_eq!(model_said, all[3].words());
        let wrong = answer_from_form(&form(&[("element", "all"), ("words", "4111 1111 1111 1111")]), &all);
        let Err(Problem::Invalid(errors)) = wrong else { panic!("it is none") };
        let fields: Vec<&str> = errors.iter().map(|it| it.field.as_str()).collect();
        assert_eq!(fields, ["element", "confirmed", "words"]);
    }

    #[test]
    fn the_facts_behind_an_answer_can_be_looked_at() {
        let all = all();
        let facts = |place: usize| all[place].facts.iter().map(ObjectRef::key).collect::<Vec<_>>();
        assert_eq!(facts(0), ["f", "g"]);
        assert_eq!(facts(2), ["vault"]);
        assert_eq!(facts(5), ["psp", "v"]);
    }
}
