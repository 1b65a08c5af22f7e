//! Disclosure report: which data goes to which other organisation, and why.

use std::collections::{BTreeMap, BTreeSet};

use super::holdings::{basis, class, element_name, policies, purpose, vendor_name};
use super::table::{Report, Table, UNKNOWN, list, or_unknown, yes_or_no};
use crate::findings::said;
use crate::id::VendorId;
use crate::inventory::work::fields_unknown;
use crate::model::Model;
use crate::model::element::ElementClass;
use crate::model::fact::Facts;
use crate::model::flow::Flow;
use crate::model::relations::{Boundary, Lifecycle, ViaMode};
use crate::model::system::System;

/// Who receives data: a vendor, or a system of somebody of whom no vendor is named.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Recipient {
    Vendor(VendorId),
    System(String),
}

/// The disclosure report of a model judged as of its own day. Payers and holders of cards who get their own data back are no
/// recipients: systems that we never assess are left out, unless a vendor owns them.
#[must_use]
pub fn disclosure(model: &Model) -> Report {
    let policies = policies(model);
    let mut rows: Vec<[String; 12]> = Vec::new();
    let mut recipients: BTreeMap<Recipient, BTreeSet<String>> = BTreeMap::new();
    let mut unexamined = 0;
    for (flow, system) in leaving(model) {
        let recipient = recipient(system);
        unexamined += usize::from(fields_unknown(flow));
        for field in &flow.fields {
            if class(&field.element, &policies) == Some(ElementClass::Secret) {
                continue;
            }
            let element = element_name(&field.element);
            recipients.entry(recipient.clone()).or_default().insert(element.clone());
            let vendor = system.vendor.as_ref().and_then(|id| model.vendors.get(id));
            let mut uses = system.holdings.iter().filter(|it| it.element == field.element);
            let needed = uses.find_map(|it| purpose(&it.facts));
            rows.push([
                recipient_name(model, &recipient),
                system.id.to_string(),
                element,
                field.form.label().to_owned(),
                flow.id.to_string(),
                flow.from.to_string(),
                or_unknown(needed.or_else(|| said::text(&flow.facts, "purpose"))),
                or_unknown(basis(policies.get(&field.element))),
                or_unknown(Some(jurisdictions(system, vendor.map(|it| &it.facts)))),
                or_unknown(vendor.and_then(|it| said::text(&it.facts, "agreement_ref"))),
                yes_or_no(vendor.and_then(|it| said::yes(&it.facts, "acknowledgement"))),
                flow.encryption.label().to_owned(),
            ]);
        }
    }
    rows.sort();
    let columns = [
        ("recipient", "Recipient"),
        ("system", "System"),
        ("element", "Element"),
        ("form", "Form"),
        ("flow", "Flow"),
        ("from", "Sent by"),
        ("why", "Why"),
        ("lawful_basis", "Lawful basis"),
        ("jurisdictions", "Where"),
        ("agreement", "Agreement"),
        ("acknowledged", "Responsibility acknowledged"),
        ("encryption", "Encryption"),
    ];
    let without = rows.iter().filter(|it| it[6] == UNKNOWN).count();
    let mut sentences = vec![
        format!("Recipients: {}. Elements that they receive, each once per flow: {}.", recipients.len(), rows.len()),
        format!("Without a reason: {without}."),
    ];
    if unexamined > 0 {
        sentences.push(format!("Flows to others of which nobody said what they carry: {unexamined}."));
    }
    let overview = recipients.iter().map(|(recipient, elements)| {
        let services = match recipient {
            Recipient::Vendor(id) => model.vendors.get(id).map(|it| said::list(&it.facts, "services").join("; ")),
            Recipient::System(_) => None,
        };
        [recipient_name(model, recipient), or_unknown(services), list(elements.iter().cloned())]
    });
    let heads = [("recipient", "Recipient"), ("services", "What they do for us"), ("elements", "What they receive")];
    let tables = vec![
        Table::new("recipients", "Recipients", heads, overview),
        Table::new("disclosures", "What goes to whom", columns, rows),
    ];
    Report { title: "Disclosure report".to_owned(), as_of: model.settings.as_of, sentences, tables }
}

/// The flows that leave the entity, each with the system of somebody else that receives them: its end, or who listens on the
/// way.
fn leaving(model: &Model) -> Vec<(&Flow, &System)> {
    let mut found = Vec::new();
    for flow in model.flows.values().filter(|it| it.stage != Lifecycle::Retired) {
        let ours = model.systems.get(&flow.from).is_some_and(|it| it.boundary == Boundary::Own);
        let inspected = flow.via.iter().filter(|it| it.mode == ViaMode::Inspect).map(|it| &it.node);
        for end in std::iter::once(&flow.to).chain(inspected) {
            if let Some(system) = model.systems.get(end).filter(|it| is_recipient(it))
                && (ours || *end != flow.to)
            {
                found.push((flow.as_ref(), system.as_ref()));
            }
        }
    }
    found
}

fn is_recipient(system: &System) -> bool {
    match system.boundary {
        Boundary::Own => false,
        Boundary::ThirdParty => true,
        Boundary::External => system.vendor.is_some(),
    }
}

fn recipient(system: &System) -> Recipient {
    system.vendor.clone().map_or_else(|| Recipient::System(system.id.to_string()), Recipient::Vendor)
}

fn recipient_name(model: &Model, recipient: &Recipient) -> String {
    match recipient {
        Recipient::Vendor(id) => vendor_name(model, id),
        Recipient::System(id) => model.systems.get(id.as_str()).map_or_else(|| id.clone(), |it| it.name.clone()),
    }
}

fn jurisdictions(system: &System, vendor: Option<&Facts>) -> String {
    let own = said::list(&system.facts, "jurisdictions");
    let of_vendor = vendor.map(|it| said::list(it, "jurisdictions")).unwrap_or_default();
    let country = vendor.and_then(|it| said::text(it, "country"));
    let all: BTreeSet<&str> =
        if own.is_empty() { of_vendor.into_iter().chain(country).collect() } else { own.into_iter().collect() };
    list(all.into_iter().map(str::to_owned))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::findings::tests::model;
    use crate::report::table::check;

    const SHOP: &str = r#""vendors":[{"id":"psp","name":"Provider","services":["acquiring"],"country":"NL","acknowledgement":true}],
        "systems":[{"id":"shop"},{"id":"gate","boundary":"third_party","vendor":"psp",
            "holdings":[{"element":"pan","purpose":"Authorisation"}]},
            {"id":"tracker","boundary":"third_party"},{"id":"browser","boundary":"external"}],
        "flows":[{"id":"a","from":"shop","to":"gate","encryption":"transport","data":[{"element":"pan"},{"element":"email"},
                {"element":"api_secret"}]},
            {"id":"b","from":"shop","to":"browser","data":[{"element":"email"}]},
            {"id":"c","from":"browser","to":"gate","via":[{"node":"tracker","mode":"inspect"}],"data":[{"element":"pan"}]},
            {"id":"d","from":"shop","to":"tracker"}]"#;

    #[test]
    fn every_recipient_is_named_with_what_and_why() {
        let report = disclosure(&model(SHOP));
        check(&report);
        let table = report.table("disclosures").map(|it| it.rows.clone()).unwrap_or_default();
        let told: Vec<(&str, &str, &str)> = table.iter().map(|it| (&*it[0], &*it[2], &*it[6])).collect();
        let expected = [
            ("Provider", "E-mail address", "unknown"),
            ("Provider", "Primary account number", "Authorisation"),
            ("tracker", "Primary account number", "unknown"),
        ];
        assert_eq!(told, expected);
        assert_eq!((&*table[0][8], &*table[0][10]), ("NL", "yes"));
        assert!(report.sentences[2].ends_with("carry: 1."), "{:?}", report.sentences);
        let overview = report.table("recipients").map(|it| it.rows.clone()).unwrap_or_default();
        assert_eq!(overview[0], ["Provider", "acquiring", "E-mail address; Primary account number"]);
    }
}
