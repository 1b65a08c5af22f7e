//! How soon a way of paying works again: what the systems on it promise, the worst counts, and what the last exercise
//! showed.

use std::collections::{BTreeMap, BTreeSet};

use super::assurance::{Activity, Measured};
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
        /// Nothing was measured.
        Never = "never": "Never exercised",
        /// Something was measured, and somebody on the path promises nothing.
        Unknown = "unknown": "Nothing to compare with",
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
    /// What that says of the promise.
    pub shown: Shown,
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
    let shown = match exercised {
        None => Shown::Never,
        Some((_, it)) if longer(&back_within, Some(it.recovery_minutes)) || longer(&loses, it.lost_minutes) => {
            Shown::Missed
        }
        Some(_) if back_within.minutes.is_none() || !back_within.unknown.is_empty() => Shown::Unknown,
        Some(_) => Shown::Kept,
    };
    Recovery { path, systems: systems.into_iter().collect(), back_within, loses, exercised, shown }
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

    fn exercise(done: &str, took: u64) -> Activity {
        let measured = Some(Measured { recovery_minutes: took, lost_minutes: Some(1) });
        Activity { measured, ..activity(1, ActivityKind::Failover, done, Outcome::Passed) }
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
}
