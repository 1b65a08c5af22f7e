//! The fingerprint of the facts that a scope decision rests on: when it changes, the decision has to be made again.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::id::{KeyId, SystemId};
use crate::model::Model;
use crate::model::element::Holding;
use crate::model::flow::{Flow, FlowControl};
use crate::model::system::{ManageTarget, System};

/// SHA-256, in hexadecimal, over the canonical JSON of the system, its incident flows, the link policies of its
/// segment and the keys it depends on. Names and registered facts are left out: a rename decides nothing.
///
/// A system that the model does not have gives the hash of nothing.
#[must_use]
pub fn fingerprint(model: &Model, system: &SystemId) -> String {
    let facts = model.systems.get(system).map_or(Value::Null, |it| facts_of(model, it));
    hex::encode(Sha256::digest(canonical(&facts).as_bytes()))
}

fn facts_of(model: &Model, system: &System) -> Value {
    let flows: Vec<&Flow> = model
        .flows
        .values()
        .map(|it| &**it)
        .filter(|flow| {
            flow.from == system.id || flow.to == system.id || flow.via.iter().any(|via| via.node == system.id)
        })
        .collect();
    let segment = system.segment.as_ref();
    let links = model.links.values().filter(|link| segment.is_some_and(|it| link.key.a() == it || link.key.b() == it));
    json!({
        "system": system_facts(system),
        "flows": flows.iter().map(|flow| flow_facts(flow)).collect::<Vec<_>>(),
        "microsegmented": segment.and_then(|id| model.segments.get(id)).is_some_and(|it| it.microsegmented),
        "links": links.map(|link| json!({
            "a": link.key.a(), "b": link.key.b(), "policy": link.policy, "control": link.control,
        })).collect::<Vec<_>>(),
        "keys": key_facts(model, system, &flows),
    })
}

fn system_facts(it: &System) -> Value {
    json!({
        "id": it.id, "kind": it.kind, "function": it.function, "boundary": it.boundary, "vendor": it.vendor,
        "operated_by": it.operated_by, "environment": it.environment, "segment": it.segment,
        "lifecycle": it.lifecycle, "disposed": it.disposed, "holdings": holdings(&it.holdings),
        "capabilities": sorted(it.capabilities.iter().map(|it| json!(it))),
        "copies": sorted(it.copies.iter().map(|it| json!(it))),
        "manages": sorted(it.manages.iter().map(|it| match &it.target {
            ManageTarget::System(target) => json!({ "system": target, "how": it.how }),
            ManageTarget::Segment(target) => json!({ "segment": target, "how": it.how }),
        })),
        "payment_page": it.payment_page, "relay": it.relay, "sealed_scd": it.sealed_scd, "exposure": it.exposure,
        "controls": sorted(it.controls.iter().map(|it| json!(it))),
    })
}

fn flow_facts(it: &Flow) -> Value {
    let control = it.control.as_ref().map(|control| match control {
        FlowControl::Record(id) => json!({ "record": id }),
        FlowControl::Inline { kind, status } => json!({ "type": kind, "status": status }),
    });
    json!({
        "id": it.id, "from": it.from, "to": it.to, "kind": it.kind, "data": holdings(&it.fields),
        "protocol": it.protocol, "auth": it.auth, "credential": it.credential, "encryption": it.encryption,
        "initiator": it.initiator, "channel": it.channel, "access": it.access, "control": control,
        "via": sorted(it.via.iter().map(|it| json!(it))), "stage": it.stage, "page": it.page,
        "action": sorted(it.action.iter().map(|it| json!(it))),
    })
}

fn holdings(them: &[Holding]) -> Value {
    sorted(them.iter().map(|it| {
        json!({
            "element": it.element, "form": it.form, "ops": it.ops, "key": it.key, "domain": it.domain, "alg": it.alg,
            "mask": it.mask, "live": it.live, "phase": it.phase, "records": it.records, "population": it.population,
        })
    }))
}

/// The keys of its own ciphertext and of what flows in and out, those of its copies, and those it holds.
fn key_facts(model: &Model, system: &System, flows: &[&Flow]) -> Vec<Value> {
    let of_holdings = system.holdings.iter().chain(flows.iter().flat_map(|flow| &flow.fields));
    let mut ids: BTreeSet<&KeyId> = of_holdings.filter_map(|it| it.key.as_ref()).collect();
    ids.extend(system.copies.iter().filter_map(|copy| copy.encrypt_key.as_ref()));
    ids.extend(model.keys.values().filter(|key| key.holders.contains(&system.id)).map(|key| &key.id));
    ids.into_iter()
        .map(|id| match model.keys.get(id) {
            None => json!({ "id": id }),
            Some(key) => json!({
                "id": id, "use": key.usage, "holders": key.holders, "p2pe_listed": key.p2pe_listed,
                "attested": key.attested,
            }),
        })
        .collect()
}

fn sorted(values: impl Iterator<Item = Value>) -> Value {
    let mut values: Vec<Value> = values.collect();
    values.sort_by_cached_key(canonical);
    Value::Array(values)
}

/// JSON without blanks, the members of objects sorted by name.
fn canonical(value: &Value) -> String {
    match value {
        Value::Object(members) => {
            let sorted: BTreeMap<&String, &Value> = members.iter().collect();
            let members: Vec<String> =
                sorted.into_iter().map(|(name, value)| format!("{}:{}", json!(name), canonical(value))).collect();
            format!("{{{}}}", members.join(","))
        }
        Value::Array(items) => format!("[{}]", items.iter().map(canonical).collect::<Vec<_>>().join(",")),
        plain => plain.to_string(),
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::model::reader::read_json;

    fn hash(model: &str) -> String {
        fingerprint(&read_json(model.as_bytes()).unwrap().0, &"a".into())
    }

    const MODEL: &str = r#"{"segments":[{"id":"s"}],"systems":[
        {"id":"a","segment":"s","holdings":[{"element":"pan","form":"truncated"},{"element":"email"}]},{"id":"b"}],
        "flows":[{"id":"f","from":"b","to":"a","data":[{"element":"pan","form":"encrypted","key":"k"}]}],
        "keys":[{"id":"k","holders":["b"]}]}"#;

    #[test]
    fn names_facts_and_the_order_of_holdings_decide_nothing() {
        let renamed = MODEL.replace(r#""id":"a","segment""#, r#""id":"a","name":"Another name","owner":"x","segment""#);
        assert_eq!(hash(MODEL), hash(&renamed));
        let reordered = MODEL.replace(
            r#"{"element":"pan","form":"truncated"},{"element":"email"}"#,
            r#"{"element":"email"},{"element":"pan","form":"truncated"}"#,
        );
        assert_eq!(hash(MODEL), hash(&reordered));
    }

    #[test]
    fn a_change_of_the_system_its_flows_its_segment_or_its_keys_changes_it() {
        for (from, to) in [
            (r#""form":"truncated""#, r#""form":"clear""#),
            (r#""from":"b""#, r#""access":"blocked","from":"b""#),
            (r#"{"id":"s"}"#, r#"{"id":"s","microsegmented":true}"#),
            (r#""holders":["b"]"#, r#""holders":[]"#),
            (r#""flows""#, r#""segment_links":[{"a":"s","b":"t","policy":"open"}],"flows""#),
        ] {
            assert_ne!(hash(MODEL), hash(&MODEL.replace(from, to)), "{from}");
        }
    }

    #[test]
    fn what_happens_elsewhere_leaves_it_alone() {
        let elsewhere = MODEL.replace(r#"{"id":"b"}]"#, r#"{"id":"b","lifecycle":"planned"},{"id":"c"}]"#);
        assert_eq!(hash(MODEL), hash(&elsewhere));
    }
}
