//! Model files in JSON and YAML. Strict: anything that would be lost or left dangling is a rejection with its line.

mod place;
mod problem;

use serde::de::IgnoredAny;

use super::json::{self, DEPTH_MAX, Seen};
use super::reading::Format;
use super::rejection::{REJECTIONS_LISTED, Rejection, shortened};
use super::sheet::CARD_REMEDY;
use super::table::CELL_MAX;
use super::yaml::{self, Refused};
use super::{Limits, card};
use crate::model::Model;
use crate::model::file::ModelFile;
use crate::model::reader::from_file;

/// Reads a model file; also says whether it states the settings.
///
/// # Errors
/// Everything that is wrong with the file, up to the first fault that hides the rest.
pub(super) fn read(file: &str, text: &str, format: Format, limits: &Limits) -> Result<(Model, bool), Vec<Rejection>> {
    let source = Source { file, text };
    let shapes = match format {
        Format::ModelYaml => source.yaml()?,
        _ => source.json()?,
    };
    if let Some(stranger) = stranger(&shapes) {
        let reason = format!(
            "this is no model file: it has \"{}\", and none of systems, flows or segments",
            shortened(&stranger)
        );
        let remedy = "choose a model file, or name the lists as a model file does";
        return Err(vec![Rejection::of_file(file, reason, remedy).at(1).field(&stranger)]);
    }
    let states_settings = shapes.settings.is_some();
    let (model, gaps) = from_file(shapes);
    let objects = model.objects().count();
    if objects > limits.rows {
        let reason = format!("the file has more than {} objects", limits.rows);
        return Err(vec![Rejection::of_file(file, reason, limits.way_out(file))]);
    }
    let problems = problem::all(&gaps, &model);
    if problems.is_empty() {
        Ok((model, states_settings))
    } else {
        Err(place::rejections(file, text, format, problems))
    }
}

/// A name at the top of a file that has nothing of a model.
fn stranger(file: &ModelFile) -> Option<String> {
    let empty = file.systems.is_empty()
        && file.flows.is_empty()
        && file.segments.is_empty()
        && file.people.is_empty()
        && file.vendors.is_empty()
        && file.settings.is_none();
    let known = |name: &&String| matches!(name.as_str(), "schema_version" | "name" | "about");
    if empty { file.rest.keys().find(|name| !known(name)).cloned() } else { None }
}

/// The file as text.
struct Source<'a> {
    file: &'a str,
    text: &'a str,
}

impl Source<'_> {
    fn rejection(&self, reason: impl AsRef<str>, remedy: impl Into<String>) -> Rejection {
        Rejection::of_file(self.file, reason, remedy)
    }

    fn json(&self) -> Result<ModelFile, Vec<Rejection>> {
        if let Err(deep) = json::check_depth(self.text) {
            return Err(vec![self.too_deep(deep.line)]);
        }
        serde_json::from_str::<IgnoredAny>(self.text).map_err(|error| vec![self.bad_json(&error)])?;
        let mut found = Vec::new();
        json::scan(self.text, |event| self.check_json(event, &mut found));
        if !found.is_empty() {
            return Err(self.listed(found));
        }
        serde_json::from_str(self.text).map_err(|error| vec![self.bad_json(&error)])
    }

    /// What was found, as far as it is listed. The search stops one later.
    fn listed(&self, mut found: Vec<Rejection>) -> Vec<Rejection> {
        if found.len() > REJECTIONS_LISTED {
            found.truncate(REJECTIONS_LISTED);
            found.push(Rejection::more(self.file, None));
        }
        found
    }

    fn too_deep(&self, line: usize) -> Rejection {
        let reason = format!("brackets are nested more than {DEPTH_MAX} deep");
        self.rejection(reason, "a model file has a few levels only; check that this is one").at(line)
    }

    fn bad_json(&self, error: &serde_json::Error) -> Rejection {
        let before: usize = self.text.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum();
        let place = json::place_at(self.text, before + error.column());
        let message = error.to_string();
        let (reason, remedy) = reason_and_remedy(message.split(" at line ").next().unwrap_or(&message));
        let field = if place.is_empty() { format!("column {}", error.column().max(1)) } else { place };
        self.rejection(reason, remedy).at(error.line().max(1)).field(&field)
    }

    fn check_json(&self, event: &json::Event<'_>, found: &mut Vec<Rejection>) {
        let (text, is_name) = match event.seen {
            _ if found.len() > REJECTIONS_LISTED => return,
            Seen::Start => return,
            Seen::Text(text) | Seen::Word(text) => (text, false),
            Seen::Name(name, twice) => {
                if twice {
                    let reason = format!("the name \"{}\" stands twice in one object", shortened(name));
                    let place = json::place(event.steps);
                    found.push(self.rejection(reason, "keep one of the two").at(event.line).field(&place));
                }
                (name, true)
            }
        };
        if let Some((reason, remedy)) = bad_text(text) {
            let mut place = json::place(event.steps);
            if is_name {
                place = format!("{place} (a name)").trim_start().to_owned();
            }
            found.push(self.rejection(reason, remedy).at(event.line).field(&place));
        }
    }

    fn yaml(&self) -> Result<ModelFile, Vec<Rejection>> {
        match yaml::check(self.text) {
            Ok(()) => {}
            Err(Refused::Depth(line)) => return Err(vec![self.too_deep(line)]),
            Err(Refused::Alias(line)) => {
                let reason = "the file uses an anchor or alias (& or *)";
                let remedy = "write the value out, or put a text that begins with & or * in quotes";
                return Err(vec![self.rejection(reason, remedy).at(line)]);
            }
        }
        let value: serde_norway::Value =
            serde_norway::from_str(self.text).map_err(|error| vec![self.bad_yaml(&error)])?;
        if value.is_null() {
            return Err(vec![self.rejection("the file is empty", "choose a file with systems and flows").at(1)]);
        }
        let mut found = Vec::new();
        self.check_yaml(&value, &mut String::new(), &mut found);
        drop(value);
        if !found.is_empty() {
            return Err(self.listed(found));
        }
        serde_norway::from_str(self.text).map_err(|error| vec![self.bad_yaml(&error)])
    }

    fn bad_yaml(&self, error: &serde_norway::Error) -> Rejection {
        let message = error.to_string();
        let message = message.split(" at line ").next().unwrap_or(&message);
        let (place, message) = match message.split_once(": ") {
            Some((place, rest)) if !place.contains(' ') => (place, rest),
            _ => ("", message),
        };
        let (reason, remedy) = reason_and_remedy(message);
        let object_line = error.location().map(|place| place.line());
        let Some((line, member)) = object_line.and_then(|line| self.quoted_member(line, message)) else {
            return self.rejection(reason, remedy).at(object_line).field(place);
        };
        let is_named = place.rsplit('.').next() == Some(member);
        let place = if is_named { place.to_owned() } else { format!("{place}.{member}") };
        self.rejection(reason, remedy).at(line).field(place.trim_start_matches('.'))
    }

    /// The parser names the line of the object; the value that it quotes stands on that line or below.
    fn quoted_member(&self, object_line: usize, message: &str) -> Option<(usize, &str)> {
        let value = message.split('`').nth(1)?;
        let lines = self.text.lines().enumerate().skip(object_line.saturating_sub(1));
        let mut members = lines.filter_map(|(at, line)| Some((at + 1, line.split_once(':')?)));
        members.find_map(|(line, (member, said))| {
            let said = said.trim().trim_matches(['"', '\'']);
            (said == value).then(|| (line, member.trim().trim_start_matches("- ")))
        })
    }

    /// Checks every text and number of a value; the reader bounds how deep it goes.
    fn check_yaml(&self, value: &serde_norway::Value, place: &mut String, found: &mut Vec<Rejection>) {
        use serde_norway::Value;
        if found.len() > REJECTIONS_LISTED {
            return;
        }
        let text = match value {
            Value::String(text) => text.clone(),
            Value::Number(number) => number.to_string(),
            Value::Null | Value::Bool(_) => return,
            Value::Tagged(tagged) => return self.check_yaml(&tagged.value, place, found),
            Value::Sequence(list) => {
                for (number, item) in list.iter().enumerate() {
                    self.below(&format!("[{number}]"), item, place, found);
                }
                return;
            }
            Value::Mapping(members) => {
                for (name, member) in members {
                    self.below(" (a name)", name, place, found);
                    let name = name.as_str().map(card::scrub).unwrap_or_default();
                    let step = if place.is_empty() { name } else { format!(".{name}") };
                    self.below(&step, member, place, found);
                }
                return;
            }
        };
        if let Some((reason, remedy)) = bad_text(&text) {
            let line = self.text.lines().position(|line| line.contains(text.as_str())).map(|at| at + 1);
            found.push(self.rejection(reason, remedy).at(line).field(place));
        }
    }

    fn below(&self, step: &str, value: &serde_norway::Value, place: &mut String, found: &mut Vec<Rejection>) {
        let length = place.len();
        place.push_str(step);
        self.check_yaml(value, place, found);
        place.truncate(length);
    }
}

/// What no text, number or name of a file may be.
fn bad_text(text: &str) -> Option<(String, &'static str)> {
    if let Some(mask) = card::find(text) {
        return Some((format!("the value holds a full card number ({})", shortened(&mask)), CARD_REMEDY));
    }
    if text.contains('\0') {
        return Some(("the value contains a NUL character".to_owned(), "remove it"));
    }
    (text.len() > CELL_MAX).then(|| ("the value is longer than 32 KiB".to_owned(), "shorten it"))
}

/// Splits what the parser says into what is wrong and what it expected, in the words of people.
fn reason_and_remedy(message: &str) -> (String, String) {
    const WORDS: [(&str, &str); 6] = [
        ("a boolean", "true or false"),
        ("a sequence", "a list"),
        ("a map", "an object"),
        ("invalid type: sequence", "invalid type: list"),
        ("invalid type: map", "invalid type: object"),
        ("EOF while parsing", "the file ends within"),
    ];
    let plain = |text: &str| WORDS.iter().fold(text.to_owned(), |text, (from, to)| text.replace(from, to));
    match message.split_once(", expected ") {
        Some((reason, expected)) => {
            (plain(&reason.replace('`', "\"")), format!("use {}", plain(&expected.replace('`', ""))))
        }
        None => (plain(&message.replace('`', "\"")), "correct the text at this place".to_owned()),
    }
}
