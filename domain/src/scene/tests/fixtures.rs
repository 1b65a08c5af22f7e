//! Invented estates to draw.

use super::*;
use crate::scene::estate;

pub(super) fn lane(order: i32, key: &str, name: &str, trust: &str, cde: bool) -> Lane {
    Lane { order, key: key.to_owned(), name: name.to_owned(), trust: trust.to_owned(), cde }
}

pub(super) fn node(key: &str, name: &str, kind: &str, lane: &str, category: Category) -> Node {
    Node {
        key: key.to_owned(),
        name: name.to_owned(),
        sublabel: kind.to_owned(),
        open_end: false,
        lane: (!lane.is_empty()).then(|| lane.to_owned()),
        category,
        href: format!("/w/shop/systems/{key}"),
        sentence: format!("{name}. {}. {kind}.", category.words()),
        pin: None,
        group: None,
    }
}

pub(super) fn flow(from: &str, to: &str, carried: &[(ChipClass, &str)]) -> Bundle {
    Bundle {
        from: from.to_owned(),
        to: to.to_owned(),
        keys: vec![format!("{from}-{to}")],
        chips: carried.iter().map(|(class, label)| Chip { class: *class, label: (*label).to_owned() }).collect(),
        href: format!("/w/shop/flows/{from}-{to}"),
        sentence: format!("Flow from {from} to {to}."),
        ..Bundle::default()
    }
}

/// A shop that takes cards: twelve declared systems in four lanes, and one open end.
pub(super) fn shop() -> Drawing {
    use Category::{Cde, ConnectedTo, External, NotAssessed, OutOfScope, SecurityImpacting, ThirdParty};
    use ChipClass::{Other, Pan, Pii, Sad, Secret, Token, Truncated};
    let card = [(Pan, "PAN"), (Sad, "CVV"), (Other, "EXP")];
    Drawing {
        title: "Corner shop payments".to_owned(),
        lanes: vec![
            lane(0, "internet", "Internet", "untrusted", false),
            lane(1, "edge", "Edge", "filtered", false),
            lane(2, "cde", "Cardholder data environment", "trusted", true),
            lane(3, "office", "Office and shared services", "trusted", false),
        ],
        nodes: vec![
            node("browser", "Shopper browser", "browser", "internet", External),
            node("psp", "Payment gateway", "payment service", "internet", ThirdParty(ProviderRole::AccountData)),
            node("cdn", "Content network", "CDN and WAF", "edge", Cde),
            node("web", "Storefront", "web application", "edge", Cde),
            node("checkout", "Checkout service", "service", "cde", Cde),
            node("vault", "Token vault", "data store", "cde", Cde),
            node("hsm", "Key module", "HSM", "cde", Cde),
            node("orders", "Order service", "service", "office", ConnectedTo),
            node("logs", "Central logging", "log store", "office", ConnectedTo),
            node("idp", "Identity provider", "directory", "office", SecurityImpacting),
            node("intranet", "Intranet wiki", "web application", "office", OutOfScope),
            node("desk", "Support desk", "workstation", "office", NotAssessed),
        ],
        bundles: vec![
            flow("browser", "cdn", &card),
            flow("cdn", "web", &card),
            flow("web", "checkout", &card),
            Bundle {
                keys: vec!["authorise".to_owned(), "capture".to_owned(), "refund".to_owned()],
                ..flow("checkout", "psp", &card)
            },
            Bundle { webhook: true, ..flow("psp", "web", &[(Token, "TOKEN"), (Truncated, "LAST4")]) },
            flow("checkout", "vault", &[(Pan, "PAN")]),
            flow("vault", "hsm", &[(Secret, "KEY")]),
            flow("vault", "orders", &[(Token, "TOKEN")]),
            flow("checkout", "orders", &[(Token, "TOKEN"), (Pii, "EMAIL")]),
            Bundle { unencrypted: true, ..flow("orders", "logs", &[(Pii, "EMAIL")]) },
            flow("checkout", "logs", &[]),
            flow("web", "logs", &[]),
            Bundle { admin: true, ..flow("idp", "checkout", &[(Secret, "PASSWORD")]) },
            Bundle { unknown: true, ..flow("desk", "orders", &[]) },
            flow("orders", "warehouse-feed", &[(Truncated, "LAST4")]),
            flow("orders", "checkout", &[]),
        ],
        highlight: None,
        counts: Counts { systems_shown: 13, systems: 13, flows_shown: 18, flows: 18, ..Counts::default() },
    }
}

/// The same shop, explaining why the desk is in scope.
pub(super) fn explained() -> Drawing {
    let step = |flow: &str, number| Step { flow: flow.to_owned(), number };
    Drawing {
        highlight: Some(Highlight {
            nodes: ["vault", "checkout", "orders", "desk"].map(str::to_owned).to_vec(),
            steps: vec![step("checkout-vault", 1), step("checkout-orders", 2), step("desk-orders", 3)],
            ..Highlight::default()
        }),
        ..shop()
    }
}

/// The first systems somebody typed in: no segments yet, and hardly any flow.
pub(super) fn unsorted() -> Drawing {
    let mut drawing = Drawing {
        title: "First inventory".to_owned(),
        counts: Counts { systems_shown: 9, systems: 9, flows_shown: 3, flows: 3, ..Counts::default() },
        ..Drawing::default()
    };
    for (key, name, kind) in [
        ("till", "Till", "point of sale"),
        ("terminal", "Card terminal", "payment terminal"),
        ("router", "Branch router", "network device"),
        ("acquirer", "Acquirer host", "payment service"),
        ("laptop", "Laptop of the branch manager with a very long name", "workstation"),
        ("camera", "Camera recorder", "appliance"),
        ("books", "Bookkeeping", "application"),
        ("mail", "Mail", "application"),
        ("site", "Web site", "web application"),
    ] {
        drawing.nodes.push(node(key, name, kind, "", Category::NotAssessed));
    }
    drawing.bundles = vec![
        flow("terminal", "router", &[(ChipClass::Pan, "PAN"), (ChipClass::Sad, "TRACK")]),
        flow("router", "acquirer", &[(ChipClass::Pan, "PAN"), (ChipClass::Sad, "TRACK")]),
        flow("till", "terminal", &[]),
    ];
    drawing
}

/// A log store that twenty-four systems of three lanes write to and two read from.
pub(super) fn hub() -> Drawing {
    let mut drawing = Drawing {
        title: "Everything logs".to_owned(),
        lanes: vec![
            lane(0, "dmz", "DMZ", "untrusted", false),
            lane(1, "core", "Core", "trusted", false),
            lane(2, "ops", "Operations", "trusted", false),
        ],
        nodes: vec![
            node("siem", "SIEM", "log analysis", "ops", Category::SecurityImpacting),
            node("console", "Analyst console", "workstation", "ops", Category::SecurityImpacting),
            node("archive", "Log archive", "data store", "core", Category::ConnectedTo),
        ],
        bundles: vec![flow("siem", "archive", &[]), Bundle { admin: true, ..flow("console", "siem", &[]) }],
        highlight: None,
        counts: Counts {
            systems_shown: 27,
            systems: 140,
            flows_shown: 26,
            flows: 1204,
            collapsed: 2,
            ..Counts::default()
        },
    };
    for number in 0..24 {
        let key = format!("service-{number:02}");
        let lane = ["dmz", "core", "ops"][number % 3];
        drawing.nodes.push(node(&key, &format!("Service {number}"), "service", lane, Category::ConnectedTo));
        let carried: &[(ChipClass, &str)] = if number % 7 == 0 { &[(ChipClass::Truncated, "LAST4")] } else { &[] };
        drawing.bundles.push(flow(&key, "siem", carried));
    }
    drawing
}

/// The estate of the sample workspace, as the page of the map draws it.
pub(super) fn sample() -> Drawing {
    let mut model = crate::model::Model::default();
    for object in crate::model::sample::sample("2026-03-02".parse().unwrap()) {
        model.put(object);
    }
    let scope = crate::scope::compute(&model);
    let options =
        estate::ViewOptions { base: "/w/sample".to_owned(), title: "Sample".to_owned(), ..Default::default() };
    estate::drawing(&model, &scope, &options)
}

/// A processor's network of fourteen segments: card data comes in at the top and is settled at the bottom, and
/// everybody is watched.
pub(super) fn segments() -> Drawing {
    use Category::{Cde, ConnectedTo, OutOfScope, SecurityImpacting, ThirdParty};
    const LANES: [(&str, &str, &str, bool); 14] = [
        ("partners", "Partner lines", "untrusted", false),
        ("internet", "Internet", "untrusted", false),
        ("edge", "Edge", "filtered", false),
        ("atm", "Cash machines", "filtered", false),
        ("switch", "Authorisation switch", "restricted", true),
        ("vault", "Card vault", "restricted", true),
        ("settle", "Clearing and settlement", "restricted", true),
        ("disputes", "Disputes", "trusted", false),
        ("warehouse", "Data warehouse", "trusted", false),
        ("shared", "Shared services", "trusted", false),
        ("admin", "Administration", "restricted", false),
        ("office", "Office", "trusted", false),
        ("lab", "Test and development", "trusted", false),
        ("branch", "Branches", "filtered", false),
    ];
    let card = [(ChipClass::Pan, "PAN"), (ChipClass::Sad, "TRACK")];
    let pan = [(ChipClass::Pan, "PAN")];
    let token = [(ChipClass::Token, "TOKEN"), (ChipClass::Truncated, "LAST4")];
    let mut drawing = Drawing {
        title: "Processor".to_owned(),
        lanes: LANES
            .iter()
            .zip(0..)
            .map(|((key, name, trust, cde), order)| lane(order, key, name, trust, *cde))
            .collect(),
        ..Drawing::default()
    };
    let systems: [(&str, &str, &str, &str, Category); 31] = [
        ("scheme-a", "Card scheme A", "payment network", "partners", ThirdParty(ProviderRole::AccountData)),
        ("scheme-b", "Card scheme B", "payment network", "partners", ThirdParty(ProviderRole::AccountData)),
        ("merchant", "Merchants", "external", "internet", Category::External),
        ("waf", "Web firewall", "CDN and WAF", "edge", Cde),
        ("api", "Acceptance API", "service", "edge", Cde),
        ("portal", "Merchant portal", "web application", "edge", ConnectedTo),
        ("atm-fleet", "Cash machine fleet", "terminal", "atm", Cde),
        ("atm-host", "Cash machine host", "service", "atm", Cde),
        ("auth", "Authorisation", "service", "switch", Cde),
        ("router", "Scheme router", "service", "switch", Cde),
        ("stand-in", "Stand-in processing", "service", "switch", Cde),
        ("hsm", "Security modules", "HSM", "vault", Cde),
        ("vault", "Card vault", "data store", "vault", Cde),
        ("clearing", "Clearing", "batch", "settle", Cde),
        ("settlement", "Settlement", "batch", "settle", Cde),
        ("ledger", "Ledger", "data store", "settle", ConnectedTo),
        ("disputes", "Dispute desk", "application", "disputes", ConnectedTo),
        ("images", "Document archive", "data store", "disputes", ConnectedTo),
        ("lake", "Data warehouse", "data store", "warehouse", ConnectedTo),
        ("reports", "Reports", "application", "warehouse", OutOfScope),
        ("siem", "Log analysis", "log store", "shared", SecurityImpacting),
        ("idp", "Identity provider", "directory", "shared", SecurityImpacting),
        ("patch", "Patch server", "service", "shared", SecurityImpacting),
        ("jump", "Jump host", "bastion", "admin", SecurityImpacting),
        ("pam", "Privileged access", "service", "admin", SecurityImpacting),
        ("mail", "Mail", "application", "office", OutOfScope),
        ("laptops", "Laptops", "workstation", "office", OutOfScope),
        ("ci", "Build pipeline", "service", "lab", SecurityImpacting),
        ("test", "Test copy of the switch", "service", "lab", Category::NotAssessed),
        ("terminals", "Branch terminals", "terminal", "branch", Cde),
        ("till", "Branch till", "application", "branch", ConnectedTo),
    ];
    drawing.nodes = systems.iter().map(|(key, name, kind, lane, it)| node(key, name, kind, lane, *it)).collect();
    drawing.bundles = vec![
        flow("merchant", "waf", &card),
        flow("merchant", "portal", &[]),
        flow("waf", "api", &card),
        flow("api", "auth", &card),
        flow("atm-fleet", "atm-host", &card),
        flow("atm-host", "auth", &card),
        flow("terminals", "till", &token),
        flow("terminals", "auth", &card),
        flow("auth", "router", &card),
        flow("router", "scheme-a", &card),
        flow("router", "scheme-b", &card),
        flow("auth", "hsm", &[(ChipClass::Secret, "PIN KEY")]),
        flow("auth", "stand-in", &pan),
        flow("auth", "vault", &pan),
        flow("vault", "hsm", &[(ChipClass::Secret, "KEY")]),
        flow("vault", "clearing", &pan),
        flow("clearing", "settlement", &pan),
        Bundle { unencrypted: true, ..flow("clearing", "scheme-a", &pan) },
        flow("settlement", "ledger", &token),
        flow("ledger", "lake", &token),
        flow("lake", "reports", &[]),
        flow("disputes", "vault", &token),
        flow("disputes", "images", &[(ChipClass::Pii, "NAME")]),
        flow("portal", "disputes", &[(ChipClass::Pii, "NAME")]),
        flow("portal", "idp", &[(ChipClass::Secret, "PASSWORD")]),
        flow("auth", "siem", &[]),
        flow("api", "siem", &[]),
        flow("atm-host", "siem", &[]),
        flow("clearing", "siem", &[]),
        Bundle { admin: true, ..flow("jump", "auth", &[(ChipClass::Secret, "SSH KEY")]) },
        Bundle { admin: true, ..flow("jump", "vault", &[(ChipClass::Secret, "SSH KEY")]) },
        Bundle { admin: true, ..flow("laptops", "jump", &[]) },
        flow("pam", "jump", &[(ChipClass::Secret, "SSH KEY")]),
        flow("laptops", "mail", &[]),
        flow("ci", "test", &[]),
        Bundle { unknown: true, ..flow("ci", "auth", &[]) },
        flow("patch", "auth", &[]),
    ];
    let flows = drawing.bundles.iter().map(|bundle| bundle.keys.len()).sum();
    drawing.counts = Counts { systems_shown: 31, systems: 31, flows_shown: flows, flows, ..Counts::default() };
    drawing
}

/// Somebody's one flat network: everything in one segment.
pub(super) fn one_segment() -> Drawing {
    let mut drawing = shop();
    "One flat network".clone_into(&mut drawing.title);
    drawing.lanes = vec![lane(0, "lan", "Local network", "trusted", true)];
    for node in &mut drawing.nodes {
        node.lane = Some("lan".to_owned());
    }
    drawing.bundles.retain(|bundle| bundle.to != "warehouse-feed");
    drawing.counts = Counts { systems_shown: 12, systems: 12, flows_shown: 17, flows: 17, ..Counts::default() };
    drawing
}
