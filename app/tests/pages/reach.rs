//! Nothing that the model can say is reachable only by import: every attribute has a field in some form.

use domain::inventory::KINDS;
use domain::model::fact::{attributes_of, has_own_page};
use domain::model::object::ObjectKind;

use crate::estate::Fake;
use crate::render::get;

/// What no form shows on purpose, and why.
const TOLD: [(&str, &str); 2] = [
    // The map places a system, and gives it back.
    ("position", "system"),
    // The account of a person is linked on the person's page, where only members can be chosen.
    ("account", "person"),
];

/// The forms in which the attributes of a kind stand: those of its own, or of what it is a part of.
fn forms(kind: ObjectKind) -> Vec<String> {
    let new = |page: &str| vec![format!("/w/shop/{page}")];
    match kind {
        ObjectKind::System | ObjectKind::Holding => new("systems/new"),
        ObjectKind::Flow | ObjectKind::FlowField => new("flows/new"),
        ObjectKind::Person => new("people/new"),
        ObjectKind::Grant => new("inventory/credentials/new"),
        ObjectKind::Settings => new("inventory/settings/settings/edit"),
        other => match KINDS.iter().find(|it| it.object == other) {
            Some(kind) => new(&format!("inventory/{}/new", kind.word)),
            None => Vec::new(),
        },
    }
}

#[tokio::test]
async fn every_attribute_has_a_field_in_some_form() {
    let fake = Fake::sample();
    let mut missing = Vec::new();
    let mut looked_at = 0;
    for kind in ObjectKind::ALL {
        let mut html = String::new();
        for form in forms(*kind) {
            html.push_str(&get(&fake, &form).await.html);
        }
        for attribute in attributes_of(*kind) {
            let (name, part) =
                (attribute.name, matches!(kind, ObjectKind::Holding | ObjectKind::FlowField | ObjectKind::Grant));
            // What a source saw is not typed: its list is handed in on the page of observations. What has a
            // page of its own is written there.
            if TOLD.contains(&(name, kind.as_str())) || *kind == ObjectKind::Observation || has_own_page(attribute) {
                continue;
            }
            looked_at += 1;
            let field = match (kind, name) {
                (ObjectKind::FlowField, "field_name") => ".wire\"".to_owned(),
                (ObjectKind::System, "owner") => "name=\"owner\"".to_owned(),
                _ if part => format!(".fact.{name}\""),
                _ => format!("name=\"fact.{name}\""),
            };
            if !html.contains(&field) {
                missing.push(format!("{kind}.{name}"));
            }
        }
    }
    assert!(looked_at > 150, "{looked_at}");
    assert_eq!(missing, Vec::<String>::new(), "attributes that only an import can state");
}

#[tokio::test]
async fn everything_that_a_form_writes_back_has_a_field_in_it() {
    let fake = Fake::sample();
    let model = &fake.estate.stored;
    let system = model.systems.values().max_by_key(|it| it.holdings.len()).unwrap();
    let flow = model.flows.values().max_by_key(|it| it.fields.len()).unwrap();
    let written = [
        (format!("/w/shop/systems/{}/edit", system.id), domain::model::draft::system_to_form(system)),
        (format!("/w/shop/flows/{}/edit", flow.id), domain::model::draft::flow_to_form(flow)),
    ];
    for (page, form) in written {
        let html = get(&fake, &page).await.html;
        for (name, _) in form.iter().filter(|(name, _)| name != "fact.position") {
            assert!(html.contains(&format!("name=\"{name}\"")), "{name} on {page}");
        }
    }
}
