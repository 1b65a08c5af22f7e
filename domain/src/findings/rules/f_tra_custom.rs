//! PCI DSS 12.3.2: a customised approach has a matrix of controls, a risk analysis and an approval, every year.

use super::shape::ask_once_anything_is_in_scope;
use crate::findings::fix::FixOption;
use crate::findings::hit::Hits;
use crate::findings::requirement::Mapping::Pci;
use crate::findings::rule::{Check, Example, Kind, Rule, Severity};
use crate::findings::survey::Survey;

/// Customised approach without its analysis.
pub const RULE: Rule = Rule {
    id: "F-TRA-CUSTOM",
    aliases: &[],
    version: 1,
    title: "Customised approach without its analysis",
    sentence: "Who leaves the beaten path has to show that the new one leads to the same place.",
    condition: "There are systems in scope; whether any requirement is met by a customised \
                approach, with its matrix, analysis and approval, is asked.",
    kind: Kind::Asks,
    severity: Severity::High,
    severity_moves: "",
    maps_to: &[Pci("12.3.2")],
    service_providers_only: false,
    reads: &["system.category"],
    shows: &["systems_in_scope"],
    false_positives: "Most companies use no customised approach; then say so once.",
    question: "Which requirements are met by a customised approach, and who in senior \
                management approved it, when?",
    fixes: &[FixOption::fill("Write the matrix and the analysis, and have them approved", 5, &["settings.note"])],
    fires: &[Example::new(
        "there is a system in scope",
        r#""systems":[{"id":"vault","holdings":[{"element":"pan","ops":["store"]}]}]"#,
    )],
    silent: &[Example::new("nothing is in scope", r#""systems":[{"id":"wiki"}]"#)],
    checks: &[Check::Workspace(check)],
};

fn check(survey: &Survey<'_>, hits: &mut Hits) {
    let question =
        "Is any requirement met by a customised approach, and are its analysis and approval a year old at most?";
    ask_once_anything_is_in_scope(survey, hits, question);
}
