//! Every value of every closed list passes the checks of both databases.

use std::collections::BTreeSet;
use std::sync::Arc;

use domain::id::*;
use domain::model::credential::{Credential, Grant, Key};
use domain::model::element::{Form, HashAlgorithm, Holding, Op, Phase};
use domain::model::fact::Facts;
use domain::model::flow::{Flow, FlowControl, Via};
use domain::model::kinds::*;
use domain::model::object::{Object, ObjectKind, Record, RecordKey};
use domain::model::party::{PartyKind, Person};
use domain::model::relations::*;
use domain::model::segment::{Control, Link, LinkKey, Segment};
use domain::model::settings::{Override, OverrideCategory, OverrideKey, Settings};
use domain::model::system::{Capability, ManageTarget, Manages, System};
use domain::scope::verdict::{Category, Rule, Sub};
use tests::both_dbs;
use tests::estate::Instance;

use super::rich::facts;
use super::round_trip::{assert_same, import, kept_and_loaded};

both_dbs!(every_value_of_every_list_is_accepted, |place| {
    let instance = Instance::new(&place).await;
    let mut objects = Vec::new();
    macro_rules! each {
        ($list:ty, $prefix:expr, |$value:ident, $key:ident| $object:expr) => {
            for $value in <$list>::ALL.iter().copied() {
                let $key = format!("{}-{}", $prefix, $value);
                objects.push($object);
            }
        };
    }
    let system = |key: &str| System::new(SystemId::new(key), key);
    let flow = |key: &str| Flow::new(FlowId::new(key), SystemId::new("hub"), SystemId::new("hub"));
    macro_rules! each_of_system {
        ($($list:ty, $member:ident);+ $(;)?) => {$(
            each!($list, stringify!($member), |value, key| {
                let mut it = system(&key);
                it.$member = value.into();
                Object::System(Arc::new(it))
            });
        )+};
    }
    macro_rules! each_of_flow {
        ($($list:ty, $member:ident);+ $(;)?) => {$(
            each!($list, stringify!($member), |value, key| {
                let mut it = flow(&key);
                it.$member = value.into();
                Object::Flow(Arc::new(it))
            });
        )+};
    }
    objects.push(Object::System(Arc::new(system("hub"))));
    each_of_system!(
        SystemKind, kind; SystemFunction, function; Boundary, boundary; Environment, environment; Lifecycle, lifecycle;
        PaymentPage, payment_page; Exposure, exposure;
    );
    each!(How, "how", |how, key| {
        let mut it = system(&key);
        it.manages = vec![Manages { target: ManageTarget::System(SystemId::new("hub")), how }];
        Object::System(Arc::new(it))
    });
    each!(CapabilityType, "capability", |kind, key| {
        let mut it = system(&key);
        it.capabilities = vec![Capability { kind, domain: None }];
        Object::System(Arc::new(it))
    });
    each!(Form, "form", |form, key| {
        let mut it = system(&key);
        it.holdings = vec![Holding::new(ElementId::new("pan"), form, &[Op::Process])];
        Object::System(Arc::new(it))
    });
    each!(HashAlgorithm, "alg", |alg, key| {
        let mut it = flow(&key);
        let holding = Holding::new(ElementId::new("pan"), Form::Hashed, &[]);
        it.fields = vec![Holding { alg: Some(alg), ..holding }];
        Object::Flow(Arc::new(it))
    });
    each!(Phase, "phase", |phase, key| {
        let mut it = flow(&key);
        it.fields = vec![Holding { phase, ..Holding::new(ElementId::new("pan"), Form::Clear, &[]) }];
        Object::Flow(Arc::new(it))
    });
    each_of_flow!(
        FlowKind, kind; Protocol, protocol; Auth, auth; Encryption, encryption; Initiator, initiator; Channel, channel;
        Access, access; Lifecycle, stage; Sync, sync;
    );
    each!(ViaMode, "via", |mode, key| {
        let mut it = flow(&key);
        it.via = vec![Via { node: SystemId::new("hub"), mode }];
        Object::Flow(Arc::new(it))
    });
    each!(Action, "action", |action, key| {
        let mut it = flow(&key);
        it.action = vec![action];
        Object::Flow(Arc::new(it))
    });
    each!(ControlStatus, "status", |status, key| {
        let mut it = flow(&key);
        it.control = Some(FlowControl::Inline { kind: "a gap".to_owned(), status });
        Object::Flow(Arc::new(it))
    });
    each!(Trust, "trust", |trust, key| {
        let mut it = Segment::new(SegmentId::new(key.as_str()), key);
        it.trust = trust;
        Object::Segment(Arc::new(it))
    });
    each!(LinkPolicy, "policy", |policy, key| {
        let other = SegmentId::new(format!(
            "trust-{}",
            Trust::ALL[LinkPolicy::ALL.iter().position(|it| *it == policy).unwrap()]
        ));
        assert!(!key.is_empty());
        Object::Link(Arc::new(Link {
            key: LinkKey::new(SegmentId::new("office"), other),
            policy,
            control: None,
            facts: Facts::new(),
        }))
    });
    let control = |key: &str| Control {
        id: ControlId::new(key),
        name: key.to_owned(),
        kind: ControlType::Other,
        between: vec![],
        applies_to: vec![],
        mode: ControlMode::Enforce,
        status: ControlStatus::Unverified,
        last_change: None,
        last_review: None,
        last_tested: None,
        frequency_days: None,
        report_ref: None,
        facts: Facts::new(),
    };
    each!(ControlType, "type", |kind, key| Object::Control(Arc::new(Control { kind, ..control(&key) })));
    each!(ControlMode, "mode", |mode, key| Object::Control(Arc::new(Control { mode, ..control(&key) })));
    each!(ControlStatus, "status", |status, key| Object::Control(Arc::new(Control { status, ..control(&key) })));
    each!(PartyKind, "party", |kind, key| Object::Person(Arc::new(Person {
        id: PersonId::new(key.as_str()),
        name: key,
        kind,
        mail: None,
        function: None,
        facts: Facts::new()
    })));
    each!(KeyUse, "use", |usage, key| Object::Key(Arc::new(Key {
        id: KeyId::new(key.as_str()),
        name: key,
        usage,
        holders: BTreeSet::new(),
        p2pe_listed: false,
        attested: false,
        facts: Facts::new()
    })));
    let credential = |key: &str| Credential {
        id: CredentialId::new(key),
        name: key.to_owned(),
        kind: CredentialKind::Other,
        held_by: BTreeSet::new(),
        grants: vec![],
        bound_to: None,
        mfa: false,
        ttl_minutes: None,
        non_exportable: false,
        shared: false,
        location: SecretLocation::Unknown,
        facts: Facts::new(),
    };
    each!(CredentialKind, "kind", |kind, key| Object::Credential(Arc::new(Credential { kind, ..credential(&key) })));
    each!(SecretLocation, "in", |location, key| Object::Credential(Arc::new(Credential {
        location,
        ..credential(&key)
    })));
    each!(Privilege, "may", |privilege, key| {
        let on = SystemId::new("hub");
        let grant = Grant { on, privilege, action: vec![], elements: None, domain: None, facts: facts(1) };
        Object::Credential(Arc::new(Credential { grants: vec![grant], ..credential(&key) }))
    });
    each!(ObjectKind, "record", |kind, key| Object::Record(Arc::new(Record {
        key: RecordKey { kind, id: RecordId::new(key.as_str()) },
        name: key,
        facts: facts(2)
    })));
    each!(OverrideCategory, "decided", |category, key| Object::Override(Arc::new(Override {
        key: OverrideKey { system: SystemId::new("hub"), number: u32::try_from(key.len()).unwrap() },
        category,
        justification: key,
        evidence: vec![],
        author: None,
        approver: None,
        role: None,
        decided_at: None,
        expires: None,
        fingerprint: None,
        stale: false,
    })));
    import(&instance, objects).await.unwrap();
    for view in View::ALL {
        let settings = Settings { view: *view, ..Settings::default() };
        import(&instance, vec![Object::Settings(Arc::new(settings))]).await.unwrap();
    }
    let (kept, loaded) = kept_and_loaded(&instance).await;
    assert_same(&kept, &loaded);
});

both_dbs!(every_verdict_that_the_engine_can_give_is_accepted, |place| {
    let instance = Instance::new(&place).await;
    import(&instance, vec![Object::System(Arc::new(System::new(SystemId::new("hub"), "Hub")))]).await.unwrap();
    let put = |column: &str, value: &str| format!("UPDATE verdict SET {column} = '{value}'");
    for category in Category::ALL {
        assert_eq!(instance.store.run_raw(&put("category", category.as_str())).await.unwrap(), 1);
    }
    for sub in Sub::ALL {
        assert_eq!(instance.store.run_raw(&put("sub", sub.as_str())).await.unwrap(), 1);
    }
    for rule in Rule::ALL {
        assert_eq!(instance.store.run_raw(&put("rule", rule.as_str())).await.unwrap(), 1);
    }
    assert!(instance.store.run_raw(&put("category", "probably fine")).await.is_err());
});
