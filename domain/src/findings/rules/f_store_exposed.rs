//! PCI DSS 1.4.4: systems that store card data are not directly reachable from untrusted networks.

use crate::blast::edit::Edit;
use crate::findings::fix::{self, FixOption, Step};
use crate::findings::hit::{Hit, Hits};
use crate::findings::requirement::Mapping::Pci;
use crate::findings::rule::{Check, Example, Kind, Rule, Severity};
use crate::findings::survey::{Node, Survey};
use crate::findings::{Finding, data};
use crate::model::object::ObjectRef;
use crate::model::relations::{Exposure, Trust};

/// Stored card data in direct reach of an untrusted network.
pub const RULE: Rule = Rule {
    id: "F-STORE-EXPOSED",
    aliases: &["PF-26"],
    version: 1,
    title: "Stored card data in direct reach of an untrusted network",
    sentence: "A store of card numbers with a door to the internet is what every attacker looks \
                for.",
    condition: "A system of ours stores card numbers and is on the internet, or somebody outside \
                or in an untrusted network opens a connection to it.",
    kind: Kind::Decides,
    severity: Severity::Critical,
    severity_moves: "",
    maps_to: &[Pci("1.4.4")],
    service_providers_only: false,
    reads: &["system.holdings", "system.exposure", "flow.initiator", "system.boundary", "segment.trust"],
    shows: &["exposure", "initiator", "trust", "element", "form"],
    false_positives: "Somebody who opens a connection through a trusted system that the model does not \
                show.",
    question: "Which rules keep the store out of reach of untrusted networks?",
    fixes: &[
        FixOption::fill("Put a trusted system between the store and the outside", 8, &["flow.from"]),
        FixOption::change("Block the direct way", 3, block),
        FixOption::change("Take the store off the internet", 3, hide),
    ],
    fires: &[
        Example::new(
            "a store of card numbers is on the internet",
            r#""systems":[{"id":"db","exposure":"internet","holdings":[{"element":"pan","ops":["store"]}]}]"#,
        ),
        Example::new(
            "a provider opens a connection to the store",
            r#""systems":[{"id":"db","holdings":[{"element":"pan","ops":["store"]}]},{"id":"saas",
               "boundary":"third_party"}],"flows":[{"id":"f","from":"saas","to":"db"}]"#,
        ),
    ],
    silent: &[
        Example::new(
            "only our own service calls the store",
            r#""systems":[{"id":"db","holdings":[{"element":"pan","ops":["store"]}]},{"id":"shop"}],
               "flows":[{"id":"f","from":"shop","to":"db"}]"#,
        ),
        Example::new(
            "nothing but tokens is stored",
            r#""systems":[{"id":"db","exposure":"internet","holdings":[{"element":"pan","form":"tokenised",
               "ops":["store"]}]}]"#,
        ),
    ],
    checks: &[Check::System(check)],
};

fn check(survey: &Survey<'_>, node: &Node<'_>, hits: &mut Hits) {
    if !(node.is_own() && node.active) {
        return;
    }
    let kept = survey.kept(node);
    let Some(pan) = kept.iter().find(|it| data::is_pan(it.holding) && data::is_account_data(it.holding)) else {
        return;
    };
    let hit = |sentence: String| {
        let hit = Hit::on(node.subject(), sentence).shows("element", pan.holding.element.as_str());
        hit.shows("form", pan.holding.form.as_str())
    };
    if node.system.exposure == Some(Exposure::Internet) {
        let sentence = format!("{} stores card numbers and is on the internet.", node.name());
        hits.add(hit(sentence).about_aspect("internet").shows("exposure", "internet"));
    }
    for edge in survey.flows(node).filter(|it| it.on_network()) {
        for (caller, called) in survey.callers(edge) {
            let untrusted = caller.system.segment.as_ref().and_then(|it| survey.model.segments.get(it));
            let untrusted = untrusted.is_some_and(|it| it.trust == Trust::Untrusted);
            if called.system.id != node.system.id || (caller.is_own() && !untrusted) {
                continue;
            }
            let sentence =
                format!("{} stores card numbers, and {} opens a connection to it.", node.name(), caller.name());
            let hit = hit(sentence).about(&edge.subject());
            hits.add(hit.shows_of(edge.subject(), "initiator", edge.flow.initiator.as_str()));
        }
    }
}

fn block(_: &Survey<'_>, finding: &Finding) -> Vec<Step> {
    let flow = finding.facts.iter().find_map(|fact| match &fact.of {
        ObjectRef::Flow(id) => Some(id.clone()),
        _ => None,
    });
    flow.map(|flow| Step::Edit(Edit::Block { flow })).into_iter().collect()
}

fn hide(survey: &Survey<'_>, finding: &Finding) -> Vec<Step> {
    if finding.discriminator != "internet" {
        return Vec::new();
    }
    fix::system(survey, finding, |system| system.exposure = Some(Exposure::Internal))
}
