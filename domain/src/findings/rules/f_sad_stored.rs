//! PCI DSS 3.3.1 with 3.3.1.1 to 3.3.1.3: sensitive authentication data is not kept after authorisation, not even
//! encrypted.

use crate::blast::edit::Edit;
use crate::findings::fix::{FixOption, Step};
use crate::findings::hit::{Hit, Hits};
use crate::findings::requirement::Mapping::Pci;
use crate::findings::rule::{Check, Example, Kind, Rule, Severity};
use crate::findings::survey::{Node, Survey};
use crate::findings::{Finding, data, said};
use crate::id::ElementId;
use crate::model::element::{Form, Phase};
use crate::model::object::ObjectRef;

/// Authentication data kept after authorisation.
pub const RULE: Rule = Rule {
    id: "F-SAD-STORED",
    aliases: &["PF-01"],
    version: 1,
    title: "Authentication data kept after authorisation",
    sentence: "A card verification code, PIN or track that is kept lets a thief pay as if \
                holding the card.",
    condition: "A system of ours stores, logs or replays sensitive authentication data after \
                authorisation; where nobody said when, what lies in a log, queue, backup, \
                warehouse or recorder counts as kept after it. Issuers are looked at by another \
                rule.",
    kind: Kind::Decides,
    severity: Severity::Critical,
    severity_moves: "",
    maps_to: &[Pci("3.3.1"), Pci("3.3.1.1"), Pci("3.3.1.2"), Pci("3.3.1.3"), Pci("3.2.1")],
    service_providers_only: false,
    reads: &[
        "holding.element",
        "holding.form",
        "holding.ops",
        "holding.verbs",
        "holding.phase",
        "system.kind",
        "settings.issuer",
        "flow.fields",
    ],
    shows: &["element", "form", "phase", "kind", "witness", "confirmed"],
    false_positives: "The code may be deleted before the message is kept; say so by the phase before \
                authorisation.",
    question: "What did a sample of stores, logs, traces and dumps show?",
    fixes: &[FixOption::change("Delete it before anything is kept, and purge what is there", 3, stop)],
    fires: &[
        Example::new(
            "a verification code is kept after authorisation",
            r#""systems":[{"id":"db","holdings":[{"element":"card_verification_code","ops":["store"],
               "phase":"post_auth"}]}]"#,
        ),
        Example::new(
            "one lies in a queue, and nobody said when",
            r#""systems":[{"id":"q","kind":"queue","holdings":[{"element":"card_verification_code",
               "ops":["store"]}]}]"#,
        ),
        Example::new(
            "one arrives at a log",
            r#""systems":[{"id":"app"},{"id":"log","kind":"log_sink"}],"flows":[{"id":"f","from":"app",
               "to":"log","data":[{"element":"pin_block","form":"encrypted"}]}]"#,
        ),
    ],
    silent: &[
        Example::new(
            "it is only processed",
            r#""systems":[{"id":"app","holdings":[{"element":"card_verification_code","ops":["process"]}]}]"#,
        ),
        Example::new(
            "it is kept before authorisation",
            r#""systems":[{"id":"q","kind":"queue","holdings":[{"element":"card_verification_code",
               "ops":["store"],"phase":"pre_auth"}]}]"#,
        ),
        Example::new(
            "we issue cards",
            r#""settings":{"issuer":true},"systems":[{"id":"db",
               "holdings":[{"element":"card_verification_code","ops":["store"],"phase":"post_auth"}]}]"#,
        ),
    ],
    checks: &[Check::System(check)],
};

fn check(survey: &Survey<'_>, node: &Node<'_>, hits: &mut Hits) {
    if !node.is_own() || survey.settings.issuer || node.system.disposed {
        return;
    }
    let mut told: Vec<&ElementId> = Vec::new();
    for kept in survey.kept(node) {
        let holding = kept.holding;
        let whole = matches!(holding.form, Form::Clear | Form::Unknown | Form::Encrypted | Form::Hashed);
        let after = match holding.phase {
            Phase::PostAuth => true,
            Phase::PreAuth => false,
            Phase::Unknown => node.stores_what_arrives(),
        };
        if !(data::is_sad(holding) && holding.live && whole && after) || told.contains(&&holding.element) {
            continue;
        }
        told.push(&holding.element);
        let when = if holding.phase == Phase::PostAuth { "after" } else { "and nobody said that it is gone after" };
        let sentence = format!(
            "{} keeps {} {when} authorisation, which nobody but an issuer may do.",
            node.name(),
            data::words(holding)
        );
        let confirmed = said::yes(&holding.facts, "confirmed");
        let hit = Hit::on(node.subject(), sentence).about_element(&holding.element);
        let hit = hit.shows("element", holding.element.as_str()).shows("form", holding.form.as_str());
        let hit = hit.shows("phase", holding.phase.as_str()).shows("kind", node.system.kind.as_str());
        let by = kept.by.map(|flow| ObjectRef::Flow(flow.id.clone()));
        hits.add(hit.shows("witness", by).shows("confirmed", confirmed));
    }
}

fn stop(_: &Survey<'_>, finding: &Finding) -> Vec<Step> {
    let (Some(element), ObjectRef::System(system)) = (finding.element(), &finding.subject) else { return Vec::new() };
    let mut steps: Vec<Step> =
        finding.flows().map(|flow| Step::Edit(Edit::DropField { flow, element: element.clone() })).collect();
    steps.push(Step::Edit(Edit::RemoveHolding { system: system.clone(), element }));
    steps
}
