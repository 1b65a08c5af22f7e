//! Keys that somebody may have meant: what to say of one that the model does not have.

use std::fmt::Write as _;

use domain::blast::StartError;
use domain::model::Model;
use domain::model::catalogue::catalogue;
use domain::model::object::ObjectKind;

use super::Failure;

/// So many keys are proposed.
const PROPOSED: usize = 3;

/// A key that could have been meant, with what people call the thing.
struct Candidate<'a> {
    key: &'a str,
    name: &'a str,
}

/// What to say of a start, a source or a target that the model does not have.
pub(super) fn unknown(file: &str, model: &Model, error: &StartError) -> Failure {
    match error {
        StartError::Unknown { kind, key } => Failure::usage(no_such(file, model, kind, key)),
        StartError::Syntax(_) => Failure::usage(format!("{error}.")),
    }
}

/// The sentence on a key that no object of the kind has: which keys are near, or which there are.
pub(super) fn no_such(file: &str, model: &Model, kind: &str, key: &str) -> String {
    let candidates = candidates(model, kind);
    let near = near(key, &candidates);
    let mut sentence = format!("{file} has no {kind} {key:?}.");
    if !near.is_empty() {
        let _ = write!(sentence, " Did you mean {}?", listed(&near, " or "));
    } else if let Some(first) = candidates.get(..PROPOSED.min(candidates.len())).filter(|first| !first.is_empty()) {
        let first: Vec<&Candidate<'_>> = first.iter().collect();
        let _ = write!(sentence, " There are {} of that kind, for example {}.", candidates.len(), listed(&first, ", "));
    } else {
        sentence.push_str(" It has none of that kind.");
    }
    sentence
}

/// Everything of a kind that a model has, by key.
fn candidates<'m>(model: &'m Model, kind: &str) -> Vec<Candidate<'m>> {
    let mut all: Vec<Candidate<'m>> = match kind {
        "system" => model.systems.values().map(|it| Candidate { key: it.id.as_str(), name: &it.name }).collect(),
        "credential" => {
            model.credentials.values().map(|it| Candidate { key: it.id.as_str(), name: &it.name }).collect()
        }
        "segment" => model.segments.values().map(|it| Candidate { key: it.id.as_str(), name: &it.name }).collect(),
        "vendor" => {
            let named = model.systems.values().filter_map(|it| it.vendor.as_ref());
            let named = named.map(|id| Candidate { key: id.as_str(), name: "" });
            model.vendors.values().map(|it| Candidate { key: it.id.as_str(), name: &it.name }).chain(named).collect()
        }
        "connector" | "flow" => {
            let records =
                model.records.values().filter(|it| kind == "connector" && it.key.kind == ObjectKind::Connector);
            let records = records.map(|it| Candidate { key: it.key.id.as_str(), name: &it.name });
            let flows = model.flows.values().map(|it| Candidate { key: it.id.as_str(), name: &it.name });
            records.chain(flows).collect()
        }
        "element" => catalogue().elements.iter().map(|it| Candidate { key: &it.id, name: &it.name }).collect(),
        _ => Vec::new(),
    };
    all.sort_by_key(|it| it.key);
    all.dedup_by_key(|it| it.key);
    all
}

/// The candidates whose key or name is near a text, nearest first.
fn near<'a, 'm>(wanted: &str, candidates: &'a [Candidate<'m>]) -> Vec<&'a Candidate<'m>> {
    let wanted = wanted.trim().to_lowercase();
    // A slip in a third of the letters is as much as anybody makes.
    let most = (wanted.chars().count() / 3).max(1);
    let distance = |text: &str| {
        let text = text.to_lowercase();
        let part =
            wanted.chars().count() >= 3 && (text.contains(&wanted) || wanted.contains(&text)) && !text.is_empty();
        let distance = strsim::damerau_levenshtein(&wanted, &text);
        (part || distance <= most).then_some(distance)
    };
    let mut all: Vec<(usize, &Candidate<'m>)> = candidates
        .iter()
        .filter_map(|it| Some(([it.key, it.name].into_iter().filter_map(distance).min()?, it)))
        .collect();
    all.sort_by_key(|(distance, it)| (*distance, it.key));
    all.into_iter().map(|(_, it)| it).take(PROPOSED).collect()
}

fn listed(candidates: &[&Candidate<'_>], between: &str) -> String {
    let one = |it: &&Candidate<'_>| match it.name {
        name if name.is_empty() || name == it.key => format!("{:?}", it.key),
        name => format!("{:?} ({})", it.key, name.replace(char::is_control, " ")),
    };
    candidates.iter().map(one).collect::<Vec<_>>().join(between)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(wanted: &str) -> Vec<&'static str> {
        let all = [("crm", "Customer records"), ("cde-db", "Card database"), ("till-1", ""), ("till-2", ""), ("x", "")];
        let candidates = all.map(|(key, name)| Candidate { key, name });
        near(wanted, &candidates).iter().map(|it| it.key).collect()
    }

    #[test]
    fn what_is_near_is_proposed_nearest_first() {
        assert_eq!(keys("cmr"), ["crm"], "two letters that changed places");
        assert_eq!(keys("CRM"), ["crm"]);
        assert_eq!(keys("Card databse"), ["cde-db"], "a name counts like a key");
        assert_eq!(keys("till-3"), ["till-1", "till-2"]);
        assert_eq!(keys("till"), ["till-1", "till-2"]);
        assert_eq!(keys("warehouse"), Vec::<&str>::new());
    }
}
