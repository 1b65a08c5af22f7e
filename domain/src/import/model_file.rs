//! Model files in JSON and YAML. Strict: anything that would be lost or left dangling is a rejection with its line.

use std::collections::BTreeMap;

use serde::de::IgnoredAny;
use serde_json::Value;

use super::json::{self, DEPTH_MAX, Seen};
use super::model_facts::bad_facts;
use super::reading::Format;
use super::rejection::{Rejection, shortened};
use super::sheet::CARD_REMEDY;
use super::table::CELL_MAX;
use super::yaml::{self, Refused};
use super::{Limits, card};
use crate::id::check_key;
use crate::model::Model;
use crate::model::catalogue::catalogue;
use crate::model::element::Form;
use crate::model::file::ModelFile;
use crate::model::object::{Object, ObjectKind};
use crate::model::reader::{Gap, GapKind, from_file};

/// Reads a model file; also says whether it states the settings.
///
/// # Errors
/// Everything that is wrong with the file, up to the first fault that hides the rest.
pub(super) fn read(file: &str, text: &str, format: Format, limits: &Limits) -> Result<(Model, bool), Vec<Rejection>> {
    let source = Source { file, text, format };
    let shapes = match format {
        Format::ModelYaml => source.yaml()?,
        _ => source.json()?,
    };
    if let Some(stranger) = stranger(&shapes) {
        let reason = format!("this is no model file: it has \"{}\", and none of systems, flows or segments", shortened(&stranger));
        let remedy = "choose a model file, or name the lists as a model file does";
        return Err(vec![Rejection::of_file(file, reason, remedy).at(1).field(&stranger)]);
    }
    let states_settings = shapes.settings.is_some();
    let (model, gaps) = from_file(shapes);
    let mut rejections: Vec<Rejection> =
        gaps.iter().filter(|gap| gap.refuses_import()).map(|gap| source.gap(gap)).collect();
    let objects = model.objects().count();
    if objects > limits.rows {
        let reason = format!("the file has more than {} objects", limits.rows);
        return Err(vec![Rejection::of_file(file, reason, limits.way_out(file))]);
    }
    for object in model.objects() {
        rejections.extend(source.bad_id(&object));
        for bad in bad_facts(&object, &model) {
            let reference = object.reference();
            let (list, key) = (list_of(reference.kind()), reference.key());
            let place = match list {
                "settings" => format!("settings.{}", bad.member),
                _ => source.indexed(&format!("{list}.{key}.{}", bad.member), &key),
            };
            let mut reason = format!("\"{}\" {}", shortened(&key), bad.reason);
            if !bad.value.is_empty() {
                reason.push_str(&format!(": \"{}\"", shortened(&bad.value)));
            }
            let line = source.line(&place, &key, &bad.value);
            rejections.push(source.rejection(reason, bad.remedy).at(line).field(&place));
        }
    }
    rejections.sort();
    if rejections.is_empty() { Ok((model, states_settings)) } else { Err(rejections) }
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

/// The file as text, to find what stands where.
struct Source<'a> {
    file: &'a str,
    text: &'a str,
    format: Format,
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
            return Err(found);
        }
        serde_json::from_str(self.text).map_err(|error| vec![self.bad_json(&error)])
    }

    fn too_deep(&self, line: usize) -> Rejection {
        let reason = format!("brackets are nested more than {DEPTH_MAX} deep");
        self.rejection(reason, "a model file has a few levels only; check that this is one").at(line)
    }

    fn bad_json(&self, error: &serde_json::Error) -> Rejection {
        let before: usize = self.text.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum();
        let place = json::place_before(self.text, before + error.column());
        let message = error.to_string();
        let (reason, remedy) = reason_and_remedy(message.split(" at line ").next().unwrap_or(&message));
        let field = if place.is_empty() { format!("column {}", error.column()) } else { place };
        self.rejection(reason, remedy).at(error.line().max(1)).field(&field)
    }

    fn check_json(&self, event: &json::Event<'_>, found: &mut Vec<Rejection>) {
        let (text, is_name) = match event.seen {
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
        let value: serde_norway::Value = serde_norway::from_str(self.text).map_err(|error| vec![self.bad_yaml(&error)])?;
        if value.is_null() {
            return Err(vec![self.rejection("the file is empty", "choose a file with systems and flows").at(1)]);
        }
        let mut found = Vec::new();
        self.check_yaml(&value, &mut String::new(), &mut found);
        drop(value);
        if !found.is_empty() {
            return Err(found);
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
        self.rejection(reason, remedy).at(line).field(format!("{place}.{member}").trim_start_matches('.'))
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

    fn gap(&self, gap: &Gap) -> Rejection {
        let place = self.indexed(&gap.place, &gap.object);
        let line = self.line(&place, &gap.object, &gap.value);
        let mut reason = format!("\"{}\" {}", shortened(&gap.object), gap.kind.label());
        if gap.object.is_empty() {
            reason = format!("the object {}", gap.kind.label());
        }
        if !gap.value.is_empty() && gap.value != gap.object {
            reason.push_str(&format!(": \"{}\"", shortened(&gap.value)));
        }
        self.rejection(reason, remedy(gap.kind)).at(line).field(&place)
    }

    /// The line of a value at a place, or of the object there.
    fn line(&self, place: &str, object: &str, value: &str) -> Option<usize> {
        let list = place.split(['[', '.']).next().unwrap_or_default();
        match self.format {
            Format::ModelYaml => yaml::line_of(self.text, list, object, value),
            _ => json::line_of(self.text, place, value),
        }
    }

    /// An id that cannot be a key.
    fn bad_id(&self, object: &Object) -> Option<Rejection> {
        let reference = object.reference();
        let (list, key) = (list_of(reference.kind()), reference.key());
        if matches!(object, Object::Link(_) | Object::Override(_)) {
            return None;
        }
        let error = check_key(&key).err()?;
        let place = self.indexed(&format!("{list}.{key}.id"), &key);
        let reason = format!("the id \"{}\" cannot be used: {error}", shortened(&key));
        let remedy = "give the object an id of at most 120 characters on one line";
        Some(self.rejection(reason, remedy).at(self.line(&place, &key, &key)).field(&place))
    }

    /// A place that names its object by key (`flows.pay.to`) as the file has it (`flows[3].to`).
    fn indexed(&self, place: &str, object: &str) -> String {
        if place == "overrides" {
            let numbers = self.numbers("overrides", |it| it.get("system").and_then(Value::as_str).map(str::to_owned));
            return numbers.get(object).map_or_else(|| place.to_owned(), |at| format!("overrides[{at}].system"));
        }
        let Some((list, rest)) = place.split_once('.').filter(|(list, _)| !list.contains('[')) else {
            return place.to_owned();
        };
        let numbers = self.numbers(list, |it| {
            let text = |name: &str| it.get(name).and_then(Value::as_str);
            if list == "segment_links" {
                let (a, b) = (text("a")?, text("b")?);
                return Some(if a <= b { format!("{a}/{b}") } else { format!("{b}/{a}") });
            }
            text("id").map(str::to_owned)
        });
        let found = numbers.iter().filter(|(key, _)| rest.strip_prefix(key.as_str()).is_some_and(|it| it.starts_with('.')));
        match found.max_by_key(|(key, _)| key.len()) {
            Some((key, at)) => format!("{list}[{at}]{}", &rest[key.len()..]),
            // A flow without an id is known by its number.
            None => match rest.strip_prefix('f').and_then(|it| it.split_once('.')) {
                Some((number, member)) if list == "flows" => format!("flows[{number}].{member}"),
                _ => place.to_owned(),
            },
        }
    }

    /// The number of each object of a list by what names it. Read again, as this is needed for a refusal only.
    fn numbers(&self, list: &str, name: impl Fn(&Value) -> Option<String>) -> BTreeMap<String, usize> {
        let read: Option<BTreeMap<String, Value>> = match self.format {
            Format::ModelYaml => serde_norway::from_str(self.text).ok(),
            _ => serde_json::from_str(self.text).ok(),
        };
        let objects = read.and_then(|mut it| it.remove(list));
        let objects = objects.iter().filter_map(Value::as_array).flatten();
        let mut numbers = BTreeMap::new();
        for (at, object) in objects.enumerate() {
            if let Some(name) = name(object) {
                numbers.entry(name).or_insert(at);
            }
        }
        numbers
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

/// Splits what the parser says into what is wrong and what it expected.
fn reason_and_remedy(message: &str) -> (String, String) {
    match message.split_once(", expected ") {
        Some((reason, expected)) => (reason.replace('`', "\""), format!("use {}", expected.replace('`', ""))),
        None => (message.replace('`', "\""), "correct the text at this place".to_owned()),
    }
}

fn remedy(kind: GapKind) -> String {
    match kind {
        GapKind::UnknownSystem => "add the system to the file or correct its id".to_owned(),
        GapKind::UnknownObject => "add the object to the file or correct its id".to_owned(),
        GapKind::UnknownElement => {
            let examples: Vec<&str> = catalogue().elements.iter().take(5).map(|it| it.id.as_str()).collect();
            format!("use the id of an element of the catalogue, such as {}", examples.join(", "))
        }
        GapKind::UnknownForm | GapKind::FormOfElement => {
            let forms: Vec<&str> = Form::ALL.iter().map(|it| it.as_str()).collect();
            format!("use one of {}", forms.join(", "))
        }
        GapKind::UnknownValue => "use a value of the list, or \"other\"".to_owned(),
        GapKind::UnknownAttribute => "correct its name or remove it".to_owned(),
        GapKind::MissingId => "add what identifies the object".to_owned(),
        GapKind::DuplicateId => "give each object an id of its own".to_owned(),
        GapKind::DuplicateLink => "keep one of the two links".to_owned(),
        GapKind::LinkToItself => "name two different segments".to_owned(),
        GapKind::BadMask => "write d for a position that is kept and * for one that is removed".to_owned(),
    }
}

/// The list of a model file that holds objects of a kind.
const fn list_of(kind: ObjectKind) -> &'static str {
    match kind {
        ObjectKind::Person => "people",
        ObjectKind::Vendor => "vendors",
        ObjectKind::Segment => "segments",
        ObjectKind::Control => "controls",
        ObjectKind::Link => "segment_links",
        ObjectKind::System => "systems",
        ObjectKind::Key => "keys",
        ObjectKind::Credential => "credentials",
        ObjectKind::Flow => "flows",
        ObjectKind::Override => "overrides",
        ObjectKind::Connector => "connectors",
        ObjectKind::Certificate => "certificates",
        ObjectKind::TokenDomain => "token_domains",
        ObjectKind::ElementPolicy => "element_policies",
        ObjectKind::Page => "pages",
        ObjectKind::Script => "scripts",
        ObjectKind::AccessGroup => "access_groups",
        ObjectKind::Settings | ObjectKind::Holding | ObjectKind::FlowField | ObjectKind::Grant => "settings",
    }
}
