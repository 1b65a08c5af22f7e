//! PCI DSS 12.3.4: technologies are reviewed every year, and those near their end have an approved plan.

use crate::findings::fix::FixOption;
use crate::findings::hit::{Hit, Hits};
use crate::findings::requirement::Mapping::Pci;
use crate::findings::rule::{Check, Example, Kind, Rule, Severity};
use crate::findings::said;
use crate::findings::survey::{Node, Survey};

/// Technology past its end of support.
pub const RULE: Rule = Rule {
    id: "F-TECH-REVIEW",
    aliases: &[],
    version: 1,
    title: "Technology past its end of support",
    sentence: "What is no longer supported gets no patches, and everybody knows its holes.",
    condition: "The support of a system of ours in scope has ended, and no replacement plan is \
                approved.",
    kind: Kind::Decides,
    severity: Severity::Medium,
    severity_moves: "",
    maps_to: &[Pci("12.3.4")],
    service_providers_only: false,
    reads: &["system.end_of_life", "system.eol_plan_ref", "system.eol_plan_approved_by", "system.category"],
    shows: &["end_of_life", "eol_plan_ref", "eol_plan_approved_by"],
    false_positives: "Extended support that was bought moves the end; enter the new day.",
    question: "Who in senior management approved the plan, and when?",
    fixes: &[FixOption::fill(
        "Plan the replacement, and have it approved",
        3,
        &["system.eol_plan_ref", "system.eol_plan_approved_by"],
    )],
    fires: &[Example::new(
        "support has ended and there is no plan",
        r#""systems":[{"id":"vault","end_of_life":"2025-06-30","holdings":[{"element":"pan"}]}]"#,
    )],
    silent: &[
        Example::new(
            "support goes on",
            r#""systems":[{"id":"vault","end_of_life":"2027-06-30","holdings":[{"element":"pan"}]}]"#,
        ),
        Example::new(
            "a plan is approved",
            r#""people":[{"id":"ciso"}],"systems":[{"id":"vault","end_of_life":"2025-06-30",
               "eol_plan_ref":"EV-0001","eol_plan_approved_by":"ciso","holdings":[{"element":"pan"}]}]"#,
        ),
    ],
    checks: &[Check::System(check)],
};

fn check(_: &Survey<'_>, node: &Node<'_>, hits: &mut Hits) {
    let facts = &node.system.facts;
    let plan = said::anything(facts, "eol_plan_ref");
    let approved = said::anything(facts, "eol_plan_approved_by");
    if !node.in_scope() || (plan && approved) {
        return;
    }
    let Some(end) = said::day(facts, "end_of_life").filter(|day| hits.over(*day)) else { return };
    let sentence = format!("The support of {} ended on {end}, and no replacement plan is approved.", node.name());
    let hit = Hit::on(node.subject(), sentence).shows("end_of_life", end).shows("eol_plan_ref", plan);
    hits.add(hit.shows("eol_plan_approved_by", approved));
}
