//! PCI DSS 7.2.6: people query stored card data through applications; only the responsible administrators do so
//! directly.

use crate::blast::edit::Edit;
use crate::findings::fix::{FixOption, Step};
use crate::findings::hit::{Hit, Hits};
use crate::findings::requirement::Mapping::Pci;
use crate::findings::rule::{Check, Example, Kind, Rule, Severity};
use crate::findings::survey::{Kept, Survey};
use crate::findings::{Finding, data, said};
use crate::model::credential::{Credential, Grant};
use crate::model::kinds::{CredentialKind, SystemKind};
use crate::model::object::ObjectRef;
use crate::model::relations::Privilege;

/// Direct query of stored card data.
pub const RULE: Rule = Rule {
    id: "F-DIRECT-QUERY",
    aliases: &[],
    version: 1,
    title: "Direct query of stored card data",
    sentence: "Who can ask the database anything can take all of it at once.",
    condition: "A credential of a person, or one held on a workstation, reads or administers a \
                store of card numbers, and who holds it is not among the responsible \
                administrators.",
    kind: Kind::Decides,
    severity: Severity::High,
    severity_moves: "",
    maps_to: &[Pci("7.2.6")],
    service_providers_only: false,
    reads: &[
        "credential.kind",
        "credential.held_by",
        "credential.held_by_people",
        "grant.priv",
        "system.responsible_admins",
        "system.holdings",
    ],
    shows: &["kind", "priv", "responsible_admins", "on"],
    false_positives: "A reporting account that reads a view without card numbers; narrow the elements \
                of the grant.",
    question: "What does the access list of the store say, and how is the query tool set up?",
    fixes: &[
        FixOption::change("Take the right to read the store directly", 1, revoke),
        FixOption::fill("Name the responsible administrators", 1, &["system.responsible_admins"]),
    ],
    fires: &[
        Example::new(
            "a user reads the store",
            r#""people":[{"id":"ann"}],"systems":[{"id":"vault","holdings":[{"element":"pan",
               "ops":["store"]}]}],"credentials":[{"id":"c","kind":"user","held_by_people":["ann"],
               "grants":[{"on":"vault","priv":"read"}]}]"#,
        ),
        Example::new(
            "a workstation holds an administrator credential",
            r#""systems":[{"id":"vault","holdings":[{"element":"pan","ops":["store"]}]},{"id":"pc",
               "kind":"workstation"}],"credentials":[{"id":"c","kind":"service","held_by":["pc"],
               "grants":[{"on":"vault","priv":"admin"}]}]"#,
        ),
    ],
    silent: &[
        Example::new(
            "the user is a responsible administrator",
            r#""people":[{"id":"ann"}],"systems":[{"id":"vault","responsible_admins":["ann"],
               "holdings":[{"element":"pan","ops":["store"]}]}],"credentials":[{"id":"c","kind":"user",
               "held_by_people":["ann"],"grants":[{"on":"vault","priv":"read"}]}]"#,
        ),
        Example::new(
            "an application reads the store",
            r#""systems":[{"id":"vault","holdings":[{"element":"pan","ops":["store"]}]},{"id":"app"}],
               "credentials":[{"id":"c","kind":"service","held_by":["app"],"grants":[{"on":"vault",
               "priv":"read"}]}]"#,
        ),
    ],
    checks: &[Check::Credential(check)],
};

fn check(survey: &Survey<'_>, credential: &Credential, hits: &mut Hits) {
    use SystemKind::{Laptop, Mobile, Tablet, Workstation};
    let mut holders = credential.held_by.iter().filter_map(|id| survey.node(id));
    let device = holders.any(|it| matches!(it.system.kind, Workstation | Laptop | Mobile | Tablet));
    let person = matches!(credential.kind, CredentialKind::User | CredentialKind::Admin);
    if !(device || person) {
        return;
    }
    let people = said::list(&credential.facts, "held_by_people");
    for grant in credential.grants.iter().filter(|it| reads(it)) {
        let Some(node) = survey.node(&grant.on).filter(|it| it.is_own() && it.active) else { continue };
        let pan = |it: &Kept<'_>| data::is_pan(it.holding) && data::is_account_data(it.holding);
        if !survey.kept(node).iter().any(pan) {
            continue;
        }
        let admins = said::list(&node.system.facts, "responsible_admins");
        if !people.is_empty() && people.iter().all(|it| admins.contains(it)) {
            continue;
        }
        let sentence = format!("With {}, people query the card numbers in {} directly.", credential.name, node.name());
        let hit = Hit::on(ObjectRef::Credential(credential.id.clone()), sentence).about(&node.subject());
        let hit = hit.shows("kind", credential.kind.as_str()).shows("priv", grant.privilege.as_str());
        let hit = hit.shows("on", node.subject());
        hits.add(hit.shows_of(node.subject(), "responsible_admins", admins.len() as u64));
    }
}

/// Whether the grant shows card numbers.
fn reads(grant: &Grant) -> bool {
    let shown = grant.elements.as_ref().is_none_or(|it| it.contains("pan"));
    shown && matches!(grant.privilege, Privilege::Read | Privilege::Admin)
}

fn revoke(survey: &Survey<'_>, finding: &Finding) -> Vec<Step> {
    let ObjectRef::Credential(id) = &finding.subject else { return Vec::new() };
    let Some(credential) = survey.model.credentials.get(id) else { return Vec::new() };
    let on = |it: &&Grant| reads(it) && finding.discriminator == format!("system:{}", it.on);
    let edit = |it: &Grant| Edit::RevokeGrant { credential: id.clone(), on: it.on.clone(), privilege: it.privilege };
    credential.grants.iter().filter(on).map(|it| Step::Edit(edit(it))).collect()
}
