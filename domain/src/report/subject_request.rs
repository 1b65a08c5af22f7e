//! Data subject request sheet: where data about a category of person is, what for, and whom to ask. Nothing about the person
//! who asked is in it or kept.

use std::collections::BTreeSet;

use super::holdings::{
    basis, class, contact, element_name, operations, policies, purpose, retention, systems, vendor_name,
};
use super::table::{Report, Table, UNKNOWN, list, or_unknown};
use crate::findings::said;
use crate::id::{ElementId, PopulationId, SystemId};
use crate::model::Model;
use crate::model::element::{ElementClass, Holding};
use crate::model::relations::{Boundary, Lifecycle};
use crate::model::system::System;

/// The categories of person that the model names: the sets of people that records are about, by key.
#[must_use]
pub fn categories(model: &Model) -> BTreeSet<PopulationId> {
    systems(model).flat_map(|it| &it.holdings).filter_map(|it| it.population.clone()).collect()
}

/// The sheet for a category of person, or for all where none is named; of a model judged as of its own day.
///
/// Data of which nobody said whom it is about is on every sheet, because it may be about them; secrets are about nobody.
#[must_use]
pub fn subject_request(model: &Model, category: Option<&PopulationId>) -> Report {
    let policies = policies(model);
    let concerns = |it: &&Holding| {
        class(&it.element, &policies) != Some(ElementClass::Secret)
            && (category.is_none() || it.population.is_none() || it.population.as_ref() == category)
    };
    let mut held = Vec::new();
    let mut checklist = Vec::new();
    let mut unsure = 0;
    for system in systems(model) {
        let concerned: Vec<&Holding> = system.holdings.iter().filter(concerns).collect();
        if concerned.is_empty() {
            continue;
        }
        unsure += concerned.iter().filter(|it| it.population.is_none()).count();
        let recipients = recipients(model, system, &concerned);
        for holding in &concerned {
            let decided = policies.get(&holding.element);
            let named =
                |(element, recipient): &(ElementId, String)| (*element == holding.element).then(|| recipient.clone());
            let receive: BTreeSet<String> = recipients.iter().filter_map(named).collect();
            held.push([
                system.id.to_string(),
                system.name.clone(),
                element_name(&holding.element),
                holding.form.label().to_owned(),
                or_unknown(holding.population.as_ref().map(ToString::to_string)),
                operations(holding),
                or_unknown(purpose(&holding.facts)),
                or_unknown(basis(decided)),
                or_unknown(retention(holding, decided)),
                if receive.is_empty() { "nobody else".to_owned() } else { list(receive) },
                or_unknown(contact(model, system)),
            ]);
        }
        checklist.push(steps(model, system, &concerned));
    }
    held.sort();
    checklist.sort();
    let whom = category.map_or_else(|| "everybody".to_owned(), |it| format!("\"{it}\""));
    let asked = checklist.iter().filter(|it| it[2] == UNKNOWN).count();
    let sentences = vec![
        format!("About: {whom}. Systems: {}. Elements on them: {}.", checklist.len(), held.len()),
        format!("Of {unsure} of these nobody said whom they are about. Of {asked} systems nobody is named to ask."),
        "Nothing about the person who asks is written here or kept.".to_owned(),
    ];
    let columns = [
        ("system", "System"),
        ("system_name", "Name"),
        ("element", "Element"),
        ("form", "Form"),
        ("category", "About"),
        ("operations", "What is done"),
        ("purpose", "Purpose"),
        ("lawful_basis", "Lawful basis"),
        ("retention", "Kept for"),
        ("recipients", "Recipients"),
        ("contact", "Contact"),
    ];
    let heads = [
        ("system", "System"),
        ("system_name", "Name"),
        ("contact", "Whom to ask"),
        ("look_for", "Look for"),
        ("find", "Found"),
        ("give", "Copy given"),
        ("correct", "Corrected"),
        ("delete", "Deleted, or why it is kept"),
    ];
    let tables = vec![
        Table::new("data", "What is where", columns, held),
        Table::new("checklist", "Checklist per system", heads, checklist)
            .with_note("Work through it outside this program and keep it there."),
    ];
    Report { title: "Data subject request sheet".to_owned(), as_of: model.settings.as_of, sentences, tables }
}

/// What is to be done on a system. The last four cells are for a pen; what cannot be deleted says why.
fn steps(model: &Model, system: &System, held: &[&Holding]) -> [String; 8] {
    let elements: BTreeSet<String> = held.iter().map(|it| element_name(&it.element)).collect();
    let kept = held.iter().filter_map(|it| said::text(&it.facts, "justification")).collect::<BTreeSet<_>>();
    [
        system.id.to_string(),
        system.name.clone(),
        or_unknown(contact(model, system)),
        list(elements),
        String::new(),
        String::new(),
        String::new(),
        list(kept.into_iter().map(|it| format!("kept: {it}"))),
    ]
}

/// Which of the elements go to which systems of others from here, directly.
fn recipients(model: &Model, system: &System, held: &[&Holding]) -> BTreeSet<(ElementId, String)> {
    let mut found = BTreeSet::new();
    let outside = |id: &SystemId| model.systems.get(id).filter(|it| it.boundary == Boundary::ThirdParty);
    for flow in model.flows.values().filter(|it| it.from == system.id && it.stage != Lifecycle::Retired) {
        let Some(to) = outside(&flow.to) else { continue };
        let name = to.vendor.as_ref().map_or_else(|| to.name.clone(), |id| vendor_name(model, id));
        for field in flow.fields.iter().filter(|field| held.iter().any(|it| it.element == field.element)) {
            found.insert((field.element.clone(), name.clone()));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::findings::tests::model;
    use crate::report::table::check;

    const SHOP: &str = r#""vendors":[{"id":"mailer","name":"Mailer","contact":"privacy@mailer.example"}],
        "people":[{"id":"lead","name":"Service lead","mail":"lead@shop.example"}],
        "systems":[
            {"id":"crm","owner":"lead","holdings":[
                {"element":"email","ops":["store"],"population":"customers","purpose":"Answers","retention_days":365},
                {"element":"phone","ops":["store"],"justification":"Call backs"},
                {"element":"government_id","population":"staff"},{"element":"password","population":"customers"}]},
            {"id":"send","boundary":"third_party","vendor":"mailer","holdings":[{"element":"email","population":"customers"}]},
            {"id":"quiet","holdings":[{"element":"date_of_birth","population":"staff"}]}],
        "flows":[{"id":"f","from":"crm","to":"send","data":[{"element":"email"}]}]"#;

    #[test]
    fn a_sheet_names_every_system_purpose_recipient_and_contact() {
        let model = model(SHOP);
        assert_eq!(categories(&model).len(), 2);
        let report = subject_request(&model, Some(&"customers".into()));
        check(&report);
        let rows = report.table("data").map(|it| it.rows.clone()).unwrap_or_default();
        let told: Vec<(&str, &str, &str, &str)> = rows.iter().map(|it| (&*it[0], &*it[2], &*it[9], &*it[10])).collect();
        let expected = [
            ("crm", "E-mail address", "Mailer", "Service lead"),
            ("crm", "Telephone number", "nobody else", "Service lead"),
            ("send", "E-mail address", "nobody else", "privacy@mailer.example"),
        ];
        assert_eq!(told, expected);
        let steps = report.table("checklist").map(|it| it.rows.clone()).unwrap_or_default();
        assert_eq!((&*steps[0][3], &*steps[0][7]), ("E-mail address; Telephone number", "kept: Call backs"));
        assert_eq!(report.sentences[0], "About: \"customers\". Systems: 2. Elements on them: 3.");
    }

    #[test]
    fn without_a_category_everybody_is_meant_and_secrets_are_about_nobody() {
        let report = subject_request(&model(SHOP), None);
        let elements: Vec<String> = report.tables[0].column("element").map(str::to_owned).collect();
        assert_eq!(elements.len(), 5);
        assert!(!elements.iter().any(|it| it.starts_with("Password")));
    }
}
