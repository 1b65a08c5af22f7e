//! Random models: small, dense, and with every attribute that the scope engine reads.

use std::sync::Arc;

use domain::id::SystemId;
use domain::model::Model;
use domain::model::credential::Key;
use domain::model::element::{Form, HashAlgorithm, Holding, Op};
use domain::model::fact::Facts;
use domain::model::flow::{Flow, FlowControl, Via};
use domain::model::kinds::{ControlType, SystemKind};
use domain::model::relations::{
    Access, Boundary, CapabilityType, Channel, ControlMode, ControlStatus, Encryption, How, Initiator, KeyUse,
    Lifecycle, LinkPolicy, PaymentPage, ViaMode, View,
};
use domain::model::segment::{Control, Link, LinkKey, Segment};
use domain::model::settings::{Override, OverrideCategory, OverrideKey};
use domain::model::system::{Capability, CopyOf, ManageTarget, Manages, System};
use domain::time::Day;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

/// Keys whose order is not the order of the list, among them such that only a machine would choose.
const SYSTEMS: [&str; 9] = ["b", "a\"", "Z", "é", "10", "2", " x\ty", "", "a"];
const FLOWS: [&str; 14] = ["f2", "f10", "f1", "F", "~", "", "\n", "ß", "f3", "f4", "f5", "f6", "f7", "f8"];
const SEGMENTS: [&str; 4] = ["s1", "s0", "S", "s10"];
/// Records exist for the first two; anybody may name the others.
const KEYS: [&str; 4] = ["k1", "k0", "nowhere", "elsewhere"];
const DOMAINS: [&str; 2] = ["d", "e"];
const MASKS: [&str; 5] = ["dddddd******dddd", "dddddddd****dddd", "******dddddddddd", "dddddd*****dddd", "****dddd"];

fn system_id() -> impl Strategy<Value = SystemId> {
    select(&SYSTEMS[..]).prop_map(SystemId::from)
}

/// One of them, the first three times as often as all others together.
fn mostly<T: Copy + std::fmt::Debug + 'static>(usual: T, others: &'static [T]) -> impl Strategy<Value = T> {
    prop_oneof![3 => Just(usual), 1 => select(others)]
}

pub fn holding() -> impl Strategy<Value = Holding> {
    let element = prop_oneof![4 => Just("pan"), 1 => Just("card_verification_code"), 1 => Just("email")];
    let attributes = (
        option::of(select(&KEYS[..])),
        option::of(select(&DOMAINS[..])),
        option::of(select(HashAlgorithm::ALL)),
        option::of(select(&MASKS[..])),
        proptest::bool::weighted(0.9),
    );
    (element, select(Form::ALL), vec(select(Op::ALL), 0..3), attributes).prop_map(
        |(element, form, ops, (key, domain, alg, mask, live))| {
            let mut holding = Holding::new(element.into(), form, &ops);
            holding.key = key.map(Into::into);
            holding.domain = domain.map(Into::into);
            holding.alg = alg;
            holding.mask = mask.map(str::to_owned);
            holding.live = live;
            holding
        },
    )
}

pub fn manages() -> impl Strategy<Value = Manages> {
    let target = prop_oneof![
        3 => system_id().prop_map(ManageTarget::System),
        1 => select(&SEGMENTS[..]).prop_map(|id| ManageTarget::Segment(id.into())),
    ];
    (target, select(How::ALL)).prop_map(|(target, how)| Manages { target, how })
}

pub fn system() -> impl Strategy<Value = System> {
    let place = (
        mostly(Boundary::Own, &[Boundary::ThirdParty, Boundary::External]),
        mostly(Lifecycle::Live, Lifecycle::ALL),
        proptest::bool::weighted(0.2),
        option::of(select(&SEGMENTS[..])),
    );
    let data = (
        prop_oneof![2 => Just(Vec::new()), 1 => vec(holding(), 1..3)],
        prop_oneof![3 => Just(Vec::new()), 1 => vec((select(CapabilityType::ALL), option::of(select(&DOMAINS[..]))), 1..2)],
        prop_oneof![3 => Just(Vec::new()), 1 => vec((system_id(), option::of(select(&KEYS[..]))), 1..3)],
    );
    let role = (
        prop_oneof![2 => Just(Vec::new()), 1 => vec(manages(), 1..3)],
        mostly(PaymentPage::None, PaymentPage::ALL),
        mostly(SystemKind::Service, &[SystemKind::JumpHost, SystemKind::Cicd]),
        mostly(None, &[Some(true), Some(false)]),
        proptest::bool::weighted(0.1),
        proptest::bool::weighted(0.3),
    );
    (place, data, role).prop_map(
        |(
            (boundary, lifecycle, disposed, segment),
            (holdings, capabilities, copies),
            (manages, page, kind, relay, sealed, approval),
        )| {
            let mut system = System::new("".into(), "A system");
            system.boundary = boundary;
            system.lifecycle = lifecycle;
            system.disposed = disposed;
            system.segment = segment.map(Into::into);
            system.holdings = holdings;
            system.capabilities = capabilities
                .into_iter()
                .map(|(kind, domain)| Capability { kind, domain: domain.map(Into::into) })
                .collect();
            system.copies =
                copies.into_iter().map(|(from, key)| CopyOf { from, encrypt_key: key.map(Into::into) }).collect();
            system.manages = manages;
            system.payment_page = page;
            system.kind = kind;
            system.relay = relay;
            system.sealed_scd = sealed;
            system.controls = if approval { vec!["change_approval".to_owned()] } else { Vec::new() };
            system
        },
    )
}

pub fn flow() -> impl Strategy<Value = Flow> {
    let control = prop_oneof![
        2 => Just(None),
        2 => select(ControlStatus::ALL)
            .prop_map(|status| Some(FlowControl::Inline { kind: "firewall".to_owned(), status })),
        1 => select(&["c1", "c2", "nowhere"][..]).prop_map(|id| Some(FlowControl::Record(id.into()))),
    ];
    let network = (
        mostly(Initiator::From, Initiator::ALL),
        mostly(Channel::Network, Channel::ALL),
        mostly(Access::Restricted, Access::ALL),
        select(Encryption::ALL),
        mostly(Lifecycle::Live, Lifecycle::ALL),
    );
    let via = prop_oneof![2 => Just(Vec::new()), 1 => vec((system_id(), select(ViaMode::ALL)), 1..3)];
    let fields = prop_oneof![1 => Just(Vec::new()), 1 => vec(holding(), 1..3)];
    (system_id(), system_id(), fields, network, control, via).prop_map(
        |(from, to, fields, (initiator, channel, access, encryption, stage), control, via)| {
            let mut flow = Flow::new("".into(), from, to);
            flow.fields = fields;
            flow.initiator = initiator;
            flow.channel = channel;
            flow.access = access;
            flow.encryption = encryption;
            flow.stage = stage;
            flow.control = control;
            flow.via = via.into_iter().map(|(node, mode)| Via { node, mode }).collect();
            flow
        },
    )
}

fn decision() -> impl Strategy<Value = Override> {
    let words = select(&["short", "A justification of more than twenty characters"][..]);
    let days = option::of(select(&[20_453, 20_454, 20_500][..]));
    let who = (option::of(Just("author")), option::of(select(&["author", "approver"][..])), any::<bool>());
    (system_id(), select(OverrideCategory::ALL), words, days, who, proptest::bool::weighted(0.2)).prop_map(
        |(system, category, justification, expires, (author, approver, evidence), stale)| Override {
            key: OverrideKey { system, number: 0 },
            category,
            justification: justification.to_owned(),
            evidence: if evidence { vec!["EV-1".to_owned()] } else { Vec::new() },
            author: author.map(str::to_owned),
            approver: approver.map(str::to_owned),
            role: None,
            decided_at: None,
            expires: expires.map(Day),
            fingerprint: None,
            stale,
        },
    )
}

/// A model without decisions.
pub fn model() -> impl Strategy<Value = Model> {
    let settings = (select(View::ALL), proptest::bool::weighted(0.3), any::<bool>());
    let segments = vec(any::<bool>(), SEGMENTS.len());
    let links = vec((select(&SEGMENTS[..]), select(&SEGMENTS[..]), select(LinkPolicy::ALL)), 0..4);
    let key = (vec(system_id(), 0..3), proptest::bool::weighted(0.2), proptest::bool::weighted(0.2));
    let parts = (settings, segments, links, vec(key, 2), vec(select(ControlStatus::ALL), 2));
    (parts, vec(system(), 1..SYSTEMS.len()), vec(flow(), 0..FLOWS.len())).prop_map(
        |((settings, segments, links, keys, controls), systems, flows)| {
            let mut model = Model::default();
            (model.settings.view, model.settings.strict_flat, model.settings.service_provider) = settings;
            for (id, microsegmented) in SEGMENTS.into_iter().zip(segments) {
                let mut segment = Segment::new(id.into(), id);
                segment.microsegmented = microsegmented;
                model.segments.insert(id.into(), Arc::new(segment));
            }
            for (a, b, policy) in links.into_iter().filter(|(a, b, _)| a != b) {
                let link = open_link(a, b, policy);
                model.links.insert(link.key.clone(), Arc::new(link));
            }
            for (id, (holders, p2pe_listed, attested)) in KEYS.into_iter().zip(keys) {
                let holders = holders.into_iter().collect();
                let key = Key {
                    id: id.into(),
                    name: id.to_owned(),
                    usage: KeyUse::Decrypt,
                    holders,
                    p2pe_listed,
                    attested,
                    facts: Facts::new(),
                };
                model.keys.insert(id.into(), Arc::new(key));
            }
            for (id, status) in ["c1", "c2"].into_iter().zip(controls) {
                model.controls.insert(id.into(), Arc::new(control(id, status)));
            }
            for (id, mut system) in SYSTEMS.into_iter().zip(systems) {
                system.id = id.into();
                model.systems.insert(id.into(), Arc::new(system));
            }
            for (id, mut flow) in FLOWS.into_iter().zip(flows) {
                flow.id = id.into();
                model.flows.insert(id.into(), Arc::new(flow));
            }
            model
        },
    )
}

/// A model with decisions on some of its systems.
pub fn model_with_decisions() -> impl Strategy<Value = Model> {
    (model(), vec(decision(), 0..4)).prop_map(|(mut model, decisions)| {
        for mut decision in decisions {
            let of_system = model.overrides.keys().filter(|key| key.system == decision.key.system).count();
            decision.key.number = u32::try_from(of_system).unwrap_or(0);
            model.overrides.insert(decision.key.clone(), Arc::new(decision));
        }
        model
    })
}

pub fn open_link(a: &str, b: &str, policy: LinkPolicy) -> Link {
    Link { key: LinkKey::new(a.into(), b.into()), policy, control: None, facts: Facts::new() }
}

/// A link between two segments of the random models.
pub fn some_open_link() -> impl Strategy<Value = Link> {
    (0..SEGMENTS.len(), 1..SEGMENTS.len())
        .prop_map(|(a, step)| open_link(SEGMENTS[a], SEGMENTS[(a + step) % SEGMENTS.len()], LinkPolicy::Open))
}

fn control(id: &str, status: ControlStatus) -> Control {
    Control {
        id: id.into(),
        name: id.to_owned(),
        kind: ControlType::Firewall,
        between: Vec::new(),
        applies_to: Vec::new(),
        mode: ControlMode::Enforce,
        status,
        last_change: None,
        last_review: None,
        last_tested: None,
        frequency_days: None,
        report_ref: None,
        facts: Facts::new(),
    }
}
