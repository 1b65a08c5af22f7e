//! PCI DSS 7.2.5: application and system accounts have only the rights they need.

use crate::findings::fix::{self, FixOption, Step};
use crate::findings::hit::{Hit, Hits};
use crate::findings::requirement::Mapping::{Asvs, Pci};
use crate::findings::rule::{Check, Example, Kind, Rule, Severity};
use crate::findings::survey::{Edge, Survey};
use crate::findings::{Finding, said};
use crate::model::credential::{Credential, Grant};
use crate::model::flow::Flow;
use crate::model::kinds::{Action, CredentialKind, FlowKind};
use crate::model::object::ObjectRef;
use crate::model::relations::Privilege;

/// Credential broader than its use.
pub const RULE: Rule = Rule {
    id: "F-LEAST-PRIV",
    aliases: &["PF-30"],
    version: 1,
    title: "Credential broader than its use",
    sentence: "Every right that is not needed is one that only a thief will use.",
    condition: "A credential that flows use has a right on a system that none of them reaches, \
                or a right to administer where none of them administers, or to administer, de-\
                tokenise or decrypt where they say that they need less.",
    kind: Kind::Decides,
    severity: Severity::High,
    severity_moves: "",
    maps_to: &[Pci("7.2.5"), Asvs("13.2.2")],
    service_providers_only: false,
    reads: &[
        "credential.grants",
        "grant.on",
        "grant.priv",
        "flow.credential",
        "flow.needs_priv",
        "flow.to",
        "credential.kind",
    ],
    shows: &["on", "priv", "needs_priv", "flows"],
    false_positives: "A right that a rare job needs may have no flow yet; enter the job.",
    question: "Which rights does the account have, and which of them does it need?",
    fixes: &[FixOption::change("Take the rights that no flow needs", 1, narrow)],
    fires: &[
        Example::new(
            "one of its rights is used by no flow",
            r#""systems":[{"id":"app"},{"id":"db"},{"id":"erp"}],"credentials":[{"id":"c","kind":"service",
               "held_by":["app"],"grants":[{"on":"db","priv":"read"},{"on":"erp","priv":"read"}]}],
               "flows":[{"id":"f","from":"app","to":"db","credential":"c"}]"#,
        ),
        Example::new(
            "it may administer where reading is enough",
            r#""systems":[{"id":"app"},{"id":"db"}],"credentials":[{"id":"c","kind":"service",
               "held_by":["app"],"grants":[{"on":"db","priv":"admin"}]}],"flows":[{"id":"f","from":"app",
               "to":"db","credential":"c","needs_priv":["read"]}]"#,
        ),
    ],
    silent: &[
        Example::new(
            "every right is used",
            r#""systems":[{"id":"app"},{"id":"db"}],"credentials":[{"id":"c","kind":"service",
               "held_by":["app"],"grants":[{"on":"db","priv":"admin"}]}],"flows":[{"id":"f","from":"app",
               "to":"db","kind":"admin","credential":"c"}]"#,
        ),
        Example::new(
            "a person uses it",
            r#""systems":[{"id":"db"},{"id":"erp"}],"credentials":[{"id":"c","kind":"user",
               "grants":[{"on":"db","priv":"read"},{"on":"erp","priv":"read"}]}]"#,
        ),
    ],
    checks: &[Check::Credential(check)],
};

fn check(survey: &Survey<'_>, credential: &Credential, hits: &mut Hits) {
    use CredentialKind::{Admin, BreakGlass, RemoteAccess, User, VendorDefault};
    if matches!(credential.kind, User | Admin | BreakGlass | RemoteAccess | VendorDefault) {
        return;
    }
    let used: Vec<&Edge<'_>> = survey.flows_with(credential).filter(|it| it.arrives()).collect();
    if used.is_empty() {
        return;
    }
    let wide = credential.grants.iter().filter(|grant| is_wide(grant, &used));
    let wide: Vec<&Grant> = wide.filter(|it| survey.node(&it.on).is_some()).collect();
    if wide.is_empty() {
        return;
    }
    let name = |it: &&Grant| {
        let on = survey.node(&it.on).map_or(it.on.as_str(), |node| node.name());
        format!("{} on {on}", it.privilege.label().to_lowercase())
    };
    let words: Vec<String> = wide.iter().map(name).collect();
    let sentence = format!("{} may do more than its flows need: {}.", credential.name, words.join(", "));
    let hit = Hit::on(ObjectRef::Credential(credential.id.clone()), sentence).shows("flows", used.len() as u64);
    let hit = wide
        .iter()
        .fold(hit, |hit, it| hit.shows("on", ObjectRef::System(it.on.clone())).shows("priv", it.privilege.as_str()));
    hits.add(hit);
}

/// Whether no flow uses the grant, or none of those that do needs so much.
fn is_wide(grant: &Grant, used: &[&Edge<'_>]) -> bool {
    let mut reaching = used.iter().filter(|it| it.flow.to == grant.on || it.flow.from == grant.on).peekable();
    if reaching.peek().is_none() {
        return true;
    }
    match grant.privilege {
        Privilege::Read | Privilege::Act => false,
        strong => reaching.all(|it| !may_need(it.flow, strong)),
    }
}

/// Whether a flow may need the strong right: as it says itself, or else for administration by its kind and action.
fn may_need(flow: &Flow, strong: Privilege) -> bool {
    let needed = said::list(&flow.facts, "needs_priv");
    if !needed.is_empty() {
        return needed.contains(&strong.as_str());
    }
    let administers = |it: &Action| matches!(it, Action::Administer | Action::Configure);
    strong != Privilege::Admin || flow.kind == FlowKind::Admin || flow.action.iter().any(administers)
}

/// Takes the rights that no flow uses, and lowers those that are stronger than their flows need.
fn narrow(survey: &Survey<'_>, finding: &Finding) -> Vec<Step> {
    fix::credential(survey, finding, |credential| {
        let used: Vec<&Edge<'_>> = survey.flows_with(credential).filter(|it| it.arrives()).collect();
        let reached = |grant: &Grant| used.iter().any(|it| it.flow.to == grant.on || it.flow.from == grant.on);
        credential.grants.retain(reached);
        for grant in credential.grants.iter_mut().filter(|it| is_wide(it, &used)) {
            grant.privilege = Privilege::Act;
        }
    })
}
