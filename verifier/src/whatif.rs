//! Which verdicts and findings move when a fact is another one? The pack stays as it is; only a copy of its model is changed.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use domain::blast::edit::{Edit, apply};
use domain::blast::flip::words;
use domain::findings::answers::answers_of;
use domain::findings::standing::name_of;
use domain::findings::{Finding, Findings, Identity, evaluate};
use domain::id::{ElementId, FlowId, SegmentId, SystemId};
use domain::model::Model;
use domain::model::catalogue;
use domain::model::element::{Form, Holding, Op};
use domain::model::flow::Flow;
use domain::model::relations::{Encryption, LinkPolicy};
use domain::model::segment::LinkKey;
use domain::model::system::{ManageTarget, System};
use domain::scope::delta::delta;
use domain::scope::{Scope, compute};
use domain::time::Timestamp;
use serde::{Deserialize, Serialize};

use super::told::{Category, counts};

/// The most systems and findings that are told one by one.
const TOLD: usize = 500;
/// The most changes that are tried together.
const CHANGES_MAX: usize = 100;
/// The most segments into which a system may be put.
const SEGMENTS: usize = 30;
/// The card number in the catalogue.
const PAN: &str = "pan";

/// Another fact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "change", rename_all = "snake_case", deny_unknown_fields)]
pub enum Change {
    /// What a plan could consist of.
    Plan {
        /// The change.
        edit: Edit,
    },
    /// The flow carries the element in this form.
    Form {
        /// The flow.
        flow: FlowId,
        /// The element.
        element: ElementId,
        /// How it travels.
        form: Form,
    },
    /// The flow carries the card number in clear as well.
    Leak {
        /// The flow.
        flow: FlowId,
    },
    /// The flow is encrypted like this.
    Encryption {
        /// The flow.
        flow: FlowId,
        /// How.
        encryption: Encryption,
    },
    /// There is no such flow.
    Remove {
        /// The flow.
        flow: FlowId,
    },
    /// The system stores the card number in clear as well.
    Store {
        /// The system.
        system: SystemId,
    },
    /// What passes between two segments.
    Link {
        /// One.
        a: SegmentId,
        /// The other.
        b: SegmentId,
        /// What the network lets through.
        policy: LinkPolicy,
    },
}

/// A change that is offered.
#[derive(Debug, Serialize)]
pub struct Offer {
    /// In words.
    pub words: String,
    /// The change.
    pub change: Change,
}

/// What can be changed, by kind: key and name.
#[derive(Debug, Default, Serialize)]
pub struct Objects {
    /// Flows.
    pub flow: Vec<(String, String)>,
    /// Systems.
    pub system: Vec<(String, String)>,
    /// Pairs of segments between which the model has a link.
    pub segments: Vec<(String, String)>,
}

/// What a change does.
#[derive(Debug, Serialize)]
pub struct Moved {
    /// The changes in words.
    pub changes: Vec<String>,
    /// How many systems have another verdict.
    pub count: usize,
    /// The first of them.
    pub systems: Vec<Move>,
    /// How many systems each category has, before and after.
    pub counts: Vec<(Category, usize, usize)>,
    /// How many findings appear, and the first of them.
    pub appear: (usize, Vec<String>),
    /// How many findings go, and the first of them.
    pub go: (usize, Vec<String>),
}

/// A system with another verdict.
#[derive(Debug, Serialize)]
pub struct Move {
    /// Its key.
    pub system: String,
    /// Its name.
    pub name: String,
    /// The verdict before.
    pub before: Option<Category>,
    /// The verdict then.
    pub after: Option<Category>,
    /// Why.
    pub because: Vec<String>,
}

/// What a model has that can be changed.
#[must_use]
pub fn objects(model: &Model) -> Objects {
    Objects {
        flow: model.flows.values().map(|it| (it.id.to_string(), flow_name(model, it))).collect(),
        system: model.systems.values().map(|it| (it.id.to_string(), named(&it.name, it.id.as_str()))).collect(),
        segments: model.links.keys().map(|it| (pair(it), link_name(model, it.a(), it.b()))).collect(),
    }
}

/// The changes that are offered for an object of a kind of [`Objects`].
#[must_use]
pub fn offers(model: &Model, kind: &str, key: &str) -> Vec<Offer> {
    let changes = match kind {
        "flow" => model.flows.get(key).map(|it| of_flow(it)),
        "system" => model.systems.get(key).map(|it| of_system(model, it)),
        "segments" => model.links.values().find(|it| pair(&it.key) == key).map(|it| {
            let policies = LinkPolicy::ALL.iter().filter(|policy| **policy != it.policy);
            let (a, b) = (it.key.a(), it.key.b());
            policies.map(|policy| Change::Link { a: a.clone(), b: b.clone(), policy: *policy }).collect()
        }),
        _ => None,
    };
    changes.into_iter().flatten().map(|change| Offer { words: change.words(model), change }).collect()
}

/// What changes together do.
///
/// # Errors
/// An object that a change names is not in the model, as a sentence.
pub fn moved(
    (model, scope, findings): (&Model, &Scope, &Findings),
    changes: &[Change],
    at: Timestamp,
) -> Result<Moved, String> {
    if changes.len() > CHANGES_MAX {
        return Err(format!("At most {CHANGES_MAX} changes are tried together."));
    }
    let mut changed = model.clone();
    for change in changes {
        changed = change.carry_out(&changed)?;
    }
    let now = compute(&changed);
    let found = evaluate(&changed, &now, &answers_of(&changed), at);
    let moves = delta((model, scope), (&changed, &now));
    let count = moves.len();
    let systems = moves.into_iter().take(TOLD).map(|it| Move {
        system: it.system.to_string(),
        name: it.name,
        before: it.before.map(Category::of),
        after: it.after.map(Category::of),
        because: it.because.iter().map(ToString::to_string).collect(),
    });
    let (before, after) = (by_identity(findings), by_identity(&found));
    Ok(Moved {
        changes: changes.iter().map(|it| it.words(model)).collect(),
        count,
        systems: systems.collect(),
        counts: counts(scope, &now),
        appear: only_in(&after, &before, &changed),
        go: only_in(&before, &after, model),
    })
}

fn by_identity(findings: &Findings) -> BTreeMap<Identity, &Finding> {
    findings.all().map(|it| (it.identity(), it)).collect()
}

fn only_in(
    one: &BTreeMap<Identity, &Finding>,
    other: &BTreeMap<Identity, &Finding>,
    model: &Model,
) -> (usize, Vec<String>) {
    let only: Vec<&&Finding> = one.iter().filter(|(id, _)| !other.contains_key(*id)).map(|(_, it)| it).collect();
    let told = only.iter().take(TOLD).map(|it| {
        let (subject, title) = (name_of(model, &it.subject), it.rule().title);
        format!("{subject}: {title} ({})", it.severity.label().to_lowercase())
    });
    (only.len(), told.collect())
}

fn of_flow(flow: &Flow) -> Vec<Change> {
    let id = || flow.id.clone();
    let elements: BTreeSet<&ElementId> = flow.fields.iter().map(|it| &it.element).collect();
    let mut changes: Vec<Change> = elements
        .iter()
        .map(|it| Change::Plan { edit: Edit::DropField { flow: id(), element: (*it).clone() } })
        .collect();
    for field in flow.fields.iter().filter(|it| is_card(&it.element)) {
        let forms = [Form::Clear, Form::Encrypted, Form::Tokenised, Form::Truncated, Form::Unknown];
        let others = forms.into_iter().filter(|form| *form != field.form);
        changes.extend(others.map(|form| Change::Form { flow: id(), element: field.element.clone(), form }));
    }
    if !flow.fields.iter().any(|it| it.element.as_str() == PAN && it.form == Form::Clear) {
        changes.push(Change::Leak { flow: id() });
    }
    let others = Encryption::ALL.iter().filter(|it| **it != flow.encryption);
    changes.extend(others.map(|it| Change::Encryption { flow: id(), encryption: *it }));
    changes.push(Change::Plan { edit: Edit::Block { flow: id() } });
    changes.push(Change::Remove { flow: id() });
    changes
}

fn of_system(model: &Model, system: &System) -> Vec<Change> {
    let id = || system.id.clone();
    let elements: BTreeSet<&ElementId> = system.holdings.iter().map(|it| &it.element).collect();
    let mut edits: Vec<Edit> =
        elements.iter().map(|it| Edit::RemoveHolding { system: id(), element: (*it).clone() }).collect();
    let segments = model.segments.keys().filter(|it| Some(*it) != system.segment.as_ref());
    edits.extend(segments.take(SEGMENTS).map(|it| Edit::Move { system: id(), segment: it.clone() }));
    let targets: BTreeSet<String> = system.manages.iter().map(|it| target(&it.target)).collect();
    edits.extend(targets.into_iter().map(|target| Edit::RemoveManage { system: id(), target }));
    let mut changes: Vec<Change> = edits.into_iter().map(|edit| Change::Plan { edit }).collect();
    if !system.holdings.iter().any(|it| it.element.as_str() == PAN && it.form == Form::Clear) {
        changes.push(Change::Store { system: id() });
    }
    changes
}

fn target(target: &ManageTarget) -> String {
    match target {
        ManageTarget::System(id) => id.to_string(),
        ManageTarget::Segment(id) => format!("segment:{id}"),
    }
}

impl Change {
    fn words(&self, model: &Model) -> String {
        let flow = |id: &FlowId| model.flows.get(id).map_or_else(|| id.to_string(), |it| flow_name(model, it));
        match self {
            Self::Plan { edit } => words::sentence(edit, model).to_string(),
            Self::Form { flow: id, element, form } => {
                let data = form.of_data(&element_name(element));
                format!("Send {data} on {}.", flow(id))
            }
            Self::Leak { flow: id } => format!("Send the card number in clear as well on {}.", flow(id)),
            Self::Encryption { flow: id, encryption } => {
                format!("Encryption of {}: {}.", flow(id), encryption.label().to_lowercase())
            }
            Self::Remove { flow: id } => format!("Remove {}.", flow(id)),
            Self::Store { system } => {
                let name = model.systems.get(system).map_or(system.as_str(), |it| &it.name);
                format!("Store the card number in clear on {name}.")
            }
            Self::Link { a, b, policy } => {
                format!("What passes between {}: {}.", link_name(model, a, b), policy.label().to_lowercase())
            }
        }
    }

    fn carry_out(&self, model: &Model) -> Result<Model, String> {
        if let Self::Plan { edit } = self {
            return apply(model, std::slice::from_ref(edit)).map_err(|why| format!("{why}."));
        }
        let mut changed = model.clone();
        match self {
            Self::Plan { .. } => {}
            Self::Form { flow, element, form } => {
                let flow = changed.flows.get_mut(flow).ok_or_else(|| gone(flow.as_str()))?;
                let fields = Arc::make_mut(flow).fields.iter_mut().filter(|it| it.element == *element);
                // What belonged to the other form (key, token domain, mask) does not belong to this one.
                fields.for_each(|it| *it = Holding::new(element.clone(), *form, &[Op::Transmit]));
            }
            Self::Leak { flow } => {
                let flow = changed.flows.get_mut(flow).ok_or_else(|| gone(flow.as_str()))?;
                Arc::make_mut(flow).fields.push(Holding::new(ElementId::new(PAN), Form::Clear, &[Op::Transmit]));
            }
            Self::Encryption { flow, encryption } => {
                let flow = changed.flows.get_mut(flow).ok_or_else(|| gone(flow.as_str()))?;
                Arc::make_mut(flow).encryption = *encryption;
            }
            Self::Remove { flow } => {
                changed.flows.remove(flow).ok_or_else(|| gone(flow.as_str()))?;
            }
            Self::Store { system } => {
                let system = changed.systems.get_mut(system).ok_or_else(|| gone(system.as_str()))?;
                Arc::make_mut(system).holdings.push(Holding::new(ElementId::new(PAN), Form::Clear, &[Op::Store]));
            }
            Self::Link { a, b, policy } => {
                let link = changed.links.get_mut(&LinkKey::new(a.clone(), b.clone()));
                Arc::make_mut(link.ok_or_else(|| gone(a.as_str()))?).policy = *policy;
            }
        }
        Ok(changed)
    }
}

fn gone(key: &str) -> String {
    format!("The changed model has no {key:?} any more. Take one of the changes back.")
}

/// Whether the form of the element decides about scope.
fn is_card(element: &ElementId) -> bool {
    use domain::model::element::ElementClass::{Chd, Sad};
    matches!(catalogue::class_of(element.as_str()), Some(Chd | Sad))
}

fn element_name(id: &ElementId) -> String {
    catalogue::element(id.as_str()).map_or_else(|| id.to_string(), |row| row.name.clone())
}

fn flow_name(model: &Model, flow: &Flow) -> String {
    let system = |id: &SystemId| model.systems.get(id).map_or(id.to_string(), |it| it.name.clone());
    match flow.name.as_str() {
        "" => format!("{} → {} ({})", system(&flow.from), system(&flow.to), flow.id),
        name => format!("{name} ({} → {})", system(&flow.from), system(&flow.to)),
    }
}

fn named(name: &str, key: &str) -> String {
    if name.is_empty() || name == key { key.to_owned() } else { format!("{name} ({key})") }
}

fn pair(key: &LinkKey) -> String {
    format!("{} | {}", key.a(), key.b())
}

fn link_name(model: &Model, a: &SegmentId, b: &SegmentId) -> String {
    let name = |id: &SegmentId| model.segments.get(id).map_or(id.to_string(), |it| it.name.clone());
    format!("{} and {}", name(a), name(b))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use domain::model::reader::read_json;

    const MODEL: &str = r#"{"segments":[{"id":"s"},{"id":"t"}],"segment_links":[{"a":"s","b":"t","policy":"denied"}],
        "systems":[{"id":"shop","segment":"s","holdings":[{"element":"pan"}]},{"id":"desk","segment":"t"}],
        "flows":[{"id":"f","from":"shop","to":"desk","data":[{"element":"pan"}]}]}"#;

    fn told(changes: &[Change]) -> Result<Moved, String> {
        let model = read_json(MODEL.as_bytes()).unwrap().0;
        let (scope, at) = (compute(&model), Timestamp(0));
        let findings = evaluate(&model, &scope, &answers_of(&model), at);
        moved((&model, &scope, &findings), changes, at)
    }

    #[test]
    fn every_change_that_is_offered_can_be_carried_out_and_read_again() {
        let model = read_json(MODEL.as_bytes()).unwrap().0;
        let objects = objects(&model);
        let mut count = 0;
        for (kind, of) in [("flow", &objects.flow), ("system", &objects.system), ("segments", &objects.segments)] {
            assert!(!of.is_empty(), "{kind}");
            for (key, _) in of {
                for offer in offers(&model, kind, key) {
                    let again: Change = serde_json::from_str(&serde_json::to_string(&offer.change).unwrap()).unwrap();
                    assert_eq!(again, offer.change);
                    assert!(offer.words.ends_with('.'), "{}", offer.words);
                    told(&[again]).unwrap();
                    count += 1;
                }
            }
        }
        assert!(count > 15, "{count}");
        assert!(offers(&model, "flow", "none").is_empty() && offers(&model, "x", "f").is_empty());
    }

    #[test]
    fn a_field_that_is_dropped_moves_a_verdict_and_nothing_moves_none() {
        assert_eq!(told(&[]).unwrap().count, 0);
        let drop = Change::Plan { edit: Edit::DropField { flow: "f".into(), element: "pan".into() } };
        let moved = told(std::slice::from_ref(&drop)).unwrap();
        assert_eq!(moved.systems[0].system, "desk");
        assert_eq!(moved.systems[0].before.as_ref().unwrap().code, "CDE");
        assert!(!moved.systems[0].because.is_empty() && moved.go.0 > 0);
        let again = told(&[drop, Change::Leak { flow: "f".into() }]).unwrap();
        assert_eq!(again.count, 0, "the second takes the first back");
    }

    #[test]
    fn what_is_not_there_is_named() {
        let both = [Change::Remove { flow: "f".into() }, Change::Leak { flow: "f".into() }];
        assert!(told(&both).unwrap_err().contains("\"f\""));
        let many = vec![Change::Leak { flow: "f".into() }; CHANGES_MAX + 1];
        assert!(told(&many).is_err());
    }
}
