//! Estates of any size, made of what payment estates are made of.
//!
//! A few hubs carry a fifth of all traffic, messages go through retry queues and come back, a handful of flows carries
//! card numbers in clear and the rest carries tokens, two of three credentials are held by more than one system, and
//! every flow has three fields. The same numbers give the same estate.

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use domain::id::{CredentialId, DomainId, ElementId, FlowId, KeyId, SegmentId, SystemId};
use domain::model::Model;
use domain::model::credential::{Credential, Grant, Key};
use domain::model::element::{Form, Holding, Op};
use domain::model::fact::Facts;
use domain::model::flow::{Flow, FlowControl, Via};
use domain::model::kinds::{CredentialKind, SecretLocation, SystemKind};
use domain::model::relations::{
    Access, Auth, Boundary, CapabilityType, ControlStatus, Encryption, How, Initiator, KeyUse, LinkPolicy, PaymentPage,
    Privilege, ViaMode,
};
use domain::model::segment::{Link, LinkKey, Segment};
use domain::model::system::{Capability, CopyOf, ManageTarget, Manages, System};

use crate::random::Random;

/// How large an estate is, and which one of that size.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Estate {
    /// How many systems.
    pub systems: u32,
    /// How many flows, with three fields each.
    pub flows: u32,
    /// Which one of this size.
    pub seed: u64,
}

/// One system in a hundred is a hub, and every fifth end of a flow is one.
const SYSTEMS_PER_HUB: u32 = 100;
/// Systems per network segment.
const SYSTEMS_PER_SEGMENT: u32 = 50;
/// Systems per credential.
const SYSTEMS_PER_CREDENTIAL: u32 = 5;

impl Estate {
    /// An estate of that size.
    #[must_use]
    pub const fn new(systems: u32, flows: u32) -> Self {
        Self { systems, flows, seed: 42 }
    }

    /// The estate as a model. Every text of a key is kept once, as it is in a model that was read from a file.
    #[must_use]
    pub fn model(&self) -> Model {
        let mut making =
            Making { size: *self, random: Random::new(self.seed), model: Model::default(), names: HashSet::new() };
        making.segments();
        making.keys();
        for number in 0..self.systems {
            making.system(number);
        }
        for number in 0..self.flows {
            making.flow(number);
        }
        for number in 0..self.systems / SYSTEMS_PER_CREDENTIAL {
            making.credential(number);
        }
        making.model
    }

    /// The key of a system, by its number.
    #[must_use]
    pub fn system_id(number: u32) -> SystemId {
        SystemId::new(format!("system-{number:06}"))
    }

    const fn segments(&self) -> u32 {
        let segments = self.systems / SYSTEMS_PER_SEGMENT;
        if segments < 4 { 4 } else { segments }
    }

    /// Every twentieth system is the retry queue of the one before it.
    const fn is_queue(number: u32) -> bool {
        number % 20 == 13
    }
}

struct Making {
    size: Estate,
    random: Random,
    model: Model,
    names: HashSet<Arc<str>>,
}

impl Making {
    /// The one text that says this.
    fn name(&mut self, text: &str) -> Arc<str> {
        if let Some(known) = self.names.get(text) {
            return Arc::clone(known);
        }
        let new: Arc<str> = text.into();
        self.names.insert(Arc::clone(&new));
        new
    }

    fn system_id(&mut self, number: u32) -> SystemId {
        SystemId::new(self.name(Estate::system_id(number).as_str()))
    }

    fn segment_id(&mut self, number: u32) -> SegmentId {
        SegmentId::new(self.name(&format!("segment-{number:04}")))
    }

    fn key_id(&mut self) -> KeyId {
        KeyId::new(self.name("key-of-the-vault"))
    }

    fn holding(&mut self, element: &str, form: Form, op: Op) -> Holding {
        Holding::new(ElementId::new(self.name(element)), form, &[op])
    }

    /// Half of the segments are microsegmented; of the pairs next to each other some are open, some filtered.
    fn segments(&mut self) {
        let count = self.size.segments();
        for number in 0..count {
            let mut segment = Segment::new(self.segment_id(number), format!("Segment {number}"));
            segment.microsegmented = number % 2 == 0;
            self.model.segments.insert(segment.id.clone(), Arc::new(segment));
        }
        for number in 1..count / 4 {
            let policy = if number % 3 == 0 { LinkPolicy::Open } else { LinkPolicy::Filtered };
            let key = LinkKey::new(self.segment_id(number * 2 - 1), self.segment_id(number * 2 + 1));
            let link = Link { key: key.clone(), policy, control: None, facts: Facts::new() };
            self.model.links.insert(key, Arc::new(link));
        }
    }

    /// One key, held by the system that the vault runs on.
    fn keys(&mut self) {
        let key = Key {
            id: self.key_id(),
            name: "Key of the vault".to_owned(),
            usage: KeyUse::Decrypt,
            holders: BTreeSet::from([self.system_id(2)]),
            p2pe_listed: false,
            attested: false,
            facts: Facts::new(),
        };
        self.model.keys.insert(key.id.clone(), Arc::new(key));
    }

    fn system(&mut self, number: u32) {
        let mut system = System::new(self.system_id(number), format!("System {number}"));
        system.segment = Some(self.any_segment());
        system.boundary = match self.random.below(100) {
            0..10 => Boundary::ThirdParty,
            10..13 => Boundary::External,
            _ => Boundary::Own,
        };
        system.kind = match self.random.below(100) {
            0..2 => SystemKind::JumpHost,
            2..12 => SystemKind::Database,
            _ => SystemKind::Service,
        };
        if number == 2 {
            system.boundary = Boundary::Own;
            system
                .capabilities
                .push(Capability { kind: CapabilityType::Vault, domain: Some(DomainId::new(self.name("gateway"))) });
        }
        if number % 997 == 5 {
            system.payment_page = PaymentPage::Redirect;
        }
        if self.random.permille(20) {
            let form = if self.random.permille(200) { Form::Clear } else { Form::Encrypted };
            let mut stored = self.holding("pan", form, Op::Store);
            stored.records = Some(u64::from(self.random.below(1_000_000)));
            stored.key = (form == Form::Encrypted).then(|| self.key_id());
            system.holdings.push(stored);
        }
        if self.random.permille(10) {
            let from = self.any_system();
            let encrypt_key = self.random.permille(500).then(|| self.key_id());
            system.copies.push(CopyOf { from, encrypt_key });
        }
        if self.random.permille(10) {
            let how = if self.random.permille(500) { How::Admin } else { How::Monitor };
            let target = if self.random.permille(300) {
                ManageTarget::Segment(self.any_segment())
            } else {
                ManageTarget::System(self.any_system())
            };
            system.manages.push(Manages { target, how });
        }
        self.model.systems.insert(system.id.clone(), Arc::new(system));
    }

    /// One end of a flow: a hub in one of five cases.
    fn end(&mut self) -> u32 {
        let any = self.random.below(self.size.systems);
        if self.random.permille(200) { any - any % SYSTEMS_PER_HUB } else { any }
    }

    fn any_end(&mut self) -> SystemId {
        let number = self.end();
        self.system_id(number)
    }

    fn any_system(&mut self) -> SystemId {
        let number = self.random.below(self.size.systems);
        self.system_id(number)
    }

    fn any_segment(&mut self) -> SegmentId {
        let number = self.random.below(self.size.segments());
        self.segment_id(number)
    }

    /// The ends of a flow. What goes into a retry queue comes from its system, and what leaves it goes back there.
    fn ends(&mut self) -> (u32, u32) {
        let (from, to) = (self.end(), self.end());
        let queue_of = |number: u32| number.saturating_sub(1);
        match (Estate::is_queue(from), Estate::is_queue(to)) {
            (true, _) => (from, queue_of(from)),
            (false, true) => (queue_of(to), to),
            (false, false) => (from, to),
        }
    }

    fn flow(&mut self, number: u32) {
        let (from, to) = self.ends();
        let id = FlowId::new(format!("flow-{number:07}"));
        let mut flow = Flow::new(id, self.system_id(from), self.system_id(to));
        flow.fields = self.fields();
        flow.encryption = if self.random.permille(20) { Encryption::None } else { Encryption::Transport };
        flow.auth = match self.random.below(1000) {
            0..5 => Auth::None,
            5..300 => Auth::Mtls,
            _ => Auth::ApiKey,
        };
        flow.initiator = match self.random.below(10) {
            0 => Initiator::Both,
            1..3 => Initiator::To,
            _ => Initiator::From,
        };
        match self.random.below(1000) {
            0..20 => flow.access = Access::Unrestricted,
            20..50 => {
                flow.access = Access::Blocked;
                let status = if number.is_multiple_of(3) { ControlStatus::Unverified } else { ControlStatus::Verified };
                flow.control = Some(FlowControl::Inline { kind: "firewall".to_owned(), status });
            }
            _ => {}
        }
        if self.random.permille(20) {
            let node = self.any_end();
            let mode = if self.random.permille(500) { ViaMode::Inspect } else { ViaMode::Passthrough };
            flow.via.push(Via { node, mode });
        }
        flow.latency_seconds = Some(u64::from(self.random.below(60)));
        self.model.flows.insert(flow.id.clone(), Arc::new(flow));
    }

    /// The card number in some form, with a name and an amount.
    fn fields(&mut self) -> Vec<Holding> {
        let form = match self.random.below(1000) {
            0..5 => Form::Clear,
            5..15 => Form::Encrypted,
            15..25 => Form::Truncated,
            25..30 => Form::Hashed,
            _ => Form::Tokenised,
        };
        let mut pan = self.holding("pan", form, Op::Transmit);
        match form {
            Form::Encrypted => pan.key = Some(self.key_id()),
            Form::Tokenised => pan.domain = Some(DomainId::new(self.name("gateway"))),
            Form::Truncated => pan.mask = Some("dddddd******dddd".to_owned()),
            _ => {}
        }
        let name = self.holding("cardholder_name", Form::Clear, Op::Transmit);
        let amount = self.holding("amount", Form::Clear, Op::Transmit);
        vec![pan, name, amount]
    }

    /// A credential of one to three systems, which opens one or two others.
    fn credential(&mut self, number: u32) {
        let id = CredentialId::new(format!("credential-{number:05}"));
        let holders = 1 + self.random.below(3);
        let held_by: BTreeSet<SystemId> = (0..holders).map(|_| self.any_end()).collect();
        let opened = 1 + self.random.below(2);
        let credential = Credential {
            name: format!("Credential {number}"),
            kind: CredentialKind::Service,
            grants: (0..opened).map(|_| self.grant()).collect(),
            bound_to: self.random.permille(200).then(|| held_by.clone()),
            mfa: self.random.permille(100),
            ttl_minutes: None,
            non_exportable: false,
            shared: holders > 1,
            location: SecretLocation::Vault,
            facts: Facts::new(),
            held_by,
            id: id.clone(),
        };
        self.model.credentials.insert(id, Arc::new(credential));
    }

    fn grant(&mut self) -> Grant {
        let privilege = match self.random.below(10) {
            0..5 => Privilege::Read,
            5..9 => Privilege::Act,
            _ => Privilege::Admin,
        };
        let on = self.any_system();
        Grant { on, privilege, action: Vec::new(), elements: None, domain: None, facts: Facts::new() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::export::model_file::to_json;
    use domain::model::reader::read_json;
    use domain::scope::compute;
    use domain::scope::verdict::Category;

    #[test]
    fn the_same_numbers_give_the_same_estate_and_other_numbers_another_one() {
        let estate = Estate::new(200, 900);
        assert_eq!(estate.model(), estate.model());
        assert_ne!(estate.model(), Estate { seed: 43, ..estate }.model());
        assert_eq!((estate.model().systems.len(), estate.model().flows.len()), (200, 900));
    }

    #[test]
    fn an_estate_survives_the_way_through_its_file_without_a_gap() {
        let model = Estate::new(200, 900).model();
        let read = read_json(to_json(&model).as_bytes()).map_err(|error| error.to_string());
        assert_eq!(read.as_ref().map(|(_, gaps)| gaps.len()), Ok(0));
        assert_eq!(read.map(|(read, _)| read), Ok(model));
    }

    #[test]
    fn an_estate_has_systems_of_every_category() {
        let model = Estate::new(4_000, 6_000).model();
        let scope = compute(&model);
        for category in Category::ALL.iter().filter(|it| **it != Category::NotLive) {
            let count = scope.systems.values().filter(|verdict| verdict.category == *category).count();
            assert!(count > 0, "{category:?}");
        }
    }

    #[test]
    fn flows_of_a_retry_queue_lead_to_its_system_and_back() {
        let model = Estate::new(2_000, 20_000).model();
        let queue = Estate::system_id(13);
        let of_queue: Vec<_> = model.flows.values().filter(|flow| flow.from == queue || flow.to == queue).collect();
        assert!(of_queue.iter().any(|flow| flow.from == queue) && of_queue.iter().any(|flow| flow.to == queue));
        let system = Estate::system_id(12);
        assert!(of_queue.iter().all(|flow| flow.from == system || flow.to == system));
    }

    #[test]
    fn a_hub_has_many_times_the_flows_of_another_system() {
        let model = Estate::new(2_000, 20_000).model();
        let at = |number: u32| {
            let id = Estate::system_id(number);
            model.flows.values().filter(|flow| flow.from == id || flow.to == id).count()
        };
        assert!(at(100) > 5 * at(101));
    }
}
