//! What is wrong with a model file that reads well: its gaps, its ids and its facts.

use crate::id::check_key;
use crate::import::model_facts::bad_facts;
use crate::import::rejection::shortened;
use crate::model::Model;
use crate::model::catalogue::catalogue;
use crate::model::element::Form;
use crate::model::object::{Object, ObjectKind};
use crate::model::reader::{Gap, GapKind};

/// One problem, before anybody has looked where in the text it stands.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Problem {
    /// The place: `flows[3].to`, or `flows.pay.to` where the number is not known.
    pub place: String,
    /// The key of the object.
    pub object: String,
    /// The text that is wrong.
    pub value: String,
    /// What is wrong.
    pub reason: String,
    /// What to do about it.
    pub remedy: String,
}

/// Everything that stops the import, in the order of the file's lists.
pub(super) fn all(gaps: &[Gap], model: &Model) -> Vec<Problem> {
    let mut problems: Vec<Problem> = gaps.iter().filter(|gap| gap.refuses_import()).map(of_gap).collect();
    for object in model.objects() {
        problems.extend(of_id(&object));
        problems.extend(of_facts(&object, model));
    }
    problems
}

fn of_gap(gap: &Gap) -> Problem {
    let of_file = gap.place.is_empty();
    let mut reason = match gap.object.as_str() {
        _ if of_file => format!("the file {}", gap.kind.label()),
        "" => format!("the object {}", gap.kind.label()),
        object => format!("\"{}\" {}", shortened(object), gap.kind.label()),
    };
    if !gap.value.is_empty() && gap.value != gap.object {
        reason.push_str(&format!(": \"{}\"", shortened(&gap.value)));
    }
    Problem {
        place: if of_file { gap.value.clone() } else { gap.place.clone() },
        object: gap.object.clone(),
        value: gap.value.clone(),
        reason,
        remedy: remedy(gap.kind),
    }
}

/// An id that cannot be a key. Links and decisions have none of their own.
fn of_id(object: &Object) -> Option<Problem> {
    if matches!(object, Object::Link(_) | Object::Override(_)) {
        return None;
    }
    let key = object.reference().key();
    let error = check_key(&key).err()?;
    Some(Problem {
        place: format!("{}.{key}.id", list_of(object.reference().kind())),
        reason: format!("the id \"{}\" cannot be used: {error}", shortened(&key)),
        remedy: "give the object an id of at most 120 characters on one line".to_owned(),
        value: key.clone(),
        object: key,
    })
}

fn of_facts(object: &Object, model: &Model) -> Vec<Problem> {
    let bad = bad_facts(object, model);
    if bad.is_empty() {
        return Vec::new();
    }
    let (list, key) = (list_of(object.reference().kind()), object.reference().key());
    let of_fact = |bad: crate::import::model_facts::BadFact| {
        let mut reason = format!("\"{}\" {}", shortened(&key), bad.reason);
        if !bad.value.is_empty() {
            reason.push_str(&format!(": \"{}\"", shortened(&bad.value)));
        }
        let place = match object {
            Object::Settings(_) => format!("settings.{}", bad.member),
            _ => format!("{list}.{key}.{}", bad.member),
        };
        Problem { place, object: key.clone(), value: bad.value, reason, remedy: bad.remedy }
    };
    bad.into_iter().map(of_fact).collect()
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
        ObjectKind::Observation => "observations",
        ObjectKind::Settings | ObjectKind::Holding | ObjectKind::FlowField | ObjectKind::Grant => "settings",
    }
}
