//! PCI DSS 6.5.6: test data and test accounts are removed before a system goes into production.

use crate::blast::edit::Edit;
use crate::findings::fix::{self, FixOption, Step};
use crate::findings::hit::{Hit, Hits};
use crate::findings::requirement::Mapping::Pci;
use crate::findings::rule::{Check, Example, Kind, Rule, Severity};
use crate::findings::survey::{Node, Survey};
use crate::findings::{Finding, data, said};
use crate::id::ElementId;
use crate::model::credential::Credential;
use crate::model::kinds::CredentialKind;
use crate::model::object::ObjectRef;
use crate::model::relations::Environment;

/// Test data or test accounts in production.
pub const RULE: Rule = Rule {
    id: "F-TEST-IN-PROD",
    aliases: &[],
    version: 1,
    title: "Test data or test accounts in production",
    sentence: "A test account is a door that everybody who tested knows.",
    condition: "A system of ours in production has test data, or a test credential opens one.",
    kind: Kind::Decides,
    severity: Severity::Medium,
    severity_moves: "",
    maps_to: &[Pci("6.5.6")],
    service_providers_only: false,
    reads: &["system.environment", "holding.live", "credential.kind", "credential.grants", "credential.enabled"],
    shows: &["environment", "live", "kind", "grant"],
    false_positives: "A probe that pays with a test card in production needs both; record it as an \
                exception.",
    question: "What did a sample of data and accounts of the last releases show?",
    fixes: &[
        FixOption::change("Remove the test data", 1, remove),
        FixOption::change("Disable the test account", 1, disable),
    ],
    fires: &[
        Example::new(
            "production has test cards",
            r#""systems":[{"id":"db","holdings":[{"element":"pan","live":false,"ops":["store"]}]}]"#,
        ),
        Example::new(
            "a test account opens production",
            r#""systems":[{"id":"db","holdings":[{"element":"pan"}]}],"credentials":[{"id":"c",
               "kind":"test","grants":[{"on":"db","priv":"read"}]}]"#,
        ),
    ],
    silent: &[
        Example::new(
            "test data lies in test",
            r#""systems":[{"id":"db","environment":"test","holdings":[{"element":"pan","live":false}]}]"#,
        ),
        Example::new(
            "the test account is disabled",
            r#""systems":[{"id":"db"}],"credentials":[{"id":"c","kind":"test","enabled":false,
               "grants":[{"on":"db","priv":"read"}]}]"#,
        ),
    ],
    checks: &[Check::System(system), Check::Credential(credential)],
};

fn system(_: &Survey<'_>, node: &Node<'_>, hits: &mut Hits) {
    if !(node.is_own() && node.active && node.system.environment == Environment::Prod) {
        return;
    }
    let mut told: Vec<&ElementId> = Vec::new();
    for holding in node.system.holdings.iter().filter(|it| !it.live) {
        if !told.contains(&&holding.element) {
            told.push(&holding.element);
            let sentence = format!("{} is in production and has {} as test data.", node.name(), data::words(holding));
            let hit = Hit::on(node.subject(), sentence).about_element(&holding.element);
            hits.add(hit.shows("environment", node.system.environment.as_str()).shows("live", false));
        }
    }
}

fn credential(survey: &Survey<'_>, credential: &Credential, hits: &mut Hits) {
    if credential.kind != CredentialKind::Test || said::yes(&credential.facts, "enabled") == Some(false) {
        return;
    }
    let mut opened = credential.grants.iter().filter_map(|it| survey.node(&it.on));
    let production = |it: &&Node<'_>| it.is_own() && it.active && it.system.environment == Environment::Prod;
    let Some(node) = opened.find(production) else { return };
    let sentence = format!("The test account {} opens {} in production.", credential.name, node.name());
    let hit = Hit::on(ObjectRef::Credential(credential.id.clone()), sentence);
    hits.add(hit.shows("kind", credential.kind.as_str()).shows("grant", node.subject()));
}

fn remove(_: &Survey<'_>, finding: &Finding) -> Vec<Step> {
    let (Some(element), ObjectRef::System(system)) = (finding.element(), &finding.subject) else { return Vec::new() };
    vec![Step::Edit(Edit::RemoveHolding { system: system.clone(), element })]
}

fn disable(survey: &Survey<'_>, finding: &Finding) -> Vec<Step> {
    fix::credential(survey, finding, |credential| fix::state(&mut credential.facts, "enabled", false))
}
