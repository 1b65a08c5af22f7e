//! Common practice and the guidance on tokens: where somebody can turn tokens back into cards, tokens count as
//! cards.

use crate::blast::edit::Edit;
use crate::findings::fix::{FixOption, Step};
use crate::findings::hit::{Hit, Hits};
use crate::findings::requirement::Mapping::Pci;
use crate::findings::rule::{Check, Example, Kind, Rule, Severity};
use crate::findings::survey::{Node, Survey};
use crate::findings::{Finding, data};
use crate::id::CredentialId;
use crate::model::credential::Grant;
use crate::model::element::{Form, Holding};
use crate::model::object::ObjectRef;
use crate::model::relations::Privilege;

/// Tokens that come back as cards.
pub const RULE: Rule = Rule {
    id: "PF-17",
    aliases: &[],
    version: 1,
    title: "Tokens that come back as cards",
    sentence: "A token keeps a system out of scope only while nobody there can exchange it.",
    condition: "A system of ours that holds tokens of a domain also holds a credential that may \
                de-tokenise them.",
    kind: Kind::Decides,
    severity: Severity::High,
    severity_moves: "",
    maps_to: &[Pci("3.5.1"), Pci("12.5.2")],
    service_providers_only: false,
    reads: &["holding.form", "holding.domain", "credential.held_by", "grant.priv", "grant.domain"],
    shows: &["domain", "credential", "on"],
    false_positives: "The right may be limited by the provider to other tokens; name the domain of the \
                grant.",
    question: "Who needs the right to turn tokens back into cards?",
    fixes: &[FixOption::change("Take the right to de-tokenise", 1, revoke)],
    fires: &[Example::new(
        "an order system holds tokens and the right to de-tokenise",
        r#""systems":[{"id":"oms","holdings":[{"element":"pan","form":"tokenised","domain":"d",
               "ops":["store"]}]},{"id":"vault","holdings":[{"element":"pan","ops":["store"]}]}],
               "credentials":[{"id":"c","kind":"api_key","held_by":["oms"],"grants":[{"on":"vault",
               "priv":"detokenise","domain":"d"}]}]"#,
    )],
    silent: &[
        Example::new(
            "the right is for other tokens",
            r#""systems":[{"id":"oms","holdings":[{"element":"pan","form":"tokenised","domain":"d",
               "ops":["store"]}]},{"id":"vault","holdings":[{"element":"pan","ops":["store"]}]}],
               "credentials":[{"id":"c","kind":"api_key","held_by":["oms"],"grants":[{"on":"vault",
               "priv":"detokenise","domain":"e"}]}]"#,
        ),
        Example::new(
            "it holds no tokens",
            r#""systems":[{"id":"oms"},{"id":"vault","holdings":[{"element":"pan","ops":["store"]}]}],
               "credentials":[{"id":"c","kind":"api_key","held_by":["oms"],"grants":[{"on":"vault",
               "priv":"detokenise"}]}]"#,
        ),
    ],
    checks: &[Check::System(check)],
};

fn check(_: &Survey<'_>, node: &Node<'_>, hits: &mut Hits) {
    if !(node.is_own() && node.active) {
        return;
    }
    let tokens: Vec<&Holding> =
        node.system.holdings.iter().filter(|it| data::is_pan(it) && it.form == Form::Tokenised).collect();
    for credential in &node.held {
        let rights = credential.grants.iter().filter(|it| it.privilege == Privilege::Detokenise);
        for grant in rights {
            let fits = |it: &&&Holding| match (&it.domain, &grant.domain) {
                (Some(one), Some(other)) => one == other,
                _ => true,
            };
            let Some(token) = tokens.iter().find(fits) else { continue };
            let sentence = format!(
                "{} holds tokens, and with {} can turn them back into card numbers.",
                node.name(),
                credential.name
            );
            let subject = ObjectRef::Credential(credential.id.clone());
            let hit = Hit::on(node.subject(), sentence).about(&subject).shows("credential", subject);
            let hit = hit.shows("on", ObjectRef::System(grant.on.clone()));
            hits.add(hit.shows("domain", token.domain.as_ref().map(|it| it.as_str())));
            break;
        }
    }
}

fn revoke(survey: &Survey<'_>, finding: &Finding) -> Vec<Step> {
    let Some(id) = finding.discriminator.strip_prefix("credential:").map(CredentialId::from) else { return Vec::new() };
    let Some(credential) = survey.model.credentials.get(&id) else { return Vec::new() };
    let rights = credential.grants.iter().filter(|it| it.privilege == Privilege::Detokenise);
    let edit = |it: &Grant| Edit::RevokeGrant { credential: id.clone(), on: it.on.clone(), privilege: it.privilege };
    rights.map(|it| Step::Edit(edit(it))).collect()
}
