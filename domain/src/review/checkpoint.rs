//! The beginning and the end of vendors and credentials: what must be there before they are used, and what must be gone
//! before they are over. What the model shows is done by itself; the rest is done by a person, with evidence.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::findings::said;
use crate::id::PersonId;
use crate::model::Model;
use crate::model::credential::Credential;
use crate::model::draft::Form;
use crate::model::fact::{Fact, Facts};
use crate::model::kinds::SecretLocation;
use crate::model::object::{Object, ObjectRef};
use crate::model::party::Vendor;
use crate::model::relations::Lifecycle;
use crate::problem::{FieldCode, Problem};
use crate::schedule::late::wrong;
use crate::text::text_enum;
use crate::time::Day;

/// The attribute that holds what people did.
pub const ATTRIBUTE: &str = "checkpoints";

text_enum! {
    /// The two ends of a life.
    Gate {
        Onboarding = "onboarding": "Before it is used",
        Decommissioning = "decommissioning": "Before it is over",
    }
}

text_enum! {
    /// What is looked at.
    Point {
        Identity = "identity": "It is known who they are, and they were checked before",
        Attestation = "attestation": "A valid attestation of compliance is there",
        ServicesCovered = "services_covered": "The attestation covers the services that are used",
        ResponsibilityMatrix = "responsibility_matrix": "It is written down who does what",
        Contacts = "contacts": "There are contacts, one of them for incidents",
        Agreement = "agreement": "There is a written agreement with their responsibility",
        Purpose = "purpose": "It is known what it is for, and who owns it",
        Storage = "storage": "The secret is kept where secrets belong",
        LeastPrivilege = "least_privilege": "It may do no more than its flows need",
        Rotation = "rotation": "It ends or is rotated by itself",
        EdgesRemoved = "edges_removed": "No flow leads there any more",
        SecretsRemoved = "secrets_removed": "No secret works any more",
        DataRemoved = "data_removed": "Their data is deleted or given back",
        GrantsRemoved = "grants_removed": "It may do nothing any more",
    }
}

/// How a point stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// The model shows it.
    Shown(String),
    /// A person did it.
    Done(Done),
    /// It is open, and this is to be done.
    Open(String),
}

/// What a person did about a point.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Done {
    /// On which day.
    pub on: Day,
    /// Who; unknown of what was done elsewhere, and of an account that is linked to nobody.
    pub by: Option<PersonId>,
    /// What shows it: the reference of an evidence item, or words.
    pub evidence: String,
}

/// One line of a checklist.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// What is looked at.
    pub point: Point,
    /// How it stands.
    pub standing: Standing,
}

impl Line {
    /// Whether there is nothing left to do.
    #[must_use]
    pub const fn is_done(&self) -> bool {
        !matches!(self.standing, Standing::Open(_))
    }
}

/// What the model shows of a point, or else what is to be done.
type Shown = (Point, Result<String, String>);

/// The checklist of a vendor or a credential; `None` for anything else.
#[must_use]
pub fn checklist(model: &Model, object: &ObjectRef, gate: Gate, today: Day) -> Option<Vec<Line>> {
    let (facts, points): (&Facts, Vec<Shown>) = match object {
        ObjectRef::Vendor(id) => {
            let vendor = model.vendors.get(id)?;
            let points = match gate {
                Gate::Onboarding => vendor_begins(vendor, today),
                Gate::Decommissioning => vendor_ends(model, vendor),
            };
            (&vendor.facts, points)
        }
        ObjectRef::Credential(id) => {
            let credential = model.credentials.get(id)?;
            let points = match gate {
                Gate::Onboarding => credential_begins(credential),
                Gate::Decommissioning => credential_ends(model, credential),
            };
            (&credential.facts, points)
        }
        _ => return None,
    };
    let line = |(point, shown): Shown| {
        let standing = match (shown, done(facts, gate, point)) {
            (Ok(sentence), _) => Standing::Shown(sentence),
            // What the model contradicts, no evidence makes true.
            (Err(remedy), Some(_)) if contradicted(point) => Standing::Open(remedy),
            (Err(_), Some(done)) => Standing::Done(done),
            (Err(remedy), None) => Standing::Open(remedy),
        };
        Line { point, standing }
    };
    Some(points.into_iter().map(line).collect())
}

/// Whether the model alone decides about a point: what is still there is not gone.
#[must_use]
pub const fn contradicted(point: Point) -> bool {
    matches!(point, Point::EdgesRemoved | Point::SecretsRemoved | Point::GrantsRemoved)
}

/// The object with one more point done.
///
/// # Errors
/// `Invalid` with the field `evidence` where it says nothing, or `point` where only the model decides or the gate has no
/// such point; `NotFound` for an object without checkpoints.
pub fn with_done(model: &Model, object: &ObjectRef, gate: Gate, point: Point, done: &Done) -> Result<Object, Problem> {
    if let Some(code) = wrong(&done.evidence) {
        return Err(Problem::field("evidence", code));
    }
    if contradicted(point) {
        return Err(Problem::field("point", FieldCode::NotInThisState));
    }
    let lines = checklist(model, object, gate, done.on).ok_or(Problem::NotFound)?;
    if !lines.iter().any(|it| it.point == point) {
        return Err(Problem::field("point", FieldCode::NotInList));
    }
    let mut object = model.get(object).ok_or(Problem::NotFound)?;
    let facts = object.facts_mut().ok_or(Problem::NotFound)?;
    let other = |it: &&Value| !(it["gate"] == gate.as_str() && it["item"] == point.as_str());
    let mut all: Vec<Value> = said::items(facts, ATTRIBUTE).filter(other).cloned().collect();
    let mut one = json!({ "gate": gate, "item": point, "done_at": done.on, "evidence": done.evidence.trim() });
    if let (Some(by), Value::Object(members)) = (&done.by, &mut one) {
        members.insert("by".to_owned(), json!(by));
    }
    all.push(one);
    facts.insert(ATTRIBUTE.to_owned(), Fact::of(Value::Array(all)));
    Ok(object)
}

/// Reads the form of a point: `gate`, `point` and `evidence`.
///
/// # Errors
/// `Invalid` with the fields that are wrong.
pub fn from_form(form: &Form) -> Result<(Gate, Point, String), Problem> {
    let value = |name: &str| form.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.trim());
    let gate = value("gate").parse().map_err(|_| Problem::field("gate", FieldCode::NotInList))?;
    let point = value("point").parse().map_err(|_| Problem::field("point", FieldCode::NotInList))?;
    Ok((gate, point, value("evidence").to_owned()))
}

fn done(facts: &Facts, gate: Gate, point: Point) -> Option<Done> {
    said::items(facts, ATTRIBUTE).find_map(|it| {
        let text = |name: &str| it.get(name).and_then(Value::as_str);
        if text("gate") != Some(gate.as_str()) || text("item") != Some(point.as_str()) {
            return None;
        }
        let evidence = text("evidence").unwrap_or_default().to_owned();
        Some(Done { on: text("done_at")?.parse().ok()?, by: text("by").map(PersonId::new), evidence })
    })
}

fn decided(holds: bool, shown: &str, remedy: &str) -> Result<String, String> {
    if holds { Ok(shown.to_owned()) } else { Err(remedy.to_owned()) }
}

fn vendor_begins(it: &Vendor, today: Day) -> Vec<Shown> {
    let facts = &it.facts;
    let has = |name: &str| said::anything(facts, name);
    let valid = said::day(facts, "aoc_expires").is_some_and(|until| until >= today);
    let used = said::list(facts, "services");
    let covered = said::list(facts, "services_covered");
    let all = !used.is_empty() && used.iter().all(|it| covered.contains(it));
    vec![
        (
            Point::Identity,
            decided(has("due_diligence_date"), "They were checked before.", "Check them, and note the day."),
        ),
        (
            Point::Attestation,
            decided(valid, "Their attestation is valid.", "Ask for an attestation that is valid today."),
        ),
        (
            Point::ServicesCovered,
            decided(
                all,
                "Every service is covered.",
                "Name the services that are used, and those that the attestation covers.",
            ),
        ),
        (
            Point::ResponsibilityMatrix,
            decided(has("matrix"), "The matrix is there.", "Agree on who does what, and attach it."),
        ),
        (
            Point::Contacts,
            decided(
                has("contact") && has("incident_contact"),
                "Both contacts are there.",
                "Enter a contact, and one for incidents.",
            ),
        ),
        (
            Point::Agreement,
            decided(
                has("agreement_ref") && said::yes(facts, "acknowledgement") == Some(true),
                "The agreement names their responsibility.",
                "Attach the agreement, and that they acknowledge their responsibility.",
            ),
        ),
    ]
}

fn vendor_ends(model: &Model, it: &Vendor) -> Vec<Shown> {
    let theirs = |id: &crate::id::SystemId| model.systems.get(id).is_some_and(|at| at.vendor.as_ref() == Some(&it.id));
    let live = |stage: Lifecycle| matches!(stage, Lifecycle::Live | Lifecycle::Retiring);
    let flows =
        model.flows.values().filter(|flow| live(flow.stage) && (theirs(&flow.from) || theirs(&flow.to))).count();
    let works = |it: &&std::sync::Arc<Credential>| said::yes(&it.facts, "enabled") != Some(false);
    let secrets = model.credentials.values().filter(works).filter(|it| it.held_by.iter().any(theirs)).count();
    let held = model
        .systems
        .values()
        .filter(|at| at.vendor.as_ref() == Some(&it.id) && !at.holdings.is_empty() && !at.disposed);
    let held = held.count();
    vec![
        (
            Point::EdgesRemoved,
            decided(
                flows == 0,
                "No live flow leads to them or comes from them.",
                &format!("Remove or retire the flows with them: {flows}."),
            ),
        ),
        (
            Point::SecretsRemoved,
            decided(
                secrets == 0,
                "They hold no secret that works.",
                &format!("Disable the credentials that they hold: {secrets}."),
            ),
        ),
        (
            Point::DataRemoved,
            decided(
                held == 0,
                "Nothing of ours is with them.",
                "Have them confirm that our data is deleted, and attach it.",
            ),
        ),
    ]
}

fn credential_begins(it: &Credential) -> Vec<Shown> {
    let facts = &it.facts;
    let has = |name: &str| said::anything(facts, name);
    let kept = matches!(it.location, SecretLocation::Vault | SecretLocation::Hsm | SecretLocation::Kms);
    let ends = has("rotate_days") || has("expires_at") || it.ttl_minutes.is_some();
    vec![
        (
            Point::Purpose,
            decided(
                has("owner") && !it.held_by.is_empty(),
                "Owner and holder are known.",
                "Enter its owner and the system that holds it.",
            ),
        ),
        (Point::Storage, decided(kept, "It is kept where secrets belong.", "Move it to a vault, and enter that here.")),
        (
            Point::LeastPrivilege,
            decided(
                !it.grants.is_empty() && has("last_reviewed"),
                "Its rights are named and were reviewed.",
                "Name what it may do, and review it.",
            ),
        ),
        (Point::Rotation, decided(ends, "It ends or is rotated.", "Enter when it ends, or how often it is rotated.")),
    ]
}

fn credential_ends(model: &Model, it: &Credential) -> Vec<Shown> {
    let disabled = said::yes(&it.facts, "enabled") == Some(false);
    let live = |stage: Lifecycle| matches!(stage, Lifecycle::Live | Lifecycle::Retiring);
    let flows =
        model.flows.values().filter(|flow| live(flow.stage) && flow.credential.as_ref() == Some(&it.id)).count();
    vec![
        (
            Point::EdgesRemoved,
            decided(
                flows == 0,
                "No live flow uses it.",
                &format!("Give the flows that use it another one, or retire them: {flows}."),
            ),
        ),
        (
            Point::SecretsRemoved,
            decided(disabled, "It is disabled.", "Disable it where it works, then enter that here."),
        ),
        (Point::GrantsRemoved, decided(it.grants.is_empty(), "It has no right any more.", "Remove what it may do.")),
    ]
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::model::reader::read_json;

    const TODAY: Day = Day(20_454);

    fn model() -> Model {
        let text = r#"{"systems":[{"id":"shop"},{"id":"psp","boundary":"third_party","vendor":"v","holdings":[{"element":"pan"}]}],
            "vendors":[{"id":"v","name":"PSP","services":["payments"],"services_covered":["payments"],
                "aoc_expires":"2026-01-01","contact":"a","incident_contact":"b"}],
            "credentials":[{"id":"key","kind":"api_key","held_by":["shop"],"grants":[{"on":"psp","priv":"act"}],"rotate_days":90}],
            "flows":[{"id":"f","from":"shop","to":"psp","credential":"key"}]}"#;
        read_json(text.as_bytes()).unwrap().0
    }

    fn open(model: &Model, object: &ObjectRef, gate: Gate) -> Vec<Point> {
        let lines = checklist(model, object, gate, TODAY).unwrap();
        lines.into_iter().filter(|it| !it.is_done()).map(|it| it.point).collect()
    }

    #[test]
    fn what_the_model_shows_is_done_and_evidence_does_the_rest() {
        let (mut model, vendor) = (model(), ObjectRef::Vendor("v".into()));
        assert_eq!(
            open(&model, &vendor, Gate::Onboarding),
            [Point::Identity, Point::ResponsibilityMatrix, Point::Agreement]
        );
        let done = Done { on: TODAY, by: Some("lead".into()), evidence: "EV-0007".to_owned() };
        model.put(with_done(&model, &vendor, Gate::Onboarding, Point::Identity, &done).unwrap());
        assert_eq!(open(&model, &vendor, Gate::Onboarding), [Point::ResponsibilityMatrix, Point::Agreement]);
        let line = checklist(&model, &vendor, Gate::Onboarding, TODAY).unwrap().remove(0);
        assert_eq!(line.standing, Standing::Done(done.clone()), "who, when and with what");
        let nothing = Done { on: TODAY, by: None, evidence: String::new() };
        assert!(with_done(&model, &vendor, Gate::Onboarding, Point::Agreement, &nothing).is_err());
        let other = with_done(&model, &vendor, Gate::Onboarding, Point::Rotation, &done);
        assert_eq!(other.err(), Some(Problem::field("point", FieldCode::NotInList)), "a vendor has no such point");
        assert_eq!(checklist(&model, &ObjectRef::Settings, Gate::Onboarding, TODAY), None);
    }

    #[test]
    fn what_is_still_there_is_not_gone_whatever_anybody_says() {
        let (mut model, vendor) = (model(), ObjectRef::Vendor("v".into()));
        let done = Done { on: TODAY, by: Some("lead".into()), evidence: "EV-0008".to_owned() };
        assert!(with_done(&model, &vendor, Gate::Decommissioning, Point::EdgesRemoved, &done).is_err());
        assert_eq!(open(&model, &vendor, Gate::Decommissioning), [Point::EdgesRemoved, Point::DataRemoved]);
        model.remove(&ObjectRef::Flow("f".into()));
        model.put(with_done(&model, &vendor, Gate::Decommissioning, Point::DataRemoved, &done).unwrap());
        assert_eq!(open(&model, &vendor, Gate::Decommissioning), []);
    }

    #[test]
    fn a_credential_begins_with_an_owner_and_ends_disabled() {
        let (model, key) = (model(), ObjectRef::Credential("key".into()));
        assert_eq!(open(&model, &key, Gate::Onboarding), [Point::Purpose, Point::Storage, Point::LeastPrivilege]);
        assert_eq!(
            open(&model, &key, Gate::Decommissioning),
            [Point::EdgesRemoved, Point::SecretsRemoved, Point::GrantsRemoved]
        );
    }
}
