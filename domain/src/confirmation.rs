//! Whether both ends of a flow say the same about what it carries: who sends and who receives, each in their own words.
//!
//! Confirmations are a fact of the flow, so they travel with the model file and are undone like any other change. The
//! latest answer of an end is the one that counts. An end that names fields says what goes over the wire as it knows it;
//! where that is not what the other end says, somebody is wrong, and a finding says so.

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::findings::said;
use crate::id::{AccountId, ElementId, PersonId, SystemId};
use crate::model::Model;
use crate::model::draft::Form;
use crate::model::element::Form as ElementForm;
use crate::model::fact::Fact;
use crate::model::flow::Flow;
use crate::model::relations::Lifecycle;
use crate::problem::{FieldCode, Problem};
use crate::text::text_enum;
use crate::time::Timestamp;

/// The attribute of a flow that holds them.
pub const ATTRIBUTE: &str = "confirmations";
/// The most fields that an answer names.
pub const FIELDS_MAX: usize = 200;
/// The most answers that a flow keeps; the oldest go first.
pub const KEPT: usize = 50;

text_enum! {
    /// An end of a flow.
    End {
        Source = "source": "Sends",
        Target = "target": "Receives",
    }
}

text_enum! {
    /// What an end says of a flow.
    Reply {
        Agrees = "agrees": "As it is entered",
        Differs = "differs": "Something else",
        Unsure = "unsure": "Does not know",
    }
}

/// What goes over the wire: an element in a form.
pub type Carried = (ElementId, ElementForm);

/// The systems at the ends of a flow: which sends, and which receives.
pub type Ends = (SystemId, SystemId);

/// One answer of one end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Confirmation {
    /// Which end.
    pub end: End,
    /// Who answered.
    pub person: PersonId,
    /// What they said.
    pub answer: Reply,
    /// When.
    pub at: Timestamp,
    /// What goes over the wire, where they said something else than is entered.
    pub fields: BTreeSet<Carried>,
    /// What was entered when they agreed; absent in answers of old, which agree with whatever is entered.
    pub agreed_to: Option<BTreeSet<Carried>>,
    /// Between which systems the flow went when they answered; absent in answers of old, which hold whatever it joins.
    pub between: Option<Ends>,
    /// With which account they answered; absent in answers of old and in those that a file brought along.
    pub account: Option<AccountId>,
}

/// What both ends say, side by side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SideBySide {
    /// What is entered.
    pub entered: BTreeSet<Carried>,
    /// Between which systems the flow goes.
    pub between: Ends,
    /// The latest answer of each end.
    pub answers: BTreeMap<End, Confirmation>,
}

/// What one end says of one field, beside what is entered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The field.
    pub carried: Carried,
    /// It is entered.
    pub entered: bool,
    /// Whether the sender says that it goes over the wire; `None` where they did not answer or do not know.
    pub source: Option<bool>,
    /// Whether the receiver says so.
    pub target: Option<bool>,
}

/// What is entered of a flow.
#[must_use]
pub fn entered(flow: &Flow) -> BTreeSet<Carried> {
    flow.fields.iter().map(|it| (it.element.clone(), it.form)).collect()
}

/// Every answer that is kept, in the order in which they are kept. What is none is left out.
#[must_use]
pub fn confirmations(flow: &Flow) -> Vec<Confirmation> {
    said::items(&flow.facts, ATTRIBUTE).filter_map(read).collect()
}

/// What both ends say of a flow.
#[must_use]
pub fn side_by_side(flow: &Flow) -> SideBySide {
    let mut answers: BTreeMap<End, Confirmation> = BTreeMap::new();
    for it in confirmations(flow) {
        if answers.get(&it.end).is_none_or(|before| before.at <= it.at) {
            answers.insert(it.end, it);
        }
    }
    SideBySide { entered: entered(flow), between: (flow.from.clone(), flow.to.clone()), answers }
}

impl SideBySide {
    /// What an end says goes over the wire; `None` where it did not answer, does not know, named nothing, or answered
    /// about what is no longer entered.
    #[must_use]
    pub fn says(&self, end: End) -> Option<&BTreeSet<Carried>> {
        let it = self.answers.get(&end)?;
        match it.answer {
            Reply::Agrees if !self.fell_off(end) => Some(&self.entered),
            Reply::Differs if !it.fields.is_empty() && !self.fell_off(end) => Some(&it.fields),
            Reply::Agrees | Reply::Differs | Reply::Unsure => None,
        }
    }

    /// Whether an end agreed with something that was changed since, or answered about a flow between other systems: it is
    /// asked again.
    #[must_use]
    pub fn fell_off(&self, end: End) -> bool {
        self.answers.get(&end).is_some_and(|it| {
            it.between.as_ref().is_some_and(|then| *then != self.between)
                || (it.answer == Reply::Agrees && it.agreed_to.as_ref().is_some_and(|then| *then != self.entered))
        })
    }

    /// When an end said last that it is as it is entered now; `None` where it does not.
    #[must_use]
    pub fn agreed_at(&self, end: End) -> Option<Timestamp> {
        let it = self.answers.get(&end)?;
        (self.says(end) == Some(&self.entered)).then_some(it.at)
    }

    /// Whether the two ends contradict each other: both say what goes over the wire, and not the same; or one says that
    /// the entry is wrong and the other that it is right.
    #[must_use]
    pub fn disagree(&self) -> bool {
        let answer = |end| self.answers.get(&end).filter(|_| !self.fell_off(end)).map(|it| it.answer);
        match (self.says(End::Source), self.says(End::Target)) {
            (Some(source), Some(target)) => source != target,
            _ => matches!(
                (answer(End::Source), answer(End::Target)),
                (Some(Reply::Agrees), Some(Reply::Differs)) | (Some(Reply::Differs), Some(Reply::Agrees))
            ),
        }
    }

    /// Whether the latest answers of both ends are there and are those of two different people with two different
    /// accounts. Answers of which no account is known are told apart by the person alone.
    #[must_use]
    pub fn by_two_people(&self) -> bool {
        let [Some(source), Some(target)] = [End::Source, End::Target].map(|end| self.answers.get(&end)) else {
            return false;
        };
        source.person != target.person && (source.account.is_none() || source.account != target.account)
    }

    /// Whether both ends, two different people, say what is entered now.
    #[must_use]
    pub fn is_confirmed(&self) -> bool {
        let agrees = |end| self.agreed_at(end).is_some();
        self.by_two_people() && agrees(End::Source) && agrees(End::Target)
    }

    /// Every field that is entered or that an end names, with what each end says of it.
    #[must_use]
    pub fn rows(&self) -> Vec<Row> {
        let (source, target) = (self.says(End::Source), self.says(End::Target));
        let all: BTreeSet<&Carried> = self.entered.iter().chain(source.into_iter().chain(target).flatten()).collect();
        all.into_iter()
            .map(|it| Row {
                carried: it.clone(),
                entered: self.entered.contains(it),
                source: source.map(|said| said.contains(it)),
                target: target.map(|said| said.contains(it)),
            })
            .collect()
    }
}

/// What somebody says of a flow, as a form has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// For which end.
    pub end: End,
    /// What.
    pub answer: Reply,
    /// What goes over the wire, where that is something else than is entered.
    pub fields: BTreeSet<Carried>,
}

/// How many flows in use both ends confirmed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Progress {
    /// Flows in use.
    pub flows: usize,
    /// Those that both ends say are right as they are entered.
    pub confirmed: usize,
    /// Those of which the two ends contradict each other.
    pub contradicted: usize,
}

/// How many flows of a model in use both ends confirmed.
#[must_use]
pub fn progress(model: &Model) -> Progress {
    let mut progress = Progress::default();
    for flow in model.flows.values().filter(|it| it.stage != Lifecycle::Retired) {
        let both = side_by_side(flow);
        progress.flows += 1;
        progress.confirmed += usize::from(both.is_confirmed());
        progress.contradicted += usize::from(both.disagree());
    }
    progress
}

/// Who says something of a flow: a person, and the account that says it as that person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Witness {
    /// The person.
    pub person: PersonId,
    /// The account; `None` where nobody is signed in.
    pub account: Option<AccountId>,
}

/// The flow with one more answer.
///
/// # Errors
/// `Invalid` with the field `end` where the same person, or the same account as another person, answered for the other
/// end last, and `field` where an answer that differs names nothing, too much, or what is entered anyway.
pub fn confirm(flow: &Flow, said: Statement, by: Witness, now: Timestamp) -> Result<Flow, Problem> {
    let Witness { person, account } = by;
    let Statement { end, answer, fields } = said;
    let now_says = side_by_side(flow);
    let other = if end == End::Source { End::Target } else { End::Source };
    // Whoever is linked to another person in between is still the same somebody.
    let same = |it: &Confirmation| it.person == person || (account.is_some() && it.account == account);
    if now_says.answers.get(&other).is_some_and(same) {
        return Err(Problem::field("end", FieldCode::OtherEndIsYours));
    }
    if answer == Reply::Differs {
        if fields.is_empty() || fields == now_says.entered {
            return Err(Problem::field("field", FieldCode::Missing));
        }
        if fields.len() > FIELDS_MAX {
            return Err(Problem::field("field", FieldCode::TooMany));
        }
    }
    let said = if answer == Reply::Differs { fields } else { BTreeSet::new() };
    let agreed_to = (answer == Reply::Agrees).then_some(now_says.entered);
    let between = Some(now_says.between);
    let one = Confirmation { end, person, answer, at: now, fields: said, agreed_to, between, account };
    let mut all: Vec<Value> = said::items(&flow.facts, ATTRIBUTE).cloned().collect();
    all.push(written(&one));
    let first = all.len().saturating_sub(KEPT);
    let mut flow = flow.clone();
    flow.facts.insert(ATTRIBUTE.to_owned(), Fact::of(Value::Array(all.split_off(first))));
    Ok(flow)
}

/// Reads the form of an answer: `end`, `answer`, and a `field` such as `pan:clear` for each that goes over the wire.
///
/// # Errors
/// `Invalid` with the fields that are wrong.
pub fn from_form(form: &Form) -> Result<Statement, Problem> {
    let value = |name: &str| form.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.trim());
    let end = value("end").parse().map_err(|_| Problem::field("end", FieldCode::NotInList))?;
    let answer = value("answer").parse().map_err(|_| Problem::field("answer", FieldCode::NotInList))?;
    let posted = form.iter().filter(|(name, value)| name == "field" && !value.trim().is_empty());
    let carried = |text: &str| {
        let (element, form) = text.trim().rsplit_once(':')?;
        Some((ElementId::parse(element).ok()?, form.parse().ok()?))
    };
    let fields: Option<BTreeSet<Carried>> = posted.map(|(_, text)| carried(text)).collect();
    let fields = fields.ok_or_else(|| Problem::field("field", FieldCode::NotElements))?;
    Ok(Statement { end, answer, fields })
}

/// Whether a person may answer for an end: they own or stand in for its system, themselves or with their team.
#[must_use]
pub fn answers_for(model: &Model, flow: &Flow, end: End, person: &PersonId) -> bool {
    let id = if end == End::Source { &flow.from } else { &flow.to };
    let Some(system) = model.systems.get(id) else { return false };
    let named = ["owner", "deputy"].into_iter().filter_map(|name| said::text(&system.facts, name));
    let in_team =
        |key: &str| model.people.get(key).is_some_and(|it| said::list(&it.facts, "members").contains(&person.as_str()));
    named.into_iter().any(|key| key == person.as_str() || in_team(key))
}

fn read(item: &Value) -> Option<Confirmation> {
    let text = |name: &str| item.get(name).and_then(Value::as_str);
    let carried = |name: &str| -> Option<BTreeSet<Carried>> {
        let one =
            |it: &Value| Some((ElementId::new(it.get("element")?.as_str()?), it.get("form")?.as_str()?.parse().ok()?));
        Some(item.get(name)?.as_array()?.iter().filter_map(one).collect())
    };
    Some(Confirmation {
        end: text("end")?.parse().ok()?,
        person: PersonId::new(text("person")?),
        answer: text("answer")?.parse().ok()?,
        at: said::instant_of(text("at")?)?,
        fields: carried("fields").unwrap_or_default(),
        agreed_to: carried("agreed_to"),
        between: text("from").zip(text("to")).map(|(from, to)| (SystemId::new(from), SystemId::new(to))),
        account: text("account").map(AccountId::new),
    })
}

fn written(it: &Confirmation) -> Value {
    let list = |all: &BTreeSet<Carried>| -> Value {
        all.iter().map(|(element, form)| json!({ "element": element, "form": form })).collect()
    };
    let mut value = json!({ "end": it.end, "person": it.person, "answer": it.answer, "at": it.at.to_string() });
    if let Value::Object(members) = &mut value {
        if !it.fields.is_empty() {
            members.insert("fields".to_owned(), list(&it.fields));
        }
        if let Some(agreed_to) = &it.agreed_to {
            members.insert("agreed_to".to_owned(), list(agreed_to));
        }
        if let Some((from, to)) = &it.between {
            members.insert("from".to_owned(), json!(from));
            members.insert("to".to_owned(), json!(to));
        }
        if let Some(account) = &it.account {
            members.insert("account".to_owned(), json!(account));
        }
    }
    value
}
