//! What holds for any model and any text: a file that was exported changes nothing, and no input brings the reader down.

#![expect(clippy::unwrap_used, reason = "tests")]

use std::collections::BTreeSet;
use std::sync::Arc;

use domain::export::{self, model_file::to_json};
use domain::id::{ElementId, SystemId};
use domain::import::fields::FIELD_NAME;
use domain::import::{Choices, Limits, Reading, plan, preview, read};
use domain::model::Model;
use domain::model::catalogue::catalogue;
use domain::model::credential::{Credential, Grant, Key};
use domain::model::element::{HashAlgorithm, Holding, Op, Phase};
use domain::model::fact::{Fact, FactType, Facts, attributes_of};
use domain::model::flow::{Flow, FlowControl, Via, WireName};
use domain::model::kinds::{Action, ControlType, CredentialKind, FlowKind, SecretLocation, SystemFunction, SystemKind};
use domain::model::object::{Object, ObjectKind, Record, RecordKey};
use domain::model::party::{PartyKind, Person, Vendor};
use domain::model::reader::{read_json, read_yaml};
use domain::model::relations::{
    Access, Auth, Boundary, CapabilityType, Channel, ControlMode, ControlStatus, Encryption, Environment, Exposure,
    How, Initiator, KeyUse, Lifecycle, LinkPolicy, PaymentPage, Privilege, Protocol, Sync, Trust, ViaMode, View,
};
use domain::model::segment::{Control, Link, LinkKey, Segment};
use domain::model::settings::{Override, OverrideCategory, OverrideKey, Settings};
use domain::model::system::{Capability, CopyOf, ManageTarget, Manages, System};
use domain::time::Day;
use proptest::prelude::*;
use serde_json::{Value, json};

/// Draws from a number: the same number gives the same model.
struct Draw(u64);

impl Draw {
    fn below(&mut self, bound: usize) -> usize {
        // SplitMix64.
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((z ^ (z >> 31)) % bound as u64).unwrap()
    }

    fn coin(&mut self) -> bool {
        self.below(2) == 0
    }

    fn one<T: Clone>(&mut self, list: &[T]) -> T {
        list[self.below(list.len())].clone()
    }

    fn maybe<T>(&mut self, value: impl FnOnce(&mut Self) -> T) -> Option<T> {
        if self.coin() { Some(value(self)) } else { None }
    }

    fn some<T>(&mut self, most: usize, mut value: impl FnMut(&mut Self) -> T) -> Vec<T> {
        (0..self.below(most + 1)).map(|_| value(self)).collect()
    }

    fn text(&mut self) -> String {
        const TEXTS: &[&str] = &[
            "Checkout",
            "=cmd|' /C calc'!A0",
            "'=quoted",
            "a; b",
            "say \"x\", please",
            "Kasse Zürich 支払い",
            "two\nlines",
            "-",
            "n/a",
            "{\"a\": 1}",
            "&anchor *alias",
            "# no comment",
            "yes",
            "null",
            "1e3",
            "Ω≈ç√",
            "trailing: colon",
        ];
        self.one(TEXTS).to_owned()
    }

    fn name(&mut self) -> String {
        match self.below(5) {
            0 => format!(" {} ", self.text()),
            _ => self.text(),
        }
    }

    fn day(&mut self) -> Day {
        Day(20_000 + i32::try_from(self.below(2000)).unwrap())
    }

    fn number(&mut self) -> u64 {
        self.below(100_000) as u64
    }

    fn key(&mut self, model: &Model, kind: ObjectKind) -> Option<String> {
        let keys: Vec<String> =
            model.objects().map(|it| it.reference()).filter(|it| it.kind() == kind).map(|it| it.key()).collect();
        if keys.is_empty() { None } else { Some(self.one(&keys)) }
    }

    fn system(&mut self, model: &Model) -> SystemId {
        SystemId::new(self.key(model, ObjectKind::System).unwrap())
    }

    fn fact(&mut self, model: &Model, kind: FactType) -> Option<Value> {
        Some(match kind {
            FactType::Text | FactType::Evidence => Value::from(self.text().replace('\n', " ")),
            FactType::LongText => Value::from(self.text()),
            FactType::Bool => Value::from(self.coin()),
            FactType::Integer(_) => Value::from(self.number()),
            FactType::Integers(_) => json!([443, self.number() + 1000]),
            FactType::Day => Value::from(self.day().to_string()),
            FactType::Instant => Value::from(format!("{}T09:30:00Z", self.day())),
            FactType::Choice(list) => Value::from(self.one(list)),
            FactType::Choices(list) => {
                let chosen: BTreeSet<&str> = [self.one(list), self.one(list)].into();
                Value::from(chosen.into_iter().collect::<Vec<_>>())
            }
            FactType::Reference(kind) => Value::from(self.key(model, kind)?),
            FactType::References(kind) => json!([self.key(model, kind)?]),
            FactType::Texts => json!(["a;b", "\"c\"", "d"]),
            FactType::Structure => json!({"a": [1, "x;y", null], "b": {"c": true}}),
        })
    }

    fn facts(&mut self, model: &Model, kind: ObjectKind) -> Facts {
        let mut facts = Facts::new();
        for attribute in attributes_of(kind) {
            if attribute.name == FIELD_NAME || self.below(6) > 0 {
                continue;
            }
            // A text that says nothing in a cell is no fact of a file either.
            let Some(value) = self.fact(model, attribute.kind).filter(|it| *it != "-" && *it != "n/a" && *it != "null")
            else {
                continue;
            };
            let mut fact = Fact::of(value);
            if self.coin() {
                fact.source = self.maybe(Self::text);
                fact.as_of = self.maybe(Self::day);
                fact.confirmed_by = self.key(model, ObjectKind::Person).map(|it| it.as_str().into());
                fact.valid_until = self.maybe(Self::day);
            }
            facts.insert(attribute.name.to_owned(), fact);
        }
        facts
    }

    fn holding(&mut self, model: &Model, kind: ObjectKind) -> Holding {
        let rows: Vec<_> = catalogue().elements.iter().filter(|it| it.normalises_to.is_none()).collect();
        let row = self.one(&rows);
        let mut it = Holding::new(ElementId::new(row.id.as_str()), self.one(&row.forms), &[Op::Transmit]);
        it.ops = self.some(3, |draw| draw.one(Op::ALL)).into_iter().collect();
        it.key = self.key(model, ObjectKind::Key).filter(|_| self.coin()).map(|it| it.as_str().into());
        it.domain = self.maybe(|_| "own".into());
        it.alg = self.maybe(|draw| draw.one(HashAlgorithm::ALL));
        it.mask = self.maybe(|_| "dddddd******dddd".to_owned());
        it.live = self.coin();
        it.phase = self.one(Phase::ALL);
        it.records = self.maybe(Self::number);
        it.population = self.maybe(|_| "shoppers".into());
        it.facts = self.facts(model, kind);
        if kind == ObjectKind::FlowField && self.coin() {
            it.facts.insert(
                FIELD_NAME.to_owned(),
                Fact::of(Value::from(self.one(&["card.number", "a;b", "ns:clear", "x"]))),
            );
        }
        it
    }

    fn model(&mut self) -> Model {
        let mut model = Model::default();
        self.people_and_segments(&mut model);
        for number in 0..=self.below(5) {
            let system = self.system_object(&model, number);
            model.put(Object::System(Arc::new(system)));
        }
        self.keys_and_credentials(&mut model);
        self.relations(&mut model);
        for number in 0..self.below(6) {
            let flow = self.flow(&model, number);
            model.put(Object::Flow(Arc::new(flow)));
        }
        if let Some(settings) = self.maybe(|draw| Settings {
            view: draw.one(View::ALL),
            strict_flat: draw.coin(),
            as_of: draw.day(),
            service_provider: draw.coin(),
            facts: draw.facts(&model, ObjectKind::Settings),
        }) {
            model.settings = settings;
        }
        model
    }

    fn people_and_segments(&mut self, model: &mut Model) {
        for id in ["lead", "team 2"] {
            let person = Person {
                id: id.into(),
                name: self.name(),
                kind: self.one(PartyKind::ALL),
                mail: self.maybe(|_| "lead@shop.example".to_owned()),
                function: self.maybe(Self::text),
                facts: self.facts(model, ObjectKind::Person),
            };
            model.put(Object::Person(Arc::new(person)));
        }
        let vendor = Vendor { id: "psp".into(), name: self.name(), facts: self.facts(model, ObjectKind::Vendor) };
        model.put(Object::Vendor(Arc::new(vendor)));
        for id in ["web", "Shop Zone", "ops"] {
            let mut segment = Segment::new(id.into(), self.name());
            segment.trust = self.one(Trust::ALL);
            segment.microsegmented = self.coin();
            segment.facts = self.facts(model, ObjectKind::Segment);
            model.put(Object::Segment(Arc::new(segment)));
        }
        let control = Control {
            id: "fw".into(),
            name: self.name(),
            kind: self.one(ControlType::ALL),
            between: self.some(2, |draw| draw.one(&["web".into(), "ops".into()])),
            applies_to: self.some(2, Self::text),
            mode: self.one(ControlMode::ALL),
            status: self.one(ControlStatus::ALL),
            last_change: self.maybe(Self::day),
            last_review: self.maybe(Self::day),
            last_tested: self.maybe(Self::day),
            frequency_days: self.maybe(Self::number),
            report_ref: self.maybe(Self::text),
            facts: self.facts(model, ObjectKind::Control),
        };
        model.put(Object::Control(Arc::new(control)));
        let link = Link {
            key: LinkKey::new("web".into(), "ops".into()),
            policy: self.one(LinkPolicy::ALL),
            control: self.maybe(|_| "fw".into()),
            facts: self.facts(model, ObjectKind::Link),
        };
        model.put(Object::Link(Arc::new(link)));
        let kinds =
            [ObjectKind::Connector, ObjectKind::Certificate, ObjectKind::TokenDomain, ObjectKind::ElementPolicy];
        for kind in kinds.into_iter().chain([ObjectKind::Page, ObjectKind::Script, ObjectKind::AccessGroup]) {
            if self.coin() {
                let key = RecordKey { kind, id: "record".into() };
                let record = Record { key, name: self.name(), facts: self.facts(model, kind) };
                model.put(Object::Record(Arc::new(record)));
            }
        }
    }

    fn system_object(&mut self, model: &Model, number: usize) -> System {
        let id = self.one(&["shop", "Shop", "shop-1", "shop 1", "a.b"]);
        let mut it = System::new(SystemId::new(format!("{id} {number}")), self.name());
        it.kind = self.one(SystemKind::ALL);
        it.function = self.one(SystemFunction::ALL);
        it.boundary = self.one(Boundary::ALL);
        it.vendor = self.maybe(|_| "psp".into());
        it.operated_by = self.maybe(|_| "psp".into());
        it.environment = self.one(Environment::ALL);
        it.segment = self.maybe(|draw| draw.one(&["web".into(), "Shop Zone".into()]));
        it.lifecycle = self.one(Lifecycle::ALL);
        it.disposed = self.coin();
        it.capabilities = self
            .some(2, |draw| Capability { kind: draw.one(CapabilityType::ALL), domain: draw.maybe(|_| "own".into()) });
        it.payment_page = self.one(PaymentPage::ALL);
        it.relay = self.maybe(Self::coin);
        it.sealed_scd = self.coin();
        it.exposure = self.maybe(|draw| draw.one(Exposure::ALL));
        it.controls = self.some(2, |draw| draw.one(&["fw".to_owned(), "change_approval".to_owned()]));
        it.detect_minutes = self.maybe(Self::number);
        it.undeclared = self.coin();
        it.facts = self.facts(model, ObjectKind::System);
        it
    }

    fn keys_and_credentials(&mut self, model: &mut Model) {
        for id in ["dek", "hmac"] {
            let key = Key {
                id: id.into(),
                name: self.name(),
                usage: self.one(KeyUse::ALL),
                holders: self.some(2, |draw| draw.system(model)).into_iter().collect(),
                p2pe_listed: self.coin(),
                attested: self.coin(),
                facts: self.facts(model, ObjectKind::Key),
            };
            model.put(Object::Key(Arc::new(key)));
        }
        let credential = Credential {
            id: "api".into(),
            name: self.name(),
            kind: self.one(CredentialKind::ALL),
            held_by: self.some(2, |draw| draw.system(model)).into_iter().collect(),
            grants: self.some(2, |draw| Grant {
                on: draw.system(model),
                privilege: draw.one(Privilege::ALL),
                action: draw.some(2, |draw| draw.one(Action::ALL)),
                elements: draw.maybe(|draw| draw.some(1, |_| ElementId::new("pan")).into_iter().collect()),
                domain: draw.maybe(|_| "own".into()),
                facts: draw.facts(model, ObjectKind::Grant),
            }),
            bound_to: self.maybe(|draw| draw.some(1, |draw| draw.system(model)).into_iter().collect()),
            mfa: self.coin(),
            ttl_minutes: self.maybe(Self::number),
            non_exportable: self.coin(),
            shared: self.coin(),
            location: self.one(SecretLocation::ALL),
            facts: self.facts(model, ObjectKind::Credential),
        };
        model.put(Object::Credential(Arc::new(credential)));
    }

    fn relations(&mut self, model: &mut Model) {
        let with_objects = model.clone();
        for system in model.systems.values_mut() {
            let it = Arc::make_mut(system);
            it.holdings = self.some(2, |draw| draw.holding(&with_objects, ObjectKind::Holding));
            it.copies = self
                .some(1, |draw| CopyOf { from: draw.system(&with_objects), encrypt_key: draw.maybe(|_| "dek".into()) });
            it.manages = self.some(2, |draw| Manages {
                target: if draw.coin() {
                    ManageTarget::System(draw.system(&with_objects))
                } else {
                    ManageTarget::Segment("ops".into())
                },
                how: draw.one(How::ALL),
            });
        }
        let system = self.system(model);
        for number in 0..u32::try_from(self.below(3)).unwrap() {
            let decision = Override {
                key: OverrideKey { system: system.clone(), number },
                category: self.one(OverrideCategory::ALL),
                justification: self.text(),
                evidence: self.some(2, Self::text),
                author: self.maybe(Self::text),
                approver: self.maybe(Self::text),
                role: self.maybe(Self::text),
                decided_at: self.maybe(Self::day),
                expires: self.maybe(Self::day),
                fingerprint: self.maybe(Self::text),
                stale: self.coin(),
            };
            model.put(Object::Override(Arc::new(decision)));
        }
    }

    fn flow(&mut self, model: &Model, number: usize) -> Flow {
        let id = format!("flow {number}");
        let mut it = Flow::new(id.as_str().into(), self.system(model), self.system(model));
        it.name = if self.coin() { self.name() } else { String::new() };
        it.kind = self.one(FlowKind::ALL);
        it.fields = self.some(3, |draw| draw.holding(model, ObjectKind::FlowField));
        let names = ["waiting", "with;semicolon", "ends:clear", "\"quoted\"", "a b"];
        let waiting: BTreeSet<WireName> =
            self.some(3, |draw| WireName { name: draw.one(&names).to_owned(), dismissed: false }).into_iter().collect();
        it.wire_names = waiting.into_iter().map(|it| WireName { dismissed: self.coin(), ..it }).collect();
        it.protocol = self.one(Protocol::ALL);
        it.auth = self.one(Auth::ALL);
        it.credential = self.maybe(|_| "api".into());
        it.encryption = self.one(Encryption::ALL);
        it.initiator = self.one(Initiator::ALL);
        it.channel = self.one(Channel::ALL);
        it.access = self.one(Access::ALL);
        it.control = self.maybe(|draw| {
            if draw.coin() {
                FlowControl::Record("fw".into())
            } else {
                FlowControl::Inline { kind: draw.text(), status: draw.one(ControlStatus::ALL) }
            }
        });
        it.via = self.some(2, |draw| Via { node: draw.system(model), mode: draw.one(ViaMode::ALL) });
        it.stage = self.one(Lifecycle::ALL);
        it.page = self.maybe(|draw| draw.system(model));
        it.connector = self.maybe(|_| "record".into());
        it.action = self.some(2, |draw| draw.one(Action::ALL));
        it.sync = self.maybe(|draw| draw.one(Sync::ALL));
        it.latency_seconds = self.maybe(Self::number);
        it.period_minutes = self.maybe(Self::number);
        it.facts = self.facts(model, ObjectKind::Flow);
        it
    }
}

fn reading(name: &str, text: &str) -> Reading {
    read(name, text.as_bytes(), &Limits::browser()).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn any_model_comes_back_from_its_file(seed in any::<u64>()) {
        let model = Draw(seed).model();
        let text = to_json(&model);
        let (read_back, gaps) = read_json(text.as_bytes()).unwrap();
        prop_assert_eq!(&gaps, &[]);
        prop_assert_eq!(&read_back, &model);
        prop_assert_eq!(to_json(&read_back), text.clone());
        prop_assert_eq!(read_yaml(&text).unwrap().0, model);
    }

    #[test]
    fn importing_what_was_exported_changes_nothing(seed in any::<u64>()) {
        let model = Draw(seed).model();
        let file = reading("export.json", &to_json(&model));
        prop_assert_eq!(plan(&file, &model, &Choices::default()).unwrap(), []);
        prop_assert_eq!(&Reading::from_json(&file.to_json()).unwrap(), &file);
        let mut copy = Model::default();
        for object in plan(&file, &copy, &Choices::default()).unwrap() {
            copy.put(object);
        }
        copy.settings.as_of = model.settings.as_of;
        prop_assert_eq!(&copy, &model);
        for text in [export::csv::systems(&model), export::csv::flows(&model)] {
            let file = reading("export.csv", &text);
            prop_assert_eq!(&Reading::from_json(&file.to_json()).unwrap(), &file);
            prop_assert_eq!(file.ignored_columns().len(), 0);
            prop_assert_eq!(plan(&file, &model, &Choices::default()), Ok(Vec::new()));
            prop_assert_eq!(plan(&file, &model, &Choices::proposed(&file)).unwrap(), []);
        }
    }

    #[test]
    fn any_text_is_read_or_refused(text in "[a-z,;:\"'\n\r\t =&*|>#%!{}\\[\\]0-9é-]{0,200}") {
        for name in ["a.csv", "a.json", "a.yaml", "a"] {
            if let Err(refused) = read(name, text.as_bytes(), &Limits::browser()) {
                prop_assert!(!refused.is_empty());
            }
        }
        for header in ["source,target,protocol,fields\n", "id,name,kind\n"] {
            if let Ok(reading) = read("a.csv", format!("{header}{text}").as_bytes(), &Limits::browser()) {
                let it = preview(&reading, &Model::default(), &Choices::default());
                prop_assert_eq!(plan(&reading, &Model::default(), &Choices::default()).is_ok(), it.rejected == 0);
            }
        }
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        for name in ["a.csv", "a.json", "a.yaml"] {
            let _ = read(name, &bytes, &Limits::browser());
        }
    }

    #[test]
    fn the_same_rows_twice_change_nothing(rows in proptest::collection::vec(("[a-cA-C .-]{1,3}", "[a-c*]{1,3}", "[xy;: ]{0,5}", 0..4_usize), 1..8)) {
        let mut text = "source,target,operation,fields,protocol\n".to_owned();
        for (source, target, fields, protocol) in &rows {
            let protocol = ["https", "log", "", "grpc"][*protocol];
            text.push_str(&format!("{source},{target},op,{fields},{protocol}\n"));
        }
        let file = reading("a.csv", &text);
        let mut model = Model::default();
        if let Ok(objects) = plan(&file, &model, &Choices::default()) {
            for object in objects {
                model.put(object);
            }
            prop_assert_eq!(plan(&file, &model, &Choices::default()).unwrap(), []);
            prop_assert_eq!(plan(&file, &model, &Choices::proposed(&file)).unwrap(), []);
        }
    }
}
