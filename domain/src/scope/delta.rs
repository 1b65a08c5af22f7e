//! What a change does to the scope: which systems changed category, and why.

use serde::{Deserialize, Serialize};

use super::explain::{Explainer, Part, Sentence};
use super::verdict::{Category, Scope, Sub, Verdict};
use crate::id::SystemId;
use crate::model::Model;
use crate::pairs::pairs;

/// A system whose category is no longer what it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CategoryChange {
    /// The system.
    pub system: SystemId,
    /// Its name.
    pub name: String,
    /// The category before; `None` for a new system.
    pub before: Option<(Category, Option<Sub>)>,
    /// The category now; `None` for a system that is gone.
    pub after: Option<(Category, Option<Sub>)>,
    /// Why it is what it is now.
    pub because: Vec<Sentence>,
}

/// The systems whose category or finer category differs between two states of a model, in the order of their keys.
#[must_use]
pub fn delta(before: (&Model, &Scope), after: (&Model, &Scope)) -> Vec<CategoryChange> {
    let category = |verdict: Option<&Verdict>| verdict.map(|it| (it.category, it.sub));
    let changed: Vec<_> = pairs(&before.1.systems, &after.1.systems)
        .map(|(id, was, is)| (id, category(was), category(is)))
        .filter(|(_, was, is)| was != is)
        .collect();
    if changed.is_empty() {
        return Vec::new();
    }
    let explainer = Explainer::new(after.0, after.1, changed.iter().map(|(id, ..)| *id));
    changed
        .into_iter()
        .map(|(id, was, is)| {
            let record = after.0.systems.get(id).or_else(|| before.0.systems.get(id));
            let name = record.map_or_else(|| id.to_string(), |it| it.name.clone());
            let because = if is.is_some() { explainer.explain(id) } else { vec![gone(id, &name)] };
            CategoryChange { system: id.clone(), name, before: was, after: is, because }
        })
        .collect()
}

fn gone(id: &SystemId, name: &str) -> Sentence {
    let system = Part::System(id.clone(), name.to_owned());
    Sentence(vec![system, Part::Text(" is no longer part of the model.".to_owned())])
}

#[cfg(test)]
mod tests {
    use super::super::testing::model;
    use super::*;
    use crate::scope::compute;

    #[test]
    fn changed_new_and_removed_systems_are_told_in_the_order_of_their_keys() {
        let before = model(r#""systems":[{"id":"crm","name":"CRM"},{"id":"old","name":"Old"},{"id":"same"}]"#);
        let after = model(
            r#""systems":[{"id":"crm","name":"CRM"},{"id":"app"},{"id":"same"}],
               "flows":[{"id":"leak","from":"app","to":"crm","data":[{"element":"pan"}]}]"#,
        );
        let changes = delta((&before, &compute(&before)), (&after, &compute(&after)));
        let told: Vec<String> = changes
            .iter()
            .map(|it| {
                let side = |side: Option<(Category, Option<Sub>)>| side.map_or("-", |(category, _)| category.as_str());
                let last = it
                    .because
                    .iter()
                    .map(ToString::to_string)
                    .find(|text| text.contains("leak") || text.contains("no longer"));
                format!("{}: {} -> {}: {}", it.name, side(it.before), side(it.after), last.unwrap_or_default())
            })
            .collect();
        insta::assert_snapshot!(told.join("\n"), @r"
app: - -> cde: app itself sends the card number in clear (flow leak).
CRM: out_of_scope -> cde: app sends the card number in clear to CRM (flow leak).
Old: out_of_scope -> -: Old is no longer part of the model.
");
        assert_eq!(delta((&after, &compute(&after)), (&after, &compute(&after))), []);
    }
}
