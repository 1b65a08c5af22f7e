//! PCI DSS 8.3.1, 8.3.2: every access is authenticated, and the factors are unreadable.

use crate::findings::fix::{self, FixOption, Step};
use crate::findings::hit::{Hit, Hits};
use crate::findings::requirement::Mapping::Pci;
use crate::findings::rule::{Check, Example, Kind, Rule, Severity};
use crate::findings::survey::{Edge, Node, Survey};
use crate::findings::{Finding, said};
use crate::model::credential::Credential;
use crate::model::kinds::SystemKind;
use crate::model::object::ObjectRef;
use crate::model::relations::Auth;

/// Access without proof of identity.
pub const RULE: Rule = Rule {
    id: "F-AUTH-NONE",
    aliases: &[],
    version: 1,
    title: "Access without proof of identity",
    sentence: "A door that asks nobody for a name lets everybody in.",
    condition: "A person opens a connection into a system of ours in scope without \
                authentication, or a credential that opens one is kept in clear.",
    kind: Kind::Decides,
    severity: Severity::Critical,
    severity_moves: "",
    maps_to: &[Pci("8.3.1"), Pci("8.3.2")],
    service_providers_only: false,
    reads: &[
        "flow.auth",
        "flow.human",
        "flow.initiator",
        "credential.secret_form",
        "credential.grants",
        "system.category",
    ],
    shows: &["auth", "human", "secret_form", "on"],
    false_positives: "Pages that everybody may read need no authentication; say that no person signs in.",
    question: "Which setting asks for authentication, and how are the factors stored?",
    fixes: &[
        FixOption::change("Ask for authentication", 3, authenticate),
        FixOption::change("Keep only a hash or an encrypted form of the secret", 2, protect),
    ],
    fires: &[
        Example::new(
            "a person gets in without signing in",
            r#""systems":[{"id":"pc","kind":"workstation"},{"id":"vault","holdings":[{"element":"pan",
               "ops":["store"]}]}],"flows":[{"id":"f","from":"pc","to":"vault","auth":"none","human":true}]"#,
        ),
        Example::new(
            "a secret is kept in clear",
            r#""systems":[{"id":"vault","holdings":[{"element":"pan","ops":["store"]}]}],
               "credentials":[{"id":"c","kind":"service","secret_form":"clear","grants":[{"on":"vault",
               "priv":"read"}]}]"#,
        ),
    ],
    silent: &[
        Example::new(
            "the person signs in",
            r#""systems":[{"id":"pc"},{"id":"vault","holdings":[{"element":"pan","ops":["store"]}]}],
               "flows":[{"id":"f","from":"pc","to":"vault","auth":"password_mfa","human":true}]"#,
        ),
        Example::new(
            "the secret is hashed",
            r#""systems":[{"id":"vault","holdings":[{"element":"pan","ops":["store"]}]}],
               "credentials":[{"id":"c","kind":"service","secret_form":"hashed","grants":[{"on":"vault",
               "priv":"read"}]}]"#,
        ),
        Example::new(
            "no person is there",
            r#""systems":[{"id":"job"},{"id":"vault","holdings":[{"element":"pan","ops":["store"]}]}],
               "flows":[{"id":"f","from":"job","to":"vault","auth":"none"}]"#,
        ),
    ],
    checks: &[Check::Flow(flow), Check::Credential(credential)],
};

fn flow(survey: &Survey<'_>, edge: &Edge<'_>, hits: &mut Hits) {
    if edge.flow.auth != Auth::None || !edge.on_network() {
        return;
    }
    let human = |caller: &Node<'_>| {
        use SystemKind::{Laptop, Mobile, Tablet, Workstation};
        let device = matches!(caller.system.kind, Workstation | Laptop | Mobile | Tablet) && caller.is_own();
        said::yes(&edge.flow.facts, "human").unwrap_or(device)
    };
    let into_scope = survey.callers(edge).find(|(caller, called)| called.in_scope() && human(caller));
    let Some((caller, called)) = into_scope else { return };
    let sentence = format!("People get from {} into {} without signing in.", caller.name(), called.name());
    let hit = Hit::on(edge.subject(), sentence).shows("auth", "none");
    hits.add(hit.shows("human", said::yes(&edge.flow.facts, "human")).shows("on", called.subject()));
}

fn credential(survey: &Survey<'_>, credential: &Credential, hits: &mut Hits) {
    let clear = said::text(&credential.facts, "secret_form") == Some("clear");
    let mut opened = credential.grants.iter().filter_map(|it| survey.node(&it.on));
    let Some(node) = opened.find(|it| clear && it.in_scope()) else { return };
    let sentence = format!("The secret of {}, which opens {}, is kept in clear.", credential.name, node.name());
    let hit = Hit::on(ObjectRef::Credential(credential.id.clone()), sentence).shows("secret_form", "clear");
    hits.add(hit.shows("on", node.subject()));
}

fn authenticate(survey: &Survey<'_>, finding: &Finding) -> Vec<Step> {
    fix::flow(survey, finding, |flow| flow.auth = Auth::PasswordMfa)
}

fn protect(survey: &Survey<'_>, finding: &Finding) -> Vec<Step> {
    fix::credential(survey, finding, |credential| fix::state(&mut credential.facts, "secret_form", "encrypted"))
}
