//! The security attributes of an object, each with the direction in which it gets worse.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{Attributes, Grade};
use crate::id::ElementId;
use crate::model::Model;
use crate::model::credential::{Credential, Key};
use crate::model::element::{Holding, Op};
use crate::model::fact::{FactType, Facts, attribute};
use crate::model::flow::{Flow, FlowControl};
use crate::model::kinds::SecretLocation;
use crate::model::object::{ObjectKind, ObjectRef};
use crate::model::relations::{Access, Auth, ControlMode, ControlStatus, Encryption, Exposure, LinkPolicy};
use crate::model::segment::{Control, Link as SegmentLink, Segment};
use crate::model::settings::Override;
use crate::model::system::{ManageTarget, System};
use crate::scope::Scope;

/// What stands in the place of a number that nobody knows: more than any number has digits.
const UNKNOWN: u64 = 99;

/// How many digits a number has in decimal; record counts are compared by that.
pub(super) fn digits(number: u64) -> u64 {
    u64::from(number.checked_ilog10().unwrap_or(0)) + 1
}

/// The security attributes of an object; `None` where the model does not have it.
pub(super) fn of_object(object: &ObjectRef, model: &Model, scope: &Scope) -> Option<Attributes> {
    let mut marks = Marks::default();
    match object {
        ObjectRef::System(id) => system(model.systems.get(id)?, model, scope, &mut marks),
        ObjectRef::Flow(id) => flow(model.flows.get(id)?, &mut marks),
        ObjectRef::Credential(id) => credential(model.credentials.get(id)?, &mut marks),
        ObjectRef::Key(id) => key(model.keys.get(id)?, &mut marks),
        ObjectRef::Control(id) => control(model.controls.get(id)?, &mut marks),
        ObjectRef::Segment(id) => segment(model.segments.get(id)?, &mut marks),
        ObjectRef::Link(key) => link(model.links.get(key)?, &mut marks),
        ObjectRef::Override(key) => decision(model.overrides.get(key)?, &mut marks),
        ObjectRef::Vendor(id) => marks.facts(ObjectKind::Vendor, &model.vendors.get(id)?.facts),
        ObjectRef::Record(key) => marks.facts(key.kind, &model.records.get(key)?.facts),
        // Who somebody is, and what the engine is told, are no attributes of security.
        ObjectRef::Person(id) => drop(model.people.get(id)?),
        ObjectRef::Settings => {}
    }
    Some(marks.0)
}

/// Where an element is, and how open.
pub(super) fn of_element(element: &ElementId, model: &Model) -> Attributes {
    let mut marks = Marks::default();
    for system in model.systems.values() {
        marks.holdings(&format!("on {} ", system.id), system.holdings.iter().filter(|it| it.element == *element));
    }
    for flow in model.flows.values() {
        marks.holdings(&format!("on flow {} ", flow.id), flow.fields.iter().filter(|it| it.element == *element));
    }
    marks.0
}

#[derive(Default)]
struct Marks(Attributes);

impl Marks {
    fn put(&mut self, name: impl Into<String>, grade: Grade) {
        self.0.insert(name.into(), grade);
    }

    fn rank(&mut self, name: &str, rank: u64, words: impl Into<String>) {
        self.put(name, Grade::Rank(rank, words.into()));
    }

    fn fixed(&mut self, name: &str, value: impl ToString) {
        self.put(name, Grade::Fixed(value.to_string()));
    }

    fn exposures(&mut self, name: &str, values: impl IntoIterator<Item = impl ToString>) {
        for value in values {
            self.put(format!("{name} {}", value.to_string()), Grade::Exposure);
        }
    }

    fn protections(&mut self, name: &str, values: impl IntoIterator<Item = impl ToString>) {
        for value in values {
            self.put(format!("{name} {}", value.to_string()), Grade::Protection);
        }
    }

    fn protection(&mut self, name: &str, there: bool) {
        if there {
            self.put(name, Grade::Protection);
        }
    }

    fn exposure(&mut self, name: &str, there: bool) {
        if there {
            self.put(name, Grade::Exposure);
        }
    }

    /// Each element in its most open form, with the digits of its largest number of records, and what is stored.
    fn holdings<'a>(&mut self, before: &str, holdings: impl Iterator<Item = &'a Holding>) {
        let mut by_element: BTreeMap<&ElementId, Vec<&Holding>> = BTreeMap::new();
        for holding in holdings.filter(|it| it.live) {
            by_element.entry(&holding.element).or_default().push(holding);
        }
        for (element, holdings) in by_element {
            let Some(open) = holdings.iter().min_by_key(|it| it.form.openness()) else { continue };
            self.rank(&format!("{before}{element}"), 3 - u64::from(open.form.openness()), open.form.label());
            let most = holdings.iter().map(|it| it.records.map_or(UNKNOWN, digits)).max().unwrap_or(0);
            let words = if most == UNKNOWN { "unknown".to_owned() } else { format!("a number of {most} digits") };
            self.rank(&format!("{before}{element}, records"), most, words);
            let stored = holdings.iter().any(|it| it.ops.contains(Op::Store));
            self.exposure(&format!("{before}{element} is stored"), stored);
        }
    }

    /// Registered facts. Later days are better; of anything else any change counts as worse.
    fn facts(&mut self, kind: ObjectKind, facts: &Facts) {
        for (name, fact) in facts.iter().filter(|(name, _)| !says_nothing(name)) {
            let day = fact.value.as_str().and_then(|text| text.parse().ok());
            let is_day = attribute(kind, name).is_none_or(|it| it.kind == FactType::Day);
            match day.filter(|_| is_day) {
                Some(day) => self.put(name, Grade::Until(day)),
                None => self.fixed(name, plain(&fact.value)),
            }
        }
    }

    /// One fact whose later day is better.
    fn until(&mut self, facts: &Facts, name: &str) {
        let day = facts.get(name).and_then(|fact| fact.value.as_str()?.parse().ok());
        if let Some(day) = day {
            self.put(name, Grade::Until(day));
        }
    }
}

/// Facts that are about people and words, not about security.
fn says_nothing(name: &str) -> bool {
    matches!(
        name,
        "name" | "note" | "tags" | "owner" | "deputy" | "reviewed_at" | "reviewed_by" | "contact" | "purpose"
    )
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn system(it: &System, model: &Model, scope: &Scope, marks: &mut Marks) {
    marks.fixed("kind", it.kind);
    marks.fixed("boundary", it.boundary);
    marks.fixed("environment", it.environment);
    marks.fixed("segment", it.segment.as_ref().map_or("", |it| it.as_str()));
    marks.fixed("stage of life", it.lifecycle);
    marks.fixed("payment page", it.payment_page);
    if let Some(verdict) = scope.systems.get(&it.id) {
        let category = verdict.category;
        let rank = crate::scope::verdict::Category::ALL.iter().rev().position(|other| *other == category);
        marks.rank("scope", u64::try_from(rank.unwrap_or(0)).unwrap_or(0), category.label());
    }
    let exposure = it.exposure.map(|exposure| match exposure {
        Exposure::Internet => 1,
        Exposure::Internal => 0,
    });
    if let (Some(rank), Some(exposure)) = (exposure, it.exposure) {
        marks.rank("reachable from", rank, exposure.label());
    }
    marks.holdings("", it.holdings.iter());
    marks.exposures(
        "tokens:",
        it.capabilities.iter().map(|it| {
            let domain = it.domain.as_ref().map_or("any domain", |it| it.as_str());
            format!("{} ({domain})", it.kind.label())
        }),
    );
    marks.exposures(
        "manages",
        it.manages.iter().map(|it| match &it.target {
            ManageTarget::System(target) => format!("{target} ({})", it.how),
            ManageTarget::Segment(target) => format!("segment {target} ({})", it.how),
        }),
    );
    marks.protections("control", &it.controls);
    marks.protection("sealed device", it.sealed_scd);
    let minutes = it.detect_minutes.unwrap_or(u64::MAX);
    let words = it.detect_minutes.map_or_else(|| "unknown".to_owned(), |it| format!("{it} minutes"));
    marks.rank("noticed after", minutes, words);
    for flow in model.flows.values().filter(|flow| flow.from == it.id || flow.to == it.id) {
        marks.holdings(&format!("flow {}: ", flow.id), flow.fields.iter());
        marks.rank(&format!("flow {}: encryption", flow.id), encryption(flow.encryption), flow.encryption.label());
    }
}

fn flow(it: &Flow, marks: &mut Marks) {
    marks.fixed("from", &it.from);
    marks.fixed("to", &it.to);
    marks.fixed("channel", it.channel);
    marks.fixed("protocol", it.protocol);
    marks.fixed("opened by", it.initiator);
    marks.fixed("stage of life", it.stage);
    marks.fixed("credential", it.credential.as_ref().map_or("", |it| it.as_str()));
    marks.holdings("", it.fields.iter());
    marks.rank("encryption", encryption(it.encryption), it.encryption.label());
    let auth = match it.auth {
        Auth::None => 3,
        Auth::Unknown => 2,
        Auth::Password | Auth::ApiKey | Auth::Other => 1,
        _ => 0,
    };
    marks.rank("authentication", auth, it.auth.label());
    let access = match it.access {
        Access::Blocked => 0,
        Access::Restricted => 1,
        Access::Unrestricted => 2,
    };
    marks.rank("network access", access, it.access.label());
    match &it.control {
        Some(FlowControl::Record(id)) => marks.protections("control", [id]),
        Some(FlowControl::Inline { kind, status }) => {
            marks.protections("control", [kind]);
            marks.protection("control is verified", *status == ControlStatus::Verified);
        }
        None => {}
    }
    marks.exposures("via", it.via.iter().map(|via| format!("{} ({})", via.node, via.mode)));
    marks.exposures("does", &it.action);
}

const fn encryption(it: Encryption) -> u64 {
    match it {
        Encryption::None => 4,
        Encryption::Unknown => 3,
        Encryption::Transport => 2,
        Encryption::Message => 1,
        Encryption::Both => 0,
    }
}

fn credential(it: &Credential, marks: &mut Marks) {
    marks.fixed("kind", it.kind);
    marks.exposures("held by", &it.held_by);
    marks.exposures(
        "grants",
        it.grants.iter().map(|grant| {
            let elements = grant.elements.as_ref().map_or("everything".to_owned(), |elements| {
                elements.iter().map(|it| it.as_str()).collect::<Vec<_>>().join(" ")
            });
            format!("{} on {}: {elements}", grant.privilege, grant.on)
        }),
    );
    // By their number: to be bound at all is better than to work from anywhere.
    let (count, words) = match &it.bound_to {
        None => (UNKNOWN.pow(2), "anywhere".to_owned()),
        Some(from) => (u64::try_from(from.len()).unwrap_or(u64::MAX), crate::table::counted(from.len(), "system")),
    };
    marks.rank("works from", count, words);
    marks.protection("second factor", it.mfa);
    marks.protection("cannot be copied", it.non_exportable);
    marks.exposure("shared", it.shared);
    let words = it.ttl_minutes.map_or_else(|| "never".to_owned(), |it| format!("{it} minutes"));
    marks.rank("expires after", it.ttl_minutes.unwrap_or(u64::MAX), words);
    let location = match it.location {
        SecretLocation::Hsm | SecretLocation::Kms | SecretLocation::Vault => 0,
        SecretLocation::Env | SecretLocation::Config | SecretLocation::Ci => 1,
        SecretLocation::Repo | SecretLocation::Script => 2,
        SecretLocation::Plain | SecretLocation::Unknown => 3,
    };
    marks.rank("kept in", location, it.location.label());
    marks.until(&it.facts, "last_rotated");
    marks.until(&it.facts, "expires");
}

fn key(it: &Key, marks: &mut Marks) {
    marks.fixed("use", it.usage);
    marks.exposures("held by", &it.holders);
    marks.protection("of a listed P2PE solution", it.p2pe_listed);
    marks.protection("attested that we cannot decrypt", it.attested);
    marks.until(&it.facts, "last_rotated");
    marks.until(&it.facts, "expires");
}

fn control(it: &Control, marks: &mut Marks) {
    marks.fixed("kind", it.kind);
    marks.protections("separates", &it.between);
    marks.protections("applies to", &it.applies_to);
    let mode = match it.mode {
        ControlMode::Enforce => 0,
        ControlMode::Detect => 1,
        ControlMode::Off => 2,
    };
    marks.rank("mode", mode, it.mode.label());
    let status = match it.status {
        ControlStatus::Verified => 0,
        ControlStatus::Unverified => 1,
        ControlStatus::Failed => 2,
    };
    marks.rank("status", status, it.status.label());
    for (name, day) in [("last review", it.last_review), ("last test", it.last_tested)] {
        if let Some(day) = day {
            marks.put(name, Grade::Until(day));
        }
    }
}

fn segment(it: &Segment, marks: &mut Marks) {
    marks.fixed("trust", it.trust);
    marks.protection("microsegmented", it.microsegmented);
}

fn link(it: &SegmentLink, marks: &mut Marks) {
    let policy = match it.policy {
        LinkPolicy::Denied => 0,
        LinkPolicy::Filtered => 1,
        LinkPolicy::Open => 2,
    };
    marks.rank("policy", policy, it.policy.label());
    marks.protections("control", &it.control);
}

fn decision(it: &Override, marks: &mut Marks) {
    marks.fixed("category", it.category);
    marks.exposure("stale", it.stale);
    if let Some(day) = it.expires {
        marks.put("expires", Grade::Until(day));
    }
}
