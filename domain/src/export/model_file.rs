//! The canonical model file: the same model gives the same bytes, and reading it gives the same model.
//!
//! Objects are ordered by key, members by the schema, facts by name. What decides about scope is written even
//! where it is the default, above all `unknown` for encryption and authentication, which the schema would
//! otherwise read as transport encryption and an API key.

use serde::Serialize;
use serde_json::Value;

use crate::model::Model;
use crate::model::credential::{Credential, Grant, Key};
use crate::model::element::{Holding, Phase};
use crate::model::fact::Facts;
use crate::model::file::{
    CapabilityShape, ControlInFlow, ControlShape, CopyShape, CredentialShape, FactDetail, FactDetails, FlowShape,
    GrantShape, HoldingShape, KeyShape, LinkShape, ManagesShape, ModelFile, OverrideShape, PersonShape, RecordShape,
    Rest, SegmentShape, SettingsShape, SystemShape, ViaShape,
};
use crate::model::flow::{Flow, FlowControl};
use crate::model::object::{Object, ObjectKind, Record};
use crate::model::party::{Person, Vendor};
use crate::model::segment::{Control, Link, Segment};
use crate::model::settings::{Override, Settings};
use crate::model::system::{ManageTarget, System};

/// The version of the schema that the file states.
const SCHEMA_VERSION: u32 = 1;

/// The model as JSON, with two blanks per level and a line end at the end.
#[must_use]
pub fn to_json(model: &Model) -> String {
    #[derive(Serialize)]
    struct Versioned {
        schema_version: u32,
        #[serde(flatten)]
        file: ModelFile,
    }
    let file = Versioned { schema_version: SCHEMA_VERSION, file: to_file(model) };
    let mut text = serde_json::to_string_pretty(&file).expect("shapes have text keys and whole numbers only");
    text.push('\n');
    text
}

/// The model in the shapes of a file.
#[must_use]
pub fn to_file(model: &Model) -> ModelFile {
    let records = |kind: ObjectKind| -> Vec<RecordShape> {
        model.records.values().filter(|it| it.key.kind == kind).map(|it| record(it)).collect()
    };
    ModelFile {
        settings: Some(settings(&model.settings)),
        people: model.people.values().map(|it| person(it)).collect(),
        vendors: model.vendors.values().map(|it| vendor(it)).collect(),
        segments: model.segments.values().map(|it| segment(it)).collect(),
        segment_links: model.links.values().map(|it| link(it)).collect(),
        controls: model.controls.values().map(|it| control(it)).collect(),
        systems: model.systems.values().map(|it| system(it)).collect(),
        keys: model.keys.values().map(|it| key(it)).collect(),
        credentials: model.credentials.values().map(|it| credential(it)).collect(),
        flows: model.flows.values().map(|it| flow(it)).collect(),
        overrides: model.overrides.values().map(|it| decision(it)).collect(),
        connectors: records(ObjectKind::Connector),
        certificates: records(ObjectKind::Certificate),
        token_domains: records(ObjectKind::TokenDomain),
        element_policies: records(ObjectKind::ElementPolicy),
        pages: records(ObjectKind::Page),
        scripts: records(ObjectKind::Script),
        access_groups: records(ObjectKind::AccessGroup),
        observations: records(ObjectKind::Observation),
        fact_details: FactDetails::new(),
        rest: Rest::new(),
    }
}

/// One object as the file has it: its members by name.
#[must_use]
pub fn members(object: &Object) -> serde_json::Map<String, Value> {
    let value = match object {
        Object::Settings(it) => serde_json::to_value(settings(it)),
        Object::Person(it) => serde_json::to_value(person(it)),
        Object::Vendor(it) => serde_json::to_value(vendor(it)),
        Object::Segment(it) => serde_json::to_value(segment(it)),
        Object::Control(it) => serde_json::to_value(control(it)),
        Object::Link(it) => serde_json::to_value(link(it)),
        Object::Key(it) => serde_json::to_value(key(it)),
        Object::System(it) => serde_json::to_value(system(it)),
        Object::Credential(it) => serde_json::to_value(credential(it)),
        Object::Flow(it) => serde_json::to_value(flow(it)),
        Object::Override(it) => serde_json::to_value(decision(it)),
        Object::Record(it) => serde_json::to_value(record(it)),
    };
    match value {
        Ok(Value::Object(members)) => members,
        _ => serde_json::Map::new(),
    }
}

fn facts(facts: &Facts) -> (FactDetails, Rest) {
    let details = facts.iter().filter(|(_, fact)| !fact.is_plain());
    (
        details.map(|(name, fact)| (name.clone(), FactDetail::from(fact))).collect(),
        facts.iter().map(|(name, fact)| (name.clone(), fact.value.clone())).collect(),
    )
}

/// A flag that is written only where it is set, as its absence means false.
fn flag(set: bool) -> Option<bool> {
    set.then_some(true)
}

/// A text that is written only where there is one.
fn text(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

fn texts<T: ToString>(list: impl IntoIterator<Item = T>) -> Vec<String> {
    list.into_iter().map(|it| it.to_string()).collect()
}

fn settings(it: &Settings) -> SettingsShape {
    let (fact_details, rest) = facts(&it.facts);
    SettingsShape {
        view: Some(it.view),
        strict_flat: Some(it.strict_flat),
        as_of: Some(it.as_of),
        service_provider: Some(it.service_provider),
        fact_details,
        rest,
    }
}

fn person(it: &Person) -> PersonShape {
    let (fact_details, rest) = facts(&it.facts);
    PersonShape {
        id: Some(it.id.to_string()),
        name: Some(it.name.clone()),
        kind: Some(it.kind),
        mail: it.mail.clone(),
        function: it.function.clone(),
        fact_details,
        rest,
    }
}

fn vendor(it: &Vendor) -> RecordShape {
    let (fact_details, rest) = facts(&it.facts);
    RecordShape { id: Some(it.id.to_string()), name: Some(it.name.clone()), fact_details, rest }
}

fn record(it: &Record) -> RecordShape {
    let (fact_details, rest) = facts(&it.facts);
    RecordShape { id: Some(it.key.id.to_string()), name: Some(it.name.clone()), fact_details, rest }
}

fn segment(it: &Segment) -> SegmentShape {
    let (fact_details, rest) = facts(&it.facts);
    SegmentShape {
        id: Some(it.id.to_string()),
        name: Some(it.name.clone()),
        trust: Some(it.trust),
        microsegmented: flag(it.microsegmented),
        fact_details,
        rest,
    }
}

fn link(it: &Link) -> LinkShape {
    let (fact_details, rest) = facts(&it.facts);
    LinkShape {
        a: Some(it.key.a().to_string()),
        b: Some(it.key.b().to_string()),
        policy: Some(it.policy),
        control: it.control.as_ref().map(ToString::to_string),
        fact_details,
        rest,
    }
}

fn control(it: &Control) -> ControlShape {
    let (fact_details, rest) = facts(&it.facts);
    ControlShape {
        id: Some(it.id.to_string()),
        name: Some(it.name.clone()),
        r#type: Some(it.kind.to_string()),
        between: texts(&it.between),
        applies_to: it.applies_to.clone(),
        mode: Some(it.mode),
        status: Some(it.status),
        last_change: it.last_change,
        last_review: it.last_review,
        last_tested: it.last_tested,
        frequency_days: it.frequency_days,
        report_ref: it.report_ref.clone(),
        fact_details,
        rest,
    }
}

fn system(it: &System) -> SystemShape {
    let (fact_details, rest) = facts(&it.facts);
    SystemShape {
        id: Some(it.id.to_string()),
        name: Some(it.name.clone()),
        kind: Some(it.kind.to_string()),
        function: Some(it.function.to_string()),
        boundary: Some(it.boundary),
        vendor: it.vendor.as_ref().map(ToString::to_string),
        operated_by: it.operated_by.as_ref().map(ToString::to_string),
        environment: Some(it.environment),
        segment: it.segment.as_ref().map(ToString::to_string),
        lifecycle: Some(it.lifecycle),
        disposed: flag(it.disposed),
        holdings: it.holdings.iter().map(holding).collect(),
        capabilities: it
            .capabilities
            .iter()
            .map(|it| CapabilityShape { r#type: it.kind, domain: it.domain.as_ref().map(ToString::to_string) })
            .collect(),
        copies: it
            .copies
            .iter()
            .map(|it| CopyShape {
                from: it.from.to_string(),
                encrypt_key: it.encrypt_key.as_ref().map(ToString::to_string),
            })
            .collect(),
        manages: it
            .manages
            .iter()
            .map(|it| ManagesShape {
                target: match &it.target {
                    ManageTarget::System(id) => id.to_string(),
                    ManageTarget::Segment(id) => format!("segment:{id}"),
                },
                how: it.how,
            })
            .collect(),
        payment_page: Some(it.payment_page),
        relay: it.relay,
        sealed_scd: flag(it.sealed_scd),
        exposure: it.exposure,
        controls: it.controls.clone(),
        detect_minutes: it.detect_minutes,
        undeclared: flag(it.undeclared),
        fact_details,
        rest,
    }
}

fn holding(it: &Holding) -> HoldingShape {
    let (fact_details, rest) = facts(&it.facts);
    HoldingShape {
        element: Some(it.element.to_string()),
        form: Some(it.form.to_string()),
        ops: Some(it.ops.iter().collect()),
        key: it.key.as_ref().map(ToString::to_string),
        domain: it.domain.as_ref().map(ToString::to_string),
        alg: it.alg.map(|alg| alg.to_string()),
        mask: it.mask.clone(),
        live: (!it.live).then_some(false),
        phase: (it.phase != Phase::Unknown).then_some(it.phase),
        records: it.records,
        population: it.population.as_ref().map(ToString::to_string),
        fact_details,
        rest,
    }
}

fn key(it: &Key) -> KeyShape {
    let (fact_details, rest) = facts(&it.facts);
    KeyShape {
        id: Some(it.id.to_string()),
        name: Some(it.name.clone()),
        r#use: Some(it.usage),
        holders: texts(&it.holders),
        p2pe_listed: flag(it.p2pe_listed),
        attested: flag(it.attested),
        fact_details,
        rest,
    }
}

fn credential(it: &Credential) -> CredentialShape {
    let (fact_details, rest) = facts(&it.facts);
    CredentialShape {
        id: Some(it.id.to_string()),
        name: Some(it.name.clone()),
        kind: Some(it.kind.to_string()),
        held_by: texts(&it.held_by),
        grants: it.grants.iter().map(grant).collect(),
        bound_to: it.bound_to.as_ref().map(texts),
        mfa: flag(it.mfa),
        ttl_minutes: it.ttl_minutes,
        non_exportable: flag(it.non_exportable),
        shared: flag(it.shared),
        location: Some(it.location.to_string()),
        fact_details,
        rest,
    }
}

fn grant(it: &Grant) -> GrantShape {
    let (fact_details, rest) = facts(&it.facts);
    GrantShape {
        on: Some(it.on.to_string()),
        r#priv: Some(it.privilege),
        action: texts(&it.action),
        elements: it.elements.as_ref().map(texts),
        domain: it.domain.as_ref().map(ToString::to_string),
        fact_details,
        rest,
    }
}

fn flow(it: &Flow) -> FlowShape {
    let (fact_details, rest) = facts(&it.facts);
    FlowShape {
        id: Some(it.id.to_string()),
        name: text(&it.name),
        from: Some(it.from.to_string()),
        to: Some(it.to.to_string()),
        kind: Some(it.kind.to_string()),
        data: it.fields.iter().map(holding).collect(),
        wire_names: it.wire_names.clone(),
        protocol: Some(it.protocol.to_string()),
        auth: Some(it.auth.to_string()),
        credential: it.credential.as_ref().map(ToString::to_string),
        encryption: Some(it.encryption),
        initiator: Some(it.initiator),
        channel: Some(it.channel),
        access: Some(it.access),
        control: it.control.as_ref().map(|control| match control {
            FlowControl::Record(id) => ControlInFlow::Record(id.to_string()),
            FlowControl::Inline { kind, status } => ControlInFlow::Inline { kind: kind.clone(), status: *status },
        }),
        via: it.via.iter().map(|it| ViaShape { node: it.node.to_string(), mode: it.mode }).collect(),
        stage: Some(it.stage),
        page: it.page.as_ref().map(ToString::to_string),
        connector: it.connector.as_ref().map(ToString::to_string),
        action: texts(&it.action),
        sync: it.sync,
        latency_seconds: it.latency_seconds,
        period_minutes: it.period_minutes,
        fact_details,
        rest,
    }
}

fn decision(it: &Override) -> OverrideShape {
    OverrideShape {
        system: Some(it.key.system.to_string()),
        category: Some(it.category),
        justification: text(&it.justification),
        evidence: it.evidence.clone(),
        author: it.author.clone(),
        approver: it.approver.clone(),
        role: it.role.clone(),
        decided_at: it.decided_at,
        expires: it.expires,
        fingerprint: it.fingerprint.clone(),
        stale: flag(it.stale),
        fact_details: FactDetails::new(),
        rest: Rest::new(),
    }
}
