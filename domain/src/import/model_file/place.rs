//! Where the problems of a model file stand in its text.

use std::collections::BTreeMap;

use serde_json::Value;

use super::problem::Problem;
use crate::import::json;
use crate::import::reading::Format;
use crate::import::rejection::{REJECTIONS_LISTED, Rejection};
use crate::import::yaml;

/// The problems as rejections with place and line, by line. Lines are looked up for those that are listed only,
/// so that a file that is wrong throughout is refused as fast as one that is wrong once.
pub(super) fn rejections(file: &str, text: &str, format: Format, mut problems: Vec<Problem>) -> Vec<Rejection> {
    let more = problems.len().saturating_sub(REJECTIONS_LISTED);
    problems.truncate(REJECTIONS_LISTED);
    let numbers =
        if problems.iter().any(|it| names_its_object(&it.place)) { numbers(text, format) } else { Numbers::new() };
    for problem in &mut problems {
        if names_its_object(&problem.place) {
            problem.place = numbered(&problem.place, &problem.object, &numbers);
        }
    }
    let lines = match format {
        Format::ModelYaml => {
            let wanted = problems.iter().map(|it| (list_of(&it.place), it.object.as_str(), it.value.as_str()));
            yaml::lines_of(text, wanted)
        }
        _ => json::lines_of(text, problems.iter().map(|it| (it.place.as_str(), it.value.as_str()))),
    };
    let mut rejections: Vec<Rejection> = problems
        .into_iter()
        .zip(lines)
        .map(|(it, line)| Rejection::of_file(file, it.reason, it.remedy).at(line).field(&it.place))
        .collect();
    rejections.sort();
    if more > 0 {
        rejections.push(Rejection::more(file, Some(more)));
    }
    rejections
}

fn list_of(place: &str) -> &str {
    place.split(['[', '.']).next().unwrap_or_default()
}

/// Whether the place has the key of its object instead of its number: `flows.pay.to`, or only `overrides`.
fn names_its_object(place: &str) -> bool {
    let list = list_of(place);
    list != "settings" && (place == "overrides" || place[list.len()..].starts_with('.'))
}

/// Per list, the number of each object by what names it.
type Numbers = BTreeMap<String, BTreeMap<String, usize>>;

fn numbers(text: &str, format: Format) -> Numbers {
    let file: Option<BTreeMap<String, Value>> = match format {
        Format::ModelYaml => serde_norway::from_str(text).ok(),
        _ => serde_json::from_str(text).ok(),
    };
    let mut numbers = Numbers::new();
    for (list, objects) in file.unwrap_or_default() {
        let of_list = numbers.entry(list.clone()).or_default();
        for (at, object) in objects.as_array().into_iter().flatten().enumerate() {
            let name = name_of(&list, object).or_else(|| (list == "flows").then(|| format!("f{at}")));
            if let Some(name) = name {
                of_list.entry(name).or_insert(at);
            }
        }
    }
    numbers
}

/// What names an object of a list: its id, the two segments of a link, the system of a decision.
fn name_of(list: &str, object: &Value) -> Option<String> {
    let text = |name: &str| object.get(name).and_then(Value::as_str);
    match list {
        "segment_links" => {
            let (a, b) = (text("a")?, text("b")?);
            Some(if a <= b { format!("{a}/{b}") } else { format!("{b}/{a}") })
        }
        "overrides" => text("system").map(str::to_owned),
        _ => text("id").filter(|id| !id.is_empty()).map(str::to_owned),
    }
}

/// A place that names its object by key (`flows.pay.to`) as the file has it (`flows[3].to`).
fn numbered(place: &str, object: &str, numbers: &Numbers) -> String {
    let list = list_of(place);
    let Some(of_list) = numbers.get(list) else { return place.to_owned() };
    let Some(rest) = place[list.len()..].strip_prefix('.') else {
        // A decision on a system that does not exist.
        return of_list.get(object).map_or_else(|| place.to_owned(), |at| format!("{list}[{at}].system"));
    };
    // The key may contain full stops, and for links the object is not the link.
    let ends = rest.match_indices('.').map(|(at, _)| at);
    let found = ends.filter_map(|end| Some((of_list.get(&rest[..end])?, &rest[end..]))).next_back();
    found.map_or_else(|| place.to_owned(), |(at, member)| format!("{list}[{at}]{member}"))
}
