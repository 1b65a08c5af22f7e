//! What the model says of each control on an integration. Where no fact tells, the answer is unknown, never absent.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::rc::Rc;

use serde_json::Value;

use super::{Derived, IntegrationControl, NamedFact, Presence};
use crate::findings::said;
use crate::id::{SegmentId, SystemId};
use crate::inventory::work::fields_unknown;
use crate::inventory::{GrantInUse, grants_in_use};
use crate::model::Model;
use crate::model::credential::Credential;
use crate::model::element::{Form, Holding};
use crate::model::flow::Flow;
use crate::model::kinds::{ControlType, FlowKind, SystemKind};
use crate::model::object::ObjectRef;
use crate::model::relations::{
    Auth, Channel, ControlMode, ControlStatus, Encryption, Exposure, How, Initiator, Lifecycle,
};
use crate::model::segment::Control;
use crate::model::system::{ManageTarget, System};

/// What is looked up for every integration, gathered in one walk over the model.
pub(super) struct Index<'a> {
    model: &'a Model,
    flows: BTreeMap<&'a SystemId, Vec<&'a Flow>>,
    of_system: BTreeMap<&'a SystemId, Vec<(How, &'a System)>>,
    of_segment: BTreeMap<&'a SegmentId, Vec<(How, &'a System)>>,
    credentials: BTreeMap<&'a SystemId, Vec<Held<'a>>>,
}

/// A credential with what of its grants is used.
type Held<'a> = (&'a Credential, Rc<[GrantInUse<'a>]>);

impl<'a> Index<'a> {
    /// The index of a model.
    pub(super) fn of(model: &'a Model) -> Self {
        let mut it = Self {
            model,
            flows: BTreeMap::new(),
            of_system: BTreeMap::new(),
            of_segment: BTreeMap::new(),
            credentials: BTreeMap::new(),
        };
        for flow in model.flows.values().map(AsRef::as_ref).filter(|it| it.stage != Lifecycle::Retired) {
            it.flows.entry(&flow.from).or_default().push(flow);
            if flow.from != flow.to {
                it.flows.entry(&flow.to).or_default().push(flow);
            }
        }
        for manager in model.systems.values().map(AsRef::as_ref).filter(|it| it.lifecycle != Lifecycle::Retired) {
            for managed in &manager.manages {
                match &managed.target {
                    ManageTarget::System(id) => it.of_system.entry(id).or_default().push((managed.how, manager)),
                    ManageTarget::Segment(id) => it.of_segment.entry(id).or_default().push((managed.how, manager)),
                }
            }
        }
        for credential in model.credentials.values().map(AsRef::as_ref).filter(|it| !it.held_by.is_empty()) {
            let used: Rc<[GrantInUse<'a>]> = grants_in_use(credential, model).into();
            for holder in &credential.held_by {
                it.credentials.entry(holder).or_default().push((credential, Rc::clone(&used)));
            }
        }
        it
    }
}

/// What the model says of a control on the integrations of a system of ours.
pub(super) fn derive(index: &Index<'_>, system: &System, control: IntegrationControl) -> Derived {
    let it = Subject { model: index.model, index, system };
    match control {
        IntegrationControl::ApiAuthentication => it.authentication(),
        IntegrationControl::Tokenisation => it.tokenisation(),
        IntegrationControl::EncryptionInTransit => it.encryption(),
        IntegrationControl::LeastPrivilege => it.least_privilege(),
        IntegrationControl::RateLimiting => it.rate_limiting(),
        IntegrationControl::CentralisedLogging => it.logging(),
        IntegrationControl::ContinuousMonitoring => it.monitoring(),
        IntegrationControl::WebApplicationFirewall => it.firewall(),
    }
}

struct Subject<'a> {
    model: &'a Model,
    index: &'a Index<'a>,
    system: &'a System,
}

/// A sentence about an object, and what it says of the control.
fn fact(object: ObjectRef, says: Presence, sentence: String) -> NamedFact {
    NamedFact { object, sentence, says }
}

fn of_flow(flow: &Flow, says: Presence, words: &str) -> NamedFact {
    fact(ObjectRef::Flow(flow.id.clone()), says, format!("Flow {}: {words}.", flow.id))
}

/// What all facts together say. What is certain whatever the unknown ones turn out to be is said; the rest is unknown.
fn together(facts: Vec<NamedFact>) -> Derived {
    let has = |presence: Presence| facts.iter().any(|it| it.says == presence);
    let presence = if has(Presence::Partly) || (has(Presence::InPlace) && has(Presence::Absent)) {
        Presence::Partly
    } else if has(Presence::Unknown) {
        Presence::Unknown
    } else if has(Presence::InPlace) {
        Presence::InPlace
    } else if has(Presence::Absent) {
        Presence::Absent
    } else if has(Presence::NotApplicable) {
        Presence::NotApplicable
    } else {
        Presence::Unknown
    };
    Derived { presence, facts }
}

impl<'a> Subject<'a> {
    fn own(&self) -> ObjectRef {
        ObjectRef::System(self.system.id.clone())
    }

    /// The flows of the system that are in use or planned.
    fn flows(&self) -> impl Iterator<Item = &'a Flow> + use<'a> {
        self.index.flows.get(&self.system.id).into_iter().flatten().copied()
    }

    fn over_network(&self) -> impl Iterator<Item = &'a Flow> {
        self.flows().filter(|it| it.channel == Channel::Network)
    }

    /// The flows that the other end opens.
    fn called(&self) -> impl Iterator<Item = &'a Flow> {
        let id = &self.system.id;
        self.over_network().filter(move |it| match it.initiator {
            Initiator::From => it.to == *id,
            Initiator::To => it.from == *id,
            Initiator::Both => true,
        })
    }

    /// The systems that manage it in this way, directly or with its whole segment.
    fn managers(&self, how: How) -> impl Iterator<Item = &'a System> + use<'a> {
        let direct = self.index.of_system.get(&self.system.id);
        let with_segment = self.system.segment.as_ref().and_then(|it| self.index.of_segment.get(it));
        let all = direct.into_iter().chain(with_segment).flatten().filter(|(it, _)| *it == how);
        let by_key: BTreeMap<&SystemId, &System> = all.map(|(_, it)| (&it.id, *it)).collect();
        by_key.into_values()
    }

    /// The control records of a type that apply to it.
    fn controls(&self, kind: ControlType) -> impl Iterator<Item = &'a Control> {
        let system = self.system;
        self.model.controls.values().map(AsRef::as_ref).filter(move |it| {
            it.kind == kind
                && (system.controls.iter().any(|name| name == it.id.as_str())
                    || it.applies_to.iter().any(|key| key == system.id.as_str()))
        })
    }

    /// What the control records of a type say, and where there is none what the list of the system says.
    fn by_control(&self, kind: ControlType) -> Vec<NamedFact> {
        let records = self.controls(kind).map(|it| {
            let (says, words) = match (it.mode, it.status) {
                (ControlMode::Off, _) => (Presence::Absent, "it is switched off"),
                (_, ControlStatus::Failed) => (Presence::Partly, "its last test failed"),
                (_, ControlStatus::Unverified) => (Presence::Partly, "nobody has shown that it works"),
                (_, ControlStatus::Verified) => (Presence::InPlace, "it is verified"),
            };
            fact(ObjectRef::Control(it.id.clone()), says, format!("Control {}: {words}.", it.id))
        });
        let mut found: Vec<NamedFact> = records.collect();
        if found.is_empty() && self.system.controls.iter().any(|name| name == kind.as_str()) {
            let words = format!("The list of its controls names \"{}\", without a record of it.", kind.as_str());
            found.push(fact(self.own(), Presence::Partly, words));
        }
        found
    }

    fn authentication(&self) -> Derived {
        let judge = |flow: &Flow| {
            let says = match flow.auth {
                Auth::None => Presence::Absent,
                Auth::Unknown => Presence::Unknown,
                _ => Presence::InPlace,
            };
            of_flow(flow, says, &format!("authentication is \"{}\"", flow.auth.label()))
        };
        together(self.over_network().map(judge).collect())
    }

    fn encryption(&self) -> Derived {
        let judge = |flow: &Flow| {
            let says = match flow.encryption {
                Encryption::None => Presence::Absent,
                Encryption::Unknown => Presence::Unknown,
                Encryption::Transport | Encryption::Message | Encryption::Both => Presence::InPlace,
            };
            of_flow(flow, says, &format!("encryption is \"{}\"", flow.encryption.label()))
        };
        together(self.over_network().map(judge).collect())
    }

    fn tokenisation(&self) -> Derived {
        let judge = |holding: &Holding| match holding.form {
            Form::Tokenised | Form::NetworkToken => Some(Presence::InPlace),
            Form::Clear | Form::Encrypted | Form::Hashed => Some(Presence::Absent),
            Form::Unknown => Some(Presence::Unknown),
            // What is cut off stands for no card that could be charged.
            Form::Masked | Form::Truncated => None,
        };
        let is_card = |it: &&Holding| it.element.as_str() == "pan" && it.live;
        let mut facts = Vec::new();
        for holding in self.system.holdings.iter().filter(is_card) {
            if let Some(says) = judge(holding) {
                let words = format!("It has {}.", holding.form.of_data("card number"));
                facts.push(fact(self.own(), says, words));
            }
        }
        for flow in self.flows() {
            if fields_unknown(flow) {
                facts.push(of_flow(flow, Presence::Unknown, "nobody has said what it carries"));
            }
            for field in flow.fields.iter().filter(is_card) {
                if let Some(says) = judge(field) {
                    facts.push(of_flow(flow, says, &format!("carries {}", field.form.of_data("card number"))));
                }
            }
        }
        if facts.is_empty() && self.flows().next().is_some() {
            let words = "Nothing it keeps and none of its flows has a card number.".to_owned();
            facts.push(fact(self.own(), Presence::NotApplicable, words));
        }
        together(facts)
    }

    fn least_privilege(&self) -> Derived {
        let mut facts = Vec::new();
        for (credential, grants) in self.index.credentials.get(&self.system.id).into_iter().flatten() {
            for used in grants.iter() {
                let right = used.grant.privilege.as_str();
                let (says, words) = if used.needed.is_empty() {
                    (Presence::Unknown, "nobody has said which right is needed".to_owned())
                } else if used.exceeds_needs() {
                    let needed: Vec<&str> = used.needed.iter().copied().collect();
                    (Presence::Absent, format!("{} would be enough", needed.join(", ")))
                } else {
                    (Presence::InPlace, "that is what is needed".to_owned())
                };
                let sentence = format!("Credential {}: right {right} on {}; {words}.", credential.id, used.grant.on);
                facts.push(fact(ObjectRef::Credential(credential.id.clone()), says, sentence));
            }
        }
        together(facts)
    }

    fn rate_limiting(&self) -> Derived {
        let controls = self.by_control(ControlType::RateLimit);
        if !controls.is_empty() {
            return together(controls);
        }
        let judge = |flow: &Flow| match said::text(&flow.facts, "rate_limit") {
            None => of_flow(flow, Presence::Unknown, "nobody has said whether calls are limited"),
            Some("none") => of_flow(flow, Presence::Absent, "calls are not limited"),
            Some(limit) => of_flow(flow, Presence::InPlace, &format!("calls are limited: {limit}")),
        };
        let mut facts: Vec<NamedFact> = self.called().map(judge).collect();
        if facts.is_empty() && self.flows().next().is_some() {
            let words = "Nobody opens a connection to it.".to_owned();
            facts.push(fact(self.own(), Presence::NotApplicable, words));
        }
        together(facts)
    }

    fn logging(&self) -> Derived {
        let collected = self.managers(How::Log).map(|it| {
            fact(ObjectRef::System(it.id.clone()), Presence::InPlace, format!("System {} collects its logs.", it.id))
        });
        let mut facts: Vec<NamedFact> = collected.collect();
        for flow in self.flows().filter(|it| it.kind == FlowKind::Log && it.from == self.system.id) {
            let sink = self.model.systems.get(&flow.to).map(|it| it.kind);
            if matches!(sink, Some(SystemKind::LogSink | SystemKind::Siem)) {
                facts.push(of_flow(flow, Presence::InPlace, &format!("sends its logs to {}", flow.to)));
            }
        }
        together(facts)
    }

    fn monitoring(&self) -> Derived {
        let watched = self.managers(How::Monitor).chain(self.managers(How::Ids)).map(|it| {
            fact(ObjectRef::System(it.id.clone()), Presence::InPlace, format!("System {} watches it.", it.id))
        });
        let mut facts: Vec<NamedFact> = watched.collect();
        for flow in self.called() {
            if let Some(Value::Object(parts)) = flow.facts.get("monitoring").map(|it| &it.value) {
                facts.push(monitored(flow, parts));
            }
        }
        together(facts)
    }

    fn firewall(&self) -> Derived {
        let outside = self.system.exposure == Some(Exposure::Internet)
            || said::yes(&self.system.facts, "public_facing") == Some(true);
        if !outside {
            let inside = self.system.exposure == Some(Exposure::Internal)
                || said::yes(&self.system.facts, "public_facing") == Some(false);
            let words = "It is reached from inside only.".to_owned();
            let facts = inside.then(|| fact(self.own(), Presence::NotApplicable, words));
            return together(facts.into_iter().collect());
        }
        let mut facts = self.by_control(ControlType::Waf);
        facts.extend(self.managers(How::Waf).map(|it| {
            let words = format!("System {} filters its web traffic.", it.id);
            fact(ObjectRef::System(it.id.clone()), Presence::InPlace, words)
        }));
        for flow in self.called() {
            let is_firewall = |id| self.model.systems.get(id).is_some_and(|it| it.kind == SystemKind::Waf);
            if let Some(via) = flow.via.iter().find(|it| is_firewall(&it.node)) {
                facts.push(of_flow(flow, Presence::InPlace, &format!("goes through {}", via.node)));
            }
        }
        together(facts)
    }
}

/// What the monitoring of a flow says: each part is a control or yes, or no; a part that is not named is not said.
fn monitored(flow: &Flow, parts: &serde_json::Map<String, Value>) -> NamedFact {
    let said = |yes: bool| {
        let names = parts.iter().filter(|(_, value)| match value {
            Value::Bool(it) => *it == yes,
            Value::String(it) => yes && !it.is_empty() && it != "unknown",
            _ => false,
        });
        names.map(|(name, _)| name.replace('_', " ")).collect::<Vec<_>>()
    };
    let (watched, not_watched) = (said(true), said(false));
    let says = match (watched.is_empty(), not_watched.is_empty()) {
        (true, true) => Presence::Unknown,
        (false, true) => Presence::InPlace,
        (false, false) => Presence::Partly,
        (true, false) => Presence::Absent,
    };
    let words = match says {
        Presence::Unknown => "nobody has said what is watched".to_owned(),
        Presence::Absent => format!("not watched: {}", not_watched.join(", ")),
        Presence::InPlace => format!("watched: {}", watched.join(", ")),
        _ => format!("watched: {}; not watched: {}", watched.join(", "), not_watched.join(", ")),
    };
    of_flow(flow, says, &words)
}
