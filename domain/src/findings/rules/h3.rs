//! Health of the model: both ends of a flow agree with what is entered, again and again.

use crate::confirmation::{End, side_by_side};
use crate::findings::fix::FixOption;
use crate::findings::hit::{Hit, Hits};
use crate::findings::rule::{Check, Example, Kind, Rule, Severity};
use crate::findings::survey::{Edge, Survey};

/// Flow not confirmed by both ends.
pub const RULE: Rule = Rule {
    id: "H3",
    aliases: &[],
    version: 2,
    title: "Flow not confirmed by both ends",
    sentence: "What only one side believes is often wrong.",
    condition: "One end of a flow, or both, has not confirmed it as it is entered now within the period of \
                the settings, or the same person did for both.",
    kind: Kind::Health,
    severity: Severity::Info,
    severity_moves: "",
    maps_to: &[],
    service_providers_only: false,
    reads: &["flow.confirmations", "flow.fields", "settings.review_days_confirmation"],
    shows: &["from_end", "to_end"],
    false_positives: "A flow of somebody else that we only watch.",
    question: "Do both ends agree with what this flow carries?",
    fixes: &[FixOption::fill("Have both ends confirm the flow", 1, &["flow.confirmations"])],
    fires: &[
        Example::new(
            "nobody confirmed it",
            r#""systems":[{"id":"a"},{"id":"b"}],"flows":[{"id":"f","from":"a","to":"b"}]"#,
        ),
        Example::new(
            "one person confirmed both ends",
            r#""systems":[{"id":"a"},{"id":"b"}],"flows":[{"id":"f","from":"a","to":"b",
               "confirmations":[{"end":"source","person":"p","answer":"agrees",
               "at":"2025-12-01T00:00:00Z"},{"end":"target","person":"p","answer":"agrees",
               "at":"2025-12-01T00:00:00Z"}]}]"#,
        ),
        Example::new(
            "it goes somewhere else since",
            r#""systems":[{"id":"a"},{"id":"b"}],"flows":[{"id":"f","from":"a","to":"b",
               "confirmations":[{"end":"source","person":"p","answer":"agrees","from":"a","to":"c",
               "at":"2025-12-01T00:00:00Z"},{"end":"target","person":"q","answer":"agrees","from":"a","to":"c",
               "at":"2025-12-01T00:00:00Z"}]}]"#,
        ),
    ],
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
    let both = side_by_side(edge.flow);
    // An end that agreed with what is no longer entered has not confirmed what is.
    let mut confirmed =
        |end| both.agreed_at(end).is_some_and(|at| !hits.overdue(at.day(), survey.settings.confirmation_days));
    let (from, to) = (confirmed(End::Source), confirmed(End::Target));
    let who = match (from, to) {
        (true, true) if both.by_two_people() => return,
        (true, true) => "two different people",
        (true, false) => "the receiver",
        (false, true) => "the sender",
        (false, false) => "either end",
    };
    let sentence = format!("{} is not confirmed by {who}.", survey.flow_title(edge));
    hits.add(Hit::on(edge.subject(), sentence).shows("from_end", from).shows("to_end", to));
}
