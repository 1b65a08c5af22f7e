//! What an import would change, before it does: the dry run, and the objects of the commit.

use super::choices::{Choice, Choices};
use super::draft::{Draft, name_of};
use super::names::Match;
use super::reading::Reading;
use super::rejection::{REJECTIONS_LISTED, Rejection};
use crate::export::difference::{FieldChange, differences};
use crate::id::SystemId;
use crate::model::Model;
use crate::model::object::{Object, ObjectRef};

/// The dry run of an import.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preview {
    /// Every object and every rejected row, in the order of the file's lines.
    pub entries: Vec<Entry>,
    /// The names on the wire with their proposals, in the order of [`Reading::wire_names`].
    pub wire_names: Vec<WireProposal>,
    /// Systems that the file's flows name and nobody declared; they are open ends until a person confirms them.
    pub undeclared: Vec<SystemId>,
    /// Columns that are left out, as the file names them.
    pub ignored_columns: Vec<String>,
    /// How many objects are new.
    pub new: usize,
    /// How many are changed.
    pub changed: usize,
    /// How many stay as they are.
    pub unchanged: usize,
    /// How many problems stop the import.
    pub rejected: usize,
}

/// One line of a preview.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The object; `None` for a rejected row.
    pub object: Option<ObjectRef>,
    /// What people call the object; the field of a rejected row.
    pub title: String,
    /// The line of the file, from 1; `None` for model files.
    pub line: Option<usize>,
    /// What would happen.
    pub outcome: Outcome,
}

/// What would happen to one object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It is added.
    New,
    /// These fields change.
    Changed(Vec<FieldChange>),
    /// Nothing changes.
    Unchanged,
    /// The row cannot be taken, and nothing of the file is stored.
    Rejected(Rejection),
}

/// One name on the wire.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WireProposal {
    /// The number in the form field `wire.<n>`.
    pub index: usize,
    /// The name, as the file has it.
    pub name: String,
    /// How many flows of the file have it.
    pub flows: usize,
    /// On how many of them it needs an answer; the others have one that stays.
    pub open: usize,
    /// What the catalogue takes it for.
    pub proposed: Option<Match>,
    /// The answer that stands: the stored one where nothing is open, else the person's, else the proposal.
    pub choice: Choice,
}

/// Compares a file with the model. A name on the wire without a choice counts as its proposal says.
#[must_use]
pub fn preview(reading: &Reading, model: &Model, choices: &Choices) -> Preview {
    let choices = with_proposals(reading, choices);
    let draft = Draft::of(reading, model, &choices);
    let mut entries: Vec<Entry> = Vec::with_capacity(draft.objects.len());
    let (mut new, mut changed, mut unchanged) = (0, 0, 0);
    for (reference, (object, line)) in &draft.objects {
        let outcome = match model.get(reference) {
            None => {
                new += 1;
                Outcome::New
            }
            Some(stored) if stored == *object => {
                unchanged += 1;
                Outcome::Unchanged
            }
            Some(stored) => {
                changed += 1;
                Outcome::Changed(differences(&stored, object))
            }
        };
        entries.push(Entry { object: Some(reference.clone()), title: name_of(object), line: *line, outcome });
    }
    let rejected = reading.rejections.len() + reading.more_rejections + draft.rejections.len();
    for rejection in all_rejections(reading, draft.rejections) {
        entries.push(Entry {
            object: None,
            title: rejection.field.clone(),
            line: rejection.line,
            outcome: Outcome::Rejected(rejection),
        });
    }
    // The sort keeps the order of objects and rejections of one line.
    entries.sort_by_key(|entry| entry.line.unwrap_or(usize::MAX));
    let wire_names = reading.wire_items().into_iter().enumerate().map(|(index, (name, item))| {
        let answered = draft.answers.get(name);
        let open = answered.map_or(0, |it| it.open);
        let stored = answered.filter(|_| open == 0).and_then(|it| it.stored.clone());
        let choice = stored.or_else(|| choices.names.get(name).cloned()).unwrap_or(Choice::Unrecognised);
        WireProposal { index, name: name.to_owned(), flows: item.flows, open, proposed: item.proposed, choice }
    });
    Preview {
        wire_names: wire_names.collect(),
        undeclared: draft.undeclared.into_iter().collect(),
        ignored_columns: reading.ignored_columns.clone(),
        entries,
        new,
        changed,
        unchanged,
        rejected,
    }
}

/// The new and changed objects, in the order in which references resolve. A name on the wire without a choice stays
/// unrecognised.
///
/// # Errors
/// A row cannot be taken; then nothing of the file is.
pub fn plan(reading: &Reading, model: &Model, choices: &Choices) -> Result<Vec<Object>, Vec<Rejection>> {
    let draft = Draft::of(reading, model, choices);
    let rejections = all_rejections(reading, draft.rejections);
    if !rejections.is_empty() {
        return Err(rejections);
    }
    let objects = draft.objects.into_iter().map(|(_, (object, _))| object);
    Ok(objects.filter(|object| model.get(&object.reference()).as_ref() != Some(object)).collect())
}

/// The rejections of the file and of its comparison, as far as they are listed, by line.
fn all_rejections(reading: &Reading, of_draft: Vec<Rejection>) -> Vec<Rejection> {
    let mut all = reading.rejections.clone();
    all.extend(of_draft);
    all.sort_by_key(|it| it.line);
    let more = reading.more_rejections + all.len().saturating_sub(REJECTIONS_LISTED);
    all.truncate(REJECTIONS_LISTED);
    if more > 0 {
        all.push(Rejection::more(&reading.file_name, Some(more)));
    }
    all
}

fn with_proposals(reading: &Reading, choices: &Choices) -> Choices {
    let mut all = Choices::proposed(reading);
    all.names.extend(choices.names.iter().map(|(name, choice)| (name.clone(), choice.clone())));
    all.confirmed.clone_from(&choices.confirmed);
    all
}
