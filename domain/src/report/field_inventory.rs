//! Field inventory: which element is where, in which form, what for, and for how long.

use super::holdings::{basis, class, element_name, operations, person, policies, purpose, retention, systems};
use super::table::{Report, Table, UNKNOWN, or_unknown, yes_or_no};
use crate::findings::said;
use crate::model::Model;
use crate::model::element::{Form, Holding, Op};
use crate::model::system::System;
use crate::scope::verdict::Scope;

/// The field inventory of a model judged as of its own day.
#[must_use]
pub fn field_inventory(model: &Model, scope: &Scope) -> Report {
    let policies = policies(model);
    let mut held: Vec<(&System, &Holding)> =
        systems(model).flat_map(|system| system.holdings.iter().map(move |it| (system, it))).collect();
    let rank = |it: &Holding| {
        let class = class(&it.element, &policies);
        (class.is_none(), class)
    };
    held.sort_by(|one, other| {
        let key = |(system, holding): &(&System, &Holding)| {
            (rank(holding), holding.element.clone(), system.id.clone(), holding.form)
        };
        key(one).cmp(&key(other))
    });
    let row = |(system, holding): &(&System, &Holding)| {
        let decided = policies.get(&holding.element);
        let category = scope.systems.get(&system.id).map_or("", |it| it.category.label());
        [
            element_name(&holding.element),
            class(&holding.element, &policies).map_or("", |it| it.label()).to_owned(),
            system.id.to_string(),
            system.name.clone(),
            category.to_owned(),
            holding.form.label().to_owned(),
            operations(holding),
            or_unknown(purpose(&holding.facts)),
            or_unknown(basis(decided)),
            or_unknown(retention(holding, decided)),
            or_unknown(said::day(&holding.facts, "last_purge_check").map(|it| it.to_string())),
            or_unknown(said::text(&holding.facts, "method")),
            yes_or_no(said::yes(&holding.facts, "access_logging")),
            holding.records.map_or_else(|| UNKNOWN.to_owned(), |it| it.to_string()),
            or_unknown(person(model, said::text(&system.facts, "owner"))),
        ]
    };
    let columns = [
        ("element", "Element"),
        ("class", "Class"),
        ("system", "System"),
        ("system_name", "Name"),
        ("category", "Scope"),
        ("form", "Form"),
        ("operations", "What is done"),
        ("purpose", "Purpose"),
        ("lawful_basis", "Lawful basis"),
        ("retention", "Kept for"),
        ("last_purge_check", "Purge checked"),
        ("protection", "Made unreadable by"),
        ("access_logged", "Access logged"),
        ("records", "Records"),
        ("owner", "Owner"),
    ];
    let count = |test: &dyn Fn(&Holding) -> bool| held.iter().filter(|(_, it)| test(it)).count();
    let no_purpose = count(&|it| purpose(&it.facts).is_none());
    let no_end = count(&|it| it.ops.contains(Op::Store) && retention(it, policies.get(&it.element)).is_none());
    let no_form = count(&|it| it.form == Form::Unknown);
    let sentences = vec![
        format!("Elements on systems: {}.", held.len()),
        format!(
            "Without a purpose: {no_purpose}. Stored without an end: {no_end}. In a form that nobody knows: {no_form}."
        ),
    ];
    Report {
        title: "Field inventory with purposes and retention".to_owned(),
        as_of: model.settings.as_of,
        sentences,
        tables: vec![Table::new("fields", "Elements on systems", columns, held.iter().map(row))],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::findings::tests::model;
    use crate::report::table::check;
    use crate::scope::compute;

    #[test]
    fn every_element_says_what_for_and_how_long_or_that_nobody_knows() {
        let model = model(
            r#""systems":[
                {"id":"crm","name":"CRM","owner":"lead","holdings":[
                    {"element":"email","ops":["store"],"purpose":"Answers to customers","retention_days":365},
                    {"element":"phone","ops":["store"]},{"element":"pan","form":"unknown","ops":["process"]}]},
                {"id":"old","lifecycle":"retired","disposed":true,"holdings":[{"element":"pan"}]}],
              "people":[{"id":"lead","name":"Service lead"}],
              "element_policies":[{"id":"p","element":"phone","lawful_basis":"contract","retention_days_max":30}]"#,
        );
        let report = field_inventory(&model, &compute(&model));
        check(&report);
        let table = &report.tables[0];
        assert_eq!(
            table.column("element").collect::<Vec<_>>(),
            ["Primary account number", "E-mail address", "Telephone number"]
        );
        assert_eq!(table.column("purpose").collect::<Vec<_>>(), ["unknown", "Answers to customers", "unknown"]);
        assert_eq!(table.column("retention").collect::<Vec<_>>(), ["not stored", "365 days", "at most 30 days"]);
        assert_eq!(table.column("lawful_basis").collect::<Vec<_>>(), ["unknown", "unknown", "Contract"]);
        assert!(table.column("owner").all(|it| it == "Service lead"));
        let told = "Without a purpose: 2. Stored without an end: 0. In a form that nobody knows: 1.";
        assert_eq!(report.sentences[1], told);
    }
}
