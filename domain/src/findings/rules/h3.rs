//! Health of the model: both ends of a flow agree with what is entered, again and again.

use crate::findings::fix::FixOption;
use crate::findings::hit::{Hit, Hits};
use crate::findings::rule::{Check, Example, Kind, Rule, Severity};
use crate::findings::said;
use crate::findings::survey::{Edge, Survey};

/// Flow not confirmed by both ends.
pub const RULE: Rule = Rule {
    id: "H3",
    aliases: &[],
    version: 1,
    title: "Flow not confirmed by both ends",
    sentence: "What only one side believes is often wrong.",
    condition: "One end of a flow, or both, has not confirmed it within the period of the settings.",
    kind: Kind::Health,
    severity: Severity::Info,
    severity_moves: "",
    maps_to: &[],
    service_providers_only: false,
    reads: &["flow.confirmations", "settings.review_days_confirmation"],
    shows: &["from_end", "to_end"],
    false_positives: "A flow of somebody else that we only watch.",
    question: "Do both ends agree with what this flow carries?",
    fixes: &[FixOption::fill("Have both ends confirm the flow", 1, &["flow.confirmations"])],
    fires: &[Example::new(
        "nobody confirmed it",
        r#""systems":[{"id":"a"},{"id":"b"}],"flows":[{"id":"f","from":"a","to":"b"}]"#,
    )],
    silent: &[Example::new(
        "both ends did",
        r#""systems":[{"id":"a"},{"id":"b"}],"flows":[{"id":"f","from":"a","to":"b",
               "confirmations":[{"end":"source","person":"p","answer":"agrees",
               "at":"2025-12-01T00:00:00Z"},{"end":"target","person":"q","answer":"agrees",
               "at":"2025-12-01T00:00:00Z"}]}]"#,
    )],
    checks: &[Check::Flow(check)],
};

fn check(survey: &Survey<'_>, edge: &Edge<'_>, hits: &mut Hits) {
    if !(edge.active && survey.ends(edge).iter().any(|it| it.is_own())) {
        return;
    }
    let mut confirmed = |end: &str| {
        let of_end = said::items(&edge.flow.facts, "confirmations").filter(|it| {
            let text = |name: &str| it.get(name).and_then(|it| it.as_str());
            text("end") == Some(end) && text("answer") == Some("agrees")
        });
        let last = of_end.filter_map(|it| said::instant_of(it.get("at")?.as_str()?)).max();
        last.is_some_and(|at| !hits.overdue(at.day(), survey.settings.confirmation_days))
    };
    let (from, to) = (confirmed("source"), confirmed("target"));
    let who = match (from, to) {
        (true, true) => return,
        (true, false) => "the receiver",
        (false, true) => "the sender",
        (false, false) => "either end",
    };
    let sentence = format!("{} is not confirmed by {who}.", survey.flow_title(edge));
    hits.add(Hit::on(edge.subject(), sentence).shows("from_end", from).shows("to_end", to));
}
