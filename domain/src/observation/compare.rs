//! What sources saw compared with what is declared.

use std::collections::{BTreeMap, BTreeSet};

use super::{ConfigurationCheck, EVERYTHING, LogHit, Secret, Seen, Source, Webhook, key, records};
use crate::findings::said;
use crate::id::{CredentialId, ElementId, FlowId, SystemId};
use crate::import::keys::{Directory, Found};
use crate::model::Model;
use crate::model::catalogue;
use crate::model::credential::Credential;
use crate::model::element::{ElementClass, Form};
use crate::model::flow::Flow;
use crate::model::kinds::{FlowKind, SecretLocation};
use crate::model::object::ObjectRef;
use crate::model::relations::{Boundary, Lifecycle};
use crate::model::system::System;
use crate::text::text_enum;
use crate::time::Timestamp;

/// For how many days a source has covered something completely before it counts that it never saw it.
pub const UNSEEN_DAYS: i32 = 30;

text_enum! {
    /// In which way a source and the model differ.
    DriftKind {
        Undeclared = "undeclared": "Seen, not declared",
        Worse = "worse": "Seen in a worse form",
        Differs = "differs": "Disagrees",
        Unseen = "unseen": "Declared, never seen",
    }
}

/// One difference between a source and the model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drift {
    /// In which way.
    pub kind: DriftKind,
    /// The source.
    pub source: ObjectRef,
    /// The object it is about; the source itself where the model has none.
    pub subject: ObjectRef,
    /// What tells it from other differences of its kind on the subject.
    pub about: String,
    /// What is wrong, as a sentence.
    pub sentence: String,
    /// What is declared, where something is.
    pub declared: Option<String>,
    /// What was seen, where something was.
    pub seen: Option<String>,
    /// When it was seen, or from when on it counts that it was not.
    pub at: Timestamp,
    /// It is about live account data.
    pub account_data: bool,
}

/// The differences of every source, by source, kind, subject and what they are about.
#[must_use]
pub fn drifts(model: &Model) -> Vec<Drift> {
    records(model).filter_map(Source::of).flat_map(|source| drifts_of(model, &source)).collect()
}

/// The differences of one source, by kind, subject and what they are about.
#[must_use]
pub fn drifts_of(model: &Model, source: &Source) -> Vec<Drift> {
    let mut it = Comparison { model, source, found: Vec::new() };
    match &source.seen {
        Seen::Secrets(secrets) => it.secrets(secrets),
        Seen::Webhooks(webhooks) => it.webhooks(webhooks),
        Seen::LogHits(hits) => it.hits(hits),
        Seen::Checks(checks) => it.checks(checks),
    }
    it.found.sort_by(|a, b| (a.kind, &a.subject, &a.about).cmp(&(b.kind, &b.subject, &b.about)));
    it.found
}

struct Comparison<'a> {
    model: &'a Model,
    source: &'a Source,
    found: Vec<Drift>,
}

impl Comparison<'_> {
    fn add(&mut self, kind: DriftKind, subject: ObjectRef, about: String, sentence: String) -> &mut Drift {
        let source = ObjectRef::Record(key(&self.source.id));
        // One object can differ from several sources.
        let about = if subject == source { about } else { format!("{}:{about}", self.source.id) };
        let at = self.source.seen_at;
        let drift =
            Drift { kind, source, subject, about, sentence, declared: None, seen: None, at, account_data: false };
        self.found.push(drift);
        self.found.last_mut().expect("it was pushed just now")
    }

    /// It is seen, and nothing of the model is it.
    fn undeclared(&mut self, about: String, sentence: String) -> &mut Drift {
        let subject = ObjectRef::Record(key(&self.source.id));
        self.add(DriftKind::Undeclared, subject, about, sentence)
    }

    /// It is declared, the source covers it, and does not list it.
    fn unseen(&mut self, subject: ObjectRef, name: &str) {
        let since = self.source.complete_since.unwrap_or_else(|| self.source.seen_at.day());
        let sentence = format!("{name} is declared, and {} has not seen it since {since}.", self.source.name);
        self.add(DriftKind::Unseen, subject, "unseen".to_owned(), sentence).at =
            since.plus_days(UNSEEN_DAYS.saturating_add(1)).start();
    }

    fn covers(&self, what: &str) -> bool {
        self.source.complete_for.iter().any(|it| it == EVERYTHING || it == what)
    }

    fn secrets(&mut self, secrets: &[Secret]) {
        let model = self.model;
        let directory = Directory::of(model.credentials.values().map(|it| (it.id.as_str(), it.name.as_str())));
        let mut seen: BTreeSet<&CredentialId> = BTreeSet::new();
        for secret in secrets {
            let credential = match directory.find(&secret.id) {
                Found::One(id) => model.credentials.get(id.as_str()),
                Found::Several(_) | Found::Nothing => None,
            };
            let Some(credential) = credential else {
                let place = secret.location.as_deref().map(|it| format!(" in {it}")).unwrap_or_default();
                let sentence = format!(
                    "{} has the secret {}{place}, which no credential of the model is.",
                    self.source.name, secret.id
                );
                self.undeclared(format!("secret:{}", secret.id), sentence).seen = Some(secret.id.clone());
                continue;
            };
            seen.insert(&credential.id);
            self.secret(secret, credential);
        }
        for credential in model.credentials.values() {
            let is_live = said::yes(&credential.facts, "enabled") != Some(false);
            if is_live && self.covers(credential.location.as_str()) && !seen.contains(&credential.id) {
                self.unseen(ObjectRef::Credential(credential.id.clone()), &credential.name);
            }
        }
    }

    fn secret(&mut self, secret: &Secret, credential: &Credential) {
        let name = self.source.name.clone();
        let mut differs = |kind: DriftKind, about: &str, sentence: String, declared: String, seen: String| {
            let drift = self.add(kind, ObjectRef::Credential(credential.id.clone()), about.to_owned(), sentence);
            drift.declared = Some(declared);
            drift.seen = Some(seen);
        };
        let place = secret.location.as_deref().and_then(|it| it.parse::<SecretLocation>().ok());
        if let Some(place) =
            place.filter(|it| *it != credential.location && credential.location != SecretLocation::Unknown)
        {
            let is_worse = exposure(place) > exposure(credential.location);
            let sentence = format!(
                "{} is declared to be kept in {}, and {name} saw it in {}.",
                credential.name,
                credential.location.label().to_lowercase(),
                place.label().to_lowercase()
            );
            let kind = if is_worse { DriftKind::Worse } else { DriftKind::Differs };
            differs(kind, "location", sentence, credential.location.as_str().to_owned(), place.as_str().to_owned());
        }
        let declared = said::day(&credential.facts, "last_rotated");
        if let (Some(declared), Some(seen)) = (declared, secret.rotated.or(secret.created))
            && declared != seen
        {
            let sentence =
                format!("{} is declared to be rotated on {declared}, and {name} says {seen}.", credential.name);
            differs(DriftKind::Differs, "rotated", sentence, declared.to_string(), seen.to_string());
        }
        let Some(used) = secret.last_used else { return };
        if said::yes(&credential.facts, "enabled") == Some(false) {
            let sentence =
                format!("{} is declared disabled, and {name} says it was last used on {used}.", credential.name);
            differs(DriftKind::Worse, "disabled", sentence, "disabled".to_owned(), used.to_string());
        }
        let instants = credential.grants.iter().filter_map(|it| said::instant(&it.facts, "last_used"));
        if let Some(declared) = instants.map(Timestamp::day).max().filter(|it| *it != used) {
            let sentence =
                format!("{} is declared to be last used on {declared}, and {name} says {used}.", credential.name);
            differs(DriftKind::Differs, "last_used", sentence, declared.to_string(), used.to_string());
        }
    }

    fn webhooks(&mut self, webhooks: &[Webhook]) {
        let model = self.model;
        let mut flows: BTreeMap<String, &Flow> = BTreeMap::new();
        for flow in model.flows.values().filter(|it| it.kind == FlowKind::Webhook) {
            let operation = said::text(&flow.facts, "operation").unwrap_or_default();
            for name in [flow.id.as_str(), flow.name.as_str(), operation] {
                if !name.is_empty() {
                    flows.entry(folded(name)).or_insert(flow);
                }
            }
        }
        let mut seen: BTreeSet<&FlowId> = BTreeSet::new();
        for webhook in webhooks {
            let Some(flow) = flows.get(&folded(&webhook.endpoint)).copied() else {
                let sentence = format!(
                    "{} sends webhooks to {}, which no flow of the model is.",
                    self.source.name, webhook.endpoint
                );
                self.undeclared(format!("webhook:{}", webhook.endpoint), sentence).seen =
                    Some(webhook.endpoint.clone());
                continue;
            };
            seen.insert(&flow.id);
            self.webhook(webhook, flow);
        }
        for flow in model.flows.values().filter(|it| it.kind == FlowKind::Webhook && it.stage == Lifecycle::Live) {
            if self.covers(flow.from.as_str()) && !seen.contains(&flow.id) {
                self.unseen(ObjectRef::Flow(flow.id.clone()), &name_of(model, flow));
            }
        }
    }

    fn webhook(&mut self, webhook: &Webhook, flow: &Flow) {
        let (flow_name, name) = (name_of(self.model, flow), self.source.name.clone());
        let subject = || ObjectRef::Flow(flow.id.clone());
        if flow.stage == Lifecycle::Retired {
            let sentence = format!("{flow_name} is retired, and {name} still has its subscription.");
            self.add(DriftKind::Worse, subject(), "retired".to_owned(), sentence).declared = Some("retired".to_owned());
        }
        let declared = said::text(&flow.facts, "signature");
        let (kind, sentence) = match (declared, webhook.signed) {
            (Some(declared), Some(false)) if declared != "none" => (
                DriftKind::Worse,
                format!("{flow_name} is declared to be signed with {declared}, and {name} says it is not signed."),
            ),
            (Some("none"), Some(true)) => {
                (DriftKind::Differs, format!("{flow_name} is declared to be unsigned, and {name} says it is signed."))
            }
            _ => return,
        };
        let drift = self.add(kind, subject(), "signed".to_owned(), sentence);
        drift.declared = declared.map(str::to_owned);
        drift.seen = Some(if webhook.signed == Some(true) { "signed" } else { "not signed" }.to_owned());
    }

    fn hits(&mut self, hits: &[LogHit]) {
        let model = self.model;
        let systems = systems(model);
        // The newest of each stands for all of them.
        let mut newest: BTreeMap<(&str, &str, Form), (&str, usize)> = BTreeMap::new();
        for hit in hits {
            let kept = newest.entry((&hit.system, &hit.element, hit.form)).or_insert((&hit.at, 0));
            *kept = (kept.0.max(&hit.at), kept.1 + 1);
        }
        for ((named, element, form), (at, number)) in newest {
            let element = ElementId::new(element);
            let words = element_words(&element);
            let form_words = form.label().to_lowercase();
            let times = if number == 1 { "once".to_owned() } else { format!("{number} times") };
            let at = said::instant_of(at).unwrap_or(self.source.seen_at);
            let about = format!("element:{element}:{form}");
            let account_data = is_account_data(&element, form);
            let found = format!("{} found {words} ({form_words}) {times}, last at {at}", self.source.name);
            let drift = match find(&systems, model, named) {
                None => {
                    let sentence = format!("{found}, on {named}, which no system of the model is.");
                    self.undeclared(format!("{named}:{about}"), sentence)
                }
                Some(system) => {
                    let subject = ObjectRef::System(system.id.clone());
                    let declared: Vec<Form> =
                        system.holdings.iter().filter(|it| it.element == element).map(|it| it.form).collect();
                    let (kind, sentence) = if declared.is_empty() {
                        let sentence = format!("{found}, on {}, which is not declared to have it.", system.name);
                        (DriftKind::Undeclared, sentence)
                    } else if declared.iter().all(|it| it.openness() > form.openness()) {
                        let declared: Vec<String> = declared.iter().map(|it| it.label().to_lowercase()).collect();
                        let sentence = format!(
                            "{found}, on {}, which is declared to have it {} only.",
                            system.name,
                            declared.join(", ")
                        );
                        (DriftKind::Worse, sentence)
                    } else {
                        continue;
                    };
                    let drift = self.add(kind, subject, about, sentence);
                    drift.declared = (!declared.is_empty())
                        .then(|| declared.iter().map(|it| it.as_str()).collect::<Vec<_>>().join(", "));
                    drift
                }
            };
            drift.seen = Some(format!("{element}:{form}"));
            drift.at = at;
            drift.account_data = account_data;
        }
    }

    fn checks(&mut self, checks: &[ConfigurationCheck]) {
        let model = self.model;
        let systems = systems(model);
        let mut newest: BTreeMap<(&str, &str), &ConfigurationCheck> = BTreeMap::new();
        for check in checks {
            let kept = newest.entry((&check.system, &check.standard)).or_insert(check);
            if check.at > kept.at {
                *kept = check;
            }
        }
        let mut seen: BTreeSet<&SystemId> = BTreeSet::new();
        for ((named, standard), check) in newest {
            let at = said::instant_of(&check.at).unwrap_or(self.source.seen_at);
            let Some(system) = find(&systems, model, named) else {
                let sentence = format!("{} checked {named}, which no system of the model is.", self.source.name);
                let drift = self.undeclared(format!("system:{named}"), sentence);
                (drift.seen, drift.at) = (Some(named.to_owned()), at);
                continue;
            };
            seen.insert(&system.id);
            if !check.passed {
                let sentence =
                    format!("{} says that {} did not pass {standard} at {at}.", self.source.name, system.name);
                let subject = ObjectRef::System(system.id.clone());
                let drift = self.add(DriftKind::Worse, subject, format!("standard:{standard}"), sentence);
                (drift.seen, drift.at) = (Some(format!("{standard}: not passed")), at);
            }
        }
        let own = |it: &&System| it.boundary == Boundary::Own && it.lifecycle == Lifecycle::Live;
        for system in model.systems.values().map(|it| &**it).filter(own) {
            if self.covers(system.id.as_str()) && !seen.contains(&system.id) {
                self.unseen(ObjectRef::System(system.id.clone()), &system.name);
            }
        }
        // An unknown system is told once, whatever it was checked for.
        self.found
            .dedup_by(|one, other| (one.kind, &one.subject, &one.about) == (other.kind, &other.subject, &other.about));
    }
}

fn systems(model: &Model) -> Directory {
    Directory::of(model.systems.values().map(|it| (it.id.as_str(), it.name.as_str())))
}

fn find<'a>(directory: &Directory, model: &'a Model, named: &str) -> Option<&'a System> {
    match directory.find(named) {
        Found::One(id) => model.systems.get(id.as_str()).map(|it| &**it),
        Found::Several(_) | Found::Nothing => None,
    }
}

fn folded(name: &str) -> String {
    name.trim().trim_end_matches('/').to_lowercase()
}

fn name_of(model: &Model, flow: &Flow) -> String {
    let system = |id: &SystemId| model.systems.get(id).map_or_else(|| id.to_string(), |it| it.name.clone());
    if flow.name.is_empty() { format!("{} to {}", system(&flow.from), system(&flow.to)) } else { flow.name.clone() }
}

fn element_words(element: &ElementId) -> String {
    catalogue::element(element.as_str()).map_or_else(|| element.to_string(), |row| row.name.to_lowercase())
}

/// Whether it is a card number or authentication data that somebody could use.
fn is_account_data(element: &ElementId, form: Form) -> bool {
    let is_whole = matches!(form, Form::Clear | Form::Unknown | Form::Encrypted);
    let is_sad = catalogue::class_of(element.as_str()) == Some(ElementClass::Sad);
    is_whole && (element.as_str() == "pan" || is_sad)
}

/// How easily a secret is taken from where it is kept.
const fn exposure(place: SecretLocation) -> u8 {
    match place {
        SecretLocation::Hsm => 0,
        SecretLocation::Vault | SecretLocation::Kms => 1,
        SecretLocation::Env => 2,
        SecretLocation::Unknown => 3,
        SecretLocation::Config | SecretLocation::Ci | SecretLocation::Script => 4,
        SecretLocation::Repo | SecretLocation::Plain => 5,
    }
}
