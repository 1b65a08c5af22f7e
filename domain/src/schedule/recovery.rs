//! How soon a way of paying works again: what the systems on it promise, the worst counts, and what the last exercise
//! showed.

use std::collections::{BTreeMap, BTreeSet};

use super::assurance::{Activity, Measured, Outcome};
use crate::findings::said;
use crate::id::SystemId;
use crate::model::Model;
use crate::model::object::ObjectRef;
use crate::model::relations::{Boundary, Lifecycle};
use crate::text::text_enum;
use crate::time::Day;

/// A way of paying: a stage of a channel, such as authorisation of e-commerce.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct PaymentPath {
    /// The channel, as flows name it.
    pub channel: String,
    /// The stage, as flows name it.
    pub stage: String,
}

/// The worst promise on a path: it works again only when everything on it does.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Worst {
    /// The longest minutes that any system promises.
    pub minutes: Option<u64>,
    /// The systems that promise exactly that.
    pub by: Vec<SystemId>,
    /// The systems of which nobody said it. Unknown is never taken for soon.
    pub unknown: Vec<SystemId>,
}

text_enum! {
    /// What the last exercise says of the promise.
    Shown {
        /// It took longer, or lost more, than is promised.
        Missed = "missed": "Took longer than promised",
        /// The last exercise of a system failed or passed in part only, however long it took.
        Failed = "failed": "The last exercise did not pass",
        /// No exercise measured anything and counts.
        Never = "never": "Never exercised",
        /// Something was measured, and somebody on the path promises nothing.
        Unknown = "unknown": "Nothing to compare with",
        /// What was exercised is back in time, and not everything was.
        Partly = "partly": "Shown for a part only",
        /// Every system was exercised, with an exercise that passed and counts.
        Kept = "kept": "Kept",
    }
}

/// How soon one path works again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recovery {
    /// The path.
    pub path: PaymentPath,
    /// Every system of ours or of a provider on it.
    pub systems: Vec<SystemId>,
    /// Until payments work again.
    pub back_within: Worst,
    /// How much is lost at most.
    pub loses: Worst,
    /// The last exercise that measured a system of the path, and what it measured.
    pub exercised: Option<(Day, Measured)>,
    /// What the last exercise of each system says of the promise, the worst first.
    pub shown: Shown,
    /// The systems whose last exercise shows nothing: there is none that passed and counts.
    pub not_exercised: Vec<SystemId>,
}

/// Every path of the model, by channel and stage.
#[must_use]
pub fn recoveries(model: &Model, activities: &[Activity]) -> Vec<Recovery> {
    let mut paths: BTreeMap<PaymentPath, BTreeSet<SystemId>> = BTreeMap::new();
    for flow in model.flows.values().filter(|it| matches!(it.stage, Lifecycle::Live | Lifecycle::Retiring)) {
        let stages = said::list(&flow.facts, "payment_stage");
        for channel in said::list(&flow.facts, "payment_channel").into_iter().filter(|it| *it != "none") {
            for stage in stages.iter().filter(|it| **it != "none") {
                let path = PaymentPath { channel: channel.to_owned(), stage: (*stage).to_owned() };
                let nodes = [&flow.from, &flow.to].into_iter().chain(flow.via.iter().map(|it| &it.node));
                paths.entry(path).or_default().extend(nodes.filter(|id| counts(model, id)).cloned());
            }
        }
    }
    paths.into_iter().map(|(path, systems)| recovery(model, path, systems, activities)).collect()
}

/// What does not work on the customer's side is not what we bring back.
fn counts(model: &Model, id: &SystemId) -> bool {
    model.systems.get(id).is_some_and(|it| matches!(it.boundary, Boundary::Own | Boundary::ThirdParty))
}

fn recovery(model: &Model, path: PaymentPath, systems: BTreeSet<SystemId>, activities: &[Activity]) -> Recovery {
    let back_within = worst(model, &systems, "rto_minutes");
    let loses = worst(model, &systems, "rpo_minutes");
    let on_path = |it: &Activity| {
        it.kind.measures_recovery()
            && it.scope.iter().any(|object| matches!(object, ObjectRef::System(id) if systems.contains(id)))
    };
    let measured = activities.iter().filter(|it| on_path(it)).filter_map(|it| Some((it.done?, it.key, it.measured?)));
    let exercised = measured.max_by_key(|(done, key, _)| (*done, *key)).map(|(done, _, measured)| (done, measured));
    let longer = |worst: &Worst, took: Option<u64>| worst.minutes.zip(took).is_some_and(|(most, took)| took > most);
    let too_long = |it: Measured| longer(&back_within, Some(it.recovery_minutes)) || longer(&loses, it.lost_minutes);
    // What one exercise says. One that passed and lacks its report or its scope says nothing.
    let says = |it: &Activity| match (it.outcome?, it.measured) {
        (_, Some(measured)) if too_long(measured) => Some(Shown::Missed),
        (Outcome::Failed | Outcome::Partial, _) => Some(Shown::Failed),
        (Outcome::Passed, Some(_)) if it.counts(activities) => Some(Shown::Kept),
        (Outcome::Passed, _) => None,
    };
    let of_system = |id: &SystemId| {
        let on_it = |it: &&Activity| it.kind.measures_recovery() && it.scope.contains(&ObjectRef::System(id.clone()));
        let said = activities.iter().filter(on_it).filter_map(|it| Some((it.done?, it.key, says(it)?)));
        said.max_by_key(|(done, key, _)| (*done, *key)).map(|(_, _, shown)| shown)
    };
    let last: Vec<(&SystemId, Option<Shown>)> = systems.iter().map(|id| (id, of_system(id))).collect();
    let any = |shown: Shown| last.iter().any(|(_, it)| *it == Some(shown));
    let not_exercised: Vec<SystemId> =
        last.iter().filter(|(_, it)| *it != Some(Shown::Kept)).map(|(id, _)| (*id).clone()).collect();
    let shown = if any(Shown::Missed) {
        Shown::Missed
    } else if any(Shown::Failed) {
        Shown::Failed
    } else if last.iter().all(|(_, it)| it.is_none()) {
        Shown::Never
    } else if back_within.minutes.is_none() || !back_within.unknown.is_empty() {
        Shown::Unknown
    } else if !not_exercised.is_empty() {
        Shown::Partly
    } else {
        Shown::Kept
    };
    Recovery { path, systems: systems.into_iter().collect(), back_within, loses, exercised, shown, not_exercised }
}

fn worst(model: &Model, systems: &BTreeSet<SystemId>, name: &str) -> Worst {
    let mut worst = Worst::default();
    for id in systems {
        let promised = model.systems.get(id).and_then(|it| said::number(&it.facts, name));
        match promised {
            None => worst.unknown.push(id.clone()),
            Some(minutes) if worst.minutes.is_none_or(|it| minutes > it) => {
                worst.minutes = Some(minutes);
                worst.by = vec![id.clone()];
            }
            Some(minutes) if worst.minutes == Some(minutes) => worst.by.push(id.clone()),
            Some(_) => {}
        }
    }
    worst
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::model::reader::read_json;
    use crate::schedule::assurance::tests::activity;
    use crate::schedule::assurance::{ActivityKind, Outcome};

    fn model(till: &str) -> Model {
        let text = format!(
            r#"{{"systems":[{{"id":"browser","boundary":"external","kind":"consumer_browser"}},{{"id":"till"{till}}},
            {{"id":"core","rto_minutes":60,"rpo_minutes":5}}],"flows":[
            {{"id":"f","from":"browser","to":"till","payment_channel":["e_commerce"],"payment_stage":["authorisation"]}},
            {{"id":"g","from":"till","to":"core","payment_channel":["e_commerce"],"payment_stage":["authorisation","refund"]}}]}}"#
        );
        read_json(text.as_bytes()).unwrap().0
    }

    /// An exercise of the whole path.
    fn exercise(done: &str, took: u64) -> Activity {
        let measured = Some(Measured { recovery_minutes: took, lost_minutes: Some(1) });
        let scope = ["core", "till"].map(|id| ObjectRef::System(id.into())).into();
        Activity { measured, scope, ..activity(1, ActivityKind::Failover, done, Outcome::Passed) }
    }

    /// An exercise of one system.
    fn of(system: &str, it: Activity) -> Activity {
        Activity { scope: [ObjectRef::System(system.into())].into(), ..it }
    }

    #[test]
    fn the_worst_on_the_path_counts_and_customers_do_not() {
        let found = recoveries(&model(r#","rto_minutes":240"#), &[]);
        assert_eq!(found.len(), 2);
        assert_eq!(found[0].systems, ["core".into(), "till".into()]);
        assert_eq!(
            (found[0].back_within.minutes, found[0].back_within.by.as_slice()),
            (Some(240), &["till".into()][..])
        );
        assert_eq!((found[0].loses.minutes, found[0].loses.unknown.as_slice()), (Some(5), &["till".into()][..]));
        assert_eq!(found[0].shown, Shown::Never);
    }

    #[test]
    fn the_last_exercise_decides_and_what_is_unknown_is_not_kept() {
        let shown = |till: &str, done: &[Activity]| recoveries(&model(till), done)[0].shown;
        let till = r#","rto_minutes":30"#;
        assert_eq!(shown(till, &[exercise("2026-01-01", 61)]), Shown::Missed);
        assert_eq!(shown(till, &[exercise("2026-01-01", 61), exercise("2026-02-01", 60)]), Shown::Kept);
        assert_eq!(shown("", &[exercise("2026-02-01", 10)]), Shown::Unknown);
    }

    #[test]
    fn what_failed_or_counts_for_nothing_keeps_no_promise() {
        let all = |done: &[Activity]| recoveries(&model(r#","rto_minutes":30"#), done).swap_remove(0);
        let shown = |done: &[Activity]| all(done).shown;
        let outcome = |done: &str, outcome| Activity { outcome: Some(outcome), ..exercise(done, 10) };
        assert_eq!(shown(&[outcome("2026-01-01", Outcome::Failed)]), Shown::Failed);
        assert_eq!(shown(&[outcome("2026-01-01", Outcome::Partial)]), Shown::Failed);
        assert_eq!(shown(&[Activity { measured: None, ..outcome("2026-01-01", Outcome::Failed) }]), Shown::Failed);
        let (before, after) = (exercise("2025-12-01", 10), exercise("2026-02-01", 10));
        assert_eq!(shown(&[before.clone(), outcome("2026-01-01", Outcome::Failed)]), Shown::Failed);
        assert_eq!(shown(&[outcome("2026-01-01", Outcome::Failed), after.clone()]), Shown::Kept);
        let without_report = Activity { report: None, ..after };
        assert_eq!(shown(std::slice::from_ref(&without_report)), Shown::Never);
        assert_eq!(shown(&[before, without_report]), Shown::Kept, "what counts for nothing takes nothing back");
    }

    #[test]
    fn a_promise_is_kept_when_every_system_of_the_path_was_exercised() {
        let all = |done: &[Activity]| recoveries(&model(r#","rto_minutes":30"#), done).swap_remove(0);
        let till = of("till", exercise("2026-01-01", 10));
        let found = all(std::slice::from_ref(&till));
        assert_eq!((found.shown, found.not_exercised), (Shown::Partly, vec!["core".into()]));
        let found = all(&[till.clone(), of("core", exercise("2026-02-01", 10))]);
        assert_eq!((found.shown, found.not_exercised), (Shown::Kept, Vec::new()));
        let found = all(&[till, of("core", exercise("2025-02-01", 90))]);
        assert_eq!((found.shown, found.not_exercised), (Shown::Missed, vec!["core".into()]), "the worst of the last");
    }
}
