//! What a delta promises for any two models.
#![expect(clippy::unwrap_used, reason = "tests")]

#[path = "scope_support/models.rs"]
#[expect(dead_code, reason = "the tests of the scope need more of it")]
mod models;

use std::collections::BTreeSet;

use domain::delta::{Change, Delta, State, report};
use domain::model::Model;
use domain::model::object::ObjectRef;
use domain::scope::compute;
use proptest::prelude::*;

fn between(before: &Model, after: &Model) -> Delta {
    let scopes = (compute(before), compute(after));
    Delta::between(State { model: before, scope: &scopes.0 }, State { model: after, scope: &scopes.1 })
}

fn references(model: &Model) -> BTreeSet<ObjectRef> {
    model.objects().map(|object| object.reference()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_model_does_not_differ_from_itself(model in models::model_with_decisions()) {
        let delta = between(&model, &model.clone());
        prop_assert!(delta.is_empty());
        prop_assert_eq!(report::text(&delta), "The two models do not differ.\n");
    }

    #[test]
    fn exactly_the_objects_that_are_not_equal_are_told(
        before in models::model_with_decisions(),
        after in models::model_with_decisions(),
    ) {
        let told: BTreeSet<ObjectRef> = between(&before, &after).objects.into_iter().map(|it| it.object).collect();
        let all: BTreeSet<ObjectRef> = references(&before).union(&references(&after)).cloned().collect();
        let differ = all.into_iter().filter(|it| before.get(it) != after.get(it)).collect();
        prop_assert_eq!(told, differ);
    }

    #[test]
    fn what_is_new_one_way_is_gone_the_other_way(before in models::model(), after in models::model()) {
        let (there, back) = (between(&before, &after), between(&after, &before));
        let of = |delta: &Delta, wanted: &Change| -> Vec<ObjectRef> {
            delta.objects.iter().filter(|it| it.change == *wanted).map(|it| it.object.clone()).collect()
        };
        prop_assert_eq!(of(&there, &Change::Added), of(&back, &Change::Removed));
        prop_assert_eq!(of(&there, &Change::Removed), of(&back, &Change::Added));
        prop_assert_eq!(there.categories.len(), back.categories.len());
        let starts = |delta: &Delta| delta.blast.changes.iter().map(|it| it.start.clone()).collect::<Vec<_>>();
        prop_assert_eq!(starts(&there), starts(&back));
    }

    #[test]
    fn a_delta_that_was_kept_is_the_same_and_has_lines_without_breaks(before in models::model(), after in models::model()) {
        let delta = between(&before, &after);
        let kept: Delta = serde_json::from_str(&serde_json::to_string(&delta).unwrap()).unwrap();
        prop_assert_eq!(&kept, &delta);
        for line in report::text(&delta).lines().chain(report::sentences(&delta).iter().map(String::as_str)) {
            prop_assert!(!line.contains(char::is_control), "{line:?}");
        }
    }
}
