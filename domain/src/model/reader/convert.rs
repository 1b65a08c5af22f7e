//! From the shapes of a file to the values of a model, object by object.

use std::collections::BTreeSet;
use std::str::FromStr;
use std::sync::Arc;

use super::gap::{Gap, GapKind};
use crate::id::{ControlId, DomainId, ElementId, KeyId, PersonId, PopulationId, SegmentId, SystemId};
use crate::model::Model;
use crate::model::catalogue;
use crate::model::credential::{Credential, Grant, Key};
use crate::model::element::{Form, HashAlgorithm, Holding, Op, Phase, mask_positions};
use crate::model::fact::{Fact, Facts, attribute};
use crate::model::file::{
    ControlInFlow, ControlShape, CredentialShape, FactDetails, FlowShape, HoldingShape, KeyShape, LinkShape, ModelFile,
    OverrideShape, PersonShape, RecordShape, Rest, SegmentShape, SettingsShape, SystemShape,
};
use crate::model::flow::{Flow, FlowControl, Via};
use crate::model::kinds::{ControlType, CredentialKind, SecretLocation, SystemFunction, SystemKind};
use crate::model::object::{ObjectKind, Record, RecordKey};
use crate::model::party::{PartyKind, Person, Vendor};
use crate::model::relations::{
    Access, Auth, Boundary, Channel, ControlMode, ControlStatus, Encryption, Environment, Initiator, KeyUse, Lifecycle,
    LinkPolicy, PaymentPage, Privilege, Protocol, Trust,
};
use crate::model::segment::{Control, Link, LinkKey, Segment};
use crate::model::settings::{Override, OverrideCategory, OverrideKey, Settings};
use crate::model::system::{Capability, CopyOf, ManageTarget, Manages, System};

/// The model so far, the gaps so far, and the place in the file.
#[derive(Default)]
pub(super) struct Conversion {
    model: Model,
    gaps: Vec<Gap>,
    place: String,
    object: String,
}

impl Conversion {
    pub(super) fn run(mut self, file: ModelFile) -> (Model, Vec<Gap>) {
        self.model.settings = self.settings(file.settings.unwrap_or_default());
        self.place = String::new();
        self.object = "file".to_owned();
        for name in file.rest.keys().filter(|name| !matches!(name.as_str(), "schema_version" | "name" | "about")) {
            self.gap("", GapKind::UnknownAttribute, name);
        }
        self.each("people", file.people, Self::person);
        self.each("vendors", file.vendors, Self::vendor);
        self.each("segments", file.segments, Self::segment);
        self.each("segment_links", file.segment_links, Self::link);
        self.each("controls", file.controls, Self::control);
        self.each("systems", file.systems, Self::system);
        self.each("keys", file.keys, Self::key);
        self.each("credentials", file.credentials, Self::credential);
        let records = [
            ("connectors", ObjectKind::Connector, file.connectors),
            ("certificates", ObjectKind::Certificate, file.certificates),
            ("token_domains", ObjectKind::TokenDomain, file.token_domains),
            ("element_policies", ObjectKind::ElementPolicy, file.element_policies),
            ("pages", ObjectKind::Page, file.pages),
            ("scripts", ObjectKind::Script, file.scripts),
            ("access_groups", ObjectKind::AccessGroup, file.access_groups),
        ];
        for (list, kind, shapes) in records {
            self.each(list, shapes, |it, shape, _| it.record(kind, shape));
        }
        self.each("flows", file.flows, Self::flow);
        self.each("overrides", file.overrides, Self::override_);
        self.check_references();
        (self.model, self.gaps)
    }

    fn each<T>(&mut self, list: &str, shapes: Vec<T>, read: impl Fn(&mut Self, T, usize)) {
        for (index, shape) in shapes.into_iter().enumerate() {
            self.place = format!("{list}[{index}]");
            self.object.clear();
            read(self, shape, index);
        }
    }

    fn gap(&mut self, member: &str, kind: GapKind, value: &str) {
        let place = match (self.place.is_empty(), member.is_empty()) {
            (true, _) => member.to_owned(),
            (false, true) => self.place.clone(),
            (false, false) => format!("{}.{member}", self.place),
        };
        self.gaps.push(Gap { place, object: self.object.clone(), kind, value: value.to_owned() });
    }

    /// The id, remembered as the object of gaps. Without one the object cannot be kept.
    fn id(&mut self, id: Option<String>, taken: impl Fn(&Model, &str) -> bool) -> Option<String> {
        let Some(id) = id.filter(|id| !id.is_empty()) else {
            self.gap("id", GapKind::MissingId, "");
            return None;
        };
        self.object.clone_from(&id);
        if taken(&self.model, &id) {
            self.gap("id", GapKind::DuplicateId, &id);
        }
        Some(id)
    }

    /// A value of a list that grows from release to release: an unknown one is read as `other`.
    fn open<T: FromStr + Copy>(&mut self, member: &str, text: Option<String>, absent: T, other: T) -> T {
        match text {
            None => absent,
            Some(text) => text.parse().unwrap_or_else(|_| {
                self.gap(member, GapKind::UnknownValue, &text);
                other
            }),
        }
    }

    fn facts(&mut self, kind: ObjectKind, prefix: &str, rest: Rest, details: &FactDetails) -> Facts {
        let mut facts = Facts::new();
        for (name, value) in rest {
            if value.is_null() {
                continue;
            }
            if attribute(kind, &name).is_none() {
                self.gap(&format!("{prefix}{name}"), GapKind::UnknownAttribute, &name);
            }
            let mut fact = Fact::of(value);
            if let Some(detail) = details.get(&name) {
                fact.source.clone_from(&detail.source);
                fact.as_of = detail.as_of;
                fact.confirmed_by = detail.confirmed_by.as_deref().map(PersonId::new);
                fact.valid_until = detail.valid_until;
            }
            facts.insert(name, fact);
        }
        facts
    }

    fn settings(&mut self, shape: SettingsShape) -> Settings {
        self.place = "settings".to_owned();
        let absent = Settings::default();
        Settings {
            view: shape.view.unwrap_or(absent.view),
            strict_flat: shape.strict_flat.unwrap_or(false),
            as_of: shape.as_of.unwrap_or(absent.as_of),
            service_provider: shape.service_provider.unwrap_or(false),
            facts: self.facts(ObjectKind::Settings, "", shape.rest, &shape.fact_details),
        }
    }

    fn person(&mut self, shape: PersonShape, _: usize) {
        let Some(id) = self.id(shape.id, |model, id| model.people.contains_key(id)) else { return };
        let facts = self.facts(ObjectKind::Person, "", shape.rest, &shape.fact_details);
        let person = Person {
            name: shape.name.unwrap_or_else(|| id.clone()),
            id: PersonId::new(id),
            kind: shape.kind.unwrap_or(PartyKind::Person),
            mail: shape.mail,
            function: shape.function,
            facts,
        };
        self.model.people.insert(person.id.clone(), Arc::new(person));
    }

    fn vendor(&mut self, shape: RecordShape, _: usize) {
        let Some(id) = self.id(shape.id, |model, id| model.vendors.contains_key(id)) else { return };
        let facts = self.facts(ObjectKind::Vendor, "", shape.rest, &shape.fact_details);
        let vendor = Vendor { name: shape.name.unwrap_or_else(|| id.clone()), id: id.as_str().into(), facts };
        self.model.vendors.insert(vendor.id.clone(), Arc::new(vendor));
    }

    fn record(&mut self, kind: ObjectKind, shape: RecordShape) {
        let key = |id: &str| RecordKey { kind, id: id.into() };
        let Some(id) = self.id(shape.id, |model, id| model.records.contains_key(&key(id))) else { return };
        let facts = self.facts(kind, "", shape.rest, &shape.fact_details);
        let record = Record { key: key(&id), name: shape.name.unwrap_or(id), facts };
        self.model.records.insert(record.key.clone(), Arc::new(record));
    }

    fn segment(&mut self, shape: SegmentShape, _: usize) {
        let Some(id) = self.id(shape.id, |model, id| model.segments.contains_key(id)) else { return };
        let facts = self.facts(ObjectKind::Segment, "", shape.rest, &shape.fact_details);
        let segment = Segment {
            name: shape.name.unwrap_or_else(|| id.clone()),
            id: SegmentId::new(id),
            trust: shape.trust.unwrap_or(Trust::Internal),
            microsegmented: shape.microsegmented.unwrap_or(false),
            facts,
        };
        self.model.segments.insert(segment.id.clone(), Arc::new(segment));
    }

    /// A segment that is referred to but not declared is created.
    fn segment_named(&mut self, id: &str) -> SegmentId {
        let id = SegmentId::new(id);
        self.model.segments.entry(id.clone()).or_insert_with(|| Arc::new(Segment::new(id.clone(), id.as_str())));
        id
    }

    fn link(&mut self, shape: LinkShape, _: usize) {
        let (Some(a), Some(b)) = (shape.a, shape.b) else { return self.gap("", GapKind::MissingId, "") };
        self.object = format!("{a}/{b}");
        if a == b {
            return self.gap("", GapKind::LinkToItself, &a);
        }
        let key = LinkKey::new(self.segment_named(&a), self.segment_named(&b));
        if self.model.links.contains_key(&key) {
            self.gap("", GapKind::DuplicateLink, &format!("{a} and {b}"));
        }
        let facts = self.facts(ObjectKind::Link, "", shape.rest, &shape.fact_details);
        let link = Link {
            key: key.clone(),
            policy: shape.policy.unwrap_or(LinkPolicy::Filtered),
            control: shape.control.map(ControlId::new),
            facts,
        };
        self.model.links.insert(key, Arc::new(link));
    }

    fn control(&mut self, shape: ControlShape, _: usize) {
        let Some(id) = self.id(shape.id, |model, id| model.controls.contains_key(id)) else { return };
        let kind = self.open("type", shape.r#type, ControlType::Other, ControlType::Other);
        let between = shape.between.iter().map(|segment| self.segment_named(segment)).collect();
        let facts = self.facts(ObjectKind::Control, "", shape.rest, &shape.fact_details);
        let control = Control {
            name: shape.name.unwrap_or_else(|| id.clone()),
            id: ControlId::new(id),
            kind,
            between,
            applies_to: shape.applies_to,
            mode: shape.mode.unwrap_or(ControlMode::Enforce),
            status: shape.status.unwrap_or(ControlStatus::Unverified),
            last_change: shape.last_change,
            last_review: shape.last_review,
            last_tested: shape.last_tested,
            frequency_days: shape.frequency_days,
            report_ref: shape.report_ref,
            facts,
        };
        self.model.controls.insert(control.id.clone(), Arc::new(control));
    }

    fn system(&mut self, shape: SystemShape, _: usize) {
        let Some(id) = self.id(shape.id, |model, id| model.systems.contains_key(id)) else { return };
        let mut system = System::new(SystemId::new(id.as_str()), shape.name.unwrap_or(id));
        system.kind = self.open("kind", shape.kind, SystemKind::Service, SystemKind::Other);
        system.function = self.open("function", shape.function, SystemFunction::Other, SystemFunction::Other);
        system.boundary = shape.boundary.unwrap_or(Boundary::Own);
        system.vendor = shape.vendor.map(|it| it.as_str().into());
        system.operated_by = shape.operated_by.map(|it| it.as_str().into());
        system.environment = shape.environment.unwrap_or(Environment::Prod);
        system.segment = shape.segment.map(|it| self.segment_named(&it));
        system.lifecycle = shape.lifecycle.unwrap_or(Lifecycle::Live);
        system.disposed = shape.disposed.unwrap_or(false);
        system.holdings = self.holdings("holdings", ObjectKind::Holding, shape.holdings, Op::Process);
        system.capabilities = shape
            .capabilities
            .into_iter()
            .map(|it| Capability { kind: it.r#type, domain: it.domain.map(DomainId::new) })
            .collect();
        system.copies = shape
            .copies
            .into_iter()
            .map(|it| CopyOf { from: SystemId::new(it.from), encrypt_key: it.encrypt_key.map(KeyId::new) })
            .collect();
        system.manages = shape
            .manages
            .into_iter()
            .map(|it| Manages {
                target: match it.target.strip_prefix("segment:") {
                    Some(segment) => ManageTarget::Segment(self.segment_named(segment)),
                    None => ManageTarget::System(SystemId::new(it.target)),
                },
                how: it.how,
            })
            .collect();
        system.payment_page = shape.payment_page.unwrap_or(PaymentPage::None);
        system.relay = shape.relay;
        system.sealed_scd = shape.sealed_scd.unwrap_or(false);
        system.exposure = shape.exposure;
        system.controls = shape.controls;
        system.detect_minutes = shape.detect_minutes;
        system.undeclared = shape.undeclared.unwrap_or(false);
        system.facts = self.facts(ObjectKind::System, "", shape.rest, &shape.fact_details);
        self.model.systems.insert(system.id.clone(), Arc::new(system));
    }

    fn holdings(&mut self, list: &str, kind: ObjectKind, shapes: Vec<HoldingShape>, op: Op) -> Vec<Holding> {
        let mut holdings = Vec::with_capacity(shapes.len());
        for (index, shape) in shapes.into_iter().enumerate() {
            let prefix = format!("{list}[{index}].");
            let Some(named) = shape.element else {
                self.gap(&format!("{prefix}element"), GapKind::MissingId, "");
                continue;
            };
            let form = shape.form.map(|text| {
                text.parse::<Form>().unwrap_or_else(|_| {
                    self.gap(&format!("{prefix}form"), GapKind::UnknownForm, &text);
                    Form::Unknown
                })
            });
            match catalogue::element(&named) {
                None => self.gap(&format!("{prefix}element"), GapKind::UnknownElement, &named),
                Some(row) => {
                    if form.is_some_and(|form| form != Form::Unknown && !row.forms.contains(&form))
                        && row.normalises_to.is_none()
                    {
                        self.gap(&format!("{prefix}form"), GapKind::FormOfElement, &named);
                    }
                }
            }
            let (element, form) = catalogue::normalise(&named, form);
            let mut holding = Holding::new(ElementId::new(element), form, &[op]);
            if let Some(ops) = shape.ops {
                holding.ops = ops.into_iter().collect();
            }
            holding.key = shape.key.map(KeyId::new);
            holding.domain = shape.domain.map(DomainId::new);
            holding.alg = shape.alg.map(|text| text.parse().unwrap_or(HashAlgorithm::Other));
            holding.mask = shape.mask.map(|mask| mask_positions(&mask));
            if let Some(mask) = holding.mask.as_ref().filter(|mask| mask.chars().any(|c| c != 'd' && c != '*')) {
                let mask = mask.clone();
                self.gap(&format!("{prefix}mask"), GapKind::BadMask, &mask);
            }
            holding.live = shape.live.unwrap_or(true);
            holding.phase = shape.phase.unwrap_or(Phase::Unknown);
            holding.records = shape.records;
            holding.population = shape.population.map(PopulationId::new);
            holding.facts = self.facts(kind, &prefix, shape.rest, &shape.fact_details);
            holdings.push(holding);
        }
        holdings
    }

    fn key(&mut self, shape: KeyShape, _: usize) {
        let Some(id) = self.id(shape.id, |model, id| model.keys.contains_key(id)) else { return };
        let facts = self.facts(ObjectKind::Key, "", shape.rest, &shape.fact_details);
        let key = Key {
            name: shape.name.unwrap_or_else(|| id.clone()),
            id: KeyId::new(id),
            usage: shape.r#use.unwrap_or(KeyUse::Decrypt),
            holders: shape.holders.into_iter().map(SystemId::new).collect(),
            p2pe_listed: shape.p2pe_listed.unwrap_or(false),
            attested: shape.attested.unwrap_or(false),
            facts,
        };
        self.model.keys.insert(key.id.clone(), Arc::new(key));
    }

    fn credential(&mut self, shape: CredentialShape, _: usize) {
        let Some(id) = self.id(shape.id, |model, id| model.credentials.contains_key(id)) else { return };
        let kind = self.open("kind", shape.kind, CredentialKind::Other, CredentialKind::Other);
        let location = self.open("location", shape.location, SecretLocation::Unknown, SecretLocation::Unknown);
        let mut grants = Vec::with_capacity(shape.grants.len());
        for (index, grant) in shape.grants.into_iter().enumerate() {
            let prefix = format!("grants[{index}].");
            let Some(on) = grant.on else {
                self.gap(&format!("{prefix}on"), GapKind::MissingId, "");
                continue;
            };
            grants.push(Grant {
                on: SystemId::new(on),
                privilege: grant.r#priv.unwrap_or(Privilege::Read),
                action: self.actions(&prefix, grant.action),
                elements: grant.elements.map(|them| them.into_iter().map(ElementId::new).collect()),
                domain: grant.domain.map(DomainId::new),
                facts: self.facts(ObjectKind::Grant, &prefix, grant.rest, &grant.fact_details),
            });
        }
        let facts = self.facts(ObjectKind::Credential, "", shape.rest, &shape.fact_details);
        let set = |them: Vec<String>| them.into_iter().map(SystemId::new).collect::<BTreeSet<_>>();
        let credential = Credential {
            name: shape.name.unwrap_or_else(|| id.clone()),
            id: id.as_str().into(),
            kind,
            held_by: set(shape.held_by),
            grants,
            bound_to: shape.bound_to.map(set),
            mfa: shape.mfa.unwrap_or(false),
            ttl_minutes: shape.ttl_minutes,
            non_exportable: shape.non_exportable.unwrap_or(false),
            shared: shape.shared.unwrap_or(false),
            location,
            facts,
        };
        self.model.credentials.insert(credential.id.clone(), Arc::new(credential));
    }

    fn actions(&mut self, prefix: &str, actions: Vec<String>) -> Vec<crate::model::kinds::Action> {
        use crate::model::kinds::Action;
        let member = format!("{prefix}action");
        actions.into_iter().map(|text| self.open(&member, Some(text), Action::Other, Action::Other)).collect()
    }

    fn flow(&mut self, shape: FlowShape, index: usize) {
        let id = shape.id.filter(|id| !id.is_empty()).unwrap_or_else(|| format!("f{index}"));
        let Some(id) = self.id(Some(id), |model, id| model.flows.contains_key(id)) else { return };
        let (Some(from), Some(to)) = (shape.from, shape.to) else { return self.gap("from", GapKind::MissingId, "") };
        let mut flow = Flow::new(id.as_str().into(), SystemId::new(from), SystemId::new(to));
        flow.name = shape.name.unwrap_or_default();
        flow.kind = self.open("kind", shape.kind, flow.kind, flow.kind);
        flow.fields = self.holdings("data", ObjectKind::FlowField, shape.data, Op::Transmit);
        flow.wire_names = shape.wire_names;
        flow.protocol = self.open("protocol", shape.protocol, Protocol::Unknown, Protocol::Other);
        flow.auth = self.open("auth", shape.auth, Auth::ApiKey, Auth::Other);
        flow.credential = shape.credential.map(|it| it.as_str().into());
        flow.encryption = shape.encryption.unwrap_or(Encryption::Transport);
        flow.initiator = shape.initiator.unwrap_or(Initiator::From);
        flow.channel = shape.channel.unwrap_or(Channel::Network);
        flow.access = shape.access.unwrap_or(Access::Restricted);
        flow.control = shape.control.map(|control| match control {
            ControlInFlow::Record(id) => FlowControl::Record(ControlId::new(id)),
            ControlInFlow::Inline { kind, status } => FlowControl::Inline { kind, status },
        });
        flow.via = shape.via.into_iter().map(|it| Via { node: SystemId::new(it.node), mode: it.mode }).collect();
        flow.stage = shape.stage.unwrap_or(Lifecycle::Live);
        flow.page = shape.page.map(SystemId::new);
        flow.connector = shape.connector.map(|it| it.as_str().into());
        flow.action = self.actions("", shape.action);
        flow.sync = shape.sync;
        flow.latency_seconds = shape.latency_seconds;
        flow.period_minutes = shape.period_minutes;
        flow.facts = self.facts(ObjectKind::Flow, "", shape.rest, &shape.fact_details);
        self.model.flows.insert(flow.id.clone(), Arc::new(flow));
    }

    fn override_(&mut self, shape: OverrideShape, _: usize) {
        let Some(system) = shape.system.filter(|id| !id.is_empty()) else {
            return self.gap("system", GapKind::MissingId, "");
        };
        self.object.clone_from(&system);
        let system = SystemId::new(system);
        let number = self.model.overrides.keys().filter(|key| key.system == system).count();
        let key = OverrideKey { system, number: u32::try_from(number).unwrap_or(u32::MAX) };
        for name in shape.rest.keys() {
            self.gap(name, GapKind::UnknownAttribute, name);
        }
        let decision = Override {
            key: key.clone(),
            category: shape.category.unwrap_or(OverrideCategory::Cde),
            justification: shape.justification.unwrap_or_default(),
            evidence: shape.evidence,
            author: shape.author,
            approver: shape.approver,
            role: shape.role,
            decided_at: shape.decided_at,
            expires: shape.expires,
            fingerprint: shape.fingerprint,
            stale: shape.stale.unwrap_or(false),
        };
        self.model.overrides.insert(key, Arc::new(decision));
    }

    /// References that point at nothing. Keys of ciphertext and controls without a record are gaps as well,
    /// and count as held by nobody and as unverified.
    fn check_references(&mut self) {
        let model = std::mem::take(&mut self.model);
        let mut missing: Vec<Gap> = Vec::new();
        let mut look = |place: String, object: &str, known: bool, kind: GapKind, value: &str| {
            if !known {
                missing.push(Gap { place, object: object.to_owned(), kind, value: value.to_owned() });
            }
        };
        let system = |id: &SystemId| model.systems.contains_key(id);
        for it in model.systems.values() {
            let at = |member: &str| format!("systems.{}.{member}", it.id);
            for copy in &it.copies {
                look(at("copies"), it.id.as_str(), system(&copy.from), GapKind::UnknownSystem, copy.from.as_str());
            }
            for relation in &it.manages {
                if let ManageTarget::System(target) = &relation.target {
                    look(at("manages"), it.id.as_str(), system(target), GapKind::UnknownSystem, target.as_str());
                }
            }
            for key in it.holdings.iter().filter_map(|holding| holding.key.as_ref()) {
                look(
                    at("holdings"),
                    it.id.as_str(),
                    model.keys.contains_key(key),
                    GapKind::UnknownObject,
                    key.as_str(),
                );
            }
        }
        for it in model.flows.values() {
            let at = |member: &str| format!("flows.{}.{member}", it.id);
            for (member, end) in [("from", &it.from), ("to", &it.to)] {
                look(at(member), it.id.as_str(), system(end), GapKind::UnknownSystem, end.as_str());
            }
            for via in &it.via {
                look(at("via"), it.id.as_str(), system(&via.node), GapKind::UnknownSystem, via.node.as_str());
            }
            if let Some(page) = &it.page {
                look(at("page"), it.id.as_str(), system(page), GapKind::UnknownSystem, page.as_str());
            }
            if let Some(FlowControl::Record(control)) = &it.control {
                look(
                    at("control"),
                    it.id.as_str(),
                    model.controls.contains_key(control),
                    GapKind::UnknownObject,
                    control.as_str(),
                );
            }
            if let Some(credential) = &it.credential {
                look(
                    at("credential"),
                    it.id.as_str(),
                    model.credentials.contains_key(credential),
                    GapKind::UnknownObject,
                    credential.as_str(),
                );
            }
            for key in it.fields.iter().filter_map(|field| field.key.as_ref()) {
                look(at("data"), it.id.as_str(), model.keys.contains_key(key), GapKind::UnknownObject, key.as_str());
            }
        }
        for it in model.keys.values() {
            for holder in &it.holders {
                look(
                    format!("keys.{}.holders", it.id),
                    it.id.as_str(),
                    system(holder),
                    GapKind::UnknownSystem,
                    holder.as_str(),
                );
            }
        }
        for it in model.credentials.values() {
            let at = |member: &str| format!("credentials.{}.{member}", it.id);
            let grants = it.grants.iter().map(|grant| &grant.on);
            for named in it.held_by.iter().chain(grants).chain(it.bound_to.iter().flatten()) {
                look(at("systems"), it.id.as_str(), system(named), GapKind::UnknownSystem, named.as_str());
            }
        }
        for it in model.links.values() {
            if let Some(control) = &it.control {
                let place = format!("segment_links.{}/{}.control", it.key.a(), it.key.b());
                look(
                    place,
                    control.as_str(),
                    model.controls.contains_key(control),
                    GapKind::UnknownObject,
                    control.as_str(),
                );
            }
        }
        for key in model.overrides.keys() {
            look(
                "overrides".to_owned(),
                key.system.as_str(),
                system(&key.system),
                GapKind::UnknownSystem,
                key.system.as_str(),
            );
        }
        self.gaps.append(&mut missing);
        self.model = model;
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::super::read_json;
    use super::*;

    #[test]
    fn omitted_and_null_attributes_take_the_defaults_of_the_file() {
        let text = br#"{"systems":[{"id":"a","vendor":null,"kind":null},{"id":"b"}],"flows":[{"from":"a","to":"b","data":[{"element":"pan"}]}]}"#;
        let (model, gaps) = read_json(text).unwrap();
        assert_eq!(gaps, []);
        let flow = &model.flows["f0"];
        assert_eq!((flow.encryption, flow.auth), (Encryption::Transport, Auth::ApiKey));
        assert_eq!(flow.fields[0].ops, BTreeSet::from([Op::Transmit]));
        assert_eq!(model.systems["a"].kind, SystemKind::Service);
    }

    #[test]
    fn digits_of_a_mask_become_positions() {
        let text =
            br#"{"systems":[{"id":"a","holdings":[{"element":"pan","form":"truncated","mask":"411111******1111"}]}]}"#;
        let (model, _) = read_json(text).unwrap();
        assert_eq!(model.systems["a"].holdings[0].mask.as_deref(), Some("dddddd******dddd"));
    }

    #[test]
    fn a_dangling_flow_is_a_gap_and_keeps_the_flow() {
        let (model, gaps) =
            read_json(br#"{"systems":[{"id":"a"}],"flows":[{"id":"x","from":"a","to":"nowhere"}]}"#).unwrap();
        assert_eq!(model.flows.len(), 1);
        assert_eq!(gaps.len(), 1);
        assert_eq!((gaps[0].kind, gaps[0].value.as_str()), (GapKind::UnknownSystem, "nowhere"));
    }

    #[test]
    fn a_member_that_stands_twice_is_refused() {
        let error = read_json(br#"{"systems":[{"id":"a","kind":"web","kind":"api"}]}"#).unwrap_err();
        assert!(error.message.contains("`kind` stands twice"), "{error}");
    }

    #[test]
    fn another_how_is_a_typed_error_with_its_line() {
        let error = read_json(b"{\"systems\":[\n{\"id\":\"a\",\"manages\":[{\"target\":\"b\",\"how\":\"owns\"}]}]}")
            .unwrap_err();
        assert_eq!(error.line, 2);
        assert!(error.message.contains("owns"), "{error}");
    }

    #[test]
    fn the_order_of_objects_in_a_file_does_not_matter() {
        let one = read_json(br#"{"systems":[{"id":"b"},{"id":"a"}]}"#).unwrap().0;
        let other = read_json(br#"{"systems":[{"id":"a"},{"id":"b"}]}"#).unwrap().0;
        assert_eq!(one, other);
    }
}
