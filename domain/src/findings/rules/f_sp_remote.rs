//! PCI DSS 8.2.3, for service providers: remote access to customers uses separate factors for each.

use std::collections::BTreeMap;

use crate::findings::fix::{self, FixOption, Step};
use crate::findings::hit::{Hit, Hits};
use crate::findings::requirement::Mapping::Pci;
use crate::findings::rule::{Check, Example, Kind, Rule, Severity};
use crate::findings::survey::Survey;
use crate::findings::{Finding, said};
use crate::id::SystemId;
use crate::model::credential::Credential;
use crate::model::kinds::CredentialKind;
use crate::model::object::ObjectRef;

/// One remote credential for several customers.
pub const RULE: Rule = Rule {
    id: "F-SP-REMOTE",
    aliases: &[],
    version: 1,
    title: "One remote credential for several customers",
    sentence: "One leaked secret of the provider would open all of its customers.",
    condition: "A remote access credential of a service provider opens systems of more than one \
                customer.",
    kind: Kind::Decides,
    severity: Severity::High,
    severity_moves: "",
    maps_to: &[Pci("8.2.3")],
    service_providers_only: true,
    reads: &["settings.service_provider", "system.customer", "credential.kind", "credential.grants"],
    shows: &["customer", "kind", "on"],
    false_positives: "Two names of one customer may stand for the same environment.",
    question: "Which factor is used for which customer?",
    fixes: &[FixOption::change("Give each customer a credential of its own", 3, separate)],
    fires: &[Example::new(
        "it opens two customers",
        r#""settings":{"service_provider":true},"systems":[{"id":"a","customer":"North"},{"id":"b",
               "customer":"South"}],"credentials":[{"id":"c","kind":"remote_access","grants":[{"on":"a",
               "priv":"admin"},{"on":"b","priv":"admin"}]}]"#,
    )],
    silent: &[
        Example::new(
            "it opens one",
            r#""settings":{"service_provider":true},"systems":[{"id":"a","customer":"North"},{"id":"b",
               "customer":"North"}],"credentials":[{"id":"c","kind":"remote_access","grants":[{"on":"a",
               "priv":"admin"},{"on":"b","priv":"admin"}]}]"#,
        ),
        Example::new(
            "we are no service provider",
            r#""systems":[{"id":"a","customer":"North"},{"id":"b","customer":"South"}],
               "credentials":[{"id":"c","kind":"remote_access","grants":[{"on":"a","priv":"admin"},
               {"on":"b","priv":"admin"}]}]"#,
        ),
    ],
    checks: &[Check::Credential(check)],
};

fn check(survey: &Survey<'_>, credential: &Credential, hits: &mut Hits) {
    let systems = credential.grants.iter().filter_map(|it| survey.node(&it.on));
    let customers: BTreeMap<&str, ObjectRef> =
        systems.filter_map(|it| Some((said::text(&it.system.facts, "customer")?, it.subject()))).collect();
    if credential.kind != CredentialKind::RemoteAccess || customers.len() < 2 {
        return;
    }
    let sentence = format!("{} opens systems of {} customers.", credential.name, customers.len());
    let hit = Hit::on(ObjectRef::Credential(credential.id.clone()), sentence).shows("kind", credential.kind.as_str());
    hits.add(customers.into_values().fold(hit, |hit, system| hit.shows("on", system)));
}

/// Leaves the credential with the first customer.
fn separate(survey: &Survey<'_>, finding: &Finding) -> Vec<Step> {
    let customer = |id: &SystemId| {
        survey.model.systems.get(id).and_then(|it| said::text(&it.facts, "customer")).map(str::to_owned)
    };
    fix::credential(survey, finding, |credential| {
        let first = credential.grants.iter().filter_map(|it| customer(&it.on)).min();
        credential.grants.retain(|it| customer(&it.on).is_none_or(|it| Some(it) == first));
    })
}
