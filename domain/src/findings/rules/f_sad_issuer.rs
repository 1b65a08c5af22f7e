//! PCI DSS 3.3.3: issuers keep sensitive authentication data only for a stated need, and encrypted.

use crate::blast::edit::Edit;
use crate::findings::fix::{FixOption, Step};
use crate::findings::hit::{Hit, Hits};
use crate::findings::requirement::Mapping::Pci;
use crate::findings::rule::{Check, Example, Kind, Rule, Severity};
use crate::findings::survey::{Kept, Node, Survey};
use crate::findings::{Finding, data, said};
use crate::id::ElementId;
use crate::model::object::ObjectRef;

/// Authentication data of an issuer not justified or not encrypted.
pub const RULE: Rule = Rule {
    id: "F-SAD-ISSUER",
    aliases: &[],
    version: 1,
    title: "Authentication data of an issuer not justified or not encrypted",
    sentence: "Even who issues cards keeps only what the business needs, and never in clear.",
    condition: "We issue cards, and a system of ours stores sensitive authentication data \
                without a reason or without encryption.",
    kind: Kind::Decides,
    severity: Severity::High,
    severity_moves: "",
    maps_to: &[Pci("3.3.3")],
    service_providers_only: false,
    reads: &["settings.issuer", "holding.element", "holding.form", "holding.justification", "holding.purpose"],
    shows: &["element", "form", "justification"],
    false_positives: "The reason may stand in a contract; enter it as the justification.",
    question: "Which business need justifies it, and what shows the encryption?",
    fixes: &[
        FixOption::fill("State the business need", 1, &["holding.justification"]),
        FixOption::change("Do not keep it", 5, stop),
    ],
    fires: &[
        Example::new(
            "nobody said why it is kept",
            r#""settings":{"issuer":true},"systems":[{"id":"db","holdings":[{"element":"pin_block",
               "form":"encrypted","ops":["store"]}]}]"#,
        ),
        Example::new(
            "it is kept in clear",
            r#""settings":{"issuer":true},"systems":[{"id":"db","holdings":[{"element":"pin_block",
               "ops":["store"],"justification":"PIN check"}]}]"#,
        ),
    ],
    silent: &[
        Example::new(
            "it is encrypted and justified",
            r#""settings":{"issuer":true},"systems":[{"id":"db","holdings":[{"element":"pin_block",
               "form":"encrypted","ops":["store"],"justification":"PIN check"}]}]"#,
        ),
        Example::new(
            "we issue no cards",
            r#""systems":[{"id":"db","holdings":[{"element":"pin_block","form":"encrypted",
               "ops":["store"]}]}]"#,
        ),
    ],
    checks: &[Check::System(check)],
};

fn check(survey: &Survey<'_>, node: &Node<'_>, hits: &mut Hits) {
    if !(survey.settings.issuer && node.is_own()) || node.system.disposed {
        return;
    }
    let mut told: Vec<&ElementId> = Vec::new();
    for Kept { holding, .. } in survey.kept(node) {
        if !(data::is_sad(holding) && holding.live) || told.contains(&&holding.element) {
            continue;
        }
        let reason = said::anything(&holding.facts, "justification") || said::anything(&holding.facts, "purpose");
        let lacks = match (reason, data::is_readable(holding)) {
            (true, false) => continue,
            (false, false) => "without a stated need",
            (true, true) => "without encryption",
            (false, true) => "without a stated need and without encryption",
        };
        told.push(&holding.element);
        let sentence = format!("{} keeps {} {lacks}.", node.name(), data::words(holding));
        let hit = Hit::on(node.subject(), sentence).about_element(&holding.element);
        let hit = hit.shows("element", holding.element.as_str()).shows("form", holding.form.as_str());
        hits.add(hit.shows("justification", reason));
    }
}

fn stop(_: &Survey<'_>, finding: &Finding) -> Vec<Step> {
    let (Some(element), ObjectRef::System(system)) = (finding.element(), &finding.subject) else { return Vec::new() };
    let mut steps: Vec<Step> =
        finding.flows().map(|flow| Step::Edit(Edit::DropField { flow, element: element.clone() })).collect();
    steps.push(Step::Edit(Edit::RemoveHolding { system: system.clone(), element }));
    steps
}
