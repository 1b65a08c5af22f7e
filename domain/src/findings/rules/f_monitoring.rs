//! Common practice: flows of card data and money are watched for failed sign-ins and unusual volume.

use crate::findings::fix::{self, FixOption, Step};
use crate::findings::hit::{Hit, Hits};
use crate::findings::rule::{Check, Example, Kind, Rule, Severity};
use crate::findings::survey::{Edge, Survey};
use crate::findings::{Finding, said};
use crate::model::kinds::Action;

/// Payment flow without monitoring.
pub const RULE: Rule = Rule {
    id: "F-MONITORING",
    aliases: &[],
    version: 1,
    title: "Payment flow without monitoring",
    sentence: "A stolen key shows first in how much is asked for.",
    condition: "An active flow carries account data or moves money, and its monitoring is said \
                to lack failed sign-ins or volume, or nothing is said of monitoring at all.",
    kind: Kind::Decides,
    severity: Severity::Medium,
    severity_moves: "",
    maps_to: &[],
    service_providers_only: false,
    reads: &["flow.monitoring", "flow.fields", "flow.action", "grant.action"],
    shows: &["auth_failures", "volume"],
    false_positives: "A gateway may watch all of its flows; say so on the flow.",
    question: "Which alerts are defined for failed sign-ins and volume, and what does a sample \
                of alerts and responses show?",
    fixes: &[FixOption::change("Watch failed sign-ins and volume", 2, watch)],
    fires: &[
        Example::new(
            "nothing is watched",
            r#""systems":[{"id":"shop"},{"id":"psp","boundary":"third_party"}],"flows":[{"id":"f",
               "from":"shop","to":"psp","data":[{"element":"pan"}]}]"#,
        ),
        Example::new(
            "volume is not watched",
            r#""systems":[{"id":"shop"},{"id":"psp","boundary":"third_party"}],"flows":[{"id":"f",
               "from":"shop","to":"psp","data":[{"element":"pan"}],"monitoring":{"auth_failures":true,
               "volume":false}}]"#,
        ),
    ],
    silent: &[
        Example::new(
            "both are watched",
            r#""systems":[{"id":"shop"},{"id":"psp","boundary":"third_party"}],"flows":[{"id":"f",
               "from":"shop","to":"psp","data":[{"element":"pan"}],"monitoring":{"auth_failures":true,
               "volume":"anomaly-alert"}}]"#,
        ),
        Example::new(
            "neither cards nor money travel",
            r#""systems":[{"id":"shop"},{"id":"wiki"}],"flows":[{"id":"f","from":"shop","to":"wiki"}]"#,
        ),
    ],
    checks: &[Check::Flow(check)],
};

fn check(survey: &Survey<'_>, edge: &Edge<'_>, hits: &mut Hits) {
    if !(edge.on_network() && survey.ends(edge).iter().any(|it| it.is_own())) {
        return;
    }
    use Action::{Authorise, Capture, ChargeToken, Payout, Refund};
    let moves = |it: &Action| matches!(it, Authorise | Capture | Refund | Payout | ChargeToken);
    if !(edge.cargo.account_data || survey.actions(edge).iter().any(moves)) {
        return;
    }
    let watched = |name| said::part(&edge.flow.facts, "monitoring", name).is_some_and(|it| it.as_bool() != Some(false));
    let (failures, volume) = (watched("auth_failures"), watched("volume"));
    let lacks = match (failures, volume) {
        (true, true) => return,
        (false, true) => "failed sign-ins are not watched",
        (true, false) => "its volume is not watched",
        (false, false) => "neither failed sign-ins nor its volume are watched",
    };
    let sentence = format!("{} carries card data or moves money, and {lacks}.", survey.flow_title(edge));
    hits.add(Hit::on(edge.subject(), sentence).shows("auth_failures", failures).shows("volume", volume));
}

fn watch(survey: &Survey<'_>, finding: &Finding) -> Vec<Step> {
    fix::flow(survey, finding, |flow| {
        let value = serde_json::json!({"auth_failures": true, "volume": true});
        fix::state(&mut flow.facts, "monitoring", value);
    })
}
