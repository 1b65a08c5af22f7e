//! PCI DSS 3.3.2: sensitive authentication data that is kept until authorisation is encrypted.

use crate::blast::edit::Edit;
use crate::findings::fix::{self, FixOption, Step};
use crate::findings::hit::{Hit, Hits};
use crate::findings::requirement::Mapping::Pci;
use crate::findings::rule::{Check, Example, Kind, Rule, Severity};
use crate::findings::survey::{Kept, Node, Survey};
use crate::findings::{Finding, data};
use crate::id::ElementId;
use crate::model::element::{Form, Phase};
use crate::model::object::ObjectRef;

/// Authentication data not encrypted before authorisation.
pub const RULE: Rule = Rule {
    id: "F-SAD-PREAUTH",
    aliases: &[],
    version: 1,
    title: "Authentication data not encrypted before authorisation",
    sentence: "A payment that waits for its authorisation has everything in it that a thief needs.",
    condition: "A system of ours stores sensitive authentication data before authorisation in \
                another form than encrypted.",
    kind: Kind::Decides,
    severity: Severity::Critical,
    severity_moves: "",
    maps_to: &[Pci("3.3.2")],
    service_providers_only: false,
    reads: &["holding.element", "holding.form", "holding.ops", "holding.phase"],
    shows: &["element", "form", "phase"],
    false_positives: "What is kept in memory only is not stored.",
    question: "Which configuration and which key records show the encryption?",
    fixes: &[
        FixOption::change("Encrypt it until the authorisation", 5, encrypt),
        FixOption::change("Do not keep it", 5, stop),
    ],
    fires: &[Example::new(
        "a verification code waits in clear",
        r#""systems":[{"id":"q","kind":"queue","holdings":[{"element":"card_verification_code",
               "ops":["store"],"phase":"pre_auth"}]}]"#,
    )],
    silent: &[
        Example::new(
            "it is encrypted",
            r#""systems":[{"id":"q","kind":"queue","holdings":[{"element":"card_verification_code",
               "form":"encrypted","ops":["store"],"phase":"pre_auth"}]}]"#,
        ),
        Example::new(
            "it is not stored",
            r#""systems":[{"id":"q","holdings":[{"element":"card_verification_code","ops":["process"],
               "phase":"pre_auth"}]}]"#,
        ),
    ],
    checks: &[Check::System(check)],
};

fn check(survey: &Survey<'_>, node: &Node<'_>, hits: &mut Hits) {
    if !node.is_own() || node.system.disposed {
        return;
    }
    let mut told: Vec<&ElementId> = Vec::new();
    for Kept { holding, .. } in survey.kept(node) {
        let readable = data::is_sad(holding) && holding.live && data::is_readable(holding);
        if !readable || holding.phase != Phase::PreAuth || told.contains(&&holding.element) {
            continue;
        }
        told.push(&holding.element);
        let sentence = format!("{} keeps {} until the authorisation.", node.name(), data::words(holding));
        let hit = Hit::on(node.subject(), sentence).about_element(&holding.element);
        let hit = hit.shows("element", holding.element.as_str()).shows("form", holding.form.as_str());
        hits.add(hit.shows("phase", holding.phase.as_str()));
    }
}

fn encrypt(survey: &Survey<'_>, finding: &Finding) -> Vec<Step> {
    let element = finding.element();
    fix::system(survey, finding, |system| {
        let waiting = system.holdings.iter_mut().filter(|it| Some(&it.element) == element.as_ref());
        waiting.for_each(|it| it.form = Form::Encrypted);
    })
}

fn stop(_: &Survey<'_>, finding: &Finding) -> Vec<Step> {
    let (Some(element), ObjectRef::System(system)) = (finding.element(), &finding.subject) else { return Vec::new() };
    let mut steps: Vec<Step> =
        finding.flows().map(|flow| Step::Edit(Edit::DropField { flow, element: element.clone() })).collect();
    steps.push(Step::Edit(Edit::RemoveHolding { system: system.clone(), element }));
    steps
}
