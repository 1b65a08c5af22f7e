//! Small random models, as files: a few systems with everything that the rules read, odd references included.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};

/// Keys of systems; the last one is never declared, one needs care in files.
pub const SYSTEMS: [&str; 6] = ["a", "b", "c", "d\"\n", "e", "ghost"];
pub const SEGMENTS: [&str; 3] = ["s", "t", "u"];
const CREDENTIALS: [&str; 3] = ["k", "l", "m"];
const KEYS: [&str; 3] = ["x", "y", "lost"];
const DOMAINS: [&str; 2] = ["p", "q"];
const VENDORS: [&str; 2] = ["v", "w"];

const ELEMENTS: [&str; 7] = ["pan", "pan", "card_verification_code", "email", "api_secret", "expiry", "loyalty"];
const FORMS: [&str; 9] =
    ["clear", "clear", "tokenised", "encrypted", "hashed", "truncated", "masked", "network_token", "odd"];

fn holding() -> impl Strategy<Value = Value> {
    let what = (select(&ELEMENTS[..]), select(&FORMS[..]), any::<bool>(), 0..8_u8);
    let how =
        (option::of(select(&KEYS[..])), option::of(select(&DOMAINS[..])), option::of(select(&["hmac", "sha256"][..])));
    let much = (option::of(0..200_000_u64), option::of(select(&["cards", "staff"][..])));
    (what, how, much).prop_map(|((element, form, store, dead), (key, domain, alg), (records, population))| {
        json!({
            "element": element, "form": form, "ops": [if store { "store" } else { "process" }], "key": key,
            "domain": domain, "alg": alg, "records": records, "population": population, "live": dead != 0,
        })
    })
}

fn system(id: &'static str) -> impl Strategy<Value = Value> {
    let kind = (
        select(&["own", "own", "own", "third_party", "external"][..]),
        option::of(select(&SEGMENTS[..])),
        select(&["live", "live", "live", "live", "retired", "planned"][..]),
        option::of(select(&["internet", "internal"][..])),
    );
    let role = (
        option::of(select(&VENDORS[..])),
        select(&["none", "none", "redirect", "merchant_form"][..]),
        select(&["service", "jump_host", "cicd"][..]),
        option::of(0..90_u64),
    );
    let target = select(&["a", "b", "c", "d\"\n", "ghost", "segment:s", "segment:t"][..]);
    let how = select(&["admin", "deploy", "page_script", "dns", "log"][..]);
    let manages = vec((target, how), 0..2).prop_map(|them| {
        them.into_iter().map(|(target, how)| json!({ "target": target, "how": how })).collect::<Vec<_>>()
    });
    let capability = (select(&["vault", "detokenise"][..]), option::of(select(&DOMAINS[..])));
    let capabilities = vec(capability, 0..2).prop_map(|them| {
        them.into_iter().map(|(kind, domain)| json!({ "type": kind, "domain": domain })).collect::<Vec<_>>()
    });
    let copies = vec((select(&SYSTEMS[..]), option::of(select(&KEYS[..]))), 0..2).prop_map(|them| {
        them.into_iter().map(|(from, key)| json!({ "from": from, "encrypt_key": key })).collect::<Vec<_>>()
    });
    (kind, role, vec(holding(), 0..3), manages, capabilities, copies).prop_map(
        move |(
            (boundary, segment, lifecycle, exposure),
            (vendor, page, kind, detect),
            holdings,
            manages,
            can,
            copies,
        )| {
            json!({
                "id": id, "boundary": boundary, "segment": segment, "lifecycle": lifecycle, "exposure": exposure,
                "vendor": vendor, "payment_page": page, "kind": kind, "detect_minutes": detect, "holdings": holdings,
                "manages": manages, "capabilities": can, "copies": copies,
            })
        },
    )
}

fn flow() -> impl Strategy<Value = Value> {
    let ends = (select(&SYSTEMS[..]), select(&SYSTEMS[..]));
    let how = (
        select(&["from", "to", "both"][..]),
        select(&["none", "api_key", "api_key"][..]),
        select(&["restricted", "restricted", "restricted", "unrestricted", "blocked"][..]),
        select(&["network", "network", "network", "offline"][..]),
        option::of(select(&["verified", "unverified"][..])),
        select(&["live", "live", "live", "planned"][..]),
        select(&["none", "transport"][..]),
    );
    let used = (
        option::of(select(&CREDENTIALS[..])),
        option::of(select(&SYSTEMS[..])),
        option::of(select(&["refund", "read"][..])),
        option::of(0..100_u64),
        vec((select(&SYSTEMS[..]), select(&["inspect", "passthrough"][..])), 0..2),
        option::of(Just("conn")),
    );
    (ends, how, used, vec(holding(), 0..3)).prop_map(
        |((from, to), (initiator, auth, access, channel, control, stage, encryption), used, data)| {
            let (credential, page, action, latency, via, connector) = used;
            let via: Vec<Value> = via.into_iter().map(|(node, mode)| json!({ "node": node, "mode": mode })).collect();
            let control = control.map(|status| json!({ "type": "firewall", "status": status }));
            json!({
                "from": from, "to": to, "initiator": initiator, "auth": auth, "access": access, "channel": channel,
                "control": control, "stage": stage, "encryption": encryption, "credential": credential, "page": page,
                "action": action.into_iter().collect::<Vec<_>>(), "latency_seconds": latency, "via": via, "data": data,
                "connector": connector,
            })
        },
    )
}

fn grant() -> impl Strategy<Value = Value> {
    let priv_ = select(&["read", "act", "admin", "detokenise", "decrypt"][..]);
    let elements = option::of(vec(select(&["pan", "email", "pan_truncated"][..]), 0..2));
    let action = option::of(select(&["refund", "payout", "read"][..]));
    (select(&SYSTEMS[..]), priv_, elements, option::of(select(&DOMAINS[..])), action).prop_map(
        |(on, privilege, elements, domain, action)| {
            json!({
                "on": on, "priv": privilege, "elements": elements, "domain": domain,
                "action": action.into_iter().collect::<Vec<_>>(),
            })
        },
    )
}

fn credential(id: &'static str) -> impl Strategy<Value = Value> {
    let held_by = vec(select(&SYSTEMS[..]), 0..3);
    let bound_to = option::weighted(0.3, vec(select(&SYSTEMS[..]), 0..3));
    (held_by, vec(grant(), 0..3), bound_to, any::<bool>()).prop_map(move |(held_by, grants, bound_to, mfa)| {
        json!({ "id": id, "held_by": held_by, "grants": grants, "bound_to": bound_to, "mfa": mfa })
    })
}

/// A model file.
pub fn model() -> impl Strategy<Value = Value> {
    let systems: Vec<_> = SYSTEMS[..5].iter().map(|id| system(id)).collect();
    let flows = vec(flow(), 0..8).prop_map(|flows| {
        let named = flows.into_iter().enumerate().map(|(number, mut flow)| {
            flow["id"] = json!(format!("f{number}"));
            flow
        });
        named.collect::<Vec<_>>()
    });
    let credentials: Vec<_> = CREDENTIALS.iter().map(|id| credential(id)).collect();
    let holders = (vec(select(&SYSTEMS[..]), 0..3), vec(select(&SYSTEMS[..]), 0..2), any::<bool>());
    let policies = (option::of(select(&["open", "open", "filtered"][..])), option::of(select(&["open", "denied"][..])));
    let settings = (any::<bool>(), proptest::bool::weighted(0.2), any::<bool>());
    (systems, flows, credentials, holders, policies, settings).prop_map(
        |(systems, flows, credentials, (first, second, attested), (st, tu), (target, strict, micro))| {
            let link =
                |a: &str, b: &str, policy: Option<&str>| policy.map(|it| json!({ "a": a, "b": b, "policy": it }));
            let links: Vec<Value> = [link("s", "t", st), link("u", "t", tu)].into_iter().flatten().collect();
            json!({
                "settings": { "view": if target { "target" } else { "current" }, "strict_flat": strict },
                "segments": [{ "id": "s" }, { "id": "t", "microsegmented": micro }, { "id": "u" }],
                "segment_links": links, "systems": systems, "flows": flows, "credentials": credentials,
                "keys": [{ "id": "x", "holders": first }, { "id": "y", "holders": second, "attested": attested }],
            })
        },
    )
}

/// A start of any kind that the models have.
pub fn start() -> impl Strategy<Value = String> {
    let starts = [
        "system:a",
        "system:b",
        "system:c",
        "system:e",
        "credential:k",
        "credential:l",
        "vendor:v",
        "vendor:w",
        "connector:f0",
        "connector:conn",
    ];
    select(starts.map(str::to_owned).to_vec())
}

/// The same file with its lists in another order.
pub fn reordered(model: &Value, seed: u64) -> Value {
    let mut model = model.clone();
    let turn = |list: &mut Value| {
        if let Some(list) = list.as_array_mut() {
            let by = if list.is_empty() { 0 } else { usize::try_from(seed).unwrap() % list.len() };
            list.rotate_left(by);
            if seed % 2 == 1 {
                list.reverse();
            }
        }
    };
    for list in ["systems", "flows", "credentials", "keys", "segments", "segment_links"] {
        turn(&mut model[list]);
    }
    for system in model["systems"].as_array_mut().unwrap() {
        for list in ["manages", "capabilities"] {
            turn(&mut system[list]);
        }
    }
    for flow in model["flows"].as_array_mut().unwrap() {
        turn(&mut flow["via"]);
    }
    for credential in model["credentials"].as_array_mut().unwrap() {
        for list in ["held_by", "bound_to", "grants"] {
            turn(&mut credential[list]);
        }
    }
    model
}
