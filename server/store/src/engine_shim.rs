//! Stands in for the engine until it is part of the domain crate.

use domain::model::Model;
use domain::scope::delta::CategoryChange;
use domain::scope::verdict::{Category, SaqHint, Scope, Verdict};
use domain::time::Day;

pub(crate) fn compute(model: &Model) -> Scope {
    let verdict = |system: &domain::model::system::System| Verdict {
        category: if system.holdings.is_empty() { Category::OutOfScope } else { Category::Cde },
        sub: None,
        opst: None,
        rule: None,
        witness: Vec::new(),
        steps: Vec::new(),
        provenance: Vec::new(),
        other_reasons: Vec::new(),
        reasons: 0,
        flags: std::collections::BTreeSet::new(),
        computed_category: None,
    };
    let systems = model.systems.iter().map(|(id, system)| (id.clone(), verdict(system))).collect();
    Scope { systems, saq_hint: SaqHint::None }
}

pub(crate) fn as_of(model: &Model, today: Day) -> Model {
    let mut model = model.clone();
    model.settings.as_of = today;
    model
}

pub(crate) fn delta(before: (&Model, &Scope), after: (&Model, &Scope)) -> Vec<CategoryChange> {
    let keys = before.1.systems.keys().chain(after.1.systems.keys());
    let keys: std::collections::BTreeSet<_> = keys.collect();
    keys.into_iter()
        .filter_map(|id| {
            let was = before.1.systems.get(id).map(|it| (it.category, it.sub));
            let is = after.1.systems.get(id).map(|it| (it.category, it.sub));
            let name = after.0.systems.get(id).or(before.0.systems.get(id))?.name.clone();
            let change = CategoryChange { system: id.clone(), name, before: was, after: is, because: Vec::new() };
            (was != is).then_some(change)
        })
        .collect()
}

pub(crate) fn sample(_today: Day) -> Vec<domain::model::object::Object> {
    let system = |key: &str, name: &str| {
        let system = domain::model::system::System::new(domain::id::SystemId::new(key), name);
        domain::model::object::Object::System(std::sync::Arc::new(system))
    };
    vec![system("storefront", "Storefront"), system("payments", "Payments")]
}
