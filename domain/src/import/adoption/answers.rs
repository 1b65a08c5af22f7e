//! What a person answers about the recognised fields of a file.

use std::collections::{BTreeMap, BTreeSet};

use super::{Group, groups};
use crate::id::{FlowId, SystemId};
use crate::import::keys::{Directory, Found};
use crate::import::names::Confidence;
use crate::import::recogniser::{Direction, Recognition, Source};
use crate::model::Model;
use crate::model::draft;
use crate::text::text_enum;

text_enum! {
    /// Which fields of a file a flow carries. A flow has one direction, and what comes back is a second flow.
    Part {
        Requests = "requests": "What is sent with a request",
        Answers = "answers": "What comes back in an answer",
        All = "all": "Every field",
    }
}

impl Part {
    /// Whether fields of that direction belong to the part. Where the file does not say, they belong to each.
    #[must_use]
    pub const fn covers(self, direction: Direction) -> bool {
        match (self, direction) {
            (Self::All, _) | (_, Direction::Both | Direction::Unknown) => true,
            (Self::Requests, Direction::Request) | (Self::Answers, Direction::Response) => true,
            (Self::Requests, Direction::Response) | (Self::Answers, Direction::Request) => false,
        }
    }

    /// The part to begin with: of a description of an interface what is sent, of everything else all of it.
    #[must_use]
    pub fn proposed(recognition: &Recognition) -> Self {
        let is_sent = |it: &crate::import::recogniser::Finding| Self::Requests.covers(it.direction);
        match recognition.source {
            Source::OpenApi3 | Source::Swagger2 if recognition.findings.iter().any(is_sent) => Self::Requests,
            Source::OpenApi3 | Source::Swagger2 => Self::Answers,
            Source::JsonSchema | Source::Sample | Source::Csv => Self::All,
        }
    }
}

text_enum! {
    /// What a person says about a group of fields.
    Answer {
        /// Nothing is stored of it.
        LeaveOut = "leave_out": "Leave it out",
        Yes = "yes": "Yes, it is",
        NotPaymentData = "no": "No, it is no payment data",
        Later = "later": "Not sure: keep the name as open work",
    }
}

/// Which flow a file becomes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// A flow that is there.
    Flow(FlowId),
    /// A new flow between two systems, in the direction of the data.
    New {
        /// The system that the data leaves.
        from: SystemId,
        /// The system that it reaches.
        to: SystemId,
    },
}

/// Everything that a person decides about a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Adoption {
    /// The flow.
    pub target: Target,
    /// The part of the file.
    pub part: Part,
    /// What was said, by the key of the group. A group without an answer is left out.
    pub answers: BTreeMap<String, Answer>,
}

impl Adoption {
    /// What is shown at first: everything sure is ticked, and nothing else.
    #[must_use]
    pub fn proposed(recognition: &Recognition) -> Self {
        let part = Part::proposed(recognition);
        Self { target: Self::no_target(), part, answers: sure(recognition, part) }
    }

    /// The answers of a posted form: `flow` with the key of a flow, or `from` and `to` with the keys or names of systems;
    /// `part`; `take` with the key of a group, repeated; and `ask.<key>` with an [`Answer`].
    ///
    /// Where the part differs from the one that the form was shown for (`shown`), what is sure there is ticked.
    #[must_use]
    pub fn from_form(form: &draft::Form, recognition: &Recognition, model: &Model) -> Self {
        let value = |name: &str| form.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.trim());
        let part = value("part").parse().unwrap_or_else(|_| Part::proposed(recognition));
        let system = |name: &str| system_of(model, value(name));
        let target = match value("flow") {
            "" => Target::New { from: system("from"), to: system("to") },
            key => Target::Flow(FlowId::new(key)),
        };
        let known: BTreeSet<String> = groups(recognition, part).iter().map(Group::key).collect();
        let mut answers = BTreeMap::new();
        if value("shown").parse() == Ok(part) {
            for (field, value) in form {
                let (key, answer) = match field.strip_prefix("ask.") {
                    Some(key) => (key, value.parse().unwrap_or(Answer::LeaveOut)),
                    None if field == "take" => (value.as_str(), Answer::Yes),
                    None => continue,
                };
                if known.contains(key) {
                    answers.insert(key.to_owned(), answer);
                }
            }
        } else {
            answers = sure(recognition, part);
        }
        Self { target, part, answers }
    }

    /// What was said about a group.
    #[must_use]
    pub fn answer(&self, group: &Group<'_>) -> Answer {
        self.answers.get(&group.key()).copied().unwrap_or(Answer::LeaveOut)
    }

    /// Whether neither a flow nor an end was chosen yet.
    #[must_use]
    pub fn has_no_target(&self) -> bool {
        self.target == Self::no_target()
    }

    fn no_target() -> Target {
        Target::New { from: SystemId::new(""), to: SystemId::new("") }
    }
}

fn sure(recognition: &Recognition, part: Part) -> BTreeMap<String, Answer> {
    let groups = groups(recognition, part);
    groups.iter().filter(|it| it.confidence == Confidence::High).map(|it| (it.key(), Answer::Yes)).collect()
}

/// The system whose key or name the text is; the text itself where there is none, so that it can be told.
fn system_of(model: &Model, text: &str) -> SystemId {
    if text.is_empty() || model.systems.contains_key(text) {
        return SystemId::new(text);
    }
    let directory = Directory::of(model.systems.values().map(|it| (it.id.as_str(), it.name.as_str())));
    match directory.find(text) {
        Found::One(key) => SystemId::new(key),
        Found::Several(_) | Found::Nothing => SystemId::new(text),
    }
}
