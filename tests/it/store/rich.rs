//! A model with every attribute set, for the tests of reading back.

use std::collections::BTreeSet;
use std::sync::Arc;

use domain::id::*;
use domain::model::credential::{Credential, Grant, Key};
use domain::model::element::{Form, HashAlgorithm, Holding, Op, Phase};
use domain::model::fact::{Fact, Facts};
use domain::model::flow::{Flow, FlowControl, Via, WireName};
use domain::model::kinds::*;
use domain::model::object::{Object, ObjectKind, Record, RecordKey};
use domain::model::party::{PartyKind, Person, Vendor};
use domain::model::relations::*;
use domain::model::segment::{Control, Link, LinkKey, Segment};
use domain::model::settings::{Override, OverrideCategory, OverrideKey, Settings};
use domain::model::system::{Capability, CopyOf, ManageTarget, Manages, System};
use domain::time::Day;
use serde_json::json;

/// One fact with nothing but a value, and one with all that can be known of it.
pub fn facts(number: u32) -> Facts {
    let full = Fact {
        value: json!({"list": [1, -2, "three", null], "text": "it's \"quoted\" \u{1f512}"}),
        source: Some(format!("file {number}")),
        as_of: Some(Day(20_000)),
        confirmed_by: Some(PersonId::new("lead")),
        valid_until: Some(Day(-3)),
    };
    Facts::from([("plain".to_owned(), Fact::of(json!(number))), ("full".to_owned(), full)])
}

/// A holding with every attribute set.
pub fn holding(number: u32) -> Holding {
    Holding {
        element: ElementId::new("pan"),
        form: Form::Hashed,
        ops: [Op::Store, Op::Transmit].into(),
        key: Some(KeyId::new("key nobody declared")),
        domain: Some(DomainId::new("vault-a")),
        alg: Some(HashAlgorithm::Hmac),
        mask: Some("dddddd******dddd".to_owned()),
        live: false,
        phase: Phase::PostAuth,
        records: Some(u64::from(number) + 4_000_000_000),
        population: Some(PopulationId::new("customers")),
        facts: facts(number),
    }
}

/// Keys that need care: slashes and hash signs, which are boundaries elsewhere, quotes and other scripts.
const KEYS: [&str; 6] = ["a", "a#0", "a/b", "b/a", "käße 'x'", "a#0#0"];

/// One object of each kind with every attribute set, and one with none.
pub fn everything() -> Vec<Object> {
    let mut objects: Vec<Object> = Vec::new();
    let [bare, full] = ["bare", "full"].map(SystemId::new);
    objects.push(Object::Settings(Arc::new(Settings {
        view: View::Target,
        strict_flat: true,
        as_of: Day(20_778),
        service_provider: true,
        facts: facts(0),
    })));
    for key in KEYS {
        let mut segment = Segment::new(SegmentId::new(key), format!("Segment {key}"));
        segment.facts = facts(1);
        objects.push(Object::Segment(Arc::new(segment)));
        let mut system = System::new(SystemId::new(key), format!("System {key}"));
        system.holdings = vec![holding(2), Holding::new(ElementId::new("cvv"), Form::Clear, &[]), holding(3)];
        system.facts = facts(4);
        objects.push(Object::System(Arc::new(system)));
    }
    // Two links whose keys look alike when they are joined with a slash.
    for (number, (a, b)) in [("a/b", "a"), ("a", "b/a"), ("a", "a")].into_iter().enumerate() {
        objects.push(Object::Link(Arc::new(Link {
            key: LinkKey::new(SegmentId::new(a), SegmentId::new(b)),
            policy: LinkPolicy::Denied,
            control: (number == 0).then(|| ControlId::new("not declared")),
            facts: facts(u32::try_from(number).unwrap()),
        })));
    }
    objects.push(Object::Person(Arc::new(Person {
        id: PersonId::new("lead"),
        name: "Payments lead".to_owned(),
        kind: PartyKind::Team,
        mail: Some("lead@harbour.example".to_owned()),
        function: Some("Owns the storefront".to_owned()),
        facts: facts(5),
    })));
    objects.push(Object::Vendor(Arc::new(Vendor {
        id: VendorId::new("psp"),
        name: "Provider".to_owned(),
        facts: facts(6),
    })));
    objects.push(Object::Control(Arc::new(Control {
        id: ControlId::new("fw"),
        name: "Firewall".to_owned(),
        kind: ControlType::Firewall,
        between: ["b/a", "a"].map(SegmentId::new).to_vec(),
        applies_to: vec!["full".to_owned(), "\"quoted\"".to_owned()],
        mode: ControlMode::Detect,
        status: ControlStatus::Failed,
        last_change: Some(Day(1)),
        last_review: Some(Day(2)),
        last_tested: Some(Day(3)),
        frequency_days: Some(180),
        report_ref: Some("EV-0001".to_owned()),
        facts: facts(7),
    })));
    let mut system = System::new(full.clone(), "Full");
    system.boundary = Boundary::ThirdParty;
    system.vendor = Some(VendorId::new("psp"));
    system.operated_by = Some(VendorId::new("psp"));
    system.segment = Some(SegmentId::new("a#0"));
    system.disposed = true;
    system.capabilities = vec![
        Capability { kind: CapabilityType::Vault, domain: Some(DomainId::new("vault-a")) },
        Capability { kind: CapabilityType::Detokenise, domain: None },
    ];
    system.copies = vec![
        CopyOf { from: SystemId::new("a"), encrypt_key: Some(KeyId::new("k")) },
        CopyOf { from: full.clone(), encrypt_key: None },
    ];
    system.manages = vec![
        Manages { target: ManageTarget::Segment(SegmentId::new("a")), how: How::Patch },
        Manages { target: ManageTarget::System(bare.clone()), how: How::Admin },
    ];
    system.relay = Some(false);
    system.sealed_scd = true;
    system.exposure = Some(Exposure::Internet);
    system.controls = vec!["mfa".to_owned(), "fw".to_owned(), "mfa".to_owned()];
    system.detect_minutes = Some(0);
    system.undeclared = true;
    objects.push(Object::System(Arc::new(System::new(bare.clone(), "Bare"))));
    objects.push(Object::System(Arc::new(system)));
    objects.push(Object::Key(Arc::new(Key {
        id: KeyId::new("k"),
        name: "Card key".to_owned(),
        usage: KeyUse::Kek,
        holders: BTreeSet::from([bare.clone(), full.clone()]),
        p2pe_listed: true,
        attested: true,
        facts: facts(8),
    })));
    for (key, bound_to) in
        [("anywhere", None), ("nowhere", Some(BTreeSet::new())), ("here", Some(BTreeSet::from([bare.clone()])))]
    {
        let grant = |elements, number| Grant {
            on: full.clone(),
            privilege: Privilege::Decrypt,
            action: vec![Action::Refund, Action::Export, Action::Refund],
            elements,
            domain: Some(DomainId::new("vault-a")),
            facts: facts(number),
        };
        let some = BTreeSet::from([ElementId::new("pan"), ElementId::new("two words")]);
        objects.push(Object::Credential(Arc::new(Credential {
            id: CredentialId::new(key),
            name: key.to_owned(),
            kind: CredentialKind::BreakGlass,
            held_by: BTreeSet::from([bare.clone()]),
            grants: vec![grant(Some(some), 9), grant(None, 10), grant(Some(BTreeSet::new()), 11)],
            bound_to,
            mfa: true,
            ttl_minutes: Some(60),
            non_exportable: true,
            shared: true,
            location: SecretLocation::Repo,
            facts: facts(12),
        })));
    }
    objects.push(Object::Record(Arc::new(Record {
        key: RecordKey { kind: ObjectKind::Certificate, id: RecordId::new("tls") },
        name: "Storefront certificate".to_owned(),
        facts: facts(13),
    })));
    objects.push(Object::Record(Arc::new(Record {
        key: RecordKey { kind: ObjectKind::Page, id: RecordId::new("tls") },
        name: "A page with the same key".to_owned(),
        facts: Facts::new(),
    })));
    for (number, control) in [
        None,
        Some(FlowControl::Record(ControlId::new("fw"))),
        Some(FlowControl::Inline { kind: "air gap".to_owned(), status: ControlStatus::Verified }),
    ]
    .into_iter()
    .enumerate()
    {
        let mut flow = Flow::new(FlowId::new(format!("flow#{number}")), bare.clone(), full.clone());
        flow.name = "Card entry".to_owned();
        flow.fields = vec![holding(14), holding(15)];
        flow.wire_names = vec![
            WireName { name: "card.number".to_owned(), dismissed: false },
            WireName { name: "x".to_owned(), dismissed: true },
        ];
        flow.credential = Some(CredentialId::new("here"));
        flow.control = control;
        flow.via = vec![
            Via { node: full.clone(), mode: ViaMode::Passthrough },
            Via { node: bare.clone(), mode: ViaMode::Inspect },
        ];
        flow.page = Some(bare.clone());
        flow.connector = Some(ConnectorId::new("psp api"));
        flow.action = vec![Action::Capture, Action::Authorise];
        flow.sync = Some(Sync::Batch);
        flow.latency_seconds = Some(1);
        flow.period_minutes = Some(1440);
        flow.facts = facts(16);
        objects.push(Object::Flow(Arc::new(flow)));
    }
    objects.push(Object::Flow(Arc::new(Flow::new(FlowId::new("bare"), full.clone(), bare.clone()))));
    for number in [0, 3] {
        objects.push(Object::Override(Arc::new(Override {
            key: OverrideKey { system: bare.clone(), number },
            category: OverrideCategory::OutOfScope,
            justification: "The system was taken off the network.".to_owned(),
            evidence: vec!["EV-0001".to_owned(), "a, b".to_owned()],
            author: Some("Payments lead".to_owned()),
            approver: None,
            role: Some("ISA".to_owned()),
            decided_at: Some(Day(20_500)),
            expires: Some(Day(20_900)),
            fingerprint: Some("ab".repeat(32)),
            stale: number == 3,
        })));
    }
    objects
}
