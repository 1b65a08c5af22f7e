//! PCI DSS 6.5.5: live card numbers are not used in pre-production, unless it is protected like the CDE.

use crate::findings::fix::{self, FixOption, Step};
use crate::findings::hit::{Hit, Hits};
use crate::findings::requirement::Mapping::Pci;
use crate::findings::rule::{Check, Example, Kind, Rule, Severity};
use crate::findings::survey::{Node, Survey};
use crate::findings::{Finding, data, said};
use crate::model::element::Holding;
use crate::model::object::ObjectRef;
use crate::model::relations::Environment;

/// Live card numbers before production.
pub const RULE: Rule = Rule {
    id: "F-LIVE-PAN-TEST",
    aliases: &["PF-08"],
    version: 1,
    title: "Live card numbers before production",
    sentence: "Test systems are open to many people and weakly protected; real cards do not \
                belong there.",
    condition: "A system of ours in pre-production, test or development has live card numbers, \
                and is not declared to be part of the CDE.",
    kind: Kind::Decides,
    severity: Severity::Critical,
    severity_moves: "",
    maps_to: &[Pci("6.5.5")],
    service_providers_only: false,
    reads: &["system.environment", "holding.live", "system.declared_category", "flow.fields"],
    shows: &["environment", "live", "declared_category", "element", "form", "witness"],
    false_positives: "Test card numbers are not live; say so on the element.",
    question: "Which data is used for tests, and which procedure makes it?",
    fixes: &[FixOption::change("Use test data", 3, use_test_data)],
    fires: &[
        Example::new(
            "a test system holds live card numbers",
            r#""systems":[{"id":"test","environment":"test","holdings":[{"element":"pan"}]}]"#,
        ),
        Example::new(
            "they flow to a test system",
            r#""systems":[{"id":"db"},{"id":"test","environment":"test"}],"flows":[{"id":"f","from":"db",
               "to":"test","data":[{"element":"pan"}]}]"#,
        ),
    ],
    silent: &[
        Example::new(
            "the numbers are test data",
            r#""systems":[{"id":"test","environment":"test","holdings":[{"element":"pan","live":false}]}]"#,
        ),
        Example::new(
            "the environment is declared CDE",
            r#""systems":[{"id":"test","environment":"test","declared_category":"cde",
               "holdings":[{"element":"pan"}]}]"#,
        ),
        Example::new("it is production", r#""systems":[{"id":"db","holdings":[{"element":"pan"}]}]"#),
    ],
    checks: &[Check::System(check)],
};

fn check(survey: &Survey<'_>, node: &Node<'_>, hits: &mut Hits) {
    let lower = matches!(node.system.environment, Environment::Preprod | Environment::Test | Environment::Dev);
    let declared = said::text(&node.system.facts, "declared_category");
    if !(lower && node.is_own() && node.active) || declared == Some("cde") {
        return;
    }
    let live_pan = |it: &&Holding| data::is_pan(it) && data::is_account_data(it);
    let own = node.system.holdings.iter().find(live_pan).map(|it| (it, None));
    let arriving = || {
        let inbound = survey.inbound(node).filter(|it| it.arrives());
        inbound
            .flat_map(|it| it.flow.fields.iter().map(move |field| (field, Some(it))))
            .find(|(field, _)| live_pan(field))
    };
    let Some((holding, by)) = own.or_else(arriving) else { return };
    let environment = node.system.environment.label().to_lowercase();
    let sentence = format!("{} is in {environment} and has {} of real customers.", node.name(), data::words(holding));
    let hit = Hit::on(node.subject(), sentence).about_element(&holding.element);
    let hit = hit.shows("environment", node.system.environment.as_str()).shows("live", true);
    let hit = hit.shows("declared_category", declared).shows("element", holding.element.as_str());
    hits.add(hit.shows("form", holding.form.as_str()).shows("witness", by.map(|it| it.subject())));
}

/// Marks the card numbers on the system, and those that flow to it, as test data.
fn use_test_data(survey: &Survey<'_>, finding: &Finding) -> Vec<Step> {
    let ObjectRef::System(id) = &finding.subject else { return Vec::new() };
    let Some(node) = survey.node(id) else { return Vec::new() };
    let mark = |holdings: &mut Vec<Holding>| {
        holdings.iter_mut().filter(|it| data::is_pan(it)).for_each(|it| it.live = false);
    };
    let mut steps = fix::system(survey, finding, |system| mark(&mut system.holdings));
    for edge in survey.inbound(node).filter(|it| it.arrives() && it.cargo.account_data) {
        let of_flow = finding.clone().on(edge.subject());
        steps.extend(fix::flow(survey, &of_flow, |flow| mark(&mut flow.fields)));
    }
    steps
}
