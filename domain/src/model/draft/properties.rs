//! What holds for every system, flow and form.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::sync::Arc;

use proptest::collection::{btree_map, btree_set, vec};
use proptest::option;
use proptest::prelude::*;
use proptest::sample::{Index, select, subsequence};
use serde_json::{Value, json};

use super::*;
use crate::id::{ElementId, PersonId, SystemId};
use crate::model::Model;
use crate::model::catalogue::catalogue;
use crate::model::element::{Form as ElementForm, HashAlgorithm, Holding, Op, Phase};
use crate::model::fact::{Attribute, Fact, FactType, Facts, attributes_of};
use crate::model::flow::{Flow, Via, WireName};
use crate::model::kinds::{Action, FlowKind, SystemFunction, SystemKind};
use crate::model::object::ObjectKind;
use crate::model::relations::{
    Access, Auth, Boundary, Channel, Encryption, Environment, Exposure, How, Initiator, Lifecycle, PaymentPage,
    Protocol, ViaMode,
};
use crate::model::system::{ManageTarget, Manages, System};
use crate::time::Day;

/// A word without anything that a form would take away.
fn word() -> impl Strategy<Value = String> {
    "[A-Za-z\u{e4}][A-Za-z0-9_ ]{0,10}[a-z\u{df}]"
}

fn key<K: for<'a> From<&'a str> + std::fmt::Debug + 'static>() -> impl Strategy<Value = K> {
    "[a-z][a-z0-9-]{0,8}".prop_map(|text| K::from(text.as_str()))
}

fn any_of<T: Copy + std::fmt::Debug + 'static>(list: &'static [T]) -> impl Strategy<Value = T> {
    select(list)
}

/// A value of the attribute's type, and now and then one of another shape, as files have them.
fn value(kind: FactType) -> BoxedStrategy<Value> {
    let of_its_type = match kind {
        FactType::Text | FactType::Evidence | FactType::Reference(_) => word().prop_map(Value::from).boxed(),
        FactType::LongText => (word(), word()).prop_map(|(a, b)| Value::from(format!("{a}\n\n{b}"))).boxed(),
        FactType::Bool => any::<bool>().prop_map(Value::from).boxed(),
        FactType::Integer(_) => (0..1_000_000_000_000_i64).prop_map(Value::from).boxed(),
        FactType::Integers(_) => vec(0..70_000_i64, 0..3).prop_map(Value::from).boxed(),
        FactType::Day => (-30_000..60_000_i32).prop_map(|day| Value::from(Day(day).to_string())).boxed(),
        FactType::Instant => (0..60_000_i32).prop_map(|day| Value::from(Day(day).start().to_string())).boxed(),
        FactType::Choice(words) => select(words).prop_map(Value::from).boxed(),
        FactType::Choices(words) => subsequence(words, 0..=words.len()).prop_map(Value::from).boxed(),
        FactType::Texts | FactType::References(_) => vec(word(), 0..4).prop_map(Value::from).boxed(),
        FactType::Structure => (word(), any::<bool>()).prop_map(|(a, b)| json!({ a: [b, null] })).boxed(),
    };
    prop_oneof![9 => of_its_type, 1 => Just(json!(["a;b", 3, false])), 1 => Just(json!("")), 1 => Just(json!(1.5))]
        .boxed()
}

fn fact(kind: FactType) -> impl Strategy<Value = Fact> {
    (value(kind), option::of(word()), option::of(0..30_000_i32), option::of(key::<PersonId>())).prop_map(
        |(value, source, as_of, confirmed_by)| Fact { source, as_of: as_of.map(Day), confirmed_by, ..Fact::of(value) },
    )
}

/// Some facts of an object, and one that nobody registered.
fn facts(kind: ObjectKind) -> impl Strategy<Value = Facts> {
    let attributes: Vec<&'static Attribute> = attributes_of(kind).collect();
    let registered = vec(any::<Index>(), 0..6).prop_flat_map(move |picks| {
        let picked = picks.iter().map(|pick| *pick.get(&attributes));
        picked.map(|it| fact(it.kind).prop_map(|fact| (it.name.to_owned(), fact))).collect::<Vec<_>>()
    });
    (registered, option::of(fact(FactType::Text)))
        .prop_map(|(facts, other)| facts.into_iter().chain(other.map(|fact| ("not_registered".into(), fact))).collect())
}

fn holding(kind: ObjectKind) -> impl Strategy<Value = Holding> {
    let mut elements: Vec<&'static str> =
        catalogue().elements.iter().filter(|row| row.normalises_to.is_none()).map(|row| row.id.as_str()).collect();
    elements.extend(["pan", "pan", "pan", "loyalty_number"]);
    (
        (select(elements), any_of(ElementForm::ALL), btree_set(any_of(Op::ALL), 0..=3)),
        (option::of(key()), option::of(key()), option::of(any_of(HashAlgorithm::ALL)), option::of("[d*]{1,19}")),
        (any::<bool>(), any_of(Phase::ALL), option::of(0..1_000_000_000_000_u64), option::of(key()), facts(kind)),
    )
        .prop_map(|((element, form, ops), (key, domain, alg, mask), (live, phase, records, population, facts))| {
            Holding {
                element: ElementId::new(element),
                form,
                ops: ops.into_iter().collect(),
                key,
                domain,
                alg,
                mask,
                live,
                phase,
                records,
                population,
                facts,
            }
        })
}

fn system() -> impl Strategy<Value = System> {
    (
        (key::<SystemId>(), word(), any_of(SystemKind::ALL), any_of(SystemFunction::ALL), any_of(Boundary::ALL)),
        (option::of(key()), option::of(key()), any_of(Environment::ALL), option::of(key()), any_of(Lifecycle::ALL)),
        (any_of(PaymentPage::ALL), option::of(any::<bool>()), option::of(any_of(Exposure::ALL)), any::<bool>()),
        (vec(holding(ObjectKind::Holding), 0..5), vec((key(), any_of(How::ALL)), 0..3), facts(ObjectKind::System)),
    )
        .prop_map(
            |(
                (id, name, kind, function, boundary),
                (vendor, operated_by, environment, segment, lifecycle),
                (payment_page, relay, exposure, undeclared),
                (holdings, manages, facts),
            )| {
                let manages =
                    manages.into_iter().map(|(id, how)| Manages { target: ManageTarget::System(id), how }).collect();
                System {
                    kind,
                    function,
                    boundary,
                    vendor,
                    operated_by,
                    environment,
                    segment,
                    lifecycle,
                    payment_page,
                    relay,
                    exposure,
                    undeclared,
                    holdings,
                    manages,
                    facts,
                    ..System::new(id, name)
                }
            },
        )
}

fn flow() -> impl Strategy<Value = Flow> {
    (
        (key(), prop_oneof![Just(String::new()), word()], key(), key(), any_of(FlowKind::ALL)),
        (any_of(Protocol::ALL), any_of(Auth::ALL), any_of(Encryption::ALL), any_of(Initiator::ALL)),
        (any_of(Access::ALL), any_of(Channel::ALL), any_of(Lifecycle::ALL), vec(any_of(Action::ALL), 0..3)),
        // Names on the wire have a point, those that rows answer have none.
        (vec(holding(ObjectKind::FlowField), 0..5), btree_map("[a-z]{1,5}\\.[a-z]{1,5}", any::<bool>(), 0..4)),
        (facts(ObjectKind::Flow), vec((key(), any_of(ViaMode::ALL)), 0..2)),
    )
        .prop_map(
            |(
                (id, name, from, to, kind),
                (protocol, auth, encryption, initiator),
                (access, channel, stage, action),
                (fields, wire_names),
                (facts, via),
            )| {
                let wire_names = wire_names.into_iter().map(|(name, dismissed)| WireName { name, dismissed }).collect();
                let via = via.into_iter().map(|(node, mode)| Via { node, mode }).collect();
                Flow {
                    name,
                    kind,
                    protocol,
                    auth,
                    encryption,
                    initiator,
                    access,
                    channel,
                    stage,
                    action,
                    fields,
                    wire_names,
                    facts,
                    via,
                    ..Flow::new(id, from, to)
                }
            },
        )
        .prop_filter("a flow to itself carries something", |flow| {
            flow.from != flow.to || !flow.fields.is_empty() || !flow.wire_names.is_empty()
        })
}

/// A form as anybody can send it, with the names that forms have.
fn any_form() -> impl Strategy<Value = Vec<(String, String)>> {
    const NAMES: &[&str] = &[
        "name",
        "id",
        "kind",
        "from",
        "to",
        "segment",
        "owner",
        "exposure",
        "protocol",
        "unrecognised",
        "dismissed",
        "manages",
        "manages.0.target",
        "manages.1.how",
        "copies",
        "copies.0.from",
        "capabilities",
        "capabilities.3.type",
        "via",
        "via.0.node",
        "via.0.mode",
        "controls",
        "relay",
        "holding.0.element",
        "holding.0.form",
        "holding.0.mask",
        "holding.0.ops",
        "holding.9.records",
        "holding.9.element",
        "field.0.element",
        "field.0.wire",
        "field.0.key",
        "field.1.element",
        "field.1.domain",
        "holding.x.element",
        "holding..element",
        "holding.0",
        "fact.note",
        "fact.port",
        "fact.reviewed_at",
        "fact.poi",
        "fact.tags",
        "fact.payment_stage",
        "rev",
        "",
    ];
    const VALUES: &[&str] = &[
        "",
        " ",
        "a",
        "s0",
        "s1",
        "pan",
        "pan_truncated",
        "clear",
        "store",
        "ddd***",
        "12",
        "2026-11-21",
        "https",
        "web",
        "; ;",
        "{\"a\":1}",
        "\u{202e}",
        "a\nb",
        "yes",
        "4242424242424242",
    ];
    vec(
        (select(NAMES).prop_map(str::to_owned), prop_oneof![select(VALUES).prop_map(str::to_owned), any::<String>()]),
        0..12,
    )
}

fn model() -> Model {
    let mut model = Model::default();
    for key in ["s0", "s1"] {
        model.systems.insert(SystemId::new(key), Arc::new(System::new(SystemId::new(key), key)));
    }
    model
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn the_form_of_a_system_read_back_onto_it_changes_nothing(system in system()) {
        let form = system_to_form(&system);
        prop_assert_eq!(system_from_form(&form, Some(&system), &Model::default()), Ok(system));
    }

    #[test]
    fn the_form_of_a_flow_read_back_onto_it_changes_nothing(flow in flow()) {
        let form = flow_to_form(&flow);
        prop_assert_eq!(flow_from_form(&form, Some(&flow), &Model::default()), Ok(flow));
    }

    #[test]
    fn a_form_may_leave_out_any_single_field_that_did_not_change(system in system(), left_out in any::<Index>()) {
        let mut form = system_to_form(&system);
        let singles: Vec<usize> = (0..form.len())
            .filter(|at| !form[*at].0.ends_with(".element") && !form[*at].0.ends_with(".ops"))
            .collect();
        form.remove(*left_out.get(&singles));
        prop_assert_eq!(system_from_form(&form, Some(&system), &Model::default()), Ok(system));
    }

    #[test]
    fn whatever_is_posted_gives_an_object_or_errors_that_name_its_fields(form in any_form()) {
        let model = model();
        match system_from_form(&form, None, &model) {
            Ok(system) => {
                prop_assert!(!model.systems.contains_key(&system.id) && !system.name.is_empty());
                prop_assert_eq!(system_from_form(&system_to_form(&system), Some(&system), &model), Ok(system));
            }
            Err(errors) => for error in errors {
                prop_assert!(error.field == "name" || form.iter().any(|(name, _)| *name == error.field));
            },
        }
        match flow_from_form(&form, None, &model) {
            Ok(flow) => {
                prop_assert!(model.systems.contains_key(&flow.from) && model.systems.contains_key(&flow.to));
                prop_assert_eq!(flow_from_form(&flow_to_form(&flow), Some(&flow), &model), Ok(flow));
            }
            Err(errors) => for error in errors {
                let always = ["from", "to"].contains(&error.field.as_str());
                prop_assert!(always || form.iter().any(|(name, _)| *name == error.field));
            },
        }
    }
}

#[test]
fn line_breaks_as_browsers_send_them_change_nothing() {
    let mut system = System::new("web".into(), "Web");
    let note = Fact { source: Some("interview".into()), ..Fact::of(json!("one\ntwo")) };
    system.facts.insert("note".to_owned(), note);
    let form: Vec<_> =
        system_to_form(&system).into_iter().map(|(name, value)| (name, value.replace('\n', "\r\n"))).collect();
    assert_eq!(system_from_form(&form, Some(&system), &Model::default()).unwrap(), system);
}
