//! Common practice: money moves only past a check for fraud.

use crate::findings::Finding;
use crate::findings::fix::{self, FixOption, Step};
use crate::findings::hit::{Hit, Hits};
use crate::findings::rule::{Check, Example, Kind, Rule, Severity};
use crate::findings::survey::{Edge, Survey};
use crate::model::flow::FlowControl;
use crate::model::kinds::{Action, ControlType};
use crate::model::object::ObjectRef;
use crate::model::relations::ControlMode;
use crate::model::segment::Control;

/// Money moves without a fraud check.
pub const RULE: Rule = Rule {
    id: "F-FRAUD-CHECK",
    aliases: &[],
    version: 1,
    title: "Money moves without a fraud check",
    sentence: "Who can start a payment or a refund unchecked can empty the till.",
    condition: "A flow authorises, captures, refunds or pays out, by its own action or by the \
                rights of its credential on the system it calls, and no velocity check, device \
                signal, anomaly score, step-up or manual review is in force on it, its source or \
                its target.",
    kind: Kind::Decides,
    severity: Severity::Medium,
    severity_moves: "High where the action is a payout.",
    maps_to: &[],
    service_providers_only: false,
    reads: &[
        "flow.action",
        "flow.credential",
        "grant.action",
        "flow.control",
        "system.controls",
        "control.applies_to",
        "control.mode",
    ],
    shows: &["action", "controls"],
    false_positives: "The provider may check for fraud; enter the check as a control of the provider.",
    question: "How is the check designed, who decides, and what does a sample of decisions show?",
    fixes: &[FixOption::change("Check how often and how much before money moves", 5, check_first)],
    fires: &[
        Example::new(
            "a refund is unchecked",
            r#""systems":[{"id":"desk"},{"id":"refund"}],"flows":[{"id":"f","from":"desk","to":"refund",
               "action":["refund"]}]"#,
        ),
        Example::new(
            "a payout is unchecked",
            r#""systems":[{"id":"erp"},{"id":"bank","boundary":"third_party"}],"flows":[{"id":"f",
               "from":"erp","to":"bank","action":["payout"]}]"#,
        ),
    ],
    silent: &[
        Example::new(
            "a check is in force on the target",
            r#""systems":[{"id":"desk"},{"id":"refund","controls":["velocity_check"]}],"flows":[{"id":"f",
               "from":"desk","to":"refund","action":["refund"]}]"#,
        ),
        Example::new(
            "no money moves",
            r#""systems":[{"id":"desk"},{"id":"refund"}],"flows":[{"id":"f","from":"desk","to":"refund",
               "action":["read"]}]"#,
        ),
    ],
    checks: &[Check::Flow(check)],
};

const CHECKS: &[ControlType] = &[
    ControlType::VelocityCheck,
    ControlType::DeviceSignal,
    ControlType::AnomalyScore,
    ControlType::StepUp,
    ControlType::ManualReview,
];

fn check(survey: &Survey<'_>, edge: &Edge<'_>, hits: &mut Hits) {
    if !edge.arrives() {
        return;
    }
    let actions = survey.actions(edge);
    let moves = |it: &&Action| matches!(it, Action::Authorise | Action::Capture | Action::Refund | Action::Payout);
    let moving: Vec<&str> = actions.iter().filter(moves).map(|it| it.label()).collect();
    if moving.is_empty() || is_checked(survey, edge) {
        return;
    }
    let severity = if actions.contains(&Action::Payout) { Severity::High } else { Severity::Medium };
    let what = moving.join(", ").to_lowercase();
    let sentence = format!("{} moves money ({what}), and nothing checks for fraud.", survey.flow_title(edge));
    let hit = Hit::on(edge.subject(), sentence).severity(severity).shows("action", what.as_str());
    hits.add(hit.shows("controls", false));
}

fn is_checked(survey: &Survey<'_>, edge: &Edge<'_>) -> bool {
    let in_force = |it: &Control| CHECKS.contains(&it.kind) && it.mode != ControlMode::Off;
    let on_flow = match &edge.flow.control {
        Some(FlowControl::Record(id)) => survey.model.controls.get(id).is_some_and(|it| in_force(it)),
        Some(FlowControl::Inline { kind, .. }) => CHECKS.iter().any(|it| it.as_str() == kind),
        None => false,
    };
    let applies = |it: &Control| in_force(it) && it.applies_to.iter().any(|target| target == edge.flow.id.as_str());
    on_flow
        || survey.ends(edge).into_iter().any(|it| survey.has_control(it, CHECKS))
        || survey.model.controls.values().any(|it| applies(it))
}

fn check_first(survey: &Survey<'_>, finding: &Finding) -> Vec<Step> {
    let ObjectRef::Flow(flow) = &finding.subject else { return Vec::new() };
    let Some(edge) = survey.edge(flow) else { return Vec::new() };
    let subject = survey.to(edge).subject();
    let of_target = finding.clone().on(subject);
    fix::system(survey, &of_target, |system| system.controls.push("velocity_check".to_owned()))
}
