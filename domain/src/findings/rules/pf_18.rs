//! Guidance on tokens: a token with which one can pay is bound to a merchant, a channel or one use, and stays at
//! home.

use crate::findings::fix::FixOption;
use crate::findings::hit::{Hit, Hits};
use crate::findings::requirement::Mapping::{Asvs, OwaspApi};
use crate::findings::rule::{Check, Example, Kind, Rule, Severity};
use crate::findings::said;
use crate::findings::survey::{Edge, Node, Survey, record};
use crate::model::element::{Form, Holding};
use crate::model::object::ObjectKind;

/// Token that works like money.
pub const RULE: Rule = Rule {
    id: "PF-18",
    aliases: &[],
    version: 1,
    title: "Token that works like money",
    sentence: "Who finds such a token can spend it.",
    condition: "A token of a domain can start a payment, is bound to no merchant, channel or \
                single use, and travels to a system outside of its home segment.",
    kind: Kind::Decides,
    severity: Severity::High,
    severity_moves: "",
    maps_to: &[OwaspApi("API2"), OwaspApi("API6"), Asvs("9.2.3")],
    service_providers_only: false,
    reads: &[
        "token_domain.can_charge",
        "token_domain.single_use",
        "token_domain.bound_merchant",
        "token_domain.bound_channel",
        "token_domain.home_segment",
        "flow.fields",
    ],
    shows: &["can_charge", "single_use", "bound_merchant", "bound_channel", "home_segment", "flow"],
    false_positives: "The provider may bind its tokens without saying so; ask it.",
    question: "To what does the provider bind these tokens?",
    fixes: &[FixOption::fill(
        "Bind the tokens to a merchant, a channel or one use",
        4,
        &["token_domain.bound_merchant", "token_domain.bound_channel", "token_domain.single_use"],
    )],
    fires: &[Example::new(
        "an unbound token leaves its home",
        r#""segments":[{"id":"cde"},{"id":"apps"}],"token_domains":[{"id":"d","can_charge":true,
               "home_segment":"cde"}],"systems":[{"id":"a","segment":"cde"},{"id":"b","segment":"apps"}],
               "flows":[{"id":"f","from":"a","to":"b","data":[{"element":"pan","form":"tokenised",
               "domain":"d"}]}]"#,
    )],
    silent: &[
        Example::new(
            "the token is bound to the merchant",
            r#""segments":[{"id":"cde"},{"id":"apps"}],"token_domains":[{"id":"d","can_charge":true,
               "bound_merchant":true,"home_segment":"cde"}],"systems":[{"id":"a","segment":"cde"},
               {"id":"b","segment":"apps"}],"flows":[{"id":"f","from":"a","to":"b",
               "data":[{"element":"pan","form":"tokenised","domain":"d"}]}]"#,
        ),
        Example::new(
            "it stays at home",
            r#""segments":[{"id":"cde"}],"token_domains":[{"id":"d","can_charge":true,
               "home_segment":"cde"}],"systems":[{"id":"a","segment":"cde"},{"id":"b","segment":"cde"}],
               "flows":[{"id":"f","from":"a","to":"b","data":[{"element":"pan","form":"tokenised",
               "domain":"d"}]}]"#,
        ),
    ],
    checks: &[Check::Workspace(check)],
};

/// Looks at the whole model, because a token domain does not list the flows that carry its tokens.
fn check(survey: &Survey<'_>, hits: &mut Hits) {
    let domains = survey.model.records.values().filter(|it| it.key.kind == ObjectKind::TokenDomain);
    for domain in domains.filter(|it| said::yes(&it.facts, "can_charge") == Some(true)) {
        let bound = ["single_use", "bound_merchant", "bound_channel"];
        let Some(home) = said::text(&domain.facts, "home_segment") else { continue };
        if bound.iter().any(|name| said::yes(&domain.facts, name) == Some(true)) {
            continue;
        }
        let of_it = |it: &Holding| {
            it.form == Form::Tokenised && it.domain.as_ref().is_some_and(|id| id.as_str() == domain.key.id.as_str())
        };
        let away = |node: &Node<'_>| node.system.segment.as_ref().is_none_or(|it| it.as_str() != home);
        let leaves = |it: &&Edge<'_>| it.arrives() && it.flow.fields.iter().any(of_it) && away(survey.to(it));
        let Some(edge) = survey.edges().iter().find(leaves) else { continue };
        let sentence = format!(
            "Tokens of {} can be spent by whoever has them, and leave home by {}.",
            domain.name,
            survey.flow_words(edge)
        );
        let hit = Hit::on(record(domain), sentence).shows("can_charge", true).shows("home_segment", home);
        let hit = bound.iter().fold(hit, |hit, name| hit.shows(name, said::yes(&domain.facts, name)));
        hits.add(hit.shows("flow", edge.subject()));
    }
}
